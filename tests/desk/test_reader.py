"""Reading an application: its run, its heads wherever they stand, every row, and notes on the rest."""

import datetime
from decimal import Decimal

import pytest
from desk_facts import ALL
from desk_sheets import HEADS, RUN, application, rows_of

from jiangbu.desk.problems import DeskError
from jiangbu.desk.reader import case_sheet, read_application, read_run
from jiangbu.desk.workbook import open_sheets


def test_run_from_the_workbook(tmp_path):
    """Sheet 说明 gives scheme, place and days; a place stored as a number is its digits."""
    run = read_run(open_sheets(application(tmp_path, rows_of(1), run=RUN)))
    assert (run.scheme, run.place) == ("example-scale-award", "999999")
    assert (run.on, run.known_on) == (datetime.date(2024, 12, 31), datetime.date(2025, 1, 31))


def test_run_day_that_cannot_be_read(tmp_path):
    """A bad day in 说明 is named with its cell."""
    with pytest.raises(DeskError, match=r"说明!B4.*2024年底"):
        read_run(open_sheets(application(tmp_path, rows_of(1), run=RUN | {"适用日期": "2024年底"})))


def read(tmp_path, rows, **settings):
    """Read a sheet with all facts of the tests."""
    return read_application(case_sheet(open_sheets(application(tmp_path, rows, **settings))), ALL)


def test_cases_in_order(tmp_path):
    """Every row becomes a case with exact facts, its subject, and the address of each cell."""
    found = read(tmp_path, rows_of(3))
    assert [case.subject["name"] for case in found.cases] == [
        "示例1号合作社",
        "示例2号合作社",
        "示例3号合作社",
    ]
    first = found.cases[0]
    assert first.problems == ()
    assert first.facts["revenue"] == Decimal("80010000")
    assert first.facts["rate"] == Decimal("0.0435")
    assert first.facts["violation"] is False
    assert first.path("revenue") == "申报表!D2"


def test_title_above_and_two_line_heads(tmp_path):
    """Heads are found below a title, and may be merged over two rows and over several columns."""
    top = ["序号", "申报主体", "统一社会信用代码", "年度营业收入", *HEADS[4:]]
    found = read(tmp_path, rows_of(2), title="示例县申报表", heads=[top, ["", "", "", "（审计数）（万元）"]])
    assert [case.row for case in found.cases] == [3, 4]
    assert found.cases[1].facts["revenue"] == Decimal("80020000")


def test_totals_and_feet_are_no_cases(tmp_path):
    """小计 and 合计 rows are compared and skipped; a note below the table is told."""
    rows = rows_of(2)
    wrong = ["合 计", "", "", 16004, *[""] * 6]
    right = ["小计", "", "", 16003, *[""] * 6]
    foot = ["填表人：张三", "审核人：李四", *[""] * 8]
    found = read(tmp_path, [*rows, right, wrong, foot])
    assert len(found.cases) == 2
    assert any("合计为 160,040,000，所读各行之和为 160,030,000" in note for note in found.notes)
    assert not any("小计" in note for note in found.notes)
    assert any("第6行是表尾说明" in note for note in found.notes)


def test_rows_with_only_a_serial_are_blank(tmp_path):
    """Serial numbers printed in advance make no case."""
    assert len(read(tmp_path, [*rows_of(1), [2, *[""] * 9], [3, *[""] * 9]]).cases) == 1


def test_every_problem_of_a_row(tmp_path):
    """All cells of a row that cannot be read are named at once, each with its address."""
    row = rows_of(1)[0]
    row[2], row[3], row[5], row[6] = "91620000MA0000000X", "若干", "4.5", ""
    (case,) = read(tmp_path, [row]).cases
    assert [(problem.path, problem.code) for problem in case.problems] == [
        ("申报表!D2", "kind"),
        ("申报表!F2", "kind"),
        ("申报表!G2", "missing"),
        ("申报表!C2", "text"),
    ]


def test_merged_body_cell(tmp_path):
    """A merged body cell counts for its first row; the others are missing and say why."""
    found = read(tmp_path, rows_of(2), merge="D2:D3")
    assert found.cases[0].problems == ()
    ((problem),) = found.cases[1].problems
    assert (problem.code, problem.path) == ("missing", "申报表!D3")
    assert "与第 2 行合并" in problem.remedy


def test_hidden_rows_are_read_and_told(tmp_path):
    """A hidden row is a case, and the reader says how many were hidden."""
    found = read(tmp_path, rows_of(3), hide=2)
    assert len(found.cases) == 3
    assert any("1 行被隐藏" in note for note in found.notes)


def test_same_code_twice(tmp_path):
    """The same code in two rows is said on both, and decides nothing."""
    rows = rows_of(3)
    rows[2][2] = rows[0][2]
    found = read(tmp_path, rows)
    said = [case.remarks for case in found.cases]
    assert said == [("统一社会信用代码与申报表第 4 行相同",), (), ("统一社会信用代码与申报表第 2 行相同",)]


def test_heads_that_cannot_be_used(tmp_path):
    """A missing column is named at once for the whole sheet, with the nearest head."""
    heads = [*HEADS[:3], "年度营业额", *HEADS[4:]]
    with pytest.raises(DeskError, match="缺少“年度营业收入（审计数）”一列") as caught:
        read(tmp_path, rows_of(1), heads=[heads])
    assert "年度营业额" in caught.value.remedy


def test_unknown_column_is_carried(tmp_path):
    """A head that matches nothing is told and its texts are carried through."""
    found = read(tmp_path, [[*row, "甲"] for row in rows_of(1)], heads=[[*HEADS, "驻村干部"]])
    assert found.cases[0].carried == ("甲",)
    assert any("“驻村干部”不是本办法所需" in note for note in found.notes)


def test_empty_sheets(tmp_path):
    """An empty sheet, a sheet without heads, and one without rows each say so."""
    for rows, heads, said in (
        ([], [], "空的"),
        ([[1, 2]], [["甲", "乙"]], "没有找到表头"),
        ([], [HEADS], "没有数据"),
    ):
        with pytest.raises(DeskError, match=said):
            read(tmp_path, rows, heads=heads)


def test_sheet_of_another_name(tmp_path):
    """The only sheet beside 说明 is taken; among several none is guessed."""
    path = application(tmp_path, rows_of(1), run=RUN, sheet="Sheet1")
    assert case_sheet(open_sheets(path)).name == "Sheet1"
    with pytest.raises(DeskError, match="没有“申报表”工作表"):
        case_sheet(open_sheets(application(tmp_path, rows_of(1), sheet="甲", more=["乙"])))
