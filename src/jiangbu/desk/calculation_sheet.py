"""Sheet 测算表 and the sheets of other levels: every line a live formula over the facts of its row.

What a formula needs on the way stands in helper columns to the right, grouped and hidden; the numbers of the rule
stand on 规则表. The value that each cell is shown with before anybody recalculates is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from jiangbu.desk.arranged import Arranged, arrange, sheet_names, spans
from jiangbu.desk.calculation import Calculation
from jiangbu.desk.decision import Decision
from jiangbu.desk.helper_values import helper_values
from jiangbu.desk.layout import Layout, Shown, layout, level_layout
from jiangbu.desk.live.below import SHARED
from jiangbu.desk.live.faults import Fault
from jiangbu.desk.live.plan import Sheet, plan
from jiangbu.desk.live.scratch import Row, Template
from jiangbu.desk.paper import Page
from jiangbu.desk.rule_sheet import ADVICE, write_rules
from jiangbu.desk.watch import Watch, unwatched
from jiangbu.rules.scheme import Scheme

HELPER_WIDTH = 14
MOST_SHARED_LIVE = 5_000
"""Beyond so many rows under one total the last unit of each share is a value: ranking them live takes too long."""

NOT_LIVE = "本表各行未按所属上级排列，合计与分配不能写成公式，各数为程序计算的结果；按上级编号排序后重新计算即有公式"


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
    if arranged is None:
        page.line(NOT_LIVE)
    tables = {name: level_layout(calculation, name, one.row) for name, one in finer.items()}
    table = tables[scheme.pay_level] = layout(calculation, page.row)
    rule.line(ADVICE)
    pages = {**finer, scheme.pay_level: page}
    columns = {name: {one.key: at for at, one in enumerate(tables[name].columns)} for name in scheme.tree.by_name}
    live = plan(scheme, columns, sheet_names(scheme), rule.row)
    write_rules(rule, live.rules)
    for name, one in pages.items():
        keys = [column.key for column in tables[name].columns]
        first = next((keys.index(key) + 1 for key in ("name", "own") if key in keys), 1)
        one.head([column.head for column in tables[name].columns], freeze_columns=first)
    if arranged is None:
        for number, decision in enumerate(watch(calculation.decisions, "正在写出")):
            page.cells([(part.value(number, decision), part.form, "cell") for part in table.columns])
    else:
        values = helper_values(live, arranged, scheme)
        tree = scheme.tree
        blocks = {
            (lower, upper): spans(arranged, scheme, upper, lower)
            for lower in tree.by_name
            for upper in tree.chain(lower)[1:]
        }
        rows = _Rows(scheme, arranged, tables, blocks)
        for name in tree.by_name:
            writer = _writer(pages[name], tables[name], live.sheets[name], rows, name)
            _write(writer, arranged[name], values[name], watch if name == scheme.pay_level else unwatched)
    for name, one in pages.items():
        last = max(one.row - 1, tables[name].head_row)
        one.sheet.autofilter(tables[name].head_row, 0, last, len(tables[name].columns) - 1)
    page.cells(_total_row(calculation, [column.key for column in table.columns]))
    for name, one in pages.items():
        one.sheet.print_area(0, 0, one.row - 1, len(tables[name].columns) - 1)
    return table


@frozen
class _Rows:
    """In which rows of which sheets a formula finds the rows above and below its own."""

    scheme: Scheme
    arranged: Mapping[str, Arranged]
    tables: Mapping[str, Layout]

    blocks: Mapping[tuple[str, str], Sequence[tuple[int, int]]]

    def env(self, level: str, at: int) -> dict[str, str]:
        """The numbers of rows, from 1, by level; of the block below a row its first and last."""
        found, here, name = {}, at, level
        while here >= 0 and name:
            found[name] = str(self.tables[name].row(here) + 1)
            for (lower, upper), blocks in self.blocks.items():
                if upper == name:
                    first, last = blocks[here]
                    if last < 0:
                        # The row after the last one has no helper values: a block of nothing.
                        first = last = len(self.arranged[lower].decisions)
                    found[f"{lower}|{upper}<"] = str(self.tables[lower].row(first) + 1)
                    found[f"{lower}|{upper}>"] = str(self.tables[lower].row(last) + 1)
            here, name = self.arranged[name].above[here], self.scheme.tree.by_name[name].of
        return found


@frozen
class _Writer:
    """Writes the rows of one sheet: visible cells by their templates, helper cells with what Python makes of them."""

    page: Page
    table: Layout
    sheet: Sheet
    rows: _Rows
    templates: tuple[Template | None, ...]
    crowded: bool


def _writer(page: Page, table: Layout, sheet: Sheet, rows: _Rows, level: str) -> _Writer:
    counts: dict[int, int] = {}
    for above in rows.arranged[level].above:
        counts[above] = counts.get(above, 0) + 1
    crowded = max(counts.values(), default=0) > MOST_SHARED_LIVE
    templates = tuple(sheet.visible.get(column.key) for column in table.columns)
    return _Writer(page, table, sheet, rows, templates, crowded)


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
        if template is None:
            ours = beyond and part.key == "remark"
            page.put(at, column, _with_ours(value, decision) if ours else value, part.form, style)
        else:
            page.live(at, column, template.at(env), _cached(value), part.form, style)
    write, plain = page.sheet.write_formula, page.paper.format("number:0", "grey")
    for helper, template in sheet.helpers:
        value = helpers[helper.slot]
        shown = value.cell if isinstance(value, Fault) else value
        if not helper.formula or (writer.crowded and helper.label.endswith(SHARED)):
            page.sheet.write(at, helper.column, shown, plain)
        else:
            write(at, helper.column, f"={template.at(env)}", plain, "" if shown is None else shown)
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


def _total_row(calculation: Calculation, keys: list[str]) -> list[tuple[Shown, str, str]]:
    sums = calculation.sums
    totals: dict[str, Shown] = {"seq": "合计", "amount": sums.amount, "paid": sums.paid}
    totals |= {"due": sums.due, "over": sums.over}
    return [(totals.get(key), "text" if key == "seq" else "money", "strong") for key in keys]


__all__ = ["level_pages", "write_calculation"]
