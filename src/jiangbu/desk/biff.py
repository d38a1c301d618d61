"""The marks of a sheet (error cells, percent formats, hidden rows) in the older binary xls format.

Only what :mod:`jiangbu.desk.marks` needs is read: the container [MS-CFB] down to stream ``Workbook``, and of
that stream [MS-XLS] the records that name sheets, formats, error values and hidden rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import error as StructError
from struct import iter_unpack, unpack_from

from attrs import define, field

from jiangbu.desk.marks import Marks, is_percent

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_END_OF_CHAIN = 0xFFFFFFFA
_EOF, _FORMULA, _SHEET, _MULTIPLE, _XF = 0x0A, 0x06, 0x85, 0xBD, 0xE0
_NUMBER, _BOOL_OR_ERROR, _ROW, _RK, _FORMAT, _BOF = 0x203, 0x205, 0x208, 0x27E, 0x41E, 0x809
_BIFF8 = 0x0600


def xls_marks(content: bytes) -> dict[str, Marks]:
    """The marks of every sheet of an xls file, by sheet name; none where the file is older than Excel 97."""
    try:
        stream = _workbook_stream(content)
        return _stream_marks(stream) if stream else {}
    except (StructError, IndexError, UnicodeDecodeError):
        # A container that cannot be followed is for the workbook reader to judge.
        return {}


def _workbook_stream(content: bytes) -> bytes:
    sector_shift, mini_shift = unpack_from("<HH", content, 30)
    (directory_first,) = unpack_from("<I", content, 48)
    (mini_cutoff, mini_first) = unpack_from("<II", content, 56)
    size = 1 << sector_shift
    table = _allocation_table(content, size)
    directory = _chain(content, table, directory_first, size, size)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    root = entries[0]
    for entry in entries:
        (name_length,) = unpack_from("<H", entry, 64)
        if entry[: max(name_length - 2, 0)].decode("utf-16-le", "replace") != "Workbook":
            continue
        first, length = unpack_from("<II", entry, 116)
        if length >= mini_cutoff:
            return _chain(content, table, first, size, size)[:length]
        (root_first,) = unpack_from("<I", root, 116)
        small = _chain(content, table, root_first, size, size)
        mini_table = [one for (one,) in iter_unpack("<I", _chain(content, table, mini_first, size, size))]
        return _chain(small, mini_table, first, 1 << mini_shift, 0)[:length]
    return b""


def _allocation_table(content: bytes, size: int) -> list[int]:
    sectors = list(unpack_from("<109I", content, 76))
    (more,) = unpack_from("<I", content, 68)
    seen: set[int] = set()
    while more < _END_OF_CHAIN and more not in seen:
        seen.add(more)
        block = unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += block[:-1]
        more = block[-1]
    table: list[int] = []
    for sector in sectors:
        if sector < _END_OF_CHAIN:
            table += unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return table


def _chain(content: bytes, table: list[int], first: int, size: int, header: int) -> bytes:
    parts: list[bytes] = []
    sector = first
    # A chain that is longer than the table goes round in a circle.
    while sector < _END_OF_CHAIN and len(parts) <= len(table):
        start = header + sector * size
        parts.append(content[start : start + size])
        sector = table[sector]
    return b"".join(parts)


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    while offset + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, offset)
        yield kind, stream[offset + 4 : offset + 4 + length]
        if kind == _EOF:
            return
        offset += 4 + length


@define
class _Globals:
    sheets: dict[str, int] = field(factory=dict)
    percent_formats: set[int] = field(factory=lambda: {9, 10})
    formats: list[int] = field(factory=list)
    version: int = 0


def _stream_marks(stream: bytes) -> dict[str, Marks]:
    book = _Globals()
    for kind, data in _records(stream, 0):
        if kind == _BOF:
            (book.version,) = unpack_from("<H", data)
        elif kind == _SHEET:
            (offset,) = unpack_from("<I", data)
            book.sheets[_text(data[6:], data[6], 1)] = offset
        elif kind == _FORMAT:
            number, length = unpack_from("<HH", data)
            if is_percent(_text(data[2:], length, 2)):
                book.percent_formats.add(number)
        elif kind == _XF:
            book.formats.append(unpack_from("<H", data, 2)[0])
    if book.version != _BIFF8:
        return {}
    percent = {index for index, number in enumerate(book.formats) if number in book.percent_formats}
    return {name: _sheet_marks(stream, offset, percent) for name, offset in book.sheets.items()}


def _text(data: bytes, length: int, prefix: int) -> str:
    wide = data[prefix] & 1
    start = prefix + 1
    return data[start : start + length * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1")


def _sheet_marks(stream: bytes, offset: int, percent: set[int]) -> Marks:
    marks = Marks()
    for kind, data in _records(stream, offset):
        if kind == _ROW:
            (row,) = unpack_from("<H", data)
            if unpack_from("<H", data, 12)[0] & 0x20:
                marks.hidden_rows.add(row)
        elif kind in (_NUMBER, _RK, _FORMULA, _BOOL_OR_ERROR):
            row, column, style = unpack_from("<HHH", data)
            marks.reach(row, column)
            if style in percent:
                marks.percents.add((row, column))
            code = _error_code(kind, data)
            if code is not None:
                marks.errors[row, column] = _ERRORS.get(code, "#VALUE!")
        elif kind == _MULTIPLE:
            row, first = unpack_from("<HH", data)
            for index, (style, _) in enumerate(iter_unpack("<HI", data[4:-2])):
                marks.reach(row, first + index)
                if style in percent:
                    marks.percents.add((row, first + index))
    return marks


def _error_code(kind: int, data: bytes) -> int | None:
    if kind == _BOOL_OR_ERROR and data[7]:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None
