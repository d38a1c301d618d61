"""What the parts of an explanation and of a rule page are called, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from jiangbu.rules.model import Constant, Document, Effective, Fact, LookupTable
from jiangbu.rules.words.amounts import Lang, day
from jiangbu.rules.words.names import tier_words
from jiangbu.rules.words.phrases import side

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

HEADINGS: Mapping[str, tuple[str, str]] = {
    "colon": ("：", ": "),
    "comma": ("，", ", "),
    "semicolon": ("；", "; "),
    "listed": ("、", ", "),
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
    "admitted": (
        "符合条件（本办法只审核条件，不计算金额）",
        "ADMITTED (this rule holds conditions and pays nothing)",
    ),
    "zero-by": ("使其为零的是{}{}：{}", "made zero by {}{}: {}"),
    "no-rows": ("没有可以计算的{}", "there is no {} to compute"),
    "below-zero": ("算式结果小于0（{}），不予支付", "the result is below 0 ({}), nothing is paid"),
    "reasons": ("共{}条理由", "{} reason(s)"),
    "problems": ("共{}项，改正后再计算", "{} problem(s), to be mended first"),
    "facts": ("填报数据", "Facts"),
    "default": ("（未填，按默认值）", " (not given: the default)"),
    "not-asked": ("不适用", "does not apply"),
    "unused": ("不适用，未采用所填的内容", "does not apply; what was given is not used"),
    "conditions": ("审核条件", "Requirements"),
    "holds": ("符合", "holds"),
    "fails": ("不符合", "fails"),
    "undecided": ("不能判定，所需数据没有数值", "cannot be decided for want of a value"),
    "asks": ("要求", "asked"),
    "in-fact": ("实际", "in fact"),
    "data": ("有关数据", "decided by"),
    "all-hold": ("{}项均符合", "all {} hold"),
    "one-holds": ("符合", "holds"),
    "lines": ("计算过程", "Calculation"),
    "lines-refused": (
        "计算过程（因不予支持，以下得数仅供核对，不得据以支付）",
        "Calculation (refused: the results below are shown, nothing is payable)",
    ),
    "method": ("算法", "formula"),
    "numbers": ("代入", "numbers"),
    "result": ("得数", "result"),
    "rounded": ("{}，{}，为{}", "{}, {}: {}"),
    "reading": ("理解", "reading"),
    "each-row": ("{}的算法", "Formulas for each {}"),
    "rows": ("{}计算（共{}）", "Each {} ({})"),
    "aside": ("搁置，未参加计算", "Set aside, takes no part"),
    "remarks": ("提示", "Remarks"),
    "parts": ("资金来源", "Parts"),
    "recovers": ("应收回", "To be recovered"),
    "defaults": ("按默认值计算的数据", "Defaults used"),
    "overridden": ("填了但不适用、未采用的数据", "Given where it does not apply, and not used"),
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
    "item": ("项目", "Entry"),
    "content": ("内容", "Content"),
    "number": ("文号", "Number"),
    "issuer": ("发文机关", "Issuer"),
    "issued": ("印发日期", "Issued"),
    "issued-unseen": ("印发日期未见", "day of issue not seen"),
    "id": ("办法编号", "Id"),
    "place": ("地区代码", "Place"),
    "place-unknown": ("不详", "unknown"),
    "status": ("性质", "Status"),
    "known": ("来源", "How known"),
    "superseded": ("已被替代", "Superseded by"),
    "supersedes": ("替代", "Supersedes"),
    "beneficiary": ("支持对象", "Beneficiary"),
    "note": ("说明", "Note"),
    "page-facts": ("需要填报的数据", "Facts asked for"),
    "fact": ("数据", "Fact"),
    "kind": ("类型", "Kind"),
    "range": ("取值范围", "Values"),
    "evidence": ("证明材料", "Evidence"),
    "level": ("填在", "Level"),
    "remark": ("备注", "Notes"),
    "of-gate": ("准入数据", "asked by the gate"),
    "if-blank": ("空白时按{}计", "if blank: {}"),
    "needed-if": ("{}时才填", "only where {}"),
    "page-conditions": ("审核条件", "Requirements"),
    "each-of": ("（{}审核）", " (for each {})"),
    "otherwise": ("不符合的，不予支持，理由写作：{}", "otherwise refused: {}"),
    "page-checks": ("填报核对", "Checks of the facts"),
    "check-otherwise": ("不符合的，退回核对：{}", "otherwise sent back: {}"),
    "page-tables": ("标准", "Standards"),
    "constant": ("规定的数", "Named number"),
    "value": ("数值", "Value"),
    "clause-head": ("条款", "Clause"),
    "printed": ("原文写法", "As printed"),
    "any": ("不限", "any"),
    "other-rows": ("其他情形", "any other"),
    "holes": (
        "未列的情形，办法未作规定，不予支持",
        "what no row covers is refused: the rule says nothing of it",
    ),
    "grid": ("一览", "At a glance"),
    "series-used": ("{}（数据到{}为止）", "{} (complete until {})"),
    "page-lines": ("计算办法", "Calculation"),
    "of-each": ("（{}计算）", " (for each {})"),
    "pays": ("应付金额为{}。", "The amount is {}."),
    "parts-of": ("由{}合成，各部分之和须等于应付金额。", "It is made of {}, which must sum to it."),
    "recovers-line": ("应收回的金额为{}，不论结论如何。", "{} is to be recovered, whatever the outcome."),
    "negative": ("可以小于0：{}", "may be negative: {}"),
    "page-remarks": ("提示", "Remarks"),
    "remark-when": ("{}的，提示：{}", "where {}: {}"),
    "page-exclusive": ("与其他办法的关系", "Other schemes"),
    "exclusive": ("与{}不能同时享受（按同一{}），保留{}", "not together with {} (per {}), kept: {}"),
    "page-promises": ("本表作出的保证（由程序查验）", "Promises (searched for counter-examples)"),
    "never_decreases_in": ("{}增加，应付金额不会减少", "the amount never decreases in {}"),
    "one-more": ("增加{}，应付金额不会减少", "one more {} never decreases the amount"),
    "never_more_than": ("应付金额不会超过{}", "the amount is never more than {}"),
    "nil_when": ("{}的，应付金额为0", "the amount is 0 where {}"),
    "no_gain_from_splitting": ("把{}拆成两份申报，合计不会多得", "splitting {} in two gains nothing"),
    "promise-when": ("{}（仅限：{}）", "{} (only where {})"),
    "page-readings": ("对办法的理解", "Readings"),
    "page-cases": ("算例", "Worked cases"),
    "case": ("算例{}：{}", "Case {}: {}"),
    "expected-result": ("结果", "Result"),
    "refused-for": ("不予支持，理由：{}", "refused: {}"),
    "no-refusal": ("各项条件均符合", "nothing refuses it"),
    "page-source": (
        "本页由规则表生成，规则表摘要：`{}`。办理业务以文件原文为准。",
        "Made from the rule table, digest `{}`. The document itself prevails.",
    ),
}

STATUS: Mapping[str, tuple[str, str]] = {
    "in-force": ("现行", "in force"),
    "draft": ("征求意见稿", "draft"),
    "illustrative": ("示例", "illustrative"),
    "expired": ("已失效", "expired"),
}

KNOWN: Mapping[str, tuple[str, str]] = {
    "seen": ("已见原文", "the text itself was seen"),
    "reported": ("见于转载或报道，未见原文", "reported, the text itself was not seen"),
    "aggregated": ("见于汇编资料，未见原文", "from a collection, the text itself was not seen"),
}

BENEFICIARIES: Mapping[str, tuple[str, str]] = {
    "operator": ("经营主体", "operator"),
    "household": ("农户", "household"),
    "member": ("合作社成员", "member"),
    "village": ("村集体", "village"),
}

PER: Mapping[str, tuple[str, str]] = {
    "project": ("项目", "project"),
    "subject": ("对象", "subject"),
    "loan": ("贷款", "loan"),
}

KEEP: Mapping[str, tuple[str, str]] = {
    "largest": ("金额最大的一项", "the largest"),
    "first": ("最先的一项", "the first"),
    "this": ("本办法", "this one"),
}


def word(words: Mapping[str, tuple[str, str]], key: str, lang: Lang) -> str:
    """Return a word of the language; the key itself if it is not listed."""
    return words[key][side(lang)] if key in words else key


def heading(key: str, lang: Lang, *parts: object) -> str:
    """Return a heading or a frame of the language with its places filled."""
    return HEADINGS[key][side(lang)].format(*parts)


def clause_text(clause: str, lang: Lang = "zh") -> str:
    """Return a clause as it is named: 第三条, or that the source did not show it.

    >>> clause_text("第三条"), clause_text("unseen"), clause_text("unseen", "en")
    ('第三条', '条款号未见', 'clause not seen')
    """
    return heading("unseen-clause", lang) if clause == "unseen" else clause


def clause_words(clause: str, lang: Lang = "zh") -> str:
    """Return a clause as it stands behind a sentence: （第三条）; nothing where there is none.

    >>> clause_words("第三条"), clause_words("unseen"), clause_words("")
    ('（第三条）', '（条款号未见）', '')
    """
    if not clause:
        return ""
    return heading("clause", lang, clause_text(clause, lang))


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
        parts: tuple[Fact | Constant | LookupTable, ...] = (
            *own,
            *home.constants.values(),
            *home.tables.values(),
        )
        found += [(part.label, part.reading) for part in parts if part.reading]
        for table in home.tables.values():
            rows = [row for row in table.rows if row.reading]
            tiers = [tier_words(home, home.infos["", table.name], row) for row in rows]
            found += [(f"{table.label}“{tier}”一档", row.reading) for tier, row in zip(tiers, rows, strict=True)]
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
