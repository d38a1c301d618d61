"""Sheets 不予支持 and 数据问题: every reason of every row that is not decided in the applicant's favour."""

from __future__ import annotations

from collections.abc import Iterator

from jiangbu.desk import words
from jiangbu.desk.calculation import Calculation, Decision
from jiangbu.desk.layout import Shown, serial
from jiangbu.desk.paper import Page
from jiangbu.rules.results import RowResult

# So wide at most that a line of the table can be read across one page.
WIDEST = 36
REFUSED = ("序号", "所在行", "申报主体", "不予支持的原因", "条款", "涉及的数据")
PROBLEMS = ("序号", "工作表", "单元格", "申报主体", "问题", "填写的是", "应为", "处理办法")
SPREAD = "受其他数据影响"


def write_refusals(page: Page, calculation: Calculation) -> None:
    """Write sheet 不予支持: a line for each reason, with its clause and the data that decided."""
    page.widest, page.one_wide = WIDEST, True
    page.head(REFUSED, freeze_columns=0)
    first = page.row
    for shown, decision in _rows(calculation, "refused"):
        if _refused_above(decision):
            continue
        case = decision.case
        for reason in decision.reasons:
            place, name = f"{case.sheet} 第 {case.row + 1} 行", case.subject.get("name", "")
            _write(page, (shown, place, name, reason.sentence, reason.clause, reason.facts))
    _end(page, first, len(REFUSED), "没有不予支持的申报")


def _refused_above(decision: Decision) -> bool:
    """Whether the row is refused only because one above it is, which is told there."""
    row = decision.row
    return isinstance(row, RowResult) and not row.paid and any(above.refused for above in row.above)


def write_problems(page: Page, calculation: Calculation) -> None:
    """Write sheet 数据问题: a line for each problem, with its cell, what was found, expected, and how to mend it."""
    page.widest, page.one_wide = WIDEST, True
    page.head(PROBLEMS, freeze_columns=0)
    first = page.row
    for shown, decision in _rows(calculation, "unreadable"):
        name = decision.case.subject.get("name", "")
        for problem in decision.problems:
            sheet, _, cell = problem.path.rpartition("!")
            code = words.CODES.get(problem.code, problem.code)
            _write(page, (shown, sheet, cell, name, code, problem.found, problem.expected, problem.remedy))
        if not decision.problems:
            # Nothing is wrong with the row itself: another that is reckoned with it cannot be read.
            place = f"{decision.case.row + 1}行"
            for reason in decision.reasons:
                _write(page, (shown, decision.case.sheet, place, name, SPREAD, "", "", reason.sentence))
    _end(page, first, len(PROBLEMS), "没有数据问题")


def _rows(calculation: Calculation, outcome: str) -> Iterator[tuple[str, Decision]]:
    """The rows of one outcome on every sheet, each with the 序号 or number by which its sheet calls it."""
    for number, one in enumerate(calculation.decisions):
        if one.outcome == outcome:
            yield serial(number, one), one
    for decisions in calculation.levels.values():
        yield from ((one.case.id, one) for one in decisions if one.outcome == outcome)


def _write(page: Page, values: tuple[Shown, ...]) -> None:
    page.cells([(value, "text", "cell") for value in values])


def _end(page: Page, first: int, columns: int, nothing: str) -> None:
    if page.row == first:
        page.line(nothing)
    else:
        page.sheet.autofilter(first - 1, 0, page.row - 1, columns - 1)
