"""One sheet in every form that clerks type: xlsx, xls, ods and csv give the same cases and the same answers."""

import datetime
import importlib.util
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine
from desk_facts import ALL
from level_sheets import workbook

from jiangbu.desk.problems import DeskError
from jiangbu.desk.reader import case_sheet, read_application
from jiangbu.desk.workbook import open_sheets

FILES = Path(__file__).parent / "files"
SPEC = importlib.util.spec_from_file_location("make_files", FILES / "make_files.py")
make_files = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(make_files)
BOOKS = [f"{make_files.NAME}.{kind}" for kind in ("xlsx", "xls", "ods")]
EXPORTS = [f"{make_files.NAME}-{encoding}.csv" for encoding in ("utf8", "gb18030")]
USUAL = {
    "revenue": Decimal(80_005_000),
    "households": Decimal(20),
    "weight": Decimal("1.5"),
    "rate": Decimal("0.00435"),
    "violation": False,
    "grade": "good",
    "founded": datetime.date(2024, 3, 5),
}
LESS = {
    "公式有误": {"revenue"},
    "没有填": {"revenue", "households", "weight"},
    "合并次行": {"revenue"},
}
OTHER = {
    "日期单元格": {"violation": True},
    "横线日期": {"violation": True},
    "斜线日期": {"violation": True, "grade": "best"},
    "点日期": {"violation": True, "grade": "none"},
    "汉字日期": {"violation": True},
    "八位日期": {"violation": True},
}


def read(name):
    """Read one of the files."""
    return read_application(case_sheet(open_sheets(FILES / name)), ALL)


@pytest.mark.parametrize("name", [*BOOKS, *EXPORTS])
def test_every_form_is_the_same_value(name):
    """Six forms of a day, numbers as text and full-width, ￥, 元, 万元, ‰ and %, every yes and no, in every format."""
    found = {case.subject["name"]: dict(case.facts) for case in read(name).cases}
    expected = {row[0]: USUAL | OTHER.get(row[0], {}) for row in make_files.ROWS}
    for applicant, facts in LESS.items():
        expected[applicant] = {key: value for key, value in expected[applicant].items() if key not in facts}
    assert expected == found


@pytest.mark.parametrize("name", BOOKS)
def test_every_problem_at_its_cell(name):
    """Error cells, lost digits, blanks and merged cells are told at the same cells from xlsx, xls and ods."""
    found = [(problem.path, problem.code, problem.found) for case in read(name).cases for problem in case.problems]
    assert found == [
        ("申报表!D13", "kind", "#DIV/0!"),
        ("申报表!K14", "text", "6228480012345680000"),
        ("申报表!D15", "missing", "空白"),
        ("申报表!E15", "missing", "-"),
        ("申报表!F15", "missing", "/"),
        ("申报表!D17", "missing", "空白"),
    ]


@pytest.mark.parametrize("name", BOOKS)
def test_merged_body_cell(name):
    """The value of a merged cell goes to its first row; the second is missing and says why."""
    (problem,) = next(case for case in read(name).cases if case.subject["name"] == "合并次行").problems
    assert "与第 16 行合并" in problem.remedy


@pytest.mark.parametrize("name", BOOKS)
def test_what_is_told_of_the_sheet(name):
    """The unit line, the total that does not agree, the foot, hidden rows and an absent column are told."""
    notes = read(name).notes
    for said in (
        "申报表!J2 写明单位为万元，年度营业收入（审计数） 按万元读取",
        "申报表!D18 合计为 880,055,000，所读各行之和为 800,050,000，两者不符（有 3 行未能读出）",
        "申报表第19行是表尾说明，未作为数据",
        "申报表有 1 行被隐藏或被筛选，均已读取并计算",
        "申报表没有“协议份数”一列，各行按规则所定的默认值计算",
    ):
        assert said in notes
    assert not any("E18" in note for note in notes)


@pytest.mark.parametrize("name", EXPORTS)
def test_csv_has_lost_digits_too(name):
    """A long number that the export wrote with an exponent has lost its digits, as text as well."""
    (problem,) = next(case for case in read(name).cases if case.subject["name"] == "账号存成数字").problems
    assert (problem.found, "末尾几位已经丢失" in problem.remedy) == ("6.22848E+18", True)


def test_files_are_in_step(tmp_path):
    """The kept xlsx and csv files are what their script makes."""
    make_files.write_xlsx(tmp_path / BOOKS[0])
    with (
        python_calamine.load_workbook(tmp_path / BOOKS[0]) as made,
        python_calamine.load_workbook(FILES / BOOKS[0]) as kept,
    ):
        assert made.get_sheet_by_index(0).to_python() == kept.get_sheet_by_index(0).to_python()
    for name, encoding in zip(EXPORTS, ("utf-8-sig", "gb18030"), strict=True):
        make_files.write_csv(tmp_path / name, encoding)
        assert (tmp_path / name).read_bytes() == (FILES / name).read_bytes()


def test_protected_ods(tmp_path):
    """An ods file with a password says so."""
    manifest = "<manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest>"
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("content.xml", "encrypted")
        archive.writestr("META-INF/manifest.xml", manifest)
    with pytest.raises(DeskError, match="密码"):
        open_sheets(tmp_path / "x.ods")


HEADS = ["申报主体", "年度营业收入（审计数）", "销售收入合计（元）", "带动农户数"]


def test_unit_line_and_heads_of_their_own(tmp_path):
    """The unit line counts for money heads that state none; a head with its own unit keeps it."""
    facts = {"revenue": ALL["revenue"], "households": ALL["households"]}
    rows = [["", "单位：万元、户"], ["申报主体", "年度营业收入（审计数）（元）", "带动农户数"], ["甲", 5, 3]]
    (case,) = read_application(case_sheet(open_sheets(workbook(tmp_path, {"申报表": rows}))), facts).cases
    assert (case.facts["revenue"], case.facts["households"]) == (5, 3)
    rows[1][1] = "年度营业收入（审计数）"
    (case,) = read_application(case_sheet(open_sheets(workbook(tmp_path, {"申报表": rows}))), facts).cases
    assert (case.facts["revenue"], case.facts["households"]) == (50_000, 3)


@pytest.mark.parametrize(
    ("label", "total", "agrees"),
    [
        ("小计", 3, True),
        ("小 计：", 3, True),
        ("河湾镇合计", 3, True),
        ("合计", 6, True),
        ("总计（户）", 6, True),
        ("小计", 6, False),
        ("合计", 5, False),
    ],
)
def test_rows_of_totals(tmp_path, label, total, agrees):
    """小计 is of the rows since the last one, 合计 and 总计 of all or of these; a serial before it does not matter."""
    facts = {"households": ALL["households"]}
    rows = [
        ["序号", "申报主体", "带动农户数"],
        [1, "甲", 1],
        [2, "乙", 2],
        ["", "小计", 3],
        [3, "丙", 3],
        [4, label, total],
    ]
    found = read_application(case_sheet(open_sheets(workbook(tmp_path, {"申报表": rows}))), facts)
    assert [case.subject["name"] for case in found.cases] == ["甲", "乙", "丙"]
    assert agrees == (not any("不符" in note for note in found.notes))


def test_total_of_amounts_paid_before(tmp_path):
    """The total of 已付金额 is compared too, rows without an amount adding nothing."""
    rows = [["申报主体", "带动农户数", "已付金额（万元）"], ["甲", 1, 5], ["乙", 2, ""], ["合计", 3, 5.5]]
    facts = {"households": ALL["households"]}
    notes = read_application(case_sheet(open_sheets(workbook(tmp_path, {"申报表": rows}))), facts).notes
    assert notes == ("申报表!C4 合计为 55,000，所读各行之和为 50,000，两者不符",)


def test_sample_row_is_skipped(tmp_path):
    """A row whose 序号 is 样例 is the template's sample, no case, and told."""
    rows = [["序号", "申报主体", "带动农户数"], ["样例", "某某合作社", 30], [1, "甲", 1]]
    found = read_application(
        case_sheet(open_sheets(workbook(tmp_path, {"申报表": rows}))), {"households": ALL["households"]}
    )
    assert [case.subject["name"] for case in found.cases] == ["甲"]
    assert "申报表第2行是样例，未作为数据" in found.notes


def test_applicants_that_look_alike(tmp_path):
    """The same name without numbers, or a firm's name under two codes, is told; two people of one name are not."""
    person, other = "11010519491231002X", "110105194912310054"
    firm, second = make_files.code(1), make_files.code(2)
    heads = ["申报主体", "统一社会信用代码", "身份证号", "带动农户数"]
    rows = [["甲公司", firm, "", 1], ["甲 公司", second, "", 1], ["张伟", "", person, 1], ["张伟", "", other, 1]]
    rows += [["李四", "", "", 1], ["李四", "", "", 1], ["", second, "", 1], ["李五", "", person, 1]]
    path = workbook(tmp_path, {"申报表": [heads, *rows]})
    cases = read_application(case_sheet(open_sheets(path)), {"households": ALL["households"]}).cases
    assert [case.remarks for case in cases] == [
        ("申报主体与申报表第 3 行相同",),
        ("统一社会信用代码与申报表第 8 行相同", "申报主体与申报表第 2 行相同"),
        ("身份证号与申报表第 9 行相同",),
        (),
        ("申报主体与申报表第 7 行相同",),
        ("申报主体与申报表第 6 行相同",),
        ("统一社会信用代码与申报表第 3 行相同", "申报主体没有填写"),
        ("身份证号与申报表第 4 行相同",),
    ]


def test_every_missing_column_at_once(tmp_path):
    """All missing columns are named in one run, each with the head that looks like it."""
    path = workbook(tmp_path, {"申报表": [["申报主体", "年度营业额（审计）", "带动户数"], ["甲", 1, 2]]})
    with pytest.raises(DeskError) as caught:
        read_application(
            case_sheet(open_sheets(path)), {name: ALL[name] for name in ("revenue", "households", "grade")}
        )
    assert caught.value.found == "1. 缺少“年度营业收入（审计数）”一列；2. 缺少“带动农户数”一列；3. 缺少“等级”一列"
    assert "相近的表头有：年度营业额（审计）" in caught.value.remedy
    assert "相近的表头有：带动户数" in caught.value.remedy
