"""Rows while a case is evaluated: who is refused, who cannot be read, what is summed and shared.

A row is a plain list, for speed: its state, the row above, the numbers of the conditions that it fails, its id,
its path in the input, its object, the remarks that hold, and then its cells (facts, columns, lines, hidden values).
A row without a path stands for rows that could not be read: sums and shares meet it, and nobody is shown it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NoReturn

from jiangbu.money import allocate as share_out
from jiangbu.rules.emit import HoleStop, NoValueStop, SeriesStop, Stop, UnreadableStop

STATE, PARENT, FAILED, ID, PATH, OBJECT, NOTED = range(7)
FIRST_CELL = 7
FINE, REFUSED, UNREADABLE = 0, 1, 2

Row = list[Any]
Trouble = list[tuple[Row, str, str]]
"""What made rows unreadable while they were evaluated: the row, the code, and the check or series."""


class Poison:
    """A value that is not there: whatever touches it stops with the same reason.

    It may be copied from cell to cell; only arithmetic, comparison and lookup ask for a value.
    """

    __slots__ = ("_stop", "_word")

    def __init__(self, word: str, stop: Callable[[], Stop]) -> None:
        self._word, self._stop = word, stop

    def __repr__(self) -> str:
        return self._word

    def _ask(self, *_: Any) -> NoReturn:
        raise self._stop()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = _ask
    __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __index__ = __bool__ = _ask
    __eq__ = __ne__ = __hash__ = _ask


NOTHING = Poison("NOTHING", NoValueStop)
"""No value, because of a hole or a refusal."""

UNKNOWN = Poison("UNKNOWN", UnreadableStop)
"""No value, because something could not be read."""


def absent(value: Any) -> bool:
    """Whether a cell holds no value."""
    return value is NOTHING or value is UNKNOWN


def refuse(row: Row, code: int) -> None:
    """Refuse a row by one of the codes of its level."""
    row[FAILED].append(code)
    if row[STATE] == FINE:
        row[STATE] = REFUSED


def note(row: Row, remark: int) -> None:
    """Remember that a remark holds for a row."""
    row[NOTED] = (*(row[NOTED] or ()), remark)


def spoil(row: Row, trouble: Trouble, code: str, what: str) -> None:
    """Make a row unreadable, and remember why."""
    row[STATE] = UNREADABLE
    if row[PATH] is not None:
        trouble.append((row, code, what))


def stopped(stop: Stop, row: Row, slot: int, codes: dict[tuple[str, str], int], trouble: Trouble, what: str) -> None:
    """Leave a line without a value, and do to its row what the reason asks for."""
    row[slot] = NOTHING if isinstance(stop, HoleStop | NoValueStop) else UNKNOWN
    _consequence(stop, row, codes, trouble, what)


def undecided(stop: Stop, row: Row, codes: dict[tuple[str, str], int], trouble: Trouble, what: str) -> None:
    """A condition that cannot be decided: a hole refuses, a lack of value is silent, the unreadable spreads."""
    if isinstance(stop, UnreadableStop):
        row[STATE] = UNREADABLE
    _consequence(stop, row, codes, trouble, what)


def also(stop: Stop, row: Row, codes: dict[tuple[str, str], int], trouble: Trouble, what: str) -> None:
    """Add what else finds nothing in a formula that has stopped already: all reasons are listed, not the first."""
    _consequence(stop, row, codes, trouble, what)


def asked(value: Any) -> None:
    """Stop at a value that cannot be read; one that is only not there is no news in a formula that has stopped."""
    if value is UNKNOWN:
        raise UnreadableStop


def unread(stop: Stop, row: Row, slot: int = 0, deciding: bool = True) -> None:
    """Let what cannot be read go before what has no value: of the line at ``slot``, and of a row that waits for it."""
    if isinstance(stop, UnreadableStop):
        if slot:
            row[slot] = UNKNOWN
        if deciding:
            row[STATE] = UNREADABLE


def _consequence(stop: Stop, row: Row, codes: dict[tuple[str, str], int], trouble: Trouble, what: str) -> None:
    if isinstance(stop, HoleStop):
        code = codes[stop.origin, stop.table]
        if code not in row[FAILED]:
            refuse(row, code)
    elif isinstance(stop, SeriesStop):
        fact, level = (stop.fact.name, stop.fact.level) if stop.fact else ("", "")
        spoil(row, trouble, "outside-series", f"{what}|{stop.series}|{stop.day}|{fact}|{level}")


def spoil_rows(rows: Mapping[str, Sequence[Row]], paths: Collection[str]) -> None:
    """Make rows unreadable by their paths in the input; what stands below them is still counted within them."""
    for level in rows.values() if paths else ():
        for row in level:
            if row[PATH] in paths:
                row[STATE] = UNREADABLE


def newly_spoiled(found: Trouble, before: Collection[str]) -> dict[str, Trouble]:
    """Return, by path, what made rows unreadable that were not so before.

    A day outside a series comes first: a check may fail only because a sum still counted such a row. Parts that do not
    sum are found at the end and change nothing else.
    """
    for code in ("outside-series", "check"):
        new: dict[str, Trouble] = {}
        for item in found:
            if item[1] == code and item[0][PATH] not in before:
                new.setdefault(item[0][PATH], []).append(item)
        if new:
            return new
    return {}


def state_below(row: Row, climb: int) -> tuple[int, Row]:
    """Return the state of a row as the row ``climb`` levels above sees it, and that row.

    The highest row on the way that is not fine decides: below a refused row nothing else matters.
    """
    state, here = FINE, row
    for _ in range(climb):
        state = here[STATE] or state
        here = here[PARENT]
    return state, here


def aggregate(uppers: Sequence[Row], lowers: Sequence[Row], climb: int, op: str, element: int, slot: int) -> None:
    """Leave in each upper row the sum, count, largest or smallest over the rows below it that take part."""
    counting, summing = op == "count", op in ("sum", "count")
    for row in uppers:
        row[slot] = 0 if summing else None
    for row in lowers:
        state, upper = state_below(row, climb)
        before = upper[slot]
        if state == REFUSED or before is UNKNOWN:
            continue
        value = 1 if element < 0 else row[element]
        if state == UNREADABLE or value is UNKNOWN:
            upper[slot] = UNKNOWN
        elif value is NOTHING or before is NOTHING:
            upper[slot] = NOTHING
        elif summing:
            upper[slot] = before + (1 if value else 0) if counting else before + value
        elif before is None or (value > before if op == "largest" else value < before):
            upper[slot] = value
    for row in uppers:
        if row[slot] is None:
            row[slot] = 0


def allocate(
    holders: Sequence[Row],
    rows: Sequence[Row],
    climb: int,
    total: int,
    factor: int,
    weight: int,
    slot: int,
    code: int,
) -> None:
    """Share the total that each holder has among the rows below it, by weight."""
    groups: dict[int, list[tuple[int, Row]]] = {id(holder): [] for holder in holders}
    for row in rows:
        state, holder = state_below(row, climb)
        groups[id(holder)].append((state, row))
    for holder in holders:
        group = groups[id(holder)]
        _share(holder, group, holder[total], factor, weight, slot, code)


def _share(
    holder: Row, group: Sequence[tuple[int, Row]], total: Any, factor: int, weight: int, slot: int, code: int
) -> None:
    part = [row for state, row in group if state == FINE]
    lost: Any = None
    if absent(total):
        lost = total
    elif any(state == UNREADABLE for state, _ in group) or any(row[weight] is UNKNOWN for row in part):
        lost = UNKNOWN
    elif any(row[weight] is NOTHING for row in part):
        lost = NOTHING
    elif total and not any(row[weight] for row in part):
        refuse(holder, code)
        lost = NOTHING
    if lost is UNKNOWN:
        # Whether there is any weight to share by cannot be known, so the holder's own row stays undecided.
        holder[STATE] = UNREADABLE
    for state, row in group:
        row[slot] = NOTHING if state == REFUSED else lost
    if lost is None:
        shares = share_out(total * factor, [row[weight] for row in part])
        for row, share in zip(part, shares, strict=True):
            row[slot] = share
