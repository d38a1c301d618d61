"""How a value reads in a cell, and how much room it takes there."""

from __future__ import annotations

import datetime
import unicodedata
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from jiangbu.desk.layout import Shown, number_format


def width_of(text: str) -> int:
    """The columns that a text takes, a Chinese character counting two; of several lines the widest.

    >>> width_of("金额"), width_of("120.00")
    (4, 6)
    """
    if "\n" not in text and text.isascii():
        return len(text)
    return _measured(text)


@lru_cache(maxsize=65_536)
def _measured(text: str) -> int:
    return max(len(line) if line.isascii() else sum(map(_width, line)) for line in text.split("\n"))


@lru_cache(maxsize=65_536)
def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def shown_text(value: Shown, form: str) -> str:
    """How a value reads in a cell of that form; used for widths, and for what is digested."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.date):
        return str(value)
    number = as_decimal(value)
    if form.startswith("rate"):
        return f"{number * 100:f}%"
    return f"{number:.2f}" if _has_decimals(form) else f"{number:f}"


@lru_cache(maxsize=64)
def _has_decimals(form: str) -> bool:
    return "." in number_format(form)


def as_decimal(value: Decimal | Fraction | int) -> Decimal:
    """A number for a cell: exact where it can be, a fraction with the 17 digits that a cell may hold."""
    if isinstance(value, Fraction):
        with localcontext(prec=17):
            return Decimal(value.numerator) / Decimal(value.denominator)
    return value if isinstance(value, Decimal) else Decimal(value)


def lines_of(text: str, width: int) -> int:
    """On how many lines a text stands in a column of that width."""
    room = width + 1
    return sum(max(-(-width_of(line) // room), 1) for line in text.split("\n"))
