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
from fractions import Fraction
from typing import Literal

from attrs import frozen

from jiangbu.desk import words
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
# Powers of ten by which an amount in that unit becomes yuan.
MONEY_UNITS = {
    "元": 0,
    "百元": 2,
    "千元": 3,
    "万": 4,
    "万元": 4,
    "百万元": 6,
    "千万元": 7,
    "亿": 8,
    "亿元": 8,
}
RATE_UNITS = {"%": -2, "‰": -3}
# A longer text number is no amount of this trade, and would be rounded by Decimal's 28 digits.
LONGEST_NUMBER = 24

_CHECK = {"date": "请核对年月日", "money": "请核对金额和单位", "rate": "请核对比例和单位"}
ERROR_REMEDY = "单元格的公式没有正确结果，请改正公式或直接填写"

_NUMBER = re.compile(r"¥?(-?)¥?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\D*)")
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.I)
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
    if raw is None or raw == "":
        return EMPTY
    if isinstance(raw, bool):
        return Cell("flag", raw)
    if isinstance(raw, (int, float)):
        number = Decimal(format(raw, ".15g"))
        return Cell("number", number, percent) if number.is_finite() else Cell("error", "#NUM!")
    if isinstance(raw, datetime.datetime):
        midnight = raw.time() == datetime.time(0)
        return Cell("date", raw.date()) if midnight else Cell("moment", raw.isoformat(" "))
    if isinstance(raw, datetime.date):
        return Cell("date", raw)
    if isinstance(raw, str):
        text = unicodedata.normalize("NFC", raw).strip()
        if text.upper() in ERRORS:
            return Cell("error", text.upper())
        return Cell("text", text) if text else EMPTY
    return Cell("moment", str(raw))


def plain(text: str) -> str:
    """Text in half-width forms and without white space, for comparison.

    >>> plain("１，２３４ 万元")
    '1,234万元'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def is_missing(cell: Cell, fact: Fact | None = None) -> bool:
    """Whether the cell holds nothing; ``无`` is an answer where a flag or an option of that name is asked."""
    if cell.kind == "blank":
        return True
    if cell.kind != "text":
        return False
    text = plain(str(cell.value))
    if fact is not None and text == "无" and (fact.kind == "flag" or _option(text, fact) is not None):
        return False
    return text in BLANK or (text == "不适用" and fact is not None and fact.has_default)


def read_fact(cell: Cell, fact: Fact, unit: str, path: str) -> Value | Problem | None:
    """The exact value of a cell for ``Scheme.try_determine``, None where it is missing, or its problem.

    ``unit`` is the unit in the head (``万元``, ``%``, empty for the fact's own), ``path`` the cell's address.
    Money comes back in yuan, a rate as the fraction, a choice as the option's name.
    """
    if cell.kind == "error":
        return _problem("kind", path, cell, words.expected(fact), ERROR_REMEDY)
    if is_missing(cell, fact):
        return None
    if fact.kind == "flag":
        return _flag(cell, path)
    if fact.kind == "choice":
        return _choice(cell, fact, path)
    if fact.kind == "date":
        day = read_date(cell, path)
        return day if isinstance(day, Problem) else _bounded(Decimal(day.toordinal()), day, cell, fact, unit, path)
    number = _rate(cell, fact, unit, path) if fact.kind == "rate" else _amount(cell, fact, unit, path)
    if isinstance(number, Problem):
        return number
    if Fraction(number) * 10**fact.decimals % 1:
        return _problem("decimals", path, cell, words.expected(fact), _round_remedy(cell, fact, unit))
    return _bounded(number, number, cell, fact, unit, path)


def read_money(cell: Cell, unit: str, path: str) -> Decimal | Problem | None:
    """An amount in yuan and whole fen outside the facts, such as 已付金额; None where it is missing."""
    if cell.kind == "error":
        return _problem("kind", path, cell, "金额", ERROR_REMEDY)
    if is_missing(cell):
        return None
    number = _number(cell, MONEY_UNITS, MONEY_UNITS.get(unit, 0))
    if number is None:
        return _problem("kind", path, cell, "金额", "请填写数字")
    if Fraction(number) * 100 % 1:
        return _problem("decimals", path, cell, "到分为止的金额", "请用 ROUND 函数取整到分后再填")
    if number < 0:
        return _problem("bounds", path, cell, "不小于 0 的金额", "请核对金额")
    return number


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
            return _problem("date", path, cell, "历法上存在的日期", "该日期不存在，请核对年月日")
    if re.fullmatch(r"\d{4}(年\d{1,2}月?|[-/.]\d{1,2})", text):
        return _problem("date", path, cell, "具体到日的日期", "请补填日，例如 2024-03-05")
    if cell.kind == "number":
        return _problem("date", path, cell, "日期", "请把单元格格式设为“日期”，或填写 2024-03-05 这样的文本")
    return _problem("date", path, cell, "日期，例如 2024-03-05", "请按 2024-03-05 的样式填写")


def read_text(cell: Cell, head: str, path: str, *, identity: bool = False) -> str | Problem:
    """Text to carry and print.

    With ``identity`` a number of more than 15 digits is refused, for the cell has lost its last digits.
    """
    if cell.kind == "error":
        return _problem("text", path, cell, head, ERROR_REMEDY)
    if identity and _lost_digits(cell):
        remedy = "证件号、账号按数字存放，末尾几位已经丢失：请把该列格式设为“文本”后重新填写"
        return _problem("text", path, cell, f"以文本存放的{head}", remedy)
    text = cell.text
    if any(unicodedata.category(char) == "Cc" and char not in "\n\r\t" for char in text) or len(text) > 1000:
        return _problem("text", path, Cell("text", text[:20]), "不超过 1000 字的文字", "请删去不可见字符或多余文字")
    return text


def _lost_digits(cell: Cell) -> bool:
    """Whether a number lost its end: beyond 15 digits, or written as ``6.22848E+18`` into a csv file."""
    if isinstance(cell.value, Decimal):
        return abs(cell.value) >= 10**15
    return cell.kind == "text" and _SCIENTIFIC.fullmatch(plain(str(cell.value))) is not None


def read_total(cell: Cell, fact: Fact, unit: str) -> Decimal | None:
    """The number in a row of totals, whatever the bounds of a single row; None where there is none to compare."""
    if fact.kind not in ("money", "number") or cell.kind not in ("number", "text") or is_missing(cell):
        return None
    number = _amount(cell, fact, unit, "")
    return None if isinstance(number, Problem) else number


def _problem(code: str, path: str, cell: Cell, expected: str, remedy: str) -> Problem:
    return Problem(code, path, cell.shown[:60], expected, remedy)


def _bounded(number: Decimal, value: Value, cell: Cell, fact: Fact, unit: str, path: str) -> Value | Problem:
    if words.inside(fact, Fraction(number)):
        return value
    shifted = (Fraction(number) / 10**4, Fraction(number) * 10**4)
    if fact.kind == "money" and number != 0 and any(words.inside(fact, other) for other in shifted):
        read = f"所填按{unit or '元'}读作 {number:,f} 元"
        remedy = f"疑似元、万元混填：{read}，请核对后按表头的单位填写"
        return _problem("ten-thousandfold", path, cell, words.expected(fact), remedy)
    return _problem("bounds", path, cell, words.expected(fact), _CHECK.get(fact.kind, "请核对数据"))


def _number(cell: Cell, units: dict[str, int], power: int) -> Decimal | None:
    """The number times ten to the ``power``; a unit that the cell states itself comes before the head's."""
    if isinstance(cell.value, Decimal):
        return cell.value.scaleb(power) if abs(cell.value) < 10**15 else None
    match = _NUMBER.fullmatch(plain(str(cell.value)).replace("￥", "¥")) if cell.kind == "text" else None
    if match is None:
        return None
    sign, whole, fraction, suffix = match.groups()
    digits = whole.replace(",", "") + (fraction or "")
    if len(digits) > LONGEST_NUMBER or (suffix and suffix not in units):
        return None
    return Decimal(sign + digits).scaleb(units[suffix] if suffix else power)


def _amount(cell: Cell, fact: Fact, unit: str, path: str) -> Decimal | Problem:
    units = MONEY_UNITS if fact.kind == "money" else number_units(fact)
    number = _number(cell, units, units.get(unit, 0))
    if number is not None:
        return number
    remedy = "请只填数字，单位写在表头里" if cell.kind == "text" else "请把单元格格式设为“数值”后填写数字"
    if isinstance(cell.value, Decimal):
        remedy = "数字超过 15 位，电子表格已不能准确存放，请核对"
    return _problem("kind", path, cell, words.expected(fact), remedy)


def number_units(fact: Fact) -> dict[str, int]:
    """The units in which a count may be typed, by the power of ten that makes them the fact's own."""
    return {"万": 4, fact.unit: 0, f"万{fact.unit}": 4} if fact.unit else {"万": 4}


def _rate(cell: Cell, fact: Fact, unit: str, path: str) -> Decimal | Problem:
    power = RATE_UNITS.get(unit, 0)
    number = _number(cell, RATE_UNITS, 0 if cell.percent else power)
    if number is None:
        return _problem("kind", path, cell, words.expected(fact), "请按 4.35% 的样式填写")
    stated = cell.percent or (cell.kind == "text" and str(cell.value).rstrip()[-1] in "%‰％")
    if not power and not stated and abs(number) >= 1:
        return _problem("kind", path, cell, words.expected(fact), "请注明%：写成 4.35%，或在表头写明（%）")
    return number


def _round_remedy(cell: Cell, fact: Fact, unit: str) -> str:
    if fact.kind == "rate" and cell.kind == "text" and plain(str(cell.value)).endswith("%"):
        return f"请在百分号前至多留 {max(fact.decimals - 2, 0)} 位小数，程序不代为取舍"
    power = (MONEY_UNITS if fact.kind == "money" else RATE_UNITS if fact.kind == "rate" else {}).get(unit, 0)
    places = max(fact.decimals + power, 0)
    if places == 0:
        return "应为整数；由公式得出的，请用 ROUND(…,0) 取整后再填，程序不代为取舍"
    return f"由公式得出的，请用 ROUND(…,{places}) 取到 {places} 位小数后再填，程序不代为取舍"


def _flag(cell: Cell, path: str) -> bool | Problem:
    if isinstance(cell.value, bool):
        return cell.value
    text = plain(cell.shown).upper() if cell.kind == "text" else ""
    if text in TRUE or text in FALSE:
        return text in TRUE
    return _problem("kind", path, cell, "是 或 否", "请填写 是 或 否")


def _option(text: str, fact: Fact) -> str | None:
    text = text.casefold()
    return next((name for name, label in fact.options.items() if text in (name, plain(label).casefold())), None)


def _choice(cell: Cell, fact: Fact, path: str) -> str | Problem:
    name = _option(plain(cell.shown), fact)
    if name is not None:
        return name
    return _problem("option", path, cell, words.expected(fact), "请从所列选项中选一项填写")
