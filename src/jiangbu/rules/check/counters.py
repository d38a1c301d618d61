"""What may break a promise: a case, the row of it that changes and how.

``never_more_than`` and ``nil_when`` ask one case; ``never_decreases_in`` two that differ in one step;
``no_gain_from_splitting`` a case and its two halves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.check.seen import SEED, Search
from jiangbu.rules.check.trials import Dice, Trial, owners, random_trial, replace, row_at, run
from jiangbu.rules.made import Cell
from jiangbu.rules.scheme import Scheme

HALVES = 12

Place = tuple[int, ...]
Ways = tuple[Mapping[str, Cell], ...]


@frozen
class Counter:
    """A case and what is done to one row of it, the row at ``place`` on the way down ``levels``.

    ``ways`` are the cells of that row in each of the trials; with ``added`` the first trial lacks the row.
    """

    base: Trial
    levels: tuple[str, ...] = ()
    place: Place = ()
    ways: Ways = ({},)
    added: bool = False

    def trials(self) -> tuple[Trial, ...]:
        """Return the cases that stand against one another."""
        if self.added:
            return without(self.base, self.levels, self.place), self.base
        return tuple(self._with(way) for way in self.ways)

    def _with(self, way: Mapping[str, Cell]) -> Trial:
        if not way:
            return self.base
        return replace(self.base, self.levels, self.place, lambda row: evolve(row, cells={**row.cells, **way}))


def without(trial: Trial, levels: Sequence[str], place: Place) -> Trial:
    """Return a trial without the row at ``place`` on the way down ``levels``."""

    def drop(row: Trial) -> Trial:
        left = tuple(item for at, item in enumerate(row.rows[levels[-1]]) if at != place[-1])
        return evolve(row, rows={**row.rows, levels[-1]: left})

    return replace(trial, levels[:-1], place[:-1], drop)


# One case: never_more_than, nil_when


def one_case(search: Search, trial: Trial) -> Iterator[Counter]:
    yield Counter(trial)


# Two cases that differ in one step: never_decreases_in


def steps(search: Search, trial: Trial) -> Iterator[Counter]:
    """Yield a case and the same with one fact a little higher, or with one more row."""
    name, scheme = search.promise.names[0], search.scheme
    if name in scheme.facts:
        levels = search.way(scheme.facts[name].level)
        for place in owners(trial, levels):
            now = row_at(trial, levels, place).cells[name]
            for low, high in _rises(search, now, name):
                yield Counter(trial, levels, place, ({name: low}, {name: high}))
        return
    dice = Dice(SEED + search.points)
    levels = search.way(scheme.tree.by_name[name].of)
    for place in owners(trial, levels):
        extra = random_trial(scheme, search.values, dice, name)
        many = len(row_at(trial, levels, place).rows.get(name, ()))

        def grow(row: Trial, extra: Trial = extra) -> Trial:
            return evolve(row, rows={**row.rows, name: (*row.rows.get(name, ()), extra)})

        yield Counter(replace(trial, levels, place, grow), (*levels, name), (*place, many), added=True)


def _rises(search: Search, now: Any, name: str) -> list[tuple[Cell, Cell]]:
    """Return pairs of a lower and a higher value: from ``now`` to each above it, and from each to the next."""
    higher = [value for value in search.values[name] if isinstance(value, int) and value > now]
    fact = search.scheme.facts[name]
    if fact.bounds is not None and now < fact.bounds.grid(fact.den)[1]:
        higher = sorted({now + 1, *higher})
    tried = higher if search.scheme.tree.flat else higher[:4]
    return [*((now, value) for value in tried), *pairwise(tried)]


# One case against two that sum to it: no_gain_from_splitting


def splits(search: Search, trial: Trial) -> Iterator[Counter]:
    levels = search.way(search.scheme.facts[search.promise.names[0]].level)
    for place in owners(trial, levels):
        for one, other in _halves(search, row_at(trial, levels, place)):
            yield Counter(trial, levels, place, whole_of(one, other))


def whole_of(one: Mapping[str, Any], other: Mapping[str, Any]) -> Ways:
    """Return the cells of a split row: the whole, and its two halves."""
    return {name: part + other[name] for name, part in one.items()}, one, other


def _halves(search: Search, row: Trial) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    for at in range(HALVES):
        pairs: dict[str, tuple[int, int]] = {}
        for name in search.promise.names:
            whole: Any = row.cells[name]
            fact = search.scheme.facts[name]
            assert fact.bounds is not None
            low, high = fact.bounds.grid(fact.den)
            fits = [v for v in search.values[name] if isinstance(v, int) and low <= whole - v <= high]
            part = fits[at % len(fits)] if fits and at else whole // 2
            if low <= part <= high and low <= whole - part <= high:
                pairs[name] = part, whole - part
        if len(pairs) == len(search.promise.names):
            yield {name: one for name, (one, _) in pairs.items()}, {name: other for name, (_, other) in pairs.items()}


def shown(scheme: Scheme, trials: Sequence[Trial]) -> str:
    """Write a counter-example as facts and amounts."""
    return "; ".join(f"{_facts_text(trial.facts(scheme))} → {run(scheme, trial).amount}" for trial in trials)


def _facts_text(facts: Mapping[str, Any]) -> str:
    parts = []
    for name, value in facts.items():
        if isinstance(value, list):
            rows = ", ".join("{" + _facts_text(row) + "}" for row in value)
            parts.append(f"{name}: [{rows}]")
        elif name != "id":
            parts.append(f"{name} = {value}")
    return ", ".join(parts)
