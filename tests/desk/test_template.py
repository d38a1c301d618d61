"""The template: every shipped scheme can be filled in and calculated, and what it asks is what the reader takes."""

import datetime
import re

import openpyxl
import pytest
from attrs import evolve
from template_filling import day_of, fill, with_gate

from jiangbu import NotInForce, RuleBook
from jiangbu.desk.asking import LIST, MESSAGE, TITLE, asked_fact, check_of, head_of
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.cli import main
from jiangbu.desk.heads import match
from jiangbu.desk.plan import Plan
from jiangbu.desk.problems import DeskError
from jiangbu.desk.reader import read_run, read_workbook
from jiangbu.desk.template import write_template
from jiangbu.desk.workbook import open_sheets

BOOK = RuleBook.load()
ENTRIES = [entry for entry in BOOK.entries() if entry.pays]
SCHEMES = [BOOK.scheme(entry.id, place=entry.place) for entry in ENTRIES]
FILLABLE = [scheme for scheme in SCHEMES if not any(x.object or x.made_by for x in scheme.tree.by_name.values())]


def ids(schemes):
    """The names of the parametrised tests."""
    return [f"{scheme.place}-{scheme.id}" for scheme in schemes]


def batches(plain):
    """Worked cases that can go into one workbook, with the scheme of their day."""
    by_day = {}
    for case in plain.cases:
        if case.outcome != "unreadable":
            by_day.setdefault(day_of(plain, case), []).append(case)
    for day, cases in list(by_day.items())[:3]:
        try:
            scheme = BOOK.scheme(plain.id, place=plain.place, on=day, under=plain.document.number)
        except NotInForce:
            continue
        facts = [with_gate(scheme, case.facts) for case in cases]
        if Plan(scheme, ()).stands_in_run(scheme.tree.root):
            yield from ((scheme, day, [one]) for one in facts[:3])
        else:
            yield scheme, day, facts


@pytest.mark.parametrize("plain", FILLABLE, ids=ids(FILLABLE))
def test_filled_in_and_calculated(tmp_path, plain):
    """Worked cases typed into the template come out as they do through Python; the sample row is never data."""
    told = set()
    for number, (scheme, day, cases) in enumerate(batches(plain)):
        path = tmp_path / f"{number}.xlsx"
        fill(path, scheme, cases, day)
        sheets = open_sheets(path)
        run = read_run(sheets)
        assert (run.scheme, run.title, run.on) == (scheme.id, scheme.title, day)
        application = read_workbook(sheets, scheme)
        assert any("样例" in note for note in application.notes)
        options = Options(scheme.id, scheme.place, day, under=scheme.document.number)
        result = calculate(BOOK, scheme, options, application)
        direct = [row for facts in cases for row in scheme.try_determine(facts).paid_rows]
        expected = [(row.outcome.value, row.amount) for row in direct]
        assert expected == [(one.outcome, one.amount) for one in result.decisions], list(result.problems)
        told |= {outcome for outcome, _ in expected}
    assert "payable" in told


def rough(head):
    """A head as a clerk may leave it: other brackets, other line breaks, blanks between the words."""
    flat = head.replace("\n", " ").replace("（", "(").replace("）", ") ")
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", "　", flat, count=3)


@pytest.mark.parametrize("plain", FILLABLE, ids=ids(FILLABLE))
def test_heads_survive_reformatting(tmp_path, plain):
    """Every head is found again after a clerk has changed its brackets and breaks and turned the columns round."""
    path = tmp_path / "申报表.xlsx"
    write_template(plain, path)
    plan = Plan(plain, tuple(open_sheets(path)))
    for level in plain.tree.by_name:
        if plan.stands_in_run(level):
            continue
        headed = plan.headed(level)
        facts = headed.facts
        as_made = {(column.role, column.name, column.unit) for column in headed.heads.columns}
        turned = [rough(column.head) for column in reversed(headed.heads.columns)]
        found = match(turned, facts, plan.keys(level))
        assert found.faults == headed.heads.faults == ()
        assert {(column.role, column.name, column.unit) for column in found.columns} == as_made
        assert "other" not in {role for role, _, _ in as_made}
        assert {fact.name for fact in facts.values()} == {name for role, name, _ in as_made if role == "fact"}


@pytest.mark.parametrize("plain", FILLABLE, ids=ids(FILLABLE))
def test_checks_fit_the_file_format(plain):
    """Messages, titles and bounds of every input check are such as spreadsheet programs take."""
    for fact in plain.facts.values():
        check = check_of(fact)
        assert check is not None
        assert len(check["input_title"]) <= TITLE
        assert max(len(check["input_message"]), len(check["error_message"])) <= MESSAGE
        assert re.search("[一-鿿]", check["error_message"])
        assert "\n" not in head_of(fact).split("\n（")[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The template of the fictional county's scale award, opened."""
    path = tmp_path_factory.mktemp("template") / "申报表.xlsx"
    write_template(BOOK.scheme("example-scale-award"), path)
    return openpyxl.load_workbook(path)


def head_row(sheet):
    """The row of heads: the one above the sample."""
    return next(row for row in range(1, 12) if sheet.cell(row + 1, 1).value == "样例")


def column_of(sheet, label):
    """The number of the column whose head begins with a label."""
    return next(cell.column for cell in sheet[head_row(sheet)] if (cell.value or "").startswith(label))


def check_at(sheet, row, column):
    """The input check of a cell."""
    cell = sheet.cell(row, column).coordinate
    return next((one for one in sheet.data_validations.dataValidation if cell in one.sqref), None)


def test_sheets_and_notices(made):
    """Sheets 说明 and 申报表, the notice on top of each, 适用日期 blank, A4 landscape, heads frozen and repeated."""
    assert made.sheetnames == ["说明", "申报表"]
    assert {sheet.cell(2, 1).value for sheet in made} == {"示例标准，不得作为拨付依据"}
    run = {row[0].value: row[1].value for row in made["说明"].iter_rows(max_row=12)}
    assert (run["办法编号"], run["地区代码"], run["适用日期"]) == ("example-scale-award", "999999", None)
    sheet = made["申报表"]
    heads = head_row(sheet)
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.print_title_rows == f"$1:${heads}"
    assert sheet.freeze_panes == f"C{heads + 1}"


def test_samples_are_named_as_applicants_are(made, tmp_path):
    """The sample of an enterprise is a cooperative, that of a household a person."""
    sheet = made["申报表"]
    assert sheet.cell(head_row(sheet) + 1, column_of(sheet, "申报主体")).value == "（样例）某某合作社"
    write_template(BOOK.scheme("example-linkage-award"), tmp_path / "农户.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "农户.xlsx")["申报表"]
    names = {cell.value for cell in sheet[head_row(sheet) + 1]}
    assert "（样例）张某某" in names
    assert "（样例）某某合作社" not in names


def test_clauses_of_the_gate_name_its_document(made):
    """A clause of the gate stands with the number of the gate's document, in 说明 and in the note of the head."""
    scheme = BOOK.scheme("example-scale-award")
    said = {row[1].value: row[4].value for row in made["说明"].iter_rows(max_col=5)}
    of_gate = [fact for fact in scheme.facts.values() if fact.origin and fact.clause]
    assert of_gate
    for fact in of_gate:
        cited = f"{scheme.gate.document.number}{fact.clause}"
        assert said[fact.label].split("；")[0] == cited
        assert f"条款：{cited}" in asked_fact(scheme, fact).note
    own = evolve(scheme.facts["revenue"], clause="第四条（二）")
    assert "条款：第四条（二）" in asked_fact(scheme, own).note.split("\n")


def test_input_checks(made):
    """A flag is chosen from a list, money lies within its bounds, the day within the rule's validity."""
    sheet = made["申报表"]
    row = head_row(sheet) + 5
    flag = check_at(sheet, row, column_of(sheet, "申报年度有失信"))
    assert (flag.type, flag.formula1) == ("list", '"是,否"')
    money = check_at(sheet, row, column_of(sheet, "年度营业收入"))
    assert (money.type, money.formula1, money.formula2) == ("decimal", "0", "100000000000")
    count = check_at(sheet, row, column_of(sheet, "预期带动农户数"))
    assert count.type == "whole"
    day = check_at(made["说明"], next(c.row for c in made["说明"]["A"] if c.value == "适用日期"), 2)
    first, last = (datetime.date(1899, 12, 30) + datetime.timedelta(int(x)) for x in (day.formula1, day.formula2))
    assert (first, last) == (datetime.date(2024, 1, 1), datetime.date(2026, 12, 31))


def test_numbers_of_persons_and_accounts_are_text(made):
    """Columns of codes and accounts are formatted as text down to the end, so that no digit is lost."""
    sheet = made["申报表"]
    for label in ("序号", "统一社会信用代码", "账号", "联系电话"):
        column = column_of(sheet, label)
        letters = sheet.cell(1, column).column_letter
        assert sheet.cell(head_row(sheet) + 3, column).number_format == "@"
        assert sheet.column_dimensions[letters].number_format == "@"


def test_notes_tell_bounds_and_evidence(made):
    """The note of a head says what to fill in, with bounds in words, and which evidence is asked for."""
    sheet = made["申报表"]
    note = sheet.cell(head_row(sheet), column_of(sheet, "年度营业收入")).comment.text
    assert "0元以上" in note
    assert "1000亿元以下" in note
    assert "会计师事务所审计报告" in note


def test_needed_only_where_it_applies():
    """The note of a fact that only some cases need says when it is filled in."""
    scheme = next(one for one in FILLABLE if any(fact.needed_if for fact in one.facts.values()))
    fact = next(fact for fact in scheme.facts.values() if fact.needed_if)
    assert "时填；其余留空或填“不适用”" in asked_fact(scheme, fact).note


def test_long_lists_stand_on_a_sheet_of_their_own(tmp_path):
    """Options that do not fit into an input check are listed on a hidden sheet to which the check points."""
    scheme = BOOK.scheme("example-worker-grid")
    grade = scheme.facts["grade"]
    options = {**grade.options, **{f"more{n}": f"另一种评定结果，第{n}种" for n in range(40)}}
    path = tmp_path / "申报表.xlsx"
    write_template(evolve(scheme, facts={**scheme.facts, "grade": evolve(grade, options=options)}), path)
    made = openpyxl.load_workbook(path)
    assert len(",".join(options.values())) > LIST
    assert made["选项"].sheet_state == "hidden"
    assert [cell.value for cell in made["选项"]["A"]] == list(options.values())
    sheet = made["申报表"]
    check = check_at(sheet, head_row(sheet) + 2, column_of(sheet, grade.label))
    assert check.formula1 == f"选项!$A$1:$A${len(options)}"


def test_command(tmp_path, capsys):
    """The command writes the template, says the notice, and leaves a file that is already there alone."""
    path = tmp_path / "申报表.xlsx"
    assert main(["template", "example-scale-award", "-o", str(path)]) == 0
    assert "示例标准，不得作为拨付依据" in capsys.readouterr().out
    before = path.read_bytes()
    assert main(["template", "example-scale-award", "-o", str(path)]) == 2
    assert "已有这个文件" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(("name", "said"), [("申报表.csv", "xlsx"), ("没有/申报表.xlsx", "没有这个文件夹")])
def test_targets_that_cannot_be(tmp_path, name, said):
    """A template goes into an xlsx file in a folder that exists."""
    with pytest.raises(DeskError, match=said):
        write_template(SCHEMES[0], tmp_path / name)


def test_same_scheme_same_bytes(tmp_path):
    """The same scheme gives the same file, whatever the day."""
    made = []
    for name in ("甲.xlsx", "乙.xlsx"):
        write_template(BOOK.scheme("example-scale-award"), tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_template_of_another_version_is_noticed(tmp_path, capsys):
    """A template that was made for another version of the rule table is said to be one when it is calculated."""
    scheme = BOOK.scheme("example-scale-award", on=datetime.date(2024, 12, 31))
    path = tmp_path / "申报表.xlsx"
    case = next(case for case in scheme.cases if not case.refuses)
    fill(path, scheme, [with_gate(scheme, case.facts)], datetime.date(2024, 12, 31))
    assert main(["calculate", str(path), "-o", str(tmp_path / "一.xlsx")]) == 0
    assert "另一版规则表" not in capsys.readouterr().err
    book = openpyxl.load_workbook(path)
    next(row for row in book["说明"].iter_rows() if row[0].value == "表样版本")[1].value = "1-00000000"
    book.save(path)
    assert main(["calculate", str(path), "-o", str(tmp_path / "二.xlsx")]) == 0
    assert "另一版规则表" in capsys.readouterr().err
