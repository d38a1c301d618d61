"""The order of evaluation: every line, condition, sum and share after what it needs.

A sum over rows below needs to know which of them are refused, so it comes after every condition of the levels it
runs through; a share of a total likewise. What cannot be ordered so goes round in a circle and is refused on load.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from attrs import evolve, field, frozen

from jiangbu.rules.formula import TableInfo
from jiangbu.rules.levels import Levels
from jiangbu.rules.model import Check, Line, Remark, Requirement
from jiangbu.rules.tree import (
    Aggregate,
    Allocate,
    Compare,
    If,
    Logic,
    Lookup,
    Marginal,
    Name,
    Node,
    SeriesAt,
    children,
    walk,
)
from jiangbu.rules.waiting import backwards, bits, decided, mask_of, with_late

StepKind = Literal["line", "requirement", "check", "remark", "element", "aggregate", "weight", "total", "allocate"]


@frozen
class Step:
    """One thing to compute for every row of a level; ``slot`` is the name of the value it leaves.

    ``node`` is the formula, or the sum or share itself; ``line`` is the line or condition that it belongs to.
    """

    kind: StepKind
    slot: str
    level: str
    node: Node = field(repr=False)
    line: str
    origin: str = ""
    needs: frozenset[str] = frozenset()
    base: str = ""
    number: int = -1

    def sibling(self, word: str) -> str:
        """Name another hidden value of the same sum or share."""
        return hidden_name(word, self.base, self.number)


Guards = tuple[tuple[Node, bool], ...]
"""Tests, and how each must come out."""


class Circle(Exception):
    """Lines and conditions that need one another; ``name`` is one of them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.name = names[0]
        super().__init__(" → ".join(names))


def hidden_name(kind: str, base: str, number: int) -> str:
    """Name a value that has no name in the table; the hyphen keeps it apart from every name that has."""
    return f"{base}-{kind}{number}"


def hidden(tree: Node) -> Iterator[tuple[Aggregate | Allocate, int]]:
    """Yield the sums and shares inside a formula, numbered as they stand."""
    found = (node for node in walk(tree) if isinstance(node, Aggregate | Allocate))
    yield from ((node, number) for number, node in enumerate(found))


def schedule(
    levels: Levels,
    lines: Mapping[str, Line],
    requirements: Mapping[str, Requirement],
    checks: Mapping[str, Check],
    remarks: Mapping[str, Remark],
    infos: Mapping[tuple[str, str], TableInfo],
) -> tuple[Step, ...]:
    """Return every step in an order in which each has what it needs; ``Circle`` if there is none."""
    steps: list[Step] = []
    for key, check in checks.items():
        assert check.tree is not None
        steps += _steps("check", key, check.level, check.tree, check.origin)
    for key, item in requirements.items():
        assert item.tree is not None
        steps += _steps("requirement", key, item.level, item.tree, item.origin)
    for line in lines.values():
        assert line.tree is not None
        steps += _steps("line", line.name, line.level, line.tree, "")
    for key, remark in remarks.items():
        assert remark.tree is not None
        steps += _steps("remark", key, remark.level, remark.tree, remark.origin)
    return _sort(steps, _waits(steps, levels, infos))


def _steps(kind: StepKind, name: str, level: str, tree: Node, origin: str) -> Iterator[Step]:
    base = name if kind == "line" else f"{kind}:{name}"
    needs = {node.name for node in _outside(tree) if isinstance(node, Name) and node.of == "line"}
    for node, number in hidden(tree):

        def step(word: StepKind, at: str, what: Node, requires: frozenset[str], number: int = number) -> Step:
            name_of = hidden_name(_WORDS[word], base, number)
            return Step(word, name_of, at, what, name, origin, requires, base, number)

        if isinstance(node, Aggregate):
            inner: frozenset[str] = frozenset()
            if node.inner is not None:
                inner = frozenset({hidden_name("element", base, number)})
                yield step("element", node.level, node.inner, _names(node.inner))
            yield step("aggregate", level, node, inner)
            needs.add(hidden_name("sum", base, number))
        else:
            inside = {id(part) for part in walk(node.weight)}
            sums = {hidden_name("sum", base, other) for part, other in hidden(tree) if id(part) in inside}
            yield step("weight", level, node.weight, _names(node.weight) | sums)
            yield step("total", node.holder, node.total, _names(node.total))
            both = {hidden_name("weight", base, number), hidden_name("total", base, number)}
            yield step("allocate", level, node, frozenset(both))
            needs.add(hidden_name("share", base, number))
    slot = name if kind == "line" else f"{base}-holds"
    yield Step(kind, slot, level, tree, name, origin, frozenset(needs), base)


_WORDS: Mapping[str, str] = {
    "element": "element",
    "aggregate": "sum",
    "weight": "weight",
    "total": "total",
    "allocate": "share",
}


def _names(tree: Node) -> frozenset[str]:
    return frozenset(node.name for node in walk(tree) if isinstance(node, Name) and node.of == "line")


def _outside(tree: Node) -> Iterator[Node]:
    """Yield the nodes of a formula that are not inside a sum or share."""
    yield tree
    if not isinstance(tree, Aggregate | Allocate):
        for child in children(tree):
            yield from _outside(child)


def may_hole(step: Step, infos: Mapping[tuple[str, str], TableInfo]) -> list[tuple[str, str]]:
    """Return the tables with holes that a step looks up; a remark refuses nothing."""
    if step.kind in ("aggregate", "allocate", "remark"):
        return []
    found = []
    for node in _outside(step.node):
        if isinstance(node, Lookup | Marginal) and infos[step.origin, node.table].table.holes:
            found.append((step.origin, node.table))
    return found


def stoppers(node: Node, origin: str, infos: Mapping[tuple[str, str], TableInfo]) -> Iterator[tuple[Node, Guards]]:
    """Yield the lookups of a formula that may find nothing, each with the tests under which it is looked at."""
    for part, guards in guarded(node):
        holed = isinstance(part, Lookup | Marginal) and infos[origin, part.table].table.holes
        if holed or isinstance(part, SeriesAt):
            yield part, guards


def borrowed(node: Node) -> Iterator[tuple[Node, Guards]]:
    """Yield the lines, sums and shares of a formula, which may not be readable, each with its tests."""
    for part, guards in guarded(node):
        if isinstance(part, Aggregate | Allocate) or (isinstance(part, Name) and part.of == "line"):
            yield part, guards


def guarded(node: Node, guards: Guards = ()) -> Iterator[tuple[Node, Guards]]:
    """Yield every part of a formula with the tests under which it is looked at; what is inside a sum or share is not
    part of the formula itself."""
    yield node, guards
    if isinstance(node, If):
        yield from guarded(node.test, guards)
        yield from guarded(node.then, (*guards, (node.test, True)))
        yield from guarded(node.other, (*guards, (node.test, False)))
    elif isinstance(node, Logic):
        for at, part in enumerate(node.parts):
            before = tuple((test, node.op == "and") for test in node.parts[:at])
            yield from guarded(part, (*guards, *before))
    elif isinstance(node, Compare):
        for at, part in enumerate(node.parts):
            held = evolve(node, ops=node.ops[: at - 1], parts=node.parts[:at]) if at > 1 else None
            yield from guarded(part, guards if held is None else (*guards, (held, True)))
    elif not isinstance(node, Aggregate | Allocate):
        for child in children(node):
            yield from guarded(child, guards)


def _through(step: Step, levels: Levels) -> tuple[str, ...]:
    """Return the levels whose refusals a sum or share has to know."""
    if isinstance(step.node, Aggregate) and step.kind == "aggregate":
        return levels.between(step.level, step.node.level)
    if isinstance(step.node, Allocate) and step.kind == "allocate":
        return levels.between(step.node.holder, step.level)
    return ()


def _waits(steps: Sequence[Step], levels: Levels, infos: Mapping[tuple[str, str], TableInfo]) -> list[int]:
    """Return what each step waits for, as bits; behind the steps stand barriers, which only wait."""
    place = {step.slot: at for at, step in enumerate(steps)}
    needs = [mask_of(place[need] for need in step.needs if need in place) for step in steps]
    gathers = {at: through for at, step in enumerate(steps) if (through := _through(step, levels))}
    deciding: dict[str, int] = {}
    late: dict[str, int] = {}
    for at, step in enumerate(steps):
        if step.kind in ("requirement", "check"):
            deciding[step.level] = deciding.get(step.level, 0) | 1 << at
        if may_hole(step, infos):
            late[step.level] = late.get(step.level, 0) | 1 << at
        if step.kind == "allocate" and isinstance(step.node, Allocate):
            late[step.node.holder] = late.get(step.node.holder, 0) | 1 << at
    return with_late(decided(needs, gathers, deciding), gathers, late).needs


def _sort(steps: Sequence[Step], needs: Sequence[int]) -> tuple[Step, ...]:
    """Return the steps in order: of those that wait for nothing any more always the first in the table."""
    missing, needed_by, order = list(needs), backwards(needs), []
    # A barrier goes as soon as it can, before any step: those behind it are then as free as without it.
    ready = [at if at < len(steps) else -at for at, needed in enumerate(needs) if not needed]
    heapq.heapify(ready)
    while ready:
        at = abs(heapq.heappop(ready))
        if at < len(steps):
            order.append(steps[at])
        for other in bits(needed_by[at]):
            missing[other] &= ~(1 << at)
            if not missing[other]:
                heapq.heappush(ready, other if other < len(steps) else -other)
    if len(order) < len(steps):
        raise Circle(_circle(steps, missing))
    return tuple(order)


def _circle(steps: Sequence[Step], missing: Sequence[int]) -> list[str]:
    """Return the names along a circle of steps, in which each waits for the next."""
    at = next(at for at, needed in enumerate(missing) if needed)
    path: list[int] = []
    while at not in path:
        path.append(at)
        at = next(other for other in bits(missing[at]) if missing[other])
    names = [steps[item].line for item in path[path.index(at) :] if item < len(steps)]
    return list(dict.fromkeys(names))
