"""Rounding: division of whole numbers without a fraction anywhere, and the branches through which it passes.

A rounded value is a sum of products over a denominator. Rounding never goes down as its argument goes up, so that
it may be carried into ``if``, ``min`` and ``max``; what is left is divided in one of two ways, here or in limbs.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, gcd

from attrs import frozen

from jiangbu.desk.live import arithmetic, limbs
from jiangbu.desk.live.conditions import branches
from jiangbu.desk.live.division import finish, floored
from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import LIMIT, Den, Number, fixed
from jiangbu.rules.model import Rounding
from jiangbu.rules.tree import Binary, Extreme, If, Negative, Node, Round

SPARE = 10
"""How far below the limit a number must stay for the short division to be taken."""


@frozen
class Term:
    """One product of a sum."""

    sign: int
    factors: tuple[Number, ...]


def ending(f: Formulas, node: Node, rounding: Rounding) -> Number:
    """The value of a whole line: its formula, rounded as the line says in each of its branches."""
    if rounding.step is None:
        return f.number(node)
    return rounded(f, node, rounding.step, rounding.mode)


def round_node(f: Formulas, node: Round) -> Number:
    return rounded(f, node.inner, node.step, node.mode)


def rounded(f: Formulas, node: Node, step: Fraction, mode: str) -> Number:
    """A node rounded to a step: a whole number of steps."""
    if isinstance(node, If):
        test = f.brief(f.flag(node.test))
        parts = f.level_with(rounded(f, node.then, step, mode), rounded(f, node.other, step, mode))
        return branches(f, test, parts[0], parts[1])
    if large(node) and isinstance(node, Extreme):
        return arithmetic.smallest(f, node.op, f.level_with(*(rounded(f, part, step, mode) for part in node.parts)))
    if large(node) and isinstance(node, Negative) and mode != "floor":
        return f.total([(-1, rounded(f, node.inner, step, mode))])
    parts_ = terms(f, node) if large(node) or (isinstance(node, Binary) and node.varying) else [_term(f.number(node))]
    low, high = node.type.low, node.type.high
    size = ceil(max(abs(low), abs(high)) / step) + 1
    return _divided(f, parts_, step, mode, size, low < 0)


def large(node: Node) -> bool:
    """Whether a formula may hold products that need the long division."""
    if isinstance(node, Binary):
        size = max(abs(node.type.low), abs(node.type.high)) * (node.type.den or LIMIT)
        return size * SPARE >= LIMIT or large(node.left) or large(node.right)
    if isinstance(node, Extreme):
        return any(map(large, node.parts))
    if isinstance(node, If):
        return large(node.then) or large(node.other)
    return large(node.inner) if isinstance(node, Negative) else False


def _term(number: Number) -> Term:
    return Term(1, (number,))


def terms(f: Formulas, node: Node) -> list[Term]:
    """A formula as a sum of products."""
    if isinstance(node, Negative):
        return [Term(-term.sign, term.factors) for term in terms(f, node.inner)]
    if not isinstance(node, Binary):
        return [_term(f.number(node))]
    left = terms(f, node.left)
    if node.op == "/":
        by = arithmetic.reciprocal(f, node.right)
        return [Term(term.sign, (*term.factors, by)) for term in left]
    right = terms(f, node.right)
    if node.op in "+-":
        sign = 1 if node.op == "+" else -1
        return left + [Term(sign * term.sign, term.factors) for term in right]
    return [Term(a.sign * b.sign, a.factors + b.factors) for a in left for b in right]


def _divided(f: Formulas, parts: list[Term], step: Fraction, mode: str, size: int, negative: bool) -> Number:
    """A sum of products divided by a step and rounded."""
    dens = []
    shared_dens = f.rules.denominators
    for term in parts:
        den = Den()
        for number in term.factors:
            den = den * number.den
        dens.append(den)
    common = shared_dens.all_of(dens)
    times = [shared_dens.over(common, den) * Den(step.denominator) for den in dens]
    by = common * Den(step.numerator)
    shared = gcd(by.number, *(den.number for den in times))
    by = Den(by.number // shared, by.symbols)
    times = [Den(den.number // shared, den.symbols) for den in times]
    ready = [limbs.Product(term.sign, _factors(term, den)) for term, den in zip(parts, times, strict=True)]
    negative = negative or any(product.negative for product in ready)
    whole_size = sum(product.size for product in ready)
    most = sum((product.most for product in ready), Fraction(0))
    if by.one:
        piece = f.total([(product.sign, limbs.multiplied(f, product.factors)) for product in ready]).piece
    elif whole_size * SPARE < LIMIT and by.value * SPARE < LIMIT:
        top = f.total([(product.sign, limbs.multiplied(f, product.factors)) for product in ready])
        piece = finish(f, floored(f, top, by), mode, negative)
    else:
        piece = finish(f, limbs.divided(f, ready, by), mode, negative)
    # Whatever stands here is exact or an error value, so that it lies below the limit.
    reach = min(ceil(most / step) + 1, LIMIT - 1)
    number = Number(piece, Den(), min(size, reach), reach, most + step, negative)
    if step.numerator != 1:
        number = f.product(number, fixed(Fraction(step.numerator)))
    return Number(number.piece, Den(step.denominator), number.size, number.reach, most + step, negative)


def _factors(term: Term, times: Den) -> tuple[Number, ...]:
    """The whole numbers of a product, the largest first; the one that is 1 is left out."""
    found = [Number(n.piece, Den(), n.size, n.reach, n.most, n.negative) for n in term.factors]
    if times.number != 1:
        found.append(fixed(Fraction(times.number)))
    for symbol in times.symbols:
        found.append(Number(symbol.piece, Den(), symbol.value, symbol.reach, Fraction(symbol.reach)))
    return tuple(n for n in found if n.piece.sheet != "1") or (fixed(Fraction(1)),)
