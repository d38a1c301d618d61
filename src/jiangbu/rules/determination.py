"""A determination: what a scheme says about one case, with every value kept and every sentence made when asked for.

It stores integers only. ``head`` is shared by all determinations of one scheme, so that a kept determination costs
little more than the tuple of its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jiangbu.errors import NoBook, Problem
from jiangbu.money import fen_to_yuan, scaled_to_decimal, to_fen
from jiangbu.rules.kinds import decimals_of
from jiangbu.rules.made import Cell
from jiangbu.rules.program import Layout, Slot

if TYPE_CHECKING:
    from jiangbu.rules.model import Line, Remark, Requirement
    from jiangbu.rules.scheme import Scheme

Shown = Decimal | Fraction | bool | date | str | None


class Outcome(Enum):
    """How a case, or a paid row of it, ends."""

    PAYABLE = "payable"
    NIL = "nil"
    REFUSED = "refused"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        """The word of the calculation sheet."""
        return {"payable": "应付", "nil": "按规定为零", "refused": "不予支持", "unreadable": "数据问题"}[self.value]


@frozen
class Head:
    """What all determinations of one scheme share: where they come from, and how their tuples are laid out."""

    format: int
    scheme_id: str
    place: str
    digest: str
    gate_id: str
    gate_digest: str
    series: Mapping[str, str] = field(hash=False)
    on: date | None
    known_on: date | None
    under: str
    layouts: Mapping[str, Layout] = field(hash=False, repr=False)
    pay_level: str
    pays: str
    parts: tuple[str, ...]
    recovers: str
    remarks: Mapping[str, tuple[str, ...]] = field(hash=False, repr=False)
    scheme: Scheme | None = field(default=None, eq=False, repr=False)

    @property
    def root(self) -> str:
        return next(name for name, layout in self.layouts.items() if not layout.of)


@frozen
class RowData:
    """One row as stored: integers over the denominators of its layout, numbers of codes, rows below by level."""

    id: str
    facts: tuple[Cell | None, ...]
    values: tuple[Cell | None, ...]
    failed: tuple[int, ...] = ()
    columns: tuple[Cell | None, ...] = ()
    below: tuple[tuple[RowData, ...], ...] = ()
    assumed: tuple[str, ...] = ()
    noted: tuple[int, ...] = ()
    unreadable: bool = False
    aside: tuple[tuple[str, str, str], ...] = ()
    # Not compared: read without tables, an object stays in its JSON form. Its columns and made rows are compared.
    source: Any = field(default=None, eq=False)


@frozen
class Refusal:
    """One failing requirement. ``row`` is the path of ids of its row, empty at the root; ``facts`` decided it."""

    code: str
    row: str = ""
    scheme: Scheme | None = field(default=None, eq=False, repr=False)
    data: RowResult | None = field(default=None, eq=False, repr=False)

    @property
    def requirement(self) -> Requirement | None:
        """The requirement itself; None for a hole of a table or a share over no weight."""
        scheme = _with_book(self.scheme)
        return next((item for item in scheme.requirements.values() if item.code == self.code), None)

    @property
    def sentence(self) -> str:
        item = self.requirement
        return item.otherwise if item else _with_book(self.scheme).say.refusal(self.code)

    @property
    def clause(self) -> str:
        item = self.requirement
        return item.clause if item else _with_book(self.scheme).say.clause(self.code)

    @property
    def document(self) -> str:
        """The number of the document whose clause it is: the scheme's, or its gate's."""
        scheme = _with_book(self.scheme)
        gate = scheme.gate
        ours = gate is None or not self.code.startswith(f"{gate.id}.")
        return scheme.document.number if ours or gate is None else gate.document.number

    @property
    def facts(self) -> Mapping[str, Shown]:
        """The facts and lines that decided it, by name."""
        return _with_book(self.scheme).say.deciding(self)


@frozen
class Remarked:
    """A remark that holds for a row."""

    name: str
    row: str = ""
    scheme: Scheme | None = field(default=None, eq=False, repr=False)

    @property
    def remark(self) -> Remark:
        return _with_book(self.scheme).remarks[self.name]

    @property
    def sentence(self) -> str:
        return self.remark.says

    @property
    def clause(self) -> str:
        return self.remark.clause


@frozen
class LineResult:
    """One line of the calculation sheet for one row."""

    name: str
    value: Shown
    row: RowResult = field(eq=False, repr=False)

    @property
    def line(self) -> Line:
        return self.row.book.lines[self.name]

    @property
    def label(self) -> str:
        return self.line.label

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.row.book.say.formula(self.line)

    @property
    def with_numbers(self) -> str:
        """The formula in words with its numbers in place."""
        return self.row.book.say.with_numbers(self.line, self.row)

    @property
    def clause(self) -> str:
        return self.line.clause

    @property
    def reading(self) -> str:
        return self.line.reading


def _with_book(scheme: Scheme | None) -> Scheme:
    if scheme is None:
        raise NoBook(
            [Problem("no-book", "$", "a determination read without tables", "a rule book", "loads(text, book)")]
        )
    return scheme


def shown(slot: Slot, cell: Cell | None) -> Shown:
    """Return a stored value as users see it: Decimal for rounded money and numbers, Fraction for rates and exact
    lines, or bool, date, str; None where there is none."""
    if cell is None or isinstance(cell, bool | str):
        return cell
    if slot.kind == "date":
        return date.fromordinal(cell)
    value = Fraction(cell, slot.den)
    if slot.kind == "rate" or slot.exact:
        return value
    places = decimals_of(Fraction(1, slot.den))
    if places < 0:
        places = decimals_of(value)
        return value if places < 0 else scaled_to_decimal(int(value * 10**places), places)
    return scaled_to_decimal(int(value * 10**places), places)


@frozen
class RowResult:
    """A row of a determination and what is said of it; ``above`` are the rows it stands in, nearest first."""

    head: Head
    level: str
    data: RowData
    above: tuple[RowResult, ...] = ()

    @property
    def book(self) -> Scheme:
        return _with_book(self.head.scheme)

    @property
    def layout(self) -> Layout:
        return self.head.layouts[self.level]

    @property
    def id(self) -> str:
        return self.data.id

    @property
    def path(self) -> str:
        """The path of ids: ``O1/H2``; empty at the root."""
        return "/".join(row.id for row in (*reversed(self.above[:-1]), self)) if self.above else ""

    @property
    def facts(self) -> Mapping[str, Shown]:
        """The facts of this row as taken, defaults included."""
        return {slot.name: shown(slot, cell) for slot, cell in zip(self.layout.facts, self.data.facts, strict=True)}

    @property
    def columns(self) -> Mapping[str, Shown]:
        """The columns of a made row or an object."""
        return {slot.name: shown(slot, cell) for slot, cell in zip(self.layout.columns, self.data.columns, strict=True)}

    @property
    def lines(self) -> Mapping[str, LineResult]:
        """The lines of this row's level, in order."""
        return MappingProxyType(
            {
                slot.name: LineResult(slot.name, shown(slot, cell), self)
                for slot, cell in zip(self.layout.lines, self.data.values, strict=True)
            }
        )

    @property
    def assumed(self) -> tuple[str, ...]:
        """The facts for which the default stands."""
        return self.data.assumed

    @property
    def set_aside(self) -> tuple[tuple[str, str, str], ...]:
        """The rows below that a person set aside: level, id, reason."""
        return self.data.aside

    def rows(self, level: str) -> tuple[RowResult, ...]:
        """Return the rows of a level below this one, in order; raises ``KeyError`` for a level that there is not."""
        if level not in self.head.layouts:
            raise KeyError(level)
        return tuple(row for row in self.walk() if row.level == level and row is not self)

    def walk(self) -> Iterator[RowResult]:
        """Yield this row and all below it, parents first."""
        yield self
        for name, rows in zip(self.layout.below, self.data.below, strict=False):
            for data in rows:
                yield from RowResult(self.head, name, data, (self, *self.above)).walk()

    @property
    def refused(self) -> bool:
        """Whether a requirement of this row, or of one above it, fails."""
        return bool(self.data.failed) or any(row.data.failed for row in self.above)

    @property
    def unreadable(self) -> bool:
        return self.data.unreadable

    @property
    def paid(self) -> bool:
        return self.level == self.head.pay_level and bool(self.head.pays)

    @property
    def outcome(self) -> Outcome | None:
        """How a paid row ends; None for other rows."""
        if not self.paid:
            return None
        if self.unreadable:
            return Outcome.UNREADABLE
        if self.refused:
            return Outcome.REFUSED
        value = self._pay()
        if value is not None and value > 0:
            return Outcome.PAYABLE
        return Outcome.REFUSED if self._all_refused_below else Outcome.NIL

    @property
    def _all_refused_below(self) -> bool:
        below = [data for rows in self.data.below for data in rows]
        return bool(below) and all(data.failed for data in below)

    def _pay(self) -> int | None:
        at = next(at for at, slot in enumerate(self.layout.lines) if slot.name == self.head.pays)
        value = self.data.values[at]
        assert value is None or isinstance(value, int)
        return value

    @property
    def amount(self) -> Decimal | None:
        """What may be paid for a paid row, in yuan; 0.00 unless payable, None off the paid level."""
        if not self.paid:
            return None
        value = self._pay() if self.outcome is Outcome.PAYABLE else 0
        return fen_to_yuan(value or 0)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What refuses this row: its own failing requirements, then those of the rows above it; where it is refused
        because every row below is, theirs."""
        found = list(self._own_refusals())
        for row in self.above:
            found += row._own_refusals()
        if not found and self.outcome is Outcome.REFUSED:
            for row in self.walk():
                found += row._own_refusals()
        return tuple(found)

    def _own_refusals(self) -> Iterator[Refusal]:
        for at in sorted(self.data.failed):
            yield Refusal(self.layout.codes[at], self.path, self.head.scheme, self)

    @property
    def remarks(self) -> tuple[Remarked, ...]:
        """What is to be noticed about this row and changes nothing."""
        names = self.head.remarks[self.level]
        return tuple(Remarked(names[at], self.path, self.head.scheme) for at in self.data.noted)

    @property
    def parts(self) -> Mapping[str, Decimal]:
        """The parts of the amount, by the name of their line; all zero unless the row is payable."""
        if not self.paid:
            return {}
        payable = self.outcome is Outcome.PAYABLE
        lines = self.lines
        return {name: _money(lines[name].value) if payable else fen_to_yuan(0) for name in self.head.parts}

    @property
    def recovers(self) -> Decimal | None:
        """What is to be recovered (应收回), whatever the outcome; None if the rule recovers nothing."""
        if not self.head.recovers or self.head.recovers not in self.lines:
            return None
        value = self.lines[self.head.recovers].value
        return None if value is None else _money(value)


def _money(value: Shown) -> Decimal:
    return value if isinstance(value, Decimal) else fen_to_yuan(0)


@frozen
class Rest:
    """What most determinations of one row have nothing of."""

    problems: tuple[Problem, ...] = ()
    assumed: tuple[str, ...] = ()
    noted: tuple[int, ...] = ()
    unreadable: bool = False
    columns: tuple[Cell | None, ...] = ()
    below: tuple[tuple[RowData, ...], ...] = ()
    aside: tuple[tuple[str, str, str], ...] = ()
    source: Any = field(default=None, eq=False)


NO_REST = Rest()


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
        total = sum(row._pay() or 0 for row, outcome in rows if outcome is Outcome.PAYABLE)
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
        return tuple(refusal for row in self.root.walk() for refusal in row._own_refusals())

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
        """The facts, of any row, for which the default stands."""
        return tuple(dict.fromkeys(name for row in self.root.walk() for name in row.assumed))

    @property
    def scheme(self) -> Scheme:
        """The scheme that it was made from; raises ``NoBook`` if it was read without tables."""
        return _with_book(self.head.scheme)

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
