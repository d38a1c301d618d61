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
from jiangbu.rules.model import (
    Case,
    Check,
    Exclusive,
    Harmless,
    Remark,
)
from jiangbu.rules.parts.conditions import take_conditions, take_requirements
from jiangbu.rules.parts.facts import take_constants, take_facts, take_needed
from jiangbu.rules.parts.heads import hold_pays, stand_in, take_gate, take_head, take_levels, take_sections
from jiangbu.rules.parts.lines import take_line, take_raw_lines
from jiangbu.rules.parts.lookups import take_tables
from jiangbu.rules.parts.promises import case_complete, case_parts, take_promises
from jiangbu.rules.parts.state import Builder, Scope, Surroundings, declare, number_of, read_listed, read_named
from jiangbu.rules.parts.unused import warn_of_unused
from jiangbu.rules.raw import (
    FORMAT,
    RawCase,
    RawCheck,
    RawExclusive,
    RawHarmless,
    RawRemark,
    RawScheme,
    RawTable,
    structure,
)
from jiangbu.rules.schedule import Circle, Step, schedule
from jiangbu.rules.scheme import Scheme

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
        return Built(None, findings)
    head = structure(data["scheme"], RawScheme, ("scheme",), findings)
    probe = head or stand_in(data["scheme"])
    scope = Scope(Levels(), series_by_name=around.series(probe.place))
    builder = Builder(data, findings, around, on, probe, scope)
    scheme = _build(builder, source)
    if findings.errors or head is None:
        return Built(None, findings)
    return Built(scheme, findings)


def _build(b: Builder, source: str) -> Scheme | None:
    head, findings = b.head, b.findings
    document, effective = take_head(b)
    take_levels(b)
    take_sections(b)
    take_gate(b)
    take_facts(b)
    take_constants(b)
    for name, raw in read_named(b, "tables", RawTable):
        if declare(b, name, ("tables", name)):
            if raw is None:
                b.scope.tables[name] = None
            else:
                b.raw_tables[name] = raw
    b.scope.waiting |= set(b.raw_tables)
    raw_lines = take_raw_lines(b)
    take_needed(b)
    take_tables(b)
    for at, raw in raw_lines:
        take_line(b, at, raw)
        take_tables(b)
    requirements = take_requirements(b)
    checks = take_conditions(b, "checks", RawCheck, Check, "holds")
    remarks = take_conditions(b, "remarks", RawRemark, Remark, "when")
    hold_pays(b)
    promises = take_promises(b)
    cases = [Case(**case_parts(raw)) for _, raw in read_listed(b, "cases", RawCase) if case_complete(b, _, raw)]
    harmless = [Harmless(raw.change, raw.why) for _, raw in read_listed(b, "harmless", RawHarmless)]
    exclusive = [
        Exclusive(tuple(raw.with_), raw.per, raw.keep, raw.clause)
        for _, raw in read_listed(b, "exclusive", RawExclusive)
    ]
    warn_of_unused(b)
    steps: tuple[Step, ...] = ()
    if not findings.errors:
        try:
            steps = schedule(b.scope.levels, b.lines, requirements, checks, remarks, b.infos)
        except Circle as circle:
            where = ("lines", number_of(b, "lines", circle.name))
            if circle.name in requirements or circle.name not in b.lines:
                where = ("requirements", number_of(b, "requirements", circle.name.rpartition(".")[2]))
            findings.add(
                "order",
                where,
                "goes round in a circle: " + " → ".join(circle.names),
                remedy="a condition of a row may not depend on what is summed or shared over that row",
            )
    if findings.errors or document is None or effective is None:
        return None
    own = {name: info.table for (origin, name), info in b.infos.items() if not origin}
    return Scheme(
        id=head.id,
        title=head.title,
        place=head.place,
        document=document,
        status=head.status,
        effective=effective,
        beneficiary=head.beneficiary,
        pays=head.pays,
        gate=b.gate,
        gate_level=b.gate_level,
        no_gate=head.no_gate,
        supersedes=head.supersedes,
        parts=tuple(head.parts),
        recovers=head.recovers,
        reading=head.reading,
        note=head.note,
        facts=b.facts,
        constants=b.constants,
        tables=own,
        tree=b.scope.levels,
        pay_level=b.pay_level,
        requirements=requirements,
        checks=checks,
        remarks=remarks,
        lines=b.lines,
        promises=tuple(promises),
        cases=tuple(cases),
        harmless=tuple(harmless),
        exclusive=tuple(exclusive),
        series={name: item for name, item in b.scope.series_by_name.items() if name in b.uses},
        infos=b.infos,
        steps=steps,
        makers=b.around.makers,
        settings=b.sections,
        source=source,
        path=findings.file,
        digest=digest_of(b.data),
        data=b.data,
        on=b.on,
    )
