"""Names, columns of names, and literals."""

from __future__ import annotations

import ast
from fractions import Fraction

from attrs import evolve

from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.formula.lookups import lookup
from jiangbu.rules.formula.mixing import FLAG
from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.tree import Literal_, Node, Type


def constant(reader: Reader, node: ast.Constant) -> Node | None:
    """Read a flag, a whole number or a text."""
    value, span = node.value, reader.span(node)
    if isinstance(value, bool):
        return Literal_(value, evolve(FLAG, literal=True), span)
    if isinstance(value, int):
        number = Fraction(value)
        if value not in (0, 1):
            reader.fault(
                "bare-number",
                f"the number {value} has no name",
                span,
                "give it one: [constants.…] with label and clause",
                warning=True,
            )
        return Literal_(number, Type("number", 1, number, number, literal=True), span)
    if isinstance(value, str):
        return Literal_(value, Type("text", options=(value,), literal=True), span)
    remedy = "write it as a constant of the table" if isinstance(value, float) else ""
    reader.fault("formula", f"{value!r} is not in the language", span, remedy)
    return None


def name(reader: Reader, node: ast.Name) -> Node | None:
    """Read a name that stands alone."""
    span = reader.span(node)
    symbol = reader.scope.symbols.get(node.id)
    if symbol is None:
        reader.unknown(node.id, span)
        return None
    return reader.symbol(symbol, span)


def attribute(reader: Reader, node: ast.Attribute) -> Node | None:
    """Read ``head.column``: what a kind of object makes of itself, or a table's column at the declared inputs."""
    span = reader.span(node)
    if not isinstance(node.value, ast.Name):
        reader.fault("formula", "attributes of values are not in the language", span)
        return None
    head = node.value.id
    if head in reader.scope.made:
        columns = reader.scope.made[head]
        if node.attr not in columns:
            reader.fault("unknown-name", f"{head} has no {node.attr}", span, did_you_mean(node.attr, columns))
            return None
        return reader.symbol(columns[node.attr], span)
    if head in reader.scope.tables:
        return lookup(reader, head, node.attr, None, span)
    if reader.scope.series(head) is not None:
        reader.fault("formula", f"{head}.{node.attr} is a series", span, f"name the day: {head}.{node.attr}(day)")
        return None
    if head in reader.scope.symbols:
        reader.fault("formula", f"{head} has no columns", span)
        return None
    reader.unknown(head, span)
    return None
