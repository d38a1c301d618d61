"""Sheets as they are printed: A4 landscape, notices on top, repeated heads, widths that show everything."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import define, field
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from jiangbu.desk.layout import Shown, number_format
from jiangbu.desk.shown import as_decimal, lines_of, shown_text, width_of

A4 = 9
# In inches; the foot holds the page number.
MARGIN, FOOT = Decimal("0.4"), Decimal("0.6")
# Text wider than this is wrapped; everything else is shown on one line. Heads wrap earlier.
WIDEST, WIDEST_TEXT, WIDEST_HEAD, NARROWEST = 48, 96, 16, 6
# Of one line of text, in points; and the most rows of a sheet that is fitted on a single page.
# A sheet that is signed may be a little smaller, so that no page holds signatures alone.
LINE_HEIGHT, ROW_HEIGHT, ONE_PAGE, ONE_SIGNED_PAGE = 14, 17, 40, 56
_TALLER = {"title": 24, "notice": 20}
# So many characters across an A4 page are still read with ease.
READABLE = 200
# And so many fill it.
FULL = 110
# A spreadsheet counts days from here.
DAY_ZERO = datetime.date(1899, 12, 30)
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@define
class Page:
    """One sheet being written from the top; ``row`` is the next free row.

    Of a ``streamed`` sheet every row leaves the memory when the next one is begun, with the height that it has then.
    """

    sheet: Worksheet
    paper: Paper
    row: int = 0
    streamed: bool = False
    widest: int = WIDEST
    wider: dict[int, int] = field(factory=dict)
    frozen: int = 0
    headline: str = ""
    one_wide: bool = False
    widths: dict[int, int] = field(factory=dict)
    long: list[tuple[int, int, str]] = field(factory=list)
    tallest: tuple[int, int] = (-1, 0)
    spread: list[tuple[int, int, int, str]] = field(factory=list)
    formats: dict[int, Any] = field(factory=dict)

    def line(self, text: str, style: str = "plain") -> None:
        """Write a line of text that may run over the columns to its right."""
        self.sheet.write_string(self.row, 0, text, self.paper.format("text", style))
        if style in _TALLER:
            self.sheet.set_row(self.row, _TALLER[style])
        self.row += 1

    def across(self, text: str, columns: int, style: str = "paragraph") -> None:
        """Write a text over the first ``columns`` columns, wrapped to their width."""
        cell = self.paper.format("text", style)
        if columns > 1:
            self.sheet.merge_range(self.row, 0, self.row, columns - 1, text, cell)
        else:
            self.sheet.write_string(self.row, 0, text, cell)
        self.spread.append((self.row, 0, columns, text))
        self.row += 1

    def skip(self) -> None:
        """Leave a row free."""
        self.row += 1

    def head(self, heads: Sequence[str], *, freeze_columns: int | None = None) -> None:
        """Write the heads of a table; with ``freeze_columns`` they stay on screen and on every page."""
        for column, text in enumerate(heads):
            self.sheet.write_string(self.row, column, text, self.paper.format("text", "head"))
            self._widen(column, min(width_of(text), max(WIDEST_HEAD, -(-width_of(text) // 3))))
            self._tell_long(self.row, column, text)
        if freeze_columns is not None:
            self.sheet.freeze_panes(self.row + 1, freeze_columns)
            self.sheet.repeat_rows(0, self.row)
            self.frozen = freeze_columns
        self.row += 1

    def cells(self, values: Sequence[tuple[Shown, str, str]]) -> None:
        """Write one row of cells, each a value, a form and a style."""
        for column, (value, form, style) in enumerate(values):
            self.put(self.row, column, value, form, style)
        self.row += 1

    def put(self, row: int, column: int, value: Shown, form: str, style: str = "cell") -> None:
        """Write one value: text always as text, numbers exactly, nothing as an empty bordered cell."""
        text = shown_text(value, form)
        if self.measure(column, text) or "\n" in text:
            self._tell_long(row, column, text)
        if not text:
            self.sheet.write_blank(row, column, None, self.paper.format("text", style))
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, self.paper.format(_text_form(value), style))
        elif value is None or isinstance(value, bool):
            self.sheet.write_string(row, column, text, self.paper.format("text", style))
        elif isinstance(value, datetime.date):
            self.sheet.write_datetime(row, column, value, self.paper.format("date", style))
        else:
            self.sheet.write_number(row, column, as_decimal(value), self.paper.format(form, style))

    def blank(self, row: int, column: int, form: str, style: str = "entry") -> None:
        """Leave a bordered cell to be filled in; what is typed there takes the form, text as text."""
        self.sheet.write_blank(row, column, None, self.paper.format(form, style))

    def live(self, row: int, column: int, formula: str, value: Shown, form: str, style: str = "cell") -> None:
        """Write a formula whose cached value is ours."""
        text = shown_text(value, form)
        if self.measure(column, text):
            self._tell_long(row, column, text)
        cached: Decimal | int | str = as_decimal(value) if isinstance(value, Decimal | Fraction | int) else text
        if isinstance(value, datetime.date):
            cached = (value - DAY_ZERO).days
        self.sheet.write_formula(row, column, f"={formula}", self.paper.format(form, style), cached)

    def band(self, text: str, columns: int) -> None:
        """Write a text in one bordered cell over the first ``columns`` columns, as the head of a group of rows."""
        self.across(text, columns, "band")

    def live_across(self, first: int, last: int, formula: str, text: str, style: str = "strong") -> None:
        """Write a formula that shows text over several columns of the current row."""
        cell = self.paper.format("text", style)
        if last > first:
            self.sheet.merge_range(self.row, first, self.row, last, "", cell)
        self.sheet.write_formula(self.row, first, f"={formula}", cell, text)
        self.spread.append((self.row, first, last + 1, text))

    def finish(self) -> None:
        """Set widths and heights once every cell is known.

        Heights are set because not every program finds them when it opens the file.
        """
        if self.headline:
            self._fill_page()
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, max(width + 3, NARROWEST), self.formats.get(column))
        lines: dict[int, int] = {}
        for row, column, text in self.long:
            lines[row] = max(lines.get(row, 1), lines_of(text, self.widths[column]))
        for row, first, end, text in self.spread:
            room = sum(max(self.widths.get(column, 0) + 2, NARROWEST) for column in range(first, end))
            needed = sum(max(-(-width_of(line) // (room - 2)), 1) for line in text.split("\n"))
            lines[row] = max(lines.get(row, 1), needed)
        for row, count in lines.items():
            self._make_room(row, count)
        if self.headline:
            self._write_headline(max(self.widths, default=0))
        self._fit()

    def _fill_page(self) -> None:
        """Widen the columns of a sheet that is put up or signed, so that few columns take the whole page too."""
        total = sum(self.widths.values())
        if total < FULL:
            self.widths = {column: width * FULL // total for column, width in self.widths.items()}

    def _write_headline(self, last: int) -> None:
        cell = self.paper.format("text", "headline")
        if last:
            self.sheet.merge_range(0, 0, 0, last, self.headline, cell)
        else:
            self.sheet.write_string(0, 0, self.headline, cell)
        self.sheet.set_row(0, 2 * ROW_HEIGHT)

    def _fit(self) -> None:
        """Fit the width on one page where it stays readable, else on as many as needed, heads repeated."""
        across = 1 if self.one_wide else -(-sum(self.widths.values()) // READABLE)
        most = ONE_SIGNED_PAGE if self.headline else ONE_PAGE
        self.sheet.fit_to_pages(max(across, 1), 1 if across < 2 and self.row <= most else 0)
        if across > 1 and self.frozen:
            self.sheet.repeat_columns(0, self.frozen - 1)

    def at_least(self, column: int, width: int) -> None:
        """Make a column so wide, though nothing stands in it yet."""
        self._widen(column, width)

    def breaks(self, column: int, head: str) -> bool:
        """Whether a head stands on more lines than it has in a column as wide as it is known to become so far."""
        width = width_of(head)
        return width > max(WIDEST_HEAD, self.widths.get(column, 0)) and self.widths.get(column, 0) < self.widest

    def measure(self, column: int, text: str) -> bool:
        """Widen a column for a text; whether the text is wider still than a column may be made for it."""
        width, widest = width_of(text), self.wider.get(column, self.widest)
        if width > self.widths.get(column, -1):
            self.widths[column] = max(self.widths.get(column, 0), min(width, widest))
        return width > widest

    def _tell_long(self, row: int, column: int, text: str) -> None:
        """Give a row the height that a text needs: once all widths are known or, where rows are streamed, at once.

        A text that does not fit makes its column as wide as it may become, so that the width is known in time.
        """
        if not self.streamed:
            self.long.append((row, column, text))
            return
        needed = lines_of(text, self.widths[column])
        if self.tallest[0] != row or needed > self.tallest[1]:
            self.tallest = row, needed
            self._make_room(row, needed)

    def _make_room(self, row: int, lines: int) -> None:
        self.sheet.set_row(row, LINE_HEIGHT * lines + 3)

    def _widen(self, column: int, width: int) -> None:
        self.widths[column] = max(self.widths.get(column, 0), width)


def _text_form(text: str) -> str:
    # The quote prefix keeps a text that looks like a formula a text even when someone edits the cell.
    return "quoted" if text.startswith(_RISKY) else "text"


def _as_written(formula: str, expand_future_functions: bool = False) -> str:
    return formula.removeprefix("=")


_BASE: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_BORDER = {"border": 1, "text_wrap": True}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 14},
    "headline": {"bold": True, "font_size": 16, "align": "center"},
    "notice": {"bold": True, "font_size": 11},
    "paragraph": {"text_wrap": True},
    "head": {"bold": True, "align": "center", "bg_color": "#E7E6E6"} | _BORDER,
    "band": {"bold": True, "align": "left"} | _BORDER,
    "cell": _BORDER,
    "middle": {"align": "center"} | _BORDER,
    "strong-middle": {"bold": True, "align": "center"} | _BORDER,
    "grey": {"font_color": "#7F7F7F"} | _BORDER,
    "strong": {"bold": True} | _BORDER,
    "sample": {"italic": True, "font_color": "#595959", "bg_color": "#F2F2F2"} | _BORDER,
    "entry": _BORDER,
    "typed": {},
}
# A text stands off from the number in the cell to its left, which ends at the line between them.
_INDENTED = ("cell", "grey", "strong")
# Cells that somebody will type into: there a text must be a text to the spreadsheet program too.
_TYPED = ("sample", "entry", "typed")


@define
class Paper:
    """A workbook being written; formats are made once per form and style."""

    book: Workbook
    formats: dict[tuple[str, str], Any] = field(factory=dict)

    def page(
        self, name: str, title: str, notices: Iterable[str], *, headline: bool = False, streamed: bool = False
    ) -> Page:
        """Begin a sheet with its title and, at the top, the sentences that must be seen first.

        A ``headline`` stands in the middle, over all columns, which then go on one page whatever their number.
        The rows of a ``streamed`` sheet are written from top to bottom, and none of them is kept in memory.
        """
        # A sheet takes on what the book says while it is added.
        self.book.constant_memory = streamed
        sheet = self.book.add_worksheet(name)
        self.book.constant_memory = False
        # None of our formulas needs a newer function renamed, for which the writer would search each thirty times.
        vars(sheet)["_prepare_formula"] = _as_written
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN, bottom=FOOT)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页，共 &N 页&R&A")
        sheet.hide_gridlines(2)
        sheet.set_default_row(ROW_HEIGHT)
        page = Page(sheet, self, streamed=streamed)
        if headline:
            page.headline, page.one_wide = title, True
            page.row += 1
        else:
            page.line(title, "title")
        for notice in notices:
            page.line(notice, "notice")
        return page

    def format(self, form: str, style: str) -> Any:
        """The format of a form in a style."""
        key = (form, style)
        if key not in self.formats:
            settings = _BASE | _STYLES[style]
            if form in ("text", "quoted") and style in _INDENTED:
                settings = settings | {"indent": 1}
            if form == "quoted":
                settings = settings | {"quote_prefix": True}
            elif form != "text" or style in _TYPED:
                settings = settings | {"num_format": number_format(form)}
            self.formats[key] = self.book.add_format(settings)
        return self.formats[key]
