"""Evaluator and second opinion, written apart, agree to the last digit on every worked case that ships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from attrs import evolve

import jiangbu
from jiangbu.audit.second_opinion import differences, second_opinion

# A rule whose source shows neither start nor issue day is in force on any; the day itself changes no amount.
ANY_DAY = date(2024, 6, 1)


@cache
def schemes() -> tuple[Any, ...]:
    """Return every shipped scheme, on its first day."""
    book = jiangbu.RuleBook.load()
    return tuple(
        book.scheme(entry.id, place=entry.place, on=_first_day(entry), under=entry.document.number)
        for entry in book.entries()
        if not entry.broken
    )


def _first_day(entry: Any) -> date:
    days = (entry.effective.from_, entry.document.issued)
    return next((day for day in days if isinstance(day, date)), ANY_DAY)


def cases() -> Iterator[Any]:
    """Yield every worked case with its scheme, and whether it runs with the gate taken as holding."""
    for scheme in schemes():
        own = _facts_read_by(scheme)
        for number, case in enumerate(scheme.cases, 1):
            gate_holds = scheme.gate is not None and _names(case.facts).isdisjoint(own)
            yield pytest.param(scheme, case, gate_holds, id=f"{scheme.id}-{number}")


def _facts_read_by(scheme: Any) -> set[str]:
    """Return the names of the facts that the gate alone declares."""
    return {name for name, fact in scheme.facts.items() if fact.origin}


def _names(facts: object) -> set[str]:
    if isinstance(facts, Mapping):
        return set(facts) | {name for value in facts.values() for name in _names(value)}
    if isinstance(facts, list | tuple):
        return {name for value in facts for name in _names(value)}
    return set()


@pytest.mark.parametrize(("scheme", "case", "gate_holds"), list(cases()))
def test_the_second_opinion_agrees_on_every_shipped_case(scheme: Any, case: Any, gate_holds: bool) -> None:
    """Outcome, amount, every line of every row, every refusal and problem: the same, exactly."""
    determination = (scheme.ungated() if gate_holds else scheme).try_determine(case.facts)
    opinion = second_opinion(scheme, case.facts, gate_holds=gate_holds)

    assert differences(opinion, determination) == ()


def test_shipped_cases_end_in_every_way() -> None:
    """The comparison is not idle: payable, nil, refused and unreadable cases are among them."""
    outcomes = {second_opinion(scheme, case.facts).outcome for scheme in schemes() for case in scheme.cases}

    assert outcomes == {"payable", "nil", "refused", "unreadable"}


def test_a_fault_of_one_yuan_is_told() -> None:
    """The comparison can fail: one yuan more in an opinion is a difference."""
    scheme = next(scheme for scheme in schemes() if scheme.id == "example-scale-award")
    case = scheme.cases[0]
    determination = scheme.ungated().try_determine(case.facts)
    opinion = second_opinion(scheme, case.facts, gate_holds=True)

    assert differences(evolve(opinion, amount=opinion.amount + 1), determination) != ()
