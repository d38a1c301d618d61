"""Reading the declarations of a table: facts with their bounds, constants, levels, rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from jiangbu.rules.findings import Findings, did_you_mean, nearest
from jiangbu.rules.formula import FUNCTIONS, Symbol, rounding_step, steps_of
from jiangbu.rules.kinds import (
    DECIMALS,
    FIRST_DAY,
    LAST_DAY,
    NAME,
    NUMERIC,
    BadValue,
    Bounds,
    Value,
    decimals_of,
    read_literal,
)
from jiangbu.rules.levels import Levels
from jiangbu.rules.model import Constant, Fact, Level, Rounding
from jiangbu.rules.raw import RawConstant, RawFact, RawLevel, RawLine, RawRound
from jiangbu.rules.tree import Type

RESERVED = FUNCTIONS | {"id", "set_aside"}
RESERVED_ON_MADE_ROWS = frozenset({"number", "household"})
MOST_DECIMALS = 12
MOST_LEVELS = 50

DERIVED = frozenset(
    {
        "linked_households",
        "linked_poor_households",
        "linked_monitored_households",
        "agreements_in_force",
        "households_by_method",
        "received_total",
        "gain_total",
        "received_each",
        "gain_each",
        "smallest_received",
        "workers",
        "workers_with_months",
        "months_paid_in_full",
        "expected_households",
        "reached_households",
        "expected_gain",
        "reached_gain",
        "principal_each",
        "claimed_by_others",
    }
)
"""The derived facts that the linkage ledger offers (domain.md 3)."""

METHODS = frozenset(
    {
        "contract_production",
        "protected_price",
        "consignment",
        "entrusted_rearing",
        "invest_a_cow",
        "technical_service",
        "employment",
        "shareholding",
    }
)
"""The methods of linkage that ``method`` may name."""

Path = Sequence[str | int]


def good_name(name: str, path: Path, findings: Findings, *, reserved: frozenset[str] = RESERVED) -> bool:
    """Hold a name to the form of names and away from the words of the language."""
    if not NAME.fullmatch(name):
        findings.add("bad-value", path, f"{name!r} is no name", remedy="a-z, 0-9, _; at most 40 characters")
        return False
    if name in reserved:
        findings.add("duplicate-name", path, f"{name!r} is a word of the language", remedy="choose another name")
        return False
    return True


def read_fact(name: str, raw: RawFact, level: str, findings: Findings) -> Fact | None:
    """Read one fact; None, with every fault added, if it cannot be used."""
    path = ("facts", name)
    before = len(findings.items)
    decimals = _decimals(raw.decimals, raw.kind, path, findings)
    if raw.kind == "choice" and not raw.options:
        findings.add("missing-key", path, "a choice needs options", remedy='options = { name = "label" }')
    if raw.kind != "choice" and raw.options:
        findings.add("unknown-key", [*path, "options"], f"a {raw.kind} has no options")
    for option in raw.options:
        if not NAME.fullmatch(option):
            findings.add("bad-value", [*path, "options", option], f"{option!r} is no name")
    if raw.derived and raw.derived not in DERIVED:
        findings.add(
            "unknown-name",
            [*path, "derived"],
            f"no derived fact {raw.derived!r}",
            remedy=did_you_mean(raw.derived, DERIVED),
        )
    if raw.method and raw.method not in METHODS:
        findings.add(
            "unknown-name",
            [*path, "method"],
            f"no method of linkage {raw.method!r}",
            remedy=did_you_mean(raw.method, METHODS),
        )
    bounds = _bounds(raw, decimals, path, findings)
    default: Value | None = None
    if raw.default is not None:
        default = _default(raw, bounds, decimals, path, findings)
    if raw.needed_if and raw.default is None:
        findings.add(
            "missing-key",
            path,
            "needed_if needs a default",
            remedy="default = … stands where it is not needed",
        )
    if len(findings.items) > before:
        return None
    return Fact(
        name,
        raw.label,
        raw.kind,
        bounds,
        level,
        raw.unit,
        decimals,
        raw.options,
        raw.default is not None,
        default,
        raw.needed_if,
        None,
        raw.derived,
        raw.method,
        raw.months,
        raw.evidence,
        tuple(raw.aliases),
        raw.clause,
        raw.reading,
        raw.note,
    )


def _decimals(given: int | None, kind: str, path: Path, findings: Findings) -> int:
    if given is None:
        return DECIMALS.get(kind, 0)
    if kind not in NUMERIC:
        findings.add("unknown-key", [*path, "decimals"], f"a {kind} has no decimals")
        return 0
    least = 2 if kind == "money" else 0
    if not least <= given <= MOST_DECIMALS:
        findings.add("bad-value", [*path, "decimals"], f"found {given}; expected {least} … {MOST_DECIMALS}")
        return DECIMALS[kind]
    return given


def _bounds(raw: RawFact, decimals: int, path: Path, findings: Findings) -> Bounds | None:
    given = {word: getattr(raw, word) for word in ("at_least", "more_than", "at_most", "less_than")}
    stated = {word: value for word, value in given.items() if value is not None}
    if raw.kind in ("flag", "choice"):
        for word in stated:
            findings.add("unknown-key", [*path, word], f"a {raw.kind} has no bounds")
        return None
    if raw.kind == "date":
        low, high = Fraction(FIRST_DAY.toordinal()), Fraction(LAST_DAY.toordinal())
    else:
        low = high = Fraction(0)
        for one, other in (("at_least", "more_than"), ("at_most", "less_than")):
            if one not in stated and other not in stated:
                findings.add(
                    "missing-key",
                    path,
                    f"a {raw.kind} states both bounds; {one} (or {other}) is missing",
                    remedy=f"add {one} = …: bounds are what makes exactness provable",
                )
    for one, other in (("at_least", "more_than"), ("at_most", "less_than")):
        if one in stated and other in stated:
            findings.add("bounds", path, f"{one} and {other} bound the same side", remedy="keep one")
    read: dict[str, Fraction] = {}
    for word, value in stated.items():
        try:
            number = read_literal(raw.kind, value)
        except BadValue as error:
            findings.add("bad-value", [*path, word], str(error), remedy=error.remedy)
            continue
        assert isinstance(number, Fraction)
        read[word] = number
    if len(read) < len(stated) or (raw.kind != "date" and len(stated) < 2):
        return None
    low = read.get("at_least", read.get("more_than", low))
    high = read.get("at_most", read.get("less_than", high))
    bounds = Bounds(low, high, "more_than" in read, "less_than" in read)
    first, last = bounds.grid(10**decimals if raw.kind in NUMERIC else 1)
    if first > last:
        findings.add("bounds", path, "the bounds hold nothing", remedy="the lower bound stands below the upper one")
        return None
    return bounds


def _default(raw: RawFact, bounds: Bounds | None, decimals: int, path: Path, findings: Findings) -> Value | None:
    options = raw.options
    if raw.kind == "choice" and raw.default in options.values():
        return next(name for name, label in options.items() if label == raw.default)
    try:
        value = read_literal(raw.kind, raw.default, options)
    except BadValue as error:
        findings.add(error.code, [*path, "default"], str(error), remedy=error.remedy)
        return None
    if isinstance(value, Fraction) and bounds is not None:
        if raw.kind in NUMERIC and (value * 10**decimals).denominator != 1:
            findings.add("bad-value", [*path, "default"], f"more than {decimals} decimals")
        if value not in bounds:
            findings.add("bounds", [*path, "default"], "the default is out of bounds", witness=str(raw.default))
    return value


def fact_type(fact: Fact) -> Type:
    """Return what is known of a fact's value on load."""
    if fact.kind == "choice":
        return Type("choice", options=tuple(fact.options))
    if fact.bounds is None:
        return Type(fact.kind)
    first, last = fact.bounds.grid(fact.den)
    return Type(fact.kind, fact.den, Fraction(first, fact.den), Fraction(last, fact.den), fact.unit)


def fact_symbol(fact: Fact, level: str) -> Symbol:
    """Return a fact as a formula at some level sees it."""
    return Symbol(fact.name, "fact", level, fact_type(fact), None, fact.bounds)


def read_constant(name: str, raw: RawConstant, findings: Findings) -> Constant | None:
    """Read one constant; None, with every fault added, if it cannot be used."""
    path = ("constants", name)
    before = len(findings.items)
    try:
        value = read_literal(raw.kind, raw.value, raw.options)
    except BadValue as error:
        findings.add(error.code, [*path, "value"], str(error), remedy=error.remedy)
        return None
    if raw.decimals is not None:
        _decimals(raw.decimals, raw.kind, path, findings)
        if isinstance(value, Fraction) and (value * 10**raw.decimals).denominator != 1:
            findings.add("bad-value", [*path, "value"], f"more than {raw.decimals} decimals")
    if len(findings.items) > before:
        return None
    return Constant(name, raw.label, raw.kind, value, raw.clause, raw.unit, raw.reading, tuple(raw.options))


def constant_symbol(constant: Constant) -> Symbol:
    """Return a constant as a formula sees it."""
    value = constant.value
    if isinstance(value, Fraction):
        den = value.denominator
        if constant.kind == "money":
            den = lcm(den, 100)
        elif constant.kind != "date" and decimals_of(value) >= 0:
            den = 10 ** decimals_of(value)
        kind = Type(constant.kind, den, value, value, constant.unit)
    else:
        kind = Type(constant.kind, options=constant.options)
    return Symbol(constant.name, "constant", "", kind, value)


def read_levels(raw: Mapping[str, RawLevel], makers: Any, findings: Findings) -> Levels:
    """Read the tree of levels; what hangs wrongly is reported once and hung up somewhere, so that the rest is read."""
    if len(raw) > MOST_LEVELS:
        findings.add("size", ("levels",), f"{len(raw):,} levels; at most {MOST_LEVELS}")
        raw = dict(list(raw.items())[:MOST_LEVELS])
    over = _parents(raw, findings)
    by_name: dict[str, Level] = {}
    ready = [name for name in raw if not over[name]]
    while ready:
        name = ready.pop(0)
        item = raw[name]
        _hold_level(name, item, makers, findings)
        maker = makers.rows.get(item.made_by)
        label = item.label or (maker.label if maker is not None else "") or name
        by_name[name] = Level(name, label, over[name], item.id_label, item.at_most, item.object, item.made_by)
        ready += [other for other in raw if over[other] == name]
        left = [other for other in raw if other not in by_name and other not in ready]
        if not ready and left:
            findings.add(
                "level",
                ("levels", left[0]),
                f"{left[0]} hangs on no root",
                remedy="levels may not go in a circle",
            )
            over[left[0]] = next(iter(by_name))
            ready = left[:1]
    return Levels(by_name)


def _parents(raw: Mapping[str, RawLevel], findings: Findings) -> dict[str, str]:
    """Return the level above each, exactly one of them without; what is wrong is reported and guessed."""
    over = {name: level.of for name, level in raw.items()}
    roots = [name for name, of in over.items() if not of]
    if len(roots) != 1:
        findings.add(
            "level",
            ("levels",),
            f"levels form a tree with one root, found {len(roots)}",
            witness=", ".join(roots),
            remedy="every level but one says of = …",
        )
    root = (roots or list(raw))[0]
    over |= dict.fromkeys(roots, root) | {root: ""}
    for name, of in over.items():
        if of and of not in raw:
            findings.add("unknown-name", ("levels", name, "of"), f"no level {of!r}", remedy=did_you_mean(of, raw))
            over[name] = next(iter(nearest(of, raw, 1)), root)
    return over


def _hold_level(name: str, raw: RawLevel, makers: Any, findings: Findings) -> None:
    path = ("levels", name)
    if raw.at_most is not None and not 1 <= raw.at_most <= 1_000_000:
        findings.add("bad-value", [*path, "at_most"], f"found {raw.at_most}; expected 1 … 1,000,000")
    if not raw.label and not raw.made_by:
        findings.add("missing-key", path, "a level needs a label", remedy='label = "…"')
    if raw.object and raw.made_by:
        findings.add("level", path, "a level is an object or made, not both")
    if raw.object and raw.object not in makers.objects:
        findings.add(
            "unknown-name",
            [*path, "object"],
            f"no object {raw.object!r}",
            remedy=did_you_mean(raw.object, makers.objects),
        )
    if raw.made_by and raw.made_by not in makers.rows:
        findings.add(
            "unknown-name",
            [*path, "made_by"],
            f"nothing makes {raw.made_by!r}",
            remedy=did_you_mean(raw.made_by, makers.rows),
        )


def line_level(given: str, default: str, levels: Levels, path: Path, findings: Findings) -> str:
    """Return the level that an entry stands on, and report one that does not exist."""
    if not given:
        return default
    if given in levels.by_name and levels.by_name[given].label:
        return given
    findings.add("unknown-name", [*path, "level"], f"no level {given!r}", remedy=did_you_mean(given, levels.by_name))
    return next(iter(nearest(given, levels.by_name, 1)), default)


def read_rounding(raw: RawLine, kind: str, path: Path, findings: Findings) -> Rounding | None:
    """Read how a line ends; money lines default to half-up to the fen, others keep their value."""
    given = raw.round
    if given is None:
        return Rounding() if kind == "money" else Rounding(step=None, word="")
    if kind not in NUMERIC:
        findings.add("rounding", [*path, "round"], f"a {kind} is not rounded")
        return None
    if not isinstance(given, RawRound):
        return Rounding(step=None, word="none", stated=True)
    step = rounding_step(kind, given.to)
    if step is None:
        findings.add("rounding", [*path, "round", "to"], f"unknown step {given.to!r} for {kind}", remedy=steps_of(kind))
        return None
    return Rounding(given.mode, step, given.to, given.clause, stated=True)
