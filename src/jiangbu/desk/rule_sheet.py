"""Sheet 规则表: the numbers of the rule as cells that formulas read, with the checks that hold an editor to order."""

from __future__ import annotations

from collections.abc import Mapping

from jiangbu.desk.live.book import RuleCell
from jiangbu.desk.live.rules import Rules
from jiangbu.desk.live.tiers import ABOVE, BELOW, BEYOND, UNDER
from jiangbu.desk.paper import Page

STYLES: Mapping[str, str] = {
    "head": "head",
    "label": "cell",
    "number": "middle",
    "value": "cell",
    "word": "cell",
    "derived": "grey",
    "check": "strong",
    "helper": "grey",
    "note": "plain",
}
ADVICE = "改动本表黑字的数值和界限用语，测算表随之重算；改后“检查”应都是“正确”。右侧隐藏的列供折算，请勿改动。"
WORD_TITLE, WORD_ERROR = "界限用语", f"请填“{ABOVE}”“{BEYOND}”（下限）或“{BELOW}”“{UNDER}”（上限）"


def write_rules(page: Page, rules: Rules) -> None:
    """Write sheet 规则表; its cells stand where the formulas of the other sheets look for them."""
    last = 0
    for cell in rules.cells:
        last = max(last, cell.column)
        _write(page, cell)
    if last >= rules.helpers:
        page.sheet.set_column(rules.helpers, last, 14, None, {"level": 1, "hidden": True})
    page.row = max(cell.row for cell in rules.cells if cell.column < rules.helpers) + 1
    page.sheet.print_area(0, 0, page.row - 1, max(rules.helpers - 2, 0))


def _write(page: Page, cell: RuleCell) -> None:
    style = STYLES[cell.style]
    if cell.style == "helper":
        form = page.paper.format(cell.form, style)
        if cell.formula:
            page.sheet.write_formula(cell.row, cell.column, cell.formula, form, cell.value)
        else:
            page.sheet.write(cell.row, cell.column, cell.value, form)
        return
    if cell.style == "note":
        page.sheet.write_string(cell.row, cell.column, cell.value, page.paper.format("text", "plain"))
        return
    if cell.formula:
        page.live(cell.row, cell.column, cell.formula.removeprefix("="), cell.value, cell.form, style)
        return
    page.put(cell.row, cell.column, cell.value, cell.form, style)
    if cell.style == "word" and cell.value:
        words = [ABOVE, BEYOND] if cell.value in (ABOVE, BEYOND) else [BELOW, UNDER]
        page.sheet.data_validation(
            cell.row,
            cell.column,
            cell.row,
            cell.column,
            {"validate": "list", "source": words, "error_title": WORD_TITLE, "error_message": WORD_ERROR},
        )
