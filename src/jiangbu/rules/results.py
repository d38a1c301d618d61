"""A row of a determination: its values, how it ends, what may be paid for it, what refuses it, the rows below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import frozen

from jiangbu.money import fen_to_yuan
from jiangbu.rules.layout import Layout
from jiangbu.rules.stored import Head, RowData
from jiangbu.rules.told import LineResult, Refusal, Remarked, Shown, shown, with_book

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


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
class RowResult:
    """A row of a determination and what is said of it; ``above`` are the rows it stands in, nearest first."""

    head: Head
    level: str
    data: RowData
    above: tuple[RowResult, ...] = ()

    @property
    def book(self) -> Scheme:
        return with_book(self.head.scheme)

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
        """The facts whose default stands: left blank, or given a value where ``needed_if`` does not ask for one."""
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
        value = self.pay()
        if value is not None and value > 0:
            return Outcome.PAYABLE
        return Outcome.REFUSED if self._all_refused_below else Outcome.NIL

    @property
    def _all_refused_below(self) -> bool:
        below = [data for rows in self.data.below for data in rows]
        return bool(below) and all(data.failed for data in below)

    def pay(self) -> int | None:
        at = next(at for at, slot in enumerate(self.layout.lines) if slot.name == self.head.pays)
        value = self.data.values[at]
        assert value is None or isinstance(value, int)
        return value

    @property
    def amount(self) -> Decimal | None:
        """What may be paid for a paid row, in yuan; 0.00 unless payable, None off the paid level."""
        if not self.paid:
            return None
        value = self.pay() if self.outcome is Outcome.PAYABLE else 0
        return fen_to_yuan(value or 0)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What refuses this row: its own failing requirements, then those of the rows above it; where it is refused
        because every row below is, theirs."""
        found = list(self.own_refusals())
        for row in self.above:
            found += row.own_refusals()
        if not found and self.outcome is Outcome.REFUSED:
            for row in self.walk():
                found += row.own_refusals()
        return tuple(found)

    def own_refusals(self) -> Iterator[Refusal]:
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
