"""Formulas as sentences: in words (labels for names), or with the numbers of one row in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from jiangbu.rules.amounts import Lang, day, figure, number, written
from jiangbu.rules.kinds import Value
from jiangbu.rules.model import Line
from jiangbu.rules.names import (
    how_many, label_of, level_label, option_labels, options_of, part_of, quoted, tier_words,
)  # fmt: skip
from jiangbu.rules.phrases import FORMULA, MODES, STEPS, TESTS, column_words, side
from jiangbu.rules.tree import (
    Aggregate, Allocate, Binary, Compare, DateCall, Extreme, If, Literal_, Logic, Lookup, MadeCall, Marginal, Member,
    Name, Negative, Node, Not, Round, SeriesAt,
)  # fmt: skip
from jiangbu.rules.values import OPERATORS, Values, at_level

if TYPE_CHECKING:
    from jiangbu.rules.determination import RowResult
    from jiangbu.rules.scheme import Scheme

LOOSE, TEST, PLUS, TIMES, ATOM = range(5)
"""How tightly a text holds together: what is looser than its place asks for goes into brackets."""

MOST_ADDENDS = 10
"""Up to this many addends a sum shows each of them; beyond it their rows do."""

Said = tuple[str, int]
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@frozen
class Writer:
    """Writes formulas of one scheme; with ``values`` and ``row`` the numbers of that row stand for the names.

    ``level`` is where the formula stands, ``origin`` the gate's id for a formula of the gate.
    """

    scheme: Scheme
    lang: Lang = "zh"
    origin: str = ""
    values: Values | None = None
    row: RowResult | None = None
    level: str = ""

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
        return text if holds >= place else self.phrase("bracket", text)

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
        options = option_labels(self.scheme, node.type.options) if node.type.kind == "choice" else {}
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
            text = written(
                node.type.kind, value, unit=node.type.unit, options=options, lang=self.lang, law=law
            )
            return (text if self.values is not None else self.phrase("constant", label, text)), ATOM
        if self.values is None:
            return label, ATOM
        value = self.value(node)
        text = written(node.type.kind, value, unit=node.type.unit, options=options, lang=self.lang)
        return (self.phrase("fact-value", label, text) if node.type.kind in ("choice", "text") else text), ATOM

    def flag(self, node: Node, holds: bool) -> Said:
        """A flag as a test: “X”为“是”; with numbers, what it is in truth."""
        text = quoted(label_of(self.scheme, node.name, self.origin)) if isinstance(node, Name) else self.text(node)
        if self.values is not None:
            holds = bool(self.value(node))
        return self.phrase("flag", text, written("flag", holds, lang=self.lang)), TEST

    def rule(self, node: Node) -> str:
        """Return a condition as a rule states it: for whom it is, then what it asks."""
        if self.values is None and isinstance(node, Logic) and node.op == "or" and len(node.parts) == 2:
            who, asked = node.parts
            choice = isinstance(who, Compare | Member) and isinstance(_subject(who), Name)
            if choice and _subject(who).type.kind == "choice":
                excluded = _negated(who)
                if excluded is not None:
                    return self.phrase("only-for", self.text(excluded), self.condition(asked)[0])
                return self.phrase("except-for", self.condition(asked)[0], self.text(who))
        return self.condition(node)[0]

    # Arithmetic

    def negative(self, node: Negative) -> Said:
        return f"-{self.tight(node.inner, ATOM)}", TIMES

    def binary(self, node: Binary) -> Said:
        place = TIMES if node.op in "*/" else PLUS
        left = self.tight(node.left, place)
        right = self.tight(node.right, ATOM if node.op == "/" else place + (node.op == "-"))
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

    # Conditions

    def condition(self, node: Node) -> Said:
        """Return the text of a flag as a test."""
        return self.flag(node, True) if node.type.kind == "flag" and isinstance(node, Name | Lookup) else self.say(node)

    def compare(self, node: Compare) -> Said:
        pairs = list(zip(node.ops, node.parts, node.parts[1:], strict=False))
        said: list[str] = []
        bare = False
        if len(pairs) == 2 and not isinstance(node.parts[1], Literal_):
            pairs[0] = (_MIRROR[node.ops[0]], node.parts[1], node.parts[0])
            bare = True
        for op, left, right in pairs:
            said.append(self.pair(op, left, right, bare=bare and bool(said)))
            if self.values is not None and not self.true(op, left, right):
                break
        return self.phrase("and").join(said), TEST

    def true(self, op: str, left: Node, right: Node) -> bool:
        """Whether a comparison holds for the row at hand."""
        return bool(OPERATORS[op](self.value(left), self.value(right)))

    def pair(self, op: str, left: Node, right: Node, *, bare: bool = False) -> str:
        """One comparison, with numbers as it is in truth; ``bare`` leaves out the left side, which was just said."""
        if self.values is not None:
            if left.type.kind in ("choice", "text"):
                return self.told_choice(left, [right])
            op = op if self.true(op, left, right) else _OPPOSITE[op]
        kind = left.type.kind if left.type.kind != "number" else right.type.kind
        zero = isinstance(right, Literal_) and right.value == 0 and right.type.kind == "number"
        group = "zero" if zero else kind if kind in ("rate", "date") else "number" if left.type.numeric else "word"
        words = {**(TESTS["number"] if left.type.numeric else {}), **TESTS[group]}
        texts = [self.side_of(left, right), self.side_of(right, left)]
        return words[op][side(self.lang)].format("" if bare else texts[0], texts[1]).strip()

    def told_choice(self, left: Node, choices: Sequence[Node]) -> str:
        """Say what a choice is, and what it is not where that was asked."""
        value = self.value(left)
        word = quoted(label_of(self.scheme, left.name, self.origin)) if isinstance(left, Name) else self.text(left)
        if isinstance(left, Literal_) and len(choices) == 1:
            return self.told_choice(choices[0], [left]) if not isinstance(choices[0], Literal_) else word
        options = options_of(self.scheme, left.name, self.origin) if isinstance(left, Name) else {}
        options = options or option_labels(self.scheme, left.type.options)
        text = self.phrase("member", word, quoted(options.get(str(value), str(value))))
        if value in [self.value(choice) for choice in choices]:
            return text
        others = self.phrase("either").join(self.side_of(choice, left) for choice in choices)
        return self.phrase("not-that", text, others)

    def side_of(self, node: Node, other: Node) -> str:
        """One side of a comparison: an option by its label, a sum with what it comes to."""
        if isinstance(node, Literal_) and isinstance(node.value, str):
            options = options_of(self.scheme, other.name, self.origin) if isinstance(other, Name) else {}
            options = options or option_labels(self.scheme, other.type.options)
            return quoted(options.get(node.value, node.value))
        return self.tight(node, PLUS) if self.values is None else self.worked(node)

    def member(self, node: Member) -> Said:
        if self.values is not None and node.inner.type.kind in ("choice", "text"):
            return self.told_choice(node.inner, node.choices), TEST
        negated = node.negated if self.values is None else node.negated is self.value(node)
        choices = self.phrase("either").join(self.side_of(part, node.inner) for part in node.choices)
        return self.phrase("member-not" if negated else "member", self.tight(node.inner, PLUS), choices), TEST

    def logic(self, node: Logic) -> Said:
        parts = []
        for part in node.parts:
            text, _ = self.condition(part)
            chained = isinstance(part, Compare) and len(part.ops) > 1 and node.op == "or"
            loose = self.values is None and (chained or isinstance(part, Logic | If))
            parts.append(self.phrase("bracket", text) if loose else text)
            if self.values is not None and bool(self.value(part)) is (node.op == "or"):
                break
        return self.phrase(node.op if self.values is None else "and").join(parts), TEST

    def negation(self, node: Not) -> Said:
        if isinstance(node.inner, Name | Lookup):
            return self.flag(node.inner, False)
        inner = self.condition(node.inner)[0]
        return (inner if self.values is not None else self.phrase("not", inner)), TEST

    def choice(self, node: If) -> Said:
        if self.values is not None:
            return self.taken(node), LOOSE
        text = self.phrase("if", self.condition(node.test)[0], self.text(node.then))
        if isinstance(node.other, If):
            return text + self.phrase("if-next") + self.text(node.other), LOOSE
        return text + self.phrase("else", self.text(node.other)), LOOSE

    def taken(self, node: If) -> str:
        """Say which branch is taken and why; of a chain of tests all that were asked."""
        tests, branch = [], node
        while True:
            tests.append(self.condition(branch.test)[0])
            taken = branch.then if self.value(branch.test) else branch.other
            if not (isinstance(taken, If) and taken is branch.other):
                told = [text for at, text in enumerate(tests) if not any(map(text.startswith, tests[at + 1 :]))]
                return self.phrase("taken", self.phrase("and").join(told), self.text(taken))
            branch = taken

    # Tables, series, days

    def table(self, node: Lookup | Marginal) -> tuple[str, str]:
        """Return what a table and its column are called."""
        table = self.scheme.infos[self.origin, node.table].table
        label = table.label if self.lang == "zh" else quoted(table.label)
        return self.phrase("table", label), column_words(table.gives, node.column, self.lang)

    def lookup(self, node: Lookup) -> Said:
        table, column = self.table(node)
        keys = self.phrase("listed").join(self.text(key) for key in node.keys)
        if self.values is None:
            return self.phrase("lookup", keys, table, column), ATOM
        assert self.row is not None
        row = self.values.hit(node, self.row, self.origin)
        tier = tier_words(self.scheme, self.scheme.infos[self.origin, node.table], row, self.origin, self.lang)
        result = self.shown(node, self.value(node))
        if node.type.kind == "number":
            result = self.phrase("named-value", column, result)
        plain = self.phrase("listed").join(self.shown_key(key) for key in node.keys)
        if tier == plain or all(key.type.kind == "choice" for key in node.keys):
            return self.phrase("hit-named", result, table, tier), ATOM
        return self.phrase("hit", result, plain, table, tier), ATOM

    def shown_key(self, node: Node) -> str:
        options = options_of(self.scheme, node.name, self.origin) if isinstance(node, Name) else {}
        options = options or option_labels(self.scheme, node.type.options)
        return written(node.type.kind, self.value(node), unit=node.type.unit, options=options, lang=self.lang)

    def marginal(self, node: Marginal) -> Said:
        table, column = self.table(node)
        declared = self.scheme.infos[self.origin, node.table].inputs[node.along].type
        assert declared is not None
        count = "-count" if declared.kind == "number" and declared.den == 1 else ""
        if self.values is None:
            keys = self.phrase("listed").join(self.text(key) for key in node.keys)
            return self.phrase(f"marginal{count}", keys, table, column), ATOM
        assert self.row is not None
        along, pieces = self.values.pieces(node, self.row, self.origin)
        bands = []
        for at, piece in enumerate(pieces):
            end = min(along, pieces[at + 1].start) if at + 1 < len(pieces) else along
            if end > piece.start:
                length = self.shown(node.keys[node.along], end - piece.start)
                kind = self.scheme.infos[self.origin, node.table].table.gives[node.column]
                bands.append(length + self.sign("*") + written(kind, piece.slope, lang=self.lang))
        return self.phrase(f"bands{count}", table, self.sign("+").join(bands) or "0"), LOOSE

    def series_at(self, node: SeriesAt) -> Said:
        own, gate = self.scheme.series, self.scheme.gate
        series = own[node.series] if node.series in own or gate is None else gate.series[node.series]
        column = column_words(series.gives, node.column, self.lang)
        text = self.phrase("series", self.text(node.day), series.title, column)
        if self.values is None:
            return text, ATOM
        return self.phrase("constant", self.shown(node, self.value(node)), text), ATOM

    def date_call(self, node: DateCall) -> Said:
        parts = [self.tight(part, ATOM) for part in node.parts]
        if node.op in ("later", "after") and not node.parts[1].type.unit:
            unit = self.phrase("month-unit" if node.op == "later" else "day-unit")
            parts[1] += f" {unit}" if self.lang == "en" else unit
        if self.values is None:
            return self.phrase(node.op, *parts), ATOM
        result = self.value(node)
        assert isinstance(result, Fraction)
        unit = self.phrase("day-unit") if node.op == "days" else node.type.unit
        shown = day(result, self.lang) if node.type.kind == "date" else number(result, unit, self.lang)
        if node.op == "year":
            shown = str(int(result))
        return self.phrase(f"{node.op}-done", *parts, shown), ATOM

    def made_call(self, node: MadeCall) -> Said:
        text = self.phrase("call", quoted(level_label(self.scheme, node.level)), self.text(node.parts[0]))
        return (text if self.values is None else self.phrase("constant", self.shown(node, self.value(node)), text)), ATOM

    # Rows below

    def aggregate(self, node: Aggregate) -> Said:
        label = level_label(self.scheme, node.level)
        if self.values is not None:
            return self.added(node, label)
        if node.inner is None:
            return self.phrase("count-all", label), ATOM
        inner = self.condition(node.inner)[0] if node.op == "count" else self.tight(node.inner, ATOM)
        return self.phrase(node.op, label, inner), ATOM

    def added(self, node: Aggregate, label: str) -> Said:
        """A sum over rows below, with its addends."""
        assert self.values is not None
        assert self.row is not None
        parts = self.values.addends(node, self.row, self.origin)
        count = f"{len(parts):,}" if self.lang == "en" else how_many(label, len(parts))
        if not parts:
            return self.phrase("nothing-below", label), LOOSE
        if node.op == "count":
            return self.phrase("counted" if node.inner is None else "counted-some", label, count), LOOSE
        if node.op != "sum":
            return self.phrase(f"{node.op}-of", label, count), LOOSE
        assert node.inner is not None
        if len(parts) > MOST_ADDENDS:
            return self.phrase("many-rows", label, count), LOOSE
        sum_text = self.sign("+").join(self.shown(node.inner, value) for _, value in parts)
        return self.phrase("of-rows", sum_text, label, count), LOOSE

    def allocate(self, node: Allocate) -> Said:
        if self.values is None:
            label = level_label(self.scheme, self.level) if self.level else ""
            return self.phrase("allocate", self.text(node.total), label, self.tight(node.weight, ATOM)), LOOSE
        assert self.row is not None
        shares = self.values.shares(node, self.row, self.origin)
        total = self.values.number(node.total, at_level(self.row, node.holder), self.origin)
        if self.row.path not in shares:
            return self.phrase("share-none"), LOOSE
        if not total:
            holder = Writer(self.scheme, self.lang, self.origin)
            return self.phrase("share-zero", holder.text(node.total)), LOOSE
        weight, share = shares[self.row.path]
        weights = sum((part for part, _ in shares.values()), Fraction(0))
        exact = total * weight / weights
        texts = [self.shown(node.total, total), self.shown(node.weight, weight), self.shown(node.weight, weights)]
        if exact == share:
            return self.phrase("share-even", *texts), TIMES
        key = "share" if node.type.kind == "money" else "share-count"
        return self.phrase(key, *texts, self.shown(node, exact)), LOOSE


def _subject(node: Node) -> Node:
    return node.parts[0] if isinstance(node, Compare) else node.inner if isinstance(node, Member) else node


def _negated(node: Node) -> Node | None:
    """Return what a test excludes: for ``x != 'a'`` the test ``x == 'a'``; None if it excludes nothing."""
    if isinstance(node, Compare) and node.ops == ("!=",):
        return evolve(node, ops=("==",))
    return evolve(node, negated=False) if isinstance(node, Member) and node.negated else None


def rounding_words(mode: str, word: str, step: Fraction, lang: Lang) -> str:
    """Return how a value is rounded: 四舍五入到分, 只舍不入到百元.

    >>> rounding_words("half-up", "fen", Fraction(1, 100), "zh"), rounding_words("down", "0.01", Fraction(1, 100), "zh")
    ('四舍五入到分', '只舍不入到0.01')
    """
    to = STEPS[word][side(lang)] if word in STEPS else figure(step)
    return MODES[mode][side(lang)].format(to)


def line_rounding(line: Line, lang: Lang = "zh") -> str:
    """Return how a line ends, in words; nothing where it says nothing and its value has no more than fen anyway."""
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
    Compare: Writer.compare,
    Member: Writer.member,
    Logic: Writer.logic,
    Not: Writer.negation,
    If: Writer.choice,
    Extreme: Writer.extreme,
    Round: Writer.round,
    Lookup: Writer.lookup,
    Marginal: Writer.marginal,
    SeriesAt: Writer.series_at,
    DateCall: Writer.date_call,
    MadeCall: Writer.made_call,
    Aggregate: Writer.aggregate,
    Allocate: Writer.allocate,
}
