"""The second opinion's own door: what it takes, and the code of what it does not."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbu.audit.second_opinion import Opinion, opinion_from_toml

TABLE = """
format = 1
[scheme]
id = "door"
title = "事实"
place = "999999"
document = "示例办发〔2024〕1号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "household"
pays = "pay"
[facts.money]
label = "金额"
kind = "money"
more_than = -1
less_than = "1亿"
default = 0
[facts.price]
label = "单价"
kind = "money"
decimals = 4
at_least = 0
at_most = 100
default = "0.0001"
[facts.head]
label = "头数"
kind = "number"
at_least = 1
at_most = 20
default = 1
[facts.area]
label = "面积"
kind = "number"
decimals = 2
at_least = 0
at_most = 20
default = 0
[facts.rate]
label = "利率"
kind = "rate"
at_least = "-1%"
at_most = "100%"
default = "4.35%"
[facts.flag]
label = "是否"
kind = "flag"
default = true
[facts.track]
label = "类型"
kind = "choice"
options = { settler = "新引进企业", grower = "原有企业" }
default = "settler"
[facts.day]
label = "日期"
kind = "date"
default = 2024-01-01
[facts.due]
label = "期限内日期"
kind = "date"
at_least = 2024-01-01
less_than = 2025-01-01
default = 2024-01-01
[facts.site]
label = "占地"
kind = "number"
at_least = 0
at_most = 9
default = 0
needed_if = "track == 'settler' and head > 5"
"""
NAMES = ("money", "price", "head", "area", "rate", "flag", "track", "day", "due", "site")
TABLE += "".join(
    f'[[lines]]\nname = "{name}_seen"\nlabel = "{name}"\nformula = "{name}"\nround = "none"\n' for name in NAMES
)
TABLE += '[[lines]]\nname = "pay"\nlabel = "应付"\nformula = "0 * money"\n'


def seen(**facts: Any) -> Opinion:
    """Compute a table whose lines repeat its facts."""
    return opinion_from_toml(TABLE, facts)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("money", "1.5万", Fraction(15_000)),
        ("money", "0.9999亿", Fraction(99_990_000)),
        ("money", "-0.99", Fraction(-99, 100)),
        ("money", Decimal("1E+3"), Fraction(1000)),
        ("money", 7, Fraction(7)),
        ("money", "00012.30", Fraction("12.3")),
        ("price", "0.0001", Fraction(1, 10_000)),
        ("head", "0.001万", Fraction(10)),
        ("head", Decimal("20.0"), Fraction(20)),
        ("area", "12.25", Fraction(49, 4)),
        ("rate", "4.35%", Fraction("0.0435")),
        ("rate", "2‰", Fraction("0.002")),
        ("rate", "0.035", Fraction("0.035")),
        ("rate", Decimal("0.035"), Fraction("0.035")),
        ("flag", False, False),
        ("track", "grower", "grower"),
        ("track", "原有企业", "grower"),
        ("day", "2024-02-29", date(2024, 2, 29)),
        ("day", date(2100, 12, 31), date(2100, 12, 31)),
        ("due", "2024-12-31", date(2024, 12, 31)),
        ("site", None, Fraction(0)),
    ],
)
def test_facts_are_taken_exactly(name: str, given: object, expected: object) -> None:
    """万 and 亿, percent and per mille, names and labels, ISO days: each as the contract's table of kinds."""
    result = seen(**({"site": 0} | {name: given}))  # ten head make a settler's site needed

    assert result.problems == ()
    assert result.lines[f"{name}_seen"] == expected


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("money", 1.0, "float"),
        ("money", float("nan"), "float"),
        ("money", True, "kind"),
        ("money", Decimal("NaN"), "kind"),
        ("money", Decimal("-Infinity"), "kind"),
        ("money", Decimal("1E+1000000"), "bounds"),
        ("money", Decimal("1E-1000000"), "decimals"),
        ("rate", Decimal("1E+1000000"), "bounds"),
        ("money", Fraction(1), "kind"),
        ("money", [1], "kind"),
        ("money", "1,000", "text"),
        ("money", "1_000", "text"),
        ("money", "１２", "text"),
        ("money", " 1", "text"),
        ("money", "+1", "text"),
        ("money", ".5", "text"),
        ("money", "5.", "text"),
        ("money", "1e3", "text"),
        ("money", "1万元", "text"),
        ("money", "1" * 1001, "text"),
        ("money", "0.001", "decimals"),
        ("money", Decimal("0.001"), "decimals"),
        ("money", "1亿", "bounds"),
        ("money", -1, "bounds"),
        ("price", "0.00001", "decimals"),
        ("head", "1.5", "decimals"),
        ("head", 0, "bounds"),
        ("head", 21, "bounds"),
        ("rate", 1, "kind"),
        ("rate", 0.5, "float"),
        ("rate", "2/37", "text"),
        ("rate", "1万", "text"),
        ("rate", "0.00001%", "decimals"),
        ("rate", "101%", "bounds"),
        ("flag", 1, "kind"),
        ("flag", "是", "kind"),
        ("track", "nobody", "option"),
        ("track", 1, "kind"),
        ("track", "settler\x00", "text"),
        ("day", datetime(2024, 1, 1), "date"),
        ("day", "2024-02-30", "date"),
        ("day", "20240101", "date"),
        ("day", "2024/1/1", "date"),
        ("day", "2024-01-01\x00", "date"),
        ("day", "2024-01-01" * 101, "date"),
        ("track", "settler\ud800", "text"),
        ("day", 45292, "kind"),
        ("day", "1989-12-31", "bounds"),
        ("day", "2101-01-01", "bounds"),
        ("due", "2025-01-01", "bounds"),
        ("nobody", 1, "unknown-fact"),
        ("id", "X", "unknown-fact"),
    ],
)
def test_what_the_door_refuses_is_named_with_its_code(name: str, given: object, code: str) -> None:
    """The case is unreadable and the problem names the fact; nothing is rounded, guessed or coerced, and a line that
    reads the fact has no value, while the others keep theirs."""
    sound, result = seen(), seen(**{name: given})
    lost = {f"{name}_seen", "pay" if name == "money" else ""}

    assert (result.outcome, result.problems) == ("unreadable", ((code, name),))
    assert result.lines == {line: None if line in lost else value for line, value in sound.lines.items()}


def test_all_problems_are_named_at_once() -> None:
    """Three bad facts are three problems, sorted by code."""
    assert seen(money="x", head=0, wages=1).problems == (
        ("bounds", "head"),
        ("text", "money"),
        ("unknown-fact", "wages"),
    )


def test_a_default_stands_in_and_a_fact_without_one_is_missing() -> None:
    """4.35% stands in for the rate; without a default the case is unreadable."""
    assert seen().lines["rate_seen"] == Fraction("0.0435")
    bare = TABLE.replace('default = "4.35%"\n', "")
    assert opinion_from_toml(bare, {}).problems == (("missing", "rate"),)


def test_a_fact_is_needed_only_where_its_test_holds() -> None:
    """A settler of six heads must give the site; a grower's stays at the default, whatever stands there."""
    assert seen(head=6).problems == (("missing", "site"),)
    assert seen(head=6, site=3).lines["site_seen"] == 3
    assert seen(track="grower", head=6, site=3).lines["site_seen"] == 0
    assert seen(head="six").problems == (("text", "head"),)


@pytest.mark.parametrize("facts", [None, [], "{}", 1])
def test_facts_that_are_no_mapping_are_unreadable(facts: object) -> None:
    """A case is a mapping of names to values."""
    assert opinion_from_toml(TABLE, facts).problems == (("kind", ""),)


@given(st.dictionaries(st.sampled_from([*NAMES, "other"]), st.none() | st.text() | st.integers() | st.floats()))
def test_whatever_is_given_there_is_an_opinion(facts: dict[str, Any]) -> None:
    """No text or number makes the door stumble: a case is unreadable exactly if it has problems."""
    result = opinion_from_toml(TABLE, facts)

    assert (result.outcome == "unreadable") is bool(result.problems)
