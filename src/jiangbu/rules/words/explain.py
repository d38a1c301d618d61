"""Puts a scheme and its determinations into words, for a clerk to read aloud and an auditor to check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import define, field

from jiangbu.rules.model import Line, LookupTable
from jiangbu.rules.tree import Allocate, Lookup, Marginal, Name, Node, walk
from jiangbu.rules.words.amounts import Lang
from jiangbu.rules.words.derivation import Derivation
from jiangbu.rules.words.formulas import Writer
from jiangbu.rules.words.names import quoted
from jiangbu.rules.words.telling import Telling
from jiangbu.rules.words.values import Grids, Values
from jiangbu.rules.words.zero import nil_causes

if TYPE_CHECKING:
    from jiangbu.rules.determination import Determination
    from jiangbu.rules.results import RowResult
    from jiangbu.rules.scheme import Scheme
    from jiangbu.rules.told import Refusal, Shown


@define
class Speaker:
    """What one scheme says of itself and of its determinations."""

    scheme: Scheme
    grids: Grids = field(init=False)
    _last: tuple[tuple[Any, ...], Values] | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self.grids = Grids(self.scheme)

    def values(self, row: RowResult) -> Values:
        """Return the values of the determination that a row belongs to; those of the last one are kept."""
        root = (row.above[-1] if row.above else row).data
        key = (root.facts, root.values, root.columns, root.below, root.failed)
        last = self._last
        if last is not None and all(one is other for one, other in zip(last[0], key, strict=True)):
            return last[1]
        values = Values(self.grids)
        self._last = (key, values)
        return values

    def derivation(self, row: RowResult, lang: Lang = "zh") -> Derivation:
        """Return what writes the derivation of the determination that a row belongs to."""
        return Derivation(self.scheme, self.values(row), lang)

    def formula(self, line: Line, lang: Lang = "zh") -> str:
        """Return the formula of a line in words."""
        assert line.tree is not None
        return Writer(self.scheme, lang, level=line.level).text(line.tree)

    def with_numbers(self, line: Line, row: RowResult, lang: Lang = "zh") -> str:
        """Return the formula of a line with the numbers of a row in place."""
        return self.derivation(row, lang).numbers(line, row)

    def nil(self, row: RowResult, lang: Lang = "zh") -> tuple[str, ...]:
        """Return what made a row zero, a sentence for each cause; above the paid rows, what made the first few of
        them zero."""
        return tuple(nil_causes(self.values(row), row, lang))

    # What refuses without being a requirement: a hole of a table, a share over no weight

    def _table(self, code: str) -> LookupTable | None:
        home, _, name = code.partition(".")
        gate = self.scheme.gate
        owner = gate if gate is not None and home == gate.id else self.scheme
        return owner.tables.get(name)

    def refusal(self, code: str, lang: Lang = "zh") -> str:
        """Return the sentence of a refusal that no requirement wrote."""
        table = self._table(code)
        if table is not None:
            if lang == "en":
                return f"in a hole between the rows of {quoted(table.label)}, for which the rule says nothing"
            return f"落在《{table.label}》各档之间的空档，办法未作规定"
        line = self.scheme.lines[code.partition(".")[2]]
        if lang == "en":
            return f"{quoted(line.label)} cannot be shared: every weight is 0"
        return f"{quoted(line.label)}无从分配：据以分配的数全部为零"

    def clause(self, code: str) -> str:
        """Return the clause of a refusal that no requirement wrote."""
        table = self._table(code)
        return table.clause if table is not None else self.scheme.lines[code.partition(".")[2]].clause

    def deciding(self, refusal: Refusal) -> Mapping[str, Shown]:
        """Return the facts and lines that decided a refusal, by name, as its row or one above has them."""
        row = refusal.data
        if row is None:
            return {}
        found: dict[str, Shown] = {}
        for node in self._decided_by(refusal):
            if isinstance(node, Name) and node.of != "constant":
                here = next((item for item in (row, *row.above) if item.level == node.level), None)
                if here is None:
                    continue
                if node.of == "fact":
                    found[node.name] = here.facts[node.name]
                elif node.of == "line":
                    found[node.name] = here.lines[node.name].value
                else:
                    found[node.name] = here.columns[node.name.rpartition(".")[2]]
        return found

    def _decided_by(self, refusal: Refusal) -> Iterator[Node]:
        item = refusal.requirement
        if item is not None:
            yield from walk(item.tree) if item.tree is not None else ()
            return
        home, _, name = refusal.code.partition(".")
        level = refusal.data.level if refusal.data is not None else ""
        for step in self.scheme.steps:
            if isinstance(step.node, Allocate) and step.kind == "allocate" and step.line == name:
                yield from walk(step.node.total)
            if step.level == level and (step.origin or self.scheme.id) == home:
                for node in walk(step.node):
                    if isinstance(node, Lookup | Marginal) and node.table == name:
                        yield from (part for key in node.keys for part in walk(key))

    # The whole derivation

    def explain(self, result: Determination, lang: str = "zh") -> str:
        """Return the derivation of a determination in sentences.

        :param lang: ``"zh"`` or ``"en"``; labels, clauses and what the table itself says stay Chinese.
        :raises ValueError: for another language.
        """
        if lang not in ("zh", "en"):
            raise ValueError(f'lang is "zh" or "en", not {lang!r}')
        told = Telling(self, result, result.root, "en" if lang == "en" else "zh")
        return "\n".join(told.whole()) + "\n"
