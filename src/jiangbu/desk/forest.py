"""The rows of an application as trees, one for each root: which row stands in which, and what hinders it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from attrs import define, field, frozen

from jiangbu.desk.case import DAY_CELL, OWN_CELL, PARENT_CELL, Case
from jiangbu.desk.reader import Application
from jiangbu.errors import Problem
from jiangbu.rules.levels import MOST_ROWS
from jiangbu.rules.model import Level
from jiangbu.rules.results import RowResult
from jiangbu.rules.scheme import Scheme

# A key that no fact bears: a row given with it is unreadable to the kernel, and so is what adds it up.
UNREADABLE_KEY = "@"
# For so many strays the ids that look like theirs are looked for.
MOST_HINTS = 50
_STEP = re.compile(r"(\w+)\[(\d+)\]\.?")


@define(eq=False)
class Node:
    """A row and the rows in it, by level; ``problems`` are its own cells' and its place's.

    ``strays`` are the levels of which some row could not be placed: it may belong here.
    """

    case: Case
    above: Node | None = None
    problems: list[Problem] = field(factory=list)
    below: dict[str, list[Node]] = field(factory=dict)
    strays: set[str] = field(factory=set)

    @property
    def set_aside(self) -> str:
        """Why this row, or the nearest row above it that is, was set aside; empty if none was."""
        if self.case.set_aside or self.above is None:
            return self.case.set_aside
        reason = self.above.set_aside
        return f"所属的{self.above.case.id or self.above.case.sheet}已搁置：{reason}" if reason else ""

    def walk(self) -> Iterator[Node]:
        """This row and all rows in it, parents first."""
        yield self
        for nodes in self.below.values():
            for node in nodes:
                yield from node.walk()


@frozen
class Forest:
    """The trees in the order of their roots, the rows that stand in none, and every row by level, in order given."""

    roots: tuple[Node, ...]
    strays: tuple[Node, ...]
    by_level: Mapping[str, tuple[Node, ...]]

    @property
    def troubles(self) -> tuple[Problem, ...]:
        """The problems of the rows that stand in no tree."""
        return tuple(problem for node in self.strays for problem in node.problems)

    @property
    def grouped(self) -> Mapping[str, tuple[Node, ...]]:
        """Every row by level, sorted by the rows above, in the order given within each; those that stand in none last.

        So the rows below a row stand side by side, which formulas that add them up rely on.
        """
        found: dict[str, tuple[Node, ...]] = {}
        places: dict[int, int] = {}
        for name, nodes in self.by_level.items():
            found[name] = tuple(sorted(nodes, key=lambda node: places.get(id(node.above), len(places))))
            places |= {id(node): place for place, node in enumerate(found[name])}
        return found


def plant(scheme: Scheme, application: Application) -> Forest:
    """Put every row under the row that it names; a row that names none, or a number given twice, has a problem."""
    tree = scheme.tree
    cases = {sheet.level: sheet.cases for sheet in application.levels} | {scheme.pay_level: application.cases}
    by_level = {name: tuple(Node(case, problems=list(case.problems)) for case in cases[name]) for name in tree.by_name}
    strays: list[Node] = []
    for name, level in tree.by_name.items():
        nodes = by_level[name]
        if level.of:
            strays += _place(level, nodes, tree.by_name[level.of], by_level[level.of])
        named = any(PARENT_CELL in node.case.cells for finer in tree.below(name) for node in by_level[finer])
        if level.of or named:
            _numbered(level, nodes, named)
    return Forest(by_level[tree.root], tuple(strays), by_level)


def _place(level: Level, nodes: Sequence[Node], above: Level, uppers: Sequence[Node]) -> list[Node]:
    """Put rows into the rows above; return those that name none, after telling their possible parents."""
    only = uppers[0] if len(uppers) == 1 and not any(PARENT_CELL in node.case.cells for node in nodes) else None
    by_id: dict[str, Node] = {}
    for upper in uppers:
        by_id.setdefault(upper.case.id, upper)
        upper.below[level.name] = []
    strays = []
    for node in nodes:
        parent = only or (by_id.get(node.case.parent) if node.case.parent else None)
        if parent is not None:
            node.above = parent
            parent.below[level.name].append(node)
        else:
            strays.append(node)
    lost = [node for node in strays if not node.case.set_aside]
    for number, node in enumerate(lost):
        node.problems.append(_no_parent(node.case, above, by_id if number < MOST_HINTS else {}))
    for upper in uppers if lost else ():
        upper.strays.add(level.name)
    _too_many(level, above, uppers)
    return strays


def _no_parent(case: Case, above: Level, known: Mapping[str, Node]) -> Problem:
    label, path = above.label or above.name, case.path(PARENT_CELL)
    if not case.parent:
        return Problem("missing", path, "空白", f"所属{label}的编号", f"请填写本行属于哪个{label}")
    near = get_close_matches(case.parent, known, n=2)
    hint = f"；相近的编号有：{'、'.join(near)}" if near else ""
    sheet = next(iter(known.values())).case.sheet if known else label
    return Problem("parent", path, case.parent, f"“{sheet}”中已有的编号", f"没有这个编号的{label}，请核对{hint}")


def _too_many(level: Level, above: Level, uppers: Iterable[Node]) -> None:
    most = level.at_most or MOST_ROWS
    for upper in uppers:
        taking = [node for node in upper.below[level.name] if not node.case.set_aside]
        if len(taking) > most:
            first = taking[most]
            expected = f"每个{above.label or above.name}至多 {most:,} 行"
            path = first.case.path(OWN_CELL)
            found = f"{upper.case.id or upper.case.sheet} 有 {len(taking):,} 行"
            first.problems.append(Problem("bounds", path, found, expected, "请核对有无重复；确实更多的，请分开申报"))


def _numbered(level: Level, nodes: Iterable[Node], named: bool) -> None:
    """Rows without a number, and numbers given twice: in one parent, or anywhere if rows below ``named`` them."""
    seen: dict[tuple[int, str], list[Node]] = {}
    for node in nodes:
        if node.case.set_aside:
            continue
        if not node.case.id:
            path, label = node.case.path(OWN_CELL), level.label or level.name
            if not any(problem.path == path for problem in node.problems):
                node.problems.append(
                    Problem("missing", path, "空白", f"本{label}的编号", f"请给每个{label}填写编号，互不重复")
                )
            continue
        seen.setdefault((0 if named else id(node.above), node.case.id), []).append(node)
    for (_, number), same in seen.items():
        if len(same) > 1:
            rows = "、".join(str(node.case.row + 1) for node in same[:6])
            for node in same:
                path = node.case.path(OWN_CELL)
                expected, remedy = "互不重复的编号", f"第 {rows} 行用了同一个编号，请核对后改正"
                node.problems.append(Problem("duplicate-key", path, number, expected, remedy))


def hold_days(root: Node, day: datetime.date) -> None:
    """Tell rows that state a day of their own: all rows of one case are of the root's day."""
    for node in root.walk():
        case = node.case
        if node is not root and case.on is not None and case.on != day:
            expected, remedy = f"与同一笔计算的其他行相同（{day}）", "不同日期的请分表"
            node.problems.append(Problem("version", case.path(DAY_CELL), str(case.on), expected, remedy))


def facts_of(node: Node) -> dict[str, Any]:
    """The facts of a row and of all rows in it, as ``Scheme.try_determine`` takes them."""
    case = node.case
    facts: dict[str, Any] = dict(case.facts)
    if node.above is not None:
        # A row set aside may bear the number of another, and it may be for that very reason.
        facts["id"] = f"{case.id}（{case.sheet}第{case.row + 1}行）" if case.set_aside else case.id
    if case.set_aside:
        facts["set_aside"] = case.set_aside
    if node.problems:
        facts[UNREADABLE_KEY] = True
    for name, nodes in node.below.items():
        facts[name] = [facts_of(inner) for inner in nodes] + ([None] if name in node.strays else [])
    return facts


def find(root: Node, path: str) -> tuple[Node | None, str]:
    """The row of a kernel's path such as ``project[1].household[0].amount``, and what is left of the path.

    No row for one that stands for strays.
    """
    node, at = root, 0
    while match := _STEP.match(path, at):
        nodes = node.below.get(match[1], [])
        if int(match[2]) >= len(nodes):
            return None, ""
        node, at = nodes[int(match[2])], match.end()
    return node, path[at:]


def pair(root: Node, result: RowResult) -> dict[int, RowResult]:
    """The result of every row that took part, by the identity of its node."""
    found = {id(root): result}
    todo = [(root, result)]
    while todo:
        node, row = todo.pop()
        for name, rows in zip(row.layout.below, row.data.below, strict=False):
            nodes = {one.case.id: one for one in node.below.get(name, ()) if not one.case.set_aside}
            for data in rows:
                inner = nodes.get(data.id)
                if inner is not None:
                    found[id(inner)] = RowResult(row.head, name, data, (row, *row.above))
                    todo.append((inner, found[id(inner)]))
    return found
