"""The strict door: facts as a user gives them → integers, or every problem at once with its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jiangbu.errors import Problem
from jiangbu.rules.door.faults import DoorFault
from jiangbu.rules.door.needed import readers_of
from jiangbu.rules.door.taking import Taking
from jiangbu.rules.rows import Row

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


@frozen
class Taken:
    """Facts at the door: the rows of each level in order, what was set aside, and every problem.

    ``assumed`` holds, by the identity of the row, the facts whose default stands in.
    """

    rows: Mapping[str, list[Row]]
    aside: Mapping[int, Sequence[tuple[str, str, str]]]
    assumed: Mapping[int, tuple[str, ...]]
    problems: tuple[Problem, ...]


class Door:
    """Reads the facts of one scheme; it keeps nothing of a case."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.readers = {name: readers_of(scheme, name) for name in scheme.tree.by_name}
        self.known = {
            name: [*(item.fact.name for item in readers), *scheme.tree.below(name)]
            for name, readers in self.readers.items()
        }

    def take(self, facts: Any) -> Taken:
        """Read the facts of a case; nothing is thrown, every problem is in the result."""
        taking = Taking(self)
        root = self.scheme.tree.root
        if isinstance(facts, Mapping):
            taking.row(root, facts, None, "", "")
        else:
            taking.problem("", DoorFault("kind", facts, "a mapping of facts"))
            taking.blank(root, None, "")
        return Taken(taking.rows, taking.aside, taking.assumed, tuple(taking.problems))
