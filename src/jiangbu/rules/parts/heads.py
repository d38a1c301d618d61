"""The head of a table, its levels, the sections of its makers, its gate, and the lines that its head names."""

from __future__ import annotations

from datetime import date

from jiangbu.rules.findings import Path, did_you_mean, nearest, shown
from jiangbu.rules.formula import Symbol, plain
from jiangbu.rules.kinds import SCHEME_ID
from jiangbu.rules.made import ObjectFault
from jiangbu.rules.model import (
    Document,
    Effective,
    Line,
)
from jiangbu.rules.parts.levels import read_levels
from jiangbu.rules.parts.state import Builder, declare, listed, number_of, read_named
from jiangbu.rules.raw import RawLevel, RawLine
from jiangbu.rules.structure import KEYS

PINGLIANG = "6208"
LARGEST_AMOUNT = 10**16
"""In yuan: capital numerals end below it."""


def take_head(b: Builder) -> tuple[Document | None, Effective | None]:
    """Hold the head of a scheme to its form; return its document and its days of validity."""
    head, findings = b.head, b.findings
    if head.id and not SCHEME_ID.fullmatch(head.id):
        findings.add("bad-value", ("scheme", "id"), f"{head.id!r} is no id", remedy="a-z, 0-9, hyphens; at most 40")
    if head.place and seen_from(head.place) != head.place:
        findings.add(
            "bad-value",
            ("scheme", "place"),
            f"{head.place!r} is no GB/T 2260 code",
            remedy='six digits or "unknown"',
        )
    document = _document(b, head.document, "document")
    if head.supersedes:
        _document(b, head.supersedes, "supersedes")
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


def seen_from(place: str) -> str:
    """Return the place from which a table sees gates and series: its own, or none that is known."""
    return place if place.isascii() and place.isdigit() and len(place) == 6 else "unknown"


def _document(b: Builder, number: str, key: str) -> Document | None:
    """Return the document of a number; where it is not there, say so, or what is wrong with the list of documents."""
    document = b.around.document(number)
    if document is None and number:
        faults = b.around.document_faults(number)
        b.findings.items += [item for item in faults if item not in b.findings.items]
        if not faults:
            b.findings.add(
                "document",
                ("scheme", key),
                f"{number!r} does not stand in documents.toml",
                remedy=did_you_mean(number, b.around.document_numbers()) or "add [[documents]]",
            )
    return document


def take_levels(b: Builder) -> None:
    raw = {name: item or RawLevel(label=name) for name, item in read_named(b, "levels", RawLevel)}
    if not raw:
        if b.head.gate_level and "levels" not in b.data:
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
    raw_lines = listed(b, "lines")
    paying = next((item for item in raw_lines if isinstance(item, dict) and item.get("name") == b.head.pays), {})
    given = paying.get("level")
    b.pay_level = given if isinstance(given, str) and given in levels.by_name else levels.root
    if b.head.pays and paying and given is None and not nearest("level", set(paying) - set(KEYS[RawLine]), 1):
        at = raw_lines.index(paying)
        b.findings.add(
            "missing-key",
            ("lines", at),
            "with [levels] the line that pays names its level",
            remedy='level = "…"',
        )
    b.gate_level = b.pay_level
    if b.head.gate and not b.head.gate_level:
        if not b.findings.spoiled("scheme", "gate_level"):
            b.findings.add("missing-key", ("scheme",), "with [levels] and a gate, gate_level is needed")
    elif b.head.gate_level:
        given = b.head.gate_level
        if given not in levels.by_name:
            b.findings.add("unknown-name", ("scheme", "gate_level"), f"no level {given!r}")
        elif not levels.sees(b.pay_level, given):
            b.findings.add("level", ("scheme", "gate_level"), f"{given} is neither the paid level nor above it")
        else:
            b.gate_level = given


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
    b.scope.gate_wanting = bool(head.gate) or findings.spoiled("scheme", "gate")
    if head.gate:
        found = b.around.gate(head.gate, seen_from(head.place), b.on)
        if isinstance(found, str):
            findings.add("gate", ("scheme", "gate"), found, remedy="name a gate that stands at this place or above")
        elif found.lines or found.pays:
            findings.add("gate", ("scheme", "gate"), f"{head.gate} pays; a gate has neither lines nor pays")
        else:
            b.gate, b.scope.gate_wanting = found, False
        return
    if b.scope.gate_wanting:
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
    elif not head.no_gate and not findings.spoiled("scheme", "no_gate"):
        findings.add(
            "gate",
            ("scheme",),
            "an operator scheme without a gate says why",
            remedy='no_gate = "该办法未设联农带农前置条件"',
        )


def hold_pays(b: Builder) -> None:
    """Hold the lines that the head names to be there, of money, rounded, and not below zero."""
    head, findings = b.head, b.findings
    lines = [item for item in listed(b, "lines") if isinstance(item, dict)]
    declared = [item["name"] for item in lines if isinstance(item.get("name"), str)]
    unnamed = len(declared) < len(listed(b, "lines"))
    if declared and not head.pays and not b.headless and not findings.spoiled("scheme", "pays"):
        findings.add("missing-key", ("scheme",), "pays names the line that is the amount", remedy='pays = "…"')
    for key, name in [
        ("pays", head.pays),
        ("recovers", head.recovers),
        *(("parts", part) for part in head.parts),
    ]:
        if name and name not in declared and unnamed:
            continue
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
        if line.round.step is None and not findings.spoiled(*path, "round"):
            findings.add(
                "rounding",
                path,
                "what is paid or recovered is always rounded",
                remedy='round = "none" may not stand here',
            )
        _hold_to_numerals(b, line, path)
        if key == "pays":
            assert line.type is not None
            if line.type.low < 0 and not line.may_be_negative and not findings.spoiled(*path, "may_be_negative"):
                findings.add(
                    "negative-pay",
                    path,
                    "the amount may be below zero",
                    witness=f"down to {line.type.low}",
                    remedy='max(0, …), or may_be_negative = "why"',
                )
        elif line.level != b.pay_level:
            findings.add("level", path, f"{key} names a line of the paid level {b.pay_level}")


def _hold_to_numerals(b: Builder, line: Line, path: Path) -> None:
    """Hold what is paid or recovered to amounts that can be written out in capital numerals."""
    kind = line.type
    assert kind is not None
    if max(abs(kind.low), abs(kind.high)) >= LARGEST_AMOUNT:
        b.findings.add(
            "bounds",
            path,
            "the amount may reach 10^16 yuan, where capital numerals end",
            witness=f"{plain(kind.low)} … {plain(kind.high)}",
            remedy="narrow the bounds of the facts and the at_most of levels, or set a cap: min(…)",
        )
