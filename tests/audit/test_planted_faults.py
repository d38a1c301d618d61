"""An evaluator that is wrong in one place is caught by the differential; otherwise that test could not fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from pairs import Tally, compare, schemes_of

from jiangbu.money import allocate
from jiangbu.rules import emit, lookup, progressive, rows
from jiangbu.rules.emit import Emitter

MOST_TABLES = 400
AT_ONCE = 20
CASES = 18

Plant = Callable[[pytest.MonkeyPatch], None]


def boundary(patch: pytest.MonkeyPatch) -> None:
    """以上 taken as 超过: the edge itself falls into the lower row."""
    right = lookup.Cells.edges
    patch.setattr(lookup.Cells, "edges", lambda self, axis, den: tuple(n + 1 for n in right(self, axis, den)))


def comparison(patch: pytest.MonkeyPatch) -> None:
    """>= taken as >."""
    right = Emitter.pair
    patch.setattr(Emitter, "pair", lambda self, op, a, b: right(self, ">" if op == ">=" else op, a, b))


def rounding_mode(patch: pytest.MonkeyPatch) -> None:
    """Half-up taken as down."""
    right = Emitter.rounded

    def wrong(self: Emitter, node: Any, step: Fraction, mode: str, den: int) -> str:
        return right(self, node, step, "down" if mode == "half-up" else mode, den)

    patch.setattr(Emitter, "rounded", wrong)


def rounding_of_negatives(patch: pytest.MonkeyPatch) -> None:
    """Down taken as the floor, which differs below zero only."""
    patch.setitem(emit.RUNTIME, "down", lambda n, d: n // d)  # type: ignore[arg-type]


def denominator(patch: pytest.MonkeyPatch) -> None:
    """A quotient whose sides stand on different grids, as if they stood on one."""

    def wrong(self: Emitter, node: Any) -> tuple[str, str]:
        return self.expression(node.left), self.expression(node.right)

    patch.setattr(Emitter, "quotient", wrong)


def wrong_branch(patch: pytest.MonkeyPatch) -> None:
    """min taken as max."""
    right = Emitter.extreme

    def wrong(self: Emitter, node: Any) -> str:
        from attrs import evolve

        return right(self, evolve(node, op="max" if node.op == "min" else node.op))

    patch.setattr(Emitter, "extreme", wrong)
    patch.setitem(emit._EMIT, type_of("Extreme"), wrong)  # type: ignore[arg-type]


def type_of(name: str) -> type:
    """Return a node of the tree by its name."""
    found: type = getattr(emit, name)
    return found


def refused_rows_count(patch: pytest.MonkeyPatch) -> None:
    """An aggregate that counts refused rows."""
    right = rows.state_below

    def wrong(row: Any, climb: int) -> tuple[int, Any]:
        state, here = right(row, climb)
        return (rows.FINE if state == rows.REFUSED else state), here

    patch.setattr(rows, "state_below", wrong)


def ties_to_the_last(patch: pytest.MonkeyPatch) -> None:
    """Left-over fen given to the last of equal remainders instead of the first."""

    def wrong(total: int, weights: Sequence[int]) -> list[int]:
        return list(reversed(allocate(total, list(reversed(weights)))))

    patch.setattr(rows, "share_out", wrong)


def progressive_start(patch: pytest.MonkeyPatch) -> None:
    """A progressive sum whose bands keep the base of the band before."""
    right = progressive.progressive

    def wrong(*args: Any, **words: Any) -> tuple[progressive.Piece, ...]:
        pieces = right(*args, **words)
        bases = [Fraction(0), *(piece.base for piece in pieces)]
        return tuple(progressive.Piece(p.start, base, p.slope) for p, base in zip(pieces, bases, strict=False))

    patch.setattr(emit, "progressive", wrong)


def month_end(patch: pytest.MonkeyPatch) -> None:
    """Months counted as thirty days each."""
    patch.setitem(emit.RUNTIME, "months", lambda a, b: floor((b - a) / 30))  # type: ignore[arg-type]


def a_day_late(patch: pytest.MonkeyPatch) -> None:
    """A series whose new rate counts from the day after."""
    right = Emitter.series_at

    def wrong(self: Emitter, node: Any) -> str:
        code = right(self, node)
        name, _, day = code.partition("(")
        series = self.series[node.series]
        return f"{name}(({day} if {day[:-1]} not in {tuple(series.days[1:])!r} else {day[:-1]}-1)"

    patch.setitem(emit._EMIT, type_of("SeriesAt"), wrong)  # type: ignore[arg-type]


PLANTS: tuple[Plant, ...] = (
    boundary, comparison, rounding_mode, rounding_of_negatives, denominator, wrong_branch, refused_rows_count,
    ties_to_the_last, progressive_start, month_end, a_day_late,
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_one_wrong_place_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same random pairs on which the sound evaluator agrees show each of these faults."""
    plant(monkeypatch)
    tally = Tally()
    for first in range(10_000, 10_000 + MOST_TABLES, AT_ONCE):
        for table, scheme in schemes_of(range(first, first + AT_ONCE), tally):
            compare(scheme, table, range(CASES), tally)
            if tally.found:
                return
    pytest.fail(f"{plant.__doc__} Not found in {tally.pairs:,} pairs.")
