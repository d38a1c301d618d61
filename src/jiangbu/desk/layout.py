"""Where everything stands on sheet 测算表: its columns, in one place, for values now and formulas later."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from jiangbu.desk import words
from jiangbu.desk.calculation import Calculation, Decision
from jiangbu.desk.heads import SUBJECT
from jiangbu.desk.live.choices import canonical, text_of
from jiangbu.desk.problems import column_letters
from jiangbu.rules.determination import Determination
from jiangbu.rules.model import Fact, Level, Line, Requirement
from jiangbu.rules.results import RowResult
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.told import LineResult
from jiangbu.rules.words.conditions import rule
from jiangbu.rules.words.formulas import Writer

Shown = Decimal | Fraction | str | bool | datetime.date | int | None
_STEPS = tuple(Fraction(1, 10**places) for places in range(7))
NOT_ASKED = "不适用"


@frozen
class Column:
    """One column: its key, its head, its number format, its section, and its value for a row."""

    key: str
    head: str
    form: str
    section: str
    value: Callable[[int, Decision], Shown]


@frozen
class Layout:
    """The columns of 测算表 and the row (from 0) on which its heads stand."""

    columns: tuple[Column, ...]
    head_row: int

    def index(self, key: str) -> int:
        """The place of a column, from 0."""
        return next(index for index, column in enumerate(self.columns) if column.key == key)

    def row(self, number: int) -> int:
        """The row (from 0) of the case that comes as ``number`` (from 0)."""
        return self.head_row + 1 + number

    def address(self, key: str, number: int) -> str:
        """The address of a cell, such as ``C7``."""
        return f"{column_letters(self.index(key))}{self.row(number) + 1}"


def layout(calculation: Calculation, head_row: int) -> Layout:
    """The layout of 测算表: subject, facts, lines, amounts, outcome, and what was carried through."""
    level = calculation.scheme.pay_level
    columns = [
        *_subject(calculation),
        *_numbers(calculation.scheme, level),
        *_computed(calculation, level),
        *_results(calculation),
        *_carried(calculation),
    ]
    return Layout(tuple(columns), head_row)


def level_layout(calculation: Calculation, level: str, head_row: int) -> Layout:
    """The layout of the sheet of a level that is not paid: numbers, facts, lines, and what became of each row."""
    columns = [
        Column("source_row", "来源行号", "number:0", "subject", lambda number, one: one.case.row + 1),
        *_numbers(calculation.scheme, level),
        *(Column(key, SUBJECT[key][0], "text", "subject", _carry(key)) for key in _subjects_of(calculation, level)),
        *_days_of(calculation, level),
        *_computed(calculation, level),
        Column("outcome", "结论", "text", "result", lambda number, one: one.label),
        *_told(),
    ]
    return Layout(tuple(columns), head_row)


def _subjects_of(calculation: Calculation, level: str) -> list[str]:
    heads = [sheet.heads for sheet in calculation.application.levels if sheet.level == level]
    return [one.name for head in heads for one in head.of("subject") if one.name not in ("paid", "set_aside", "on")]


def _days_of(calculation: Calculation, level: str) -> list[Column]:
    """The column of the day, where the sheet of a level gives its rows days of their own."""
    day = calculation.options.on
    heads = [sheet.heads for sheet in calculation.application.levels if sheet.level == level]
    dated = any(one.name == "on" for head in heads for one in head.of("subject"))
    return [Column("on", SUBJECT["on"][0], "date", "subject", lambda number, one: one.case.on or day)] if dated else []


def _numbers(scheme: Scheme, level: str) -> list[Column]:
    """The number of a row and of the row that it stands in, where there are several levels."""
    tree = scheme.tree
    if tree.flat:
        return []
    item = tree.by_name[level]
    columns = [Column("own", item.id_label or "编号", "text", "subject", lambda number, one: one.case.id)]
    if item.of:
        above = tree.by_name[item.of]
        columns.append(Column("above", number_of(above), "text", "subject", lambda number, one: one.case.parent))
    return columns


def number_of(above: Level) -> str:
    """The head of the number of the row above: 所属项目编号, whether its own head is 编号 or 项目编号."""
    label = above.label or above.name
    return f"所属{label}{(above.id_label or '编号').removeprefix(label) or '编号'}"


def _computed(calculation: Calculation, level: str) -> list[Column]:
    """Facts, lines and conditions of one level."""
    scheme, lines = calculation.scheme, _lines()
    return [
        *(_fact(calculation, fact) for fact in scheme.facts.values() if fact.level == level),
        *(_line(calculation, line, lines) for line in scheme.lines.values() if line.level == level),
        *(_condition(calculation, item) for item in scheme.requirements.values() if item.level == level),
    ]


def number_format(form: str) -> str:
    """The spreadsheet's number format of a form: ``money``, ``number:2``, ``rate:4``, ``date``, ``text`` …

    >>> number_format("money"), number_format("number:0"), number_format("rate:4")
    ('0.00', '0', '0.00##%')
    """
    name, _, detail = form.partition(":")
    places = int(detail or 0)
    if name == "money":
        return "0.00" + "#" * max(places - 2, 0)
    if name == "number":
        return "0." + "0" * places if places else "0"
    if name == "exact":
        return "0.00######"
    if name == "rate":
        return "0.00" + "#" * max(places - 2, 0) + "%"
    return {"date": "yyyy-mm-dd", "text": "@"}.get(name, "General")


def serial(number: int, decision: Decision) -> str:
    """The 序号 of a row: the one that the township gave it, else its place in the sheet."""
    return decision.case.subject.get("seq") or str(number + 1)


def reasons_text(decision: Decision) -> str:
    """All reasons of a row in one text, numbered where there are several."""
    texts = [f"{one.sentence}{f'（{one.clause}）' if one.clause else ''}" for one in decision.reasons]
    texts += [f"{one.path} {words.CODES.get(one.code, one.code)}：{one.found}" for one in decision.problems]
    if len(texts) < 2:
        return "".join(texts)
    return "；".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def _subject(calculation: Calculation) -> list[Column]:
    present = {column.name: column for column in calculation.application.heads.of("subject")}
    columns = [
        Column("seq", "序号", "text", "subject", serial),
        Column("source_row", "申报表行号", "number:0", "subject", lambda number, one: one.case.row + 1),
    ]
    for key in (key for key in present if key not in ("seq", "paid", "set_aside", "on")):
        columns.append(Column(key, SUBJECT[key][0], "text", "subject", _carry(key)))
    if "on" in present:
        day = calculation.options.on
        columns.append(Column("on", "适用日期", "date", "subject", lambda number, one: one.case.on or day))
    return columns


def _carry(key: str) -> Callable[[int, Decision], Shown]:
    return lambda number, one: one.case.subject.get(key, "")


def _fact(calculation: Calculation, fact: Fact) -> Column:
    unit = {"money": "元"}.get(fact.kind, fact.unit)
    head = f"{fact.label}\n（{unit}）" if unit else fact.label
    places = fact.decimals - 2 if fact.kind == "rate" else fact.decimals
    form = f"{fact.kind}:{places}" if fact.kind in ("money", "number", "rate") else fact.kind

    def value(number: int, one: Decision) -> Shown:
        given: Shown = one.case.facts.get(fact.name)
        # A value that the rule did not ask for is not used, so it is not shown as if it were.
        unused = bool(fact.needed_if) and one.row is not None and fact.name in one.row.assumed
        if (given is None or unused) and one.row is not None:
            given = NOT_ASKED if fact.needed_if else one.row.facts[fact.name]
        return fact.options.get(given, given) if isinstance(given, str) else given

    return Column(f"fact.{fact.name}", head, form, "fact", value)


def default_of(fact: Fact) -> Shown:
    """A fact's default as it is shown; an option by its label."""
    value = fact.default
    if isinstance(value, str):
        return fact.options.get(value, value)
    if fact.kind == "date" and isinstance(value, Fraction):
        return datetime.date.fromordinal(int(value))
    return value


def _lines() -> Callable[[Determination | RowResult], Mapping[str, LineResult]]:
    """The lines of a row, which are made whenever they are asked for: those of the last row are kept.

    The columns of a row are asked one after the other.
    """
    kept: list[tuple[Determination | RowResult, Mapping[str, LineResult]]] = []

    def lines(row: Determination | RowResult) -> Mapping[str, LineResult]:
        if not kept or kept[0][0] is not row:
            kept[:] = [(row, row.lines)]
        return kept[0][1]

    return lines


def _line(
    calculation: Calculation, line: Line, lines: Callable[[Determination | RowResult], Mapping[str, LineResult]]
) -> Column:
    names = canonical(calculation.scheme.facts.values()) if line.kind == "choice" else {}

    def value(number: int, one: Decision) -> Shown:
        found: Shown = lines(one.row)[line.name].value if one.row is not None else None
        return text_of(names, found) if names and isinstance(found, str) else found

    unit = "元" if line.kind == "money" else line.unit
    head = f"{line.label}\n（{unit}）" if unit else line.label
    return Column(f"line.{line.name}", head, _line_form(line), "line", value)


def _condition(calculation: Calculation, item: Requirement) -> Column:
    """Whether a row meets a requirement; as words the condition itself."""
    scheme = calculation.scheme
    assert item.tree is not None
    asked = rule(Writer(scheme, "zh", item.origin, level=item.level), item.tree)

    def value(number: int, one: Decision) -> Shown:
        if one.row is None or one.outcome in ("unreadable", "set_aside"):
            return None
        codes = one.row.head.layouts[item.level].codes
        failed = one.row.failed if isinstance(one.row, Determination) else one.row.data.failed
        return codes.index(item.code) not in failed

    key = next(key for key, one in scheme.requirements.items() if one is item)
    return Column(f"holds.{key}", f"是否符合：\n{asked}", "text", "condition", value)


def _line_form(line: Line) -> str:
    step = line.round.step
    den = line.type.den if line.type is not None else None
    if line.kind == "number" and step is None and den:
        # An unrounded number of whole days or heads is shown as the whole number that it is.
        step = Fraction(1, den)
    if line.kind == "number" and step in _STEPS:
        return f"number:{_STEPS.index(step)}"
    if line.kind in ("number", "money") and step is None:
        return "exact"
    return {"number": "exact", "rate": "rate:6"}.get(line.kind, line.kind)


def _results(calculation: Calculation) -> list[Column]:
    paid = any(column.name == "paid" for column in calculation.application.heads.of("subject"))
    columns = [_money("amount", "核定金额", lambda one: one.amount if one.decided else None)]
    if paid:
        columns.append(_money("paid", "已付金额", lambda one: one.case.paid))
    columns.append(_money("due", "本次应付", lambda one: one.due if one.decided else None))
    if paid:
        columns.append(_money("over", "多付", lambda one: one.over if one.decided else None))
    if calculation.scheme.recovers:
        columns.append(_money("recovers", "应收回", _recovers))
    return [
        *columns,
        Column("outcome", "结论", "text", "result", lambda number, one: words.OUTCOMES[one.outcome]),
        *_told(),
    ]


def _told() -> list[Column]:
    return [
        Column("reason", "原因", "text", "result", lambda number, one: reasons_text(one)),
        Column("remarks", "提示", "text", "result", lambda number, one: "；".join(one.remarks)),
    ]


def _money(key: str, head: str, value: Callable[[Decision], Shown]) -> Column:
    return Column(key, head, "money", "result", lambda number, one: value(one))


def _recovers(one: Decision) -> Shown:
    return one.row.recovers if one.row is not None else None


def _carried(calculation: Calculation) -> list[Column]:
    def value(index: int) -> Callable[[int, Decision], Shown]:
        return lambda number, one: one.case.carried[index]

    return [
        Column(f"carried.{index}", " ".join(column.head.split()), "text", "carried", value(index))
        for index, column in enumerate(calculation.application.heads.of("other"))
    ]
