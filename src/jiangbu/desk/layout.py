"""Where everything stands on sheet 测算表: its columns, in one place, for values now and formulas later."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from jiangbu.desk import words
from jiangbu.desk.calculation import Calculation, Decision
from jiangbu.desk.heads import SUBJECT
from jiangbu.desk.problems import column_letters
from jiangbu.rules.model import Fact, Line

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
    columns = [
        *_subject(calculation),
        *(_fact(calculation, fact) for fact in calculation.scheme.facts.values()),
        *(_line(line) for line in calculation.scheme.lines.values()),
        *_results(calculation),
        *_carried(calculation),
    ]
    return Layout(tuple(columns), head_row)


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
        if given is None and one.determination is not None:
            given = NOT_ASKED if fact.needed_if else one.determination.facts[fact.name]
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


def _line(line: Line) -> Column:
    def value(number: int, one: Decision) -> Shown:
        return one.determination.lines[line.name].value if one.determination is not None else None

    unit = "元" if line.kind == "money" else line.unit
    head = f"{line.label}\n（{unit}）" if unit else line.label
    return Column(f"line.{line.name}", head, _line_form(line), "line", value)


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
        Column("reason", "原因", "text", "result", lambda number, one: reasons_text(one)),
        Column("remark", "提示", "text", "result", lambda number, one: "；".join(one.remarks)),
    ]


def _money(key: str, head: str, value: Callable[[Decision], Shown]) -> Column:
    return Column(key, head, "money", "result", lambda number, one: value(one))


def _recovers(one: Decision) -> Shown:
    return one.determination.recovers if one.determination is not None else None


def _carried(calculation: Calculation) -> list[Column]:
    def value(index: int) -> Callable[[int, Decision], Shown]:
        return lambda number, one: one.case.carried[index]

    return [
        Column(f"carried.{index}", " ".join(column.head.split()), "text", "carried", value(index))
        for index, column in enumerate(calculation.application.heads.of("other"))
    ]
