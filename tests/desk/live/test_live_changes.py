"""What an edit of facts in a spreadsheet changes besides amounts: totals, reasons, outcomes, the check of shares."""

import openpyxl
import pytest
from level_sheets import pot, project
from live_books import DAY
from small_run import row, run
from soffice import recalculated
from tree_books import tree_of, write_tree

from jiangbu.desk import calculation_sheet
from jiangbu.desk.case import Case
from jiangbu.desk.cli import main
from jiangbu.desk.stale import STALE
from jiangbu.desk.totals import NOT_WHOLE, WHOLE
from jiangbu.testing import book_of

HERDS = """
format = 1
[scheme]
id = "herds"
title = "分群补助"
place = "999999"
document = "示例办发〔2024〕1号"
status = "illustrative"
effective = { from = 2024-01-01, until = 2026-12-31 }
beneficiary = "household"
pays = "paid"
[levels]
owner = { label = "养殖户" }
herd = { of = "owner", label = "畜群", id_label = "群号", at_most = 50 }
[facts.heads]
label = "存栏数"
kind = "number"
unit = "头"
level = "herd"
at_least = 0
at_most = 1000
[facts.sold]
label = "出栏数"
kind = "number"
unit = "头"
level = "herd"
at_least = 0
at_most = 1000
[constants.each]
label = "每头标准"
kind = "money"
value = 300
clause = "第一条"
[[checks]]
name = "not_more_sold"
level = "herd"
holds = "sold <= heads"
otherwise = "出栏数多于存栏数"
[[lines]]
name = "paid"
level = "owner"
label = "补助"
formula = "sum(sold) * each"
clause = "第一条"
[[cases]]
source = "自拟"
worked = "3 头，900 元"
facts = { herd = [{ id = "A", heads = 5, sold = 3 }] }
expect = { paid = 900 }
"""


def head_of(sheet):
    """The row of the heads, and the column of each, from 1."""
    top = next(line for line in range(1, 15) if sheet.cell(line, 1).value in ("序号", "来源行号"))
    return top, {(cell.value or "").split("\n")[0]: cell.column for cell in reversed(sheet[top])}


def changed(source, target, sheet, head, number, value):
    """Save a workbook with one fact of the row that comes as ``number`` (from 1) changed by hand."""
    book = openpyxl.load_workbook(source)
    top, columns = head_of(book[sheet])
    book[sheet].cell(top + number, columns[head]).value = value
    book.save(target)
    return target


def column(source, cells, sheet, head):
    """The cells under a head after recalculation, the row 合计 last."""
    top, columns = head_of(openpyxl.load_workbook(source)[sheet])
    return [line[columns[head] - 1] for line in cells[sheet][top:]]


def test_reasons_go_with_the_outcome(tmp_path):
    """A reason stays as long as what it speaks of; of a row that is payable after an edit it says that it is old."""
    _, target = run(tmp_path, [row(1, bad="是"), row(2, bad="是", revenue=6000)])
    fact = "申报年度有失信或安全、环保违法记录"
    path = changed(target, tmp_path / "改动.xlsx", "测算表", fact, 1, "否")
    cells = recalculated(tmp_path / "soffice", [path])["改动"]
    first, second, _ = column(target, cells, "测算表", "原因")
    assert STALE == first
    assert "违法记录" in second
    assert ["应付", "不予支持"] == column(target, cells, "测算表", "结论")[:2]
    assert ["800000", "0", "800000"] == column(target, cells, "测算表", "核定金额")


def test_a_row_below_that_contradicts_itself(tmp_path):
    """A herd edited to have sold more than it has: it and its owner are 数据问题 with nothing paid, others stay."""
    book = book_of(HERDS)
    scheme = book.scheme("herds", place="999999", on=DAY)
    owners = [Case("申报表", at, {"name": name}, {}, {}, level="owner", id=name) for at, name in enumerate("甲乙")]

    def decided(numbers):
        herds = [
            Case("畜群", at, {}, {"heads": 9, "sold": sold}, {}, level="herd", id=f"群{at}", parent=owner)
            for at, (owner, sold) in enumerate(zip("甲甲乙", numbers, strict=True))
        ]
        return tree_of(book, scheme, {"owner": owners, "herd": herds})

    source = tmp_path / "原.xlsx"
    write_tree(source, decided((3, 4, 5)))
    path = changed(source, tmp_path / "改动.xlsx", "畜群", "出栏数", 2, 10)
    cells = recalculated(tmp_path / "soffice", [source, path])
    before, after = cells["原"], cells["改动"]
    assert ["2100", "1500", "3600"] == column(source, before, "测算表", "核定金额")
    assert ["应付", "应付"] == column(source, before, "测算表", "结论")[:2]
    assert ["数据问题", "应付"] == column(source, after, "测算表", "结论")[:2]
    assert "1500" == column(source, after, "测算表", "核定金额")[1]
    assert "1500" == column(source, after, "测算表", "核定金额")[2]
    edited = decided((3, 10, 5))
    assert [one.label for one in edited.decisions] == column(source, after, "测算表", "结论")[:2]
    assert [one.label for one in edited.levels["herd"]] == column(source, after, "畜群", "结论")[:3]


@pytest.mark.parametrize(("cost", "said"), [(None, WHOLE), (777, NOT_WHOLE)])
def test_shares_among_very_many(tmp_path, monkeypatch, cost, said):
    """Beyond the rows that can be ranked live the units of remainder are values, and 合计 says whether they fit."""
    monkeypatch.setattr(calculation_sheet, "MOST_SHARED_LIVE", 3)
    path = pot(tmp_path, [project(number, f"P{number}", 100 + 7 * number) for number in range(1, 8)], "60万")
    target = tmp_path / "测算.xlsx"
    assert 0 == main(["calculate", str(path), "-o", str(target)])
    if cost is not None:
        changed(target, target, "测算表", "核定投资额", 3, cost * 10_000)
    cells = recalculated(tmp_path / "soffice", [target])["测算"]
    assert said == column(target, cells, "测算表", "结论")[-1]
