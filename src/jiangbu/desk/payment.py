"""Sheet 兑付表: whom to pay how much into which account, by batch and fund, with a subtotal for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from attrs import frozen

from jiangbu.desk import words
from jiangbu.desk.calculation import ZERO, Calculation, Decision, add_up
from jiangbu.desk.layout import Layout, Shown, serial
from jiangbu.desk.paper import Page
from jiangbu.desk.problems import column_letters
from jiangbu.desk.summary import UNFILLED, numerals, write_agreement
from jiangbu.money import capital, to_fen

MONEY = "money"
NO_ACCOUNT, NO_BANK, NO_NAME = "缺账号", "缺开户行", "缺申报主体"
BLANK = "　" * 10
SIGNATURES = ("制表", "审核", "负责人")
_SUBJECT = (("township", "乡镇"), ("village", "村"), ("project", "项目名称"), ("unit", "责任单位"))


@frozen
class Payee:
    """A row to be paid: its 序号 in 测算表, the decision, and what must be looked at before money goes out."""

    shown: str
    decision: Decision
    warning: str


@frozen
class Entry:
    """One column of the list: its head, its form, its value for a payee, and its style."""

    head: str
    form: str
    value: Callable[[Payee], Shown]
    style: str = "cell"


def write_payments(page: Page, calculation: Calculation, table: Layout) -> None:
    """Write sheet 兑付表: rows with something due, grouped by 批次 and 资金来源, accounts in full.

    ``table`` is the layout of 测算表, with which the total is compared live.
    """
    groups = _groups(calculation)
    columns = list(_columns(calculation, [payee for group in groups.values() for payee in group]))
    page.across(_opening(calculation), len(columns))
    for text in _warnings(calculation, groups):
        page.across(text, len(columns))
    page.head([column.head for column in columns], freeze_columns=0)
    due = next(index for index, column in enumerate(columns) if column.head.startswith("本次应付"))
    subtotals = [_group(page, columns, due, name, payees) for name, payees in groups.items()]
    if subtotals:
        _total(page, columns, due, subtotals, calculation.sums.due)
        cell = f"{column_letters(due)}{page.row}"
        write_agreement(page, table, "due", len(calculation.decisions), cell, len(columns))
    else:
        page.across("没有本次应付的申报", len(columns))
    page.skip()
    page.across("　".join(f"{name}：{BLANK}" for name in SIGNATURES) + f"日期：{BLANK}", len(columns))


def _groups(calculation: Calculation) -> Mapping[tuple[str, str], list[Payee]]:
    """The payees by batch and fund, both in the order in which they first appear."""
    paid = [(number, one) for number, one in enumerate(calculation.decisions) if one.due > 0]
    owners: dict[str, set[str]] = {}
    times: dict[str, int] = {}
    for _, one in paid:
        owners.setdefault(_account(one), set()).add(_whose(one))
        times[_whose(one)] = times.get(_whose(one), 0) + 1
    groups: dict[tuple[str, str], list[Payee]] = {}
    batches: dict[str, None] = {}
    for number, one in paid:
        key = (one.case.subject.get("batch", ""), one.case.subject.get("fund", ""))
        batches[key[0]] = None
        payee = Payee(serial(number, one), one, _warning(one, len(owners[_account(one)]), times[_whose(one)]))
        groups.setdefault(key, []).append(payee)
    order = list(batches)
    return dict(sorted(groups.items(), key=lambda item: order.index(item[0][0])))


def _account(one: Decision) -> str:
    return one.case.subject.get("account", "").replace(" ", "")


def _whose(one: Decision) -> str:
    subject = one.case.subject
    return subject.get("code") or subject.get("identity") or subject.get("name", "")


def _warning(one: Decision, owners: int, times: int) -> str:
    """What must be settled, or at least looked at, before this row is paid."""
    subject = one.case.subject
    found = [] if subject.get("name") else [NO_NAME]
    if not _account(one):
        found.append(NO_ACCOUNT)
    elif not subject.get("bank"):
        found.append(NO_BANK)
    if _account(one) and owners > 1:
        # Money for several applicants into one account is how awards are collected by a third party.
        found.append("不同主体用了同一账号")
    if _whose(one) and times > 1:
        found.append(f"同一主体共 {times} 笔")
    return "；".join(found)


def _columns(calculation: Calculation, payees: list[Payee]) -> Iterator[Entry]:
    def carried(key: str) -> Callable[[Payee], Shown]:
        return lambda payee: payee.decision.case.subject.get(key, "")

    yield Entry("序号", "text", lambda payee: payee.shown)
    yield Entry("申报主体", "text", carried("name"))
    yield Entry("信用代码或身份证号", "text", _number)
    for key, head in _SUBJECT:
        if any(payee.decision.case.subject.get(key) for payee in payees):
            yield Entry(head, "text", carried(key))
    yield Entry("开户行", "text", carried("bank"))
    yield Entry("账号", "text", lambda payee: payee.decision.case.subject.get("account") or NO_ACCOUNT)
    if any(payee.decision.case.paid for payee in payees):
        yield Entry("核定金额\n（元）", MONEY, lambda payee: payee.decision.amount)
        yield Entry("已付金额\n（元）", MONEY, lambda payee: payee.decision.case.paid)
    elif calculation.scheme.parts:
        # How an earlier payment fell to the parts the rule does not say, so the parts are shown only without one.
        for name in calculation.scheme.parts:
            yield Entry(f"其中：{calculation.scheme.lines[name].label}\n（元）", MONEY, _part(name))
    yield Entry("本次应付\n（元）", MONEY, lambda payee: payee.decision.due)
    yield Entry("大写", "text", lambda payee: capital(to_fen(payee.decision.due)), "middle")
    yield Entry("备注", "text", lambda payee: payee.warning)


def _number(payee: Payee) -> Shown:
    subject = payee.decision.case.subject
    return subject.get("code") or subject.get("identity", "")


def _part(name: str) -> Callable[[Payee], Shown]:
    return lambda payee: payee.decision.row.parts[name] if payee.decision.row is not None else None


def _opening(calculation: Calculation) -> str:
    document, day = calculation.scheme.document, calculation.options.on
    return f"依据：《{document.title}》（{document.number}）　　适用日期：{day}　　金额单位：元"


def _warnings(calculation: Calculation, groups: Mapping[tuple[str, str], list[Payee]]) -> Iterator[str]:
    """What keeps this list from being the whole or from being paid as it stands."""
    counts = calculation.sums.counts
    left = [f"{words.OUTCOMES[key]} {counts[key]} 行" for key in ("unreadable", "set_aside") if counts[key]]
    if left:
        yield f"注意：另有{'、'.join(left)}未计算，不在本表之内。"
    missing = sum(not _account(payee.decision) for group in groups.values() for payee in group)
    if missing:
        yield f"注意：有 {missing} 行缺账号，补齐后方可支付。"


def _group(
    page: Page, columns: list[Entry], due: int, name: tuple[str, str], payees: list[Payee]
) -> tuple[str, Decimal]:
    """Write one group with its subtotal; return the cell of the subtotal, and the subtotal."""
    batch, fund = (part or UNFILLED for part in name)
    page.band(f"批次：{batch}　　资金来源：{fund}　　{len(payees)} 笔", len(columns))
    first = page.row
    for payee in payees:
        page.cells([(column.value(payee), column.form, column.style) for column in columns])
    total = add_up(payee.decision for payee in payees).due
    cell = f"{column_letters(due)}{page.row + 1}"
    for index, column in enumerate(columns):
        if column.form == MONEY:
            values = (column.value(payee) for payee in payees)
            value = sum((one for one in values if isinstance(one, Decimal)), ZERO)
            letters = column_letters(index)
            page.live(page.row, index, f"SUM({letters}{first + 1}:{letters}{page.row})", value, MONEY, "strong")
        elif index == due + 1:
            page.live(page.row, index, numerals(cell, total), capital(to_fen(total)), "text", "strong-middle")
        else:
            page.put(page.row, index, "小计" if index == 1 else None, "text", "strong")
    page.row += 1
    return cell, total


def _total(page: Page, columns: list[Entry], due: int, subtotals: list[tuple[str, Decimal]], whole: Decimal) -> None:
    """The total of all groups, in figures and capital numerals."""
    cells = [cell for cell, _ in subtotals]
    # A function takes at most 255 arguments in the older programs.
    formula = "+".join(f"SUM({','.join(cells[at : at + 200])})" for at in range(0, len(cells), 200))
    for index in range(len(columns)):
        if index == due:
            page.live(page.row, index, formula, whole, MONEY, "strong")
        elif index == due + 1:
            cell = f"{column_letters(due)}{page.row + 1}"
            page.live(page.row, index, numerals(cell, whole), capital(to_fen(whole)), "text", "strong-middle")
        else:
            page.put(page.row, index, "合计" if index == 1 else None, "text", "strong")
    page.row += 1
