"""Arithmetic: sums, products, quotients, the smallest and the largest; each with the bounds of what comes out."""

from __future__ import annotations

import ast
from math import lcm

from attrs import evolve

from jiangbu.rules.formula.language import WHAT_MAY_STAND, word_of
from jiangbu.rules.formula.mixing import FLAG, agreed, den_of, flag, joined, number, product, ratio, stand_in
from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.kinds import decimals_of
from jiangbu.rules.tree import Binary, Extreme, Negative, Node, Not, Span, Type


def quotient(reader: Reader, node: ast.expr) -> Node | None:
    """Read a node that may be a varying quotient."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return division(reader, node, varying=True)
    return reader.node(node)


def binary(reader: Reader, node: ast.BinOp) -> Node | None:
    """Read a sum, difference, product or quotient."""
    if isinstance(node.op, ast.Div):
        return division(reader, node, varying=False)
    op = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}.get(type(node.op))
    if op is None:
        reader.fault("formula", f"{word_of(node)} is not in the language", reader.span(node), WHAT_MAY_STAND)
        reader.node(node.left)
        reader.node(node.right)
        return None
    left, right = reader.node(node.left), reader.node(node.right)
    if left is None or right is None:
        return None
    span = reader.span(node)
    if not (number(reader, left) and number(reader, right)):
        return None
    return times(reader, left, right, span) if op == "*" else plus(reader, op, left, right, span)


def plus(reader: Reader, op: str, left: Node, right: Node, span: Span) -> Node | None:
    """Return a sum or difference of one kind."""
    kind = agreed(reader, left, right, span, f"{left.type.kind} {op} {right.type.kind}")
    if kind is None:
        return None
    a, b = left.type, right.type
    if a.unit and b.unit and a.unit != b.unit:
        reader.fault("unit", f"adds {a.unit} to {b.unit}", span, "check that it is meant", warning=True)
    low, high = (a.low + b.low, a.high + b.high) if op == "+" else (a.low - b.high, a.high - b.low)
    den = lcm(den_of(a), den_of(b))
    made = Type(kind, den, low, high, a.unit or b.unit, step=a.step and b.step)
    return reader.sized(Binary(op, left, right, made, span), span)  # type: ignore[arg-type]


def times(reader: Reader, left: Node, right: Node, span: Span) -> Node | None:
    """Return a product; of two amounts of money there is none."""
    a, b = left.type, right.type
    if a.kind == "money" and b.kind == "money":
        reader.fault("kind", "money * money", span, "one side must be a number or a rate")
        return None
    kind = product(left, right)
    ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    if kind == "money":
        unit = a.unit if a.kind == "money" else b.unit
    else:
        unit = "" if a.unit and b.unit else a.unit or b.unit
    made = Type(kind, den_of(a) * den_of(b), min(ends), max(ends), unit, step=a.step and b.step)
    return reader.sized(Binary("*", left, right, made, span), span)


def division(reader: Reader, node: ast.BinOp, *, varying: bool) -> Node | None:
    """Read a quotient: by a fixed value anywhere, by a varying one where ``varying`` lets it stand."""
    left, right = reader.node(node.left), reader.node(node.right)
    if left is None or right is None:
        return None
    span = reader.span(node)
    if not (number(reader, left) and number(reader, right)):
        return None
    kind = ratio(left, right)
    if kind is None:
        reader.fault("kind", f"{left.type.kind} / {right.type.kind}", span)
        return None
    a, b = left.type, right.type
    if b.low == b.high:
        if b.low == 0:
            reader.fault("division", "divides by zero", right.span, "divide by a value that is never zero")
            return None
        ends = sorted((a.low / b.low, a.high / b.low))
        den = den_of(a) * abs(b.low.numerator)
        made = Type(
            kind,
            den,
            ends[0],
            ends[1],
            a.unit if kind == a.kind else "",
            step=decimals_of(1 / b.low) >= 0,
        )
        return reader.sized(Binary("/", left, right, made, span), span)
    if not varying:
        reader.fault(
            "division",
            "a division by a varying value inside a formula",
            span,
            "let it be the last operation of a line or branch, or put it inside whole(…) or round_to(…)",
        )
        return None
    if b.low <= 0:
        reader.fault(
            "division",
            f"the divisor may be {'zero' if b.high >= 0 else 'below zero'}",
            right.span,
            "guard it: max(1, …), or … if divisor > 0 else …",
        )
        return None
    low = a.low / (b.high if a.low >= 0 else b.low)
    high = a.high / (b.low if a.high >= 0 else b.high)
    return Binary("/", left, right, Type(kind, None, low, high, a.unit if kind == a.kind else ""), span)


def unary(reader: Reader, node: ast.UnaryOp) -> Node | None:
    """Read ``not`` and the minus sign."""
    span = reader.span(node)
    if isinstance(node.op, ast.Not):
        inner = reader.node(node.operand)
        if inner is None or not flag(reader, inner):
            return None
        return Not(inner, FLAG, span)
    if isinstance(node.op, ast.USub):
        inner = reader.node(node.operand)
        if inner is None or not number(reader, inner):
            return None
        made = evolve(inner.type, low=-inner.type.high, high=-inner.type.low)
        return Negative(inner, made, span)
    reader.fault("formula", f"{word_of(node)} is not in the language", span, WHAT_MAY_STAND)
    return None


def extreme(reader: Reader, node: ast.Call, word: str, span: Span) -> Node | None:
    """Read ``min`` and ``max`` of two values or more."""
    parts = [reader.node(arg) for arg in node.args]
    if len(parts) < 2:
        reader.fault("formula", f"{word} takes two values or more", span)
        return None
    made: Type | None = None
    for part in parts:
        if part is None:
            return None
        if not (part.type.numeric or part.type.kind == "date"):
            reader.fault("kind", f"{word} of a {part.type.kind}", part.span)
            return None
    ready = [part for part in parts if part is not None]
    made = ready[0].type
    probe: Node = ready[0]
    for part in ready[1:]:
        both = joined(reader, probe, part, span, f"the values of {word}")
        if both is None:
            return None
        made = both
        probe = stand_in(both, probe, part)
    pick = min if word == "min" else max
    made = evolve(
        made,
        low=pick(part.type.low for part in ready),
        high=pick(part.type.high for part in ready),
        literal=False,
    )
    return reader.sized(Extreme(word, tuple(ready), made, span), span)  # type: ignore[arg-type]
