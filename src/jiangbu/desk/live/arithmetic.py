"""Sums, products, quotients by a fixed value, the smallest and the largest."""

from __future__ import annotations

from fractions import Fraction

from jiangbu.desk.live.formulas import Formulas, largest_of, smallest_of
from jiangbu.desk.live.pieces import Den, Number, Piece, Symbol, called, joined, whole
from jiangbu.rules.tree import Binary, Extreme, Name, Negative, Node, walk


def negative(f: Formulas, node: Negative) -> Number:
    return f.total([(-1, f.number(node.inner))])


def binary(f: Formulas, node: Binary) -> Number:
    left = f.number(node.left)
    if node.op == "/":
        return f.product(left, reciprocal(f, node.right))
    right = f.number(node.right)
    if node.op == "*":
        return f.product(left, right)
    one, other = f.level_with(left, right)
    if one.zero and node.op == "+":
        return other
    return f.total([(1, one), (1 if node.op == "+" else -1, other)]) if not other.zero else one


def reciprocal(f: Formulas, node: Node) -> Number:
    """One over a divisor: a fixed value other than zero, or a varying one that is above zero."""
    constant = all(not isinstance(part, Name) or part.of == "constant" for part in walk(node))
    low, high = node.type.low, node.type.high
    if low == high and not (constant and any(isinstance(part, Name) for part in walk(node))):
        inverse = 1 / low
        size = abs(inverse.numerator)
        return Number(whole(inverse.numerator), Den(inverse.denominator), size, size, abs(inverse), inverse < 0)
    divisor = f.cellular(f.number(node), "除数")
    piece = divisor.piece if low > 0 else f.keep(joined("-", whole(0), divisor.piece), "除数")
    value = divisor.size if low != high else abs(int(low * divisor.den.value))
    den, most = Den(1, (Symbol(piece, max(value, 1), max(divisor.reach, 1)),)), Fraction(divisor.den.reach)
    number = Number(divisor.den.piece, den, divisor.den.value, divisor.den.reach, most)
    return number if low > 0 else f.total([(-1, number)])


def extreme(f: Formulas, node: Extreme) -> Number:
    return smallest(f, node.op, f.level_with(*(f.number(part) for part in node.parts)))


def smallest(f: Formulas, op: str, parts: tuple[Number, ...]) -> Number:
    """The smallest or largest of numbers over one denominator."""
    piece = f.brief((smallest_of if op == "min" else largest_of)(*(part.piece for part in parts)))
    above = not any(part.negative for part in parts)
    pick = min if op == "min" and above else max
    return Number(
        piece,
        next((part.den for part in parts if not part.zero), Den()),
        pick(part.size for part in parts),
        pick(part.reach for part in parts),
        pick(part.most for part in parts),
        all(part.negative for part in parts) if op == "max" else not above,
    )


def extreme_day(f: Formulas, node: Extreme) -> Piece:
    return called("MIN" if node.op == "min" else "MAX", *(f.plain(part) for part in node.parts))
