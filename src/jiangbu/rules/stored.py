"""What a determination stores: integers over the denominators of a layout, and nothing that can be made from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jiangbu.errors import Problem
from jiangbu.rules.layout import Layout
from jiangbu.rules.made import Cell

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


@frozen
class Head:
    """What all determinations of one scheme share: where they come from, and how their tuples are laid out."""

    format: int
    scheme_id: str
    place: str
    digest: str
    gate_id: str
    gate_digest: str
    series: Mapping[str, str] = field(hash=False)
    on: date | None
    known_on: date | None
    under: str
    layouts: Mapping[str, Layout] = field(hash=False, repr=False)
    pay_level: str
    pays: str
    parts: tuple[str, ...]
    recovers: str
    remarks: Mapping[str, tuple[str, ...]] = field(hash=False, repr=False)
    scheme: Scheme | None = field(default=None, eq=False, repr=False)

    @property
    def root(self) -> str:
        return next(name for name, layout in self.layouts.items() if not layout.of)


@frozen
class RowData:
    """One row as stored: integers over the denominators of its layout, numbers of codes, rows below by level."""

    id: str
    facts: tuple[Cell | None, ...]
    values: tuple[Cell | None, ...]
    failed: tuple[int, ...] = ()
    columns: tuple[Cell | None, ...] = ()
    below: tuple[tuple[RowData, ...], ...] = ()
    assumed: tuple[str, ...] = ()
    noted: tuple[int, ...] = ()
    unreadable: bool = False
    aside: tuple[tuple[str, str, str], ...] = ()
    # Not compared: read without tables, an object stays in its JSON form. Its columns and made rows are compared.
    source: Any = field(default=None, eq=False)


@frozen
class Rest:
    """What most determinations of one row have nothing of."""

    problems: tuple[Problem, ...] = ()
    assumed: tuple[str, ...] = ()
    noted: tuple[int, ...] = ()
    unreadable: bool = False
    columns: tuple[Cell | None, ...] = ()
    below: tuple[tuple[RowData, ...], ...] = ()
    aside: tuple[tuple[str, str, str], ...] = ()
    source: Any = field(default=None, eq=False)


NO_REST = Rest()
