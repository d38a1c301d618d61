"""Rows after evaluation → what a determination keeps of them, and what made rows unreadable as problems."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from jiangbu.errors import Problem
from jiangbu.rules.rows import (
    FAILED,
    FIRST_CELL,
    ID,
    NOTED,
    OBJECT,
    PARENT,
    PATH,
    STATE,
    UNKNOWN,
    UNREADABLE,
    Row,
    absent,
)
from jiangbu.rules.stored import RowData
from jiangbu.rules.told import shown
from jiangbu.rules.tree import Name, walk

if TYPE_CHECKING:
    from jiangbu.rules.door import Taken
    from jiangbu.rules.scheme import Scheme


def collect(scheme: Scheme, taken: Taken) -> RowData:
    """Return the case as stored, from its evaluated rows."""
    below: dict[int, dict[str, list[Row]]] = {}
    for name, rows in taken.rows.items():
        for row in rows:
            if row[PARENT] is not None and row[PATH] is not None:
                below.setdefault(id(row[PARENT]), {}).setdefault(name, []).append(row)
    root = scheme.tree.root
    return _collect(scheme, taken, below, root, taken.rows[root][0], False)


def _collect(
    scheme: Scheme, taken: Taken, below: dict[int, dict[str, list[Row]]], level: str, row: Row, lost: bool
) -> RowData:
    layout = scheme.program.layouts[level]
    start = FIRST_CELL + len(layout.columns)
    middle = start + len(layout.facts)
    end = middle + len(layout.lines)
    pay = scheme.program.cells[level].get(scheme.pays) if level == scheme.pay_level else None
    lost = lost or row[STATE] == UNREADABLE or (pay is not None and row[pay] is UNKNOWN)
    inner = below.get(id(row), {})
    return RowData(
        row[ID],
        _kept(row[start:middle]),
        _kept(row[middle:end]),
        tuple(sorted(row[FAILED])),
        _kept(row[FIRST_CELL:start]),
        tuple(
            tuple(_collect(scheme, taken, below, name, item, lost) for item in inner.get(name, ()))
            for name in layout.below
        ),
        taken.assumed.get(id(row), ()),
        tuple(row[NOTED] or ()),
        lost,
        tuple(taken.aside.get(id(row), ())),
        row[OBJECT],
    )


def _kept(cells: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(None if absent(cell) else cell for cell in cells)


def troubles(scheme: Scheme, found: Iterable[tuple[Row, str, str]]) -> Iterable[Problem]:
    """Yield what made rows unreadable while they were evaluated."""
    for row, code, what in found:
        if code == "check":
            yield _check(scheme, row, what)
        elif code == "parts":
            parts = " + ".join(scheme.parts)
            yield Problem("parts", row[PATH] + what, f"{parts} is another sum", f"the sum is {what}", "mend the table")
        else:
            line, series, day, fact, level = what.split("|")
            path = _row_of(scheme, row, level)[PATH] + fact if fact else row[PATH] + line
            yield _outside(scheme, path, series, int(day))


def _check(scheme: Scheme, row: Row, name: str) -> Problem:
    check = scheme.checks[name]
    cells = scheme.program.cells
    layouts = scheme.program.layouts
    facts = {}
    for node in walk(check.tree) if check.tree is not None else ():
        if isinstance(node, Name) and node.of == "fact" and node.level == check.level:
            slot = next(slot for slot in layouts[check.level].facts if slot.name == node.name)
            cell = row[cells[check.level][node.name]]
            facts[node.name] = "—" if absent(cell) else shown(slot, cell)
    found = ", ".join(f"{key} = {value}" for key, value in facts.items()) or name
    return Problem("check", row[PATH] + check.name, found, check.otherwise, "the facts contradict one another")


def _outside(scheme: Scheme, path: str, series: str, day: int) -> Problem:
    known = next(item for item in (*scheme.series.values(), *_gate_series(scheme)) if item.id == series)
    first, last = date.fromordinal(known.days[0]), date.fromordinal(known.complete_until)
    return Problem(
        "outside-series",
        path,
        date.fromordinal(day).isoformat(),
        f"a day that the series {series} covers, {first} … {last}",
        "add the later rows to the series",
    )


def _row_of(scheme: Scheme, row: Row, level: str) -> Row:
    """Return the row of a level that a row is, or stands in."""
    chain = [row]
    while chain[-1][PARENT] is not None:
        chain.append(chain[-1][PARENT])
    return chain[-len(scheme.tree.chain(level))]


def _gate_series(scheme: Scheme) -> Iterable[Any]:
    return scheme.gate.series.values() if scheme.gate is not None else ()
