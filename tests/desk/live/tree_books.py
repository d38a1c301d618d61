"""Workbooks of several levels for tests: random cases as the rows of sheets, decided as the desk does it."""

import datetime
from decimal import Decimal
from fractions import Fraction

from live_books import DAY, read, shown, typed
from xlsxwriter import Workbook

from jiangbu.desk.arranged import arrange, sheet_names
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.calculation_sheet import level_pages, write_calculation
from jiangbu.desk.case import Case
from jiangbu.desk.heads import Heads
from jiangbu.desk.layout import level_layout
from jiangbu.desk.live.faults import PRECISION
from jiangbu.desk.paper import Paper
from jiangbu.desk.reader import Application, LevelSheet
from jiangbu.desk.watch import unwatched
from jiangbu.testing import FactMaker

NO_HEADS = Heads((), (), ())


def tree_calculation(book, scheme, rng, count, *, sheets=None):
    """A calculation of random cases of a scheme of several levels."""
    maker = FactMaker(scheme, {})
    rows = {level: [] for level in scheme.tree.by_name}
    for number in range(count):
        result = scheme.try_determine(maker.facts(rng))
        if result.outcome.value != "unreadable":
            _take(rows, result.root, f"R{number}", "", scheme)
    return tree_of(book, scheme, rows)


def tree_of(book, scheme, rows):
    """A calculation of rows by level."""
    levels = tuple(
        LevelSheet(level, level, NO_HEADS, tuple(cases)) for level, cases in rows.items() if level != scheme.pay_level
    )
    application = Application("申报表", NO_HEADS, tuple(rows[scheme.pay_level]), levels=levels)
    return calculate(book, scheme, Options(scheme.id, scheme.place, DAY), application)


def _take(rows, row, id, parent, scheme):
    given = {name: typed(value) for name, value in row.facts.items() if name not in row.assumed}
    number = len(rows[row.level])
    rows[row.level].append(Case(row.level, number, {}, given, {}, level=row.level, id=id, parent=parent))
    for name in scheme.tree.below(row.level):
        for inner in row.rows(name):
            if inner.level == name:
                _take(rows, inner, f"{id}-{inner.id}", id, scheme)


def write_tree(path, calculation):
    """Write the sheets of all levels and 规则表; return where everything stands, by level."""
    scheme = calculation.scheme
    with Workbook(path) as book:
        paper = Paper(book)
        page = paper.page("测算表", "", ())
        finer = {level: paper.page(name, "", ()) for level, name in level_pages(scheme).items()}
        rule = paper.page("规则表", "", ())
        tables = {level: level_layout(calculation, level, one.row) for level, one in finer.items()}
        tables[scheme.pay_level] = write_calculation(page, finer, rule, calculation, unwatched)
        for one in (page, *finer.values(), rule):
            one.finish()
    return tables


def tree_differences(calculation, tables, cells):
    """Every live cell of every level that LibreOffice computes otherwise than we did."""
    wrong, beyond, total = [], 0, 0
    names = sheet_names(calculation.scheme)
    for level, arranged in arrange(calculation).items():
        table, sheet = tables[level], cells[names[level]]
        for number, decision in enumerate(arranged.decisions):
            row = sheet[table.row(number)]
            for at, column in enumerate(table.columns):
                if column.section not in ("line", "condition") and column.key not in ("amount", "due", "outcome"):
                    continue
                if decision.row is None or decision.outcome == "unreadable":
                    continue
                total += 1
                like = shown(column.value(number, decision))
                found = read(row[at], like)
                undecided = column.section == "condition" and found == "—" and like == "是"
                if found == PRECISION.shown:
                    beyond += 1
                elif found != like and not undecided:
                    wrong.append((level, number, column.key, like, found))
    return wrong, beyond, total


__all__ = ["DAY", "Decimal", "Fraction", "datetime", "tree_calculation", "tree_differences", "tree_of", "write_tree"]
