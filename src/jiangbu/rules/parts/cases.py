"""The worked cases of a table; where the table is broken, their facts alone are held to what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve

from jiangbu.errors import Problem
from jiangbu.rules.door import Door
from jiangbu.rules.findings import did_you_mean, is_slip
from jiangbu.rules.model import Case, Fact
from jiangbu.rules.parts.state import Builder, listed, read_listed
from jiangbu.rules.raw import RawCase
from jiangbu.rules.scheme import Scheme

RESULTS = ("expect", "refuses", "outcome", "remarks")
REMEDY = "mend the rule or the case: its amount is worked by hand"


def take_cases(b: Builder) -> dict[int, Case]:
    """Read the worked cases, by their place in the file."""
    found = {}
    for at, raw in read_listed(b, "cases", RawCase):
        said = raw.expect or any(getattr(raw, key) is not None for key in RESULTS[1:])
        if not said and not any(b.findings.spoiled("cases", at, key) for key in RESULTS):
            b.findings.add(
                "missing-key", ("cases", at), "a case says what comes out", remedy="expect, refuses or outcome"
            )
        if raw.facts is not None:
            found[at] = _case(raw)
    return found


def _case(raw: RawCase) -> Case:
    return Case(
        raw.source,
        raw.worked,
        raw.facts,
        raw.expect,
        None if raw.refuses is None else tuple(raw.refuses),
        raw.outcome,
        None if raw.remarks is None else tuple(raw.remarks),
        raw.on,
        raw.known_on,
        raw.under,
    )


def hold_cases_of_broken(b: Builder, cases: Mapping[int, Case], rest: Scheme) -> None:
    """Hold the cases of a table that cannot be run to the facts that could be read, and to its lines.

    :param rest: what is left of the table without its lines and requirements.
    """
    if not _can_be_read(b):
        return
    door = Door(evolve(rest, facts={name: with_defaults(fact) for name, fact in b.facts.items()}))
    names = [item.get("name") for item in listed(b, "lines") if isinstance(item, dict)]
    lines = [name for name in names if isinstance(name, str)]
    unsure = len(lines) < len(listed(b, "lines")) or bool(b.doubtful & set(lines))
    for at, case in cases.items():
        for problem in _problems(b, case, door):
            b.findings.add("case", ("cases", at, "facts"), str(problem), remedy=REMEDY)
        for name in case.expect or ():
            if name not in lines and (not unsure or is_slip(name, set(lines) - b.doubtful)):
                b.findings.add(
                    "case",
                    ("cases", at, "expect", name),
                    f"there is no line {name!r}",
                    witness=did_you_mean(name, lines),
                    remedy=REMEDY,
                )


def _can_be_read(b: Builder) -> bool:
    """Whether the rows of a case can be told: objects and made rows are known, and so is what makes them."""
    makers, levels = b.around.makers, b.scope.levels.by_name.values()
    made_by = {level.made_by for level in levels if level.made_by}
    objects = {level.object for level in levels if level.object}
    sections = {name for name, section in makers.sections.items() if made_by & set(section.required_by)}
    return objects <= set(makers.objects) and made_by <= set(makers.rows) and sections <= set(b.sections)


def with_defaults(fact: Fact) -> Fact:
    """Let a default stand for one that cannot be read, or that is wanting: nothing is said of it once more."""
    if fact.default is not None or not (fact.has_default or fact.needed_if):
        return fact
    low = fact.bounds.grid(fact.den)[0] if fact.bounds is not None else 0
    value = next(iter(fact.options)) if fact.options else fact.kind != "flag" and Fraction(low, fact.den)
    return evolve(fact, has_default=True, default=value, needed_tree=None)


def _problems(b: Builder, case: Case, door: Door) -> Iterator[Problem]:
    """Yield what is wrong with the facts of a case; of facts that are not known themselves nothing is said."""
    if case.outcome == "unreadable":
        return
    gates = {name for name, fact in b.facts.items() if fact.origin}
    named = set(_names(case.facts))
    misnamed = bool(b.doubtful & {*_names(b.data.get("facts")), *_names(b.data.get("levels"))})
    for problem in door.take(case.facts).problems:
        name = problem.path.rpartition(".")[2]
        unsure = name in b.disputed or (name in b.named and name not in b.facts)
        of_gate = problem.code == "missing" and name in gates and not gates & named
        hidden = b.scope.hidden(name) or (misnamed and (is_slip(name, b.doubtful) or not is_slip(name, b.facts)))
        if not (unsure or of_gate or (problem.code == "unknown-fact" and hidden)):
            yield problem


def _names(facts: Any) -> Iterator[str]:
    """Yield every name that facts give, at any level."""
    if isinstance(facts, Mapping):
        yield from map(str, facts)
        for value in facts.values():
            yield from _names(value)
    elif isinstance(facts, Sequence) and not isinstance(facts, str):
        for value in facts:
            yield from _names(value)
