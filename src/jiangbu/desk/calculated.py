"""Reading a calculated workbook back: under which scheme it was made, and what each row of 测算表 came to.

Nothing is computed again here. What a workbook says must agree with itself, or it is refused with the cells that do
not; whether every amount is right is what ``verify`` is for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from attrs import evolve, frozen
from stdnum.cn import ric

from jiangbu.desk import words
from jiangbu.desk.cell_facts import read_money
from jiangbu.desk.cells import Cell, is_missing, plain, read_date
from jiangbu.desk.decision import ZERO
from jiangbu.desk.heads import HEAD_SEARCH, SUBJECT, split_unit, squash
from jiangbu.desk.problems import DeskError, at
from jiangbu.desk.said import AGAIN, BASIS_SHEET, ROWS_SHEET, open_calculated, read_said
from jiangbu.desk.totals import TOTAL
from jiangbu.desk.workbook import Sheet
from jiangbu.errors import Problem
from jiangbu.rules.book import RuleBook
from jiangbu.rules.results import Outcome
from jiangbu.rules.scheme import Scheme
from jiangbu.stacking import Claim

# Heads under which a loan's contract number stands.
CONTRACT = ("合同号", "合同编号", "借款合同号", "借款合同编号", "贷款合同号", "贷款合同编号")
_RESULTS = {"amount": ("核定金额",), "paid": ("已付金额",), "outcome": ("结论",), "contract": CONTRACT}


@frozen
class Row:
    """One row of 测算表 that took part: its claim, the subject columns, and what was paid before."""

    claim: Claim
    subject: Mapping[str, str]
    paid: Decimal | None = None


@frozen
class Calculated:
    """A calculated workbook: its file, its scheme, and its rows; ``aside`` counts those that a person set aside."""

    file: str
    digest: str
    scheme: Scheme
    rows: tuple[Row, ...]
    aside: int = 0


def read_calculated(path: Path, book: RuleBook, label: str = "") -> Calculated:
    """Read a workbook that ``calculate`` has written.

    :param label: what the file is called in what is said of it; its name if nothing is given.
    :raises DeskError: for a file that is no such workbook, that does not agree with itself, or that was calculated
        from other rule tables than those of the book.
    """
    label = label or path.name
    sheets = open_calculated(path, label)
    sheet = sheets[ROWS_SHEET]
    said = read_said(sheets[BASIS_SHEET], label)
    scheme = said.find(book)
    changed = said.changed_tables(scheme)
    if changed:
        found = f"计算时所用的规则表（{'、'.join(changed)}）与现在的不同"
        raise DeskError(label, found, "请用现在的规则表重新计算后再用")
    head_row, columns = _columns(sheet, scheme, label)
    faults: list[Problem] = []
    rows, aside = _rows(sheet, head_row, columns, scheme, said.on, faults)
    if faults:
        found = "；".join(f"{one.path} 是“{one.found}”，应为{one.expected}" for one in faults)
        raise DeskError(label, found, AGAIN)
    named = (evolve(one, claim=evolve(one.claim, source=f"{label} {one.claim.source}")) for one in rows)
    return Calculated(label, sheet.digest, scheme, tuple(named), aside)


def _rows(
    sheet: Sheet,
    head_row: int,
    columns: Mapping[str, int],
    scheme: Scheme,
    on: datetime.date,
    faults: list[Problem],
) -> tuple[list[Row], int]:
    """The rows down to the total that took part, and how many were set aside."""
    rows: list[Row] = []
    aside = 0
    for row in range(head_row + 1, sheet.height):
        first = next((cell for cell in sheet.row(row) if cell.kind != "blank"), None)
        if first is None:
            continue
        if plain(first.text) == TOTAL:
            faults += _total(sheet, row, columns, rows)
            return rows, aside
        known = len(faults)
        one = _row(sheet, row, columns, scheme, on, faults)
        if one is not None:
            rows.append(one)
        else:
            aside += len(faults) == known
    faults.append(Problem("missing", f"{sheet.name} 表尾", "空白", "各行之后的合计行"))
    return rows, aside


def _columns(sheet: Sheet, scheme: Scheme, label: str) -> tuple[int, Mapping[str, int]]:
    """The head row of 测算表, and the first column of each thing that is read."""
    wanted = {**SUBJECT, **_RESULTS}
    level = scheme.tree.by_name[scheme.pay_level]
    if level.object == "loan" and level.id_label:
        wanted["contract"] = (level.id_label, *CONTRACT)
    names = {squash(text): key for key, texts in wanted.items() for text in texts}
    for row in range(min(HEAD_SEARCH, sheet.height)):
        found: dict[str, int] = {}
        for column, cell in enumerate(sheet.row(row)):
            key = names.get(squash(split_unit(cell.text, ("元",))[0]))
            if key is not None:
                found.setdefault(key, column)
        if {"amount", "outcome"} <= set(found):
            return row, found
    raise DeskError(f"{label} {ROWS_SHEET}", "没有找到“核定金额”“结论”两列", AGAIN)


def _row(
    sheet: Sheet,
    row: int,
    columns: Mapping[str, int],
    scheme: Scheme,
    on: datetime.date,
    faults: list[Problem],
) -> Row | None:
    """One row as a claim; None where it was set aside. What cannot be right is added to ``faults``."""

    def cell(key: str) -> Cell:
        return sheet.cell(row, columns[key]) if key in columns else Cell("blank")

    outcomes = {label: name for name, label in words.OUTCOMES.items()}
    outcome = outcomes.get(plain(cell("outcome").text))
    if outcome is None:
        expected = " / ".join(outcomes)
        faults.append(Problem("option", at(sheet.name, row, columns["outcome"]), cell("outcome").shown, expected))
        return None
    amounts = {key: _money(sheet, row, columns, key, faults) for key in ("amount", "paid")}
    amount = amounts["amount"] or ZERO
    if (amount > 0) != (outcome == "payable"):
        expected = "大于 0 的金额" if outcome == "payable" else f"0（结论为{words.OUTCOMES[outcome]}）"
        faults.append(Problem("contradiction", at(sheet.name, row, columns["amount"]), str(amount), expected))
        return None
    if outcome == "set_aside":
        return None
    subject = {key: cell(key).text for key in SUBJECT if key in columns and not is_missing(cell(key))}
    day: datetime.date | Problem = on
    if "on" in columns and not is_missing(cell("on")):
        day = read_date(cell("on"), at(sheet.name, row, columns["on"]))
    if isinstance(day, Problem):
        faults.append(day)
        return None
    contract = "" if is_missing(cell("contract")) else cell("contract").text
    claim = _claim(scheme, subject, day, Outcome(outcome), amount, contract)
    return Row(evolve(claim, source=f"第{row + 1}行"), subject, amounts["paid"])


def _claim(
    scheme: Scheme,
    subject: Mapping[str, str],
    on: datetime.date,
    outcome: Outcome,
    amount: Decimal,
    contract: str,
) -> Claim:
    code, identity = subject.get("code", ""), subject.get("identity", "")
    if code and not identity and ric.is_valid(plain(code).upper()):
        # One column may hold both: a person's number stands where others have a code.
        code, identity = "", code
    return Claim(
        scheme.id,
        on,
        outcome,
        amount,
        scheme.place,
        scheme.title,
        scheme.document.number,
        scheme.exclusive,
        code=code,
        identity=identity,
        name=subject.get("name", ""),
        project=subject.get("project", ""),
        contract=contract,
    )


def _money(sheet: Sheet, row: int, columns: Mapping[str, int], key: str, faults: list[Problem]) -> Decimal | None:
    if key not in columns:
        return None
    value = read_money(sheet.cell(row, columns[key]), "元", at(sheet.name, row, columns[key]))
    if isinstance(value, Problem):
        faults.append(value)
        return None
    return value


def _total(sheet: Sheet, row: int, columns: Mapping[str, int], rows: Sequence[Row]) -> Iterator[Problem]:
    """The total of 测算表 must be that of its rows: a row that was taken out, or put in, shows here."""
    path = at(sheet.name, row, columns["amount"])
    said = read_money(sheet.cell(row, columns["amount"]), "元", path)
    ours = sum((one.claim.amount for one in rows), ZERO)
    if isinstance(said, Problem):
        yield said
    elif (said or ZERO) != ours:
        yield Problem("contradiction", path, f"{said:,.2f}" if said is not None else "空白", f"各行之和 {ours:,.2f}")
