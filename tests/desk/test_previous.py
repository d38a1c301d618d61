"""``calculate --previous``: what an earlier workbook paid fills 已付金额, and nothing is paid twice unnoticed."""

import datetime
import shutil
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from level_sheets import pot, project
from one_cell import with_cell
from small_run import BOOK, HEADS, row, run, table

from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.cli import main
from jiangbu.desk.previous import read_previous, with_amount_notes, with_paid
from jiangbu.desk.problems import DeskError, column_letters
from jiangbu.desk.readback import tables_of
from jiangbu.desk.reader import read_workbook
from jiangbu.desk.said import open_calculated
from jiangbu.desk.verify import verify
from jiangbu.desk.workbook import open_sheets

D = Decimal
DAY = datetime.date(2024, 12, 31)
AT = ["--scheme", "example-scale-award", "--on", "2024-12-31"]
WITH_PROJECT = [*HEADS, "项目名称"]


def batch(folder, name, rows, heads=HEADS):
    """An application of one batch, its calculation and the workbook calculated from it, in a folder of its own."""
    home = folder / name
    home.mkdir()
    result, target = run(home, rows, heads=heads)
    return home / "申报表.xlsx", result, target


def again(first, source):
    """The second calculation, given the first workbook."""
    scheme = BOOK.scheme("example-scale-award", on=DAY)
    previous = read_previous(first, BOOK, scheme)
    application = with_paid(read_workbook(open_sheets(source), scheme), previous)
    return with_amount_notes(calculate(BOOK, scheme, Options(scheme.id, None, DAY), application), previous)


def test_filled(tmp_path):
    """Paid is what stood there as paid and due together, by number, else by name; new subjects have none."""
    nameless = row(4, credit="", name="无码社")
    _, _, first = batch(tmp_path, "一", [row(1), row(2, paid=1000000), row(3, bad="是"), nameless])
    source, _, _ = batch(tmp_path, "二", [row(9), row(1, revenue=25000), row(2), row(3), nameless])
    result = again(first, source)
    assert [None, D(800000), D(1000000), None, D(800000)] == [one.case.paid for one in result.decisions]
    assert [D(800000), D(400000), 0, D(800000), 0] == [one.due for one in result.decisions]
    assert D(200000) == result.decisions[2].over
    assert any("上批核定 800,000.00 元，本次核定 1,200,000.00 元" in note for note in result.notes)


@given(
    st.lists(st.tuples(st.sampled_from([4000, 6000, 12000, 25000]), st.sampled_from([0, 300000, 900000])), max_size=6)
)
@settings(max_examples=10, deadline=None)
def test_the_same_batch_again_pays_nothing(tmp_path_factory, given_rows):
    """An application that is calculated again with its own workbook as the previous one leaves nothing due."""
    folder = tmp_path_factory.mktemp("again")
    rows = [row(n, revenue=revenue, paid=paid) for n, (revenue, paid) in enumerate([(12000, 0), *given_rows], 1)]
    _, before, first = batch(folder, "一", rows)
    blank = [[*line[:-2], None, None] for line in rows]
    source, _, _ = batch(folder, "二", blank)
    result = again(first, source)
    assert 0 == result.sums.due
    assert before.sums.paid + before.sums.due == result.sums.paid


def test_own_amount_stands(tmp_path):
    """A 已付金额 of the application stands; where the earlier workbook says otherwise, that is noted."""
    _, _, first = batch(tmp_path, "一", [row(1), row(2)])
    source, _, _ = batch(tmp_path, "二", [row(1, paid=5), row(2, paid=800000)])
    result = again(first, source)
    assert [D(5), D(800000)] == [one.case.paid for one in result.decisions]
    assert ["1号"] == [
        number for number in ("1号", "2号") if any(f"示例{number}公司” 已付金额填的是" in n for n in result.notes)
    ]
    assert [True, False] == [any("拨付前须核对" in text for text in one.remarks) for one in result.decisions]


def test_the_earlier_workbook_is_never_written_over(tmp_path, capsys):
    """The workbook that proves the first payment cannot be the target of the second run."""
    source, _, first = batch(tmp_path, "一", [row(1)])
    before = first.read_bytes()
    assert 2 == main(["calculate", str(source), "-o", str(first), "--previous", str(first), *AT])
    assert "不能写到上批测算表本身" in capsys.readouterr().err
    assert before == first.read_bytes()


def test_other_names_and_numbers(tmp_path):
    """A subject that appears under another name or number is listed; under another number nothing is filled in."""
    _, _, first = batch(tmp_path, "一", [row(1, name="旧名公司"), row(2, name="同名公司")])
    source, _, _ = batch(tmp_path, "二", [row(1, name="新名公司"), row(3, name="同名公司")])
    result = again(first, source)
    assert [D(800000), None] == [one.case.paid for one in result.decisions]
    notes = "\n".join(result.notes)
    assert "在上批测算表中名称是“旧名公司”" in notes
    assert "“同名公司” 在上批测算表中证件号码是" in notes


def test_several_rows_of_one_subject(tmp_path):
    """Projects tell the rows of one subject apart; what cannot be told apart is a data problem, not paid twice."""
    twice = [[*row(1), "甲"], [*row(1, revenue=6000), "乙"]]
    _, _, first = batch(tmp_path, "一", twice, WITH_PROJECT)
    source, _, _ = batch(tmp_path, "二", [*twice, [*row(1), "丙"]], WITH_PROJECT)
    result = again(first, source)
    assert [D(800000), D(500000)] == [one.case.paid for one in result.decisions[:2]]
    third = result.decisions[2]
    assert "unreadable" == third.outcome
    assert ["previous"] == [problem.code for problem in third.problems]
    source, _, _ = batch(tmp_path, "三", [*twice, [*row(1, paid=0), "丙"]], WITH_PROJECT)
    assert "payable" == again(first, source).decisions[2].outcome


def changed_cell(target, tmp_path, key, value):
    """The workbook with one cell of its first row changed."""
    scheme = BOOK.scheme("example-scale-award", on=DAY)
    found = tables_of(open_calculated(target), scheme, "")["case"]
    address = f"{column_letters(found.columns[key])}{found.rows[0] + 1}"
    return with_cell(target, tmp_path / "改动.xlsx", "测算表", address, value=value)


@pytest.mark.parametrize("key", ["amount", "due", "outcome", "fact.revenue", "subject.name"])
def test_a_changed_workbook_is_refused(tmp_path, key):
    """An earlier workbook in which amounts, outcomes, facts or subjects were changed is no proof of payment."""
    _, _, first = batch(tmp_path, "一", [row(1), row(2)])
    value = {"outcome": "不予支持", "subject.name": "另一公司"}.get(key, 130000000)
    with pytest.raises(DeskError, match="与重算的结果不符"):
        read_previous(changed_cell(first, tmp_path, key, value), BOOK, BOOK.scheme("example-scale-award", on=DAY))


def test_another_rule_is_refused(tmp_path):
    """The earlier workbook is of the same rule."""
    source, first = pot(tmp_path, [project(1, "P1")]), tmp_path / "上批.xlsx"
    assert main(["calculate", str(source), "-o", str(first)]) == 0
    with pytest.raises(DeskError, match="请用同一办法的上批测算表"):
        read_previous(first, BOOK, BOOK.scheme("example-scale-award", on=DAY))


def test_from_file_to_file(tmp_path, capsys):
    """The command fills the column in, says so on sheet 依据, and the workbook verifies, alone and with 申报表."""
    _, _, first = batch(tmp_path, "一", [row(1)])
    source, _, _ = batch(tmp_path, "二", [[*row(1, revenue=25000)[:-2]], [*row(2)[:-2]]], HEADS[:-2])
    target = tmp_path / "二批.xlsx"
    assert main(["calculate", str(source), "-o", str(target), *AT, "--previous", str(first)]) == 0
    lines = table(target, "测算表")
    assert [800000, None] == [line["已付金额"] for line in lines[:2]]
    assert [400000, 800000] == [line["本次应付"] for line in lines[:2]]
    said = [line["内容"] for line in table(target, "依据", "项目") if line["项目"] == "读表说明"]
    assert any(text.startswith("已付金额取自上批测算表“测算表.xlsx”") for text in said)
    assert () == verify(target, BOOK).differences
    found = verify(target, BOOK, source)
    assert () == found.differences
    assert any("上批测算表" in text for text in found.unproved)
    shutil.copy(source, tmp_path / "坏.xlsx")
    assert main(["calculate", str(source), "-o", str(target), *AT, "--previous", str(tmp_path / "坏.xlsx")]) == 2
    assert "不是 jiangbu 写出的测算表" in capsys.readouterr().err
