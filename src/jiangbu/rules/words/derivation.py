"""The derivation of one row: its facts, what was asked of it, and every line with its numbers in place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from jiangbu.rules.emit import NoValueStop
from jiangbu.rules.kinds import Value
from jiangbu.rules.model import Fact, Line, Requirement
from jiangbu.rules.tree import Allocate, DateCall, walk
from jiangbu.rules.words.amounts import Lang, money_result, written
from jiangbu.rules.words.formulas import Writer, line_rounding
from jiangbu.rules.words.headings import clause_words, heading
from jiangbu.rules.words.names import level_label, option_labels
from jiangbu.rules.words.values import Stop, Values, cell_value

if TYPE_CHECKING:
    from jiangbu.rules.results import RowResult
    from jiangbu.rules.scheme import Scheme


@frozen
class Derivation:
    """Writes the derivation of the rows of one determination, in one language."""

    scheme: Scheme
    values: Values
    lang: Lang = "zh"

    def say(self, key: str, *parts: object) -> str:
        return heading(key, self.lang, *parts)

    def writer(self, row: RowResult, origin: str = "", *, numbers: bool = True) -> Writer:
        """Return what writes formulas that stand at the level of a row."""
        values = self.values if numbers else None
        return Writer(self.scheme, self.lang, origin, values, row if numbers else None, row.level)

    # Facts

    def facts(self, row: RowResult) -> Iterator[str]:
        """Yield each fact of a row with its value: whether it was given, assumed or does not apply."""
        for slot, cell in zip(row.layout.facts, row.data.facts, strict=True):
            fact = self.scheme.facts[slot.name]
            if not self.needed(fact, row):
                yield fact.label + self.say("colon") + self.say("unused" if fact.name in row.assumed else "not-asked")
                continue
            value = None if cell is None else cell_value(slot, cell)
            text = written(fact.kind, value, unit=fact.unit, options=fact.options, lang=self.lang)
            if fact.kind == "money" and isinstance(value, Fraction):
                text = money_result(value, self.lang, places=None)
            yield fact.label + self.say("colon") + text + self.say("default") * (fact.name in row.assumed)

    def needed(self, fact: Fact, row: RowResult) -> bool:
        """Whether a fact was asked of this row."""
        if fact.needed_tree is None:
            return True
        try:
            return bool(self.values.of(fact.needed_tree, row, fact.origin))
        except Stop:
            return True

    def columns(self, row: RowResult) -> Iterator[str]:
        """Yield what an object or a made row brings."""
        item = self.scheme.tree.by_name[row.level]
        kind = self.scheme.makers.objects.get(item.object) or self.scheme.makers.rows.get(item.made_by)
        if kind is None:
            return
        for slot, cell in zip(row.layout.columns, row.data.columns, strict=True):
            value = None if cell is None else cell_value(slot, cell)
            text = written(slot.kind, value, unit=kind.columns[slot.name].unit, lang=self.lang)
            yield kind.labels.get(slot.name, slot.name) + self.say("colon") + text

    # Requirements

    def requirements(self, row: RowResult) -> list[Requirement]:
        """Return the requirements that stand at the level of a row, the gate's first."""
        found = [item for item in self.scheme.requirements.values() if item.level == row.level]
        return sorted(found, key=lambda item: not item.origin)

    def requirement(self, item: Requirement, row: RowResult) -> str:
        """Return one requirement with its numbers and whether it holds."""
        assert item.tree is not None
        rule = self.writer(row, item.origin, numbers=False).rule(item.tree)
        if item.code in failing(row):
            asked = self.say("asks") + self.say("colon") + rule
            told = [asked, self.say("in-fact") + self.say("colon") + self.fact_side(item, row, named=True)]
            reading = [self.say("reading") + self.say("colon") + item.reading] if item.reading else []
            head = f"{self.say('fails')}{self.say('colon')}{item.otherwise}{self.clause(item)}"
            return head + "".join(f"\n   {part}" for part in (*told, *reading))
        verdict = self.say("holds" if self.decided(item, row) else "undecided")
        numbers = self.fact_side(item, row)
        text = rule if numbers in (rule, "") else f"{rule}{self.say('semicolon')}{numbers}"
        return f"{verdict}{self.say('colon')}{text}{self.clause(item)}"

    def clause(self, item: Requirement) -> str:
        """Return the clause; a gate's is of its own document."""
        gate = self.scheme.gate
        if not item.origin or gate is None or not item.clause or item.clause == "unseen":
            return clause_words(item.clause, self.lang)
        return clause_words(f"{gate.document.number}{item.clause}", self.lang)

    def fact_side(self, item: Requirement, row: RowResult, *, named: bool = False) -> str:
        """Return a condition with the numbers of the row; nothing where a value is missing.

        ``named`` puts labels before the numbers.
        """
        assert item.tree is not None
        try:
            return evolve(self.writer(row, item.origin), named=named).rule(item.tree)
        except Stop:
            return ""

    def decided(self, item: Requirement, row: RowResult) -> bool:
        """Whether there was all that a requirement needs."""
        assert item.tree is not None
        try:
            self.values.of(item.tree, row, item.origin)
        except Stop:
            return False
        return True

    # Lines

    def method(self, line: Line) -> str:
        """Return the formula of a line in words, with its rounding."""
        assert line.tree is not None
        text = Writer(self.scheme, self.lang, level=line.level).text(line.tree)
        ending = line_rounding(line, self.lang)
        if ending:
            text += self.say("comma") + ending + clause_words(line.round.clause, self.lang)
        return text

    def numbers(self, line: Line, row: RowResult) -> str:
        """Return the formula of a line with the numbers of a row in place, or why it has no value."""
        assert line.tree is not None
        writer = self.writer(row)
        try:
            return writer.text(line.tree)
        except Stop as stop:
            above = next((one for one in row.above if failing(one)), None)
            if above is None or not isinstance(stop, NoValueStop):
                return no_value(writer, stop)
            shared = any(isinstance(node, Allocate) for node in walk(line.tree))
            return writer.phrase(f"above-refused{'-share' * shared}", level_label(self.scheme, above.level))

    def result(self, line: Line, row: RowResult) -> str:
        """Return the value of a line: exact, and as rounded where rounding changed it."""
        value = stored(line, row)
        if value is None:
            return "—"
        text = self.shown(line, value, final=True)
        try:
            exact = self.values.line(line, row)
        except Stop:
            return text
        if exact == value or not isinstance(exact, Fraction):
            return text
        return self.say("rounded", self.shown(line, exact), line_rounding(line, self.lang), text)

    def shown(self, line: Line, value: Value, *, final: bool = False) -> str:
        """Write a value of a line; as a result an amount shows its fen and its 万."""
        if final and line.kind == "money" and isinstance(value, Fraction):
            return money_result(value, self.lang)
        if isinstance(line.tree, DateCall) and line.tree.op == "year":
            return str(value)
        options = option_labels(self.scheme, line.type.options) if line.type is not None and line.type.options else {}
        return written(line.kind, value, unit=line.unit, options=options, lang=self.lang)

    def full(self, number: int, line: Line, row: RowResult) -> Iterator[str]:
        """Yield a line of the calculation in full."""
        colon = self.say("colon")
        yield f"{number}. {line.label}{clause_words(line.clause, self.lang)}"
        yield f"   {self.say('method')}{colon}{self.method(line)}"
        yield f"   {self.say('numbers')}{colon}{self.numbers(line, row)}"
        yield f"   {self.say('result')}{colon}{self.result(line, row)}"
        if line.reading:
            yield f"   {self.say('reading')}{colon}{line.reading}"

    def short(self, line: Line, row: RowResult) -> str:
        """Return a line of the calculation in one sentence; its formula is told once for all rows."""
        numbers, result = self.numbers(line, row), self.result(line, row)
        value = stored(line, row)
        if value is None or numbers.startswith(self.shown(line, value)):
            return f"{line.label}{self.say('colon')}{numbers}"
        arrow = " → " if self.lang == "en" else "，得"
        return f"{line.label}{self.say('colon')}{numbers}{arrow}{result}"


def failing(row: RowResult) -> set[str]:
    """Return the codes that refuse a row itself."""
    return {row.layout.codes[at] for at in row.data.failed}


def stored(line: Line, row: RowResult) -> Value | None:
    """Return the value that a determination keeps of a line; None if it has none."""
    for slot, cell in zip(row.layout.lines, row.data.values, strict=True):
        if slot.name == line.name:
            return None if cell is None else cell_value(slot, cell)
    return None


def no_value(writer: Writer, stop: Stop) -> str:
    """Say why a formula has no value."""
    table, series = getattr(stop, "table", ""), getattr(stop, "series", "")
    if table:
        info = writer.scheme.infos[getattr(stop, "origin", ""), table]
        return writer.phrase("no-value-hole", writer.phrase("table", info.table.label))
    if series:
        asked = Fraction(getattr(stop, "day", 0))
        title = next((item.title for item in writer.scheme.series.values() if item.id == series), series)
        return writer.phrase("no-value-series", title, written("date", asked, lang=writer.lang))
    return writer.phrase("no-value")
