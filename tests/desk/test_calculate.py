"""Deciding rows and writing the workbook: it reconciles, it is whole or not there, text stays text."""

import datetime
import os
from decimal import Decimal

import openpyxl
import pytest
import python_calamine
import small_run
import xlsxwriter
from desk_sheets import code
from hypothesis import given, settings
from hypothesis import strategies as st

from jiangbu import RuleBook
from jiangbu.desk.calculation import Options, add_up, calculate
from jiangbu.desk.cli import main
from jiangbu.desk.layout import layout, number_format
from jiangbu.desk.problems import DeskError
from jiangbu.desk.reader import case_sheet, read_application
from jiangbu.desk.shown import width_of
from jiangbu.desk.workbook import open_sheets
from jiangbu.desk.writer import write_workbook
from jiangbu.money import capital

TABLES = """
format = 1
[[documents]]
number = "示例办发〔2023〕9号"
title  = "示例县测试办法"
issuer = "示例县人民政府办公室"
issued = 2022-12-20
place  = "999999"
known  = "seen"
"""
RULE = """
format = 1
[scheme]
id = "desk-test"
title = "示例县测试奖补"
place = "999999"
document = "示例办发〔2023〕9号"
status = "illustrative"
effective = { from = %s }
beneficiary = "operator"
no_gate = "测试用办法，不设前置条件"
pays = "award"

[facts.track]
label = "申报类别"
kind = "choice"
options = { settler = "新引进企业", grower = "本地企业" }

[facts.settled_on]
label = "落户日期"
kind = "date"
default = 2020-01-01
needed_if = "track == 'settler'"

[facts.heads]
label = "存栏数"
kind = "number"
unit = "头"
at_least = 0
at_most = 10000

[facts.sold]
label = "出栏数"
kind = "number"
unit = "头"
at_least = 0
at_most = 10000
default = 0

[constants.each]
label = "每头标准"
kind = "money"
value = %s
clause = "第二条"

[[checks]]
name = "sold_at_most"
holds = "sold <= heads"
otherwise = "出栏数不得超过存栏数"

[[requirements]]
name = "enough"
holds = "heads >= 1"
otherwise = "没有存栏"
clause = "第三条"

[[remarks]]
name = "many"
when = "heads > 100 * sold"
says = "出栏比例偏低"

[[lines]]
name = "award"
label = "出栏奖补"
formula = "sold * each"
clause = "第二条"
"""
HEADS = [
    "序号",
    "申报主体",
    "统一社会信用代码",
    "乡镇",
    "申报类别",
    "落户日期",
    "存栏数（头）",
    "出栏数（头）",
]
HEADS += ["已付金额", "适用日期", "搁置", "驻村干部"]
DAY = datetime.date(2024, 6, 30)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A rule book with two versions of a small rule."""
    folder = tmp_path_factory.mktemp("tables")
    (folder / "documents.toml").write_text(TABLES, encoding="utf-8")
    place = folder / "999999-example"
    place.mkdir()
    old = "2023-01-01, until = 2023-12-31"
    (place / "desk-test@2023-01-01.toml").write_text(RULE % (old, 50), encoding="utf-8")
    new = "2024-01-01, until = 2025-12-31"
    (place / "desk-test@2024-01-01.toml").write_text(RULE % (new, 80), encoding="utf-8")
    return RuleBook.load(folder, shipped=False)


def row(number, name="示例农场", track="本地企业", settled="", heads=20, sold=5, paid="", on="", aside="", more=""):
    """One row of the sheet."""
    return [number, name, code(number), "城关镇", track, settled, heads, sold, paid, on, aside, more]


def run(book, folder, rows):
    """Calculate rows of the small rule."""
    path = folder / "申报表.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as made:
        sheet = made.add_worksheet("申报表")
        for index, values in enumerate([HEADS, *rows]):
            sheet.write_row(index, 0, values)
    scheme = book.scheme("desk-test", on=DAY)
    application = read_application(case_sheet(open_sheets(path)), scheme.facts)
    return calculate(book, scheme, Options("desk-test", None, DAY), application)


def outcomes(result):
    """Outcomes and amounts in order."""
    return [(one.outcome, one.amount) for one in result.decisions]


def test_five_outcomes(book, tmp_path):
    """A row is payable, nil, refused, unreadable or set aside, and the amount is zero unless payable."""
    result = run(
        book,
        tmp_path,
        [row(1), row(2, sold=0), row(3, heads=0, sold=0), row(4, sold=99), row(5, aside="复核中")],
    )
    zero = Decimal("0.00")
    assert outcomes(result) == [
        ("payable", Decimal("400.00")),
        ("nil", zero),
        ("refused", zero),
        ("unreadable", zero),
        ("set_aside", zero),
    ]
    nil, refused = (one.reasons[0].sentence for one in result.decisions[1:3])
    assert "“出栏奖补”（第二条）：“出栏数”为0" in nil
    assert refused == "没有存栏"
    assert result.decisions[4].reasons[0].sentence == "复核中"


def test_contradiction_is_told_at_its_cell(book, tmp_path):
    """Facts that contradict one another are told with their labels at the first cell."""
    (problem,) = run(book, tmp_path, [row(1, sold=99)]).decisions[0].problems
    assert (problem.code, problem.path) == ("check", "申报表!H2")
    assert problem.found == "出栏数：99头；存栏数：20头"
    assert problem.expected == "“出栏数”不超过“存栏数”"
    assert problem.remedy == "出栏数不得超过存栏数；请核对后改正"


def test_needed_fact_is_missing_only_where_needed(book, tmp_path):
    """A fact that only some cases need is a data problem there, and 不适用 elsewhere."""
    result = run(book, tmp_path, [row(1), row(2, track="新引进企业"), row(3, track="新引进企业", settled="2021.5.6")])
    assert [one.outcome for one in result.decisions] == ["payable", "unreadable", "payable"]
    (problem,) = result.decisions[1].problems
    assert (problem.code, problem.path, problem.found) == ("missing", "申报表!F3", "空白")
    assert problem.remedy == "“申报类别”为“新引进企业”，此格须填写：填写年月日，例如 2024-12-31"
    plan = layout(result, 0)
    column = plan.columns[plan.index("fact.settled_on")]
    shown = [column.value(number, one) for number, one in enumerate(result.decisions)]
    assert shown == ["不适用", None, datetime.date(2021, 5, 6)]


def test_not_applicable_where_it_applies(book, tmp_path):
    """不适用 in a cell that the row needs is told for what it is, and why the row needs the cell."""
    rows = [row(1, settled="不适用"), row(2, track="新引进企业", settled=" 不 适用")]
    result = run(book, tmp_path, rows)
    assert [one.outcome for one in result.decisions] == ["payable", "unreadable"]
    (problem,) = result.decisions[1].problems
    assert (problem.path, problem.found) == ("申报表!F3", "不适用")
    assert problem.remedy == "“申报类别”为“新引进企业”，此格须填写，不能填“不适用”"


def test_paid_before(book, tmp_path):
    """本次应付 is the amount less what was paid, at least zero; the excess is 多付."""
    result = run(book, tmp_path, [row(1, paid=100), row(2, paid=450), row(3, heads=0, sold=0, paid=30)])
    assert [(one.due, one.over) for one in result.decisions] == [(300, 0), (0, 50), (0, 30)]


def test_day_of_a_row(book, tmp_path):
    """A row outside the validity is refused; one under another version must go to its own sheet."""
    result = run(book, tmp_path, [row(1, on="2025-03-01"), row(2, on="2026-03-01"), row(3, on="2023-03-01")])
    assert [one.outcome for one in result.decisions] == ["payable", "refused", "unreadable"]
    assert "不在办法有效期内" in result.decisions[1].reasons[0].sentence
    (problem,) = result.decisions[2].problems
    assert (problem.code, problem.path, problem.remedy) == ("version", "申报表!J4", "另一版本，请分表")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),
            st.integers(0, 40),
            st.sampled_from(["", 0, 120, 5000]),
            st.sampled_from(["", "核"]),
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=25, deadline=None)
def test_summary_reconciles(book, tmp_path_factory, drawn):
    """Counts add up to the rows, groups add up to the whole, due − over = amount − paid on decided rows."""
    rows = [row(number, heads=a, sold=b, paid=c, aside=d) for number, (a, b, c, d) in enumerate(drawn, 1)]
    result = run(book, tmp_path_factory.mktemp("x"), rows)
    sums = result.sums
    assert len(rows) == sums.rows == sum(sums.counts.values())
    assert sums.amount == sum(group.amount for group in result.groups("township").values())
    decided = [one for one in result.decisions if one.decided]
    told = add_up(decided)
    assert told.due - told.over == told.amount - told.paid


def read_back(path):
    """Every sheet of a workbook as text and numbers."""
    with python_calamine.load_workbook(path) as made:
        return {name: made.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in made.sheet_names}


def test_workbook(book, tmp_path):
    """The workbook has its sheets in order, the notice on top of each, and totals that reconcile."""
    rows = [row(1), row(2, sold=0), row(3, heads=0, sold=0), row(4, sold="若干"), row(5, aside="复核中")]
    result = run(book, tmp_path, rows)
    target = tmp_path / "测算表.xlsx"
    write_workbook(result, tmp_path / "申报表.xlsx", target)
    sheets = read_back(target)
    order = ["汇总", "测算表", "规则表", "不予支持", "数据问题", "依据", "公示表", "兑付表"]
    assert list(sheets) == order
    assert {rows[1][0] for rows in sheets.values()} == {"示例标准，不得作为拨付依据"}
    counted = {line[0]: line[1] for line in sheets["汇总"] if line[0]}
    assert (
        counted["总行数"] == 5 == sum(counted[word] for word in ("应付", "按规定为零", "不予支持", "数据问题", "搁置"))
    )
    assert next(line[2] for line in sheets["汇总"] if line[0] == "核定金额") == capital(40000)
    heads = next(line for line in sheets["测算表"] if line[0] == "序号")
    first = next(line for line in sheets["测算表"] if line[0] == "1")
    told = dict(zip(heads, first, strict=True))
    assert (told["核定金额"], told["结论"], told["出栏奖补\n（元）"]) == (400, "应付", 400)
    assert [line[2] for line in sheets["数据问题"] if line[0] == "4"] == ["H5"]
    assert [line[3:5] for line in sheets["不予支持"] if line[0] == "3"] == [["没有存栏", "第三条"]]


def test_print_set_up(book, tmp_path):
    """A4 landscape, heads frozen and repeated, money as 0.00, columns wide enough for what they hold."""
    target = tmp_path / "测算表.xlsx"
    write_workbook(
        run(book, tmp_path, [row(1, name="示例县城关镇共同富裕农民专业合作社")]), tmp_path / "x.xlsx", target
    )
    made = openpyxl.load_workbook(target, data_only=True)
    for sheet in made:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    sheet = made["测算表"]
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.freeze_panes == "D5"
    money = [cell for cell in sheet[5] if cell.value == 400]
    assert {cell.number_format for cell in money} == {"0.00"}
    for column in sheet.columns:
        width = sheet.column_dimensions[column[3].column_letter].width
        for cell in column[4:]:
            shown = str(cell.value or "").removesuffix(" 00:00:00")
            assert width_of(shown) <= width


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_stays_text(book, tmp_path, text):
    """A text that looks like a formula is written as text, in the quoted style."""
    target = tmp_path / "测算表.xlsx"
    write_workbook(run(book, tmp_path, [row(1, name=text, more=text)]), tmp_path / "申报表.xlsx", target)
    cells = [cell for line in openpyxl.load_workbook(target)["测算表"] for cell in line if cell.value == text]
    assert len(cells) == 2
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}


def test_same_input_same_file(book, tmp_path):
    """The same application gives the same bytes."""
    result = run(book, tmp_path, [row(1), row(2, sold=0)])
    first, second = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    for target in (first, second):
        write_workbook(result, tmp_path / "申报表.xlsx", target)
    assert first.read_bytes() == second.read_bytes()


def test_output_must_not_be_the_input(book, tmp_path):
    """The input is never overwritten, by whatever name it is called."""
    result = run(book, tmp_path, [row(1)])
    source = tmp_path / "申报表.xlsx"
    before = source.read_bytes()
    os.link(source, tmp_path / "别名.xlsx")
    for target in (source, tmp_path / "." / "申报表.xlsx", tmp_path / "别名.xlsx"):
        with pytest.raises(DeskError, match="不能写到申报表本身"):
            write_workbook(result, source, target)
    assert source.read_bytes() == before


def test_broken_run_leaves_what_was_there(book, tmp_path, monkeypatch):
    """When writing fails half way, the old file stands and no temporary file is left."""
    result = run(book, tmp_path, [row(1)])
    target = tmp_path / "测算表.xlsx"
    target.write_bytes(b"old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("jiangbu.desk.writer.write_basis", fail)
    with pytest.raises(DeskError, match="没有写成"):
        write_workbook(result, tmp_path / "申报表.xlsx", target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["测算表.xlsx", "申报表.xlsx"]


def test_number_formats():
    """Every kind has its format."""
    assert [number_format(form) for form in ("money:2", "money:4", "number:3", "rate:6", "date", "text")] == [
        "0.00",
        "0.00##",
        "0.000",
        "0.00####%",
        "yyyy-mm-dd",
        "@",
    ]


def test_rows_alike_are_told_with_the_run(tmp_path, capsys):
    """A row typed twice is told where the run reports, with both rows, and not only in the sheet."""
    source, target = tmp_path / "申报表.xlsx", tmp_path / "out.xlsx"
    small_run.run(tmp_path, [small_run.row(1), small_run.row(1), small_run.row(3)])
    at = ["--scheme", "example-scale-award", "--on", "2024-12-31"]
    assert 0 == main(["calculate", str(source), "-o", str(target), *at])
    assert "申报表第2行、申报表第3行共 2 行的号码或名称与别的行相同" in capsys.readouterr().err
