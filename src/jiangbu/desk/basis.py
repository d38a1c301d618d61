"""What sheet 依据 says: sources, validity, how we know them, readings, defaults, digests, how it was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from jiangbu.desk import words
from jiangbu.desk.arranged import TABLE, arrange, sheet_names
from jiangbu.desk.calculation import Calculation, Decision
from jiangbu.desk.layout import Layout, default_of, level_layout
from jiangbu.desk.paper import WIDEST_TEXT, Page
from jiangbu.desk.said import READ_FROM
from jiangbu.desk.seal import FACTS, SUBJECTS, Seal, seal
from jiangbu.desk.shown import shown_text
from jiangbu.rules.model import Document
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.words.headings import readings_of

KNOWN = {
    "seen": "已见原文",
    "reported": "依据为转载，拨付前须核对原文",
    "aggregated": "汇编资料，未见原文",
}
STATUS = {"in-force": "现行", "draft": "征求意见稿", "illustrative": "示例", "expired": "已失效"}


def write_basis(page: Page, calculation: Calculation, source: Path, table: Layout) -> None:
    """Write sheet 依据; ``table`` is the layout of 测算表, over whose cells the digests are taken."""
    page.widest, page.one_wide = WIDEST_TEXT, True
    page.head(("项目", "内容"), freeze_columns=0)
    for label, text in lines(calculation, source, table):
        page.cells(((label, "text", "cell"), (text, "text", "cell")))


def lines(calculation: Calculation, source: Path, table: Layout) -> Iterator[tuple[str, str]]:
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
    yield from (("理解", f"{label}：{text}") for label, text in readings_of(scheme))
    proofs = [fact for fact in scheme.facts.values() if fact.evidence]
    yield from (("应附证明", f"{fact.label}：{fact.evidence}") for fact in proofs)
    yield from _defaults(calculation)
    yield from (("读表说明", note) for note in calculation.notes)
    yield from _digests(calculation, source)
    yield from (("单元格摘要", str(one)) for one in _all_seals(calculation, table))
    yield "程序版本", f"jiangbu {version('jiangbu')}"


def _legal(scheme: Scheme, whose: str) -> Iterator[tuple[str, str]]:
    document: Document = scheme.document
    issued = words.day_text(document.issued, "未见")
    yield f"{whose}文件", f"《{document.title}》（{document.number}），{document.issuer}，{issued} 印发"
    yield f"{whose}来源", KNOWN[document.known] + (f"，{document.url}" if document.url else "")
    reading = f"（{scheme.effective.reading}）" if scheme.effective.reading else ""
    yield f"{whose}有效期", words.validity(scheme.effective) + reading


def _defaults(calculation: Calculation) -> Iterator[tuple[str, str]]:
    for fact in calculation.scheme.facts.values():
        known = (one for one in calculation.everyone if one.case.level == fact.level and one.row is not None)
        rows = sum(fact.name in one.row.assumed for one in known if one.row is not None)
        if rows:
            value = shown_text(default_of(fact), fact.kind)
            if fact.needed_if:
                yield "未采用的数据", f"“{fact.label}”不适用而填了的 {rows} 行，所填内容未采用，按 {value} 计算"
            else:
                yield "默认值", f"“{fact.label}”未填写的 {rows} 行，按 {value} 计算"


def _digests(calculation: Calculation, source: Path) -> Iterator[tuple[str, str]]:
    scheme = calculation.scheme
    yield "规则表摘要", f"{scheme.id}：{scheme.digest}"
    if scheme.gate is not None:
        yield "规则表摘要", f"{scheme.gate.id}：{scheme.gate.digest}"
    yield from (("规则表摘要", f"{id}：{digest}") for id, digest in scheme.head.series.items())
    yield "申报表文件", f"{source.name}，SHA-256 {calculation.application.digest}"
    names, application = sheet_names(scheme), calculation.application
    yield READ_FROM, f"{names[scheme.pay_level]}：{application.sheet}"
    yield from ((READ_FROM, f"{names[one.level]}：{one.name}") for one in application.levels)


def _all_seals(calculation: Calculation, table: Layout) -> Iterator[Seal]:
    """The digests of 测算表, then those of the sheets of the other levels, each in the order of its rows."""
    scheme, arranged = calculation.scheme, arrange(calculation)
    yield from seals(TABLE, table, calculation.decisions)
    for level, name in sheet_names(scheme).items():
        if level != scheme.pay_level:
            yield from seals(name, level_layout(calculation, level, 0), arranged[level].decisions)


def seals(sheet: str, table: Layout, decisions: Sequence[Decision]) -> tuple[Seal, Seal]:
    """The digests over what the cells of facts, and those of subjects, show on a sheet that was written."""
    groups = (
        (FACTS, [column for column in table.columns if column.section == "fact"]),
        (SUBJECTS, [column for column in table.columns if column.section == "subject" or column.key == "paid"]),
    )
    facts, subjects = (
        seal(
            sheet,
            group,
            [column.head for column in columns],
            ([column.value(number, one) for column in columns] for number, one in enumerate(decisions)),
        )
        for group, columns in groups
    )
    return facts, subjects
