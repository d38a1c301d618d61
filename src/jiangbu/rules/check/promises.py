"""Promises: searched at every boundary, on both sides of it and at random; the smallest counter-example is shown.

A promise is *proved* only where every point of the facts was tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.check.trials import Dice, Trial, candidates, owners, random_trial, replace, run, size
from jiangbu.rules.determination import Determination, Outcome, RowResult
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Line, Promise, Rounding
from jiangbu.rules.schedule import schedule
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Name, walk

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
    base = scheme.ungated()
    trees = [tree for tree in (promise.what_tree, promise.when_tree) if tree is not None]
    named = {node.name for tree in trees for node in walk(tree) if isinstance(node, Name) and node.of == "fact"}
    if not named | (set(promise.names) & set(scheme.facts)) <= set(base.facts):
        base = scheme
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
    finder = Search(probed, promise)
    counters, broken = WAYS[promise.kind]
    if 0 < size(probed) <= MOST_ENUMERATED and promise.kind != "no_gain_from_splitting":
        trials: Iterator[Trial] = _all(probed)
        proved = True
    else:
        trials, proved = _some(probed, starts, effort), False
    for trial in trials:
        for counter in counters(finder, trial):
            if broken(finder, counter):
                return Kept(promise, finder.points, False, finder.show(_smaller(finder, counter, broken)))
    return Kept(promise, finder.points, proved)


def _without(scheme: Scheme, trial: Trial) -> Trial:
    cells = {name: cell for name, cell in trial.cells.items() if name in scheme.facts}
    rows = {name: tuple(_without(scheme, row) for row in rows) for name, rows in trial.rows.items()}
    return evolve(trial, cells=cells, rows=rows)


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
"""The trials that break a promise: one case, two that differ in one step, or a case and its two halves."""


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

    def show(self, counter: Counter) -> str:
        """Write a counter-example as facts and amounts."""
        shown = []
        for trial in counter:
            amount = run(self.scheme, trial).amount
            shown.append(f"{_facts_text(trial.facts(self.scheme))} → {amount}")
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


def _row_at(trial: Trial, levels: Sequence[str], place: Sequence[int]) -> Trial:
    for level, at in zip(levels, place, strict=True):
        trial = trial.rows[level][at]
    return trial


# One case: never_more_than, nil_when


def _one(search: Search, trial: Trial) -> Iterator[Counter]:
    yield (trial,)


def _exceeds(search: Search, counter: Counter) -> bool:
    """Whether a paid row gets more than the limit, or anything where nothing is due."""
    promise = search.promise
    for row in search.result(counter[0]).paid_rows:
        amount, limit = _amount(row), _line(row, "Limit")
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
            for other in _raised(search, trial, levels, place, name):
                yield trial, other
        return
    dice = Dice(SEED + search.points)
    levels = search.way(scheme.tree.by_name[name].of)
    for place in owners(trial, levels):
        extra = random_trial(scheme, search.values, dice, name)

        def grow(old: Trial, extra: Trial = extra) -> Trial:
            return evolve(old, rows={**old.rows, name: (*old.rows.get(name, ()), extra)})

        yield trial, replace(trial, levels, place, grow)


def _raised(search: Search, trial: Trial, levels: Sequence[str], place: Sequence[int], name: str) -> Iterator[Trial]:
    now: Any = _row_at(trial, levels, place).cells[name]
    higher = [value for value in search.values[name] if isinstance(value, int) and value > now]
    fact = search.scheme.facts[name]
    if fact.bounds is not None and now < fact.bounds.grid(fact.den)[1]:
        higher = sorted({now + 1, *higher})
    for value in higher if search.scheme.tree.flat else higher[:4]:

        def raise_it(old: Trial, value: Cell = value) -> Trial:
            return evolve(old, cells={**old.cells, name: value})

        yield replace(trial, levels, place, raise_it)


def _falls(search: Search, counter: Counter) -> bool:
    """Whether the row that owns the change gets less after it; its neighbours in a pot do not count."""
    before, after = (search.result(trial) for trial in counter)
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
    one, other = _amount(was), _amount(row)
    return one is not None and other is not None and other < one


# One case against two that sum to it: no_gain_from_splitting

HALVES = 12


def _splits(search: Search, trial: Trial) -> Iterator[Counter]:
    levels = search.way(search.scheme.facts[search.promise.names[0]].level)
    for place in owners(trial, levels):
        for halves in _halves(search, _row_at(trial, levels, place)):
            yield (trial, *(_with(trial, levels, place, half) for half in halves))


def _with(trial: Trial, levels: Sequence[str], place: Sequence[int], cells: Mapping[str, Cell]) -> Trial:
    return replace(trial, levels, place, lambda old: evolve(old, cells={**old.cells, **cells}))


def _halves(search: Search, row: Trial) -> Iterator[tuple[dict[str, Cell], dict[str, Cell]]]:
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
            yield (
                {name: one for name, (one, _) in pairs.items()},
                {name: other for name, (_, other) in pairs.items()},
            )


def _gains(search: Search, counter: Counter) -> bool:
    """Whether the two halves together get more than the whole."""
    results = [search.result(trial) for trial in counter]
    if any(result.outcome is Outcome.UNREADABLE for result in results):
        return False
    if not all(_holds_when(row, search.promise) for result in results for row in result.paid_rows[:1]):
        return False
    whole, one, other = (Fraction(result.amount) for result in results)
    return one + other - _unsplit(search, counter) > whole


def _unsplit(search: Search, counter: Counter) -> Fraction:
    """Return what the rows beside the split one get: they stand in both halves and count once."""
    levels = search.way(search.scheme.facts[search.promise.names[0]].level)
    for place in owners(counter[0], levels) if levels else ():
        if _row_at(counter[0], levels, place).cells != _row_at(counter[1], levels, place).cells:

            def drop(old: Trial, at: int = place[-1]) -> Trial:
                left = tuple(item for number, item in enumerate(old.rows[levels[-1]]) if number != at)
                return evolve(old, rows={**old.rows, levels[-1]: left})

            return Fraction(search.result(replace(counter[0], levels[:-1], place[:-1], drop)).amount)
    return Fraction(0)


Counters = Callable[[Search, Trial], Iterator[Counter]]
Broken = Callable[[Search, Counter], bool]
WAYS: Mapping[str, tuple[Counters, Broken]] = {
    "never_decreases_in": (_steps, _falls),
    "never_more_than": (_one, _exceeds),
    "nil_when": (_one, _exceeds),
    "no_gain_from_splitting": (_splits, _gains),
}
"""For each kind of promise: the trials that may break it, made from one case, and the test whether they do."""


def _smaller(finder: Search, counter: Counter, broken: Broken) -> Counter:
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
                if broken(finder, simpler):
                    counter = simpler
                    break
    if finder.promise.kind == "never_decreases_in" and finder.scheme.tree.flat:
        counter = _tighter(finder, counter, broken)
    return counter


def _tighter(finder: Search, counter: Counter, broken: Broken) -> Counter:
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
        if broken(finder, (at(low), at(middle))):
            high = middle
        elif broken(finder, (at(middle), at(high))):
            low = middle
        else:
            break
    return at(low), at(high)
