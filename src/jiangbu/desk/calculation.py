"""Deciding every case of an application under one scheme, and adding up what was decided."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain

from attrs import define, field, frozen

from jiangbu.desk import words
from jiangbu.desk.case import DAY_CELL, Case
from jiangbu.desk.deciding import WITHOUT, decide_row, decide_tree, refuse_tree, spoil_tree
from jiangbu.desk.decision import ZERO, Decision, Reason
from jiangbu.desk.forest import Node, hold_days, plant
from jiangbu.desk.reader import Application
from jiangbu.desk.same import ALIKE, MOST_NAMED
from jiangbu.desk.watch import Watch, unwatched
from jiangbu.errors import NotInForce, Problem
from jiangbu.rules.book import RuleBook
from jiangbu.rules.scheme import Scheme

GROUPS = {"township": "乡镇", "fund": "资金来源", "batch": "批次"}


@frozen
class Options:
    """How the scheme is looked up: place, day of the event, day of knowledge, document named.

    ``overriding`` names what the command line said in place of the workbook.
    """

    scheme: str
    place: str | None
    on: datetime.date
    known_on: datetime.date | None = None
    under: str | None = None
    overriding: tuple[str, ...] = ()


@frozen
class Sums:
    """Rows by outcome, and the totals in yuan, of a whole application or of one group of its rows."""

    counts: Mapping[str, int]
    amount: Decimal
    paid: Decimal
    due: Decimal
    over: Decimal

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.counts.values())


@frozen
class Calculation:
    """A scheme, the options under which it was found, the application, and the decision on every row.

    ``decisions`` are those of the rows of 申报表, ``levels`` those of the rows that stand elsewhere, by level.
    """

    scheme: Scheme
    options: Options
    application: Application
    decisions: tuple[Decision, ...]
    levels: Mapping[str, tuple[Decision, ...]] = field(factory=dict)

    @property
    def everyone(self) -> Iterator[Decision]:
        """The decisions on the rows of all sheets, 申报表 first."""
        return chain(self.decisions, *self.levels.values())

    @property
    def problems(self) -> Iterator[tuple[Decision, Problem]]:
        """Every data problem of every sheet, with the decision on its row."""
        return ((decision, problem) for decision in self.everyone for problem in decision.problems)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about how the workbook was read and the money divided."""
        said = (remark for decision in self.everyone for remark in decision.remarks if remark.startswith(WITHOUT))
        return (*self.application.notes, *dict.fromkeys(said))

    @property
    def alike(self) -> Iterator[str]:
        """The rows that bear the number or name of another one, in one line: who runs the batch must see it."""
        rows = [one.case for one in self.everyone if any(text.endswith(ALIKE) for text in one.case.remarks)]
        if rows:
            listed = "、".join(f"{case.sheet}第{case.row + 1}行" for case in rows[:MOST_NAMED])
            more = " 等" if len(rows) > MOST_NAMED else ""
            yield f"{listed}{more}共 {len(rows)} 行的号码或名称与别的行相同，见各行“提示”，拨付前请核对是否重复申报"

    @property
    def sums(self) -> Sums:
        """The totals of all rows."""
        return add_up(self.decisions)

    @property
    def parts(self) -> dict[str, Decimal]:
        """The totals of the parts by treasury or payee, by label; none where the rule has no parts."""
        totals = dict.fromkeys(self.scheme.parts, ZERO)
        for decision in self.decisions:
            parts = decision.row.parts if decision.row is not None else {}
            for name, part in parts.items():
                totals[name] += part
        return {self.scheme.lines[name].label: total for name, total in totals.items()}

    def groups(self, key: str) -> dict[str, Sums]:
        """The totals by township, fund or batch, in order of appearance; none where it is not filled."""
        parts: dict[str, list[Decision]] = {}
        for decision in self.decisions:
            parts.setdefault(decision.case.subject.get(key, ""), []).append(decision)
        if set(parts) <= {""}:
            return {}
        return {name or "（未填）": add_up(rows) for name, rows in parts.items()}


def add_up(decisions: Iterable[Decision]) -> Sums:
    """Count rows by outcome and add their money."""
    rows = tuple(decisions)
    counts = {outcome: sum(row.outcome == outcome for row in rows) for outcome in words.OUTCOMES}
    paid = sum((row.case.paid or ZERO for row in rows), ZERO)
    due, over = sum((row.due for row in rows), ZERO), sum((row.over for row in rows), ZERO)
    return Sums(counts, sum((row.amount for row in rows), ZERO), paid, due, over)


def calculate(
    book: RuleBook,
    scheme: Scheme,
    options: Options,
    application: Application,
    watch: Watch = unwatched,
) -> Calculation:
    """Decide every row of every level, finer ones grouped by the rows above; ``watch`` may see the cases go by."""
    deciding = _Deciding(book, scheme, options)
    if scheme.tree.flat:
        decisions = tuple(deciding.row(case) for case in watch(application.cases, "正在计算"))
        return Calculation(scheme, options, application, decisions)
    forest = plant(scheme, application)
    found: dict[int, Decision] = {}
    for stray in forest.strays:
        found |= spoil_tree(stray)
    for root in watch(forest.roots, "正在计算"):
        found |= deciding.tree(root, forest.troubles)
    by_level = {name: tuple(found[id(node)] for node in nodes) for name, nodes in forest.grouped.items()}
    levels = {sheet.level: by_level[sheet.level] for sheet in application.levels}
    return Calculation(scheme, options, application, by_level[scheme.pay_level], levels)


@define
class _Deciding:
    """Deciding the cases of one application, each by the scheme of its own day."""

    book: RuleBook
    first: Scheme
    options: Options
    schemes: dict[datetime.date, Scheme | Reason] = field(factory=dict)

    def on(self, day: datetime.date) -> Scheme | Reason:
        """The scheme of a day, or why there is none."""
        if day not in self.schemes:
            self.schemes[day] = self.first if day == self.options.on else self._find(day)
        return self.schemes[day]

    def _find(self, day: datetime.date) -> Scheme | Reason:
        options = self.options
        known_on, under = options.known_on, options.under
        try:
            return self.book.scheme(options.scheme, place=options.place, on=day, known_on=known_on, under=under)
        except NotInForce:
            told = f"适用日期 {day} 不在办法有效期内（{words.validity(self.first.effective)}）"
            return Reason(told, "", "not-in-force")

    def row(self, case: Case) -> Decision:
        """Decide a case that is one row."""
        scheme = self.on(case.on or self.options.on)
        if case.set_aside or (isinstance(scheme, Scheme) and _version(scheme) == _version(self.first)):
            return decide_row(scheme if isinstance(scheme, Scheme) else self.first, case)
        node = Node(case, problems=list(case.problems))
        return self._unruled(node, scheme)[id(node)]

    def tree(self, root: Node, strays: Sequence[Problem]) -> dict[int, Decision]:
        """Decide a case of several rows; ``strays`` are the problems of rows that stand in no case."""
        day = root.case.on or self.options.on
        hold_days(root, day)
        scheme = self.on(day)
        if isinstance(scheme, Scheme) and _version(scheme) == _version(self.first):
            return decide_tree(scheme, root, strays)
        return self._unruled(root, scheme)

    def _unruled(self, root: Node, scheme: Scheme | Reason) -> dict[int, Decision]:
        """A case on whose day no version is in force, or another one than that of this workbook."""
        if isinstance(scheme, Reason):
            return refuse_tree(root, scheme)
        day, expected = str(root.case.on), f"与 {self.options.on} 同一版本的办法"
        root.problems.append(Problem("version", root.case.path(DAY_CELL), day, expected, "另一版本，请分表"))
        return spoil_tree(root)


def _version(scheme: Scheme) -> tuple[str, str]:
    return scheme.digest, scheme.gate.digest if scheme.gate is not None else ""


__all__ = ["GROUPS", "ZERO", "Calculation", "Decision", "Options", "Reason", "Sums", "add_up", "calculate"]
