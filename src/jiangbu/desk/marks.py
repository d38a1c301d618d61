"""What the workbook reader keeps to itself: error cells, percent formats, hidden rows, extent, merged cells of ods.

python-calamine gives an error cell as an empty one, and no formats. An error must never be taken for a blank,
nor 4.35% under a head in percent for 0.0435%, so xlsx and ods are looked through once more for just these.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat

from attrs import define, field, frozen

Position = tuple[int, int]
Block = tuple[Position, Position]
NOT_CALCULATED = "公式尚未计算"


@frozen
class Marks:
    """Of one sheet, with rows and columns from 0; ``rows`` and ``columns`` say how far its values reach."""

    errors: dict[Position, str] = field(factory=dict)
    percents: set[Position] = field(factory=set)
    hidden_rows: set[int] = field(factory=set)
    merged: list[Block] = field(factory=list)
    extent: list[int] = field(factory=lambda: [0, 0])

    def reach(self, row: int, column: int) -> None:
        """Note that there is a value at this position."""
        self.extent[0] = max(self.extent[0], row + 1)
        self.extent[1] = max(self.extent[1], column + 1)


Start = Callable[[str, dict[str, str]], None]


def xlsx_marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of every sheet of an xlsx file, by sheet name."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = normpath(join("/xl", attributes.get("Target", ""))).lstrip("/")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            sheets[attributes.get("name", "")] = next((v for k, v in attributes.items() if k.endswith(":id")), "")

    _walk(archive, "xl/_rels/workbook.xml.rels", relation)
    _walk(archive, "xl/workbook.xml", sheet)
    percent = _xlsx_percent_styles(archive)
    return {name: _xlsx_sheet(archive, targets.get(key, ""), percent) for name, key in sheets.items()}


def _xlsx_percent_styles(archive: zipfile.ZipFile) -> set[str]:
    formats = {"9", "10"}
    styles: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt" and is_percent(attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif tag in ("cellXfs", "cellStyleXfs"):
            inside[:] = [tag]
        elif tag == "xf" and inside == ["cellXfs"]:
            styles.append(attributes.get("numFmtId", ""))

    _walk(archive, "xl/styles.xml", start)
    return {str(index) for index, number in enumerate(styles) if number in formats}


def is_percent(code: str) -> bool:
    """Whether a number format shows a percentage, literal text in it aside.

    >>> is_percent("0.00%"), is_percent('0.00"%"')
    (True, False)
    """
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


@define
class _XlsxCell:
    """The cell that the parser is in: where, whether it is an error, has a formula, and its value's text."""

    position: Position | None = None
    kind: str = ""
    formula: bool = False
    text: list[str] = field(factory=list)
    in_value: bool = False


def _xlsx_sheet(archive: zipfile.ZipFile, member: str, percent: set[str]) -> Marks:
    marks = Marks()
    cell = _XlsxCell()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            cell.position, cell.kind = _position(attributes.get("r", "")), attributes.get("t", "n")
            cell.formula = False
            cell.text.clear()
            if cell.position and attributes.get("s") in percent:
                marks.percents.add(cell.position)
        elif tag == "f":
            cell.formula = True
        elif tag in ("v", "t"):
            cell.in_value = True
        elif tag == "row" and attributes.get("hidden") in ("1", "true") and attributes.get("r", "").isdigit():
            marks.hidden_rows.add(int(attributes["r"]) - 1)

    def data(piece: str) -> None:
        if cell.in_value:
            cell.text.append(piece)

    def end(tag: str) -> None:
        cell.in_value = False
        if tag != "c" or cell.position is None:
            return
        if cell.text:
            marks.reach(*cell.position)
        if cell.kind == "e":
            marks.errors[cell.position] = "".join(cell.text) or "#VALUE!"
        elif cell.formula and not cell.text and cell.kind != "str":
            marks.errors[cell.position] = NOT_CALCULATED

    _walk(archive, member, start, data, end)
    return marks


def _position(reference: str) -> Position | None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference)
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match.group(2)) - 1, column - 1


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

    _walk(archive, "content.xml", start, data, end)
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


def _nothing(_: str) -> None:
    return None


def _walk(
    archive: zipfile.ZipFile,
    member: str,
    start: Start,
    data: Callable[[str], None] = _nothing,
    end: Callable[[str], None] = _nothing,
) -> None:
    if member not in archive.namelist():
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(_local(tag), attributes)
    parser.CharacterDataHandler = data
    parser.EndElementHandler = lambda tag: end(_local(tag))
    stream: IO[bytes]
    with archive.open(member) as stream:
        parser.ParseFile(stream)


def _local(tag: str) -> str:
    # Office writes its own tags without prefix, some tools with "x:"; ods tags keep theirs.
    return tag[2:] if tag.startswith("x:") else tag
