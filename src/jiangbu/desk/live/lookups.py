"""Lookups: which row of a table on 规则表 covers the values at hand, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from jiangbu.desk.live.block import Column
from jiangbu.desk.live.faults import HOLE, OUTSIDE, RULE, failing
from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import Den, Number, Piece, chosen, either, factor, joined, text, whole
from jiangbu.desk.live.tiers import Edges, Tiers
from jiangbu.rules.tree import Lookup, Marginal, Node, SeriesAt


def number_lookup(f: Formulas, node: Lookup) -> Number:
    tiers = f.rules.tables[f.origin, node.table]
    return _number(f, tiers.columns[node.column], hit(f, tiers, node.table, node.keys))


def flag_lookup(f: Formulas, node: Lookup) -> Piece:
    tiers = f.rules.tables[f.origin, node.table]
    found = _picked(f, tiers.columns[node.column], hit(f, tiers, node.table, node.keys))
    return Piece(f'{found.sheet}="是"', found.python, found.fails)


def plain_lookup(f: Formulas, node: Lookup) -> Piece:
    tiers = f.rules.tables[f.origin, node.table]
    return _picked(f, tiers.columns[node.column], hit(f, tiers, node.table, node.keys))


def _picked(f: Formulas, column: Column, row: Piece) -> Piece:
    known = f"column {column.cells}"
    if known not in f.scratch.names:
        f.scratch.names[known] = f.scratch.named("column", column.values)
    return Piece(f"INDEX({column.cells},{row.sheet})", f"{f.scratch.names[known]}[{row.python}-1]", row.fails)


def _number(f: Formulas, column: Column, row: Piece) -> Number:
    piece = _picked(f, column, row)
    return Number(piece, column.den, column.size, column.reach, column.most, column.negative)


@frozen
class Key:
    """The value at one input: the condition over a table's rows, and what Python compares."""

    test: str
    piece: Piece
    times: int = 1


def hit(f: Formulas, tiers: Tiers, table: str, keys: Sequence[Node]) -> Piece:
    """The number of the row that covers the keys, in a cell of its own."""
    ready = [_key(f, tiers, at, key) for at, key in enumerate(keys)]
    fails = any(key.piece.fails for key in ready)
    if tiers.count:
        tests = "*".join(key.test for key in ready)
        rows = _rows(f, tiers, ready)
        python = f"number_of({rows},({''.join(key.piece.python + ',' for key in ready)}))"
        found = f.keep(Piece(f"SUMPRODUCT({tests}*{tiers.numbers})", python, fails), f"查“{table}”")
    else:
        found = whole(0)
    none = whole(tiers.otherwise) if tiers.otherwise else failing(HOLE if tiers.holes else RULE)
    row = chosen(joined("=", found, whole(0)), none, found)
    row = Piece(f"IF({tiers.check.sheet},{row.sheet},{RULE.formula})", row.python, tiers.holes or fails)
    return f.keep(row, f"“{table}”档次")


def _rows(f: Formulas, tiers: Tiers, keys: Sequence[Key]) -> str:
    known = f"rows {tiers.numbers} {[key.times for key in keys]}"
    if known not in f.scratch.names:
        f.scratch.names[known] = f.scratch.named("rows", tuple(_tests(tiers, keys)))
    return f.scratch.names[known]


def _tests(tiers: Tiers, keys: Sequence[Key], skip: int = -1) -> list[tuple[Any, ...]]:
    """For each row what Python compares: codes from where to where, or a text."""
    columns: list[Sequence[Any]] = []
    for at, (key, of) in enumerate(zip(keys, tiers.inputs, strict=True)):
        if at == skip:
            columns.append([""] * tiers.count)
        elif isinstance(of, Edges):
            times = 2 * key.times
            columns.append([(times * low + one, times * high + other) for low, one, high, other in of.codes])
        else:
            columns.append(of.values)
    return list(zip(*columns, strict=True))


def _key(f: Formulas, tiers: Tiers, at: int, node: Node) -> Key:
    of = tiers.inputs[at]
    if not isinstance(of, Edges):
        piece = f.flag(node) if node.type.kind == "flag" else f.plain(node)
        if node.type.kind == "flag":
            piece = chosen(piece, text("是"), text("否"))
        piece = f.keep(piece)
        return Key(f'((({of.column}={piece.sheet})+({of.column}=""))>0)', piece)
    if node.type.kind == "date":
        number = Number(f.plain(node), Den(), 10**6, 10**6, Fraction(10**6))
    else:
        number = f.number(node)
    shared = f.rules.denominators
    common = shared.all_of([Den(of.den), number.den])
    times = shared.over(common, Den(of.den))
    code = f.keep(f.product(f.scaled(number, common), factor(Den(2))).piece, "查表值")
    by = f"{times.piece.sheet}*" if not times.one else ""
    low, high = f"2*{by}{of.low}+{of.low_side}", f"2*{by}{of.high}+{of.high_side}"
    return Key(f"({low}<={code.sheet})*({code.sheet}<{high})", code, times.value)


def marginal(f: Formulas, node: Marginal) -> Number:
    """The progressive sum over the bands of a table, up to a value."""
    tiers = f.rules.tables[f.origin, node.table]
    column, along = tiers.columns[node.column], tiers.inputs[node.along]
    assert isinstance(along, Edges)
    keys = [_key(f, tiers, at, key) if at != node.along else None for at, key in enumerate(node.keys)]
    x = f.number(node.keys[node.along])
    counts = along.counts
    edge_den = Den(1) if counts else Den(along.den)
    shared = f.rules.denominators
    common = shared.all_of([edge_den, x.den])
    times = shared.over(common, edge_den)
    scaled = f.cellular(f.scaled(x, common), "累进值")
    by = f"{times.piece.sheet}*" if not times.one else ""
    start, end = f"{by}{along.start}", f"{by}{along.end}"
    others = "".join(f"*{key.test}" for key in keys if key is not None)
    value = scaled.piece
    reached = f"({along.end}>{along.start})*({value.sheet}>{start})"
    length = f"(({value.sheet}<{end})*({value.sheet}-{start})+({value.sheet}>={end})*({end}-{start}))"
    slopes = _own_rows(column, tiers)
    parts = [f"SUMPRODUCT({reached}*{length}*{slopes}{others})"] if tiers.count else []
    if tiers.otherwise:
        covered = f"-SUMPRODUCT({reached}*{length}{others})" if tiers.count else ""
        base = f"{times.number * along.base}" if not times.symbols else f"{by}{along.base}"
        rest = f"INDEX({column.cells},{tiers.otherwise})"
        parts.append(f"(MAX({value.sheet}-{base},0){covered})*{rest}")
    python = _progress(f, tiers, column, along, keys, value, times)
    piece = Piece("+".join(parts), python, value.fails or any(key is not None and key.piece.fails for key in keys))
    reach = scaled.reach * column.reach
    size = scaled.size * column.size
    den = common * column.den
    piece = f.keep(piece, "累进合计")
    if reach >= 10**15:
        # Every band's product lies below the whole length times the steepest slope.
        steepest = f"MAX(MAX({column.cells}),-MIN({column.cells}))*{value.sheet}"
        size_name = f.scratch.named("steepest", max(map(abs, column.values)))
        sheet = f"IF({steepest}<1E+15,{piece.sheet},1/0)"
        piece = f.keep(Piece(sheet, f"(exact({size_name}*{value.python})or 1)and {piece.python}", fails=True))
        reach, size = min(reach, 10**15 - 1), min(size, 10**15 - 1)
    if tiers.holes:
        row = hit(f, tiers, node.table, node.keys)
        piece = Piece(f"IF({row.sheet}>0,{piece.sheet})", f"({row.python}>0 and {piece.python})", True)
    else:
        piece = Piece(f"IF({tiers.check.sheet},{piece.sheet},{RULE.formula})", piece.python, piece.fails)
    piece = f.keep(piece, "累进合计")
    return Number(piece, den, size, reach, scaled.most * column.most, column.negative)


def _own_rows(column: Column, tiers: Tiers) -> str:
    """The values of a column in the rows that have edges."""
    if not tiers.otherwise:
        return column.cells
    head, _, last = column.cells.rpartition("$")
    return f"{head}${int(last) - 1}"


def _progress(
    f: Formulas, tiers: Tiers, column: Column, along: Edges, keys: Sequence[Key | None], value: Piece, times: Den
) -> str:
    by = times.value
    others = [key for key in keys if key is not None]
    ready = [key or Key("", value) for key in keys]
    at = next(number for number, key in enumerate(keys) if key is None)
    tests = _tests(tiers, ready, at)
    bands = tuple(
        (by * start, by * end, column.values[number], tests[number][:at] + tests[number][at + 1 :])
        for number, (start, end) in enumerate(along.bands)
    )
    name = f.scratch.named("bands", bands)
    rest = column.values[-1] if tiers.otherwise else 0
    given = "".join(key.piece.python + "," for key in others)
    return f"in_bands({name},({given}),{value.python},{by * along.base},{rest})"


def series_at(f: Formulas, node: SeriesAt) -> Number:
    """A value of a series on a day; outside of what is known there is none."""
    series = f.rules.series[node.series]
    day = f.keep(f.plain(node.day))
    outside = either(joined("<", day, series.first), joined(">", day, series.until))
    name = f.scratch.named("days", series.serials)
    found = Piece(f"MATCH({day.sheet},{series.days},1)", f"bisect({name},{day.python})", day.fails)
    row = chosen(outside, failing(OUTSIDE), found)
    row = Piece(f"IF({series.check.sheet},{row.sheet},{RULE.formula})", row.python, True)
    return _number(f, series.columns[node.column], f.keep(row, f"查“{node.series}”"))


__all__ = ["flag_lookup", "hit", "marginal", "number_lookup", "plain_lookup", "series_at"]
