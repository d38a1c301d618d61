"""What sheet 依据 of a calculated workbook says of the run: the rule, its days, the files read, the digests."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from jiangbu.desk.calculation import Options
from jiangbu.desk.deciding import WITHOUT
from jiangbu.desk.heads import squash
from jiangbu.desk.lookup import find_scheme
from jiangbu.desk.problems import DeskError
from jiangbu.desk.workbook import Sheet, open_sheets
from jiangbu.rules.book import RuleBook
from jiangbu.rules.scheme import Scheme

ROWS_SHEET, BASIS_SHEET = "测算表", "依据"
READ_FROM = "读取的工作表"
AGAIN = "请不要改动测算表；用原申报表重新计算后再用"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FILE = re.compile(r"(.*)，SHA-256 ([0-9a-f]{64})")


@frozen
class Said:
    """What sheet 依据 says of the run; ``sheets`` names for each sheet of rows the sheet that it was read from."""

    scheme: str
    place: str
    on: datetime.date
    known_on: datetime.date | None
    under: str | None
    digests: Mapping[str, str]
    overriding: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    source_digest: str = ""
    sheets: Mapping[str, str] = field(factory=dict)
    version: str = ""

    @property
    def options(self) -> Options:
        """The options of the run."""
        return Options(self.scheme, self.place or None, self.on, self.known_on, self.under, self.overriding)

    def find(self, book: RuleBook) -> Scheme:
        """The scheme of the run in a book; raises :class:`DeskError` where the book has none that applies."""
        return find_scheme(
            book, self.scheme, place=self.place or None, on=self.on, known_on=self.known_on, under=self.under
        )

    def changed_tables(self, scheme: Scheme) -> tuple[str, ...]:
        """The ids of the rule tables whose content is no longer that of the run."""
        ours = {one.id: one.digest for one in (scheme, scheme.gate) if one is not None} | dict(scheme.head.series)
        return tuple(id for id, digest in ours.items() if self.digests.get(id) != digest)


def open_calculated(path: Path, label: str = "") -> dict[str, Sheet]:
    """The sheets of a calculated workbook by name; raises :class:`DeskError` for a file that is none.

    ``label`` is what the file is called in what is said of it; its name if nothing is given.
    """
    sheets = {squash(sheet.name): sheet for sheet in open_sheets(path)}
    missing = [name for name in (ROWS_SHEET, BASIS_SHEET) if name not in sheets]
    if missing:
        found = f"没有{'、'.join(f'“{name}”' for name in missing)}工作表，不是 jiangbu 写出的测算表"
        raise DeskError(label or path.name, found, "请先用 jiangbu calculate 计算，再用写出的测算表")
    return sheets


def read_said(sheet: Sheet, label: str) -> Said:
    """Read sheet 依据; raises :class:`DeskError` where it does not say which rule was applied on which day."""
    said: dict[str, list[str]] = {}
    for row in range(sheet.height):
        key, text = (sheet.cell(row, column).text for column in (0, 1))
        said.setdefault(key, []).append(text)

    def one(key: str) -> str:
        return said.get(key, [""])[0]

    scheme = one("办法").rpartition("（")[2].rstrip("）")
    on, known_on = _day(one("适用日期")), _day(one("知悉日期"))
    digests = dict(_pair(text) for text in said.get("规则表摘要", ()))
    if not scheme or on is None or not digests:
        raise DeskError(f"{label} {BASIS_SHEET}", "没有写明办法、适用日期和规则表摘要", AGAIN)
    file = _FILE.fullmatch(one("申报表文件"))
    return Said(
        scheme,
        one("地区代码"),
        on,
        known_on,
        one("指定文件") or None,
        digests,
        tuple(part for part in one("命令行指定").split("、") if part),
        tuple(text for text in said.get("读表说明", ()) if not text.startswith(WITHOUT)),
        file[1] if file else "",
        file[2] if file else "",
        dict(_pair(text) for text in said.get(READ_FROM, ())),
        one("程序版本"),
    )


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("：")
    return key, value


def _day(text: str) -> datetime.date | None:
    match = _DAY.match(text)
    try:
        return datetime.date.fromisoformat(match.group()) if match else None
    except ValueError:
        return None
