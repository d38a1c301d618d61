"""One row of an application sheet: whom it concerns, its facts, and why some could not be read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal

from attrs import field, frozen
from stdnum.cn import ric, uscc

from jiangbu.desk import words
from jiangbu.desk.cell_facts import read_fact, read_money
from jiangbu.desk.cells import Cell, Value, is_missing, plain, read_date, read_text, says_inapplicable
from jiangbu.desk.heads import SUBJECT, Column, Heads
from jiangbu.desk.problems import at
from jiangbu.desk.workbook import Sheet
from jiangbu.errors import Problem
from jiangbu.rules.levels import ROOT
from jiangbu.rules.model import Fact

# Under these keys, which no fact can bear, a case keeps the addresses of cells that hold no fact.
DAY_CELL, OWN_CELL, PARENT_CELL, PAID_CELL, ASIDE_CELL = "@on", "@own", "@parent", "@paid", "@set_aside"
_ADDRESSES = {"on": DAY_CELL, "paid": PAID_CELL, "set_aside": ASIDE_CELL}


@frozen
class Case:
    """One row of a sheet: where it stands, whom it concerns, its facts, and why some could not be read.

    ``level`` is the level of the scheme whose row it is, ``id`` what it is called there, ``parent`` the id of the
    row that it stands in; both are empty where the sheet has no such column. ``inapplicable`` are the facts of
    which the row says 不适用.
    """

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
    level: str = ROOT
    id: str = ""
    parent: str = ""
    inapplicable: frozenset[str] = frozenset()

    def path(self, fact: str) -> str:
        """The address of a fact's cell, or of the row where the sheet has no such column."""
        return self.cells.get(fact, f"{self.sheet}!{self.row + 1}行")


@frozen
class Strip:
    """The cells of one case: a row of a sheet or, without a row, what stands beside the labels of sheet 说明.

    ``cells`` are those of the row where they are at hand already.
    """

    sheet: Sheet = field(repr=False)
    row: int | None
    cells: Sequence[Cell] = field(default=(), repr=False)

    def place(self, column: Column) -> tuple[int, int]:
        """The row and the column (from 0) of the cell that belongs to a head."""
        return (column.index, 1) if self.row is None else (self.row, column.index)

    def cell(self, column: Column) -> Cell:
        """The cell that belongs to a head."""
        if column.index < len(self.cells):
            return self.cells[column.index]
        return self.sheet.cell(*self.place(column))

    def address(self, column: Column) -> str:
        """The address of the cell that belongs to a head, such as ``申报表!C7``."""
        if self.row is None:
            return at(self.sheet.name, *self.place(column))
        return f"{self.sheet.name}!{column.letters}{self.row + 1}"


def read_case(strip: Strip, heads: Heads, facts: Mapping[str, Fact], level: str = ROOT) -> Case:
    """Read one row as a case of a level; what cannot be read is among its problems."""
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    cells: dict[str, str] = {}
    inapplicable: set[str] = set()
    for column in heads.of("fact"):
        fact, cell = facts[column.name], strip.cell(column)
        path = cells[column.name] = strip.address(column)
        value = read_fact(cell, fact, column.unit, path)
        if isinstance(value, Problem):
            problems.append(value)
        elif value is not None:
            values[column.name] = value
        elif says_inapplicable(cell):
            inapplicable.add(column.name)
        elif not fact.has_default:
            problems.append(_missing(strip, column, fact, cell, path))
    carried = tuple(strip.cell(column).text for column in heads.of("other"))
    subject, paid, day = _subject(strip, heads, cells, problems)
    keys = _keys(strip, heads, cells, problems)
    return Case(
        strip.sheet.name,
        strip.row or 0,
        subject,
        values,
        cells,
        carried,
        paid,
        day,
        subject.pop("set_aside", ""),
        tuple(problems),
        level=level,
        id=keys.get("own", ""),
        parent=keys.get("parent", ""),
        inapplicable=frozenset(inapplicable),
    )


def _missing(strip: Strip, column: Column, fact: Fact, cell: Cell, path: str) -> Problem:
    remedy = words.missing_remedy(fact)
    place = strip.place(column)
    block = strip.sheet.block_of(*place)
    if block is not None and block[0] != place:
        remedy = f"该格与第 {block[0][0] + 1} 行合并，合并格的值只归首行：请取消合并，逐行填写"
    return Problem("missing", path, cell.shown, words.expected(fact), remedy)


def _subject(
    strip: Strip, heads: Heads, cells: dict[str, str], problems: list[Problem]
) -> tuple[dict[str, str], Decimal | None, datetime.date | None]:
    """Whom a row concerns, what was paid before, and its own day; addresses and problems go where they belong."""
    subject: dict[str, str] = {}
    paid: Decimal | Problem | None = None
    day: datetime.date | Problem | None = None
    for column in heads.of("subject"):
        name, cell, path = column.name, strip.cell(column), strip.address(column)
        if name in _ADDRESSES:
            cells[_ADDRESSES[name]] = path
        if name == "paid":
            paid = read_money(cell, column.unit, path)
        elif name == "on":
            day = None if is_missing(cell) else read_date(cell, path)
        else:
            text = _subject_text(name, cell, path)
            subject[name] = cell.text if isinstance(text, Problem) else text
            problems.extend([text] if isinstance(text, Problem) else [])
    problems.extend(value for value in (paid, day) if isinstance(value, Problem))
    return subject, None if isinstance(paid, Problem) else paid, None if isinstance(day, Problem) else day


def _keys(strip: Strip, heads: Heads, cells: dict[str, str], problems: list[Problem]) -> dict[str, str]:
    """A row's own id and its parent's, as they are compared: half-width, without white space."""
    found: dict[str, str] = {}
    for column in heads.of("key"):
        path = cells[OWN_CELL if column.name == "own" else PARENT_CELL] = strip.address(column)
        text = read_text(strip.cell(column), " ".join(column.head.split()), path, identity=True)
        problems.extend([text] if isinstance(text, Problem) else [])
        found[column.name] = "" if isinstance(text, Problem) else plain(text)
    return found


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
