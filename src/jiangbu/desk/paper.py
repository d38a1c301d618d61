"""Sheets as they are printed: A4 landscape, notices on top, repeated heads, widths that show everything."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any

from attrs import define, field
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from jiangbu.desk.layout import Shown, number_format

A4 = 9
# In inches; the foot holds the page number.
MARGIN, FOOT = Decimal("0.4"), Decimal("0.6")
# Text wider than this is wrapped; everything else is shown on one line. Heads wrap earlier.
WIDEST, WIDEST_TEXT, WIDEST_HEAD, NARROWEST = 48, 96, 16, 6
# Of one line of text, in points; and the most rows of a sheet that is fitted on a single page.
LINE_HEIGHT, ONE_PAGE = 15, 45
# So many characters across an A4 page are still read with ease.
READABLE = 230
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def width_of(text: str) -> int:
    """The columns that a text takes, a Chinese character counting two; of several lines the widest.

    >>> width_of("金额"), width_of("120.00")
    (4, 6)
    """
    return max(len(line) if line.isascii() else sum(map(_width, line)) for line in text.split("\n"))


@lru_cache(maxsize=65_536)
def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def shown_text(value: Shown, form: str) -> str:
    """How a value reads in a cell of that form; used for widths, and for what is digested."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str | datetime.date):
        return str(value)
    number = as_decimal(value)
    if form.startswith("rate"):
        return f"{number * 100:f}%"
    return f"{number:.2f}" if "." in number_format(form) else f"{number:f}"


def as_decimal(value: Decimal | Fraction | int) -> Decimal:
    """A number for a cell: exact where it can be, a fraction with the 17 digits that a cell may hold."""
    if isinstance(value, Fraction):
        with localcontext(prec=17):
            return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


@define
class Page:
    """One sheet being written from the top; ``row`` is the next free row."""

    sheet: Worksheet
    paper: Paper
    row: int = 0
    widest: int = WIDEST
    frozen: int = 0
    widths: dict[int, int] = field(factory=dict)
    long: list[tuple[int, int, str]] = field(factory=list)

    def line(self, text: str, style: str = "plain") -> None:
        """Write a line of text that may run over the columns to its right."""
        self.sheet.write_string(self.row, 0, text, self.paper.format("text", style))
        self.row += 1

    def skip(self) -> None:
        """Leave a row free."""
        self.row += 1

    def head(self, heads: Sequence[str], *, freeze_columns: int | None = None) -> None:
        """Write the heads of a table; with ``freeze_columns`` they stay on screen and on every page."""
        for column, text in enumerate(heads):
            self.sheet.write_string(self.row, column, text, self.paper.format("text", "head"))
            self._widen(column, min(width_of(text), max(WIDEST_HEAD, -(-width_of(text) // 3))))
            self.long.append((self.row, column, text))
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
        self._widen(column, min(width_of(text), self.widest))
        if width_of(text) > self.widest or "\n" in text:
            self.long.append((row, column, text))
        if value is None or text == "":
            self.sheet.write_blank(row, column, None, self.paper.format("text", style))
        elif isinstance(value, bool):
            self.sheet.write_string(row, column, text, self.paper.format("text", style))
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, self.paper.format(_text_form(value), style))
        elif isinstance(value, datetime.date):
            self.sheet.write_datetime(row, column, value, self.paper.format("date", style))
        else:
            self.sheet.write_number(row, column, as_decimal(value), self.paper.format(form, style))

    def finish(self) -> None:
        """Set widths and heights once every cell is known.

        Heights are set because not every program finds them when it opens the file.
        """
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, max(width + 2, NARROWEST))
        lines: dict[int, int] = {}
        for row, column, text in self.long:
            room = self.widths[column] + 1
            needed = sum(max(-(-width_of(line) // room), 1) for line in text.split("\n"))
            lines[row] = max(lines.get(row, 1), needed)
        for row, count in lines.items():
            self.sheet.set_row(row, LINE_HEIGHT * count + 1)
        self._fit()

    def _fit(self) -> None:
        """Fit the width on one page where it stays readable, else on as many as needed, heads repeated."""
        across = -(-sum(self.widths.values()) // READABLE)
        self.sheet.fit_to_pages(max(across, 1), 1 if across < 2 and self.row <= ONE_PAGE else 0)
        if across > 1 and self.frozen:
            self.sheet.repeat_columns(0, self.frozen - 1)

    def _widen(self, column: int, width: int) -> None:
        self.widths[column] = max(self.widths.get(column, 0), width)


def _text_form(text: str) -> str:
    # The quote prefix keeps a text that looks like a formula a text even when someone edits the cell.
    return "quoted" if text.startswith(_RISKY) else "text"


_BASE: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_BORDER = {"border": 1, "text_wrap": True}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 14},
    "notice": {"bold": True, "font_size": 11},
    "head": {"bold": True, "align": "center", "bg_color": "#E7E6E6"} | _BORDER,
    "cell": _BORDER,
    "grey": {"font_color": "#7F7F7F"} | _BORDER,
    "strong": {"bold": True} | _BORDER,
}


@define
class Paper:
    """A workbook being written; formats are made once per form and style."""

    book: Workbook
    formats: dict[tuple[str, str], Any] = field(factory=dict)

    def page(self, name: str, title: str, notices: Iterable[str]) -> Page:
        """Begin a sheet with its title and, at the top, the sentences that must be seen first."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN, bottom=FOOT)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页，共 &N 页&R&A")
        sheet.hide_gridlines(2)
        page = Page(sheet, self)
        page.line(title, "title")
        for notice in notices:
            page.line(notice, "notice")
        return page

    def format(self, form: str, style: str) -> Any:
        """The format of a form in a style."""
        key = (form, style)
        if key not in self.formats:
            settings = _BASE | _STYLES[style]
            if form == "quoted":
                settings = settings | {"quote_prefix": True}
            elif form != "text":
                settings = settings | {"num_format": number_format(form)}
            self.formats[key] = self.book.add_format(settings)
        return self.formats[key]
