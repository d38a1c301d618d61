"""Sheet 公示表: what is put up in public before it is paid, without the numbers by which a person is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from attrs import frozen

from jiangbu.desk import mask
from jiangbu.desk.calculation import Calculation, Decision
from jiangbu.desk.layout import Layout, Shown
from jiangbu.desk.paper import Page
from jiangbu.desk.problems import column_letters
from jiangbu.desk.standard import standard, tiers
from jiangbu.desk.summary import numerals, write_agreement
from jiangbu.money import capital, to_fen

MONEY = "money"
BLANK = "　　　　"
# A notice is read from some way off: long texts are wrapped early, so that the print stays large.
WIDEST = 30
DAYS = (
    f"公示期：自{BLANK}年　　月　　日起，至{BLANK}年　　月　　日止"
    "（首日计入，不少于 10 日；办法另有规定，或规定按工作日计算的，从其规定）。"
)
NAMELESS = "（申报主体未填写）"
OBJECTIONS = "对公示内容有异议的，请在公示期内以书面、电话等形式实名反映。受理单位和监督电话："
TELEPHONES = ("县（区）主管部门", "县（区）财政部门", "市级主管部门")


@frozen
class Entry:
    """One column of the notice: head, form, the value of a row, whether it stands though no row fills it, style."""

    head: str
    form: str
    value: Callable[[int, Decision], Shown]
    always: bool = False
    style: str = "cell"


def write_notice(page: Page, calculation: Calculation, table: Layout) -> None:
    """Write sheet 公示表: payable rows only; identity, account and telephone numbers masked everywhere.

    ``table`` is the layout of 测算表, with which the total is compared live.
    """
    page.widest = WIDEST
    rows = [(number, one) for number, one in enumerate(calculation.decisions) if one.outcome == "payable"]
    columns = [column for column in _columns(calculation) if column.always or _filled(column, rows)]
    for text in _opening(calculation):
        page.across(text, len(columns))
    page.skip()
    page.head([column.head for column in columns], freeze_columns=0)
    first = page.row
    for place, (_, one) in enumerate(rows, 1):
        page.cells([(column.value(place, one), column.form, column.style) for column in columns])
    if rows:
        cell = _totals(page, columns, [one for _, one in rows], first)
        write_agreement(page, table, "amount", len(calculation.decisions), cell, len(columns))
    else:
        page.across("没有应付的申报", len(columns))
    page.skip()
    for text in _closing():
        page.across(text, len(columns))


def _columns(calculation: Calculation) -> Iterator[Entry]:
    yield Entry("序号", "number:0", lambda place, one: place, always=True, style="middle")
    yield Entry("申报主体", "text", lambda place, one: mask.text(one.case.subject.get("name") or NAMELESS), always=True)
    yield Entry("信用代码或身份证号", "text", _number)
    for key, head in (("township", "乡镇"), ("village", "村"), ("project", "项目名称"), ("unit", "责任单位")):
        yield Entry(head, "text", _masked(key))
    yield Entry("适用档次和标准", "text", lambda place, one: _tiers(calculation, one))
    yield Entry("核定金额\n（元）", MONEY, lambda place, one: one.amount, always=True)
    if any(one.case.paid for one in calculation.decisions):
        yield Entry("已付金额\n（元）", MONEY, lambda place, one: one.case.paid)
        yield Entry("本次应付\n（元）", MONEY, lambda place, one: one.due)
    yield Entry("资金来源", "text", _masked("fund"))
    yield Entry("批次", "text", _masked("batch"))
    yield Entry("账号", "text", lambda place, one: mask.account(one.case.subject.get("account", "")))
    yield Entry("联系电话", "text", lambda place, one: mask.phone(one.case.subject.get("phone", "")))


def _filled(column: Entry, rows: list[tuple[int, Decision]]) -> bool:
    return any(column.value(number, one) not in ("", None) for number, one in rows)


def _masked(key: str) -> Callable[[int, Decision], Shown]:
    return lambda place, one: mask.text(one.case.subject.get(key, ""))


def _number(place: int, one: Decision) -> Shown:
    code, identity = one.case.subject.get("code", ""), one.case.subject.get("identity", "")
    return mask.code(code) if code else mask.identity(identity) if identity else ""


def _tiers(calculation: Calculation, one: Decision) -> str:
    return mask.text(tiers(calculation.scheme, one.row)) if one.row is not None else ""


def _opening(calculation: Calculation) -> Iterator[str]:
    scheme = calculation.scheme
    document = scheme.document
    yield (
        f"　　根据《{document.title}》（{document.number}），经审核，现将拟支持的申报主体和金额公示如下。"
        f"适用日期 {calculation.options.on}，金额单位：元。"
    )
    yield f"　　项目：{scheme.title}。"
    yield f"　　标准：{standard(scheme)}。"
    if scheme.gate is not None:
        gate = scheme.gate
        yield f"　　前置条件：{gate.title}（{gate.document.number}），以下主体均已符合。"
    yield f"　　{DAYS}"


def _closing() -> Iterator[str]:
    yield OBJECTIONS
    yield from (f"　　{name}：{BLANK * 4}电话：{BLANK * 4}" for name in TELEPHONES)
    yield f"公示单位（盖章）：{BLANK * 4}公示日期：{BLANK}年　　月　　日"


def _totals(page: Page, columns: list[Entry], rows: list[Decision], first: int) -> str:
    """The total row: live sums of the columns of money, the last of them in capital numerals below.

    Returns the cell of the total of 核定金额.
    """
    last, at = page.row, page.row
    totals: dict[int, Decimal] = {}
    for index, column in enumerate(columns):
        if column.form != MONEY:
            page.put(at, index, f"合计（共 {len(rows)} 项）" if index == 1 else None, "text", "strong")
            continue
        values = (column.value(0, one) for one in rows)
        totals[index] = sum((value for value in values if isinstance(value, Decimal)), Decimal("0.00"))
        letters = column_letters(index)
        page.live(at, index, f"SUM({letters}{first + 1}:{letters}{last})", totals[index], MONEY, "strong")
    index, total = list(totals.items())[-1]
    page.row += 1
    page.put(page.row, 0, None, "text")
    page.put(page.row, 1, columns[index].head.split("\n")[0] + "大写", "text", "strong")
    formula = numerals(f"{column_letters(index)}{at + 1}", total)
    page.live_across(2, len(columns) - 1, formula, capital(to_fen(total)))
    page.row += 1
    return f"{column_letters(next(iter(totals)))}{at + 1}"
