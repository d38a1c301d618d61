"""Rows inside rows, as the second opinion sees them: every result is worked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from jiangbu.audit.second_opinion import Opinion, OpinionRow, opinion_from_toml, second_opinion

TABLE = """
format = 1
[scheme]
id = "pot"
title = "县级资金按比例分配"
place = "999999"
document = "示例办发〔2024〕1号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "household"
pays = "award"
[levels]
county    = { label = "县" }
project   = { of = "county",  label = "项目", at_most = 3 }
household = { of = "project", label = "农户" }
worker    = { of = "project", label = "用工" }
[facts.pot]
label = "资金"
kind = "money"
at_least = 0
at_most = "1亿"
level = "county"
[facts.sound]
label = "正常"
kind = "flag"
default = true
[facts.open]
label = "开放"
kind = "flag"
default = true
level = "county"
[facts.sales]
label = "销售收入"
kind = "money"
at_least = 0
at_most = "1亿"
level = "household"
[facts.member]
label = "成员"
kind = "flag"
default = true
level = "household"
[facts.worked]
label = "务工月数"
kind = "number"
at_least = 0
at_most = 12
level = "worker"
[tables.each]
label = "每户"
input = "sales"
clause = "第二条"
holes = "refuse"
gives = { award = "money" }
rows = [ { less_than = 100, award = 10 }, { at_least = 200, award = 20 } ]
[[requirements]]
name = "open_year"
holds = "open"
otherwise = "当年不开放"
clause = "第一条"
level = "county"
[[requirements]]
name = "enough"
holds = "linked >= 1 and sound"
otherwise = "带动不足"
clause = "第三条"
[[requirements]]
name = "is_member"
holds = "member"
otherwise = "非成员"
clause = "第四条"
level = "household"
[[lines]]
name = "linked"
label = "带动户数"
formula = "count(household)"
[[lines]]
name = "claim"
label = "申请"
formula = "sum(each.award) + max(0, largest(sales) - smallest(sales)) + count(worked >= 6) * whole_yuan"
[[lines]]
name = "claims"
label = "申请合计"
formula = "sum(claim)"
level = "county"
[[lines]]
name = "all_linked"
label = "全县带动户数"
formula = "count(household)"
level = "county"
[[lines]]
name = "cut"
label = "按比例"
formula = "allocate(min(pot, claims), claim)"
[[lines]]
name = "award"
label = "奖补"
formula = "min(cut, claim)"
level = "project"
[[lines]]
name = "share"
label = "分到户"
formula = "allocate(award, 1 + sales / whole_yuan)"
level = "household"
[constants.whole_yuan]
label = "一元"
kind = "money"
value = 1
clause = "第二条"
"""


def opinion(*projects: dict[str, Any], pot: Any = "1万", most: int = 3, **root: Any) -> Opinion:
    """Compute the county's pot, of at most so many projects."""
    table = TABLE.replace('label = "项目", at_most = 3 }', f'label = "项目", at_most = {most} }}')
    return opinion_from_toml(table, {"pot": pot, "project": list(projects), **root})


def households(*sales: Any, **more: Any) -> list[dict[str, Any]]:
    """Return members H1, H2, … with these sales."""
    return [{"id": f"H{number}", "sales": amount, **more} for number, amount in enumerate(sales, 1)]


def project(opinion: Opinion, name: str) -> OpinionRow:
    """Return the project of that id."""
    return next(row for row in opinion.rows["project"] if row.id == name)


def shares(row: OpinionRow) -> dict[str, Any]:
    """Return what each household of a project got."""
    return {household.id: household.lines["share"] for household in row.rows["household"]}


P1 = {"id": "P1", "household": households(0, 300), "worker": [{"id": "W1", "worked": 6}]}
P2 = {"id": "P2", "household": households(50)}


def test_aggregates_count_what_lies_below_and_money_goes_down_by_allocation() -> None:
    """P1: 10 + 20 + 300 − 0 + 1 = 331; P2: 10 + 50 − 50 + 0 = 10; the pot holds more, so each has its claim.

    P1's 331 goes down by weights 1 and 301: 1.09602… and 329.90397…; the fen left goes to H1's larger rest.
    """
    result = opinion(P1, P2)

    assert ("payable", Fraction(341)) == (result.outcome, result.amount)
    assert {"claims": Fraction(341), "all_linked": Fraction(3)} == result.lines
    assert project(result, "P1").lines == {"linked": 2, "claim": 331, "cut": 331, "award": 331}
    assert {"H1": Fraction("1.10"), "H2": Fraction("329.90")} == shares(project(result, "P1"))
    assert ("payable", Fraction(10)) == (project(result, "P2").outcome, project(result, "P2").amount)


def test_a_short_pot_is_cut_pro_rata_and_given_out_to_the_fen() -> None:
    """100 元 by 331 : 10: 97.0674… and 2.9325…; the fen left goes to the larger rest, 0.74 over 0.25."""
    result = opinion(P2, P1, pot=100)

    assert Fraction(100) == result.amount
    assert {"P1": Fraction("97.07"), "P2": Fraction("2.93")} == {row.id: row.amount for row in result.rows["project"]}


def test_the_total_of_an_allocation_may_itself_be_an_aggregate() -> None:
    """min(pot, sum(claim)) stands at the county, though claims are the projects': nothing changes."""
    direct = TABLE.replace("min(pot, claims)", "min(pot, sum(claim))")
    case = {"pot": 100, "project": [P1, P2]}

    assert opinion(P1, P2, pot=100) == opinion_from_toml(direct, case)


def test_ties_of_an_allocation_go_to_the_id_that_sorts_first() -> None:
    """0.01 元 over three equal claims goes to "P1", in whatever order the rows are given."""
    rows = [{"id": name, "household": households(50)} for name in ("P3", "P1", "P2")]
    result = opinion(*rows, pot="0.01")

    expected = [("P1", Fraction("0.01")), ("P2", 0), ("P3", 0)]
    assert expected == [(row.id, row.amount) for row in result.rows["project"]]


def test_a_refused_row_is_left_out_of_aggregates_and_has_no_share() -> None:
    """H2 is no member: P1 keeps H1 alone, 10 + 0 − 0 + 1 = 11, all of it H1's; H2's share has no value."""
    rows = [{"id": "H1", "sales": 0}, {"id": "H2", "sales": 300, "member": False}]
    result = opinion(P1 | {"household": rows})

    assert project(result, "P1").rows["household"][1].refusals == ("pot.is_member",)
    assert result.refusals == ("P1/H2: pot.is_member",)
    assert project(result, "P1").lines == {"linked": 1, "claim": 11, "cut": 11, "award": 11}
    assert shares(project(result, "P1")) == {"H1": 11, "H2": None}


def test_a_refused_project_changes_no_sibling_except_through_the_pot() -> None:
    """P1 fails a requirement of its own: P2 has the pot alone; P1 still shows its claim, but no cut."""
    result = opinion(P1 | {"sound": False}, P2, pot=5)

    assert ("payable", Fraction(5), ("P1: pot.enough",)) == (result.outcome, result.amount, result.refusals)
    assert result.lines == {"claims": 10, "all_linked": 1}
    assert (project(result, "P1").outcome, project(result, "P1").amount) == ("refused", 0)
    assert project(result, "P1").lines == {"linked": 2, "claim": 331, "cut": None, "award": None}
    assert shares(project(result, "P1")) == {"H1": None, "H2": None}


def test_a_requirement_of_the_root_refuses_every_row_and_lines_are_still_shown() -> None:
    """A closed year refuses the case; what the lines would have given is shown."""
    result = opinion(P1, P2, open=False)

    assert (result.outcome, result.amount, result.refusals) == ("refused", 0, ("pot.open_year",))
    assert [row.outcome for row in result.rows["project"]] == ["refused", "refused"]
    assert {row.id: row.lines["award"] for row in result.rows["project"]} == {"P1": 331, "P2": 10}


def test_a_hole_inside_an_aggregate_refuses_the_finest_row() -> None:
    """150 元 of sales stands in a hole of `each`: H2 is refused as by a requirement of its own."""
    result = opinion(P1 | {"household": households(0, 150)})

    assert result.refusals == ("P1/H2: pot.each",)
    assert project(result, "P1").lines == {"linked": 1, "claim": 11, "cut": 11, "award": 11}
    assert shares(project(result, "P1")) == {"H1": 11, "H2": None}


def test_a_paid_row_whose_rows_below_are_all_refused_is_refused() -> None:
    """No household of P2 stands and its claim is 0: that is refused by its rows, not nil by rule."""
    loose = TABLE.replace('"linked >= 1 and sound"', '"sound"')
    rows = [P2 | {"household": households(50, member=False)}, {"id": "P3", "household": []}]
    result = opinion_from_toml(loose, {"pot": 0, "project": rows})

    assert [(row.id, row.outcome) for row in result.rows["project"]] == [("P2", "refused"), ("P3", "nil")]
    assert result.outcome == "nil"


def test_money_over_no_weight_refuses_the_row_that_holds_it() -> None:
    """Both projects have money and no household of theirs has weight: the rows that hold it are refused."""
    weightless = TABLE.replace("1 + sales / whole_yuan", "0 * sales / whole_yuan")
    result = opinion_from_toml(weightless, {"pot": 1000, "project": [P1, P2]})

    assert result.refusals == ("P1: pot.share", "P2: pot.share")
    assert (result.outcome, result.amount) == ("refused", 0)


def test_a_row_set_aside_takes_no_part_and_is_listed() -> None:
    """P2 is set aside unread: P1 has the pot, and the reason stays with P2."""
    aside = {"id": "P2", "set_aside": "待核实", "nonsense": 1}
    result = opinion(P1, aside)

    assert ("payable", Fraction(331), ()) == (result.outcome, result.amount, result.problems)
    row = project(result, "P2")
    assert (row.outcome, row.amount, row.set_aside, row.lines) == (None, None, "待核实", {})


def test_an_unreadable_row_makes_what_aggregates_it_unreadable_and_no_sibling_alone() -> None:
    """A float among P1's sales: P1 and the county's sums cannot be read, P2's own claim can."""
    result = opinion(P1 | {"household": households(0, 1.5)}, P2)

    assert (result.outcome, result.amount) == ("unreadable", 0)
    assert result.problems == (("float", "project[0].household[1].sales"),)
    assert result.lines == {"claims": None, "all_linked": None}
    assert project(result, "P1").lines["claim"] is None
    assert project(result, "P2").lines["claim"] == 10


def test_a_row_whose_amount_needs_nothing_unreadable_keeps_it_in_an_unreadable_case() -> None:
    """Without a pot each project has its claim: P2's is readable beside P1's, and still nothing is paid."""
    alone = TABLE.replace("allocate(min(pot, claims), claim)", "claim")
    rows = [P1 | {"household": households(0, 1.5)}, P2, P2 | {"id": "P3", "sound": False}]
    result = opinion_from_toml(alone, {"pot": 0, "project": rows})

    assert ("unreadable", 0) == (result.outcome, result.amount)
    expected = [("P1", "unreadable", 0), ("P2", "payable", 10), ("P3", "refused", 0)]
    assert expected == [(row.id, row.outcome, row.amount) for row in result.rows["project"]]


def test_what_is_unreadable_comes_before_a_refusal() -> None:
    """P2 fails a requirement, but whether its households can be read is open: the county's sums are, too."""
    result = opinion(P1, P2 | {"sound": False, "household": households(1.5)})

    assert ("unreadable", ()) == (project(result, "P2").outcome, project(result, "P2").refusals)
    assert {"claims": None, "all_linked": None} == result.lines


def test_a_number_is_divided_in_its_own_unit() -> None:
    """7.5 亩 with one decimal over two equal households: 3.8 and 3.7."""
    table = TABLE.replace("allocate(award, 1 + sales / whole_yuan)", "allocate(area, 1)")
    area = """[facts.area]
label = "面积"
kind = "number"
decimals = 1
at_least = 0
at_most = 9
default = "7.5"
"""
    table = table.replace("[tables.each]", area + "[tables.each]")
    result = opinion_from_toml(table, {"pot": 1000, "project": [{"id": "P1", "household": households(0, 50)}]})

    assert {"H1": Fraction("3.8"), "H2": Fraction("3.7")} == shares(project(result, "P1"))


GATE = """
format = 1
[scheme]
id = "gate"
title = "前置"
place = "999999"
document = "示例办发〔2024〕2号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "operator"
[facts.agreements]
label = "协议份数"
kind = "number"
at_least = 0
at_most = 1000
default = 0
[[requirements]]
name = "has_mechanism"
holds = "agreements >= 1"
otherwise = "无机制"
clause = "三（一）"
"""


@define
class Gate:
    """A gate as a scheme offers it."""

    source: str
    id: str


@define
class Scheme:
    """What the second opinion reads of a scheme."""

    source: str
    gate: Gate | None
    series: dict[str, Any]
    makers: Any = None


@pytest.mark.parametrize(
    ("level", "case", "refusals"),
    [
        ("project", {"project": [P1 | {"agreements": 1}, P2]}, ("P2: gate.has_mechanism",)),
        ("county", {"project": [P1, P2]}, ("gate.has_mechanism",)),
        ("county", {"agreements": 1, "project": [P1, P2]}, ()),
        ("county", {"project": [P1 | {"agreements": 1}]}, None),
    ],
)
def test_the_facts_and_requirements_of_a_gate_stand_at_its_level(
    level: str, case: dict[str, Any], refusals: tuple[str, ...] | None
) -> None:
    """`gate_level` says whose agreements they are, a project's or the county's; unknown elsewhere."""
    source = TABLE.replace('pays = "award"', f'pays = "award"\ngate = "gate"\ngate_level = "{level}"')
    result = second_opinion(Scheme(source, Gate(GATE, "gate"), {}), {"pot": 1000, **case})

    if refusals is None:
        assert (("unknown-fact", "project[0].agreements"),) == result.problems
    else:
        assert refusals == result.refusals


def test_a_scheme_without_a_gate_is_read_alone() -> None:
    """The opinion on a scheme object is the opinion on its text."""
    case = {"pot": 1000, "project": [P1, P2]}

    assert opinion(P1, P2, pot=1000) == second_opinion(Scheme(TABLE, None, {}), case)


def test_rows_are_read_with_all_their_problems_by_path_as_given() -> None:
    """Ids, counts, kinds and unknown names: every problem at once, numbered as the caller gave the rows."""
    rows: list[Any] = [
        {"id": "P2", "household": "none"},
        {"id": "P1", "household": [{"sales": 1}, {"id": "H1", "sales": 1}, {"id": "H1", "sales": -1}]},
        7,
        {"id": 4, "worker": [{"id": "W\n", "worked": 13, "wage": 3}]},
    ]
    expected = [
        ("bounds", "project[1].household[2].sales"),
        ("bounds", "project[3].worker[0].worked"),
        ("duplicate-key", "project[1].household[2].id"),
        ("kind", "project[0].household"),
        ("kind", "project[2]"),
        ("kind", "project[3].id"),
        ("missing", "project[1].household[0].id"),
        ("text", "project[3].worker[0].id"),
        ("unknown-fact", "project[3].worker[0].wage"),
    ]

    assert expected == list(opinion(*rows, most=4).problems)
    assert [("bounds", "project")] == list(opinion(*rows).problems)


def test_a_case_without_paid_rows_is_nil() -> None:
    """No project, nothing to pay and nobody to refuse."""
    assert (opinion(pot=0).outcome, opinion(pot=0).amount, opinion(pot=0).refusals) == ("nil", 0, ())


def test_a_pot_over_no_project_is_nobodys() -> None:
    """claims is then 0, so min(pot, claims) is 0 and there is nothing to divide."""
    assert opinion(pot=9).lines == {"claims": 0, "all_linked": 0}


def test_a_requirement_that_goes_round_in_a_circle_is_refused() -> None:
    """A project's requirement on the county's sum over projects would change that sum."""
    circle = TABLE.replace('"linked >= 1 and sound"', '"claims > 5 * whole_yuan"')
    with pytest.raises(ValueError, match="enough goes round in a circle"):
        opinion_from_toml(circle, {"pot": 1, "project": [P1]})


def test_a_hole_that_depends_on_an_aggregate_comes_too_late_for_it() -> None:
    """P1's claim 10 + 10 + 90 − 0 = 110 leads each household into the hole from 100 to 200.

    Both are refused; the sums that led there keep them, the county's count, which did not, leaves them out.
    """
    table = TABLE.replace("allocate(award, 1 + sales / whole_yuan)", "each.award(award)")
    case = {"pot": 1000, "project": [{"id": "P1", "household": households(0, 90)}]}
    result = opinion_from_toml(table, case)

    assert result.refusals == ("P1/H1: pot.each", "P1/H2: pot.each")
    assert project(result, "P1").lines == {"linked": 2, "claim": 110, "cut": 110, "award": 110}
    assert result.lines == {"claims": 110, "all_linked": 0}


sales = st.lists(st.sampled_from([0, 50, 150, 200, "99.99"]), max_size=4)
projects = st.lists(sales, max_size=3).map(
    lambda lists: [{"id": f"P{number}", "household": households(*amounts)} for number, amounts in enumerate(lists)]
)


@given(projects=projects, pot=st.integers(0, 300), seed=st.randoms())
def test_the_order_in_which_rows_are_given_changes_nothing(projects: list[dict[str, Any]], pot: int, seed: Any) -> None:
    """Shuffled projects and households come to the same opinion, apart from paths by index."""
    shuffled = [{**one, "household": seed.sample(one["household"], len(one["household"]))} for one in projects]
    seed.shuffle(shuffled)

    assert opinion(*projects, pot=pot) == opinion(*shuffled, pot=pot)


@given(projects=projects, pot=st.integers(0, 300))
def test_money_that_goes_down_is_conserved(projects: list[dict[str, Any]], pot: int) -> None:
    """The cuts sum to min(pot, claims), and shares of a project that stands sum to its award."""
    result = opinion(*projects, pot=pot)

    cuts = [row.lines["cut"] for row in result.rows["project"]]
    if not any(code.startswith("pot.") for code in result.refusals):
        assert min(pot, result.lines["claims"]) == sum(cut for cut in cuts if cut is not None)
    for row in result.rows["project"]:
        if not row.refusals and row.lines["award"] is not None:
            given_out = [share for share in shares(row).values() if share is not None]
            assert row.lines["award"] == sum(given_out)
