"""Digests of facts and subjects: taken again from the workbook alone they agree, and any changed cell shows."""

import datetime
from decimal import Decimal

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from small_run import row, run, table

from jiangbu.desk.layout import layout
from jiangbu.desk.seal import FACTS, SUBJECTS, canonical, seal
from jiangbu.desk.workbook import open_sheets

ROWS = [row(1), row(2, paid=1000.25, revenue=6000.5), row(3, bad="是"), row(4, revenue="若干"), row(5, aside="核查")]


def retaken(path, result):
    """The digests over the cells of 测算表 as they stand in the workbook."""
    (sheet,) = (one for one in open_sheets(path) if one.name == "测算表")
    top = next(index for index in range(12) if sheet.cell(index, 0).text == "序号")
    plan = layout(result, top)
    found = []
    for group, of in (
        (FACTS, lambda column: column.section == "fact"),
        (SUBJECTS, lambda column: column.section == "subject" or column.key == "paid"),
    ):
        columns = [index for index, column in enumerate(plan.columns) if of(column)]
        heads = [sheet.cell(top, index).text for index in columns]
        rows = ([sheet.cell(plan.row(n), index).value for index in columns] for n in range(len(result.decisions)))
        found.append(str(seal("测算表", group, heads, rows)))
    return found


def stated(path):
    """The digests that sheet 依据 states."""
    return [line["内容"] for line in table(path, "依据", "项目") if line["项目"] == "单元格摘要"]


def test_taken_again_from_the_workbook(tmp_path):
    """The digests in 依据 are those of the cells of 测算表, also after another program has saved the workbook."""
    result, target = run(tmp_path, ROWS)
    assert len(stated(target)) == 2
    assert retaken(target, result) == stated(target)
    saved = tmp_path / "另存.xlsx"
    book = openpyxl.load_workbook(target)
    book["测算表"].column_dimensions["B"].width = 5
    book.save(saved)
    assert retaken(saved, result) == stated(target)


def test_every_changed_cell_shows(tmp_path):
    """Whichever cell of facts or subjects is changed, its group's digest changes and the other's does not."""
    result, target = run(tmp_path, ROWS)
    before = stated(target)
    book = openpyxl.load_workbook(target)
    sheet = book["测算表"]
    top = next(line for line in range(1, 12) if sheet.cell(line, 1).value == "序号")
    plan = layout(result, top - 1)
    for index, column in enumerate(plan.columns):
        group = 0 if column.section == "fact" else 1
        if column.section not in ("fact", "subject") and column.key != "paid":
            continue
        cell = sheet.cell(top + 1, index + 1)
        kept, cell.value = cell.value, "另一个" if isinstance(cell.value, str) else 7
        changed = tmp_path / f"{index}.xlsx"
        book.save(changed)
        cell.value = kept
        after = retaken(changed, result)
        assert (after[group] != before[group], after[1 - group] == before[1 - group]) == (True, True), column.head


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_a_number_is_the_same_however_it_is_written(number):
    """Idle zeros do not count, and a number is never the text that looks like it."""
    assert canonical(number) == canonical(Decimal(f"{number}00"))
    assert canonical(number) != canonical(str(number))


@given(st.lists(st.lists(st.one_of(st.text(max_size=4), st.integers(-99, 99)), min_size=2, max_size=2), max_size=5))
def test_the_order_of_rows_counts(rows):
    """Rows that change places change the digest, unless they are alike."""
    turned = rows[::-1]
    alike = [list(map(canonical, one)) for one in rows] == [list(map(canonical, one)) for one in turned]
    same = seal("甲", FACTS, ["a", "b"], rows).digest == seal("甲", FACTS, ["a", "b"], turned).digest
    assert same == alike


def test_kinds():
    """Each kind has one form: a flag as its word, a day in ISO form, nothing for an empty text."""
    shown = [canonical(value) for value in (None, "", "  ", True, datetime.date(2024, 3, 5), 80, "a\r\nb")]
    assert shown == [None, None, None, "是", {"d": "2024-03-05"}, {"n": "80"}, "a\nb"]
