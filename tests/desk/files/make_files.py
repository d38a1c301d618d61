"""Make the workbooks of this folder: one sheet with every form that clerks type, as xlsx, xls, ods and csv.

Run it after changing the sheet: ``python tests/desk/files/make_files.py``. It writes 各种写法.xlsx, has LibreOffice
convert it to xls and ods, and writes what a spreadsheet program would export as csv in UTF-8 and GB18030.
"""

from __future__ import annotations

import csv
import datetime
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from stdnum.cn import uscc
from xlsxwriter import Workbook

HERE = Path(__file__).parent
NAME = "各种写法"
TOP = (
    "序号",
    "申报主体",
    "统一社会信用代码",
    "生产经营情况",
    "",
    "",
    "贷款年利率（‰）",
    "有违法记录",
    "等级",
    "登记日期",
    "账号",
)
LOW = ("", "", "", "年度营业收入（审计数）", "带动农户数（户）", "收购重量（吨）", "", "", "", "", "")


def code(number: int) -> str:
    """A valid unified social credit code of a cooperative that does not exist."""
    stem = f"93999999MA{number:07d}"
    return stem + str(uscc.calc_check_digit(stem + "0"))


DAY = datetime.date(2024, 3, 5)
ACCOUNT = "6228480012345678901"
# 主体, 收入（表上写明单位万元）, 户数, 重量, 利率, 违法, 等级, 登记日期, 账号
ROWS: list[list[Any]] = [
    ["日期单元格", 8000.5, 20, 1.5, 4.35, "是", "良好", DAY, ACCOUNT],
    ["横线日期", "8,000.50", "20户", "1.5", "4.35", "√", " 良 好 ", "2024-03-05", ACCOUNT],
    ["斜线日期", "８０００．５", "２０", "1.500", "4.35‰", "有", "优秀", "2024/3/5", ACCOUNT],
    ["点日期", "￥8000.5", 20.0, "1.5吨", "0.435%", "真", "无", "2024.3.5", ACCOUNT],
    ["汉字日期", "8000.5万元", "20", 1.5, 4.35, " 是 ", "良好", "2024年3月5日", ACCOUNT],
    ["八位日期", "80005000元", 20, 1.5, 4.35, "TRUE", "good", 20240305, ACCOUNT],
    ["否的写法", 8000.5, 20, 1.5, 4.35, "×", "良好", "20240305", ACCOUNT],
    ["隐藏的行", 8000.5, 20, 1.5, 4.35, "无", "良好", DAY, ACCOUNT],
    ["公式有误", "#DIV/0!", 20, 1.5, 4.35, "否", "良好", DAY, ACCOUNT],
    ["账号存成数字", 8000.5, 20, 1.5, 4.35, "否", "良好", DAY, 6228480012345678901],
    ["没有填", None, "-", "/", 4.35, "否", "良好", DAY, ACCOUNT],
    ["合并首行", 8000.5, 20, 1.5, 4.35, "否", "良好", DAY, ACCOUNT],
    ["合并次行", None, 20, 1.5, 4.35, "否", "良好", DAY, ACCOUNT],
]
HIDDEN, MERGED = 7, 11
FIRST = 4


def rows() -> list[list[Any]]:
    """The rows with their serial numbers and codes."""
    return [[number, row[0], code(number), *row[1:]] for number, row in enumerate(ROWS, 1)]


def write_xlsx(path: Path) -> None:
    """Write the sheet: a title, a line with the unit, heads merged over two rows, the rows, totals, a foot."""
    with Workbook(path) as book:
        book.set_properties({"created": datetime.datetime(2025, 3, 10)})
        sheet = book.add_worksheet("申报表")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(0, 0, "各种写法")
        sheet.write(1, 9, "金额单位：万元")
        sheet.merge_range(2, 3, 2, 5, TOP[3])
        for column, (top, low) in enumerate(zip(TOP, LOW, strict=True)):
            if low:
                sheet.write(3, column, low)
            else:
                sheet.merge_range(2, column, 3, column, top)
        for index, row in enumerate(rows()):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(FIRST + index, column, value, day)
                elif value == "#DIV/0!":
                    sheet.write_formula(FIRST + index, column, "=1/0", None, "#DIV/0!")
                elif value is not None:
                    sheet.write(FIRST + index, column, value)
        sheet.merge_range(FIRST + MERGED, 3, FIRST + MERGED + 1, 3, ROWS[MERGED][1])
        sheet.set_row(FIRST + HIDDEN, None, None, {"hidden": True})
        foot = FIRST + len(ROWS)
        sheet.write_row(foot, 1, ["合计", None, 88005.5, 240])
        sheet.write(foot + 1, 0, "填表人：某某")


def write_csv(path: Path, encoding: str) -> None:
    """Write what a spreadsheet program exports: days in the computer's form, long numbers with an exponent."""
    heads = [low or top for top, low in zip(TOP, LOW, strict=True)]
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["各种写法", *[""] * 8, "金额单位：万元", ""])
        writer.writerow(heads)
        for row in rows():
            writer.writerow([_exported(value) for value in row])


def _exported(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return f"{value.year}/{value.month}/{value.day}"
    return "6.22848E+18" if value == 6228480012345678901 else "" if value is None else value


def make(folder: Path) -> None:
    """Write every file into a folder."""
    source = folder / f"{NAME}.xlsx"
    write_xlsx(source)
    for kind in ("xls", "ods"):
        with tempfile.TemporaryDirectory() as profile:
            command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", kind]
            subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True)
    write_csv(folder / f"{NAME}-utf8.csv", "utf-8-sig")
    write_csv(folder / f"{NAME}-gb18030.csv", "gb18030")


if __name__ == "__main__":
    make(HERE)
