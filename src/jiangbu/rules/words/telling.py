"""The whole derivation of a determination: source, outcome, facts, requirements, lines, rows below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import define

from jiangbu.errors import MoneyError
from jiangbu.money import capital, to_fen
from jiangbu.rules.words.amounts import Lang, day, money_result
from jiangbu.rules.words.complaints import complaint
from jiangbu.rules.words.derivation import Derivation, failing
from jiangbu.rules.words.headings import cited, clause_words, heading, readings_of, validity_words
from jiangbu.rules.words.names import each, how_many, label_of, level_label, one_by_one, quoted

if TYPE_CHECKING:
    from jiangbu.rules.determination import Determination
    from jiangbu.rules.results import RowResult
    from jiangbu.rules.scheme import Scheme
    from jiangbu.rules.told import Refusal
    from jiangbu.rules.words.explain import Speaker


@define
class Telling:
    """The telling of one determination in one language; ``root`` is its topmost row."""

    speaker: Speaker
    result: Determination
    root: RowResult
    lang: Lang

    @property
    def scheme(self) -> Scheme:
        return self.speaker.scheme

    @property
    def derive(self) -> Derivation:
        return self.speaker.derivation(self.root, self.lang)

    def say(self, key: str, *parts: object) -> str:
        return heading(key, self.lang, *parts)

    def entry(self, key: str, text: str) -> str:
        return f"{self.say(key)}{self.say('colon')}{text}"

    def whole(self) -> Iterator[str]:
        yield from (f"【{notice}】" for notice in self.scheme.notices())
        yield from self.head()
        yield ""
        yield from self.outcome()
        if self.result.problems:
            yield from self.problems()
        yield from self.row(self.root)
        if not self.result.problems:
            yield from self.tail()
        yield from self.readings()

    def head(self) -> Iterator[str]:
        scheme, result = self.scheme, self.result
        yield scheme.title
        yield self.entry("document", cited(scheme.document, self.lang))
        yield self.entry("validity", validity_words(scheme.effective, self.lang))
        if result.head.on is not None:
            yield self.entry("on", day(result.head.on, self.lang))
        if result.head.known_on is not None:
            yield self.entry("known-on", day(result.head.known_on, self.lang))
        if result.head.under:
            yield self.entry("under", result.head.under)
        if scheme.gate is not None:
            yield self.entry("gate", f"{scheme.gate.title}{self.say('comma')}{cited(scheme.gate.document, self.lang)}")
        elif scheme.no_gate:
            yield self.entry("no-gate", scheme.no_gate)
        if result.subject:
            pairs = (f"{key} {value}" for key, value in result.subject.items() if value not in (None, ""))
            yield self.entry("subject", self.say("comma").join(pairs))

    def amount(self, amount: Decimal) -> str:
        """Write what may be paid, and in capital numerals for a Chinese reader."""
        text = money_result(Fraction(amount), self.lang)
        if self.lang == "en":
            return text
        try:
            numerals = capital(to_fen(amount))
        except MoneyError:
            return text  # capital numerals end below 10^16 yuan
        return f"{text}{self.say('comma')}{self.say('capital', numerals)}"

    def verdict(self, word: str, text: str = "") -> str:
        label = {"payable": "应付", "nil": "按规定为零", "refused": "不予支持", "unreadable": "数据问题"}[word]
        if self.lang == "en":
            label = word.upper()
        return label + text

    def outcome(self) -> Iterator[str]:
        result, word = self.result, self.result.outcome.value
        if word == "payable":
            yield self.entry("outcome", self.verdict(word, f" {self.amount(result.amount)}"))
        elif word == "unreadable":
            yield self.entry(
                "outcome", self.verdict(word, self.say("comma") + self.say("problems", len(result.problems)))
            )
        elif word == "refused":
            count = len(result.refusals)
            yield self.entry("outcome", self.verdict(word, self.say("comma") + self.say("reasons", count)))
            for at, refusal in enumerate(result.refusals, 1):
                yield f"  {at}. {self.where(refusal.data)}{self.sentence(refusal)}"
        elif not self.scheme.pays:
            yield self.entry("outcome", self.say("admitted"))
        else:
            yield self.entry("outcome", self.verdict(word))
            yield from (f"  {text}" for text in self.nil(self.root))
        if not self.root.paid and word != "unreadable" and self.scheme.pays:
            counts = {outcome.value: count for outcome, count in result.counts.items()}
            label = level_label(self.scheme, self.scheme.pay_level)
            numbers = [self.count(label, counts[key]) for key in ("payable", "nil", "refused")]
            yield "  " + self.say("counts", label, *numbers)

    def count(self, label: str, count: int) -> str:
        return f"{count:,}" if self.lang == "en" else how_many(label, count)

    def where(self, row: RowResult | None) -> str:
        """Name a row below the root by what its level and those above it are called: 项目P1、农户H2：."""
        if row is None or not row.above:
            return ""
        gap = " " if self.lang == "en" else ""
        named = [f"{level_label(self.scheme, item.level)}{gap}{item.id}" for item in (*reversed(row.above[:-1]), row)]
        return self.say("listed").join(named) + self.say("colon")

    def sentence(self, refusal: Refusal) -> str:
        item = refusal.requirement
        if item is not None:
            return item.otherwise + self.derive.clause(item)
        text = self.speaker.refusal(refusal.code, self.lang)
        return text + clause_words(self.speaker.clause(refusal.code), self.lang)

    def nil(self, row: RowResult) -> Sequence[str]:
        return self.speaker.nil(row, self.lang)

    def problems(self) -> Iterator[str]:
        for at, problem in enumerate(self.result.problems, 1):
            told = complaint(self.scheme, problem, self.lang)
            yield f"  {at}. {told.where}{self.say('colon')}{told.what}"
            parts = [(key, text) for key, text in (("found", told.found), ("expected", told.expected)) if text]
            yield "     " + self.say("semicolon").join(self.entry(key, text) for key, text in parts)
            if told.remedy:
                yield f"     {self.entry('remedy', told.remedy)}"

    # Rows

    def row(self, row: RowResult) -> Iterator[str]:
        """The root row in full, then the rows below it."""
        derive = self.derive
        facts = [*derive.columns(row), *derive.facts(row)]
        if facts:
            yield from ("", self.say("facts"), *(f"  {text}" for text in facts))
        if self.result.problems:
            return
        rules = derive.requirements(row)
        told = [derive.requirement(item, row) for item in rules] + [*self.other_refusals(row)]
        if told:
            yield from ("", self.say("conditions"))
            for at, text in enumerate(told, 1):
                yield from (f"  {line}" for line in f"{at}. {text}".split("\n"))
        lines = [line for line in self.scheme.lines.values() if line.level == row.level]
        if lines:
            yield from ("", self.say("lines-refused" if row.refused else "lines"))
            for at, line in enumerate(lines, 1):
                yield from (f"  {text}" for text in derive.full(at, line, row))
        yield from self.below(row, "")

    def other_refusals(self, row: RowResult) -> Iterator[str]:
        """What refuses a row and is no requirement: a hole of a table, a share over no weight."""
        known = {item.code for item in self.scheme.requirements.values()}
        for code in row.layout.codes:
            if code in failing(row) and code not in known:
                text = self.speaker.refusal(code, self.lang) + clause_words(self.speaker.clause(code), self.lang)
                yield f"{self.say('fails')}{self.say('colon')}{text}"

    def below(self, row: RowResult, indent: str) -> Iterator[str]:
        for level in row.layout.below:
            rows = [item for item in row.rows(level) if item.above[0] is row]
            label = level_label(self.scheme, level)
            if row is self.root:
                yield from ("", *self.methods(level))
            if rows:
                yield from (
                    [
                        "",
                    ]
                    if row is self.root
                    else []
                )
                yield indent + self.say("rows", one_by_one(label, self.lang), self.count(label, len(rows)))
            for item in rows:
                yield from self.short(item, label, indent + "  ")
        for level, id, reason in row.set_aside:
            yield indent + self.entry("aside", f"{level_label(self.scheme, level)} {id}（{reason}）")

    def methods(self, level: str) -> Iterator[str]:
        """The formulas of a level and of those below it, told once for all their rows."""
        lines = [line for line in self.scheme.lines.values() if line.level == level]
        label = level_label(self.scheme, level)
        if lines:
            yield self.say("each-row", each(label, self.lang))
            for at, line in enumerate(lines, 1):
                yield f"  {at}. {line.label}{clause_words(line.clause, self.lang)}{self.say('colon')}" + (
                    self.derive.method(line)
                )
                if line.reading:
                    yield f"     {self.entry('reading', line.reading)}"
        for finer in self.scheme.tree.below(level):
            yield from self.methods(finer)

    def short(self, row: RowResult, label: str, indent: str) -> Iterator[str]:
        """One row below the root, a sentence for each of its lines."""
        derive = self.derive
        outcome = row.outcome
        head = f"{indent}【{label} {row.id}】"
        if outcome is not None and outcome.value == "payable" and row.amount is not None:
            head += self.verdict("payable", f" {money_result(Fraction(row.amount), self.lang)}")
        elif outcome is not None:
            head += self.verdict(outcome.value)
        yield head
        inner = indent + "  "
        facts = [*derive.columns(row), *derive.facts(row)]
        if facts:
            yield inner + self.say("semicolon").join(facts)
        yield from (inner + text for text in self.short_conditions(row))
        if outcome is not None and outcome.value == "nil":
            yield from (inner + text for text in self.nil(row))
        for line in self.scheme.lines.values():
            if line.level == row.level:
                yield inner + derive.short(line, row)
        yield from self.below(row, inner)

    def short_conditions(self, row: RowResult) -> Iterator[str]:
        derive = self.derive
        rules = derive.requirements(row)
        failed = [item for item in rules if item.code in failing(row)]
        fine = [item for item in rules if item not in failed and derive.decided(item, row)]
        for item in failed:
            yield from derive.requirement(item, row).split("\n")
        yield from self.other_refusals(row)
        if rules and len(fine) == len(rules):
            yield self.entry("conditions", self.say("all-hold", len(rules)) if rules[1:] else self.say("one-holds"))

    # After the calculation

    def tail(self) -> Iterator[str]:
        result = self.result
        if result.remarks:
            yield from ("", self.say("remarks"))
            for row in self.root.walk():
                for remark in row.remarks:
                    yield f"  {self.where(row)}{remark.sentence}{clause_words(remark.clause, self.lang)}"
        if result.parts:
            yield from ("", self.say("parts"))
            for name, value in result.parts.items():
                amount = money_result(Fraction(value), self.lang)
                yield f"  {label_of(self.scheme, name)}{self.say('colon')}{amount}"
        if result.recovers is not None:
            yield from ("", self.entry("recovers", money_result(Fraction(result.recovers), self.lang)))
        defaults, overridden = self.assumed()
        if defaults or overridden:
            yield ""
        for key, names in (("defaults", defaults), ("overridden", overridden)):
            if names:
                yield self.entry(key, self.say("listed").join(quoted(label_of(self.scheme, name)) for name in names))

    def assumed(self) -> tuple[list[str], list[str]]:
        """The facts for which a default stands: those left blank, and those filled in where they do not apply."""
        facts = self.scheme.facts
        blank = [name for name in self.result.assumed if not facts[name].needed_if]
        return blank, [name for name in self.result.assumed if facts[name].needed_if]

    def readings(self) -> Iterator[str]:
        found = readings_of(self.scheme, lines=False)
        if found:
            yield from ("", self.say("readings"))
            yield from (f"  {label}{self.say('colon')}{text}" for label, text in found)
