"""Which line made an amount zero, and how: the branch taken, the minimum that bound, the zero factor."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import field, frozen

from jiangbu.rules.model import Line
from jiangbu.rules.tree import (
    Aggregate,
    Allocate,
    Binary,
    Extreme,
    If,
    Literal_,
    Name,
    Negative,
    Node,
    Round,
)
from jiangbu.rules.words.amounts import money_result
from jiangbu.rules.words.formulas import Writer, line_rounding
from jiangbu.rules.words.headings import clause_words, heading
from jiangbu.rules.words.names import how_many, label_of, level_label, quoted
from jiangbu.rules.words.values import Stop, Values, at_level

if TYPE_CHECKING:
    from jiangbu.rules.results import RowResult
    from jiangbu.rules.words.amounts import Lang


MOST_CAUSES = 5
"""How many causes of a zero amount are told of a case of many rows; each row tells its own."""


@frozen
class Zero:
    """The line that made an amount zero, its row, and the sentence that says how."""

    line: Line
    row: RowResult = field(eq=False, repr=False)
    text: str


def why_zero(values: Values, line: Line, row: RowResult, lang: Lang = "zh") -> tuple[Zero, ...]:
    """Return what made a line zero, each cause once; nothing if it is not zero or has no value."""
    try:
        return tuple(dict.fromkeys(_Tracer(values, lang).line(line, row)))
    except Stop:
        return ()


def nil_causes(values: Values, row: RowResult, lang: Lang = "zh") -> Iterator[str]:
    """Yield a sentence for each cause of a zero amount; above the paid rows those of the first few zero rows."""
    scheme = values.scheme
    if not row.paid:
        paid = [item for item in row.walk() if item.paid]
        if not paid:
            yield heading("no-rows", lang, level_label(scheme, scheme.pay_level))
        nil = (item for item in paid if item.outcome is not None and item.outcome.value == "nil")
        causes = dict.fromkeys(text for item in nil for text in nil_causes(values, item, lang))
        yield from (text for text, _ in zip(causes, range(MOST_CAUSES), strict=False))
        return
    line = scheme.lines[scheme.pays]
    value = row.lines[line.name].value
    if isinstance(value, Decimal) and value < 0:
        yield heading("below-zero", lang, money_result(Fraction(value), lang))
        return
    if row.outcome is None or row.outcome.value != "nil":
        return
    for zero in why_zero(values, line, row, lang):
        yield heading("zero-by", lang, quoted(zero.line.label), clause_words(zero.line.clause, lang), zero.text)


@frozen
class _Tracer:
    values: Values
    lang: Lang

    def writer(self, row: RowResult) -> Writer:
        return Writer(self.values.scheme, self.lang, values=self.values, row=row, level=row.level)

    def pick(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def line(self, line: Line, row: RowResult) -> Iterator[Zero]:
        assert line.tree is not None
        exact = self.values.line(line, row)
        if exact == 0:
            yield from self.node(line.tree, line, row)
        else:
            text = self.writer(row).text(line.tree)
            ending = line_rounding(line, self.lang)
            yield Zero(line, row, text + self.pick(f"，{ending}后为0", f", {ending}: 0"))

    def node(self, node: Node, line: Line, row: RowResult) -> Iterator[Zero]:
        """Yield what made a part zero that is zero."""
        if isinstance(node, If):
            yield from self.branch(node, line, row)
        elif isinstance(node, Extreme):
            yield from self.extreme(node, line, row)
        elif isinstance(node, Binary):
            yield from self.binary(node, line, row)
        elif isinstance(node, Negative | Round) and self.values.of(node.inner, row) == 0:
            yield from self.node(node.inner, line, row)
        elif isinstance(node, Name) and node.of == "line":
            yield from self.line(self.values.scheme.lines[node.name], at_level(row, node.level))
        elif isinstance(node, Allocate):
            yield from self.share(node, line, row)
        else:
            yield Zero(line, row, self.leaf(node, row))

    def leaf(self, node: Node, row: RowResult) -> str:
        """Say that a part which leads no further is zero."""
        scheme = self.values.scheme
        if isinstance(node, Name):
            return quoted(label_of(scheme, node.name)) + self.pick("为0", " is 0")
        if isinstance(node, Aggregate):
            label, count = level_label(scheme, node.level), len(self.values.addends(node, row))
            if not count:
                return self.writer(row).text(node)
            return self.pick(f"{label}共{how_many(label, count)}，合计为0", f"{label}: {count:,}, adding up to 0")
        if isinstance(node, Literal_):
            return self.pick("办法定为0", "the rule says 0")
        text = self.writer(row).text(node)
        return text if text.startswith("0") or text.endswith("为0") else text + self.pick("，为0", ", which is 0")

    def branch(self, node: If, line: Line, row: RowResult) -> Iterator[Zero]:
        holds = bool(self.values.of(node.test, row))
        taken = node.then if holds else node.other
        if isinstance(taken, Literal_):
            test = Writer(self.values.scheme, self.lang, level=row.level).condition(node.test)
            numbers = self.writer(row).condition(node.test)
            verdict = self.pick("成立" if holds else "不成立", "holds" if holds else "does not hold")
            told = self.pick(
                f"{test}，这一条{verdict}（{numbers}），按规定为0", f"{test}: {verdict} ({numbers}), hence 0"
            )
            yield Zero(line, row, told)
        else:
            yield from self.node(taken, line, row)

    def extreme(self, node: Extreme, line: Line, row: RowResult) -> Iterator[Zero]:
        zeros = [part for part in node.parts if self.values.of(part, row) == 0]
        named = [part for part in zeros if not isinstance(part, Literal_)]
        if named:
            for part in named:
                yield from self.node(part, line, row)
        else:
            yield Zero(line, row, self.writer(row).text(node))

    def binary(self, node: Binary, line: Line, row: RowResult) -> Iterator[Zero]:
        sides = (node.left,) if node.op == "/" else (node.left, node.right)
        zeros = [part for part in sides if self.values.of(part, row) == 0]
        if not zeros:
            yield Zero(line, row, self.writer(row).text(node) + self.pick("＝0", " = 0"))
        for part in zeros:
            yield from self.node(part, line, row)

    def share(self, node: Allocate, line: Line, row: RowResult) -> Iterator[Zero]:
        holder = at_level(row, node.holder)
        if self.values.number(node.total, holder) == 0:
            yield from self.node(node.total, line, holder)
        elif self.values.of(node.weight, row) == Fraction(0):
            yield from self.node(node.weight, line, row)
        else:
            yield Zero(line, row, self.writer(row).text(node) + self.pick("0", " 0"))
