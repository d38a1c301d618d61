"""The row 合计 under the rows of a sheet, live, and whether what was shared among them is the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen

from jiangbu.desk.decision import COUNTED, ZERO, Decision
from jiangbu.desk.layout import Column, Layout, Shown
from jiangbu.desk.live.plan import SharedOut, Sheet
from jiangbu.desk.live.planning import COUNTED as COUNTED_LABEL
from jiangbu.desk.paper import Page
from jiangbu.desk.row_numbers import RowNumbers
from jiangbu.desk.summary import whole_of
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Aggregate, Allocate, Name, walk

TOTAL = "合计"
WHOLE, NOT_WHOLE = "分配合计相符", "分配合计不符"
_RESULTS = ("amount", "paid", "due", "over", "recovers")


def write_total(page: Page, table: Layout, scheme: Scheme, level: str, decisions: Sequence[Decision]) -> None:
    """Write the row 合计: of the paid level its amounts and parts, of another what a row above adds up or shares out.

    The row stands below the last one of ``decisions``; ``page`` stays in it, for the check of shares comes there too.
    """
    paid = level == scheme.pay_level
    names = scheme.parts if paid else _summed(scheme, level)
    keys = [*(_RESULTS if paid else ()), *(f"line.{name}" for name in names), *(f"fact.{name}" for name in names)]
    for at, column in enumerate(table.columns):
        if not at:
            page.put(page.row, at, TOTAL, "text", "strong")
        elif column.key in keys and decisions:
            span = f"{table.address(column.key, 0)}:{table.address(column.key, len(decisions) - 1)}"
            outcome = f"{table.address('outcome', 0)}:{table.address('outcome', len(decisions) - 1)}"
            formula = f"SUM({span})" if column.key in _RESULTS else f'SUMIF({outcome},"{_wanted(paid)}",{span})'
            total = _sum(column, decisions, paid)
            page.live(page.row, at, whole_of(formula, outcome, span), total, "money", "strong")
        else:
            page.put(page.row, at, None, "text", "strong")


def _wanted(paid: bool) -> str:
    return "应付" if paid else COUNTED_LABEL


def _sum(column: Column, decisions: Sequence[Decision], paid: bool) -> Decimal:
    total = ZERO
    for number, one in enumerate(decisions):
        if column.key in _RESULTS or one.outcome == ("payable" if paid else COUNTED):
            value: Shown = column.value(number, one)
            total += value if isinstance(value, Decimal) else 0
    return total


def _summed(scheme: Scheme, level: str) -> list[str]:
    """The money of a level that a row above adds up as it stands, or that is a share of a total above."""
    found = []
    for step in scheme.steps:
        node = step.node
        if step.kind == "aggregate" and isinstance(node, Aggregate) and node.op == "sum":
            inner = node.inner
            if isinstance(inner, Name) and inner.level == node.level == level and inner.type.kind == "money":
                found.append(inner.name)
    for line in scheme.lines.values():
        if line.level == level and line.tree is not None and any(isinstance(one, Allocate) for one in walk(line.tree)):
            found.append(line.name)
    return found


@frozen
class Crowd:
    """A total shared among so many rows that the ranks of their remainders are values.

    ``rows`` says for each row of the sheet whether that is so, ``holders`` the places of the rows above that share.
    """

    share: SharedOut
    rows: tuple[bool, ...]
    holders: tuple[int, ...]


def crowds(sheet: Sheet, rows: RowNumbers, most: int) -> tuple[Crowd, ...]:
    """The totals that are shared among more than ``most`` rows of a sheet."""
    found = []
    for share in sheet.shares:
        blocks = rows.blocks[sheet.level, share.holder]
        holders = tuple(at for at, (first, last) in enumerate(blocks) if last - first >= most)
        if holders:
            count = len(rows.arranged[sheet.level].decisions)
            inside = tuple(rows.holder(share.holder, sheet.level, at) in holders for at in range(count))
            found.append(Crowd(share, inside, holders))
    return tuple(found)


def write_check(page: Page, table: Layout, found: Sequence[Crowd], rows: RowNumbers) -> None:
    """Write into the row 合计, under 结论, whether shares whose ranks are values still sum to their totals."""
    tests = [one.share.agrees.at(rows.env(one.share.holder, at)) for one in found for at in one.holders]
    if tests:
        whole = ",".join(f"IF(ISERROR({test}),TRUE,{test})" for test in tests)
        formula = f'IF(AND({whole}),"{WHOLE}","{NOT_WHOLE}")'
        page.live(page.row, table.index("outcome"), formula, WHOLE, "text", "strong")


__all__ = ["NOT_WHOLE", "TOTAL", "WHOLE", "Crowd", "crowds", "write_check", "write_total"]
