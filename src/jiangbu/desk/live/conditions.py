"""Conditions: comparisons and their chains, ``in``, ``and or not``, and the branches of an ``if``."""

from __future__ import annotations

from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import Den, Number, Piece, both, chosen, either, joined, opposite
from jiangbu.rules.tree import Binary, Compare, If, Logic, Member, Node, Not

SIGNS = {"==": "=", "!=": "<>"}


def compare(f: Formulas, node: Compare) -> Piece:
    tests = [
        f.brief(_pair(f, op, left, right))
        for op, left, right in zip(node.ops, node.parts, node.parts[1:], strict=False)
    ]
    return both(*tests)


def _pair(f: Formulas, op: str, left: Node, right: Node) -> Piece:
    sign = SIGNS.get(op, op)
    if left.type.kind == "flag":
        return joined(sign, f.flag(left), f.flag(right))
    if not left.type.numeric:
        return joined(sign, f.plain(left), f.plain(right))
    (a, over), (c, under) = _fraction(f, left), _fraction(f, right)
    if under is not None:
        a = f.product(a, under)
    if over is not None:
        c = f.product(c, over)
    one, other = f.level_with(a, c)
    return joined(sign, one.piece, other.piece)


def _fraction(f: Formulas, node: Node) -> tuple[Number, Number | None]:
    """A number, or the dividend and the divisor (above zero) of a varying quotient."""
    if isinstance(node, Binary) and node.varying:
        return f.number(node.left), f.number(node.right)
    return f.number(node), None


def member(f: Formulas, node: Member) -> Piece:
    if node.inner.type.numeric:
        head, *others = f.level_with(*(f.number(part) for part in (node.inner, *node.choices)))
        pieces = [head.piece, *(other.piece for other in others)]
    elif node.inner.type.kind == "flag":
        pieces = [f.flag(part) for part in (node.inner, *node.choices)]
    else:
        pieces = [f.plain(part) for part in (node.inner, *node.choices)]
    first = f.keep(pieces[0]) if not pieces[0].atom else pieces[0]
    tests = [joined("=", first, other) for other in pieces[1:]]
    # All are asked, as the kernel does: one without a value leaves the condition without one.
    any_of = Piece(
        f"OR({','.join(test.sheet for test in tests)})",
        "|".join(test.inner[1] for test in tests),
        any(test.fails for test in tests),
    )
    return f.brief(opposite(any_of) if node.negated else any_of)


def logic(f: Formulas, node: Logic) -> Piece:
    tests = [f.brief(f.flag(part)) for part in node.parts]
    return f.brief(both(*tests) if node.op == "and" else either(*tests))


def negation(f: Formulas, node: Not) -> Piece:
    return opposite(f.flag(node.inner))


def flag_branch(f: Formulas, node: If) -> Piece:
    return f.brief(chosen(f.flag(node.test), f.flag(node.then), f.flag(node.other)))


def plain_branch(f: Formulas, node: If) -> Piece:
    return f.brief(chosen(f.flag(node.test), f.plain(node.then), f.plain(node.other)))


def number_branch(f: Formulas, node: If) -> Number:
    test = f.brief(f.flag(node.test))
    then, other = f.level_with(f.number(node.then), f.number(node.other))
    return branches(f, test, then, other)


def branches(f: Formulas, test: Piece, then: Number, other: Number) -> Number:
    """One of two numbers over one denominator."""
    piece = f.brief(chosen(test, then.piece, other.piece))
    den = then.den if not then.zero else other.den
    return Number(
        piece,
        den if not (then.zero and other.zero) else Den(),
        max(then.size, other.size),
        max(then.reach, other.reach),
        max(then.most, other.most),
        then.negative or other.negative,
    )
