"""What a table promises of itself."""

from __future__ import annotations

from collections.abc import Sequence

from jiangbu.rules.findings import Path, did_you_mean
from jiangbu.rules.formula import read_formula
from jiangbu.rules.kinds import NUMERIC, ORDERED
from jiangbu.rules.model import (
    Promise,
)
from jiangbu.rules.parts.state import Builder, read_listed, report
from jiangbu.rules.raw import RawPromise
from jiangbu.rules.tree import Node


def take_promises(b: Builder) -> list[Promise]:
    """Read the promises: each says one thing."""
    result = []
    keys = ("never_decreases_in", "never_more_than", "nil_when", "no_gain_from_splitting")
    for at, raw in read_listed(b, "promises", RawPromise):
        path = ("promises", at)
        given = [key for key in keys if getattr(raw, key)]
        if len(given) != 1 and not any(b.findings.spoiled(*path, key) for key in keys):
            b.findings.add("missing-key", path, "a promise says one thing", remedy="one of " + ", ".join(keys))
        for kind in given:
            result.append(_promise(b, kind, raw, path))
        if not given:
            _when(b, raw, path)
    return result


def _promise(b: Builder, kind: str, raw: RawPromise, path: Path) -> Promise:
    """Read one promise: what it is about, and when it holds."""
    what = getattr(raw, kind)
    names = tuple(what) if isinstance(what, list) else (what,)
    tree = None
    if kind in ("nil_when", "never_more_than"):
        parsed = read_formula(what, b.scope, b.pay_level, want="flag" if kind == "nil_when" else "money")
        report(b, parsed.faults, (*path, kind), what)
        b.uses |= parsed.uses
        tree = parsed.tree
    else:
        _promised_names(b, (*path, kind), names)
    text = what if isinstance(what, str) else ", ".join(what)
    return Promise(kind, text, names, raw.when, raw.reading, tree, _when(b, raw, path))  # type: ignore[arg-type]


def _when(b: Builder, raw: RawPromise, path: Path) -> Node | None:
    """Read the condition of a promise."""
    if not raw.when:
        return None
    parsed = read_formula(raw.when, b.scope, b.pay_level, want="flag")
    report(b, parsed.faults, (*path, "when"), raw.when)
    b.uses |= parsed.uses
    return parsed.tree


def _promised_names(b: Builder, path: Path, names: Sequence[str]) -> None:
    """Hold a promise to facts that can rise, or be split into two, and to levels that can have one more row."""
    splits = path[-1] == "no_gain_from_splitting"
    levels = b.scope.levels
    rows = [] if splits else [name for name in levels.by_name if name != levels.root]
    for name in names:
        fact, symbol = b.facts.get(name), b.scope.symbols.get(name)
        if name in rows:
            b.uses.add(name)
        if name in rows and levels.by_name[name].made_by:
            b.findings.add("level", path, f"the rows of {name} are made: a case cannot have one more of them")
        if not name or name in rows or (symbol is not None and symbol.type is None):
            continue
        if fact is None and symbol is None and b.scope.hidden(name):
            continue
        if fact is None:
            b.findings.add(
                "unknown-name",
                path,
                f"{name!r} is no fact that a promise can be about",
                remedy=did_you_mean(name, [*b.facts, *rows]),
            )
        elif fact.kind not in (NUMERIC if splits else ORDERED | {"flag"}):
            b.findings.add("kind", path, f"{name!r} is a {fact.kind}: it cannot {'be split' if splits else 'rise'}")
    if splits and len({b.facts[name].level for name in names if name in b.facts}) > 1:
        b.findings.add("level", path, "facts that are split together stand on one level")
