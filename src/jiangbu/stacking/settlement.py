"""The settlement of claims under schemes that exclude one another: what is kept, what gives way, what must wait.

A claim is kept once everything that it would have to give way to has itself given way; it gives way once something
that it must give way to is kept. What has given way excludes nothing any more. Nothing else is decided: where clauses
contradict one another, or something is not known that matters, the claims wait for a person, and nothing is paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

from attrs import frozen

from jiangbu.errors import Problem
from jiangbu.money import fen_to_yuan, to_fen
from jiangbu.rules.determination import Determination
from jiangbu.stacking.claims import Claim, Subjects, claims_of
from jiangbu.stacking.contest import Clause, Gap, Part, Yield, contest

NOTHING_PAID = Decimal("0.00")
OpenCode = Literal["missing", "unreadable", "alike", "exclusive"]


class Verdict(Enum):
    """How a claim ends: what it pays is its amount if it is kept, else nothing.

    NOTHING is a claim that has nothing to pay of itself: refused, nil, or unreadable.
    """

    KEPT = "kept"
    GIVEN_UP = "given-up"
    PENDING = "pending"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        """The word of sheet 择优明细."""
        return {"kept": "保留", "given-up": "让出", "pending": "待定", "nothing": "无金额"}[self.value]


@frozen
class Ground:
    """One reason for a verdict: the other claim, and the clause that sets the two against one another."""

    other: Claim
    clause: Clause


@frozen
class Settled:
    """One claim after settlement.

    ``grounds`` are, of a claim given up, the kept ones that it gave way to; of a pending one, those that it waits for;
    of a kept one, those that gave way to it.
    """

    claim: Claim
    verdict: Verdict
    grounds: tuple[Ground, ...] = ()

    @property
    def pays(self) -> Decimal:
        """What is paid after settlement, in yuan."""
        return self.claim.amount if self.verdict is Verdict.KEPT else NOTHING_PAID


@frozen
class Open:
    """What must be mended or decided by a person before pending claims can be settled.

    ``missing``: the claim lacks its code, project or contract number; ``unreadable``: its facts cannot be used;
    ``alike``: it bears the name of another and has no number to compare; ``exclusive``: clauses contradict one another.
    ``grounds`` are the other claims that make it matter.
    """

    code: OpenCode
    claim: Claim
    lacks: Part | None = None
    grounds: tuple[Ground, ...] = ()


@frozen
class Settlement:
    """Every claim with its verdict, in an order that does not depend on the order given, and what is left open."""

    items: tuple[Settled, ...]
    open: tuple[Open, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is left open, with what was found, what was expected and how to mend it."""
        from jiangbu.stacking.words import problem_of

        return tuple(problem_of(one, "en") for one in self.open)

    def sum(self, verdict: Verdict) -> Decimal:
        """Return the sum of the claims of one verdict, in yuan, as they were before settlement."""
        return fen_to_yuan(sum(to_fen(item.claim.amount) for item in self.items if item.verdict is verdict))

    @property
    def amount(self) -> Decimal:
        """What is paid after settlement, in yuan."""
        return self.sum(Verdict.KEPT)

    def of(self, verdict: Verdict) -> tuple[Settled, ...]:
        """Return the claims of one verdict."""
        return tuple(item for item in self.items if item.verdict is verdict)

    def explain(self, lang: str = "zh") -> str:
        """Return the settlement in sentences, Chinese or English (``"en"``)."""
        from jiangbu.stacking.words import explain

        return explain(self, lang)

    def data(self) -> dict[str, Any]:
        """Return the settlement for JSON, money and days as text."""
        from jiangbu.stacking.words import data_of

        return data_of(self)


def settle(claims: Iterable[Claim | Determination | tuple[Determination, Subjects]]) -> Settlement:
    """Settle claims under schemes that exclude one another (``[[exclusive]]``): one pays, the others give way.

    Between two claims of one project, subject or loan the clause decides: ``this`` keeps its own scheme's, ``first``
    the earlier ``on``, ``largest`` the larger (of the scheme's whole for that project, subject or loan); ties go by
    scheme id. Only what is kept excludes: where A excludes B and B excludes C, and A is kept, C is kept too. Claims
    that a missing number, an unreadable claim or contradicting clauses leave open are pending.

    :param claims: determinations, each alone or as a pair with the subjects of its paid rows by path; or claims.
    :return: the same settlement for any order of the claims.
    :raises NoBook: for a determination that was read without tables.
    """
    found = sorted((claim for item in claims for claim in _claims(item)), key=lambda claim: claim.rank)
    said = contest(found)
    ways = _ways(said.yields)
    verdicts = _verdicts(found, ways, {gap.claim for gap in said.gaps})
    items = tuple(
        Settled(claim, verdict, _grounds(found, verdicts, ways, number))
        for number, (claim, verdict) in enumerate(zip(found, verdicts, strict=True))
    )
    return Settlement(items, tuple(_open(found, verdicts, ways, said.gaps)))


def _claims(item: Claim | Determination | tuple[Determination, Subjects]) -> Iterable[Claim]:
    if isinstance(item, Claim):
        return (item,)
    if isinstance(item, Determination):
        return claims_of(item)
    result, subjects = item
    return claims_of(result, subjects)


@frozen
class _Ways:
    """What the clauses say, by the claim that gives way and by the claim that it gives way to."""

    by_loser: Mapping[int, list[Yield]]
    by_winner: Mapping[int, list[Yield]]


def _ways(yields: Iterable[Yield]) -> _Ways:
    by_loser: dict[int, list[Yield]] = {}
    by_winner: dict[int, list[Yield]] = {}
    for one in yields:
        by_loser.setdefault(one.loser, []).append(one)
        by_winner.setdefault(one.winner, []).append(one)
    return _Ways(by_loser, by_winner)


def _verdicts(claims: Sequence[Claim], ways: _Ways, lacking: set[int]) -> list[Verdict]:
    """Decide what follows, step by step, until nothing more does."""
    kept: set[int] = set()
    gone: set[int] = set()
    ready = [number for number, claim in enumerate(claims) if claim.payable and number not in lacking]
    while ready:
        number = ready.pop()
        if number in kept or number in gone or number in lacking or not claims[number].payable:
            continue
        if any(one.winner not in gone for one in ways.by_loser.get(number, ())):
            continue
        kept.add(number)
        for beaten in ways.by_winner.get(number, ()):
            if not beaten.doubt and beaten.loser not in gone:
                gone.add(beaten.loser)
                ready += [freed.loser for freed in ways.by_winner.get(beaten.loser, ())]
    return [_verdict(claim, number in kept, number in gone) for number, claim in enumerate(claims)]


def _verdict(claim: Claim, kept: bool, gone: bool) -> Verdict:
    if gone:
        # So may an unreadable claim be: it would have to give way whatever its facts turn out to say.
        return Verdict.GIVEN_UP
    if not claim.payable:
        return Verdict.NOTHING
    return Verdict.KEPT if kept else Verdict.PENDING


def _grounds(claims: Sequence[Claim], verdicts: Sequence[Verdict], ways: _Ways, number: int) -> tuple[Ground, ...]:
    """The other claims that bear on a verdict, each once for each clause."""
    verdict = verdicts[number]
    if verdict is Verdict.KEPT:
        won = [one for one in ways.by_winner.get(number, ()) if not one.doubt]
        found = [(one.loser, one.clause) for one in won if verdicts[one.loser] is Verdict.GIVEN_UP]
    elif verdict is Verdict.NOTHING:
        found = []
    else:
        wanted = {Verdict.KEPT} if verdict is Verdict.GIVEN_UP else {Verdict.PENDING, Verdict.NOTHING}
        lost = [one for one in ways.by_loser.get(number, ()) if verdicts[one.winner] in wanted]
        found = [(one.winner, one.clause) for one in lost if verdict is Verdict.PENDING or not one.doubt]
    return tuple(Ground(claims[other], clause) for other, clause in sorted(dict.fromkeys(found), key=_order))


def _order(found: tuple[int, Clause]) -> tuple[int, str, str]:
    return found[0], found[1].scheme, found[1].clause


def _open(claims: Sequence[Claim], verdicts: Sequence[Verdict], ways: _Ways, gaps: Sequence[Gap]) -> Iterator[Open]:
    """What keeps the pending claims from being settled, each once."""
    pending = {number for number, verdict in enumerate(verdicts) if verdict is Verdict.PENDING}
    lacking = {gap.claim: gap.lacks for gap in gaps if gap.claim in pending}
    yield from (Open("missing", claims[number], lacks) for number, lacks in sorted(lacking.items()))
    waiting = [
        one
        for number in sorted(pending)
        for one in ways.by_loser.get(number, ())
        if verdicts[one.winner] is not Verdict.GIVEN_UP
    ]
    for number in sorted({one.winner for one in waiting if not claims[one.winner].payable}):
        yield Open("unreadable", claims[number])
    alike = [one for one in waiting if one.doubt == "alike" and one.loser not in lacking]
    contradicted = pending - _excused(pending, ways, {*lacking, *(one.loser for one in waiting if one.doubt)})
    yield from _opposed("alike", claims, alike)
    yield from _opposed("exclusive", claims, [one for one in waiting if one.loser in contradicted])


def _opposed(code: OpenCode, claims: Sequence[Claim], yields: Iterable[Yield]) -> Iterator[Open]:
    grounds: dict[int, list[Ground]] = {}
    for one in yields:
        grounds.setdefault(one.loser, []).append(Ground(claims[one.winner], one.clause))
    yield from (Open(code, claims[number], None, tuple(found)) for number, found in grounds.items())


def _excused(pending: set[int], ways: _Ways, sources: set[int]) -> set[int]:
    """The pending claims that wait, perhaps through others, for something that is not known."""
    found: set[int] = set()
    left = sorted(sources & pending)
    while left:
        number = left.pop()
        if number not in found:
            found.add(number)
            left += [one.loser for one in ways.by_winner.get(number, ()) if one.loser in pending]
    return found
