"""What each cell of a calculated workbook is called, so that a difference names the thing and not only the address."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from jiangbu.desk.arranged import arrange, sheet_names
from jiangbu.desk.calculation import Calculation
from jiangbu.desk.decision import Decision
from jiangbu.desk.heads import HEAD_SEARCH
from jiangbu.desk.layout import Column, Layout, layout, level_layout, serial
from jiangbu.desk.readback import HELPER, squeezed
from jiangbu.desk.workbook import Sheet

_SECTIONS = {"fact": "申报数据", "subject": "主体信息", "line": "算式", "condition": "条件", "carried": "照抄的内容"}
_CAPITAL = "人民币"
# A list of rows, such as 公示表 and 兑付表, has these heads.
_LIST, _WHOSE = "序号", "申报主体"
LONGEST = 24


@frozen
class RowsSheet:
    """A sheet of rows: its layout, and the decision of each row in the order in which they stand."""

    layout: Layout
    decisions: tuple[Decision, ...]

    def decision(self, row: int) -> tuple[int, Decision] | None:
        """The place and decision of a row (from 0) of the sheet, None for heads, totals and rows beyond."""
        number = row - self.layout.head_row - 1
        return (number, self.decisions[number]) if 0 <= number < len(self.decisions) else None

    def column(self, at: int) -> Column | None:
        """The column at a place; None to the right of the last one."""
        return self.layout.columns[at] if at < len(self.layout.columns) else None


def rows_sheets(calculation: Calculation, sheets: Mapping[str, Sheet]) -> dict[str, RowsSheet]:
    """The sheets of rows of a workbook that was written of a calculation, by name."""
    scheme, arranged = calculation.scheme, arrange(calculation)
    found = {}
    for level, name in sheet_names(scheme).items():
        paid = level == scheme.pay_level
        columns = (layout(calculation, 0) if paid else level_layout(calculation, level, 0)).columns
        rows = arranged[level].decisions
        found[name] = RowsSheet(Layout(columns, _head_row(sheets[name], columns)), rows)
    return found


def _head_row(sheet: Sheet, columns: tuple[Column, ...]) -> int:
    wanted = [squeezed(column.head) for column in columns]
    for row in range(min(HEAD_SEARCH, sheet.height)):
        if [squeezed(cell.text) for cell in sheet.row(row)[: len(wanted)]] == wanted:
            return row
    raise AssertionError(f"{sheet.name} has no heads")


def name_of(sheet: Sheet, rows: RowsSheet | None, row: int, column: int) -> str:
    """What a cell is called: its kind, its head, and whose row it is."""
    if rows is None:
        return _by_labels(sheet, row, column)
    part, found = rows.column(column), rows.decision(row)
    if part is None:
        return HELPER if found is not None else _by_labels(sheet, row, column)
    head = " ".join(part.head.split())
    kind = _SECTIONS.get(part.section, "")
    if found is None:
        return f"合计 {head}" if row > rows.layout.head_row else f"表头“{head}”"
    return f"{kind}“{short(head)}”（{whose(*found)}）"


def whose(number: int, decision: Decision) -> str:
    """Whose row it is: its 序号 or number, and the name."""
    case = decision.case
    shown = case.id or serial(number, decision)
    return " ".join(part for part in (f"{shown}号", case.subject.get("name", "")) if part)


def _by_labels(sheet: Sheet, row: int, column: int) -> str:
    """A cell of any other table: the label of its row and the head above it; of a list, whose row it is."""
    cell = sheet.cell(row, column)
    heads = next((at for at in range(row - 1, -1, -1) if _LIST in (one.text for one in sheet.row(at))), None)
    if heads is not None:
        names = [" ".join(one.text.split()) for one in sheet.row(heads)]
        label = sheet.cell(row, names.index(_WHOSE)).text if _WHOSE in names else ""
        head = names[column] if column < len(names) else ""
    else:
        label, head = "", ""
    if not label:
        texts = (sheet.cell(row, at) for at in range(column))
        label = next((one.text for one in texts if one.kind == "text"), "")
    if not head:
        above = (sheet.cell(at, column) for at in range(row - 1, -1, -1))
        head = next((one.text for one in above if one.kind == "text" and not one.text.startswith(_CAPITAL)), "")
    if cell.text.startswith(_CAPITAL):
        head = "大写"
    return " ".join(f"“{short(' '.join(part.split()))}”" for part in (label, head) if part)


def short(text: str) -> str:
    """A text cut to a length that fits into a sentence."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
