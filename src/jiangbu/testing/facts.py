"""Facts of a case at random: valid ones that crowd the boundaries, and bad ones whose faults are known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import inf, nan, pi
from random import Random
from typing import Any

from attrs import define, field, frozen

from jiangbu.money import scaled_to_decimal
from jiangbu.rules.door.needed import FactReader
from jiangbu.rules.door.values import default_cell
from jiangbu.rules.kinds import decimals_of
from jiangbu.rules.made import Cell
from jiangbu.rules.model import Fact
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Literal_, Name, walk

MOST_ROWS = 4
Objects = Mapping[str, Callable[[Random], Any]]
"""For each level of typed objects, what draws one in its JSON form."""


@frozen
class Planted:
    """One fault that was put into facts: the code and path of the problem that it must cause."""

    code: str
    path: str


@define
class FactMaker:
    """Draws the facts of one scheme; the points worth trying are found once."""

    scheme: Scheme
    objects: Objects = field(factory=dict)
    points: dict[str, tuple[int, ...]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        for name, level in self.scheme.tree.by_name.items():
            if level.object and level.object not in self.objects:
                raise ValueError(
                    f"the rows of {name} are objects: say how one is drawn, objects={{{level.object!r}: …}}"
                )
        self.points = {name: _points(self.scheme, fact) for name, fact in self.scheme.facts.items() if fact.bounds}

    def facts(self, rng: Random) -> dict[str, Any]:
        """Draw the facts of a case: valid, near the boundaries, in varied forms."""
        return self._row(rng, self.scheme.tree.root, ())

    def _row(self, rng: Random, level: str, above: Sequence[Sequence[Cell]]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        cells: list[Cell] = []
        item = self.scheme.tree.by_name[level]
        if item.object:
            row[level] = self.objects[item.object](rng)
        for reader in self.scheme.door.readers[level]:
            cells.append(self._fact(rng, reader, cells, above, row))
        for name in self.scheme.tree.below(level):
            if not self.scheme.tree.by_name[name].made_by:
                rows = self._rows(rng, name, [cells, *above])
                if rows or rng.randint(1, 100) <= 80:
                    row[name] = rows
        if rng.randint(1, 100) <= 20:
            row = dict(reversed(list(row.items())))
        return row

    def _rows(self, rng: Random, level: str, above: Sequence[Sequence[Cell]]) -> list[dict[str, Any]]:
        most = min(MOST_ROWS, self.scheme.tree.by_name[level].at_most or MOST_ROWS)
        ids = rng.sample(("P1", "P2", "p10", "农户甲", "é-3", "9", "P1.", "0"), rng.randint(0, most))
        rows = []
        for id in ids:
            row = self._row(rng, level, above)
            if not self.scheme.tree.by_name[level].object:
                row = {"id": id, **row}
            if rng.randint(1, 100) <= 8:
                row["set_aside"] = rng.choice(["材料待核", "材料待核", "", None])
            rows.append(row)
        return rows

    def _fact(
        self,
        rng: Random,
        reader: FactReader,
        cells: Sequence[Cell],
        above: Sequence[Sequence[Cell]],
        row: dict[str, Any],
    ) -> Cell:
        fact = reader.fact
        if reader.needed is not None and not reader.needed(cells, above):
            if rng.randint(1, 100) <= 25:
                row[fact.name] = self._value(rng, fact)[1]
            return default_cell(fact)
        if fact.has_default and reader.needed is None and rng.randint(1, 100) <= 35:
            if rng.randint(1, 100) <= 30:
                row[fact.name] = None
            return default_cell(fact)
        cell, row[fact.name] = self._value(rng, fact)
        return cell

    def _value(self, rng: Random, fact: Fact) -> tuple[Cell, Any]:
        """Draw one value: as the evaluator holds it, and in a form of the door."""
        if fact.kind == "flag":
            flag = rng.choice([True, False])
            return flag, flag
        if fact.kind == "choice":
            option = rng.choice(list(fact.options))
            return option, fact.options[option] if _label_fits(fact, option) and rng.randint(1, 3) == 1 else option
        n = self.number(rng, fact)
        return n, form(rng, fact, n)

    def number(self, rng: Random, fact: Fact) -> int:
        """Draw a number on the fact's grid: mostly a boundary or its neighbour, else anything, small ones often."""
        assert fact.bounds is not None
        low, high = fact.bounds.grid(fact.den)
        way = rng.randint(1, 100)
        if way <= 65:
            return rng.choice(self.points[fact.name])
        if way <= 85:
            return min(high, low + rng.randint(0, 10 ** rng.randint(0, 13)))
        return rng.randint(low, high)


def _label_fits(fact: Fact, option: str) -> bool:
    """Whether a label names this option and no other one."""
    label = fact.options[option]
    return label not in fact.options and list(fact.options.values()).count(label) == 1


def _points(scheme: Scheme, fact: Fact) -> tuple[int, ...]:
    """Return the grid points worth trying: ends, edges of tables, constants, days of series, and their neighbours."""
    assert fact.bounds is not None
    low, high = fact.bounds.grid(fact.den)
    values: set[Fraction] = {fact.bounds.low, fact.bounds.high, Fraction(0), Fraction(1)}
    for info in scheme.infos.values():
        for symbol in info.inputs:
            if symbol.type is not None and symbol.type.kind == fact.kind:
                for row in info.table.rows:
                    edges = row.edges.get(symbol.name, ())
                    values |= {edge.value for edge in edges if isinstance(edge.value, Fraction)}
    constants = [*scheme.constants.values(), *(scheme.gate.constants.values() if scheme.gate else ())]
    values |= {item.value for item in constants if item.kind == fact.kind and isinstance(item.value, Fraction)}
    for step in scheme.steps:
        for node in walk(step.node):
            if isinstance(node, Literal_) and isinstance(node.value, Fraction):
                values.add(node.value)
            if isinstance(node, Name) and node.of == "line" and node.type.kind == fact.kind:
                values |= {node.type.low, node.type.high}
    if fact.kind == "date":
        for series in scheme.series.values():
            values |= {Fraction(day) for day in (*series.days, series.complete_until)}
        for year in (2023, 2024, 2100):
            values |= {
                Fraction(date(year, month, day).toordinal()) for month, day in ((2, 28), (3, 1), (12, 31), (1, 31))
            }
    found = set()
    for value in values:
        near = value.numerator * fact.den // value.denominator
        found |= {near - 1, near, near + 1}
    if fact.default is not None and isinstance(fact.default, Fraction):
        found.add(int(fact.default * fact.den))
    return tuple(sorted(n for n in found | {low, high} if low <= n <= high))


def form(rng: Random, fact: Fact, n: int) -> Any:
    """Write a number or day of the fact's grid in one of the forms that the door takes."""
    if fact.kind == "date":
        day = date.fromordinal(n)
        return rng.choice([day, day.isoformat()])
    plain = scaled_to_decimal(n, fact.decimals)
    value = Fraction(n, fact.den)
    forms: list[Any] = [plain, f"{plain:f}", Decimal(f"{plain:f}")]
    if fact.kind == "rate":
        for sign, times in (("%", 100), ("‰", 1000)):
            forms.append(f"{_short(value * times)}{sign}")
        return rng.choice(forms)
    if value.denominator == 1:
        forms += [int(value), int(value)]
    for word, power in (("万", 10**4), ("亿", 10**8), ("万亿", 10**12)):
        if value:
            forms.append(f"{_short(value / power)}{word}")
    return rng.choice(forms)


def _short(value: Fraction) -> str:
    places = decimals_of(value)
    return f"{scaled_to_decimal(int(value * 10**places), places):f}"


# Bad facts


def plant(rng: Random, maker: FactMaker, facts: dict[str, Any]) -> tuple[Planted, ...]:
    """Put one to three faults into valid facts, in place; each at a row or fact of its own."""
    planted: list[Planted] = []
    spots = _spots(maker.scheme, maker.scheme.tree.root, facts, "")
    rng.shuffle(spots)
    wanted = rng.randint(1, 3)
    for level, row, path in [*spots, (maker.scheme.tree.root, facts, "")]:
        if len(planted) >= wanted:
            break
        fault = _plant(rng, maker, level, row, path, {other.path for other in planted})
        if fault is not None:
            planted.append(fault)
    if not planted:
        facts["nothing_known"] = 1
        planted.append(Planted("unknown-fact", "nothing_known"))
    return tuple(sorted(planted, key=lambda fault: (fault.code, fault.path)))


def _spots(scheme: Scheme, level: str, row: dict[str, Any], path: str) -> list[tuple[str, dict[str, Any], str]]:
    """Return every row that takes part, with the path before its facts."""
    found = [(level, row, path)]
    for name in scheme.tree.below(level):
        for at, below in enumerate(row.get(name, ())):
            if not below.get("set_aside"):
                found += _spots(scheme, name, below, f"{path}{name}[{at}].")
    return found


def _plant(
    rng: Random, maker: FactMaker, level: str, row: dict[str, Any], path: str, taken: Collection[str]
) -> Planted | None:
    """Put one fault into one row; None where this row offers no place for the kind of fault drawn."""
    readers = maker.scheme.door.readers[level]
    if (not readers or rng.randint(1, 100) <= 12) and f"{path}no_such_fact" not in taken:
        row["no_such_fact"] = rng.choice([1, "1", None])
        return Planted("unknown-fact", f"{path}no_such_fact")
    if not readers:
        return None
    fact = rng.choice(readers).fact
    where = f"{path}{fact.name}"
    if where in taken or _feeds_a_test(maker.scheme, fact):
        return None
    if not fact.has_default and rng.randint(1, 100) <= 20:
        row.pop(fact.name, None)
        if rng.randint(1, 2) == 1:
            row[fact.name] = None
        return Planted("missing", where)
    row[fact.name], code = rng.choice(_bad_values(fact))
    return Planted(code, where)


def _feeds_a_test(scheme: Scheme, fact: Fact) -> bool:
    """Whether a needed_if reads the fact: a fault there leaves open what else is missing."""
    trees = [item.needed_tree for item in scheme.facts.values() if item.needed_tree is not None]
    return any(isinstance(node, Name) and node.name == fact.name for tree in trees for node in walk(tree))


def _bad_values(fact: Fact) -> list[tuple[Any, str]]:
    found: list[tuple[Any, str]] = [([1], "kind"), ({"value": 1}, "kind")]
    if fact.kind == "flag":
        return [*found, (1, "kind"), (0, "kind"), ("是", "kind")]
    if fact.kind == "choice":
        return [*found, ("no_such_option", "option"), ("a\x07b", "text"), ("长" * 1001, "text"), (1, "kind")]
    assert fact.bounds is not None
    low, high = fact.bounds.grid(fact.den)
    if fact.kind == "date":
        outside = [(date.fromordinal(n), "bounds") for n in (low - 1, high + 1) if 1 <= n <= date.max.toordinal()]
        return [
            *found, *outside, (datetime(2024, 1, 1, 12), "date"), (20240101, "kind"), ("2024-02-30", "date"),
            ("2024/1/1", "date"), ("", "date"),
        ]  # fmt: skip
    step = Fraction(1, fact.den)
    under, over = scaled_to_decimal(low - 1, fact.decimals), scaled_to_decimal(high + 1, fact.decimals)
    finer = scaled_to_decimal(low * 10 + 1, fact.decimals + 1)
    return [
        *found, (under, "bounds"), (over, "bounds"), (f"{over:f}", "bounds"), (finer, "decimals"), (pi, "float"),
        (nan, "float"), (inf, "float"), (Decimal("NaN"), "kind"), (Decimal("Infinity"), "kind"),
        (True, "kind"), ("一百", "text"), ("1,000", "text"), (" 1", "text"), ("", "text"), ("１", "text"),
        (f"{_short(step / 10)}", "decimals"),
    ]  # fmt: skip


__all__ = ["FactMaker", "Objects", "Planted", "form", "plant"]
