"""A settlement in sentences, Chinese and English, and as data for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import asdict

from jiangbu.errors import Problem
from jiangbu.rules.model import Exclusive
from jiangbu.rules.words.amounts import Lang, day, money_figure
from jiangbu.rules.words.headings import KEEP, PER, word
from jiangbu.rules.words.phrases import side
from jiangbu.stacking.claims import Claim
from jiangbu.stacking.contest import Clause
from jiangbu.stacking.settlement import Ground, Open, Settled, Settlement, Verdict

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "payable": ("应付", "payable"),
    "nil": ("按规定为零", "nil by rule"),
    "refused": ("不予支持", "refused"),
    "unreadable": ("数据问题", "unreadable"),
}
_GROUNDS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.KEPT: ("{}因此让出", "{} gives way to it"),
    Verdict.GIVEN_UP: ("让给{}", "gives way to {}"),
    Verdict.PENDING: ("须先弄清{}", "waits for {}"),
    Verdict.NOTHING: ("{}", "{}"),
}
_SUMS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.KEPT: ("保留{}笔，{}", "{} kept, {}"),
    Verdict.GIVEN_UP: ("让出{}笔，{}", "{} given up, {}"),
    Verdict.PENDING: ("待定{}笔，{}", "{} pending, {}"),
    Verdict.NOTHING: ("无金额{}笔，{}", "{} without an amount, {}"),
}


def language(lang: str) -> Lang:
    """Return the language asked for; raises ``ValueError`` for one that there is not."""
    if lang == "zh":
        return "zh"
    if lang == "en":
        return "en"
    raise ValueError(f"no language {lang!r}: zh or en")


def explain(settlement: Settlement, lang: str = "zh") -> str:
    """Return every claim with its verdict and grounds, below the sums, then what must be mended."""
    speech = language(lang)
    english = speech == "en"
    parts = [_sum(settlement, verdict, speech) for verdict in Verdict]
    lines = [("; " if english else "；").join(filter(None, parts)) or ("no claims" if english else "没有申报")]
    for number, item in enumerate(settlement.items, 1):
        lines += _item(number, item, speech)
    if settlement.open:
        lines += ["to be mended first:" if english else "待解决的问题："]
        lines += [f"- {problem_line(problem_of(one, speech), speech)}" for one in settlement.open]
    return "\n".join(lines)


def _sum(settlement: Settlement, verdict: Verdict, lang: Lang) -> str:
    count = len(settlement.of(verdict))
    total = money_figure(Fraction(settlement.sum(verdict)), lang, places=2)
    return _SUMS[verdict][lang == "en"].format(count, total) if count else ""


def _item(number: int, item: Settled, lang: Lang) -> Iterator[str]:
    claim, english = item.claim, lang == "en"
    whose = (claim.name, claim.code or claim.identity, claim.project, claim.contract, claim.row)
    subject = " ".join(filter(None, whose)) or ("no subject given" if english else "未写明对象")
    outcome = "" if claim.payable else OUTCOMES[claim.outcome.value][english] + (", " if english else "，")
    amount = money_figure(Fraction(claim.amount), lang, places=2)
    pays = money_figure(Fraction(item.pays), lang, places=2)
    scheme = scheme_words(claim, lang)
    if english:
        yield f"{number}. {subject}: {scheme}: {amount}, {outcome}{item.verdict.value}, pays {pays}"
    else:
        yield f"{number}. {subject}：{scheme}核定{amount}，{outcome}{item.verdict.label}，支付{pays}"
    # Where both schemes say the same of one another it is told once.
    yield from dict.fromkeys(f"   - {ground_words(item.verdict, ground, lang)}" for ground in item.grounds)


def scheme_words(claim: Claim, lang: Lang = "zh") -> str:
    """Return a claim's scheme as it is named: title, id, day."""
    if lang == "en":
        return f"{claim.title or claim.scheme} ({claim.scheme}, {day(claim.on, lang)})"
    return f"“{claim.title or claim.scheme}”（{claim.scheme}，{day(claim.on, lang)}）"


def ground_words(verdict: Verdict, ground: Ground, lang: Lang = "zh") -> str:
    """Return one ground of a verdict: the other claim with its amount, and the clause."""
    colon = ": " if lang == "en" else "："
    return rival_words(verdict, ground.other, lang) + colon + clause_words(ground.clause, lang)


def rival_words(verdict: Verdict, other: Claim, lang: Lang = "zh") -> str:
    """Return how another claim bears on one of this verdict: what it gave way to, or what gave way to it."""
    at = side(lang)
    amount = money_figure(Fraction(other.amount), lang, places=2)
    said = amount if other.payable else OUTCOMES[other.outcome.value][at]
    details = ("，", ", ")[at].join(filter(None, (other.project or other.contract or other.row, said)))
    named = f"{other.title or other.scheme} ({details})" if at else f"“{other.title or other.scheme}”（{details}）"
    return _GROUNDS[verdict][at].format(named)


def clause_words(clause: Clause, lang: Lang = "zh") -> str:
    """Return what a clause says: per what, which one is kept, and where it stands.

    >>> own = Clause("a-award", "999999", "甲奖补", "示例办发〔2024〕1号", "第六条", "project", "this", "b-award")
    >>> clause_words(own)
    '同一项目只享受一项，保留“甲奖补”（示例办发〔2024〕1号第六条）'
    """
    kept = word(KEEP, clause.keep, lang)
    if clause.keep == "this":
        kept = clause.title or clause.scheme
        kept = kept if lang == "en" else f"“{kept}”"
    per = word(PER, clause.per, lang)
    if lang == "en":
        unseen = f"{clause.document}, clause not seen" if clause.clause == "unseen" else clause.cited
        return f"one of them per {per}, {kept} is kept ({unseen})"
    return f"同一{per}只享受一项，保留{kept}（{clause.cited}）"


def exclusions(scheme: Scheme, titles: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return, for who calculates a scheme alone, which others its awards may not be had together with.

    :param titles: of other schemes by id, where they are at hand; else they are named by id.
    """
    return tuple(_exclusion(scheme, item, titles or {}) for item in scheme.exclusive)


def _exclusion(scheme: Scheme, item: Exclusive, titles: Mapping[str, str]) -> str:
    others = "、".join(f"“{titles.get(other, other)}”" for other in item.with_)
    clause = Clause(scheme.id, scheme.place, scheme.title, scheme.document.number, item.clause, item.per, item.keep, "")
    return f"与{others}不重复享受：{clause_words(clause)}"


def data_of(settlement: Settlement) -> dict[str, Any]:
    """Return a settlement as data for JSON: money and days as text, stable codes for what programs act on."""
    return {
        "amount": str(settlement.amount),
        "sums": {verdict.value: str(settlement.sum(verdict)) for verdict in Verdict},
        "claims": [_claim_data(item) for item in settlement.items],
        "problems": [asdict(problem) for problem in settlement.problems],
    }


def _claim_data(item: Settled) -> dict[str, Any]:
    grounds = [{"other": _identified(ground.other), "clause": _clause_data(ground.clause)} for ground in item.grounds]
    claim = item.claim
    ends = {"outcome": claim.outcome.value, "amount": str(claim.amount), "verdict": item.verdict.value}
    return {**_identified(claim), **ends, "pays": str(item.pays), "grounds": grounds}


def _identified(claim: Claim) -> dict[str, str]:
    keys = ("scheme", "place", "on", "code", "identity", "name", "project", "contract", "row", "source")
    return {key: str(getattr(claim, key)) for key in keys if getattr(claim, key)}


def _clause_data(clause: Clause) -> dict[str, str]:
    keys = ("scheme", "document", "clause", "per", "keep")
    return {key: getattr(clause, key) for key in keys}


_LACKING: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "code": (
        ("没有证件号码", "no code"),
        ("统一社会信用代码（个人为身份证号）", "the subject's code, or identity number"),
    ),
    "project": (("没有项目名称", "no project"), ("项目名称", "the project's name")),
    "contract": (("没有合同号", "no contract number"), ("合同号", "the loan's contract number")),
}
_EXPECTED: Mapping[str, tuple[str, str]] = {
    "unreadable": ("可以计算的数据", "facts that can be used"),
    "alike": ("可以比对的同一种证件号码", "numbers that can be compared"),
    "exclusive": ("各办法的规定一致", "clauses that agree"),
}
_FOUND: Mapping[str, tuple[str, str]] = {
    "unreadable": ("有数据问题，金额未定", "facts that cannot be used"),
    "alike": ("与{}名称相同，不能确定是不是同一主体", "the same name as {}"),
    "exclusive": ("{}", "{}"),
}
_REMEDIES: Mapping[str, tuple[str, str]] = {
    "missing": ("请在申报表中补填，重新计算后再合并择优", "give it in the subject"),
    "unreadable": ("请改正数据，重新计算后再合并择优", "mend the facts"),
    "alike": ("请核对证件号码，两处填同一种号码，重新计算后再合并择优", "give both a number of one kind"),
    "exclusive": ("各办法规定互相矛盾，请报主管部门确定保留哪一项", "let a person decide, and mend the tables"),
}


def problem_of(one: Open, lang: Lang = "zh") -> Problem:
    """Return what is left open as a problem: the claim (or where it was read), found, expected, remedy."""
    at = side(lang)
    if one.lacks is not None:
        found, expected = (pair[at] for pair in _LACKING[one.lacks])
    else:
        expected = _EXPECTED[one.code][at]
        found = _FOUND[one.code][at].format(
            ("；", "; ")[at].join(_against(one, ground, lang) for ground in one.grounds)
        )
    return Problem(one.code, one.claim.source or one.claim.shown, found, expected, _REMEDIES[one.code][at])


def _against(one: Open, ground: Ground, lang: Lang) -> str:
    if one.code == "alike":
        return ground.other.source or ground.other.shown
    return ground_words(Verdict.GIVEN_UP, ground, lang)


def problem_line(problem: Problem, lang: Lang = "zh") -> str:
    """Return a problem as one sentence."""
    if lang == "en":
        return str(problem)
    return f"{problem.path}：{problem.found}；应有{problem.expected}；{problem.remedy}"
