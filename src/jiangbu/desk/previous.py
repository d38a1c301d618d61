"""What an earlier calculated workbook has paid, filled into 已付金额 of the subjects that apply again.

Paid is what stands there as 已付金额 and 本次应付 together: the larger of what was decided and what had been paid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from attrs import evolve, field, frozen

from jiangbu.desk.calculation import Calculation
from jiangbu.desk.case import PAID_CELL, Case
from jiangbu.desk.cells import plain
from jiangbu.desk.decision import ZERO, Decision
from jiangbu.desk.heads import Column, Heads
from jiangbu.desk.problems import DeskError
from jiangbu.desk.reader import Application
from jiangbu.desk.recompute import hold, recompute, reopen
from jiangbu.desk.said import ROWS_SHEET
from jiangbu.errors import Problem
from jiangbu.rules.book import RuleBook
from jiangbu.rules.scheme import Scheme

FROM_PREVIOUS = "已付金额取自上批测算表"
MOST_NAMED = 3


@frozen
class Earlier:
    """One row of the earlier workbook under which something was paid: its place (from 1), the decision, the total."""

    row: int
    decision: Decision

    @property
    def case(self) -> Case:
        """Whom it concerned."""
        return self.decision.case

    @property
    def total(self) -> Decimal:
        """What had been paid in all once that workbook was paid, in yuan."""
        return (self.case.paid or ZERO) + self.decision.due


@frozen
class Previous:
    """An earlier calculated workbook: its file, the SHA-256 of it, and the rows under which something was paid."""

    file: str
    digest: str
    rows: tuple[Earlier, ...]
    _by_who: Mapping[str, Sequence[Earlier]] = field(init=False, repr=False)
    _by_name: Mapping[str, Sequence[Earlier]] = field(init=False, repr=False)

    @_by_who.default
    def _index_numbers(self) -> Mapping[str, Sequence[Earlier]]:
        return _index(self.rows, lambda one: _who(one.case))

    @_by_name.default
    def _index_names(self) -> Mapping[str, Sequence[Earlier]]:
        return _index(self.rows, lambda one: _name(one.case))

    def of(self, case: Case, alone: bool) -> Sequence[Earlier]:
        """The rows that may be an earlier payment to the subject of a case: one, none, or several to choose from.

        By code or identity number, by name and project where there is none. ``alone`` says that the subject has no
        other row now; then its one earlier row is meant, whatever the project is called.
        """
        who = _who(case)
        rows = self._by_who.get(who, ()) if who else self._by_name.get(_name(case), ())
        same = [one for one in rows if _project(one.case) == _project(case) and one.case.id == case.id]
        same = same or [one for one in rows if _project(one.case) == _project(case)]
        if same or not who:
            return same
        return rows if len(rows) > 1 or alone else ()

    def namesakes(self, case: Case) -> Sequence[Earlier]:
        """The rows of the same name under another number."""
        return [one for one in self._by_name.get(_name(case), ()) if _who(one.case) != _who(case)]


def read_previous(path: Path, book: RuleBook, scheme: Scheme) -> Previous:
    """What an earlier calculated workbook of the same rule has paid; it is computed anew and must hold first.

    :raises DeskError: where it is of another rule, cannot be read back, or was changed since it was calculated.
    """
    back = reopen(path, book)
    before = back.scheme
    if (before.id, before.place) != (scheme.id, scheme.place):
        found = f"上批测算表是“{before.title}”（{before.id}）的，本次是“{scheme.title}”（{scheme.id}）"
        raise DeskError(path.name, found, "请用同一办法的上批测算表")
    ours = recompute(back, book)
    hold(ours)
    rows = (Earlier(number, one) for number, one in enumerate(ours.calculation.decisions, 1))
    digest = back.sheets[ROWS_SHEET].digest
    return Previous(path.name, digest, tuple(one for one in rows if one.total > 0))


def with_paid(application: Application, previous: Previous) -> Application:
    """The application with 已付金额 filled in, a note on every subject that does not agree.

    A 已付金额 of the application itself stands. A row to which several earlier payments may belong is a data problem:
    nothing goes out twice for want of a number.
    """
    counts: dict[str, int] = {}
    for case in application.cases:
        counts[_who(case)] = counts.get(_who(case), 0) + 1
    notes: list[str] = []
    cases = []
    for case in application.cases:
        found = previous.of(case, counts[_who(case)] == 1)
        filled, told = _filled(case, found, previous)
        notes += told
        cases.append(filled)
    taken = [case for case, before in zip(cases, application.cases, strict=True) if case.paid != before.paid]
    said = f"{FROM_PREVIOUS}“{previous.file}”（SHA-256 {previous.digest}）：{len(taken)} 行，为该表已付金额加本次应付"
    notes = [*application.notes, said, *notes, *_twice(application, previous)]
    return evolve(application, heads=with_paid_column(application.heads), cases=tuple(cases), notes=tuple(notes))


def with_paid_column(heads: Heads) -> Heads:
    """The heads of an application with a column 已付金额."""
    if any(column.name == "paid" for column in heads.of("subject")):
        return heads
    last = max((column.index for column in heads.columns), default=-1)
    return evolve(heads, columns=(*heads.columns, Column(last + 1, "已付金额", "subject", "paid")))


def _filled(case: Case, found: Sequence[Earlier], previous: Previous) -> tuple[Case, list[str]]:
    where = f"{case.sheet}第{case.row + 1}行{_called(case)}"
    if not found:
        other = previous.namesakes(case)
        numbers = "、".join(_who(one.case) or "空白" for one in other[:MOST_NAMED])
        told = f"{where} 在上批测算表中证件号码是 {numbers}，没有填已付金额，请核对是否同一主体"
        return case, [told] if other else []
    if len(found) > 1:
        if case.paid is not None:
            return case, []
        amounts = "、".join(f"{one.total:,.2f}" for one in found[:MOST_NAMED])
        problem = Problem(
            "previous",
            case.path(PAID_CELL),
            f"上批测算表中该主体有 {len(found)} 行（{amounts} 元）",
            "与上批逐行对得上的已付金额",
            "请在“已付金额”列填写本行以前已付的金额，没有的填 0",
        )
        return evolve(case, problems=(*case.problems, problem)), []
    (one,) = found
    notes = []
    if _name(one.case) != _name(case):
        notes.append(f"{where} 在上批测算表中名称是“{one.case.subject.get('name', '')}”，请核对")
    if _project(one.case) != _project(case):
        notes.append(f"{where} 在上批测算表中项目是“{one.case.subject.get('project', '')}”，请核对")
    if case.paid is not None:
        if case.paid != one.total:
            told = f"已付金额填的是 {case.paid:,.2f} 元，上批测算表已付 {one.total:,.2f} 元，按申报表所填计算"
            notes.append(f"{where} {told}")
            case = evolve(case, remarks=(*case.remarks, f"{told}，拨付前须核对"))
        return case, notes
    return evolve(case, paid=one.total), notes


def with_amount_notes(calculation: Calculation, previous: Previous) -> Calculation:
    """The calculation with a note on every subject that was decided otherwise before."""
    counts: dict[str, int] = {}
    for one in calculation.decisions:
        counts[_who(one.case)] = counts.get(_who(one.case), 0) + 1
    application = calculation.application
    notes = (*application.notes, *_amounts(calculation.decisions, counts, previous))
    return evolve(calculation, application=evolve(application, notes=notes))


def _amounts(decisions: Sequence[Decision], counts: Mapping[str, int], previous: Previous) -> Iterator[str]:
    for one in decisions:
        found = previous.of(one.case, counts[_who(one.case)] == 1)
        if len(found) == 1 and one.decided and found[0].decision.amount != one.amount:
            where = f"{one.case.sheet}第{one.case.row + 1}行{_called(one.case)}"
            yield f"{where} 上批核定 {found[0].decision.amount:,.2f} 元，本次核定 {one.amount:,.2f} 元"


def _twice(application: Application, previous: Previous) -> Iterator[str]:
    """An earlier payment that several rows of one subject claim to have had."""
    rows: dict[int, list[Case]] = {}
    for case in application.cases:
        for one in previous.of(case, False):
            rows.setdefault(one.row, []).append(case)
    for cases in rows.values():
        if len(cases) > 1:
            places = "、".join(str(case.row + 1) for case in cases[:MOST_NAMED])
            yield f"{cases[0].sheet}第 {places} 行对应上批测算表的同一行，已付金额各填了一次，请核对"


def _index(rows: Sequence[Earlier], key: Callable[[Earlier], str]) -> Mapping[str, Sequence[Earlier]]:
    found: dict[str, list[Earlier]] = {}
    for one in rows:
        text = key(one)
        if text:
            found.setdefault(text, []).append(one)
    return found


def _who(case: Case) -> str:
    return plain(case.subject.get("code") or case.subject.get("identity") or "").upper()


def _name(case: Case) -> str:
    return plain(case.subject.get("name", ""))


def _project(case: Case) -> str:
    return plain(case.subject.get("project", ""))


def _called(case: Case) -> str:
    name = case.subject.get("name", "")
    return f"“{name}”" if name else ""
