"""Several levels: roots in 说明 or in a sheet, parents by their numbers, and every fault at its cell."""

import datetime
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from level_sheets import HOUSEHOLD_HEADS, OPERATOR_HEADS, household, linkage, operator, pot, project, workbook

from jiangbu import RuleBook
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.cli import main
from jiangbu.desk.layout import layout, level_layout, number_of
from jiangbu.desk.problems import DeskError
from jiangbu.desk.reader import read_workbook
from jiangbu.desk.workbook import open_sheets
from jiangbu.rules.model import Level

DAY = datetime.date(2024, 6, 30)
BOOK = RuleBook.load()
POT = BOOK.scheme("example-county-pot", on=DAY)
LINKAGE = BOOK.scheme("example-linkage-award", on=DAY)


def run(scheme, path):
    """Calculate a workbook under a scheme."""
    return calculate(BOOK, scheme, Options(scheme.id, None, DAY), read_workbook(open_sheets(path), scheme))


def told(result):
    """Number, outcome and amount of every row of 申报表, in order."""
    return [(one.case.id, one.outcome, one.amount) for one in result.decisions]


def problems(result):
    """Cell and code of every problem of all sheets."""
    return sorted((problem.path, problem.code) for _, problem in result.problems)


def test_pot_from_the_run_sheet(tmp_path):
    """A single root above the paid rows is read from 说明 by its label, and its money is divided."""
    result = run(POT, pot(tmp_path, [project(2, "P2", 200), project(1, "P1", 100)]))
    assert told(result) == [("P2", "payable", Decimal("400000.00")), ("P1", "payable", Decimal("200000.00"))]
    (county,) = result.levels["county"]
    assert (county.case.sheet, county.case.path("pot"), county.outcome) == ("说明", "说明!B3", "counted")
    assert county.row.lines["all_claims"].value == Decimal("900000.00")
    assert result.decisions[1].row.lines["claim"].value == Decimal("300000.00")
    assert result.sums.amount == Decimal("600000.00")


@given(st.permutations([("P1", 100, "是"), ("P2", 250, "是"), ("P3", 333, "否"), ("P4", 70, "是")]))
@settings(max_examples=12, deadline=None)
def test_order_changes_nothing(tmp_path_factory, rows):
    """Rows come back in the order given, and each with the amount that it has in any order."""
    sheet = [project(number, *row) for number, row in enumerate(rows, 1)]
    result = run(POT, pot(tmp_path_factory.mktemp("x"), sheet))
    assert [one.case.id for one in result.decisions] == [id for id, *_ in rows]
    # 应补 30万、75万、21万，合计126万元，总额60万元：P1得142857.142…，P2得357142.857…，余1分给P2。
    assert {one.case.id: (one.outcome, one.amount) for one in result.decisions} == {
        "P1": ("payable", Decimal("142857.14")),
        "P2": ("payable", Decimal("357142.86")),
        "P3": ("refused", Decimal("0.00")),
        "P4": ("payable", Decimal("100000.00")),
    }


def test_unreadable_row_stops_the_pot(tmp_path):
    """A row that cannot be read leaves the pot undecided: every other row says why and names the cell."""
    result = run(POT, pot(tmp_path, [project(1, "P1"), project(2, "P2", "约百万"), project(3, "P3")]))
    assert [one.outcome for one in result.decisions] == ["unreadable"] * 3
    assert problems(result) == [("申报表!H3", "kind")]
    assert [one.reasons for one in result.decisions][1] == ()
    for decision in (result.decisions[0], result.decisions[2], *result.levels["county"]):
        (reason,) = decision.reasons
        assert (reason.code, "申报表!H3" in reason.sentence) == ("spread", True)


def test_the_head_of_the_row_above_says_its_label_once(tmp_path):
    """The head of the row above's number is 所属项目编号, whether the level's own head is 项目编号 or 编号."""
    level = Level("project", label="项目", id_label="项目编号")
    assert "所属项目编号" == number_of(level) == number_of(evolve(level, id_label="编号"))
    assert "所属项目编号" == number_of(evolve(level, id_label=""))
    assert "所属项目文号" == number_of(evolve(level, id_label="文号"))
    result = run(LINKAGE, linkage(tmp_path, [operator("甲")], [household("甲", "H1")]))
    assert "所属经营主体编号" in [column.head for column in layout(result, 0).columns]


def test_columns_of_a_sheet_have_keys_of_their_own(tmp_path):
    """备注 of the application and 提示 of ours are told apart, as all columns are."""
    run_rows = [["办法编号", "example-linkage-award"], ["适用日期", "2024-06-30"]]
    operators = [[*OPERATOR_HEADS, "备注"], [*operator("甲"), "另报"]]
    sheets = {"说明": run_rows, "经营主体": operators, "申报表": [HOUSEHOLD_HEADS, household("甲", "H1")]}
    result = run(LINKAGE, workbook(tmp_path, sheets))
    keys = [column.key for column in level_layout(result, "operator", 0).columns]
    assert sorted(set(keys)) == sorted(keys)
    assert {"remark", "remarks"} <= set(keys)


def test_bad_root_stops_every_row(tmp_path):
    """A root in 说明 that cannot be read is a problem at its cell, and no row below is decided."""
    result = run(POT, pot(tmp_path, [project(1, "P1")], total="若干"))
    assert problems(result) == [("说明!B3", "kind")]
    assert [one.outcome for one in result.decisions] == ["unreadable"]
    assert "说明!B3" in result.decisions[0].reasons[0].sentence


def test_missing_line_of_the_root(tmp_path):
    """A fact of the root that 说明 does not name is told at once, with the text that looks like it."""
    path = pot(tmp_path, [project(1, "P1")])
    sheets = [one for one in open_sheets(path) if one.name != "说明"]
    with pytest.raises(DeskError, match="缺少“当年可用奖补资金总额”"):
        read_workbook(sheets, POT)


def test_set_aside_row_leaves_the_pot(tmp_path):
    """A row set aside takes no part, and every row of the pot says that it was divided without it."""
    rows = [project(1, "P1", 100), project(2, "P2", 200), project(3, "P3", "约百万", aside="复核中")]
    result = run(POT, pot(tmp_path, rows))
    assert [one.outcome for one in result.decisions] == ["payable", "payable", "set_aside"]
    assert result.sums.amount == Decimal("600000.00")
    assert result.decisions[2].reasons[0].sentence == "复核中"
    for decision in (*result.decisions[:2], *result.levels["county"]):
        assert any("未计入已搁置的 P3" in remark for remark in decision.remarks)
    assert any("未计入已搁置的 P3" in note for note in result.notes)


def test_set_aside_for_its_number(tmp_path):
    """A row set aside because it repeats another's number is no duplicate."""
    rows = [project(1, "P1"), project(2, "P1", aside="重复申报")]
    assert [one.outcome for one in run(POT, pot(tmp_path, rows)).decisions] == ["payable", "set_aside"]


def test_numbers_missing_and_twice(tmp_path):
    """A row without number and a number given twice are problems at their cells, all at once."""
    rows = [project(1, "P1"), project(2, ""), project(3, "P1"), project(4, "Ｐ 1"), project(5, "P5")]
    result = run(POT, pot(tmp_path, rows))
    assert problems(result) == [
        ("申报表!C2", "duplicate-key"),
        ("申报表!C3", "missing"),
        ("申报表!C4", "duplicate-key"),
        ("申报表!C5", "duplicate-key"),
    ]
    remedy = result.decisions[0].problems[0].remedy
    assert "第 2、4、5 行" in remedy


def test_day_of_a_row_in_a_pot(tmp_path):
    """All rows of one pot are of one day: another day is a problem at its cell."""
    rows = [project(1, "P1", day="2024-06-30"), project(2, "P2", day="2025-01-01")]
    assert problems(run(POT, pot(tmp_path, rows))) == [("申报表!K3", "version")]


FIVE = [household("A", f"H{number}") for number in range(1, 6)]


def test_operators_in_their_sheet(tmp_path):
    """Several roots stand in a sheet of their label; each paid row names the one it stands in."""
    result = run(LINKAGE, linkage(tmp_path, [operator("A"), operator("B")], [*FIVE, household("B", "H1")]))
    assert [one.outcome for one in result.decisions] == ["payable"] * 5 + ["refused"]
    assert {one.amount for one in result.decisions[:5]} == {Decimal("6000.00")}
    assert result.decisions[5].reasons[0].sentence == "收入达到3000元的农户不足5户"
    assert [one.outcome for one in result.levels["operator"]] == ["counted", "refused"]
    assert result.levels["operator"][0].row.lines["award"].value == Decimal("30000.00")


def test_same_number_under_two_parents(tmp_path):
    """A number need be unique only among the rows of one parent, where no finer row names it."""
    others = [household("B", f"H{number}") for number in range(1, 6)]
    result = run(LINKAGE, linkage(tmp_path, [operator("A"), operator("B")], [*FIVE, *others]))
    assert {one.outcome for one in result.decisions} == {"payable"}


def test_refused_household_is_left_out(tmp_path):
    """A refused row says its own reason, its siblings are paid without it."""
    result = run(LINKAGE, linkage(tmp_path, [operator("A")], [*FIVE, household("A", "H6", received=2999.99)]))
    assert [one.outcome for one in result.decisions] == ["payable"] * 5 + ["refused"]
    assert "不到3000元" in result.decisions[5].reasons[0].sentence


def test_parent_that_does_not_exist(tmp_path):
    """A row whose parent is not there is a problem at its cell with the nearest number.

    It might belong to any parent, so what counts such rows is undecided and names the cell.
    """
    rows = [*FIVE, household("A1", "H6"), household("", "H7")]
    result = run(LINKAGE, linkage(tmp_path, [operator("A10")], [household("A10", "H0"), *rows]))
    assert problems(result) == [(f"申报表!A{row}", "parent") for row in range(3, 9)] + [("申报表!A9", "missing")]
    assert "A10" in result.decisions[6].problems[0].remedy
    assert result.decisions[0].outcome == "unreadable"
    assert "申报表!A3、申报表!A4、申报表!A5 等 7 处" in result.decisions[0].reasons[0].sentence


def test_operator_twice(tmp_path):
    """A parent's number given twice is told on both rows, and the rows that name it are undecided."""
    result = run(LINKAGE, linkage(tmp_path, [operator("A"), operator("A"), operator("B")], FIVE))
    assert problems(result) == [("经营主体!A2", "duplicate-key"), ("经营主体!A3", "duplicate-key")]
    assert {one.outcome for one in result.decisions} == {"unreadable"}
    assert "经营主体!A2" in result.decisions[0].reasons[0].sentence


def test_rows_of_an_unreadable_parent(tmp_path):
    """Below a row that cannot be read nothing is decided, and each row names the cell above it."""
    result = run(LINKAGE, linkage(tmp_path, [operator("A", violation="不清楚"), operator("B")], FIVE))
    assert problems(result) == [("经营主体!G2", "kind")]
    assert {one.outcome for one in result.decisions} == {"unreadable"}
    assert all("经营主体!G2" in one.reasons[0].sentence for one in result.decisions)


def test_rows_of_a_parent_set_aside(tmp_path):
    """Below a row set aside every row is set aside for its reason."""
    result = run(LINKAGE, linkage(tmp_path, [operator("A", aside="举报正在核查")], FIVE))
    assert {one.outcome for one in result.decisions} == {"set_aside"}
    assert result.decisions[0].reasons[0].sentence == "所属的A已搁置：举报正在核查"


def test_more_rows_than_the_rule_takes(tmp_path):
    """More rows than at_most are a problem at the first row too many."""
    rows = [household("A", f"H{number:04}") for number in range(2001)]
    result = run(LINKAGE, linkage(tmp_path, [operator("A")], rows))
    assert problems(result) == [("申报表!B2002", "bounds")]
    assert {one.outcome for one in result.decisions} == {"unreadable"}


@pytest.mark.parametrize(
    "make", [lambda folder: pot(folder, [project(1, "P1")]), lambda folder: linkage(folder, [operator("A")], FIVE)]
)
def test_command(tmp_path, make):
    """``calculate`` takes a workbook of several levels and ends with 0."""
    assert main(["calculate", str(make(tmp_path)), "-o", str(tmp_path / "测算表.xlsx")]) == 0


def test_command_with_a_bad_finer_row(tmp_path):
    """A problem off 申报表 ends the command with 1."""
    path = linkage(tmp_path, [operator("A"), operator("B", violation="不清楚")], FIVE)
    assert main(["calculate", str(path), "-o", str(tmp_path / "测算表.xlsx")]) == 1


GREEN = BOOK.scheme("guangzhou-green-label", on=datetime.date(2020, 6, 30))
OWNER_HEADS = ["序号", "申报主体", "此前已获绿色食品认证补助累计金额（万元）"]
SERIES_HEADS = ["系列编号", "已取得绿色食品标志使用权", "初次获证产品数", "续展产品数"]


def green(folder, owners, series):
    """Owners are paid and stand in 申报表; their series of products stand in a finer sheet."""
    sheets = {"申报表": [OWNER_HEADS, *owners], "同类系列产品": [["上级编号", *SERIES_HEADS], *series]}
    return workbook(folder, sheets)


def test_finer_rows_name_the_serial(tmp_path):
    """A paid root without a number of its own is named by its 序号."""
    owners = [[1, "甲", 0], [2, "乙", 0]]
    path = green(tmp_path, owners, [[2, "S1", "是", 1, 0], [1, "S1", "是", 2, 0], [1, "S2", "否", 1, 0]])
    result = run(GREEN, path)
    assert problems(result) == []
    one, two = (decision.amount for decision in result.decisions)
    assert one == 2 * two > 0
    # Those of the first owner come first, though the sheet begins with one of the second.
    assert [(row.case.parent, row.outcome) for row in result.levels["series"]] == [
        ("1", "counted"),
        ("1", "refused"),
        ("2", "counted"),
    ]
    assert [row.row.id for row in result.levels["series"]] == ["S1", "S2", "S1"]


def test_finer_sheet_that_is_not_there(tmp_path):
    """Without the finer sheet nothing is counted as zero: the sheet is asked for, by name."""
    path = workbook(tmp_path, {"申报表": [OWNER_HEADS, [1, "甲", 0]]})
    with pytest.raises(DeskError, match="没有“同类系列产品”工作表") as caught:
        read_workbook(open_sheets(path), GREEN)
    assert "只写表头" in caught.value.remedy


def test_finer_sheet_with_heads_only(tmp_path):
    """A finer sheet of heads alone says that there are no such rows."""
    result = run(GREEN, green(tmp_path, [[1, "甲", 0]], []))
    assert problems(result) == []
    assert result.decisions[0].amount == 0


def test_faults_of_all_sheets_at_once(tmp_path):
    """What every sheet lacks is told in one run, each with its sheet."""
    sheets = {"申报表": [["序号", "申报主体"], [1, "甲"]], "同类系列产品": [["系列编号", "续展产品数"], ["S1", 1]]}
    with pytest.raises(DeskError) as caught:
        read_workbook(open_sheets(workbook(tmp_path, sheets)), GREEN)
    found = caught.value.found
    assert "工作表“申报表”的表头 缺少“此前已获绿色食品认证补助累计金额”一列" in found
    for label in ("已取得绿色食品标志使用权", "上级编号"):
        assert f"工作表“同类系列产品”的表头 缺少“{label}”一列" in found


def test_sample_row_of_a_finer_sheet(tmp_path):
    """样例 in the column of the row's own number or its parent's marks the template's sample, in every sheet."""
    rows = [["样例", "样例", "是", 9, 9], [1, "S1", "是", 1, 0]]
    result = run(GREEN, green(tmp_path, [["样例", "某某公司", 0], [1, "甲", 0]], rows))
    assert (len(result.decisions), len(result.levels["series"])) == (1, 1)
    assert problems(result) == []
    assert sum("是样例，未作为数据" in note for note in result.notes) == 2


def test_problem_on_a_finer_row(tmp_path):
    """A finer row that cannot be read leaves its own parent undecided and no other."""
    rows = [[1, "S1", "是", "若干", 0], [2, "S1", "是", 1, 0]]
    result = run(GREEN, green(tmp_path, [[1, "甲", 0], [2, "乙", 0]], rows))
    assert problems(result) == [("同类系列产品!D2", "kind")]
    assert [one.outcome for one in result.decisions] == ["unreadable", "payable"]
    assert "同类系列产品!D2" in result.decisions[0].reasons[0].sentence
