"""The derivation of one row of a calculated workbook, found by the number that the spreadsheet shows beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from attrs import frozen

from jiangbu.desk import words
from jiangbu.desk.arranged import TABLE, sheet_names
from jiangbu.desk.cell_facts import read_money
from jiangbu.desk.cell_names import whose
from jiangbu.desk.cells import plain
from jiangbu.desk.decision import Decision
from jiangbu.desk.heads import SUBJECT, squash
from jiangbu.desk.problems import DeskError
from jiangbu.desk.readback import Table, source_row
from jiangbu.desk.recompute import Recomputed, recompute, reopen
from jiangbu.rules.book import RuleBook
from jiangbu.rules.determination import Determination
from jiangbu.rules.results import RowResult
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.words.headings import heading

Lang = Literal["zh", "en"]


@frozen
class Explained:
    """One row explained: the sheet and its number there, whose it is, how it ended, the derivation, what to notice.

    ``notes`` say where the workbook shows something else than what was computed anew, or was made by another table.
    """

    sheet: str
    row: int
    whose: str
    source: str
    outcome: str
    amount: str
    text: str
    notes: tuple[str, ...]


def explain_row(path: Path, book: RuleBook, row: int, sheet: str = TABLE, lang: Lang = "zh") -> Explained:
    """Explain the row that a spreadsheet shows as number ``row`` of a sheet of a calculated workbook.

    :raises DeskError: where the sheet has no such row, and as ``reopen`` and ``recompute``.
    """
    ours = recompute(reopen(path, book), book)
    scheme = ours.back.scheme
    names = sheet_names(scheme)
    level = next((level for level, name in names.items() if squash(sheet) in (squash(name), squash(level))), None)
    if level is None:
        found = f"没有“{sheet}”这张分行的表"
        raise DeskError(path.name, found, f"可用 --sheet 写明：{'、'.join(names.values())}")
    table = ours.back.tables[level]
    decisions = ours.calculation.decisions if level == scheme.pay_level else ours.calculation.levels[level]
    if row - 1 not in table.rows:
        raise DeskError(f"{names[level]} 第 {row} 行", f"不是数据行{_kind(table, row)}", _which(table))
    number, decision = _found(decisions, source_row(table, row - 1), row - 1 - table.head_row - 1)
    return Explained(
        names[level],
        row,
        whose(number, decision),
        f"{decision.case.sheet}第{decision.case.row + 1}行",
        decision.label,
        str(decision.amount),
        derivation(scheme, decision, lang, _root_id(ours, decision)),
        tuple(_notes(ours, table, row - 1, decision)),
    )


def _found(decisions: tuple[Decision, ...], source: int, place: int) -> tuple[int, Decision]:
    """The decision on a row by the row of the application that it names; by its place where several do."""
    rows = [(number, one) for number, one in enumerate(decisions) if one.case.row == source]
    return rows[0] if len(rows) == 1 else (place, decisions[place])


def _kind(table: Table, row: int) -> str:
    if row - 1 <= table.head_row:
        return "，是标题或表头"
    return "，是合计行或空行" if row - 1 < table.sheet.height else "，表已经结束"


def _which(table: Table) -> str:
    if not table.rows:
        return "这张表没有数据行"
    return f"数据在第 {table.rows[0] + 1} 行至第 {table.rows[-1] + 1} 行，行号以电子表格左侧显示的为准"


def _notes(ours: Recomputed, table: Table, row: int, decision: Decision) -> Iterator[str]:
    tables = ours.back.said.changed_tables(ours.back.scheme)
    if tables:
        yield f"计算时所用的规则表（{'、'.join(tables)}）与现在的不同，以下按现在的规则表推算"
    outcome = plain(table.cell(row, "outcome").text)
    if outcome != decision.label:
        yield f"表中结论是“{outcome}”，重算为“{decision.label}”，请用 jiangbu verify 核对"
    if "amount" in table.columns and decision.decided:
        amount = read_money(table.cell(row, "amount"), "元", "")
        if amount != decision.amount:
            shown = table.cell(row, "amount").shown
            yield f"表中核定金额是 {shown}，重算为 {decision.amount}，请用 jiangbu verify 核对"


def _root_id(ours: Recomputed, decision: Decision) -> str:
    """What the topmost row above a row is called, which the rule itself does not know."""
    tree, case = ours.back.scheme.tree, decision.case
    while above := tree.by_name[case.level].of:
        rows = ours.calculation.decisions if above == ours.back.scheme.pay_level else ours.calculation.levels[above]
        upper = next((one.case for one in rows if one.case.id == case.parent or len(rows) == 1), None)
        if upper is None:
            return ""
        case = upper
    return case.id


def derivation(scheme: Scheme, decision: Decision, lang: Lang, root: str = "") -> str:
    """How a row came to what it is: the whole derivation of its rule, or why there is none.

    ``root`` is what the topmost row above it is called.
    """
    result, row = decision.determination, decision.row
    if result is None or row is None:
        return "\n".join(_reasons(decision, lang)) + "\n"
    if isinstance(row, Determination) or not row.above:
        return _in_words(decision, result, lang).explain(lang)
    return "\n".join(_down_to(scheme, row, lang, root)) + "\n"


def _in_words(decision: Decision, result: Determination, lang: Lang) -> Determination:
    """The determination with the subject under the heads of the sheet; the rule itself looks at no subject."""
    if lang == "en" or decision.row is not result or not result.scheme.tree.flat:
        return result
    heads = {SUBJECT[key][0]: value for key, value in decision.case.subject.items()}
    return result.scheme.try_determine(decision.case.facts, subject=heads)


def _reasons(decision: Decision, lang: Lang) -> Iterator[str]:
    for reason in decision.reasons:
        yield f"{reason.sentence}{f'（{reason.clause}）' if reason.clause else ''}"
    for problem in decision.problems:
        code = problem.code if lang == "en" else words.CODES.get(problem.code, problem.code)
        yield f"{problem.path} {code}：填写的是 {problem.found}；应为 {problem.expected}；处理：{problem.remedy}"


def _down_to(scheme: Scheme, row: RowResult, lang: Lang, root: str) -> Iterator[str]:
    """The rows above, from the topmost down to this one, each with its facts, conditions and lines in full."""
    yield from (f"【{notice}】" for notice in scheme.notices())
    yield scheme.title
    for one in (*reversed(row.above), row):
        derive = scheme.say.derivation(one, lang)
        label = scheme.tree.by_name[one.level].label or one.level
        id = one.id if one.above else root
        yield from ("", f"【{label} {id}】" if id else f"【{label}】")
        facts = [*derive.columns(one), *derive.facts(one)]
        if facts:
            yield from (heading("facts", lang), *(f"  {text}" for text in facts))
        rules = derive.requirements(one)
        if rules:
            yield heading("conditions", lang)
            for at, item in enumerate(rules, 1):
                yield from (f"  {line}" for line in f"{at}. {derive.requirement(item, one)}".split("\n"))
        lines = [line for line in scheme.lines.values() if line.level == one.level]
        if lines:
            yield heading("lines-refused" if one.refused else "lines", lang)
            for at, line in enumerate(lines, 1):
                yield from (f"  {text}" for text in derive.full(at, line, one))
