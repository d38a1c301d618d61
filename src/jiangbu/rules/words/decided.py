"""When each refusal of a row is decided: a sum or share leaves out only the rows that are refused by then.

A row may be refused late, by a share over no weight of a total that is itself a share of the sum; the sum has then
counted it (schedule.py says why that is no circle), and a sentence must show it as counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING

from attrs import define, field

from jiangbu.rules.emit import HoleStop, Stop
from jiangbu.rules.schedule import Step, may_hole
from jiangbu.rules.tree import Aggregate, Allocate

if TYPE_CHECKING:
    from jiangbu.rules.results import RowResult
    from jiangbu.rules.scheme import Scheme
    from jiangbu.rules.words.values import Values


@define
class Decisions:
    """The place of every refusal and of every sum and share in the order of evaluation of a scheme."""

    scheme: Scheme
    places: Mapping[int, int] = field(init=False)
    deciders: Mapping[tuple[str, str], tuple[int, ...]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        places: dict[int, int] = {}
        deciders: dict[tuple[str, str], tuple[int, ...]] = {}
        for at, step in enumerate(self.scheme.steps):
            if step.kind in ("aggregate", "allocate"):
                places[id(step.node)] = at
            for key in self._refuses(step):
                deciders[key] = (*deciders.get(key, ()), at)
        self.places, self.deciders = places, deciders

    def _refuses(self, step: Step) -> list[tuple[str, str]]:
        """Return level and code of what a step may refuse."""
        scheme = self.scheme
        found = [(step.level, f"{origin or scheme.id}.{table}") for origin, table in may_hole(step, scheme.infos)]
        if step.kind == "requirement":
            found.append((step.level, scheme.requirements[step.line].code))
        if step.kind == "allocate" and isinstance(step.node, Allocate):
            found.append((step.node.holder, f"{scheme.id}.{step.line}"))
        return found

    def refused(self, row: RowResult, node: Aggregate | Allocate, values: Values) -> bool:
        """Whether a requirement, a hole or a share had refused a row itself when a sum or share was taken."""
        at = self.places.get(id(node), inf)
        for number in row.data.failed:
            deciders = self.deciders.get((row.level, row.layout.codes[number]), ())
            before = [place for place in deciders if place < at]
            if len(before) == len(deciders) or any(self._holed(place, row, values) for place in before):
                return True
        return False

    def _holed(self, place: int, row: RowResult, values: Values) -> bool:
        """Whether one step fell into a hole for a row; of several that ask one table, any may be the one."""
        step = self.scheme.steps[place]
        try:
            values.of(step.node, row, step.origin)
        except HoleStop:
            return True
        except Stop:
            return False
        return False
