"""How the second opinion reads what is written: numbers, rates, days and the words of boundaries.

It shares no code with the evaluator and its door on purpose: two readers that were written apart and agree
are worth more than one that is used twice.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

Value = Fraction | bool | date | str

NUMERIC = frozenset({"money", "number", "rate"})
DECIMALS = {"money": 2, "number": 0, "rate": 6}
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
LONGEST_TEXT = 1000
# Beyond 10^60 no amount of money lives, and a written exponent could ask for gigabytes of digits.
WIDEST_EXPONENT = 60
WIDEST_INTEGER = 3320

# 以上 and 以下 include the number, 超过 and 不满 do not (Civil Code 1259); `is` is equality.
BOUNDARY_WORDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
    "is": operator.eq,
}
STEPS = {
    "fen": Fraction(1, 100),
    "jiao": Fraction(1, 10),
    "yuan": Fraction(1),
    "百元": Fraction(100),
    "千元": Fraction(1000),
    "万元": Fraction(10_000),
}

_LARGE = {None: 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_SMALL = {None: 1, "%": 100, "‰": 1000}
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(万亿|万|亿)?")
_RATE = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)([%‰])?")
_RATIO = re.compile(r"(-?[0-9]+)/([0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Unread(Exception):
    """A value that cannot be taken; ``code`` is the code of the problem."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@frozen
class Boundary:
    """One word of a boundary with the value it stands before, as in ``at_least 50``."""

    word: str
    value: Value

    def holds(self, value: Value) -> bool:
        """Say whether ``value`` lies on the boundary's side."""
        return BOUNDARY_WORDS[self.word](value, self.value)


def boundaries(entry: Mapping[str, object], kind: str) -> tuple[Boundary, ...]:
    """Return the boundaries that a fact or a row of a lookup table writes, values read by ``kind``."""
    return tuple(Boundary(word, literal(entry[word], kind)) for word in BOUNDARY_WORDS if word in entry)


def literal(value: object, kind: str) -> Value:
    """Read a value as a rule table writes it; raise ``ValueError`` where it is none of that kind.

    >>> literal("1.5亿", "money"), literal("2‰", "rate"), literal("2/37", "rate")
    (Fraction(150000000, 1), Fraction(1, 500), Fraction(2, 37))
    """
    match kind, value:
        case "flag", bool():
            return value
        case "choice" | "text", str():
            return value
        case "date", date() if not isinstance(value, datetime):
            return value
        case "date", str():
            return date.fromisoformat(value)
        case "money" | "number" | "rate", int() | Decimal() if not isinstance(value, bool):
            return Fraction(value)
        case "money" | "number" | "rate", str() if found := _NUMBER.fullmatch(value):
            return Fraction(found[1]) * _LARGE[found[2]]
        case "number" | "rate", str() if found := _RATIO.fullmatch(value):
            return Fraction(int(found[1]), int(found[2]))
        case "number" | "rate", str() if found := _RATE.fullmatch(value):
            return Fraction(found[1]) / _SMALL[found[2]]
    raise ValueError(f"{value!r} is no {kind} as tables write it")


def plain_text(value: object) -> str:
    """Return a text as the door takes it, in NFC, or raise `Unread`: too long, or with control characters."""
    if not isinstance(value, str):
        raise Unread("kind")
    if len(value) > LONGEST_TEXT or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in value):
        raise Unread("text")
    return unicodedata.normalize("NFC", value)


def at_the_door(value: object, kind: str, decimals: int, options: Mapping[str, str]) -> Value:
    """Read a fact's value as a caller gives it, or raise `Unread` with the problem's code.

    ``decimals`` are the places that a numeric fact declares: more are refused, never rounded.
    """
    match kind:
        case "flag":
            if not isinstance(value, bool):
                raise Unread("kind")
            return value
        case "choice":
            return _option(plain_text(value), options)
        case "date":
            return _day(value)
    number = _exact(value, kind)
    if (number * 10**decimals).denominator != 1:
        raise Unread("decimals")
    return number


def _option(text: str, options: Mapping[str, str]) -> str:
    if text in options:
        return text
    for name, label in options.items():
        if text == label:
            return name
    raise Unread("option")


def _day(value: object) -> date:
    if isinstance(value, datetime):
        raise Unread("date")
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise Unread("kind")
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Unread("date")


def _exact(value: object, kind: str) -> Fraction:
    if isinstance(value, float):
        raise Unread("float")
    if isinstance(value, Decimal):
        if value.is_finite() and value and abs(value.adjusted()) > WIDEST_EXPONENT:
            raise Unread("bounds" if value.adjusted() > 0 else "decimals")
        if not value.is_finite() or abs(value.adjusted()) > WIDEST_EXPONENT or len(str(value)) > LONGEST_TEXT:
            raise Unread("kind")
        return Fraction(value)
    if isinstance(value, int) and not isinstance(value, bool) and kind != "rate":
        if value.bit_length() > WIDEST_INTEGER:
            raise Unread("bounds")
        return Fraction(value)
    text = plain_text(value)
    if kind == "rate":
        if found := _RATE.fullmatch(text):
            return Fraction(found[1]) / _SMALL[found[2]]
    elif found := _NUMBER.fullmatch(text):
        return Fraction(found[1]) * _LARGE[found[2]]
    raise Unread("text")
