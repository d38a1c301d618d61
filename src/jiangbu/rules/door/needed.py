"""What reads the facts of each level of a scheme, and when a fact is needed at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jiangbu.rules.door.values import reader_of
from jiangbu.rules.emit import Emitter
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Fact
from jiangbu.rules.tree import Node

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

Needed = Callable[[Sequence[Any], Sequence[Sequence[Any]]], bool]
"""Whether a fact is needed, from the facts before it in its row and those of the rows above, nearest first."""


@frozen
class FactReader:
    """A fact, what reads it, and what says whether it is needed (None: always)."""

    fact: Fact
    read: Callable[[Any], Cell]
    needed: Needed | None


def readers_of(scheme: Scheme, level: str) -> list[FactReader]:
    """Return what reads the facts of a level, in the order in which they are declared."""
    place: dict[str, str] = {}
    for climb, upper in enumerate(scheme.tree.chain(level)[1:]):
        names = [fact.name for fact in scheme.facts.values() if fact.level == upper]
        place |= {name: f"above[{climb}][{at}]" for at, name in enumerate(names)}
    readers: list[FactReader] = []
    for fact in scheme.facts.values():
        if fact.level == level:
            needed = None if fact.needed_tree is None else _test(scheme, fact.needed_tree, dict(place))
            place[fact.name] = f"cells[{len(readers)}]"
            readers.append(FactReader(fact, reader_of(fact), needed))
    return readers


def _test(scheme: Scheme, tree: Node, place: Mapping[str, str]) -> Needed:
    constants = {("", name): item.value for name, item in scheme.constants.items()}
    if scheme.gate is not None:
        constants |= {("", name): item.value for name, item in scheme.gate.constants.items()}

    emitter = Emitter(lambda node: place[node.name], lambda _: "", {}, {}, constants, lambda _: "")
    code = compile(f"lambda cells, above: {emitter.expression(tree)}", f"<{scheme.id} needed_if>", "eval")
    test: Needed = eval(code, dict(emitter.space))
    return test
