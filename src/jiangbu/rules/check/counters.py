"""What may break a promise: a case, the row of it that changes and how, and the test whether the promise is broken.

``never_more_than`` and ``nil_when`` ask one case; ``never_decreases_in`` two that differ in one step;
``no_gain_from_splitting`` a case and its two halves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.check.trials import Dice, Trial, candidates, owners, random_trial, replace, row_at, run
from jiangbu.rules.determination import Determination
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Promise
from jiangbu.rules.results import Outcome, RowResult
from jiangbu.rules.scheme import Scheme

SEED = 20230509
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


class Search:
    """The scheme, the promise and the values worth trying; counts the points that were tried."""

    def __init__(self, scheme: Scheme, promise: Promise) -> None:
        self.scheme, self.promise = scheme, promise
        self.values = candidates(scheme)
        self.points = 0

    def result(self, trial: Trial) -> Determination:
        """Determine one trial."""
        self.points += 1
        return run(self.scheme, trial)

    def way(self, level: str) -> tuple[str, ...]:
        """Return the levels from below the root down to one."""
        tree = self.scheme.tree
        return tree.between(tree.root, level) if level != tree.root else ()


def amount_of(row: RowResult) -> Fraction | None:
    """Return what a paid row gets; None where it is unreadable."""
    return None if row.outcome is Outcome.UNREADABLE else Fraction(row.amount or 0)


def _line(row: RowResult, name: str) -> Any:
    slots = [slot.name for slot in row.layout.lines]
    if name not in slots:
        return None
    slot, cell = row.layout.lines[slots.index(name)], row.data.values[slots.index(name)]
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Fraction(cell, slot.den)
    return cell


def _holds_when(row: RowResult, promise: Promise) -> bool:
    return promise.when_tree is None or _line(row, "When") is True


# One case: never_more_than, nil_when


def _one(search: Search, trial: Trial) -> Iterator[Counter]:
    yield Counter(trial)


def _exceeds(search: Search, counter: Counter) -> bool:
    """Whether a paid row gets more than the limit, or anything where nothing is due."""
    promise = search.promise
    for row in search.result(counter.base).paid_rows:
        amount, limit = amount_of(row), _line(row, "Limit")
        if amount is None or limit is None or not _holds_when(row, promise):
            continue
        if promise.kind == "nil_when":
            if limit is True and amount != 0:
                return True
        elif amount > limit:
            return True
    return False


# Two cases that differ in one step: never_decreases_in


def _steps(search: Search, trial: Trial) -> Iterator[Counter]:
    """Yield a case and the same with one fact a little higher, or with one more row."""
    name, scheme = search.promise.names[0], search.scheme
    if name in scheme.facts:
        levels = search.way(scheme.facts[name].level)
        for place in owners(trial, levels):
            now = row_at(trial, levels, place).cells[name]
            for value in _higher(search, now, name):
                yield Counter(trial, levels, place, ({name: now}, {name: value}))
        return
    dice = Dice(SEED + search.points)
    levels = search.way(scheme.tree.by_name[name].of)
    for place in owners(trial, levels):
        extra = random_trial(scheme, search.values, dice, name)
        many = len(row_at(trial, levels, place).rows.get(name, ()))

        def grow(row: Trial, extra: Trial = extra) -> Trial:
            return evolve(row, rows={**row.rows, name: (*row.rows.get(name, ()), extra)})

        yield Counter(replace(trial, levels, place, grow), (*levels, name), (*place, many), added=True)


def _higher(search: Search, now: Any, name: str) -> list[Cell]:
    higher = [value for value in search.values[name] if isinstance(value, int) and value > now]
    fact = search.scheme.facts[name]
    if fact.bounds is not None and now < fact.bounds.grid(fact.den)[1]:
        higher = sorted({now + 1, *higher})
    return list(higher if search.scheme.tree.flat else higher[:4])


def _falls(search: Search, counter: Counter) -> bool:
    """Whether the row that owns the change gets less after it; its neighbours in a pot do not count."""
    before, after = (search.result(trial) for trial in counter.trials())
    scheme, name = search.scheme, search.promise.names[0]
    fact = scheme.facts.get(name)
    level = fact.level if fact is not None else scheme.tree.by_name[name].of
    if scheme.tree.flat or not scheme.tree.sees(level, scheme.pay_level):
        rows = (*before.paid_rows[:1], *after.paid_rows[:1])
        if not all(_holds_when(row, search.promise) for row in rows):
            return False
        readable = Outcome.UNREADABLE not in (before.outcome, after.outcome)
        return readable and after.amount < before.amount
    return any(_lost(search, was, row) for was, row in _changed(before, after))


def _changed(before: Determination, after: Determination) -> Iterator[tuple[RowResult, RowResult]]:
    """Yield the paid rows in which the change lies: in their own facts or in rows below them."""

    def facts(here: RowResult) -> list[Any]:
        return [(item.path, item.data.facts) for item in here.walk()]

    old = {row.path: row for row in before.paid_rows}
    for row in after.paid_rows:
        was = old.get(row.path)
        if was is not None and facts(was) != facts(row):
            yield was, row


def _lost(search: Search, was: RowResult, row: RowResult) -> bool:
    if not (_holds_when(was, search.promise) and _holds_when(row, search.promise)):
        return False
    one, other = amount_of(was), amount_of(row)
    return one is not None and other is not None and other < one


# One case against two that sum to it: no_gain_from_splitting


def _splits(search: Search, trial: Trial) -> Iterator[Counter]:
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


def _gains(search: Search, counter: Counter) -> bool:
    """Whether the two halves, neither of them empty, together get more than the whole."""
    if not any(one and counter.ways[2][name] for name, one in counter.ways[1].items()):
        return False
    trials = counter.trials()
    results = [search.result(trial) for trial in trials]
    if any(result.outcome is Outcome.UNREADABLE for result in results):
        return False
    if not all(_holds_when(row, search.promise) for result in results for row in result.paid_rows[:1]):
        return False
    if not all(_taken(search, counter, *item) for item in zip(trials, results, counter.ways, strict=True)):
        return False
    whole, one, other = (Fraction(result.amount) for result in results)
    return one + other - _unsplit(search, counter) > whole


def _taken(search: Search, counter: Counter, trial: Trial, result: Determination, way: Mapping[str, Cell]) -> bool:
    """Whether the split facts were asked for: where one is not needed, its default stands and nothing is split."""
    here = result.root
    for level, at in zip(counter.levels, counter.place, strict=True):
        trial = trial.rows[level][at]
        name = trial.known_as(search.scheme.tree.by_name[level], at)
        here = next(row for row in here.rows(level) if row.id == name)
    cells = dict(zip((slot.name for slot in here.layout.facts), here.data.facts, strict=True))
    return all(cells[name] == cell for name, cell in way.items())


def _unsplit(search: Search, counter: Counter) -> Fraction:
    """Return what the rows beside the split one get: they stand in both halves and count once."""
    if not counter.levels:
        return Fraction(0)
    return Fraction(search.result(without(counter.base, counter.levels, counter.place)).amount)


Counters = Callable[[Search, Trial], Iterator[Counter]]
Broken = Callable[[Search, Counter], bool]
WAYS: Mapping[str, tuple[Counters, Broken]] = {
    "never_decreases_in": (_steps, _falls),
    "never_more_than": (_one, _exceeds),
    "nil_when": (_one, _exceeds),
    "no_gain_from_splitting": (_splits, _gains),
}
"""For each kind of promise: what may break it, made from one case, and the test whether it does."""


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
