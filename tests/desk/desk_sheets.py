"""Small application workbooks for the tests of the desk."""

import xlsxwriter
from stdnum.cn import uscc

RUN = {
    "办法编号": "example-scale-award",
    "办法名称": "示例县龙头企业营业收入跨规模达标奖补",
    "地区代码": 999999,
    "适用日期": "2024-12-31",
    "知悉日期": "2025年1月31日",
}
HEADS = [
    "序号",
    "申报主体",
    "统一社会信用代码",
    "年度营业收入（审计数）（万元）",
    "带动农户数（户）",
    "贷款年利率",
    "有违法记录",
    "等级",
    "登记日期",
    "收购重量（吨）",
]


def code(number):
    """A valid unified social credit code of a cooperative; of nobody, for its region does not exist."""
    stem = f"93999999MA{number:07d}"
    return stem + uscc.calc_check_digit(stem + "0")


def rows_of(count):
    """Rows without fault."""
    return [
        [n, f"示例{n}号合作社", code(n), 8000 + n, 20 + n, "4.35%", "否", "良好", "2019-05-06", 1.5]
        for n in range(1, count + 1)
    ]


def application(folder, rows, *, run=None, heads=None, title="", sheet="申报表", merge="", hide=None, more=()):
    """Write an application workbook and return its path."""
    path = folder / "申报表.xlsx"
    book = xlsxwriter.Workbook(path)
    if run:
        page = book.add_worksheet("说明")
        for row, (key, value) in enumerate(run.items()):
            page.write_row(row, 0, [key, value])
    page = book.add_worksheet(sheet)
    lines = [*([[title]] if title else []), *([HEADS] if heads is None else heads), *rows]
    for row, values in enumerate(lines):
        page.write_row(row, 0, values)
    if heads is not None and len(heads) == 2:
        first = 1 if title else 0
        for column, text in enumerate(heads[0]):
            if column >= len(heads[1]) or not heads[1][column]:
                page.merge_range(first, column, first + 1, column, text)
    if merge:
        page.merge_range(merge, 8001, book.add_format())
    if hide is not None:
        page.set_row(hide, None, None, {"hidden": True})
    for name in more:
        book.add_worksheet(name)
    book.close()
    return path
