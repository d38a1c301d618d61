"""Calls: which function reads which word."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.formula.dates import date_call
from jiangbu.rules.formula.language import FUNCTIONS
from jiangbu.rules.formula.lookups import column_call, marginal
from jiangbu.rules.formula.numbers import extreme
from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.formula.rounding import round_to, whole
from jiangbu.rules.formula.rows import aggregate, allocate, balance
from jiangbu.rules.tree import Node, Span

_CALLS: Mapping[str, Callable[[Reader, ast.Call, str, Span], Node | None]] = {
    "min": extreme,
    "max": extreme,
    "whole": whole,
    "round_to": round_to,
    "marginal": marginal,
    "days": date_call,
    "months": date_call,
    "later": date_call,
    "after": date_call,
    "year": date_call,
    "balance": balance,
    "sum": aggregate,
    "count": aggregate,
    "largest": aggregate,
    "smallest": aggregate,
    "allocate": allocate,
}


def _meant(word: str) -> str:
    """Say which function was meant: IF and MIN of a spreadsheet too."""
    if word.lower() == "if":
        return "write a if test else b"
    return did_you_mean(word.lower(), FUNCTIONS) or "functions: " + ", ".join(sorted(FUNCTIONS))


def call(reader: Reader, node: ast.Call) -> Node | None:
    """Read a call."""
    span = reader.span(node)
    if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
        reader.fault("formula", "arguments are given one by one, without names", span)
        return None
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return column_call(reader, node, node.func.value.id, node.func.attr, span)
    if not isinstance(node.func, ast.Name):
        reader.fault("formula", "only functions of the language can be called", span)
        return None
    word = node.func.id
    handler = _CALLS.get(word)
    if handler is None:
        for arg in node.args:
            reader.node(arg)
        reader.fault("unknown-name", f"there is no function {word}", span, _meant(word))
        return None
    return handler(reader, node, word, span)
