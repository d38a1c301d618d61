"""Sheets 不予支持 and 数据问题: each reason once, with its clause or its cell, on whatever sheet it stands."""

import datetime

from level_sheets import household, linkage, operator, pot, project
from small_run import BOOK, calculated, row, run, table

from jiangbu.desk.deciding import source_of
from jiangbu.desk.writer import write_workbook
from jiangbu.rules.notices import CLAUSE_UNSEEN


def written(tmp_path, source, scheme):
    """The calculated workbook of an application of several levels."""
    target = tmp_path / "测算表.xlsx"
    write_workbook(calculated(source, scheme, datetime.date(2024, 6, 30)), source, target)
    return target


def test_every_reason_has_its_clause(tmp_path):
    """A row that fails two requirements has two lines, each with clause and deciding data."""
    bad = row(2, bad="是")
    bad[10] = 0
    _, target = run(tmp_path, [row(1), bad])
    told = [(line["序号"], line["所在行"], line["条款"], line["涉及的数据"]) for line in table(target, "不予支持")]
    assert told == [
        ("2", "申报表 第 3 行", "示例办发〔2024〕2号第三条", "已签订且在有效期内的联农带农协议份数：0份"),
        ("2", "申报表 第 3 行", "第五条", "申报年度有失信或安全、环保违法记录：是"),
    ]


def test_problems_name_cell_found_expected_and_remedy(tmp_path):
    """A data problem names sheet and cell, what was found, what was expected, and what to do."""
    _, target = run(tmp_path, [row(1), row(2, revenue="约八千万")])
    (line,) = table(target, "数据问题")
    assert (line["序号"], line["工作表"], line["单元格"], line["填写的是"]) == ("2", "申报表", "H3", "约八千万")
    assert line["应为"].startswith("金额（元）")
    assert line["处理办法"]


def test_nothing_to_tell(tmp_path):
    """Where nothing was refused and nothing is wrong, the sheets say so."""
    _, target = run(tmp_path, [row(1)])
    assert [line["序号"] for line in table(target, "不予支持")] == ["没有不予支持的申报"]
    assert [line["序号"] for line in table(target, "数据问题")] == ["没有数据问题"]


def test_rows_spoiled_by_another_are_named(tmp_path):
    """A pot with one unreadable project cannot be divided: every other row is listed and names that cell."""
    source = pot(tmp_path, [project(1, "P1"), project(2, "P2", "若干")])
    told = {
        line["序号"]: (line["问题"], line["处理办法"])
        for line in table(written(tmp_path, source, "example-county-pot"), "数据问题")
    }
    assert told["2"][0] == "填写内容不对"
    assert told["1"][0] == "受其他数据影响"
    assert "申报表!H3" in told["1"][1]


def test_a_refused_operator_is_told_once_for_rows_off_the_paid_level(tmp_path):
    """Rows of every sheet are listed with the sheet on which they stand."""
    rows = [household("A", f"H{number}") for number in range(1, 7)]
    target = written(tmp_path, linkage(tmp_path, [operator("A", "是")], rows), "example-linkage-award")
    places = [line["所在行"] for line in table(target, "不予支持")]
    assert places == [*(f"申报表 第 {number} 行" for number in range(2, 8)), "经营主体 第 2 行"]


def test_a_clause_that_was_not_seen_is_said_so():
    """On no sheet does the word of the rule table for an unseen clause reach a reader."""
    scheme = BOOK.scheme("zhuanglang-cold-chain", on=datetime.date(2024, 6, 30)).ungated()
    refusals = [one for case in scheme.cases for one in scheme.try_determine(case.facts).refusals]
    assert "unseen" in {one.clause for one in refusals}
    told = {source_of(one) for one in refusals}
    assert CLAUSE_UNSEEN in told
    assert not any("unseen" in one for one in told)
