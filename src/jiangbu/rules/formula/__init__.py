"""Formula text → typed tree. The text is parsed, never evaluated; every node is checked against the language.

Faults carry the columns they are about, so that a caret can be shown. A part that is wrong becomes None and what
stands around it is still checked, so that all faults of a formula come at once, none twice.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from attrs import frozen

from jiangbu.rules.formula.calls import call
from jiangbu.rules.formula.conditions import compare, if_else, last, logic
from jiangbu.rules.formula.language import FUNCTIONS, LARGEST_DENOMINATOR
from jiangbu.rules.formula.mixing import is_zero
from jiangbu.rules.formula.names import attribute, constant, name
from jiangbu.rules.formula.numbers import binary, unary
from jiangbu.rules.formula.reader import Reader, Step
from jiangbu.rules.formula.rounding import rounded, rounding_step, steps_of
from jiangbu.rules.formula.scope import Fault, Scope, Symbol, TableInfo, plain
from jiangbu.rules.formula.text import syntax
from jiangbu.rules.kinds import NUMERIC
from jiangbu.rules.tree import Node

__all__ = [
    "FUNCTIONS",
    "LARGEST_DENOMINATOR",
    "Fault",
    "Parsed",
    "Scope",
    "Symbol",
    "TableInfo",
    "plain",
    "read_formula",
    "rounded",
    "rounding_step",
    "steps_of",
]


_STEPS: Mapping[type[ast.expr], Step] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.BinOp: binary,
    ast.UnaryOp: unary,
    ast.Compare: compare,
    ast.BoolOp: logic,
    ast.IfExp: if_else,
    ast.Call: call,
}


@frozen
class Parsed:
    """What came of a formula: its tree, None if it is wrong; its faults; the names, tables and levels it uses."""

    tree: Node | None
    faults: tuple[Fault, ...]
    uses: frozenset[str]


def read_formula(
    text: str, scope: Scope, level: str, *, want: str = "", allocates: bool = False, top: bool = False
) -> Parsed:
    """Read one formula that stands at ``level``.

    ``want`` is the kind it must have (``flag`` for conditions). ``top`` lets a varying quotient stand as the last
    operation, as in a line; ``allocates`` lets ``allocate`` stand.
    """
    reader = Reader(text, scope, level, allocates, _STEPS)
    body = syntax(reader)
    tree = None if body is None else _typed(reader, body, top)
    if tree is not None and want and tree.type.kind != want and not (want in NUMERIC and is_zero(tree)):
        reader.fault("kind", f"found {tree.type.kind}; expected {want}", tree.span)
        tree = None
    return Parsed(tree, tuple(reader.faults), frozenset(reader.uses))


def _typed(reader: Reader, body: ast.expr, top: bool) -> Node | None:
    try:
        return last(reader, body) if top else reader.node(body)
    except RecursionError:
        reader.fault("formula", "nested too deeply", (0, 1), "split it into several lines")
        return None
