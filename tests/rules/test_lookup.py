"""Unique-hit lookups: gaps and overlaps with the exact witness, on every kind of grid, in one and several dimensions."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_table import built_from, edited

from jiangbu import Finding
from jiangbu.rules.kinds import Bounds
from jiangbu.rules.lookup import HOLE, Axis, TooManyCells, cut_up
from jiangbu.rules.model import Edge, LookupTable, Row
from jiangbu.rules.progressive import progressive

INPUTS = (
    """
[facts.money]
label    = "金额"
kind     = "money"
at_least = 0
at_most  = "100万"
[facts.price]
label    = "单价"
kind     = "money"
decimals = 4
at_least = 0
at_most  = 100
[facts.count]
""".replace("count", "people")
    + """label    = "人数"
kind     = "number"
at_least = 0
at_most  = 100
[facts.weight]
label    = "重量"
kind     = "number"
decimals = 1
more_than = 0
less_than = 100
[facts.share]
label    = "占比"
kind     = "rate"
at_least = 0
at_most  = 1
[facts.passed]
label = "通过"
kind  = "flag"
[facts.grade]
label   = "等级"
kind    = "choice"
options = { good = "良好", fair = "一般", poor = "较差" }
[facts.signed]
label    = "签约日"
kind     = "date"
at_least = 2024-01-01
at_most  = 2025-12-31
"""
)


def found(folder: Path, inputs: str, rows: str, *, before: str = "", more: str = "") -> list[Finding]:
    """Return the errors of a table of these rows over some inputs; its cases know nothing of them."""
    table = f'{INPUTS}[tables.extra]\nlabel = "档"\n{inputs}\nclause = "三"\n{more}\ngives = {{ v = "number" }}\nrows = [{rows}]\n'
    line = f'{before}[[lines]]\nname = "used"\nlabel = "用"\nclause = "三"\nformula = "extra.v"\n'
    findings = built_from(folder, edited(("[constants.cap]", table + "[constants.cap]"), ("", line)))
    return [item for item in findings if item.severity == "error" and item.code != "case"]


MEET = {
    "counts 20–39 and 40": ("people", "{ at_most = 39, v = 0 }, { at_least = 40, v = 1 }"),
    "counts less than 20 and 20": ("people", "{ less_than = 20, v = 0 }, { at_least = 20, v = 1 }"),
    "counts more than 19 and 19": ("people", "{ at_most = 19, v = 0 }, { more_than = 19, v = 1 }"),
    "counts at halves": ("people", '{ at_most = "39.5", v = 0 }, { at_least = "39.7", v = 1 }'),
    "money a fen apart": ("money", '{ at_most = "499999.99", v = 0 }, { at_least = "50万", v = 1 }'),
    "prices to four places": ("price", '{ at_most = "1.2345", v = 0 }, { at_least = "1.2346", v = 1 }'),
    "weights to one place": ("weight", '{ at_most = "9.9", v = 0 }, { more_than = "9.9", v = 1 }'),
    "rates a millionth apart": ("share", '{ at_most = "0.299999", v = 0 }, { at_least = "30%", v = 1 }'),
    "days, last of June and first of July": ("signed", "{ at_most = 2024-06-30, v = 0 }, { at_least = 2024-07-01, v = 1 }"),
    "flags": ("passed", "{ is = true, v = 1 }, { is = false, v = 0 }"),
    "choices and otherwise": ("grade", '{ is = "good", v = 1 }, { otherwise = true, v = 0 }'),
    "one row for all": ("money", "{ v = 1 }"),
    "a point in the middle": ("people", "{ less_than = 7, v = 0 }, { is = 7, v = 1 }, { more_than = 7, v = 2 }"),
    "rows in any order": ("people", "{ at_least = 40, v = 1 }, { less_than = 20, v = 0 }, { at_least = 20, at_most = 39, v = 2 }"),
}  # fmt: skip

APART = {
    "a gap of one fen": ("money", '{ at_most = "50万", v = 0 }, { at_least = "500000.02", v = 1 }', "gap", "money = 500000.01"),
    "a gap of money": ("money", '{ at_most = "50万", v = 0 }, { at_least = "51万", v = 1 }', "gap", "money = 500000.01"),
    "an edge excluded twice": ("money", '{ less_than = "50万", v = 0 }, { more_than = "50万", v = 1 }', "gap", "money = 500000"),
    "an edge included twice": ("money", '{ at_most = "50万", v = 0 }, { at_least = "50万", v = 1 }', "overlap", "money = 500000"),
    "a gap of prices": ("price", '{ at_most = "1.2345", v = 0 }, { at_least = "1.2347", v = 1 }', "gap", "price = 1.2346"),
    "a gap of counts": ("people", "{ at_most = 39, v = 0 }, { at_least = 41, v = 1 }", "gap", "people = 40"),
    "an overlap of counts": ("people", "{ at_most = 40, v = 0 }, { at_least = 30, v = 1 }", "overlap", "people = 30"),
    "a gap at the upper end": ("people", "{ at_most = 99, v = 0 }", "gap", "people = 100"),
    "a gap at the open lower end": ("weight", '{ at_least = "0.2", v = 0 }', "gap", "weight = 0.1"),
    "a gap of rates": ("share", '{ less_than = "30%", v = 0 }, { more_than = "30%", v = 1 }', "gap", "share = 0.3"),
    "a gap of days": ("signed", "{ at_most = 2024-02-28, v = 0 }, { at_least = 2024-03-01, v = 1 }", "gap", "signed = 2024-02-29"),
    "an overlap of days": ("signed", "{ at_most = 2024-07-01, v = 0 }, { at_least = 2024-07-01, v = 1 }", "overlap", "signed = 2024-07-01"),
    "a flag forgotten": ("passed", "{ is = true, v = 1 }", "gap", "passed = False"),
    "an option forgotten": ("grade", '{ is = "good", v = 1 }, { is = "poor", v = 0 }', "gap", "grade = fair"),
    "an option twice": ("grade", '{ is = "good", v = 1 }, { is = "good", v = 2 }, { otherwise = true, v = 0 }', "overlap", "grade = good"),
}  # fmt: skip


@pytest.mark.parametrize("name", MEET)
def test_rows_that_meet_on_the_grid(name: str, tmp_path: Path) -> None:
    """Rows that leave no value of the input's grid between them cover it all."""
    which, rows = MEET[name]
    assert [] == found(tmp_path, f'input = "{which}"', rows)


@pytest.mark.parametrize("name", APART)
def test_a_gap_or_overlap_has_its_witness(name: str, tmp_path: Path) -> None:
    """Where a value is hit by no row, or two, the first such value is shown as a person would type it."""
    which, rows, code, witness = APART[name]
    (finding,) = found(tmp_path, f'input = "{which}"', rows)
    assert (code, witness) == (finding.code, finding.witness)


def test_several_inputs_are_covered_cell_by_cell(tmp_path: Path) -> None:
    """A grid of grade and people with one cell left out: the witness names both inputs."""
    rows = (
        '{ grade = "good", people = { less_than = 20 }, v = 1 }, { grade = "good", people = { at_least = 20 }, v = 2 },'
        '{ grade = "fair", v = 3 }, { grade = "poor", people = { at_least = 20, at_most = 39 }, v = 4 }'
    )
    findings = found(tmp_path, 'inputs = ["grade", "people"]', rows)
    assert [("gap", "grade = poor, people = 0"), ("gap", "grade = poor, people = 40")] == [
        (item.code, item.witness) for item in findings
    ]


def test_several_inputs_that_overlap_in_a_corner(tmp_path: Path) -> None:
    """Two rows that overlap in one corner of two numeric inputs: the corner is the witness, the two rows are named."""
    rows = (
        '{ people = { at_most = 10 }, money = { at_most = "1万" }, v = 1 },'
        '{ people = { at_least = 10 }, money = { at_least = "1万" }, v = 2 }, { otherwise = true, v = 0 }'
    )
    (finding,) = found(tmp_path, 'inputs = ["people", "money"]', rows)
    assert ("overlap", "people = 10, money = 10000") == (finding.code, finding.witness)
    assert "row 1 and row 2" in finding.message


def test_an_input_that_a_row_omits_may_be_anything(tmp_path: Path) -> None:
    """A row without a word on people overlaps every row of its grade."""
    rows = (
        '{ grade = "good", v = 1 }, { grade = "good", people = { at_least = 50 }, v = 2 }, { otherwise = true, v = 0 }'
    )
    (finding,) = found(tmp_path, 'inputs = ["grade", "people"]', rows)
    assert ("overlap", "grade = good, people = 50") == (finding.code, finding.witness)


def test_over_an_exact_line_the_rows_must_meet(tmp_path: Path) -> None:
    """An unrounded amount may lie between two fen: 499999.99 and 50万 leave a gap, less_than 50万 does not."""
    exact = '[[lines]]\nname = "exact"\nlabel = "准"\nclause = "三"\nformula = "money / late"\nround = "none"\n'
    apart = '{ at_most = "499999.99", v = 0 }, { at_least = "50万", v = 1 }'
    meet = '{ less_than = "50万", v = 0 }, { at_least = "50万", v = 1 }'
    assert [] == found(tmp_path / "meet", 'input = "exact"', meet, before=exact)
    (finding,) = found(
        tmp_path / "apart",
        'input = "exact"',
        apart.replace("499999.99", "99999.99").replace("50万", "10万"),
        before=exact,
    )
    assert ("gap", "exact = 99999.995") == (finding.code, finding.witness)


def test_a_value_that_stands_between_the_grid_needs_rows_that_meet(tmp_path: Path) -> None:
    """Rows that meet for counts leave a gap when the table is asked for a value with a half."""
    (finding,) = found(
        tmp_path, 'input = "people"', "{ at_most = 39, v = 0 }, { at_least = 40, v = 1 }",
        before='[[lines]]\nname = "halves"\nlabel = "半"\nclause = "三"\nformula = "extra.v(weight)"\n',
    )  # fmt: skip
    assert ("gap", "lines[3].formula") == (finding.code, finding.where)
    assert "people = 39.1" in finding.message


def test_holes_are_kept_where_the_table_says_so(tmp_path: Path) -> None:
    """``holes = "refuse"`` keeps the holes of a rule; an overlap stays an error."""
    rows = "{ at_least = 10, at_most = 20, v = 1 }"
    assert [] == found(tmp_path / "a", 'input = "people"', rows, more='holes = "refuse"')
    (finding,) = found(tmp_path / "b", 'input = "people"', f"{rows}, {{ is = 20, v = 2 }}", more='holes = "refuse"')
    assert ("overlap", "people = 20") == (finding.code, finding.witness)


def test_more_than_five_gaps_are_not_listed(tmp_path: Path) -> None:
    """A table full of gaps shows five of them; the reader sees the pattern."""
    rows = ", ".join(f"{{ is = {at}, v = {at} }}" for at in range(0, 100, 2))
    assert 5 == len(found(tmp_path, 'input = "people"', rows))


# Properties over axes and rows themselves


def table_of(inputs: int, rows: list[Row], *, holes: bool = True) -> LookupTable:
    return LookupTable("t", "t", tuple("abc"[:inputs]), {"v": "number"}, tuple(rows), holes=holes)


@st.composite
def _edges(draw: st.DrawFn) -> tuple[Edge, ...]:
    edges: list[Edge] = []
    if draw(st.integers(0, 9)) == 0:
        return (Edge("is", Fraction(draw(st.integers(0, 12)))),)
    if draw(st.booleans()):
        edges.append(Edge(draw(st.sampled_from(["at_least", "more_than"])), Fraction(draw(st.integers(-2, 26)), 2)))
    if draw(st.booleans()):
        edges.append(Edge(draw(st.sampled_from(["at_most", "less_than"])), Fraction(draw(st.integers(-2, 26)), 2)))
    return tuple(edges)


@st.composite
def _tables(draw: st.DrawFn) -> tuple[LookupTable, list[Axis]]:
    inputs = draw(st.integers(1, 2))
    rows = [
        Row({"ab"[at]: draw(_edges()) for at in range(inputs)}, {"v": Fraction(number)})
        for number in range(draw(st.integers(1, 5)))
    ]
    if draw(st.booleans()):
        rows.append(Row({}, {"v": Fraction(9)}, otherwise=True))
    axes = [Axis(Bounds(Fraction(0), Fraction(12)), draw(st.sampled_from([1, 2, None]))) for _ in range(inputs)]
    return table_of(inputs, rows, holes=False), axes


def covers(row: Row, name: str, value: Fraction) -> bool:
    """Say whether a row covers a value, in the plainest way."""
    tests = {
        "at_least": lambda edge: value >= edge, "more_than": lambda edge: value > edge, "is": lambda edge: value == edge,
        "at_most": lambda edge: value <= edge, "less_than": lambda edge: value < edge,
    }  # fmt: skip
    return all(tests[edge.word](edge.value) for edge in row.edges.get(name, ()))


def points(axes: list[Axis]) -> list[tuple[Fraction, ...]]:
    """Return every point of the grids; where there is none, halves and what lies between them."""
    return list(product(*([Fraction(n, axis.den or 4) for n in range(12 * (axis.den or 4) + 1)] for axis in axes)))


@given(_tables())
@settings(max_examples=150, deadline=None)
def test_cells_agree_with_the_plainest_lookup(given: tuple[LookupTable, list[Axis]]) -> None:
    """At every point the cells name a row that covers it; faults are there exactly if some point has none, or two."""
    table, axes = given
    cells = cut_up(table, axes)
    plain = [row for row in table.rows if not row.otherwise]
    gap = overlap = False
    for point in points(axes):
        hits = [at for at, row in enumerate(plain) if all(map(covers, [row] * len(axes), table.inputs, point))]
        overlap |= len(hits) > 1
        owner = cells.row(point)
        if hits:
            assert owner in hits
        elif len(plain) < len(table.rows):
            assert owner == len(plain)
        else:
            assert owner == HOLE
            gap = True
    codes = {fault.code for fault in cells.faults}
    assert {code for code, so in (("gap", gap), ("overlap", overlap)) if so} == codes
    for fault in cells.faults:
        hits = [at for at, row in enumerate(plain) if all(map(covers, [row] * len(axes), table.inputs, fault.point))]
        assert (set(fault.rows) <= set(hits) and len(hits) > 1) if fault.code == "overlap" else hits == []


@given(_tables())
@settings(max_examples=100, deadline=None)
def test_a_row_is_unreachable_exactly_if_it_owns_no_cell(given: tuple[LookupTable, list[Axis]]) -> None:
    """``unreachable`` lists the rows that cover no point within the bounds, and an otherwise that nothing is left for."""
    table, axes = given
    cells = cut_up(table, axes)
    every = points(axes)
    empty = [
        at
        for at, row in enumerate(table.rows)
        if (row.otherwise and at not in cells.owner)
        or (not row.otherwise and not any(all(map(covers, [row] * len(axes), table.inputs, p)) for p in every))
    ]
    assert empty == list(cells.unreachable)


def test_a_million_cells_and_not_one_more() -> None:
    """Three inputs cut into 100 each are 10^6 cells; with 101 the table is refused before any work."""

    def cut(parts: int) -> LookupTable:
        rows = [
            Row({name: (Edge("is", Fraction(2 * at)),)}, {"v": Fraction(0)}) for name in "abc" for at in range(parts)
        ]
        return table_of(3, rows)

    axes = [Axis(Bounds(Fraction(0), Fraction(10**6)))] * 3
    small = cut_up(cut(3), axes)
    assert prod(small.sizes) == len(small.owner)
    with pytest.raises(TooManyCells) as caught:
        cut_up(cut(51), axes)
    assert 1_000_000 < caught.value.cells


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=5, unique=True).map(sorted),
    st.lists(st.integers(0, 9), min_size=6, max_size=6),
    st.integers(0, 40),
)
def test_a_progressive_sum_of_counts_is_the_sum_of_its_units(edges: list[int], rates: list[int], x: int) -> None:
    """For counts, 超额累进 adds the rate of each whole unit 1…x."""
    starts = [0, *edges]
    rows = []
    for at, start in enumerate(starts):
        low = (Edge("at_least", Fraction(start)),) if at else ()
        high = (Edge("less_than", Fraction(starts[at + 1])),) if at + 1 < len(starts) else ()
        rows.append(Row({"a": low + high}, {"v": Fraction(rates[at])}))
    axes = [Axis(Bounds(Fraction(0), Fraction(40)))]
    pieces = progressive(table_of(1, rows), axes, 0, "v", [Fraction(x)], counts=True)
    piece = pieces[max(bisect_right([item.start for item in pieces], Fraction(x)) - 1, 0)]
    one_by_one = sum(rates[bisect_right(starts, unit) - 1] for unit in range(1, x + 1))
    assert one_by_one == piece.base + piece.slope * (x - piece.start)
