"""汇总, 公示表 and 兑付表 recalculated: a spreadsheet program gets what stands there, and notices what was changed."""

import openpyxl
from small_run import row, run, sheet
from soffice import recalculated

SHEETS = ("汇总", "公示表", "兑付表")
ROWS = [
    row(1, town="东乡", fund="省级", batch="第一批"),
    row(2, town="东乡*", fund="=1+1", batch="第一批", paid=900000),
    row(3, town="A", fund="省级", batch="2024", bad="是"),
    row(4, town="", fund="", batch="", revenue=6000),
    row(5, town="a", revenue="若干"),
    row(6, town="<东乡", aside="核查"),
    row(7, town="6228480012345678901", revenue=25000, paid=300000.25),
]


def plain(value):
    """A value as it is compared: a number as a number, anything else as text, nothing as an empty text."""
    try:
        return round(float(value), 4)
    except (TypeError, ValueError):
        return "" if value is None else str(value)


def numbers_changed(source, target):
    """Write the workbook with the amount of the first row of 测算表 changed by hand."""
    book = openpyxl.load_workbook(source)
    table = book["测算表"]
    top = next(line for line in range(1, 12) if table.cell(line, 1).value == "序号")
    for key in ("核定金额", "本次应付"):
        column = next(cell.column for cell in table[top] if (cell.value or "").startswith(key))
        table.cell(top + 1, column).value = 1
    book.save(target)


def test_recalculated(tmp_path):
    """Every cell comes out as it is cached; a changed amount shows in the totals, the numerals and the checks."""
    _, target = run(tmp_path, ROWS)
    changed = tmp_path / "改动.xlsx"
    numbers_changed(target, changed)
    found = recalculated(tmp_path / "soffice", [target, changed])
    for name in SHEETS:
        ours = [[plain(value) for value in line] for line in sheet(target, name)]
        theirs = [[plain(value) for value in line] for line in found[target.stem][name]]
        assert [line[: len(ours[0])] for line in theirs] == ours
    after = {name: "\n".join(",".join(line) for line in found["改动"][name]) for name in SHEETS}
    assert "金额已改动，大写须重新生成" in after["汇总"]
    assert "与测算表不相符，本表须重新生成" in after["公示表"]
    assert "与测算表不相符，本表须重新生成" in after["兑付表"]
