"""A piece of a formula, written for the spreadsheet and for Python, and what it takes to stay exact in both.

A spreadsheet reckons in doubles. Whole numbers below 10^15 are exact there, and so are their sums and products as
long as those stay below; programs agree about nothing else. So every number is a whole number over a denominator
that is known, and what may grow beyond 10^15 is asked at run time.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm, prod

from attrs import frozen

LIMIT = 10**15
"""Whole numbers below this are exact in every spreadsheet program."""


@frozen
class Piece:
    """One expression as the spreadsheet writes it and as Python does.

    ``fails`` says that it may be an error value (a hole, a number too large); an ``atom`` needs no brackets and
    costs nothing to repeat. Cells stand in the text as ``⟨level:column⟩``, for the row of that level at hand.
    """

    sheet: str
    python: str
    fails: bool = False
    atom: bool = False

    @property
    def inner(self) -> tuple[str, str]:
        """Both texts, ready to stand inside an operation."""
        return (self.sheet, self.python) if self.atom else (f"({self.sheet})", f"({self.python})")


def whole(number: int) -> Piece:
    """A whole number as it is written."""
    return Piece(str(number), str(number), atom=number >= 0)


def truth(value: bool) -> Piece:
    return Piece("TRUE" if value else "FALSE", str(value), atom=True)


def text(value: str) -> Piece:
    """A text as it is written; quotes are doubled in a spreadsheet."""
    return Piece('"' + value.replace('"', '""') + '"', repr(value), atom=True)


def joined(operator: str, *parts: Piece, python: str = "") -> Piece:
    """An operation between parts: ``+ - * = <> < <= > >=``."""
    texts = [part.inner for part in parts]
    word = python or {"=": "==", "<>": "!="}.get(operator, operator)
    fails = any(part.fails for part in parts)
    return Piece(operator.join(one for one, _ in texts), word.join(other for _, other in texts), fails)


def called(name: str, *parts: Piece, python: str = "", fails: bool = False) -> Piece:
    """A function of parts; ``python`` names its twin."""
    sheet, twin = ",".join(part.sheet for part in parts), ",".join(part.python for part in parts)
    return Piece(f"{name}({sheet})", f"{python or name.lower()}({twin})", fails or any(p.fails for p in parts))


def chosen(test: Piece, then: Piece, other: Piece) -> Piece:
    """``IF``: only the branch taken is evaluated, in both languages."""
    fails = test.fails or then.fails or other.fails
    return Piece(
        f"IF({test.sheet},{then.sheet},{other.sheet})",
        f"({then.inner[1]} if {test.inner[1]} else {other.inner[1]})",
        fails,
    )


def both(*tests: Piece) -> Piece:
    """``and`` that stops at the first that does not hold, as the rule language does."""
    first, *rest = tests
    return chosen(first, both(*rest), truth(False)) if rest else first


def either(*tests: Piece) -> Piece:
    """``or`` that stops at the first that holds."""
    first, *rest = tests
    return chosen(first, truth(True), either(*rest)) if rest else first


def opposite(test: Piece) -> Piece:
    return Piece(f"NOT({test.sheet})", f"(not {test.inner[1]})", test.fails)


@frozen
class Symbol:
    """A whole number above zero that stands in a cell: of 规则表, where it may be changed, or of the row at hand.

    ``value`` is the largest that it may be as the rule stands, ``reach`` the largest that editing may make of it. One
    that is ``fixed`` stands on 规则表.
    """

    piece: Piece
    value: int
    reach: int
    fixed: bool = False


@frozen
class Den:
    """A denominator: a number known for good, times whole numbers that stand in cells."""

    number: int = 1
    symbols: tuple[Symbol, ...] = ()

    @property
    def value(self) -> int:
        """The largest that it may be as the rule stands."""
        return self.number * prod(symbol.value for symbol in self.symbols)

    @property
    def reach(self) -> int:
        """The largest that editing may make of it."""
        return self.number * prod(symbol.reach for symbol in self.symbols)

    def __mul__(self, other: Den) -> Den:
        return Den(self.number * other.number, self.symbols + other.symbols)

    def common(self, other: Den) -> Den:
        """A common multiple of both, whatever the cells hold."""
        more = list(other.symbols)
        for symbol in self.symbols:
            if symbol in more:
                more.remove(symbol)
        return Den(lcm(self.number, other.number), self.symbols + tuple(more))

    def over(self, other: Den) -> Den:
        """This divided by one of its divisors."""
        rest = list(self.symbols)
        for symbol in other.symbols:
            rest.remove(symbol)
        return Den(self.number // other.number, tuple(rest))

    @property
    def piece(self) -> Piece:
        """The denominator as it is written."""
        parts = [whole(self.number)] if self.number != 1 or not self.symbols else []
        parts += [symbol.piece for symbol in self.symbols]
        return parts[0] if len(parts) == 1 else joined("*", *parts)

    @property
    def one(self) -> bool:
        return self.number == 1 and not self.symbols

    @property
    def fixed(self) -> bool:
        """Whether it is the same for all rows."""
        return all(symbol.fixed for symbol in self.symbols)

    def needs_ratio(self, den: Den) -> bool:
        """Whether this cannot be divided by ``den`` as it is written."""
        rest = list(self.symbols)
        for symbol in den.symbols:
            if symbol not in rest:
                return True
            rest.remove(symbol)
        return bool(self.number % den.number)


@frozen
class Number:
    """A number: ``piece`` over ``den``.

    ``size`` is the largest absolute value of ``piece`` within the bounds of the facts and the rule as it stands,
    ``reach`` the largest that editing 规则表 may make of it, ``most`` the same of the number itself; ``negative``
    says that it may lie below zero.
    """

    piece: Piece
    den: Den
    size: int
    reach: int
    most: Fraction
    negative: bool = False

    @property
    def zero(self) -> bool:
        """Whether this is the 0 that stands in a formula."""
        return self.reach == 0


def fixed(value: Fraction) -> Number:
    """A number that is written into the formula itself."""
    size = abs(value.numerator)
    return Number(whole(value.numerator), Den(value.denominator), size, size, abs(value), value < 0)


def factor(den: Den) -> Number:
    """A denominator as a number to multiply by."""
    return Number(den.piece, Den(), den.value, den.reach, Fraction(den.reach))
