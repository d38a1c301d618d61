"""Lookups in tables and series, and progressive sums."""

from __future__ import annotations

import ast
from fractions import Fraction
from math import ceil, floor, lcm

from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.formula.conditions import option
from jiangbu.rules.formula.language import ZERO
from jiangbu.rules.formula.mixing import common, den_of, product
from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.formula.scope import TableInfo, plain
from jiangbu.rules.kinds import Bounds
from jiangbu.rules.model import LookupTable
from jiangbu.rules.tree import Literal_, Lookup, Marginal, Name, Node, SeriesAt, Span, Type


def column_call(reader: Reader, node: ast.Call, head: str, column: str, span: Span) -> Node | None:
    """Read ``head.column(…)``: a table at given values, or a series on a day."""
    if head in reader.scope.tables:
        return lookup(reader, head, column, [reader.node(arg) for arg in node.args], span)
    columns = reader.scope.series(head)
    if columns is None:
        for arg in node.args:
            reader.node(arg)
        reader.unknown(head, span)
        return None
    reader.uses.add(head)
    parts = reader.arguments(node, 1, f"{head}.{column}")
    if column not in columns:
        reader.fault("unknown-name", f"{head} has no column {column}", span, did_you_mean(column, columns))
        return None
    if parts[0] is None:
        return None
    if parts[0].type.kind != "date":
        reader.fault("kind", f"a series is asked for a day, found {parts[0].type.kind}", parts[0].span)
        return None
    return SeriesAt(head, column, parts[0], columns[column], span)


def lookup(reader: Reader, table: str, column: str, given: list[Node | None] | None, span: Span) -> Node | None:
    """Return what a column of a table gives, at the values given or else at its declared inputs."""
    reader.uses.add(table)
    info = reader.scope.tables[table]
    if info is None:
        return None
    if column not in info.columns:
        if column in info.table.gives:
            return None
        reader.fault("unknown-name", f"{table} has no column {column}", span, did_you_mean(column, info.columns))
        return None
    keys = keys_of(reader, info, given, span)
    if keys is None:
        return None
    return Lookup(table, column, keys, given is None, info.columns[column], span)


def keys_of(reader: Reader, info: TableInfo, given: list[Node | None] | None, span: Span) -> tuple[Node, ...] | None:
    """Return the values at which a table is looked up, its declared inputs or those given."""
    if given is None:
        declared = [reader.narrow(reader.symbol(symbol, span)) for symbol in info.inputs]
        return None if None in declared else tuple(key for key in declared if key is not None)
    if len(given) != len(info.inputs):
        names = ", ".join(info.table.inputs)
        reader.fault("formula", f"{info.table.name} takes {len(info.inputs)} values ({names})", span)
        return None
    if None in given:
        return None
    ready = tuple(key for key in given if key is not None)
    sound = [key_fits(reader, info, at, key) for at, key in enumerate(ready)]
    if not all(sound):
        return None
    grids = tuple(None if key.type.kind in ("flag", "choice", "text") else key.type.den for key in ready)
    gap = info.gap(grids)
    if gap:
        reader.fault(
            "gap",
            f"no row of {info.table.name} covers {gap}",
            span,
            "round the value first, or let rows meet",
        )
        return None
    return ready


def key_fits(reader: Reader, info: TableInfo, at: int, key: Node) -> bool:
    """Whether a table can be asked for a value at one input; a fault if not."""
    declared, bounds = info.inputs[at], info.bounds[at]
    if declared.type is None:
        return False
    if bounds is None:
        if declared.type.kind == "choice" and isinstance(key, Literal_):
            return option(reader, Name(declared.name, "fact", "", declared.type), key)
        if key.type.kind != declared.type.kind or not set(key.type.options) <= set(declared.type.options):
            reader.fault("kind", f"{info.table.name} is looked up by {declared.name}", key.span)
            return False
        return True
    if common(key, Name(declared.name, "fact", "", declared.type)) is None:
        reader.fault("kind", f"found {key.type.kind}; expected {declared.type.kind}", key.span)
        return False
    if key.type.den is None:
        reader.fault("division", "a varying quotient is rounded before it is looked up", key.span, "round_to(…)")
        return False
    if key.type.low not in bounds or key.type.high not in bounds:
        reader.fault(
            "lookup-range",
            f"the value may be {plain(key.type.low)} … {plain(key.type.high)}, outside the bounds of "
            f"{declared.name} ({plain(bounds.low)} … {plain(bounds.high)})",
            key.span,
            "bound it with min(…) and max(…), or widen the bounds of the input",
        )
        return False
    return True


def marginal(reader: Reader, node: ast.Call, word: str, span: Span) -> Node | None:
    """Read ``marginal(table.column, x)``."""
    head = node.args[0] if node.args else None
    if (
        len(node.args) != 2
        or not isinstance(head, ast.Attribute)
        or not isinstance(head.value, ast.Name)
        or head.value.id not in reader.scope.tables
    ):
        reader.fault("formula", "marginal takes a table's column and a value", span, "marginal(scale.rate, income)")
        return None
    x = reader.node(node.args[1])
    info = reader.scope.tables[head.value.id]
    reader.uses.add(head.value.id)
    if info is None or x is None:
        return None
    column = info.columns.get(head.attr)
    if column is None and head.attr in info.table.gives:
        return None
    if column is None:
        reader.fault(
            "unknown-name",
            f"no column {head.attr}",
            reader.span(head),
            did_you_mean(head.attr, info.columns),
        )
        return None
    if not column.numeric:
        reader.fault("kind", f"a progressive sum of a {column.kind}", reader.span(head))
        return None
    if not all(symbol.type for symbol in info.inputs):
        return None
    along = [at for at, symbol in enumerate(info.inputs) if symbol.type and symbol.type.numeric]
    if len(along) != 1:
        reader.fault("kind", f"{info.table.name} has {len(along)} numeric inputs; marginal needs one", span)
        return None
    return progressive(reader, info, column, along[0], x, head.attr, span)


def progressive(
    reader: Reader, info: TableInfo, column: Type, along: int, x: Node, name: str, span: Span
) -> Node | None:
    """Return the sum over the bands of a table up to ``x``, along its numeric input."""
    bounds, declared = info.bounds[along], info.inputs[along].type
    assert bounds is not None
    assert declared is not None
    keys: list[Node] = []
    for at, symbol in enumerate(info.inputs):
        key = x if at == along else reader.narrow(reader.symbol(symbol, span))
        if key is None:
            return None
        keys.append(key)
    if not key_fits(reader, info, along, x):
        return None
    if bounds.low < 0:
        reader.fault("bounds", "a progressive sum needs an input that is never below zero", span)
        return None
    if column.kind == "money" and x.type.kind == "money":
        reader.fault("kind", "money for each unit of money", span)
        return None
    counts = declared.kind == "number" and declared.den == 1
    if counts and x.type.den != 1:
        reader.fault("kind", "whole units are counted, found a value with decimals", x.span, "whole(…)")
        return None
    _hold_begun(reader, info, along, counts=counts, span=span)
    kind = product(Name("", "line", "", column), x)
    slopes = [row.values[name] for row in info.table.rows]
    top = x.type.high
    low = top * min([ZERO, *(s for s in slopes if isinstance(s, Fraction))])
    high = top * max([ZERO, *(s for s in slopes if isinstance(s, Fraction))])
    den = lcm(
        den_of(column) * den_of(x.type),
        den_of(column) * _edges_den(info.table, info.table.inputs[along], bounds),
    )
    made = Type(kind, den, low, high, "" if kind == "money" else column.unit)
    return reader.sized(Marginal(info.table.name, name, tuple(keys), along, made, span), span)


def _hold_begun(reader: Reader, info: TableInfo, along: int, *, counts: bool, span: Span) -> None:
    """Warn where every band states a lower end above zero, so that what lies below it counts for nothing."""
    name = info.table.inputs[along]
    starts = []
    for row in info.table.rows:
        low = [edge for edge in row.edges.get(name, ()) if edge.word in ("at_least", "more_than", "is")]
        if not low or not isinstance(low[0].value, Fraction):
            return
        start = low[0].value
        if counts:  # the unit 1 lies between 0 and 1
            start = Fraction(floor(start) if low[0].word == "more_than" else ceil(start) - 1)
        starts.append(start)
    if starts and min(starts) > 0:
        reader.fault(
            "lookup-range",
            f"a progressive sum begins at zero, the bands of {name} at {plain(min(starts))}",
            span,
            "leave the lower end of the first row out",
            warning=True,
        )


def _edges_den(table: LookupTable, name: str, bounds: Bounds) -> int:
    """Return a denominator on which every edge along one input stands, the bounds' own included."""
    den = lcm(bounds.low.denominator, bounds.high.denominator)
    for row in table.rows:
        for edge in row.edges.get(name, ()):
            if isinstance(edge.value, Fraction):
                den = lcm(den, edge.value.denominator)
    return den
