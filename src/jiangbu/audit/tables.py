"""Lookup tables and series, looked up by trying every row; and the grid on which a number stands."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from jiangbu.audit.reading import step
from jiangbu.audit.rule import Rule, Scope, Series, Table, TableRow
from jiangbu.audit.words import Boundary, Value


def looked_up(table: Table, inputs: Sequence[Value]) -> TableRow | None:
    """Return the one row that the inputs hit, or None in a hole that the table declares.

    Raises ``ValueError`` where two rows are hit, or none and the table declares no holes.
    """
    hits = [row for row in table.rows if not row.otherwise and row.hit_by(inputs)]
    hits = hits or [row for row in table.rows if row.otherwise]
    if len(hits) > 1 or not (hits or table.has_holes):
        raise ValueError(f"{len(hits)} rows of {table.code} are hit at {inputs}")
    return hits[0] if hits else None


def on_day(series: Series, column: str, day: date) -> Value | None:
    """Return the value of a series in force on a day, or None outside of what is known."""
    if day > series.complete_until:
        return None
    begun = [row[column] for start, row in series.rows if start <= day and column in row]
    return begun[-1] if begun else None


def progressive(
    table: Table,
    column: str,
    inputs: Sequence[Value],
    along: int,
    bounds: Sequence[Boundary],
    in_units: bool,
) -> Fraction:
    """Return the sum over the bands of what of [0, x] lies in each, times what the band gives.

    x is the input at place ``along``, which ``bounds`` end from above; the sum begins at zero whatever is the least
    that may be given. ``in_units`` counts the whole units 1 … x instead of the length.
    """
    reach = inputs[along]
    assert isinstance(reach, Fraction)
    measure = _units if in_units else _length
    total, left = Fraction(0), measure(reach, bounds)
    rest = Fraction(0)
    for row in table.rows:
        rate = row.gives[column]
        assert isinstance(rate, Fraction)
        if row.otherwise:
            rest = rate
        elif all(boundary.holds(inputs[place]) for place, boundary in row.tests if place != along):
            band = [boundary for place, boundary in row.tests if place == along]
            part = measure(reach, [*bounds, *band])
            total, left = total + part * rate, left - part
    return total + left * rest


def _length(reach: Fraction, band: Sequence[Boundary]) -> Fraction:
    low, high = Fraction(0), reach
    for boundary in band:
        assert isinstance(boundary.value, Fraction)
        if boundary.word in ("at_least", "more_than", "is"):
            low = max(low, boundary.value)
        if boundary.word in ("at_most", "less_than", "is"):
            high = min(high, boundary.value)
    return max(Fraction(0), high - low)


def _units(reach: Fraction, band: Sequence[Boundary]) -> Fraction:
    first, last = 1, math.floor(reach)
    for boundary in band:
        value = boundary.value
        assert isinstance(value, Fraction)
        match boundary.word:
            case "at_least":
                first = max(first, math.ceil(value))
            case "more_than":
                first = max(first, math.floor(value) + 1)
            case "at_most":
                last = min(last, math.floor(value))
            case "less_than":
                last = min(last, math.ceil(value) - 1)
            case "is":
                first, last = max(first, math.ceil(value)), min(last, math.floor(value))
    return Fraction(max(0, last - first + 1))


def grid(tree: ast.expr, scope: Scope, rule: Rule) -> int | None:
    """Return the denominator on which every value of an expression stands, or None where there is none."""

    def joined(nodes: Sequence[ast.expr]) -> int | None:
        found = [grid(node, scope, rule) for node in nodes]
        places = [one for one in found if one is not None]
        return math.lcm(*places) if len(places) == len(found) else None

    match tree:
        case ast.Constant():
            return 1
        case ast.Name(id=name):
            return _grid_of_name(name, scope, rule)
        case ast.UnaryOp(operand=operand):
            return grid(operand, scope, rule)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            first, second = grid(left, scope, rule), grid(right, scope, rule)
            return first * second if first and second else None
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return joined((left, right))
        case ast.IfExp(body=body, orelse=orelse):
            return joined((body, orelse))
        case ast.Attribute(value=ast.Name(id=table), attr=column) if table in scope.tables:
            entries = [row.gives[column] for row in scope.tables[table].rows]
            return math.lcm(*(entry.denominator for entry in entries if isinstance(entry, Fraction)))
        case ast.Attribute(value=ast.Name(id=level), attr=name) if of := rule.column(level, name):
            return of.den
        case ast.Call(func=ast.Attribute() as column_of):
            return grid(column_of, scope, rule)
        case ast.Call(func=ast.Name(id=word), args=[ast.Name(id=level), _]) if call := rule.call(level, word):
            return call[0].den
        case ast.Call(func=ast.Name(id="min" | "max"), args=args):
            return joined(args)
        case ast.Call(func=ast.Name(id="sum" | "largest" | "smallest" | "allocate"), args=args):
            return grid(args[0], scope, rule)
        case ast.Call(func=ast.Name(id="round_to"), args=[_, ast.Constant(value=unit), *_]):
            return step(unit).denominator
        case ast.Call(func=ast.Name(id="count" | "whole" | "days" | "months" | "year")):
            return 1
    return None


def _grid_of_name(name: str, scope: Scope, rule: Rule) -> int | None:
    if name in scope.constants:
        value = scope.constants[name]
        return value.denominator if isinstance(value, Fraction) else None
    if name in rule.facts:
        return int(10 ** rule.facts[name].decimals)
    if name in rule.lines:
        line = rule.lines[name]
        return line.rounding.step.denominator if line.rounding else grid(line.formula.tree, scope, rule)
    return None
