"""The typed tree of a formula: what the evaluator compiles, the explainer reads and the checker reasons about.

Two trees are equal when they compute the same thing; where they stand in the text (``span``) does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal, get_args

from attrs import field, fields, frozen

from jiangbu.rules.kinds import NUMERIC, Kind, Value

Span = tuple[int, int]


@frozen
class Type:
    """What is known of a value on load.

    ``den`` is its denominator (None: a varying quotient, which has none); ``low`` and ``high`` enclose it (dates:
    ordinals); ``step`` says that it stands on the decimal grid of ``den`` (an exact line may lie between).
    """

    kind: Kind
    den: int | None = 1
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    unit: str = ""
    options: tuple[str, ...] = ()
    literal: bool = False
    step: bool = True

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC


def _type() -> Any:
    return field(eq=False)


def _span() -> Any:
    return field(eq=False, default=(0, 0))


@frozen
class Literal_:
    value: Value
    type: Type = _type()
    span: Span = _span()


@frozen
class Name:
    """A fact, constant, line, or a column of made rows (``loan.principal``); ``level`` is where it stands."""

    name: str
    of: Literal["fact", "constant", "line", "made"]
    level: str
    type: Type = _type()
    span: Span = _span()


@frozen
class Negative:
    inner: Node
    type: Type = _type()
    span: Span = _span()


@frozen
class Binary:
    op: Literal["+", "-", "*", "/"]
    left: Node
    right: Node
    type: Type = _type()
    span: Span = _span()

    @property
    def varying(self) -> bool:
        """Whether this divides by a value that is not known on load."""
        return self.type.den is None


@frozen
class Compare:
    """A chain ``a < b <= c``; ``parts`` has one more entry than ``ops``."""

    ops: tuple[str, ...]
    parts: tuple[Node, ...]
    type: Type = _type()
    span: Span = _span()


@frozen
class Member:
    inner: Node
    choices: tuple[Node, ...]
    negated: bool
    type: Type = _type()
    span: Span = _span()


@frozen
class Logic:
    op: Literal["and", "or"]
    parts: tuple[Node, ...]
    type: Type = _type()
    span: Span = _span()


@frozen
class Not:
    inner: Node
    type: Type = _type()
    span: Span = _span()


@frozen
class If:
    test: Node
    then: Node
    other: Node
    type: Type = _type()
    span: Span = _span()


@frozen
class Extreme:
    op: Literal["min", "max"]
    parts: tuple[Node, ...]
    type: Type = _type()
    span: Span = _span()


@frozen
class Round:
    """``whole(x)`` (floor of a number) or ``round_to(x, to, mode)``."""

    inner: Node
    step: Fraction
    mode: Literal["floor", "half-up", "down", "up"]
    word: str
    type: Type = _type()
    span: Span = _span()


@frozen
class Lookup:
    """``table.column`` at the declared inputs, or at others; ``keys`` are the input values in order."""

    table: str
    column: str
    keys: tuple[Node, ...]
    declared: bool
    type: Type = _type()
    span: Span = _span()


@frozen
class Marginal:
    """``marginal(table.column, x)``: ``along`` is the place of the numeric input among ``keys``."""

    table: str
    column: str
    keys: tuple[Node, ...]
    along: int
    type: Type = _type()
    span: Span = _span()


@frozen
class SeriesAt:
    series: str
    column: str
    day: Node
    type: Type = _type()
    span: Span = _span()


@frozen
class DateCall:
    op: Literal["days", "months", "later", "after", "year"]
    parts: tuple[Node, ...]
    type: Type = _type()
    span: Span = _span()


@frozen
class MadeCall:
    """A function that an object's maker offers, such as ``balance(loan, day)``."""

    op: str
    level: str
    parts: tuple[Node, ...]
    type: Type = _type()
    span: Span = _span()


@frozen
class Aggregate:
    """``sum count largest smallest`` over the rows of ``level``; ``inner`` is None for ``count(level)``."""

    op: Literal["sum", "count", "largest", "smallest"]
    inner: Node | None
    level: str
    type: Type = _type()
    span: Span = _span()


@frozen
class Allocate:
    """``allocate(total, weight)``: the total stands in the row of level ``holder``."""

    total: Node
    weight: Node
    holder: str
    type: Type = _type()
    span: Span = _span()


Node = (
    Literal_
    | Name
    | Negative
    | Binary
    | Compare
    | Member
    | Logic
    | Not
    | If
    | Extreme
    | Round
    | Lookup
    | Marginal
    | SeriesAt
    | DateCall
    | MadeCall
    | Aggregate
    | Allocate
)


_PARTS: Mapping[type, tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind) if "Node" in str(item.type)) for kind in get_args(Node)
}
"""The fields of each kind of node that hold nodes, in the order of the text."""


def children(node: Node) -> Iterator[Node]:
    """Yield the direct parts of a node, in the order of the text."""
    for name in _PARTS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            yield from value
        elif value is not None:
            yield value


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)
