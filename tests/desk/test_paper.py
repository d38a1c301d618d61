"""Sheets as they are printed: every sheet of every workbook on A4 landscape, with heads, page numbers and notices."""

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from small_run import row, run

from jiangbu.desk.paper import READABLE, Paper
from jiangbu.desk.shown import width_of


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A calculated workbook, opened."""
    long = "示例县城关镇共同富裕农民专业合作社联合社（筹备处）" * 4
    rows = [row(1), row(2, long), row(3, bad="是"), row(4, revenue="若干"), row(5, aside="核查")]
    _, target = run(tmp_path_factory.mktemp("paper"), rows)
    return openpyxl.load_workbook(target)


def head_of(sheet):
    """The row of the heads of a sheet's table."""
    return next(line[0].row for line in sheet.iter_rows() if line[0].value in ("序号", "项目"))


def test_every_sheet_is_a4_landscape(made):
    """Every sheet prints on A4 landscape with its number and name at the foot, the notice in the second row."""
    for sheet in made:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.center.text
        assert sheet.cell(2, 1).value == "示例标准，不得作为拨付依据"


@pytest.mark.parametrize("name", ["测算表", "不予支持", "数据问题", "依据", "公示表", "兑付表"])
def test_heads_are_frozen_and_repeated(made, name):
    """The heads of a table stay on screen and come again on every page."""
    sheet = made[name]
    heads = head_of(sheet)
    assert sheet.print_title_rows == f"$1:${heads}"
    assert sheet.freeze_panes.endswith(str(heads + 1))


@pytest.mark.parametrize("name", ["测算表", "不予支持", "数据问题"])
def test_tables_have_filters(made, name):
    """A table of rows can be filtered from its heads down."""
    sheet = made[name]
    assert sheet.auto_filter.ref.startswith(f"A{head_of(sheet)}:")


@pytest.mark.parametrize("name", ["公示表", "兑付表"])
def test_what_is_put_up_or_signed_is_one_page_wide(made, name):
    """The notice and the payment list are one page wide, their title over all columns."""
    sheet = made[name]
    assert sheet.page_setup.fitToWidth in (None, 1)
    titles = [area for area in sheet.merged_cells.ranges if (area.min_row, area.max_row) == (1, 1)]
    assert [area.max_col for area in titles] == [sheet.max_column]


def test_money_has_two_decimals(made):
    """Amounts on every sheet are formatted 0.00."""
    for name in ("公示表", "兑付表"):
        cells = [cell for line in made[name].iter_rows() for cell in line if cell.value == 800000]
        assert cells
        assert {cell.number_format for cell in cells} == {"0.00"}


def page_with(texts, folder):
    """A sheet that holds one column of texts."""
    path = folder / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = Paper(book).page("表", "题", ())
        page.head(("列",))
        for text in texts:
            page.cells([(text, "text", "cell")])
        page.finish()
    return openpyxl.load_workbook(path)["表"]


@given(st.lists(st.text("中文abc 12，。", min_size=1, max_size=300), min_size=1, max_size=4))
def test_nothing_is_cut_off(tmp_path_factory, texts):
    """A column is wide enough for its text, or the row is high enough for the lines into which it is wrapped."""
    sheet = page_with(texts, tmp_path_factory.mktemp("x"))
    room = sheet.column_dimensions["A"].width
    for line, text in enumerate(texts, 3):
        height = sheet.row_dimensions[line].height or sheet.sheet_format.defaultRowHeight
        lines = -(-width_of(text) // int(room))
        assert lines * 13 <= height


def test_wide_sheets_take_more_pages(tmp_path):
    """More columns than can be read on one page go on as many as they need, the first columns repeated."""
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = Paper(book).page("表", "题", ())
        page.head([f"第{number}列" for number in range(20)], freeze_columns=2)
        page.cells([("字" * 20, "text", "cell")] * 20)
        page.finish()
    sheet = openpyxl.load_workbook(path)["表"]
    assert sheet.page_setup.fitToWidth == -(-20 * 40 // READABLE)
    assert sheet.print_title_cols == "$A:$B"


TEXTS = st.text(alphabet="示例 a1\n", max_size=120)


@given(st.lists(st.tuples(st.text(alphabet="示例a", min_size=1, max_size=60), st.lists(TEXTS, max_size=4)), max_size=4))
@settings(max_examples=40, deadline=None)
def test_streamed_sheet_looks_the_same(tmp_path_factory, columns):
    """A sheet whose rows are not kept in memory has the same cells, widths and heights, heads included."""
    folder = tmp_path_factory.mktemp("streamed")
    looks = []
    for streamed in (False, True):
        with xlsxwriter.Workbook(folder / f"{streamed}.xlsx") as book:
            page = Paper(book).page("表", "标题", ["示例"], streamed=streamed)
            for at, (head, texts) in enumerate(columns):
                for text in texts if page.breaks(at, head) else ():
                    page.measure(at, text)
            page.head([head for head, _ in columns])
            for number in range(4):
                page.cells([("".join(texts[number : number + 1]), "text", "cell") for _, texts in columns])
            page.finish()
        sheet = openpyxl.load_workbook(folder / f"{streamed}.xlsx")["表"]
        heights = {row: size.height for row, size in sheet.row_dimensions.items() if size.height}
        widths = {column: size.width for column, size in sheet.column_dimensions.items()}
        looks.append(([[cell.value for cell in line] for line in sheet.iter_rows()], heights, widths))
    assert looks[0] == looks[1]
