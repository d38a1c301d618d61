"""Formulas as sentences: in words (labels for names), or with the numbers of one row in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jiangbu.rules.kinds import Value
from jiangbu.rules.model import Line
from jiangbu.rules.tree import (
    Aggregate,
    Allocate,
    Binary,
    Compare,
    DateCall,
    Extreme,
    If,
    Literal_,
    Logic,
    Lookup,
    MadeCall,
    Marginal,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Round,
    SeriesAt,
)
from jiangbu.rules.words import conditions, rows
from jiangbu.rules.words.amounts import Lang, figure, written
from jiangbu.rules.words.names import (
    label_of,
    option_labels,
    options_of,
    part_of,
    quoted,
)
from jiangbu.rules.words.phrases import (
    ATOM,
    ENDINGS,
    FORMULA,
    LEAST,
    LOOSE,
    MODES,
    PLUS,
    STEPS,
    TIMES,
    Said,
    side,
)
from jiangbu.rules.words.values import Values

if TYPE_CHECKING:
    from jiangbu.rules.results import RowResult
    from jiangbu.rules.scheme import Scheme


@frozen
class Writer:
    """Writes formulas of one scheme; with ``values`` and ``row`` the numbers of that row stand for names.

    ``level`` is where the formula stands, ``origin`` the gate's id for a formula of the gate; ``named`` puts
    labels before numbers.
    """

    scheme: Scheme
    lang: Lang = "zh"
    origin: str = ""
    values: Values | None = None
    row: RowResult | None = None
    level: str = ""
    named: bool = False

    def text(self, node: Node) -> str:
        """Return the sentence of a formula or a part of it; raises ``Stop`` where a number is not there."""
        return self.say(node)[0]

    def say(self, node: Node) -> Said:
        said: Said = _SAY[type(node)](self, node)
        return said

    def phrase(self, key: str, *parts: str) -> str:
        """Return a phrase of the language with its places filled."""
        return FORMULA[key][side(self.lang)].format(*parts)

    def tight(self, node: Node, place: int) -> str:
        """Return the text of a part, in brackets if it is looser than its place."""
        text, holds = self.say(node)
        if holds >= place:
            return text
        if holds == LOOSE and self.values is not None and node.type.numeric:
            text = self.phrase("that-is", text, self.shown(node, self.value(node)))
        return self.phrase("bracket", text)

    def listed(self, nodes: Sequence[Node], word: str = "listed") -> str:
        """Return several parts with a word between them."""
        return self.phrase(word).join(self.tight(node, ATOM) for node in nodes)

    def value(self, node: Node) -> Value:
        """Return the value of a part for the row at hand."""
        assert self.values is not None
        assert self.row is not None
        return self.values.of(node, self.row, self.origin)

    def shown(self, node: Node, value: Value) -> str:
        """Write a value as that part's kind asks for."""
        worded = node.type.kind in ("choice", "text")
        options = option_labels(self.scheme, node.type.options) if worded else {}
        return written(node.type.kind, value, unit=node.type.unit, options=options, lang=self.lang)

    def worked(self, node: Node) -> str:
        """Return a part with its numbers and, where it has to be worked out, what it comes to."""
        text, holds = self.say(node)
        if holds == ATOM:
            return text
        if holds in (PLUS, TIMES):
            return self.phrase("bracket", text + self.equals + self.shown(node, self.value(node)))
        return self.phrase("bracket", self.phrase("that-is", text, self.shown(node, self.value(node))))

    @property
    def equals(self) -> str:
        return " = " if self.lang == "en" else "＝"

    def sign(self, op: str) -> str:
        """Return a sign of arithmetic."""
        signs = {"+": "＋", "-": "－", "*": "×", "/": "÷"} if self.lang == "zh" else {"*": "×", "/": "÷"}
        return signs.get(op, op) if self.lang == "zh" else f" {signs.get(op, op)} "

    def rule(self, node: Node) -> str:
        """Return a condition as a rule states it: for whom it is, then what it asks."""
        return conditions.rule(self, node)

    def condition(self, node: Node) -> str:
        """Return the text of a test; a flag is one by itself."""
        return conditions.condition(self, node)[0]

    # Names and numbers

    def literal(self, node: Literal_) -> Said:
        if node.type.kind in ("choice", "text"):
            return quoted(self.shown(node, node.value)), ATOM
        if isinstance(node.value, Fraction) and node.type.kind != "date":
            return figure(node.value), ATOM
        return self.shown(node, node.value), ATOM

    def name(self, node: Name) -> Said:
        label = quoted(label_of(self.scheme, node.name, self.origin))
        options = options_of(self.scheme, node.name, self.origin)
        if node.of == "constant":
            constant = part_of(self.scheme, node.name, self.origin)
            value = getattr(constant, "value", None)
            law = self.values is None
            text = written(node.type.kind, value, unit=node.type.unit, options=options, lang=self.lang, law=law)
            plain = self.values is not None and not self.named
            return (text if plain else self.phrase("constant", label, text)), ATOM
        if self.values is None:
            return label, ATOM
        value = self.value(node)
        text = written(node.type.kind, value, unit=node.type.unit, options=options, lang=self.lang)
        if node.type.kind in ("choice", "text"):
            return self.phrase("fact-value", label, text), ATOM
        return (self.phrase("named-value", label, text) if self.named else text), ATOM

    # Arithmetic

    def negative(self, node: Negative) -> Said:
        return f"-{self.tight(node.inner, ATOM)}", TIMES

    def binary(self, node: Binary) -> Said:
        place = TIMES if node.op in "*/" else PLUS
        left = self.tight(node.left, place)
        right = self.tight(node.right, ATOM if node.op == "/" else place + (node.op == "-"))
        if right.startswith("-"):
            right = self.phrase("bracket", right)
        return left + self.sign(node.op) + right, place

    def extreme(self, node: Extreme) -> Said:
        zero = next((part for part in node.parts if isinstance(part, Literal_) and part.value == 0), None)
        if node.op == "max" and len(node.parts) == 2 and zero is not None:
            other = next(part for part in node.parts if part is not zero)
            if self.values is None:
                return self.phrase("floor-zero", self.tight(other, PLUS)), LOOSE
            text, holds = self.say(other)
            if holds not in (PLUS, TIMES) and self.value(other) >= Fraction(0):  # type: ignore[operator]
                return text, holds
            if holds in (PLUS, TIMES):
                text += self.equals + self.shown(node, self.value(other))
            below = self.value(other) < Fraction(0)  # type: ignore[operator]
            return (self.phrase("below-zero", text) if below else text), LOOSE
        key = node.op if len(node.parts) == 2 else f"{node.op}-many"
        if self.values is None:
            return self.phrase(key, self.listed(node.parts, "between")), LOOSE
        return self.phrase(key, self.phrase("between").join(map(self.worked, node.parts))), LOOSE

    def round(self, node: Round) -> Said:
        inner = self.tight(node.inner, ATOM)
        if node.mode == "floor":
            return self.phrase("whole", inner), LOOSE
        return self.phrase("round-to", inner, rounding_words(node.mode, node.word, node.step, self.lang)), LOOSE


def rounding_words(mode: str, word: str, step: Fraction, lang: Lang) -> str:
    """Return how a value is rounded: 四舍五入到分, 不足百元的部分舍去.

    >>> rounding_words("half-up", "fen", Fraction(1, 100), "zh")
    '四舍五入到分'
    >>> rounding_words("down", "百元", Fraction(100), "zh"), rounding_words("up", "yuan", Fraction(1), "zh")
    ('不足百元的部分舍去', '不足一元的按一元计')
    >>> rounding_words("down", "0.01", Fraction(1, 100), "zh")
    '只舍不入到0.01'
    """
    if lang == "zh" and mode in ENDINGS and word in LEAST:
        return ENDINGS[mode].format(LEAST[word])
    to = STEPS[word][side(lang)] if word in STEPS else figure(step)
    return MODES[mode][side(lang)].format(to)


def line_rounding(line: Line, lang: Lang = "zh") -> str:
    """Return how a line ends, in words; nothing where none is stated and none is needed."""
    rounding = line.round
    if rounding.step is None:
        exact = "kept exact" if lang == "en" else "保留准确值，不作取舍"
        return exact if rounding.stated else ""
    den = line.tree.type.den if line.tree is not None else None
    if not rounding.stated and den and (1 / rounding.step) % den == 0:
        return ""
    return rounding_words(rounding.mode, rounding.word, rounding.step, lang)


_SAY: Mapping[type, Any] = {
    Literal_: Writer.literal,
    Name: Writer.name,
    Negative: Writer.negative,
    Binary: Writer.binary,
    Compare: conditions.compare,
    Member: conditions.member,
    Logic: conditions.logic,
    Not: conditions.negation,
    If: conditions.choice,
    Extreme: Writer.extreme,
    Round: Writer.round,
    Lookup: rows.lookup,
    Marginal: rows.marginal,
    SeriesAt: rows.series_at,
    DateCall: rows.date_call,
    MadeCall: rows.made_call,
    Aggregate: rows.aggregate,
    Allocate: rows.allocate,
}
