"""The commands that look into a calculated workbook: explain, verify; each returns its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jiangbu.desk import console
from jiangbu.desk.arranged import TABLE
from jiangbu.desk.commands.options import DONE, FINDINGS, AsJson, Language, Tables, language
from jiangbu.desk.explain_row import explain_row
from jiangbu.desk.lookup import load_book
from jiangbu.desk.verify import verify
from jiangbu.desk.verify_report import explained_data, print_explained, print_verified, verified_data

Calculated = Annotated[Path, typer.Argument(metavar="测算表.xlsx")]


def explain_command(
    source: Calculated,
    row: Annotated[int, typer.Option("--row", metavar="行号", help="电子表格左侧显示的行号")],
    sheet: Annotated[str, typer.Option("--sheet", metavar="工作表", help="别的工作表，如 农户")] = TABLE,
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Print how one row of a calculated workbook came to what it is."""
    speech = language(lang)
    found = explain_row(source, load_book(tables or ()), row, sheet, speech)
    if as_json:
        console.print_json(explained_data(found))
    else:
        print_explained(found, speech)
    return DONE


def verify_command(
    source: Calculated,
    against: Annotated[Path | None, typer.Option("--against", metavar="申报表.xlsx", help="原申报表")] = None,
    tables: Tables = None,
    as_json: AsJson = False,
    lang: Language = "zh",
) -> int:
    """Compute a calculated workbook anew and list every cell that differs; 1 where one does."""
    speech = language(lang)
    found = verify(source, load_book(tables or ()), against)
    if as_json:
        console.print_json(verified_data(found))
    else:
        print_verified(found, speech)
    return FINDINGS if found.differences or found.tables else DONE
