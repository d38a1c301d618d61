"""The messy township workbook: its thirty mistakes, and nothing else, stand on sheet 数据问题."""

import datetime
import importlib.util
import re
from pathlib import Path

import openpyxl
import python_calamine
from xlsxwriter.utility import xl_cell_to_rowcol

from jiangbu import RuleBook
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.cli import main
from jiangbu.desk.reader import read_workbook
from jiangbu.desk.workbook import open_sheets

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SPEC = importlib.util.spec_from_file_location("make_township", EXAMPLES / "make_township.py")
make_township = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(make_township)
BOOK = EXAMPLES / make_township.TOWNSHIP
LISTED = make_township.mistakes()
DAY = datetime.date(2024, 12, 31)


def run():
    """Calculate the workbook."""
    book = RuleBook.load()
    scheme = book.scheme("example-short-loan-interest", on=DAY)
    return calculate(book, scheme, Options(scheme.id, None, DAY), read_workbook(open_sheets(BOOK), scheme))


def test_in_step(tmp_path):
    """The shipped workbook is what the script makes; run docs/examples/make_township.py if it is not."""
    make_township.write(tmp_path / "x.xlsx", LISTED)
    with python_calamine.load_workbook(tmp_path / "x.xlsx") as made, python_calamine.load_workbook(BOOK) as shipped:
        for name in ("说明", "申报表"):
            assert made.get_sheet_by_name(name).to_python() == shipped.get_sheet_by_name(name).to_python()


def test_thirty_are_listed():
    """Thirty mistakes, each in a cell of its own and in a row of its own."""
    cells = [mistake["cell"] for mistake in LISTED]
    assert (len(cells), len({xl_cell_to_rowcol(cell)[0] for cell in cells})) == (30, 30)


def test_all_thirty_and_nothing_else():
    """Every planted mistake is found at its cell under its code, and no row without one is touched."""
    result = run()
    found = {problem.path: problem.code for _, problem in result.problems}
    assert found == {f"申报表!{mistake['cell']}": mistake["code"] for mistake in LISTED}
    wrong = {xl_cell_to_rowcol(mistake["cell"])[0] for mistake in LISTED}
    assert {one.case.row for one in result.decisions if one.outcome == "unreadable"} == wrong
    assert {one.outcome for one in result.decisions if one.case.row not in wrong} == {"payable"}


def test_each_says_what_to_do():
    """Each problem says in Chinese what was found, what is expected and how to mend it."""
    for _, problem in run().problems:
        assert problem.found
        assert re.search("[一-鿿]", problem.expected)
        assert re.search("[一-鿿]{2}", problem.remedy)


def test_rows_are_right_without_the_mistakes(tmp_path):
    """Without the thirty the same sheet has no problem and its totals agree: they are its only faults."""
    make_township.write(tmp_path / "x.xlsx", [])
    scheme = RuleBook.load().scheme("example-short-loan-interest", on=DAY)
    application = read_workbook(open_sheets(tmp_path / "x.xlsx"), scheme)
    assert [problem for case in application.cases for problem in case.problems] == []
    assert not any("不符" in note for note in application.notes)


def test_the_sheet_itself(tmp_path):
    """``calculate`` ends with 1 and writes all thirty into 数据问题, with cell, found, expected and remedy."""
    target = tmp_path / "测算表.xlsx"
    assert main(["calculate", str(BOOK), "-o", str(target)]) == 1
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(target)["数据问题"]]
    head = next(row for row in rows if "单元格" in row)
    at = {name: head.index(name) for name in ("工作表", "单元格", "填写的是", "应为", "处理办法")}
    cells = {mistake["cell"] for mistake in LISTED}
    listed = [row for row in rows if row[at["单元格"]] in cells]
    assert (len(listed), {row[at["单元格"]] for row in listed}) == (30, cells)
    assert all(row[place] for row in listed for place in at.values())


def test_what_else_is_told():
    """The unit line, the total, the hidden row, the unknown column and the applicant given twice are told."""
    result = run()
    told = "\n".join([*result.notes, *(remark for one in result.decisions for remark in one.remarks)])
    for said in ("写明单位为万元", "合计为", "1 行被隐藏", "“包村干部”不是本办法所需", "第 40 行相同", "没有填写"):
        assert said in told
