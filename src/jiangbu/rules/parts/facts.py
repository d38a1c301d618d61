"""The facts of a table and of its gate, when each is needed, and the constants."""

from __future__ import annotations

from attrs import evolve

from jiangbu.rules.declare import (
    RESERVED_ON_MADE_ROWS,
    constant_symbol,
    fact_symbol,
    read_constant,
    read_fact,
)
from jiangbu.rules.findings import Path
from jiangbu.rules.formula import Symbol, read_formula
from jiangbu.rules.kinds import Bounds
from jiangbu.rules.model import (
    Fact,
)
from jiangbu.rules.parts.levels import line_level
from jiangbu.rules.parts.state import Builder, declare, read_named, report
from jiangbu.rules.raw import (
    RawConstant,
    RawFact,
)


def take_facts(b: Builder) -> None:
    """Read the own facts of a table and join those of its gate."""
    levels = b.scope.levels
    own: dict[str, Fact | None] = {}
    for name, raw in read_named(b, "facts", RawFact):
        path = ("facts", name)
        declared = declare(b, name, path)
        level = line_level(raw.level, b.pay_level, levels, path, b.findings) if raw else b.pay_level
        fact = read_fact(name, raw, level, b.findings) if raw else None
        _hold_made_row(b, name, level, path)
        if raw is not None and raw.needed_if:
            b.needed[name] = (raw.needed_if, level)
        if declared:
            own[name] = fact
    if b.gate is not None:
        for name, fact in b.gate.facts.items():
            moved = evolve(fact, level=b.gate_level, origin=b.gate.id)
            if name in own and own[name] is not None:
                _alike(b, name, own[name], moved)
                moved = own[name] or moved
            elif name in b.named and name not in own:
                b.findings.add("gate", b.named[name], f"{name!r} is a fact of the gate {b.gate.id}", remedy="rename it")
                continue
            b.facts[name] = moved
            b.named.setdefault(name, ())
    for name, mine in own.items():
        if mine is not None:
            b.facts.setdefault(name, mine)
        b.scope.symbols[name] = Symbol(name, "fact", "", None)
    for name, fact in b.facts.items():
        if name not in b.doubtful and own.get(name, fact) is not None:
            b.scope.symbols[name] = fact_symbol(fact, fact.level)
    hold_labels(b)


def _hold_made_row(b: Builder, name: str, level: str, path: Path) -> None:
    """Hold a fact of a made row to a name that is free there, on rows that take facts."""
    item = b.scope.levels.by_name[level]
    if not item.made_by:
        return
    if name in RESERVED_ON_MADE_ROWS:
        b.findings.add("duplicate-name", path, f"{name!r} is taken on made rows", remedy="rename it")
    maker = b.around.makers.rows.get(item.made_by)
    if maker is not None and not maker.takes_facts:
        b.findings.add("level", path, f"{level} takes no facts")


def hold_labels(b: Builder) -> None:
    """Hold the heads under which facts of one level are filled in to be different.

    A workbook finds a fact by its label, an alias or its name, on the sheet of its level.
    """
    heads: dict[tuple[str, str], str] = {(fact.level, fact.name): fact.name for fact in b.facts.values()}
    for fact in b.facts.values():
        words = [("label", fact.label), *(("aliases", word) for word in fact.aliases)]
        for key, word in words:
            other = heads.setdefault((fact.level, word), fact.name) if word else fact.name
            if other != fact.name:
                mine, theirs = (fact.name, other) if not fact.origin else (other, fact.name)
                b.findings.add(
                    "duplicate-name",
                    ("facts", mine, key) if not fact.origin else ("facts", mine),
                    f"the facts {theirs!r} and {mine!r} are both called {word!r}",
                    remedy="give each fact a label and aliases of its own",
                )


def _alike(b: Builder, name: str, own: Fact | None, gates: Fact) -> None:
    assert own is not None
    if b.findings.spoiled_below("facts", name):
        return
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
            b.disputed.add(name)
            b.findings.add(
                "gate",
                ("facts", name),
                f"the gate {gates.origin} declares {name!r} with another {what}",
                witness=f"{_told(getattr(own, what))} and {_told(getattr(gates, what))}",
                remedy="declare it alike, or rename it",
            )


def _told(value: object) -> str:
    if not isinstance(value, Bounds):
        return repr(value)
    return f"{'(' if value.low_open else '['}{value.low}, {value.high}{')' if value.high_open else ']'}"


def take_needed(b: Builder) -> None:
    """Read every ``needed_if`` over the facts declared before it, those of the gate first."""
    symbols = b.scope.symbols
    gates = b.gate.facts if b.gate is not None else {}
    seen = {name: item for name, item in symbols.items() if item.of == "constant" or item.type is None or name in gates}
    own = b.data.get("facts", {})
    for name in own if isinstance(own, dict) else ():
        if name in b.needed:
            text, level = b.needed[name]
            scope = evolve(b.scope, symbols=dict(seen), tables={}, made={}, made_calls={}, waiting=set(b.facts))
            parsed = read_formula(text, scope, level, want="flag")
            report(b, parsed.faults, ("facts", name, "needed_if"), text)
            b.uses |= parsed.uses
            if name in b.facts and not b.facts[name].origin:
                b.facts[name] = evolve(b.facts[name], needed_tree=parsed.tree)
        if name in symbols:
            seen[name] = symbols[name]


def take_constants(b: Builder) -> None:
    for name, raw in read_named(b, "constants", RawConstant):
        declared = declare(b, name, ("constants", name))
        constant = read_constant(name, raw, b.findings) if raw else None
        if not declared:
            continue
        if constant is None:
            b.scope.symbols[name] = Symbol(name, "constant", "", None)
        else:
            b.constants[name] = constant
            b.scope.symbols[name] = constant_symbol(constant)
