"""Several levels: sums and shares recalculated by LibreOffice are ours, on every sheet."""

import datetime
from random import Random

from live_books import DAY
from tree_books import tree_calculation, tree_differences, write_tree

from desk.soffice import recalculated
from jiangbu import RuleBook
from jiangbu.errors import TableError
from jiangbu.testing import book_of, table_text

TABLES, CASES = 16, 4


def random_trees():
    """Random tables of several levels, each with its book."""
    for seed in range(5000, 6000):
        rng = Random(seed)
        book = book_of(table_text(rng))
        try:
            scheme = book.scheme("random-table", place="999999", on=DAY)
        except TableError:
            continue
        if not scheme.tree.flat:
            yield book, scheme, rng, CASES


def shipped_trees():
    """Every shipped scheme of several levels whose rows a sheet can hold."""
    book = RuleBook.load()
    for entry in book.entries():
        plain = book.scheme(entry.id, place=entry.place)
        made = any(level.object or level.made_by for level in plain.tree.by_name.values())
        if entry.pays and not plain.tree.flat and not made:
            first = plain.effective.from_
            day = first if isinstance(first, datetime.date) else DAY
            scheme = book.scheme(entry.id, place=entry.place, on=day, under=plain.document.number)
            yield book, scheme, Random(entry.id), 12


def test_every_level_agrees(tmp_path):
    """Random and shipped tables of several levels: each cell of each level as we have it."""
    random = [found for found, _ in zip(random_trees(), range(TABLES), strict=False)]
    written = {}
    for number, (book, scheme, rng, cases) in enumerate([*shipped_trees(), *random]):
        calculation = tree_calculation(book, scheme, rng, cases)
        path = tmp_path / f"tree{number}.xlsx"
        written[path] = calculation, write_tree(path, calculation)
    cells = recalculated(tmp_path, list(written))
    wrong, beyond, total = {}, 0, 0
    for path, (calculation, tables) in written.items():
        found, more, all_cells = tree_differences(calculation, tables, cells[path.stem])
        beyond, total = beyond + more, total + all_cells
        if found:
            wrong[path.stem, calculation.scheme.id] = found[:4]
    assert {} == wrong
    assert beyond * 10 < total
