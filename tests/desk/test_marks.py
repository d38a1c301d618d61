"""What is found by scanning the bytes of an xlsx sheet is what an XML parser finds."""

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from jiangbu.desk.marks import MOST_ROWS, NOT_CALCULATED, Marks
from jiangbu.desk.marks_xlsx import parsed, scanned
from jiangbu.desk.problems import column_letters

PERCENT = {"5", "12"}
CONTENTS = {
    "n": ["<v>1</v>", "<f>A1*2</f><v>2</v>", "<f>A1</f>", '<f t="shared" si="0"/>', "<f>A1</f><v/>", "<f/><v></v>", ""],
    "s": ["<v>0</v>"],
    "b": ["<v>1</v>"],
    "str": ["<f>A1&amp;B1</f><v>文</v>", "<f>A1</f>", '<f>IF(A1=" t="e" ",1)</f><v>x</v>'],
    "e": ["<v>#REF!</v>", "<f>1/0</f><v>#DIV/0!</v>", "<v></v>", "", "<f>A1</f>"],
    "inlineStr": ["<is><t>金额</t></is>", "<is><r><t>金</t></r><r><t>额</t></r></is>", '<is><t> t="e" </t></is>'],
}


@st.composite
def _cells(draw):
    kind = draw(st.sampled_from(sorted(CONTENTS)))
    attributes = {"s": draw(st.sampled_from(["", "1", "5", "12", "25"])), "t": kind if kind != "n" else ""}
    return attributes, draw(st.sampled_from(CONTENTS[kind])), draw(st.booleans())


_ROWS = st.lists(st.tuples(st.sampled_from(["", "0", "1", "true"]), st.lists(_cells(), max_size=4)), max_size=8)


def sheet_xml(rows, quote='"', prefix=""):
    """A sheet of such rows; an empty cell is closed at once where asked for."""
    text = ""
    for number, (hidden, cells) in enumerate(rows, 1):
        inside = ""
        for column, (attributes, content, short) in enumerate(cells):
            given = {"r": f"{column_letters(column)}{number}", **attributes}
            told = "".join(f" {key}={quote}{value}{quote}" for key, value in given.items() if value)
            inside += f"<c{told}/>" if short and not content else f"<c{told}>{content}</c>"
        told = f" hidden={quote}{hidden}{quote}" if hidden else ""
        text += f"<row r={quote}{number}{quote}{told}>{inside}</row>\n"
    whole = f"<worksheet><sheetData>{text}</sheetData></worksheet>"
    if prefix:
        whole = (
            whole.replace("</", f"</{prefix}").replace("<", f"<{prefix}").replace(f"<{prefix}/{prefix}", f"</{prefix}")
        )
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{whole}".encode()


def by_parser(xml):
    """The marks that the XML parser finds."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sheet.xml", xml)
    with zipfile.ZipFile(packed) as archive:
        return parsed(archive, "sheet.xml", PERCENT)


@given(_ROWS, st.sampled_from("\"'"), st.sampled_from(["", "x:"]), st.integers(60, 400))
@settings(max_examples=150, deadline=None)
def test_scanned_as_parsed(rows, quote, prefix, chunk):
    """Errors, formulas never calculated, percent formats and hidden rows are the parser's, wherever a chunk ends."""
    xml = sheet_xml(rows, quote, prefix)
    expected, actual = by_parser(xml), scanned(io.BytesIO(xml), PERCENT, chunk=chunk)
    assert actual is not None
    assert (expected.errors, expected.percents) == (actual.errors, actual.percents)
    assert expected.hidden_rows == actual.hidden_rows
    assert all(expected.extent[side] <= actual.extent[side] for side in (0, 1))


def test_marks_of_one_row():
    """Each kind of mark is found, at its place."""
    cells = [({"t": "e"}, "<v>#N/A</v>", False), ({}, "<f>A1</f>", False), ({"s": "5"}, "<v>1</v>", False)]
    expected = Marks({(0, 0): "#N/A", (0, 1): NOT_CALCULATED}, {(0, 2)}, {0}, [], [1, 3])
    assert expected == scanned(io.BytesIO(sheet_xml([("1", cells)])), PERCENT)


def test_left_to_the_parser():
    """A sheet with comments, or in another encoding, is left to the parser, which the patterns cannot replace."""
    plain = sheet_xml([])
    for xml in (plain.replace(b"<sheetData>", b"<!-- <c t='e'> --><sheetData>"), plain.replace(b"UTF-8", b"GBK")):
        assert scanned(io.BytesIO(xml), PERCENT) is None
    assert scanned(io.BytesIO(plain), PERCENT) == Marks()


def test_stops_early():
    """Of a sheet that is too large no more is read than shows it."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1, 2 * MOST_ROWS))
    stream = io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + rows)
    marks = scanned(stream, PERCENT)
    assert marks is not None
    assert marks.too_large
    assert stream.tell() < len(rows) * 3 // 4
