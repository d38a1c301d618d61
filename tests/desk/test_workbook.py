"""Opening workbooks: every format the same cells, hidden things included; a clear answer to bad files."""

import datetime
import io
import os
import struct
import time
import zipfile
from contextlib import suppress

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from jiangbu.desk.biff import xls_marks
from jiangbu.desk.problems import DeskError
from jiangbu.desk.workbook import open_sheets

ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:body><office:spreadsheet><table:table table:name="申报表">
<table:table-row><table:table-cell office:value-type="string"><text:p>金额</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>利率</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2" table:visibility="collapse"><table:table-cell/>
</table:table-row>
<table:table-row><table:table-cell office:value-type="string" office:string-value=""
 calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>
<table:table-cell office:value-type="percentage" office:value="0.0435"><text:p>4.35%</text:p>
</table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""

MANIFEST = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def ods(path):
    """Write a small ods file by hand."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.replace("\n", ""))
    return path


def xlsx(path):
    """Write the same sheet as xlsx."""
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": datetime.datetime(2024, 1, 1)})
    sheet = book.add_worksheet("申报表")
    sheet.write_row(0, 0, ["金额", "利率"])
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.write_formula(3, 0, "=1/0", None, "#REF!")
    sheet.write_number(3, 1, 0.0435, book.add_format({"num_format": "0.00%"}))
    book.close()
    return path


@pytest.mark.parametrize("make", [ods, xlsx])
def test_hidden_things_are_seen(tmp_path, make):
    """Error cells, percent formats and hidden rows are read from xlsx and ods alike."""
    (sheet,) = open_sheets(make(tmp_path / f"x.{make.__name__}"))
    assert [cell.shown for cell in sheet.row(0)] == ["金额", "利率"]
    assert (sheet.cell(3, 0).kind, sheet.cell(3, 0).shown) == ("error", "#REF!")
    assert sheet.cell(3, 1).percent
    assert sheet.marks.hidden_rows == {1, 2}


def test_formula_never_calculated(tmp_path):
    """A formula without a stored value is an error that says so, not a blank."""
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "x.xlsx")
    assert open_sheets(tmp_path / "x.xlsx")[0].cell(0, 0).shown == "公式尚未计算"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_encodings(tmp_path, encoding):
    """UTF-8 with and without mark and GB18030 give the same text."""
    (tmp_path / "表.csv").write_bytes('申报主体,金额\n"示例县,㐀牧业",12\n'.encode(encoding))
    (sheet,) = open_sheets(tmp_path / "表.csv")
    assert [[cell.text for cell in sheet.row(row)] for row in range(2)] == [
        ["申报主体", "金额"],
        ["示例县,㐀牧业", "12"],
    ]


def bomb():
    """An xlsx file whose sheet unpacks to more than 512 MB and lies about it."""
    packed = io.BytesIO()
    block = bytes(1 << 20)
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as member,
    ):
        for _ in range(520):
            member.write(block)
    return packed.getvalue().replace(struct.pack("<I", 520 << 20), struct.pack("<I", 1000))


BAD = {
    "损坏.xlsx": (b"PK\x03\x04" + b"nonsense" * 100, "已损坏"),
    "文字.xls": ("这不是电子表格".encode(), "已损坏"),
    "空.xlsx": (b"", "文件是空的"),
    "加密.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "表.docx": (b"PK", "不认识的文件类型"),
    "乱码.csv": (b"\xff\xfe\x00\x01\xff\xff", "文字编码"),
    "引号.csv": (b'"a,b\n1,2', "csv 文件不完整"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files(tmp_path, name):
    """A file that cannot be used says what it is and what to do, in Chinese."""
    content, said = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DeskError, match=said) as caught:
        open_sheets(tmp_path / name)
    assert caught.value.where == name
    assert caught.value.remedy


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_anywhere(tmp_path_factory, data):
    """A workbook with bytes changed anywhere is read or refused as damaged; nothing else escapes."""
    path = tmp_path_factory.mktemp("x") / "x.xlsx"
    content = bytearray(xlsx(path).read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=5)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with suppress(DeskError):
        open_sheets(path)


def test_zip_bomb(tmp_path):
    """A file that unpacks beyond 512 MB is refused before it is unpacked into memory."""
    (tmp_path / "x.xlsx").write_bytes(bomb())
    with pytest.raises(DeskError, match="512 MB"):
        open_sheets(tmp_path / "x.xlsx")


def test_missing_file_and_folder(tmp_path):
    """A missing file and a folder are named as such."""
    with pytest.raises(DeskError, match="没有这个文件"):
        open_sheets(tmp_path / "无.xlsx")
    os.mkdir(tmp_path / "夹.xlsx")
    with pytest.raises(DeskError, match="文件夹"):
        open_sheets(tmp_path / "夹.xlsx")


def test_stray_cell_far_away(tmp_path):
    """A stray value at the last row or column is named before a dense sheet is built in memory."""
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    book.add_worksheet("申报表").write(1_000_000, 3, "x")
    book.close()
    with pytest.raises(DeskError, match="第 1,000,001 行"):
        open_sheets(tmp_path / "x.xlsx")
    book = xlsxwriter.Workbook(tmp_path / "y.xlsx")
    book.add_worksheet("申报表").write(1000, 16_000, "x")
    book.close()
    with pytest.raises(DeskError, match="16,001 列"):
        open_sheets(tmp_path / "y.xlsx")


def ole(stream):
    """A minimal OLE container of 512-byte sectors that holds one stream ``Workbook``."""
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    entry = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18) + bytes(50)
    entry += struct.pack("<III", 2, len(stream), 0)
    root = bytes(64) + struct.pack("<H", 2) + bytes(62)
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + struct.pack("<HH", 9, 6) + bytes(14)
    header += struct.pack("<IIIIIIII", 1, 0, 0, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header = header.ljust(76, b"\0")[:76] + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + struct.pack("<128I", *table) + (root + entry).ljust(512, b"\0") + stream


def biff(*records):
    """Records of BIFF8, joined."""
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)


def test_xls_marks():
    """Error values (typed and of formulas), percent formats and hidden rows are read from xls."""
    bof = (0x809, struct.pack("<HH", 0x600, 5) + bytes(12))
    formats = [
        (0x41E, struct.pack("<HHB", 164, 5, 0) + b"0.00%"),
        (0xE0, struct.pack("<HH", 0, 0) + bytes(16)),
        (0xE0, struct.pack("<HH", 0, 164) + bytes(16)),
    ]
    name = "申报表".encode("utf-16-le")
    sheet = biff(
        bof,
        (0x208, struct.pack("<HHHHHHHH", 2, 0, 3, 0, 0, 0, 0x20, 0)),
        (0x205, struct.pack("<HHHBB", 1, 0, 0, 23, 1)),
        (0x205, struct.pack("<HHHBB", 1, 1, 0, 1, 0)),
        (0x06, struct.pack("<HHH", 2, 1, 0) + b"\x02\0\x07\0\0\0\xff\xff" + bytes(8)),
        (0x203, struct.pack("<HHHd", 3, 0, 1, 0.0435)),
        (0xBD, struct.pack("<HH", 4, 0) + struct.pack("<HIHI", 0, 0, 1, 0) + struct.pack("<H", 1)),
        (0x0A, b""),
    )

    def globals_at(offset):
        bound = (0x85, struct.pack("<IH", offset, 0) + struct.pack("<BB", 3, 1) + name)
        return biff(bof, *formats, bound, (0x0A, b""))

    stream = globals_at(len(globals_at(0))) + sheet
    marks = xls_marks(ole(stream.ljust(4096, b"\0")))["申报表"]
    assert marks.errors == {(1, 0): "#REF!", (2, 1): "#DIV/0!"}
    assert marks.percents == {(3, 0), (4, 1)}
    assert marks.hidden_rows == {2}


@given(st.binary(max_size=600))
def test_xls_garbage_is_left_to_the_reader(noise):
    """A container that leads nowhere gives no marks and never a traceback."""
    assert isinstance(xls_marks(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise), dict)


def test_a_million_rows(tmp_path):
    """A sheet filled with 10^6 rows is refused with a clear answer, after looking at the first part of it only."""
    head = b'<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>'
    with zipfile.ZipFile(xlsx(tmp_path / "x.xlsx")) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(tmp_path / "大.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            member.write(head)
            for first in range(1, 10**6, 10**5):
                rows = range(first, first + 10**5)
                member.write(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in rows))
            member.write(b"</sheetData></worksheet>")
    started = time.process_time()
    with pytest.raises(DeskError, match=r"内容到了第 2..,... 行") as caught:
        open_sheets(tmp_path / "大.xlsx")
    assert "至多 200,000 行" in caught.value.remedy
    assert time.process_time() - started < 5
