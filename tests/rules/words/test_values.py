"""The values that sentences show are those that the program computed."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told_tables import on_some_day, random_facts, wide_book

from jiangbu import RuleBook, Scheme
from jiangbu.rules.model import Rounding
from jiangbu.rules.results import RowResult
from jiangbu.rules.words.values import Stop, Values, cell_value, rounded

BOOK = RuleBook.load()
SHIPPED = {entry.id: on_some_day(BOOK, entry.id, entry.place) for entry in BOOK.entries()}


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    """The table that uses the whole language."""
    return on_some_day(wide_book(tmp_path_factory.mktemp("tables")), "wide", "999999")


def told(scheme: Scheme, row: RowResult) -> dict[str, object]:
    """The value of every line of a row as the sentences have it, rounded as the line says; None where it stops."""
    values = scheme.say.values(row)
    found: dict[str, object] = {}
    for slot in row.layout.lines:
        line = scheme.lines[slot.name]
        try:
            value = values.line(line, row)
        except Stop:
            found[slot.name] = None
        else:
            found[slot.name] = rounded(value, line.round) if isinstance(value, Fraction) else value
    return found


def kept(row: RowResult) -> dict[str, object]:
    """The value of every line of a row as the determination keeps it."""
    cells = zip(row.layout.lines, row.data.values, strict=True)
    return {slot.name: None if cell is None else cell_value(slot, cell) for slot, cell in cells}


@pytest.mark.parametrize("id", SHIPPED)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_shipped_lines_agree(id: str, seed: int) -> None:
    """For every line of every shipped scheme the sentences have exactly the program's value."""
    scheme = SHIPPED[id]
    result = scheme.try_determine(random_facts(scheme, Random(seed)))
    rows = list(result.root.walk())
    assert [kept(row) for row in rows] == [told(scheme, row) for row in rows]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_the_whole_language_agrees(wide: Scheme, seed: int) -> None:
    """So do those of a table that uses every part of the language, over three levels with refused rows."""
    result = wide.try_determine(random_facts(wide, Random(seed)))
    for row in result.root.walk():
        if not row.unreadable:
            assert kept(row) == told(wide, row)


def test_a_wrong_evaluator_is_seen(wide: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    """An evaluator that takes the greater for the smaller is caught by the comparison above."""
    right = Values.extreme
    monkeypatch.setattr(
        "jiangbu.rules.words.values._VALUE", {**_table(), _extreme(): lambda v, n, r, o: right(v, _turned(n), r, o)}
    )
    seeds = range(20)
    results = [wide.try_determine(random_facts(wide, Random(seed))) for seed in seeds]
    rows = [row for result in results for row in result.root.walk() if not row.unreadable]
    assert any(kept(row) != told(wide, row) for row in rows)


def _table() -> dict[type, object]:
    from jiangbu.rules.words import values

    return dict(values._VALUE)


def _extreme() -> type:
    from jiangbu.rules.tree import Extreme

    return Extreme


def _turned(node: object) -> object:
    from attrs import evolve

    return evolve(node, op="max" if node.op == "min" else "min")  # type: ignore[attr-defined,misc]


@pytest.mark.parametrize(
    ("mode", "expected"), [("half-up", "-0.02"), ("down", "-0.01"), ("up", "-0.02")], ids=["half-up", "down", "up"]
)
def test_rounding_is_away_from_or_toward_zero(mode: str, expected: str) -> None:
    """Half-up rounds half away from zero, down toward it, up away from it, below zero too."""
    assert rounded(Fraction("-0.015"), Rounding(mode)) == Fraction(expected)  # type: ignore[arg-type]


def test_without_a_step_nothing_is_rounded() -> None:
    """A line that keeps its exact value is shown with it."""
    assert rounded(Fraction(1, 3), Rounding(step=None)) == Fraction(1, 3)
