"""Made rows: what a maker declares, so that the kernel can read, check and evaluate rows that it knows nothing of.

A maker brings *objects* (a loan, a share agreement), each a row given by the user, and *made rows* (settlements,
segments), which it cuts from an object. The kernel sees names, kinds, bounds and row counts only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from jiangbu.rules.tree import Type


class ObjectFault(Exception):
    """An object that cannot be used: (code, path inside the object, found, expected, remedy) for each fault."""

    def __init__(self, faults: Sequence[tuple[str, str, str, str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{code} {path}: {found}" for code, path, found, *_ in faults))


Cell = int | bool | str
"""One value of a row as the evaluator holds it: an integer over the column's denominator, an ordinal, a flag, text."""


@frozen
class ObjectKind:
    """A typed object that stands as a row of its own.

    ``take`` turns the user's object or its JSON form into the object (``ObjectFault`` if it cannot), ``row`` gives
    its id and its columns' values, ``dump`` its JSON form. ``calls`` offers functions of a day, such as ``balance``:
    the type of the value and how it is computed from the object and an ordinal.
    """

    name: str
    label: str
    columns: Mapping[str, Type]
    labels: Mapping[str, str]
    take: Callable[[Any], Any]
    row: Callable[[Any], tuple[str, tuple[Cell, ...]]]
    dump: Callable[[Any], Any]
    calls: Mapping[str, tuple[Type, Callable[[Any, int], int]]] = field(factory=dict)
    json_schema: Mapping[str, Any] = field(factory=dict)


@frozen
class RowMaker:
    """Rows that are made below another level.

    ``make`` is called with the object, the made row above (None directly below the object) and the table's section,
    and returns ``(id, values)`` for each row in order. ``below`` names the objects or row kinds it may stand under.
    """

    name: str
    below: tuple[str, ...]
    columns: Mapping[str, Type]
    labels: Mapping[str, str]
    most_rows: int
    make: Callable[[Any, tuple[Cell, ...] | None, Any], Sequence[tuple[str, tuple[Cell, ...]]]]
    takes_facts: bool = True
    label: str = ""


@frozen
class Section:
    """A section of the table that a maker reads (``[accrual]``).

    ``read`` gets the section as TOML gave it and returns the maker's own settings; it raises ``ObjectFault``.
    """

    name: str
    read: Callable[[Mapping[str, Any]], Any]
    required_by: tuple[str, ...] = ()


@frozen
class Maker:
    objects: tuple[ObjectKind, ...] = ()
    rows: tuple[RowMaker, ...] = ()
    sections: tuple[Section, ...] = ()


@frozen
class Makers:
    """Everything that the makers at hand declare, by name."""

    objects: Mapping[str, ObjectKind] = field(factory=dict)
    rows: Mapping[str, RowMaker] = field(factory=dict)
    sections: Mapping[str, Section] = field(factory=dict)

    @classmethod
    def of(cls, makers: Sequence[Maker]) -> Makers:
        """Join several makers; a name that two of them bring is a mistake of the program."""
        objects = [item for maker in makers for item in maker.objects]
        rows = [item for maker in makers for item in maker.rows]
        sections = [item for maker in makers for item in maker.sections]
        for items in (objects, rows, sections):
            names = [item.name for item in items]
            if len(set(names)) < len(names):
                raise ValueError(f"two makers bring the same name among {names}")
        return cls(
            {item.name: item for item in objects},
            {item.name: item for item in rows},
            {item.name: item for item in sections},
        )
