"""The marks of every sheet of an ods file."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping

from jiangbu.desk.marks import Marks, Position, walk


def ods_marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of every sheet of an ods file, by sheet name."""
    found: dict[str, Marks] = {}
    here = {"row": 0, "rows": 1, "column": 0, "columns": 1}
    errors: list[Position] = []
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            found[attributes.get("table:name", "")] = Marks()
            here.update(row=0)
        elif not found:
            return
        elif tag == "table:table-row":
            here.update(rows=_repeated(attributes, "rows"), column=0)
            if attributes.get("table:visibility") in ("collapse", "filter"):
                _latest(found).hidden_rows.update(range(here["row"], here["row"] + min(here["rows"], 10**6)))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            here.update(columns=_repeated(attributes, "columns"))
            _ods_cell(_latest(found), (here["row"], here["column"]), here, attributes, errors)
            text.clear()

    def data(piece: str) -> None:
        if errors:
            text.append(piece)

    def end(tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            for position in errors:
                _latest(found).errors[position] = "".join(text).strip() or "#VALUE!"
            errors.clear()
            here["column"] += here["columns"]
        elif tag == "table:table-row":
            here["row"] += here["rows"]

    walk(archive, "content.xml", start, data, end)
    return found


def _ods_cell(
    marks: Marks,
    position: Position,
    here: Mapping[str, int],
    attributes: Mapping[str, str],
    errors: list[Position],
) -> None:
    kind = attributes.get("office:value-type", "")
    row, column = position
    down, across = (_count(attributes.get(f"table:number-{what}-spanned", "1")) for what in ("rows", "columns"))
    if down > 1 or across > 1:
        marks.merged.append((position, (row + down - 1, column + across - 1)))
    failed = attributes.get("calcext:value-type") == "error"
    if not kind and not failed:
        return
    marks.reach(row + here["rows"] - 1, column + here["columns"] - 1)
    # A sheet that repeats an error or a percentage over more than this is beyond what the desk reads anyway.
    block = [(row + i, column + j) for i in range(min(here["rows"], 1000)) for j in range(min(here["columns"], 100))]
    if kind == "percentage":
        marks.percents.update(block)
    if failed:
        errors.extend(block)


def _latest(found: Mapping[str, Marks]) -> Marks:
    return next(reversed(list(found.values())))


def _repeated(attributes: Mapping[str, str], what: str) -> int:
    return _count(attributes.get(f"table:number-{what}-repeated", "1"))


def _count(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 8 else 1
