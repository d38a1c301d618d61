"""What the command line prints: tables on a terminal, JSON for programs, errors on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from attrs import asdict
from rich.cells import cell_len
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import track
from rich.table import Table

from jiangbu.desk import words
from jiangbu.desk.basis import KNOWN, STATUS
from jiangbu.desk.calculation import Calculation
from jiangbu.desk.findings import in_chinese
from jiangbu.desk.problems import DeskError
from jiangbu.errors import Finding
from jiangbu.money import capital, to_fen
from jiangbu.rules.book import Entry
from jiangbu.rules.check import Checked
from jiangbu.rules.check.promises import Kept

T = TypeVar("T")
# Above this many rows a person wants to see that something moves.
PROGRESS_FROM = 2_000
WIDTH_OF_A_PIPE = 120
_ENGLISH = {
    "应付": "payable",
    "按规定为零": "nil by rule",
    "不予支持": "refused",
    "数据问题": "data problems",
    "搁置": "set aside",
    "总行数": "rows",
    "核定金额": "amount decided",
    "已付金额": "paid before",
    "本次应付": "due now",
    "多付": "paid in excess",
    "结论": "outcome",
    "行数": "rows",
    "金额（元）": "yuan",
    "大写": "in capital numerals",
    "合计": "total",
    "填写的是": "found",
    "表中是": "found",
    "应为": "expected",
    "处理": "remedy",
    "错误": "error",
    "提醒": "warning",
    "问题": "problem",
    "示例点": "witness",
    "算式": "formula",
    "原文": "text",
    "改法": "remedy",
    "已写出": "written",
    "办法编号": "id",
    "地区": "place",
    "名称": "title",
    "性质": "status",
    "有效期": "validity",
    "依据": "document",
    "来源": "known",
}


def say(lang: str, text: str) -> str:
    """A word of the desk in Chinese or English."""
    return _ENGLISH.get(text, text) if lang == "en" else text


def output() -> Console:
    """The console for results; of a fixed width where it is no terminal, so that tables stay whole."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE, highlight=False, markup=False)


def print_json(data: Any) -> None:
    """Print data as JSON; amounts and days stand in it as text."""
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def print_error(error: DeskError) -> None:
    """Print what could not be used: where, what was found, what to do."""
    print(f"错误：{error.where}：{error.found}", file=sys.stderr)
    print(f"处理：{error.remedy}", file=sys.stderr)


def print_note(text: str) -> None:
    """Print something that a person should know and that stops nothing."""
    print(f"说明：{text}", file=sys.stderr)


def print_page(text: str) -> None:
    """Print a page of Markdown: laid out on a terminal, as it stands into a file or a pipe."""
    if sys.stdout.isatty():
        output().print(Markdown(text))
    else:
        output().print(text, soft_wrap=True)


def entry_data(entry: Entry) -> dict[str, Any]:
    """One scheme for ``schemes --json``."""
    effective, document = entry.effective, entry.document
    return {
        "id": entry.id,
        "place": entry.place,
        "title": entry.title,
        "status": entry.status,
        "from": str(effective.from_),
        "until": None if effective.until is None else str(effective.until),
        "document": document.number if document else None,
        "known": document.known if document else None,
        "path": entry.path,
    }


def print_entries(entries: Sequence[Entry], lang: str) -> None:
    """Print the schemes as a table: id, place, title, validity, status, document and how we know it."""
    table = Table(show_lines=False)
    for head in ("办法编号", "地区", "名称", "性质", "有效期", "依据", "来源"):
        table.add_column(say(lang, head), overflow="fold", no_wrap=head in ("办法编号", "地区", "性质", "来源"))
    for entry in entries:
        document = entry.document
        status = entry.status
        known: str = document.known if document else "—"
        days = f"{entry.effective.from_} … {entry.effective.until or ''}"
        if lang == "zh":
            status = STATUS.get(entry.status, entry.status)
            known = KNOWN[document.known].partition("，")[0] if document else "—"
            days = words.validity(entry.effective)
        number = document.number if document else "—"
        table.add_row(entry.id, entry.place, entry.title, status, days, number, known)
    output().print(table)


def print_checked(schemes: Iterable[Checked], lang: str) -> None:
    """Print what was tried for each scheme, and how far each promise was shown to hold."""
    console = output()
    for one in schemes:
        if lang == "en":
            console.print(f"{one.file}: {one.worked} worked cases, {one.made} made cases", soft_wrap=True)
        else:
            console.print(f"{one.file}：算例 {one.worked} 个，自拟边界算例 {one.made} 个", soft_wrap=True)
        for kept in one.promises:
            console.print(f"    {_promise(kept, lang)}", soft_wrap=True)


def _promise(kept: Kept, lang: str) -> str:
    name = f"{kept.promise.kind} {kept.promise.what or '、'.join(kept.promise.names)}"
    if kept.counter:
        return f"{name}: broken" if lang == "en" else f"承诺 {name}：不成立"
    if kept.proved:
        return f"{name}: proved" if lang == "en" else f"承诺 {name}：已逐点验证，成立"
    tried = f"{kept.points:,}"
    return f"{name}: held at {tried} points" if lang == "en" else f"承诺 {name}：试了 {tried} 点，未见反例"


def print_findings(findings: Sequence[Finding], lang: str) -> None:
    """Print the findings of a check, one block each, and how many there are."""
    console = output()
    for one in told(findings, lang):
        severity = say(lang, "错误" if one.severity == "error" else "提醒")
        gloss = words.FINDINGS.get(one.code, "") if lang == "zh" else ""
        code = f"{one.code} {gloss}".strip()
        console.print(f"{one.file}:{one.line}  {severity} [{code}]  {one.where}".rstrip(), soft_wrap=True)
        for label, text in (("问题", one.message), ("示例点", one.witness), ("改法", one.remedy)):
            if text:
                # Carets stand below their formula: its first line is pushed in by the label, the next ones as far.
                is_formula = label == "示例点" and "\n" in text
                label = ("原文" if one.code == "toml" else "算式") if is_formula else label
                head = f"    {say(lang, label)}{': ' if lang == 'en' else '：'}"
                console.print(head + text.replace("\n", "\n" + " " * cell_len(head)), soft_wrap=True)
    errors = sum(one.severity == "error" for one in findings)
    warnings = len(findings) - errors
    console.print(f"{errors} errors, {warnings} warnings" if lang == "en" else f"错误 {errors} 条，提醒 {warnings} 条")


def told(findings: Iterable[Finding], lang: str) -> list[Finding]:
    """The findings in the language of the desk."""
    return [in_chinese(one) for one in findings] if lang == "zh" else list(findings)


def finding_data(findings: Iterable[Finding], lang: str) -> list[dict[str, Any]]:
    """The findings for ``check --json``; programs act on their codes, people read the rest."""
    return [asdict(one) for one in told(findings, lang)]


def calculation_data(calculation: Calculation, target: Path) -> dict[str, Any]:
    """The outcome of a run for ``calculate --json``; every amount as text in yuan."""
    sums = calculation.sums
    return {
        "scheme": calculation.scheme.id,
        "place": calculation.scheme.place,
        "on": str(calculation.options.on),
        "notices": list(calculation.scheme.notices()),
        "rows": sums.rows,
        "counts": dict(sums.counts),
        "amount": str(sums.amount),
        "paid": str(sums.paid),
        "due": str(sums.due),
        "over": str(sums.over),
        "capital": capital(to_fen(sums.due)),
        "problems": [asdict(problem) for _, problem in calculation.problems],
        "notes": [*calculation.notes, *calculation.alike],
        "output": str(target),
    }


def print_calculation(calculation: Calculation, target: Path, lang: str) -> None:
    """Print notices, counts, totals in figures and capital numerals, and every data problem with its cell."""
    console = output()
    console.print(f"{calculation.scheme.title}（{calculation.scheme.id}，{calculation.options.on}）")
    for notice in calculation.scheme.notices():
        console.print(f"【{notice}】")
    sums = calculation.sums
    counts = Table()
    for head in ("结论", "行数", "核定金额"):
        counts.add_column(say(lang, head), justify="left" if head == "结论" else "right")
    for outcome, label in words.OUTCOMES.items():
        amount = f"{sums.amount:,.2f}" if outcome == "payable" else ""
        counts.add_row(say(lang, label), str(sums.counts[outcome]), amount)
    counts.add_section()
    counts.add_row(say(lang, "总行数"), str(sums.rows), f"{sums.amount:,.2f}")
    console.print(counts)
    totals: Mapping[str, Any] = {"核定金额": sums.amount, "已付金额": sums.paid}
    totals = {**totals, "本次应付": sums.due, "多付": sums.over} if sums.paid else {"核定金额": sums.amount}
    for label, total in totals.items():
        console.print(f"{say(lang, label)} {total:,.2f} 元　{capital(to_fen(total))}", soft_wrap=True)
    _print_problems(console, calculation, lang)
    console.print(f"{say(lang, '已写出')}：{target}", soft_wrap=True)


def print_written(target: Path, title: str, notices: Sequence[str], lang: str) -> None:
    """Print what was written, and the sentences that every output of its rule carries."""
    console = output()
    console.print(f"{title}", soft_wrap=True)
    for notice in notices:
        console.print(f"【{notice}】", soft_wrap=True)
    console.print(f"{say(lang, '已写出')}：{target}", soft_wrap=True)


def _print_problems(console: Console, calculation: Calculation, lang: str) -> None:
    for decision, problem in calculation.problems:
        name = decision.case.subject.get("name", "")
        code = problem.code if lang == "en" else words.CODES.get(problem.code, problem.code)
        found = f"{say(lang, '填写的是')} {problem.found}；{say(lang, '应为')} {problem.expected}"
        remedy = f"{say(lang, '处理')}：{problem.remedy}"
        console.print(f"{problem.path} {name} {code}：{found}；{remedy}", soft_wrap=True)


def watched(items: Sequence[T], description: str) -> Iterable[T]:
    """The items, with a progress bar on stderr where there are many."""
    if len(items) <= PROGRESS_FROM:
        return items
    return track(items, description=description, console=Console(stderr=True), transient=True)


@contextmanager
def readable_streams() -> Iterator[None]:
    """Let a terminal that lacks a character show a question mark in its place, and not stop the run."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    yield
