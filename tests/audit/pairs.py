"""Random tables with random facts, decided by the evaluator and by the second opinion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from attrs import define, field, frozen

from jiangbu.audit.reading import read_rule
from jiangbu.audit.second_opinion import Opinion, differences, opinion_of
from jiangbu.audit.structure import read_structure
from jiangbu.errors import TableError
from jiangbu.rules.scheme import Scheme
from jiangbu.testing import FactMaker, Planted, book_of, plant, table_text

DAY = date(2024, 6, 30)
BAD_ONE_IN = 6


@frozen
class Disagreement:
    """A pair on which the two part: the seeds that make it again, and what they say."""

    table: int
    case: int
    said: tuple[str, ...]

    def __str__(self) -> str:
        return f"table {self.table}, case {self.case}: " + "; ".join(self.said[:3])


@define
class Tally:
    """What a run has seen."""

    tables: int = 0
    pairs: int = 0
    rejected: list[str] = field(factory=list)
    outcomes: Counter[str] = field(factory=Counter)
    found: list[Disagreement] = field(factory=list)


def schemes_of(seeds: Sequence[int], tally: Tally) -> Iterator[tuple[int, Scheme]]:
    """Yield the scheme of each seed; a table that the reader refuses is noted with its findings."""
    book = book_of(*(table_text(Random(seed), f"random-{seed}") for seed in seeds))
    for seed in seeds:
        try:
            scheme = book.scheme(f"random-{seed}", place="999999", on=DAY)
        except TableError as error:
            tally.rejected.append(f"table {seed}: {error.findings[0]}")
        else:
            tally.tables += 1
            yield seed, scheme


def facts_of_pair(maker: FactMaker, table: int, case: int) -> tuple[dict[str, Any], tuple[Planted, ...]]:
    """Return the facts of a pair, every sixth of them bad, with the faults that were planted."""
    rng = Random(table * 1_000_003 + case)
    facts = maker.facts(rng)
    return facts, plant(rng, maker, facts) if case % BAD_ONE_IN == BAD_ONE_IN - 1 else ()


def reader_of(scheme: Scheme) -> Any:
    """Return what gives the second opinion on facts of a scheme; its table is read once."""
    rule = read_rule(
        scheme.source,
        gate_source=scheme.gate.source if scheme.gate else None,
        gate_id=scheme.gate.id if scheme.gate else None,
        series_sources={name: series.sources for name, series in scheme.series.items()},
    )
    structure = read_structure(rule)

    def opinion(facts: Mapping[str, Any]) -> Opinion:
        return opinion_of(rule, structure, facts)

    return opinion


def compare(scheme: Scheme, table: int, cases: range, tally: Tally) -> None:
    """Decide cases of one table twice, and note where the two part."""
    maker, opinion = FactMaker(scheme), reader_of(scheme)
    for case in cases:
        facts, planted = facts_of_pair(maker, table, case)
        result = scheme.try_determine(facts)
        said = list(differences(opinion(facts), result))
        problems = {(problem.code, problem.path) for problem in result.problems}
        said += [f"planted {fault}, not found" for fault in planted if (fault.code, fault.path) not in problems]
        tally.pairs += 1
        tally.outcomes[result.outcome.value] += 1
        if said:
            tally.found.append(Disagreement(table, case, tuple(said)))


def run(seeds: Sequence[int], cases: int) -> Tally:
    """Decide ``cases`` cases of the table of each seed twice."""
    tally = Tally()
    for seed, scheme in schemes_of(seeds, tally):
        compare(scheme, seed, range(cases), tally)
    return tally
