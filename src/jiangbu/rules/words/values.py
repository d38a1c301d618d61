"""The value of any part of a formula for one row, so that a sentence can show the numbers inside.

A small interpreter over exact fractions, beside the compiled program and no part of it: no amount comes from
here. A test holds that for every line it gives what the program gave, so that no sentence contradicts it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import floor
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from jiangbu.dates import later_ordinal, months_ordinal
from jiangbu.money import allocate as share_out
from jiangbu.money import divide
from jiangbu.rules.emit import HoleStop, NoValueStop, SeriesStop, Stop
from jiangbu.rules.kinds import Value
from jiangbu.rules.lookup import HOLE, Cells
from jiangbu.rules.model import Line, Rounding, Row
from jiangbu.rules.progressive import Piece, progressive
from jiangbu.rules.series import Series
from jiangbu.rules.tree import (
    Aggregate,
    Allocate,
    Binary,
    Compare,
    DateCall,
    Extreme,
    If,
    Literal_,
    Logic,
    Lookup,
    MadeCall,
    Marginal,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Round,
    SeriesAt,
)
from jiangbu.rules.words.decided import Decisions

if TYPE_CHECKING:
    from jiangbu.rules.layout import Slot
    from jiangbu.rules.results import RowResult
    from jiangbu.rules.scheme import Scheme

OPERATORS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def rounded(value: Fraction, rounding: Rounding) -> Fraction:
    """Return a line's value as its rounding leaves it; without a step it stays exact."""
    return value if rounding.step is None else _to_step(value, rounding.step, rounding.mode)


def _to_step(value: Fraction, step: Fraction, mode: str) -> Fraction:
    steps = value / step
    if mode == "floor":
        return floor(steps) * step
    return divide(steps.numerator, steps.denominator, mode) * step  # type: ignore[arg-type]


def cell_value(slot: Slot, cell: Any) -> Value:
    """Return a stored cell as the value of its kind; raises ``NoValueStop`` where there is none."""
    if cell is None:
        raise NoValueStop
    if slot.kind in ("flag", "choice", "text"):
        return cell  # type: ignore[no-any-return]
    return Fraction(cell, slot.den)


@define
class Grids:
    """The tables of a scheme cut for the keys of each formula, cut once and kept."""

    scheme: Scheme
    decisions: Decisions = field(init=False)
    _cut: dict[int, Cells] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.decisions = Decisions(self.scheme)

    def cells(self, node: Lookup | Marginal, origin: str) -> Cells:
        """Return the cells of the table that a lookup asks, on the grids of its keys."""
        if id(node) not in self._cut:
            dens = [key.type.den if key.type.numeric or key.type.kind == "date" else None for key in node.keys]
            self._cut[id(node)] = self.scheme.infos[origin, node.table].on(dens)
        return self._cut[id(node)]


@define
class Values:
    """The values of formulas over the rows of one determination; sums and shares are computed once."""

    grids: Grids
    _below: dict[tuple[int, str], Any] = field(factory=dict)

    @property
    def scheme(self) -> Scheme:
        return self.grids.scheme

    def line(self, line: Line, row: RowResult) -> Value:
        """Return the exact value of a line before it is rounded; raises ``Stop`` if it has none."""
        assert line.tree is not None
        return self.of(line.tree, row)

    def of(self, node: Node, row: RowResult, origin: str = "") -> Value:
        """Return the value of a part of a formula that stands at the level of ``row``.

        ``origin`` is the gate's id for the gate's formulas. Raises ``Stop``: a hole of a table, a day
        outside a series, or something without a value.
        """
        value: Value = _VALUE[type(node)](self, node, row, origin)
        return value

    def number(self, node: Node, row: RowResult, origin: str = "") -> Fraction:
        """Return the value of a part that is a number, an amount, a rate or a day."""
        value = self.of(node, row, origin)
        assert isinstance(value, Fraction)
        return value

    def literal(self, node: Literal_, row: RowResult, origin: str) -> Value:
        return node.value

    def name(self, node: Name, row: RowResult, origin: str) -> Value:
        if node.of == "constant":
            return self.constants(origin)[node.name].value  # type: ignore[no-any-return]
        here = at_level(row, node.level)
        slots, cells = {
            "fact": (here.layout.facts, here.data.facts),
            "line": (here.layout.lines, here.data.values),
            "made": (here.layout.columns, here.data.columns),
        }[node.of]
        word = node.name.rpartition(".")[2] if node.of == "made" else node.name
        return next(cell_value(slot, cell) for slot, cell in zip(slots, cells, strict=True) if slot.name == word)

    def constants(self, origin: str) -> Mapping[str, Any]:
        """Return the constants that a formula of the scheme (``""``) or of its gate sees."""
        gate = self.scheme.gate
        return gate.constants if origin and gate is not None else self.scheme.constants

    def negative(self, node: Negative, row: RowResult, origin: str) -> Value:
        return -self.number(node.inner, row, origin)

    def binary(self, node: Binary, row: RowResult, origin: str) -> Value:
        left, right = self.number(node.left, row, origin), self.number(node.right, row, origin)
        if node.op == "+":
            return left + right
        if node.op == "-":
            return left - right
        return left * right if node.op == "*" else left / right

    def compare(self, node: Compare, row: RowResult, origin: str) -> Value:
        values: list[Any] = [self.of(node.parts[0], row, origin)]
        for op, part in zip(node.ops, node.parts[1:], strict=True):
            values.append(self.of(part, row, origin))
            if not OPERATORS[op](values[-2], values[-1]):
                return False
        return True

    def member(self, node: Member, row: RowResult, origin: str) -> Value:
        inside = self.of(node.inner, row, origin) in [self.of(choice, row, origin) for choice in node.choices]
        return inside is not node.negated

    def logic(self, node: Logic, row: RowResult, origin: str) -> Value:
        tests = (bool(self.of(part, row, origin)) for part in node.parts)
        return all(tests) if node.op == "and" else any(tests)

    def negation(self, node: Not, row: RowResult, origin: str) -> Value:
        return not self.of(node.inner, row, origin)

    def choice(self, node: If, row: RowResult, origin: str) -> Value:
        return self.of(node.then if self.of(node.test, row, origin) else node.other, row, origin)

    def extreme(self, node: Extreme, row: RowResult, origin: str) -> Value:
        parts = [self.number(part, row, origin) for part in node.parts]
        return min(parts) if node.op == "min" else max(parts)

    def round(self, node: Round, row: RowResult, origin: str) -> Value:
        return _to_step(self.number(node.inner, row, origin), node.step, node.mode)

    def hit(self, node: Lookup, row: RowResult, origin: str = "") -> Row:
        """Return the row of the table that a lookup hits."""
        cells = self.grids.cells(node, origin)
        at = cells.row([self.of(key, row, origin) for key in node.keys])
        if at == HOLE:
            raise HoleStop(origin, node.table)
        return self.scheme.infos[origin, node.table].table.rows[at]

    def lookup(self, node: Lookup, row: RowResult, origin: str) -> Value:
        return self.hit(node, row, origin).values[node.column]

    def pieces(self, node: Marginal, row: RowResult, origin: str = "") -> tuple[Fraction, tuple[Piece, ...]]:
        """Return how far a progressive sum runs, and its pieces."""
        cells = self.grids.cells(node, origin)
        keys = [self.of(key, row, origin) for key in node.keys]
        if cells.row(keys) == HOLE:
            raise HoleStop(origin, node.table)
        info = self.scheme.infos[origin, node.table]
        declared = info.inputs[node.along].type
        assert declared is not None
        counts = declared.kind == "number" and declared.den == 1
        found = progressive(info.table, info.measured(cells, node.along), node.along, node.column, keys, counts=counts)
        along = keys[node.along]
        assert isinstance(along, Fraction)
        return along, found

    def marginal(self, node: Marginal, row: RowResult, origin: str) -> Value:
        along, pieces = self.pieces(node, row, origin)
        piece = pieces[max(bisect_right([piece.start for piece in pieces], along) - 1, 0)]
        return piece.base + piece.slope * (along - piece.start)

    def series(self, name: str) -> Series:
        """Return the series that formulas call by this name."""
        own, gate = self.scheme.series, self.scheme.gate
        return own[name] if name in own or gate is None else gate.series[name]

    def series_at(self, node: SeriesAt, row: RowResult, origin: str) -> Value:
        asked = int(self.number(node.day, row, origin))
        found = self.series(node.series).at(asked)
        if found is None:
            raise SeriesStop(self.series(node.series).id, asked)
        return found[node.column]

    def date_call(self, node: DateCall, row: RowResult, origin: str) -> Value:
        first, *rest = [int(self.number(part, row, origin)) for part in node.parts]
        if node.op == "year":
            return Fraction(date.fromordinal(first).year)
        second = rest[0]
        if node.op == "days":
            return Fraction(second - first)
        if node.op == "months":
            return Fraction(months_ordinal(first, second))
        return Fraction(later_ordinal(first, second) if node.op == "later" else first + second)

    def made_call(self, node: MadeCall, row: RowResult, origin: str) -> Value:
        kind, compute = self.scheme.makers.objects[self.scheme.tree.by_name[node.level].object].calls[node.op]
        source = at_level(row, node.level).data.source
        if source is None:
            raise NoValueStop
        return Fraction(compute(source, int(self.number(node.parts[0], row, origin))), kind.den or 1)

    def taking_part(self, row: RowResult, level: str, node: Aggregate | Allocate) -> Iterator[RowResult]:
        """Yield the rows of a level below one that a sum or share counts: not refused, nor below a refused one."""
        for lower in row.rows(level):
            between = [lower, *lower.above][: len(lower.above) - len(row.above)]
            if not any(self.grids.decisions.refused(item, node, self) for item in between):
                yield lower

    def addends(self, node: Aggregate, row: RowResult, origin: str = "") -> Sequence[tuple[RowResult, Value]]:
        """Return the rows below that a sum counts, with what each brings; refused ones take no part."""
        key = (id(node), row.path)
        if key not in self._below:
            self._below[key] = [
                (lower, Fraction(1) if node.inner is None else self.of(node.inner, lower, origin))
                for lower in self.taking_part(row, node.level, node)
            ]
        found: Sequence[tuple[RowResult, Value]] = self._below[key]
        return found

    def aggregate(self, node: Aggregate, row: RowResult, origin: str) -> Value:
        parts = [Fraction(value) for _, value in self.addends(node, row, origin) if not isinstance(value, str)]
        if node.op in ("sum", "count"):
            return sum(parts, Fraction(0))
        return (max if node.op == "largest" else min)(parts, default=Fraction(0))

    def shares(self, node: Allocate, row: RowResult, origin: str = "") -> Shares:
        """Return the division of a total among the rows beside a row, its own included."""
        holder = at_level(row, node.holder)
        key = (id(node), holder.path)
        if key not in self._below:
            total = self.number(node.total, holder, origin)
            den, scale = node.type.den or 1, node.weight.type.den or 1
            rows = list(self.taking_part(holder, row.level, node))
            weights = [self.number(node.weight, lower, origin) for lower in rows]
            if total and not any(weights):
                raise NoValueStop
            parts = share_out(int(total * den), [int(weight * scale) for weight in weights])
            by_path = {
                lower.path: (weight, Fraction(part, den))
                for lower, weight, part in zip(rows, weights, parts, strict=True)
            }
            self._below[key] = Shares(total, sum(weights, Fraction(0)), by_path)
        found: Shares = self._below[key]
        return found

    def allocate(self, node: Allocate, row: RowResult, origin: str) -> Value:
        shares = self.shares(node, row, origin).by_path
        if row.path not in shares:
            raise NoValueStop
        return shares[row.path][1]


@frozen
class Shares:
    """A total divided among rows: all weights together, and each row's weight and share by its path."""

    total: Fraction
    weights: Fraction
    by_path: Mapping[str, tuple[Fraction, Fraction]]


def at_level(row: RowResult, level: str) -> RowResult:
    """Return the row itself or the row above it that stands at a level."""
    return next(item for item in (row, *row.above) if item.level == level)


_VALUE: Mapping[type, Any] = {
    Literal_: Values.literal,
    Name: Values.name,
    Negative: Values.negative,
    Binary: Values.binary,
    Compare: Values.compare,
    Member: Values.member,
    Logic: Values.logic,
    Not: Values.negation,
    If: Values.choice,
    Extreme: Values.extreme,
    Round: Values.round,
    Lookup: Values.lookup,
    Marginal: Values.marginal,
    SeriesAt: Values.series_at,
    DateCall: Values.date_call,
    MadeCall: Values.made_call,
    Aggregate: Values.aggregate,
    Allocate: Values.allocate,
}

__all__ = ["OPERATORS", "Grids", "Stop", "Values", "at_level", "cell_value", "rounded"]
