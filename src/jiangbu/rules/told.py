"""What is said of a row beside its values: its refusals, remarks and lines, with sentences made when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import field, frozen

from jiangbu.errors import NoBook, Problem
from jiangbu.money import scaled_to_decimal
from jiangbu.rules.kinds import decimals_of
from jiangbu.rules.layout import Slot
from jiangbu.rules.made import Cell

if TYPE_CHECKING:
    from jiangbu.rules.model import Line, Remark, Requirement
    from jiangbu.rules.results import RowResult
    from jiangbu.rules.scheme import Scheme

Shown = Decimal | Fraction | bool | date | str | None


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
class Refusal:
    """One failing requirement. ``row`` is the path of ids of its row, empty at the root; ``facts`` decided it."""

    code: str
    row: str = ""
    scheme: Scheme | None = field(default=None, eq=False, repr=False)
    data: RowResult | None = field(default=None, eq=False, repr=False)

    @property
    def requirement(self) -> Requirement | None:
        """The requirement itself; None for a hole of a table or a share over no weight."""
        scheme = with_book(self.scheme)
        return next((item for item in scheme.requirements.values() if item.code == self.code), None)

    @property
    def sentence(self) -> str:
        item = self.requirement
        return item.otherwise if item else with_book(self.scheme).say.refusal(self.code)

    @property
    def clause(self) -> str:
        item = self.requirement
        return item.clause if item else with_book(self.scheme).say.clause(self.code)

    @property
    def document(self) -> str:
        """The number of the document whose clause it is: the scheme's, or its gate's."""
        scheme = with_book(self.scheme)
        gate = scheme.gate
        ours = gate is None or not self.code.startswith(f"{gate.id}.")
        return scheme.document.number if ours or gate is None else gate.document.number

    @property
    def facts(self) -> Mapping[str, Shown]:
        """The facts and lines that decided it, by name."""
        return with_book(self.scheme).say.deciding(self)


@frozen
class Remarked:
    """A remark that holds for a row."""

    name: str
    row: str = ""
    scheme: Scheme | None = field(default=None, eq=False, repr=False)

    @property
    def remark(self) -> Remark:
        return with_book(self.scheme).remarks[self.name]

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


def with_book(scheme: Scheme | None) -> Scheme:
    """Return the scheme that is at hand; raises ``NoBook`` for a determination that was read without tables."""
    if scheme is None:
        raise NoBook(
            [Problem("no-book", "$", "a determination read without tables", "a rule book", "loads(text, book)")]
        )
    return scheme
