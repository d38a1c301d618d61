"""The recalculation that other tests rely on recalculates."""

import xlsxwriter

from desk.soffice import recalculated


def test_cached_values_are_not_believed(tmp_path):
    """A cached value that is wrong on purpose is replaced by what the formula gives, on every sheet."""
    path = tmp_path / "wrong.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("甲", "乙"):
            sheet = book.add_worksheet(name)
            sheet.write_number(0, 0, 40)
            sheet.write_formula(0, 1, "=A1+2", None, 999)
            sheet.write_formula(0, 2, '=IF(A1=40,"是","否")', None, "否")
    found = recalculated(tmp_path, [path])
    assert {"甲": [["40", "42", "是"]], "乙": [["40", "42", "是"]]} == found["wrong"]
