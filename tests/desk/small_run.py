"""A small run of the fictional county's scale award, written as a calculated workbook, for tests of its sheets."""

import datetime

import openpyxl
import xlsxwriter
from desk_sheets import code

from jiangbu import RuleBook
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.reader import read_workbook
from jiangbu.desk.workbook import open_sheets
from jiangbu.desk.writer import write_workbook

BOOK = RuleBook.load()
DAY = datetime.date(2024, 12, 31)
HEADS = [
    "序号", "申报主体", "统一社会信用代码", "身份证号", "乡镇", "资金来源", "批次",
    "年度营业收入（审计数）（万元）", "以往年度最高营业收入（万元）", "申报年度有失信或安全、环保违法记录",
    "已签订且在有效期内的联农带农协议份数（份）", "预期带动农户数（户）", "预期户均年增收（元）",
    "是否已被决定不再安排帮扶项目", "开户行", "账号", "联系电话", "已付金额（元）", "搁置",
]  # fmt: skip


def row(
    number, name=None, *, revenue=12000, prior=4000, bad="否", town="城关镇", fund="省级资金", batch="第一批",
    bank="示例银行", account=None, phone="13912345678", paid=None, aside=None, identity=None, credit=None,
):  # fmt: skip
    """A row that is paid 80万 unless something else is said."""
    account = f"6228480012345678{number:03d}" if account is None else account
    name = f"示例{number}号公司" if name is None else name
    credit = (None if identity else code(number)) if credit is None else credit
    return [
        number, name, credit, identity, town, fund, batch, revenue, prior, bad,
        20, 20, 2000, "否", bank, account, phone, paid, aside,
    ]  # fmt: skip


def run(folder, rows, scheme="example-scale-award", heads=HEADS):
    """The calculation of rows, and the paths of the application and of the calculated workbook."""
    source, target = folder / "申报表.xlsx", folder / "测算表.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("申报表")
        for index, values in enumerate([heads, *rows]):
            sheet.write_row(index, 0, values)
    result = calculated(source, scheme)
    write_workbook(result, source, target)
    return result, target


def calculated(source, scheme, day=DAY):
    """The calculation of an application workbook."""
    found = BOOK.scheme(scheme, on=day)
    application = read_workbook(open_sheets(source), found)
    return calculate(BOOK, found, Options(scheme, None, day), application)


def sheet(target, name, *, formulas=False):
    """The cells of a sheet as rows of values, or of the formulas that stand in them."""
    made = openpyxl.load_workbook(target, data_only=not formulas)
    return [[cell.value for cell in line] for line in made[name].iter_rows()]


def table(target, name, first="序号"):
    """The rows of a sheet below its heads as dictionaries, down to the first row with an empty first cell."""
    lines = sheet(target, name)
    top = next(index for index, line in enumerate(lines) if line[0] == first)
    heads = ["" if text is None else text.split("\n")[0] for text in lines[top]]
    return [dict(zip(heads, line, strict=True)) for line in lines[top + 1 :]]
