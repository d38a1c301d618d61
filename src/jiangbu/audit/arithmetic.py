"""Rounding, dividing among rows, and dates, each written in its plainest form."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any


def rounded(value: Fraction, step: Fraction, mode: str) -> Fraction:
    """Return ``value`` rounded to a multiple of ``step``; half goes away from zero, down toward it, up away.

    >>> rounded(Fraction("-2.345"), Fraction("0.01"), "half-up")
    Fraction(-47, 20)
    """
    steps = abs(value) / step
    match mode:
        case "half-up":
            whole = math.floor(steps + Fraction(1, 2))
        case "down":
            whole = math.floor(steps)
        case "up":
            whole = math.ceil(steps)
        case _:
            raise ValueError(f"unknown rounding mode {mode!r}")
    return whole * step if value >= 0 else -whole * step


def allocated(total: Fraction, weights: Sequence[Fraction], unit: Fraction) -> list[Fraction] | None:
    """Divide ``total`` by ``weights`` into multiples of ``unit`` that sum to it exactly; None over no weight.

    The units left over go one each to the largest remainders, at a tie to the one that stands first.

    >>> [int(share) for share in allocated(Fraction(10), [Fraction(1)] * 3, Fraction(1)) or ()]
    [4, 3, 3]
    """
    if (total / unit).denominator != 1:
        raise ValueError(f"{total} is no whole number of units of {unit}")
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is below zero")
    if total == 0:
        return [Fraction(0)] * len(weights)
    if sum(weights) == 0:
        return None
    units = abs(total / unit)
    quotas = [units * weight / sum(weights) for weight in weights]
    counts = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(weights)), key=lambda place: counts[place] - quotas[place])
    for place in by_remainder[: int(units) - sum(counts)]:
        counts[place] += 1
    return [count * unit if total > 0 else -count * unit for count in counts]


def later(day: date, months: int) -> date:
    """Return the day ``months`` later; where that month has no such day, its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months(start: date, end: date) -> int:
    """Return the largest n with ``later(start, n) <= end``; -months(end, start) where ``start`` is later.

    >>> months(date(2024, 1, 31), date(2024, 2, 29)), months(date(2024, 2, 29), date(2024, 1, 30))
    (1, -1)
    """
    if start > end:
        return -months(end, start)
    count = 0
    while later(start, count + 1) <= end:
        count += 1
    return count


def of_days(function: str, args: Sequence[Any]) -> Fraction | date:
    """Return what one of the functions of formulas that take days gives; months and days to add are whole numbers.

    >>> of_days("days", [date(2024, 2, 28), date(2024, 3, 1)])
    Fraction(2, 1)
    """
    match function, args:
        case "days", [start, end]:
            return Fraction((end - start).days)
        case "months", [start, end]:
            return Fraction(months(start, end))
        case "later", [day, count]:
            return later(day, _whole(count))
        case "after", [day, count]:
            return date.fromordinal(day.toordinal() + _whole(count))
        case "year", [day]:
            return Fraction(day.year)
    raise ValueError(f"{function} does not take {len(args)} values")


def _whole(count: Fraction) -> int:
    if count.denominator != 1:
        raise ValueError(f"{count} is no whole number")
    return int(count)
