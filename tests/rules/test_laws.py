"""Laws that hold for every table: lookups hit one row everywhere, order of rows changes nothing, shares conserve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiangbu.rules.determination import Determination
from jiangbu.rules.kinds import Bounds
from jiangbu.rules.lookup import HOLE, Axis, cut_up
from jiangbu.rules.model import Edge, LookupTable, Row
from jiangbu.testing import FactMaker, book_of, table_text

DAY = date(2024, 6, 30)
WORDS = {
    "at_least": lambda x, v: x >= v, "more_than": lambda x, v: x > v, "at_most": lambda x, v: x <= v,
    "less_than": lambda x, v: x < v, "is": lambda x, v: x == v,
}  # fmt: skip
HIGH = 6

edges = st.lists(
    st.tuples(st.sampled_from(sorted(WORDS)), st.integers(-1, 2 * HIGH + 1)),
    max_size=2,
    unique_by=lambda edge: edge[0][-5:],
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[LookupTable, tuple[Axis, ...]]:
    """Draw a table of one or two numeric inputs and perhaps a flag, sound or not, over a small grid."""
    inputs = draw(st.sampled_from([("x",), ("x", "y"), ("x", "z")]))
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        bounded: dict[str, tuple[Edge, ...]] = {}
        for name in inputs:
            if name == "z":
                choice = draw(st.sampled_from([None, True, False]))
                found = () if choice is None else (Edge("is", choice),)
            else:
                found = tuple(Edge(word, Fraction(at, 2)) for word, at in draw(edges))
            if found:
                bounded[name] = found
        rows.append(Row(bounded, {"w": Fraction(1)}))
    if draw(st.booleans()):
        rows.append(Row({}, {"w": Fraction(0)}, otherwise=True))
    den = draw(st.sampled_from([1, 2]))
    numeric = Axis(Bounds(Fraction(0), Fraction(HIGH), draw(st.booleans()), draw(st.booleans())), den)
    axes = tuple(Axis(options=(False, True)) if name == "z" else numeric for name in inputs)
    table = LookupTable("t", "表", inputs, {"w": "money"}, tuple(rows), "第一条", "", draw(st.booleans()))
    return table, axes


def points(axes: Sequence[Axis]) -> list[tuple[Any, ...]]:
    """Return every point of a small grid."""
    found: list[tuple[Any, ...]] = [()]
    for axis in axes:
        if axis.bounds is None:
            here: list[Any] = list(axis.options)
        else:
            den = axis.den or 1
            every = [Fraction(n, den) for n in range(-den, (HIGH + 1) * den + 1)]
            here = [value for value in every if value in axis.bounds]
        found = [(*point, value) for point in found for value in here]
    return found


def hit(table: LookupTable, point: Sequence[Any]) -> list[int]:
    """Return the rows that a point hits, by trying every row."""
    found = [
        number
        for number, row in enumerate(table.rows)
        if not row.otherwise
        and all(
            WORDS[edge.word](value, edge.value)
            for name, value in zip(table.inputs, point, strict=True)
            for edge in row.edges.get(name, ())
        )
    ]
    return found or [number for number, row in enumerate(table.rows) if row.otherwise]


class TestLookups:
    @settings(max_examples=300, deadline=None)
    @given(tables())
    def test_cells_are_what_every_point_says(self, drawn: tuple[LookupTable, tuple[Axis, ...]]) -> None:
        """A table has no fault exactly if every point hits one row (or, with holes, at most one): that row owns it."""
        table, axes = drawn
        cells = cut_up(table, axes)
        hits = {point: hit(table, point) for point in points(axes)}
        sound = all(len(found) == 1 or (not found and table.holes) for found in hits.values())
        assert sound is (not cells.faults)
        if sound:
            assert {point: found[0] if found else HOLE for point, found in hits.items()} == {
                point: cells.row(point) for point in hits
            }

    @settings(max_examples=300, deadline=None)
    @given(tables())
    def test_witnesses_are_real(self, drawn: tuple[LookupTable, tuple[Axis, ...]]) -> None:
        """The witness of a gap hits no row, that of an overlap both rows that are named; both lie on the grid."""
        table, axes = drawn
        grid = set(points(axes))
        for fault in cut_up(table, axes).faults:
            assert fault.point in grid
            found = hit(table, fault.point)
            if fault.code == "gap":
                assert [] == found
            else:
                assert set(fault.rows) <= set(found)
                assert 2 == len(fault.rows)

    @settings(max_examples=200, deadline=None)
    @given(tables())
    def test_an_unreachable_row_hits_nothing(self, drawn: tuple[LookupTable, tuple[Axis, ...]]) -> None:
        """A row that is called unreachable is hit by no point of the grid, and every other one by some."""
        table, axes = drawn
        reached = {number for point in points(axes) for number in hit(table, point)}
        assert set(range(len(table.rows))) - reached == set(cut_up(table, axes).unreachable)


def shuffled(facts: Mapping[str, Any], rng: Random) -> dict[str, Any]:
    """Return the same case with its rows, and its names, in another order."""
    names = list(facts)
    rng.shuffle(names)
    result: dict[str, Any] = {}
    for name in names:
        value = facts[name]
        if isinstance(value, list):
            value = [shuffled(row, rng) for row in value]
            rng.shuffle(value)
        result[name] = value
    return result


def said(result: Determination) -> tuple[Any, ...]:
    """Return all that a determination says of amounts and refusals, problems aside (their paths count rows)."""
    return result.outcome, result.amount, result.values, [(item.code, item.row) for item in result.refusals]


class TestLevels:
    @pytest.mark.parametrize("first", range(20_000, 20_080, 20))
    def test_the_order_of_typed_rows_changes_nothing(self, first: int) -> None:
        """Rows, and names of facts, given in another order make an equal determination."""
        seeds = range(first, first + 20)
        book = book_of(*(table_text(Random(seed), f"random-{seed}") for seed in seeds))
        compared = 0
        for seed in seeds:
            scheme = book.scheme(f"random-{seed}", place="999999", on=DAY)
            maker, rng = FactMaker(scheme), Random(seed)
            for _ in range(6):
                facts = maker.facts(rng)
                one, other = scheme.try_determine(facts), scheme.try_determine(shuffled(facts, rng))
                assert said(one) == said(other)
                if not one.problems:
                    assert one == other
                    compared += 1
        assert compared > 0


POT = """format = 1

[scheme]
id = "pot"
title = "测试"
place = "999999"
document = "测试〔2024〕9号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "household"
pays = "paid"

[levels]
county = { label = "县" }
project = { of = "county", label = "项目", at_most = 50 }

[facts.pot]
label = "总额"
kind = "money"
level = "county"
at_least = -1000000
at_most = 1000000

[facts.weight]
label = "权重"
kind = "number"
level = "project"
decimals = 2
at_least = 0
at_most = 1000

[facts.sound]
label = "合格"
kind = "flag"
level = "project"

[[requirements]]
name = "is_sound"
holds = "sound"
otherwise = "不合格"
clause = "第二条"
level = "project"

[[lines]]
name = "own"
label = "自己的数"
level = "project"
formula = "weight * weight"
clause = "第三条"

[[lines]]
name = "paid"
label = "分得"
level = "project"
formula = "allocate(pot, weight)"
clause = "第三条"
may_be_negative = "收回"

[[lines]]
name = "together"
label = "合计"
level = "county"
formula = "sum(paid)"
clause = "第四条"
"""

projects = st.lists(
    st.fixed_dictionaries(
        {"weight": st.decimals(0, 1000, places=2) | st.sampled_from([0, 1, 1, 3]), "sound": st.booleans()}
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def pot() -> Any:
    """A pot that is divided among projects."""
    return book_of(POT).scheme("pot", place="999999", on=DAY)


class TestShares:
    @settings(max_examples=150, deadline=None)
    @given(rows=projects, fen=st.integers(-(10**8), 10**8))
    def test_what_is_shared_is_all_there_is(self, pot: Any, rows: list[dict[str, Any]], fen: int) -> None:
        """Shares of the sound rows sum to the pot to the fen; a refused row has no share; no weight refuses the pot."""
        ids = [{"id": f"P{at}", **row} for at, row in enumerate(rows)]
        result = pot.determine({"pot": yuan(fen), "project": ids})
        shares = {row.id: row.lines["paid"].value for row in result.rows("project")}
        sound = [row["id"] for row in ids if row["sound"]]
        assert all(shares[row["id"]] is None for row in ids if not row["sound"])
        if fen and not any(row["weight"] for row in ids if row["sound"]):
            assert "pot.paid" in {item.code for item in result.refusals}
            assert all(share is None for share in shares.values())
        else:
            assert Fraction(fen, 100) == sum(Fraction(shares[name]) for name in sound)
            assert Fraction(result.lines["together"].value) == sum(Fraction(shares[name]) for name in sound)

    @settings(max_examples=100, deadline=None)
    @given(rows=projects, at=st.integers(0, 5))
    def test_a_refused_row_changes_its_siblings_shares_only(
        self, pot: Any, rows: list[dict[str, Any]], at: int
    ) -> None:
        """Refusing one row leaves every other line of its siblings as it was."""
        if at >= len(rows):
            return
        ids = [{"id": f"P{number}", **row, "sound": True} for number, row in enumerate(rows)]
        before = pot.determine({"pot": 100, "project": ids})
        ids[at] = {**ids[at], "sound": False}
        after = pot.determine({"pot": 100, "project": ids})

        def own(result: Any) -> dict[str, Any]:
            return {row.id: row.lines["own"].value for row in result.rows("project") if row.id != f"P{at}"}

        assert own(before) == own(after)


def yuan(fen: int) -> str:
    """Return an amount of so many fen as text in yuan."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{whole // 100}.{whole % 100:02d}"
