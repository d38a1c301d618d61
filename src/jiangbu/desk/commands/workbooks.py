"""The commands that make workbooks: calculate, settle; each returns its exit code."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from jiangbu.desk import console
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.commands.options import (
    DONE,
    FINDINGS,
    AsJson,
    KnownOn,
    Language,
    On,
    Place,
    Tables,
    Under,
    day_of,
    language,
)
from jiangbu.desk.lookup import find_scheme, load_book
from jiangbu.desk.previous import read_previous, with_amount_notes, with_paid
from jiangbu.desk.problems import DeskError
from jiangbu.desk.proof import prove
from jiangbu.desk.reader import Run, read_run, read_workbook
from jiangbu.desk.recompute import hold, recompute, reopen
from jiangbu.desk.settle import settle_workbooks
from jiangbu.desk.settle_report import print_settlement, settlement_data
from jiangbu.desk.settle_sheets import write_settlement
from jiangbu.desk.template import form_version
from jiangbu.desk.workbook import open_sheets
from jiangbu.desk.writer import check_target, write_workbook


def calculate_command(
    source: Annotated[Path, typer.Argument(metavar="申报表.xlsx")],
    target: Annotated[Path, typer.Option("-o", "--output", metavar="测算表.xlsx", help="写到哪个文件")],
    scheme: Annotated[str | None, typer.Option("--scheme", metavar="编号", help="办法编号")] = None,
    place: Place = None,
    on: On = None,
    known_on: KnownOn = None,
    under: Under = None,
    previous: Annotated[
        Path | None, typer.Option("--previous", metavar="上批测算表.xlsx", help="由它填写已付金额")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有不予支持的行也按有问题退出")] = False,
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Calculate an application workbook; 1 where a row is unreadable, or with ``strict`` refused."""
    language(lang)
    book = load_book(tables or ())
    check_target(source, target, previous)
    sheets = open_sheets(source)
    run = read_run(sheets)
    options = _options(run, scheme, place, day_of(on, "--on"), day_of(known_on, "--known-on"), under)
    days = {"on": options.on, "known_on": options.known_on}
    found = find_scheme(book, options.scheme, place=options.place, under=options.under, **days)
    prove(book, found)
    title = run.title
    if title and title != found.title and not scheme:
        console.print_note(f"说明中的办法名称“{title}”与规则表“{found.title}”不一致，按办法编号计算")
    if run.template.startswith("1-") and run.template != form_version(found):
        console.print_note("表样是按另一版规则表做的，请核对各列填写的要求是否有变化")
    application = read_workbook(sheets, found, console.watched)
    # The cells as they were read take as much memory as all that is made of them.
    del sheets
    before = read_previous(previous, book, found) if previous is not None else None
    if before is not None:
        application = with_paid(application, before)
    result = calculate(book, found, options, application, console.watched)
    if before is not None:
        result = with_amount_notes(result, before)
    write_workbook(result, source, target, console.watched)
    if as_json:
        console.print_json(console.calculation_data(result, target))
    else:
        console.print_calculation(result, target, lang)
        for note in (*result.notes, *result.alike):
            console.print_note(note)
    counts = result.sums.counts
    unreadable = counts["unreadable"] or any(result.problems)
    return FINDINGS if unreadable or (strict and counts["refused"]) else DONE


def settle_command(
    sources: Annotated[list[Path], typer.Argument(metavar="测算表.xlsx …", help="两份以上测算表")],
    target: Annotated[Path, typer.Option("-o", "--output", metavar="择优明细.xlsx", help="写到哪个文件")],
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Settle calculated workbooks of schemes that exclude one another; 1 where a row has to wait."""
    language(lang)
    book = load_book(tables or ())
    joint = settle_workbooks(sources, book)
    for source in sources:
        hold(recompute(reopen(source, book), book))
    write_settlement(joint, sources, target)
    if as_json:
        console.print_json(settlement_data(joint, target))
    else:
        print_settlement(joint, target, lang)
    return FINDINGS if joint.settlement.open else DONE


def _options(
    run: Run,
    scheme: str | None,
    place: str | None,
    on: datetime.date | None,
    known_on: datetime.date | None,
    under: str | None,
) -> Options:
    said = {"办法编号": scheme, "地区代码": place, "适用日期": on, "知悉日期": known_on}
    id, day = scheme or run.scheme, on or run.on
    if not id:
        raise DeskError("说明", "没有写明办法编号", "请在“说明”工作表填写办法编号，或用 --scheme 写明")
    if day is None:
        raise DeskError("说明", "没有写明适用日期", "请在“说明”工作表填写适用日期，或用 --on 写明")
    overriding = tuple(f"{label} {value}" for label, value in said.items() if value)
    return Options(id, place or run.place or None, day, known_on or run.known_on, under, overriding)
