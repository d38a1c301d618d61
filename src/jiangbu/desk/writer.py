"""The calculated workbook: every sheet in its order, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from jiangbu.desk.basis import write_basis
from jiangbu.desk.calculation import Calculation
from jiangbu.desk.calculation_sheet import level_pages, write_calculation
from jiangbu.desk.new_book import check_folder, new_book
from jiangbu.desk.notice import write_notice
from jiangbu.desk.paper import Page, Paper
from jiangbu.desk.payment import write_payments
from jiangbu.desk.problems import DeskError
from jiangbu.desk.reasons import write_problems, write_refusals
from jiangbu.desk.summary import heading, write_summary
from jiangbu.desk.watch import Watch, unwatched


def write_workbook(calculation: Calculation, source: Path, target: Path, watch: Watch = unwatched) -> None:
    """Write the workbook to ``target`` in one step: a temporary file beside it, renamed at the end.

    Raises :class:`DeskError` where the target is the input itself or cannot be written.
    """
    check_target(source, target)
    with new_book(target, calculation.scheme.title, calculation.options.on) as book:
        _write(Paper(book), calculation, source, watch)


def check_target(source: Path, target: Path, previous: Path | None = None) -> None:
    """Refuse a target that is an input, a folder, of another kind, or in a folder that does not exist."""
    for read, name in ((source, "申报表"), (previous, "上批测算表")):
        if read is not None and (target.resolve() == read.resolve() or _one_file(target, read)):
            raise DeskError(str(target), f"测算表不能写到{name}本身", "请用 -o 另起一个文件名")
    check_folder(target, "测算表")


def _one_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _write(paper: Paper, calculation: Calculation, source: Path, watch: Watch) -> None:
    scheme = calculation.scheme
    notices = scheme.notices()

    def page(name: str, *, streamed: bool = False) -> Page:
        return paper.page(name, f"{scheme.title} — {name}", notices, streamed=streamed)

    # 汇总 comes first and adds up the cells of 测算表, whose places are known once it is written.
    summary, table = page("汇总"), page("测算表", streamed=True)
    table.line(heading(calculation))
    finer = {level: page(name, streamed=True) for level, name in level_pages(scheme).items()}
    rules = page("规则表")
    plan = write_calculation(table, finer, rules, calculation, watch)
    write_summary(summary, calculation, plan)
    refusals, problems = page("不予支持", streamed=True), page("数据问题", streamed=True)
    basis = page("依据")
    write_refusals(refusals, calculation)
    write_problems(problems, calculation)
    write_basis(basis, calculation, source, plan)
    notice = paper.page("公示表", f"{scheme.title}公示表", notices, headline=True)
    payments = paper.page("兑付表", f"{scheme.title}资金兑付表", notices, headline=True)
    write_notice(notice, calculation, plan)
    write_payments(payments, calculation, plan)
    for one in (summary, table, *finer.values(), rules, refusals, problems, basis, notice, payments):
        one.finish()
