"""The quick way of a case of one row: whatever number is given, it ends as the patient way and the second opinion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import jiangbu
from jiangbu.audit.second_opinion import differences, second_opinion

SCHEME = jiangbu.RuleBook.load().scheme("example-scale-award", place="999999", on=date(2024, 12, 31)).ungated()


def case(revenue: Any) -> dict[str, Any]:
    return {"revenue": revenue, "best_prior_revenue": 0, "has_violation": False}


def decimals() -> st.SearchStrategy[Decimal]:
    """Decimals of few digits and of many, near the limits of what anybody means, and far beyond."""
    digits = st.sampled_from([1, 2, 9, 890, 899, 900, 998, 999, 1000, 1001, 1500])
    return st.builds(
        lambda count, first, rest, places, sign: Decimal((sign, (first, *[rest] * (count - 1)), -places)),
        digits,
        st.integers(0, 9),
        st.sampled_from([0, 0, 0, 1, 9]),
        st.sampled_from([0, 1, 2, 3, 61, 880, 900, 989, 991, 999, 1491, -8, -60, -61]),
        st.sampled_from([0, 1]),
    )


@given(decimals())
@example(Decimal("1." + "0" * 998))
@example(Decimal("1." + "0" * 999))
@example(Decimal("0E-61"))
@example(Decimal("NaN"))
@example(Decimal("-Infinity"))
@example(Decimal("1E+999999999"))
@example(Decimal("1." + "0" * 1_000_000))
def test_a_decimal_of_any_length_ends_in_one_way(value: Decimal) -> None:
    """One at a time, many at once, and by the second opinion: the same outcome, amount and problems."""
    one = SCHEME.try_determine(case(value))
    (many,) = SCHEME.determine_many([case(value)])
    assert one == many
    assert () == differences(second_opinion(SCHEME, case(value)), one)


@pytest.mark.parametrize("value", [2**3320 - 1, 2**3320, -(2**3320), 10**5000], ids=["last", "first", "below", "huge"])
def test_a_whole_number_of_any_length_ends_in_one_way(value: int) -> None:
    """Whole numbers as well, those that Python itself does not print among them."""
    assert () == differences(second_opinion(SCHEME, case(value)), SCHEME.try_determine(case(value)))


def test_a_thousand_digits_are_read_and_one_more_is_refused() -> None:
    """Digits behind the point that say nothing are read up to a length that somebody might mean."""
    assert "nil" == SCHEME.try_determine(case(Decimal("1." + "0" * 998))).outcome.value
    (problem,) = SCHEME.try_determine(case(Decimal("1." + "0" * 999))).problems
    assert ("kind", "revenue") == (problem.code, problem.path)
