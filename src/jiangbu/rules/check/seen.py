"""What a search sees of one trial: for each paid row its amount, the promise's limit, and whether the promise is asked.

A trial is determined once, however often a search comes back to it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from fractions import Fraction
from typing import Any

from attrs import frozen

from jiangbu.rules.check.trials import Dice, Trial, candidates, run
from jiangbu.rules.determination import Determination
from jiangbu.rules.model import Promise
from jiangbu.rules.results import Outcome, RowResult
from jiangbu.rules.scheme import Scheme

SEED = 20230509
PARTS = 1_000
ADDED = ("Limit", "When")


@frozen
class PaidRow:
    """One paid row: what it gets in yuan (None: unreadable), the promise's limit, whether ``when`` holds."""

    row: RowResult
    amount: Fraction | None
    limit: Any
    due: bool


@frozen
class Seen:
    """One trial as determined: whether it can be read, what all its rows get in yuan, and each paid row."""

    result: Determination
    readable: bool
    amount: Fraction
    rows: tuple[PaidRow, ...]


class Search:
    """The scheme, the promise and the values worth trying; counts the points that were tried."""

    def __init__(self, scheme: Scheme, promise: Promise) -> None:
        self.scheme, self.promise = scheme, promise
        self.values = candidates(scheme)
        self.dice = Dice(SEED)
        self.points = 0
        self._memo: dict[Hashable, Seen] = {}
        self._spans: dict[str, tuple[Fraction, Fraction]] = {}

    def seen(self, trial: Trial) -> Seen:
        """Determine one trial, or remember it."""
        key = _key(trial)
        if key not in self._memo:
            self.points += 1
            self._memo[key] = self._read(run(self.scheme, trial))
        return self._memo[key]

    def way(self, level: str) -> tuple[str, ...]:
        """Return the levels from below the root down to one."""
        tree = self.scheme.tree
        return tree.between(tree.root, level) if level != tree.root else ()

    def height(self, trial: Trial) -> int:
        """Return how high the lines of a trial stand within their intervals: the more of the rule is at work in it."""
        total = 0
        for row in self.seen(trial).result.root.walk():
            for slot, cell in zip(row.layout.lines, row.data.values, strict=True):
                if isinstance(cell, int) and not isinstance(cell, bool) and slot.name not in ADDED:
                    low, wide = self._span(slot.name)
                    total += int((Fraction(cell, slot.den) - low) / wide * PARTS)
        return total

    def _span(self, name: str) -> tuple[Fraction, Fraction]:
        if name not in self._spans:
            kind = self.scheme.lines[name].type
            assert kind is not None
            self._spans[name] = kind.low, (kind.high - kind.low) or Fraction(1)
        return self._spans[name]

    def _read(self, result: Determination) -> Seen:
        paid = tuple(self._paid(row) for row in result.paid_rows)
        if self.scheme.tree.flat:
            readable = not result.problems and all(one.amount is not None for one in paid)
            return Seen(result, readable, sum((one.amount or Fraction(0) for one in paid), Fraction(0)), paid)
        return Seen(result, result.outcome is not Outcome.UNREADABLE, Fraction(result.amount), paid)

    def _paid(self, row: RowResult) -> PaidRow:
        outcome = row.outcome
        paid = (row.pay() or 0) if outcome is Outcome.PAYABLE else 0
        amount = None if outcome is Outcome.UNREADABLE else Fraction(paid, 100)
        due = self.promise.when_tree is None or _line(row, "When") is True
        return PaidRow(row, amount, _line(row, "Limit"), due)


def _key(trial: Trial) -> Hashable:
    rows = tuple((level, tuple(_key(row) for row in rows)) for level, rows in trial.rows.items())
    return trial.id, frozenset(trial.cells.items()), rows


def _line(row: RowResult, name: str) -> Any:
    for slot, cell in zip(row.layout.lines, row.data.values, strict=True):
        if slot.name == name:
            return Fraction(cell, slot.den) if isinstance(cell, int) and not isinstance(cell, bool) else cell
    return None


def sites(
    trial: Trial, levels: tuple[str, ...] = (), place: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Yield where every row of a trial stands, parents first."""
    yield levels, place
    for level, rows in trial.rows.items():
        for at, row in enumerate(rows):
            yield from sites(row, (*levels, level), (*place, at))
