"""A determination: what a scheme says about one case, with every value kept and every sentence made when asked for.

It stores integers only. ``head`` is shared by all determinations of one scheme, so that a kept determination costs
little more than the tuple of its values.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jiangbu.errors import Problem
from jiangbu.money import fen_to_yuan, to_fen
from jiangbu.rules.made import Cell
from jiangbu.rules.results import Outcome, RowResult
from jiangbu.rules.stored import NO_REST, Head, Rest, RowData
from jiangbu.rules.told import LineResult, Refusal, Remarked, Shown, with_book

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


class Determination(tuple[Any, ...]):
    """What a scheme says about one case; immutable and comparable.

    Made by ``Scheme.determine`` and read back by ``jiangbu.loads``. It is one flat tuple (head, failed, subject, rest,
    facts, values) and no attrs class: making one is a large part of the time that a case takes, a frozen attrs object
    of six fields costs four times as much, and a batch that is kept gives the garbage collector one object a case
    to walk through instead of three.
    """

    __slots__ = ()

    def __new__(
        cls,
        head: Head,
        taken: tuple[Cell | None, ...],
        values: tuple[Cell | None, ...],
        failed: tuple[int, ...] = (),
        subject: Mapping[str, Any] | None = None,
        rest: Rest = NO_REST,
    ) -> Determination:
        return tuple.__new__(cls, (head, failed, subject, rest, *taken, *values))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.head, self.taken, self.values, self.failed, self.subject, self.rest

    def __repr__(self) -> str:
        return f"<Determination {self.head.scheme_id} {self.outcome.value} {self.amount}>"

    @property
    def head(self) -> Head:
        """Where it comes from and how it is laid out; shared by all determinations of one scheme."""
        head: Head = self[0]
        return head

    @property
    def failed(self) -> tuple[int, ...]:
        """The numbers of the failing codes of the case's own row."""
        failed: tuple[int, ...] = self[1]
        return failed

    @property
    def subject(self) -> Mapping[str, Any] | None:
        """Whom it is about, as it was given."""
        subject: Mapping[str, Any] | None = self[2]
        return subject

    @property
    def rest(self) -> Rest:
        """What most determinations have nothing of: problems, defaults, remarks, rows below."""
        rest: Rest = self[3]
        return rest

    @property
    def taken(self) -> tuple[Cell | None, ...]:
        """The facts of the case's own row as integers, flags and options."""
        return tuple(self[4 : 4 + len(self.head.layouts[self.head.root].facts)])

    @property
    def values(self) -> tuple[Cell | None, ...]:
        """The values of its lines, over the denominators of the layout."""
        return tuple(self[4 + len(self.head.layouts[self.head.root].facts) :])

    @property
    def root(self) -> RowResult:
        """The case as the topmost row."""
        rest = self.rest
        data = RowData(
            "",
            self.taken,
            self.values,
            self.failed,
            rest.columns,
            rest.below,
            rest.assumed,
            rest.noted,
            rest.unreadable,
            rest.aside,
            rest.source,
        )
        return RowResult(self.head, self.head.root, data)

    @property
    def paid_rows(self) -> tuple[RowResult, ...]:
        """The rows of the paying line's level; the case itself where it is one row."""
        return tuple(row for row in self.root.walk() if row.paid)

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many paid rows end in each way."""
        outcomes = [row.outcome for row in self.paid_rows]
        return {outcome: outcomes.count(outcome) for outcome in Outcome}

    @property
    def outcome(self) -> Outcome:
        """How the case ends. A gate, which pays nothing, ends as nil where it admits."""
        return self._end()[0]

    @property
    def amount(self) -> Decimal:
        """What may be paid, in yuan: the sum of the payable rows; 0.00 unless the case is payable."""
        return fen_to_yuan(self._end()[1])

    def _end(self) -> tuple[Outcome, int]:
        """Return how the case ends, and the fen that may be paid."""
        if self.rest.problems or self.rest.unreadable:
            return Outcome.UNREADABLE, 0
        if not self.head.pays:
            return (Outcome.REFUSED if self.failed else Outcome.NIL), 0
        rows = [(row, row.outcome) for row in self.paid_rows]
        outcomes = {outcome for _, outcome in rows}
        if Outcome.UNREADABLE in outcomes:
            return Outcome.UNREADABLE, 0
        above = self.head.pay_level != self.head.root and bool(self.failed)
        if above or outcomes == {Outcome.REFUSED}:
            return Outcome.REFUSED, 0
        total = sum(row.pay() or 0 for row, outcome in rows if outcome is Outcome.PAYABLE)
        return (Outcome.PAYABLE if total > 0 else Outcome.NIL), total

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why the facts cannot be used; empty unless unreadable."""
        return self.rest.problems

    @property
    def lines(self) -> Mapping[str, LineResult]:
        """The lines of the case's own row, in order."""
        return self.root.lines

    @property
    def facts(self) -> Mapping[str, Shown]:
        """The facts of the case's own row as taken, defaults included."""
        return self.root.facts

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Every failing requirement of the case, those of rows below included (``.row`` says whose)."""
        return tuple(refusal for row in self.root.walk() for refusal in row.own_refusals())

    @property
    def remarks(self) -> tuple[Remarked, ...]:
        return tuple(remark for row in self.root.walk() for remark in row.remarks)

    @property
    def parts(self) -> Mapping[str, Decimal]:
        """The parts of the amount summed over the payable rows, by the name of their line."""
        totals = dict.fromkeys(self.head.parts, 0)
        for row in self.paid_rows:
            for name, value in row.parts.items():
                totals[name] += to_fen(value)
        return {name: fen_to_yuan(fen) for name, fen in totals.items()}

    @property
    def recovers(self) -> Decimal | None:
        """What is to be recovered over all paid rows; None if the rule recovers nothing."""
        found = [row.recovers for row in self.paid_rows if row.recovers is not None]
        return fen_to_yuan(sum(to_fen(value) for value in found)) if self.head.recovers else None

    @property
    def assumed(self) -> tuple[str, ...]:
        """The facts, of any row, whose default stands: left blank, or given where ``needed_if`` does not ask."""
        return tuple(dict.fromkeys(name for row in self.root.walk() for name in row.assumed))

    @property
    def scheme(self) -> Scheme:
        """The scheme that it was made from; raises ``NoBook`` if it was read without tables."""
        return with_book(self.head.scheme)

    @property
    def watermarks(self) -> tuple[str, ...]:
        """The sentences that every output of this rule carries."""
        return self.scheme.notices()

    def rows(self, level: str) -> tuple[RowResult, ...]:
        """Return the rows of a level, in order of their ids; raises ``KeyError`` for a level that there is not."""
        if level == self.head.root:
            return (self.root,)
        return self.root.rows(level)

    def explain(self, lang: str = "zh") -> str:
        """Return the derivation in sentences, Chinese or English (``"en"``)."""
        return self.scheme.say.explain(self, lang)
