"""Comparing a calculated workbook, cell by cell, with what the rule makes of its facts: values and formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import zip_longest

from attrs import frozen

from jiangbu.desk.cell_formulas import Place
from jiangbu.desk.cells import Cell
from jiangbu.desk.live.faults import PRECISION
from jiangbu.desk.problems import at
from jiangbu.desk.said import BASIS_SHEET
from jiangbu.desk.seal import canonical
from jiangbu.desk.workbook import Sheet

REWRITE = "请用原申报表重新计算；确需更正的，改申报表后重算"
SEALED, VERSION = "单元格摘要", "程序版本"
WHICH = "哪一格改了，请用 --against 申报表 核对"
# What the workbook alone cannot tell: whether a default was typed or left to the rule.
ONLY_FROM_SOURCE = ("默认值", "未采用的数据")
LONGEST_FORMULA = 80
# A number that was divided has more digits than fen; the last one of a double may differ between programs.
NEARLY = Decimal("1e-12")
_SEAL = re.compile(r"(.*)·(.*)（\d+ 行 \d+ 列）：")


@frozen
class Difference:
    """One cell, or sheet, that is not as the rule makes it: where, what it is called, found, expected, remedy."""

    where: str
    thing: str
    found: str
    expected: str
    remedy: str = REWRITE

    @property
    def sealed(self) -> bool:
        """Whether it is a digest that no longer fits: facts or subjects were changed since the calculation."""
        return self.remedy == WHICH


@frozen
class Book:
    """A workbook to compare: its sheets by name, and the formulas of each by place."""

    sheets: Mapping[str, Sheet]
    formulas: Mapping[str, Mapping[Place, str]]


Namer = Callable[[str, int, int], str]


def differences(found: Book, expected: Book, name: Namer, whole: bool) -> Iterator[Difference]:
    """Every difference of a workbook from the expected one, sheet by sheet.

    :param name: what a cell of the expected workbook is called.
    :param whole: whether the expected one was made from the application itself, so that it must agree in everything.
    """
    for title, ours in expected.sheets.items():
        theirs = found.sheets.get(title)
        if theirs is None:
            yield Difference(title, "工作表", "没有这张工作表，或者被隐藏", f"工作表“{title}”")
        elif title == BASIS_SHEET:
            yield from _basis(theirs, ours, whole)
        else:
            yield from _cells(theirs, ours, found.formulas.get(title, {}), expected.formulas[title], name)


def _cells(
    theirs: Sheet, ours: Sheet, found: Mapping[Place, str], expected: Mapping[Place, str], name: Namer
) -> Iterator[Difference]:
    title = ours.name
    for row in range(max(theirs.height, ours.height)):
        for column in range(max(theirs.width, ours.width)):
            place = (row, column)
            cell, wanted = theirs.cell(row, column), ours.cell(row, column)
            formula, asked = found.get(place), expected.get(place)
            if formula != asked:
                where, thing = at(title, row, column), name(title, row, column)
                yield Difference(where, thing, _told(cell, formula), _told(wanted, asked))
            elif not _same(cell, wanted) and not (asked is not None and _undecided(cell, wanted)):
                yield Difference(at(title, row, column), name(title, row, column), cell.shown, wanted.shown)


def _told(cell: Cell, formula: str | None) -> str:
    if formula is None:
        return f"{cell.shown}（没有公式）" if cell.kind != "blank" else "空白"
    cut = formula if len(formula) <= LONGEST_FORMULA else f"{formula[:LONGEST_FORMULA]}…"
    return f"公式 ={cut}"


def _same(cell: Cell, wanted: Cell) -> bool:
    if cell.value == wanted.value:
        return True
    mine, other = (_canonical(one) for one in (cell, wanted))
    if mine == other:
        return True
    if not isinstance(cell.value, Decimal) or not isinstance(wanted.value, Decimal):
        return False
    fine = wanted.value != wanted.value.quantize(Decimal("0.000001")) if abs(wanted.value) < 10**12 else False
    return fine and abs(cell.value - wanted.value) <= abs(wanted.value) * NEARLY


def _canonical(cell: Cell) -> object:
    return cell.text if cell.kind in ("error", "moment") else canonical(cell.value)


def _undecided(cell: Cell, wanted: Cell) -> bool:
    """Whether an untouched formula, recalculated, says in its own words what our value says otherwise.

    A condition that a hole leaves open shows a dash, an amount beyond 15 digits that it is beyond them.
    """
    return cell.text == PRECISION.shown or (cell.text == "—" and wanted.text == "是")


def _basis(theirs: Sheet, ours: Sheet, whole: bool) -> Iterator[Difference]:
    """Sheet 依据 entry by entry, for some of them the workbook alone cannot tell."""
    left = () if whole else ONLY_FROM_SOURCE
    entries = [_entries(sheet, left) for sheet in (theirs, ours)]
    for mine, other in zip_longest(*entries):
        if mine is None or other is None:
            row, label, text = mine or other
            where = at(BASIS_SHEET, row, 1) if mine else BASIS_SHEET
            one, two = (text, "没有这一项") if mine else ("没有这一项", text)
            yield Difference(where, f"“{label}”", one, two)
        elif mine[1:] != other[1:]:
            yield _entry(mine, other)


def _entries(sheet: Sheet, left: tuple[str, ...]) -> list[tuple[int, str, str]]:
    rows = ((row, sheet.cell(row, 0).text, sheet.cell(row, 1).text) for row in range(sheet.height))
    return [(row, label, "\n".join(text.splitlines())) for row, label, text in rows if label not in (*left, VERSION)]


def _entry(mine: tuple[int, str, str], other: tuple[int, str, str]) -> Difference:
    row, label, text = mine
    where = at(BASIS_SHEET, row, 0 if label != other[1] else 1)
    seal = _SEAL.match(other[2])
    if SEALED == label == other[1] and seal is not None:
        thing = f"{seal[1]}的{seal[2]}"
        remedy = WHICH
        return Difference(where, thing, "计算之后有改动（摘要与现在的单元格不符）", "与计算时相同", remedy)
    if label != other[1]:
        return Difference(where, "项目的名称", label or "空白", other[1] or "空白")
    return Difference(where, f"“{label}”", text or "空白", other[2] or "空白")
