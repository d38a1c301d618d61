"""A scheme: one rule, read and checked, ready to determine cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from jiangbu.errors import FactsError, NotInForce
from jiangbu.rules.determination import Determination
from jiangbu.rules.door import Door, Taken
from jiangbu.rules.formula import TableInfo
from jiangbu.rules.levels import Levels
from jiangbu.rules.made import Makers
from jiangbu.rules.model import (
    Case,
    Check,
    Constant,
    Document,
    Effective,
    Exclusive,
    Fact,
    Harmless,
    Level,
    Line,
    LookupTable,
    Promise,
    Remark,
    Requirement,
)
from jiangbu.rules.notices import notices_of
from jiangbu.rules.outcome import collect, troubles
from jiangbu.rules.program import Program, compile_program
from jiangbu.rules.raw import FORMAT
from jiangbu.rules.rows import PATH, Trouble, newly_spoiled, spoil_rows
from jiangbu.rules.schedule import Step
from jiangbu.rules.schema import json_schema_of
from jiangbu.rules.series import Series
from jiangbu.rules.stored import NO_REST, Head, Rest, RowData
from jiangbu.rules.straight import One, StraightLine, compile_straight
from jiangbu.rules.tree import Name, walk
from jiangbu.rules.words.explain import Speaker


@frozen(eq=False, slots=False)
class Scheme:
    """One rule on one day. Get it from ``RuleBook.scheme``; its parts are read-only mappings in file order.

    ``on`` is the day of the event that it was asked for; a scheme asked for without a day can be read and shown,
    and refuses to determine.
    """

    id: str
    title: str
    place: str
    document: Document
    status: str
    effective: Effective
    beneficiary: str
    pays: str
    gate: Scheme | None
    gate_level: str
    no_gate: str
    supersedes: str
    parts: tuple[str, ...]
    recovers: str
    reading: str
    note: str
    facts: Mapping[str, Fact] = field(repr=False)
    constants: Mapping[str, Constant] = field(repr=False)
    tables: Mapping[str, LookupTable] = field(repr=False)
    tree: Levels = field(repr=False)
    pay_level: str
    requirements: Mapping[str, Requirement] = field(repr=False)
    checks: Mapping[str, Check] = field(repr=False)
    remarks: Mapping[str, Remark] = field(repr=False)
    lines: Mapping[str, Line] = field(repr=False)
    promises: tuple[Promise, ...] = field(repr=False)
    cases: tuple[Case, ...] = field(repr=False)
    harmless: tuple[Harmless, ...] = field(repr=False)
    exclusive: tuple[Exclusive, ...] = field(repr=False)
    series: Mapping[str, Series] = field(repr=False)
    infos: Mapping[tuple[str, str], TableInfo] = field(repr=False)
    steps: tuple[Step, ...] = field(repr=False)
    makers: Makers = field(repr=False)
    settings: Mapping[str, Any] = field(repr=False)
    source: str = field(repr=False)
    path: str
    digest: str
    data: Mapping[str, Any] = field(repr=False)
    on: date | None = None
    known_on: date | None = None
    under: str = ""

    @property
    def levels(self) -> Mapping[str, Level]:
        """The declared levels; empty where a case is one row."""
        return {} if self.tree.flat and not next(iter(self.tree.by_name.values())).label else self.tree.by_name

    @cached_property
    def program(self) -> Program:
        """The compiled integer program."""
        return compile_program(self)

    @cached_property
    def door(self) -> Door:
        return Door(self)

    @cached_property
    def straight(self) -> StraightLine | None:
        """The quick way for a case of one row; None where there are levels."""
        return compile_straight(self)

    @cached_property
    def head(self) -> Head:
        """What every determination of this scheme carries of its origin."""
        series = {item.id: item.digest for item in self.series.values()}
        if self.gate is not None:
            series |= {item.id: item.digest for item in self.gate.series.values()}
        remarks = {
            level: tuple(key for key, item in self.remarks.items() if item.level == level)
            for level in self.tree.by_name
        }
        return Head(
            FORMAT,
            self.id,
            self.place,
            self.digest,
            self.gate.id if self.gate else "",
            self.gate.digest if self.gate else "",
            series,
            self.on,
            self.known_on,
            self.under,
            self.program.layouts,
            self.pay_level,
            self.pays,
            self.parts,
            self.recovers,
            remarks,
            self,
        )

    @cached_property
    def say(self) -> Speaker:
        """What puts this scheme into words."""
        return Speaker(self)

    def notices(self) -> tuple[str, ...]:
        """Return the sentences that every output of this rule carries, such as 示例标准，不得作为拨付依据."""
        return notices_of(self)

    def json_schema(self) -> dict[str, Any]:
        """Return a JSON Schema (2020-12) of the facts that ``determine`` takes."""
        return json_schema_of(self)

    def ungated(self) -> Scheme:
        """Return this scheme with the gate's requirements taken as holding (for a table's own worked cases).

        Facts that only the gate reads are not asked for; those that the scheme's own lines read still are.
        """
        return self._ungated if self.gate is not None else self

    @cached_property
    def _ungated(self) -> Scheme:
        own = tuple(step for step in self.steps if not step.origin)
        trees = [step.node for step in own]
        trees += [fact.needed_tree for fact in self.facts.values() if fact.needed_tree is not None and not fact.origin]
        read = {node.name for tree in trees for node in walk(tree) if isinstance(node, Name)}
        keep = {name: fact for name, fact in self.facts.items() if not fact.origin or name in read}
        return evolve(
            self,
            gate=None,
            facts=keep,
            steps=own,
            requirements={key: item for key, item in self.requirements.items() if not item.origin},
            checks={key: item for key, item in self.checks.items() if not item.origin},
            remarks={key: item for key, item in self.remarks.items() if not item.origin},
        )

    def determine(self, facts: Mapping[str, Any], subject: Mapping[str, Any] | None = None) -> Determination:
        """Determine one case.

        :param facts: each fact under its name (money in yuan as Decimal, int or text), rows of finer levels as
            lists under the level's name.
        :param subject: whom it is about; carried and printed, never computed with.
        :raises FactsError: with every problem, if the facts cannot be used.
        :raises NotInForce: if the scheme was asked for without a day.
        """
        result = self._quick(facts, subject)
        if result is None:
            result = self._patient(facts, subject)
            if result.rest.problems:
                raise FactsError(result.rest.problems)
        return result

    def try_determine(self, facts: Mapping[str, Any], subject: Mapping[str, Any] | None = None) -> Determination:
        """Determine one case; facts that cannot be used give an UNREADABLE determination that says why."""
        return self._quick(facts, subject) or self._patient(facts, subject)

    @cached_property
    def _quick(self) -> One:
        """What tries a case first; raises ``NotInForce`` for a scheme without a day."""
        self._dated()
        return self.straight.one if self.straight is not None else _nothing

    def _dated(self) -> None:
        if self.on is None:
            raise NotInForce(f"{self.id} was asked for without a day: book.scheme({self.id!r}, on=date(…))")

    def _patient(self, facts: Mapping[str, Any], subject: Mapping[str, Any] | None) -> Determination:
        """Determine a case that the straight line does not take: rows below, holes, anything that is wrong."""
        taken, found = self._settled(facts)
        problems = tuple(dict.fromkeys((*taken.problems, *troubles(self, found))))
        data: RowData = collect(self, taken)
        rest = Rest(
            problems,
            data.assumed,
            data.noted,
            data.unreadable,
            data.columns,
            data.below,
            data.aside,
            data.source,
        )
        plain = rest if rest != NO_REST else NO_REST
        return Determination(self.head, data.facts, data.values, data.failed, subject, plain)

    def _settled(self, facts: Mapping[str, Any]) -> tuple[Taken, Trouble]:
        """Evaluate a case until no further row turns out unreadable.

        What makes a row unreadable may be found only after a sum has counted it; the case is then evaluated again with
        that row as unreadable from the start, so that the order of the lines does not matter.
        """
        spoiled: dict[str, Trouble] = {}
        seen: Trouble = []
        while True:
            taken = self.door.take(facts)
            spoil_rows(taken.rows, spoiled)
            found: Trouble = []
            self.program.run(found, *(taken.rows[name] for name in self.tree.by_name))
            seen += [item for item in found if item[1] == "parts"]
            new = newly_spoiled(found, spoiled)
            if not new:
                here = {row[PATH] for row, *_ in found}
                seen += [item for path, old in spoiled.items() if path not in here for item in old]
                return taken, [*found, *seen]
            spoiled |= new

    def determine_many(
        self, cases: Iterable[Mapping[str, Any] | tuple[Mapping[str, Any], Mapping[str, Any]]]
    ) -> Iterator[Determination]:
        """Determine many cases in order, lazily; each is facts, or a pair (facts, subject).

        A bad row gives an UNREADABLE determination and never stops the rest.

        :raises NotInForce: if the scheme was asked for without a day.
        """
        self._dated()
        if self.straight is not None:
            return self.straight.many(cases, self._patient)
        pairs = (case if isinstance(case, tuple) and len(case) == 2 else (case, None) for case in cases)
        return (self._patient(facts, subject) for facts, subject in pairs)


def _nothing(facts: Any, subject: Any) -> None:
    """The quick way of a scheme of several levels: there is none."""


__all__ = ["Scheme"]
