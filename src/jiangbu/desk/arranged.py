"""How the rows of the sheets of a calculated workbook hang together, in the order in which they are written.

A calculation has its finer rows sorted by the rows above them, so that what lies below a row is one block of cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from jiangbu.desk.calculation import Calculation
from jiangbu.desk.decision import Decision
from jiangbu.rules.scheme import Scheme

TABLE = "测算表"
_TAKEN = ("汇总", TABLE, "规则表", "不予支持", "数据问题", "依据", "公示表", "兑付表")
_BANNED = str.maketrans("", "", "[]:*?/\\'")
LONGEST_NAME = 31


@frozen
class Arranged:
    """The rows of one level in order; for each the place of the row above it (−1: none), and of its upper rows."""

    level: str
    decisions: tuple[Decision, ...]
    above: tuple[int, ...]


def sheet_names(scheme: Scheme) -> dict[str, str]:
    """The names of the sheets of a calculated workbook by level; the paid one is 测算表."""
    names: dict[str, str] = {}
    for level, item in scheme.tree.by_name.items():
        if level == scheme.pay_level:
            names[level] = TABLE
            continue
        name = (item.label or level).translate(_BANNED)[: LONGEST_NAME - 2] or level
        names[level] = f"{name}表" if name in (*_TAKEN, *names.values()) else name
    return names


def arrange(calculation: Calculation) -> Mapping[str, Arranged]:
    """The rows of all levels, each with the place of the row above it."""
    scheme, found = calculation.scheme, dict[str, Arranged]()
    for level, item in scheme.tree.by_name.items():
        rows = calculation.decisions if level == scheme.pay_level else calculation.levels[level]
        above = _places(rows, found[item.of].decisions) if item.of else (-1,) * len(rows)
        found[level] = Arranged(level, tuple(rows), tuple(above))
    return found


def _places(rows: Sequence[Decision], uppers: Sequence[Decision]) -> tuple[int, ...]:
    """Where each row's parent stands among the rows above; −1 where it names none."""
    by_id: dict[str, int] = {}
    for at, upper in enumerate(uppers):
        by_id.setdefault(upper.case.id, at)
    only = 0 if len(uppers) == 1 else -1
    return tuple(by_id.get(row.case.parent, -1) if row.case.parent else only for row in rows)


def spans(arranged: Mapping[str, Arranged], scheme: Scheme, upper: str, lower: str) -> list[tuple[int, int]]:
    """For each row of a level the places of the first and last row of a level below it; (0, −1) where none is."""
    found = [(0, -1)] * len(arranged[upper].decisions)
    for at in range(len(arranged[lower].decisions)):
        here, level = at, lower
        while level != upper and here >= 0:
            here, level = arranged[level].above[here], scheme.tree.by_name[level].of
        if here >= 0:
            first, last = found[here]
            found[here] = (min(first, at) if last >= 0 else at, at)
    return found
