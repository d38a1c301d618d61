"""Reading the declarations of a table: facts with their bounds, and constants."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from jiangbu.rules.findings import Findings, Path, did_you_mean
from jiangbu.rules.formula import FUNCTIONS, Symbol
from jiangbu.rules.kinds import (
    DECIMALS,
    FIRST_DAY,
    LAST_DAY,
    NAME,
    NUMERIC,
    ORDERED,
    BadValue,
    Bounds,
    Value,
    decimals_of,
    read_literal,
)
from jiangbu.rules.model import Constant, Fact
from jiangbu.rules.raw import RawConstant, RawFact
from jiangbu.rules.tree import Type

RESERVED = FUNCTIONS | {"id", "set_aside"}
RESERVED_ON_MADE_ROWS = frozenset({"number", "household"})
MOST_DECIMALS = 12

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

ASKS = {"households_by_method": "method", "workers_with_months": "months"}
"""The key that a derived fact cannot do without."""

BOUNDS = ("at_least", "more_than", "at_most", "less_than")

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
    """Read one fact, every fault added; None if it is not known which values it may have."""
    path = ("facts", name)
    decimals = _decimals(raw, path, findings)
    _hold_options(raw, path, findings)
    _hold_derived(raw, path, findings)
    bounds = _bounds(raw, decimals, path, findings) if raw.kind else None
    default: Value | None = None
    if raw.default is not None and raw.kind:
        default = _default(raw, bounds, decimals, path, findings)
    if raw.needed_if and raw.default is None and not findings.spoiled(*path, "default"):
        findings.add(
            "missing-key",
            path,
            "needed_if needs a default",
            remedy="default = … stands where it is not needed",
        )
    if not raw.kind or (raw.kind == "choice" and not raw.options) or (raw.kind in ORDERED and bounds is None):
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
        raw.default is not None or findings.spoiled(*path, "default"),
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


def _hold_options(raw: RawFact, path: Path, findings: Findings) -> None:
    """Hold a choice to options whose names and labels are clear, and other kinds to none."""
    if raw.kind == "choice" and not raw.options and not findings.spoiled(*path, "options"):
        findings.add("missing-key", path, "a choice needs options", remedy='options = { name = "label" }')
    if raw.kind and raw.kind != "choice" and raw.options:
        findings.add("unknown-key", [*path, "options"], f"a {raw.kind} has no options")
    said: dict[str, str] = {}
    for option, label in raw.options.items():
        if not NAME.fullmatch(option):
            findings.add("bad-value", [*path, "options", option], f"{option!r} is no name")
        other = said.setdefault(label, option) if label else option
        if other == option and label != option and label in raw.options:
            other = label
        if other != option:
            findings.add(
                "duplicate-name",
                [*path, "options", option],
                f"{label!r} means the option {other!r} as well",
                remedy="give each option a label of its own",
            )


def _hold_derived(raw: RawFact, path: Path, findings: Findings) -> None:
    """Hold a derived fact to one that the linkage ledger offers, with what that one asks for."""
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
    needed = ASKS.get(raw.derived, "")
    if needed and not getattr(raw, needed) and not findings.spoiled(*path, needed):
        findings.add("missing-key", path, f"{raw.derived} needs {needed}", remedy=f"add {needed} = …")


def _decimals(raw: RawFact | RawConstant, path: Path, findings: Findings) -> int:
    """Return the decimals of a value; where they cannot be read, as many as its own bounds show."""
    given, kind = raw.decimals, raw.kind
    usual = DECIMALS.get(kind, 0)
    if given is None:
        return max(usual, _decimals_shown(raw)) if findings.spoiled(*path, "decimals") else usual
    if kind not in NUMERIC:
        if kind:
            findings.add("unknown-key", [*path, "decimals"], f"a {kind} has no decimals")
        return 0
    least = 2 if kind == "money" else 0
    if not least <= given <= MOST_DECIMALS:
        findings.add("bad-value", [*path, "decimals"], f"found {given}; expected {least} … {MOST_DECIMALS}")
        findings.spoil([*path, "decimals"])
        return max(usual, _decimals_shown(raw))
    return given


def _decimals_shown(raw: RawFact | RawConstant) -> int:
    """Return the most decimals that the bounds of a fact show."""
    shown = 0
    for word in BOUNDS:
        try:
            value = read_literal(raw.kind, getattr(raw, word, None))
        except BadValue:
            continue
        shown = max(shown, decimals_of(value)) if isinstance(value, Fraction) else shown
    return min(shown, MOST_DECIMALS)


def _bounds(raw: RawFact, decimals: int, path: Path, findings: Findings) -> Bounds | None:
    given = {word: getattr(raw, word) for word in BOUNDS}
    stated = {word: value for word, value in given.items() if value is not None}
    if raw.kind in ("flag", "choice"):
        for word in stated:
            findings.add("unknown-key", [*path, word], f"a {raw.kind} has no bounds")
        return None
    sides = (("at_least", "more_than"), ("at_most", "less_than"))
    for one, other in sides:
        if one in stated and other in stated:
            findings.add("bounds", path, f"{one} and {other} bound the same side", remedy="keep one")
        elif (
            raw.kind != "date"
            and not {one, other} & set(stated)
            and not (findings.spoiled(*path, one) or findings.spoiled(*path, other))
        ):
            findings.add(
                "missing-key",
                path,
                f"a {raw.kind} states both bounds; {one} (or {other}) is missing",
                remedy=f"add {one} = …: bounds are what makes exactness provable",
            )
    read: dict[str, Fraction] = {}
    for word, value in stated.items():
        try:
            number = read_literal(raw.kind, value)
        except BadValue as error:
            findings.add("bad-value", [*path, word], str(error), remedy=error.remedy)
            continue
        assert isinstance(number, Fraction)
        read[word] = number
    if len(read) < len(stated) or (raw.kind != "date" and not all(set(side) & set(read) for side in sides)):
        return None
    low = read.get("at_least", read.get("more_than", Fraction(FIRST_DAY.toordinal())))
    high = read.get("at_most", read.get("less_than", Fraction(LAST_DAY.toordinal())))
    bounds = Bounds(
        low, high, "more_than" in read and "at_least" not in read, "less_than" in read and "at_most" not in read
    )
    first, last = bounds.grid(10**decimals if raw.kind in NUMERIC else 1)
    if first > last:
        findings.add("bounds", path, "the bounds hold nothing", remedy="the lower bound stands below the upper one")
        return None
    return bounds


def _default(raw: RawFact, bounds: Bounds | None, decimals: int, path: Path, findings: Findings) -> Value | None:
    options = raw.options
    if raw.kind == "choice" and raw.default in options.values():
        return next(name for name, label in options.items() if label == raw.default)
    if raw.kind == "choice" and not options:
        return None
    try:
        value = read_literal(raw.kind, raw.default, options)
    except BadValue as error:
        findings.add(error.code, [*path, "default"], str(error), remedy=error.remedy)
        return None
    if isinstance(value, Fraction) and bounds is not None:
        exact = not findings.spoiled(*path, "decimals")
        if raw.kind in NUMERIC and exact and (value * 10**decimals).denominator != 1:
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
    """Read one constant, every fault added; None if its value is not known."""
    path = ("constants", name)
    decimals = _decimals(raw, path, findings)
    if not raw.kind or raw.value is None:
        return None
    try:
        value = read_literal(raw.kind, raw.value, raw.options)
    except BadValue as error:
        findings.add(error.code, [*path, "value"], str(error), remedy=error.remedy)
        return None
    held = raw.kind in NUMERIC and (raw.kind == "money" or raw.decimals is not None)
    exact = isinstance(value, Fraction) and (value * 10**decimals).denominator == 1
    if held and not exact and not findings.spoiled(*path, "decimals"):
        findings.add(
            "bad-value",
            [*path, "value"],
            f"more than {decimals} decimals",
            remedy="declare as many with decimals = …, or mend the value",
        )
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
