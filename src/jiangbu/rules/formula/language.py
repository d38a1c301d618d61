"""The words of the language, its limits, and the names of what has no place in it."""

from __future__ import annotations

import ast
from fractions import Fraction

MOST_CHARACTERS = 1_000
MOST_NODES = 200
LARGEST_DENOMINATOR = 10**24
LARGEST_VALUE = 10**60
ZERO = Fraction(0)
FUNCTIONS = frozenset(
    {
        "min",
        "max",
        "whole",
        "round_to",
        "marginal",
        "days",
        "months",
        "later",
        "after",
        "year",
        "balance",
        "sum",
        "count",
        "largest",
        "smallest",
        "allocate",
    }
)
WHAT_MAY_STAND = (
    "names, whole numbers, 'choices', True False, + - * /, comparisons, in, and or not, a if test else b, "
    + ", ".join(sorted(FUNCTIONS))
)


def word_of(node: ast.expr) -> str:
    """Name a part of the syntax that has no place in the language."""
    words = {
        ast.Lambda: "lambda",
        ast.Subscript: "x[…]",
        ast.ListComp: "a comprehension",
        ast.GeneratorExp: "a comprehension",
        ast.JoinedStr: "an f-string",
        ast.NamedExpr: ":=",
        ast.Tuple: "a list",
        ast.List: "a list",
        ast.Dict: "a dict",
        ast.Await: "await",
        ast.Starred: "*",
    }
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return f"the operator {type(node.op).__name__}"
    return words.get(type(node), type(node).__name__)
