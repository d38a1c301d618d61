"""The second opinion's own reading of rule tables: from TOML text to a `Rule`, formulas kept as syntax trees.

It presumes a table without findings; what it cannot follow it refuses with ``ValueError``.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jiangbu.audit.kinds import kind_of, parse
from jiangbu.audit.made import brought, read_settings
from jiangbu.audit.rule import (
    FactRule,
    Formula,
    Level,
    Line,
    Rounding,
    Rule,
    Scope,
    Series,
    Table,
    TableRow,
)
from jiangbu.audit.words import (
    BOUNDARY_WORDS,
    DECIMALS,
    FIRST_DAY,
    LAST_DAY,
    NUMERIC,
    STEPS,
    Boundary,
    Value,
    boundaries,
    literal,
)

ONLY_LEVEL = "case"


def read_rule(
    source: str,
    *,
    gate_source: str | None = None,
    gate_id: str | None = None,
    series_sources: Mapping[str, Sequence[str]] | None = None,
    gate_holds: bool = False,
    makers: Any = None,
) -> Rule:
    """Read a scheme's TOML text, its gate's and its series' into one `Rule`.

    ``makers`` bring objects and made rows, by name (None: the scheme has none of them). With ``gate_holds`` the
    gate's requirements, checks and remarks are taken as holding and drop out, with the facts that only they read.
    Raises ``ValueError`` for a table that this interpreter cannot follow.
    """
    own = _toml(source)
    gate = _toml(gate_source) if gate_source is not None else {}
    head = own["scheme"]
    levels = _levels(own.get("levels", {}), makers)
    root = next(name for name, level in levels.items() if level.above is None)
    pays = head.get("pays")
    paid_level = next((line.get("level", root) for line in own.get("lines", ()) if line["name"] == pays), root)
    gate_level = head.get("gate_level", paid_level)
    series = {name: _series(texts) for name, texts in (series_sources or {}).items()}

    own_facts, gate_facts = own.get("facts", {}), gate.get("facts", {})
    facts = {**gate_facts, **own_facts}
    fact_levels = {name: gate_level if name in gate_facts else paid_level for name in facts}
    fact_levels |= {name: entry["level"] for name, entry in own_facts.items() if "level" in entry}
    kinds = {name: entry["kind"] for name, entry in facts.items()}

    gate_scope = _scope(gate_id or gate.get("scheme", {}).get("id", ""), gate, kinds)
    line_kinds = _kinds_of_lines(own, kinds, series, levels)
    scope = _scope(head["id"], own, kinds | line_kinds | _kinds_of_columns(levels))

    def formulas(
        entries: Sequence[Mapping[str, Any]], role: str, text: str, level: str, of: Scope
    ) -> Iterator[Formula]:
        for entry in entries:
            yield Formula(entry["name"], entry.get("level", level), role, parse(entry[text]), of)

    def both(section: str, role: str, text: str) -> tuple[Formula, ...]:
        first = () if gate_holds else formulas(gate.get(section, ()), role, text, gate_level, gate_scope)
        return (*first, *formulas(own.get(section, ()), role, text, paid_level, scope))

    checks = both("checks", "check", "holds")
    if parts := head.get("parts"):
        checks += (Formula(str(pays), paid_level, "parts", parse(f"{' + '.join(parts)} == {pays}"), scope),)
    lines = {
        formula.name: Line(formula, line_kinds[formula.name], _rounding(entry, line_kinds[formula.name]))
        for formula, entry in zip(
            formulas(own.get("lines", ()), "line", "formula", paid_level, scope),
            own.get("lines", ()),
            strict=True,
        )
    }
    requirements = both("requirements", "requirement", "holds")
    remarks = both("remarks", "remark", "when")
    spoken = {
        node.id
        for formula in (*(line.formula for line in lines.values()), *requirements, *checks, *remarks)
        for node in ast.walk(formula.tree)
        if isinstance(node, ast.Name)
    } | {name for table in scope.tables.values() for name in table.inputs}

    def fact(name: str, entry: Mapping[str, Any]) -> FactRule:
        of = scope if name in own_facts else gate_scope
        return _fact(name, entry, fact_levels[name], of)

    return Rule(
        id=head["id"],
        root=root,
        levels=levels,
        facts={
            name: fact(name, entry)
            for name, entry in facts.items()
            if not gate_holds or name in own_facts or name in spoken
        },
        lines=lines,
        requirements=requirements,
        checks=checks,
        remarks=remarks,
        pays=pays,
        paid_level=paid_level,
        series=series,
        settings=read_settings(own, makers),
    )


def _toml(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _levels(section: Mapping[str, Mapping[str, Any]], makers: Any) -> dict[str, Level]:
    levels = {
        name: Level(name, entry.get("of"), entry.get("at_most"), brought(entry, makers))
        for name, entry in section.items()
    }
    return levels or {ONLY_LEVEL: Level(ONLY_LEVEL, None, None)}


def _fact(name: str, entry: Mapping[str, Any], level: str, scope: Scope) -> FactRule:
    kind = entry["kind"]
    bounds = boundaries(entry, kind) if kind in NUMERIC or kind == "date" else ()
    if kind == "date":
        words = {boundary.word for boundary in bounds}
        if not words & {"at_least", "more_than"}:
            bounds += (Boundary("at_least", FIRST_DAY),)
        if not words & {"at_most", "less_than"}:
            bounds += (Boundary("at_most", LAST_DAY),)
    test = entry.get("needed_if")
    return FactRule(
        name=name,
        level=level,
        kind=kind,
        decimals=entry.get("decimals", DECIMALS.get(kind, 0)),
        bounds=bounds,
        options=entry.get("options", {}),
        default=literal(entry["default"], kind) if "default" in entry else None,
        needed_if=Formula(name, level, "needed_if", parse(test), scope) if test is not None else None,
    )


def _scope(name: str, file: Mapping[str, Any], kinds: Mapping[str, str]) -> Scope:
    constants = file.get("constants", {})
    constant_kinds = {key: entry["kind"] for key, entry in constants.items()}
    seen = {**kinds, **constant_kinds}
    return Scope(
        id=name,
        constants={key: literal(entry["value"], entry["kind"]) for key, entry in constants.items()},
        kinds=seen,
        tables={key: _table(f"{name}.{key}", entry, seen) for key, entry in file.get("tables", {}).items()},
    )


def _table(code: str, entry: Mapping[str, Any], kinds: Mapping[str, str]) -> Table:
    inputs = (entry["input"],) if "input" in entry else tuple(entry["inputs"])
    return Table(
        code=code,
        inputs=inputs,
        kinds=entry["gives"],
        rows=tuple(_table_row(row, inputs, entry["gives"], kinds) for row in entry["rows"]),
        has_holes=entry.get("holes") == "refuse",
    )


def _table_row(
    row: Mapping[str, Any], inputs: tuple[str, ...], gives: Mapping[str, str], kinds: Mapping[str, str]
) -> TableRow:
    tests: list[tuple[int, Boundary]] = []
    for position, name in enumerate(inputs):
        said = row.get(name) if name not in gives else None
        if said is None and len(inputs) == 1:
            said = {word: row[word] for word in BOUNDARY_WORDS if word in row}
        if said is not None and not isinstance(said, Mapping):
            said = {"is": said}
        tests += [(position, boundary) for boundary in boundaries(said or {}, kinds[name])]
    columns = {column: literal(row[column], kind) for column, kind in gives.items()}
    return TableRow(tuple(tests), row.get("otherwise", False), columns)


def _series(texts: Sequence[str]) -> Series:
    files = [_toml(text)["series"] for text in texts]
    kinds: dict[str, str] = {}
    rows: dict[date, dict[str, Value]] = {}
    for file in files:
        kinds |= file.get("gives", {})
    for file in files:
        for row in file.get("rows", ()):
            day = literal(row["from"], "date")
            assert isinstance(day, date)
            found = {column: literal(row[column], kind) for column, kind in kinds.items() if column in row}
            if any(rows.get(day, {}).get(column, value) != value for column, value in found.items()):
                raise ValueError(f"two files of one series contradict each other at {day}")
            rows.setdefault(day, {}).update(found)
    ends = [literal(file["complete_until"], "date") for file in files if "complete_until" in file]
    last = max(day for day in ends if isinstance(day, date))
    return Series(kinds, tuple(sorted(rows.items(), key=lambda row: row[0])), last)


def _rounding(entry: Mapping[str, Any], kind: str) -> Rounding | None:
    said = entry.get("round")
    if said == "none":
        return None
    if said is None:
        return Rounding(STEPS["fen"], "half-up") if kind == "money" else None
    return Rounding(step(said["to"]), said["mode"])


def step(written: object) -> Fraction:
    """Return the step that ``to`` names: a unit of money, or a decimal step such as ``"0.01"``."""
    if isinstance(written, str) and written in STEPS:
        return STEPS[written]
    found = literal(written, "number")
    assert isinstance(found, Fraction)
    return found


def _kinds_of_columns(levels: Mapping[str, Level]) -> dict[str, str]:
    """Return the kinds of what makers bring, by the names that a lookup table gives its inputs."""
    return {
        f"{name}.{key}": column.kind
        for name, level in levels.items()
        if level.brought is not None
        for key, column in level.brought.columns.items()
    }


def _kinds_of_lines(
    file: Mapping[str, Any],
    facts: Mapping[str, str],
    series: Mapping[str, Series],
    levels: Mapping[str, Level],
) -> dict[str, str]:
    """Return each line's kind, which decides whether it is rounded to the fen unless it says otherwise."""
    known = dict(facts) | {name: entry["kind"] for name, entry in file.get("constants", {}).items()}
    columns = {name: entry["gives"] for name, entry in file.get("tables", {}).items()}
    columns |= {name: entry.kinds for name, entry in series.items()}
    by = {name: level.brought for name, level in levels.items() if level.brought is not None}
    columns |= {name: {key: one.kind for key, one in item.columns.items()} for name, item in by.items()}
    calls = {name: {word: one.kind for word, (one, _) in item.calls.items()} for name, item in by.items()}
    lines: dict[str, str] = {}
    for entry in file.get("lines", ()):
        lines[entry["name"]] = kind_of(parse(entry["formula"]), known | lines, columns, calls)
    return lines
