"""Make a messy workbook as a township sends it, with the thirty mistakes that 三十处错误.toml lists.

Run it after changing a row or a mistake: ``python docs/examples/make_township.py``. The sheet has a title, a line with
the unit, heads merged over two rows, sub-totals, a hidden row, a foot and a column that nobody asked for.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stdnum.cn import uscc
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

HERE = Path(__file__).parent
TOWNSHIP, MISTAKES = "柳林镇贴息申报表-三十处错误.xlsx", "三十处错误.toml"
RUN = {
    "办法编号": "example-short-loan-interest",
    "办法名称": "示例县农业经营主体短期流动资金贷款贴息",
    "地区代码": "999999",
    "适用日期": "2024年12月31日",
}
TITLE = "柳林镇2024年度农业经营主体短期流动资金贷款贴息申报表"
# The upper and the lower head of each column, and its width; an empty lower head is merged with the upper one.
HEADS = (
    ("序号", "", 5),
    ("单位名称", "", 30),
    ("统一社会信用代码", "", 21),
    ("所在村", "", 9),
    ("联农带农情况", "已签订且在有效期内的联农带农协议份数（份）", 13),
    ("联农带农情况", "预期带动农户数（户）", 10),
    ("联农带农情况", "预期户均年增收（元）", 10),
    ("是否已被决定不再安排帮扶项目", "", 11),
    ("贷款情况", "贷款本金", 11),
    ("贷款情况", "合同年利率", 9),
    ("贷款情况", "放款日", 12),
    ("贷款情况", "还清日", 12),
    ("贷款情况", "已付利息（不含罚息、复利）", 12),
    ("开户银行", "", 20),
    ("账号", "", 21),
    ("电话", "", 13),
    ("已付金额", "", 9),
    ("适用日期", "", 12),
    ("包村干部", "", 9),
    ("备注", "", 18),
)
APPLICANTS = """
春晖果业 秋实粮油 绿野蔬菜 金谷杂粮 丰润养殖 长青苗木 惠农机械 满仓粮贸 新绿菌业 和顺肉羊 红杏果品 百草药材
清溪渔业 乐耕种植 同富肉牛 众诚果蔬 仁和养蜂 山泉淀粉 福田种业 嘉禾玉米 沃土薯业 晨光奶牛 暖阳大棚 瑞雪冷藏
五谷加工 联众花椒 田园苹果 祥和养鸡 兴旺饲料 安顺农服 良友蔬菜 鸿运牧草 东坡核桃 西沟药材 南湾水产 北岭林果
"""
VILLAGES = ("柳林村", "河东村", "上庄村", "下庄村")
FIRST = 4
HIDDEN = 5


def mistakes() -> list[dict[str, Any]]:
    """The thirty mistakes, in the order of the sheet."""
    with (HERE / MISTAKES).open("rb") as stream:
        found: list[dict[str, Any]] = tomllib.load(stream)["mistake"]
    return found


def rows() -> list[list[Any]]:
    """The rows as they would be without a mistake."""
    made = []
    for number, name in enumerate(APPLICANTS.split(), 1):
        stem = f"93999999MA8{number:06d}"
        drawn = datetime.date(2024, 1 + number % 3, 1 + number % 28)
        repaid = datetime.date(2024, 10 + number % 3, 1 + number % 28)
        principal = 20 + 7 * number
        interest = (principal * 435 * (repaid - drawn).days // 360) / 10000
        linkage = [10 + number, 12 + number, 1000 + 50 * number, "否"]
        loan = [principal, "4.35%", drawn, repaid, interest]
        bank = ["示例县农村信用社", f"6200{number:04d}{number * 7919 % 10**8:08d}", f"139{number * 104729 % 10**8:08d}"]
        head = [number, f"{name}农民专业合作社", stem + str(uscc.calc_check_digit(stem + "0")), VILLAGES[number % 4]]
        made.append([*head, *linkage, *loan, *bank, None, None, f"干部{number % 5 + 1}", None])
    # The last two are one applicant twice, and one whose name was forgotten.
    made[-1][1:3] = made[0][1:3]
    made[-2][1] = None
    return made


def write(path: Path, planted: Sequence[Mapping[str, Any]]) -> None:
    """Write the workbook with the mistakes planted in it."""
    with Workbook(path) as book:
        book.set_properties({"title": TITLE, "created": datetime.datetime(2025, 1, 10)})
        run = book.add_worksheet("说明")
        run.set_column(0, 1, 40)
        for row, pair in enumerate(RUN.items()):
            run.write_row(row, 0, pair)
        run.write_string(len(RUN) + 1, 0, "柳林镇和表内单位都是虚构的；表里有意写错了三十格，供练习。")
        sheet = book.add_worksheet("申报表")
        plain = book.add_format({"border": 1})
        _heads(sheet, book)
        days = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
        for row, values in enumerate(rows(), FIRST):
            for column, value in enumerate(values):
                _put(sheet, row, column, value, plain, days)
        sheet.set_row(FIRST + HIDDEN - 1, None, None, {"hidden": True})
        times = book.add_format({"border": 1, "num_format": "yyyy-mm-dd hh:mm"})
        for mistake in planted:
            _plant(sheet, mistake, plain, times if isinstance(mistake.get("typed"), datetime.datetime) else days)
        foot = FIRST + len(APPLICANTS.split())
        sheet.write_row(foot, 1, ["合计", None, None, 1026, None, None, None, 5382], plain)
        sheet.write_string(foot + 1, 0, "填表人：柳林镇农业农村综合服务中心")
        sheet.freeze_panes(FIRST, 2)


def _heads(sheet: Worksheet, book: Workbook) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1})
    sheet.write_string(0, 0, TITLE, bold)
    sheet.write_string(1, 0, "填报单位：柳林镇人民政府")
    sheet.write_string(1, len(HEADS) - 1, "金额单位：万元")
    sheet.set_row(3, 64)
    tops = [top for top, _, _ in HEADS]
    for column, (top, low, width) in enumerate(HEADS):
        sheet.set_column(column, column, width)
        if not low:
            sheet.merge_range(2, column, 3, column, top, head)
            continue
        sheet.write_string(3, column, low, head)
        if tops.index(top) == column:
            sheet.merge_range(2, column, 2, column + tops.count(top) - 1, top, head)


def _put(sheet: Worksheet, row: int, column: int, value: Any, plain: Format, days: Format) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, plain)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, days)
    else:
        sheet.write(row, column, value, plain)


def _plant(sheet: Worksheet, mistake: Mapping[str, Any], plain: Format, days: Format) -> None:
    row, column = xl_cell_to_rowcol(mistake["cell"])
    if "merge" in mistake:
        value = rows()[row - FIRST - 1][column]
        sheet.merge_range(mistake["merge"], value, plain)
    elif "formula" in mistake:
        sheet.write_formula(row, column, mistake["formula"], plain, mistake["shows"])
    else:
        _put(sheet, row, column, mistake["typed"], plain, days)


if __name__ == "__main__":
    write(HERE / TOWNSHIP, mistakes())
    print(TOWNSHIP)
