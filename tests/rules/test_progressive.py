"""Progressive sums: every unit from the first on is counted, whatever is the least that may be given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_table import HEAD, book_of, built_from

from jiangbu import Scheme
from jiangbu.audit.second_opinion import differences, second_opinion

BANDS = (
    HEAD
    + """
[facts.area]
label    = "面积"
kind     = "number"
unit     = "亩"
DECIMALS
BOUNDS
[tables.scale]
label  = "分段标准"
input  = "area"
clause = "第三条"
gives  = { each = "money" }
rows = [
  { FIRSTat_most = 100, each = 200 },
  { more_than = 100, at_most = 300, each = 300 },
  LAST
]
[[lines]]
name    = "paid"
label   = "奖补"
formula = "marginal(scale.each, area)"
clause  = "第三条"
"""
)
LAST = "{ more_than = 300, each = 400 },"


def bands(bounds: str, *, decimals: int = 1, first: str = "", last: str = LAST) -> str:
    """A table of three bands over an area with these bounds."""
    table = BANDS.replace("BOUNDS", bounds).replace("FIRST", first).replace("LAST", last)
    return table.replace("DECIMALS", f"decimals = {decimals}")


def scheme_of(folder: Path, text: str) -> Scheme:
    return book_of(folder, award=text).scheme("award", on=date(2024, 6, 1))


def amounts_of(scheme: Scheme, facts: dict[str, Any]) -> Decimal:
    """The amount, on which the evaluator, the second opinion and the sentence's own value agree."""
    result = scheme.determine(facts)
    assert [] == list(differences(second_opinion(scheme, facts), result))
    assert Fraction(result.amount) == scheme.say.values(result.root).line(scheme.lines["paid"], result.root)
    return result.amount


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("last", [LAST, "{ otherwise = true, each = 400 },"], ids=["stated", "otherwise"])
@pytest.mark.parametrize("least", ["at_least = 1", "more_than = 1", "at_least = 50", "at_least = 150", "more_than = 0"])
def test_a_first_row_without_a_lower_end_begins_at_zero(least: str, last: str, decimals: int, tmp_path: Path) -> None:
    """150 亩 bring 100 × 200 and 50 × 300 yuan, 35,000 together, also where less than 1 or 50 may not be given."""
    scheme = scheme_of(tmp_path, bands(f"{least}\nat_most = 1000", decimals=decimals, last=last))
    assert Decimal("35000.00") == amounts_of(scheme, {"area": 150})
    assert Decimal("120000.00") == amounts_of(scheme, {"area": 400})
    assert "100亩×200元＋50亩×300元" in scheme.determine({"area": 150}).explain()


def test_a_table_that_is_otherwise_everywhere_begins_at_zero_too(tmp_path: Path) -> None:
    """What no band states lies in the last row, from zero on: 150 × 400 yuan."""
    rows = "  { at_most = 100, each = 200 },\n  { more_than = 100, at_most = 300, each = 300 },\n  " + LAST
    text = bands("at_least = 1\nat_most = 1000").replace(rows, "  { otherwise = true, each = 400 },")
    assert Decimal("60000.00") == amounts_of(scheme_of(tmp_path, text), {"area": 150})


@pytest.fixture(scope="module")
def by_bounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scheme]:
    """The same bands over areas that may be as small as nothing, or not."""
    return {
        least: scheme_of(tmp_path_factory.mktemp("bands"), bands(f"at_least = {least}\nat_most = 1000"))
        for least in ("0", "1", "99", "100", "250")
    }


@given(area=st.integers(2500, 10_000))
def test_bounds_change_no_amount(by_bounds: dict[str, Scheme], area: int) -> None:
    """How little may be given changes nothing for those who give more."""
    facts = {"area": Decimal(area).scaleb(-1)}
    whole = amounts_of(by_bounds["0"], facts)
    assert dict.fromkeys(by_bounds, whole) == {least: amounts_of(one, facts) for least, one in by_bounds.items()}


@pytest.mark.parametrize(
    ("first", "decimals", "begins"),
    [
        ("at_least = 1, ", 1, "1"),
        ("at_least = 1, ", 0, ""),  # the first whole unit is 1
        ("more_than = 0, ", 0, ""),
        ("more_than = 0, ", 1, ""),
        ("more_than = 1, ", 0, "1"),
        ("at_least = 20, ", 0, "19"),
        ("", 1, ""),
    ],
)
def test_bands_that_begin_above_zero_are_warned_of(first: str, decimals: int, begins: str, tmp_path: Path) -> None:
    """Where every band states a lower end, what lies below the first counts for nothing, and the checker says so."""
    least = first.strip(", ") or "at_least = 1"
    found = built_from(tmp_path, bands(f"{least}\nat_most = 1000", decimals=decimals, first=first))
    told = [(item.code, item.severity, item.where) for item in found]
    assert ([("lookup-range", "warning", "lines[0].formula")] if begins else []) == told
    assert not begins or found[0].message.endswith(f"at {begins}")


def test_what_lies_below_stated_bands_counts_for_nothing(tmp_path: Path) -> None:
    """Bands from 20 亩 on: of 150 亩 80 bring 200 yuan, 50 bring 300."""
    text = bands("at_least = 20\nat_most = 1000", first="at_least = 20, ")
    assert Decimal("31000.00") == amounts_of(scheme_of(tmp_path, text), {"area": 150})
