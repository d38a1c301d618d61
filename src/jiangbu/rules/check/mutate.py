"""``check --mutate``: change one number, boundary, rounding or comparison at a time; some case must notice.

A change that no worked case and no promise notices is a finding, unless the table says that it is harmless.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from attrs import frozen

from jiangbu.errors import Finding
from jiangbu.rules.build import build
from jiangbu.rules.check import files_at
from jiangbu.rules.check.cases import Fault, Ran, SchemeOn, run_cases
from jiangbu.rules.check.changes import Change, changes, dotted
from jiangbu.rules.check.promises import search
from jiangbu.rules.check.trials import typical
from jiangbu.rules.determination import Determination
from jiangbu.rules.findings import Findings
from jiangbu.rules.results import Outcome
from jiangbu.rules.scheme import Scheme

if TYPE_CHECKING:
    from jiangbu.rules.book import RuleBook
    from jiangbu.rules.files import TableFile


def mutate(book: RuleBook, path: str | FilePath) -> tuple[Finding, ...]:
    """Return the changes to the schemes of one file or folder of a book that nothing notices, as findings."""
    return tuple(item for file in files_at(book, FilePath(path)) for item in mutate_file(book, file))


def mutate_file(book: RuleBook, file: TableFile) -> tuple[Finding, ...]:
    """Return the changes to one scheme file that nothing notices, as findings; none if the file is broken."""
    if file.kind != "scheme":
        return ()
    first = book.first_day(file)
    built = book.build(file, first)
    if built.scheme is None or file.data is None:
        return ()
    findings = Findings(file.shown, file.text)
    scheme = built.scheme
    harmless = {item.change: at for at, item in enumerate(scheme.harmless)}
    before, ran = _told(lambda day: book.dated(file, day), first)
    every = range(len(scheme.promises))
    kept = set(every) - set(_broken(scheme, ran, every))
    for change in changes(scheme):
        # Of a harmless change the cases alone are asked: searching its promises in vain takes thirty times as long.
        asked = kept if change.name not in harmless else ()
        noticed = _noticed(book, file, change, first, before, asked)
        if noticed and change.name in harmless:
            findings.add(
                "unused",
                ("harmless", harmless[change.name], "change"),
                f"a case notices this change, which is not harmless: {change.name}",
                severity="warning",
                remedy="drop the [[harmless]] entry",
            )
        elif not noticed and change.name not in harmless:
            findings.add(
                "unnoticed",
                change.path,
                f"no case and no promise notices: {change.name}",
                remedy='add a case at that point, or [[harmless]] change = "…" why = "…"',
                name=dotted(change.path),
            )
    return tuple(findings.items)


@frozen
class Told:
    """What the worked cases say of a table: what does not hold, and how each case ends and each of its paid rows."""

    faults: tuple[Fault, ...]
    ends: Mapping[int, tuple[tuple[str, Outcome | None], ...]]


def _told(scheme_on: SchemeOn, first: date | None) -> tuple[Told, list[Ran]]:
    faults: list[Fault] = []
    ran = run_cases(scheme_on, first, faults)
    ends = {item.at: (("", item.result.outcome), *_ends(item.result)) for item in ran}
    return Told(tuple(fault for fault in faults if fault.severity == "error"), ends), ran


def _ends(result: Determination) -> tuple[tuple[str, Outcome | None], ...]:
    return tuple((row.path, row.outcome) for row in result.paid_rows)


def _broken(probe: Scheme, ran: Sequence[Ran], asked: Iterable[int]) -> Iterator[int]:
    """Yield the numbers of those promises among some that have a counter-example."""
    scheme, starts = ran[0].scheme if ran else probe, typical(probe, [item.result for item in ran])
    return (at for at in asked if search(scheme, scheme.promises[at], starts, least=False).counter)


def _noticed(
    book: RuleBook, file: TableFile, change: Change, first: date | None, before: Told, asked: Iterable[int]
) -> bool:
    """Whether cases or promises say of a changed table what they do not say of it as it is."""
    data = copy.deepcopy(dict(file.data or {}))
    change.apply(data)
    memo: dict[date | None, Scheme | None] = {}

    def scheme_on(day: date | None) -> Scheme | None:
        if day not in memo:
            made = build(data, file.text, Findings(file.shown, file.text), book.view(file), day).scheme
            memo[day] = None if made is None else book.on_day(made, file, day)
        return memo[day]

    probe = scheme_on(first)
    if probe is None:
        return True
    told, ran = _told(scheme_on, first)
    return told != before or any(True for _ in _broken(probe, ran, asked))
