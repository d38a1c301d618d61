"""The desk's words: remedies by kind, values and validity as text, why an amount is zero."""

from __future__ import annotations

import ast
import datetime
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import jiangbu
from jiangbu import RuleBook, Scheme
from jiangbu.desk import words
from jiangbu.errors import Problem
from jiangbu.rules.kinds import Bounds
from jiangbu.rules.model import Effective, Fact

DAY = datetime.date(2024, 12, 31)
CENT = Bounds(Fraction(0), Fraction(10_000), True, False)


@pytest.fixture(scope="module")
def award() -> Scheme:
    """The example of a tier award."""
    return RuleBook.load().scheme("example-scale-award", place="999999", on=DAY)


@pytest.mark.parametrize(
    ("fact", "remedy"),
    [
        (Fact("a", "投资额", "money"), "请填写“投资额”：确实没有的填 0"),
        (Fact("a", "户数", "number"), "请填写“户数”：确实没有的填 0"),
        (Fact("a", "利率", "rate"), "请填写“利率”：填写比例，例如 4.35%；确实没有的填 0"),
        (Fact("a", "有欠款", "flag"), "请填写“有欠款”：填 是 或 否"),
        (Fact("a", "类别", "choice", options={"x": "甲", "y": "乙"}), "请填写“类别”：从“甲”“乙”中选填一项"),
        (Fact("a", "验收日", "date"), "请填写“验收日”：填写年月日，例如 2024-12-31"),
    ],
)
def test_an_empty_cell_has_the_remedy_of_its_kind(fact: Fact, remedy: str) -> None:
    """A number that there is not is 0, a flag is 是 or 否, a choice one of its labels, a day has year, month, day."""
    assert remedy == words.missing_remedy(fact)
    problem = Problem("missing", fact.name, "nothing", "", "")
    assert remedy == words.kernel_problem(problem, fact, "申报表!A2").remedy


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (Fact("a", "甲", "money", CENT, decimals=2), "金额（元），0元（不含）至1万元，至多2位小数"),
        (Fact("a", "甲", "number", CENT, unit="户"), "数字，0户（不含）至10000户，整数"),
        (Fact("a", "甲", "flag"), "是或否"),
        (Fact("a", "甲", "choice", options={"x": "甲等", "y": "乙等"}), "甲等、乙等之一"),
    ],
)
def test_what_is_expected(fact: Fact, expected: str) -> None:
    """Kind, unit, both ends of the bounds, and how many decimals."""
    assert expected == words.expected(fact)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("revenue", Decimal("1234567.5"), "1,234,567.50元"), ("revenue", None, "—"), ("has_violation", True, "是"),
        ("award", Decimal("80"), "80元"), ("nobody", Fraction(20, 3), "6.666666…"), ("on", DAY, "2024-12-31"),
    ],
)  # fmt: skip
def test_a_value_as_text(award: Scheme, name: str, value: Any, text: str) -> None:
    """Money has its unit and separators, a flag is 是 or 否, what is absent a dash."""
    assert text == words.value_text(award, name, value)


@pytest.mark.parametrize(
    ("effective", "text"),
    [
        (Effective(DAY), "2024-12-31起，文件未设终止日期"),
        (Effective(DAY, datetime.date(2026, 12, 31)), "2024-12-31起，至2026-12-31止"),
        (Effective(DAY, "unseen"), "2024-12-31起，有效期未见"),
        (Effective("unseen"), "施行日期未见，文件未设终止日期"),
    ],
)
def test_validity(effective: Effective, text: str) -> None:
    """Both ends are told, and what was not seen or not set."""
    assert text == words.validity(effective)


def test_why_an_amount_is_zero(award: Scheme) -> None:
    """The line that made it zero, its clause and the numbers; nothing is said of an amount that is paid or refused."""
    gate = {"agreements_in_force": 20, "expected_households": 20, "expected_gain": 2000}
    facts = {"revenue": "1亿", "best_prior_revenue": "1.5亿", "has_violation": False, **gate}
    nil = award.determine(facts)
    said = words.nil_reason(nil)
    assert said.startswith("使其为零的是“首次达标奖补”（第三条）：")
    assert said == words.nil_reason(nil.root)
    assert words.nil_reason(award.determine({**facts, "best_prior_revenue": 0})) == ""
    assert words.nil_reason(award.determine({**facts, "has_violation": True})) == ""


def test_every_code_of_a_problem_has_a_word() -> None:
    """Whatever the desk or the door of the rules makes a problem of has a Chinese word; no clerk reads a code."""
    source = Path(jiangbu.__file__).parent
    files = [*source.glob("desk/**/*.py"), *source.glob("rules/door/*.py"), source / "rules" / "outcome.py"]
    made = {
        node.args[0].value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
        if node.func.id.lower().endswith(("problem", "fault"))
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }
    codes = {text for text in made if re.fullmatch("[a-z]+(-[a-z]+)*", text)}
    assert {"parent", "missing", "duplicate-key", "unknown-fact", "parts"} <= codes
    assert set() == {code for code in codes if not re.search("[\u4e00-\u9fff]", words.CODES.get(code, ""))}


def test_codes_have_words() -> None:
    """The code of a problem is named in words that fit a text and a number of identity alike."""
    assert words.CODES["text"] == "文字或号码不对"
    assert words.CODES["unknown-fact"] == "多出的项目"
