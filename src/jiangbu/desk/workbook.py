"""Opening a workbook: xlsx, xls, ods by python-calamine, csv by the standard library, as sheets of cells."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.parsers.expat import ExpatError

import python_calamine
from attrs import evolve, field, frozen

from jiangbu.desk.biff import xls_marks
from jiangbu.desk.cells import EMPTY, Cell, take
from jiangbu.desk.marks import MOST_CELLS, MOST_ROWS, Block, Marks
from jiangbu.desk.marks_ods import ods_marks
from jiangbu.desk.marks_xlsx import xlsx_marks
from jiangbu.desk.problems import DeskError

# Sheets that a template may hide; other hidden sheets are scratch paper and stay unread.
ALWAYS_READ = ("说明", "申报表")
MOST_UNPACKED = 512 * 1024 * 1024
# Deflate cannot pack tighter than this, so a file below MOST_UNPACKED divided by it needs no counting.
TIGHTEST = 1032

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@frozen
class Sheet:
    """One sheet: name, raw rows, the SHA-256 of its file, merged blocks, and what the reader keeps back."""

    name: str
    raw: Sequence[Sequence[object]] = field(repr=False)
    digest: str = ""
    merged: tuple[Block, ...] = ()
    marks: Marks = field(factory=Marks)
    width: int = field(init=False)
    _blocks: Mapping[int, Sequence[Block]] = field(init=False, repr=False, eq=False)
    _marked: Mapping[int, Sequence[int]] = field(init=False, repr=False, eq=False)

    @width.default
    def _widest_row(self) -> int:
        return max(map(len, self.raw), default=0)

    @_blocks.default
    def _blocks_by_row(self) -> Mapping[int, Sequence[Block]]:
        found: dict[int, list[Block]] = {}
        for block in self.merged:
            for row in range(block[0][0], min(block[1][0] + 1, len(self.raw))):
                found.setdefault(row, []).append(block)
        return found

    @_marked.default
    def _marked_by_row(self) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        for row, column in {*self.marks.errors, *self.marks.percents}:
            found.setdefault(row, []).append(column)
        return found

    @property
    def height(self) -> int:
        """The number of rows, blank ones included."""
        return len(self.raw)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a row and a column, both from 0; blank outside the sheet."""
        raw = self.raw[row][column] if row < len(self.raw) and column < len(self.raw[row]) else ""
        position = (row, column)
        return take(raw, error=self.marks.errors.get(position, ""), percent=position in self.marks.percents)

    def row(self, row: int) -> list[Cell]:
        """All cells of one row."""
        raw = self.raw[row] if row < len(self.raw) else ()
        cells = [take(one) for one in raw]
        cells += [EMPTY] * (self.width - len(raw))
        for column in self._marked.get(row, ()):
            if column < self.width:
                cells[column] = self.cell(row, column)
        return cells

    def block_of(self, row: int, column: int) -> Block | None:
        """The merged block that covers a cell, if any."""
        for (top, left), (bottom, right) in self._blocks.get(row, ()):
            if left <= column <= right:
                return (top, left), (bottom, right)
        return None


def open_sheets(path: Path) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook.

    Raises :class:`DeskError` for a file that is missing, damaged, protected, of another kind, or too large.
    """
    where = path.name
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DeskError(where, "没有这个文件", "请核对文件名和所在文件夹") from None
    except IsADirectoryError:
        raise DeskError(where, "这是一个文件夹", "请指明其中的一个工作簿") from None
    except OSError as error:
        raise DeskError(where, f"文件打不开（{error.strerror}）", "请确认有读取权限，且没有被别的程序独占") from None
    if not content:
        raise DeskError(where, "文件是空的", "请重新索取或另存该文件")
    suffix, digest = path.suffix.lower(), hashlib.sha256(content).hexdigest()
    if suffix in (".csv", ".txt"):
        return (evolve(_csv_sheet(where, content), digest=digest),)
    if suffix not in (".xlsx", ".xlsm", ".xls", ".et", ".ods"):
        raise DeskError(where, f"不认识的文件类型“{suffix or '无扩展名'}”", "请另存为 xlsx、xls、ods 或 csv 后再用")
    marks = _marks(where, content)
    return tuple(evolve(sheet, digest=digest) for sheet in _read(where, content, marks))


def _marks(where: str, content: bytes) -> Mapping[str, Marks]:
    if content.startswith(_OLE):
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0" in content:
            raise _protected(where)
        return xls_marks(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if _unpacked(archive, content) > MOST_UNPACKED:
                raise DeskError(where, "解压后超过 512 MB", "该文件异常，请新建工作簿，只复制数据后再用")
            names = set(archive.namelist())
            if "content.xml" in names:
                if b"manifest:encryption-data" in _member(archive, "META-INF/manifest.xml"):
                    raise _protected(where)
                marks = ods_marks(archive)
            else:
                marks = xlsx_marks(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ExpatError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        raise _damaged(where) from None
    for name, one in marks.items():
        _check_extent(f"{where} 工作表“{name}”", one.extent[0], one.extent[1])
    return marks


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _unpacked(archive: zipfile.ZipFile, content: bytes) -> int:
    """Bytes that the members unpack to, counted, for a hostile archive lies about them."""
    if len(content) * TIGHTEST <= MOST_UNPACKED:
        return 0
    total = 0
    for info in archive.infolist():
        name_length = int.from_bytes(content[info.header_offset + 26 : info.header_offset + 28], "little")
        extra_length = int.from_bytes(content[info.header_offset + 28 : info.header_offset + 30], "little")
        first = info.header_offset + 30 + name_length + extra_length
        packed = content[first : first + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            total += len(packed)
            continue
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        while packed and total <= MOST_UNPACKED:
            total += len(unpacker.decompress(packed, 1 << 20))
            packed = unpacker.unconsumed_tail
    return total


def _read(where: str, content: bytes, marks: Mapping[str, Marks]) -> tuple[Sheet, ...]:
    try:
        with _native_reader_quiet(), python_calamine.load_workbook(io.BytesIO(content)) as book:
            visible = python_calamine.SheetVisibleEnum.Visible
            shown = {one.name for one in book.sheets_metadata if one.visible == visible}
            names = [name for name in book.sheet_names if name in shown or name.strip() in ALWAYS_READ]
            sheets = [(book.get_sheet_by_name(name), marks.get(name, Marks())) for name in names]
            return tuple(_sheet(where, sheet, mark) for sheet, mark in sheets)
    except python_calamine.PasswordError:
        raise _protected(where) from None
    except (python_calamine.CalamineError, ValueError, OSError):
        raise _damaged(where) from None
    except BaseException as error:
        # A fault in the reader's native code surfaces as a panic, which is no Exception.
        if type(error).__name__ == "PanicException":
            raise _damaged(where) from None
        raise


@contextmanager
def _native_reader_quiet() -> Iterator[None]:
    """Keep a panic of the native reader from printing its own traceback past Python."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _sheet(where: str, sheet: python_calamine.CalamineSheet, marks: Marks) -> Sheet:
    _check_extent(f"{where} 工作表“{sheet.name}”", sheet.total_height, sheet.total_width)
    raw = sheet.to_python(skip_empty_area=False)
    return Sheet(sheet.name, raw, "", tuple(sheet.merged_cell_ranges or marks.merged), marks)


def _check_extent(where: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        remedy = f"一个工作簿至多 {MOST_ROWS:,} 行，请分批办理；若下方只是零星内容，请删除后保存"
        raise DeskError(where, f"内容到了第 {rows:,} 行", remedy)
    if rows * columns > MOST_CELLS:
        found = f"内容占 {rows:,} 行、{columns:,} 列"
        raise DeskError(where, found, "请删除右方、下方的零星内容后保存，或分批办理")


def _csv_sheet(where: str, content: bytes) -> Sheet:
    if len(content) > MOST_UNPACKED:
        raise DeskError(where, "文件超过 512 MB", "请分批办理")
    text = _decode(where, content)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise DeskError(where, "引号不成对，csv 文件不完整", "请用电子表格打开核对后另存为 xlsx") from None
    _check_extent(where, len(rows), max(map(len, rows), default=0))
    return Sheet(where, rows)


def _decode(where: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DeskError(where, "文字编码既不是 UTF-8 也不是 GB18030", "请用电子表格打开，另存为 xlsx 后再用")


def _protected(where: str) -> DeskError:
    return DeskError(where, "文件设有打开密码", "请取消密码后另存，再交程序读取")


def _damaged(where: str) -> DeskError:
    return DeskError(where, "文件已损坏，或不是电子表格", "请用电子表格打开核对，另存为 xlsx 后再用")
