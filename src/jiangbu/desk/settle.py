"""Settling several calculated workbooks together: who is kept, who gives way, and what is then due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from attrs import field, frozen

from jiangbu.desk.calculated import Calculated, Row, read_calculated
from jiangbu.desk.decision import ZERO
from jiangbu.desk.problems import DeskError
from jiangbu.rules.book import RuleBook
from jiangbu.stacking import Settled, Settlement, Verdict, settle


@frozen
class Line:
    """One row of sheet 择优明细: a row of a calculated workbook, and how it ends. Amounts are yuan to the fen."""

    row: Row
    settled: Settled

    @property
    def waits(self) -> bool:
        """Whether nothing can be said yet of what is due."""
        return self.settled.verdict is Verdict.PENDING

    @property
    def due(self) -> Decimal:
        """本次应付: what is paid after settlement, less what was paid before, never below zero."""
        return max(self.settled.pays - (self.row.paid or ZERO), ZERO)

    @property
    def over(self) -> Decimal:
        """多付: what was paid before beyond that, as where an award paid earlier has now given way."""
        return ZERO if self.waits else max((self.row.paid or ZERO) - self.settled.pays, ZERO)


@frozen
class Joint:
    """Several calculated workbooks, settled together; ``lines`` stand subject by subject."""

    books: tuple[Calculated, ...]
    settlement: Settlement = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def notices(self) -> tuple[str, ...]:
        """The sentences that every output of these rules carries."""
        return tuple(dict.fromkeys(notice for one in self.books for notice in one.scheme.notices()))

    @property
    def titles(self) -> Mapping[str, str]:
        """The titles of the schemes by id."""
        return {one.scheme.id: one.scheme.title for one in self.books}

    def of(self, verdict: Verdict) -> tuple[Line, ...]:
        """The lines of one verdict."""
        return tuple(line for line in self.lines if line.settled.verdict is verdict)


def settle_workbooks(sources: Sequence[Path], book: RuleBook) -> Joint:
    """Read calculated workbooks and settle them together.

    :raises DeskError: for fewer than two, for one given twice, and as ``read_calculated``.
    """
    if len(sources) < 2:
        raise DeskError(
            "择优", "只给了一份测算表", "请写明两份以上测算表，例如 jiangbu settle 甲.xlsx 乙.xlsx -o 择优明细.xlsx"
        )
    names = [source.name for source in sources]
    labels = [source.name if names.count(source.name) == 1 else str(source) for source in sources]
    books = tuple(read_calculated(source, book, label) for source, label in zip(sources, labels, strict=True))
    _refuse_twice(books)
    rows = {row.claim: row for one in books for row in one.rows}
    settlement = settle(rows)
    ends = {item.claim: item for item in settlement.items}
    lines = tuple(Line(row, ends[claim]) for claim, row in rows.items())
    return Joint(books, settlement, tuple(_by_subject(lines)))


def _refuse_twice(books: Sequence[Calculated]) -> None:
    seen: dict[str, Calculated] = {}
    for one in books:
        first = seen.setdefault(one.digest, one)
        if first is not one:
            raise DeskError(one.file, f"与 {first.file} 是同一份文件", "每份测算表只写一次")


def _by_subject(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with those of one subject together, subjects and projects in order of appearance."""
    subjects: dict[object, dict[object, list[Line]]] = {}
    for line in lines:
        claim = line.row.claim
        projects = subjects.setdefault(claim.who or claim.name or claim.source, {})
        projects.setdefault(claim.project or claim.contract, []).append(line)
    for projects in subjects.values():
        for together in projects.values():
            yield from together
