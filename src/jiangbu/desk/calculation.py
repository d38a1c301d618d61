"""Deciding every case of an application under one scheme, and adding up what was decided."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from attrs import evolve, frozen

from jiangbu.desk import words
from jiangbu.desk.case import DAY_CELL, Case
from jiangbu.desk.problems import DeskError
from jiangbu.desk.reader import Application
from jiangbu.desk.watch import Watch, unwatched
from jiangbu.errors import NotInForce, Problem
from jiangbu.rules.book import RuleBook
from jiangbu.rules.determination import Determination, Refusal
from jiangbu.rules.scheme import Scheme

ZERO = Decimal("0.00")
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
class Reason:
    """Why a row is not paid: the sentence, its clause, the stable code, and the facts that decided."""

    sentence: str
    clause: str = ""
    code: str = ""
    facts: str = ""


@frozen
class Decision:
    """What became of one row; amounts are yuan to the fen, zero unless payable."""

    case: Case
    outcome: str
    determination: Determination | None = None
    amount: Decimal = ZERO
    reasons: tuple[Reason, ...] = ()
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether the rule gave an answer, so that what was paid before can be set against it."""
        return self.outcome in ("payable", "nil", "refused")

    @property
    def due(self) -> Decimal:
        """本次应付: the amount less what was paid before, never below zero."""
        return max(self.amount - (self.case.paid or ZERO), ZERO)

    @property
    def over(self) -> Decimal:
        """多付: what was paid before beyond the amount, where the row is decided."""
        return max((self.case.paid or ZERO) - self.amount, ZERO) if self.decided else ZERO


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
    """A scheme, the options under which it was found, the application, and the decision on every row."""

    scheme: Scheme
    options: Options
    application: Application
    decisions: tuple[Decision, ...]

    @property
    def sums(self) -> Sums:
        """The totals of all rows."""
        return add_up(self.decisions)

    @property
    def parts(self) -> dict[str, Decimal]:
        """The totals of the parts by treasury or payee, by label; none where the rule has no parts."""
        totals = dict.fromkeys(self.scheme.parts, ZERO)
        for decision in self.decisions:
            parts = decision.determination.parts if decision.determination is not None else {}
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
    """Decide every case, in the order given; ``watch`` may see the cases go by.

    Raises :class:`DeskError` for a scheme of several levels, which this desk cannot fill yet.
    """
    refuse_levels(scheme)
    schemes: dict[datetime.date, Scheme | Reason] = {}
    decisions = tuple(_decide(book, options, scheme, schemes, case) for case in watch(application.cases, "正在计算"))
    return Calculation(scheme, options, application, decisions)


def refuse_levels(scheme: Scheme) -> None:
    """Refuse a scheme whose cases have rows inside rows."""
    if len(scheme.levels) > 1:
        labels = "、".join(level.label or name for name, level in scheme.levels.items())
        remedy = "当前版本的工作簿只计算单层办法，多层办法将在下一版支持；现可用 Python 接口计算"
        raise DeskError(f"办法 {scheme.id}", f"该办法分多层计算（{labels}）", remedy)


def _decide(
    book: RuleBook,
    options: Options,
    first: Scheme,
    schemes: dict[datetime.date, Scheme | Reason],
    case: Case,
) -> Decision:
    if case.set_aside:
        return Decision(case, "set_aside", reasons=(Reason(case.set_aside),), remarks=case.remarks)
    day = case.on or options.on
    if day not in schemes:
        schemes[day] = first if day == options.on else _on(book, options, day, first)
    scheme = schemes[day]
    if isinstance(scheme, Reason) and not case.problems:
        return Decision(case, "refused", reasons=(scheme,), remarks=case.remarks)
    if isinstance(scheme, Reason):
        return Decision(case, "unreadable", remarks=case.remarks, problems=case.problems)
    if _version(scheme) != _version(first):
        expected = f"与 {options.on} 同一版本的办法"
        problem = Problem("version", case.path(DAY_CELL), day.isoformat(), expected, "另一版本，请分表")
        return Decision(case, "unreadable", remarks=case.remarks, problems=(*case.problems, problem))
    return _decided(scheme, case)


def _version(scheme: Scheme) -> tuple[str, str]:
    return scheme.digest, scheme.gate.digest if scheme.gate is not None else ""


def _on(book: RuleBook, options: Options, day: datetime.date, first: Scheme) -> Scheme | Reason:
    known_on, under = options.known_on, options.under
    try:
        return book.scheme(options.scheme, place=options.place, on=day, known_on=known_on, under=under)
    except NotInForce:
        told = f"适用日期 {day} 不在办法有效期内（{words.validity(first.effective)}）"
        return Reason(told, "", "not-in-force")


def _decided(scheme: Scheme, case: Case) -> Decision:
    result = scheme.try_determine(case.facts, subject=dict(case.subject))
    remarks = (*case.remarks, *(remark.sentence for remark in result.remarks))
    if case.problems or result.outcome.value == "unreadable":
        problems = (*case.problems, *_problems(scheme, case, result))
        return Decision(case, "unreadable", remarks=case.remarks, problems=problems)
    outcome = result.outcome.value
    reasons: tuple[Reason, ...] = ()
    if outcome == "refused":
        reasons = tuple(_reason(scheme, refusal) for refusal in result.refusals)
    elif outcome == "nil":
        line = scheme.lines[scheme.pays]
        reasons = (Reason(f"按“{line.label}”计算为零", line.clause),)
    return Decision(case, outcome, result, result.amount, reasons, remarks)


def _source(refusal: Refusal) -> str:
    """Return the clause of a refusal; that of a gate's own document with its number."""
    own = refusal.scheme is None or refusal.document == refusal.scheme.document.number
    return refusal.clause if own else f"{refusal.document}{refusal.clause}"


def _reason(scheme: Scheme, refusal: Refusal) -> Reason:
    told = [f"{_label(scheme, name)}：{words.value_text(scheme, name, value)}" for name, value in refusal.facts.items()]
    return Reason(refusal.sentence, _source(refusal), refusal.code, "；".join(told))


def _label(scheme: Scheme, name: str) -> str:
    part = scheme.facts.get(name) or scheme.lines.get(name)
    return part.label if part is not None else name


def _problems(scheme: Scheme, case: Case, result: Determination) -> Iterator[Problem]:
    """What the library finds beyond the cells' own problems, each at its cell."""
    told = {problem.path for problem in case.problems}
    for problem in result.problems:
        fact = scheme.facts.get(problem.path)
        path = case.path(problem.path)
        # Beside a cell that could not be read only what is missing is certain: a check may fail for its want.
        if path not in told and not (case.problems and problem.code != "missing"):
            yield words.kernel_problem(problem, fact, path) if fact else _between(scheme, case, problem)


def _between(scheme: Scheme, case: Case, problem: Problem) -> Problem:
    """A problem of several facts together, told at the first cell that it names, with labels for names."""
    names = re.findall(r"[a-z][a-z0-9_]*", f"{problem.path} {problem.found}")
    known = [name for name in names if name in scheme.facts]
    found = re.sub(r"[a-z][a-z0-9_]*", lambda match: _label(scheme, match.group()), problem.found)
    path = case.path(known[0] if known else problem.path)
    return words.kernel_problem(evolve(problem, found=found), None, path)
