"""The rule as a page that a clerk or a judge can read, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from jiangbu.rules.model import Constant, Fact, Line, LookupTable, Requirement, Row
from jiangbu.rules.words.amounts import Lang, day, written
from jiangbu.rules.words.cases import case_lines, promise_words
from jiangbu.rules.words.complaints import KINDS, bounds_words
from jiangbu.rules.words.formulas import Writer, line_rounding
from jiangbu.rules.words.headings import (
    BENEFICIARIES,
    KEEP,
    KNOWN,
    PER,
    STATUS,
    cited,
    clause_text,
    clause_words,
    heading,
    readings_of,
    validity_words,
    word,
)
from jiangbu.rules.words.names import input_words, label_of, level_label, one_by_one, quoted
from jiangbu.rules.words.phrases import column_words

if TYPE_CHECKING:
    from jiangbu.rules.formula import TableInfo
    from jiangbu.rules.scheme import Scheme


def page(scheme: Scheme, lang: Lang = "zh", *, titles: Mapping[str, str] | None = None) -> str:
    """Return a rule as a Markdown page: source, facts, requirements, standards, lines, promises, cases.

    :param titles: of other schemes by id (``RuleBook.titles``), by which those that exclude this one are called.
    :param lang: ``"zh"`` or ``"en"``; what the table itself says stays Chinese.
    """
    lines = list(_Page(scheme, lang, titles or {}).whole())
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).rstrip() + "\n"


def table_rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a Markdown table; columns in which nothing stands are left out.

    >>> list(table_rows(["a", "b", "c"], [["1", "", "2"]]))
    ['| a | c |', '| :-- | :-- |', '| 1 | 2 |']
    """
    kept = [list(row) for row in rows]
    columns = [at for at in range(len(heads)) if any(row[at] for row in kept)]
    if not columns:
        return
    for cells in (list(heads), [":--"] * len(heads), *kept):
        yield "| " + " | ".join(cells[at].replace("|", "\\|").replace("\n", " ") for at in columns) + " |"


@frozen
class _Page:
    scheme: Scheme
    lang: Lang
    titles: Mapping[str, str]

    def say(self, key: str, *parts: object) -> str:
        return heading(key, self.lang, *parts)

    def writer(self, level: str = "", origin: str = "") -> Writer:
        return Writer(self.scheme, self.lang, origin, level=level)

    def section(self, key: str, lines: Iterable[str]) -> Iterator[str]:
        """Yield a section with its heading; nothing if it has no lines."""
        body = list(lines)
        if body:
            yield from (f"## {self.say(key)}", "", *body, "")

    def whole(self) -> Iterator[str]:
        scheme = self.scheme
        yield from (f"# {scheme.title}", "")
        for notice in scheme.notices():
            yield from (f"> **{notice}**", "")
        yield from (*self.source(), "")
        yield from self.section("page-facts", self.facts())
        yield from self.section("page-checks", self.checks())
        yield from self.section("page-conditions", self.conditions())
        yield from self.section("page-tables", self.standards())
        yield from self.section("page-lines", self.lines())
        yield from self.section("page-remarks", self.remarks())
        yield from self.section("page-exclusive", self.exclusive())
        promises = (f"- {promise_words(scheme, promise, self.lang)}" for promise in scheme.promises)
        yield from self.section("page-promises", promises)
        readings = (f"- {label}{self.say('colon')}{text}" for label, text in readings_of(scheme, lines=False))
        yield from self.section("page-readings", readings)
        cases = (line for at, case in enumerate(scheme.cases, 1) for line in case_lines(scheme, at, case, self.lang))
        yield from self.section("page-cases", cases)
        yield self.say("page-source", scheme.digest)

    def source(self) -> Iterator[str]:
        scheme, document = self.scheme, self.scheme.document
        issued = document.issued
        known = word(KNOWN, document.known, self.lang)
        unknown = self.say("place-unknown")
        rows = [
            ("document", f"《{document.title}》"),
            ("number", document.number),
            ("issuer", document.issuer),
            ("issued", day(issued, self.lang) if isinstance(issued, date) else self.say("issued-unseen")),
            ("validity", validity_words(scheme.effective, self.lang)),
            ("place", unknown if scheme.place == "unknown" else scheme.place),
            ("status", word(STATUS, scheme.status, self.lang)),
            ("known", known + (f"{self.say('comma')}<{document.url}>" if document.url else "")),
            ("superseded", document.superseded_by),
            ("supersedes", scheme.supersedes),
            ("beneficiary", word(BENEFICIARIES, scheme.beneficiary, self.lang)),
            ("gate", self.gate()),
            ("no-gate", scheme.no_gate),
            ("note", document.note),
            ("note", scheme.note),
            ("id", f"`{scheme.id}`"),
        ]
        told = [(self.say(key), text) for key, text in rows if text]
        yield from table_rows((self.say("item"), self.say("content")), told)

    def gate(self) -> str:
        gate = self.scheme.gate
        return "" if gate is None else f"{gate.title}{self.say('comma')}{cited(gate.document, self.lang)}"

    # Facts

    def facts(self) -> Iterator[str]:
        heads = ("fact", "kind", "range", "level", "evidence", "clause-head", "remark")
        rows = (self.fact(fact) for fact in self.scheme.facts.values())
        yield from table_rows([self.say(key) for key in heads], rows)

    def fact(self, fact: Fact) -> list[str]:
        kind = fact.kind if self.lang == "en" else KINDS[fact.kind]
        if fact.unit:
            kind += f"（{fact.unit}）" if self.lang == "zh" else f" ({fact.unit})"
        among = bounds_words(fact, self.lang) or "、".join(fact.options.values())
        level = level_label(self.scheme, fact.level) if self.scheme.levels else ""
        return [
            fact.label,
            kind,
            among,
            level,
            fact.evidence,
            self.clause(fact.clause),
            self.say("semicolon").join(self.notes(fact)),
        ]

    def notes(self, fact: Fact) -> Iterator[str]:
        if fact.origin:
            yield self.say("of-gate")
        if fact.needed_tree is not None:
            yield self.say("needed-if", self.writer(fact.level, fact.origin).rule(fact.needed_tree))
        elif fact.has_default:
            value = written(fact.kind, fact.default, unit=fact.unit, options=fact.options, lang=self.lang, law=True)
            yield self.say("if-blank", value)
        yield from (text for text in (fact.reading, fact.note) if text)

    def clause(self, clause: str) -> str:
        return clause_text(clause, self.lang)

    # Conditions

    def checks(self) -> Iterator[str]:
        for check in self.scheme.checks.values():
            if check.tree is not None:
                rule = self.writer(check.level, check.origin).rule(check.tree)
                yield f"- {rule}{clause_words(check.clause, self.lang)}{self.say('semicolon')}" + (
                    self.say("check-otherwise", check.otherwise)
                )

    def conditions(self) -> Iterator[str]:
        ordered = sorted(self.scheme.requirements.values(), key=lambda item: not item.origin)
        for at, item in enumerate(ordered, 1):
            yield from self.condition(at, item)

    def condition(self, number: int, item: Requirement) -> Iterator[str]:
        if item.tree is None:
            return
        scheme = self.scheme
        rule = self.writer(item.level, item.origin).rule(item.tree)
        each = (
            self.say("each-of", one_by_one(level_label(scheme, item.level), self.lang))
            if item.level != scheme.tree.root
            else ""
        )
        gate = scheme.gate.document.number if item.origin and scheme.gate is not None else ""
        clause = clause_words(gate + item.clause if item.clause not in ("", "unseen") else item.clause, self.lang)
        yield f"{number}. {rule}{each}{clause}"
        yield f"   - {self.say('otherwise', item.otherwise)}"
        if item.reading:
            yield f"   - {self.say('reading')}{self.say('colon')}{item.reading}"

    # Standards

    def standards(self) -> Iterator[str]:
        scheme = self.scheme
        homes = [("", scheme), *([(scheme.gate.id, scheme.gate)] if scheme.gate is not None else [])]
        constants = [constant for _, home in homes for constant in home.constants.values()]
        heads = ("constant", "value", "clause-head", "reading")
        yield from table_rows([self.say(key) for key in heads], (self.constant(item) for item in constants))
        for origin, home in homes:
            for name in home.tables:
                yield from self.table(scheme.infos[origin, name], origin)
        used = [
            series
            for series in scheme.series.values()
            if any(f"{series.name}." in line.formula for line in scheme.lines.values())
        ]
        for series in used:
            yield from (
                "",
                f"- {self.say('series-used', series.title, day(series.complete_until, self.lang))}",
            )

    def constant(self, item: Constant) -> list[str]:
        value = written(item.kind, item.value, unit=item.unit, lang=self.lang, law=True)
        return [item.label, value, self.clause(item.clause), item.reading]

    def table(self, info: TableInfo, origin: str) -> Iterator[str]:
        """One lookup table: its inputs in boundary words, what it gives, the source's own words."""
        table = info.table
        yield from ("", f"### {table.label}{clause_words(table.clause, self.lang)}", "")
        heads = [label_of(self.scheme, symbol.name, origin) for symbol in info.inputs]
        heads += [column_words(table.gives, column, self.lang) for column in table.gives]
        heads += [self.say("printed"), self.say("clause-head"), self.say("reading")]
        yield from table_rows(heads, (self.row(info, row, origin) for row in table.rows))
        if table.holes:
            yield from ("", self.say("holes"))
        if table.reading:
            yield from ("", f"{self.say('reading')}{self.say('colon')}{table.reading}")
        yield from self.grid(info, origin)

    def row(self, info: TableInfo, row: Row, origin: str) -> list[str]:
        said = [input_words(self.scheme, symbol, row, origin, self.lang) for symbol in info.inputs]
        blank = self.say("other-rows" if row.otherwise else "any")
        cells = [text or blank for text in said] + self.given(info.table, row)
        return [*cells, row.printed, self.clause(row.clause), row.reading]

    def given(self, table: LookupTable, row: Row) -> list[str]:
        return [written(kind, row.values[name], lang=self.lang, law=True) for name, kind in table.gives.items()]

    def grid(self, info: TableInfo, origin: str) -> Iterator[str]:
        """A table of two inputs and one column once more, as a grid, if its rows fill one."""
        table = info.table
        if len(info.inputs) != 2 or len(table.gives) != 1 or any(row.otherwise for row in table.rows):
            return
        said = [
            tuple(input_words(self.scheme, symbol, row, origin, self.lang) for symbol in info.inputs)
            for row in table.rows
        ]
        down, across = ([*dict.fromkeys(pair[at] for pair in said if pair[at])] for at in (0, 1))
        cells: dict[tuple[str, str], str] = {}
        for (one, other), row in zip(said, table.rows, strict=True):
            for place in ((a, b) for a in ([one] if one else down) for b in ([other] if other else across)):
                if place in cells:
                    return
                cells[place] = self.given(table, row)[0]
        if len(down) < 2 or len(across) < 2 or len(cells) != len(down) * len(across):
            return
        corner = "＼".join(label_of(self.scheme, symbol.name, origin) for symbol in info.inputs)
        yield from ("", f"{self.say('grid')}{self.say('colon')}", "")
        yield from table_rows([corner, *across], ([a, *(cells[a, b] for b in across)] for a in down))

    # Lines and what follows them

    def lines(self) -> Iterator[str]:
        scheme = self.scheme
        for at, line in enumerate(scheme.lines.values(), 1):
            yield from self.line(at, line)
        if scheme.pays:
            yield from ("", self.say("pays", quoted(scheme.lines[scheme.pays].label)))
        if scheme.parts:
            yield from (
                "",
                self.say("parts-of", "、".join(quoted(scheme.lines[name].label) for name in scheme.parts)),
            )
        if scheme.recovers:
            yield from ("", self.say("recovers-line", quoted(scheme.lines[scheme.recovers].label)))

    def line(self, number: int, line: Line) -> Iterator[str]:
        if line.tree is None:
            return
        scheme = self.scheme
        each = (
            self.say("of-each", one_by_one(level_label(scheme, line.level), self.lang))
            if line.level != scheme.tree.root
            else ""
        )
        text = self.writer(line.level).text(line.tree)
        ending = line_rounding(line, self.lang)
        if ending:
            text += self.say("comma") + ending + clause_words(line.round.clause, self.lang)
        clause = clause_words(line.clause, self.lang)
        yield f"{number}. **{line.label}**{each}{clause}{self.say('colon')}{text}"
        if line.reading:
            yield f"   - {self.say('reading')}{self.say('colon')}{line.reading}"
        if line.may_be_negative:
            yield f"   - {self.say('negative', line.may_be_negative)}"

    def remarks(self) -> Iterator[str]:
        for item in self.scheme.remarks.values():
            if item.tree is not None:
                when = self.writer(item.level, item.origin).rule(item.tree)
                yield f"- {self.say('remark-when', when, item.says)}{clause_words(item.clause, self.lang)}"

    def exclusive(self) -> Iterator[str]:
        for item in self.scheme.exclusive:
            others = self.say("listed").join(f"{self.title(name)}`{name}`" for name in item.with_)
            per, keep = word(PER, item.per, self.lang), word(KEEP, item.keep, self.lang)
            yield f"- {self.say('exclusive', others, per, keep)}{clause_words(item.clause, self.lang)}"

    def title(self, id: str) -> str:
        known = self.titles.get(id, "")
        return f"《{known}》" if known else ""
