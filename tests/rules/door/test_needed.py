"""A fact that a row does not need: read strictly all the same, then set aside, and said so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_tables import NEEDED

import jiangbu
from jiangbu import RuleBook
from jiangbu.audit import differences, second_opinion
from jiangbu.errors import JiangbuError
from jiangbu.rules.determination import Determination
from jiangbu.rules.model import Fact
from jiangbu.rules.results import RowResult
from jiangbu.rules.scheme import Scheme
from jiangbu.testing import FactMaker, book_of, table_text

DAY = date(2024, 6, 30)
WANTED = 10

TEXTS = [text for text in (table_text(Random(seed), f"random-{seed}") for seed in range(120)) if "needed_if" in text]

Spot = tuple[dict[str, Any], RowResult, str, Fact]
"""The facts of a row as given, the row as determined, its path at the door, and a fact that may not be needed."""


@pytest.fixture(scope="module")
def book() -> RuleBook:
    """Random tables in which some facts are needed only where a test holds."""
    return book_of(*TEXTS)


class Schemes(list[Scheme]):
    """Schemes by number; a falsifying example shows their ids and not their whole text."""

    def __repr__(self) -> str:
        return str([scheme.id for scheme in self])


@pytest.fixture(scope="module")
def schemes(book: RuleBook) -> Schemes:
    """Their schemes."""
    found = Schemes()
    for entry in book.entries():
        if entry.id.startswith("random-") and len(found) < WANTED:
            try:
                found.append(book.scheme(entry.id, place="999999", on=DAY))
            except JiangbuError:
                continue
    assert len(found) == WANTED
    return found


def spots(scheme: Scheme, given_: dict[str, Any], row: RowResult, path: str = "") -> Iterator[Spot]:
    """Yield every fact with a ``needed_if`` of a row and of the rows below it."""
    for fact in scheme.facts.values():
        if fact.level == row.level and fact.needed_tree is not None:
            yield given_, row, f"{path}{fact.name}", fact
    for level in scheme.tree.below(row.level):
        below = {item.id: item for item in row.rows(level) if item.above[0] is row}
        for at, inner in enumerate(given_.get(level) or ()):
            if inner.get("id") in below:
                yield from spots(scheme, inner, below[inner["id"]], f"{path}{level}[{at}].")


def unneeded(scheme: Scheme, facts: dict[str, Any]) -> list[Spot]:
    """Return the facts of a case that their rows do not need, whether given or not."""
    result = scheme.try_determine(facts)
    assume(not result.problems)
    bare = [spot for spot in spots(scheme, facts, result.root) if spot[0].get(spot[3].name) is None]
    given_ = [spot for spot in spots(scheme, facts, result.root) if spot[3].name in spot[1].assumed]
    return [*bare, *given_]


def stored(result: Determination) -> str:
    """A determination without the list of facts whose default stands."""
    return re.sub(r'"assumed":\[[^]]*\],', "", jiangbu.dumps(result))


@settings(max_examples=120)
@given(pick=st.integers(0, WANTED - 1), rng=st.randoms(use_true_random=False))
def test_a_value_that_is_not_needed_changes_nothing_but_is_told(
    book: RuleBook, schemes: Schemes, pick: int, rng: Random
) -> None:
    """With and without it every line and outcome is the same, in the second opinion too; only ``assumed`` names it."""
    scheme = schemes[pick]
    maker = FactMaker(scheme, {})
    with_ = maker.facts(rng)
    for facts, row, _, fact in unneeded(scheme, with_):
        if fact.name in row.assumed or rng.randint(0, 1):
            facts[fact.name] = maker._value(rng, fact)[1]
    without = deepcopy(with_)
    for facts, _, _, fact in unneeded(scheme, without):
        facts.pop(fact.name, None)
    one, other = scheme.try_determine(with_), scheme.try_determine(without)
    assert stored(other) == stored(one)
    told = [spot for spot in spots(scheme, with_, one.root) if spot[3].name in spot[1].assumed]
    assert all(facts[fact.name] is not None for facts, _, _, fact in told)
    assert not [spot for spot in spots(scheme, without, other.root) if spot[3].name in spot[1].assumed]
    assert (not told) or "未采用所填的内容" in one.explain()
    assert one == jiangbu.loads(jiangbu.dumps(one), book)
    assert () == differences(second_opinion(scheme, with_), one)


@settings(max_examples=120)
@given(pick=st.integers(0, WANTED - 1), rng=st.randoms(use_true_random=False))
def test_a_value_that_cannot_be_read_is_refused_though_it_is_not_needed(
    schemes: Schemes, pick: int, rng: Random
) -> None:
    """Wrong kind, out of bounds or no option: a problem at its path, alike in both ways and the second opinion."""
    scheme = schemes[pick]
    facts = FactMaker(scheme, {}).facts(rng)
    found = unneeded(scheme, facts)
    assume(found)
    given_, _, path, fact = rng.choice(found)
    given_[fact.name] = rng.choice([[1], {"value": 1}, "no_such_value"])
    result = scheme.try_determine(facts)
    assert path in [problem.path for problem in result.problems]
    assert () == differences(second_opinion(scheme, facts), result)


@pytest.fixture(scope="module")
def settlers() -> Scheme:
    """A scheme that asks for interest only on the track of loans."""
    return book_of(NEEDED).scheme("needed", place="999999", on=DAY)


@pytest.mark.parametrize(
    ("track", "interest", "value", "assumed"),
    [("loan", 5, 5, ()), ("award", 5, 0, ("interest",)), ("award", None, 0, ()), ("award", "1000", 0, ("interest",))],
)
def test_what_stands(settlers: Scheme, track: str, interest: Any, value: int, assumed: tuple[str, ...]) -> None:
    """Needed, the value counts; not needed, the default stands and a value given is listed as not used."""
    facts = {"track": track} | ({} if interest is None else {"interest": interest})
    result = settlers.determine(facts)
    assert (value, assumed) == (result.lines["award"].value, result.assumed)
    assert [result] == list(settlers.determine_many([facts]))


@pytest.mark.parametrize(("interest", "code"), [(1001, "bounds"), ("五元", "text"), (True, "kind"), (5.0, "float")])
def test_what_is_refused(settlers: Scheme, interest: Any, code: str) -> None:
    """Not needed, a value out of bounds or of another kind is a problem all the same."""
    problems = settlers.try_determine({"track": "award", "interest": interest}).problems
    assert [(code, "interest")] == [(problem.code, problem.path) for problem in problems]


def test_how_it_is_told(settlers: Scheme) -> None:
    """The explanation says of the fact that it does not apply and that what was filled in is not used."""
    told = settlers.determine({"track": "award", "interest": 5}).explain()
    assert "  利息：不适用，未采用所填的内容\n" in told
    assert "填了但不适用、未采用的数据：“利息”\n" in told
    assert "默认值" not in told
