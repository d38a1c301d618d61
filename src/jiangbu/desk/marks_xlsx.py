"""The marks of every sheet of an xlsx file, found by scanning the bytes of its sheets.

A sheet of a million cells is read twice, here and by the workbook reader; here only what is searched for costs time.
A sheet whose XML is written in a way that the patterns were not made for is given to a real parser.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from html import unescape
from posixpath import join, normpath
from typing import IO

from attrs import define, field

from jiangbu.desk.marks import NOT_CALCULATED, Marks, Position, is_percent, walk

CHUNK = 1 << 20
# A row of the widest sheet is shorter; what has no end of a row for so long is left to the parser.
LONGEST_ROW = 16 * CHUNK

_IS = rb"\s%s\s*=\s*[\"'](?:%s)[\"']"
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"'](?:utf-8|us-ascii)[\"']", re.I)
_VALUE = re.compile(rb"\sr=[\"']([A-Z]{1,3})(\d{1,7})[\"'](?:[^>]*[^/>])?>\s*<[^/]")
_PLACE = re.compile(_IS % (b"r", rb"([A-Z]{1,3}\d{1,7})"))
_TEXT = re.compile(rb"<(?:x:)?[vt](?:\s[^>]*)?>([^<]*)<")
_ERROR_KIND = re.compile(rb"t\s*=\s*[\"']e[\"']")
_ERROR = re.compile(rb"<(?:x:)?c(?=\s)([^>]*" + _IS % (b"t", b"e") + rb"[^>]*)>")
_FORMULA = re.compile(
    rb"<(?:x:)?c(?=\s)([^>]*[^>/])>\s*<(?:x:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:x:)?f>)\s*"
    rb"(?:<(?:x:)?v\s*/>|<(?:x:)?v\s*></(?:x:)?v>)?\s*</(?:x:)?c>"
)
_STRING_OR_ERROR = re.compile(_IS % (b"t", b"str|e"))
_HIDDEN = re.compile(rb"<(?:x:)?row(?=\s)([^>]*" + _IS % (b"hidden", b"1|true") + rb"[^>]*)>")
_NUMBER = re.compile(_IS % (b"r", rb"(\d{1,7})"))


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

    walk(archive, "xl/_rels/workbook.xml.rels", relation)
    walk(archive, "xl/workbook.xml", sheet)
    percent = _percent_styles(archive)
    return {name: _sheet(archive, targets.get(key, ""), percent) for name, key in sheets.items()}


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
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

    walk(archive, "xl/styles.xml", start)
    return {str(index) for index, number in enumerate(styles) if number in formats}


def _sheet(archive: zipfile.ZipFile, member: str, percent: set[str]) -> Marks:
    if member not in archive.namelist():
        return Marks()
    with archive.open(member) as stream:
        marks = scanned(stream, percent)
    return parsed(archive, member, percent) if marks is None else marks


def scanned(stream: IO[bytes], percent: Iterable[str], *, chunk: int = CHUNK) -> Marks | None:
    """The marks of one sheet found by patterns; None where it is written in a way that they were not made for.

    Reads ``chunk`` bytes at a time, and stops early once the values reach further than the desk reads.
    """
    marks = Marks()
    styles = b"|".join(sorted(style.encode() for style in percent))
    percents = re.compile(rb"<(?:x:)?c(?=\s)([^>]*" + _IS % (b"s", styles) + rb"[^>]*)>") if styles else None
    rest = stream.read(chunk)
    if not _DECLARED.match(rest):
        return None
    while rest and not marks.too_large:
        piece = stream.read(chunk)
        end = max(rest.rfind(b"</row"), rest.rfind(b"</x:row")) if piece else len(rest)
        if b"<!" in rest or (end < 0 and len(rest) > LONGEST_ROW):
            return None
        if end > 0:
            _rows(rest[:end], percents, marks)
        rest = rest[max(end, 0) :] + piece
    return marks


def _rows(rows: bytes, percents: re.Pattern[bytes] | None, marks: Marks) -> None:
    """Look through some whole rows of a sheet."""
    found = _VALUE.findall(rows)
    if found:
        columns = [_position(f"{letters.decode()}1") for letters in {letters for letters, _ in found}]
        last = max(int(number) for number in {number for _, number in found})
        marks.reach(last - 1, max(place[1] for place in columns if place))
    for tag in percents.finditer(rows) if percents else ():
        place = _place(tag[1])
        if place:
            marks.percents.add(place)
    for tag in _FORMULA.finditer(rows) if b"<f" in rows or b"<x:f" in rows else ():
        place = _place(tag[1])
        if place and not _STRING_OR_ERROR.search(tag[1]):
            marks.errors[place] = NOT_CALCULATED
    for tag in _ERROR.finditer(rows) if _ERROR_KIND.search(rows) else ():
        place = _place(tag[1])
        if place:
            marks.errors[place] = _error_text(rows, tag) or "#VALUE!"
    for tag in _HIDDEN.finditer(rows) if b"hidden" in rows else ():
        number = _NUMBER.search(tag[1])
        if number:
            marks.hidden_rows.add(int(number[1]) - 1)


def _place(attributes: bytes) -> Position | None:
    found = _PLACE.search(attributes)
    return _position(found[1].decode()) if found else None


def _error_text(rows: bytes, tag: re.Match[bytes]) -> str:
    if tag[1].endswith(b"/"):
        return ""
    end = rows.find(b"</c", tag.end()) if rows[tag.start() + 1] != ord("x") else rows.find(b"</x:c", tag.end())
    return unescape(b"".join(_TEXT.findall(rows, tag.end(), end)).decode())


@define
class _Cell:
    """The cell that the parser is in: where, whether it is an error, has a formula, and its value's text."""

    position: Position | None = None
    kind: str = ""
    formula: bool = False
    text: list[str] = field(factory=list)
    in_value: bool = False


def parsed(archive: zipfile.ZipFile, member: str, percent: set[str]) -> Marks:
    """The marks of one sheet as an XML parser finds them, whatever way the sheet is written."""
    marks = Marks()
    cell = _Cell()

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

    walk(archive, member, start, data, end)
    return marks


def _position(reference: str) -> Position | None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference)
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match.group(2)) - 1, column - 1
