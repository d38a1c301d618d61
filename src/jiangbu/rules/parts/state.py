"""What is known of a table while it is built, and the small steps that every part of the work takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from attrs import define, field

from jiangbu.errors import Finding
from jiangbu.rules.declare import (
    good_name,
)
from jiangbu.rules.findings import Findings, Path, carets, is_slip, shown
from jiangbu.rules.formula import Fault, Symbol, TableInfo
from jiangbu.rules.levels import ROOT, Levels
from jiangbu.rules.made import Makers
from jiangbu.rules.model import (
    Constant,
    Document,
    Fact,
    Line,
)
from jiangbu.rules.raw import RawScheme, RawTable
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.series import Series
from jiangbu.rules.structure import read_entry
from jiangbu.rules.tree import Type

BROKEN = Symbol("", "fact", "", None)
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


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
    def series_faults(self, place: str) -> Mapping[str, Sequence[Finding]]:
        """Return, by the name that formulas use, what is wrong with series seen from a place."""
        ...

    def document_faults(self, number: str) -> Sequence[Finding]:
        """Return the faults of ``documents.toml`` because of which a document may not be there."""
        ...


@define
class Scope:
    """Names as the formula at hand sees them; lines and tables join as they are read."""

    levels: Levels
    symbols: dict[str, Symbol] = field(factory=dict)
    tables: dict[str, TableInfo | None] = field(factory=dict)
    made: dict[str, dict[str, Symbol]] = field(factory=dict)
    made_calls: dict[str, Mapping[str, Type]] = field(factory=dict)
    series_by_name: Mapping[str, Series] = field(factory=dict)
    waiting: set[str] = field(factory=set)
    unreadable: frozenset[str] = frozenset()
    gate_wanting: bool = False
    labels: dict[str, str] = field(factory=dict)
    own: str = ""

    def series(self, name: str) -> Mapping[str, Type] | None:
        found = self.series_by_name.get(name)
        return None if found is None else found.columns

    def later_than(self, name: str) -> bool:
        return name in self.waiting

    def hidden(self, name: str) -> bool:
        """Whether a name may be a broken series, or a fact of a gate that cannot be had."""
        return name in self.unreadable or (self.gate_wanting and not is_slip(name, [*self.symbols, *self.tables]))


@define
class Builder:
    data: Mapping[str, Any]
    findings: Findings
    around: Surroundings
    on: date | None
    head: RawScheme
    scope: Scope
    uses: set[str] = field(factory=set)
    named: dict[str, Path] = field(factory=dict)
    doubtful: set[str] = field(factory=set)
    disputed: set[str] = field(factory=set)
    conditions: dict[str, Path] = field(factory=dict)
    raw_tables: dict[str, RawTable] = field(factory=dict)
    facts: dict[str, Fact] = field(factory=dict)
    constants: dict[str, Constant] = field(factory=dict)
    lines: dict[str, Line] = field(factory=dict)
    infos: dict[tuple[str, str], TableInfo] = field(factory=dict)
    sections: dict[str, Any] = field(factory=dict)
    needed: dict[str, tuple[str, str]] = field(factory=dict)
    headless: bool = False
    gate: Scheme | None = None
    pay_level: str = ROOT
    gate_level: str = ROOT


def read_named(b: Builder, section: str, kind: type[Any]) -> list[tuple[str, Any]]:
    """Structure every entry of a section of named tables as far as it can be read; what is no table comes as None."""
    given = b.data.get(section, {})
    if not isinstance(given, dict):
        b.findings.add(
            "bad-value",
            [section],
            f"found {shown(given)}; expected tables [{section}.name]",
            remedy=f"write [{section}.name], one for each",
        )
        return []
    return [(name, read_entry(item, kind, (section, name), b.findings)) for name, item in given.items()]


def read_listed(b: Builder, section: str, kind: type[Any]) -> list[tuple[int, Any]]:
    """Structure every entry of a list of tables as far as it can be read; what is no table is left out."""
    given = b.data.get(section, [])
    if not isinstance(given, list):
        b.findings.add(
            "bad-value",
            [section],
            f"found {type(given).__name__}; expected [[{section}]]",
            remedy=f"write [[{section}]], one for each",
        )
    read = [(at, read_entry(item, kind, (section, at), b.findings)) for at, item in enumerate(listed(b, section))]
    return [(at, item) for at, item in read if item is not None]


def listed(b: Builder, section: str) -> list[Any]:
    """Return the entries of a list of tables; where brackets are wanting, those that were meant."""
    given = b.data.get(section, [])
    if isinstance(given, dict):
        if given and all(isinstance(item, dict) for item in given.values()):
            return [{"name": name, **item} for name, item in given.items()]
        return [given]
    return given if isinstance(given, list) else []


def declare(b: Builder, name: str, path: Path) -> bool:
    """Take a name in the one name space of facts, constants, tables, lines and levels."""
    if not good_name(name, path, b.findings):
        doubt(b, name)
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
        doubt(b, name)
        return False
    b.named[name] = path
    return True


def doubt(b: Builder, name: str) -> None:
    """Say nothing more about a name of which it is not clear what it means."""
    b.doubtful.add(name)
    b.scope.symbols[name] = Symbol(name, "fact", "", None)
    b.scope.tables[name] = None


def take_labels(b: Builder) -> None:
    """Remember what people call the names of a table, so that a formula that says it so is told the name."""
    sections = [(name, b.data.get(name)) for name in ("facts", "constants", "tables")]
    entries = [(name, item) for _, given in sections if isinstance(given, dict) for name, item in given.items()]
    entries += [(item.get("name"), item) for item in listed(b, "lines") if isinstance(item, dict)]
    for name, item in entries:
        label, options = (item.get("label"), item.get("options")) if isinstance(item, dict) else (None, None)
        if isinstance(label, str) and isinstance(name, str):
            b.scope.labels.setdefault(label, name)
        for option, said in options.items() if isinstance(options, dict) else ():
            if isinstance(said, str):
                b.scope.labels.setdefault(said, f"'{option}'")


def number_of(b: Builder, section: str, name: str) -> int:
    """Return at which place of a list an entry of that name stands."""
    items = enumerate(listed(b, section))
    return next((at for at, item in items if isinstance(item, dict) and item.get("name") == name), 0)


def report(b: Builder, faults: Sequence[Fault], path: Path, text: str) -> None:
    """Add the faults of a formula, each with carets under the part that it is about."""
    for fault in faults:
        if fault.code == "unknown-name":
            # The name that was meant is not unused as well.
            b.uses |= set(WORD.findall(fault.remedy))
        b.findings.add(
            fault.code,
            path,
            fault.message,
            witness=carets(text, *fault.span),
            remedy=fault.remedy,
            severity="warning" if fault.warning else "error",
        )
