"""Exact values as a clerk reads them: 800,000.00元, 5000万元, 4.35%, 2024年10月21日.

Nothing is rounded here. A number without an end is cut after six places and ends in ``…``: every digit shown
is true.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from jiangbu.rules.kinds import Value, decimals_of

Lang = Literal["zh", "en"]

CUT = 6
"""Places shown of a number that has no end."""

WAN, YI = 10_000, 100_000_000


def figure(value: Fraction, places: int = 0, *, separators: bool = True) -> str:
    """Write a number with thousands separators and at least so many places.

    >>> figure(Fraction(12345678, 10)), figure(Fraction(800_000), 2), figure(Fraction(20, 3))
    ('1,234,567.8', '800,000.00', '6.666666…')
    """
    exact = decimals_of(value)
    shown = CUT if exact < 0 else max(exact, places)
    whole, rest = divmod(abs(value.numerator) * 10**shown // value.denominator, 10**shown)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole:{',' if separators else ''}}" + (f".{rest:0{shown}d}" if shown else "") + "…" * (exact < 0)


def money_figure(value: Fraction, lang: Lang = "zh", *, places: int | None = None) -> str:
    """Write an amount of yuan in figures: whole yuan without places, anything else with at least two.

    >>> money_figure(Fraction(800_000)), money_figure(Fraction(1, 2)), money_figure(Fraction(1, 2), "en")
    ('800,000元', '0.50元', '0.50 yuan')
    """
    least = (2 if value.denominator != 1 else 0) if places is None else places
    return figure(value, least) + (" yuan" if lang == "en" else "元")


def money_in_law(value: Fraction) -> str:
    """Write an amount of yuan as rules print it: in 亿 or 万 where two places suffice, without separators.

    >>> [money_in_law(Fraction(n)) for n in (50_000_000, 120_000_000, 44_225, 3000, 0)]
    ['5000万元', '1.2亿元', '44225元', '3000元', '0元']
    """
    size = abs(value)
    for unit, word in ((YI, "亿元"), (WAN, "万元")):
        if size >= unit and (value * 100 / unit).denominator == 1:
            return figure(value / unit, separators=False) + word
    return figure(value, 2 if value.denominator != 1 else 0, separators=False) + "元"


def money_result(value: Fraction, lang: Lang = "zh", *, places: int | None = 2) -> str:
    """Write an amount as the result of a line: to the fen, and in 万 or 亿 beside it where that is shorter.

    :param places: the least places shown; None shows them only where the amount has any.

    >>> money_result(Fraction(800_000)), money_result(Fraction(44_225))
    ('800,000.00元（80万元）', '44,225.00元')
    """
    text = money_figure(value, lang, places=places)
    short = money_in_law(value)
    return f"{text}（{short}）" if lang == "zh" and short[-2] in "万亿" else text


def percent(value: Fraction) -> str:
    """Write a rate: as a percent where it has an end, else as a fraction.

    >>> percent(Fraction(435, 10_000)), percent(Fraction(2, 37))
    ('4.35%', '2/37')
    """
    return str(value) if decimals_of(value) < 0 else f"{figure(value * 100, separators=False)}%"


def day(value: Fraction | int | date, lang: Lang = "zh") -> str:
    """Write a day, given as a date or its ordinal.

    >>> day(date(2024, 10, 21)), day(date(2024, 10, 21), "en")
    ('2024年10月21日', '2024-10-21')
    """
    moment = value if isinstance(value, date) else date.fromordinal(int(value))
    return moment.isoformat() if lang == "en" else f"{moment.year}年{moment.month}月{moment.day}日"


def year(value: Fraction, lang: Lang = "zh") -> str:
    """Write a year, which never has separators.

    >>> year(Fraction(2024)), year(Fraction(2024), "en")
    ('2024年', '2024')
    """
    return figure(value, separators=False) + ("年" if lang == "zh" else "")


def number(value: Fraction, unit: str = "", lang: Lang = "zh", *, law: bool = False) -> str:
    """Write a number with its unit; a count of 月 is one of 个月.

    As rules print it (``law``) it has no separators, and a year never has.

    >>> number(Fraction(1200), "户"), number(Fraction(12), "月"), number(Fraction(5, 2), "亩", "en")
    ('1,200户', '12个月', '2.5 亩')
    """
    if lang == "en":
        return figure(value) + (f" {unit}" if unit else "")
    return figure(value, separators=not law and unit != "年") + ("个月" if unit == "月" else unit)


def flag(value: bool, lang: Lang = "zh") -> str:
    """Write a flag as 是 or 否."""
    return ("yes" if value else "no") if lang == "en" else ("是" if value else "否")


def written(
    kind: str,
    value: Value | None,
    *,
    unit: str = "",
    options: Mapping[str, str] | None = None,
    lang: Lang = "zh",
    law: bool = False,
) -> str:
    """Write a value of any kind; ``law`` writes money and numbers as rules print them, None is a dash."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return flag(value, lang)
    if isinstance(value, str):
        return (options or {}).get(value, value)
    if kind == "money":
        return money_in_law(value) if law and lang == "zh" else money_figure(value, lang)
    if kind == "rate":
        return percent(value)
    return day(value, lang) if kind == "date" else number(value, unit, lang, law=law)
