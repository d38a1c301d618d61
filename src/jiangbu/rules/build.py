"""One TOML file → the parts of a scheme, all checked: references, kinds, bounds, lookups, order, gate, documents.

Every fault of a file is found in one go. An entry that cannot be used is remembered by name, so that what refers to
it is not reported a second time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from attrs import define, evolve, field, frozen

from jiangbu.rules.declare import (
    RESERVED_ON_MADE_ROWS,
    constant_symbol,
    fact_symbol,
    good_name,
    line_level,
    read_constant,
    read_fact,
    read_levels,
    read_rounding,
)
from jiangbu.rules.digest import digest_of
from jiangbu.rules.findings import Findings, Path, did_you_mean, shown
from jiangbu.rules.formula import Fault, Symbol, TableInfo, read_formula, rounded
from jiangbu.rules.kinds import NUMERIC, ORDERED, SCHEME_ID
from jiangbu.rules.levels import ROOT, Levels
from jiangbu.rules.made import Makers, ObjectFault
from jiangbu.rules.model import (
    Case,
    Check,
    Constant,
    Document,
    Effective,
    Exclusive,
    Fact,
    Harmless,
    Line,
    Promise,
    Remark,
    Requirement,
    Rounding,
)
from jiangbu.rules.raw import (
    FORMAT,
    RawCase,
    RawCheck,
    RawConstant,
    RawExclusive,
    RawFact,
    RawHarmless,
    RawLevel,
    RawLine,
    RawPromise,
    RawRemark,
    RawRequirement,
    RawScheme,
    RawTable,
    structure,
)
from jiangbu.rules.schedule import Circle, Step, schedule
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.series import Series
from jiangbu.rules.tables import read_table
from jiangbu.rules.tree import Allocate, Binary, If, Name, Node, Type, walk

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
PINGLIANG = "6208"
_BROKEN = Symbol("", "fact", "", None)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Surroundings(Protocol):
    """What a table refers to outside its own file."""

    @property
    def makers(self) -> Makers: ...
    def document(self, number: str) -> Document | None: ...
    def document_numbers(self) -> Sequence[str]: ...
    def gate(self, id: str, place: str, on: date | None) -> Scheme | str:
        """Return the gate, or a sentence that says why there is none."""
        ...

    def series(self, place: str) -> Mapping[str, Series]: ...


@frozen
class Built:
    """A file's scheme (None where an error stands in the way) and all of its findings."""

    scheme: Scheme | None
    findings: Findings


@define
class _Scope:
    """Names as the formula at hand sees them; lines and tables join as they are read."""

    levels: Levels
    symbols: dict[str, Symbol] = field(factory=dict)
    tables: dict[str, TableInfo | None] = field(factory=dict)
    made: dict[str, dict[str, Symbol]] = field(factory=dict)
    made_calls: dict[str, Mapping[str, Type]] = field(factory=dict)
    series_by_name: Mapping[str, Series] = field(factory=dict)
    waiting: set[str] = field(factory=set)

    def series(self, name: str) -> Mapping[str, Type] | None:
        found = self.series_by_name.get(name)
        return None if found is None else found.columns

    def later_than(self, name: str) -> bool:
        return name in self.waiting


@define
class _Builder:
    data: Mapping[str, Any]
    findings: Findings
    around: Surroundings
    on: date | None
    head: RawScheme
    scope: _Scope
    uses: set[str] = field(factory=set)
    named: dict[str, Path] = field(factory=dict)
    doubtful: set[str] = field(factory=set)
    conditions: dict[str, Path] = field(factory=dict)
    raw_tables: dict[str, RawTable] = field(factory=dict)
    facts: dict[str, Fact] = field(factory=dict)
    constants: dict[str, Constant] = field(factory=dict)
    lines: dict[str, Line] = field(factory=dict)
    infos: dict[tuple[str, str], TableInfo] = field(factory=dict)
    sections: dict[str, Any] = field(factory=dict)
    gate: Scheme | None = None
    pay_level: str = ROOT
    gate_level: str = ROOT


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
    probe = head or _stand_in(data["scheme"])
    scope = _Scope(Levels(), series_by_name=around.series(probe.place))
    builder = _Builder(data, findings, around, on, probe, scope)
    scheme = _build(builder, source)
    if findings.errors or head is None:
        return Built(None, findings)
    return Built(scheme, findings)


def _stand_in(raw: Any) -> RawScheme:
    """Stand in for a broken head, so that the rest of the file is still checked."""
    given = raw if isinstance(raw, dict) else {}
    keys = ("id", "place", "document", "pays", "gate", "gate_level", "no_gate", "recovers")
    texts = {key: given[key] for key in keys if isinstance(given.get(key), str) and given[key]}
    whom = given.get("beneficiary")
    stand = {"id": "broken", "place": "unknown", "document": "", "title": "", "status": "draft", **texts}
    return RawScheme(effective=None, beneficiary="operator" if whom == "operator" else "household", **stand)  # type: ignore[arg-type]


def _entries(b: _Builder, section: str, kind: type[Any]) -> list[tuple[str, Any]]:
    """Structure every entry of a section of named tables; a broken one comes as None."""
    given = b.data.get(section, {})
    if not isinstance(given, dict):
        b.findings.add("bad-value", [section], f"found {shown(given)}; expected tables [{section}.name]")
        return []
    return [(name, structure(item, kind, (section, name), b.findings)) for name, item in given.items()]


def _items(b: _Builder, section: str, kind: type[Any]) -> list[tuple[int, Any]]:
    """Structure every entry of a list of tables; broken ones are left out."""
    given = b.data.get(section, [])
    if not isinstance(given, list):
        b.findings.add("bad-value", [section], f"found {type(given).__name__}; expected [[{section}]]")
        return []
    read = [(at, structure(item, kind, (section, at), b.findings)) for at, item in enumerate(given)]
    return [(at, item) for at, item in read if item is not None]


def _declare(b: _Builder, name: str, path: Path) -> bool:
    """Take a name in the one name space of facts, constants, tables, lines and levels."""
    if not good_name(name, path, b.findings):
        _doubt(b, name)
        return False
    if name in b.named:
        before = b.named[name]
        b.findings.add(
            "duplicate-name",
            path,
            f"{name!r} is declared twice",
            witness=f"also at line {b.findings.where.line(before)}" if before else "also a fact of the gate",
            remedy="rename one",
        )
        _doubt(b, name)
        return False
    b.named[name] = path
    return True


def _doubt(b: _Builder, name: str) -> None:
    """Say nothing more about a name of which it is not clear what it means."""
    b.doubtful.add(name)
    b.scope.symbols[name] = Symbol(name, "fact", "", None)
    b.scope.tables[name] = None


def _build(b: _Builder, source: str) -> Scheme | None:
    head, findings = b.head, b.findings
    document, effective = _head(b)
    _levels(b)
    _sections(b)
    _gate(b)
    _facts(b)
    _constants(b)
    for name, raw in _entries(b, "tables", RawTable):
        if _declare(b, name, ("tables", name)):
            if raw is None:
                b.scope.tables[name] = None
            else:
                b.raw_tables[name] = raw
    b.scope.waiting |= set(b.raw_tables)
    raw_lines = _raw_lines(b)
    _needed(b)
    _tables(b)
    for at, raw in raw_lines:
        _line(b, at, raw)
        _tables(b)
    requirements = _requirements(b)
    checks = _conditions(b, "checks", RawCheck, Check, "holds")
    remarks = _conditions(b, "remarks", RawRemark, Remark, "when")
    _pays(b)
    promises = _promises(b)
    cases = [Case(**_case(raw)) for _, raw in _items(b, "cases", RawCase) if _case_complete(b, _, raw)]
    harmless = [Harmless(raw.change, raw.why) for _, raw in _items(b, "harmless", RawHarmless)]
    exclusive = [
        Exclusive(tuple(raw.with_), raw.per, raw.keep, raw.clause) for _, raw in _items(b, "exclusive", RawExclusive)
    ]
    _unused(b)
    steps: tuple[Step, ...] = ()
    if not findings.errors:
        try:
            steps = schedule(b.scope.levels, b.lines, requirements, checks, remarks, b.infos)
        except Circle as circle:
            where = ("lines", _index(b, "lines", circle.name))
            if circle.name in requirements or circle.name not in b.lines:
                where = ("requirements", _index(b, "requirements", circle.name.rpartition(".")[2]))
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


# The head


def _head(b: _Builder) -> tuple[Document | None, Effective | None]:
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


def _levels(b: _Builder) -> None:
    raw = {name: item or _stand_in_level(b, name) for name, item in _entries(b, "levels", RawLevel)}
    if not raw:
        if b.head.gate_level:
            b.findings.add("unknown-name", ("scheme", "gate_level"), "gate_level needs [levels]")
        return
    for name in raw:
        _declare(b, name, ("levels", name))
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


def _stand_in_level(b: _Builder, name: str) -> RawLevel:
    """Stand in for a broken level, so that what stands on it is still checked."""
    given = b.data["levels"][name]
    of = given.get("of") if isinstance(given, dict) else None
    return RawLevel(label=name, of=of if isinstance(of, str) else "")


def _sections(b: _Builder) -> None:
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


def _gate(b: _Builder) -> None:
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


# Facts, constants, tables


def _facts(b: _Builder) -> None:
    levels = b.scope.levels
    own: dict[str, Fact | None] = {}
    for name, raw in _entries(b, "facts", RawFact):
        path = ("facts", name)
        if not _declare(b, name, path):
            continue
        level = line_level(raw.level, b.pay_level, levels, path, b.findings) if raw else b.pay_level
        fact = read_fact(name, raw, level, b.findings) if raw else None
        item = levels.by_name[level]
        if item.made_by:
            if name in RESERVED_ON_MADE_ROWS:
                b.findings.add("duplicate-name", path, f"{name!r} is taken on made rows", remedy="rename it")
            maker = b.around.makers.rows.get(item.made_by)
            if maker is not None and not maker.takes_facts:
                b.findings.add("level", path, f"{level} takes no facts")
        own[name] = fact
    if b.gate is not None:
        for name, fact in b.gate.facts.items():
            moved = evolve(fact, level=b.gate_level, origin=b.gate.id)
            if name in own and own[name] is not None:
                _alike(b, name, own[name], moved)
                moved = own[name] or moved
            elif name in b.named:
                b.findings.add("gate", b.named[name], f"{name!r} is a fact of the gate {b.gate.id}", remedy="rename it")
                continue
            b.facts[name] = moved
            b.named.setdefault(name, ())
    for name, mine in own.items():
        if mine is not None:
            b.facts.setdefault(name, mine)
        b.scope.symbols[name] = Symbol(name, "fact", "", None)
    for name, fact in b.facts.items():
        if name not in b.doubtful:
            b.scope.symbols[name] = fact_symbol(fact, fact.level)


def _alike(b: _Builder, name: str, own: Fact | None, gates: Fact) -> None:
    assert own is not None
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
            b.findings.add(
                "gate",
                ("facts", name),
                f"the gate {gates.origin} declares {name!r} with another {what}",
                witness=f"{getattr(own, what)!r} and {getattr(gates, what)!r}",
                remedy="declare it alike, or rename it",
            )


def _needed(b: _Builder) -> None:
    """Read every ``needed_if`` over the facts declared before it."""
    symbols = b.scope.symbols
    seen = {name: item for name, item in symbols.items() if item.of == "constant" or item.type is None}
    for name, fact in list(b.facts.items()):
        if fact.needed_if and not fact.origin:
            scope = _Scope(b.scope.levels, dict(seen), {}, {}, {}, {}, set(b.facts))
            parsed = read_formula(fact.needed_if, scope, fact.level, want="flag")
            _report(b, parsed.faults, ("facts", name, "needed_if"), fact.needed_if)
            b.uses |= parsed.uses
            b.facts[name] = evolve(fact, needed_tree=parsed.tree)
        seen[name] = b.scope.symbols[name]


def _constants(b: _Builder) -> None:
    for name, raw in _entries(b, "constants", RawConstant):
        if not _declare(b, name, ("constants", name)):
            continue
        constant = read_constant(name, raw, b.findings) if raw else None
        if constant is None:
            b.scope.symbols[name] = Symbol(name, "constant", "", None)
        else:
            b.constants[name] = constant
            b.scope.symbols[name] = constant_symbol(constant)


def _tables(b: _Builder) -> None:
    """Read the tables whose inputs are all known by now."""
    for name, raw in list(b.raw_tables.items()):
        inputs = _table_inputs(b, name, raw)
        if inputs is None:
            continue
        del b.raw_tables[name]
        b.scope.waiting.discard(name)
        if any(symbol.type is None for symbol in inputs):
            b.scope.tables[name] = None
            continue
        info = read_table(name, raw, inputs, b.findings)
        b.scope.tables[name] = info
        if info is not None:
            b.infos["", name] = info


def _table_inputs(b: _Builder, name: str, raw: RawTable) -> list[Symbol] | None:
    """Return the inputs of a table; None while one of them is a line that is not read yet."""
    path = ("tables", name)
    names = [raw.input] if raw.input else raw.inputs
    if not names or (raw.input and raw.inputs):
        b.findings.add("missing-key", path, "a table names its input, or its inputs", remedy='input = "…"')
        return [_BROKEN]
    if any(word in b.scope.waiting and word not in b.raw_tables for word in names):
        return None
    found = []
    for at, word in enumerate(names):
        where: Path = [*path, "input"] if raw.input else [*path, "inputs", at]
        head, _, column = word.partition(".")
        symbol = b.scope.made.get(head, {}).get(column) if column else b.scope.symbols.get(word)
        if symbol is None:
            found.append(_BROKEN)
            b.findings.add(
                "unknown-name", where, f"{word!r} is not declared", remedy=did_you_mean(word, b.scope.symbols)
            )
            continue
        b.uses.add(symbol.name)
        found.append(symbol)
    if len(set(names)) < len(names):
        b.findings.add("duplicate-name", path, "an input is named twice", remedy="name each input once")
        found.append(_BROKEN)
    return found


# Lines and conditions


def _raw_lines(b: _Builder) -> list[tuple[int, RawLine]]:
    given = b.data.get("lines", [])
    kept = []
    read = dict(_items(b, "lines", RawLine))
    if isinstance(given, dict):
        b.scope.symbols |= {str(name): _BROKEN for name in (given.get("name"), *given)}
    for at, item in enumerate(given if isinstance(given, list) else []):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not _declare(b, name, ("lines", at, "name")):
            continue
        b.scope.waiting.add(name)
        if at in read:
            kept.append((at, read[at]))
        else:
            b.scope.symbols[name] = Symbol(name, "line", "", None)
            b.scope.waiting.discard(name)
    return kept


def _report(b: _Builder, faults: Sequence[Fault], path: Path, text: str) -> None:
    for fault in faults:
        start, end = fault.span
        if fault.code == "unknown-name":
            # The name that was meant is not unused as well.
            b.uses |= set(_WORD.findall(fault.remedy))
        line = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
        witness = f"{line}\n{' ' * _width(line[:start])}{'^' * max(1, _width(line[start:end]))}"
        b.findings.add(
            fault.code,
            path,
            fault.message,
            witness=witness,
            remedy=fault.remedy,
            severity="warning" if fault.warning else "error",
        )


def _width(text: str) -> int:
    """Return how many columns a text takes where Chinese signs take two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _line(b: _Builder, at: int, raw: RawLine) -> None:
    path = ("lines", at)
    levels = b.scope.levels
    level = line_level(raw.level, b.pay_level, levels, path, b.findings)
    parsed = read_formula(raw.formula, b.scope, level, allocates=True, top=True)
    _report(b, parsed.faults, (*path, "formula"), raw.formula)
    b.uses |= parsed.uses
    b.scope.waiting.discard(raw.name)
    b.scope.symbols[raw.name] = Symbol(raw.name, "line", level, None)
    if levels.by_name[level].made_by and raw.name in RESERVED_ON_MADE_ROWS:
        b.findings.add("duplicate-name", path, f"{raw.name!r} is taken on made rows", remedy="rename it")
    if parsed.tree is None:
        return
    rounding = read_rounding(raw, parsed.tree.type.kind, path, b.findings)
    if rounding is None or not _ends_well(b, parsed.tree, rounding, path):
        return
    _may_divide_by_nothing(b, parsed.tree, raw, path)
    kind = line_type(parsed.tree.type, rounding, raw.unit)
    b.lines[raw.name] = Line(
        raw.name,
        raw.label,
        raw.formula,
        raw.clause,
        level,
        raw.unit or parsed.tree.type.unit,
        raw.reading,
        raw.may_be_negative,
        rounding,
        parsed.tree,
        kind,
    )
    if raw.name not in b.doubtful:
        b.scope.symbols[raw.name] = Symbol(raw.name, "line", level, kind)


def _may_divide_by_nothing(b: _Builder, tree: Node, raw: RawLine, path: Path) -> None:
    """Warn where all weights of a share may be zero, unless the line's reading says what that means."""
    for node in walk(tree):
        if isinstance(node, Allocate) and node.weight.type.low <= 0 and not raw.reading:
            total = node.total.type
            if total.low != 0 or total.high != 0:
                b.findings.add(
                    "bounds",
                    (*path, "formula"),
                    "all weights may be zero; then what is to be divided refuses its row",
                    severity="warning",
                    remedy='keep a weight above zero, or say what it means: reading = "…"',
                )


def line_type(of: Type, rounding: Rounding, unit: str) -> Type:
    """Return what is known of a line's value once it is rounded as the line says."""
    if of.kind == "text":
        return evolve(of, literal=False)
    if rounding.step is None:
        exact = rounding.stated or (of.numeric and not of.step)
        return evolve(of, literal=False, unit=unit or of.unit, step=not exact)
    return evolve(rounded(of, rounding.step, rounding.mode), unit=unit or of.unit)


def _ends_well(b: _Builder, tree: Node, rounding: Rounding, path: Path) -> bool:
    """Hold a line that ends in a division to a stated rounding."""
    divides = _ends_in_division(tree)
    if tree.type.kind != "money" and divides and not rounding.stated:
        b.findings.add(
            "rounding",
            (*path, "formula"),
            "a number or rate line that ends in a division states its rounding",
            remedy='round = { mode = "half-up", to = "0.01" }',
        )
        return False
    if tree.type.den is None and rounding.step is None:
        b.findings.add(
            "rounding",
            (*path, "round"),
            "a division by a varying value cannot be kept exact",
            remedy="state a rounding, or divide in a later line",
        )
        return False
    return True


def _ends_in_division(tree: Node) -> bool:
    if isinstance(tree, If):
        return _ends_in_division(tree.then) or _ends_in_division(tree.other)
    return isinstance(tree, Binary) and tree.op == "/"


def _take_condition(b: _Builder, name: str, path: Path) -> bool:
    """Take a name in the name space of requirements, checks and remarks."""
    if not good_name(name, path, b.findings, reserved=frozenset()):
        return False
    if name in b.conditions:
        b.findings.add("duplicate-name", path, f"{name!r} is declared twice", remedy="rename one")
        return False
    b.conditions[name] = path
    return True


def _requirements(b: _Builder) -> dict[str, Requirement]:
    result: dict[str, Requirement] = {}
    if b.gate is not None:
        scope = gate_scope(b.gate, b.gate_level, b.scope.levels)
        for info in scope.tables.values():
            if info is not None:
                b.infos[b.gate.id, info.table.name] = info
        for item in b.gate.requirements.values():
            tree = read_formula(item.holds, scope, b.gate_level, want="flag").tree
            result[item.code] = evolve(item, level=b.gate_level, origin=b.gate.id, tree=tree)
        b.uses |= set(b.gate.facts)
    for at, raw in _items(b, "requirements", RawRequirement):
        path = ("requirements", at)
        if not _take_condition(b, raw.name, (*path, "name")):
            continue
        level = line_level(raw.level, b.pay_level, b.scope.levels, path, b.findings)
        parsed = read_formula(raw.holds, b.scope, level, want="flag")
        _report(b, parsed.faults, (*path, "holds"), raw.holds)
        b.uses |= parsed.uses
        code = f"{b.head.id}.{raw.name}"
        result[raw.name] = Requirement(
            raw.name, raw.holds, raw.otherwise, raw.clause, level, raw.reading, code, "", parsed.tree
        )
    return result


def gate_scope(gate: Scheme, level: str, levels: Levels) -> _Scope:
    """Return the gate's own names, standing at one level of the scheme behind it."""
    symbols = {name: fact_symbol(fact, level) for name, fact in gate.facts.items()}
    symbols |= {name: constant_symbol(item) for name, item in gate.constants.items()}
    tables: dict[str, TableInfo | None] = {
        name: evolve(info, inputs=tuple(symbols[symbol.name] for symbol in info.inputs))
        for (_, name), info in gate.infos.items()
    }
    by_name = {item.name: item for item in gate.series.values()}
    return _Scope(levels, symbols, tables, {}, {}, by_name)


def _conditions(b: _Builder, section: str, raw_kind: type[Any], kind: Callable[..., Any], key: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if b.gate is not None:
        scope = gate_scope(b.gate, b.gate_level, b.scope.levels)
        for item in getattr(b.gate, section).values():
            tree = read_formula(getattr(item, key), scope, b.gate_level, want="flag").tree
            result[f"{b.gate.id}.{item.name}"] = evolve(item, level=b.gate_level, origin=b.gate.id, tree=tree)
    for at, raw in _items(b, section, raw_kind):
        path = (section, at)
        if not _take_condition(b, raw.name, (*path, "name")):
            continue
        level = line_level(raw.level, b.pay_level, b.scope.levels, path, b.findings)
        text = getattr(raw, key)
        parsed = read_formula(text, b.scope, level, want="flag")
        _report(b, parsed.faults, (*path, key), text)
        b.uses |= parsed.uses
        words = raw.otherwise if key == "holds" else raw.says
        result[raw.name] = kind(raw.name, text, words, raw.clause, level, raw.reading, "", parsed.tree)
    return result


def _pays(b: _Builder) -> None:
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
        path = ("lines", _index(b, "lines", name))
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


def _index(b: _Builder, section: str, name: str) -> int:
    items = b.data.get(section, [])
    return next((at for at, item in enumerate(items) if isinstance(item, dict) and item.get("name") == name), 0)


# Promises and cases


def _promises(b: _Builder) -> list[Promise]:
    result = []
    keys = ("never_decreases_in", "never_more_than", "nil_when", "no_gain_from_splitting")
    for at, raw in _items(b, "promises", RawPromise):
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
            _report(b, parsed.faults, (*path, kind), what)
            b.uses |= parsed.uses
            tree = parsed.tree
        else:
            _promised_names(b, (*path, kind), names)
        when_tree = None
        if raw.when:
            parsed = read_formula(raw.when, b.scope, b.pay_level, want="flag")
            _report(b, parsed.faults, (*path, "when"), raw.when)
            b.uses |= parsed.uses
            when_tree = parsed.tree
        text = what if isinstance(what, str) else ", ".join(what)
        result.append(Promise(kind, text, names, raw.when, raw.reading, tree, when_tree))  # type: ignore[arg-type]
    return result


def _promised_names(b: _Builder, path: Path, names: Sequence[str]) -> None:
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


def _case_complete(b: _Builder, at: int, raw: RawCase) -> bool:
    if not raw.expect and raw.refuses is None and raw.outcome is None and raw.remarks is None:
        b.findings.add("missing-key", ("cases", at), "a case says what comes out", remedy="expect, refuses or outcome")
        return False
    return True


def _case(raw: RawCase) -> dict[str, Any]:
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


def _unused(b: _Builder) -> None:
    """Warn of facts, constants and tables that nothing reads; a table of constants alone is a statute."""
    if not b.data.get("lines") and not b.data.get("requirements"):
        return
    used = b.uses | {name for setting in b.sections.values() for name in getattr(setting, "names", ())}
    if b.findings.errors:
        used |= set(_WORD.findall(" ".join(_texts(b.data))))
    for section in ("facts", "constants", "tables"):
        given = b.data.get(section, {})
        for name in given if isinstance(given, dict) else ():
            if name not in used:
                b.findings.add(
                    "unused",
                    (section, name),
                    f"{name!r} is never read",
                    severity="warning",
                    remedy="drop it, or use it in a line or a requirement",
                )


def _texts(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield every formula of a file and every input of its tables, those of broken entries too."""
    keys = {"formula", "holds", "when", "never_decreases_in", "never_more_than", "nil_when", "needed_if", "input"}
    for section in ("facts", "tables", "lines", "requirements", "checks", "remarks", "promises"):
        given = data.get(section)
        entries = [given, *given.values()] if isinstance(given, dict) else given if isinstance(given, list) else ()
        for entry in entries:
            for key, value in entry.items() if isinstance(entry, dict) else ():
                if key in keys and isinstance(value, str):
                    yield value
                elif key in ("inputs", "no_gain_from_splitting") and isinstance(value, list):
                    yield from (word for word in value if isinstance(word, str))


def names_in(tree: Node | None) -> set[str]:
    """Return the facts and lines that a formula reads, those of its lookups included."""
    return {node.name for node in walk(tree) if isinstance(node, Name)} if tree is not None else set()
