"""The kind of a formula, which decides whether a line is rounded to the fen unless it says otherwise."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence


def parse(text: str) -> ast.expr:
    """Return the syntax tree of a formula."""
    return ast.parse(text.strip(), mode="eval").body


def kind_of(
    tree: ast.expr,
    names: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
    calls: Mapping[str, Mapping[str, str]],
) -> str:
    """Return the kind of a formula: ``money`` where money goes into it undivided by money.

    ``columns`` are those of tables, series and made rows, by the name before the dot; ``calls`` are the functions
    of a day that the objects of a level offer, by level.
    """

    def kind(node: ast.expr) -> str:
        return kind_of(node, names, columns, calls)

    def joined(nodes: Sequence[ast.expr]) -> str:
        found = [kind(node) for node in nodes]
        return "money" if "money" in found else next((one for one in found if one != "number"), "number")

    match tree:
        case ast.Constant(value=bool()) | ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return "flag"
        case ast.Constant(value=str()):
            return "choice"
        case ast.Constant():
            return "number"
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(operand=operand):
            return kind(operand)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return "money" if kind(left) == "money" and kind(right) != "money" else "number"
        case ast.BinOp(left=left, right=right):
            return joined((left, right))
        case ast.IfExp(body=body, orelse=orelse):
            return joined((body, orelse))
        case ast.Attribute(value=ast.Name(id=table), attr=column) if column in columns.get(table, ()):
            return columns[table][column]
        case ast.Call(func=ast.Attribute() as column_of):
            return kind(column_of)
        case ast.Call(func=ast.Name(id=word), args=[ast.Name(id=level), *_]) if word in calls.get(level, ()):
            return calls[level][word]
        case ast.Call(func=ast.Name(id="min" | "max" | "marginal"), args=args):
            return joined(args)
        case ast.Call(func=ast.Name(id="sum" | "largest" | "smallest" | "allocate" | "round_to"), args=args):
            return kind(args[0])
        case ast.Call(func=ast.Name(id="later" | "after")):
            return "date"
        case ast.Call():
            return "number"
    raise ValueError(f"not in the language of formulas: {ast.unparse(tree)}")
