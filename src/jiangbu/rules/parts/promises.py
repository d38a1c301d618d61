"""What a table promises of itself, and its worked cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jiangbu.rules.findings import Path, did_you_mean
from jiangbu.rules.formula import read_formula
from jiangbu.rules.kinds import NUMERIC, ORDERED
from jiangbu.rules.model import (
    Promise,
)
from jiangbu.rules.parts.state import Builder, read_listed, report
from jiangbu.rules.raw import (
    RawCase,
    RawPromise,
)


def take_promises(b: Builder) -> list[Promise]:
    result = []
    keys = ("never_decreases_in", "never_more_than", "nil_when", "no_gain_from_splitting")
    for at, raw in read_listed(b, "promises", RawPromise):
        path = ("promises", at)
        given = [key for key in keys if getattr(raw, key)]
        if len(given) != 1:
            b.findings.add("missing-key", path, "a promise says one thing", remedy="one of " + ", ".join(keys))
            continue
        kind, what = given[0], getattr(raw, given[0])
        names = tuple(what) if isinstance(what, list) else (what,)
        tree = None
        if kind in ("nil_when", "never_more_than"):
            parsed = read_formula(what, b.scope, b.pay_level, want="flag" if kind == "nil_when" else "money")
            report(b, parsed.faults, (*path, kind), what)
            b.uses |= parsed.uses
            tree = parsed.tree
        else:
            _promised_names(b, (*path, kind), names)
        when_tree = None
        if raw.when:
            parsed = read_formula(raw.when, b.scope, b.pay_level, want="flag")
            report(b, parsed.faults, (*path, "when"), raw.when)
            b.uses |= parsed.uses
            when_tree = parsed.tree
        text = what if isinstance(what, str) else ", ".join(what)
        result.append(Promise(kind, text, names, raw.when, raw.reading, tree, when_tree))  # type: ignore[arg-type]
    return result


def _promised_names(b: Builder, path: Path, names: Sequence[str]) -> None:
    """Hold a promise to facts that can rise, or be split into two, and to levels that can have one more row."""
    splits = path[-1] == "no_gain_from_splitting"
    levels = b.scope.levels
    rows = [] if splits else [name for name in levels.by_name if name != levels.root]
    for name in names:
        fact, symbol = b.facts.get(name), b.scope.symbols.get(name)
        if name in rows or (symbol is not None and symbol.type is None):
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


def case_complete(b: Builder, at: int, raw: RawCase) -> bool:
    if not raw.expect and raw.refuses is None and raw.outcome is None and raw.remarks is None:
        b.findings.add("missing-key", ("cases", at), "a case says what comes out", remedy="expect, refuses or outcome")
        return False
    return True


def case_parts(raw: RawCase) -> dict[str, Any]:
    return {
        "source": raw.source,
        "worked": raw.worked,
        "facts": raw.facts,
        "expect": raw.expect,
        "refuses": None if raw.refuses is None else tuple(raw.refuses),
        "outcome": raw.outcome,
        "remarks": None if raw.remarks is None else tuple(raw.remarks),
        "on": raw.on,
        "known_on": raw.known_on,
        "under": raw.under,
    }
