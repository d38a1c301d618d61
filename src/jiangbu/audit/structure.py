"""What a rule's formulas reach: the rows that a formula gathers, and what may refuse such a row.

An aggregate leaves out refused rows, and a row is refused by its requirements, by a hole that one of its
lines meets, and by an allocation of its money over no weight. All of these are *sources*. Where a source
depends on the aggregate itself, its hole comes too late for it; a requirement that does is a circle.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from attrs import define, field, frozen

from jiangbu.audit.rule import Formula, Rule, Scope
from jiangbu.audit.words import NUMERIC

AGGREGATES = frozenset({"sum", "count", "largest", "smallest"})


@frozen(eq=False)
class Gather:
    """An aggregate or an allocation: computed at a row of level ``above``, over its rows of level ``over``.

    ``inside`` is what is computed at each of them: the aggregated expression, or the weight.
    ``allocation`` stands for the allocation as a whole, which may refuse the row that holds the total.
    ``deciding`` are the sources that decide, level by level, whether a row counts.
    """

    owner: Formula
    above: str
    over: str
    inside: Formula
    allocation: Formula | None
    deciding: dict[str, tuple[Formula, ...]] = field(factory=dict)


@define(eq=False)
class Structure:
    """The gathers of a rule by their node, and by level every formula that may refuse a row of it."""

    rule: Rule
    gathers: dict[ast.Call, Gather] = field(factory=dict)
    sources: dict[str, tuple[Formula, ...]] = field(factory=dict)
    _leads_to: dict[Formula, set[Formula]] = field(factory=dict)

    def reaches(self, start: Formula, end: Formula) -> bool:
        """Say whether computing ``start`` may need ``end``."""
        seen, waiting = {start}, [start]
        while waiting:
            formula = waiting.pop()
            if formula is end:
                return True
            fresh = self._leads_to.get(formula, set()) - seen
            seen |= fresh
            waiting += fresh
        return False

    def link(self, start: Formula, end: Formula) -> None:
        """Note that computing ``start`` needs ``end``."""
        self._leads_to.setdefault(start, set()).add(end)


def read_structure(rule: Rule) -> Structure:
    """Find every gather and source of ``rule``; raise ``ValueError`` where it goes round in a circle."""
    structure = Structure(rule)
    everything = list(rule.formulas)
    for formula in rule.formulas:
        for gather in _gathers(formula.tree, formula, formula.level, structure):
            everything += [gather.inside, *([gather.allocation] if gather.allocation else [])]
    silent = {gather.inside for gather in structure.gathers.values() if gather.inside.role == "remark"}
    for level in rule.levels:
        structure.sources[level] = tuple(
            formula
            for formula in everything
            if formula.level == level and formula not in silent and _may_refuse(formula, rule)
        )
    for formula in everything:
        for name in mentions(formula.tree, formula.scope):
            if name in rule.lines and name not in formula.scope.constants:
                structure.link(formula, rule.lines[name].formula)
    # Requirements first: where not everything can be known in time, a hole gives way and not a requirement.
    for by_hole in (False, True):
        for gather in structure.gathers.values():
            _decide(gather, structure, by_hole)
    return structure


def mentions(tree: ast.AST, scope: Scope, *, inside_aggregates: bool = True) -> Iterator[str]:
    """Yield the names that a formula reads; a lookup at its declared inputs reads these."""
    match tree:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=ast.Name(id=table)) if table in scope.tables:
            yield from scope.tables[table].inputs
        case ast.Call(func=ast.Name(id="marginal"), args=[ast.Attribute(value=ast.Name(id=table)), along]):
            yield from (name for name in scope.tables[table].inputs if scope.kinds[name] not in NUMERIC)
            yield from mentions(along, scope, inside_aggregates=inside_aggregates)
        case ast.Call(func=ast.Name(id=function)) if function in AGGREGATES and not inside_aggregates:
            return
        case ast.Call(args=args):
            for argument in args:
                yield from mentions(argument, scope, inside_aggregates=inside_aggregates)
        case _:
            for child in ast.iter_child_nodes(tree):
                yield from mentions(child, scope, inside_aggregates=inside_aggregates)


def finest_level(tree: ast.expr, scope: Scope, rule: Rule) -> str:
    """Return the finest level named in an expression; the root where it names none."""
    finest = rule.root
    for name in mentions(tree, scope, inside_aggregates=False):
        level = _level_of(name, scope, rule)
        if rule.depth[level] > rule.depth[finest]:
            level, finest = finest, level
        if level not in rule.path_to(finest):
            raise ValueError(f"{ast.unparse(tree)} names levels that do not lie on one path")
    return finest


def _level_of(name: str, scope: Scope, rule: Rule) -> str:
    if name in scope.constants:
        return rule.root
    if name in rule.facts:
        return rule.facts[name].level
    if name in rule.lines:
        return rule.lines[name].formula.level
    # A column stands at its level: as herd.head in a formula's tree, as "herd.head" among the inputs of a table.
    if (level := name.partition(".")[0]) in rule.levels:
        return level
    raise ValueError(f"unknown name {name}")


def _gathers(tree: ast.AST, owner: Formula, level: str, structure: Structure) -> Iterator[Gather]:
    """Yield the gathers of a formula computed at ``level``, noting each in the structure."""
    rule, scope = structure.rule, owner.scope
    match tree:
        case ast.Call(func=ast.Name(id=function), args=[inner]) if function in AGGREGATES:
            over = finest_level(inner, scope, rule)
            gather = _gather(tree, owner, level, over, inner, None, structure)
            yield gather
            yield from _gathers(inner, gather.inside, over, structure)
        case ast.Call(func=ast.Name(id="allocate"), args=[total, weight]):
            above = finest_level(total, scope, rule)
            whole = Formula(owner.name, above, "allocation", tree, scope)
            gather = _gather(tree, owner, above, level, weight, whole, structure)
            yield gather
            yield from _gathers(total, whole, above, structure)
            yield from _gathers(weight, gather.inside, level, structure)
        case _:
            for child in ast.iter_child_nodes(tree):
                yield from _gathers(child, owner, level, structure)


def _gather(
    node: ast.Call,
    owner: Formula,
    above: str,
    over: str,
    inner: ast.expr,
    allocation: Formula | None,
    structure: Structure,
) -> Gather:
    structure.rule.between(above, over)
    role = "remark" if owner.role == "remark" else "inside"
    inside = Formula(owner.name, over, role, inner, owner.scope)
    structure.link(owner, inside)
    if allocation is not None:
        structure.link(owner, allocation)
    gather = Gather(allocation or owner, above, over, inside, allocation)
    structure.gathers[node] = gather
    return gather


def _may_refuse(formula: Formula, rule: Rule) -> bool:
    if formula.role in ("requirement", "check", "parts", "allocation"):
        return True
    return formula.role in ("line", "inside") and _may_miss(formula.tree, formula.scope, rule)


def _may_miss(tree: ast.AST, scope: Scope, rule: Rule) -> bool:
    """Say whether a lookup with holes or a series stands in a formula itself, outside its gathers."""
    match tree:
        case ast.Call(func=ast.Name(id=function)) if function in AGGREGATES or function == "allocate":
            return False
        case ast.Attribute(value=ast.Name(id=table)) if table not in rule.levels:
            return table not in scope.tables or scope.tables[table].has_holes
    return any(_may_miss(child, scope, rule) for child in ast.iter_child_nodes(tree))


def _decide(gather: Gather, structure: Structure, by_hole: bool) -> None:
    """Add the sources that decide whether a row counts: those that may meet a hole, or all the others."""
    for level in structure.rule.between(gather.above, gather.over):
        for source in structure.sources[level]:
            # Whether parts sum to the amount is held last, when every row has been decided.
            if source.role == "parts" or by_hole is (source.role in ("requirement", "check")):
                continue
            if structure.reaches(source, gather.owner):
                if source.role == "requirement":
                    raise ValueError(f"{source.name} goes round in a circle through {gather.owner.name}")
                continue
            structure.link(gather.owner, source)
            gather.deciding[level] = (*gather.deciding.get(level, ()), source)
