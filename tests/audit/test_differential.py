"""The evaluator and the second opinion, on the same random tables and facts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pairs import DAY, Tally, compare, run, schemes_of

from jiangbu.audit.second_opinion import differences, second_opinion
from jiangbu.errors import TableError
from jiangbu.rules.book import RuleBook
from jiangbu.testing import FactMaker, book_of, rule_tables

TABLES_AT_ONCE = 40
CASES = 12

# Tables on which the two once parted; what was wrong is said in CHANGELOG-like words beside each.
ONCE_APART: Sequence[tuple[int, str]] = (
    (20007489, "whole units along a count line that is kept unrounded lost the last unit"),
    (20024529, "the same, inside a rounded quotient"),
    (57, "-whole(a / b) was computed as whole(-a / b)"),
    (41, "a row of which all rows below are refused was refused though its own amount stood"),
    (601, "`x in (x,)` held for an x that has no value"),
    (758, "a progressive sum along a line began at the least value that the line can have"),
    (227, "allocate by a weight with a sum inside could not be compiled"),
    (62, "a hole behind another missing value in the same formula was not listed"),
    (95, "a holder whose share was undecided counted as decided"),
    (1444, "a share of a total that a hole leaves open counted as unreadable"),
    (1998, "an input that no row bounds was not asked whether it has a value"),
    (2925, "a divisor that its bounds fix was not asked whether it has a value"),
    (3805, "a row that a hole might refuse counted as decided"),
    (20012786, "a hole was listed though the key that no row bounds stood in a hole itself"),
    (20003283, "a lookup at a constant key, all cells of one row, was not asked whether its key has a value"),
    (5000135, "the same, inside a check: it failed though it could not be decided"),
    (20003479, "a line that lacks one value and cannot read another ended as its first term did"),
    (60000988, "a second day outside a series was lost when the case was evaluated again"),
)


def whole(tally: Tally) -> None:
    """Hold that nobody parted, and that the run was not empty."""
    assert [] == [str(item) for item in tally.found]
    assert len(tally.rejected) <= tally.tables // 50, tally.rejected
    assert tally.pairs > 0


class TestRandomPairs:
    @pytest.mark.parametrize("first", range(10_000, 10_000 + 6 * TABLES_AT_ONCE, TABLES_AT_ONCE))
    def test_the_two_agree_exactly(self, first: int) -> None:
        """Outcomes, amounts, every line, refusals at every row, remarks and problems are the same."""
        tally = run(range(first, first + TABLES_AT_ONCE), CASES)
        whole(tally)
        assert {"payable", "nil", "refused", "unreadable"} == set(tally.outcomes)

    @settings(
        max_examples=int(os.environ.get("JIANGBU_EXAMPLES", "15")),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(rule_tables(), st.randoms(use_true_random=False))
    def test_the_two_agree_on_tables_that_shrink(self, text: str, rng: Random) -> None:
        """The same, with hypothesis looking for the smallest table and facts on which they part."""
        try:
            scheme = book_of(text).scheme("random-table", place="999999", on=DAY)
        except TableError:
            return
        facts = FactMaker(scheme).facts(rng)
        assert () == differences(second_opinion(scheme, facts), scheme.try_determine(facts))

    @pytest.mark.parametrize(("seed", "why"), ONCE_APART, ids=[str(seed) for seed, _ in ONCE_APART])
    def test_where_they_once_parted(self, seed: int, why: str) -> None:
        """The tables on which the two once parted keep them together."""
        tally = Tally()
        for table, scheme in schemes_of([seed], tally):
            compare(scheme, table, range(60), tally)
        whole(tally)


class TestShippedTables:
    def test_the_two_agree_on_every_shipped_scheme(self) -> None:
        """On random facts of each shipped scheme, bad ones among them, the two agree."""
        book, tally = RuleBook.load(), Tally()
        for number, entry in enumerate(book.entries()):
            assert entry.document is not None
            starts = (entry.effective.from_, entry.document.issued, DAY)
            on = next(day for day in starts if isinstance(day, date))
            scheme = book.scheme(entry.id, place=entry.place, on=on, under=entry.document.number)
            if scheme.pays and not any(level.object for level in scheme.levels.values()):
                compare(scheme, number, range(40), tally)
        whole(tally)
