"""Every word of the language of rule tables, in small tables whose results are worked by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from jiangbu.audit.second_opinion import Opinion, opinion_from_toml

HEAD = """
format = 1
[scheme]
id = "toy"
title = "试算"
place = "999999"
document = "示例办发〔2024〕1号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "household"
pays = "pay"
"""

FACTS = """
[facts.money]
label = "金额"
kind = "money"
at_least = 0
at_most = "1000亿"
default = 0
[facts.head]
label = "头数"
kind = "number"
at_least = 0
at_most = 100000
default = 0
[facts.area]
label = "面积"
kind = "number"
decimals = 1
at_least = 0
at_most = 100000
default = 0
[facts.share]
label = "比例"
kind = "rate"
at_least = "0%"
at_most = "100%"
default = "0%"
[facts.good]
label = "合格"
kind = "flag"
default = false
[facts.track]
label = "类型"
kind = "choice"
options = { settler = "新引进企业", grower = "原有企业" }
default = "settler"
[facts.from_day]
label = "起"
kind = "date"
default = 2024-01-31
[facts.until_day]
label = "止"
kind = "date"
default = 2024-02-29
"""


def lines(*formulas: str, **more: str) -> str:
    """Return `[[lines]]` named pay, then a, b, c …, the last formula paying; `more` adds keys by line."""
    names = [*"abcdefgh"[: len(formulas) - 1], "pay"]
    return "".join(
        f'[[lines]]\nname = "{name}"\nlabel = "{name}"\nformula = "{formula}"\n{more.get(name, "")}\n'
        for name, formula in zip(names, formulas, strict=True)
    )


def opinion(body: str, **facts: Any) -> Opinion:
    """Compute a toy table that has all the facts of `FACTS`."""
    return opinion_from_toml(HEAD + FACTS + body, facts)


def value(formula: str, more: str = "", **facts: Any) -> object:
    """Return the exact value of one formula, beside a paying line of zero."""
    body = more + lines(formula, "0 * money", a='round = "none"')
    return opinion(body, **facts).lines["a"]


@pytest.mark.parametrize(
    ("formula", "facts", "expected"),
    [
        ("money + money - 1 * money", {"money": 7}, Fraction(7)),
        ("-head", {"head": 3}, Fraction(-3)),
        ("money * share", {"money": "1.5亿", "share": "2‰"}, Fraction(300_000)),
        ("money / 3", {"money": 100}, Fraction(100, 3)),
        ("money / money", {"money": 8}, Fraction(1)),
        ("1 if 0 < head <= 5 else 0", {"head": 5}, Fraction(1)),
        ("1 if 0 < head < 5 else 0", {"head": 5}, Fraction(0)),
        ("head != 5", {"head": 5}, False),
        ("head == 5", {"head": 5}, True),
        ("head >= 6", {"head": 5}, False),
        ("head > 4 and not good", {"head": 5}, True),
        ("good or head > 4", {"head": 4}, False),
        ("track in ('grower', 'settler')", {"track": "原有企业"}, True),
        ("track not in ('grower', 'other')", {"track": "原有企业"}, False),
        ("track == 'settler'", {}, True),
        ("min(head, 3, 5)", {"head": 4}, Fraction(3)),
        ("max(from_day, until_day)", {}, date(2024, 2, 29)),
        ("whole(head / 3)", {"head": 11}, Fraction(3)),
        ("whole(-head / 3)", {"head": 11}, Fraction(-4)),
        ("round_to(money, 'yuan', 'down')", {"money": "12.99"}, Fraction(12)),
        ("round_to(money, '百元', 'half-up')", {"money": 150}, Fraction(200)),
        ("round_to(-money, '百元', 'half-up')", {"money": 150}, Fraction(-200)),
        ("round_to(money, 'jiao', 'up')", {"money": "0.01"}, Fraction(1, 10)),
        ("days(from_day, until_day)", {}, Fraction(29)),
        ("days(until_day, from_day)", {}, Fraction(-29)),
        ("months(from_day, until_day)", {}, Fraction(1)),
        ("months(until_day, from_day)", {}, Fraction(-1)),
        ("later(from_day, 1)", {}, date(2024, 2, 29)),
        ("later(from_day, 2)", {}, date(2024, 3, 31)),
        ("later(until_day, -12)", {}, date(2023, 2, 28)),
        ("after(from_day, 1)", {}, date(2024, 2, 1)),
        ("after(from_day, -31)", {}, date(2023, 12, 31)),
        ("year(after(from_day, -31))", {}, Fraction(2023)),
        ("True and good", {"good": True}, True),
    ],
)
def test_each_word_of_a_formula_means_what_the_contract_says(
    formula: str, facts: dict[str, Any], expected: object
) -> None:
    """Arithmetic, comparisons, branches, rounding and dates come out as worked by hand."""
    actual = value(formula, **facts)

    assert expected == actual
    assert isinstance(expected, bool) is isinstance(actual, bool)


def test_a_branch_that_is_not_taken_is_not_looked_at() -> None:
    """A division by a varying number stands behind its guard, in `if` as in `and`."""
    assert Fraction(0) == value("money / head if head > 0 else 0 * money", money=5, head=0)
    assert value("head > 0 and money / head > 1 * money", money=5, head=0) is False


SCALE = """
[tables.scale]
label = "档次"
input = "money"
clause = "第三条"
gives = { rate = "rate", award = "money" }
rows = [
  { less_than = 100, rate = "10%", award = 1 },
  { at_least = 100, at_most = 300, rate = "20%", award = 2 },
  { more_than = 300, rate = "50%", award = "3万" },
]
"""


@pytest.mark.parametrize(
    ("money", "award"),
    [("99.99", 1), (100, 2), (300, 2), ("300.01", 30_000)],
)
def test_the_words_of_a_boundary_include_or_exclude_the_edge(money: Any, award: int) -> None:
    """不满100 excludes it, 100以上 and 300以下 include them, 超过300 excludes it."""
    assert Fraction(award) == value("scale.award", SCALE, money=money)


def test_a_lookup_can_be_made_at_another_value() -> None:
    """scale.award(x) asks at x: 150 元 lies in the second tier whatever the case's own money is."""
    assert Fraction(2) == value("scale.award(money / 2)", SCALE, money=300)


@pytest.mark.parametrize(("old", "new"), [("at_least = 100", "at_least = 99"), ("at_least = 100", "more_than = 100")])
def test_a_table_with_an_overlap_or_a_gap_is_not_guessed_at(old: str, new: str) -> None:
    """Two rows at 99.50, none at 100 and no holes declared: the interpreter refuses the table."""
    with pytest.raises(ValueError, match=r"rows of toy\.scale are hit"):
        value("scale.award", SCALE.replace(old, new), money="99.50" if "99" in new else 100)


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        (0, Fraction(0)),
        (100, Fraction(10)),  # 100 × 10%
        (300, Fraction(50)),  # 10 + 200 × 20%
        (400, Fraction(100)),  # 50 + 100 × 50%
    ],
)
def test_marginal_over_money_is_progressive(money: int, expected: Fraction) -> None:
    """超额累进: the length of the money in each band times the band's rate."""
    assert expected == value("marginal(scale.rate, money)", SCALE, money=money)


HEADS = """
[tables.per_head]
label = "每头"
input = "head"
clause = "第四条"
gives = { each = "money" }
rows = [
  { less_than = 10, each = 5 },
  { at_least = 10, less_than = 20, each = 7 },
  { otherwise = true, each = 9 },
]
"""


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (9, 45),  # 9 × 5
        (10, 52),  # heads 1 … 9 at 5, the 10th at 7
        (19, 115),  # 9 × 5 + 10 × 7
        (21, 133),  # 115 + the 20th and 21st at 9
    ],
)
def test_marginal_over_counts_takes_whole_units(head: int, expected: int) -> None:
    """The nth head is paid by the band in which n stands; `otherwise` is the rest."""
    assert Fraction(expected) == value("marginal(per_head.each, head)", HEADS, head=head)


def test_marginal_over_decimals_takes_lengths() -> None:
    """An area of 15.5 亩 has 10 亩 in the band below 10 and 5.5 亩 above: 10 × 1 + 5.5 × 2 = 21 元."""
    table = """
[tables.per_mu]
label = "每亩"
input = "area"
clause = "第四条"
gives = { each = "money" }
rows = [ { less_than = 10, each = 1 }, { at_least = 10, each = 2 } ]
"""
    assert Fraction(21) == value("marginal(per_mu.each, area)", table, area="15.5")


GRID = """
[tables.grid]
label = "等次与人数"
inputs = ["track", "head", "good"]
clause = "第五条"
gives = { award = "money", rate = "rate" }
rows = [
  { track = "settler", head = { less_than = 20 }, award = 1, rate = "1%" },
  { track = "settler", head = { at_least = 20 }, good = true, award = 2, rate = "2%" },
  { track = "settler", head = { at_least = 20 }, good = false, award = 3, rate = "3%" },
  { track = "grower", award = 4, rate = "2/37" },
]
"""


@pytest.mark.parametrize(
    ("facts", "award"),
    [
        ({"head": 19}, 1),
        ({"head": 20, "good": True}, 2),
        ({"head": 20}, 3),
        ({"track": "grower", "head": 5}, 4),
    ],
)
def test_a_table_of_several_inputs_hits_one_row(facts: dict[str, Any], award: int) -> None:
    """An input that a row omits may be anything."""
    assert Fraction(award) == value("grid.award", GRID, **facts)


def test_several_inputs_at_other_values_and_along_the_numeric_one() -> None:
    """19 settlers' heads at 1%, the 20th and 21st at 3%: 0.25; a grower has 2/37 for each of 3."""
    assert Fraction(2) == value("grid.award('settler', head, not good)", GRID, head=21)
    assert Fraction(25, 100) == value("marginal(grid.rate, head)", GRID, head=21)
    assert Fraction(6, 37) == value("marginal(grid.rate, head)", GRID, head=3, track="grower")


def test_a_table_over_a_date_a_constant_and_an_earlier_line() -> None:
    """`is` is equality, a date's rows stand on days, and an input may be an earlier line."""
    table = """
[constants.base]
label = "基数"
kind = "money"
value = "0.5万"
clause = "第一条"
[tables.by_day]
label = "按日"
input = "from_day"
clause = "第二条"
gives = { ok = "flag", until = "date" }
rows = [
  { less_than = 2024-02-01, ok = true, until = 2024-12-31 },
  { at_least = 2024-02-01, ok = false, until = 2025-12-31 },
]
[tables.by_line]
label = "按行"
input = "a"
clause = "第二条"
gives = { kind = "choice" }
rows = [ { is = 0, kind = "none" }, { more_than = 0, kind = "some" } ]
"""
    result = opinion(table + lines("head * 2", "by_line.kind", "by_day.until", "base if by_day.ok else 0"), head=1)

    assert {"a": Fraction(2), "b": "some", "c": date(2024, 12, 31), "pay": Fraction(5000)} == result.lines


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ("", Fraction("33.34")),
        ('round = { mode = "down", to = "fen" }', Fraction("33.33")),
        ('round = { mode = "up", to = "jiao" }', Fraction("33.4")),
        ('round = { mode = "half-up", to = "yuan" }', Fraction(33)),
        ('round = { mode = "up", to = "百元" }', Fraction(100)),
        ('round = { mode = "up", to = "千元" }', Fraction(1000)),
        ('round = { mode = "down", to = "万元" }', Fraction(0)),
        ('round = "none"', Fraction("33.335")),
    ],
)
def test_a_line_ends_in_its_rounding(rounding: str, expected: Fraction) -> None:
    """66.67 × 50% = 33.335 元; money goes half up to the fen unless the line says otherwise."""
    result = opinion(lines("money * share", "0 * money", a=rounding), money="66.67", share="50%")

    assert expected == result.lines["a"]


def test_money_below_zero_rounds_half_away_from_zero() -> None:
    """−0.005 元 is −0.01 half-up, 0 down and −0.01 up."""
    down, up = ('round = { mode = "down", to = "fen" }', 'round = { mode = "up", to = "fen" }')
    result = opinion(
        lines("-money * share", "-money * share", "-money * share", "0 * money", b=down, c=up),
        money="0.01",
        share="50%",
    )

    assert [Fraction(-1, 100), 0, Fraction(-1, 100)] == [result.lines[name] for name in "abc"]


def test_a_line_of_a_branch_rounds_the_branch_taken() -> None:
    """Whichever branch is taken, 10 / 3 元 or 20 / 3 元, the line ends in fen."""
    formula = "money / 3 if good else 2 * money / 3"
    assert Fraction("3.33") == opinion(lines(formula), money=10, good=True).amount
    assert Fraction("6.67") == opinion(lines(formula), money=10).amount


def test_a_number_line_rounds_only_where_it_says_so() -> None:
    """11 / 2 头 is 5.5 exactly, 6 to the unit, 5.5 to the tenth; a rate line keeps every digit."""
    body = lines(
        "head / 2",
        "head / 2",
        "head / 3",
        "share / 3",
        "0 * money",
        b='round = { mode = "half-up", to = "1" }',
        c='round = { mode = "down", to = "0.1" }',
    )
    result = opinion(body, head=11, share="1%")

    expected = [Fraction(11, 2), Fraction(6), Fraction("3.6"), Fraction(1, 300)]
    assert expected == [result.lines[name] for name in "abcd"]


def test_money_divided_by_money_is_a_number_and_is_not_rounded_to_the_fen() -> None:
    """1 元 of 3 元 is a third, not 0.33."""
    assert Fraction(1, 3) == opinion(lines("money / (3 * money)", "0 * money"), money=1).lines["a"]


SERIES = """
format = 1
[series]
id = "lpr"
title = "贷款市场报价利率"
gives = { one_year = "rate" }
complete_until = 2024-12-31
[[series.rows]]
from = 2024-01-01
one_year = "3.45%"
[[series.rows]]
from = 2024-07-22
one_year = "3.35%"
"""
LATER_ROWS = """
format = 1
[series]
id = "lpr"
title = "补录"
gives = { one_year = "rate" }
complete_until = 2025-06-30
[[series.rows]]
from = 2025-05-20
one_year = "3.00%"
"""


def on(day: str) -> Opinion:
    """Ask the merged series for one day."""
    table = HEAD + FACTS + lines("lpr.one_year(from_day)", "0 * money")
    return opinion_from_toml(table, {"from_day": day}, series_sources={"lpr": (SERIES, LATER_ROWS)})


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-01-01", "0.0345"),
        ("2024-07-21", "0.0345"),
        ("2024-07-22", "0.0335"),
        ("2025-05-19", "0.0335"),
        ("2025-06-30", "0.03"),
    ],
)
def test_a_series_gives_what_is_in_force_on_the_day(day: str, expected: str) -> None:
    """A value holds from its own day; a county's later file adds rows and a later end."""
    assert Fraction(expected) == on(day).lines["a"]


@pytest.mark.parametrize("day", ["2023-12-31", "2025-07-01"])
def test_a_day_outside_a_series_is_unreadable(day: str) -> None:
    """Before the first value and after the last day that is known, nothing is guessed."""
    result = on(day)

    assert (result.outcome, result.problems) == ("unreadable", (("outside-series", "from_day"),))
    assert result.lines["a"] is None


REQUIREMENTS = """
[[requirements]]
name = "enough"
holds = "head >= 5"
otherwise = "不足5头"
clause = "第五条"
[[requirements]]
name = "clean"
holds = "good"
otherwise = "不合格"
clause = "第六条"
[[remarks]]
name = "round_number"
when = "head in (10, 100)"
says = "整数"
"""


def test_every_failing_requirement_is_listed_and_the_lines_are_still_shown() -> None:
    """Four bad heads fail both requirements; nothing is payable, and the line shows what it would give."""
    result = opinion(REQUIREMENTS + lines("head * money"), head=4, money=3)

    assert (result.outcome, result.amount, result.refusals) == ("refused", 0, ("toy.clean", "toy.enough"))
    assert {"pay": Fraction(12)} == result.lines


def test_payable_and_nil_by_rule_are_told_apart() -> None:
    """With every requirement holding, 10 × 3 元 is payable, with a remark; 10 × 0 元 is nil by rule."""
    paid = opinion(REQUIREMENTS + lines("head * money"), head=10, money=3, good=True)
    nil = opinion(REQUIREMENTS + lines("head * money"), head=11, money=0, good=True)

    assert ("payable", Fraction(30), (), ("round_number",)) == (
        paid.outcome,
        paid.amount,
        paid.refusals,
        paid.remarks,
    )
    assert (nil.outcome, nil.amount, nil.refusals, nil.remarks) == ("nil", 0, (), ())


def test_an_amount_below_zero_is_nil_and_is_shown() -> None:
    """−5 元 pays nothing, and the line keeps it."""
    result = opinion(lines("-money"), money=5)

    assert ("nil", 0, Fraction(-5)) == (result.outcome, result.amount, result.lines["pay"])


HOLES = """
[tables.band]
label = "档"
input = "head"
clause = "第七条"
holes = "refuse"
gives = { each = "money" }
rows = [ { less_than = 5, each = 1 }, { at_least = 10, each = 2 } ]
"""


def test_a_hole_refuses_the_case_and_a_requirement_without_a_value_is_not_listed() -> None:
    """Seven heads stand between the bands: no value for the lines after it, and `rich` cannot be decided."""
    rich = """
[[requirements]]
name = "rich"
holds = "a > 1000 * money"
otherwise = "不足"
clause = "第八条"
[[requirements]]
name = "clean"
holds = "good"
otherwise = "不合格"
clause = "第六条"
"""
    result = opinion(HOLES + rich + lines("band.each", "a + money"), head=7, money=1)

    assert (result.outcome, result.refusals) == ("refused", ("toy.band", "toy.clean"))
    assert result.lines == {"a": None, "pay": None}


def test_a_hole_in_a_branch_not_taken_has_no_effect() -> None:
    """Seven heads, but the other branch: 1 元 is payable."""
    result = opinion(HOLES + lines("money if good else band.each"), head=7, money=1, good=True)

    assert ("payable", Fraction(1)) == (result.outcome, result.amount)


def test_a_marginal_scale_refuses_where_its_input_stands_in_a_hole() -> None:
    """marginal asks at x too: seven heads are in the hole."""
    assert opinion(HOLES + lines("marginal(band.each, head)"), head=7).refusals == ("toy.band",)


def test_a_failing_check_makes_the_case_unreadable() -> None:
    """An end before its start contradicts itself: no refusal, but a problem of the data."""
    check = """
[[checks]]
name = "in_order"
holds = "from_day <= until_day"
otherwise = "止日早于起日"
"""
    result = opinion(check + lines("money"), money=1, from_day="2024-03-01")

    assert (result.outcome, result.amount, result.problems) == ("unreadable", 0, (("check", "in_order"),))


def test_parts_that_do_not_sum_to_the_paid_line_are_unreadable() -> None:
    """A half to the fen, twice, is 0.02 of 0.01: the parts do not sum; of 1 元 they do."""
    table = HEAD + 'parts = ["a", "b"]\n' + FACTS + lines("money * share", "money * share", "money")
    odd, even = (opinion_from_toml(table, {"money": money, "share": "50%"}) for money in ("0.01", 1))

    assert (odd.outcome, odd.problems) == ("unreadable", (("parts", "pay"),))
    assert ("payable", Fraction(1)) == (even.outcome, even.amount)


GATE = """
format = 1
[scheme]
id = "toy-gate"
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
[facts.head]
label = "头数"
kind = "number"
at_least = 0
at_most = 100000
default = 0
[constants.least]
label = "至少"
kind = "number"
value = 3
clause = "第一条"
[tables.fit]
label = "相符"
input = "head"
clause = "第二条"
holes = "refuse"
gives = { ok = "flag" }
rows = [ { less_than = 100, ok = true }, { more_than = 100, ok = false } ]
[[requirements]]
name = "has_mechanism"
holds = "agreements >= least and fit.ok"
otherwise = "无机制"
clause = "三（一）"
"""


def behind_the_gate(facts: dict[str, Any], gate_holds: bool = False) -> Opinion:
    """Compute a toy scheme whose gate asks for three agreements."""
    own = HEAD.replace("[scheme]", '[scheme]\ngate = "toy-gate"') + FACTS + REQUIREMENTS + lines("head * money")
    return opinion_from_toml(own, facts, gate_source=GATE, gate_id="toy-gate", gate_holds=gate_holds)


def test_a_gate_brings_its_facts_its_constants_and_its_codes() -> None:
    """Two agreements of three fail the gate, beside the scheme's own requirement; exactly 100 is its hole."""
    facts = {"agreements": 2, "head": 5, "money": 1}

    assert behind_the_gate(facts).refusals == ("toy-gate.has_mechanism", "toy.clean")
    assert behind_the_gate(facts | {"head": 100, "agreements": 3}).refusals == ("toy-gate.fit", "toy.clean")
    assert behind_the_gate(facts | {"agreements": 3, "good": True}).outcome == "payable"


def test_a_gate_taken_as_holding_asks_for_none_of_its_facts() -> None:
    """Without its own fact the gate makes the case unreadable, unless it is taken as holding."""
    facts = {"head": 5, "money": 2, "good": True}

    assert behind_the_gate(facts).problems == (("missing", "agreements"),)
    assert ("payable", Fraction(10)) == (
        behind_the_gate(facts, gate_holds=True).outcome,
        behind_the_gate(facts, gate_holds=True).amount,
    )


def test_a_gate_alone_pays_nothing() -> None:
    """A gate computed by itself is nil where its requirements hold and refused where they do not."""
    assert opinion_from_toml(GATE, {"agreements": 3}).outcome == "nil"
    assert opinion_from_toml(GATE, {"agreements": 2}).refusals == ("toy-gate.has_mechanism",)


@pytest.mark.parametrize("formula", ["__import__('os')", "head.real", "head ** 2", "[head]", "lambda: 0", "1.5"])
def test_what_is_not_in_the_language_is_refused(formula: str) -> None:
    """Nothing of Python is evaluated: a formula outside the list is a ValueError."""
    with pytest.raises(ValueError, match=r"language|unknown|circle|outside|number"):
        opinion(lines(formula, "0 * money"))


def test_objects_without_their_maker_are_refused_clearly() -> None:
    """An object that no maker at hand brings cannot be followed, and the refusal says so."""
    levels = '[levels]\nborrower = { label = "借款人" }\nloan = { of = "borrower", object = "loan" }\n'
    with pytest.raises(ValueError, match="no maker brings loan"):
        opinion(levels + lines("money"))
