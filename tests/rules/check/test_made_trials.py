"""Trials of a rule over objects: the checker cannot make an object up, so it tries those of the worked cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import jiangbu
from jiangbu.rules.check import Report, edges, report
from jiangbu.rules.check.trials import Dice, Trial, candidates, objects, random_trial, run, size, typical
from jiangbu.rules.scheme import Scheme
from toy_maker import DOCUMENTS, TABLE, TOY

ON = date(2024, 6, 1)
TWO_MORE = """
[[cases]]
source = "一"
worked = "两群：B一个月1头100元，补30元；A1两个月补180元；共210元"
expect = { paid = "210" }
[cases.facts]
quota = "1万"
day   = 2024-02-01
[[cases.facts.herd]]
herd = { number = "B", head = 1, rate = 10000, from_day = 2024-01-15, until_day = 2024-02-15 }
[[cases.facts.herd]]
herd = { number = "A1", head = 3, rate = 10000, from_day = 2024-01-15, until_day = 2024-03-20 }

[[cases]]
source  = "一"
worked  = "缺字段，不能计算"
facts   = { quota = "1万", day = 2024-02-01, herd = [{ herd = { number = "C" } }] }
outcome = "unreadable"
"""

Load = Callable[[str], jiangbu.RuleBook]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """What loads a book of one table, with the toy maker."""

    def one(table: str) -> jiangbu.RuleBook:
        (tmp_path / "toy-grazing.toml").write_text(table, encoding="utf-8")
        (tmp_path / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
        return jiangbu.RuleBook.load(tmp_path, makers=(TOY,), shipped=False)

    return one


def promised(load: Load, promise: str) -> Report:
    """Check the toy table with one promise more."""
    book = load(f"{TABLE}{TWO_MORE}\n[[promises]]\n{promise}\n")
    return report(book, book.files)


def starts(scheme: Scheme) -> list[Trial]:
    """Return the worked cases of a scheme as trials."""
    return typical(scheme, [scheme.try_determine(case.facts) for case in scheme.cases])


def test_every_trial_can_be_read(load: Load) -> None:
    """At each edge and at random a trial keeps its herds and months: nothing is unreadable, and months are refused."""
    scheme = load(TABLE + TWO_MORE).scheme("toy-grazing", on=ON)
    results = [run(scheme, trial) for trial in edges(scheme, starts(scheme))]

    assert [] == [problem for result in results for problem in result.problems]
    assert {"payable", "nil"} == {result.outcome.value for result in results}
    assert any(result.refusals for result in results)
    assert {0, 1, 2} == {len(result.rows("herd")) for result in results}


def test_objects_are_those_of_the_worked_cases(load: Load) -> None:
    """Each number once, and what cannot be read not at all."""
    scheme = load(TABLE + TWO_MORE).scheme("toy-grazing", on=ON)

    assert {"herd": ["A1", "B"]} == {level: [one.id for one in known] for level, known in objects(scheme).items()}


def test_random_trials_bear_facts_of_made_rows(load: Load) -> None:
    """A herd drawn at random has its months with it, their facts drawn too, and stands once in a case."""
    scheme = load(TABLE + TWO_MORE).scheme("toy-grazing", on=ON)
    values, dice = candidates(scheme), Dice(1)
    trials = [random_trial(scheme, values, dice) for _ in range(40)]
    herds = [[row.id for row in trial.rows["herd"]] for trial in trials]

    assert {(), ("A1",), ("B",), ("A1", "B")} == {tuple(sorted(ids)) for ids in herds}
    months = {(herd.id, month.id) for trial in trials for herd in trial.rows["herd"] for month in herd.rows["month"]}
    assert {("A1", "1"), ("A1", "2"), ("B", "1")} == months
    said = {month.cells["inspected"] for trial in trials for herd in trial.rows["herd"] for month in herd.rows["month"]}
    assert {True, False} == said


def test_a_rule_of_one_object_is_never_enumerated(load: Load) -> None:
    """Where the case is an object, its points have no end, however few facts stand beside it."""
    table = (
        f'{TABLE.partition("[levels]")[0]}[levels]\nherd = {{ object = "herd", label = "牛群" }}\n'
        '[[lines]]\nname = "paid"\nlabel = "补助"\nlevel = "herd"\nformula = "herd.head * herd.rate"\nclause = "一"\n'
        '[[promises]]\nnever_more_than = "herd.rate"\n'
    )
    case = (
        '[[cases]]\nsource = "一"\nworked = "3头，每头100元"\n'
        'facts = { herd = { number = "A1", head = 3, rate = 10000, from_day = 2024-01-15, until_day = 2024-03-20 } }\n'
        'expect = { paid = "300" }\n'
    )
    book = load(table + case)

    assert 0 == size(book.scheme("toy-grazing", on=ON))
    assert {"promise"} == {finding.code for finding in book.check() if finding.severity == "error"}


@pytest.mark.parametrize(
    "promise",
    [
        'never_more_than = "quota"',
        'never_decreases_in = "quota"',
        'never_decreases_in = "inspected"',
        'never_decreases_in = "herd"',
        'nil_when = "count(month) == 0"',
    ],
)
def test_a_kept_promise_is_tried_and_not_proved(load: Load, promise: str) -> None:
    """A promise that the rule keeps has no finding; over rows it was tried at points, not proved."""
    found = promised(load, promise)

    assert [] == [finding for finding in found.findings if finding.severity == "error"]
    (kept,) = found.schemes[0].promises
    assert (False, True) == (kept.proved, kept.points > 50)


@pytest.mark.parametrize(
    ("promise", "witness"),
    [
        ('never_more_than = "share * quota"', "inspected"),
        ('nil_when = "count(herd) == 1"', "herd: [{herd"),
        ('nil_when = "days_at_grass > 30"', "quota"),
        ('no_gain_from_splitting = ["quota"]', "quota"),
    ],
)
def test_a_broken_promise_is_found(load: Load, promise: str, witness: str) -> None:
    """A promise that the rule breaks is found broken, with herds and months in the counter-example."""
    findings = [finding for finding in promised(load, promise).findings if finding.severity == "error"]

    assert ["promise"] == [finding.code for finding in findings]
    assert witness in findings[0].witness
