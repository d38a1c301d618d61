"""The formulas of a workbook's cells, which the reader of values keeps to itself, in one form for comparison."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree

from jiangbu.desk.problems import DeskError, column_letters

Place = tuple[int, int]
_REFERENCE = re.compile(r"(?<![A-Za-z0-9_.])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![A-Za-z0-9_(])")
_QUOTED_NAME = re.compile(r"'([^'\"!\s+\-*/^&=<>(),;:\[\]?]+)'!")
_NUMBER = re.compile(r"(?<![\w$.])(\d+(?:\.\d*)?|\.\d+)(?:E([+-]?\d+))?(?![\w.(!])")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def formulas(path: Path) -> dict[str, dict[Place, str]]:
    """The formulas of every sheet of an xlsx file, by sheet name and place (row and column from 0), normalised.

    Raises :class:`DeskError` for a file whose formulas cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            return {name: dict(_formulas(archive.read(member))) for name, member in _members(archive)}
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError):
        remedy = "请用 xlsx 格式的测算表；别的格式请用电子表格另存为 xlsx"
        raise DeskError(path.name, "读不出公式，不是 xlsx 文件", remedy) from None


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the member of the archive that holds it."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    for sheet in workbook.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION, ""), "")
        yield sheet.get("name", "").strip(), normpath(join("/xl", target)).lstrip("/")


def _formulas(content: bytes) -> Iterator[tuple[Place, str]]:
    shared: dict[str, tuple[Place, str]] = {}
    for _, cell in ElementTree.iterparse(io.BytesIO(content)):
        if cell.tag != f"{_MAIN}c":
            continue
        formula = cell.find(f"{_MAIN}f")
        if formula is not None:
            place, text = _place(cell.get("r", "")), formula.text or ""
            group = formula.get("si") if formula.get("t") == "shared" else None
            if group is not None and text:
                shared[group] = (place, text)
            elif group is not None and group in shared:
                (row, column), first = shared[group]
                text = _moved(first, place[0] - row, place[1] - column)
            yield place, normalised(text)
        cell.clear()


def _place(reference: str) -> Place:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :] or 0) - 1, column - 1


def _outside_quotes(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a formula, each with whether it lies outside the texts in double quotes."""
    for number, piece in enumerate(text.split('"')):
        yield piece, number % 2 == 0


def _moved(text: str, rows: int, columns: int) -> str:
    """The formula of a cell so many rows below and columns to the right of the one that states it for both."""

    def move(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, row = match.groups()
        if not fixed_column:
            letters = column_letters(_place(f"{letters}1")[1] + columns)
        return f"{fixed_column}{letters}{fixed_row}{row if fixed_row else int(row) + rows}"

    return '"'.join(_REFERENCE.sub(move, piece) if free else piece for piece, free in _outside_quotes(text))


def normalised(text: str) -> str:
    """A formula as it is compared: programs quote sheet names, space out and name constants as they please.

    >>> normalised("IF('测算表'!A1 = 1E+03, TRUE(), \\"a b\\")") == normalised('=IF(测算表!A1=1000.0,TRUE,"a b")')
    True
    """
    return '"'.join(_plain(piece) if free else piece for piece, free in _outside_quotes(text.removeprefix("=")))


def _plain(piece: str) -> str:
    piece = _QUOTED_NAME.sub(r"\1!", piece)
    piece = "".join(piece.split()).upper().replace("_XLFN.", "")
    piece = piece.replace("TRUE()", "TRUE").replace("FALSE()", "FALSE")
    return _NUMBER.sub(_number, piece)


def _number(match: re.Match[str]) -> str:
    """A number as one program and another write it: 100.00 or 100, 1E+16 or 1E+016."""
    digits, power = match.groups()
    text = f"{Decimal(digits).scaleb(int(power or 0)):f}" if len(power or "") < 5 else match[0]
    return text.rstrip("0").rstrip(".") if "." in text else text
