"""Cases that change many facts at once: crossed from good ones, pushed to extremes, led uphill to a counter-example.

A false promise often breaks only where several facts meet (a lease, a rent, a cap that is reached). Points drawn at
random seldom meet them, for most are refused; so these searches begin where the rule pays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.check.counters import Counter
from jiangbu.rules.check.seen import Search, sites
from jiangbu.rules.check.trials import Trial, replace, row_at
from jiangbu.rules.kinds import NUMERIC
from jiangbu.rules.made import Cell
from jiangbu.rules.tree import Name, walk

MOST_KICKED = 3
VALUES = 8

Asked = Callable[[Trial], tuple[Fraction | None, Counter | None]]


@frozen
class Point:
    """A trial and how good it is to search from: its margin first, then what it pays, then how much is at work.

    ``counter`` is what in it comes nearest to breaking the promise.
    """

    trial: Trial
    margin: Fraction | None
    counter: Counter | None
    amount: Fraction
    height: int

    @property
    def rank(self) -> tuple[bool, Fraction, Fraction, int]:
        return self.margin is not None, self.margin or Fraction(0), *self.pay

    @property
    def pay(self) -> tuple[Fraction, int]:
        return self.amount, self.height


class Pool:
    """The best point of each combination of choices and flags, so that the search does not stare at one of them."""

    def __init__(self, search: Search, asked: Asked) -> None:
        self.search, self.asked = search, asked
        self.looked = 0
        self._near: dict[Any, Point] = {}
        self._paid: dict[Any, Point] = {}

    def add(self, trial: Trial) -> Point:
        """Measure a trial and keep it if it is the best of its combination."""
        self.looked += 1
        point = Point(trial, *self.asked(trial), self.search.seen(trial).amount, self.search.height(trial))
        key = _combination(trial)
        if key not in self._near or point.rank > self._near[key].rank:
            self._near[key] = point
        if key not in self._paid or point.pay > self._paid[key].pay:
            self._paid[key] = point
        return point

    def nearest(self, many: int) -> list[Point]:
        """Return the points that come nearest to breaking the promise."""
        found = [point for point in self._near.values() if point.margin is not None]
        return sorted(found, key=lambda point: point.rank, reverse=True)[:many]

    def parents(self, many: int) -> list[Point]:
        """Return points to cross: those that come nearest, and those that are paid most."""
        paid = sorted(self._paid.values(), key=lambda point: point.pay, reverse=True)
        return [*self.nearest(many), *paid[:many]]


def _combination(trial: Trial) -> Any:
    cells = tuple(cell for cell in trial.cells.values() if isinstance(cell, bool | str))
    return cells, tuple((name, min(len(rows), 2)) for name, rows in trial.rows.items())


def crossed(search: Search, parents: Sequence[Point], many: int) -> Iterator[Trial]:
    """Yield trials that have each fact from one of two good ones, and some facts at an extreme.

    The facts that the promise itself names come together from a trial in which it is asked, every other time.
    """
    if not parents:
        return
    dice, named = search.dice, _named(search)
    asked = [point for point in parents if point.margin is not None] or list(parents)
    for at in range(many):
        one, other = dice.pick(parents).trial, dice.pick(asked).trial
        whole = at % 2 == 0
        cells = {
            name: other.cells.get(name, cell) if (name in named if whole else dice.throw(2)) else cell
            for name, cell in one.cells.items()
        }
        rows = {name: other.rows.get(name, rows) if dice.throw(2) else rows for name, rows in one.rows.items()}
        if one.source is not None:
            rows = dict(one.rows)
        yield kicked(search, evolve(one, cells=cells, rows=rows), dice.throw(MOST_KICKED + 1))


def _named(search: Search) -> set[str]:
    trees = [tree for tree in (search.promise.what_tree, search.promise.when_tree) if tree is not None]
    return {node.name for tree in trees for node in walk(tree) if isinstance(node, Name) and node.of == "fact"}


def kicked(search: Search, trial: Trial, many: int) -> Trial:
    """Return a trial with some facts changed, anywhere in it."""
    places = [(levels, place, name) for levels, place in sites(trial) for name in row_at(trial, levels, place).cells]
    for _ in range(many if places else 0):
        levels, place, name = search.dice.pick(places)
        trial = _put(trial, levels, place, name, _somewhere(search, name))
    return trial


def _somewhere(search: Search, name: str) -> Cell:
    """Draw a value for a fact: its lowest, its highest, one at a boundary, or a round part of its highest."""
    values, dice = search.values[name], search.dice
    cell: Cell = (values[0], values[-1], dice.pick(values), dice.pick(values))[dice.throw(4)]
    fact = search.scheme.facts[name]
    if fact.kind in NUMERIC and fact.bounds is not None and dice.throw(4) == 0:
        low, high = fact.bounds.grid(fact.den)
        cell = max(low, high // (2 ** (1 + dice.throw(12))))
    return cell


def climb(search: Search, pool: Pool, start: Point, turns: int) -> Point:
    """Lead one point uphill: each fact in turn to its best value, then several at once; stop when a promise breaks.

    :param turns: how many trials may be looked at on the way.
    """
    last, best = pool.looked + turns, start
    while pool.looked < last and not (best.margin or 0) > 0:
        better = _turned(search, pool, best, last)
        if better.rank > best.rank:
            best = better
            continue
        for _ in range(VALUES):
            point = pool.add(kicked(search, best.trial, 2 + search.dice.throw(MOST_KICKED - 1)))
            if point.margin is not None and best.margin is not None and point.margin >= best.margin:
                best = point  # a step along a plain: what the line is capped at may give way further on
                break
    return best


def _turned(search: Search, pool: Pool, best: Point, last: int) -> Point:
    """Return the best point that single facts lead to, one after the other."""
    for levels, place in list(sites(best.trial)):
        for name in row_at(best.trial, levels, place).cells:
            for cell in _few(search, name):
                if pool.looked >= last or (best.margin or 0) > 0:
                    return best
                point = pool.add(_put(best.trial, levels, place, name, cell))
                if point.rank > best.rank:
                    best = point
    return best


def _few(search: Search, name: str) -> Sequence[Cell]:
    values = search.values[name]
    if len(values) <= VALUES:
        return values
    return [values[0], values[-1], *(search.dice.pick(values) for _ in range(VALUES - 2))]


def _put(trial: Trial, levels: Sequence[str], place: Sequence[int], name: str, cell: Cell) -> Trial:
    return replace(trial, levels, place, lambda row: evolve(row, cells={**row.cells, name: cell}))
