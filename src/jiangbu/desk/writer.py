"""The calculated workbook: 汇总, 测算表, 不予支持, 数据问题 and 依据, written whole or not at all."""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from jiangbu.desk import basis, words
from jiangbu.desk.calculation import GROUPS, Calculation, Decision, Sums
from jiangbu.desk.layout import Shown, layout, serial
from jiangbu.desk.paper import WIDEST_TEXT, Page, Paper
from jiangbu.desk.problems import DeskError
from jiangbu.desk.watch import Watch, unwatched
from jiangbu.money import capital, to_fen

Row = tuple[Shown, ...]
_MONEY, _COUNT = "money", "number:0"


def write_workbook(calculation: Calculation, source: Path, target: Path, watch: Watch = unwatched) -> None:
    """Write the workbook to ``target`` in one step: a temporary file beside it, renamed at the end.

    Raises :class:`DeskError` where the target is the input itself or cannot be written.
    """
    check_target(source, target)
    temporary = target.parent / f".{target.stem}.{secrets.token_hex(4)}.tmp"
    try:
        with open(temporary, "xb") as stream, Workbook(stream) as book:
            # The day of the run, not today's: the same input gives the same file.
            created = datetime.datetime.combine(calculation.options.on, datetime.time())
            book.set_properties({"title": calculation.scheme.title, "created": created})
            _write(Paper(book), calculation, source, watch)
        os.replace(temporary, target)
    except PermissionError:
        raise DeskError(str(target), "文件写不进去", "请关闭正打开它的程序，或换一个文件夹") from None
    except (OSError, XlsxWriterException) as error:
        raise DeskError(str(target), f"文件没有写成（{error}）", "请确认磁盘有空间、文件夹可写") from None
    finally:
        temporary.unlink(missing_ok=True)


def check_target(source: Path, target: Path) -> None:
    """Refuse a target that is the input, a folder, of another kind, or in a folder that does not exist."""
    if target.resolve() == source.resolve() or (target.exists() and source.exists() and target.samefile(source)):
        raise DeskError(str(target), "测算表不能写到申报表本身", "请用 -o 另起一个文件名")
    if target.suffix.lower() != ".xlsx":
        raise DeskError(str(target), "测算表只能写成 xlsx 文件", "请把文件名改为以 .xlsx 结尾")
    if target.is_dir():
        raise DeskError(str(target), "这是一个文件夹", "请用 -o 写明文件名")
    if not target.parent.is_dir():
        raise DeskError(str(target.parent), "没有这个文件夹", "请先建好文件夹，或换一个位置")


def _write(paper: Paper, calculation: Calculation, source: Path, watch: Watch) -> None:
    notices = calculation.scheme.notices()
    sheets: tuple[tuple[str, Callable[[Page], None]], ...] = (
        ("汇总", lambda page: _summary(page, calculation)),
        ("测算表", lambda page: _calculation_sheet(page, calculation, watch)),
        ("不予支持", lambda page: _refusals(page, calculation)),
        ("数据问题", lambda page: _data_problems(page, calculation)),
        ("依据", lambda page: _sources(page, calculation, source)),
    )
    for name, fill in sheets:
        page = paper.page(name, f"{calculation.scheme.title} — {name}", notices)
        fill(page)
        page.finish()


def _summary(page: Page, calculation: Calculation) -> None:
    sums = calculation.sums
    page.line(_of(calculation))
    page.skip()
    page.head(("结论", "行数", "核定金额"))
    for outcome, label in words.OUTCOMES.items():
        amount = sums.amount if outcome == "payable" else None
        page.cells(((label, "text", "cell"), (sums.counts[outcome], _COUNT, "cell"), (amount, _MONEY, "cell")))
    page.cells((("总行数", "text", "strong"), (sums.rows, _COUNT, "strong"), (sums.amount, _MONEY, "strong")))
    page.line("总行数 = 应付 + 按规定为零 + 不予支持 + 数据问题 + 搁置")
    page.skip()
    page.head(("合计", "金额", "大写"))
    for label, total in (
        ("核定金额", sums.amount),
        ("已付金额", sums.paid),
        ("本次应付", sums.due),
        ("多付", sums.over),
    ):
        page.cells(((label, "text", "cell"), (total, _MONEY, "cell"), (capital(to_fen(total)), "text", "cell")))
    if calculation.parts:
        page.skip()
        page.head(("按分项", "金额"))
        for label, total in calculation.parts.items():
            page.cells(((label, "text", "cell"), (total, _MONEY, "cell")))
    for key, label in GROUPS.items():
        _group(page, label, calculation.groups(key), sums)


def _of(calculation: Calculation) -> str:
    document, day = calculation.scheme.document.number, calculation.options.on
    return f"适用日期：{day}　　依据：{document}　　金额单位：元"


def _group(page: Page, label: str, groups: dict[str, Sums], total: Sums) -> None:
    if not groups:
        return
    page.skip()
    page.head((f"按{label}", "行数", "核定金额", "本次应付", *words.OUTCOMES.values()))
    parts = [(name, sums, "cell") for name, sums in groups.items()]
    for name, sums, style in [*parts, ("合计", total, "strong")]:
        counts = [(count, _COUNT, style) for count in sums.counts.values()]
        money = [(sums.amount, _MONEY, style), (sums.due, _MONEY, style)]
        page.cells(((name, "text", style), (sums.rows, _COUNT, style), *money, *counts))


def _calculation_sheet(page: Page, calculation: Calculation, watch: Watch) -> None:
    page.line(_of(calculation))
    plan = layout(calculation, page.row)
    names = [column.key for column in plan.columns]
    frozen = names.index("name") + 1 if "name" in names else 1
    page.head([column.head for column in plan.columns], freeze_columns=frozen)
    for number, decision in enumerate(watch(calculation.decisions, "正在写出")):
        # What the lines of a refused row would have given is shown as such.
        grey = {"line"} if decision.outcome == "refused" else set()
        styles = ("grey" if column.section in grey else "cell" for column in plan.columns)
        values = ((column.value(number, decision), column.form) for column in plan.columns)
        page.cells([(value, form, style) for (value, form), style in zip(values, styles, strict=True)])
    last = page.row - 1
    page.sheet.autofilter(plan.head_row, 0, max(last, plan.head_row), len(plan.columns) - 1)
    page.cells(_total_row(calculation, names))


def _total_row(calculation: Calculation, keys: list[str]) -> list[tuple[Shown, str, str]]:
    sums = calculation.sums
    totals: dict[str, Shown] = {"seq": "合计", "amount": sums.amount, "paid": sums.paid}
    totals |= {"due": sums.due, "over": sums.over}
    return [(totals.get(key), "text" if key == "seq" else _MONEY, "strong") for key in keys]


def _refusals(page: Page, calculation: Calculation) -> None:
    page.head(("序号", "申报表行号", "申报主体", "不予支持的原因", "条款", "涉及的数据"), freeze_columns=0)
    rows = _numbered(calculation, "refused")
    for shown, decision in rows:
        for reason in decision.reasons:
            values: Row = (
                shown,
                decision.case.row + 1,
                decision.case.subject.get("name", ""),
                reason.sentence,
                reason.clause,
                reason.facts,
            )
            page.cells([(value, _COUNT if index == 1 else "text", "cell") for index, value in enumerate(values)])
    if not rows:
        page.line("没有不予支持的申报")


def _data_problems(page: Page, calculation: Calculation) -> None:
    heads = ("序号", "工作表", "单元格", "申报主体", "问题", "填写的是", "应为", "处理办法")
    page.head(heads, freeze_columns=0)
    rows = _numbered(calculation, "unreadable")
    for shown, decision in rows:
        for problem in decision.problems:
            sheet, _, cell = problem.path.rpartition("!")
            values: Row = (
                shown,
                sheet,
                cell,
                decision.case.subject.get("name", ""),
                words.CODES.get(problem.code, problem.code),
                problem.found,
                problem.expected,
                problem.remedy,
            )
            page.cells([(value, "text", "cell") for value in values])
    if not rows:
        page.line("没有数据问题")


def _sources(page: Page, calculation: Calculation, source: Path) -> None:
    page.widest = WIDEST_TEXT
    page.head(("项目", "内容"), freeze_columns=0)
    for label, text in basis.lines(calculation, source):
        page.cells(((label, "text", "cell"), (text, "text", "cell")))


def _numbered(calculation: Calculation, outcome: str) -> list[tuple[str, Decision]]:
    """The rows of one outcome, each with the 序号 that 测算表 shows for it."""
    numbered = enumerate(calculation.decisions)
    return [(serial(number, one), one) for number, one in numbered if one.outcome == outcome]
