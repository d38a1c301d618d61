"""The lines of a table: their formulas, rounding, and what is known of their values."""

from __future__ import annotations

from attrs import evolve

from jiangbu.rules.declare import RESERVED_ON_MADE_ROWS
from jiangbu.rules.findings import Path
from jiangbu.rules.formula import Symbol, read_formula, rounded
from jiangbu.rules.model import (
    Line,
    Rounding,
)
from jiangbu.rules.parts.levels import line_level
from jiangbu.rules.parts.rounding import read_rounding
from jiangbu.rules.parts.shares import hold_shares_whole, warn_of_no_weight
from jiangbu.rules.parts.state import Builder, declare, listed, read_listed, report
from jiangbu.rules.raw import (
    RawLine,
)
from jiangbu.rules.tree import Binary, If, Node, Type


def take_raw_lines(b: Builder) -> list[tuple[int, RawLine]]:
    """Read the entries of the lines and take their names, so that a formula knows what comes later."""
    read = dict(read_listed(b, "lines", RawLine))
    for at, item in enumerate(listed(b, "lines")):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not name or not declare(b, name, ("lines", at, "name")):
            continue
        if at in read:
            b.scope.waiting.add(name)
        else:
            b.scope.symbols[name] = Symbol(name, "line", "", None)
    return list(read.items())


def take_line(b: Builder, at: int, raw: RawLine) -> None:
    """Read one line: its formula, how it ends, and what is known of its value."""
    path = ("lines", at)
    levels = b.scope.levels
    level = line_level(raw.level, b.pay_level, levels, path, b.findings)
    tree = None
    if raw.formula:
        b.scope.own = raw.name
        parsed = read_formula(raw.formula, b.scope, level, allocates=True, top=True)
        b.scope.own = ""
        report(b, parsed.faults, (*path, "formula"), raw.formula)
        b.uses |= parsed.uses
        tree = parsed.tree
    mine = b.named.get(raw.name) == (*path, "name")
    if mine:
        b.scope.waiting.discard(raw.name)
        b.scope.symbols[raw.name] = Symbol(raw.name, "line", level, None)
    if levels.by_name[level].made_by and raw.name in RESERVED_ON_MADE_ROWS:
        b.findings.add("duplicate-name", path, f"{raw.name!r} is taken on made rows", remedy="rename it")
    if tree is None:
        return
    rounding = read_rounding(raw, tree.type.kind, path, b.findings)
    if not _ends_well(b, tree, rounding, path):
        return
    hold_shares_whole(b, tree, rounding, path)
    warn_of_no_weight(b, tree, raw, level, path)
    kind = line_type(tree.type, rounding, raw.unit)
    if not mine or raw.name in b.doubtful:
        return
    b.lines[raw.name] = Line(
        raw.name,
        raw.label,
        raw.formula,
        raw.clause,
        level,
        raw.unit or tree.type.unit,
        raw.reading,
        raw.may_be_negative,
        rounding,
        tree,
        kind,
    )
    b.scope.symbols[raw.name] = Symbol(raw.name, "line", level, kind)


def line_type(of: Type, rounding: Rounding, unit: str) -> Type:
    """Return what is known of a line's value once it is rounded as the line says."""
    if of.kind == "text":
        return evolve(of, literal=False)
    if rounding.step is None:
        exact = rounding.stated or (of.numeric and not of.step)
        return evolve(of, literal=False, unit=unit or of.unit, step=not exact)
    return evolve(rounded(of, rounding.step, rounding.mode), unit=unit or of.unit)


def _ends_well(b: Builder, tree: Node, rounding: Rounding, path: Path) -> bool:
    """Hold a line that ends in a division to a stated rounding."""
    if b.findings.spoiled(*path, "round"):
        # What was meant is not known: the line goes on as if it ended as most of its kind do.
        return tree.type.den is not None or rounding.step is not None
    divides = _ends_in_division(tree)
    if tree.type.kind != "money" and divides and not rounding.stated:
        b.findings.add(
            "rounding",
            (*path, "formula"),
            "a number or rate line that ends in a division states its rounding",
            remedy='round = { mode = "half-up", to = "0.01" }',
        )
        return False
    if tree.type.den is None and rounding.step is None:
        b.findings.add(
            "rounding",
            (*path, "round"),
            "a division by a varying value cannot be kept exact",
            remedy="state a rounding, or divide in a later line",
        )
        return False
    return True


def _ends_in_division(tree: Node) -> bool:
    if isinstance(tree, If):
        return _ends_in_division(tree.then) or _ends_in_division(tree.other)
    return isinstance(tree, Binary) and tree.op == "/"
