"""Chinese words for what a cell should hold, for outcomes and for the codes that programs act on."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from jiangbu.errors import Problem
from jiangbu.rules.determination import Determination
from jiangbu.rules.model import Effective, Fact
from jiangbu.rules.results import RowResult
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.words import complaints
from jiangbu.rules.words.amounts import written

OUTCOMES = {
    "payable": "应付",
    "nil": "按规定为零",
    "refused": "不予支持",
    "unreadable": "数据问题",
    "set_aside": "搁置",
}
CODES = {
    **complaints.CODES,
    "missing": "未填写",
    "text": "文字或号码不对",
    "duplicate-key": "重复",
    "version": "另一版本",
    "previous": "与上批对不上",
    "parent": "上级编号没有对应的行",
    "contradiction": "结论与金额不符",
}
"""What the codes of problems are called beside a cell."""

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


def inside(fact: Fact, number: Fraction | Decimal) -> bool:
    """Whether a number (money in yuan, a date as its ordinal) lies inside the fact's bounds."""
    bounds = fact.bounds
    if bounds is None:
        return True
    above, below = _compare(number, bounds.low), _compare(bounds.high, number)
    return (above > 0 or (above == 0 and not bounds.low_open)) and (below > 0 or (below == 0 and not bounds.high_open))


def _compare(one: Fraction | Decimal, other: Fraction | Decimal) -> int:
    """Above zero where the first is the greater; in whole numbers, for Fraction is slow to compare."""
    (top, bottom), (other_top, other_bottom) = one.as_integer_ratio(), other.as_integer_ratio()
    return top * other_bottom - other_top * bottom


def expected(fact: Fact) -> str:
    """What the fact asks for, in words that name its unit, both ends of its bounds and how many decimals it takes."""
    places = ""
    if fact.kind in ("money", "number"):
        places = f"，至多{fact.decimals}位小数" if fact.decimals else "，整数"
    return complaints.asked(fact) + places


def value_text(scheme: Scheme, name: str, value: object) -> str:
    """A value of a fact or line as text: a flag as 是 or 否, an option by its label, money with its unit."""
    part = scheme.facts.get(name) or scheme.lines.get(name)
    exact: bool | str | Fraction | None
    if value is None or isinstance(value, bool | str):
        exact = value
    elif isinstance(value, int | Decimal | Fraction):
        exact = Fraction(value)
    else:
        return str(value)
    kind, unit = (part.kind, part.unit) if part is not None else ("number", "")
    return written(kind, exact, unit=unit, options=part.options if isinstance(part, Fact) else {})


def day_text(day: datetime.date | str | None, without: str) -> str:
    """A day in ISO form, 未见 where the source did not show it, ``without`` where there is none."""
    return without if day is None else "未见" if day == "unseen" else str(day)


def validity(effective: Effective) -> str:
    """The days of validity in words.

    >>> validity(Effective(datetime.date(2024, 1, 1))), validity(Effective("unseen", "unseen"))
    ('2024-01-01起，文件未设终止日期', '施行日期未见，有效期未见')
    """
    start = "施行日期未见" if effective.from_ == "unseen" else f"{effective.from_}起"
    if effective.until is None:
        return f"{start}，文件未设终止日期"
    if effective.until == "unseen":
        return f"{start}，有效期未见"
    return f"{start}，至{effective.until}止"


def missing_remedy(fact: Fact) -> str:
    """What to do about an empty cell of a fact, by its kind.

    >>> from jiangbu.rules.model import Fact
    >>> missing_remedy(Fact("paid", "已付金额", "flag"))
    '请填写“已付金额”：填 是 或 否'
    """
    return f"请填写“{fact.label}”：{complaints.how_to_fill(fact)}"


def nil_reason(result: Determination | RowResult) -> str:
    """Why an amount that no requirement refuses is zero: the line that made it so, its clause, and how.

    Takes a whole determination or a paid row of one; a case of many paid rows tells the first few causes, and a
    row that pays something has none (empty).
    """
    if isinstance(result, Determination):
        result = result.root
    return "；".join(result.book.say.nil(result))


def kernel_problem(problem: Problem, fact: Fact | None, path: str) -> Problem:
    """A problem that the library found, told in Chinese at the address of its cell.

    The library speaks English; where the fact is known its expectation is said anew, else its words stand.
    """
    remedies = {
        "missing": missing_remedy(fact) if fact else f"请填写“{problem.path}”",
        "check": "所填数据前后矛盾，请核对后改正",
        "outside-series": "请核对日期；日期无误的，须先补充该日的利率数据",
        "parts": "各分项之和与核定金额不符，请核对规则表",
    }
    own_words = fact is None or problem.code in ("check", "outside-series", "parts")
    found = "空白" if problem.code == "missing" else problem.found
    wanted = problem.expected if own_words or fact is None else expected(fact)
    return Problem(problem.code, path, found, wanted, remedies.get(problem.code, "请核对数据"))
