"""Problems of facts in a clerk's words: where, what, what was found, what is asked for, what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from told_cases import LINKAGE, LOAN, SCALE

from jiangbu import Problem, RuleBook
from jiangbu.rules.words.complaints import CODES, REMEDIES, complaint, place_of

BOOK = RuleBook.load()
ON = date(2024, 12, 31)
SCHEMES = {id: BOOK.scheme(id, place="999999", on=ON) for id in (
    "example-scale-award", "example-linkage-award", "example-short-loan-interest"
)}  # fmt: skip


def told(id: str, facts: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Where, what, found and expected of each problem of some facts."""
    result = SCHEMES[id].try_determine(facts)
    complaints = [complaint(SCHEMES[id], problem) for problem in result.problems]
    return [(item.where, item.what, item.found, item.expected) for item in complaints]


def without(facts: dict[str, Any], name: str) -> dict[str, Any]:
    """Facts with one of them left out."""
    return {key: value for key, value in facts.items() if key != name}


REVENUE = "年度营业收入（审计数）"
ASKED = "金额（元），0元至1000亿元"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (without(SCALE, "revenue"), (REVENUE, "缺少", "空白", ASKED)),
        ({**SCALE, "revenue": 0.5}, (REVENUE, "不是精确数", "0.5", ASKED)),
        ({**SCALE, "revenue": "1.234"}, (REVENUE, "小数位数过多", "1.234", ASKED)),
        ({**SCALE, "revenue": "-1"}, (REVENUE, "超出范围", "-1", ASKED)),
        ({**SCALE, "revenues": 1}, ("revenues", "多出的项目", "revenues", "办法所要的项目")),
        (
            {**SCALE, "has_violation": 1},
            ("申报年度有失信或安全、环保违法记录", "填写内容不对", "1", "是或否"),
        ),
    ],
    ids=["missing", "float", "decimals", "bounds", "unknown-fact", "kind"],
)
def test_one_fault(facts: dict[str, Any], expected: tuple[str, str, str, str]) -> None:
    """Each fault is told with the label of its entry and the bounds that were asked for."""
    assert [expected] == told("example-scale-award", facts)


def test_a_row_is_found_by_its_place() -> None:
    """A fault in a row below says which row, counted from one."""
    rows = [{"id": "H1", "household_kind": "rich", "received": 1}]
    assert [("农户第1行 · 农户类别", "不在选项之内", "rich", "脱贫户、监测户、一般户之一")] == told(
        "example-linkage-award", {**LINKAGE, "household": rows}
    )


def test_two_rows_of_one_id() -> None:
    """A number that two rows share is told at the second."""
    row = {"id": "H1", "household_kind": "poor", "received": 1}
    ((where, what, found, _),) = told("example-linkage-award", {**LINKAGE, "household": [row, row]})
    assert ("农户第2行 · 户编号", "编号重复", "H1") == (where, what, found)


def test_contradicting_facts_are_named() -> None:
    """Facts that contradict one another are told by their labels, with their values."""
    facts = {**LOAN, "repaid_on": "2024-10-01"}
    assert [
        (
            "“放款日”、“还清日”",
            "前后矛盾，还清日早于放款日，两个日期必有一个有误",
            "放款日：2024年10月20日；还清日：2024年10月1日",
            "",
        )
    ] == told("example-short-loan-interest", facts)


def test_a_day_outside_a_series() -> None:
    """A day for which there is no rate says which days there are."""
    ((where, what, found, expected),) = told("example-short-loan-interest", {**LOAN, "drawn_on": "2018-01-01"})
    assert ("放款日", "利率等数据未载明该日", "2018-01-01") == (where, what, found)
    assert expected.startswith("数据所覆盖的日期：2019-08-20至")


def test_every_code_has_words_and_a_remedy() -> None:
    """Every code of facts that api.md lists is put into words."""
    codes = [
        *("missing", "unknown-fact", "float", "kind", "decimals", "bounds", "ten-thousandfold", "outside-series"),
        *("option", "date", "text", "duplicate-key", "check", "parts"),
    ]
    assert [code for code in codes if code not in CODES or code not in REMEDIES] == []


def test_english_keeps_the_library_words() -> None:
    """In English the label leads to the library's own words."""
    problem = Problem("missing", "revenue", "nothing", "an amount", "give revenue")
    told_en = complaint(SCHEMES["example-scale-award"], problem, "en")
    assert (REVENUE, "missing", "nothing", "an amount", "give revenue") == (
        told_en.where, told_en.what, told_en.found, told_en.expected, told_en.remedy
    )  # fmt: skip


def test_the_whole_input() -> None:
    """A problem without a path is of the input as a whole."""
    assert "整份数据" == place_of(SCHEMES["example-scale-award"], "")
