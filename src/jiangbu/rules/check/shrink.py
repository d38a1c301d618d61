"""The smallest counter-example: fewer rows, defaults, first options and low values, while the promise stays broken.

Every step is tried by determining the cases again, a bounded number of times; what is kept at the end has itself been
determined and found broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from attrs import define, evolve

from jiangbu.rules.check.counters import Counter, Place, whole_of, without
from jiangbu.rules.check.margins import Margin, breaks
from jiangbu.rules.check.seen import Search, sites
from jiangbu.rules.check.trials import Trial, replace, row_at
from jiangbu.rules.door.values import default_cell
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Fact
from jiangbu.rules.scheme import Scheme

FLAT_TRIES = 2_000
TREE_TRIES = 400
ROUNDS = 5
FEW = 32


def smallest(search: Search, counters: Sequence[Counter], margin: Margin) -> Counter:
    """Make each of some counter-examples smaller, and return the least of them."""
    tries = (FLAT_TRIES if search.scheme.tree.flat else TREE_TRIES) // len(counters)
    least = [_Shrinking(search, margin, counter, tries).done() for counter in counters]
    return min(least, key=lambda counter: weight(search.scheme, counter))


def simplest(fact: Fact) -> Cell:
    """Return the value of a fact that says least: its default, no, the first option, or what is nearest to zero."""
    return default_cell(fact) if fact.has_default else _lowest(fact)


def _lowest(fact: Fact) -> Cell:
    if fact.kind == "flag":
        return False
    if fact.kind == "choice":
        return next(iter(fact.options))
    assert fact.bounds is not None
    low, high = fact.bounds.grid(fact.den)
    return low if fact.kind == "date" else min(max(low, 0), high)


def weight(scheme: Scheme, counter: Counter) -> tuple[int, ...]:
    """Return how large a counter-example is: its rows, its facts that are not the simplest, and how far they are."""
    rows, far = 0, []
    for trial in counter.trials():
        for row in _rows(trial):
            rows += 1
            far += [_distance(scheme.facts[name], cell) for name, cell in row.cells.items()]
    return rows, sum(map(bool, far)), sum(len(str(distance)) for distance in far), sum(far)


def _rows(trial: Trial) -> Iterator[Trial]:
    yield trial
    for rows in trial.rows.values():
        for row in rows:
            yield from _rows(row)


def _distance(fact: Fact, cell: Cell) -> int:
    if cell == simplest(fact):
        return 0
    if isinstance(cell, str):
        return 1 + list(fact.options).index(cell)
    if isinstance(cell, bool):
        return 1
    base = _lowest(fact)
    assert isinstance(base, int)
    return abs(cell - base) or 1


@define
class _Shrinking:
    """One counter-example on its way down; ``left`` is how often the promise may still be tried."""

    search: Search
    margin: Margin
    counter: Counter
    left: int

    def done(self) -> Counter:
        """Return the counter-example when nothing makes it smaller any more."""
        for _ in range(ROUNDS):
            before = self.counter
            self.rows()
            self.facts()
            self.change()
            if self.counter == before:
                break
        return self.counter

    def takes(self, other: Counter) -> bool:
        """Keep another counter-example if it breaks the promise too."""
        if self.left <= 0 or other == self.counter:
            return False
        self.left -= 1
        if not breaks(self.margin(self.search, other)):
            return False
        self.counter = other
        return True

    def rows(self) -> None:
        """Leave out every row that is not needed, the last first."""
        dropped = True
        while dropped:
            dropped = any(self.takes(other) for other in self._without_one())

    def _without_one(self) -> Iterator[Counter]:
        counter = self.counter
        for levels, place in reversed(list(sites(counter.base))):
            owner = (levels, place) == (counter.levels[: len(levels)], counter.place[: len(place)])
            if not owner and not self.search.scheme.tree.by_name[levels[-1]].made_by:
                left = without(counter.base, levels, place)
                yield evolve(counter, base=left, place=_moved(counter, levels, place))

    def facts(self) -> None:
        """Make every fact that the promise does not vary simpler, row by row."""
        for levels, place in list(sites(self.counter.base)):
            here = (levels, place) == (self.counter.levels, self.counter.place)
            for name in row_at(self.counter.base, levels, place).cells:
                if not (here and name in self.counter.ways[0]):
                    self._fact(levels, place, self.search.scheme.facts[name])

    def _fact(self, levels: tuple[str, ...], place: Place, fact: Fact) -> None:
        def put(cell: Cell) -> bool:
            return self.takes(evolve(self.counter, base=_put(self.counter.base, levels, place, {fact.name: cell})))

        now = row_at(self.counter.base, levels, place).cells[fact.name]
        if now == simplest(fact) or put(simplest(fact)):
            return
        if isinstance(now, str):
            before = list(fact.options)
            any(put(option) for option in before[: before.index(now)])
        elif not isinstance(now, bool) and now is not None:
            self._lower(fact, now, put)

    def _lower(self, fact: Fact, now: int, put: Callable[[int], bool]) -> None:
        """Bring a number down to the lowest at which ``put`` succeeds: low, round, at a boundary, then by halving."""
        low = _lowest(fact)
        assert isinstance(low, int)
        marks = [cell for cell in self.search.values[fact.name] if isinstance(cell, int)]
        for cell in _nearer(low, now, [*_round(now), *marks]):
            if put(cell):
                now = cell
                break
        while abs(now - low) > 1:
            middle = (low + now) // 2
            if put(middle):
                now = middle
            else:
                low = middle

    def change(self) -> None:
        """Make the change itself smaller: the step, or the two halves."""
        if len(self.counter.ways) == 2:
            self._step()
        elif len(self.counter.ways) == 3:
            self._parts()

    def _step(self) -> None:
        """Bring the two points of a fall as near together, and as low, as it stays a fall."""
        (name,) = self.counter.ways[0]
        low, high = (way[name] for way in self.counter.ways)
        if not isinstance(low, int) or not isinstance(high, int) or isinstance(low, bool):
            return

        def put(one: int, other: int) -> bool:
            return self.takes(evolve(self.counter, ways=({name: one}, {name: other})))

        while high - low > 1:
            middle = (low + high) // 2
            if put(low, middle):
                high = middle
            elif put(middle, high):
                low = middle
            else:
                break
        wide, fact = high - low, self.search.scheme.facts[name]
        first = _lowest(fact)
        assert isinstance(first, int)
        if low != first and not put(first, first + wide):
            self._lower(fact, low, lambda cell: put(cell, cell + wide))

    def _parts(self) -> None:
        """Make each half of what is split as small as it can be."""
        for name in self.counter.ways[0]:
            fact = self.search.scheme.facts[name]
            first = _lowest(fact)
            assert isinstance(first, int)
            if self._both(name, first, first):
                continue
            for half in (1, 2):
                now = self.counter.ways[half][name]
                assert isinstance(now, int)

                def put(cell: int, half: int = half, name: str = name) -> bool:
                    kept: Any = self.counter.ways[3 - half][name]
                    return self._both(name, *((cell, kept) if half == 1 else (kept, cell)))

                if now != first and not put(first):
                    self._lower(fact, now, put)

    def _both(self, name: str, one: int, other: int) -> bool:
        bounds = self.search.scheme.facts[name].bounds
        assert bounds is not None
        low, high = bounds.grid(self.search.scheme.facts[name].den)
        if not low <= one + other <= high:
            return False
        ways = whole_of({**self.counter.ways[1], name: one}, {**self.counter.ways[2], name: other})
        return self.takes(evolve(self.counter, ways=ways))


def _moved(counter: Counter, levels: tuple[str, ...], place: Place) -> Place:
    """Return the place of the changing row when another one is left out: those after it move up."""
    last = len(levels) - 1
    beside = counter.levels[: last + 1] == levels and counter.place[:last] == place[:last]
    if not beside or place[last] > counter.place[last]:
        return counter.place
    return (*counter.place[:last], counter.place[last] - 1, *counter.place[last + 1 :])


def _put(trial: Trial, levels: Sequence[str], place: Place, cells: Mapping[str, Cell]) -> Trial:
    return replace(trial, levels, place, lambda row: evolve(row, cells={**row.cells, **cells}))


def _round(n: int) -> list[int]:
    """Return a number with its first digits alone, the roundest first."""
    sign, text = (-1 if n < 0 else 1), str(abs(n))
    return [sign * int(text[:kept]) * 10 ** (len(text) - kept) for kept in range(1, min(len(text), 5))]


def _nearer(low: int, now: int, cells: Sequence[int]) -> list[int]:
    """Return values between ``low`` and ``now`` that are worth trying, the nearest to ``low`` first."""
    inside = {cell for cell in cells if min(low, now) < cell < max(low, now)}
    if abs(now - low) <= FEW:
        inside = set(range(min(low, now) + 1, max(low, now)))
    return sorted(inside, key=lambda cell: abs(cell - low))[:FEW]
