"""Unique-hit lookup tables: every point of the grid of the inputs is hit by exactly one row.

Each numeric input is cut where any row begins or ends. A *cut* ``(v, 0)`` lies just before the number v, ``(v, 1)``
just after it; a row covers the cells between two cuts. On a grid of 1/den two cuts with no grid point between them
are the same cut, so 20–39 and 40 meet for counts and leave a gap for money.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor, prod
from typing import Any

from attrs import field, frozen

from jiangbu.rules.kinds import Bounds, Value
from jiangbu.rules.model import Edge, LookupTable

MOST_CELLS = 1_000_000
HOLE = -1

Cut = tuple[Fraction, int]


@frozen
class Axis:
    """One input of a table as the rows see it.

    ``den`` is its grid (None: any value between may occur, so the rows must meet); a choice or flag has
    ``options`` instead of bounds.
    """

    bounds: Bounds | None = None
    den: int | None = 1
    options: tuple[Value, ...] = ()

    def cut(self, value: Fraction, side: int) -> Cut:
        """Return the cut beside a number, moved to the grid if there is one."""
        if self.den is None:
            return value, side
        place = floor(value * self.den) + 1 if side else ceil(value * self.den)
        return Fraction(place, self.den), 0

    @property
    def ends(self) -> tuple[Cut, Cut]:
        assert self.bounds is not None
        low = self.cut(self.bounds.low, int(self.bounds.low_open))
        return low, self.cut(self.bounds.high, int(not self.bounds.high_open))


@frozen
class Fault:
    """A gap or an overlap: a point that no row, or two rows, hit."""

    code: str
    point: tuple[Value, ...]
    rows: tuple[int, ...]


@frozen
class Cells:
    """A table cut into cells: for each axis its inner cuts (or options), and the row that owns each cell."""

    axes: tuple[Axis, ...]
    cuts: tuple[tuple[Cut, ...], ...]
    owner: Sequence[int] = field(repr=False)
    faults: tuple[Fault, ...]
    unreachable: tuple[int, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(_size(axis, cuts) for axis, cuts in zip(self.axes, self.cuts, strict=True))

    def edges(self, axis: int, den: int) -> tuple[int, ...]:
        """Return the least integers n at which, for n/den, the next cell of that axis begins."""
        inner = self.cuts[axis][1:-1]
        return tuple(floor(v * den) + 1 if side else ceil(v * den) for v, side in inner)

    def place(self, values: Sequence[Value]) -> int:
        """Return the cell of a point."""
        index = 0
        for axis, cuts, value, size in zip(self.axes, self.cuts, values, self.sizes, strict=True):
            if axis.options:
                here = axis.options.index(value)
            else:
                assert isinstance(value, Fraction)
                here = bisect_right(cuts[1:-1], (value, 0))
            index = index * size + here
        return index

    def row(self, values: Sequence[Value]) -> int:
        """Return the row that hits a point (``HOLE``: none)."""
        return self.owner[self.place(values)]

    def strides(self) -> tuple[int, ...]:
        """Return how far one step along each axis moves in ``owner``."""
        sizes = self.sizes
        return tuple(prod(sizes[at + 1 :]) for at in range(len(sizes)))


class TooManyCells(Exception):
    """The rows cut the inputs into more cells than are checked; ``cells`` says how many."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        super().__init__(f"{cells:,} cells")


def _size(axis: Axis, cuts: Sequence[Cut]) -> int:
    return len(axis.options) or len(cuts) - 1


def span_of(axis: Axis, edges: Sequence[Edge]) -> tuple[Cut, Cut]:
    """Return the cuts between which a row lies on a numeric axis, clipped to the axis."""
    low, high = axis.ends
    for edge in edges:
        assert isinstance(edge.value, Fraction)
        if edge.word in ("at_least", "more_than", "is"):
            low = max(low, axis.cut(edge.value, int(edge.word == "more_than")))
        if edge.word in ("at_most", "less_than", "is"):
            high = min(high, axis.cut(edge.value, int(edge.word != "less_than")))
    return low, high


Box = list[tuple[Any, Any]]
"""For each axis from where to where a row reaches: two cuts, or two places among the options."""


def _boxes(table: LookupTable, axes: Sequence[Axis]) -> Iterator[Box]:
    for row in table.rows:
        box: Box = []
        for name, axis in zip(table.inputs, axes, strict=True):
            edges = row.edges.get(name, ())
            if axis.options:
                at = axis.options.index(edges[0].value) if edges else -1
                box.append((at, at + 1) if edges else (0, len(axis.options)))
            else:
                box.append(span_of(axis, edges))
        yield box


def cut_up(table: LookupTable, axes: Sequence[Axis], *, most_faults: int = 5) -> Cells:
    """Cut a table into cells and find who owns each; gaps and overlaps come with a witness point.

    Raises ``TooManyCells`` before any work that would be too large.
    """
    boxes = list(_boxes(table, axes))
    cuts: list[tuple[Cut, ...]] = []
    for at, axis in enumerate(axes):
        if axis.options:
            cuts.append(())
            continue
        marks = set(axis.ends)
        for row, box in zip(table.rows, boxes, strict=True):
            low, high = box[at]
            if not row.otherwise and low < high:
                marks |= {low, high}
        cuts.append(tuple(sorted(marks)))
    sizes = [_size(axis, line) for axis, line in zip(axes, cuts, strict=True)]
    total = prod(sizes)
    if total > MOST_CELLS:
        raise TooManyCells(total)
    places = [{cut: at for at, cut in enumerate(line)} for line in cuts]
    owner = [HOLE] * total
    faults: dict[tuple[int, ...], Fault] = {}
    unreachable = []
    for number, (row, box) in enumerate(zip(table.rows, boxes, strict=True)):
        if row.otherwise:
            free = [cell for cell, who in enumerate(owner) if who == HOLE]
            for cell in free:
                owner[cell] = number
            if not free:
                unreachable.append(number)
            continue
        ranges = []
        for axis, (low, high), where in zip(axes, box, places, strict=True):
            if axis.options:
                ranges.append(range(low, high))
            else:
                ranges.append(range(where[low], where[high]) if low < high else range(0))
        if not all(ranges):
            unreachable.append(number)
            continue
        _claim(owner, sizes, ranges, number, faults, most_faults)
    cells = Cells(tuple(axes), tuple(cuts), owner, (), tuple(unreachable))
    found = [
        Fault(fault.code, point_in(cells, fault.point), fault.rows)  # type: ignore[arg-type]
        for fault in faults.values()
    ]
    if not table.holes:
        gaps = (cell for cell, who in enumerate(owner) if who == HOLE)
        for cell, _ in zip(gaps, range(most_faults), strict=False):
            found.append(Fault("gap", point_in(cells, _unfold(cell, sizes)), _neighbours(cell, sizes, owner)))
    return Cells(tuple(axes), tuple(cuts), owner, tuple(found), tuple(unreachable))


def _claim(
    owner: list[int],
    sizes: Sequence[int],
    ranges: Sequence[range],
    number: int,
    faults: dict[tuple[int, ...], Fault],
    most: int,
) -> None:
    for head in product(*ranges[:-1]):
        base = 0
        for at, size in zip(head, sizes, strict=False):
            base = base * size + at
        base *= sizes[-1]
        for last in ranges[-1]:
            before = owner[base + last]
            if before == HOLE:
                owner[base + last] = number
            elif (before, number) not in faults and len(faults) < most:
                faults[before, number] = Fault("overlap", (*head, last), (before, number))  # type: ignore[arg-type]


def _unfold(cell: int, sizes: Sequence[int]) -> tuple[int, ...]:
    place = []
    for size in reversed(sizes):
        cell, here = divmod(cell, size)
        place.append(here)
    return tuple(reversed(place))


def _neighbours(cell: int, sizes: Sequence[int], owner: Sequence[int]) -> tuple[int, ...]:
    near = []
    stride = 1
    place = _unfold(cell, sizes)
    for at in reversed(range(len(sizes))):
        for step, fits in ((-1, place[at] > 0), (1, place[at] + 1 < sizes[at])):
            if fits and owner[cell + step * stride] != HOLE:
                near.append(owner[cell + step * stride])
        stride *= sizes[at]
    return tuple(dict.fromkeys(near))[:2]


def point_in(cells: Cells, place: Sequence[int]) -> tuple[Value, ...]:
    """Return a point inside a cell: its first where it has one, else the middle."""
    point: list[Value] = []
    for axis, cuts, at in zip(cells.axes, cells.cuts, place, strict=True):
        if axis.options:
            point.append(axis.options[at])
            continue
        (low, side), (high, _) = cuts[at], cuts[at + 1]
        point.append((low + high) / 2 if side and high > low else low)
    return tuple(point)
