"""Chinese words for what a cell should hold, for outcomes and for the codes that programs act on."""

from __future__ import annotations

import datetime
from fractions import Fraction

from jiangbu.errors import Problem
from jiangbu.rules.model import Fact

KINDS = {
    "money": "金额",
    "number": "数字",
    "rate": "比例",
    "flag": "是 或 否",
    "choice": "选项",
    "date": "日期",
}
OUTCOMES = {
    "payable": "应付",
    "nil": "按规定为零",
    "refused": "不予支持",
    "unreadable": "数据问题",
    "set_aside": "搁置",
}
CODES = {
    "missing": "未填写",
    "unknown-fact": "多余的事实",
    "float": "不是精确数",
    "kind": "填写内容不对",
    "decimals": "小数位数过多",
    "bounds": "超出范围",
    "ten-thousandfold": "疑似元、万元混填",
    "outside-series": "利率表未载明该日",
    "option": "不在选项之内",
    "date": "日期不对",
    "text": "文字不对",
    "duplicate-key": "重复",
    "check": "前后矛盾",
    "parts": "分项之和不符",
    "version": "另一版本",
}


def inside(fact: Fact, number: Fraction) -> bool:
    """Whether a number (money in yuan, a date as its ordinal) lies inside the fact's bounds."""
    bounds = fact.bounds
    if bounds is None:
        return True
    above = bounds.low < number if bounds.low_open else bounds.low <= number
    return above and (number < bounds.high if bounds.high_open else number <= bounds.high)


def expected(fact: Fact) -> str:
    """What the fact asks for, in words that name its unit and both ends of its bounds."""
    if fact.kind == "flag":
        return KINDS["flag"]
    if fact.kind == "choice":
        return "、".join(fact.options.values()) + " 之一"
    name = {"money": "金额（元）", "number": f"数字（{fact.unit}）" if fact.unit else "数字"}.get(
        fact.kind, KINDS[fact.kind]
    )
    if fact.bounds is None:
        return name
    low = _end(fact, fact.bounds.low) + ("（不含）" if fact.bounds.low_open else "")
    high = _end(fact, fact.bounds.high) + ("（不含）" if fact.bounds.high_open else "")
    places = f"，至多 {fact.decimals} 位小数" if fact.kind == "money" and fact.decimals != 2 else ""
    if fact.kind == "number":
        places = f"，至多 {fact.decimals} 位小数" if fact.decimals else "，整数"
    return f"{name}，{low} 至 {high}{places}"


def _end(fact: Fact, end: Fraction) -> str:
    if fact.kind == "date":
        return datetime.date.fromordinal(int(end)).isoformat()
    if fact.kind == "rate":
        return f"{decimal_text(end * 100)}%"
    return decimal_text(end)


def decimal_text(number: Fraction) -> str:
    """A number with thousands separators and no more decimals than it has (a recurring one as a fraction).

    >>> decimal_text(Fraction(12345678, 10)), decimal_text(Fraction(1, 3))
    ('1,234,567.8', '1/3')
    """
    for places in range(13):
        scaled = number * 10**places
        if scaled.denominator == 1:
            sign = "-" if scaled < 0 else ""
            whole, rest = divmod(abs(scaled.numerator), 10**places)
            return f"{sign}{whole:,}" + (f".{rest:0{places}d}" if places else "")
    return f"{number.numerator}/{number.denominator}"


def kernel_problem(problem: Problem, fact: Fact | None, path: str) -> Problem:
    """A problem that the library found, told in Chinese at the address of its cell.

    The library speaks English; where the fact is known its expectation is said anew, else its words stand.
    """
    remedies = {
        "missing": f"请填写“{fact.label if fact else problem.path}”；确实没有的，填 0 或 否",
        "check": "所填数据前后矛盾，请核对后改正",
        "outside-series": "请核对日期；日期无误的，须先补充该日的利率数据",
        "parts": "各分项之和与核定金额不符，请核对规则表",
    }
    own_words = fact is None or problem.code in ("check", "outside-series", "parts")
    found = "空白" if problem.code == "missing" else problem.found
    wanted = problem.expected if own_words or fact is None else expected(fact)
    return Problem(problem.code, path, found, wanted, remedies.get(problem.code, "请核对数据"))
