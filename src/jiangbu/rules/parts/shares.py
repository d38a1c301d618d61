"""Shares of a total: whether they still sum to it once they are rounded, and whether a case may come in which nobody
has a weight and there is something to divide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from jiangbu.rules.findings import Path
from jiangbu.rules.model import Line, Rounding
from jiangbu.rules.parts.state import Builder
from jiangbu.rules.raw import RawLine
from jiangbu.rules.tree import Aggregate, Allocate, Binary, Extreme, If, Name, Node, Round, walk


def hold_shares_whole(b: Builder, tree: Node, rounding: Rounding, path: Path) -> None:
    """Refuse a rounding that is coarser than the units in which a total is divided: money would be lost or won."""
    if rounding.step is not None and any(_coarser(share, rounding.step) for share in _ends_in(tree, Allocate)):
        b.findings.add(
            "rounding",
            (*path, "round"),
            f"shares rounded to {rounding.word!r} no longer sum to what is divided",
            remedy="leave this round out; round the total on a line of its own, then divide it",
        )
    for node in _ends_in(tree, Round):
        if isinstance(node, Round) and any(_coarser(share, node.step) for share in _ends_in(node.inner, Allocate)):
            b.findings.add(
                "rounding",
                (*path, "formula"),
                f"shares rounded to {node.word!r} no longer sum to what is divided",
                remedy="divide without rounding; round the total on a line of its own, then divide it",
            )


def _ends_in(tree: Node, kind: type[Node]) -> Iterator[Node]:
    """Yield the parts of one kind that a formula's value is, or is a sum of."""
    if isinstance(tree, kind):
        yield tree
    elif isinstance(tree, If):
        yield from _ends_in(tree.then, kind)
        yield from _ends_in(tree.other, kind)
    elif isinstance(tree, Binary) and tree.op in ("+", "-"):
        yield from _ends_in(tree.left, kind)
        yield from _ends_in(tree.right, kind)


def _coarser(share: Node, step: Fraction) -> bool:
    return (Fraction(1, share.type.den or 1) / step).denominator != 1


def warn_of_no_weight(b: Builder, tree: Node, raw: RawLine, level: str, path: Path) -> None:
    """Warn where all weights of a share may be zero, unless the line's reading says what that means."""
    if raw.reading or b.findings.spoiled(*path, "reading"):
        return
    for node in walk(tree):
        if isinstance(node, Allocate) and node.weight.type.low <= 0 and not _nil(node.total, node, level, b.lines):
            b.findings.add(
                "bounds",
                (*path, "formula"),
                "all weights may be zero; then what is to be divided refuses its row",
                severity="warning",
                remedy='keep a weight above zero, or say what it means: reading = "…"',
            )


def _nil(node: Node, share: Allocate, level: str, lines: Mapping[str, Line]) -> bool:
    """Whether the form of a total shows that it is zero where all weights are: ``min(pot, sum(weight))``.

    The sum has to run over the very rows among which the total is divided, so it stands where the total does.
    """
    if node.type.low == node.type.high == 0:
        return True
    match node:
        case Aggregate(op="sum" | "largest" | "smallest", inner=inner):
            return inner == share.weight and node.level == level
        case Extreme(op="min", parts=parts):
            return node.type.low >= 0 and any(_nil(part, share, level, lines) for part in parts)
        case Extreme(op="max", parts=parts):
            return all(_nil(part, share, level, lines) for part in parts)
        case If(then=then, other=other):
            return all(_nil(part, share, level, lines) for part in (then, other))
        case Binary(op="*", left=left, right=right):
            return any(_nil(part, share, level, lines) for part in (left, right))
        case Binary(op="+" | "-", left=left, right=right):
            return all(_nil(part, share, level, lines) for part in (left, right))
        case Round(inner=inner) | Binary(op="/", left=inner):
            return _nil(inner, share, level, lines)
        case Name(of="line", name=name, level=where) if where == share.holder:
            tree = lines[name].tree if name in lines else None
            return tree is not None and _nil(tree, share, level, lines)
    return False
