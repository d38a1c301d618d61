"""``verify``: an untouched workbook holds, and any single changed cell is found and named."""

import datetime
import json
import shutil
import subprocess

import pytest
from as_sheets import sheets_of, simple_ids
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from level_sheets import household, linkage, operator, pot, project
from one_cell import with_cell
from small_run import BOOK, row, run
from soffice import PROFILE

from jiangbu import RuleBook
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.cli import main
from jiangbu.desk.problems import DeskError, column_letters
from jiangbu.desk.readback import squeezed
from jiangbu.desk.reader import read_workbook
from jiangbu.desk.said import open_calculated
from jiangbu.desk.verify import verify
from jiangbu.desk.writer import write_workbook
from jiangbu.rules.files import shipped_tables
from jiangbu.testing import book_of, facts_of, rule_tables

ROWS = [
    row(1),
    row(2, paid=1000.25, revenue=25000),
    row(3, bad="是"),
    row(4, revenue="若干"),
    row(5, aside="核查"),
    row(6, revenue=4000),
    row(7, revenue=6000, paid=900000),
]

DAY = datetime.date(2024, 6, 30)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An application with every outcome, and the workbook calculated from it."""
    folder = tmp_path_factory.mktemp("verify")
    _, target = run(folder, ROWS)
    return folder / "申报表.xlsx", target


def cell_of(path, sheet, head, text=None, *, by="序号"):
    """The address of the cell under a head, in the row whose cell under ``by`` shows a text (the first below)."""
    (one,) = (one for one in open_calculated(path).values() if one.name == sheet)
    lines = [[squeezed(cell.text) for cell in one.row(number)] for number in range(one.height)]
    top = next(number for number, line in enumerate(lines) if by in line and any(x.startswith(head) for x in line))
    column = next(number for number, found in enumerate(lines[top]) if found.startswith(head))
    place = lines[top].index(by)
    line = top + 1 if text is None else next(n for n in range(top + 1, len(lines)) if lines[n][place] == text)
    return f"{column_letters(column)}{line + 1}"


def places(found):
    """Where the differences are."""
    return {one.where for one in found.differences}


def test_untouched(made):
    """The workbook as it was written has no difference, alone and against its application."""
    source, target = made
    assert ((), ()) == (verify(target, BOOK).differences, verify(target, BOOK, source).differences)


# The sheet, the head of the cell, the row by a text in a column, what is put there, what the difference is called.
CHANGES = {
    "line": ("测算表", "首次达标奖补", "1", "序号", {"value": 900000}, "算式"),
    "amount": ("测算表", "核定金额", "1", "序号", {"value": 900000}, "核定金额"),
    "due": ("测算表", "本次应付", "1", "序号", {"value": 900000}, "本次应付"),
    "one fen": ("测算表", "多付", "7", "序号", {"value": 399999}, "多付"),
    "formula": ("测算表", "核定金额", "1", "序号", {"formula": "800000"}, "核定金额"),
    "formula gone": ("测算表", "核定金额", "1", "序号", {"drop_formula": True}, "核定金额"),
    "condition": ("测算表", "是否符合", "3", "序号", {"value": "否"}, "条件"),
    "outcome": ("测算表", "结论", "3", "序号", {"value": "应付"}, "结论"),
    "outcome unreadable": ("测算表", "结论", "4", "序号", {"value": "应付"}, "结论"),
    "outcome set aside": ("测算表", "结论", "5", "序号", {"value": "不予支持"}, "结论"),
    "to set aside": ("测算表", "结论", "6", "序号", {"value": "搁置"}, "结论"),
    "amount of refused": ("测算表", "核定金额", "3", "序号", {"value": 1}, "核定金额"),
    "reason": ("测算表", "原因", "3", "序号", {"value": "材料不全"}, "原因"),
    "reason of a problem": ("测算表", "原因", "4", "序号", {"value": "无"}, "原因"),
    "helper": ("测算表", "计算辅助", "1", "序号", {"value": 7}, "计算辅助"),
    "total": ("测算表", "核定金额", "合计", "序号", {"value": 9}, "合计 核定金额"),
    "rule amount": ("规则表", "奖补标准", "3", "档次", {"value": 900000}, "奖补标准"),
    "rule edge": ("规则表", "上限", "1", "档次", {"value": 60000000}, "上限"),
    "count": ("汇总", "行数", "应付", "结论", {"value": 9}, "行数"),
    "sum": ("汇总", "金额", "核定金额", "合计", {"value": 9}, "核定金额"),
    "numerals": ("汇总", "大写", "核定金额", "合计", {"value": "人民币壹元整"}, "大写"),
    "group": ("汇总", "核定金额", "城关镇", "按乡镇", {"value": 9}, "城关镇"),
    "clause": ("不予支持", "条款", "3", "序号", {"value": "第九条"}, "条款"),
    "refusal": ("不予支持", "不予支持的原因", "3", "序号", {"value": "无"}, "不予支持的原因"),
    "problem": ("数据问题", "填写的是", "4", "序号", {"value": "不详"}, "原因"),
    "notice amount": ("公示表", "核定金额", "1", "序号", {"value": 9}, "核定金额"),
    "notice name": ("公示表", "申报主体", "1", "序号", {"value": "某公司"}, "申报主体"),
    "payment amount": ("兑付表", "本次应付", "1", "序号", {"value": 9}, "本次应付"),
    "payment account": ("兑付表", "账号", "1", "序号", {"value": "6228480099999999999"}, "账号"),
    "payment numerals": ("兑付表", "大写", "1", "序号", {"value": "人民币壹元整"}, "大写"),
    "document": ("依据", "内容", "文件", "项目", {"value": "《别的文件》"}, "文件"),
    "digest": ("依据", "内容", "申报表文件", "项目", {"value": "别的.xlsx"}, "申报表文件"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_one_changed_cell(made, tmp_path, kind):
    """Any single changed cell of lines, rules, counts, amounts, outcomes, numerals, reasons is found and named."""
    sheet, head, text, by, change, thing = CHANGES[kind]
    source, target = made
    address = cell_of(target, sheet, head, text, by=by)
    changed = with_cell(target, tmp_path / "改动.xlsx", sheet, address, **change)
    found = verify(changed, BOOK)
    assert any(thing in one.thing for one in found.differences), found.differences
    if kind not in ("problem", "digest"):
        assert f"{sheet}!{address}" in places(found)
    whole = verify(changed, BOOK, source)
    assert f"{sheet}!{address}" in places(whole)
    if kind not in ("digest",):
        assert {f"{sheet}!{address}"} == places(whole)


@pytest.mark.parametrize(
    ("head", "value", "group"),
    [
        ("年度营业收入", 260000000, "数据"),
        ("申报年度有失信", "是", "数据"),
        ("申报主体", "另一公司", "主体信息"),
        ("账号", "6228480099999999999", "主体信息"),
        ("统一社会信用代码", "93999999MA7000001X", "主体信息"),
        ("已付金额", 5, "主体信息"),
        ("申报表行号", 77, "主体信息"),
    ],
)
def test_changed_facts_and_subjects(made, tmp_path, head, value, group):
    """A changed fact or subject is noticed by the digest, and with the application its very cell is named."""
    source, target = made
    address = cell_of(target, "测算表", head, "1")
    changed = with_cell(target, tmp_path / "改动.xlsx", "测算表", address, value=value)
    found = verify(changed, BOOK)
    assert f"测算表的{group}" in {one.thing for one in found.differences}
    assert {f"测算表!{address}"} == places(verify(changed, BOOK, source))


def test_another_application(made, tmp_path):
    """Against another application than the one it was made from, the file and its facts differ."""
    _, target = made
    other, _ = tmp_path / "申报表.xlsx", run(tmp_path, [row(1, revenue=26000), *ROWS[1:]])
    found = places(verify(target, BOOK, other))
    assert f"测算表!{cell_of(target, '测算表', '年度营业收入', '1')}" in found
    assert f"测算表!{cell_of(target, '测算表', '核定金额', '1')}" in found
    assert any(place.startswith("依据!") for place in found)


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    """Applications of several levels, with every hindrance, and the workbooks calculated from them."""
    found = {}
    for name, maker in TREES.items():
        folder = tmp_path_factory.mktemp(name)
        found[name] = (maker(folder), folder / "测算表.xlsx")
        assert main(["calculate", str(found[name][0]), "-o", str(found[name][1])]) in (0, 1)
    return found


TREES = {
    "pot": lambda folder: pot(
        folder,
        [project(1, "P1"), project(2, "P2", 300), project(3, "P3", library="否"), project(5, "P5", aside="待查")],
    ),
    "pot with a fault": lambda folder: pot(folder, [project(1, "P1"), project(2, "P2", "若干"), project(3, "P2")]),
    "pot without money": lambda folder: pot(folder, [project(1, "P1"), project(2, "P2")], total="若干"),
    "linkage": lambda folder: linkage(
        folder,
        [operator("甲"), operator("乙", "是"), operator("丙", aside="核查"), operator("丁")],
        [
            household("甲", "h1"), household("甲", "h2", "一般户", 9000), household("乙", "h3"), household("丙", "h4"),
            household("丁", "h5", "脱贫户", "若干"), household("丁", "h6"), household("丁", "h6"),
            household("丁", "h7", aside="待核"),
        ],
    ),
    "linkage with strays": lambda folder: linkage(
        folder, [operator("甲")], [household("甲", "h1"), household("", "h2"), household("无", "h3")]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_several_levels_untouched(trees, name):
    """Workbooks of several levels hold as well, whatever hinders their rows."""
    source, target = trees[name]
    assert () == verify(target, BOOK).differences
    assert () == verify(target, BOOK, source).differences


@pytest.mark.parametrize(
    ("name", "sheet", "head", "text", "by", "value", "thing"),
    [
        ("pot", "县", "当年可用奖补资金总额", None, "编号", 700000, "县的数据"),
        ("pot", "测算表", "本年奖补", "P1", "项目编号", 7, "算式"),
        ("pot", "县", "全县应补合计", None, "编号", 7, "算式"),
        ("linkage", "经营主体", "结论", "乙", "编号", "计入", "结论"),
        ("linkage", "经营主体", "申报主体", "甲", "编号", "别的公司", "经营主体的主体信息"),
    ],
)
def test_several_levels_changed(trees, tmp_path, name, sheet, head, text, by, value, thing):
    """A changed cell on the sheet of any level is found and named."""
    source, target = trees[name]
    address = cell_of(target, sheet, head, text, by=by)
    changed = with_cell(target, tmp_path / "改动.xlsx", sheet, address, value=value)
    assert any(thing in one.thing for one in verify(changed, BOOK).differences)
    assert {f"{sheet}!{address}"} == places(verify(changed, BOOK, source))


def test_rows_in_any_order(tmp_path):
    """Rows that do not stand sorted by the rows above them hold as well."""
    source = linkage(tmp_path, [operator("甲"), operator("乙")], [household("乙", "h1"), household("甲", "h2")])
    target = tmp_path / "测算表.xlsx"
    main(["calculate", str(source), "-o", str(target)])
    assert 0 == main(["verify", str(target)])
    assert 0 == main(["verify", str(target), "--against", str(source)])


def test_saved_by_another_program(made, trees, tmp_path):
    """Saved by LibreOffice, as it stands and recalculated, a workbook has no difference."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: workbooks that it saves are NOT verified")
    files = {"一.xlsx": made[1], "二.xlsx": trees["pot"][1], "三.xlsx": trees["linkage"][1]}
    for name, path in files.items():
        shutil.copy(path, tmp_path / name)
    for kind, settings_of_profile in (("原样", ""), ("重算", PROFILE)):
        profile = tmp_path / f"profile{kind}"
        (profile / "user").mkdir(parents=True)
        if settings_of_profile:
            (profile / "user" / "registrymodifications.xcu").write_text(settings_of_profile)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "xlsx"]
        out = tmp_path / kind
        subprocess.run(
            [*command, "--outdir", str(out), *(str(tmp_path / name) for name in files)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        for name in files:
            assert () == verify(out / name, BOOK).differences, (kind, name)


def test_changed_rule_table(tmp_path):
    """A rule table that changed since is said first, and what it would make of the rows is listed."""
    folder = tmp_path / "rules"
    shutil.copytree(shipped_tables() / "999999-example", folder / "999999-example")
    shutil.copy(shipped_tables() / "documents.toml", folder)
    _, target = run(tmp_path, ROWS[:2])
    table = folder / "999999-example" / "example-scale-award.toml"
    text = table.read_text(encoding="utf-8")
    assert "第三条" in text
    table.write_text(text.replace("第三条", "第四条"), encoding="utf-8")
    found = verify(target, RuleBook.load(folder, shipped=False))
    assert ("example-scale-award",) == found.tables
    assert any(one.where.startswith("公示表!") for one in found.differences)


def test_command(made, tmp_path, capsys):
    """0 without a difference and 1 with one; what is not proved is always said; JSON names cell and remedy."""
    source, target = made
    assert 0 == main(["verify", str(target), "--against", str(source)])
    told = capsys.readouterr().out
    assert "与重算的结果一致" in told
    assert "不证明申报的数据真实" in told
    address = cell_of(target, "测算表", "核定金额", "1")
    changed = with_cell(target, tmp_path / "改动.xlsx", "测算表", address, value=900000)
    assert 1 == main(["verify", str(changed)])
    told = capsys.readouterr().out
    assert f"测算表!{address}" in told
    assert "--against" in told
    assert 1 == main(["verify", str(changed), "--json"])
    data = json.loads(capsys.readouterr().out)
    assert [(f"测算表!{address}", "900000", "800000")] == [
        (one["where"], one["found"], one["expected"]) for one in data["differences"]
    ]


def test_no_workbook_of_ours(made, tmp_path, capsys):
    """An application, a missing file and a workbook without a sheet of rows are unusable: 2, and why."""
    source, target = made
    assert 2 == main(["verify", str(source)])
    assert 2 == main(["verify", str(tmp_path / "无.xlsx")])
    assert "不是 jiangbu 写出的测算表" in capsys.readouterr().err
    assert 2 == main(["verify", str(target), "--against", str(target)])
    assert "申报表" in capsys.readouterr().err


@given(data=st.data(), root_sheet=st.booleans())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_tables(tmp_path_factory, data, root_sheet):
    """A workbook calculated from random rows of a random table of any levels holds: all that counts comes back."""
    book = book_of(data.draw(rule_tables()))
    scheme = book.scheme("random-table", on=DAY)
    facts = simple_ids(scheme, data.draw(facts_of(scheme)))
    result = scheme.try_determine(facts)
    assume(not result.problems)
    sheets = sheets_of(scheme, result, facts, root_sheet=root_sheet, mix=list)
    assume(any(len(sheet.raw) > 1 for sheet in sheets if sheet.name == "申报表"))
    application = read_workbook(sheets, scheme)
    calculation = calculate(book, scheme, Options("random-table", scheme.place, DAY), application)
    target = tmp_path_factory.mktemp("random") / "测算表.xlsx"
    write_workbook(calculation, target.with_name("申报表.xlsx"), target)
    assert () == verify(target, book).differences


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cell(made, tmp_path, data):
    """Whatever single cell is changed, with the application that very cell is named, or the workbook is refused."""
    source, target = made
    cells = [
        (sheet.name, row, column, sheet.cell(row, 0).text)
        for sheet in open_calculated(target).values()
        for row in range(sheet.height)
        for column in range(sheet.width)
        if sheet.cell(row, column).kind != "blank"
    ]
    sheet, row, column, label = data.draw(st.sampled_from(cells))
    assume(label != "程序版本")
    address = f"{column_letters(column)}{row + 1}"
    value = data.draw(st.sampled_from([7777, "别的"]))
    changed = with_cell(target, tmp_path / "任一格.xlsx", sheet, address, value=value)
    try:
        found = verify(changed, BOOK, source)
    except DeskError:
        return
    assert f"{sheet}!{address}" in places(found)
