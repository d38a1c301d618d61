"""Formulas in words: each operator in the words of the law, and with numbers what is true."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from told_tables import on_some_day, wide_book

from jiangbu import Determination, RuleBook, Scheme
from jiangbu.rules.words import headings, phrases
from jiangbu.testing import book_of

PAIRS = {
    f"{name}.{key}": pair
    for name, table in (
        ("formula", phrases.FORMULA),
        ("modes", phrases.MODES),
        ("steps", phrases.STEPS),
        ("headings", headings.HEADINGS),
        *((f"tests-{group}", words) for group, words in phrases.TESTS.items()),
        *((f"edges-{group}", words) for group, words in phrases.EDGES.items()),
    )
    for key, pair in table.items()
}


def places(text: str) -> list[str]:
    """The places of a phrase that are filled, numbered if they are not."""
    names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    return sorted(name or str(at) for at, name in enumerate(names))


@pytest.mark.parametrize("key", [key for key in PAIRS if key != "formula.not-that"])
def test_both_languages_say_the_same(key: str) -> None:
    """A phrase fills the same number of places in Chinese and in English, unless one repeats or drops a table's."""
    zh, en = PAIRS[key]
    assert len(set(places(zh))) == len(set(places(en))) or {"hit-named", "count", "capital"} & {key.split(".")[1]}


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    """The table that uses the whole language."""
    folder: Path = tmp_path_factory.mktemp("tables")
    return on_some_day(wide_book(folder), "wide", "999999")


@pytest.fixture(scope="module")
def result(wide: Scheme) -> Determination:
    """Two projects of grade 乙: one with two households, and one that took too long."""
    project = {
        "id": "P", "cost": "30万", "began_on": "2024-08-31", "ended_on": "2024-12-31", "grade": "low",
        "household": [
            {"id": "A", "heads": 10, "weight": "7.5", "poor": True},
            {"id": "B", "heads": 3, "weight": "1", "poor": False},
        ],
    }  # fmt: skip
    late = {**project, "id": "Q", "began_on": "2024-01-31", "household": []}
    return wide.determine({"pot": "1万", "places": 7, "project": [project, late]})


FORMULAS = {
    "months_built": "自“开工日”至“完工日”的足月数",
    "days_built": "自“开工日”至“完工日”的天数（算头不算尾）",
    "last_day": "“完工日”后满“期限”（6个月）的对应日后第10天",
    "which": "若“无违法记录”为“是”，则为“等次”；否则为“乙等”",
    "year_built": "“完工日”所在年份",
    "is_late": "“完工日”晚于“开工日”后满“期限”（6个月）的对应日，或“无违法记录”为“否”",
    "heaviest": "各农户“重量”中的最大者－各农户“重量”中的最小者",
    "counted": "满足（“脱贫户”为“是”，或“头数”超过5头）的农户数＋农户数（不予支持的不计）",
    "per_head": "“投资额”÷（取1与各农户“头数”的合计中的较大者）",
    "beyond": "“投资额”－（“封顶”（50万元）－“项目应补”×（1－“评审比例”））－“项目应补”÷2",
    "rounded_claim": "若“超过期限”为“是”，则为（“项目应补”＋“累进数”）不足百元的按百元计；否则为0",
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formula_in_words(wide: Scheme, name: str) -> None:
    """A formula reads as a sentence with labels for names."""
    assert FORMULAS[name] == wide.say.formula(wide.lines[name])


NUMBERS = {
    "months_built": "4个月（自2024年8月31日至2024年12月31日）",
    "last_day": "2025年7月10日（2025年6月30日（2024年12月31日后满6个月）后第10天）",
    "which": "因“无违法记录”为“是”，应为“等次”（乙等）",
    "is_late": "2024年12月31日不晚于2025年2月28日（2024年8月31日后满6个月），且“无违法记录”为“是”",
    "heaviest": "（农户共2户，取最大者，即7.5吨）－（农户共2户，取最小者，即1吨）",
    "counted": "（农户共2户，其中符合的1户，即1）＋（农户共2户，即2）",
    "by_band": "（《分段比例》超额累进：200,000元×1%＋100,000元×0.5%，即2,500元）－（-500,000元）",
}


@pytest.mark.parametrize("name", NUMBERS)
def test_formula_with_numbers(wide: Scheme, result: Determination, name: str) -> None:
    """With the numbers of a row in place the sentence says what was taken and what is true."""
    row = result.rows("project")[0]
    assert NUMBERS[name] == wide.say.with_numbers(wide.lines[name], row)


SMALL = """format = 1
[scheme]
id = "small"
title = "试验"
place = "999999"
document = "测试〔2024〕9号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "operator"
no_gate = "试验"
pays = "award"
[levels]
county = { label = "县" }
household = { of = "county", label = "农户" }
[facts.pot]
label = "资金"
kind = "money"
level = "county"
at_least = -1000
at_most = "1万亿"
[facts.a]
label = "开工日"
kind = "date"
[facts.b]
label = "完工日"
kind = "date"
[facts.years]
label = "约定年限"
kind = "number"
unit = "年"
at_least = 0
at_most = 10
[facts.grace]
label = "宽限"
kind = "number"
unit = "天"
at_least = 0
at_most = 100
[facts.x]
label = "甲"
kind = "money"
at_least = -100
at_most = 1000
[constants.cap]
label = "上限"
kind = "money"
value = 50
clause = "第一条"
[[lines]]
name = "base"
label = "乙"
formula = "x / 2"
clause = "第一条"
round = { mode = "down", to = "百元" }
LINES[[lines]]
name = "award"
label = "补助"
level = "household"
formula = "allocate(pot, years)"
clause = "第一条"
may_be_negative = "追回"
"""

SAID = {
    "later(a, years * 12)": (
        "“开工日”后满（“约定年限”×12）个月的对应日", "2027年1月31日（2024年1月31日后满36个月）",
    ),
    "after(a, grace)": ("“开工日”后第“宽限”天", "2024年3月11日（2024年1月31日后第40天）"),
    "after(b, -10)": ("“完工日”前第10天", "2025年2月19日（2025年3月1日前第10天）"),
    "months(a, b) >= 6": (
        "自“开工日”至“完工日”的足月数不少于6个月", "13个月（自2024年1月31日至2025年3月1日）不少于6个月",
    ),
    "year(a) < 2024": ("“开工日”所在年份早于2024年", "2024年（2024年1月31日）不早于2024年"),
    "0 < x": ("“甲”大于0", "-7.50元不大于0"),
    "cap >= x": ("“甲”不超过“上限”（50元）", "-7.50元不超过50元"),
    "x < cap": ("“甲”不满“上限”（50元）", "-7.50元不满50元"),
    "x < base": ("“甲”少于“乙”", "-7.50元少于0元"),
    "cap - x": ("“上限”（50元）－“甲”", "50元－（-7.50元）"),
}  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Scheme:
    """A table of dates with counts in several units, and comparisons with legal numbers and between lines."""
    lines = [
        f'[[lines]]\nname = "l{at}"\nlabel = "第{at}行"\nformula = "{text}"\nclause = "第一条"\n'
        for at, text in enumerate(SAID)
    ]
    return book_of(SMALL.replace("LINES", "".join(lines))).scheme("small", place="999999", on=date(2024, 6, 1))


def household(id: str) -> dict[str, Any]:
    """The facts of one household of the small table."""
    return {"id": id, "a": "2024-01-31", "b": "2025-03-01", "years": 3, "grace": 40, "x": "-7.5"}


@pytest.mark.parametrize("formula", SAID)
def test_counts_and_comparisons_as_people_say_them(small: Scheme, formula: str) -> None:
    """Months and days are told in their own unit, a year as a year; 不满 stands before a legal number, 少于 between
    two computed ones, and no sentence begins with a bare number."""
    (row,) = small.determine({"pot": 1, "household": [household("1")]}).rows("household")
    line = row.lines[f"l{list(SAID).index(formula)}"]
    assert SAID[formula] == (line.formula, line.with_numbers)


def test_a_negative_share_is_no_zero(small: Scheme) -> None:
    """A share below zero is said to be below zero; nothing is said to have made it zero."""
    result = small.determine({"pot": -3, "household": [household("1"), household("2")]})
    told = result.explain()
    assert "算式结果小于0（-1.50元），不予支付" in told
    assert "使其为零" not in told
    assert "按规定为零" in told


def test_dropping_is_said_as_rules_say_it(small: Scheme) -> None:
    """Rounding down to 百元 is 不足百元的部分舍去, in the formula and behind the exact value."""
    told = small.determine({"pot": 1, "household": [household("1")]}).explain()
    assert "“甲”÷2，不足百元的部分舍去（第一条）" in told or "“甲”÷2，不足百元的部分舍去" in told
    assert "-3.75元，不足百元的部分舍去，为0.00元" in told


def test_rows_are_named_by_their_level(small: Scheme, wide: Scheme) -> None:
    """A refusal of a row below names its level and id; each and one by one take the measure word of the label."""
    late = {
        "id": "Q", "cost": "30万", "began_on": "2024-01-31", "ended_on": "2024-12-31", "grade": "low",
        "household": [{"id": "4", "heads": 0, "weight": 0, "poor": True}],
    }  # fmt: skip
    refused = wide.determine({"pot": "1万", "places": 7, "project": [late]})
    assert "2. 项目Q：乙等的工期不合" in refused.explain()
    assert "3. 项目Q、农户4：头数不够" in refused.explain()
    assert "3. 项目 Q, 农户 4: 头数不够" in refused.explain("en")
    told = small.determine({"pot": 1, "household": [household("1")]}).explain()
    assert "每户的算法\n" in told
    assert "逐户计算（共1户）" in told


def test_an_amount_without_capital_numerals_is_told() -> None:
    """Two rows may come to 10^16 yuan, for which there are no capital numerals; the explanation does without."""
    text = SMALL.replace("LINES", "").replace("at_most = 1000\n", 'at_most = "9000万亿"\n')
    book = book_of(text.replace("allocate(pot, years)", "x"))
    rows = [{**household(id), "x": "5000万亿"} for id in "12"]
    huge = book.scheme("small", place="999999", on=date(2024, 6, 1))
    one, two = (huge.determine({"pot": 1, "household": rows[:count]}).explain() for count in (1, 2))
    assert "应付 5,000,000,000,000,000.00元（50000000亿元），大写：人民币伍仟万亿元整" in one
    assert "应付 10,000,000,000,000,000.00元（100000000亿元）\n" in two


def test_a_share_shows_its_division(result: Determination) -> None:
    """A share shows total, weight, all weights, the exact quotient, and how it was brought to whole units."""
    first, second = result.rows("household")
    assert "7个×11头÷15头＝5.133333…个，按最大余额法取整" == first.lines["seats"].with_numbers
    assert "7个×4头÷15头＝1.866666…个，按最大余额法取整" == second.lines["seats"].with_numbers


def test_a_failed_condition_says_what_is_true(result: Determination) -> None:
    """A requirement that fails is told with what is so, not with what was asked."""
    assert [(item.row, item.code) for item in result.refusals] == [("Q", "wide.in_time")]
    text = result.explain()
    assert "要求：（“工期足月数”不少于2个月，且不满“期限”（6个月）），或“等次”不是“乙等”" in text
    assert "实际：“工期足月数”11个月不少于2个月，且不少于“期限”（6个月），且“等次”为“乙等”" in text


BRANCHES = {
    "min(x, cap) if a < b else max(x, cap)": (
        "若“开工日”早于“完工日”，则取“甲”与“上限”（50元）中的较小者；否则取“甲”与“上限”（50元）中的较大者",
        "因2024年1月31日早于2025年3月1日，应取-7.50元与50元中的较小者",
    ),
    "x if a < b else cap": (
        "若“开工日”早于“完工日”，则为“甲”；否则为“上限”（50元）", "因2024年1月31日早于2025年3月1日，应为-7.50元",
    ),
    "x * grid.factor(kind)": ("“甲”×《系数》中“类别”对应的系数", "-7.50元×系数1.2（《系数》“山区”一档）"),
    "x * grid.odd(kind)": ("“甲”×《系数》中“类别”对应的数值", "-7.50元×1.5（《系数》“山区”一档）"),
    "marginal(steps.each, grace)": (
        "“宽限”按《分段》分段，各段数量×该段单项标准，逐段相加", "《分段》分段累计：10天×300元＋30天×400元",
    ),
    "marginal(steps.each, grace) / 2": (
        "（“宽限”按《分段》分段，各段数量×该段单项标准，逐段相加）÷2",
        "（《分段》分段累计：10天×300元＋30天×400元，即15,000元）÷2",
    ),
}  # fmt: skip
BRANCH_TABLES = """
[facts.kind]
label = "类别"
kind = "choice"
options = { hill = "山区", plain = "川区" }
level = "household"
default = "hill"
[tables.grid]
label = "系数"
input = "kind"
clause = "第一条"
gives = { factor = "number", odd = "number" }
rows = [{ is = "hill", factor = 1.2, odd = 1.5 }, { is = "plain", factor = 1, odd = 1 }]
[tables.steps]
label = "分段"
input = "grace"
clause = "第一条"
gives = { each = "money" }
rows = [{ at_most = 10, each = 300 }, { more_than = 10, each = 400 }]
[[lines]]
name = "base"
"""


def branching(formulas: Sequence[str]) -> Scheme:
    """The small table with two tables of its own and with lines of these formulas."""
    lines = [
        f'[[lines]]\nname = "l{at}"\nlabel = "第{at}行"\nformula = "{text}"\nclause = "第一条"\n'
        for at, text in enumerate(formulas)
    ]
    text = SMALL.replace('[[lines]]\nname = "base"\n', BRANCH_TABLES.lstrip(), 1).replace("LINES", "".join(lines))
    return book_of(text).scheme("small", place="999999", on=date(2024, 6, 1))


@pytest.mark.parametrize("formula", BRANCHES)
def test_branches_columns_and_bands_as_people_say_them(formula: str) -> None:
    """A branch takes the verb that its amount asks for; a column without a word of its own is not called 数值 beside
    its number; a sum by bands is told piece by piece."""
    scheme = branching([formula])
    (row,) = scheme.determine({"pot": 1, "household": [household("1")]}).rows("household")
    assert BRANCHES[formula] == (row.lines["l0"].formula, row.lines["l0"].with_numbers)


def test_no_band_is_told_once() -> None:
    """Where nothing falls into a band the sentence says so, and says zero once."""
    scheme = branching(["marginal(steps.each, grace)"])
    text = SMALL
    (row,) = scheme.determine({"pot": 1, "household": [{**household("1"), "grace": 0}]}).rows("household")
    assert row.lines["l0"].with_numbers == "《分段》没有计入任何一段"
    assert text.count("allocate(pot, years)") == 1
    paid = book_of(
        text.replace("LINES", "")
        .replace("allocate(pot, years)", "marginal(steps.each, grace)")
        .replace('[[lines]]\nname = "base"\n', BRANCH_TABLES.lstrip(), 1)
    ).scheme("small", place="999999", on=date(2024, 6, 1))
    told = paid.determine({"pot": 1, "household": [{**household("1"), "grace": 0}]}).explain()
    assert "使其为零的是“补助”（第一条）：《分段》没有计入任何一段，为0" in told


@pytest.mark.parametrize(
    ("facts", "actual"),
    [
        ({"expected_households": 0, "expected_gain": 0}, "0户不大于0，且“预期户均年增收”0元不大于0"),
        ({"expected_households": 0}, "0户不大于0"),
    ],
)
def test_all_that_failed_is_told(facts: Mapping[str, Any], actual: str) -> None:
    """Of a requirement that asks two things at once every one that failed is told, and none that held."""
    scheme = RuleBook.load().scheme("example-scale-award", on=date(2024, 12, 31))
    gate = {"agreements_in_force": 20, "expected_households": 20, "expected_gain": 2000}
    own = {"revenue": "1亿", "best_prior_revenue": 0, "has_violation": False}
    assert f"实际：“预期带动农户数”{actual}\n" in scheme.determine({**own, **gate, **facts}).explain()


def test_a_row_below_a_refused_one_says_so(wide: Scheme) -> None:
    """A share of a row whose project is refused has no value because of that, and says so."""
    project = {
        "id": "P", "cost": "30万", "began_on": "2024-01-31", "ended_on": "2024-12-31", "grade": "low",
        "household": [{"id": "A", "heads": 10, "weight": "7.5", "poor": True}],
    }  # fmt: skip
    good = {**project, "id": "Q", "began_on": "2024-08-31"}
    told = wide.determine({"pot": "1万", "places": 7, "project": [project, good]}).explain()
    assert "因所属项目不予支持，不参加分配" in told
    assert "没有数值" not in told
