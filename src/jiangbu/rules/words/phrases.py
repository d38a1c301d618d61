"""The words between the numbers, Chinese and English; labels of tables stay Chinese in both."""

from __future__ import annotations

from collections.abc import Mapping

from jiangbu.rules.words.amounts import Lang

LOOSE, TEST, PLUS, TIMES, ATOM = range(5)
"""How tightly a text holds together: what is looser than its place asks for goes into brackets."""

Said = tuple[str, int]
"""A text and how tightly it holds together."""

FORMULA: Mapping[str, tuple[str, str]] = {
    "quoted": ("“{}”", "“{}”"),
    "table": ("《{}》", "{}"),
    "bracket": ("（{}）", "({})"),
    "constant": ("{}（{}）", "{} ({})"),
    "and": ("，且", ", and "),
    "or": ("，或", ", or "),
    "listed": ("、", ", "),
    "either": ("或", " or "),
    "only-for": ("{}的，{}", "where {}: {}"),
    "except-for": ("{}（{}的不作此要求）", "{} (not asked where {})"),
    "not": ("不符合（{}）", "not: {}"),
    "flag": ("{}为“{}”", "{} is {}"),
    "member": ("{}为{}", "{} is {}"),
    "member-not": ("{}不是{}", "{} is none of {}"),
    "fact-value": ("{}（{}）", "{} ({})"),
    "if": ("若{}，则{}", "if {}, {}"),
    "if-next": ("；", "; "),
    "else": ("；否则{}", "; otherwise {}"),
    "taken": ("因{}，应{}", "since {}: {}"),
    "being": ("为{}", "{}"),
    "not-that": ("{}，不是{}", "{}, not {}"),
    "min": ("取{}中的较小者", "the smaller of {}"),
    "max": ("取{}中的较大者", "the greater of {}"),
    "min-many": ("取{}中的最小者", "the smallest of {}"),
    "max-many": ("取{}中的最大者", "the greatest of {}"),
    "between": ("与", " and "),
    "that-is": ("{}，即{}", "{}, which is {}"),
    "floor-zero": ("{}（小于0的按0计）", "{} (0 if below 0)"),
    "below-zero": ("{}，小于0，按0计", "{}, below 0, taken as 0"),
    "whole": ("{}取整数部分（零头舍去）", "the whole part of {}"),
    "round-to": ("{}{}", "{} {}"),
    "lookup": ("{1}中{0}对应的{2}", "the {2} of {1} at {0}"),
    "named-value": ("{}{}", "{} {}"),
    "hit": ("{}（{}属{}“{}”一档）", "{0} ({1} falls in row “{3}” of {2})"),
    "hit-named": ("{}（{}“{}”一档）", "{0} (row “{2}” of {1})"),
    "marginal": ("{1}中{0}按{2}超额累进的合计", "the progressive sum of the {2} of {1} up to {0}"),
    "marginal-count": (
        "{0}按{1}分段，各段数量×该段{2}，逐段相加",
        "the sum of the {2} of {1}, unit by unit up to {0}",
    ),
    "bands": ("{}超额累进：{}", "progressively by {}: {}"),
    "bands-count": ("{}分段累计：{}", "band by band by {}: {}"),
    "bands-none": ("{}没有计入任何一段", "{}: no band is reached"),
    "series": ("{}当日执行的{}{}", "the {2} of {1} on {0}"),
    "days": ("自{}至{}的天数（算头不算尾）", "the days from {} to {} (first day in, last day out)"),
    "months": ("自{}至{}的足月数", "the full months from {} to {}"),
    "later": ("{}后满{}的对应日", "the day {1} after {0}"),
    "after": ("{}后第{}", "the day {1} after {0}"),
    "before": ("{}前第{}", "the day {1} before {0}"),
    "year": ("{}所在年份", "the year of {}"),
    "days-done": ("{2}（自{0}至{1}，算头不算尾）", "{2} (from {0} to {1}, first day in, last day out)"),
    "months-done": ("{2}（自{0}至{1}）", "{2} (from {0} to {1})"),
    "later-done": ("{2}（{0}后满{1}）", "{2} ({1} after {0})"),
    "after-done": ("{2}（{0}后第{1}）", "{2} ({1} after {0})"),
    "before-done": ("{2}（{0}前第{1}）", "{2} ({1} before {0})"),
    "year-done": ("{1}（{0}）", "{1} ({0})"),
    "month-unit": ("个月", "months"),
    "day-unit": ("天", "days"),
    "call": ("{}在{}日终的余额", "the balance of {} at the end of {}"),
    "sum": ("各{}{}的合计", "the sum over each {} of {}"),
    "count": ("满足（{1}）的{0}数", "the number of {0} where {1}"),
    "count-all": ("{}数（不予支持的不计）", "the number of {} (refused ones left out)"),
    "largest": ("各{}{}中的最大者", "the largest over each {} of {}"),
    "smallest": ("各{}{}中的最小者", "the smallest over each {} of {}"),
    "nothing-below": ("没有可以计入的{}，按0计", "no {} counts: 0"),
    "of-rows": ("{}（{}共{}）", "{} ({}: {})"),
    "many-rows": ("{}共{}，逐个相加", "{}: {}, added up"),
    "largest-of": ("{}共{}，取最大者", "{}: {}, the largest"),
    "smallest-of": ("{}共{}，取最小者", "{}: {}, the smallest"),
    "counted": ("{}共{}", "{}: {}"),
    "counted-some": ("{}共{}，其中符合的{}", "{}: {}, of which {} hold"),
    "allocate": (
        "将{}按各{}{}的比例分配（最大余额法：先各取到最小单位为止，余数依次给小数部分大的，相同的给编号在前的）",
        "{0} shared in proportion to {2} of each {1} (largest remainder; of equal remainders the first id)",
    ),
    "share": ("{}×{}÷{}＝{}，按最大余额法取到分", "{} × {} ÷ {} = {}, to the fen by largest remainder"),
    "share-count": ("{}×{}÷{}＝{}，按最大余额法取整", "{} × {} ÷ {} = {}, to a whole by largest remainder"),
    "share-none": ("不予支持，不参加分配", "refused, takes no part in the sharing"),
    "share-even": ("{}×{}÷{}", "{} × {} ÷ {}"),
    "share-zero": ("可分的{}为0", "{} to share is 0"),
    "above-refused": ("因所属{}不予支持，不作计算", "not computed, for its {} is refused"),
    "above-refused-share": ("因所属{}不予支持，不参加分配", "takes no part in the sharing, for its {} is refused"),
    "no-value": ("没有数值", "no value"),
    "no-value-hole": ("没有数值：落在{}各档之间的空档", "no value: in a hole between the rows of {}"),
    "no-value-series": ("没有数值：{}没有{}的数据", "no value: {} has no entry for {}"),
}

TESTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "number": {
        "==": ("{}等于{}", "{} equals {}"),
        "!=": ("{}不等于{}", "{} does not equal {}"),
        "<": ("{}不满{}", "{} is less than {}"),
        "<=": ("{}不超过{}", "{} is at most {}"),
        ">": ("{}超过{}", "{} is more than {}"),
        ">=": ("{}不少于{}", "{} is at least {}"),
    },
    "zero": {
        "<": ("{}小于{}", "{} is less than {}"),
        "<=": ("{}不大于{}", "{} is not more than {}"),
        ">": ("{}大于{}", "{} is more than {}"),
        ">=": ("{}不小于{}", "{} is not less than {}"),
    },
    "computed": {"<": ("{}少于{}", "{} is less than {}")},
    "rate": {"<": ("{}低于{}", "{} is less than {}"), ">=": ("{}不低于{}", "{} is at least {}")},
    "date": {
        "==": ("{}与{}为同一日", "{} is {}"),
        "!=": ("{}与{}不是同一日", "{} is not {}"),
        "<": ("{}早于{}", "{} is before {}"),
        "<=": ("{}不晚于{}", "{} is not after {}"),
        ">": ("{}晚于{}", "{} is after {}"),
        ">=": ("{}不早于{}", "{} is not before {}"),
    },
    "year": {
        "<": ("{}早于{}", "{} is before {}"),
        "<=": ("{}不晚于{}", "{} is not after {}"),
        ">": ("{}晚于{}", "{} is after {}"),
        ">=": ("{}不早于{}", "{} is not before {}"),
    },
    "word": {"==": ("{}为{}", "{} is {}"), "!=": ("{}不是{}", "{} is not {}")},
}

EDGES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "number": {
        "at_least": ("{}以上", "at least {}"),
        "more_than": ("超过{}", "more than {}"),
        "at_most": ("{}以下（含）", "at most {}"),
        "less_than": ("不满{}", "less than {}"),
        "is": ("{}", "{}"),
    },
    "date": {
        "at_least": ("{}（含）以后", "on or after {}"),
        "more_than": ("{}（不含）以后", "after {}"),
        "at_most": ("{}（含）以前", "on or before {}"),
        "less_than": ("{}（不含）以前", "before {}"),
        "is": ("{}", "{}"),
    },
}

MODES: Mapping[str, tuple[str, str]] = {
    "half-up": ("四舍五入到{}", "rounded half up to {}"),
    "down": ("只舍不入到{}", "rounded down to {}"),
    "up": ("只入不舍到{}", "rounded up to {}"),
    "floor": ("取整到{}", "rounded down to {}"),
}

LEAST: Mapping[str, str] = {
    "fen": "一分",
    "jiao": "一角",
    "yuan": "一元",
    "百元": "百元",
    "千元": "千元",
    "万元": "万元",
    "1": "一个整数单位",
}
"""What a Chinese rule calls the step below which it drops or fills up: 不足百元的部分舍去."""

ENDINGS: Mapping[str, str] = {"down": "不足{}的部分舍去", "up": "不足{0}的按{0}计"}

STEPS: Mapping[str, tuple[str, str]] = {
    "fen": ("分", "the fen"),
    "jiao": ("角", "the jiao"),
    "yuan": ("元", "the yuan"),
    "百元": ("百元", "100 yuan"),
    "千元": ("千元", "1,000 yuan"),
    "万元": ("万元", "10,000 yuan"),
    "1": ("整数", "a whole number"),
}

COLUMNS: Mapping[str, str] = {
    "rank": "档次",
    "award": "奖补标准",
    "standard": "标准",
    "rate": "比例",
    "share": "比例",
    "cap": "上限",
    "each": "单项标准",
    "first": "首次标准",
    "renewal": "续展标准",
    "households": "最少户数",
    "workers": "最少人数",
    "coefficient": "系数",
    "factor": "系数",
    "one_year": "一年期",
    "five_years_and_over": "五年期以上",
}
"""Chinese words for the columns of tables and series: the format gives columns names and no labels."""

KIND_WORDS: Mapping[str, str] = {
    "money": "金额",
    "number": "数值",
    "rate": "比例",
    "flag": "是否",
    "choice": "类别",
    "date": "日期",
}


def side(lang: Lang) -> int:
    """Return the place of a language in each pair."""
    return 1 if lang == "en" else 0


def has_word(column: str, lang: Lang) -> bool:
    """Whether a column is called something that says more than the kind of its values."""
    return lang == "en" or column in COLUMNS


def column_words(columns: Mapping[str, str], column: str, lang: Lang) -> str:
    """Return what a column is called; its own name stands beside a word that another column has too.

    :param columns: the columns of the table, each with its kind.

    >>> column_words({"rank": "number", "award": "money"}, "award", "zh")
    '奖补标准'
    >>> column_words({"a": "money", "b": "money"}, "b", "zh")
    '金额（b）'
    """
    if lang == "en":
        return column
    words = {name: COLUMNS.get(name, KIND_WORDS.get(kind, name)) for name, kind in columns.items()}
    twice = list(words.values()).count(words[column]) > 1
    return f"{words[column]}（{column}）" if twice else words[column]
