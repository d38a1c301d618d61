"""Typed tree → integer Python. The source is made from the checked tree, never from the table's text.

Every value is an integer over the denominator that its type knows; the code only brings denominators together,
multiplies, compares, and rounds where the tree says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from math import ceil, gcd, lcm
from typing import Any

from attrs import define, field

from jiangbu.dates import later_ordinal, months_ordinal
from jiangbu.rules.formula import TableInfo
from jiangbu.rules.lookup import HOLE, Cells, point_in
from jiangbu.rules.model import Rounding
from jiangbu.rules.progressive import progressive
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
    walk,
)

FLAT_CELLS = 4096
"""Up to this many cells a column is laid out cell by cell, beyond it through the row's number."""


FEW = 256
"""Up to this many values of a count, its cell is looked up directly."""


MAY_LACK = (Name, Lookup, Marginal, SeriesAt, MadeCall, Aggregate, Allocate)
"""What may have no value, though its bounds are known: all but literals and what is computed from others."""


class Stop(Exception):
    """A value that cannot be had; the line that asked for it has none."""


class HoleStop(Stop):
    """The case stands in a hole of a table: its row is refused."""

    def __init__(self, origin: str, table: str) -> None:
        self.origin, self.table = origin, table


class NoValueStop(Stop):
    """Something that was needed has no value because of a hole or a refusal."""


class UnreadableStop(Stop):
    """Something that was needed cannot be read."""


class SeriesStop(Stop):
    """A day outside a series: its row is unreadable."""

    def __init__(self, series: str, day: int, fact: Name | None = None) -> None:
        self.series, self.day, self.fact = series, day, fact


def half_up(n: int, d: int) -> int:
    return (n + d // 2) // d if n >= 0 else -((d // 2 - n) // d)


def down(n: int, d: int) -> int:
    return n // d if n >= 0 else -(-n // d)


def up(n: int, d: int) -> int:
    return -(-n // d) if n >= 0 else n // d


def year_of(ordinal: int) -> int:
    return date.fromordinal(ordinal).year


RUNTIME: Mapping[str, Any] = {
    "__builtins__": {},
    "min": min,
    "max": max,
    "bisect": bisect_right,
    "half_up": half_up,
    "down": down,
    "up": up,
    "later": later_ordinal,
    "months": months_ordinal,
    "year": year_of,
}


@define
class Emitter:
    """Writes expressions; ``name`` says how a name is read where the expression stands.

    Tables, series and calls become objects of ``space``, the namespace that the code runs in.
    """

    name: Callable[[Name], str]
    hidden: Callable[[Aggregate | Allocate], str]
    infos: Mapping[tuple[str, str], TableInfo]
    series: Mapping[str, Series]
    constants: Mapping[tuple[str, str], Any]
    call: Callable[[MadeCall], str]
    origin: str = ""
    space: dict[str, Any] = field(factory=lambda: dict(RUNTIME))
    temps: int = 0
    hoisted: dict[str, str] | None = None
    """Where a case is one row: what is read once at the top, by the code that reads it."""

    def expression(self, node: Node) -> str:
        """Return code for the integer numerator of a node over ``node.type.den``."""
        method = _EMIT[type(node)]
        code: str = method(self, node)
        return code

    def ending(self, node: Node, rounding: Rounding, den: int) -> str:
        """Return code for a whole line: its formula, rounded as the line says, over ``den``."""
        if isinstance(node, If):
            test = self.expression(node.test)
            then, other = self.ending(node.then, rounding, den), self.ending(node.other, rounding, den)
            return f"({then} if {test} else {other})"
        if not node.type.numeric or rounding.step is None:
            return self.scaled(node, den) if node.type.numeric else self.expression(node)
        return self.rounded(node, rounding.step, rounding.mode, den)

    def rounded(self, node: Node, step: Fraction, mode: str, den: int) -> str:
        times = den * step
        assert times.denominator == 1
        back = f"*{times.numerator}" if times != 1 else ""
        if isinstance(node, Binary) and node.varying:
            top, bottom = self.quotient(node)
            word = {"half-up": "half_up", "down": "down", "up": "up"}.get(mode)
            top, bottom = _times(top, step.denominator), _times(bottom, step.numerator)
            return f"(({top})//({bottom}){back})" if word is None else f"({word}({top},{bottom}){back})"
        code, of = self.expression(node), node.type.den
        assert of is not None
        common = gcd(step.denominator, of * step.numerator)
        up_by, by = step.denominator // common, of * step.numerator // common
        code = _times(code, up_by)
        if by == 1:
            return f"({code}{back})"
        if mode == "floor" or (mode == "down" and node.type.low >= 0):
            return f"(({code})//{by}{back})"
        if mode == "half-up" and node.type.low >= 0:
            return f"(({code}+{by // 2})//{by}{back})"
        if mode == "up" and node.type.low >= 0:
            return f"(-(-({code})//{by}){back})"
        word = {"half-up": "half_up", "down": "down", "up": "up"}[mode]
        return f"({word}({code},{by}){back})"

    def quotient(self, node: Binary) -> tuple[str, str]:
        """Return code for top and bottom of a varying quotient; the bottom is above zero."""
        top, bottom = self.expression(node.left), self.expression(node.right)
        a, b = node.left.type.den, node.right.type.den
        assert a is not None
        assert b is not None
        common = gcd(a, b)
        return _times(top, b // common), _times(bottom, a // common)

    def scaled(self, node: Node, den: int) -> str:
        """Return code for a node over another denominator, a multiple of its own."""
        of = node.type.den
        assert of is not None
        return _times(self.expression(node), den // of) if den % of == 0 else self._exact(node, den)

    def _exact(self, node: Node, den: int) -> str:
        """Bring a value that is known to stand on a coarser grid to it (an allocated total)."""
        of = node.type.den
        assert of is not None
        return f"(({self.expression(node)})*{den}//{of})"

    def constant(self, value: Any, den: int) -> str:
        if isinstance(value, Fraction):
            number = value * den
            assert number.denominator == 1
            return f"({number.numerator})" if number < 0 else str(number.numerator)
        return repr(value)

    def literal(self, node: Literal_) -> str:
        return self.constant(node.value, node.type.den or 1)

    def read(self, node: Name) -> str:
        if node.of == "constant":
            return self.constant(self.constants[self.origin, node.name], node.type.den or 1)
        return self.name(node)

    def negative(self, node: Negative) -> str:
        return f"(-{self.expression(node.inner)})"

    def binary(self, node: Binary) -> str:
        if node.op == "*":
            parts = [code for code in (self.expression(node.left), self.expression(node.right)) if code != "1"]
            return f"({'*'.join(parts)})" if parts else "1"
        if node.op == "/":
            by = node.right.type.low
            factor = by.denominator * (1 if by > 0 else -1)
            return _times(self.asking(self.expression(node.left), node.right), factor)
        den = node.type.den
        assert den is not None
        return f"({self.scaled(node.left, den)}{node.op}{self.scaled(node.right, den)})"

    def asking(self, code: str, node: Node) -> str:
        """Return code that also asks for a value which its bounds fix: it may have none."""
        fixed = all(
            (isinstance(part, Name) and part.of == "constant") or not isinstance(part, MAY_LACK) for part in walk(node)
        )
        return code if fixed else f"({code}+({self.expression(node)})*0)"

    def compare(self, node: Compare) -> str:
        tests = []
        for op, left, right in zip(node.ops, node.parts, node.parts[1:], strict=False):
            tests.append(self.pair(op, left, right))
        return tests[0] if len(tests) == 1 else "(" + " and ".join(tests) + ")"

    def pair(self, op: str, left: Node, right: Node) -> str:
        if not left.type.numeric:
            return f"({self.expression(left)}{op}{self.expression(right)})"
        if left.type.den is None or right.type.den is None:
            (a, b), (c, d) = self.fraction(left), self.fraction(right)
            return f"({_product(a, d)}{op}{_product(c, b)})"
        den = lcm(left.type.den, right.type.den)
        return f"({self.scaled(left, den)}{op}{self.scaled(right, den)})"

    def fraction(self, node: Node) -> tuple[str, str]:
        if isinstance(node, Binary) and node.varying:
            return self.quotient(node)
        return self.expression(node), str(node.type.den)

    def member(self, node: Member) -> str:
        if node.inner.type.numeric:
            den = lcm(*(part.type.den or 1 for part in (node.inner, *node.choices)))
            head, *others = [self.scaled(part, den) for part in (node.inner, *node.choices)]
        else:
            head, *others = [self.expression(part) for part in (node.inner, *node.choices)]
        if all(
            isinstance(part, Literal_) or (isinstance(part, Name) and part.of == "constant") for part in node.choices
        ):
            return f"({head}{' not' if node.negated else ''} in ({','.join(others)},))"
        # Python's `in` takes an object to be itself without asking; a value that is not there must be asked.
        it = self.temp()
        first, *rest = others
        tests = "|".join([f"(({it}:={head})=={first})", *(f"({it}=={other})" for other in rest)])
        return f"(not ({tests}))" if node.negated else f"({tests})"

    def logic(self, node: Logic) -> str:
        return "(" + f" {node.op} ".join(self.expression(part) for part in node.parts) + ")"

    def negation(self, node: Not) -> str:
        return f"(not {self.expression(node.inner)})"

    def choice(self, node: If) -> str:
        den = node.type.den or 1
        parts = [
            self.scaled(part, den) if node.type.numeric else self.expression(part) for part in (node.then, node.other)
        ]
        return f"({parts[0]} if {self.expression(node.test)} else {parts[1]})"

    def extreme(self, node: Extreme) -> str:
        den = node.type.den or 1
        parts = [self.scaled(part, den) if node.type.numeric else self.expression(part) for part in node.parts]
        if len(parts) > 2:
            return f"{node.op}({','.join(parts)})"
        a, b = self.temp(), self.temp()
        sign = "<=" if node.op == "min" else ">="
        return f"({a} if ({a}:={parts[0]}){sign}({b}:={parts[1]}) else {b})"

    def temp(self) -> str:
        self.temps += 1
        return f"t{self.temps}"

    def round(self, node: Round) -> str:
        return self.rounded(node.inner, node.step, node.mode, node.type.den or 1)

    def lookup(self, node: Lookup) -> str:
        info = self.infos[self.origin, node.table]
        cells = info.on([key.type.den if key.type.numeric or key.type.kind == "date" else None for key in node.keys])
        den = node.type.den or 1
        values = [
            int(value * den) if isinstance(value, Fraction) else value
            for value in (row.values[node.column] for row in info.table.rows)
        ]
        index = self.place(cells, node.keys)
        whole = HOLE in cells.owner
        if whole:
            stop = HoleStop(self.origin, node.table)
            owner, row_values = cells.owner, tuple(values)

            def pick(cell: int) -> Any:
                row = owner[cell]
                if row == HOLE:
                    raise HoleStop(stop.origin, stop.table)
                return row_values[row]

            return f"{self.keep('pick', pick)}({index})"
        if len(cells.owner) <= FLAT_CELLS:
            column = tuple(values[row] for row in cells.owner)
            if len(cells.axes) == 1 and cells.axes[0].options:
                by_option = dict(zip(cells.axes[0].options, column, strict=True))
                return f"{self.keep('by', by_option)}[{self.expression(node.keys[0])}]"
            return f"{self.keep('column', column)}[{index}]"
        return f"{self.keep('rows', tuple(values))}[{self.keep('owner', cells.owner)}[{index}]]"

    def place(self, cells: Cells, keys: Sequence[Node], skip: int = -1) -> str:
        """Return code for the cell in which the keys stand (the axis ``skip`` counts as one cell)."""
        terms = []
        stride = 1
        for at in reversed(range(len(keys))):
            if at == skip:
                continue
            axis, key = cells.axes[at], keys[at]
            if axis.options:
                term = self.place_of(axis.options, key)
            else:
                term = self.cell_of(cells.edges(at, key.type.den or 1), key)
            terms.append(term if stride == 1 else f"{term}*{stride}")
            stride *= cells.sizes[at]
        return "+".join(reversed(terms)) or "0"

    def cell_of(self, edges: Sequence[int], key: Node) -> str:
        """Return code for the cell of a number; where it can take few values, each is looked up by itself."""
        if not edges:
            # An input that no row bounds is asked for its value all the same: it may have none.
            return self.asking("0", key)
        low, high = int(key.type.low * (key.type.den or 1)), int(key.type.high * (key.type.den or 1))
        if low == 0 and high < FEW and isinstance(key, Name) and key.type.step:
            cells = tuple(bisect_right(edges, n) for n in range(high + 1))
            name = self.keep("cell", cells)
            return f"{name}[{self.expression(key)}]"
        return f"bisect({self.keep('edges', edges)},{self.expression(key)})"

    def place_of(self, options: Sequence[Any], key: Node) -> str:
        """Return code for the place of a choice or flag among its options."""
        places = {option: number for number, option in enumerate(options)}
        if self.hoisted is None or not (isinstance(key, Name) and key.of == "fact"):
            return f"{self.keep('place', places)}[{self.expression(key)}]"
        known = f"{key.name} {options!r}"
        if known not in self.hoisted:
            self.hoisted[known] = f"{self.keep('place', places)}[{self.expression(key)}]"
        return f"p{list(self.hoisted).index(known)}"

    def keep(self, word: str, value: Any) -> str:
        """Put an object into the namespace and return its name."""
        name = f"{word}{len(self.space)}"
        self.space[name] = value
        return name

    def marginal(self, node: Marginal) -> str:
        info = self.infos[self.origin, node.table]
        key = node.keys[node.along]
        cells = info.on([k.type.den if k.type.numeric or k.type.kind == "date" else None for k in node.keys])
        declared = info.inputs[node.along].type
        assert declared is not None
        counts = declared.kind == "number" and declared.den == 1
        choices = [range(size) if at != node.along else range(1) for at, size in enumerate(cells.sizes)]
        tables = [
            progressive(
                info.table,
                info.measured(cells, node.along),
                node.along,
                node.column,
                point_in(cells, place),
                counts=counts,
            )
            for place in product(*choices)
        ]
        den, key_den = node.type.den or 1, key.type.den or 1
        ready = []
        for pieces in tables:
            starts = [ceil(piece.start * key_den) for piece in pieces[1:]]
            rows = [((piece.base - piece.slope * piece.start) * den, piece.slope * den / key_den) for piece in pieces]
            assert all(part.denominator == 1 for row in rows for part in row)
            ready.append((starts, [(int(base), int(slope)) for base, slope in rows]))
        holed = HOLE in cells.owner
        origin, table = self.origin, node.table
        owner = cells.owner

        def progress(n: int, which: int, cell: int) -> int:
            if holed and owner[cell] == HOLE:
                raise HoleStop(origin, table)
            starts, rows = ready[which]
            base, slope = rows[bisect_right(starts, n)]
            return base + slope * n

        n = self.expression(key)
        which = self.place(cells, node.keys, skip=node.along)
        cell = self.place(cells, node.keys) if holed else "0"
        return f"{self.keep('progress', progress)}({n},{which},{cell})"

    def series_at(self, node: SeriesAt) -> str:
        series = self.series[node.series]
        den = node.type.den or 1
        values = [int(row[node.column] * den) for row in series.rows]
        days, last, name = series.days, series.complete_until, series.id
        fact = node.day if isinstance(node.day, Name) and node.day.of == "fact" else None

        def at(day: int) -> int:
            if not days[0] <= day <= last:
                raise SeriesStop(name, day, fact)
            return values[bisect_right(days, day) - 1]

        return f"{self.keep('series', at)}({self.expression(node.day)})"

    def date_call(self, node: DateCall) -> str:
        parts = [self.expression(part) for part in node.parts]
        if node.op == "days":
            return f"({parts[1]}-{parts[0]})"
        if node.op == "after":
            return f"({parts[0]}+{parts[1]})"
        return f"{node.op}({','.join(parts)})"

    def made_call(self, node: MadeCall) -> str:
        return self.call(node)

    def rows_below(self, node: Aggregate | Allocate) -> str:
        return self.hidden(node)


def _times(code: str, factor: int) -> str:
    return code if factor == 1 or code == "0" else f"({code}*{factor})"


def _product(left: str, right: str) -> str:
    return left if right == "1" else f"({left})*({right})"


_EMIT: Mapping[type, Any] = {
    Literal_: Emitter.literal,
    Name: Emitter.read,
    Negative: Emitter.negative,
    Binary: Emitter.binary,
    Compare: Emitter.compare,
    Member: Emitter.member,
    Logic: Emitter.logic,
    Not: Emitter.negation,
    If: Emitter.choice,
    Extreme: Emitter.extreme,
    Round: Emitter.round,
    Lookup: Emitter.lookup,
    Marginal: Emitter.marginal,
    SeriesAt: Emitter.series_at,
    DateCall: Emitter.date_call,
    MadeCall: Emitter.made_call,
    Aggregate: Emitter.rows_below,
    Allocate: Emitter.rows_below,
}
