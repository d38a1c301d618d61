"""What a test says about the values in it, where it came out true or false."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.tree import Compare, Literal_, Logic, Node, Not

_NOT = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_SWAP = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def assume(reader: Reader, test: Node, truth: bool) -> None:
    """Remember what a test that came out as ``truth`` says about names and expressions."""
    if isinstance(test, Not):
        assume(reader, test.inner, not truth)
    elif isinstance(test, Logic) and (test.op == "and") == truth:
        for part in test.parts:
            assume(reader, part, truth)
    elif isinstance(test, Compare) and (truth or len(test.ops) == 1):
        for op, left, right in zip(test.ops, test.parts, test.parts[1:], strict=False):
            learn(reader, left, op if truth else _NOT[op], right)
            learn(reader, right, _SWAP[op if truth else _NOT[op]], left)


def learn(reader: Reader, node: Node, op: str, other: Node) -> None:
    """Remember the bounds that one comparison with a fixed value sets."""
    a, b = node.type, other.type
    if a.den is None or not (a.numeric or a.kind == "date") or b.low != b.high or isinstance(node, Literal_):
        return
    low, high = reader.known.get(node, (a.low, a.high))
    number, step = b.low, Fraction(1, a.den)
    if op in (">=", "=="):
        low = max(low, number)
    if op in ("<=", "=="):
        high = min(high, number)
    if op == ">" or (op == "!=" and low == number):
        low = max(low, (floor(number * a.den) + 1) * step)
    if op == "<" or (op == "!=" and high == number):
        high = min(high, -(floor(-number * a.den) + 1) * step)
    reader.known[node] = (low, high)
