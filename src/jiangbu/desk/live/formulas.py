"""The checked tree of a formula as pieces: one handler for each kind of node, by the kind of value that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from attrs import define, field

from jiangbu.desk.live.choices import text_of
from jiangbu.desk.live.faults import PRECISION
from jiangbu.desk.live.pieces import LIMIT, Den, Number, Piece, called, factor, fixed, joined, text, truth
from jiangbu.desk.live.rules import Rules
from jiangbu.desk.live.scratch import Scratch
from jiangbu.rules.tree import Literal_, Name, Node

LONG = 240
"""A piece of more characters gets a cell of its own, so that formulas stay short enough to be read."""

Handler = Callable[["Formulas", Any], Any]


@define
class Formulas:
    """What a formula is compiled with: where it stands, the values that it may name, and where helpers go.

    ``label`` heads the helper cells; ``hidden`` holds sums and shares over rows, by the identity of their node.
    """

    rules: Rules
    scratch: Scratch
    numbers: Mapping[type, Handler]
    flags: Mapping[type, Handler]
    plains: Mapping[type, Handler]
    level: str = ""
    origin: str = ""
    label: str = ""
    values: dict[str, Number | Piece] = field(factory=dict)
    hidden: dict[int, Number] = field(factory=dict)

    def number(self, node: Node) -> Number:
        """The number that a node gives."""
        result: Number = self.numbers[type(node)](self, node)
        return result

    def flag(self, node: Node) -> Piece:
        """The condition that a node gives."""
        result: Piece = self.flags[type(node)](self, node)
        return result

    def plain(self, node: Node) -> Piece:
        """The day, choice or text that a node gives."""
        result: Piece = self.plains[type(node)](self, node)
        return result

    def keep(self, piece: Piece, label: str = "") -> Piece:
        """Give a piece a helper cell in the row at hand."""
        return self.scratch.keep(self.level, piece, f"{self.label} {label}".strip())

    def brief(self, piece: Piece) -> Piece:
        """A piece as it is, or, if it is long, its cell."""
        return self.keep(piece) if len(piece.sheet) > LONG else piece

    def cellular(self, number: Number, label: str = "") -> Number:
        """A number whose piece stands in a cell."""
        return _with(number, self.keep(number.piece, label))

    def made(
        self, parts: tuple[Number, ...], build: Callable[..., Piece], den: Den, size: int, reach: int, most: Fraction,
        negative: bool,
    ) -> Number:  # fmt: skip
        """Put numbers together, asking at run time whether the result is exact where it might not be."""
        if reach < LIMIT:
            piece = self.brief(build(*(part.piece for part in parts)))
            return Number(piece, den, size, reach, most, negative)
        piece = self.guarded(build(*(self.keep(part.piece) for part in parts)))
        return Number(piece, den, min(size, LIMIT - 1), LIMIT - 1, most, negative)

    def guarded(self, piece: Piece, limit: str = "1E+15") -> Piece:
        """A cell that holds a whole number, or an error value where it is too large to be exact."""
        sheet = f"IF(ABS({piece.sheet})<{limit},{piece.sheet},{PRECISION.formula})"
        return self.keep(Piece(sheet, f"exact({piece.python})", fails=True))

    def product(self, a: Number, b: Number) -> Number:
        """A product of two numbers."""
        if b.den.one and b.piece.sheet == "1":
            return a
        if a.den.one and a.piece.sheet == "1":
            return b
        return self.made(
            (a, b), lambda x, y: joined("*", x, y), a.den * b.den, a.size * b.size, a.reach * b.reach,
            a.most * b.most, a.negative or b.negative,
        )  # fmt: skip

    def scaled(self, number: Number, den: Den) -> Number:
        """A number over a multiple of its denominator."""
        times = self.rules.denominators.over(den, number.den) if not number.zero else Den()
        if times.one:
            return Number(number.piece, den, number.size, number.reach, number.most, number.negative)
        result = self.product(number, factor(times))
        return Number(result.piece, den, result.size, result.reach, number.most, number.negative)

    def level_with(self, *numbers: Number) -> tuple[Number, ...]:
        """Numbers brought to one denominator."""
        den = self.rules.denominators.all_of([number.den for number in numbers if not number.zero])
        return tuple(self.scaled(number, den) for number in numbers)

    def total(self, parts: list[tuple[int, Number]]) -> Number:
        """A sum of numbers over one denominator, each with its sign."""
        first = parts[0][1]

        def build(*pieces: Piece) -> Piece:
            result = pieces[0] if parts[0][0] > 0 else joined("-", Piece("0", "0", atom=True), pieces[0])
            for (sign, _), piece in zip(parts[1:], pieces[1:], strict=True):
                result = joined("+" if sign > 0 else "-", result, piece)
            return result

        if len(parts) == 1 and parts[0][0] > 0:
            return first
        return self.made(
            tuple(part for _, part in parts), build, first.den, sum(part.size for _, part in parts),
            sum(part.reach for _, part in parts), sum((part.most for _, part in parts), Fraction(0)),
            any(sign < 0 or part.negative for sign, part in parts),
        )  # fmt: skip


def _with(number: Number, piece: Piece) -> Number:
    return Number(piece, number.den, number.size, number.reach, number.most, number.negative)


def numeric_literal(f: Formulas, node: Literal_) -> Number:
    assert isinstance(node.value, Fraction)
    return fixed(node.value)


def numeric_name(f: Formulas, node: Name) -> Number:
    value = named(f, node)
    assert isinstance(value, Number)
    return value


def named(f: Formulas, node: Name) -> Number | Piece:
    """The value of a fact, line or constant."""
    if node.of == "constant":
        return f.rules.constants[f.origin, node.name]
    return f.values[node.name]


def plain_literal(f: Formulas, node: Literal_) -> Piece:
    assert isinstance(node.value, str)
    return text(text_of(f.rules.names, node.value))


def plain_name(f: Formulas, node: Name) -> Piece:
    value = named(f, node)
    assert isinstance(value, Piece)
    return value


def flag_literal(f: Formulas, node: Literal_) -> Piece:
    return truth(bool(node.value))


def smallest_of(*pieces: Piece) -> Piece:
    return called("MIN", *pieces)


def largest_of(*pieces: Piece) -> Piece:
    return called("MAX", *pieces)
