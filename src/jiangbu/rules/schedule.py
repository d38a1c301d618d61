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
    deciding = [step for step in steps if step.kind in ("requirement", "check")]
    held = [_with_decisions(step, deciding, levels) for step in steps]
    return _sort(_with_late_refusals(held, levels, infos))


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


def stoppers(
    node: Node, origin: str, infos: Mapping[tuple[str, str], TableInfo], guards: Guards = ()
) -> Iterator[tuple[Node, Guards]]:
    """Yield the lookups of a formula that may find nothing, each with the tests under which it is looked at."""
    if isinstance(node, Aggregate | Allocate):
        return
    holed = isinstance(node, Lookup | Marginal) and infos[origin, node.table].table.holes
    if holed or isinstance(node, SeriesAt):
        yield node, guards
    if isinstance(node, If):
        yield from stoppers(node.test, origin, infos, guards)
        yield from stoppers(node.then, origin, infos, (*guards, (node.test, True)))
        yield from stoppers(node.other, origin, infos, (*guards, (node.test, False)))
    elif isinstance(node, Logic):
        for at, part in enumerate(node.parts):
            before = tuple((test, node.op == "and") for test in node.parts[:at])
            yield from stoppers(part, origin, infos, (*guards, *before))
    elif isinstance(node, Compare):
        for at, part in enumerate(node.parts):
            held = evolve(node, ops=node.ops[: at - 1], parts=node.parts[:at]) if at > 1 else None
            yield from stoppers(part, origin, infos, guards if held is None else (*guards, (held, True)))
    else:
        for child in children(node):
            yield from stoppers(child, origin, infos, guards)


def _through(step: Step, levels: Levels) -> tuple[str, ...]:
    """Return the levels whose refusals a sum or share has to know."""
    if isinstance(step.node, Aggregate) and step.kind == "aggregate":
        return levels.between(step.level, step.node.level)
    if isinstance(step.node, Allocate) and step.kind == "allocate":
        return levels.between(step.node.holder, step.level)
    return ()


def _with_decisions(step: Step, deciding: Sequence[Step], levels: Levels) -> Step:
    """Let a sum or share wait for every condition that may refuse a row it runs over."""
    through = _through(step, levels)
    if not through:
        return step
    return evolve(step, needs=step.needs | {other.slot for other in deciding if other.level in through})


def _with_late_refusals(
    steps: Sequence[Step], levels: Levels, infos: Mapping[tuple[str, str], TableInfo]
) -> list[Step]:
    """Let a sum or share wait for the holes and the shares over no weight that may refuse a row, where that does
    not go round in a circle: a pot shared among projects, each of which shares its part among households, is no
    circle, though a project without households is refused by it."""
    needs = {step.slot: set(step.needs) for step in steps}

    def reaches(slot: str, goal: str) -> bool:
        seen, waiting = set(), [slot]
        while waiting:
            here = waiting.pop()
            if here == goal:
                return True
            if here not in seen:
                seen.add(here)
                waiting += needs.get(here, ())
        return False

    refusing = [(other.level, other.slot) for other in steps if may_hole(other, infos)]
    refusing += [
        (other.node.holder, other.slot)
        for other in steps
        if other.kind == "allocate" and isinstance(other.node, Allocate)
    ]
    for step in steps:
        through = _through(step, levels)
        for level, slot in refusing:
            if level in through and slot != step.slot and not reaches(slot, step.slot):
                needs[step.slot].add(slot)
    return [evolve(step, needs=frozenset(needs[step.slot])) for step in steps]


def _sort(steps: Sequence[Step]) -> tuple[Step, ...]:
    place = {step.slot: at for at, step in enumerate(steps)}
    missing = {step.slot: {need for need in step.needs if need in place} for step in steps}
    waited_by: dict[str, list[str]] = {}
    for slot, needs in missing.items():
        for need in needs:
            waited_by.setdefault(need, []).append(slot)
    ready = [place[slot] for slot, needs in missing.items() if not needs]
    heapq.heapify(ready)
    order = []
    while ready:
        step = steps[heapq.heappop(ready)]
        order.append(step)
        for slot in waited_by.get(step.slot, ()):
            missing[slot].discard(step.slot)
            if not missing[slot]:
                heapq.heappush(ready, place[slot])
    if len(order) < len(steps):
        raise Circle(_circle(steps, {step.slot for step in order}))
    return tuple(order)


def _circle(steps: Sequence[Step], done: set[str]) -> list[str]:
    stuck = {step.slot: step for step in steps if step.slot not in done}
    slot = next(iter(stuck))
    path: list[str] = []
    while slot not in path:
        path.append(slot)
        slot = next(need for need in sorted(stuck[slot].needs) if need in stuck)
    names = [stuck[item].line for item in path[path.index(slot) :]]
    return list(dict.fromkeys(names))
