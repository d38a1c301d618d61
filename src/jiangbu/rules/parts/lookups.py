"""The lookup tables, each read as soon as all of its inputs are known."""

from __future__ import annotations

from jiangbu.rules.findings import Path, did_you_mean
from jiangbu.rules.formula import Symbol
from jiangbu.rules.parts.state import Builder
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
        info = read_table(name, raw, inputs, b.findings)
        if name in b.doubtful:
            continue
        b.scope.tables[name] = info
        if info is not None:
            b.infos["", name] = info


def _table_inputs(b: Builder, name: str, raw: RawTable) -> list[Symbol] | None:
    """Return the inputs of a table, those that are not known without a type; None while one is not read yet."""
    path = ("tables", name)
    names = [raw.input] if raw.input else raw.inputs
    if not names or (raw.input and raw.inputs):
        if not (b.findings.spoiled(*path, "input") or b.findings.spoiled(*path, "inputs")):
            b.findings.add("missing-key", path, "a table names its input, or its inputs", remedy='input = "…"')
        return [Symbol(word, "fact", "", None) for word in dict.fromkeys((*names, *raw.inputs))]
    if any(word in b.scope.waiting and word not in b.raw_tables for word in names):
        return None
    found = []
    for at, word in enumerate(names):
        where: Path = [*path, "input"] if raw.input else [*path, "inputs", at]
        head, _, column = word.partition(".")
        symbol = b.scope.made.get(head, {}).get(column) if column else b.scope.symbols.get(word)
        if symbol is None:
            found.append(Symbol(word, "fact", "", None))
            b.uses.add(word)
            if word and not b.scope.hidden(word):
                b.findings.add(
                    "unknown-name", where, f"{word!r} is not declared", remedy=did_you_mean(word, b.scope.symbols)
                )
            continue
        b.uses.add(symbol.name)
        found.append(symbol)
    if len(set(names)) < len(names):
        b.findings.add("duplicate-name", path, "an input is named twice", remedy="name each input once")
        return [Symbol(word, "fact", "", None) for word in dict.fromkeys(names)]
    return found
