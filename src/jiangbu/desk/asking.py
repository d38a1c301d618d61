"""What a column of the template asks for: its head, its hint in words, its input check, and how its cells look."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from jiangbu.desk.heads import split_unit, units_of
from jiangbu.rules.model import Edge, Fact
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.words.amounts import written
from jiangbu.rules.words.complaints import KINDS
from jiangbu.rules.words.formulas import Writer
from jiangbu.rules.words.headings import clause_text
from jiangbu.rules.words.names import edge_words

Check = Mapping[str, Any]
FLAGS = ("是", "否")
# What spreadsheet programs allow: characters of a message, of its title, and of a list written out in the check.
MESSAGE, TITLE, LIST = 255, 32, 255


@frozen
class Asked:
    """One column: its head, the form of its cells, what stands in the note of its head, and the input check."""

    key: str
    head: str
    form: str
    note: str = ""
    check: Check | None = None


def asked_fact(scheme: Scheme, fact: Fact) -> Asked:
    """The column of a fact, its label and unit as head."""
    return Asked(fact.name, head_of(fact), form_of(fact), "\n".join(notes(scheme, fact)), check_of(fact))


def head_of(fact: Fact) -> str:
    """The head under which a fact is found again: its label, and its unit where the label does not state it."""
    unit = {"money": "元", "rate": "%"}.get(fact.kind, fact.unit if fact.kind == "number" else "")
    if not unit or split_unit(fact.label, units_of(fact))[1]:
        return fact.label
    return f"{fact.label}\n（{unit}）"


def form_of(fact: Fact) -> str:
    """The form of a fact's cells; a rate as a percentage, so that 4.35 typed there is 4.35%."""
    if fact.kind == "rate":
        return f"rate:{max(fact.decimals - 2, 2)}"
    if fact.kind in ("money", "number"):
        return f"{fact.kind}:{fact.decimals}"
    return "date" if fact.kind == "date" else "text"


def notes(scheme: Scheme, fact: Fact) -> Iterator[str]:
    """What a clerk should know of a fact, line by line: how to fill it in, when, with which proof, by which clause."""
    yield f"填写：{range_of(fact)}"
    when = condition(scheme, fact)
    if when:
        yield f"何时填：{when}"
    if fact.evidence:
        yield f"应附证明：{fact.evidence}"
    if fact.clause:
        yield f"条款：{clause_of(scheme, fact)}"
    yield from (f"说明：{text}" for text in (fact.reading, fact.note) if text)


def clause_of(scheme: Scheme, fact: Fact) -> str:
    """The clause by which a fact is asked for; that of a gate with the number of the gate's own document."""
    words = clause_text(fact.clause)
    gate = scheme.gate
    if gate is None or not fact.origin or fact.clause in ("", "unseen"):
        return words
    return f"{gate.document.number}{words}"


def range_of(fact: Fact) -> str:
    """What may stand in a cell of the fact, in words: 金额（元），0元以上、1000亿元以下，至多 2 位小数."""
    if fact.kind == "flag":
        return "是 或 否"
    if fact.kind == "choice":
        return "、".join(fact.options.values()) + " 之一"
    told = [KINDS[fact.kind] + (f"（{fact.unit}）" if fact.kind == "number" and fact.unit else "")]
    if fact.bounds is not None:
        low = Edge("more_than" if fact.bounds.low_open else "at_least", fact.bounds.low)
        high = Edge("less_than" if fact.bounds.high_open else "at_most", fact.bounds.high)
        told.append("、".join(edge_words(fact.kind, (end,), fact.unit, {}, "zh") for end in (low, high)))
    if fact.kind in ("money", "number"):
        told.append(f"至多 {fact.decimals} 位小数" if fact.decimals else "整数")
    if fact.kind == "date":
        told.append("例如 2024-12-31")
    return "，".join(told)


def condition(scheme: Scheme, fact: Fact) -> str:
    """When a fact need not be filled in, and what stands for it then; empty where it always must be."""
    if not fact.has_default:
        return ""
    value = written(fact.kind, fact.default, unit=fact.unit, options=fact.options, law=True)
    if fact.needed_tree is None:
        return f"没有的可以留空，按{value}计"
    rule = Writer(scheme, origin=fact.origin, level=fact.level).rule(fact.needed_tree)
    return f"只在{rule}时填；其余留空或填“不适用”"


def check_of(fact: Fact) -> Check | None:
    """The input check of a fact's cells, as XlsxWriter takes it, with its messages in Chinese."""
    if fact.kind in ("flag", "choice"):
        options = FLAGS if fact.kind == "flag" else tuple(fact.options.values())
        return messages({"validate": "list", "source": list(options)}, fact.label, range_of(fact))
    if fact.bounds is None:
        return None
    low, high = fact.bounds.grid(fact.den)
    ends: dict[str, Any] = {"minimum": _end(fact, low), "maximum": _end(fact, high)}
    whole = fact.kind == "number" and fact.decimals == 0
    kind = "date" if fact.kind == "date" else "integer" if whole else "decimal"
    return messages({"validate": kind, "criteria": "between", **ends}, fact.label, range_of(fact))


def _end(fact: Fact, end: int) -> str | datetime.date:
    if fact.kind == "date":
        return datetime.date.fromordinal(end)
    exact = Fraction(end, fact.den)
    return f"{Decimal(exact.numerator) if exact.denominator == 1 else Decimal(end).scaleb(-fact.decimals):f}"


def messages(check: Check, label: str, wanted: str) -> Check:
    """A check with what is shown while the cell is chosen, and what when something else was typed."""
    title = label if len(label) <= TITLE else label[: TITLE - 1] + "…"
    return {
        **check,
        "input_title": title,
        "input_message": _short(f"填写：{wanted}"),
        "error_title": "填写的内容不对",
        "error_message": _short(f"“{title}”应填：{wanted}。请改正后再填，或按“取消”恢复原来的内容。"),
    }


def _short(text: str) -> str:
    return text if len(text) <= MESSAGE else text[: MESSAGE - 1] + "…"
