"""Requirements, checks and remarks: those of the gate first, then the own ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve

from jiangbu.rules.declare import (
    constant_symbol,
    fact_symbol,
    good_name,
)
from jiangbu.rules.findings import Path
from jiangbu.rules.formula import TableInfo, read_formula
from jiangbu.rules.levels import Levels
from jiangbu.rules.model import (
    Requirement,
)
from jiangbu.rules.parts.levels import line_level
from jiangbu.rules.parts.state import Builder, Scope, read_listed, report
from jiangbu.rules.raw import (
    RawRequirement,
)
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Node


def _take_condition(b: Builder, name: str, path: Path) -> bool:
    """Take a name in the name space of requirements, checks and remarks."""
    if not good_name(name, path, b.findings, reserved=frozenset()):
        return False
    if name in b.conditions:
        b.findings.add("duplicate-name", path, f"{name!r} is declared twice", remedy="rename one")
        return False
    b.conditions[name] = path
    return True


def take_requirements(b: Builder) -> dict[str, Requirement]:
    """Read the requirements, those of the gate first."""
    result: dict[str, Requirement] = {}
    if b.gate is not None:
        scope = gate_scope(b.gate, b.gate_level, b.scope.levels)
        for info in scope.tables.values():
            if info is not None:
                b.infos[b.gate.id, info.table.name] = info
        for item in b.gate.requirements.values():
            tree = read_formula(item.holds, scope, b.gate_level, want="flag").tree
            result[item.code] = evolve(item, level=b.gate_level, origin=b.gate.id, tree=tree)
        b.uses |= set(b.gate.facts)
    for at, raw in read_listed(b, "requirements", RawRequirement):
        path = ("requirements", at)
        taken = bool(raw.name) and _take_condition(b, raw.name, (*path, "name"))
        level = line_level(raw.level, b.pay_level, b.scope.levels, path, b.findings)
        tree = _test(b, raw.holds, level, (*path, "holds"))
        code = f"{b.head.id}.{raw.name}"
        if taken:
            result[raw.name] = Requirement(
                raw.name, raw.holds, raw.otherwise, raw.clause, level, raw.reading, code, "", tree
            )
    return result


def _test(b: Builder, text: str, level: str, path: Path) -> Node | None:
    """Read a condition; None if it is not there, or wrong."""
    if not text:
        return None
    parsed = read_formula(text, b.scope, level, want="flag")
    report(b, parsed.faults, path, text)
    b.uses |= parsed.uses
    return parsed.tree


def gate_scope(gate: Scheme, level: str, levels: Levels) -> Scope:
    """Return the gate's own names, standing at one level of the scheme behind it."""
    symbols = {name: fact_symbol(fact, level) for name, fact in gate.facts.items()}
    symbols |= {name: constant_symbol(item) for name, item in gate.constants.items()}
    tables: dict[str, TableInfo | None] = {
        name: evolve(info, inputs=tuple(symbols[symbol.name] for symbol in info.inputs))
        for (_, name), info in gate.infos.items()
    }
    by_name = {item.name: item for item in gate.series.values()}
    return Scope(levels, symbols, tables, {}, {}, by_name)


def take_conditions(
    b: Builder, section: str, raw_kind: type[Any], kind: Callable[..., Any], key: str
) -> dict[str, Any]:
    """Read the checks or the remarks, those of the gate first."""
    result: dict[str, Any] = {}
    if b.gate is not None:
        scope = gate_scope(b.gate, b.gate_level, b.scope.levels)
        for item in getattr(b.gate, section).values():
            tree = read_formula(getattr(item, key), scope, b.gate_level, want="flag").tree
            result[f"{b.gate.id}.{item.name}"] = evolve(item, level=b.gate_level, origin=b.gate.id, tree=tree)
    for at, raw in read_listed(b, section, raw_kind):
        path = (section, at)
        taken = bool(raw.name) and _take_condition(b, raw.name, (*path, "name"))
        level = line_level(raw.level, b.pay_level, b.scope.levels, path, b.findings)
        text = getattr(raw, key)
        tree = _test(b, text, level, (*path, key))
        words = raw.otherwise if key == "holds" else raw.says
        if taken:
            result[raw.name] = kind(raw.name, text, words, raw.clause, level, raw.reading, "", tree)
    return result
