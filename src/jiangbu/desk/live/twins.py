"""The spreadsheet's functions as Python has them: what the twin of a formula calls."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jiangbu.dates import later_ordinal, months_ordinal
from jiangbu.desk.live.faults import PRECISION, Fault, exact, fail, sound

PARENT, BLOCKS, FIRST_SLOT = 0, 1, 2
"""A row in Python is a list: the row above it, its rows below by level, then its values."""

DAY_ZERO = 693_594
"""The ordinal of a spreadsheet's day 0; serial numbers agree with the calendar from 1 March 1900."""


def later(serial: int, months: int) -> int:
    """The day so many months later, as a serial number."""
    return later_ordinal(serial + DAY_ZERO, months) - DAY_ZERO


def months(a: int, b: int) -> int:
    """The whole months between two serial numbers."""
    return months_ordinal(a + DAY_ZERO, b + DAY_ZERO)


def year(serial: int) -> int:
    return datetime.date.fromordinal(serial + DAY_ZERO).year


def quotient(top: int, by: int) -> int:
    """The quotient rounded down; by zero an error value, as in a spreadsheet."""
    return top // by if by else fail(PRECISION.number)


def hits(tests: Sequence[Any], keys: Sequence[Any]) -> bool:
    """Whether a row of a table covers the keys: numbers between two codes, others by their text."""
    for test, key in zip(tests, keys, strict=True):
        if isinstance(test, tuple):
            if not test[0] <= key < test[1]:
                return False
        elif test and test != key:
            return False
    return True


def number_of(rows: Sequence[Sequence[Any]], keys: Sequence[Any]) -> int:
    """The number of the row that covers the keys, 0 if none does."""
    for number, tests in enumerate(rows, 1):
        if hits(tests, keys):
            return number
    return 0


def in_bands(bands: Sequence[Any], keys: Sequence[Any], x: int, base: int, rest: int) -> int:
    """The progressive sum up to ``x`` over bands of (start, end, slope, tests of the other keys)."""
    total = covered = 0
    for start, end, slope, tests in bands:
        if x > start and end > start and hits(tests, keys):
            length = min(x, end) - start
            covered += length
            total += length * slope
    return total + (max(x - base, 0) - covered) * rest


def below(row: list[Any], level: str, slot: int) -> list[Any]:
    """The values of a helper cell in all rows of a level below a row, without the empty ones."""
    found = (inner[slot] for inner in row[BLOCKS].get(level, ()))
    return [sound(value) for value in found if value is not None]


def extreme(pick: Callable[..., int], values: Sequence[int]) -> int:
    """The largest or smallest of some values; 0 of none, as a spreadsheet has it."""
    return pick(values) if values else 0


def exact_sum(values: Sequence[int]) -> int:
    """A sum, or an error value where its parts together are too large."""
    exact(sum(map(abs, values)))
    return sum(values)


def large(values: Sequence[int], place: int) -> int:
    """The value at a place, the largest first, or an error value."""
    return sorted(values, reverse=True)[place - 1] if 0 < place <= len(values) else fail(PRECISION.number)


def above(values: Sequence[int], edge: int) -> int:
    """How many values lie above an edge."""
    return sum(value > edge for value in values)


def tied(values: Sequence[int], value: int, orders: Sequence[int], order: int) -> int:
    """How many rows with the same value come earlier."""
    return sum(one == value and place < order for one, place in zip(values, orders, strict=True))


SPACE: Mapping[str, Any] = {
    "__builtins__": {},
    "min": min,
    "max": max,
    "abs": abs,
    "sum": sum,
    "len": len,
    "sorted": sorted,
    "isinstance": isinstance,
    "Fault": Fault,
    "fail": fail,
    "sound": sound,
    "exact": exact,
    "quotient": quotient,
    "later": later,
    "months": months,
    "year": year,
    "number_of": number_of,
    "bisect": bisect_right,
    "in_bands": in_bands,
    "below": below,
    "summed": sum,
    "extreme": extreme,
    "exact_sum": exact_sum,
    "large": large,
    "above": above,
    "tied": tied,
}
