"""Formula text → typed tree. The text is parsed, never evaluated; every node is checked against the language.

Faults carry the columns they are about, so that a caret can be shown. A part that is wrong becomes None and what
stands around it is still checked, so that all faults of a formula come at once, none twice.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import floor, lcm
from typing import Any, Protocol

from attrs import evolve, field, frozen

from jiangbu.dates import later_ordinal, months_ordinal
from jiangbu.errors import JiangbuError
from jiangbu.money import divide, scaled_to_decimal
from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.kinds import NUMERIC, Bounds, Kind, Value, decimals_of
from jiangbu.rules.levels import ROOT, Levels
from jiangbu.rules.lookup import Axis, Cells, cut_up
from jiangbu.rules.model import MONEY_STEPS, LookupTable
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
    Span,
    Type,
    walk,
)

MOST_CHARACTERS = 1_000
MOST_NODES = 200
LARGEST_DENOMINATOR = 10**24
LARGEST_VALUE = 10**60
LAST_ORDINAL = 3_652_059
FUNCTIONS = frozenset(
    {
        "min",
        "max",
        "whole",
        "round_to",
        "marginal",
        "days",
        "months",
        "later",
        "after",
        "year",
        "balance",
        "sum",
        "count",
        "largest",
        "smallest",
        "allocate",
    }
)
WHAT_MAY_STAND = (
    "names, whole numbers, 'choices', True False, + - * /, comparisons, in, and or not, a if test else b, "
    + ", ".join(sorted(FUNCTIONS))
)
ZERO, ONE = Fraction(0), Fraction(1)
FLAG = Type("flag")


@frozen
class Fault:
    """One fault of a formula: columns count from 0 in the formula's text."""

    code: str
    message: str
    span: Span = (0, 0)
    remedy: str = ""
    warning: bool = False


@frozen
class Symbol:
    """A name that a formula may use. ``type`` None: its own entry is broken, say nothing more about it."""

    name: str
    of: str
    level: str
    type: Type | None
    value: Any = None
    bounds: Bounds | None = None


@frozen
class TableInfo:
    """What a formula needs of a lookup table: its inputs as symbols, the bounds of each, its columns' types."""

    table: LookupTable
    inputs: tuple[Symbol, ...]
    axes: tuple[Axis, ...]
    columns: Mapping[str, Type]

    _cut: dict[tuple[int | None, ...], Cells] = field(factory=dict, init=False, eq=False, repr=False)

    @property
    def bounds(self) -> tuple[Bounds | None, ...]:
        return tuple(axis.bounds for axis in self.axes)

    @property
    def cells(self) -> Cells:
        """The table cut up at its declared inputs."""
        return self.on([axis.den for axis in self.axes])

    def on(self, dens: Sequence[int | None]) -> Cells:
        """Cut the table for keys that stand on the grids 1/den (None: a choice, a flag, or any value between)."""
        wanted = tuple(
            None if axis.options or axis.den is None else lcm(axis.den, den or 1)
            for axis, den in zip(self.axes, dens, strict=True)
        )
        if wanted not in self._cut:
            axes = [
                axis if axis.options else evolve(axis, den=den) for axis, den in zip(self.axes, wanted, strict=True)
            ]
            self._cut[wanted] = cut_up(self.table, axes)
        return self._cut[wanted]

    def measured(self, cells: Cells, along: int) -> tuple[Axis, ...]:
        """Return the axes for a progressive sum along one input.

        Only declared bounds clip its bands: how tightly a line's value is known must not change an amount.
        """
        axes = list(cells.axes)
        bounds = axes[along].bounds
        if self.inputs[along].bounds is None and bounds is not None:
            axes[along] = evolve(axes[along], bounds=Bounds(min(ZERO, bounds.low), bounds.high))
        return tuple(axes)

    def gap(self, dens: Sequence[int | None]) -> str:
        """Say where no row covers a point of these grids; nothing if all are covered."""
        gaps = [fault for fault in self.on(dens).faults if fault.code == "gap"]
        return self.show(gaps[0].point) if gaps else ""

    def show(self, point: Sequence[Value]) -> str:
        """Write a point as ``revenue = 500000.01``."""
        shown = []
        for symbol, value in zip(self.inputs, point, strict=True):
            kind = symbol.type.kind if symbol.type else ""
            if kind == "date" and isinstance(value, Fraction):
                text = date.fromordinal(int(value)).isoformat()
            else:
                text = plain(value) if isinstance(value, Fraction) else str(value)
            shown.append(f"{symbol.name} = {text}")
        return ", ".join(shown)


class Scope(Protocol):
    """Where a formula looks names up."""

    @property
    def levels(self) -> Levels: ...
    @property
    def symbols(self) -> Mapping[str, Symbol]: ...
    @property
    def tables(self) -> Mapping[str, TableInfo | None]: ...
    @property
    def made(self) -> Mapping[str, Mapping[str, Symbol]]: ...
    @property
    def made_calls(self) -> Mapping[str, Mapping[str, Type]]: ...

    def series(self, name: str) -> Mapping[str, Type] | None:
        """Return the columns of a series, or None if there is none of that name."""
        ...

    def later_than(self, name: str) -> bool:
        """Whether a name is declared, but only after the formula at hand."""
        ...


@frozen
class Parsed:
    tree: Node | None
    faults: tuple[Fault, ...]
    uses: frozenset[str]


def read_formula(
    text: str, scope: Scope, level: str, *, want: str = "", allocates: bool = False, top: bool = False
) -> Parsed:
    """Read one formula that stands at ``level``.

    ``want`` is the kind it must have (``flag`` for conditions). ``top`` lets a varying quotient stand as the last
    operation, as in a line; ``allocates`` lets ``allocate`` stand.
    """
    reader = _Reader(text, scope, level, allocates)
    tree = reader.read(top)
    if tree is not None and want and tree.type.kind != want and not (want in NUMERIC and _zero(tree)):
        reader.fault("kind", f"found {tree.type.kind}; expected {want}", tree.span)
        tree = None
    return Parsed(tree, tuple(reader.faults), frozenset(reader.uses))


class _Reader:
    """Reads one formula; collects faults as it goes down the tree."""

    def __init__(self, text: str, scope: Scope, level: str, allocates: bool) -> None:
        self.text, self.scope, self.level, self.allocates = text, scope, level, allocates
        self.faults: list[Fault] = []
        self.uses: set[str] = set()
        self.inside: list[str] | None = None
        self.known: dict[Node, tuple[Fraction, Fraction]] = {}
        self.columns: list[int] = []

    def fault(self, code: str, message: str, span: Span, remedy: str = "", *, warning: bool = False) -> None:
        self.faults.append(Fault(code, message, span, remedy, warning))

    # -- text → ast -------------------------------------------------------------------------------

    def read(self, top: bool) -> Node | None:
        text = self.text
        if len(text) > MOST_CHARACTERS:
            self.fault("size", f"a formula of {len(text):,} characters; at most {MOST_CHARACTERS:,}", (0, 1))
            return None
        flat = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
        lead = len(flat) - len(flat.lstrip())
        body = flat.strip()
        for at, sign in enumerate(body):
            self.columns += [at + lead] * len(sign.encode("utf-8", "surrogatepass"))
        self.columns.append(len(body) + lead)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(body, mode="eval")
        except SyntaxError as error:
            at = lead + max((error.offset or 1) - 1, 0)
            self.fault("formula", f"cannot be read: {error.msg}", (at, at + 1), "what may stand: " + WHAT_MAY_STAND)
            return None
        except (MemoryError, RecursionError, ValueError):
            self.fault("formula", "cannot be read: nested too deeply", (0, 1), "split it into several lines")
            return None
        if (odd := self.odd_sign(tree, flat)) is not None:
            self.fault("formula", f"{flat[odd]!r} outside quotes", (odd, odd + 1), "names are a-z, 0-9 and _")
            return None
        count = sum(1 for node in ast.walk(tree) if isinstance(node, ast.expr))
        if count > MOST_NODES:
            self.fault("size", f"a formula of {count} parts; at most {MOST_NODES}", (0, 1), "split it into lines")
            return None
        try:
            return self.top(tree.body) if top else self.node(tree.body)
        except RecursionError:
            self.fault("formula", "nested too deeply", (0, 1), "split it into several lines")
            return None

    def odd_sign(self, tree: ast.Expression, flat: str) -> int | None:
        """Return where a sign beyond ASCII stands outside quotes: Python would read a full-width name as its twin."""
        if flat.isascii():
            return None
        texts = [
            self.span(node) for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        odd = (at for at, sign in enumerate(flat) if not sign.isascii())
        return next((at for at in odd if not any(start <= at < end for start, end in texts)), None)

    def span(self, node: ast.expr) -> Span:
        end = node.end_col_offset if node.end_col_offset is not None else node.col_offset + 1
        last = len(self.columns) - 1
        return self.columns[min(node.col_offset, last)], self.columns[min(end, last)]

    # -- positions where a varying quotient may stand ----------------------------------------------

    def top(self, node: ast.expr) -> Node | None:
        if isinstance(node, ast.IfExp):
            return self.choose(node, self.top)
        return self.quotient(node)

    def quotient(self, node: ast.expr) -> Node | None:
        """Read a node that may be a varying quotient."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return self.divide(node, varying=True)
        return self.node(node)

    # -- every node ---------------------------------------------------------------------------------

    def node(self, node: ast.expr) -> Node | None:
        method = _METHODS.get(type(node))
        if method is None:
            self.fault(
                "formula",
                f"{_word(node)} is not in the language",
                self.span(node),
                "what may stand: " + WHAT_MAY_STAND,
            )
            return None
        result: Node | None = method(self, node)
        if result is not None:
            result = self.sized(result, self.span(node))
        return self.narrow(result)

    def narrow(self, node: Node | None) -> Node | None:
        """Tighten what is known of a node by the guards around it; refuse a denominator that is too large."""
        if node is None or not self.known or node not in self.known:
            return node
        low, high = self.known[node]
        low, high = max(low, node.type.low), min(high, node.type.high)
        return evolve(node, type=evolve(node.type, low=low, high=max(low, high)))

    def sized(self, node: Node, span: Span) -> Node | None:
        if node.type.den is not None and node.type.den > LARGEST_DENOMINATOR:
            den = node.type.den
            shown = f"{den:,}" if den < LARGEST_VALUE else f"of {den.bit_length() * 30103 // 100000 + 1:,} digits"
            self.fault(
                "denominator",
                f"the denominator {shown} is above 10^24",
                span,
                "round an earlier line, or use rates with fewer places",
            )
            return None
        if max(abs(node.type.low), abs(node.type.high)) > LARGEST_VALUE:
            self.fault("bounds", "the value may go beyond 10^60", span, "bound the facts more tightly, or use min(…)")
            return None
        return node

    def constant(self, node: ast.Constant) -> Node | None:
        value, span = node.value, self.span(node)
        if isinstance(value, bool):
            return Literal_(value, evolve(FLAG, literal=True), span)
        if isinstance(value, int):
            number = Fraction(value)
            if value not in (0, 1):
                self.fault(
                    "bare-number",
                    f"the number {value} has no name",
                    span,
                    "give it one: [constants.…] with label and clause",
                    warning=True,
                )
            return Literal_(number, Type("number", 1, number, number, literal=True), span)
        if isinstance(value, str):
            return Literal_(value, Type("text", options=(value,), literal=True), span)
        remedy = "write it as a constant of the table" if isinstance(value, float) else ""
        self.fault("formula", f"{value!r} is not in the language", span, remedy)
        return None

    def name(self, node: ast.Name) -> Node | None:
        span = self.span(node)
        symbol = self.scope.symbols.get(node.id)
        if symbol is None:
            self.unknown(node.id, span)
            return None
        return self.symbol(symbol, span)

    def unknown(self, name: str, span: Span) -> None:
        scope = self.scope
        if name in scope.tables:
            self.fault("kind", f"{name} is a table", span, f"name a column: {name}.…")
        elif scope.later_than(name):
            self.fault("order", f"{name} is not known yet: it comes later", span, "move it before this one")
        elif name in scope.levels.by_name:
            self.fault("level", f"{name} is a level, no value", span, f"count({name}) counts its rows")
        else:
            self.fault("unknown-name", f"{name} is not declared", span, did_you_mean(name, self.all_names()))

    def all_names(self) -> list[str]:
        scope = self.scope
        return [*scope.symbols, *scope.tables, *(set(scope.levels.by_name) - {ROOT}), *FUNCTIONS]

    def symbol(self, symbol: Symbol, span: Span) -> Node | None:
        self.uses.add(symbol.name)
        if symbol.type is None:
            return None
        if symbol.of != "constant":
            if self.inside is not None:
                self.inside.append(symbol.level)
            elif not self.scope.levels.sees(self.level, symbol.level):
                self.not_seen(symbol.name, symbol.level, span)
                return None
        return Name(symbol.name, symbol.of, symbol.level, symbol.type, span)  # type: ignore[arg-type]

    def not_seen(self, name: str, level: str, span: Span) -> None:
        below = level in self.scope.levels.by_name and self.level in self.scope.levels.chain(level)
        remedy = f"reach it through sum({name}), count(…), largest or smallest" if below else ""
        self.fault("level", f"{name} stands on level {level}, not seen from level {self.level}", span, remedy)

    def attribute(self, node: ast.Attribute) -> Node | None:
        span = self.span(node)
        if not isinstance(node.value, ast.Name):
            self.fault("formula", "attributes of values are not in the language", span)
            return None
        head = node.value.id
        if head in self.scope.made:
            columns = self.scope.made[head]
            if node.attr not in columns:
                self.fault("unknown-name", f"{head} has no {node.attr}", span, did_you_mean(node.attr, columns))
                return None
            return self.symbol(columns[node.attr], span)
        if head in self.scope.tables:
            return self.lookup(head, node.attr, None, span)
        if self.scope.series(head) is not None:
            self.fault("formula", f"{head}.{node.attr} is a series", span, f"name the day: {head}.{node.attr}(day)")
            return None
        if head in self.scope.symbols:
            self.fault("formula", f"{head} has no columns", span)
            return None
        self.unknown(head, span)
        return None

    # -- arithmetic ---------------------------------------------------------------------------------

    def binary(self, node: ast.BinOp) -> Node | None:
        if isinstance(node.op, ast.Div):
            return self.divide(node, varying=False)
        op = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}.get(type(node.op))
        if op is None:
            self.fault("formula", f"{_word(node)} is not in the language", self.span(node), WHAT_MAY_STAND)
            self.node(node.left)
            self.node(node.right)
            return None
        left, right = self.node(node.left), self.node(node.right)
        if left is None or right is None:
            return None
        span = self.span(node)
        if not (self.number(left) and self.number(right)):
            return None
        return self.multiply(left, right, span) if op == "*" else self.add(op, left, right, span)

    def number(self, node: Node) -> bool:
        if node.type.numeric:
            return True
        self.fault("kind", f"arithmetic on a {node.type.kind}", node.span, "only money, numbers and rates")
        return False

    def add(self, op: str, left: Node, right: Node, span: Span) -> Node | None:
        kind = self.common(left, right, span, f"{left.type.kind} {op} {right.type.kind}")
        if kind is None:
            return None
        a, b = left.type, right.type
        if a.unit and b.unit and a.unit != b.unit:
            self.fault("unit", f"adds {a.unit} to {b.unit}", span, "check that it is meant", warning=True)
        low, high = (a.low + b.low, a.high + b.high) if op == "+" else (a.low - b.high, a.high - b.low)
        den = lcm(_den(a), _den(b))
        made = Type(kind, den, low, high, a.unit or b.unit, step=a.step and b.step)
        return self.sized(Binary(op, left, right, made, span), span)  # type: ignore[arg-type]

    def common(self, left: Node, right: Node, span: Span, what: str) -> Kind | None:
        kind = _common(left, right)
        if kind is None:
            self.fault("kind", f"{what}: the kinds do not fit", span)
        return kind

    def multiply(self, left: Node, right: Node, span: Span) -> Node | None:
        a, b = left.type, right.type
        if a.kind == "money" and b.kind == "money":
            self.fault("kind", "money * money", span, "one side must be a number or a rate")
            return None
        kind = _product(left, right)
        ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        if kind == "money":
            unit = a.unit if a.kind == "money" else b.unit
        else:
            unit = "" if a.unit and b.unit else a.unit or b.unit
        made = Type(kind, _den(a) * _den(b), min(ends), max(ends), unit, step=a.step and b.step)
        return self.sized(Binary("*", left, right, made, span), span)

    def divide(self, node: ast.BinOp, *, varying: bool) -> Node | None:
        left, right = self.node(node.left), self.node(node.right)
        if left is None or right is None:
            return None
        span = self.span(node)
        if not (self.number(left) and self.number(right)):
            return None
        kind = _quotient(left, right)
        if kind is None:
            self.fault("kind", f"{left.type.kind} / {right.type.kind}", span)
            return None
        a, b = left.type, right.type
        if b.low == b.high:
            if b.low == 0:
                self.fault("division", "divides by zero", right.span, "divide by a value that is never zero")
                return None
            ends = sorted((a.low / b.low, a.high / b.low))
            den = _den(a) * abs(b.low.numerator)
            made = Type(
                kind,
                den,
                ends[0],
                ends[1],
                a.unit if kind == a.kind else "",
                step=decimals_of(1 / b.low) >= 0,
            )
            return self.sized(Binary("/", left, right, made, span), span)
        if not varying:
            self.fault(
                "division",
                "a division by a varying value inside a formula",
                span,
                "let it be the last operation of a line or branch, or put it inside whole(…) or round_to(…)",
            )
            return None
        if b.low <= 0:
            self.fault(
                "division",
                f"the divisor may be {'zero' if b.high >= 0 else 'below zero'}",
                right.span,
                "guard it: max(1, …), or … if divisor > 0 else …",
            )
            return None
        low = a.low / (b.high if a.low >= 0 else b.low)
        high = a.high / (b.low if a.high >= 0 else b.high)
        return Binary("/", left, right, Type(kind, None, low, high, a.unit if kind == a.kind else ""), span)

    def unary(self, node: ast.UnaryOp) -> Node | None:
        span = self.span(node)
        if isinstance(node.op, ast.Not):
            inner = self.node(node.operand)
            if inner is None or not self.flag(inner):
                return None
            return Not(inner, FLAG, span)
        if isinstance(node.op, ast.USub):
            inner = self.node(node.operand)
            if inner is None or not self.number(inner):
                return None
            made = evolve(inner.type, low=-inner.type.high, high=-inner.type.low)
            return Negative(inner, made, span)
        self.fault("formula", f"{_word(node)} is not in the language", span, WHAT_MAY_STAND)
        return None

    # -- conditions ---------------------------------------------------------------------------------

    def flag(self, node: Node) -> bool:
        if node.type.kind == "flag":
            return True
        self.fault("kind", f"a condition is a flag, found {node.type.kind}", node.span)
        return False

    def compare(self, node: ast.Compare) -> Node | None:
        if any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            return self.member(node)
        words = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
        parts = [self.quotient(part) for part in (node.left, *node.comparators)]
        span = self.span(node)
        ops = [words.get(type(op), "") for op in node.ops]
        if "" in ops:
            self.fault("formula", "only == != < <= > >= compare", span)
            return None
        sound = True
        for op, left, right in zip(ops, parts, parts[1:], strict=False):
            if left is None or right is None or not self.comparable(op, left, right):
                sound = False
        if not sound:
            return None
        return Compare(tuple(ops), tuple(parts), FLAG, span)  # type: ignore[arg-type]

    def comparable(self, op: str, left: Node, right: Node) -> bool:
        span = (left.span[0], right.span[1])
        texts = {left.type.kind, right.type.kind} & {"choice", "text"}
        if texts:
            if op not in ("==", "!="):
                self.fault("kind", f"{op} between texts", span, "only == and != compare choices")
                return False
            return self.same_options(left, right, span)
        if _common(left, right) is None:
            self.fault("kind", f"{left.type.kind} {op} {right.type.kind}: the kinds do not fit", span)
            return False
        if left.type.kind == "flag" and op not in ("==", "!="):
            self.fault("kind", f"{op} between flags", span)
            return False
        return True

    def same_options(self, left: Node, right: Node, span: Span) -> bool:
        a, b = left.type, right.type
        if not {a.kind, b.kind} <= {"choice", "text"}:
            self.fault("kind", f"{a.kind} compared with {b.kind}", span)
            return False
        for one, other in ((left, right), (right, left)):
            if one.type.kind == "choice" and isinstance(other, Literal_):
                return self.option(one, other)
        if a.kind == b.kind == "choice" and not set(a.options) & set(b.options):
            self.fault("kind", "two choices without a common option", span)
            return False
        return True

    def option(self, choice: Node, literal: Literal_) -> bool:
        if literal.value in choice.type.options:
            return True
        options = choice.type.options
        remedy = did_you_mean(str(literal.value), options) or "options: " + ", ".join(options)
        self.fault("unknown-name", f"{literal.value!r} is no option", literal.span, remedy)
        return False

    def member(self, node: ast.Compare) -> Node | None:
        span = self.span(node)
        inner = self.node(node.left)
        if len(node.ops) != 1 or not isinstance(node.comparators[0], ast.Tuple):
            self.fault("formula", "in needs a list: x in ('a', 'b')", span)
            return None
        choices = [self.node(part) for part in node.comparators[0].elts]
        if inner is None or None in choices or not choices:
            if not choices:
                self.fault("formula", "in needs at least one value", span)
            return None
        ready = tuple(choice for choice in choices if choice is not None)
        sound = [self.comparable("==", inner, choice) for choice in ready]
        if not all(sound):
            return None
        return Member(inner, ready, isinstance(node.ops[0], ast.NotIn), FLAG, span)

    def logic(self, node: ast.BoolOp) -> Node | None:
        op = "and" if isinstance(node.op, ast.And) else "or"
        before = dict(self.known)
        parts: list[Node | None] = []
        for part in node.values:
            inner = self.node(part)
            if inner is not None and not self.flag(inner):
                inner = None
            parts.append(inner)
            if inner is not None:
                self.assume(inner, op == "and")
        self.known = before
        if None in parts:
            return None
        return Logic(op, tuple(parts), FLAG, self.span(node))  # type: ignore[arg-type]

    def choose(self, node: ast.IfExp, branch: Callable[[ast.expr], Node | None]) -> Node | None:
        test = self.node(node.test)
        sound = test is not None and self.flag(test)
        before = dict(self.known)
        if sound and test is not None:
            self.assume(test, True)
        then = branch(node.body)
        self.known = dict(before)
        if sound and test is not None:
            self.assume(test, False)
        other = branch(node.orelse)
        self.known = before
        if not sound or test is None or then is None or other is None:
            return None
        made = self.joined(then, other, self.span(node), "the branches")
        return None if made is None else self.sized(If(test, then, other, made, self.span(node)), self.span(node))

    def if_else(self, node: ast.IfExp) -> Node | None:
        return self.choose(node, self.node)

    def joined(self, left: Node, right: Node, span: Span, what: str) -> Type | None:
        """Return the type of a value that is one or the other."""
        a, b = left.type, right.type
        if {a.kind, b.kind} <= {"choice", "text"}:
            options = tuple(dict.fromkeys(a.options + b.options)) if a.options and b.options else ()
            return Type("choice" if options else "text", options=options)
        kind = self.common(left, right, span, f"{what} are {a.kind} and {b.kind}")
        if kind is None:
            return None
        den = None if a.den is None or b.den is None else lcm(a.den, b.den)
        step = a.step and b.step
        return Type(kind, den, min(a.low, b.low), max(a.high, b.high), a.unit or b.unit, step=step)

    def assume(self, test: Node, truth: bool) -> None:
        """Remember what a test that came out as ``truth`` says about names and expressions."""
        if isinstance(test, Not):
            self.assume(test.inner, not truth)
        elif isinstance(test, Logic) and (test.op == "and") == truth:
            for part in test.parts:
                self.assume(part, truth)
        elif isinstance(test, Compare) and (truth or len(test.ops) == 1):
            for op, left, right in zip(test.ops, test.parts, test.parts[1:], strict=False):
                self.learn(left, op if truth else _NOT[op], right)
                self.learn(right, _SWAP[op if truth else _NOT[op]], left)

    def learn(self, node: Node, op: str, other: Node) -> None:
        a, b = node.type, other.type
        if a.den is None or not (a.numeric or a.kind == "date") or b.low != b.high or isinstance(node, Literal_):
            return
        low, high = self.known.get(node, (a.low, a.high))
        number, step = b.low, Fraction(1, a.den)
        if op in (">=", "=="):
            low = max(low, number)
        if op in ("<=", "=="):
            high = min(high, number)
        if op == ">" or (op == "!=" and low == number):
            low = max(low, (floor(number * a.den) + 1) * step)
        if op == "<" or (op == "!=" and high == number):
            high = min(high, -(floor(-number * a.den) + 1) * step)
        self.known[node] = (low, high)

    # -- calls ----------------------------------------------------------------------------------------

    def call(self, node: ast.Call) -> Node | None:
        span = self.span(node)
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            self.fault("formula", "arguments are given one by one, without names", span)
            return None
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            return self.column_call(node, node.func.value.id, node.func.attr, span)
        if not isinstance(node.func, ast.Name):
            self.fault("formula", "only functions of the language can be called", span)
            return None
        word = node.func.id
        handler = _CALLS.get(word)
        if handler is None:
            for arg in node.args:
                self.node(arg)
            self.fault("unknown-name", f"there is no function {word}", span, did_you_mean(word, FUNCTIONS))
            return None
        result: Node | None = handler(self, node, word, span)
        return result

    def arguments(self, node: ast.Call, count: int, word: str) -> list[Node | None]:
        if len(node.args) != count:
            self.fault("formula", f"{word} takes {count} values, found {len(node.args)}", self.span(node))
            for arg in node.args:
                self.node(arg)
            return [None] * count
        return [self.node(arg) for arg in node.args]

    def extreme(self, node: ast.Call, word: str, span: Span) -> Node | None:
        parts = [self.node(arg) for arg in node.args]
        if len(parts) < 2:
            self.fault("formula", f"{word} takes two values or more", span)
            return None
        made: Type | None = None
        for part in parts:
            if part is None:
                return None
            if not (part.type.numeric or part.type.kind == "date"):
                self.fault("kind", f"{word} of a {part.type.kind}", part.span)
                return None
        ready = [part for part in parts if part is not None]
        made = ready[0].type
        probe: Node = ready[0]
        for part in ready[1:]:
            joined = self.joined(probe, part, span, f"the values of {word}")
            if joined is None:
                return None
            made = joined
            probe = _probe(joined, probe, part)
        pick = min if word == "min" else max
        made = evolve(
            made,
            low=pick(part.type.low for part in ready),
            high=pick(part.type.high for part in ready),
            literal=False,
        )
        return self.sized(Extreme(word, tuple(ready), made, span), span)  # type: ignore[arg-type]

    def whole(self, node: ast.Call, word: str, span: Span) -> Node | None:
        inner = self.one_quotient(node, word)
        if inner is None:
            return None
        if inner.type.kind not in ("number", "rate"):
            self.fault("kind", f"whole of a {inner.type.kind}", inner.span, "money uses round_to(x, 'yuan', 'down')")
            return None
        low, high = Fraction(floor(inner.type.low)), Fraction(floor(inner.type.high))
        return Round(inner, ONE, "floor", "whole", Type("number", 1, low, high, inner.type.unit), span)

    def one_quotient(self, node: ast.Call, word: str) -> Node | None:
        if len(node.args) != 1:
            self.fault("formula", f"{word} takes one value, found {len(node.args)}", self.span(node))
            return None
        return self.quotient(node.args[0])

    def round_to(self, node: ast.Call, word: str, span: Span) -> Node | None:
        if len(node.args) != 3:
            self.fault("formula", "round_to takes a value, a step and a mode", span, "round_to(x, 'yuan', 'down')")
            return None
        inner = self.quotient(node.args[0])
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args[1:]]
        if words[1] not in ("half-up", "down", "up"):
            self.fault("rounding", f"unknown mode {words[1]!r}", self.span(node.args[2]), "half-up, down or up")
            return None
        if inner is None or not self.number(inner):
            return None
        step = rounding_step(inner.type.kind, words[0])
        if step is None:
            self.fault("rounding", f"unknown step {words[0]!r}", self.span(node.args[1]), steps_of(inner.type.kind))
            return None
        made = rounded(inner.type, step, str(words[1]))
        return Round(inner, step, words[1], str(words[0]), made, span)  # type: ignore[arg-type]

    def date_call(self, node: ast.Call, word: str, span: Span) -> Node | None:
        parts = self.arguments(node, 1 if word == "year" else 2, word)
        if None in parts:
            return None
        ready = tuple(part for part in parts if part is not None)
        kinds = ["date", "number" if word in ("later", "after") else "date"][: len(ready)]
        for part, kind in zip(ready, kinds, strict=True):
            if part.type.kind != kind:
                self.fault("kind", f"{word} needs a {kind}, found {part.type.kind}", part.span)
                return None
        if word in ("later", "after") and ready[1].type.den != 1:
            self.fault(
                "kind",
                f"{word} counts whole {'months' if word == 'later' else 'days'}",
                ready[1].span,
                "whole(…)",
            )
            return None
        made = self.date_type(word, [part.type for part in ready], span)
        return None if made is None else DateCall(word, ready, made, span)  # type: ignore[arg-type]

    def date_type(self, word: str, types: list[Type], span: Span) -> Type | None:
        lows, highs = [int(t.low) for t in types], [int(t.high) for t in types]
        try:
            if word == "year":
                return Type("number", 1, Fraction(_year(lows[0])), Fraction(_year(highs[0])))
            if word == "days":
                return Type("number", 1, Fraction(lows[1] - highs[0]), Fraction(highs[1] - lows[0]), "天")
            if word == "months":
                low, high = months_ordinal(highs[0], lows[1]), months_ordinal(lows[0], highs[1])
                return Type("number", 1, Fraction(low), Fraction(high), "月")
            if word == "after":
                low, high = lows[0] + lows[1], highs[0] + highs[1]
                if low < 1 or high > LAST_ORDINAL:
                    raise OverflowError
            else:
                low, high = later_ordinal(lows[0], lows[1]), later_ordinal(highs[0], highs[1])
        except (OverflowError, ValueError, JiangbuError):
            self.fault("bounds", f"{word} may leave the calendar", span, "bound the day and the count more tightly")
            return None
        return Type("date", 1, Fraction(low), Fraction(high))

    def column_call(self, node: ast.Call, head: str, column: str, span: Span) -> Node | None:
        if head in self.scope.tables:
            return self.lookup(head, column, [self.node(arg) for arg in node.args], span)
        columns = self.scope.series(head)
        if columns is None:
            for arg in node.args:
                self.node(arg)
            self.unknown(head, span)
            return None
        self.uses.add(head)
        parts = self.arguments(node, 1, f"{head}.{column}")
        if column not in columns:
            self.fault("unknown-name", f"{head} has no column {column}", span, did_you_mean(column, columns))
            return None
        if parts[0] is None:
            return None
        if parts[0].type.kind != "date":
            self.fault("kind", f"a series is asked for a day, found {parts[0].type.kind}", parts[0].span)
            return None
        return SeriesAt(head, column, parts[0], columns[column], span)

    def lookup(self, table: str, column: str, given: list[Node | None] | None, span: Span) -> Node | None:
        self.uses.add(table)
        info = self.scope.tables[table]
        if info is None:
            return None
        if column not in info.columns:
            if column in info.table.gives:
                return None
            self.fault("unknown-name", f"{table} has no column {column}", span, did_you_mean(column, info.columns))
            return None
        keys = self.keys(info, given, span)
        if keys is None:
            return None
        return Lookup(table, column, keys, given is None, info.columns[column], span)

    def keys(self, info: TableInfo, given: list[Node | None] | None, span: Span) -> tuple[Node, ...] | None:
        """Return the values at which a table is looked up, its declared inputs or those given."""
        if given is None:
            declared = [self.narrow(self.symbol(symbol, span)) for symbol in info.inputs]
            return None if None in declared else tuple(key for key in declared if key is not None)
        if len(given) != len(info.inputs):
            names = ", ".join(info.table.inputs)
            self.fault("formula", f"{info.table.name} takes {len(info.inputs)} values ({names})", span)
            return None
        if None in given:
            return None
        ready = tuple(key for key in given if key is not None)
        sound = [self.key_fits(info, at, key) for at, key in enumerate(ready)]
        if not all(sound):
            return None
        grids = tuple(None if key.type.kind in ("flag", "choice", "text") else key.type.den for key in ready)
        gap = info.gap(grids)
        if gap:
            self.fault(
                "gap",
                f"no row of {info.table.name} covers {gap}",
                span,
                "round the value first, or let rows meet",
            )
            return None
        return ready

    def key_fits(self, info: TableInfo, at: int, key: Node) -> bool:
        declared, bounds = info.inputs[at], info.bounds[at]
        if declared.type is None:
            return False
        if bounds is None:
            if declared.type.kind == "choice" and isinstance(key, Literal_):
                return self.option(Name(declared.name, "fact", "", declared.type), key)
            if key.type.kind != declared.type.kind or not set(key.type.options) <= set(declared.type.options):
                self.fault("kind", f"{info.table.name} is looked up by {declared.name}", key.span)
                return False
            return True
        if _common(key, Name(declared.name, "fact", "", declared.type)) is None:
            self.fault("kind", f"found {key.type.kind}; expected {declared.type.kind}", key.span)
            return False
        if key.type.den is None:
            self.fault("division", "a varying quotient is rounded before it is looked up", key.span, "round_to(…)")
            return False
        if key.type.low not in bounds or key.type.high not in bounds:
            self.fault(
                "lookup-range",
                f"the value may be {plain(key.type.low)} … {plain(key.type.high)}, outside the bounds of "
                f"{declared.name} ({plain(bounds.low)} … {plain(bounds.high)})",
                key.span,
                "bound it with min(…) and max(…), or widen the bounds of the input",
            )
            return False
        return True

    def marginal(self, node: ast.Call, word: str, span: Span) -> Node | None:
        head = node.args[0] if node.args else None
        if (
            len(node.args) != 2
            or not isinstance(head, ast.Attribute)
            or not isinstance(head.value, ast.Name)
            or head.value.id not in self.scope.tables
        ):
            self.fault("formula", "marginal takes a table's column and a value", span, "marginal(scale.rate, income)")
            return None
        x = self.node(node.args[1])
        info = self.scope.tables[head.value.id]
        self.uses.add(head.value.id)
        if info is None or x is None:
            return None
        column = info.columns.get(head.attr)
        if column is None:
            self.fault(
                "unknown-name",
                f"no column {head.attr}",
                self.span(head),
                did_you_mean(head.attr, info.columns),
            )
            return None
        if not column.numeric:
            self.fault("kind", f"a progressive sum of a {column.kind}", self.span(head))
            return None
        along = [at for at, symbol in enumerate(info.inputs) if symbol.type and symbol.type.numeric]
        if len(along) != 1:
            self.fault("kind", f"{info.table.name} has {len(along)} numeric inputs; marginal needs one", span)
            return None
        return self.progressive(info, column, along[0], x, head.attr, span)

    def progressive(self, info: TableInfo, column: Type, along: int, x: Node, name: str, span: Span) -> Node | None:
        bounds, declared = info.bounds[along], info.inputs[along].type
        assert bounds is not None
        assert declared is not None
        keys: list[Node] = []
        for at, symbol in enumerate(info.inputs):
            key = x if at == along else self.narrow(self.symbol(symbol, span))
            if key is None:
                return None
            keys.append(key)
        if not self.key_fits(info, along, x):
            return None
        if bounds.low < 0:
            self.fault("bounds", "a progressive sum needs an input that is never below zero", span)
            return None
        if column.kind == "money" and x.type.kind == "money":
            self.fault("kind", "money for each unit of money", span)
            return None
        counts = declared.kind == "number" and declared.den == 1
        if counts and x.type.den != 1:
            self.fault("kind", "whole units are counted, found a value with decimals", x.span, "whole(…)")
            return None
        kind = _product(Name("", "line", "", column), x)
        slopes = [row.values[name] for row in info.table.rows]
        top = x.type.high
        low = top * min([ZERO, *(s for s in slopes if isinstance(s, Fraction))])
        high = top * max([ZERO, *(s for s in slopes if isinstance(s, Fraction))])
        den = lcm(
            _den(column) * _den(x.type),
            _den(column) * _edges_den(info.table, info.table.inputs[along], bounds),
        )
        made = Type(kind, den, low, high, "" if kind == "money" else column.unit)
        return self.sized(Marginal(info.table.name, name, tuple(keys), along, made, span), span)

    # -- rows below and pots --------------------------------------------------------------------------

    def aggregate(self, node: ast.Call, word: str, span: Span) -> Node | None:
        if self.inside is not None:
            self.fault("level", f"{word} inside another aggregate", span, "give the inner one a line of its own")
            return None
        if len(node.args) != 1:
            self.fault("formula", f"{word} takes one value, found {len(node.args)}", span)
            return None
        arg = node.args[0]
        if word == "count" and isinstance(arg, ast.Name) and arg.id in self.scope.levels.by_name:
            return self.over(word, None, arg.id, span)
        self.inside = []
        try:
            inner = self.node(arg)
            named = self.inside
        finally:
            self.inside = None
        if inner is None:
            return None
        levels = self.scope.levels
        finest = max(named, key=lambda name: len(levels.chain(name)), default="")
        if not finest or any(not levels.sees(finest, name) for name in named):
            self.fault("level", f"{word} needs values of one line of levels below", span)
            return None
        return self.over(word, inner, finest, span)

    def over(self, word: str, inner: Node | None, level: str, span: Span) -> Node | None:
        levels = self.scope.levels
        self.uses.add(level)
        if level == self.level or self.level not in levels.chain(level):
            self.fault("level", f"{word} runs over rows below; {level} is not below {self.level}", span)
            return None
        most = Fraction(levels.most_rows(self.level, level))
        if word == "count":
            if inner is not None and not self.flag(inner):
                return None
            return Aggregate("count", inner, level, Type("number", 1, ZERO, most), span)
        assert inner is not None
        if not self.number(inner):
            return None
        kind = inner.type
        low, high = min(ZERO, kind.low), max(ZERO, kind.high)
        if word == "sum":
            low, high = low * most, high * most
        made = evolve(kind, low=low, high=high, literal=False)
        return Aggregate(word, inner, level, made, span)  # type: ignore[arg-type]

    def allocate(self, node: ast.Call, word: str, span: Span) -> Node | None:
        if not self.allocates or self.inside is not None:
            self.fault("formula", "allocate stands in a line, outside sum, count, largest and smallest", span)
            return None
        total, weight = self.arguments(node, 2, word)
        if total is None or weight is None:
            return None
        levels = self.scope.levels
        named = [part.level for part in walk(total) if isinstance(part, Name) and part.of != "constant"]
        named += [part.level for part in walk(total) if isinstance(part, MadeCall)]
        holder = max(named, key=lambda name: len(levels.chain(name)), default="")
        if not holder or holder == self.level or any(isinstance(part, Aggregate | Allocate) for part in walk(total)):
            self.fault("level", "allocate divides a value of a level above among the rows of this level", total.span)
            return None
        if not (self.number(total) and self.number(weight)):
            return None
        if total.type.kind == "money" and 100 % _den(total.type):
            self.fault("rounding", "allocate divides rounded money", total.span, "round that line to the fen")
            return None
        if total.type.kind == "rate":
            self.fault("kind", "allocate divides money or a number", total.span)
            return None
        if total.type.kind == "number" and decimals_of(Fraction(1, _den(total.type))) < 0:
            self.fault("rounding", "allocate divides a rounded number", total.span, "round that line to a step")
            return None
        if weight.type.low < 0:
            self.fault("bounds", "a weight may be below zero", weight.span, "max(0, …)")
            return None
        kind = total.type
        den = 100 if kind.kind == "money" else kind.den
        made = Type(kind.kind, den, min(ZERO, kind.low), max(ZERO, kind.high), kind.unit)
        return Allocate(total, weight, holder, made, span)

    def balance(self, node: ast.Call, word: str, span: Span) -> Node | None:
        if len(node.args) != 2 or not isinstance(node.args[0], ast.Name):
            self.fault("formula", f"{word} takes an object's level and a day", span, f"{word}(loan, day)")
            return None
        level = node.args[0].id
        made = self.scope.made_calls.get(level, {}).get(word)
        day = self.node(node.args[1])
        if made is None:
            self.fault("unknown-name", f"{level} offers no {word}", span, "the level must be of a kind that has it")
            return None
        if self.inside is not None:
            self.inside.append(level)
        elif not self.scope.levels.sees(self.level, level):
            self.not_seen(level, level, span)
            return None
        if day is None:
            return None
        if day.type.kind != "date":
            self.fault("kind", f"{word} needs a day, found {day.type.kind}", day.span)
            return None
        return MadeCall(word, level, (day,), made, span)


def _word(node: ast.expr) -> str:
    words = {
        ast.Lambda: "lambda",
        ast.Subscript: "x[…]",
        ast.ListComp: "a comprehension",
        ast.GeneratorExp: "a comprehension",
        ast.JoinedStr: "an f-string",
        ast.NamedExpr: ":=",
        ast.Tuple: "a list",
        ast.List: "a list",
        ast.Dict: "a dict",
        ast.Await: "await",
        ast.Starred: "*",
    }
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return f"the operator {type(node.op).__name__}"
    return words.get(type(node), type(node).__name__)


def _den(kind: Type) -> int:
    assert kind.den is not None
    return kind.den


def plain(value: Fraction) -> str:
    """Write a number without exponent: as a decimal if it has one, else as a fraction."""
    places = decimals_of(value)
    return str(value) if places < 0 else str(scaled_to_decimal(int(value * 10**places), places))


def _year(ordinal: int) -> int:
    return date.fromordinal(ordinal).year


def _zero(node: Node) -> bool:
    return isinstance(node, Literal_) and node.value == 0 and node.type.kind == "number"


def _probe(kind: Type, left: Node, right: Node) -> Node:
    """Stand in for a value that is one or the other, where the next value is joined to it."""
    if _zero(left) and _zero(right):
        return left
    return Name("", "line", "", evolve(kind, literal=left.type.literal and right.type.literal))


def _common(left: Node, right: Node) -> Kind | None:
    a, b = left.type, right.type
    if a.kind == b.kind:
        return a.kind
    if a.numeric and b.numeric:
        if _zero(left):
            return b.kind
        if _zero(right):
            return a.kind
        if "money" not in (a.kind, b.kind):
            return "rate" if (a.literal and b.kind == "rate") or (b.literal and a.kind == "rate") else "number"
    return None


def _product(left: Node, right: Node) -> Kind:
    kinds = {left.type.kind, right.type.kind}
    if "money" in kinds:
        return "money"
    if (
        kinds == {"rate"}
        or (left.type.literal and right.type.kind == "rate")
        or (right.type.literal and left.type.kind == "rate")
    ):
        return "rate"
    return "number"


def _quotient(left: Node, right: Node) -> Kind | None:
    a, b = left.type.kind, right.type.kind
    if a == "money":
        return "number" if b == "money" else "money"
    if b == "money":
        return None
    return "rate" if a == "rate" else "number"


def _edges_den(table: LookupTable, name: str, bounds: Bounds) -> int:
    """Return a denominator on which every edge along one input stands, the bounds' own included."""
    den = lcm(bounds.low.denominator, bounds.high.denominator)
    for row in table.rows:
        for edge in row.edges.get(name, ()):
            if isinstance(edge.value, Fraction):
                den = lcm(den, edge.value.denominator)
    return den


def rounding_step(kind: str, word: object) -> Fraction | None:
    """Return the step that a word means: ``fen`` … ``万元`` for money, ``1`` or ``0.01`` for numbers and rates."""
    if kind == "money":
        return MONEY_STEPS.get(word) if isinstance(word, str) else None
    if isinstance(word, str) and word.replace(".", "", 1).strip("0") == "1" and word[-1] != "." and word[0] != ".":
        step = Fraction(word)
        return step if decimals_of(step) >= 0 and step <= 1 else None
    return None


def steps_of(kind: str) -> str:
    """Say which steps there are."""
    return ", ".join(MONEY_STEPS) if kind == "money" else 'a decimal step such as "1" or "0.01"'


def rounded(kind: Type, step: Fraction, mode: str) -> Type:
    """Return the type of a value after rounding to a step."""

    def end(value: Fraction) -> Fraction:
        steps = value / step
        return divide(steps.numerator, steps.denominator, mode) * step  # type: ignore[arg-type]

    den = 100 if kind.kind == "money" else step.denominator
    return Type(kind.kind, den, end(kind.low), end(kind.high), kind.unit, kind.options)


_NOT = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_SWAP = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_METHODS: Mapping[type, Any] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.Attribute: _Reader.attribute,
    ast.BinOp: _Reader.binary,
    ast.UnaryOp: _Reader.unary,
    ast.Compare: _Reader.compare,
    ast.BoolOp: _Reader.logic,
    ast.IfExp: _Reader.if_else,
    ast.Call: _Reader.call,
}
_CALLS: Mapping[str, Any] = {
    "min": _Reader.extreme,
    "max": _Reader.extreme,
    "whole": _Reader.whole,
    "round_to": _Reader.round_to,
    "marginal": _Reader.marginal,
    "days": _Reader.date_call,
    "months": _Reader.date_call,
    "later": _Reader.date_call,
    "after": _Reader.date_call,
    "year": _Reader.date_call,
    "balance": _Reader.balance,
    "sum": _Reader.aggregate,
    "count": _Reader.aggregate,
    "largest": _Reader.aggregate,
    "smallest": _Reader.aggregate,
    "allocate": _Reader.allocate,
}
