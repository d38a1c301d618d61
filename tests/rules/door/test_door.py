"""The door as a whole: what it says of very many wrong entries, and how long that takes."""

from __future__ import annotations

from datetime import date
from time import perf_counter

from jiangbu import RuleBook
from jiangbu.rules.door.taking import MOST_GUESSES


def test_thousands_of_unknown_names_are_all_named_quickly() -> None:
    """Each unknown name is a problem; the nearest known name is looked for only for the first of them."""
    scheme = RuleBook.load().scheme("example-scale-award", place="999999", on=date(2024, 12, 31))
    facts = {"revenue": 0, "best_prior_revenue": 0, "has_violation": False}
    facts |= {f"best_prior_revenue_{number}": 0 for number in range(5_000)}
    start = perf_counter()
    problems = [problem for problem in scheme.try_determine(facts).problems if problem.code == "unknown-fact"]
    assert perf_counter() - start < 5
    assert [f"best_prior_revenue_{number}" for number in range(5_000)] == [problem.path for problem in problems]
    assert MOST_GUESSES == sum("'best_prior_revenue'" in problem.remedy for problem in problems)
