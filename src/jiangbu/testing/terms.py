"""What the generator of tables knows of an expression that it has written: enough never to write a wrong one.

The knowledge is rougher than the reader's own (an interval may be wider, a denominator larger), so that what is
accepted here is accepted there.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

from attrs import evolve, frozen

NUMERIC = ("money", "number", "rate")
LARGEST_DEN = 10**18
LARGEST_SIZE = 60


@frozen
class Term:
    """An expression: its text, kind and level, the interval around its value and the grid that it stands on.

    ``level`` is the finest level of its names (empty: constants alone). ``reach`` are the levels whose refusals
    the value depends on; ``even`` says that it stands on a decimal grid, ``rounded`` that its line says to which.
    """

    text: str
    kind: str
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    den: int = 1
    level: str = ""
    reach: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    even: bool = True
    size: int = 1
    fact: bool = False
    rounded: bool = False

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def fits(self) -> bool:
        """Whether it is small enough to be built upon."""
        return self.size <= LARGEST_SIZE and self.den <= LARGEST_DEN and len(self.text) <= 500


ZERO, ONE = Fraction(0), Fraction(1)


def finest(parts: Iterable[Term], depth: dict[str, int]) -> str:
    """Return the finest level that the parts name."""
    return max((part.level for part in parts), key=lambda name: depth.get(name, -1), default="")


def joined(text: str, kind: str, parts: tuple[Term, ...], depth: dict[str, int], **known: object) -> Term:
    """Return an expression made of parts, with what follows from them alone."""
    made = Term(
        text,
        kind,
        level=finest(parts, depth),
        reach=frozenset().union(*(part.reach for part in parts)),
        even=all(part.even for part in parts),
        size=1 + sum(part.size for part in parts),
    )
    return evolve(made, **known)  # type: ignore[arg-type]


def common_den(parts: Iterable[Term]) -> int:
    """Return the denominator on which all parts stand."""
    return lcm(*(part.den for part in parts))


def product_ends(a: Term, b: Term) -> tuple[Fraction, Fraction]:
    """Return the interval around a product."""
    ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    return min(ends), max(ends)


def quotient_ends(a: Term, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Return the interval around a quotient whose divisor lies in [low, high], above zero."""
    ends = [x / y for x in (a.low, a.high) for y in (low, high)]
    return min(ends), max(ends)


def product_kind(a: Term, b: Term) -> str:
    """Return the kind of a product (rates multiply to a rate, money stays money)."""
    if "money" in (a.kind, b.kind):
        return "money"
    return "rate" if a.kind == b.kind == "rate" else "number"


def quotient_kind(a: Term, b: Term) -> str:
    """Return the kind of a quotient; a divisor of money takes money only."""
    if a.kind == "money":
        return "number" if b.kind == "money" else "money"
    return "rate" if a.kind == "rate" else "number"
