"""The second opinion: a slow, obvious interpreter of rule tables that starts again from the TOML text.

It was written from the contract of the format alone and shares no evaluation code with the evaluator, so that
an amount on which both agree has been computed twice: it imports neither `jiangbu.rules` nor `jiangbu.money`
nor `jiangbu.dates`. `differences` compares an opinion with a determination, with zero tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import define, field

from jiangbu.audit.differences import differences
from jiangbu.audit.door import Row, read_case
from jiangbu.audit.interpreter import REFUSED, UNREADABLE, Interpreter
from jiangbu.audit.opinion import Opinion, OpinionRow, Outcome
from jiangbu.audit.reading import read_rule
from jiangbu.audit.rule import Rule
from jiangbu.audit.structure import Structure, read_structure
from jiangbu.audit.words import Value

__all__ = ["Opinion", "OpinionRow", "differences", "opinion_from_toml", "opinion_of", "second_opinion"]


def second_opinion(scheme: Any, facts: object, *, gate_holds: bool = False) -> Opinion:
    """Compute a case once more from the text of the scheme's tables.

    ``scheme`` offers ``source`` (TOML text), ``gate`` (None, or an object with ``source`` and ``id``) and
    ``series`` (objects with ``sources``, by id) and ``makers`` (what brings objects and made rows). ``facts`` are as
    given at the door. ``gate_holds`` takes the gate's requirements as holding, as in a worked case that names no fact
    of the gate alone.
    Raises ``ValueError`` for a table that the interpreter cannot follow.
    """
    return opinion_from_toml(
        scheme.source,
        facts,
        gate_source=scheme.gate.source if scheme.gate is not None else None,
        gate_id=scheme.gate.id if scheme.gate is not None else None,
        series_sources={name: series.sources for name, series in scheme.series.items()},
        gate_holds=gate_holds,
        makers=scheme.makers,
    )


def opinion_from_toml(
    source: str,
    facts: object,
    *,
    gate_source: str | None = None,
    gate_id: str | None = None,
    series_sources: Mapping[str, Sequence[str]] | None = None,
    gate_holds: bool = False,
    makers: Any = None,
) -> Opinion:
    """Compute a case from the TOML text of a scheme, of its gate and of the series it reads.

    ``makers`` offer ``objects``, ``rows`` and ``sections`` by name, as a `RuleBook` is given them.
    Raises ``ValueError`` for a table that the interpreter cannot follow.
    """
    rule = read_rule(
        source,
        gate_source=gate_source,
        gate_id=gate_id,
        series_sources=series_sources,
        gate_holds=gate_holds,
        makers=makers,
    )
    return opinion_of(rule, read_structure(rule), facts)


def opinion_of(rule: Rule, structure: Structure, facts: object) -> Opinion:
    """Compute a case under a rule that has been read already."""
    interpreter = Interpreter(rule, structure)
    case = _Case(interpreter, read_case(rule, facts, interpreter.needed))
    return case.opinion()


@define(eq=False)
class _Case:
    """One case: its rows, and what they came to."""

    interpreter: Interpreter
    root: Row
    _own: dict[Row, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]] = field(factory=dict)

    @property
    def rule(self) -> Rule:
        return self.interpreter.rule

    def opinion(self) -> Opinion:
        # Lines are settled in the order of the file: to ask for the last one first could nest too deep.
        for line in self.rule.lines.values():
            for row in self._rows_of(line.formula.level):
                self.interpreter.settle(line.formula, row)
        root = self._opinion_row(self.root)
        everyone = [row for level in self.rule.levels for row in self._all_rows_of(level)]
        problems = sorted({problem for row in everyone for problem in self._codes(row)[1]})
        paid = [self._outcome_of_paid(row) for row in self._rows_of(self.rule.paid_level)]
        amount = sum((amount for _, amount in paid), Fraction(0))
        outcome = self._outcome(bool(problems), [outcome for outcome, _ in paid], amount)
        return Opinion(
            outcome=outcome,
            amount=amount if outcome == "payable" else Fraction(0),
            lines=root.lines,
            refusals=tuple(
                sorted(_under(row, code) for row in everyone if row.set_aside is None for code in self._codes(row)[0])
            ),
            problems=tuple(problems),
            remarks=tuple(sorted(self._remarks())),
            rows=root.rows,
        )

    def _rows_of(self, level: str) -> Iterator[Row]:
        if level == self.root.level:
            yield self.root
        else:
            yield from self.root.down_to(level)

    def _all_rows_of(self, level: str) -> Iterator[Row]:
        waiting = [self.root]
        while waiting:
            row = waiting.pop()
            if row.level == level:
                yield row
            waiting += [one for rows in row.below.values() for one in rows]

    def _codes(self, row: Row) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Return the codes that refuse a row of its own, and its own problems."""
        if row not in self._own:
            sources = self.interpreter.structure.sources[row.level] if row.set_aside is None else ()
            settled = [self.interpreter.settle(source, row) for source in sources]
            refusals = {code for one in settled for code in one.refusals}
            problems = {*row.problems, *(problem for one in settled for problem in one.problems)}
            self._own[row] = (tuple(sorted(refusals)), tuple(sorted(problems)))
        return self._own[row]

    def _needs_what_cannot_be_read(self, row: Row) -> bool:
        """Say whether a paid row needs what cannot be read elsewhere, to be decided or for its amount."""
        sources = self.interpreter.structure.sources
        needed = [(source, one) for one in row.upward() for source in sources[one.level]]
        if self.rule.pays is not None:
            needed.append((self.rule.lines[self.rule.pays].formula, row))
        return any(self.interpreter.settle(formula, one).unreadable for formula, one in needed)

    def _has_problems(self, row: Row) -> bool:
        return any(self._codes(one)[1] for one in row.upward())

    def _is_refused(self, row: Row) -> bool:
        return any(self._codes(one)[0] for one in row.upward())

    def _outcome_of_paid(self, row: Row) -> tuple[Outcome, Fraction]:
        if self._has_problems(row) or self._needs_what_cannot_be_read(row):
            return "unreadable", Fraction(0)
        if self._is_refused(row):
            return "refused", Fraction(0)
        amount = Fraction(0)
        if self.rule.pays is not None:
            paid = self.interpreter.settle(self.rule.lines[self.rule.pays].formula, row).value
            if not isinstance(paid, Fraction):
                raise ValueError(f"{self.rule.pays} has no amount at row {'/'.join(row.path)!r}")
            amount = paid
        if amount > 0:
            return "payable", amount
        below = [one for level in self.rule.levels for one in row.down_to(level)]
        if below and all(self._is_refused(one) for one in below):
            return "refused", Fraction(0)
        return "nil", Fraction(0)

    def _outcome(self, has_problems: bool, paid: Sequence[Outcome], amount: Fraction) -> Outcome:
        if has_problems or UNREADABLE in paid:
            return "unreadable"
        if self.rule.paid_level != self.rule.root and self._refused_above():
            return "refused"
        if paid and all(outcome == REFUSED for outcome in paid):
            return "refused"
        return "payable" if amount > 0 else "nil"

    def _refused_above(self) -> bool:
        above = self.rule.path_to(self.rule.paid_level)[:-1]
        return self._is_refused(self.root) if above else False

    def _opinion_row(self, row: Row) -> OpinionRow:
        outcome: Outcome | None = None
        amount: Fraction | None = None
        if row.level == self.rule.paid_level and row.set_aside is None:
            outcome, amount = self._outcome_of_paid(row)
        return OpinionRow(
            id=row.id,
            path="/".join(row.path),
            outcome=outcome,
            amount=amount,
            lines=self._lines(row) if row.set_aside is None else {},
            refusals=self._codes(row)[0],
            set_aside=row.set_aside,
            rows={level: tuple(map(self._opinion_row, rows)) for level, rows in row.below.items()},
        )

    def _lines(self, row: Row) -> dict[str, Value | None]:
        return {
            name: self.interpreter.settle(line.formula, row).value
            for name, line in self.rule.lines.items()
            if line.formula.level == row.level
        }

    def _remarks(self) -> Iterator[str]:
        for remark in self.rule.remarks:
            for row in self._rows_of(remark.level):
                if self.interpreter.settle(remark, row).value is True:
                    yield _under(row, remark.name)


def _under(row: Row, name: str) -> str:
    # An id that cannot be read is empty, and so may be the path of a row below the root.
    path = "/".join(row.path)
    return f"{path}: {name}" if path else name
