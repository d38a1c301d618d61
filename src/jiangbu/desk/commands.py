"""The commands of ``jiangbu``: schemes, show, check, calculate, settle …; each returns its exit code."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from jiangbu.audit import differences, second_opinion
from jiangbu.desk import console
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.cells import read_date, take
from jiangbu.desk.lookup import find_scheme, load_book
from jiangbu.desk.problems import DeskError
from jiangbu.desk.proof import prove
from jiangbu.desk.reader import Run, read_run, read_workbook
from jiangbu.desk.settle import settle_workbooks
from jiangbu.desk.settle_report import print_settlement, settlement_data
from jiangbu.desk.settle_sheets import write_settlement
from jiangbu.desk.template import form_version, write_template
from jiangbu.desk.workbook import open_sheets
from jiangbu.desk.writer import check_target, write_workbook
from jiangbu.errors import Finding, NotInForce, Problem, TableError
from jiangbu.rules.book import Entry, RuleBook
from jiangbu.rules.check import Report, files_at, report
from jiangbu.rules.check.mutate import mutate as mutations
from jiangbu.rules.places import chain_of
from jiangbu.rules.scheme import Scheme

DONE, FINDINGS = 0, 1
Lang = Literal["zh", "en"]

Tables = Annotated[list[Path] | None, typer.Option("--tables", metavar="文件夹", help="另加的规则表文件夹，可写多次")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Language = Annotated[str, typer.Option("--lang", metavar="zh|en", help="输出语言")]
Place = Annotated[str | None, typer.Option("--place", metavar="代码", help="地区代码，如 620825")]
On = Annotated[str | None, typer.Option("--on", metavar="日期", help="适用日期，如 2024-12-31")]

app = typer.Typer(
    name="jiangbu",
    help="按公布的奖补办法准确计算、逐项说明。",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command("schemes", help="列出全部办法：地区、有效期、性质、来源。")
def schemes(
    tables: Tables = None, place: Place = None, on: On = None, as_json: AsJson = False, lang: Language = "zh"
) -> int:
    """List the schemes of a place and those above it, on a day only those in force."""
    _lang(lang)
    book = load_book(tables or ())
    day = _day(on, "--on")
    found = [entry for entry in book.entries() if place is None or entry.place in chain_of(place)]
    if day is not None:
        found = [entry for entry in found if _in_force(book, entry, day)]
    if as_json:
        console.print_json([console.entry_data(entry) for entry in found])
    else:
        console.print_entries(found, lang)
    return DONE


@app.command("show", help="把一个办法印成一页：档次、条件、算式、算例、理解。")
def show(
    scheme: Annotated[str, typer.Argument(metavar="办法编号")],
    tables: Tables = None,
    place: Place = None,
    on: On = None,
    known_on: Annotated[str | None, typer.Option("--known-on", metavar="日期", help="知悉日期")] = None,
    under: Annotated[str | None, typer.Option("--under", metavar="文号", help="指定文件")] = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Print a rule as a page that a clerk can read."""
    from jiangbu.rules.words.page import page

    language = _lang(lang)
    days = {"on": _day(on, "--on"), "known_on": _day(known_on, "--known-on")}
    found = find_scheme(load_book(tables or ()), scheme, place=place, under=under, **days)
    text = page(found, lang=language)
    if as_json:
        heads = {"id": found.id, "place": found.place, "title": found.title, "digest": found.digest}
        console.print_json({**heads, "notices": list(found.notices()), "page": text})
    else:
        console.print_page(text)
    return DONE


@app.command("check", help="检查规则表：缺口、重叠、算例、承诺……，逐条写明文件和行号。")
def check(
    target: Annotated[Path | None, typer.Argument(metavar="[文件夹|文件.toml]")] = None,
    mutate: Annotated[bool, typer.Option("--mutate", help="逐一改动数字和边界，看算例是否察觉")] = False,
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Print the findings of a folder or file, or of all shipped tables; 1 where there is an error."""
    _lang(lang)
    found, unnoticed = _check(target, tables or (), mutate)
    findings = [*found.findings, *unnoticed]
    if as_json:
        console.print_json(console.finding_data(findings, lang))
    else:
        console.print_checked(found.schemes, lang)
        console.print_findings(findings, lang)
    return FINDINGS if any(one.severity == "error" for one in findings) else DONE


@app.command("template", help="生成申报表样：表头、填写提示、输入检查和样例。")
def template_command(
    scheme: Annotated[str, typer.Argument(metavar="办法编号")],
    target: Annotated[Path, typer.Option("-o", "--output", metavar="申报表.xlsx", help="写到哪个文件")],
    place: Place = None,
    on: On = None,
    known_on: Annotated[str | None, typer.Option("--known-on", metavar="日期", help="知悉日期")] = None,
    under: Annotated[str | None, typer.Option("--under", metavar="文号", help="指定文件")] = None,
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Write the template of a scheme; an existing file is left alone."""
    _lang(lang)
    day, known = _day(on, "--on"), _day(known_on, "--known-on")
    found = find_scheme(load_book(tables or ()), scheme, place=place, on=day, known_on=known, under=under)
    write_template(found, target, day)
    if as_json:
        heads = {"id": found.id, "place": found.place, "title": found.title, "version": form_version(found)}
        console.print_json({**heads, "notices": list(found.notices()), "written": str(target)})
    else:
        console.print_written(target, found.title, found.notices(), lang)
    return DONE


@app.command("calculate", help="计算申报表，写出测算表。")
def calculate_command(
    source: Annotated[Path, typer.Argument(metavar="申报表.xlsx")],
    target: Annotated[Path, typer.Option("-o", "--output", metavar="测算表.xlsx", help="写到哪个文件")],
    scheme: Annotated[str | None, typer.Option("--scheme", metavar="编号", help="办法编号")] = None,
    place: Place = None,
    on: On = None,
    known_on: Annotated[str | None, typer.Option("--known-on", metavar="日期", help="知悉日期")] = None,
    under: Annotated[str | None, typer.Option("--under", metavar="文号", help="指定文件")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有不予支持的行也按有问题退出")] = False,
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Calculate an application workbook; 1 where a row is unreadable, or with ``strict`` refused."""
    _lang(lang)
    book = load_book(tables or ())
    check_target(source, target)
    sheets = open_sheets(source)
    run = read_run(sheets)
    options = _options(run, scheme, place, _day(on, "--on"), _day(known_on, "--known-on"), under)
    days = {"on": options.on, "known_on": options.known_on}
    found = find_scheme(book, options.scheme, place=options.place, under=options.under, **days)
    prove(book, found)
    title = run.title
    if title and title != found.title and not scheme:
        console.print_note(f"说明中的办法名称“{title}”与规则表“{found.title}”不一致，按办法编号计算")
    if run.template.startswith("1-") and run.template != form_version(found):
        console.print_note("表样是按另一版规则表做的，请核对各列填写的要求是否有变化")
    application = read_workbook(sheets, found, console.watched)
    result = calculate(book, found, options, application, console.watched)
    write_workbook(result, source, target, console.watched)
    if as_json:
        console.print_json(console.calculation_data(result, target))
    else:
        console.print_calculation(result, target, lang)
        for note in result.notes:
            console.print_note(note)
    counts = result.sums.counts
    unreadable = counts["unreadable"] or any(result.problems)
    return FINDINGS if unreadable or (strict and counts["refused"]) else DONE


@app.command("settle", help="把几份测算表中不得重复享受的奖补合并择优，写出择优明细。")
def settle_command(
    sources: Annotated[list[Path], typer.Argument(metavar="测算表.xlsx …", help="两份以上测算表")],
    target: Annotated[Path, typer.Option("-o", "--output", metavar="择优明细.xlsx", help="写到哪个文件")],
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Settle calculated workbooks of schemes that exclude one another; 1 where a row has to wait."""
    _lang(lang)
    joint = settle_workbooks(sources, load_book(tables or ()))
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


def _check(target: Path | None, tables: Sequence[Path], mutate: bool) -> tuple[Report, Sequence[Finding]]:
    """What the checker reports of the target, or of every table; and the changes that nothing notices."""
    if target is not None and not target.exists():
        raise DeskError(str(target), "没有这个文件夹或文件", "请核对规则表所在的位置")
    book = load_book(tables)
    files = files_at(book, target) if target is not None else list(book.files)
    if target is not None and not files:
        book = load_book([*tables, target])
        files = files_at(book, target)
    if not files:
        raise DeskError(
            str(target), "没有找到规则表", "规则表的文件名以 .toml 结尾；请核对位置和文件名（不要成了 .toml.txt）"
        )
    found = report(book, files, second_opinion=second_opinion, differences=differences)
    changed = [file.path for file in files if file.kind == "scheme"] if mutate else []
    return found, [finding for path in changed for finding in mutations(book, path)]


def _in_force(book: RuleBook, entry: Entry, day: datetime.date) -> bool:
    try:
        found: Scheme = book.scheme(entry.id, place=entry.place, on=day)
    except NotInForce:
        return False
    except TableError:
        return True
    return found.path == entry.path


def _day(text: str | None, option: str) -> datetime.date | None:
    if text is None:
        return None
    day = read_date(take(text), option)
    if isinstance(day, Problem):
        raise DeskError(option, f"填写的是“{day.found}”，应为{day.expected}", day.remedy)
    return day


def _lang(text: str) -> Lang:
    if text == "en":
        return "en"
    if text == "zh":
        return "zh"
    raise DeskError("--lang", f"没有这种语言“{text}”", "请写 zh（中文）或 en（英文）")
