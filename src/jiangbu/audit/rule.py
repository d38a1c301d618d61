"""A rule as the second opinion holds it: what the TOML text says, formulas kept as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from jiangbu.audit.made import Brought, Call, Column
from jiangbu.audit.words import Boundary, Value


@frozen
class Level:
    """One level of rows; ``above`` is the level that holds its rows, None at the root.

    ``brought`` is what a maker brings to it, None where a caller gives the rows as they are.
    """

    name: str
    above: str | None
    at_most: int | None
    brought: Brought | None = None


@frozen(eq=False)
class FactRule:
    """What a fact may be, and what stands in where it is not given."""

    name: str
    level: str
    kind: str
    decimals: int
    bounds: tuple[Boundary, ...]
    options: Mapping[str, str]
    default: Value | None
    needed_if: Formula | None


@frozen(eq=False)
class TableRow:
    """One row of a lookup table: what each input must be, by its position, and what the row gives."""

    tests: tuple[tuple[int, Boundary], ...]
    otherwise: bool
    gives: Mapping[str, Value]

    def hit_by(self, values: Sequence[Value]) -> bool:
        """Say whether every boundary of the row holds for the values of the inputs."""
        return all(boundary.holds(values[position]) for position, boundary in self.tests)


@frozen(eq=False)
class Table:
    """A lookup table; ``code`` is the code of the refusal where a case stands in one of its holes."""

    code: str
    inputs: tuple[str, ...]
    kinds: Mapping[str, str]
    rows: tuple[TableRow, ...]
    has_holes: bool


@frozen(eq=False)
class Series:
    """Dated values, each in force until the next one's day; nothing is known after ``complete_until``."""

    kinds: Mapping[str, str]
    rows: tuple[tuple[date, Mapping[str, Value]], ...]
    complete_until: date


@frozen(eq=False)
class Scope:
    """Whose formula it is: a scheme or a gate, each with constants and lookup tables of its own."""

    id: str
    constants: Mapping[str, Value]
    kinds: Mapping[str, str]
    tables: Mapping[str, Table]


@frozen(eq=False)
class Formula:
    """A formula with the level at whose rows it is computed; ``role`` says what it is there for."""

    name: str
    level: str
    role: str
    tree: ast.expr
    scope: Scope


@frozen(eq=False)
class Rounding:
    """The step to which a line is rounded, and the mode."""

    step: Fraction
    mode: str


@frozen(eq=False)
class Line:
    """A line of the calculation sheet; without ``rounding`` its value stays exact."""

    formula: Formula
    kind: str
    rounding: Rounding | None


@frozen(eq=False)
class Rule:
    """A scheme joined with its gate and the series it reads."""

    id: str
    root: str
    levels: Mapping[str, Level]
    facts: Mapping[str, FactRule]
    lines: Mapping[str, Line]
    requirements: tuple[Formula, ...]
    checks: tuple[Formula, ...]
    remarks: tuple[Formula, ...]
    pays: str | None
    paid_level: str
    series: Mapping[str, Series]
    settings: Mapping[str, Any]
    depth: Mapping[str, int] = field()

    @depth.default
    def _depth(self) -> dict[str, int]:
        return {name: len(self.path_to(name)) for name in self.levels}

    def path_to(self, level: str) -> tuple[str, ...]:
        """Return the levels from the root down to ``level``, both included."""
        above = self.levels[level].above
        return (*(self.path_to(above) if above is not None else ()), level)

    def between(self, above: str, level: str) -> tuple[str, ...]:
        """Return the levels below ``above`` on the way down to ``level``, which is included."""
        path = self.path_to(level)
        if above not in path[:-1]:
            raise ValueError(f"rows of {level} do not lie below those of {above}")
        return path[path.index(above) + 1 :]

    def children(self, level: str) -> tuple[str, ...]:
        """Return the levels directly below ``level``, in the order of the file."""
        return tuple(name for name, entry in self.levels.items() if entry.above == level)

    def column(self, level: str, name: str) -> Column | None:
        """Return a column that a maker brings to ``level``, or None."""
        by = self.levels[level].brought if level in self.levels else None
        return by.columns.get(name) if by is not None else None

    def call(self, level: str, word: str) -> Call | None:
        """Return a function of a day that the objects of ``level`` offer, or None."""
        by = self.levels[level].brought if level in self.levels else None
        return by.calls.get(word) if by is not None else None

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Every formula of the rule, lines first, in the order of the file."""
        lines = tuple(line.formula for line in self.lines.values())
        return (*lines, *self.requirements, *self.checks, *self.remarks)
