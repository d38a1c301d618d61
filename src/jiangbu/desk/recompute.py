"""A calculated workbook computed anew from the facts in its own cells, under the rule that it states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from jiangbu.desk.basis import seals
from jiangbu.desk.calculation import Calculation, calculate
from jiangbu.desk.cell_facts import read_money
from jiangbu.desk.cells import plain
from jiangbu.desk.decision import Decision
from jiangbu.desk.layout import layout
from jiangbu.desk.problems import DeskError, at
from jiangbu.desk.proof import prove
from jiangbu.desk.readback import Table, read_back, source_row, tables_of
from jiangbu.desk.reader import Application
from jiangbu.desk.said import BASIS_SHEET, ROWS_SHEET, Said, open_calculated, read_said
from jiangbu.desk.workbook import Sheet
from jiangbu.rules.book import RuleBook
from jiangbu.rules.scheme import Scheme

MOST_NAMED = 3


@frozen
class ReadBack:
    """A calculated workbook read back: its sheets by name, its sheets of rows by level, what it says, the rows."""

    label: str
    sheets: Mapping[str, Sheet] = field(repr=False)
    tables: Mapping[str, Table] = field(repr=False)
    said: Said
    scheme: Scheme
    application: Application = field(repr=False)


@frozen
class Recomputed:
    """A calculated workbook read back and computed anew."""

    back: ReadBack
    calculation: Calculation = field(repr=False)


def reopen(path: Path, book: RuleBook, label: str = "") -> ReadBack:
    """Read a calculated workbook back, with the rule that it states.

    :param label: what the file is called in what is said of it; its name if nothing is given.
    :raises DeskError: for a file that is no such workbook, or where no rule of the book applies.
    """
    label = label or path.name
    sheets = open_calculated(path, label)
    said = read_said(sheets[BASIS_SHEET], label)
    scheme = said.find(book)
    prove(book, scheme)
    tables = tables_of(sheets, scheme, label)
    return ReadBack(label, sheets, tables, said, scheme, read_back(sheets, tables, scheme, said))


def recompute(back: ReadBack, book: RuleBook) -> Recomputed:
    """Compute every row anew, under the rule, days and options that the workbook states."""
    return Recomputed(back, _with_listed(calculate(book, back.scheme, back.said.options, back.application)))


def _with_listed(calculation: Calculation) -> Calculation:
    """The calculation in which rows that could not be read have just the problems that the workbook lists."""

    def own(one: Decision) -> Decision:
        listed = one.outcome == "unreadable" and bool(one.case.problems)
        return evolve(one, problems=one.case.problems, reasons=()) if listed else one

    levels = {level: tuple(map(own, rows)) for level, rows in calculation.levels.items()}
    return evolve(calculation, decisions=tuple(map(own, calculation.decisions)), levels=levels)


def hold(ours: Recomputed) -> None:
    """Refuse a workbook whose money, outcomes, facts or subjects are not those of its calculation.

    What another version of the program may write otherwise, formulas and looks, is not compared here.

    :raises DeskError: with the first few cells that differ, for ``verify`` lists them all.
    """
    label = ours.back.label
    tables = ours.back.said.changed_tables(ours.back.scheme)
    if tables:
        found = f"计算时所用的规则表（{'、'.join(tables)}）与现在的不同"
        raise DeskError(label, found, "请用现在的规则表重新计算后再用")
    faults = [*_rows(ours), *_seals(ours)]
    if faults:
        more = f" 等 {len(faults)} 处" if len(faults) > MOST_NAMED else ""
        found = f"与重算的结果不符：{'；'.join(faults[:MOST_NAMED])}{more}"
        raise DeskError(label, found, "请用 jiangbu verify 查看全部差异；不要改动测算表，用原申报表重新计算后再用")


def _rows(ours: Recomputed) -> Iterator[str]:
    """The cells of 测算表 that show another outcome or amount than the rule gives."""
    calculation, table = ours.calculation, ours.back.tables[ours.back.scheme.pay_level]
    rows = {source_row(table, row): row for row in table.rows}
    for one in calculation.decisions:
        row = rows[one.case.row]
        outcome = plain(table.cell(row, "outcome").text)
        if outcome != one.label:
            yield f"{at(table.sheet.name, row, table.columns['outcome'])} 是“{outcome}”，应为“{one.label}”"
        for key, amount in (("amount", one.amount), ("due", one.due)):
            cell = table.cell(row, key)
            if one.decided and (cell.kind != "number" or read_money(cell, "元", "") != amount):
                yield f"{at(table.sheet.name, row, table.columns[key])} 是“{cell.shown}”，应为“{amount:,.2f}”"


def _seals(ours: Recomputed) -> Iterator[str]:
    """Whether facts or subjects of 测算表 were changed since the digests of 依据 were taken."""
    basis = ours.back.sheets[BASIS_SHEET]
    said = {basis.cell(row, 1).text for row in range(basis.height) if basis.cell(row, 0).text == "单元格摘要"}
    for seal in seals(ROWS_SHEET, layout(ours.calculation, 0), ours.calculation.decisions):
        if str(seal) not in said:
            yield f"{seal.sheet}的{seal.group}在计算之后有改动（摘要不符）"
