"""The problems that sheet 数据问题 of a calculated workbook lists, row by row: the only trace of unreadable cells."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import field, frozen

from jiangbu.desk import words
from jiangbu.desk.case import Case
from jiangbu.desk.heads import HEAD_SEARCH
from jiangbu.desk.plan import RUN_SHEET
from jiangbu.desk.reasons import PROBLEMS, SPREAD
from jiangbu.desk.workbook import Sheet
from jiangbu.errors import Problem

_CODES = {label: code for code, label in reversed(words.CODES.items())}
_ROW = re.compile(r"[A-Z]*(\d+)行?")
Place = tuple[str, int]


@frozen
class Listed:
    """The listed problems by the sheet and the row (from 0) of the application that they were found in."""

    by_row: Mapping[Place, tuple[Problem, ...]] = field(factory=dict)

    @classmethod
    def read(cls, sheet: Sheet | None) -> Listed:
        """Read sheet 数据问题; nothing is listed where there is none or its heads are gone."""
        found: dict[Place, list[Problem]] = {}
        start = _head_row(sheet) if sheet is not None else None
        if sheet is None or start is None:
            return cls()
        for row in range(start + 1, sheet.height):
            _, name, cell, _, label, what, expected, remedy = (sheet.cell(row, at).text for at in range(len(PROBLEMS)))
            if label in ("", SPREAD):
                continue
            path = f"{name}!{cell}" if name else cell
            match = _ROW.fullmatch(cell)
            in_run = RUN_SHEET in (name, cell)
            place = (RUN_SHEET, 0) if in_run else (name, int(match[1]) - 1 if match else -1)
            found.setdefault(place, []).append(Problem(_CODES.get(label, label), path, what, expected, remedy))
        return cls({place: tuple(problems) for place, problems in found.items()})

    def of(self, case: Case) -> tuple[Problem, ...]:
        """The problems that are listed for the row of a case."""
        return self.by_row.get((case.sheet, case.row), ())

    def orphans(self, sheet: str) -> bool:
        """Whether a row of a sheet of the application named no row above it."""
        return any(
            name == sheet and any(one.code == "missing" and "本行属于哪个" in one.remedy for one in problems)
            for (name, _), problems in self.by_row.items()
        )


def _head_row(sheet: Sheet) -> int | None:
    for row in range(min(HEAD_SEARCH, sheet.height)):
        if tuple(cell.text for cell in sheet.row(row))[: len(PROBLEMS)] == PROBLEMS:
            return row
    return None
