"""When a fact is needed (``needed_if``), as a condition of JSON Schema over the other facts of its row.

A condition holds of a row whose other facts are as they should be exactly where the test is true. Tests over
flags and choices can be said in JSON Schema; those over numbers, days or constants cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jiangbu.rules.door.faults import DoorFault
from jiangbu.rules.door.values import reader_of
from jiangbu.rules.model import Fact
from jiangbu.rules.tree import Compare, Literal_, Logic, Member, Name, Node, Not

Condition = dict[str, Any]


def option_words(fact: Fact) -> dict[str, str]:
    """Return the names and labels by which the door takes an option, each with the option's name."""
    read = reader_of(fact)
    words = {}
    for word in (*fact.options, *fact.options.values()):
        try:
            words[word] = str(read(word))
        except DoorFault:
            continue
    return words


def condition_of(node: Node, facts: Mapping[str, Fact]) -> Condition | None:
    """Return the condition under which a test over facts is true; None if JSON Schema cannot say it."""
    if isinstance(node, Literal_) and isinstance(node.value, bool):
        return {} if node.value else {"not": {}}
    if isinstance(node, Name):
        return _holds(node, {True}, facts)
    if isinstance(node, Not):
        return _negated(condition_of(node.inner, facts))
    if isinstance(node, Logic):
        parts = [condition_of(part, facts) for part in node.parts]
        found = [part for part in parts if part is not None]
        return {"allOf" if node.op == "and" else "anyOf": found} if len(found) == len(parts) else None
    if isinstance(node, Member):
        inside = _among(node.inner, node.choices, facts)
        return _negated(inside) if node.negated else inside
    if isinstance(node, Compare) and node.ops in (("==",), ("!=",)):
        one, other = node.parts
        if isinstance(one, Literal_):
            one, other = other, one
        same = _among(one, [other], facts)
        return same if node.ops == ("==",) else _negated(same)
    return None


def _negated(condition: Condition | None) -> Condition | None:
    return None if condition is None else {"not": condition}


def _among(node: Node, choices: Sequence[Node], facts: Mapping[str, Fact]) -> Condition | None:
    values = {choice.value for choice in choices if isinstance(choice, Literal_)}
    if not isinstance(node, Name) or not all(isinstance(choice, Literal_) for choice in choices):
        return None
    return _holds(node, values, facts)


def _holds(node: Name, values: set[Any], facts: Mapping[str, Fact]) -> Condition | None:
    """The condition that a flag or choice has one of some values, its default counted where that stands."""
    fact = facts.get(node.name) if node.of == "fact" else None
    if fact is None or fact.kind not in ("flag", "choice"):
        return None
    words: list[Any] = (
        [value for value in (True, False) if value in values]
        if fact.kind == "flag"
        else [word for word, name in option_words(fact).items() if name in values]
    )
    given = {"properties": {fact.name: {"enum": words}}, "required": [fact.name]}
    if not fact.has_default:
        return given
    stands = fact.default in values
    if fact.needed_tree is None:
        return {"properties": {fact.name: {"enum": [*words, None]}}} if stands else given
    needed = condition_of(fact.needed_tree, facts)
    if needed is None:
        return None
    both = {"allOf": [needed, given]}
    return {"anyOf": [both, {"not": needed}]} if stands else both
