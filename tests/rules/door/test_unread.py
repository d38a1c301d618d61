"""Rows that could not be read: nothing that rests on them has a value, and nobody is refused because of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiangbu.audit.second_opinion import differences, second_opinion
from jiangbu.rules.determination import Determination
from jiangbu.rules.results import Outcome
from jiangbu.rules.scheme import Scheme
from jiangbu.testing import book_of

TABLE = """format = 1
[scheme]
id = "three"
title = "测试"
place = "999999"
document = "测试〔2024〕9号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "household"
pays = "paid"
[levels]
county = { label = "县" }
project = { of = "county", label = "项目", at_most = 4 }
household = { of = "project", label = "农户", at_most = 4 }
[facts.head]
label = "头数"
kind = "number"
level = "household"
at_least = 0
at_most = 100
[facts.area]
label = "面积"
kind = "number"
level = "project"
at_least = 0
at_most = 100
default = 1
[constants.each]
label = "每头"
kind = "money"
value = 10
clause = "第三条"
[[requirements]]
name = "enough"
holds = "linked >= 2"
otherwise = "农户不够"
clause = "第二条"
level = "county"
[[requirements]]
name = "some"
holds = "heads > 0"
otherwise = "没有牛"
clause = "第二条"
level = "project"
[[checks]]
name = "constant"
holds = "area <= 100"
otherwise = "面积太大"
level = "household"
[[remarks]]
name = "empty"
when = "linked == 0"
says = "一户也没有"
level = "county"
[[lines]]
name = "linked"
label = "户数"
level = "county"
formula = "count(household)"
clause = "第三条"
[[lines]]
name = "projects"
label = "项目数"
level = "county"
formula = "count(project)"
clause = "第三条"
[[lines]]
name = "heads"
label = "头数"
level = "project"
formula = "sum(head)"
clause = "第三条"
[[lines]]
name = "land"
label = "面积"
level = "project"
formula = "area + area"
clause = "第三条"
[[lines]]
name = "paid"
label = "奖补"
level = "project"
formula = "heads * each"
clause = "第三条"
"""


@pytest.fixture(scope="module")
def three() -> Scheme:
    """Households in projects in a county."""
    return book_of(TABLE).scheme("three", place="999999", on=date(2024, 6, 30))


def household(number: int) -> dict[str, Any]:
    """Return a sound household."""
    return {"id": f"H{number}", "head": 5}


SOUND = {"id": "P2", "household": [household(1), household(2)]}
UNREAD = {
    "too many": ([household(number) for number in range(5)], {("bounds", "project[0].household")}),
    "nothing": (None, {("kind", "project[0].household")}),
    "text": ("H1", {("kind", "project[0].household")}),
    "no row": ([household(1), 7], {("kind", "project[0].household[1]")}),
    "no id": ([household(1), {"head": 5}], {("missing", "project[0].household[1].id")}),
    "an id that is no text": ([household(1), {"id": 4, "head": 5}], {("kind", "project[0].household[1].id")}),
    "the same id": ([household(1), household(1)], {("duplicate-key", "project[0].household[1].id")}),
}


def held(scheme: Scheme, facts: Any) -> Determination:
    """Determine a case that cannot be read, and hold that the second opinion is the same in every line."""
    result = scheme.try_determine(facts)
    assert Outcome.UNREADABLE == result.outcome
    assert () == differences(second_opinion(scheme, facts), result)
    return result


@pytest.mark.parametrize(("rows", "problems"), UNREAD.values(), ids=UNREAD)
def test_households_that_cannot_be_read_leave_no_sum_over_them(
    three: Scheme, rows: Any, problems: set[tuple[str, str]]
) -> None:
    """No count, no sum, no amount and no refusal rests on them; the project beside them is paid, and what needs none of
    them has its value."""
    result = held(three, {"project": [{"id": "P1", "household": rows}, SOUND]})
    assert problems == {(item.code, item.path) for item in result.problems}
    assert ([], ()) == (list(result.refusals), result.remarks)
    assert {"linked": None, "projects": None} == {name: line.value for name, line in result.lines.items()}
    first, second = result.rows("project")
    assert (None, 2, None) == tuple(first.lines[name].value for name in ("heads", "land", "paid"))
    assert (Outcome.UNREADABLE, 100) == (first.outcome, second.lines["paid"].value)


@pytest.mark.parametrize("facts", [5, {"project": None}, {"project": [5, SOUND]}, {"project": [SOUND] * 5}])
def test_what_stands_below_rows_that_cannot_be_read_is_not_known(three: Scheme, facts: Any) -> None:
    """A project that is no row, or a case that is none, may have had households: they are not counted as none."""
    result = held(three, facts)
    assert ([], ()) == (list(result.refusals), result.remarks)
    assert {"linked": None, "projects": None} == {name: line.value for name, line in result.lines.items()}


def test_a_level_left_out_is_no_rows_but_a_misspelt_one_is_not_read(three: Scheme) -> None:
    """``household`` left out is none; beside an unknown name it may be what was meant."""
    none = three.determine({"project": [{"id": "P1"}, SOUND]})
    assert 2 == none.lines["linked"].value
    misspelt = held(three, {"project": [{"id": "P1", "households": [household(1)]}, SOUND]})
    assert misspelt.lines["linked"].value is None
    assert [] == list(misspelt.refusals)


damage = st.sampled_from([rows for rows, _ in UNREAD.values()]) | st.just([household(1)]) | st.just([])
projects = st.lists(st.fixed_dictionaries({"household": damage}, optional={"area": st.integers(99, 101)}), max_size=5)


@settings(max_examples=120, deadline=None)
@given(rows=projects, spoil=st.sampled_from(["", "row", "id", "twice", "name"]))
def test_no_figure_of_the_county_rests_on_what_was_not_read(
    three: Scheme, rows: list[dict[str, Any]], spoil: str
) -> None:
    """Evaluator and second opinion leave the same out, and no figure of the county rests on what was not read."""
    given: list[Any] = [{"id": f"P{at}", **row} for at, row in enumerate(rows)]
    if given:
        last = {"row": None, "id": {**given[-1], "id": 1}, "twice": given[0], "name": {**given[-1], "farm": []}}
        given = [*given[:-1], last.get(spoil, given[-1])]
    result = three.try_determine({"project": given})
    assert () == differences(second_opinion(three, {"project": given}), result)
    unread = any(row.unreadable for row in result.rows("project")) or len(given) > 4
    assert unread == (result.lines["projects"].value is None)
    refused = any(refusal.code == "three.enough" for refusal in result.refusals)
    linked = result.lines["linked"].value
    assert refused == (linked is not None and linked < 2)
    # A project that cannot be named, but holds no household for certain, adds none whether it counts or not.
    lost = [row for row in result.rows("project") if row.unreadable and (row.rows("household") or not row.id)]
    assert linked is None or all(not row.rows("household") for row in lost)


def test_a_name_that_is_no_text_is_told_with_its_path(three: Scheme) -> None:
    """A key 3 is an unknown fact at 3, one that is a pair at the pair."""
    result = held(three, {"project": [{"id": "P1", 3: 1}], ("a",): 1})
    assert {("unknown-fact", "project[0].3"), ("unknown-fact", "('a',)")} == {
        (item.code, item.path) for item in result.problems
    }
