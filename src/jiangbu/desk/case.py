"""One row of an application sheet: whom it concerns, its facts, and why some could not be read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import evolve, frozen
from stdnum.cn import ric, uscc

from jiangbu.desk import words
from jiangbu.desk.cells import Cell, Value, is_missing, plain, read_date, read_fact, read_money, read_text
from jiangbu.desk.heads import SUBJECT, Column, Heads
from jiangbu.desk.problems import at
from jiangbu.desk.workbook import Sheet
from jiangbu.errors import Problem
from jiangbu.rules.model import Fact

# Under this key, which no fact can bear, a case keeps the address of its 适用日期.
DAY_CELL = "@on"


@frozen
class Case:
    """One row of 申报表: where it stands, whom it concerns, its facts, and why some could not be read."""

    sheet: str
    row: int
    subject: Mapping[str, str]
    facts: Mapping[str, Value]
    cells: Mapping[str, str]
    carried: tuple[str, ...] = ()
    paid: Decimal | None = None
    on: datetime.date | None = None
    set_aside: str = ""
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()

    def path(self, fact: str) -> str:
        """The address of a fact's cell, or of the row where the sheet has no such column."""
        return self.cells.get(fact, f"{self.sheet}!{self.row + 1}行")


def read_case(sheet: Sheet, row: int, heads: Heads, facts: Mapping[str, Fact]) -> Case:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    cells: dict[str, str] = {}
    for column in heads.of("fact"):
        fact, cell = facts[column.name], sheet.cell(row, column.index)
        path = cells[column.name] = at(sheet.name, row, column.index)
        value = read_fact(cell, fact, column.unit, path)
        if isinstance(value, Problem):
            problems.append(value)
        elif value is not None:
            values[column.name] = value
        elif not fact.has_default:
            problems.append(_missing(sheet, row, column, fact, cell, path))
    carried = tuple(sheet.cell(row, column.index).text for column in heads.of("other"))
    case = Case(sheet.name, row, {}, values, cells, carried)
    return _with_subject(sheet, row, heads, case, problems)


def _missing(sheet: Sheet, row: int, column: Column, fact: Fact, cell: Cell, path: str) -> Problem:
    remedy = f"请填写“{fact.label}”；确实没有的，填 0 或 否"
    block = sheet.block_of(row, column.index)
    if block is not None and block[0] != (row, column.index):
        remedy = f"该格与第 {block[0][0] + 1} 行合并，合并格的值只归首行：请取消合并，逐行填写"
    return Problem("missing", path, cell.shown, words.expected(fact), remedy)


def _with_subject(sheet: Sheet, row: int, heads: Heads, case: Case, problems: list[Problem]) -> Case:
    subject: dict[str, str] = {}
    paid: Decimal | Problem | None = None
    day: datetime.date | Problem | None = None
    day_cell: dict[str, str] = {}
    for column in heads.of("subject"):
        cell, path = sheet.cell(row, column.index), at(sheet.name, row, column.index)
        if column.name == "paid":
            paid = read_money(cell, column.unit, path)
        elif column.name == "on":
            day_cell = {DAY_CELL: path}
            day = None if is_missing(cell) else read_date(cell, path)
        else:
            text = _subject_text(column.name, cell, path)
            subject[column.name] = cell.text if isinstance(text, Problem) else text
            problems.extend([text] if isinstance(text, Problem) else [])
    problems.extend(value for value in (paid, day) if isinstance(value, Problem))
    return evolve(
        case,
        set_aside=subject.pop("set_aside", ""),
        subject=subject,
        cells={**case.cells, **day_cell},
        paid=None if isinstance(paid, Problem) else paid,
        on=None if isinstance(day, Problem) else day,
        problems=tuple(problems),
    )


def _subject_text(key: str, cell: Cell, path: str) -> str | Problem:
    text = read_text(cell, SUBJECT[key][0], path, identity=key in ("code", "identity", "account"))
    return text if isinstance(text, Problem) else _valid_code(key, text, path)


def _valid_code(key: str, text: str, path: str) -> str | Problem:
    if not text or key not in ("code", "identity"):
        return text
    compact = plain(text).upper()
    if key == "code" and (uscc.is_valid(compact) or ric.is_valid(compact)):
        return compact
    if key == "identity" and ric.is_valid(compact):
        return compact
    name = SUBJECT[key][0]
    return Problem("text", path, text[:40], f"有效的{name}（18 位，含校验码）", "请对照证照核对号码")


def mark_twice(cases: Sequence[Case]) -> Iterator[Case]:
    """Each case, with a remark where another row of the batch bears the same code or identity number."""
    rows: dict[tuple[str, str], list[int]] = {}
    for case in cases:
        for key in ("code", "identity"):
            if case.subject.get(key):
                rows.setdefault((key, case.subject[key]), []).append(case.row)
    for case in cases:
        said = []
        for key in ("code", "identity"):
            same = rows.get((key, case.subject.get(key, "")), [])
            if len(same) > 1:
                listed = "、".join(str(row + 1) for row in same[:6] if row != case.row)
                said.append(f"{SUBJECT[key][0]}与{case.sheet}第 {listed} 行相同")
        yield evolve(case, remarks=tuple(said)) if said else case
