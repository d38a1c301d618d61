"""The commands that speak of rules: schemes, show, check, template; each returns its exit code."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from jiangbu.audit import differences, second_opinion
from jiangbu.desk import console
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
from jiangbu.desk.problems import DeskError
from jiangbu.desk.template import form_version, write_template
from jiangbu.errors import Finding, NotInForce, TableError
from jiangbu.rules.book import Entry, RuleBook
from jiangbu.rules.check import Report, files_at, report
from jiangbu.rules.check.mutate import mutate as mutations
from jiangbu.rules.places import chain_of
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.words.page import page


def schemes(
    tables: Tables = None, place: Place = None, on: On = None, as_json: AsJson = False, lang: Language = "zh"
) -> int:
    """List the schemes of a place and those above it, on a day only those in force."""
    language(lang)
    book = load_book(tables or ())
    day = day_of(on, "--on")
    found = [entry for entry in book.entries() if place is None or entry.place in chain_of(place)]
    if day is not None:
        found = [entry for entry in found if _in_force(book, entry, day)]
    if as_json:
        console.print_json([console.entry_data(entry) for entry in found])
    else:
        console.print_entries(found, lang)
    return DONE


def show(
    scheme: Annotated[str, typer.Argument(metavar="办法编号")],
    tables: Tables = None,
    place: Place = None,
    on: On = None,
    known_on: KnownOn = None,
    under: Under = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Print a rule as a page that a clerk can read."""
    speech = language(lang)
    days = {"on": day_of(on, "--on"), "known_on": day_of(known_on, "--known-on")}
    book = load_book(tables or ())
    found = find_scheme(book, scheme, place=place, under=under, **days)
    text = page(found, lang=speech, titles=book.titles(found.place))
    if as_json:
        heads = {"id": found.id, "place": found.place, "title": found.title, "digest": found.digest}
        console.print_json({**heads, "notices": list(found.notices()), "page": text})
    else:
        console.print_page(text)
    return DONE


def check(
    target: Annotated[Path | None, typer.Argument(metavar="[文件夹|文件.toml]")] = None,
    mutate: Annotated[bool, typer.Option("--mutate", help="逐一改动数字和边界，看算例是否察觉")] = False,
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Print the findings of a folder or file, or of all shipped tables; 1 where there is an error."""
    language(lang)
    found, unnoticed = _check(target, tables or (), mutate)
    findings = [*found.findings, *unnoticed]
    if as_json:
        console.print_json(console.finding_data(findings, lang))
    else:
        console.print_checked(found.schemes, lang)
        console.print_findings(findings, lang)
    return FINDINGS if any(one.severity == "error" for one in findings) else DONE


def template_command(
    scheme: Annotated[str, typer.Argument(metavar="办法编号")],
    target: Annotated[Path, typer.Option("-o", "--output", metavar="申报表.xlsx", help="写到哪个文件")],
    place: Place = None,
    on: On = None,
    known_on: KnownOn = None,
    under: Under = None,
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Write the template of a scheme; an existing file is left alone."""
    language(lang)
    day, known = day_of(on, "--on"), day_of(known_on, "--known-on")
    found = find_scheme(load_book(tables or ()), scheme, place=place, on=day, known_on=known, under=under)
    write_template(found, target, day)
    if as_json:
        heads = {"id": found.id, "place": found.place, "title": found.title, "version": form_version(found)}
        console.print_json({**heads, "notices": list(found.notices()), "written": str(target)})
    else:
        console.print_written(target, found.title, found.notices(), lang)
    return DONE


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
