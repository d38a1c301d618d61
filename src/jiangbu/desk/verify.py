"""Verifying a calculated workbook: everything is computed anew and every cell that differs is listed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, frozen

from jiangbu.desk.calculation import Calculation, calculate
from jiangbu.desk.cell_formulas import formulas
from jiangbu.desk.cell_names import name_of, rows_sheets
from jiangbu.desk.compare import Book, Difference, Namer, differences
from jiangbu.desk.heads import squash
from jiangbu.desk.previous import FROM_PREVIOUS, with_paid_column
from jiangbu.desk.reader import Application, read_workbook
from jiangbu.desk.recompute import ReadBack, recompute, reopen
from jiangbu.desk.said import Said
from jiangbu.desk.workbook import open_sheets
from jiangbu.desk.writer import write_workbook
from jiangbu.rules.book import RuleBook
from jiangbu.rules.scheme import Scheme


@frozen
class Verified:
    """What came of verifying a workbook: the rule, the cells compared, the differences, and what stays unproved.

    ``tables`` are the ids of rule tables that changed since; ``unchecked`` the sheets that are none of ours.
    """

    file: str
    scheme: Scheme
    said: Said
    cells: int
    differences: tuple[Difference, ...]
    tables: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    against: str = ""
    version: str = ""
    unproved: tuple[str, ...] = ()


def verify(path: Path, book: RuleBook, against: Path | None = None) -> Verified:
    """Compute a calculated workbook anew and compare every cell, values and formulas.

    :param against: the application that it was calculated from; without it the facts are those of the workbook.
    :raises DeskError: for a file that is no calculated workbook, or that cannot be computed without the application.
    """
    back = reopen(path, book)
    unproved: tuple[str, ...] = ()
    if against is not None:
        application, unproved = _application(against, back)
        calculation = calculate(book, back.scheme, back.said.options, application)
    else:
        calculation = recompute(back, book).calculation
    expected, names = _expected(calculation, Path(back.said.source or "申报表.xlsx"))
    book_found = Book(back.sheets, {squash(title): cells for title, cells in formulas(path).items()})
    unlike = tuple(differences(book_found, expected, names, against is not None))
    return Verified(
        path.name,
        back.scheme,
        back.said,
        sum(sheet.height * sheet.width for sheet in expected.sheets.values()),
        unlike,
        back.said.changed_tables(back.scheme),
        tuple(sheet.name for title, sheet in back.sheets.items() if title not in expected.sheets),
        against.name if against is not None else "",
        back.said.version,
        (*unproved, *_unproved(against)),
    )


def _application(path: Path, back: ReadBack) -> tuple[Application, tuple[str, ...]]:
    """The application as it stands; what an earlier workbook filled in is taken from the calculated one."""
    application, written = read_workbook(open_sheets(path), back.scheme), back.application
    earlier = tuple(note for note in written.notes if note.startswith(FROM_PREVIOUS))
    if not earlier:
        return application, ()
    paid = {case.row: case.paid for case in written.cases}
    cases = tuple(evolve(case, paid=paid.get(case.row, case.paid)) for case in application.cases)
    notes = (*application.notes, *(note for note in written.notes if note not in application.notes))
    filled = evolve(application, heads=with_paid_column(application.heads), cases=cases, notes=notes)
    return filled, ("已付金额取自上批测算表，这里按本表所写，请与上批测算表核对",)


def _expected(calculation: Calculation, source: Path) -> tuple[Book, Namer]:
    """The workbook as the rule makes it, and what each of its cells is called."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "应为.xlsx"
        write_workbook(calculation, source, target)
        sheets = {squash(sheet.name): sheet for sheet in open_sheets(target)}
        book = Book(sheets, {squash(title): cells for title, cells in formulas(target).items()})
    rows = {squash(title): one for title, one in rows_sheets(calculation, {s.name: s for s in sheets.values()}).items()}

    def name(title: str, row: int, column: int) -> str:
        key = squash(title)
        return name_of(sheets[key], rows.get(key), row, column)

    return book, name


def _unproved(against: Path | None) -> Iterator[str]:
    yield "不证明申报的数据真实，请核对证明材料"
    if against is None:
        yield "不防有人改了数据、重新计算又换掉摘要：请用 --against 原申报表 再核对一次"
    else:
        yield "不证明所给的申报表就是当初报来的那一份，原件请另行留底"
