"""Promises: searched at every boundary, on both sides of it and at random; the smallest counter-example is shown.

A promise is *proved* only where every point of the facts was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.check.counters import WAYS, Counter, Search, shown
from jiangbu.rules.check.shrink import smallest
from jiangbu.rules.check.trials import Dice, Trial, candidates, random_trial, size
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Line, Promise, Rounding
from jiangbu.rules.schedule import schedule
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Name, walk

MOST_FOUND = 3
MOST_ENUMERATED = 20_000
FLAT_TRIALS = 300
TREE_TRIALS = 60
SEED = 20230509


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
    starts = [_without(probed, trial) for trial in starts]
    finder = Search(probed, promise)
    counters, broken = WAYS[promise.kind]
    if 0 < size(probed) <= MOST_ENUMERATED and promise.kind != "no_gain_from_splitting":
        trials: Iterator[Trial] = _all(probed)
        proved = True
    else:
        trials, proved = _some(probed, starts), False
    found: list[Counter] = []
    for trial in trials:
        counter = next((one for one in counters(finder, trial) if broken(finder, one)), None)
        found += [] if counter is None else [counter]
        if len(found) >= (MOST_FOUND if least else 1):
            break
    if not found:
        return Kept(promise, finder.points, proved)
    trials_of = (smallest(finder, found, broken) if least else found[0]).trials()
    facts = tuple(trial.facts(probed) for trial in trials_of)
    return Kept(promise, finder.points, False, shown(probed, trials_of), facts)


def _without(scheme: Scheme, trial: Trial) -> Trial:
    cells = {name: cell for name, cell in trial.cells.items() if name in scheme.facts}
    rows = {name: tuple(_without(scheme, row) for row in rows) for name, rows in trial.rows.items()}
    return evolve(trial, cells=cells, rows=rows)


def _some(scheme: Scheme, starts: Sequence[Trial]) -> Iterator[Trial]:
    yield from (trial for trial in starts if _complete(scheme, trial, scheme.tree.root))
    dice, values = Dice(SEED), candidates(scheme)
    for _ in range(FLAT_TRIALS if scheme.tree.flat else TREE_TRIALS):
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
