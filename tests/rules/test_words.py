"""Formulas in words: each operator in the words of the law, and with numbers what is true."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from told_tables import on_some_day, wide_book

from jiangbu import Determination, Scheme
from jiangbu.rules.words import headings, phrases

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
    "counted": "满足（“脱贫户”为“是”，或“头数”超过5）的农户数＋农户数（不予支持的不计）",
    "per_head": "“投资额”÷（取1与各农户“头数”的合计中的较大者）",
    "beyond": "“投资额”－（“封顶”（50万元）－“项目应补”×（1－“评审比例”））－“项目应补”÷2",
    "rounded_claim": "若“超过期限”为“是”，则为（“项目应补”＋“累进数”）只入不舍到百元；否则为0",
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
    "by_band": "（《分段比例》超额累进：200,000元×1%＋100,000元×0.5%，即2,500元）－-500,000元",
}


@pytest.mark.parametrize("name", NUMBERS)
def test_formula_with_numbers(wide: Scheme, result: Determination, name: str) -> None:
    """With the numbers of a row in place the sentence says what was taken and what is true."""
    row = result.rows("project")[0]
    assert NUMBERS[name] == wide.say.with_numbers(wide.lines[name], row)


def test_a_share_shows_its_division(result: Determination) -> None:
    """A share shows total, weight, all weights, the exact quotient, and how it was brought to whole units."""
    first, second = result.rows("household")
    assert "7个×11头÷15头＝5.133333…个，按最大余额法取整" == first.lines["seats"].with_numbers
    assert "7个×4头÷15头＝1.866666…个，按最大余额法取整" == second.lines["seats"].with_numbers


def test_a_failed_condition_says_what_is_true(result: Determination) -> None:
    """A requirement that fails is told with what is so, not with what was asked."""
    assert [(item.row, item.code) for item in result.refusals] == [("Q", "wide.in_time")]
    text = result.explain()
    assert "要求：（“工期足月数”不少于2，且不满“期限”（6个月）），或“等次”不是“乙等”" in text
    assert "实际：“工期足月数”11个月不少于2，且不少于“期限”（6个月），且“等次”为“乙等”" in text
