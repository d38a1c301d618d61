"""Workbooks of live formulas for tests: facts drawn, decided and written as the desk does it, then recalculated."""

import datetime
from decimal import Decimal
from fractions import Fraction

from attrs import evolve
from xlsxwriter import Workbook

from jiangbu.desk.calculation import Calculation, Options
from jiangbu.desk.calculation_sheet import write_calculation
from jiangbu.desk.case import Case
from jiangbu.desk.deciding import decide_row
from jiangbu.desk.heads import Heads
from jiangbu.desk.live.faults import PRECISION, RULE
from jiangbu.desk.live.plan import plan
from jiangbu.desk.paper import Paper
from jiangbu.desk.reader import Application
from jiangbu.desk.watch import unwatched
from jiangbu.testing import FactMaker

DAY = datetime.date(2025, 6, 30)


def typed(value):
    """A fact as the desk reads it from a cell."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return value


def case_of(scheme, facts, row=0):
    """A row of 申报表 with these facts; None where they cannot be used."""
    result = scheme.try_determine(facts)
    if result.problems or result.outcome.value == "unreadable":
        return None
    given = {name: typed(value) for name, value in result.facts.items() if name not in result.assumed}
    return Case("申报表", row, {"name": f"第{row}户"}, given, {}, level=scheme.tree.root)


def calculation_of(scheme, cases):
    """A calculation of cases of one row."""
    decisions = tuple(decide_row(scheme, case) for case in cases)
    application = Application("申报表", Heads((), (), ()), tuple(cases))
    return Calculation(scheme, Options(scheme.id, scheme.place, DAY), application, decisions)


def drawn(scheme, rng, count):
    """A calculation of random rows of a scheme of one level."""
    maker = FactMaker(scheme, {})
    cases = [case_of(scheme, maker.facts(rng), row) for row in range(count)]
    return calculation_of(scheme, [case for case in cases if case is not None])


def write(path, calculation):
    """Write sheets 测算表 and 规则表 alone; return where everything stands."""
    with Workbook(path) as book:
        paper = Paper(book)
        page, rule = paper.page("测算表", "", ()), paper.page("规则表", "", ())
        table = write_calculation(page, {}, rule, calculation, unwatched)
        page.finish()
        rule.finish()
    return table


def plan_of(scheme):
    """The formulas of a scheme of one level."""
    level = scheme.tree.root
    keys = [f"fact.{name}" for name in scheme.facts] + ["amount"]
    return plan(scheme, {level: {key: at for at, key in enumerate(keys)}}, {level: "测算表"})


def shown(value):
    """A value as a recalculated cell is compared: numbers exactly, the rest as text."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.date):
        return Fraction((value - datetime.date(1899, 12, 30)).days)
    return Fraction(value) if isinstance(value, Decimal | Fraction | int) else value


def read(text, like):
    """A recalculated cell as a number if a number is expected and is there."""
    if not isinstance(like, Fraction):
        return text
    try:
        found = Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        try:
            return shown(datetime.date.fromisoformat(text))
        except ValueError:
            return text
    # An exact fraction is shown with some 15 digits; money and whole numbers come back as they are.
    return like if like.denominator not in (1, 2, 5, 10, 20, 50, 25, 4, 100) and _near(found, like) else found


def _near(found, like):
    return abs(found - like) <= abs(like) / 10**12


def differences(calculation, table, cells):
    """Every live cell that LibreOffice computes otherwise than we did; cells beyond precision apart."""
    wrong, beyond = [], 0
    for number, decision in enumerate(calculation.decisions):
        row = cells[table.row(number)]
        for at, column in enumerate(table.columns):
            if column.section not in ("line", "condition") and column.key not in (
                "amount",
                "due",
                "outcome",
                "recovers",
            ):
                continue
            if column.section == "condition" and decision.outcome == "refused":
                like = shown(column.value(number, decision))
                # A requirement that a hole leaves undecided is not among those that fail.
                if row[at] == "—" and like == "是":
                    continue
            like = shown(column.value(number, decision))
            found = read(row[at], like)
            if found == PRECISION.shown:
                beyond += 1
            elif found != like:
                wrong.append((number, column.key, like, found))
    return wrong, beyond


def broken_cells(cells):
    """How many cells of 规则表 say that something there cannot be used; the legend says it twice, of itself."""
    return sum(text == RULE.shown for row in cells["规则表"] for text in row) - 2


__all__ = ["DAY", "broken_cells", "calculation_of", "case_of", "differences", "drawn", "evolve", "write"]
