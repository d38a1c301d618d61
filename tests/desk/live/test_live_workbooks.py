"""Whole workbooks of several levels, from the command on: LibreOffice gets on every sheet what is cached there."""

import datetime

import openpyxl
from level_sheets import household, linkage, operator, pot, project
from soffice import recalculated
from test_levels import green

from jiangbu.desk.calculation_sheet import GROUPED
from jiangbu.desk.cli import main


def plain(value):
    """A cell as it is compared: numbers rounded far below a fen, days in ISO form, nothing as an empty text."""
    value = {"TRUE": 1, "FALSE": 0}.get(value, value)
    if isinstance(value, datetime.datetime):
        return str(value.date())
    try:
        if str(value).endswith("%"):
            return round(float(value[:-1]) / 100, 6)
        return round(float(value), 6)
    except (TypeError, ValueError):
        return "" if value is None else str(value)


def applications(folder):
    """Applications: a pot in 说明; operators above households out of order; series of products below their owner."""
    for name in ("pot", "linkage", "green"):
        (folder / name).mkdir()
    projects = [project(number, f"P{number}", 100 + 37 * number, "否" if number == 5 else "是") for number in range(9)]
    yield pot(folder / "pot", [*projects, project(9, "P9", aside="待查")], "100万")
    operators = [operator(f"O{number}", "是" if number == 3 else "否") for number in (1, 2, 3)]
    kinds = ("脱贫户", "监测户", "一般户")
    households = [household(f"O{1 + n % 3}", f"H{n}", kinds[n % 3 - n % 2], 1000 * n) for n in range(1, 25)]
    yield linkage(folder / "linkage", operators, households)
    series = [[2, "S1", "是", 1, 0], [1, "S1", "是", 2, 0], [1, "S2", "否", 1, 0]]
    yield green(folder / "green", [[1, "甲", 0], [2, "乙", 0]], series)


def test_every_sheet_recalculated(tmp_path):
    """Sums over sheets, shares of a pot, totals, reasons: each cell of each sheet comes out as it is cached."""
    targets = []
    for path in applications(tmp_path):
        targets.append(path.parent / f"{path.parent.name}.xlsx")
        more = ["--scheme", "guangzhou-green-label", "--on", "2020-06-30"] if path.parent.name == "green" else []
        assert 0 == main(["calculate", str(path), "-o", str(targets[-1]), *more])
    found = recalculated(tmp_path / "soffice", targets)
    live = 0
    for target in targets:
        formulas, values = openpyxl.load_workbook(target), openpyxl.load_workbook(target, data_only=True)
        for sheet in formulas:
            theirs = found[target.stem][sheet.title]
            for line in sheet.iter_rows():
                for cell in line:
                    if cell.data_type != "f":
                        continue
                    live += 1
                    ours = plain(values[sheet.title][cell.coordinate].value)
                    assert (sheet.title, cell.coordinate, plain(theirs[cell.row - 1][cell.column - 1])) == (
                        sheet.title,
                        cell.coordinate,
                        ours,
                    )
    assert 500 < live


def test_rows_are_grouped(tmp_path):
    """Households typed in any order stand under their operators, each with the row that it came from, live."""
    *_, path, _ = applications(tmp_path)
    target = tmp_path / "测算表.xlsx"
    main(["calculate", str(path), "-o", str(target)])
    sheet = openpyxl.load_workbook(target)["测算表"]
    rows = list(sheet.iter_rows(values_only=True))
    assert GROUPED in [row[0] for row in rows]
    top = next(at for at, row in enumerate(rows) if row[0] == "序号")
    at = {head: column for column, head in enumerate(rows[top]) if head}
    body = [row for row in rows[top + 1 :] if row[0] != "合计"]
    operators = [row[next(at[head] for head in at if head.startswith("所属"))] for row in body]
    assert sorted(operators) == operators
    source = [row[at["申报表行号"]] for row in body]
    assert sorted(source) == sorted(range(2, 26))
    assert source != sorted(source)
    assert all(str(row[at["核定金额"]]).startswith("=") for row in body)
