"""LibreOffice, told to recalculate, gets what we got: every line, condition, amount and outcome of every row."""

import datetime
from random import Random

from live_books import DAY, broken_cells, differences, drawn, write

from desk.soffice import recalculated
from jiangbu import RuleBook
from jiangbu.errors import NotInForce, TableError
from jiangbu.testing import book_of, table_text

TABLES, ROWS = 40, 12


def random_schemes():
    """Random tables of one level."""
    for seed in range(1000):
        rng = Random(seed)
        try:
            scheme = book_of(table_text(rng)).scheme("random-table", place="999999", on=DAY)
        except TableError:
            continue
        if scheme.tree.flat:
            yield scheme, rng


def shipped_schemes():
    """Every shipped scheme of one level, on a day on which it is in force."""
    book = RuleBook.load()
    for entry in book.entries():
        plain = book.scheme(entry.id, place=entry.place)
        first = plain.effective.from_
        days = [DAY, first if isinstance(first, datetime.date) else datetime.date(2024, 6, 30)]
        for day in days if entry.pays and plain.tree.flat and plain.program.flat is not None else ():
            try:
                yield book.scheme(entry.id, place=entry.place, on=day, under=plain.document.number), Random(entry.id)
                break
            except NotInForce:
                continue


def compared(folder, schemes, rows):
    """Write a workbook for each scheme, recalculate them all at once, and collect what differs."""
    written = {}
    for number, (scheme, rng) in enumerate(schemes):
        calculation = drawn(scheme, rng, rows)
        path = folder / f"book{number}.xlsx"
        written[path] = calculation, write(path, calculation)
    cells = recalculated(folder, list(written))
    wrong, beyond, total, broken = {}, 0, 0, {}
    for path, (calculation, table) in written.items():
        found, more = differences(calculation, table, cells[path.stem]["测算表"])
        beyond, total = beyond + more, total + len(calculation.decisions) * len(table.columns)
        if found:
            wrong[path.stem, calculation.scheme.id] = found[:5]
        if broken_cells(cells[path.stem]):
            broken[path.stem, calculation.scheme.id] = broken_cells(cells[path.stem])
    return wrong, broken, beyond, total


def test_random_tables(tmp_path):
    """Random tables, random rows, near every boundary: each cell as we have it, and few beyond precision."""
    schemes = [scheme for scheme, _ in zip(random_schemes(), range(TABLES), strict=False)]
    wrong, broken, beyond, total = compared(tmp_path, schemes, ROWS)
    assert {} == wrong
    assert {} == broken
    assert beyond * 10 < total


def test_shipped_tables(tmp_path):
    """Every shipped scheme of one level: each cell as we have it, and none beyond precision."""
    wrong, broken, beyond, _ = compared(tmp_path, shipped_schemes(), 40)
    assert {} == wrong
    assert {} == broken
    assert 0 == beyond
