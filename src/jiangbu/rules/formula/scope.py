"""What a formula sees around it: names, lookup tables, levels; and the faults that it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, Protocol

from attrs import evolve, field, frozen

from jiangbu.money import scaled_to_decimal
from jiangbu.rules.formula.language import ZERO
from jiangbu.rules.kinds import Bounds, Value, decimals_of
from jiangbu.rules.levels import Levels
from jiangbu.rules.lookup import Axis, Cells, cut_up
from jiangbu.rules.model import LookupTable
from jiangbu.rules.tree import Span, Type


@frozen
class Fault:
    """One fault of a formula: columns count from 0 in the formula's text."""

    code: str
    message: str
    span: Span = (0, 0)
    remedy: str = ""
    warning: bool = False


@frozen
class Symbol:
    """A name that a formula may use. ``type`` None: its own entry is broken, say nothing more about it."""

    name: str
    of: str
    level: str
    type: Type | None
    value: Any = None
    bounds: Bounds | None = None


@frozen
class TableInfo:
    """What a formula needs of a lookup table: its inputs as symbols, the bounds of each, its columns' types.

    A table that could not be read to the end is not ``whole``: its gaps are not asked for, and a column of which an
    entry is missing has no type, nor an input that is not known.
    """

    table: LookupTable
    inputs: tuple[Symbol, ...]
    axes: tuple[Axis, ...]
    columns: Mapping[str, Type]
    whole: bool = True

    _cut: dict[tuple[int | None, ...], Cells] = field(factory=dict, init=False, eq=False, repr=False)

    @property
    def bounds(self) -> tuple[Bounds | None, ...]:
        return tuple(axis.bounds for axis in self.axes)

    @property
    def cells(self) -> Cells:
        """The table cut up at its declared inputs."""
        return self.on([axis.den for axis in self.axes])

    def on(self, dens: Sequence[int | None]) -> Cells:
        """Cut the table for keys that stand on the grids 1/den (None: a choice, a flag, or any value between)."""
        wanted = tuple(
            None if axis.options or axis.den is None else lcm(axis.den, den or 1)
            for axis, den in zip(self.axes, dens, strict=True)
        )
        if wanted not in self._cut:
            axes = [
                axis if axis.options else evolve(axis, den=den) for axis, den in zip(self.axes, wanted, strict=True)
            ]
            self._cut[wanted] = cut_up(self.table, axes)
        return self._cut[wanted]

    def measured(self, cells: Cells, along: int) -> tuple[Axis, ...]:
        """Return the axes for a progressive sum along one input, which always begins at zero.

        A row without a lower end reaches down to zero there, whatever is the least that may be given: of 150 亩 the
        first is one as well. And how tightly a line's value is known must not change an amount.
        """
        axes = list(cells.axes)
        bounds = axes[along].bounds
        if bounds is not None and bounds.low > 0:
            axes[along] = evolve(axes[along], bounds=evolve(bounds, low=ZERO, low_open=False))
        return tuple(axes)

    def gap(self, dens: Sequence[int | None]) -> str:
        """Say where no row covers a point of these grids; nothing if all are covered, or if that is not known."""
        if not self.whole:
            return ""
        gaps = [fault for fault in self.on(dens).faults if fault.code == "gap"]
        return self.show(gaps[0].point) if gaps else ""

    def show(self, point: Sequence[Value]) -> str:
        """Write a point as ``revenue = 500000.01``."""
        shown = []
        for symbol, value in zip(self.inputs, point, strict=True):
            kind = symbol.type.kind if symbol.type else ""
            if kind == "date" and isinstance(value, Fraction):
                text = date.fromordinal(int(value)).isoformat()
            else:
                text = plain(value) if isinstance(value, Fraction) else str(value)
            shown.append(f"{symbol.name} = {text}")
        return ", ".join(shown)


class Scope(Protocol):
    """Where a formula looks names up."""

    @property
    def levels(self) -> Levels: ...
    @property
    def symbols(self) -> Mapping[str, Symbol]: ...
    @property
    def tables(self) -> Mapping[str, TableInfo | None]: ...
    @property
    def made(self) -> Mapping[str, Mapping[str, Symbol]]: ...
    @property
    def made_calls(self) -> Mapping[str, Mapping[str, Type]]: ...

    @property
    def labels(self) -> Mapping[str, str]:
        """What people call a name, and how a formula writes it: of an option, in quotes."""
        ...

    @property
    def own(self) -> str:
        """The name of the line whose formula is read; empty elsewhere."""
        ...

    def series(self, name: str) -> Mapping[str, Type] | None:
        """Return the columns of a series, or None if there is none of that name."""
        ...

    def later_than(self, name: str) -> bool:
        """Whether a name is declared, but only after the formula at hand."""
        ...

    def hidden(self, name: str) -> bool:
        """Whether a name may stand for something that could not be read, so that nothing is said about it."""
        ...


def plain(value: Fraction) -> str:
    """Write a number without exponent: as a decimal if it has one, else as a fraction."""
    places = decimals_of(value)
    return str(value) if places < 0 else str(scaled_to_decimal(int(value * 10**places), places))
