"""Trial cases that the checker makes: every boundary, both sides of it, and points at random.

Randomness is a fixed arithmetic sequence, so that the same table always gets the same trials.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, prod
from typing import Any

from attrs import evolve, frozen

from jiangbu.rules.check.cases import trees
from jiangbu.rules.determination import Determination
from jiangbu.rules.door.values import as_given
from jiangbu.rules.kinds import NUMERIC
from jiangbu.rules.made import Cell, ObjectFault
from jiangbu.rules.model import Fact, Level
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Compare, Extreme, Lookup, Marginal, Name, Node, walk

MOST_CANDIDATES = 60
MOST_ROWS = 3


class Dice:
    """A small linear congruential sequence; the same seed gives the same throws everywhere."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def throw(self, sides: int) -> int:
        """Return a number from 0 to sides − 1."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % sides

    def pick(self, items: Sequence[Any]) -> Any:
        return items[self.throw(len(items))]


@frozen
class Trial:
    """A case inside the checker: cells by fact, and rows by level; ``id`` and ``source`` where a row has its own."""

    cells: Mapping[str, Cell]
    rows: Mapping[str, tuple[Trial, ...]]
    id: str = ""
    source: Any = None

    def facts(self, scheme: Scheme, level: str | None = None) -> dict[str, Any]:
        """Return the case as a user would give it."""
        level = level or scheme.tree.root
        given: dict[str, Any] = {
            name: as_given(scheme.facts[name].kind, scheme.facts[name].den, cell) for name, cell in self.cells.items()
        }
        if scheme.tree.by_name[level].object:
            given[level] = self.source
        for name, rows in self.rows.items():
            item = scheme.tree.by_name[name]
            shown = [row.facts(scheme, name) for row in rows]
            if item.made_by:
                key = "household" if "household" in scheme.makers.rows[item.made_by].columns else "number"
                shown = [{key: row.id, **facts} for row, facts in zip(rows, shown, strict=True) if facts]
            elif not item.object:
                named = zip(rows, shown, strict=True)
                shown = [{"id": row.known_as(item, at), **facts} for at, (row, facts) in enumerate(named)]
            if shown or not item.made_by:
                given[name] = shown
        return given

    def known_as(self, level: Level, at: int) -> str:
        """Return the id of a row in the case as given: of an object or a made row its own, else by its place."""
        return self.id if level.object or level.made_by else f"R{at + 1}"


def run(scheme: Scheme, trial: Trial) -> Determination:
    """Determine a trial case."""
    return scheme.try_determine(trial.facts(scheme))


def candidates(scheme: Scheme) -> dict[str, tuple[Cell, ...]]:
    """Return for each fact the values worth trying: bounds, boundaries, and one unit beside each."""
    marks = _marks(scheme)
    return {name: _values(fact, marks.get(name, set()) | marks[""]) for name, fact in scheme.facts.items()}


def _values(fact: Fact, marks: set[Fraction]) -> tuple[Cell, ...]:
    if fact.kind == "flag":
        return (False, True)
    if fact.kind == "choice":
        return tuple(fact.options)
    assert fact.bounds is not None
    low, high = fact.bounds.grid(fact.den)
    if high - low < MOST_CANDIDATES // 2:
        return tuple(range(low, high + 1))
    near: set[int] = {low, low + 1, high - 1, high, (low + high) // 2}
    for mark in marks:
        at = floor(mark * fact.den)
        near |= {at - 1, at, at + 1, ceil(mark * fact.den)}
    kept = sorted(n for n in near if low <= n <= high)
    if len(kept) > MOST_CANDIDATES:
        step = len(kept) / MOST_CANDIDATES
        kept = sorted({kept[int(at * step)] for at in range(MOST_CANDIDATES)} | {low, high})
    return tuple(kept)


def _marks(scheme: Scheme) -> dict[str, set[Fraction]]:
    """Return boundaries by fact; under "" those that may matter to any fact."""
    marks: dict[str, set[Fraction]] = {"": set()}
    for (_, _), info in scheme.infos.items():
        for symbol in info.inputs:
            for row in info.table.rows:
                for edge in row.edges.get(symbol.name, ()):
                    if isinstance(edge.value, Fraction):
                        marks.setdefault(symbol.name, set()).add(edge.value)
                        if symbol.of != "fact":
                            marks[""].add(edge.value)
    constants = [item for item in scheme.constants.values() if isinstance(item.value, Fraction)]
    rates = {item.value for item in constants if item.kind == "rate" and item.value}
    for item in constants:
        assert isinstance(item.value, Fraction)
        marks[""].add(item.value)
        if item.kind == "money":
            marks[""] |= {item.value / rate for rate in rates if isinstance(rate, Fraction)}
    for tree in trees(scheme):
        for node in walk(tree):
            if isinstance(node, Compare | Extreme):
                _compared(node.parts, marks)
            if isinstance(node, Lookup | Marginal):
                _keyed(scheme, node, marks)
    return marks


def _compared(parts: Sequence[Node], marks: dict[str, set[Fraction]]) -> None:
    numbers = {part.type.low for part in parts if part.type.low == part.type.high and part.type.kind != "flag"}
    for part in parts:
        for node in walk(part):
            if isinstance(node, Name) and node.of == "fact":
                marks.setdefault(node.name, set()).update(numbers)


def _keyed(scheme: Scheme, node: Lookup | Marginal, marks: dict[str, set[Fraction]]) -> None:
    info = scheme.infos.get(("", node.table))
    for at, key in enumerate(node.keys):
        if info is not None and isinstance(key, Name) and key.of == "fact":
            edges = {
                edge.value
                for row in info.table.rows
                for edge in row.edges.get(info.table.inputs[at], ())
                if isinstance(edge.value, Fraction)
            }
            marks.setdefault(key.name, set()).update(edges)


def size(scheme: Scheme) -> int:
    """Return how many points a scheme of one row has; 0 where rows below or an object make them endless."""
    if not scheme.tree.flat or scheme.tree.by_name[scheme.tree.root].object:
        return 0
    sizes = []
    for fact in scheme.facts.values():
        if fact.kind in ("flag", "choice"):
            sizes.append(len(fact.options) or 2)
        else:
            assert fact.bounds is not None
            low, high = fact.bounds.grid(fact.den)
            sizes.append(high - low + 1)
    return prod(sizes)


@frozen
class Known:
    """An object that a worked case names: its id, how the case gives it, and the object itself."""

    id: str
    source: Any
    thing: Any


def objects(scheme: Scheme) -> dict[str, tuple[Known, ...]]:
    """Return, by level, the objects that the worked cases name and that can be read; each id once."""
    found: dict[str, dict[str, Known]] = {}

    def look(level: str, given: Any) -> None:
        if not isinstance(given, Mapping):
            return
        item = scheme.tree.by_name[level]
        if item.object and level in given:
            kind = scheme.makers.objects[item.object]
            try:
                thing = kind.take(given[level])
                known = Known(kind.row(thing)[0], given[level], thing)
            except ObjectFault:
                return
            found.setdefault(level, {}).setdefault(known.id, known)
        for name in scheme.tree.below(level):
            rows = given.get(name, ())
            for row in rows if isinstance(rows, list | tuple) else ():
                look(name, row)

    for case in scheme.cases:
        look(scheme.tree.root, case.facts)
    return {level: tuple(by_id.values()) for level, by_id in found.items()}


def random_trial(scheme: Scheme, values: Mapping[str, Sequence[Cell]], dice: Dice, level: str = "") -> Trial:
    """Return a trial with every fact picked from its candidates, sometimes from anywhere within its bounds.

    Objects are picked from the worked cases, for the kernel cannot make one up; their rows are made from them.
    """
    level = level or scheme.tree.root
    known = objects(scheme) if scheme.makers.objects else {}
    own = dice.pick(known[level]) if level in known else None
    return _Random(scheme, values, dice, known).row(level, own)


@frozen
class _Random:
    """The drawing of one trial; ``known`` are the objects at hand, by level."""

    scheme: Scheme
    values: Mapping[str, Sequence[Cell]]
    dice: Dice
    known: Mapping[str, Sequence[Known]]

    def row(self, level: str, own: Known | None = None) -> Trial:
        """Draw one row that a user gives, with ``own`` as its object, and those below it."""
        below = self.below(level, own, None)
        return Trial(self.cells(level), below, own.id if own else "", own.source if own else None)

    def cells(self, level: str) -> dict[str, Cell]:
        """Draw the facts of one row."""
        cells: dict[str, Cell] = {}
        for name, fact in self.scheme.facts.items():
            if fact.level != level:
                continue
            cells[name] = self.dice.pick(self.values[name])
            if fact.kind in (*NUMERIC, "date") and fact.bounds is not None and self.dice.throw(4) == 0:
                low, high = fact.bounds.grid(fact.den)
                cells[name] = low + self.dice.throw(high - low + 1)
        return cells

    def below(self, level: str, own: Known | None, made: tuple[Cell, ...] | None) -> dict[str, tuple[Trial, ...]]:
        """Draw the rows below one: ``own`` is the object that it holds or stands under, ``made`` its made columns."""
        rows: dict[str, tuple[Trial, ...]] = {}
        for name in self.scheme.tree.below(level):
            item = self.scheme.tree.by_name[name]
            most = min(MOST_ROWS, item.at_most or MOST_ROWS)
            if item.made_by:
                rows[name] = tuple(self.made(name, own, made)) if own is not None else ()
            elif item.object:
                rows[name] = tuple(self.row(name, one) for one in self.some(name, most))
            else:
                rows[name] = tuple(self.row(name) for _ in range(self.dice.throw(most + 1)))
        return rows

    def some(self, level: str, most: int) -> list[Known]:
        """Draw a few objects, no two of one id."""
        left = list(self.known.get(level, ()))
        count = self.dice.throw(min(most, len(left)) + 1)
        return [left.pop(self.dice.throw(len(left))) for _ in range(count)]

    def made(self, level: str, own: Known, above: tuple[Cell, ...] | None) -> Iterator[Trial]:
        """Make the rows of an object, and draw the facts of each."""
        makers = self.scheme.makers
        settings = {name: self.scheme.settings.get(name) for name in makers.sections}
        for id, cells in makers.rows[self.scheme.tree.by_name[level].made_by].make(own.thing, above, settings):
            yield Trial(self.cells(level), self.below(level, own, cells), id)


def typical(scheme: Scheme, results: Sequence[Determination]) -> list[Trial]:
    """Return the worked cases of a table as trials, so that searches start where the rule pays."""
    return [_of_row(scheme, result) for result in results if not result.problems]


def _of_row(scheme: Scheme, result: Any) -> Trial:
    row = result.root if isinstance(result, Determination) else result
    cells = {
        slot.name: cell
        for slot, cell in zip(row.layout.facts, row.data.facts, strict=True)
        if slot.name in scheme.facts
    }
    rows = {
        name: tuple(_of_row(scheme, evolve(row, level=name, data=data)) for data in below)
        for name, below in zip(row.layout.below, row.data.below, strict=False)
    }
    return Trial(cells, rows, row.id, row.data.source)


def owners(trial: Trial, levels: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Yield the places of all rows of the last of ``levels``, one index for each level on the way."""
    if not levels:
        yield ()
        return
    for at, row in enumerate(trial.rows.get(levels[0], ())):
        for rest in owners(row, levels[1:]):
            yield (at, *rest)


def replace(trial: Trial, levels: Sequence[str], place: Sequence[int], change: Any) -> Trial:
    """Return a trial with one row changed by a function; it stays the same row, with its id and its object."""
    if not levels:
        changed: Trial = change(trial)
        return evolve(changed, id=trial.id, source=trial.source)
    rows = list(trial.rows[levels[0]])
    rows[place[0]] = replace(rows[place[0]], levels[1:], place[1:], change)
    return evolve(trial, rows={**trial.rows, levels[0]: tuple(rows)})


def row_at(trial: Trial, levels: Sequence[str], place: Sequence[int]) -> Trial:
    """Return the row at a place of a trial."""
    for level, at in zip(levels, place, strict=True):
        trial = trial.rows[level][at]
    return trial
