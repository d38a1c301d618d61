"""What sheet 依据 says: sources, validity, how we know them, readings, defaults, digests, how it was read."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from jiangbu.desk import words
from jiangbu.desk.calculation import Calculation
from jiangbu.desk.layout import default_of
from jiangbu.desk.paper import shown_text
from jiangbu.rules.model import Document
from jiangbu.rules.scheme import Scheme

KNOWN = {
    "seen": "已见原文",
    "reported": "依据为转载，拨付前须核对原文",
    "aggregated": "汇编资料，未见原文",
}
STATUS = {"in-force": "现行", "draft": "征求意见稿", "illustrative": "示例", "expired": "已失效"}


def lines(calculation: Calculation, source: Path) -> Iterator[tuple[str, str]]:
    """Every entry of sheet 依据, as label and text."""
    scheme, options = calculation.scheme, calculation.options
    yield "办法", f"{scheme.title}（{scheme.id}）"
    yield "性质", STATUS.get(scheme.status, scheme.status)
    yield "地区代码", scheme.place
    yield "适用日期", str(options.on)
    if options.known_on:
        yield "知悉日期", f"{options.known_on}（此后公布的文件不计入）"
    if options.under:
        yield "指定文件", options.under
    if options.overriding:
        yield "命令行指定", "、".join(options.overriding)
    yield from _legal(scheme, "")
    if scheme.gate is not None:
        yield "准入办法", f"{scheme.gate.title}（{scheme.gate.id}）"
        yield from _legal(scheme.gate, "准入办法的")
    yield from (("理解", text) for text in _readings(scheme))
    proofs = [fact for fact in scheme.facts.values() if fact.evidence]
    yield from (("应附证明", f"{fact.label}：{fact.evidence}") for fact in proofs)
    yield from _defaults(calculation)
    yield from (("读表说明", note) for note in calculation.application.notes)
    yield from _digests(calculation, source)
    yield "程序版本", f"jiangbu {version('jiangbu')}"


def _legal(scheme: Scheme, whose: str) -> Iterator[tuple[str, str]]:
    document: Document = scheme.document
    issued = words.day_text(document.issued, "未见")
    yield f"{whose}文件", f"《{document.title}》（{document.number}），{document.issuer}，{issued} 印发"
    yield f"{whose}来源", KNOWN[document.known] + (f"，{document.url}" if document.url else "")
    reading = f"（{scheme.effective.reading}）" if scheme.effective.reading else ""
    yield f"{whose}有效期", words.validity(scheme.effective) + reading


def _readings(scheme: Scheme) -> Iterator[str]:
    """What the table's author understood where the source is silent; each as label and reading."""
    if scheme.reading:
        yield scheme.reading
    parts = (scheme.facts, scheme.constants, scheme.tables, scheme.lines)
    yield from (f"{one.label}：{one.reading}" for part in parts for one in part.values() if one.reading)
    for table in scheme.tables.values():
        yield from (f"{table.label}：{row.reading}" for row in table.rows if row.reading)
    for requirement in scheme.requirements.values():
        if requirement.reading:
            yield f"{requirement.otherwise}：{requirement.reading}"


def _defaults(calculation: Calculation) -> Iterator[tuple[str, str]]:
    for fact in calculation.scheme.facts.values():
        rows = sum(
            one.determination is not None and fact.name in one.determination.assumed for one in calculation.decisions
        )
        if rows:
            value = shown_text(default_of(fact), fact.kind)
            yield "默认值", f"“{fact.label}”未填写的 {rows} 行，按 {value} 计算"


def _digests(calculation: Calculation, source: Path) -> Iterator[tuple[str, str]]:
    scheme = calculation.scheme
    yield "规则表摘要", f"{scheme.id}：{scheme.digest}"
    if scheme.gate is not None:
        yield "规则表摘要", f"{scheme.gate.id}：{scheme.gate.digest}"
    yield "申报表文件", f"{source.name}，SHA-256 {calculation.application.digest}"
    yield "申报数据摘要", facts_digest(calculation)


def facts_digest(calculation: Calculation) -> str:
    """SHA-256 over the facts and subject columns of every row in order, in one canonical JSON form."""
    rows = [
        {
            "facts": {name: _exact(value) for name, value in sorted(one.case.facts.items())},
            "subject": dict(sorted(one.case.subject.items())),
            "paid": _exact(one.case.paid),
            "on": _exact(one.case.on),
            "set_aside": one.case.set_aside,
        }
        for one in calculation.decisions
    ]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _exact(value: object) -> object:
    # A number is digested by its value, so that 80 and 80.00 are the same fact.
    if value is None or isinstance(value, bool | str):
        return value
    text = str(value) if isinstance(value, datetime.date) else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
