"""What a cell says where a fact or an amount is asked for: units, percentages, flags and options, within bounds."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from jiangbu.desk import words
from jiangbu.desk.cells import (
    ERROR_REMEDY,
    FALSE,
    TRUE,
    Cell,
    Value,
    is_missing,
    option_named,
    plain,
    problem,
    read_date,
)
from jiangbu.errors import Problem
from jiangbu.rules.model import Fact

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
# A cell of a spreadsheet shows so many digits and keeps no more; a csv file or a text may hold a longer number.
MOST_DIGITS = 15
TOO_LONG = "数字超过 15 位，电子表格已不能准确存放，请核对"

_CHECK = {"date": "请核对年月日", "money": "请核对金额和单位", "rate": "请核对比例和单位"}
_NUMBER = re.compile(r"¥?(-?)¥?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\D*)")


def read_fact(cell: Cell, fact: Fact, unit: str, path: str) -> Value | Problem | None:
    """The exact value of a cell for ``Scheme.try_determine``, None where it is missing, or its problem.

    ``unit`` is the unit in the head (``万元``, ``%``, empty for the fact's own), ``path`` the cell's address.
    Money comes back in yuan, a rate as the fraction, a choice as the option's name.
    """
    if cell.kind == "error":
        return problem("kind", path, cell, words.expected(fact), ERROR_REMEDY)
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
    if has_more_decimals(number, fact.decimals):
        return problem("decimals", path, cell, words.expected(fact), _round_remedy(cell, fact, unit))
    value = _bounded(number, number, cell, fact, unit, path)
    if isinstance(value, Problem) or fits_a_cell(number):
        return value
    return problem("decimals", path, cell, words.expected(fact), TOO_LONG)


def read_money(cell: Cell, unit: str, path: str) -> Decimal | Problem | None:
    """An amount in yuan and whole fen outside the facts, such as 已付金额; None where it is missing."""
    if cell.kind == "error":
        return problem("kind", path, cell, "金额", ERROR_REMEDY)
    if is_missing(cell):
        return None
    number = _number(cell, MONEY_UNITS, MONEY_UNITS.get(unit, 0))
    if number is None:
        return problem("kind", path, cell, "金额", "请填写数字")
    if has_more_decimals(number, 2):
        return problem("decimals", path, cell, "到分为止的金额", "请用 ROUND 函数取整到分后再填")
    if number < 0:
        return problem("bounds", path, cell, "不小于 0 的金额", "请核对金额")
    if not fits_a_cell(number):
        return problem("decimals", path, cell, "金额", TOO_LONG)
    return number


def read_total(cell: Cell, fact: Fact, unit: str) -> Decimal | None:
    """The number in a row of totals, whatever the bounds of a single row; None where there is none to compare."""
    if fact.kind not in ("money", "number") or cell.kind not in ("number", "text") or is_missing(cell):
        return None
    number = _amount(cell, fact, unit, "")
    return None if isinstance(number, Problem) else number


def fits_a_cell(number: Decimal) -> bool:
    """Whether a cell of a spreadsheet holds a number with every digit, so that it can be written and read again.

    >>> fits_a_cell(Decimal("1234567890123.45")), fits_a_cell(Decimal("12345678901234.56"))
    (True, False)
    """
    return abs(number) < 10**MOST_DIGITS and len(number.normalize().as_tuple().digits) <= MOST_DIGITS


def has_more_decimals(number: Decimal, decimals: int) -> bool:
    """Whether a number has more decimals than that, zeros at the end aside."""
    numerator, denominator = number.as_integer_ratio()
    return denominator != 1 and numerator * 10**decimals % denominator != 0


def _bounded(number: Decimal, value: Value, cell: Cell, fact: Fact, unit: str, path: str) -> Value | Problem:
    if words.inside(fact, number):
        return value
    shifted = (Fraction(number) / 10**4, Fraction(number) * 10**4)
    if fact.kind == "money" and number != 0 and any(words.inside(fact, other) for other in shifted):
        read = f"所填按{unit or '元'}读作 {number:,f} 元"
        remedy = f"疑似元、万元混填：{read}，请核对后按表头的单位填写"
        return problem("ten-thousandfold", path, cell, words.expected(fact), remedy)
    return problem("bounds", path, cell, words.expected(fact), _CHECK.get(fact.kind, "请核对数据"))


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
        remedy = TOO_LONG
    return problem("kind", path, cell, words.expected(fact), remedy)


def number_units(fact: Fact) -> dict[str, int]:
    """The units in which a count may be typed, by the power of ten that makes them the fact's own."""
    return {"万": 4, fact.unit: 0, f"万{fact.unit}": 4} if fact.unit else {"万": 4}


def _rate(cell: Cell, fact: Fact, unit: str, path: str) -> Decimal | Problem:
    power = RATE_UNITS.get(unit, 0)
    number = _number(cell, RATE_UNITS, 0 if cell.percent else power)
    if number is None:
        return problem("kind", path, cell, words.expected(fact), "请按 4.35% 的样式填写")
    stated = cell.percent or (cell.kind == "text" and str(cell.value).rstrip()[-1] in "%‰％")
    if not power and not stated and abs(number) >= 1:
        return problem("kind", path, cell, words.expected(fact), "请注明%：写成 4.35%，或在表头写明（%）")
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
    return problem("kind", path, cell, "是 或 否", "请填写 是 或 否")


def _choice(cell: Cell, fact: Fact, path: str) -> str | Problem:
    name = option_named(plain(cell.shown), fact)
    if name is not None:
        return name
    return problem("option", path, cell, words.expected(fact), "请从所列选项中选一项填写")
