"""Conditions as sentences. In words they say what is asked; with numbers they say what is true of the row."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from jiangbu.rules.tree import (
    Compare,
    DateCall,
    If,
    Literal_,
    Logic,
    Lookup,
    Member,
    Name,
    Node,
    Not,
)
from jiangbu.rules.words.amounts import written, year
from jiangbu.rules.words.names import label_of, option_labels, options_of, quoted
from jiangbu.rules.words.phrases import LOOSE, PLUS, TEST, TESTS, Said, side
from jiangbu.rules.words.values import OPERATORS, Stop

if TYPE_CHECKING:
    from jiangbu.rules.words.formulas import Writer

_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def rule(writer: Writer, node: Node) -> str:
    """Return a condition as a rule states it: for whom it is, then what it asks."""
    if writer.values is None and isinstance(node, Logic) and node.op == "or" and len(node.parts) == 2:
        who, asked = node.parts
        choice = isinstance(who, Compare | Member) and isinstance(_subject(who), Name)
        if choice and _subject(who).type.kind == "choice":
            excluded = _negated(who)
            if excluded is not None:
                return writer.phrase("only-for", writer.text(excluded), condition(writer, asked)[0])
            return writer.phrase("except-for", condition(writer, asked)[0], writer.text(who))
    return condition(writer, node)[0]


def condition(writer: Writer, node: Node) -> Said:
    """Return the text of a flag as a test."""
    return (
        flag(writer, node, True) if node.type.kind == "flag" and isinstance(node, Name | Lookup) else writer.say(node)
    )


def flag(writer: Writer, node: Node, holds: bool) -> Said:
    """A flag as a test: “X”为“是”; with numbers, what it is in truth."""
    text = quoted(label_of(writer.scheme, node.name, writer.origin)) if isinstance(node, Name) else writer.text(node)
    if writer.values is not None:
        holds = bool(writer.value(node))
    return writer.phrase("flag", text, written("flag", holds, lang=writer.lang)), TEST


def compare(writer: Writer, node: Compare) -> Said:
    pairs = list(zip(node.ops, node.parts, node.parts[1:], strict=False))
    said: list[str] = []
    bare = False
    if len(pairs) == 2 and not isinstance(node.parts[1], Literal_):
        pairs[0] = (_MIRROR[node.ops[0]], node.parts[1], node.parts[0])
        bare = True
    for op, left, right in pairs:
        said.append(pair(writer, op, left, right, bare=bare and bool(said)))
        if writer.values is not None and not true(writer, op, left, right):
            break
    return writer.phrase("and").join(said), TEST


def true(writer: Writer, op: str, left: Node, right: Node) -> bool:
    """Whether a comparison holds for the row at hand."""
    return bool(OPERATORS[op](writer.value(left), writer.value(right)))


def pair(writer: Writer, op: str, left: Node, right: Node, *, bare: bool = False) -> str:
    """One comparison, with numbers as it is in truth; ``bare`` leaves out the left side, just said."""
    if _given_by_law(left) and not _given_by_law(right) and left.type.numeric and not bare:
        op, left, right = _MIRROR[op], right, left
    if writer.values is not None:
        if left.type.kind in ("choice", "text"):
            return told_choice(writer, left, [right])
        op = op if true(writer, op, left, right) else _OPPOSITE[op]
    kind = left.type.kind if left.type.kind != "number" else right.type.kind
    group = _group(kind, left, right)
    words = {**(TESTS["number"] if left.type.numeric else {}), **TESTS[group]}
    if group == "number" and not (_given_by_law(left) or _given_by_law(right)):
        words |= TESTS["computed"]
    texts = [side_of(writer, left, right), side_of(writer, right, left)]
    return words[op][side(writer.lang)].format("" if bare else texts[0], texts[1]).strip()


def _group(kind: str, left: Node, right: Node) -> str:
    """Return which words compare two sides, left and right."""
    if isinstance(right, Literal_) and right.value == 0 and right.type.kind == "number":
        return "zero"
    if _is_year(left) or _is_year(right):
        return "year"
    if kind in ("rate", "date"):
        return kind
    return "number" if left.type.numeric else "word"


def told_choice(writer: Writer, left: Node, choices: Sequence[Node]) -> str:
    """Say what a choice is, and what it is not where that was asked."""
    value = writer.value(left)
    word = quoted(label_of(writer.scheme, left.name, writer.origin)) if isinstance(left, Name) else writer.text(left)
    if isinstance(left, Literal_) and len(choices) == 1:
        return told_choice(writer, choices[0], [left]) if not isinstance(choices[0], Literal_) else word
    options = options_of(writer.scheme, left.name, writer.origin) if isinstance(left, Name) else {}
    options = options or option_labels(writer.scheme, left.type.options)
    text = writer.phrase("member", word, quoted(options.get(str(value), str(value))))
    if value in [writer.value(choice) for choice in choices]:
        return text
    others = writer.phrase("either").join(side_of(writer, choice, left) for choice in choices)
    return writer.phrase("not-that", text, others)


def side_of(writer: Writer, node: Node, other: Node) -> str:
    """One side of a comparison: an option by its label, a bare number with the other side's unit, a sum with what it
    comes to."""
    if isinstance(node, Literal_) and isinstance(node.value, str):
        options = options_of(writer.scheme, other.name, writer.origin) if isinstance(other, Name) else {}
        options = options or option_labels(writer.scheme, other.type.options)
        return quoted(options.get(node.value, node.value))
    if isinstance(node, Literal_) and isinstance(node.value, Fraction) and _is_year(other):
        return year(node.value, writer.lang)
    if isinstance(node, Literal_) and node.type.kind == "number" and other.type.unit and node.value not in (0, None):
        return written("number", node.value, unit=other.type.unit, lang=writer.lang)
    return writer.tight(node, PLUS) if writer.values is None else writer.worked(node)


def member(writer: Writer, node: Member) -> Said:
    if writer.values is not None and node.inner.type.kind in ("choice", "text"):
        return told_choice(writer, node.inner, node.choices), TEST
    negated = node.negated if writer.values is None else node.negated is writer.value(node)
    choices = writer.phrase("either").join(side_of(writer, part, node.inner) for part in node.choices)
    return writer.phrase("member-not" if negated else "member", writer.tight(node.inner, PLUS), choices), TEST


def logic(writer: Writer, node: Logic) -> Said:
    parts: list[str] = []
    decided = writer.values is not None and bool(writer.value(node)) is (node.op == "or")
    for part in node.parts:
        if decided and not _decides(writer, node, part, bool(parts)):
            continue
        text, _ = condition(writer, part)
        chained = isinstance(part, Compare) and len(part.ops) > 1 and node.op == "or"
        loose = writer.values is None and (chained or isinstance(part, Logic | If))
        parts.append(writer.phrase("bracket", text) if loose else text)
    return writer.phrase(node.op if writer.values is None else "and").join(parts), TEST


def _decides(writer: Writer, node: Logic, part: Node, told: bool) -> bool:
    """Whether a part is worth telling of what is decided: the first that suffices for an or, all that fail an and."""
    if told and node.op == "or":
        return False
    try:
        return bool(writer.value(part)) is (node.op == "or")
    except Stop:
        return False  # behind a part that decided, another may have no value


def negation(writer: Writer, node: Not) -> Said:
    if isinstance(node.inner, Name | Lookup):
        return flag(writer, node.inner, False)
    inner = condition(writer, node.inner)[0]
    return (inner if writer.values is not None else writer.phrase("not", inner)), TEST


def choice(writer: Writer, node: If) -> Said:
    if writer.values is not None:
        return taken(writer, node), LOOSE
    text = writer.phrase("if", condition(writer, node.test)[0], being(writer, node.then))
    if isinstance(node.other, If):
        return text + writer.phrase("if-next") + writer.text(node.other), LOOSE
    return text + writer.phrase("else", being(writer, node.other)), LOOSE


def being(writer: Writer, node: Node) -> str:
    """What a branch comes to: 为80元, but 取甲与乙中的较小者, which has a verb of its own."""
    text = writer.text(node)
    return text if text.startswith("取") else writer.phrase("being", text)


def taken(writer: Writer, node: If) -> str:
    """Say which branch is taken and why; of a chain of tests all that were asked."""
    tests, branch = [], node
    while True:
        tests.append(condition(writer, branch.test)[0])
        taken = branch.then if writer.value(branch.test) else branch.other
        if not (isinstance(taken, If) and taken is branch.other):
            told = [text for at, text in enumerate(tests) if not any(map(text.startswith, tests[at + 1 :]))]
            return writer.phrase("taken", writer.phrase("and").join(told), being(writer, taken))
        branch = taken


def _given_by_law(node: Node) -> bool:
    """Whether a side of a comparison is a number of the rule itself: written out, named, or read from a table."""
    return isinstance(node, Literal_ | Lookup) or (isinstance(node, Name) and node.of == "constant")


def _is_year(node: Node) -> bool:
    return isinstance(node, DateCall) and node.op == "year"


def _subject(node: Node) -> Node:
    return node.parts[0] if isinstance(node, Compare) else node.inner if isinstance(node, Member) else node


def _negated(node: Node) -> Node | None:
    """Return what a test excludes: for ``x != 'a'`` the test ``x == 'a'``; None if it excludes nothing."""
    if isinstance(node, Compare) and node.ops == ("!=",):
        return evolve(node, ops=("==",))
    return evolve(node, negated=False) if isinstance(node, Member) and node.negated else None
