"""What makers bring, as the second opinion takes it: objects and made rows are handed in as data, never imported.

The rows that a maker cuts are taken as it gives them; what the rule then makes of them is computed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

from attrs import frozen

from jiangbu.audit.words import NUMERIC, Boundary, Value


@frozen(eq=False)
class Column:
    """One value of an object or a made row: its kind, and the denominator over which a maker gives it."""

    kind: str
    den: int | None
    bounds: tuple[Boundary, ...]

    def value(self, cell: object) -> Value:
        """Return what a maker's cell means; raise ``ValueError`` where it is none of the column's kind."""
        match self.kind, cell:
            case "flag", bool():
                return cell
            case "text" | "choice", str():
                return cell
            case "date", int() if not isinstance(cell, bool):
                return date.fromordinal(cell)
            case "money" | "number" | "rate", int() if not isinstance(cell, bool):
                return Fraction(cell, self.den or 1)
        raise ValueError(f"a maker gives {cell!r} for a {self.kind}")


def column(declared: Any) -> Column:
    """Take a column as a maker declares it: ``kind``, ``den``, ``low`` and ``high``."""
    bounds: tuple[Boundary, ...] = ()
    if declared.kind in NUMERIC:
        bounds = (Boundary("at_least", declared.low), Boundary("at_most", declared.high))
    return Column(declared.kind, declared.den, bounds)


Call = tuple[Column, Callable[[Any, int], int]]
"""A function of an object and a day: what it gives, and how it is computed from the object and an ordinal."""


@frozen(eq=False)
class Brought:
    """What a maker brings to one level: an object in every row, or rows of its own making.

    ``maker`` offers ``take`` and ``row`` for objects, ``make`` for made rows.
    """

    is_object: bool
    maker: Any
    columns: Mapping[str, Column]
    calls: Mapping[str, Call]

    def values(self, cells: Sequence[object]) -> dict[str, Value]:
        """Return the values of a row by column."""
        return {name: one.value(cell) for (name, one), cell in zip(self.columns.items(), cells, strict=True)}


def brought(entry: Mapping[str, Any], makers: Any) -> Brought | None:
    """Return what an entry of ``[levels]`` asks makers for; ``ValueError`` where nobody brings it."""
    for key in ("object", "made_by"):
        if key not in entry:
            continue
        offered = {} if makers is None else makers.objects if key == "object" else makers.rows
        if entry[key] not in offered:
            raise ValueError(f"no maker brings {entry[key]}")
        maker = offered[entry[key]]
        calls = maker.calls if key == "object" else {}
        return Brought(
            is_object=key == "object",
            maker=maker,
            columns={name: column(declared) for name, declared in maker.columns.items()},
            calls={word: (column(declared), compute) for word, (declared, compute) in calls.items()},
        )
    return None


def read_settings(file: Mapping[str, Any], makers: Any) -> dict[str, Any]:
    """Let makers read their sections of a table, anew from its text; None stands for one that is not written.

    Raises ``ValueError`` where a maker cannot read its section.
    """
    settings: dict[str, Any] = {}
    for name, section in ({} if makers is None else makers.sections).items():
        try:
            settings[name] = section.read(file[name]) if name in file else None
        except Exception as error:
            if not isinstance(error, Faulty):
                raise
            raise ValueError(f"[{name}]: {error}") from error
    return settings


@runtime_checkable
class Faulty(Protocol):
    """What a maker raises of an object that cannot be used: code and path inside it first, for each fault."""

    faults: Sequence[tuple[str, str, str, str, str]]


class Unusable(Exception):
    """An object that cannot be used, as (code, path inside it) for each fault."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)


@frozen(eq=False)
class Taken:
    """An object that was taken: itself, its id, and its columns."""

    thing: Any
    id: str
    columns: Mapping[str, Value]


def take(by: Brought, given: object) -> Taken:
    """Take an object or its JSON form; raise `Unusable` with everything that is wrong with it."""
    try:
        thing = by.maker.take(given)
        id, cells = by.maker.row(thing)
    except Exception as error:
        # A maker's own exception is known by what it carries: its class is on the evaluator's side.
        if not isinstance(error, Faulty):
            raise
        raise Unusable([(fault[0], fault[1]) for fault in error.faults]) from error
    return Taken(thing, id, by.values(cells))
