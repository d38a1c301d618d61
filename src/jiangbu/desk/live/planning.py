"""What is known while a scheme is compiled for a workbook: values, conditions and faults by level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field, frozen

from jiangbu.desk.live import states
from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import Den, Number, Piece
from jiangbu.rules.scheme import Scheme

COUNTED = "计入"
Columns = Mapping[str, int]
"""The visible columns of a level's sheet by key: ``fact.revenue``, ``line.award``, ``amount`` …"""


@frozen
class Input:
    """A fact as Python is given it: its place among the facts of a row, its slot, and how it is turned."""

    at: int
    slot: int
    turn: Callable[[Any], Any]


@define
class Planning:
    scheme: Scheme
    f: Formulas
    columns: Mapping[str, Columns]
    inputs: dict[str, list[Input]] = field(factory=dict)
    visible: dict[str, dict[str, str]] = field(factory=dict)
    conditions: dict[str, list[Piece]] = field(factory=dict)
    checks: dict[str, list[Piece]] = field(factory=dict)
    holed: dict[str, list[Piece]] = field(factory=dict)
    dated: dict[str, list[Piece]] = field(factory=dict)
    barred: dict[str, list[Piece]] = field(factory=dict)
    bad: dict[str, Piece] = field(factory=dict)
    spread: bool = False
    amounts: dict[str, Piece] = field(factory=dict)
    elements: dict[Any, Number | Piece] = field(factory=dict)
    wanted: frozenset[str] = frozenset()


def refused(p: Planning, level: str) -> Piece:
    """Whether a row of a level is refused by what is decided so far."""
    f, here, label = p.f, p.f.level, p.f.label
    f.level, f.label = level, ""
    result = states.refused(f, p.conditions[level], p.holed[level], p.barred[level])
    f.level, f.label = here, label
    return result


def spoilt(p: Planning, level: str) -> Piece | None:
    """Whether the facts of a row of a level cannot be used, by what is decided so far; None where they always can."""
    f = p.f
    if not p.checks[level] and not any(piece.fails for piece in p.dated[level]):
        return None
    p.spread = True
    here, label = f.level, f.label
    f.level, f.label = level, ""
    result = states.unreadable(f, p.checks[level], p.dated[level], [])
    f.level, f.label = here, label
    return result


def in_fen(f: Formulas, name: str) -> Number:
    """A line of money in fen."""
    number = f.values[name]
    assert isinstance(number, Number)
    return f.cellular(f.scaled(number, Den(100)), "（分）") if number.den != Den(100) else number
