"""The laws that the second opinion's arithmetic keeps."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from jiangbu.audit.arithmetic import allocated, later, months, rounded

values = st.fractions(-1000, 1000, max_denominator=2000)
steps = st.sampled_from([Fraction(1, 100), Fraction(1, 10), Fraction(1), Fraction(100)])
modes = st.sampled_from(["half-up", "down", "up"])
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(values, steps, modes)
def test_rounding_is_symmetric_idempotent_and_near(value: Fraction, step: Fraction, mode: str) -> None:
    """What is rounded is a multiple of the step, less than one step away, and the same for −x."""
    result = rounded(value, step, mode)

    assert (result / step).denominator == 1
    assert result == rounded(result, step, mode)
    assert -result == rounded(-value, step, mode)
    assert abs(result - value) < step
    if mode == "half-up":
        assert abs(result - value) <= step / 2


@given(values, steps)
def test_down_goes_toward_zero_and_up_away_from_it(value: Fraction, step: Fraction) -> None:
    """|down(x)| ≤ |x| ≤ |up(x)|."""
    assert abs(rounded(value, step, "down")) <= abs(value) <= abs(rounded(value, step, "up"))


def test_half_goes_away_from_zero() -> None:
    """0.005 is 0.01 and −0.005 is −0.01, to the fen."""
    fen = Fraction(1, 100)
    assert rounded(Fraction(1, 200), fen, "half-up") == fen
    assert rounded(Fraction(-1, 200), fen, "half-up") == -fen


@given(st.integers(-10_000, 10_000), st.lists(st.fractions(0, 9, max_denominator=7), max_size=7))
def test_an_allocation_conserves_and_is_fair_to_within_a_unit(total: int, weights: list[Fraction]) -> None:
    """The shares sum to the total, none a whole unit away from its quota; over no weight there are none."""
    shares = allocated(Fraction(total), weights, Fraction(1))

    if total and not sum(weights):
        assert shares is None
        return
    assert shares is not None
    if total:
        assert sum(shares) == total
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - total * weight / sum(weights)) < 1
    else:
        assert shares == [0] * len(weights)


@given(st.integers(-1000, 1000), st.integers(1, 9))
def test_equal_weights_give_what_is_left_to_those_that_stand_first(total: int, count: int) -> None:
    """Ties go to the earlier place, by absolute value for a negative total."""
    shares = allocated(Fraction(total), [Fraction(1)] * count, Fraction(1))

    each, left = divmod(abs(total), count)
    sign = -1 if total < 0 else 1
    assert shares == [sign * (each + 1)] * left + [sign * each] * (count - left)


def test_a_total_off_its_unit_and_a_weight_below_zero_are_refused() -> None:
    """Half a fen cannot be divided, and money does not flow up."""
    with pytest.raises(ValueError, match="no whole number of units"):
        allocated(Fraction(1, 2), [Fraction(1)], Fraction(1))
    with pytest.raises(ValueError, match="below zero"):
        allocated(Fraction(1), [Fraction(1), Fraction(-1)], Fraction(1))


@given(days, st.integers(-600, 600))
def test_months_later_agrees_with_dateutil(day: date, count: int) -> None:
    """Counted from the original day, with the month's end clamped, as dateutil counts it."""
    assert later(day, count) == day + relativedelta(months=count)


@given(days, st.integers(0, 2000))
def test_months_is_the_largest_number_that_fits(start: date, length: int) -> None:
    """later(a, n) ≤ b < later(a, n + 1), and months turns its sign with its days."""
    end = start + timedelta(days=length)
    count = months(start, end)

    assert later(start, count) <= end < later(start, count + 1)
    assert months(end, start) == (0 if length == 0 else -count)


def test_an_unknown_mode_is_refused() -> None:
    """Rounding has three modes; a fourth is not guessed."""
    with pytest.raises(ValueError, match="unknown rounding mode"):
        rounded(Fraction(1), Fraction(1), "half-even")
