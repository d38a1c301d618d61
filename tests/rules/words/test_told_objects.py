"""Typed objects and the rows that the library makes below them are told like any other row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jiangbu import Determination, RuleBook, Scheme
from jiangbu.rules.made import Maker, ObjectKind, RowMaker
from jiangbu.rules.tree import Type
from jiangbu.rules.words.page import page

MONEY = Type("money", 100, Fraction(0), Fraction(10**9))
LOANS = ObjectKind(
    "loan",
    "贷款",
    {"principal": MONEY, "drawn_on": Type("date", 1, Fraction(700_000), Fraction(760_000)), "bank": Type("text")},
    {"principal": "贷款本金", "drawn_on": "放款日", "bank": "银行", "number": "合同号"},
    lambda given: given,
    lambda loan: (loan["number"], (loan["yuan"] * 100, loan["day"].toordinal(), loan["bank"])),
    lambda loan: loan,
    {"balance": (MONEY, lambda loan, day: loan["yuan"] * 50)},
)
SEGMENTS = RowMaker(
    "segments",
    ("loan",),
    {"number": Type("number", 1, Fraction(0), Fraction(9)), "part": Type("number", 360, Fraction(0), Fraction(2))},
    {"number": "段号", "part": "占年份额"},
    9,
    lambda loan, above, settings: [("1", (1, 90)), ("2", (2, 120))],
    label="计息段",
)
TABLE = """
format = 1
[scheme]
id = "lent"
title = "贷款试验"
place = "999999"
document = "试办〔2024〕9号"
status = "illustrative"
effective = { from = 2024-01-01, until = 2026-12-31 }
beneficiary = "household"
pays = "award"
[levels]
borrower = { label = "借款人" }
loan = { of = "borrower", object = "loan", label = "贷款", at_most = 10 }
segment = { of = "loan", made_by = "segments" }
[facts.rate]
label = "利率"
kind = "rate"
level = "borrower"
at_least = 0
at_most = "10%"
[facts.day]
label = "核对日"
kind = "date"
level = "borrower"
[[requirements]]
name = "one_bank"
level = "loan"
holds = "loan.bank == '甲银行'"
otherwise = "不是指定银行"
clause = "第一条"
[[lines]]
name = "interest"
label = "本段利息"
level = "segment"
formula = "loan.principal * rate * segment.part"
round = "none"
clause = "第一条"
[[lines]]
name = "owed"
label = "核对日余额"
level = "loan"
formula = "balance(loan, day)"
clause = "第一条"
[[lines]]
name = "award"
label = "贴息"
level = "loan"
formula = "sum(interest)"
clause = "第二条"
[[cases]]
source = "第二条"
worked = "100元，4%，共210天：1元加1.333…元，四舍五入为2.33元"
facts = { rate = "4%", day = 2024-05-01, loan = [
  { loan = { number = "A1", yuan = 100, day = 2024-01-01, bank = "甲银行" } },
] }
expect = { award = { A1 = "2.33" } }
"""
DOCUMENTS = """
format = 1
[[documents]]
number = "试办〔2024〕9号"
title = "试验办法"
issuer = "示例县人民政府"
issued = 2023-12-20
place = "999999"
known = "seen"
"""


def loan(number: str, bank: str) -> Mapping[str, Any]:
    """One loan of 100 yuan."""
    return {"loan": {"number": number, "yuan": 100, "day": date(2024, 1, 1), "bank": bank}}


@pytest.fixture(scope="module")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    """A scheme over loans and the segments that a toy maker cuts."""
    folder: Path = tmp_path_factory.mktemp("tables")
    (folder / "999999-example").mkdir()
    (folder / "999999-example" / "lent.toml").write_text(TABLE, encoding="utf-8")
    (folder / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    book = RuleBook.load(folder, makers=[Maker((LOANS,), (SEGMENTS,))])
    return book.scheme("lent", place="999999", on=date(2024, 6, 1))


@pytest.fixture(scope="module")
def result(scheme: Scheme) -> Determination:
    """A borrower with a loan of the right bank and one of another."""
    loans = [loan("A1", "甲银行"), loan("A2", "乙银行")]
    return scheme.determine({"rate": "4%", "day": date(2024, 5, 1), "loan": loans})


def test_objects_and_made_rows_are_told(result: Determination) -> None:
    """What the object brings, its made rows and their sum stand in the text under Chinese names."""
    text = result.explain()
    for words in (
        "结论：应付 2.33元",
        "贷款：应付1笔，按规定为零0笔，不予支持1笔",
        "贷款本金：100元；放款日：2024年1月1日；银行：甲银行",
        "逐段计算（共2段）",
        "本段利息：100元×4%×0.333333…",
        "核对日余额：50元（“贷款”在2024年5月1日日终的余额）",
        "得2.333333…元，四舍五入到分，为2.33元",
    ):
        assert words in text


def test_a_refusal_names_the_column(result: Determination) -> None:
    """A requirement on what an object brings names it, and is decided by it."""
    (refusal,) = result.refusals
    assert ("A2", "不是指定银行", {"loan.bank": "乙银行"}) == (refusal.row, refusal.sentence, dict(refusal.facts))
    assert "实际：“银行”为“乙银行”，不是“甲银行”" in result.explain()


def test_the_page_shows_the_object(scheme: Scheme) -> None:
    """The page of the rule has the formulas of made rows and the loan of the worked case."""
    text = page(scheme)
    assert "**本段利息**（逐段计算）（第一条）：“贷款本金”×“利率”×“占年份额”" in text
    assert "- 贷款：合同号 A1，yuan 100，day 2024年1月1日，银行 甲银行" in text
