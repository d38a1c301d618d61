"""Reading the rows of a lookup table, and proving that every point of its inputs is hit exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.findings import Findings, did_you_mean, nearest, shown
from jiangbu.rules.formula import LARGEST_DENOMINATOR, Symbol, TableInfo
from jiangbu.rules.kinds import DECIMALS, NAME, BadValue, Bounds, Kind, Value, decimals_of, read_literal
from jiangbu.rules.lookup import Axis, TooManyCells, span_of
from jiangbu.rules.model import Edge, LookupTable, Row
from jiangbu.rules.raw import MOST_ROWS, RawTable
from jiangbu.rules.tree import Type

WORDS = ("at_least", "more_than", "at_most", "less_than", "is")
EXTRAS = ("otherwise", "printed", "clause", "reading")


def read_table(name: str, raw: RawTable, inputs: Sequence[Symbol], findings: Findings) -> TableInfo | None:
    """Read one table, every fault added; None if nothing of its columns is known.

    An input without a type is not known: rows are then not held to cover it. A wrong entry spoils its own column, a
    wrong bound the proof that every point is hit once, and neither hides the other.
    """
    path = ("tables", name)
    if raw.rows is not None and len(raw.rows) > MOST_ROWS:
        findings.add("size", [*path, "rows"], f"{len(raw.rows):,} rows; at most {MOST_ROWS:,}")
        return None
    if raw.rows is not None and not raw.rows:
        findings.add("missing-key", [*path, "rows"], "a table needs at least one row")
    if raw.holes and not (raw.clause or raw.reading or findings.spoiled(*path, "clause")):
        findings.add("missing-key", path, 'holes = "refuse" needs a clause or a reading')
    names = tuple(symbol.name for symbol in inputs)
    sound = _hold_columns(raw, names, path, findings)
    read = [_row(entry, raw, inputs, (*path, "rows", at), findings) for at, entry in enumerate(raw.rows or ())]
    known = bool(inputs) and all(symbol.type for symbol in inputs)
    placed = bool(read) and sound and known and all(row.placed for row in read)
    for at, row in enumerate(read[:-1]):
        if row.row.otherwise:
            findings.add("bad-value", [*path, "rows", at], "otherwise = true stands once, in the last row")
            placed = False
    rows = tuple(row.row for row in read)
    holes = bool(raw.holes) or findings.spoiled(*path, "holes")
    table = LookupTable(name, raw.label, names, raw.gives or {}, rows, raw.clause, raw.reading, holes)
    axes = tuple(map(axis_of, inputs))
    info = TableInfo(table, tuple(inputs), axes, _columns(table), placed)
    if placed and not _total(info, path, findings):
        info = evolve(info, whole=False)
    return None if not raw.gives else info


def _hold_columns(raw: RawTable, inputs: Sequence[str], path: Sequence[str | int], findings: Findings) -> bool:
    """Hold the names of columns to be names that mean nothing else in a row."""
    if raw.gives is not None and not raw.gives:
        findings.add("missing-key", [*path, "gives"], "a table gives at least one column", remedy="gives = { … }")
    sound = True
    for column in raw.gives or ():
        if not NAME.fullmatch(column):
            findings.add("bad-value", [*path, "gives", column], f"{column!r} is no name")
        if column in (*WORDS, *EXTRAS) or column in inputs:
            findings.add("duplicate-name", [*path, "gives", column], f"{column!r} means something else in a row")
            sound = False
    return sound


def axis_of(symbol: Symbol) -> Axis:
    """Return how the rows of a table see one of its inputs."""
    kind = symbol.type
    if kind is None:
        return Axis()
    if kind.kind == "flag":
        return Axis(options=(False, True))
    if kind.kind in ("choice", "text"):
        return Axis(options=tuple(kind.options))
    return Axis(symbol.bounds or Bounds(kind.low, kind.high), kind.den if kind.step else None)


@frozen
class _ReadRow:
    """One row as far as it could be read; ``placed`` says whether it is known which points it covers."""

    row: Row
    placed: bool


def _row(
    entry: Any, raw: RawTable, inputs: Sequence[Symbol], path: Sequence[str | int], findings: Findings
) -> _ReadRow:
    if not isinstance(entry, dict):
        findings.add("bad-value", path, f"found {shown(entry)}; expected a table")
        return _ReadRow(Row({}, {}), False)
    gives = raw.gives or {}
    by_name = {symbol.name: symbol for symbol in inputs}
    edges: dict[str, tuple[Edge, ...] | None] = {}
    values: dict[str, Value] = {}
    lone: dict[str, Any] = {}
    placed = True
    for key, value in entry.items():
        if key in gives:
            read = _cell(gives[key], value, [*path, key], findings)
            if read is not None:
                values[key] = read
        elif key in by_name:
            given, named = (value, True) if isinstance(value, dict) else ({"is": value}, False)
            edges[key] = _edges(given, by_name[key], [*path, key], findings, named=named)
        elif key in WORDS and len(inputs) <= 1:
            lone[key] = value
        elif key == "otherwise":
            if value is not True:
                findings.add("bad-value", [*path, key], "otherwise = true is the only way to write it")
                placed = False
        elif key in EXTRAS:
            if not isinstance(value, str):
                findings.add("bad-value", [*path, key], f"found {value!r}; expected text")
        elif inputs and raw.gives:
            placed = _unknown_key(key, value, gives, inputs, path, findings) and placed
    if lone and inputs:
        edges[inputs[0].name] = _edges(lone, inputs[0], path, findings)
    for column in gives:
        if column not in entry:
            findings.add("missing-key", path, f"the row does not give {column!r}", remedy=f"add {column} = …")
    otherwise = entry.get("otherwise") is True
    if otherwise and edges:
        findings.add("bad-value", path, "a row with otherwise = true has no bounds of its own")
        placed = False
    known = {name: found for name, found in edges.items() if found is not None}
    words = {key: str(entry.get(key, "")) for key in ("printed", "clause", "reading")}
    return _ReadRow(Row(known, values, otherwise, **words), placed and len(known) == len(edges))


def _unknown_key(
    key: str,
    value: Any,
    gives: Mapping[str, Any],
    inputs: Sequence[Symbol],
    path: Sequence[str | int],
    findings: Findings,
) -> bool:
    """Report an unknown key of a row; return whether it is surely no bound that was meant."""
    by_name = [symbol.name for symbol in inputs]
    remedy = did_you_mean(key, [*gives, *by_name, *WORDS, *EXTRAS])
    if key in WORDS:
        remedy = f"with several inputs, name the input: {inputs[0].name} = {{ {key} = … }}"
    findings.add("unknown-key", [*path, key], f"unknown key {key!r}", remedy=remedy)
    if key in WORDS or isinstance(value, dict):
        return False
    close = nearest(key, [*gives, *by_name, *WORDS, *EXTRAS], 1)
    if close:
        return close[0] in gives or close[0] in EXTRAS
    return not any(_may_bound(value, symbol) for symbol in inputs)


def _may_bound(value: Any, symbol: Symbol) -> bool:
    """Whether a value could be meant as the bound of an input."""
    if symbol.type is None:
        return True
    try:
        read_literal(symbol.type.kind, value, dict.fromkeys(symbol.type.options, ""))
    except BadValue:
        return False
    return symbol.type.kind != "text"


def _cell(kind: Kind, value: Any, path: Sequence[str | int], findings: Findings) -> Value | None:
    """Read what a row gives in one column; an amount has no more decimals than a fen."""
    if not kind:
        return None
    read = _value(kind, value, (), path, findings)
    if kind == "money" and isinstance(read, Fraction) and decimals_of(read) > DECIMALS["money"]:
        findings.add(
            "bad-value",
            path,
            f"more than {DECIMALS['money']} decimals",
            remedy="a unit price below a fen is a constant with decimals = …, or a column of kind number",
        )
    return read


def _value(
    kind: Kind, value: Any, options: Sequence[str], path: Sequence[str | int], findings: Findings
) -> Value | None:
    if kind == "choice" and not options:
        if isinstance(value, str) and NAME.fullmatch(value):
            return value
        findings.add("bad-value", path, f"found {value!r}; expected the name of an option")
        return None
    try:
        return read_literal(kind, value, dict.fromkeys(options, ""))
    except BadValue as error:
        findings.add(error.code, path, str(error), remedy=error.remedy)
        return None


def _edges(
    given: Mapping[str, Any], symbol: Symbol, path: Sequence[str | int], findings: Findings, *, named: bool = True
) -> tuple[Edge, ...] | None:
    """Read the bounds of a row on one input; None, with every fault added, if they are not known.

    ``named`` says whether the words stand in the file; ``grade = "good"`` does not write its ``is``.
    """
    kind = symbol.type
    if kind is None:
        return None
    before = len(findings.items)
    finite = kind.kind in ("flag", "choice", "text")
    allowed = ("is",) if finite else WORDS
    edges = []
    for word, value in given.items():
        if word not in allowed:
            findings.add(
                "unknown-key",
                [*path, word],
                f"{word!r} does not bound a {kind.kind}",
                remedy=did_you_mean(word, allowed) or f"{', '.join(allowed)} may stand",
            )
            continue
        place = [*path, word] if named else path
        read = _value(kind.kind, value, kind.options, place, findings)
        if read is not None:
            edges.append(Edge(word, read))  # type: ignore[arg-type]
    words = [edge.word for edge in edges]
    for pair in (("at_least", "more_than"), ("at_most", "less_than")):
        if set(pair) <= set(words):
            findings.add("bounds", path, f"{pair[0]} and {pair[1]} bound the same side", remedy="keep one")
    if "is" in words and len(words) > 1:
        findings.add("bounds", path, "is = … stands alone", remedy="drop the other bounds")
    elif not finite and edges:
        wide = Axis(Bounds(Fraction(-(10**30)), Fraction(10**30)), kind.den if kind.step else None)
        if _empty(wide, edges):
            findings.add("bounds", path, "the bounds hold nothing", witness=str(given))
    return tuple(edges) if len(findings.items) == before else None


def _empty(axis: Axis, edges: Sequence[Edge]) -> bool:
    low, high = span_of(axis, edges)
    return not low < high


def _columns(table: LookupTable) -> dict[str, Type]:
    """Return the types of the columns of which every entry could be read."""
    result = {}
    for column, kind in table.gives.items():
        values = [row.values[column] for row in table.rows if column in row.values]
        if not kind or not values or len(values) < len(table.rows):
            continue
        numbers = [value for value in values if isinstance(value, Fraction)]
        if kind == "choice":
            result[column] = Type("choice", options=tuple(dict.fromkeys(map(str, values))))
        elif not numbers:
            result[column] = Type(kind)
        else:
            den = _common_den(numbers)
            if kind == "money":
                den = lcm(den, 100)
            if kind == "number" and all(decimals_of(number) >= 0 for number in numbers):
                den = 10 ** max(map(decimals_of, numbers))
            result[column] = Type(kind, den, min(numbers), max(numbers))
    return result


def _common_den(numbers: Sequence[Fraction]) -> int:
    """Return the least common denominator; where it is far too large, one that is too large as well."""
    den = 1
    for number in numbers:
        den = lcm(den, number.denominator)
        if den > LARGEST_DENOMINATOR**2:
            break
    return den


def _total(info: TableInfo, path: Sequence[str | int], findings: Findings) -> bool:
    try:
        cells = info.cells
    except TooManyCells as error:
        findings.add(
            "size",
            [*path, "rows"],
            f"the rows cut the inputs into {error.cells:,} cells; at most 1,000,000",
            remedy="split the table",
        )
        return False
    for fault in cells.faults:
        rows = " and ".join(f"row {number + 1}" for number in fault.rows)
        where = [*path, "rows", fault.rows[-1]] if fault.rows else [*path, "rows"]
        if fault.code == "gap":
            message = "no row covers this point" + (f", beside {rows}" if rows else "")
            remedy = 'let the rows meet, add otherwise = true, or say holes = "refuse" with its clause'
        else:
            message, remedy = (
                f"{rows} both cover this point",
                "let one of them exclude it (less_than, more_than)",
            )
        findings.add(fault.code, where, message, witness=info.show(fault.point), remedy=remedy)
    for number in cells.unreachable:
        findings.add(
            "unreachable",
            [*path, "rows", number],
            f"row {number + 1} can never be hit within the bounds",
            severity="warning",
            remedy="widen the bounds of the input, or drop the row",
        )
    return not cells.faults
