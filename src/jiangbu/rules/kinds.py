"""The kinds of value a rule table knows, their grids, and how a value is written in a table.

Inside, a numeric value is an integer over a denominator known on load, in yuan for money (so rounded money is
fen over 100), and a date is its proleptic ordinal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal

from attrs import frozen

from jiangbu.errors import MoneyError
from jiangbu.money import read_number, read_rate
from jiangbu.rules.findings import did_you_mean, shown

Kind = Literal["money", "number", "rate", "flag", "choice", "date", "text"]
NUMERIC: frozenset[str] = frozenset({"money", "number", "rate"})
ORDERED: frozenset[str] = NUMERIC | {"date"}
DECIMALS: Mapping[str, int] = {"money": 2, "number": 0, "rate": 6}
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
SCHEME_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")

Value = Fraction | bool | str
"""A value as the checker holds it: numbers and dates (ordinals) as Fraction, flags as bool, choices as str."""


@frozen
class Bounds:
    """The range of a value: money in yuan, dates as ordinals; an open end excludes its number."""

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    def grid(self, den: int) -> tuple[int, int]:
        """Return the least and the greatest integer n for which n/den lies inside."""
        low = floor(self.low * den) + 1 if self.low_open else ceil(self.low * den)
        high = ceil(self.high * den) - 1 if self.high_open else floor(self.high * den)
        return low, high

    def __contains__(self, value: Fraction) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below


class BadValue(Exception):
    """A literal of a table that cannot be read: what was found, what was expected, how to mend it."""

    def __init__(self, found: object, expected: str, remedy: str = "", *, code: str = "bad-value") -> None:
        self.found, self.expected, self.remedy, self.code = shown(found), expected, remedy, code
        super().__init__(f"found {self.found}; expected {expected}")


def read_day(value: object) -> date:
    """Read a day as tables and JSON write it: a date, or ISO text such as ``2024-12-31``."""
    if isinstance(value, datetime):
        raise BadValue(value, "a day without a time of day", "write 2024-12-31")
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise BadValue(value, "a day that the calendar has") from None
    raise BadValue(value, "a day", "write 2024-12-31")


def read_literal(kind: str, value: Any, options: Mapping[str, str] | None = None) -> Value:
    """Read one literal of a rule table as the exact value of its kind."""
    try:
        if kind in ("money", "number"):
            return read_number(value)
        if kind == "rate":
            return read_rate(value, ratio=True)
    except MoneyError as error:
        raise BadValue(value, error.expected, error.remedy) from None
    if kind == "date":
        return Fraction(read_day(value).toordinal())
    if kind == "flag":
        if isinstance(value, bool):
            return value
        raise BadValue(value, "true or false")
    if kind == "choice":
        if isinstance(value, str) and options and value in options:
            return value
        known = list(options or ())
        code = "unknown-name" if isinstance(value, str) else "bad-value"
        raise BadValue(value, "one of " + ", ".join(known), did_you_mean(str(value), known), code=code)
    if isinstance(value, str):
        return value
    raise BadValue(value, "text")


def decimals_of(value: Fraction) -> int:
    """Return the fewest decimal places that show the value exactly; −1 if none do."""
    places, den = 0, value.denominator
    while den % 10 == 0:
        den //= 10
        places += 1
    twos = fives = 0
    while den % 2 == 0:
        den //= 2
        twos += 1
    while den % 5 == 0:
        den //= 5
        fives += 1
    return places + max(twos, fives) if den == 1 else -1
