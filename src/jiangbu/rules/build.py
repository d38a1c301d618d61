"""One TOML file → the parts of a scheme, all checked: references, kinds, bounds, lookups, order, gate, documents.

Every fault of a file is found in one go. An entry that cannot be used is remembered by name, so that what refers to
it is not reported a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import frozen

from jiangbu.rules.digest import digest_of
from jiangbu.rules.findings import Findings, did_you_mean
from jiangbu.rules.levels import Levels
from jiangbu.rules.model import Check, Document, Effective, Harmless, Remark
from jiangbu.rules.parts.cases import hold_cases_of_broken, take_cases
from jiangbu.rules.parts.conditions import take_conditions, take_requirements
from jiangbu.rules.parts.exclusive import take_exclusive
from jiangbu.rules.parts.facts import take_constants, take_facts, take_needed
from jiangbu.rules.parts.heads import hold_pays, seen_from, take_gate, take_head, take_levels, take_sections
from jiangbu.rules.parts.lines import take_line, take_raw_lines
from jiangbu.rules.parts.lookups import take_tables
from jiangbu.rules.parts.promises import take_promises
from jiangbu.rules.parts.state import (
    Builder,
    Scope,
    Surroundings,
    declare,
    number_of,
    read_listed,
    read_named,
    take_labels,
)
from jiangbu.rules.parts.unused import warn_of_unused
from jiangbu.rules.raw import FORMAT, RawCheck, RawEffective, RawHarmless, RawRemark, RawScheme, RawTable
from jiangbu.rules.schedule import Circle, schedule
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.structure import read_entry

TOP_KEYS = (
    "format",
    "scheme",
    "facts",
    "constants",
    "tables",
    "levels",
    "requirements",
    "checks",
    "remarks",
    "lines",
    "promises",
    "cases",
    "harmless",
    "exclusive",
)


@frozen
class Built:
    """A file's scheme (None where an error stands in the way) and all of its findings."""

    scheme: Scheme | None
    findings: Findings


def build(data: Mapping[str, Any], source: str, findings: Findings, around: Surroundings, on: date | None) -> Built:
    """Build one scheme from parsed TOML; ``on`` is the day for which its gate is looked for."""
    top = (*TOP_KEYS, *around.makers.sections)
    for key in sorted(set(data) - set(top)):
        findings.add("unknown-key", [key], f"unknown key {key!r}", remedy=did_you_mean(key, top))
    if data.get("format") != FORMAT or isinstance(data.get("format"), bool):
        code = "bad-value" if "format" in data else "missing-key"
        findings.add(
            code,
            ["format"] if "format" in data else [],
            f"format = {FORMAT} is expected",
            remedy=f"write format = {FORMAT} at the top",
        )
    if "scheme" not in data:
        findings.add("missing-key", [], "the section [scheme] is missing", remedy="see the contract of the format")
    head = read_entry(
        data.get("scheme", {}), RawScheme, ("scheme",), findings if "scheme" in data else Findings("", "")
    )
    probe = head or NO_HEAD
    place = seen_from(probe.place)
    scope = Scope(Levels(), series_by_name=around.series(place), unreadable=frozenset(around.series_faults(place)))
    scheme = _build(Builder(data, findings, around, on, probe, scope, headless=head is None), source)
    return Built(None if findings.errors else scheme, findings)


NO_HEAD = RawScheme("", "", "unknown", "", "draft", RawEffective("unseen"), "household")
"""What stands in for a head that is not there, so that the rest of the file is still checked."""

NO_DOCUMENT = Document("", "", "", "unseen", "", "seen")


def _build(b: Builder, source: str) -> Scheme | None:
    findings = b.findings
    document, effective = take_head(b)
    take_levels(b)
    take_sections(b)
    take_gate(b)
    take_labels(b)
    take_facts(b)
    take_constants(b)
    for name, raw in read_named(b, "tables", RawTable):
        declare(b, name, ("tables", name))
        if raw is None:
            b.scope.tables[name] = None
        else:
            b.raw_tables[name] = raw
    b.scope.waiting |= set(b.raw_tables)
    raw_lines = take_raw_lines(b)
    take_needed(b)
    take_tables(b)
    for at, line in raw_lines:
        take_line(b, at, line)
        take_tables(b)
    requirements = take_requirements(b)
    checks = take_conditions(b, "checks", RawCheck, Check, "holds")
    remarks = take_conditions(b, "remarks", RawRemark, Remark, "when")
    hold_pays(b)
    promises = take_promises(b)
    cases = take_cases(b)
    harmless = [Harmless(raw.change, raw.why) for _, raw in read_listed(b, "harmless", RawHarmless)]
    exclusive = take_exclusive(b)
    warn_of_unused(b)
    _take_faults_of_series(b)
    steps = () if findings.errors else _steps(b, requirements, checks, remarks)
    whole = not findings.errors and document is not None and effective is not None
    scheme = _scheme(
        b,
        source,
        document=document or NO_DOCUMENT,
        effective=effective or Effective("unseen"),
        requirements=requirements if whole else {},
        checks=checks if whole else {},
        remarks=remarks if whole else {},
        lines=b.lines if whole else {},
        promises=tuple(promises),
        cases=tuple(cases.values()),
        harmless=tuple(harmless),
        exclusive=exclusive,
        steps=steps,
        parts=tuple(b.head.parts) if whole else (),
    )
    if not whole:
        hold_cases_of_broken(b, cases, scheme)
    return scheme if whole else None


def _take_faults_of_series(b: Builder) -> None:
    """Add what is wrong with a series that the table reads."""
    faults = b.around.series_faults(seen_from(b.head.place))
    read = sorted(b.uses & set(faults) - set(b.named))
    found = dict.fromkeys(item for name in read for item in faults[name])
    b.findings.items += [item for item in found if item not in b.findings.items]


def _steps(b: Builder, requirements: Mapping[str, Any], checks: Mapping[str, Any], remarks: Mapping[str, Any]) -> Any:
    """Return the steps of the evaluation in order; none, with a finding, if they go round in a circle."""
    try:
        return schedule(b.scope.levels, b.lines, requirements, checks, remarks, b.infos)
    except Circle as circle:
        where = ("lines", number_of(b, "lines", circle.name))
        if circle.name in requirements or circle.name not in b.lines:
            where = ("requirements", number_of(b, "requirements", circle.name.rpartition(".")[2]))
        b.findings.add(
            "order",
            where,
            "goes round in a circle: " + " → ".join(circle.names),
            remedy="a condition of a row may not depend on what is summed or shared over that row",
        )
        return ()


def _scheme(b: Builder, source: str, **parts: Any) -> Scheme:
    """Put a scheme together from its head, what was built of it, and its other parts."""
    head = b.head
    return Scheme(
        id=head.id,
        title=head.title,
        place=head.place,
        status=head.status,
        beneficiary=head.beneficiary,
        pays=head.pays,
        gate=b.gate,
        gate_level=b.gate_level,
        no_gate=head.no_gate,
        supersedes=head.supersedes,
        recovers=head.recovers,
        reading=head.reading,
        note=head.note,
        facts=b.facts,
        constants=b.constants,
        tables={name: info.table for (origin, name), info in b.infos.items() if not origin},
        tree=b.scope.levels,
        pay_level=b.pay_level,
        series={name: item for name, item in b.scope.series_by_name.items() if name in b.uses},
        infos=b.infos,
        makers=b.around.makers,
        settings=b.sections,
        source=source,
        path=b.findings.file,
        digest=digest_of(b.data),
        data=b.data,
        on=b.on,
        **parts,
    )
