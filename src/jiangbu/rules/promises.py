"""Promises: searched at every boundary, on both sides of it and at random; the smallest counter-example is shown.

A promise is *proved* only where every point of the facts was tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.determination import Determination, Outcome, RowResult
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Line, Promise, Rounding
from jiangbu.rules.schedule import schedule
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.trials import Dice, Trial, candidates, owners, random_trial, replace, run, size

MOST_ENUMERATED = 20_000
FLAT_TRIALS = 300
TREE_TRIALS = 60
SEED = 20230509


@frozen
class Kept:
    """What a search found about one promise: proved, or tried at ``points`` points, or broken."""

    promise: Promise
    points: int
    proved: bool
    counter: str = ""


def probe(scheme: Scheme, promise: Promise) -> Scheme:
    """Return the scheme with the promise's own formulas as two more lines, ``Limit`` and ``When``.

    Where the promise is not about the gate, the gate is taken as holding: behind a closed gate nothing is paid and
    every promise would hold for no reason.
    """
    about_gate = any(scheme.facts[name].origin for name in promise.names if name in scheme.facts)
    base = scheme if about_gate else scheme.ungated()
    lines = dict(base.lines)
    for name, tree in (("Limit", promise.what_tree), ("When", promise.when_tree)):
        if tree is not None:
            lines[name] = Line(
                name,
                name,
                "",
                "",
                base.pay_level,
                round=Rounding(step=None, word="none", stated=True),
                tree=tree,
                type=tree.type,
            )
    steps = schedule(base.tree, lines, base.requirements, base.checks, base.remarks, base.infos)
    return evolve(base, lines=lines, steps=steps)


def search(scheme: Scheme, promise: Promise, starts: Sequence[Trial], *, effort: int = 1) -> Kept:
    """Search for a counter-example to one promise, starting from the given trials too."""
    probed = probe(scheme, promise)
    starts = [_without(probed, trial) for trial in starts]
    finder = _FINDERS[promise.kind](probed, promise)
    if 0 < size(probed) <= MOST_ENUMERATED and finder.enumerable:
        trials: Iterator[Trial] = _all(probed)
        proved = True
    else:
        trials, proved = _some(probed, starts, effort), False
    for trial in trials:
        counter = finder.find(trial)
        if counter is not None:
            counter = _smaller(finder, counter)
            return Kept(promise, finder.points, False, finder.show(counter))
    return Kept(promise, finder.points, proved)


def _without(scheme: Scheme, trial: Trial) -> Trial:
    cells = {name: cell for name, cell in trial.cells.items() if name in scheme.facts}
    rows = {name: tuple(_without(scheme, row) for row in rows) for name, rows in trial.rows.items()}
    return Trial(cells, rows)


def _some(scheme: Scheme, starts: Sequence[Trial], effort: int) -> Iterator[Trial]:
    yield from (trial for trial in starts if _complete(scheme, trial, scheme.tree.root))
    dice, values = Dice(SEED), candidates(scheme)
    for _ in range((FLAT_TRIALS if scheme.tree.flat else TREE_TRIALS) * effort):
        yield random_trial(scheme, values, dice)


def _complete(scheme: Scheme, trial: Trial, level: str) -> bool:
    names = {name for name, fact in scheme.facts.items() if fact.level == level}
    return names <= {name for name, cell in trial.cells.items() if cell is not None} and all(
        _complete(scheme, row, name) for name, rows in trial.rows.items() for row in rows
    )


def _all(scheme: Scheme) -> Iterator[Trial]:
    domains: list[Sequence[Cell]] = []
    for fact in scheme.facts.values():
        if fact.kind == "flag":
            domains.append((False, True))
        elif fact.kind == "choice":
            domains.append(tuple(fact.options))
        else:
            assert fact.bounds is not None
            low, high = fact.bounds.grid(fact.den)
            domains.append(range(low, high + 1))
    for cells in product(*domains):
        yield Trial(dict(zip(scheme.facts, cells, strict=True)), {})


def _amount(row: RowResult) -> Fraction | None:
    """Return what a paid row gets; None where it is unreadable."""
    if row.outcome is Outcome.UNREADABLE:
        return None
    return Fraction(row.amount or 0)


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


Counter = tuple[Trial, ...]


class _Finder:
    """Tries one trial, and finds the trials (one, two or three) that break the promise."""

    enumerable = True

    def __init__(self, scheme: Scheme, promise: Promise) -> None:
        self.scheme, self.promise = scheme, promise
        self.values = candidates(scheme)
        self.points = 0

    def result(self, trial: Trial) -> Determination:
        self.points += 1
        return run(self.scheme, trial)

    def find(self, trial: Trial) -> Counter | None:
        raise NotImplementedError

    def broken(self, counter: Counter) -> bool:
        raise NotImplementedError

    def show(self, counter: Counter) -> str:
        shown = []
        for trial in counter:
            result = run(self.scheme, trial)
            shown.append(f"{_facts_text(trial.facts(self.scheme))} → {result.amount}")
        return "; ".join(shown)


def _facts_text(facts: Mapping[str, Any]) -> str:
    parts = []
    for name, value in facts.items():
        if isinstance(value, list):
            rows = ", ".join("{" + _facts_text(row) + "}" for row in value)
            parts.append(f"{name}: [{rows}]")
        elif name != "id":
            parts.append(f"{name} = {value}")
    return ", ".join(parts)


class _Single(_Finder):
    """Promises about one case: never more than, nil when."""

    def find(self, trial: Trial) -> Counter | None:
        return (trial,) if self.broken((trial,)) else None

    def broken(self, counter: Counter) -> bool:
        result = self.result(counter[0])
        for row in result.paid_rows:
            amount, limit = _amount(row), _line(row, "Limit")
            if amount is None or limit is None or not _holds_when(row, self.promise):
                continue
            if self.promise.kind == "nil_when":
                if limit is True and amount != 0:
                    return True
            elif amount > limit:
                return True
        return False


class _Rising(_Finder):
    """``never_decreases_in``: one fact a little higher, or one more row; held for the row that owns the change."""

    def find(self, trial: Trial) -> Counter | None:
        for other in self.steps(trial):
            if self.broken((trial, other)):
                return trial, other
        return None

    def steps(self, trial: Trial) -> Iterator[Trial]:
        name = self.promise.names[0]
        scheme = self.scheme
        if name in scheme.facts:
            levels = self.way(scheme.facts[name].level)
            for place in owners(trial, levels):
                yield from self.raised(trial, levels, place, name)
        else:
            yield from self.grown(trial, name)

    def way(self, level: str) -> tuple[str, ...]:
        return (
            self.scheme.tree.between(self.scheme.tree.root, level) if level != self.scheme.tree.root else ()
        )

    def raised(self, trial: Trial, levels: Sequence[str], place: Sequence[int], name: str) -> Iterator[Trial]:
        row = trial
        for level, at in zip(levels, place, strict=True):
            row = row.rows[level][at]
        now: Any = row.cells[name]
        higher = [value for value in self.values[name] if isinstance(value, int) and value > now]
        fact = self.scheme.facts[name]
        if fact.bounds is not None and now < fact.bounds.grid(fact.den)[1]:
            higher = sorted({now + 1, *higher})
        for value in higher if self.scheme.tree.flat else higher[:4]:

            def change(old: Trial, value: Cell = value) -> Trial:
                return evolve(old, cells={**old.cells, name: value})

            yield replace(trial, levels, place, change)

    def grown(self, trial: Trial, level: str) -> Iterator[Trial]:
        scheme, dice = self.scheme, Dice(SEED + self.points)
        levels = self.way(scheme.tree.by_name[level].of)
        for place in owners(trial, levels):
            extra = random_trial(scheme, self.values, dice, level)

            def change(old: Trial, extra: Trial = extra) -> Trial:
                return evolve(old, rows={**old.rows, level: (*old.rows.get(level, ()), extra)})

            yield replace(trial, levels, place, change)

    def broken(self, counter: Counter) -> bool:
        before, after = (self.result(trial) for trial in counter)
        scheme, name = self.scheme, self.promise.names[0]
        fact = scheme.facts.get(name)
        level = fact.level if fact is not None else scheme.tree.by_name[name].of
        if scheme.tree.flat or not scheme.tree.sees(level, scheme.pay_level):
            pairs = [(before, after)]
            rows = (before.paid_rows[:1], after.paid_rows[:1])
            if not all(_holds_when(row, self.promise) for found in rows for row in found):
                return False
            return any(
                one.outcome is not Outcome.UNREADABLE
                and other.outcome is not Outcome.UNREADABLE
                and other.amount < one.amount
                for one, other in pairs
            )
        return self.owner_lost(counter, before, after, level)

    def owner_lost(self, counter: Counter, before: Determination, after: Determination, level: str) -> bool:
        old = {row.path: row for row in before.paid_rows}
        for row in after.paid_rows:
            was = old.get(row.path)
            if was is None or not self.owns(was, row):
                continue
            if not (_holds_when(was, self.promise) and _holds_when(row, self.promise)):
                continue
            one, other = _amount(was), _amount(row)
            if one is not None and other is not None and other < one:
                return True
        return False

    def owns(self, was: RowResult, row: RowResult) -> bool:
        """Whether the change lies in this paid row: its own facts, or rows below it."""

        def facts(here: RowResult) -> Any:
            return [(item.path, item.data.facts) for item in here.walk()]

        return bool(facts(was) != facts(row))


class _Splitting(_Finder):
    """``no_gain_from_splitting``: one case against two that sum to it, every other fact the same."""

    enumerable = False

    def find(self, trial: Trial) -> Counter | None:
        levels = self.way()
        for place in owners(trial, levels):
            row = trial
            for level, at in zip(levels, place, strict=True):
                row = row.rows[level][at]
            for halves in self.halves(row):
                counter = self.split(trial, levels, place, halves)
                if self.broken(counter):
                    return counter
        return None

    def way(self) -> tuple[str, ...]:
        scheme = self.scheme
        level = scheme.facts[self.promise.names[0]].level
        return scheme.tree.between(scheme.tree.root, level) if level != scheme.tree.root else ()

    def halves(self, row: Trial) -> Iterator[tuple[dict[str, Cell], dict[str, Cell]]]:
        names = self.promise.names
        for at in range(12):
            one: dict[str, Cell] = {}
            other: dict[str, Cell] = {}
            for name in names:
                whole = row.cells[name]
                assert isinstance(whole, int)
                fact = self.scheme.facts[name]
                assert fact.bounds is not None
                low, high = fact.bounds.grid(fact.den)
                fits = [v for v in self.values[name] if isinstance(v, int) and low <= whole - v <= high]
                part = fits[at % len(fits)] if fits and at else whole // 2
                one[name], other[name] = part, whole - part
                if not (low <= part <= high and low <= whole - part <= high):
                    break
            else:
                yield one, other

    def split(
        self,
        trial: Trial,
        levels: Sequence[str],
        place: Sequence[int],
        halves: tuple[dict[str, Cell], dict[str, Cell]],
    ) -> Counter:
        def part(half: dict[str, Cell]) -> Callable[[Trial], Trial]:
            return lambda old: evolve(old, cells={**old.cells, **half})

        return (
            trial,
            replace(trial, levels, place, part(halves[0])),
            replace(trial, levels, place, part(halves[1])),
        )

    def broken(self, counter: Counter) -> bool:
        if len(counter) != 3:
            return False
        results = [self.result(trial) for trial in counter]
        if any(result.outcome is Outcome.UNREADABLE for result in results):
            return False
        if not all(_holds_when(row, self.promise) for result in results for row in result.paid_rows[:1]):
            return False
        whole, one, other = (Fraction(result.amount) for result in results)
        kept = self.rest_of(counter) if self.way() else Fraction(0)
        return one + other - kept > whole

    def rest_of(self, counter: Counter) -> Fraction:
        """What the rows that were not split get; they stand in both halves and count once."""
        levels = self.way()
        trial = counter[0]
        for place in owners(trial, levels):
            row: Any = trial
            halves: Any = counter[1]
            for level, at in zip(levels, place, strict=True):
                row, halves = row.rows[level][at], halves.rows[level][at]
            if row.cells != halves.cells:

                def drop(old: Trial, at: int = place[-1], level: str = levels[-1]) -> Trial:
                    left = tuple(item for number, item in enumerate(old.rows[level]) if number != at)
                    return evolve(old, rows={**old.rows, level: left})

                rest = replace(trial, levels[:-1], place[:-1], drop)
                return Fraction(self.result(rest).amount)
        return Fraction(0)


_FINDERS: Mapping[str, type[_Finder]] = {
    "never_decreases_in": _Rising,
    "never_more_than": _Single,
    "nil_when": _Single,
    "no_gain_from_splitting": _Splitting,
}


def _smaller(finder: _Finder, counter: Counter) -> Counter:
    """Make a counter-example smaller: simpler other facts first, for as long as the promise stays broken."""
    varied = set(finder.promise.names)
    for _ in range(2):
        for name, fact in finder.scheme.facts.items():
            if fact.level != finder.scheme.tree.root or name in varied:
                continue
            for value in finder.values[name][:8]:
                if value == counter[0].cells.get(name):
                    break
                simpler = tuple(evolve(trial, cells={**trial.cells, name: value}) for trial in counter)
                if finder.broken(simpler):
                    counter = simpler
                    break
    if finder.promise.kind == "never_decreases_in" and finder.scheme.tree.flat:
        counter = _tighter(finder, counter)
    return counter


def _tighter(finder: _Finder, counter: Counter) -> Counter:
    """Bring the two points of a fall as near together, and as low, as it stays a fall."""
    name = finder.promise.names[0]
    if name not in finder.scheme.facts:
        return counter
    low, high = counter[0].cells[name], counter[1].cells[name]
    assert isinstance(low, int)
    assert isinstance(high, int)

    def at(value: int) -> Trial:
        return evolve(counter[0], cells={**counter[0].cells, name: value})

    while high - low > 1:
        middle = (low + high) // 2
        if finder.broken((at(low), at(middle))):
            high = middle
        elif finder.broken((at(middle), at(high))):
            low = middle
        else:
            break
    return at(low), at(high)
