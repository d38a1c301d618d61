"""Make the pictures of the manual: real sheets of the example workbooks, as LibreOffice prints them.

    python docs/make_pictures.py

It needs LibreOffice (``soffice``), Poppler (``pdftoppm``, ``pdftotext``), Pillow, and a Chinese font. Beside the
pictures stands 来源.json with the digest of each pictured sheet; a test compares it with the sheets as they are made
now, and fails when a picture is out of date.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import io
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import python_calamine
from attrs import frozen

from jiangbu.desk.cli import main as shell

HERE = Path(__file__).parent
PICTURES = HERE / "图"
SOURCES = PICTURES / "来源.json"
DOTS_PER_INCH = 80
# White kept around what is printed, in dots.
EDGE = 12


@frozen
class Picture:
    """One picture: its name, the command that makes the workbook, and the sheet; the first page of it is shown."""

    name: str
    command: tuple[str, ...]
    sheet: str


_CALCULATE = ("calculate", str(HERE / "examples/示例县申报表.xlsx"))
_MESSY = ("calculate", str(HERE / "examples/示例县申报表-有误.xlsx"))
_TEMPLATE = ("template", "example-scale-award", "--place", "999999", "--on", "2024-12-31")
PICTURED = (
    Picture("申报表模板", _TEMPLATE, "申报表"),
    Picture("汇总", _CALCULATE, "汇总"),
    Picture("测算表", _CALCULATE, "测算表"),
    Picture("规则表", _CALCULATE, "规则表"),
    Picture("不予支持", _CALCULATE, "不予支持"),
    Picture("公示表", _CALCULATE, "公示表"),
    Picture("兑付表", _CALCULATE, "兑付表"),
    Picture("数据问题", _MESSY, "数据问题"),
)


def workbooks(folder: Path) -> dict[tuple[str, ...], Path]:
    """Make each workbook once; by the command that makes it."""
    made: dict[tuple[str, ...], Path] = {}
    for picture in PICTURED:
        if picture.command not in made:
            target = made[picture.command] = folder / f"{len(made)}.xlsx"
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                shell([*picture.command, "-o", str(target)])
    return made


def digests(made: dict[tuple[str, ...], Path]) -> dict[str, str]:
    """The digest of what each pictured sheet shows: every value, and none of the file around it."""
    return {one.name: _digest(made[one.command], one.sheet) for one in PICTURED}


def _digest(path: Path, sheet: str) -> str:
    with python_calamine.load_workbook(str(path)) as book:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    text = json.dumps([[_shown(cell) for cell in row] for row in rows], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _shown(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, datetime.date | datetime.time) else str(cell)


def _draw(path: Path, pictures: Sequence[Picture], folder: Path) -> None:
    from PIL import Image, ImageChops

    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(convert, check=True, capture_output=True)
    pdf = path.with_suffix(".pdf")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    # The foot of every page ends with the name of its sheet.
    feet = [page.split()[-1] for page in text.split("\f") if page.strip()]
    for picture in pictures:
        number = str(feet.index(picture.sheet) + 1)
        target = PICTURES / picture.name
        draw = ["pdftoppm", "-png", "-gray", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", number, "-l", number]
        subprocess.run([*draw, str(pdf), str(target)], check=True)
        image = Image.open(target.with_suffix(".png"))
        left, top, right, bottom = ImageChops.invert(image).getbbox() or (0, 0, *image.size)
        wide, high = image.size
        box = max(left - EDGE, 0), max(top - EDGE, 0), min(right + EDGE, wide), min(bottom + EDGE, high)
        image.crop(box).save(target.with_suffix(".png"), optimize=True)


def main() -> None:
    """Draw every picture anew, and write down what each was drawn from."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        made = workbooks(Path(place))
        for command, path in made.items():
            _draw(path, [one for one in PICTURED if one.command == command], Path(place))
        SOURCES.write_text(json.dumps(digests(made), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
