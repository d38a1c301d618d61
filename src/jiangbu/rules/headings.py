"""What the parts of an explanation and of a rule page are called, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from jiangbu.rules.amounts import Lang, day
from jiangbu.rules.model import Document, Effective
from jiangbu.rules.phrases import side

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

HEADINGS: Mapping[str, tuple[str, str]] = {
    "colon": ("：", ": "),
    "comma": ("，", ", "),
    "semicolon": ("；", "; "),
    "stop": ("。", "."),
    "clause": ("（{}）", " ({})"),
    "unseen-clause": ("条款号未见", "clause not seen"),
    "document": ("依据", "Source"),
    "cited": ("《{}》（{}），{}，{}印发", "“{}” ({}), {}, issued {}"),
    "cited-unseen": ("《{}》（{}），{}，印发日期未见", "“{}” ({}), {}, day of issue not seen"),
    "validity": ("有效期", "Validity"),
    "on": ("适用日期", "Day of the event"),
    "known-on": ("知悉日期", "Known on"),
    "under": ("指定文件", "Under"),
    "gate": ("准入办法", "Admission gate"),
    "no-gate": ("准入", "Admission"),
    "subject": ("对象", "Subject"),
    "outcome": ("结论", "Outcome"),
    "capital": ("大写：{}", "in capital numerals: {}"),
    "counts": ("{}：应付{}，按规定为零{}，不予支持{}", "{}: payable {}, nil {}, refused {}"),
    "because": ("原因", "Because"),
    "zero-by": ("使其为零的是“{}”{}：{}", "made zero by “{}”{}: {}"),
    "no-rows": ("没有可以计算的{}", "there is no {} to compute"),
    "below-zero": ("算式结果小于0（{}），不予支付", "the result is below 0 ({}), nothing is paid"),
    "reasons": ("共{}条理由", "{} reason(s)"),
    "problems": ("共{}项，改正后再计算", "{} problem(s), to be mended first"),
    "facts": ("填报数据", "Facts"),
    "default": ("（未填，按默认值）", " (not given: the default)"),
    "not-asked": ("不适用", "does not apply"),
    "conditions": ("审核条件", "Requirements"),
    "holds": ("符合", "holds"),
    "fails": ("不符合", "fails"),
    "undecided": ("不能判定，所需数据没有数值", "cannot be decided for want of a value"),
    "asks": ("要求", "asked"),
    "in-fact": ("实际", "in fact"),
    "data": ("有关数据", "decided by"),
    "all-hold": ("{}项均符合", "all {} hold"),
    "lines": ("计算过程", "Calculation"),
    "lines-refused": (
        "计算过程（因不予支持，以下得数仅供核对，不得据以支付）",
        "Calculation (refused: the results below are shown, nothing is payable)",
    ),
    "method": ("算法", "formula"),
    "numbers": ("代入", "numbers"),
    "result": ("得数", "result"),
    "rounded": ("{}，{}为{}", "{}, {}: {}"),
    "reading": ("理解", "reading"),
    "each-row": ("每{}的算法", "Formulas for each {}"),
    "rows": ("逐{}计算（共{}）", "Each {} ({})"),
    "aside": ("搁置，未参加计算", "Set aside, takes no part"),
    "remarks": ("提示", "Remarks"),
    "parts": ("资金来源", "Parts"),
    "recovers": ("应收回", "To be recovered"),
    "defaults": ("按默认值计算的数据", "Defaults used"),
    "readings": ("对办法的理解", "Readings"),
    "found": ("填的是", "found"),
    "expected": ("应为", "expected"),
    "remedy": ("处理", "remedy"),
    "no-end": ("文件未设终止日期", "no end set"),
    "from-unseen": ("施行日期未见", "start not seen"),
    "until-unseen": ("有效期未见", "end not seen"),
    "span": ("{}至{}（首尾两日均在内）", "{} to {} (both days included)"),
    "open-span": ("{}起，{}", "from {}, {}"),
    "unknown-start": ("{}；至{}（当日在内）", "{}; until {} (included)"),
    "nothing": ("无", "none"),
}


def heading(key: str, lang: Lang, *parts: object) -> str:
    """Return a heading or a frame of the language with its places filled."""
    return HEADINGS[key][side(lang)].format(*parts)


def clause_words(clause: str, lang: Lang = "zh") -> str:
    """Return a clause as it stands behind a sentence: （第三条）; nothing where there is none.

    >>> clause_words("第三条"), clause_words("unseen"), clause_words("")
    ('（第三条）', '（条款号未见）', '')
    """
    if not clause:
        return ""
    return heading("clause", lang, heading("unseen-clause", lang) if clause == "unseen" else clause)


def cited(document: Document, lang: Lang = "zh") -> str:
    """Return a document as it is cited: title, number, issuer, day of issue."""
    if isinstance(document.issued, date):
        return heading("cited", lang, document.title, document.number, document.issuer, day(document.issued, lang))
    return heading("cited-unseen", lang, document.title, document.number, document.issuer)


def validity_words(effective: Effective, lang: Lang = "zh") -> str:
    """Return the days of validity in words, and what was not seen of them."""
    from_, until = effective.from_, effective.until
    if isinstance(until, date):
        key = "span" if isinstance(from_, date) else "unknown-start"
        start = day(from_, lang) if isinstance(from_, date) else heading("from-unseen", lang)
        return heading(key, lang, start, day(until, lang))
    end = heading("until-unseen" if until == "unseen" else "no-end", lang)
    if isinstance(from_, date):
        return heading("open-span", lang, day(from_, lang), end)
    return heading("from-unseen", lang) + heading("semicolon", lang) + end


def readings_of(scheme: Scheme, *, lines: bool = True) -> list[tuple[str, str]]:
    """Return every reading that a rule states, its own before its gate's: what it is of, and the reading.

    :param lines: False leaves out those of lines, where they are told beside the line.
    """
    found = []
    for home in (scheme, *([scheme.gate] if scheme.gate is not None else [])):
        found += [(home.title, text) for text in (home.reading, home.effective.reading) if text]
        own = [fact for fact in home.facts.values() if not fact.origin]
        for part in (*own, *home.constants.values(), *home.tables.values()):
            found += [(part.label, part.reading)] if part.reading else []
        for table in home.tables.values():
            found += [(f"{table.label}：{row.printed or '有一档'}", row.reading) for row in table.rows if row.reading]
        if lines:
            found += [(line.label, line.reading) for line in home.lines.values() if line.reading]
        rules = [item for item in home.requirements.values() if not item.origin]
        found += [(item.otherwise, item.reading) for item in rules if item.reading]
        found += [(item.otherwise, item.reading) for item in home.checks.values() if item.reading and not item.origin]
        found += [(item.says, item.reading) for item in home.remarks.values() if item.reading and not item.origin]
    for series in scheme.series.values():
        if series.reading and _uses(scheme, series.name):
            found.append((series.title, series.reading))
    return list(dict.fromkeys(found))


def _uses(scheme: Scheme, series: str) -> bool:
    return any(f"{series}." in line.formula for line in scheme.lines.values())
