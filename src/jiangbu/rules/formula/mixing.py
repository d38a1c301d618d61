"""Which kinds go together, and the kind that comes of them."""

from __future__ import annotations

from math import lcm

from attrs import evolve

from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.kinds import Kind
from jiangbu.rules.tree import Literal_, Name, Node, Span, Type

FLAG = Type("flag")


def number(reader: Reader, node: Node) -> bool:
    """Whether a node can be reckoned with; a fault if not."""
    if node.type.numeric:
        return True
    reader.fault("kind", f"arithmetic on a {node.type.kind}", node.span, "only money, numbers and rates")
    return False


def agreed(reader: Reader, left: Node, right: Node, span: Span, what: str) -> Kind | None:
    """Return the kind that two values have in common; None, with a fault, if there is none."""
    kind = common(left, right)
    if kind is None:
        reader.fault("kind", f"{what}: the kinds do not fit", span)
    return kind


def flag(reader: Reader, node: Node) -> bool:
    """Whether a node can be a condition; a fault if not."""
    if node.type.kind == "flag":
        return True
    reader.fault("kind", f"a condition is a flag, found {node.type.kind}", node.span)
    return False


def joined(reader: Reader, left: Node, right: Node, span: Span, what: str) -> Type | None:
    """Return the type of a value that is one or the other."""
    a, b = left.type, right.type
    if {a.kind, b.kind} <= {"choice", "text"}:
        options = tuple(dict.fromkeys(a.options + b.options)) if a.options and b.options else ()
        return Type("choice" if options else "text", options=options)
    kind = agreed(reader, left, right, span, f"{what} are {a.kind} and {b.kind}")
    if kind is None:
        return None
    den = None if a.den is None or b.den is None else lcm(a.den, b.den)
    step = a.step and b.step
    return Type(kind, den, min(a.low, b.low), max(a.high, b.high), a.unit or b.unit, step=step)


def common(left: Node, right: Node) -> Kind | None:
    """Return the kind that two values have in common, if there is one."""
    a, b = left.type, right.type
    if a.kind == b.kind:
        return a.kind
    if a.numeric and b.numeric:
        if is_zero(left):
            return b.kind
        if is_zero(right):
            return a.kind
        if "money" not in (a.kind, b.kind):
            return "rate" if (a.literal and b.kind == "rate") or (b.literal and a.kind == "rate") else "number"
    return None


def product(left: Node, right: Node) -> Kind:
    """Return the kind of a product."""
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


def ratio(left: Node, right: Node) -> Kind | None:
    """Return the kind of a quotient, if there is one."""
    a, b = left.type.kind, right.type.kind
    if a == "money":
        return "number" if b == "money" else "money"
    if b == "money":
        return None
    return "rate" if a == "rate" else "number"


def den_of(kind: Type) -> int:
    """Return the denominator of a kind that has one: all but a varying quotient."""
    assert kind.den is not None
    return kind.den


def is_zero(node: Node) -> bool:
    """Whether a node is the literal 0, which fits every numeric kind."""
    return isinstance(node, Literal_) and node.value == 0 and node.type.kind == "number"


def stand_in(kind: Type, left: Node, right: Node) -> Node:
    """Stand in for a value that is one or the other, where the next value is joined to it."""
    if is_zero(left) and is_zero(right):
        return left
    return Name("", "line", "", evolve(kind, literal=left.type.literal and right.type.literal))
