"""Reading the rows of a calculated workbook back as the application that they were calculated from.

What the workbook does not keep cannot come back: what a cell held that could not be read (its problem is taken from
sheet 数据问题), and whether a default was typed or left to the rule.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import evolve, field, frozen

from jiangbu.desk import same, words
from jiangbu.desk.arranged import sheet_names
from jiangbu.desk.calculation import Calculation, Options
from jiangbu.desk.case import ASIDE_CELL, DAY_CELL, OWN_CELL, PAID_CELL, PARENT_CELL, Case, Strip, read_case
from jiangbu.desk.cell_facts import read_money
from jiangbu.desk.cells import Cell, is_missing, plain, read_date
from jiangbu.desk.heads import HEAD_SEARCH, SUBJECT, Column, Heads
from jiangbu.desk.layout import default_of, layout, level_layout
from jiangbu.desk.listed import Listed
from jiangbu.desk.plan import CASE_SHEET, RUN_SHEET
from jiangbu.desk.problems import DeskError
from jiangbu.desk.reader import Application, LevelSheet
from jiangbu.desk.said import AGAIN, ROWS_SHEET, Said
from jiangbu.desk.seal import canonical
from jiangbu.desk.totals import TOTAL
from jiangbu.desk.workbook import Sheet
from jiangbu.errors import Problem
from jiangbu.rules.scheme import Scheme

HELPER = "计算辅助"
_ROW_NUMBER = ("申报表行号", "来源行号")
_DAY_ZERO = datetime.date(2000, 1, 1)


@frozen
class Table:
    """One sheet of rows of a calculated workbook: its level, the row of its heads (from 0), and its columns by key.

    ``carried`` are the columns that were copied without being needed.
    """

    sheet: Sheet
    level: str
    head_row: int
    columns: Mapping[str, int]
    carried: tuple[Column, ...]
    rows: tuple[int, ...]

    def cell(self, row: int, key: str) -> Cell:
        """The cell of a row under a key; blank where there is no such column."""
        return self.sheet.cell(row, self.columns[key]) if key in self.columns else Cell("blank")


def squeezed(text: str) -> str:
    """A head without white space, as heads of a calculated workbook are compared."""
    return "".join(text.split())


def tables_of(sheets: Mapping[str, Sheet], scheme: Scheme, label: str) -> dict[str, Table]:
    """The sheets of rows by level; raises :class:`DeskError` where one is missing or has lost its heads."""
    found = {}
    for level, name in sheet_names(scheme).items():
        if name not in sheets:
            raise DeskError(label, f"没有“{name}”工作表", AGAIN)
        found[level] = _table(sheets[name], scheme, level, label)
    return found


def _table(sheet: Sheet, scheme: Scheme, level: str, label: str) -> Table:
    blank = Calculation(scheme, Options(scheme.id, None, _DAY_ZERO), Application(CASE_SHEET, Heads((), (), ()), ()), ())
    paid = level == scheme.pay_level
    known = (layout(blank, 0) if paid else level_layout(blank, level, 0)).columns
    for row in range(min(HEAD_SEARCH, sheet.height)):
        heads = [squeezed(cell.text) for cell in sheet.row(row)]
        if "结论" in heads and any(head in heads for head in _ROW_NUMBER):
            break
    else:
        raise DeskError(f"{label} {sheet.name}", "没有找到各列的表头", AGAIN)
    places = {head: at for at, head in reversed(list(enumerate(heads))) if head}
    columns = {one.key: places[squeezed(one.head)] for one in known if squeezed(one.head) in places}
    gone = [" ".join(one.head.split()) for one in known if one.key not in columns]
    if gone:
        raise DeskError(f"{label} {sheet.name}", f"缺少“{'”“'.join(gone)}”列", AGAIN)
    first = min((at for key, at in columns.items() if key.startswith("fact.")), default=columns["outcome"])
    for key, (head, *_) in SUBJECT.items():
        at = places.get(head)
        if at is not None and (at < first or key == "paid"):
            columns.setdefault(key if key == "paid" else f"subject.{key}", at)
    carried = tuple(
        Column(at, sheet.cell(row, at).text, "other", "")
        for at in range(columns["remarks"] + 1, sheet.width)
        if heads[at] and not heads[at].startswith(HELPER) and paid
    )
    return Table(sheet, level, row, columns, carried, tuple(_rows(sheet, row)))


def _rows(sheet: Sheet, head_row: int) -> Iterator[int]:
    for row in range(head_row + 1, sheet.height):
        cells = sheet.row(row)
        first = next((cell for cell in cells if cell.kind != "blank"), None)
        if first is not None and plain(first.text) == TOTAL:
            return
        if first is not None:
            yield row


def source_row(table: Table, row: int) -> int:
    """The row (from 0) of the application from which a row came; its own where the cell no longer says it."""
    value = table.cell(row, "source_row").value
    return int(value) - 1 if isinstance(value, Decimal) and value == value.to_integral_value() else row


def read_back(sheets: Mapping[str, Sheet], tables: Mapping[str, Table], scheme: Scheme, said: Said) -> Application:
    """The application that a calculated workbook was made from, as far as the workbook keeps it.

    :param tables: its sheets of rows by level, parents first, as ``tables_of`` finds them.
    """
    names = {level: _name(scheme, said, level) for level in tables}
    listed = Listed.read(sheets.get("数据问题"))
    found: dict[str, list[Case]] = {}
    for level, table in tables.items():
        above = found.get(scheme.tree.by_name[level].of, [])
        back = _Back(scheme, said, table, names[level], listed, above)
        cases = sorted((back.case(row) for row in table.rows), key=lambda case: case.row)
        named = "subject.name" in table.columns
        in_run = names[level] == RUN_SHEET
        found[level] = cases if in_run else list(same.mark(cases, named))
    levels = tuple(
        LevelSheet(level, names[level], _heads(scheme, tables[level]), tuple(cases))
        for level, cases in found.items()
        if level != scheme.pay_level
    )
    pay = scheme.pay_level
    heads = _heads(scheme, tables[pay])
    return Application(names[pay], heads, tuple(found[pay]), said.notes, said.source_digest, levels)


def _name(scheme: Scheme, said: Said, level: str) -> str:
    """The sheet of the application that a level was read from."""
    ours = sheet_names(scheme)[level]
    return said.sheets.get(ours) or (CASE_SHEET if ours == ROWS_SHEET else ours)


def _heads(scheme: Scheme, table: Table) -> Heads:
    places = sorted((at, key.removeprefix("subject.")) for key, at in table.columns.items() if _is_subject(key))
    columns = [Column(at, SUBJECT[key][0], "subject", key) for at, key in places]
    return Heads((*columns, *table.carried), (), ())


def _is_subject(key: str) -> bool:
    return key == "paid" or key.startswith("subject.")


@frozen
class _Back:
    """Reading the rows of one sheet back."""

    scheme: Scheme
    said: Said
    table: Table
    name: str
    listed: Listed
    above: Sequence[Case]
    names_parents: bool = field(init=False)

    def case(self, row: int) -> Case:
        """One row as the case that it was calculated from."""
        table, level = self.table, self.table.level
        facts = {fact.name: fact for fact in self.scheme.facts.values() if fact.level == level}
        columns = tuple(Column(table.columns[f"fact.{name}"], "", "fact", name) for name in facts)
        case = self.with_defaults(row, read_case(Strip(table.sheet, row), Heads(columns, (), ()), facts, level))
        case = evolve(
            case,
            sheet=self.name,
            row=source_row(self.table, row),
            subject=self.subject(row),
            carried=tuple(table.sheet.cell(row, column.index).text for column in table.carried),
            id=plain(table.cell(row, "own").text),
            parent=plain(table.cell(row, "above").text),
        )
        case = self.with_money_and_day(row, case)
        problems = self.listed.of(case)
        if problems:
            # Under the address of its first problem every further one of the row is no news.
            cells = dict.fromkeys([*facts, *_CELLS], problems[0].path)
            return evolve(case, problems=problems, cells=self.keyed(cells))
        case = evolve(case, cells=self.keyed(dict(case.cells)))
        return evolve(case, set_aside=self.reason_aside(row, case))

    def with_defaults(self, row: int, case: Case) -> Case:
        """The case without the problems of cells that show a default of more digits than a cell can hold."""
        fine = set()
        for problem in case.problems:
            name = next(name for name, path in case.cells.items() if path == problem.path)
            fact = self.scheme.facts[name]
            shown = self.table.cell(row, f"fact.{name}").value
            if fact.has_default and canonical(shown) == canonical(default_of(fact)):
                fine.add(problem.path)
        return evolve(case, problems=tuple(one for one in case.problems if one.path not in fine))

    def subject(self, row: int) -> dict[str, str]:
        """The subject columns of a row, those that are computed with apart."""
        table = self.table
        keys = (key for key in SUBJECT if f"subject.{key}" in table.columns and key not in _APART)
        return {key: table.cell(row, f"subject.{key}").text for key in keys}

    def keyed(self, cells: dict[str, str]) -> dict[str, str]:
        """The addresses without that of the parent's number where the application had no such column."""
        if not self.names_parents:
            cells.pop(PARENT_CELL, None)
        else:
            cells.setdefault(PARENT_CELL, self.table.sheet.name)
        return cells

    @names_parents.default
    def _any_parent(self) -> bool:
        table = self.table
        return "above" in table.columns and (
            any(not is_missing(table.cell(row, "above")) for row in table.rows) or self.listed.orphans(self.name)
        )

    def with_money_and_day(self, row: int, case: Case) -> Case:
        """The case with what was paid before and, of a root, its own day."""
        table, problems = self.table, list(case.problems)
        paid: Decimal | Problem | None = None
        day: datetime.date | Problem | None = None
        if "paid" in table.columns:
            paid = read_money(table.cell(row, "paid"), "元", f"{table.sheet.name}!{row + 1}行")
        if table.level == self.scheme.tree.root and not is_missing(table.cell(row, "subject.on")):
            day = read_date(table.cell(row, "subject.on"), f"{table.sheet.name}!{row + 1}行")
        problems += [one for one in (paid, day) if isinstance(one, Problem)]
        return evolve(
            case,
            paid=None if isinstance(paid, Problem) else paid,
            on=None if isinstance(day, Problem) else day,
            problems=tuple(problems),
        )

    def reason_aside(self, row: int, case: Case) -> str:
        """Why a row was set aside; empty where it was not, or only with the row above it.

        One cell alone does not say so: a row set aside shows neither lines nor an amount.
        """
        table = self.table
        outcome, reason = plain(table.cell(row, "outcome").text), table.cell(row, "reason").text
        keys = [key for key in table.columns if key.startswith(("line.", "holds.")) or key == "amount"]
        blank = [is_missing(table.cell(row, key)) and table.cell(row, key).text != "—" for key in keys]
        label = words.OUTCOMES["set_aside"]
        if outcome == words.OUTCOMES["unreadable"] or not (
            (outcome == label and (not keys or any(blank))) or (keys and all(blank) and reason)
        ):
            return ""
        only = self.above[0] if len(self.above) == 1 else None
        upper = only if not case.parent else next((one for one in self.above if one.id == case.parent), None)
        inherited = f"所属的{upper.id or upper.sheet}已搁置：" if upper is not None else ""
        return "" if inherited and reason.startswith(inherited) else reason or label


_APART = ("paid", "set_aside", "on")
_CELLS = (DAY_CELL, OWN_CELL, PARENT_CELL, PAID_CELL, ASIDE_CELL)


__all__ = ["Table", "read_back", "source_row", "squeezed", "tables_of"]
