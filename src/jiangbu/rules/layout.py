"""What the rows of each level of a scheme hold, slot by slot: what the program fills and a determination keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jiangbu.rules.schedule import may_hole
from jiangbu.rules.tree import Allocate

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


@frozen
class Slot:
    """One value of a row: its kind and denominator, and whether it is shown as an exact fraction."""

    name: str
    kind: str
    den: int
    exact: bool = False


@frozen
class Layout:
    """What the rows of one level hold, in order: columns of made rows and objects, facts, lines, refusal codes."""

    name: str
    of: str
    columns: tuple[Slot, ...]
    facts: tuple[Slot, ...]
    lines: tuple[Slot, ...]
    codes: tuple[str, ...]
    below: tuple[str, ...]
    made: bool = False


def layouts_of(scheme: Scheme) -> dict[str, Layout]:
    """Return the layout of every level, in the order of the tree."""
    result = {}
    for name, level in scheme.tree.by_name.items():
        kind = scheme.makers.objects.get(level.object) or scheme.makers.rows.get(level.made_by)
        columns = tuple(Slot(key, of.kind, of.den or 1, True) for key, of in kind.columns.items()) if kind else ()
        facts = tuple(Slot(fact.name, fact.kind, fact.den) for fact in scheme.facts.values() if fact.level == name)
        lines = tuple(
            Slot(line.name, line.kind, line.type.den or 1, line.round.step is None and line.round.stated)
            for line in scheme.lines.values()
            if line.level == name and line.type is not None
        )
        codes = [item.code for item in scheme.requirements.values() if item.level == name]
        for step in scheme.steps:
            if step.level == name:
                codes += [f"{origin or scheme.id}.{table}" for origin, table in may_hole(step, scheme.infos)]
            if isinstance(step.node, Allocate) and step.kind == "allocate" and step.node.holder == name:
                codes.append(f"{scheme.id}.{step.line}")
        below = scheme.tree.below(name)
        result[name] = Layout(
            name, level.of, columns, facts, lines, tuple(dict.fromkeys(codes)), below, bool(level.made_by)
        )
    return result
