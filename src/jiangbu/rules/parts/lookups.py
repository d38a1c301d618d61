"""The lookup tables, each read as soon as all of its inputs are known."""

from __future__ import annotations

from jiangbu.rules.findings import Path, did_you_mean
from jiangbu.rules.formula import Symbol
from jiangbu.rules.parts.state import BROKEN, Builder
from jiangbu.rules.raw import (
    RawTable,
)
from jiangbu.rules.tables import read_table


def take_tables(b: Builder) -> None:
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


def _table_inputs(b: Builder, name: str, raw: RawTable) -> list[Symbol] | None:
    """Return the inputs of a table; None while one of them is a line that is not read yet."""
    path = ("tables", name)
    names = [raw.input] if raw.input else raw.inputs
    if not names or (raw.input and raw.inputs):
        b.findings.add("missing-key", path, "a table names its input, or its inputs", remedy='input = "…"')
        return [BROKEN]
    if any(word in b.scope.waiting and word not in b.raw_tables for word in names):
        return None
    found = []
    for at, word in enumerate(names):
        where: Path = [*path, "input"] if raw.input else [*path, "inputs", at]
        head, _, column = word.partition(".")
        symbol = b.scope.made.get(head, {}).get(column) if column else b.scope.symbols.get(word)
        if symbol is None:
            found.append(BROKEN)
            b.findings.add(
                "unknown-name", where, f"{word!r} is not declared", remedy=did_you_mean(word, b.scope.symbols)
            )
            continue
        b.uses.add(symbol.name)
        found.append(symbol)
    if len(set(names)) < len(names):
        b.findings.add("duplicate-name", path, "an input is named twice", remedy="name each input once")
        found.append(BROKEN)
    return found
