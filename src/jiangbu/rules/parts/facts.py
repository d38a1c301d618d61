"""The facts of a table and of its gate, when each is needed, and the constants."""

from __future__ import annotations

from attrs import evolve

from jiangbu.rules.declare import (
    RESERVED_ON_MADE_ROWS,
    constant_symbol,
    fact_symbol,
    line_level,
    read_constant,
    read_fact,
)
from jiangbu.rules.formula import Symbol, read_formula
from jiangbu.rules.model import (
    Fact,
)
from jiangbu.rules.parts.state import Builder, Scope, declare, read_named, report
from jiangbu.rules.raw import (
    RawConstant,
    RawFact,
)


def take_facts(b: Builder) -> None:
    levels = b.scope.levels
    own: dict[str, Fact | None] = {}
    for name, raw in read_named(b, "facts", RawFact):
        path = ("facts", name)
        if not declare(b, name, path):
            continue
        level = line_level(raw.level, b.pay_level, levels, path, b.findings) if raw else b.pay_level
        fact = read_fact(name, raw, level, b.findings) if raw else None
        item = levels.by_name[level]
        if item.made_by:
            if name in RESERVED_ON_MADE_ROWS:
                b.findings.add("duplicate-name", path, f"{name!r} is taken on made rows", remedy="rename it")
            maker = b.around.makers.rows.get(item.made_by)
            if maker is not None and not maker.takes_facts:
                b.findings.add("level", path, f"{level} takes no facts")
        own[name] = fact
    if b.gate is not None:
        for name, fact in b.gate.facts.items():
            moved = evolve(fact, level=b.gate_level, origin=b.gate.id)
            if name in own and own[name] is not None:
                _alike(b, name, own[name], moved)
                moved = own[name] or moved
            elif name in b.named:
                b.findings.add("gate", b.named[name], f"{name!r} is a fact of the gate {b.gate.id}", remedy="rename it")
                continue
            b.facts[name] = moved
            b.named.setdefault(name, ())
    for name, mine in own.items():
        if mine is not None:
            b.facts.setdefault(name, mine)
        b.scope.symbols[name] = Symbol(name, "fact", "", None)
    for name, fact in b.facts.items():
        if name not in b.doubtful:
            b.scope.symbols[name] = fact_symbol(fact, fact.level)


def _alike(b: Builder, name: str, own: Fact | None, gates: Fact) -> None:
    assert own is not None
    for what in (
        "kind",
        "bounds",
        "decimals",
        "options",
        "level",
        "has_default",
        "default",
        "unit",
        "needed_if",
    ):
        if what == "default" and own.has_default != gates.has_default:
            continue
        if getattr(own, what) != getattr(gates, what):
            b.findings.add(
                "gate",
                ("facts", name),
                f"the gate {gates.origin} declares {name!r} with another {what}",
                witness=f"{getattr(own, what)!r} and {getattr(gates, what)!r}",
                remedy="declare it alike, or rename it",
            )


def take_needed(b: Builder) -> None:
    """Read every ``needed_if`` over the facts declared before it."""
    symbols = b.scope.symbols
    seen = {name: item for name, item in symbols.items() if item.of == "constant" or item.type is None}
    for name, fact in list(b.facts.items()):
        if fact.needed_if and not fact.origin:
            scope = Scope(b.scope.levels, dict(seen), {}, {}, {}, {}, set(b.facts))
            parsed = read_formula(fact.needed_if, scope, fact.level, want="flag")
            report(b, parsed.faults, ("facts", name, "needed_if"), fact.needed_if)
            b.uses |= parsed.uses
            b.facts[name] = evolve(fact, needed_tree=parsed.tree)
        seen[name] = b.scope.symbols[name]


def take_constants(b: Builder) -> None:
    for name, raw in read_named(b, "constants", RawConstant):
        if not declare(b, name, ("constants", name)):
            continue
        constant = read_constant(name, raw, b.findings) if raw else None
        if constant is None:
            b.scope.symbols[name] = Symbol(name, "constant", "", None)
        else:
            b.constants[name] = constant
            b.scope.symbols[name] = constant_symbol(constant)
