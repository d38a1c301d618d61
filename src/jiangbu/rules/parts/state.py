"""What is known of a table while it is built, and the small steps that every part of the work takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from attrs import define, field

from jiangbu.rules.declare import (
    good_name,
)
from jiangbu.rules.findings import Findings, Path, shown
from jiangbu.rules.formula import Fault, Symbol, TableInfo
from jiangbu.rules.levels import ROOT, Levels
from jiangbu.rules.made import Makers
from jiangbu.rules.model import (
    Constant,
    Document,
    Fact,
    Line,
)
from jiangbu.rules.raw import (
    RawScheme,
    RawTable,
    structure,
)
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.series import Series
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

    def series(self, name: str) -> Mapping[str, Type] | None:
        found = self.series_by_name.get(name)
        return None if found is None else found.columns

    def later_than(self, name: str) -> bool:
        return name in self.waiting


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


def read_named(b: Builder, section: str, kind: type[Any]) -> list[tuple[str, Any]]:
    """Structure every entry of a section of named tables; a broken one comes as None."""
    given = b.data.get(section, {})
    if not isinstance(given, dict):
        b.findings.add("bad-value", [section], f"found {shown(given)}; expected tables [{section}.name]")
        return []
    return [(name, structure(item, kind, (section, name), b.findings)) for name, item in given.items()]


def read_listed(b: Builder, section: str, kind: type[Any]) -> list[tuple[int, Any]]:
    """Structure every entry of a list of tables; broken ones are left out."""
    given = b.data.get(section, [])
    if not isinstance(given, list):
        b.findings.add("bad-value", [section], f"found {type(given).__name__}; expected [[{section}]]")
        return []
    read = [(at, structure(item, kind, (section, at), b.findings)) for at, item in enumerate(given)]
    return [(at, item) for at, item in read if item is not None]


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


def number_of(b: Builder, section: str, name: str) -> int:
    items = b.data.get(section, [])
    return next((at for at, item in enumerate(items) if isinstance(item, dict) and item.get("name") == name), 0)


def report(b: Builder, faults: Sequence[Fault], path: Path, text: str) -> None:
    for fault in faults:
        start, end = fault.span
        if fault.code == "unknown-name":
            # The name that was meant is not unused as well.
            b.uses |= set(WORD.findall(fault.remedy))
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
