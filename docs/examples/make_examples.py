"""Make the two example workbooks of the fictional county, one without fault and one with faulty cells.

Run it after changing a row: ``python docs/examples/make_examples.py``. The rows stand below as a clerk would
type them; the codes are computed, so that their check characters are right although the county is not.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from stdnum.cn import uscc
from xlsxwriter import Workbook

HERE = Path(__file__).parent
GOOD, FAULTY = "示例县申报表.xlsx", "示例县申报表-有误.xlsx"
MADE_ON = datetime.datetime(2025, 3, 10)

RUN = (
    ("办法编号", "example-scale-award"),
    ("办法名称", "示例县龙头企业营业收入跨规模达标奖补"),
    ("地区代码", "999999"),
    ("适用日期", datetime.date(2024, 12, 31)),
    ("知悉日期", None),
    ("表样版本", "1"),
)
ADVICE = (
    "填表说明",
    "1. 示例县是虚构的，名称、代码、账号都不是真实的。",
    "2. 每个申报主体填一行。金额按表头所写的单位填写，没有的填 0，不要留空。",
    "3. 是否类填“是”或“否”。证件号、账号所在的列须设为文本格式。",
    "4. 需要暂缓的行，在“搁置”一列写明理由。",
)
HEADS = (
    "序号",
    "申报主体",
    "统一社会信用代码",
    "乡（镇）",
    "资金来源",
    "批次",
    "年度营业收入（审计数）\n（万元）",
    "以往年度最高营业收入\n（万元）",
    "申报年度有失信或安全、环保违法记录",
    "已签订且在有效期内的联农带农协议份数（份）",
    "预期带动农户数（户）",
    "预期户均年增收（元）",
    "是否已被决定不再安排帮扶项目",
    "开户行",
    "账号",
    "联系电话",
    "已付金额（万元）",
    "搁置",
    "备注",
)
# 主体、乡镇、营业收入（万元）、以往最高（万元）、违法记录、协议份数、带动户数、户均增收（元）、
# 不再安排、已付（万元）、搁置、备注
ROWS = """
陇丰牧业有限公司|河湾镇|12860.35|8650|否|36|36|2800|否|||
绿源果蔬有限公司|柳林镇|5000|4860.2|否|22|25|1500|否|||正好5000万元
众合养殖农民专业合作社|石桥乡|4999.9999|3200|否|18|18|2100|否|||差1元不到5000万元
金穗粮油有限公司|南坪镇|10000|9420.6|否|40|52|1200|否|||正好1亿元
惠民种植农民专业合作社|白杨乡|5236.78|4100|否|26|30|1650|否|||
鑫旺肉牛养殖有限公司|河湾镇|20000|15680|否|64|80|3500|否|||正好2亿元
康源乳业有限公司|南坪镇|19999.9999|12400|否|58|66|2600|否|||差1元不到2亿元
祥瑞中药材有限公司|青山乡|9999.9999|4980|否|31|31|1900|否|||差1元不到1亿元
天泉果业有限公司|柳林镇|23500|18900.5|否|72|96|2200|否|||
丰泽农机服务农民专业合作社|石桥乡|5820.4|5210|否|20|24|900|否|||去年已达标
润土菌业有限公司|白杨乡|21560|4300|否|45|60|2450|否|||一次跨三档
永盛牧业有限公司|青山乡|13200|11050|否|38|42|2000|否|||
百合食品有限公司|河湾镇|8650.5|4720|是|29|35|1800|否|||安全处罚一次
春雨苗木农民专业合作社|柳林镇|5108.66|3980|否||20|1100|否|||
宏达饲料有限公司|南坪镇|15400|9800|否|33|40|1700|否|||
聚力果品有限公司|柳林镇|11050.2|10400|否|28|36|1450|否|||
禾丰种业有限公司|南坪镇|6420|4650.8|否|24||1300|否|||
清泉淀粉有限公司|白杨乡|25800|19600|否|85|110|1600|否|||
山里红果业农民专业合作社|青山乡|5300|0|否|19|22|1750|否|||首次申报
北塬牧业有限公司|河湾镇|9120|4890|否|27|30|2300|否|||
双联养殖农民专业合作社|石桥乡|6780.9|4320|否|21|26||否|||
万家蔬菜有限公司|柳林镇|12100|9730|否|44|58|1350|否|80||上批已付
恒通冷链物流有限公司|南坪镇|7860|7100|否|15|18|800|否|||
泰和药业有限公司|青山乡|32600|21400|否|90|130|2900|否|||去年已达最高档
裕农粮贸有限公司|河湾镇|16800|9650|否|37|45|1250|否|||
源泉马铃薯农民专业合作社|白杨乡|5480|4999.99|否|30|38|1850|否|||
桃园果业有限公司|柳林镇|10860|4500|否|35|48|1550|否|||一次跨两档
牧歌肉羊养殖有限公司|石桥乡|8300|4810|否|23|28|2650|是|||
远航农产品有限公司|南坪镇|20480|19980|否|55|70|1400|否|||
福临蜂业农民专业合作社|青山乡|2860|2100|否|16|16|2400|否|||
塬上花椒农民专业合作社|白杨乡|5060.3|4400|否|25|32|1950|否|50||上批已付
民乐养殖农民专业合作社|石桥乡|4120|3860|否|14|15|1600|否|||
同心果品有限公司|柳林镇|13950|9200|是|32|40|1500|否|||失信被执行人
荣昌食品有限公司|河湾镇|18600|16200|否|41|50|1700|否|||
致富种养农民专业合作社|白杨乡|5750|4700|否|0|0|0|否|||未签协议
新禾农业发展有限公司|南坪镇|22300|9900|否|68|88|2050|否|||
大地菌菜农民专业合作社|青山乡|6100|4530|否|26|33|2250|否|||
好年景粮油有限公司|河湾镇|10020|10000|否|30|36|1150|否|||
富硒杂粮有限公司|石桥乡|7350|4999|否|22|27|1800|否|||
柳溪牧业有限公司|柳林镇|9660|9310|否|25|31|2100|否|||
石桥果业农民专业合作社|石桥乡|5000.01|4999.99|否|20|23|1650|否|||
白杨林果有限公司|白杨乡|11800|8740|否|34|42|1900|否|||
青山药材农民专业合作社|青山乡|5900|4250|否|28|34|2700|否|||
河畔渔业有限公司|河湾镇|3650|3400|否|12|12|1500|否|||
南坪茶果有限公司|南坪镇|14200|13100|否|36|44|1300|否|||
众兴肉牛农民专业合作社|石桥乡|8080|4940|否|33|40|3100|否||举报正在核查|
平川种植有限公司|白杨乡|6900|4600|否|19|24|1200|否|||
共赢养殖农民专业合作社|青山乡|5210|4180|是||18|1400|否|||环保处罚，未签协议
兴农果蔬有限公司|柳林镇|19000|8800|否|47|60|1750|否|||
顺达牧业有限公司|河湾镇|26400|26100|否|78|100|2500|否|||
盛世中药有限公司|青山乡|10300|9100|否|31|39|2350|否|50||上批按第一档付过
长青苗木农民专业合作社|白杨乡|4580|4020|否|15|17|1050|否|||
旭日食品有限公司|南坪镇|20100|13600|否|52|65|1850|否|||
和顺养殖农民专业合作社|石桥乡|5600|4440|否|24|29|2150|否|||
田园蔬菜农民专业合作社|柳林镇|7020|4880|否|27|35|1450|否|||
汇鑫粮油有限公司|河湾镇|12500|10800|否|29|33|1100|否|||
佳禾种业有限公司|南坪镇|8420|4960|否|21|26|1600|否|||
天成果业有限公司|柳林镇|15060|14300|否|39|49|1550|否|80||已达标，上批误付
广源牧草农民专业合作社|白杨乡|5390|4670|否|23|28|1350|否|||
乡情食品有限公司|青山乡|9480|4770|否|26|32|1700|否|||
"""
FUNDS = ("中央衔接资金", "省级衔接资金", "县级配套")
BANKS = ("示例县农村商业银行", "示例县农村信用社", "邮储银行示例县支行")


def credit_code(name: str, number: int) -> str:
    """A unified social credit code with a right check character, of a region that does not exist."""
    stem = f"{'93' if '合作社' in name else '91'}999999MA7{number:06d}"
    return stem + str(uscc.calc_check_digit(stem + "0"))


def rows() -> list[list[Any]]:
    """The rows of the good example, in the order of ``HEADS``."""
    made = []
    for number, line in enumerate(ROWS.strip().splitlines(), 1):
        name, town, revenue, prior, violation, agreements, households, gain, excluded, paid, aside, note = line.split(
            "|"
        )
        account = f"6200{number:04d}{number * 7919 % 10**8:08d}"
        phone = f"139{number * 104729 % 10**8:08d}"
        figures = [_number(one) for one in (revenue, prior)]
        linkage = [_number(one) for one in (agreements, households, gain)]
        fund, bank, batch = FUNDS[number % 3], BANKS[number % 3], "第一批" if number <= 36 else "第二批"
        head = [number, f"示例县{name}", credit_code(name, number), town, fund, batch]
        tail = [excluded, bank, account, phone, _number(paid), aside or None, note or None]
        made.append([*head, *figures, violation, *linkage, *tail])
    return made


def _number(text: str) -> float | None:
    return float(text) if text else None


def faulty_rows() -> list[list[Any]]:
    """Rows of the second example: two without fault, then one kind of fault each."""
    given = rows()[:16]
    column = {head.split("（")[0].split("\n")[0]: index for index, head in enumerate(HEADS)}
    revenue, households = column["年度营业收入"], column["预期带动农户数"]
    faults: list[Callable[[list[Any]], None]] = [
        lambda row: None,
        lambda row: None,
        _put(revenue, "约八千万"),
        _put(revenue, 8123.4567891),
        _put(revenue, 81_234_567.0),
        _put(revenue, None),
        _put(revenue, -5236.78),
        _put(revenue, Formula("=1/0", "#DIV/0!")),
        _put(revenue, Formula("=附表!B2", "#REF!")),
        _put(column["申报年度有失信或安全、环保违法记录"], "不清楚"),
        _put(column["申报年度有失信或安全、环保违法记录"], 0),
        _put(households, 25.5),
        _put(households, datetime.date(2024, 3, 5)),
        _put(column["统一社会信用代码"], given[13][column["统一社会信用代码"]][:-1] + "?"),
        _put(column["账号"], 6_228_480_012_345_678_901.0),
        _put(column["已付金额"], "已付一半"),
    ]
    for row, fault in zip(given, faults, strict=True):
        fault(row)
        row[-1] = None
    return given


class Formula:
    """A formula and the value that the sheet holds for it."""

    def __init__(self, text: str, value: str) -> None:
        self.text, self.value = text, value


def _put(index: int, value: Any) -> Callable[[list[Any]], None]:
    def put(row: list[Any]) -> None:
        row[index] = value

    return put


def write(path: Path, cases: Sequence[Sequence[Any]], *, total: bool) -> None:
    """Write an application workbook with sheets 说明 and 申报表."""
    with Workbook(path) as book:
        book.set_properties({"title": "示例县申报表", "created": MADE_ON})
        _write_run(book)
        _write_cases(book, cases, total)


def _write_run(book: Workbook) -> None:
    sheet = book.add_worksheet("说明")
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 44)
    for row, (key, value) in enumerate(RUN):
        sheet.write_string(row, 0, key)
        if isinstance(value, datetime.date):
            sheet.write_datetime(row, 1, value, day)
        elif value:
            sheet.write_string(row, 1, value)
    for row, text in enumerate(ADVICE, len(RUN) + 1):
        sheet.write_string(row, 0, text)


def _write_cases(book: Workbook, cases: Sequence[Sequence[Any]], total: bool) -> None:
    sheet = book.add_worksheet("申报表")
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1})
    plain = book.add_format({"border": 1})
    sheet.write_string(0, 0, "示例县龙头企业营业收入跨规模达标奖补申报表（2024年度）", bold)
    sheet.set_row(1, 64)
    sheet.write_row(1, 0, HEADS, head)
    for index, width in enumerate((5, 34, 22, 9, 14, 8, 14, 14, 13, 13, 10, 10, 11, 22, 20, 13, 10, 14, 22)):
        sheet.set_column(index, index, width)
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    for row, case in enumerate(cases, 2):
        for index, value in enumerate(case):
            if isinstance(value, Formula):
                sheet.write_formula(row, index, value.text, plain, value.value)
            elif isinstance(value, datetime.date):
                sheet.write_datetime(row, index, value, day)
            elif value is None:
                sheet.write_blank(row, index, None, plain)
            else:
                sheet.write(row, index, value, plain)
    foot = len(cases) + 2
    if total:
        sheet.write_string(foot, 0, "合计", plain)
        for index in (6, 7):
            letter = "ABCDEFGH"[index]
            value = _sum(case[index] for case in cases)
            sheet.write_formula(foot, index, f"=SUM({letter}3:{letter}{foot})", plain, value)
        foot += 1
    sheet.write_string(foot, 0, "填表人：示例县农业农村局产业科")
    sheet.freeze_panes(2, 2)


def _sum(values: Iterable[float]) -> float:
    return round(sum(values), 4)


def make(folder: Path) -> tuple[Path, Path]:
    """Write both examples into a folder and return their paths."""
    good, faulty = folder / GOOD, folder / FAULTY
    write(good, rows(), total=True)
    write(faulty, faulty_rows(), total=False)
    return good, faulty


if __name__ == "__main__":
    for made in make(HERE):
        print(made.name)
