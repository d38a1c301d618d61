"""Chinese words for what a cell should hold, for outcomes and for the codes that programs act on."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from jiangbu.errors import Problem
from jiangbu.rules.model import Effective, Fact
from jiangbu.rules.scheme import Scheme

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

FINDINGS = {
    "toml": "文件写法",
    "unknown-key": "不认识的键",
    "missing-key": "缺少必填的键",
    "bad-value": "值写得不对",
    "size": "太大",
    "duplicate-name": "名称重复",
    "unknown-name": "不认识的名称",
    "formula": "算式写法",
    "order": "先后次序",
    "kind": "类别不合",
    "bounds": "范围",
    "gap": "档次有缺口",
    "overlap": "档次有重叠",
    "lookup-range": "查表超出范围",
    "division": "除数可能为零",
    "denominator": "分母过大",
    "rounding": "取整",
    "negative-pay": "金额可能为负",
    "level": "层级",
    "series": "利率等序列",
    "document": "依据文件",
    "gate": "准入条件",
    "validity": "有效期",
    "case": "算例不符",
    "promise": "承诺不成立",
    "parts": "分项之和不符",
    "unnoticed": "改动未被察觉",
    "unreachable": "用不到的档次",
    "unused": "没有用到",
    "bare-number": "算式中直接写数字",
    "unit": "单位不一",
    "case-missing": "缺少算例",
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
    places = ""
    if fact.kind in ("money", "number"):
        places = f"，至多 {fact.decimals} 位小数" if fact.decimals else "，整数"
    return f"{name}，{low} 至 {high}{places}"


def _end(fact: Fact, end: Fraction) -> str:
    if fact.kind == "date":
        return datetime.date.fromordinal(int(end)).isoformat()
    if fact.kind == "rate":
        return f"{decimal_text(end * 100)}%"
    return decimal_text(end)


def value_text(scheme: Scheme, name: str, value: object) -> str:
    """A value of a fact or line as text: a flag as 是 or 否, an option by its label, money with its unit."""
    fact, line = scheme.facts.get(name), scheme.lines.get(name)
    kind = fact.kind if fact is not None else line.kind if line is not None else ""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return fact.options.get(value, value) if fact is not None else value
    if isinstance(value, Decimal | Fraction | int):
        number = Fraction(value)
        unit = "元" if kind == "money" else fact.unit if fact is not None else line.unit if line is not None else ""
        return f"{decimal_text(number * 100)}%" if kind == "rate" else f"{decimal_text(number)}{unit}"
    return str(value)


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


def day_text(day: datetime.date | str | None, without: str) -> str:
    """A day in ISO form, 未见 where the source did not show it, ``without`` where there is none."""
    return without if day is None else "未见" if day == "unseen" else str(day)


def validity(effective: Effective) -> str:
    """The days of validity in words."""
    return f"{day_text(effective.from_, '未见')} 起，至 {day_text(effective.until, '文件未设终止日期')}"


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
