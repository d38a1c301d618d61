"""Contests: which claims may not be had together, by which clause, and which of two gives way.

A clause of one scheme sets every claim of that scheme against every claim of the schemes that it names, of the same
project, subject or loan. What is compared by ``largest`` is what the same project, subject or loan would have under
the whole of one scheme and under the whole of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from attrs import frozen

from jiangbu.money import to_fen
from jiangbu.rules.model import Exclusive
from jiangbu.rules.places import chain_of
from jiangbu.rules.results import Outcome
from jiangbu.stacking.claims import Claim, squeezed

Per = Literal["project", "subject", "loan"]
Part = Literal["code", "project", "contract"]
Doubt = Literal["", "unreadable", "alike"]


@frozen
class Clause:
    """One ``[[exclusive]]`` of a scheme against one of the schemes that it names."""

    scheme: str
    place: str
    title: str
    document: str
    clause: str
    per: Per
    keep: Literal["largest", "first", "this"]
    other: str

    @property
    def cited(self) -> str:
        """The clause with the document that it stands in; 条款号未见 where the source did not show it."""
        return f"{self.document}{'，条款号未见' if self.clause == 'unseen' else self.clause}"


@frozen
class Yield:
    """That ``loser`` gives way to ``winner`` if that one is kept; both are numbers of claims.

    ``doubt`` says why this is not certain: an ``unreadable`` claim, or two claims that are ``alike`` in name and
    cannot be matched by number; empty where it is.
    """

    winner: int
    loser: int
    clause: Clause
    doubt: Doubt = ""


@frozen
class Gap:
    """A claim that lacks what a clause matches it by, while there is a claim that it may have to give way to."""

    claim: int
    lacks: Part
    clause: Clause


@frozen
class Contest:
    """Everything that the clauses say of some claims."""

    yields: tuple[Yield, ...]
    gaps: tuple[Gap, ...]


def contest(claims: Sequence[Claim]) -> Contest:
    """Return what the clauses of the claims' schemes say of them; only claims that may be paid take part."""
    by_scheme: dict[tuple[str, str], list[int]] = {}
    for number, claim in enumerate(claims):
        if claim.payable or claim.outcome is Outcome.UNREADABLE:
            by_scheme.setdefault((claim.scheme, claim.place), []).append(number)
    yields: list[Yield] = []
    gaps: list[Gap] = []
    for clause, (ours, theirs) in _opposed(claims, by_scheme):
        yields += _matched(claims, clause, ours, theirs)
        yields += _suspected(claims, clause, ours, theirs)
        gaps += _gaps(claims, clause, ours, theirs)
    return Contest(tuple(dict.fromkeys(yields)), tuple(dict.fromkeys(gaps)))


def _opposed(
    claims: Sequence[Claim], by_scheme: Mapping[tuple[str, str], list[int]]
) -> Iterator[tuple[Clause, tuple[list[int], list[int]]]]:
    for (id, place), ours in by_scheme.items():
        # Versions of one scheme may stand in other documents and say other things.
        saying: dict[tuple[str, Exclusive], list[int]] = {}
        for number in ours:
            for item in dict.fromkeys(claims[number].exclusive):
                saying.setdefault((claims[number].document, item), []).append(number)
        for (_, item), said in saying.items():
            for (other, elsewhere), theirs in by_scheme.items():
                if other in item.with_ and other != id and joined(place, elsewhere):
                    yield _clause(claims[said[0]], item, other), (said, theirs)


def _clause(claim: Claim, item: Exclusive, other: str) -> Clause:
    return Clause(claim.scheme, claim.place, claim.title, claim.document, item.clause, item.per, item.keep, other)


def joined(one: str, other: str) -> bool:
    """Whether one place lies in the other; a rule of unknown place is found by its id alone.

    >>> joined("620825", "620000"), joined("620825", "460000"), joined("unknown", "620825")
    (True, False, True)
    """
    return "unknown" in (one, other) or one in chain_of(other) or other in chain_of(one)


def _key(claim: Claim, per: Per) -> tuple[object, ...] | None:
    """What a claim is matched by; None where a part of it is missing."""
    parts: tuple[object, ...] = {
        "subject": (claim.who,),
        "project": (claim.who, squeezed(claim.project)),
        "loan": (squeezed(claim.contract),),
    }[per]
    return parts if all(parts) else None


def _keyed(claims: Sequence[Claim], numbers: Iterable[int], per: Per) -> dict[tuple[object, ...], list[int]]:
    found: dict[tuple[object, ...], list[int]] = {}
    for number in numbers:
        key = _key(claims[number], per)
        if key is not None:
            found.setdefault(key, []).append(number)
    return found


def _matched(claims: Sequence[Claim], clause: Clause, ours: list[int], theirs: list[int]) -> Iterator[Yield]:
    """What gives way among claims that are known to be of one project, subject or loan."""
    others = _keyed(claims, theirs, clause.per)
    for key, mine in _keyed(claims, ours, clause.per).items():
        opposite = others.get(key, [])
        ways = _larger(claims, mine, opposite) if clause.keep == "largest" and opposite else ()
        for one in mine:
            for other in opposite:
                for first_wins in ways or (_prevails(claims[one], claims[other], clause),):
                    winner, loser = (one, other) if first_wins else (other, one)
                    sure = len(ways) < 2 and claims[winner].payable
                    yield Yield(winner, loser, clause, "" if sure else "unreadable")


def _prevails(one: Claim, other: Claim, clause: Clause) -> bool:
    """Whether the first of two claims prevails, where the amount does not matter; ties go by scheme id."""
    return clause.keep == "this" or (one.on, one.scheme) < (other.on, other.scheme)


def _larger(claims: Sequence[Claim], ours: list[int], theirs: list[int]) -> tuple[bool, ...]:
    """Whether ours come to more than theirs; both answers where an unreadable claim leaves it open."""
    sums = [sum(to_fen(claims[number].amount) for number in side) for side in (ours, theirs)]
    open_ = [any(not claims[number].payable for number in side) for side in (ours, theirs)]
    tie = claims[ours[0]].scheme < claims[theirs[0]].scheme
    larger = sums[0] > sums[1] or (sums[0] == sums[1] and tie)
    # What is not known can only add to its own side.
    return (larger,) if not open_[1 if larger else 0] else (True, False)


def _suspected(claims: Sequence[Claim], clause: Clause, ours: list[int], theirs: list[int]) -> Iterator[Yield]:
    """What may give way among claims of one name that cannot be told apart for want of a number."""
    named: dict[str, list[int]] = {}
    for number in theirs:
        if claims[number].name:
            named.setdefault(squeezed(claims[number].name), []).append(number)
    for one in ours:
        for other in named.get(squeezed(claims[one].name), ()):
            if _unclear(claims[one], claims[other], clause.per):
                both = clause.keep == "largest"
                for first_wins in (True, False) if both else (_prevails(claims[one], claims[other], clause),):
                    winner, loser = (one, other) if first_wins else (other, one)
                    yield Yield(winner, loser, clause, "alike")


def _unclear(one: Claim, other: Claim, per: Per) -> bool:
    """Whether two claims of one name may be of the same project, subject or loan, and are not known to be."""
    if per == "loan" and one.contract and other.contract:
        return False
    projects = {squeezed(one.project), squeezed(other.project)} - {""}
    if per == "project" and len(projects) > 1:
        return False
    if one.who and other.who and one.who[0] == other.who[0]:
        complete = _key(one, per) is not None and _key(other, per) is not None
        return one.who == other.who and not complete
    return True


@frozen
class _Parts:
    """The subjects, and the projects or contracts, of the claims on one side; None where there is none."""

    first: frozenset[object]
    second: frozenset[object]

    def may_match(self, who: object, what: object) -> bool:
        """Whether some claim of this side may be the one that lacks ``who`` or ``what``."""
        if who is None and what is None:
            return bool(self.first)
        if who is None:
            return what in self.second or None in self.second
        return who in self.first or None in self.first


def _what(claim: Claim, per: Per) -> str | None:
    text = claim.project if per == "project" else claim.contract if per == "loan" else ""
    return squeezed(text) or None


def _gaps(claims: Sequence[Claim], clause: Clause, ours: list[int], theirs: list[int]) -> Iterator[Gap]:
    """The claims that lack a part of their key while the other side has one that they may have to give way to.

    A loan whose number is missing is taken for one of its own subject's.
    """
    for side, other, own in ((ours, theirs, True), (theirs, ours, False)):
        if clause.keep == "this" and own:
            continue
        lacking = [number for number in side if claims[number].payable and _key(claims[number], clause.per) is None]
        if not lacking:
            continue
        parts = _Parts(
            frozenset(claims[number].who for number in other),
            frozenset(_what(claims[number], clause.per) for number in other),
        )
        earliest = min((claims[number].on, claims[number].scheme) for number in other)
        for number in lacking:
            claim = claims[number]
            early = clause.keep == "first" and (claim.on, claim.scheme) < earliest
            if not early and parts.may_match(claim.who, _what(claim, clause.per)):
                yield Gap(number, _missing(claim, clause.per), clause)


def _missing(claim: Claim, per: Per) -> Part:
    if per == "loan":
        return "contract"
    return "code" if claim.who is None else "project"
