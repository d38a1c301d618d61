"""One fact at the door: a value as a user gives it → the integer, flag or option that the evaluator holds, and back."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jiangbu.errors import MoneyError
from jiangbu.money import LARGEST_BITS, LARGEST_EXPONENT, read_rate, read_scaled, scaled_to_decimal, to_scaled
from jiangbu.rules.door.faults import DoorFault, clean_text
from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.kinds import BadValue, read_day
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Fact


def reader_of(fact: Fact) -> Callable[[Any], Cell]:
    """Return what reads one fact into its integer, flag or option; it raises ``DoorFault``."""
    if fact.kind == "flag":
        return _flag
    if fact.kind == "choice":
        return _choice(fact)
    assert fact.bounds is not None
    low, high = fact.bounds.grid(fact.den)
    expected = bounds_in_words(fact)
    if fact.kind == "date":
        return _bounded(_ordinal, low, high, expected)
    read = _rate(fact.decimals, expected) if fact.kind == "rate" else _number(fact.kind, fact.decimals, expected)
    return _bounded(read, low, high, expected)


def bounds_in_words(fact: Fact) -> str:
    """Say which values a fact may have."""
    bounds = fact.bounds
    if bounds is None:
        return "true or false" if fact.kind == "flag" else "one of " + ", ".join(fact.options)
    low, high = (_in_words(fact, end) for end in (bounds.low, bounds.high))
    words = "more than" if bounds.low_open else "at least", "less than" if bounds.high_open else "at most"
    return f"{words[0]} {low}, {words[1]} {high}"


def _in_words(fact: Fact, value: Fraction) -> str:
    if fact.kind == "date":
        return date.fromordinal(int(value)).isoformat()
    if fact.kind == "rate":
        return f"{value * 100}%" if (value * 100).denominator == 1 else str(value)
    unit = "元" if fact.kind == "money" else fact.unit
    return (
        str(value) if value.denominator == 1 else str(scaled_to_decimal(int(value * fact.den), fact.decimals))
    ) + unit


def _bounded(read: Callable[[Any], int], low: int, high: int, expected: str) -> Callable[[Any], int]:
    def bounded(value: Any) -> int:
        n = read(value)
        if not low <= n <= high:
            raise DoorFault("bounds", value, expected)
        return n

    return bounded


def _number(kind: str, decimals: int, expected: str) -> Callable[[Any], int]:
    what = "an amount in yuan" if kind == "money" else "a number"

    def number(value: Any) -> int:
        try:
            return read_scaled(value, decimals)
        except MoneyError as error:
            raise _far_off(value, expected) or _door(error, value, what) from None

    return number


def _rate(decimals: int, expected: str) -> Callable[[Any], int]:
    def rate(value: Any) -> int:
        try:
            return to_scaled(read_rate(value), decimals)
        except MoneyError as error:
            far_off = _far_off(value, expected) if isinstance(value, Decimal) else None
            raise far_off or _door(error, value, "a rate") from None

    return rate


def _far_off(value: object, expected: str) -> DoorFault | None:
    """Return the fault of a number that is too large or too small to be spelt out: it is a number all the same."""
    if isinstance(value, Decimal) and value.is_finite() and value:
        if value.adjusted() > LARGEST_EXPONENT:
            return DoorFault("bounds", value, expected)
        if value.adjusted() < -LARGEST_EXPONENT:
            return DoorFault("decimals", value, expected, "nothing is rounded at the door")
    if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
        return DoorFault("bounds", value, expected)
    return None


def _door(error: MoneyError, value: object, what: str) -> DoorFault:
    return DoorFault(error.reason, value, error.expected or what, error.remedy)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise DoorFault("kind", value, "true or false")


def choice_names(fact: Fact) -> dict[str, str]:
    """Return the option that each name and each label means; a name comes before a label that looks like it."""
    options = reversed(list(fact.options.items()))
    labels = {unicodedata.normalize("NFC", label): name for name, label in options}
    return labels | {name: name for name in fact.options}


def _choice(fact: Fact) -> Callable[[Any], str]:
    names = choice_names(fact)
    options = ", ".join(f"{name} ({label})" for name, label in fact.options.items())

    def choice(value: Any) -> str:
        text = clean_text(value, "one of " + options)
        if text not in names:
            raise DoorFault("option", value, "one of " + options, did_you_mean(text, names))
        return names[text]

    return choice


def _ordinal(value: Any) -> int:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    if not isinstance(value, str | date):
        raise DoorFault("kind", value, "a day", "give a date or ISO text such as 2024-12-31")
    try:
        return read_day(value).toordinal()
    except BadValue as error:
        raise DoorFault("date", value, error.expected, error.remedy) from None


def default_cell(fact: Fact) -> Cell:
    """Return a fact's default as the evaluator holds it."""
    value = fact.default
    if isinstance(value, Fraction):
        return int(value * fact.den)
    assert value is not None
    return value


def as_given(slot_kind: str, den: int, cell: Cell) -> Any:
    """Return a fact as a user would give it: Decimal, flag, date, or the option's name."""
    if slot_kind in ("flag", "choice", "text"):
        return cell
    assert isinstance(cell, int)
    if slot_kind == "date":
        return date.fromordinal(cell)
    places = len(str(den)) - 1
    return scaled_to_decimal(cell, places) if den == 10**places else Fraction(cell, den)
