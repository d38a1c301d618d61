"""The progressive sum (超额累进) over the bands of a lookup table, along one of its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from jiangbu.rules.kinds import Bounds, Value
from jiangbu.rules.lookup import Axis, span_of
from jiangbu.rules.model import Edge, LookupTable, Row


@frozen
class Piece:
    """From ``start`` on, a progressive sum is ``base`` plus ``slope`` for each unit beyond ``start``."""

    start: Fraction
    base: Fraction
    slope: Fraction


def progressive(
    table: LookupTable,
    axes: Sequence[Axis],
    along: int,
    column: str,
    others: Sequence[Value],
    *,
    counts: bool,
) -> tuple[Piece, ...]:
    """Return the progressive sum (超额累进) of a column along one numeric input, as pieces in order.

    ``others`` holds the values of the other inputs (its entry at ``along`` is not read). The sum runs over the
    length of [0, x] in each band, or, for counts, over the whole units 1…x in each band; bands are clipped to the
    bounds of the axes (``TableInfo.measured``), which begin at zero.
    """
    axis = axes[along]
    bounds = axis.bounds
    assert bounds is not None
    low_end, high_end = bounds.low, bounds.high
    if counts:
        axis = Axis(bounds, 1)  # whole units stand on the grid of 1, also where the line is kept unrounded
        first, last = axis.ends
        low_end, high_end = max(first[0], Fraction(1)) - 1, last[0] - 1
    spans, rest = [], Fraction(0)
    for row in table.rows:
        slope = row.values[column]
        assert isinstance(slope, Fraction)
        if row.otherwise:
            rest = slope
        elif _hits(table, axes, row, along, others):
            edges = row.edges.get(table.inputs[along], ())
            if counts:
                first, last = span_of(axis, edges)
                low, high = max(first[0] - 1, low_end), last[0] - 1
            else:
                low, high = _raw_span(bounds, edges)
            if max(low, Fraction(0)) < high:
                spans.append((max(low, Fraction(0)), high, slope))
    at = max(low_end, Fraction(0))
    total = Fraction(0)
    pieces = [Piece(Fraction(0), total, Fraction(0))]
    for low, high, slope in [*sorted(spans), (high_end, high_end, Fraction(0))]:
        if low > at:
            pieces.append(Piece(at, total, rest))
            total += (low - at) * rest
        pieces.append(Piece(low, total, slope))
        total += (high - low) * slope
        at = max(at, high)
    last_by_start = {piece.start: piece for piece in pieces}
    return tuple(last_by_start[start] for start in sorted(last_by_start))


def _raw_span(bounds: Bounds, edges: Sequence[Edge]) -> tuple[Fraction, Fraction]:
    low, high = bounds.low, bounds.high
    for edge in edges:
        assert isinstance(edge.value, Fraction)
        if edge.word in ("at_least", "more_than", "is"):
            low = max(low, edge.value)
        if edge.word in ("at_most", "less_than", "is"):
            high = min(high, edge.value)
    return low, high


def _hits(table: LookupTable, axes: Sequence[Axis], row: Row, along: int, others: Sequence[Value]) -> bool:
    for at, (name, axis, value) in enumerate(zip(table.inputs, axes, others, strict=True)):
        edges = row.edges.get(name, ())
        if at == along or not edges:
            continue
        if axis.options:
            if edges[0].value != value:
                return False
            continue
        assert isinstance(value, Fraction)
        low, high = span_of(axis, edges)
        if not low <= (value, 0) < high:
            return False
    return True
