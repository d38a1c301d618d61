"""Sheet 测算表 and the sheets of other levels: every line a live formula over the facts of its row.

What a formula needs on the way stands in helper columns to the right, grouped and hidden; the numbers of the rule
stand on 规则表. The value that each cell is shown with before anybody recalculates is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from attrs import frozen

from jiangbu.desk.arranged import Arranged, arrange, sheet_names
from jiangbu.desk.calculation import Calculation
from jiangbu.desk.decision import Decision
from jiangbu.desk.helper_values import helper_values
from jiangbu.desk.layout import Layout, Shown, layout, level_layout
from jiangbu.desk.live.faults import Fault
from jiangbu.desk.live.plan import Sheet, plan
from jiangbu.desk.live.scratch import Row, Template
from jiangbu.desk.paper import Page
from jiangbu.desk.row_numbers import RowNumbers
from jiangbu.desk.rule_sheet import ADVICE, write_rules
from jiangbu.desk.shown import shown_text
from jiangbu.desk.stale import KEYS, Stale
from jiangbu.desk.totals import Crowd, crowds, write_check, write_total
from jiangbu.desk.watch import Watch, unwatched
from jiangbu.rules.scheme import Scheme

HELPER_WIDTH = 14
WIDEST_WORDS = 72
"""How wide the columns of reasons and remarks may become, so that the rows stay low."""

MOST_SHARED_LIVE = 5_000
"""Beyond so many rows under one total the last unit of each share is a value: ranking them live takes too long."""

GROUPED = "本表各行已按所属上级归拢，同一上级内仍按申报表的先后；原来的行号见“申报表行号”"


def level_pages(scheme: Scheme) -> dict[str, str]:
    """The names of the sheets of all levels but the paid one, by level."""
    return {level: name for level, name in sheet_names(scheme).items() if level != scheme.pay_level}


def write_calculation(
    page: Page, finer: Mapping[str, Page], rule: Page, calculation: Calculation, watch: Watch
) -> Layout:  # fmt: skip
    """Write 测算表, the sheets of other levels and 规则表 from the next free rows on.

    :param finer: the pages of ``level_pages``, by level.
    :return: where everything stands on 测算表.
    """
    scheme, arranged = calculation.scheme, arrange(calculation)
    if _moved(arranged[scheme.pay_level]):
        page.line(GROUPED)
    tables = {name: level_layout(calculation, name, one.row) for name, one in finer.items()}
    table = tables[scheme.pay_level] = layout(calculation, page.row)
    rule.line(ADVICE)
    pages = {**finer, scheme.pay_level: page}
    columns = {name: {one.key: at for at, one in enumerate(tables[name].columns)} for name in scheme.tree.by_name}
    live = plan(scheme, columns, sheet_names(scheme), rule.row)
    write_rules(rule, live.rules)
    for name, one in pages.items():
        one.wider |= {tables[name].index(key): WIDEST_WORDS for key in KEYS}
        rows_of = calculation.decisions if name == scheme.pay_level else calculation.levels[name]
        _fit_heads(one, tables[name], rows_of)
        keys = [column.key for column in tables[name].columns]
        first = next((keys.index(key) + 1 for key in ("name", "own") if key in keys), 1)
        one.head([column.head for column in tables[name].columns], freeze_columns=first)
    values, rows = helper_values(live, arranged, scheme), RowNumbers.of(scheme, arranged, tables)
    for name in scheme.tree.by_name:
        writer = _writer(pages[name], tables[name], live.sheets[name], rows)
        _write(writer, arranged[name], values[name], watch if name == scheme.pay_level else unwatched)
        _end(writer, arranged[name])
    return table


def _end(writer: _Writer, arranged: Arranged) -> None:
    """Filters over the rows, the row 合计 below them, and what of the sheet is printed."""
    page, table = writer.page, writer.table
    last = len(table.columns) - 1
    page.sheet.autofilter(table.head_row, 0, max(page.row - 1, table.head_row), last)
    write_total(page, table, writer.rows.scheme, arranged.level, arranged.decisions)
    write_check(page, table, writer.crowds, writer.rows)
    page.row += 1
    page.sheet.print_area(0, 0, page.row - 1, last)


def _moved(arranged: Arranged) -> bool:
    """Whether rows stand in another order than on the sheet that they came from."""
    return any(one.case.row > other.case.row for one, other in pairwise(arranged.decisions))


def _fit_heads(page: Page, table: Layout, decisions: Sequence[Decision]) -> None:
    """Widen the columns under long heads for what will stand in them: the height of the heads depends on it."""
    todo = [(at, part) for at, part in enumerate(table.columns) if page.breaks(at, part.head)]
    for number, decision in enumerate(decisions):
        if not todo:
            return
        for at, part in todo:
            page.measure(at, shown_text(part.value(number, decision), part.form))
        todo = [(at, part) for at, part in todo if page.breaks(at, part.head)]


@frozen
class _Writer:
    """Writes the rows of one sheet: visible cells by their templates, helper cells with what Python makes of them."""

    page: Page
    table: Layout
    sheet: Sheet
    rows: RowNumbers
    templates: tuple[Template | None, ...]
    stale: Stale
    crowds: tuple[Crowd, ...]

    def is_value(self, slot: int, number: int) -> bool:
        """Whether a helper cell of a row is a value because too many rows share one total."""
        return any(one.share.one == slot and one.rows[number] for one in self.crowds)


def _writer(page: Page, table: Layout, sheet: Sheet, rows: RowNumbers) -> _Writer:
    templates = tuple(sheet.visible.get(column.key) for column in table.columns)
    return _Writer(page, table, sheet, rows, templates, Stale.of(table), crowds(sheet, rows, MOST_SHARED_LIVE))


def _write(writer: _Writer, arranged: Arranged, values: Sequence[Row | None], watch: Watch) -> None:
    _helper_heads(writer.page, writer.sheet)
    for number, decision in enumerate(watch(arranged.decisions, "正在写出")):
        _row(writer, number, decision, values[number])


def _helper_heads(page: Page, sheet: Sheet) -> None:
    head = page.paper.format("text", "head")
    for helper, _ in sheet.helpers:
        page.sheet.write_string(page.row - 1, helper.column, f"计算辅助\n{helper.label}", head)
    if sheet.helpers:
        first, last = sheet.helpers[0][0].column, sheet.helpers[-1][0].column
        page.sheet.set_column(first, last, HELPER_WIDTH, None, {"level": 1, "hidden": True})


def _row(writer: _Writer, number: int, decision: Decision, helpers: Row | None) -> None:
    page, sheet, at = writer.page, writer.sheet, writer.page.row
    # What the lines of a refused row would have given is shown as such.
    grey = {"line"} if decision.outcome == "refused" else set()
    if helpers is None:
        for column, part in enumerate(writer.table.columns):
            page.put(at, column, part.value(number, decision), part.form, "grey" if part.section in grey else "cell")
        page.row += 1
        return
    env = writer.rows.env(sheet.level, number)
    beyond = sheet.amount >= 0 and isinstance(helpers[sheet.amount], Fault)
    for column, (part, template) in enumerate(zip(writer.table.columns, writer.templates, strict=True)):
        value, style = part.value(number, decision), "grey" if part.section in grey else "cell"
        if template is None and value and part.key in KEYS and not beyond:
            page.live(at, column, writer.stale.formula(str(value), number, at + 1, decision), value, part.form, style)
        elif template is None:
            ours = beyond and part.key == "remarks"
            page.put(at, column, _with_ours(value, decision) if ours else value, part.form, style)
        else:
            page.live(at, column, template.at(env), _cached(value), part.form, style)
    write, plain = page.sheet.write_formula, page.paper.format("number:0", "grey")
    for helper, template in sheet.helpers:
        value = helpers[helper.slot]
        shown = value.cell if isinstance(value, Fault) else value
        if not helper.formula or (writer.crowds and writer.is_value(helper.slot, number)):
            page.sheet.write(at, helper.column, shown, plain)
        else:
            write(at, helper.column, template.at(env), plain, "" if shown is None else shown)
    page.row += 1


def _cached(value: Shown) -> Shown:
    """What a live cell shows as long as nobody recalculates."""
    if value is None:
        return "—"
    return ("是" if value else "否") if isinstance(value, bool) else value


def _with_ours(value: Shown, decision: Decision) -> str:
    """The remarks of a row whose amount a spreadsheet cannot compute, with the amount that we did."""
    ours = f"公式重算超出电子表格精度，程序核定金额为 {decision.amount} 元"
    return f"{value}；{ours}" if value else ours


__all__ = ["level_pages", "write_calculation"]
