"""The derivation in sentences: golden texts, and what must stand in every text.

``python tests/rules/words/test_explain.py --write`` writes the golden texts anew; read them aloud before keeping them.
"""

from __future__ import annotations

import re
import sys
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told_cases import CASES, SCALE, Told
from told_tables import on_some_day, random_facts, wide_book

from jiangbu import Determination, Outcome, RuleBook, Scheme
from jiangbu.money import capital, to_fen
from jiangbu.rules.tree import Lookup
from jiangbu.rules.words.amounts import money_result
from jiangbu.rules.words.derivation import stored
from jiangbu.rules.words.headings import clause_words
from jiangbu.rules.words.names import tier_words
from jiangbu.rules.words.values import Stop
from jiangbu.rules.words.zero import why_zero

GOLDENS = Path(__file__).parent / "goldens"
BOOK = RuleBook.load()
SHIPPED = {entry.id: on_some_day(BOOK, entry.id, entry.place) for entry in BOOK.entries()}


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    """The table that uses the whole language."""
    return on_some_day(wide_book(tmp_path_factory.mktemp("tables")), "wide", "999999")


def explained(case: Told) -> str:
    """The explanation of a golden case."""
    number = SHIPPED[case.scheme].document.number
    scheme = BOOK.scheme(case.scheme, place=SHIPPED[case.scheme].place, on=case.on, under=number)
    return scheme.try_determine(case.facts, case.subject).explain(case.lang)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_golden(case: Told) -> None:
    """The text is the one that was read aloud and kept, to the character."""
    assert (GOLDENS / f"{case.name}.txt").read_text(encoding="utf-8") == explained(case)


def test_every_golden_has_its_case() -> None:
    """No golden text is left behind by a case that is gone."""
    assert {f"{case.name}.txt" for case in CASES} == {path.name for path in GOLDENS.glob("*.txt")}


def holds_what_it_must(result: Determination, text: str) -> None:
    """Hold that a text has every notice, reason, clause, value and tier of a determination."""
    scheme = result.scheme
    assert [notice for notice in scheme.notices() if f"【{notice}】" not in text] == []
    for refusal in result.refusals:
        assert refusal.sentence in text
        assert refusal.clause in ("", "unseen") or refusal.clause in text
    if result.outcome is Outcome.PAYABLE:
        assert money_result(Fraction(result.amount)) in text
        assert capital(to_fen(result.amount)) in text
    for row in result.root.walk():
        for line in scheme.lines.values():
            if line.level == row.level:
                assert line.label in text
                assert clause_words(line.clause) in text
                value = stored(line, row)
                if value is not None:
                    derive = scheme.say.derivation(row)
                    forms = (derive.shown(line, value), derive.shown(line, value, final=True))
                    assert any(form in text for form in forms)
                for tier in tiers(scheme, row, line.tree):
                    assert tier in text


def tiers(scheme: Scheme, row, tree) -> list[str]:  # type: ignore[no-untyped-def]
    """The printed words of the rows that a line hits at its outermost lookups."""
    values = scheme.say.values(row)
    found = []
    if isinstance(tree, Lookup):
        try:
            hit = values.hit(tree, row)
        except Stop:
            return []
        found.append(tier_words(scheme, scheme.infos["", tree.table], hit))
    return found


@pytest.mark.parametrize("id", SHIPPED)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=6, deadline=None)
def test_shipped_schemes_are_told_whole(id: str, seed: int) -> None:
    """Random facts of every shipped scheme are told in full, in both languages."""
    scheme = SHIPPED[id]
    result = scheme.try_determine(random_facts(scheme, Random(seed)))
    text = result.explain()
    result.explain("en")
    if not result.problems:
        holds_what_it_must(result, text)


@pytest.mark.parametrize("id", SHIPPED)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=6, deadline=None)
def test_broken_facts_are_told(id: str, seed: int) -> None:
    """Facts with faults are told too: every problem is numbered, and nothing is called payable."""
    scheme = SHIPPED[id]
    result = scheme.try_determine(random_facts(scheme, Random(seed), broken=True))
    text = result.explain()
    result.explain("en")
    if result.problems:
        assert f"数据问题，共{len(result.problems)}项" in text
        assert f"  {len(result.problems)}. " in text


@given(seed=st.integers(0, 2**32), broken=st.booleans())
@settings(max_examples=25, deadline=None)
def test_the_whole_language_is_told(wide: Scheme, seed: int, broken: bool) -> None:
    """So is every part of the formula language, over three levels."""
    result = wide.try_determine(random_facts(wide, Random(seed), broken=broken))
    text = result.explain()
    result.explain("en")
    if not result.problems:
        holds_what_it_must(result, text)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_no_sentence_has_a_hole(wide: Scheme, seed: int) -> None:
    """No text shows Python: no braces, None, True, Fraction, names of the table in place of labels."""
    text = wide.try_determine(random_facts(wide, Random(seed))).explain()
    assert re.findall(r"[{}]|None|True|False|Fraction|Decimal|\b[a-z]+_[a-z_]+\b", text) == []


def test_refusals_say_what_decided_them() -> None:
    """A refusal carries the facts and lines that its requirement names, as users see them."""
    scheme = SHIPPED["example-scale-award"]
    result = scheme.determine({**SCALE, "has_violation": True, "agreements_in_force": 0})
    assert [(item.code, dict(item.facts)) for item in result.refusals] == [
        ("example-admission.has_mechanism", {"agreements_in_force": 0}),
        ("example-scale-award.clean_record", {"has_violation": True}),
    ]


def test_a_hole_is_a_sentence_with_its_clause(wide: Scheme) -> None:
    """A case between two rows is refused in words, with the table's clause and the input that fell through."""
    project = {
        "id": "P", "cost": "55万", "began_on": "2024-01-01", "ended_on": "2024-12-31", "grade": "none", "household": []
    }  # fmt: skip
    result = wide.determine({"pot": 0, "places": 0, "project": [project]})
    hole = next(item for item in result.refusals if item.code == "wide.tier")
    assert ("落在《投资档次》各档之间的空档，办法未作规定", "第三条") == (hole.sentence, hole.clause)
    assert {"cost": 550000} == dict(hole.facts)


def test_a_share_over_no_weight_is_a_sentence(wide: Scheme) -> None:
    """A total that nobody may share says so, with the clause of its line."""
    result = wide.determine({"pot": 0, "places": 3, "project": []})
    assert [("wide.seats", "“户名额”无从分配：据以分配的数全部为零", "第十条")] == [
        (item.code, item.sentence, item.clause) for item in result.refusals
    ]


@pytest.mark.parametrize("id", SHIPPED)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_nil_always_has_a_cause(id: str, seed: int) -> None:
    """Of every paid row that is nil by rule the line that made it zero is named, and that line is zero."""
    scheme = SHIPPED[id]
    result = scheme.try_determine(random_facts(scheme, Random(seed)))
    for row in result.paid_rows:
        if row.outcome is Outcome.NIL:
            causes = why_zero(scheme.say.values(row), scheme.lines[scheme.pays], row)
            assert causes != ()
            assert {stored(cause.line, cause.row) for cause in causes} == {Fraction(0)}


def test_other_languages_are_refused() -> None:
    """Only Chinese and English are spoken."""
    result = SHIPPED["example-scale-award"].determine(SCALE)
    with pytest.raises(ValueError, match="zh"):
        result.explain("fr")


def test_a_line_speaks_for_itself() -> None:
    """A line of a result has its formula in words and with its numbers, clause and reading."""
    line = SHIPPED["example-short-loan-interest"].determine(CASES[8].facts).lines["counted_principal"]
    assert "取“贷款本金”与“计息本金上限”（300万元）中的较小者" == line.formula
    assert "取2,000,000元与3,000,000元中的较小者" == line.with_numbers


def test_many_rows_are_told_in_good_time() -> None:
    """A case of 2,000 households is told row by row, each share computed once."""
    scheme = SHIPPED["example-linkage-award"]
    rows = [{"id": f"H{at:04}", "household_kind": "poor", "received": 5000} for at in range(2000)]
    facts = {**{key: value for key, value in CASES[5].facts.items() if key != "household"}, "household": rows}
    text = scheme.determine(facts).explain()
    assert 2000 == text.count("【农户 H")


def write() -> None:
    """Write every golden text anew."""
    GOLDENS.mkdir(exist_ok=True)
    for path in GOLDENS.glob("*.txt"):
        path.unlink()
    for case in CASES:
        (GOLDENS / f"{case.name}.txt").write_text(explained(case), encoding="utf-8", newline="\n")


if __name__ == "__main__" and "--write" in sys.argv:
    write()
