"""Reading cells: the one module that may see a float.

A numeric cell of a workbook is a double. It is written with 15 significant digits, which is what the
spreadsheet itself shows at most, and read back as a Decimal; from there on everything is exact. What cannot
be read is a :class:`~jiangbu.errors.Problem` with Chinese texts, for the clerk who must mend the cell.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from attrs import frozen

from jiangbu.errors import Problem
from jiangbu.rules.model import Fact

Value = Decimal | str | bool | datetime.date
CellKind = Literal["blank", "number", "text", "flag", "date", "moment", "error"]

ERRORS = {
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
}
TRUE = {"是", "有", "√", "✓", "✔", "真", "TRUE"}
FALSE = {"否", "无", "×", "✗", "✘", "假", "FALSE"}
BLANK = {"", "-", "--", "/", "—", "——", "–", "无"}
INAPPLICABLE = "不适用"
# A double holds every whole number below this with all its digits.
_EXACT = 10**15

ERROR_REMEDY = "单元格的公式没有正确结果，请改正公式或直接填写"

_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.I)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIGITS_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


@frozen
class Cell:
    """A cell as taken from a sheet: its kind, its exact value, whether it is formatted as a percentage."""

    kind: CellKind
    value: Decimal | str | bool | datetime.date | None = None
    percent: bool = False

    @property
    def shown(self) -> str:
        """The content as a person would read it back."""
        if self.kind == "blank":
            return "空白"
        if isinstance(self.value, bool):
            return "TRUE" if self.value else "FALSE"
        if isinstance(self.value, Decimal):
            return f"{self.value * 100:f}%" if self.percent else f"{self.value:f}"
        return str(self.value)

    @property
    def text(self) -> str:
        """The content as text to carry and print: numbers plain, days in ISO form, nothing for a blank."""
        return "" if self.kind == "blank" else self.shown


EMPTY = Cell("blank")


def take(raw: object, *, error: str = "", percent: bool = False) -> Cell:
    """Take one raw value of a workbook reader; ``error`` is the error that the sheet holds there, if any.

    >>> take(0.1 + 0.2).value
    Decimal('0.3')
    """
    if error:
        return Cell("error", error)
    if isinstance(raw, str):
        return _take_text(raw)
    if raw is None:
        return EMPTY
    if isinstance(raw, bool):
        return Cell("flag", raw)
    if isinstance(raw, (int, float)):
        # Whole numbers are most of a sheet, and 15 digits hold them as they are.
        whole = -_EXACT < raw < _EXACT and raw == int(raw)
        number = Decimal(int(raw)) if whole else Decimal(format(raw, ".15g"))
        return Cell("number", number, percent) if number.is_finite() else Cell("error", "#NUM!")
    if isinstance(raw, datetime.datetime):
        midnight = raw.time() == datetime.time(0)
        return Cell("date", raw.date()) if midnight else Cell("moment", raw.isoformat(" "))
    if isinstance(raw, datetime.date):
        return Cell("date", raw)
    return Cell("moment", str(raw))


# A column often holds few different texts.
@lru_cache(maxsize=65_536)
def _take_text(raw: str) -> Cell:
    text = unicodedata.normalize("NFC", raw).strip()
    if text.upper() in ERRORS:
        return Cell("error", text.upper())
    return Cell("text", text) if text else EMPTY


def plain(text: str) -> str:
    """Text in half-width forms and without white space, for comparison.

    >>> plain("１，２３４ 万元")
    '1,234万元'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_missing(cell: Cell, fact: Fact | None = None) -> bool:
    """Whether the cell holds nothing; ``无`` is an answer where a flag or an option of that name is asked."""
    if cell.kind == "blank":
        return True
    if cell.kind != "text":
        return False
    text = plain(str(cell.value))
    if fact is not None and text == "无" and (fact.kind == "flag" or option_named(text, fact) is not None):
        return False
    return text in BLANK or (fact is not None and fact.has_default and says_inapplicable(cell))


def says_inapplicable(cell: Cell) -> bool:
    """Whether the cell says that its fact does not apply to the row."""
    return cell.kind == "text" and plain(str(cell.value)) == INAPPLICABLE


def read_date(cell: Cell, path: str) -> datetime.date | Problem:
    """A day: a date cell, or one of the forms that clerks type.

    >>> [str(read_date(take(text), "")) for text in ("2024/3/5", "2024.3.5", "2024年3月5日", "20240305")]
    ['2024-03-05', '2024-03-05', '2024-03-05', '2024-03-05']
    """
    if cell.kind == "date" and isinstance(cell.value, datetime.date):
        return cell.value
    text = plain(cell.shown) if cell.kind in ("text", "number") and not cell.percent else ""
    match = _DAY.fullmatch(text) or _DIGITS_DAY.fullmatch(text)
    if match:
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            return datetime.date(year, month, day)
        except ValueError:
            return problem("date", path, cell, "历法上存在的日期", "该日期不存在，请核对年月日")
    if re.fullmatch(r"\d{4}(年\d{1,2}月?|[-/.]\d{1,2})", text):
        return problem("date", path, cell, "具体到日的日期", "请补填日，例如 2024-03-05")
    if cell.kind == "number":
        return problem("date", path, cell, "日期", "请把单元格格式设为“日期”，或填写 2024-03-05 这样的文本")
    return problem("date", path, cell, "日期，例如 2024-03-05", "请按 2024-03-05 的样式填写")


def read_text(cell: Cell, head: str, path: str, *, identity: bool = False) -> str | Problem:
    """Text to carry and print.

    With ``identity`` a number of more than 15 digits is refused, for the cell has lost its last digits.
    """
    if cell.kind == "error":
        return problem("text", path, cell, head, ERROR_REMEDY)
    if identity and _lost_digits(cell):
        remedy = "证件号、账号按数字存放，末尾几位已经丢失：请把该列格式设为“文本”后重新填写"
        return problem("text", path, cell, f"以文本存放的{head}", remedy)
    text = cell.text
    if len(text) > 1000 or _INVISIBLE.search(text):
        return problem("text", path, Cell("text", text[:20]), "不超过 1000 字的文字", "请删去不可见字符或多余文字")
    return text


def _lost_digits(cell: Cell) -> bool:
    """Whether a number lost its end: beyond 15 digits, or written as ``6.22848E+18`` into a csv file."""
    if isinstance(cell.value, Decimal):
        return abs(cell.value) >= 10**15
    return cell.kind == "text" and _SCIENTIFIC.fullmatch(plain(str(cell.value))) is not None


def problem(code: str, path: str, cell: Cell, expected: str, remedy: str) -> Problem:
    """A problem of a cell: what it holds, what it should hold, how to mend it."""
    return Problem(code, path, cell.shown[:60], expected, remedy)


def option_named(text: str, fact: Fact) -> str | None:
    """The option of that name or label."""
    text = text.casefold()
    return next((name for name, label in fact.options.items() if text in (name, plain(label).casefold())), None)
