"""Promises: searched at boundaries, at random, where several facts meet, and uphill; the smallest counter-example is
shown.

A promise is *proved* only where every point of the facts was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.check.climb import Point, Pool, climb, crossed
from jiangbu.rules.check.counters import Counter, shown
from jiangbu.rules.check.margins import WAYS, breaks
from jiangbu.rules.check.seen import SEED, Search
from jiangbu.rules.check.shrink import smallest
from jiangbu.rules.check.trials import Dice, Trial, random_trial, size
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Line, Promise, Rounding
from jiangbu.rules.schedule import schedule
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Name, walk

MOST_FOUND = 3
MOST_ENUMERATED = 20_000
FLAT_TRIALS = 300
TREE_TRIALS = 60
FLAT_CROSSED = 300
TREE_CROSSED = 80
FLAT_TURNS = 1_200
TREE_TURNS = 240
PER_SWEEP = 6
BROODS = 4
CLIMBS = 4
PARENTS = 6
ONE_CASE = ("never_more_than", "nil_when")


@frozen
class Kept:
    """What a search found about one promise: proved, or tried at ``points`` points, or broken.

    ``counter`` is the counter-example in words, ``example`` the facts of its cases.
    """

    promise: Promise
    points: int
    proved: bool
    counter: str = ""
    example: tuple[Mapping[str, Any], ...] = ()


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


def search(scheme: Scheme, promise: Promise, starts: Sequence[Trial], *, least: bool = True) -> Kept:
    """Search for a counter-example to one promise, starting from the given trials too.

    :param least: whether the smallest is wanted, or any.
    """
    probed = probe(scheme, promise)
    finder = Search(probed, promise)
    _, margin = WAYS[promise.kind]
    proved = 0 < size(probed) <= MOST_ENUMERATED and promise.kind != "no_gain_from_splitting"
    all_of: Iterator[Counter]
    if proved:
        all_of = (one for trial in _all(probed) for one in islice(_breaking(finder, trial), 1))
    else:
        all_of = _some(finder, [_without(probed, trial) for trial in starts])
    found = list(islice(all_of, MOST_FOUND if least else 1))
    if not found:
        return Kept(promise, finder.points, proved)
    trials_of = (smallest(finder, found, margin) if least else found[0]).trials()
    facts = tuple(trial.facts(probed) for trial in trials_of)
    return Kept(promise, finder.points, False, shown(probed, trials_of), facts)


def _breaking(finder: Search, trial: Trial) -> Iterator[Counter]:
    counters, margin = WAYS[finder.promise.kind]
    return (one for one in counters(finder, trial) if breaks(margin(finder, one)))


def _without(scheme: Scheme, trial: Trial) -> Trial:
    cells = {name: cell for name, cell in trial.cells.items() if name in scheme.facts}
    rows = {name: tuple(_without(scheme, row) for row in rows) for name, rows in trial.rows.items()}
    return evolve(trial, cells=cells, rows=rows)


def _some(finder: Search, starts: Sequence[Trial]) -> Iterator[Counter]:
    """Yield what breaks the promise among some trials, as measured one after the other."""
    counters, margin = WAYS[finder.promise.kind]

    def asked(trial: Trial) -> tuple[Fraction | None, Counter | None]:
        best: tuple[Fraction | None, Counter | None] = None, None
        for one in counters(finder, trial):
            found = margin(finder, one)
            if found is not None and (best[0] is None or found > best[0]):
                best = found, one
        return best

    for point in _points(finder, Pool(finder, asked), starts):
        if breaks(point.margin) and point.counter is not None:
            yield point.counter


def _points(finder: Search, pool: Pool, starts: Sequence[Trial]) -> Iterator[Point]:
    """Yield the given trials, some at random, then crossings of the best of these, then climbs from the best."""
    scheme, dice = finder.scheme, Dice(SEED)
    flat, one_case = scheme.tree.flat, finder.promise.kind in ONE_CASE
    for trial in starts:
        if _complete(scheme, trial, scheme.tree.root):
            yield pool.add(trial)
    for _ in range(FLAT_TRIALS if flat else TREE_TRIALS):
        yield pool.add(random_trial(scheme, finder.values, dice))
    many, turns = (FLAT_CROSSED, FLAT_TURNS) if flat else (TREE_CROSSED, TREE_TURNS)
    for _ in range(BROODS):
        for trial in crossed(finder, pool.parents(PARENTS), many // BROODS):
            yield pool.add(trial)
    for start in pool.nearest(CLIMBS):
        yield climb(finder, pool, start, (turns if one_case else turns // PER_SWEEP) // CLIMBS)


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
