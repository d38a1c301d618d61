"""How near a case comes to breaking a promise: in yuan, above zero where it breaks it.

``never_more_than``: what a row gets beyond the limit; ``nil_when``: what it gets where nothing is due;
``never_decreases_in``: by how much it falls; ``no_gain_from_splitting``: what the halves get beyond the whole.
None where the promise is not asked, so that a search knows which way is up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from jiangbu.rules.check.counters import Counter, one_case, splits, steps, without
from jiangbu.rules.check.seen import PaidRow, Search, Seen
from jiangbu.rules.check.trials import Trial
from jiangbu.rules.made import Cell
from jiangbu.rules.results import RowResult

Counters = Callable[[Search, Trial], Iterator[Counter]]
Margin = Callable[[Search, Counter], Fraction | None]


def breaks(margin: Fraction | None) -> bool:
    """Whether a margin is that of a broken promise."""
    return margin is not None and margin > 0


def _excess(search: Search, counter: Counter) -> Fraction | None:
    """Return by how much a paid row gets more than the limit."""
    rows = [row for row in search.seen(counter.base).rows if row.due]
    found = [row.amount - row.limit for row in rows if row.amount is not None and row.limit is not None]
    return max(found, default=None)


def _undue(search: Search, counter: Counter) -> Fraction | None:
    """Return what a paid row gets where nothing is due."""
    rows = [row for row in search.seen(counter.base).rows if row.due and row.limit is True]
    return max((row.amount for row in rows if row.amount is not None), default=None)


def _fall(search: Search, counter: Counter) -> Fraction | None:
    """Return by how much the row that owns the change gets less after it; its neighbours in a pot do not count."""
    before, after = (search.seen(trial) for trial in counter.trials())
    scheme, name = search.scheme, search.promise.names[0]
    fact = scheme.facts.get(name)
    level = fact.level if fact is not None else scheme.tree.by_name[name].of
    if scheme.tree.flat or not scheme.tree.sees(level, scheme.pay_level):
        rows = (*before.rows[:1], *after.rows[:1])
        if not (before.readable and after.readable and all(row.due for row in rows)):
            return None
        return before.amount - after.amount
    found = (_lost(was, row) for was, row in _changed(before, after))
    return max((lost for lost in found if lost is not None), default=None)


def _changed(before: Seen, after: Seen) -> Iterator[tuple[PaidRow, PaidRow]]:
    """Yield the paid rows in which the change lies: in their own facts or in rows below them."""

    def facts(here: RowResult) -> list[Any]:
        return [(item.path, item.data.facts) for item in here.walk()]

    old = {one.row.path: one for one in before.rows}
    for one in after.rows:
        was = old.get(one.row.path)
        if was is not None and facts(was.row) != facts(one.row):
            yield was, one


def _lost(was: PaidRow, now: PaidRow) -> Fraction | None:
    if was.amount is None or now.amount is None or not (was.due and now.due):
        return None
    return was.amount - now.amount


def _gain(search: Search, counter: Counter) -> Fraction | None:
    """Return what the two halves, neither of them empty, together get beyond the whole."""
    if not any(one and counter.ways[2][name] for name, one in counter.ways[1].items()):
        return None
    trials = counter.trials()
    found = [search.seen(trial) for trial in trials]
    if not all(seen.readable for seen in found):
        return None
    if not all(row.due for seen in found for row in seen.rows[:1]):
        return None
    if not all(_taken(search, counter, *item) for item in zip(trials, found, counter.ways, strict=True)):
        return None
    whole, one, other = (seen.amount for seen in found)
    return one + other - _unsplit(search, counter) - whole


def _taken(search: Search, counter: Counter, trial: Trial, seen: Seen, way: Mapping[str, Cell]) -> bool:
    """Whether the split facts were asked for: where one is not needed, its default stands and nothing is split."""
    here = seen.result.root
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
    return search.seen(without(counter.base, counter.levels, counter.place)).amount


WAYS: Mapping[str, tuple[Counters, Margin]] = {
    "never_decreases_in": (steps, _fall),
    "never_more_than": (one_case, _excess),
    "nil_when": (one_case, _undue),
    "no_gain_from_splitting": (splits, _gain),
}
"""For each kind of promise: what may break it, made from one case, and how near that comes."""
