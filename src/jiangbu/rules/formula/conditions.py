"""Conditions: comparisons, lists, and, or, and the two branches of an if."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.formula.guards import assume
from jiangbu.rules.formula.mixing import FLAG, common, flag, joined
from jiangbu.rules.formula.numbers import quotient
from jiangbu.rules.formula.reader import Reader, Step
from jiangbu.rules.tree import Compare, If, Literal_, Logic, Member, Node, Span

SAME_KIND = "both sides must be of one kind: amounts with amounts, numbers with numbers or rates"


def last(reader: Reader, node: ast.expr) -> Node | None:
    """Read the last operation of a line or branch, which may be a varying quotient."""
    if isinstance(node, ast.IfExp):
        return choose(reader, node, last)
    return quotient(reader, node)


def compare(reader: Reader, node: ast.Compare) -> Node | None:
    """Read a chain of comparisons."""
    if any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
        return member(reader, node)
    words = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
    given = (node.left, *node.comparators)
    parts = [None if bare_option(reader, part, given) else quotient(reader, part) for part in given]
    span = reader.span(node)
    ops = [words.get(type(op), "") for op in node.ops]
    if "" in ops:
        reader.fault("formula", "only == != < <= > >= compare", span)
        return None
    sound = True
    for op, left, right in zip(ops, parts, parts[1:], strict=False):
        if left is None or right is None or not comparable(reader, op, left, right):
            sound = False
    if not sound:
        return None
    return Compare(tuple(ops), tuple(parts), FLAG, span)  # type: ignore[arg-type]


def bare_option(reader: Reader, part: ast.expr, beside: Iterable[ast.expr]) -> bool:
    """Whether a name is an option, without its quotes, of a choice that it is compared with; a fault if so."""
    if not isinstance(part, ast.Name) or part.id in reader.scope.symbols or part.id in reader.scope.tables:
        return False
    others = [reader.scope.symbols.get(one.id) for one in beside if isinstance(one, ast.Name)]
    if not any(one is not None and one.type is not None and part.id in one.type.options for one in others):
        return False
    reader.fault("unknown-name", f"the option {part.id!r} has no quotes", reader.span(part), f"write '{part.id}'")
    return True


def comparable(reader: Reader, op: str, left: Node, right: Node) -> bool:
    """Whether two values can be compared so; a fault if not."""
    span = (left.span[0], right.span[1])
    texts = {left.type.kind, right.type.kind} & {"choice", "text"}
    if texts:
        if op not in ("==", "!="):
            reader.fault("kind", f"{op} between texts", span, "only == and != compare choices")
            return False
        return same_options(reader, left, right, span)
    if common(left, right) is None:
        reader.fault("kind", f"{left.type.kind} {op} {right.type.kind}: the kinds do not fit", span, SAME_KIND)
        return False
    if left.type.kind == "flag" and op not in ("==", "!="):
        reader.fault("kind", f"{op} between flags", span)
        return False
    return True


def same_options(reader: Reader, left: Node, right: Node, span: Span) -> bool:
    """Whether two choices or texts can be equal; a fault if not."""
    a, b = left.type, right.type
    if not {a.kind, b.kind} <= {"choice", "text"}:
        reader.fault("kind", f"{a.kind} compared with {b.kind}", span, "an option is compared with an option in quotes")
        return False
    for one, other in ((left, right), (right, left)):
        if one.type.kind == "choice" and isinstance(other, Literal_):
            return option(reader, one, other)
    if a.kind == b.kind == "choice" and not set(a.options) & set(b.options):
        reader.fault("kind", "two choices without a common option", span)
        return False
    return True


def option(reader: Reader, choice: Node, literal: Literal_) -> bool:
    """Whether a text is one of the options of a choice; a fault if not."""
    if literal.value in choice.type.options:
        return True
    options = choice.type.options
    named = reader.scope.labels.get(str(literal.value), "").strip("'")
    meant = named if named in options else str(literal.value)
    remedy = did_you_mean(meant, options) or "options: " + ", ".join(options)
    reader.fault("unknown-name", f"{literal.value!r} is no option", literal.span, remedy)
    return False


def member(reader: Reader, node: ast.Compare) -> Node | None:
    """Read ``x in (…)`` and ``x not in (…)``."""
    span = reader.span(node)
    inner = reader.node(node.left)
    if len(node.ops) != 1 or not isinstance(node.comparators[0], ast.Tuple):
        reader.fault("formula", "in needs a list: x in ('a', 'b')", span)
        return None
    listed = node.comparators[0].elts
    choices = [None if bare_option(reader, part, [node.left]) else reader.node(part) for part in listed]
    if inner is None or None in choices or not choices:
        if not choices:
            reader.fault("formula", "in needs at least one value", span)
        return None
    ready = tuple(choice for choice in choices if choice is not None)
    sound = [comparable(reader, "==", inner, choice) for choice in ready]
    if not all(sound):
        return None
    return Member(inner, ready, isinstance(node.ops[0], ast.NotIn), FLAG, span)


def logic(reader: Reader, node: ast.BoolOp) -> Node | None:
    """Read ``and`` and ``or``; what stands first guards what follows."""
    op = "and" if isinstance(node.op, ast.And) else "or"
    before = dict(reader.known)
    parts: list[Node | None] = []
    for part in node.values:
        inner = reader.node(part)
        if inner is not None and not flag(reader, inner):
            inner = None
        parts.append(inner)
        if inner is not None:
            assume(reader, inner, op == "and")
    reader.known = before
    if None in parts:
        return None
    return Logic(op, tuple(parts), FLAG, reader.span(node))  # type: ignore[arg-type]


def choose(reader: Reader, node: ast.IfExp, branch: Step) -> Node | None:
    """``a if test else b``: the test guards the branches, and ``branch`` reads each."""
    test = reader.node(node.test)
    sound = test is not None and flag(reader, test)
    before = dict(reader.known)
    if sound and test is not None:
        assume(reader, test, True)
    then = branch(reader, node.body)
    reader.known = dict(before)
    if sound and test is not None:
        assume(reader, test, False)
    other = branch(reader, node.orelse)
    reader.known = before
    if not sound or test is None or then is None or other is None:
        return None
    made = joined(reader, then, other, reader.span(node), "the branches")
    return None if made is None else reader.sized(If(test, then, other, made, reader.span(node)), reader.span(node))


def if_else(reader: Reader, node: ast.IfExp) -> Node | None:
    """Read an if inside a formula."""
    return choose(reader, node, Reader.node)
