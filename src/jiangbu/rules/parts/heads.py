"""The head of a table, its levels, the sections of its makers, its gate, and the lines that its head names."""

from __future__ import annotations

from datetime import date
from typing import Any

from jiangbu.rules.declare import (
    read_levels,
)
from jiangbu.rules.findings import did_you_mean, shown
from jiangbu.rules.formula import Symbol
from jiangbu.rules.kinds import SCHEME_ID
from jiangbu.rules.made import ObjectFault
from jiangbu.rules.model import (
    Document,
    Effective,
)
from jiangbu.rules.parts.state import Builder, declare, number_of, read_named
from jiangbu.rules.raw import (
    RawLevel,
    RawScheme,
)

PINGLIANG = "6208"


def stand_in(raw: Any) -> RawScheme:
    """Stand in for a broken head, so that the rest of the file is still checked."""
    given = raw if isinstance(raw, dict) else {}
    keys = ("id", "place", "document", "pays", "gate", "gate_level", "no_gate", "recovers")
    texts = {key: given[key] for key in keys if isinstance(given.get(key), str) and given[key]}
    whom = given.get("beneficiary")
    stand = {"id": "broken", "place": "unknown", "document": "", "title": "", "status": "draft", **texts}
    return RawScheme(effective=None, beneficiary="operator" if whom == "operator" else "household", **stand)  # type: ignore[arg-type]


def take_head(b: Builder) -> tuple[Document | None, Effective | None]:
    head, findings = b.head, b.findings
    if not SCHEME_ID.fullmatch(head.id):
        findings.add("bad-value", ("scheme", "id"), f"{head.id!r} is no id", remedy="a-z, 0-9, hyphens; at most 40")
    if head.place != "unknown" and not (head.place.isascii() and head.place.isdigit() and len(head.place) == 6):
        findings.add(
            "bad-value",
            ("scheme", "place"),
            f"{head.place!r} is no GB/T 2260 code",
            remedy='six digits or "unknown"',
        )
    document = b.around.document(head.document)
    if document is None and head.document:
        findings.add(
            "document",
            ("scheme", "document"),
            f"{head.document!r} does not stand in documents.toml",
            remedy=did_you_mean(head.document, b.around.document_numbers()) or "add [[documents]]",
        )
    raw = head.effective
    if raw is None:
        return document, None
    effective = Effective(raw.from_, raw.until, raw.reading)
    if isinstance(raw.from_, date) and isinstance(raw.until, date) and raw.until < raw.from_:
        findings.add("bad-value", ("scheme", "effective", "until"), "ends before it starts")
    if document is not None and head.status == "in-force":
        if document.known == "aggregated":
            findings.add(
                "document",
                ("scheme", "status"),
                "an aggregated source makes no rule in force",
                remedy='status = "illustrative"',
            )
        if raw.from_ == "unseen" and document.issued == "unseen" and raw.until in (None, "unseen"):
            findings.add(
                "document",
                ("scheme", "status"),
                "neither start, issue day nor end was seen",
                remedy='status = "illustrative"',
            )
    return document, effective


def take_levels(b: Builder) -> None:
    raw = {name: item or _stand_in_level(b, name) for name, item in read_named(b, "levels", RawLevel)}
    if not raw:
        if b.head.gate_level:
            b.findings.add("unknown-name", ("scheme", "gate_level"), "gate_level needs [levels]")
        return
    for name in raw:
        declare(b, name, ("levels", name))
    b.scope.levels = read_levels(raw, b.around.makers, b.findings)
    makers, levels = b.around.makers, b.scope.levels
    for name, level in levels.by_name.items():
        kind = makers.objects.get(level.object) or makers.rows.get(level.made_by)
        if kind is None:
            continue
        b.scope.made[name] = {
            column: Symbol(f"{name}.{column}", "made", name, of) for column, of in kind.columns.items()
        }
        if level.object:
            calls = makers.objects[level.object].calls
            b.scope.made_calls[name] = {word: of for word, (of, _) in calls.items()}
        if level.made_by in makers.rows:
            above = levels.by_name.get(level.of)
            if above is None or not {above.object, above.made_by} & set(makers.rows[level.made_by].below):
                b.findings.add(
                    "level",
                    ("levels", name),
                    f"{level.made_by} does not stand below {level.of or 'nothing'}",
                    remedy="it stands below " + " or ".join(makers.rows[level.made_by].below),
                )
    raw_lines = b.data.get("lines", [])
    raw_lines = raw_lines if isinstance(raw_lines, list) else []
    paying = next((item for item in raw_lines if isinstance(item, dict) and item.get("name") == b.head.pays), {})
    given = paying.get("level") if isinstance(paying, dict) else None
    b.pay_level = given if isinstance(given, str) and given in levels.by_name else levels.root
    if b.head.pays and paying and given is None:
        at = raw_lines.index(paying)
        b.findings.add(
            "missing-key",
            ("lines", at),
            "with [levels] the line that pays names its level",
            remedy='level = "…"',
        )
    b.gate_level = b.pay_level
    if b.head.gate and not b.head.gate_level:
        b.findings.add("missing-key", ("scheme",), "with [levels] and a gate, gate_level is needed")
    elif b.head.gate_level:
        given = b.head.gate_level
        if given not in levels.by_name:
            b.findings.add("unknown-name", ("scheme", "gate_level"), f"no level {given!r}")
        elif not levels.sees(b.pay_level, given):
            b.findings.add("level", ("scheme", "gate_level"), f"{given} is neither the paid level nor above it")
        else:
            b.gate_level = given


def _stand_in_level(b: Builder, name: str) -> RawLevel:
    """Stand in for a broken level, so that what stands on it is still checked."""
    given = b.data["levels"][name]
    of = given.get("of") if isinstance(given, dict) else None
    return RawLevel(label=name, of=of if isinstance(of, str) else "")


def take_sections(b: Builder) -> None:
    for name, section in b.around.makers.sections.items():
        if name not in b.data:
            needing = [level for level in b.scope.levels.by_name.values() if level.made_by in section.required_by]
            if needing:
                b.findings.add("missing-key", [], f"the section [{name}] is missing", remedy=f"[{name}]")
            continue
        if not isinstance(b.data[name], dict):
            b.findings.add("bad-value", [name], f"expected a table [{name}]")
            continue
        try:
            b.sections[name] = section.read(b.data[name])
        except ObjectFault as error:
            unsaid = ("bad-value", "", shown(b.data[name]), f"what [{name}] takes", "")
            for code, path, found, expected, remedy in error.faults or (unsaid,):
                b.findings.add(
                    code,
                    [name, *path.split(".")] if path else [name],
                    f"found {found}; expected {expected}",
                    remedy=remedy,
                )


def take_gate(b: Builder) -> None:
    head, findings = b.head, b.findings
    is_gate = not head.pays and not b.data.get("lines")
    if head.gate:
        found = b.around.gate(head.gate, head.place, b.on)
        if isinstance(found, str):
            findings.add("gate", ("scheme", "gate"), found, remedy="name a gate that stands at this place or above")
        elif found.lines or found.pays:
            findings.add("gate", ("scheme", "gate"), f"{head.gate} pays; a gate has neither lines nor pays")
        else:
            b.gate = found
        return
    if head.beneficiary != "operator" or is_gate:
        return
    if head.place.startswith(PINGLIANG):
        findings.add(
            "gate",
            ("scheme",),
            "an operator scheme of Pingliang's counties stands behind the gate of 三（一）",
            remedy='gate = "linkage-admission"',
        )
    elif not head.no_gate:
        findings.add(
            "gate",
            ("scheme",),
            "an operator scheme without a gate says why",
            remedy='no_gate = "该办法未设联农带农前置条件"',
        )


def hold_pays(b: Builder) -> None:
    head, findings = b.head, b.findings
    raw_lines = b.data.get("lines", [])
    if not isinstance(raw_lines, list):
        return
    declared = [item.get("name") for item in raw_lines if isinstance(item, dict)]
    if declared and not head.pays:
        findings.add("missing-key", ("scheme",), "pays names the line that is the amount", remedy='pays = "…"')
    for key, name in [
        ("pays", head.pays),
        ("recovers", head.recovers),
        *(("parts", part) for part in head.parts),
    ]:
        if name and name not in declared:
            findings.add(
                "unknown-name",
                ("scheme", key),
                f"there is no line {name!r}",
                remedy=did_you_mean(name, map(str, declared)) or "lines: " + ", ".join(map(str, declared)),
            )
            continue
        line = b.lines.get(name)
        if line is None:
            continue
        path = ("lines", number_of(b, "lines", name))
        if line.kind != "money":
            findings.add("kind", path, f"{key} names a line of money, found {line.kind}")
            continue
        if line.round.step is None:
            findings.add(
                "rounding",
                path,
                "what is paid or recovered is always rounded",
                remedy='round = "none" may not stand here',
            )
        if key == "pays":
            assert line.type is not None
            if line.type.low < 0 and not line.may_be_negative:
                findings.add(
                    "negative-pay",
                    path,
                    "the amount may be below zero",
                    witness=f"down to {line.type.low}",
                    remedy='max(0, …), or may_be_negative = "why"',
                )
        elif line.level != b.pay_level:
            findings.add("level", path, f"{key} names a line of the paid level {b.pay_level}")
