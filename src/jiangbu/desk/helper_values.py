"""What the helper cells of every row hold before anybody recalculates: the Python twin run over all rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jiangbu.desk.arranged import Arranged
from jiangbu.desk.decision import Decision
from jiangbu.desk.live.plan import Live
from jiangbu.desk.live.scratch import Row
from jiangbu.desk.live.twins import BLOCKS, PARENT
from jiangbu.rules.determination import Determination
from jiangbu.rules.scheme import Scheme

Values = Mapping[str, tuple[Row | None, ...]]
"""For each level, for each of its rows in order, the Python row; None where no formulas are written."""


def helper_values(live: Live, arranged: Mapping[str, Arranged], scheme: Scheme) -> Values:
    """Fill in the helper values of all rows that the rule was applied to."""
    found: dict[str, tuple[Row | None, ...]] = {}
    anyone: dict[str, list[Row]] = {}
    for level, rows in arranged.items():
        made = [_row(live, level, decision) for decision in rows.decisions]
        found[level] = tuple(row if _applied(one) else None for row, one in zip(made, rows.decisions, strict=True))
        anyone[level] = made
        of = scheme.tree.by_name[level].of
        for row, above in zip(made, rows.above, strict=True):
            row[PARENT] = anyone[of][above] if above >= 0 else [None] * live.widths[of] if of else None
        _hang(level, found[level], scheme)
        _number(live, level, found[level], rows, arranged, scheme)
    live.run({level: [row for row in rows if row is not None] for level, rows in found.items()})
    return found


def _applied(decision: Decision) -> bool:
    return decision.row is not None and decision.outcome not in ("unreadable", "set_aside")


def _row(live: Live, level: str, decision: Decision) -> Row:
    row: Row = [None] * live.widths[level]
    row[BLOCKS] = {}
    if _applied(decision):
        taken = _taken(decision)
        for given in live.sheets[level].inputs:
            row[given.slot] = given.turn(taken[given.at])
    return row


def _taken(decision: Decision) -> tuple[Any, ...]:
    """The facts of a row as whole numbers, flags and options."""
    assert decision.row is not None
    return decision.row.taken if isinstance(decision.row, Determination) else decision.row.data.facts


def _hang(level: str, rows: tuple[Row | None, ...], scheme: Scheme) -> None:
    """Let every row above know the rows below it."""
    for row in rows:
        upper = row[PARENT] if row is not None else None
        while upper is not None and upper[BLOCKS] is not None:
            upper[BLOCKS].setdefault(level, []).append(row)
            upper = upper[PARENT]


def _number(
    live: Live,
    level: str,
    rows: tuple[Row | None, ...],
    own: Arranged,
    arranged: Mapping[str, Arranged],
    scheme: Scheme,
) -> None:
    """Number the rows in the order of their ids, which decides ties of shares."""
    slot = live.sheets[level].order
    if slot < 0:
        return
    paths = []
    for at in range(len(rows)):
        path, here, name = [], at, level
        while here >= 0 and scheme.tree.by_name[name].of:
            path.append(arranged[name].decisions[here].case.id if name != level else own.decisions[here].case.id)
            here = (own if name == level else arranged[name]).above[here]
            name = scheme.tree.by_name[name].of
        paths.append((tuple(reversed(path)), at))
    for number, (_, at) in enumerate(sorted(paths), 1):
        row = rows[at]
        if row is not None:
            row[slot] = number
