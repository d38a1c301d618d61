"""Amounts as a clerk reads them are exact: what is shown can be read back."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from jiangbu.money import read_number
from jiangbu.rules.words.amounts import day, figure, money_figure, money_in_law, money_result, percent, written

FEN = st.integers(-(10**18), 10**18).map(lambda fen: Fraction(fen, 100))


@given(FEN)
def test_figures_read_back(value: Fraction) -> None:
    """An amount in figures is the amount, to the fen."""
    assert value == read_number(money_figure(value).replace(",", "").removesuffix("元"))


@given(FEN)
def test_law_form_reads_back(value: Fraction) -> None:
    """An amount in 万 or 亿 is the amount, to the fen."""
    assert value == read_number(money_in_law(value).removesuffix("元"))


@given(FEN)
def test_result_shows_fen(value: Fraction) -> None:
    """A result has two places, and the short form beside it is the same amount."""
    figures, _, short = money_result(value).partition("（")
    assert figures.removesuffix("元")[-3] == "."
    assert not short or value == read_number(short.removesuffix("元）"))


@given(st.fractions(min_value=0, max_value=10**9, max_denominator=10**6))
def test_cut_digits_are_true(value: Fraction) -> None:
    """A number without an end is cut, never rounded: it is at least what is shown and less than one step more."""
    text = figure(value)
    shown = Fraction(text.replace(",", "").removesuffix("…"))
    step = Fraction(1, 10**6)
    assert (value == shown) if not text.endswith("…") else (shown < value < shown + step)


@given(st.integers(0, 10**6))
def test_percent_reads_back(ppm: int) -> None:
    """A rate in percent is the rate."""
    assert Fraction(ppm, 10**6) == Fraction(percent(Fraction(ppm, 10**6)).removesuffix("%")) / 100


@given(st.integers(0, 40_000))
def test_days_have_no_leading_zeros(offset: int) -> None:
    """A day is written as documents write it."""
    moment = date(1990, 1, 1) + timedelta(offset)
    assert f"{moment.year}年{moment.month}月{moment.day}日" == day(moment.toordinal())


def test_other_kinds() -> None:
    """Flags, options, years and nothing at all have their own forms."""
    assert ["是", "优秀", "2024年", "—"] == [
        written("flag", True),
        written("choice", "good", options={"good": "优秀"}),
        written("number", Fraction(2024), unit="年"),
        written("money", None),
    ]
