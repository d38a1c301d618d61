"""The strategies of jiangbu.testing do what they say."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from small_tables import NEEDED

from jiangbu.errors import TableError
from jiangbu.rules.book import RuleBook
from jiangbu.rules.scheme import Scheme
from jiangbu.testing import (
    FAULTS,
    FactMaker,
    bad_facts_of,
    book_of,
    broken_table,
    broken_tables,
    facts_of,
    plant,
    rule_tables,
    table_text,
    write_toml,
)
from jiangbu.testing.toml import write_value

DAY = date(2024, 6, 30)
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A whole table shrinks for minutes; its seeds make it again at once."""
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)


@pytest.fixture(scope="module")
def county_pot() -> Scheme:
    """A shipped scheme of two levels behind a gate."""
    return RuleBook.load().scheme("example-county-pot", place="999999", on=DAY)


@pytest.fixture(scope="module")
def scale_award() -> Scheme:
    """A shipped scheme of one row with a table of tiers."""
    return RuleBook.load().scheme("example-scale-award", place="999999", on=DAY)


class TestFacts:
    @FEW
    @given(data=st.data())
    def test_facts_come_in(self, data: st.DataObject, county_pot: Scheme) -> None:
        """The door takes every drawn case."""
        facts = data.draw(facts_of(county_pot))
        assert () == county_pot.try_determine(facts).problems

    def test_every_edge_and_both_its_sides_come_up(self, scale_award: Scheme) -> None:
        """Of each tier the edge, one fen below and one fen above are drawn."""
        maker, rng = FactMaker(scale_award), Random(1)
        drawn = {scale_award.try_determine(maker.facts(rng)).facts["revenue"] for _ in range(400)}
        rows = scale_award.infos["", "scale"].table.rows
        edges = {edge.value for row in rows for edge in row.edges.get("revenue", ())}
        assert edges
        fen = Fraction(1, 100)
        assert {value + step for value in edges for step in (-fen, 0, fen)} <= {Fraction(value) for value in drawn}

    def test_forms_vary(self, scale_award: Scheme) -> None:
        """An amount comes as Decimal, as int, as plain text and as text with 万 or 亿."""
        maker, rng = FactMaker(scale_award), Random(2)
        given = [maker.facts(rng)["revenue"] for _ in range(200)]
        assert {Decimal, int, str} == {type(value) for value in given}
        texts = [value for value in given if isinstance(value, str)]
        assert any(text.endswith("万") for text in texts)
        assert any(text.endswith("亿") for text in texts)
        assert any(text[-1].isdigit() for text in texts)

    def test_rows_vary(self, county_pot: Scheme) -> None:
        """None to four rows are drawn, in any order of their ids, some of them set aside."""
        maker, rng = FactMaker(county_pot), Random(3)
        cases = [maker.facts(rng).get("project", []) for _ in range(200)]
        assert {0, 1, 2, 3, 4} == {len(rows) for rows in cases}
        ids = [[row["id"] for row in rows] for rows in cases]
        assert any(names != sorted(names) for names in ids)
        assert any(row.get("set_aside") for rows in cases for row in rows)

    def test_defaults_are_left_out_at_times(self, county_pot: Scheme) -> None:
        """A fact with a default is given, left out, and given as None."""
        maker, rng = FactMaker(county_pot), Random(4)
        rows = [row for _ in range(200) for row in maker.facts(rng).get("project", [])]
        seen = {"given" if row.get("under_exclusion") is not None else str("under_exclusion" in row) for row in rows}
        assert {"given", "True", "False"} == seen

    def test_needed_if_is_tried_both_ways(self) -> None:
        """A fact that is not needed is left out, or given all the same; one that is needed is given."""
        scheme = book_of(NEEDED).scheme("needed", place="999999", on=DAY)
        maker, rng = FactMaker(scheme), Random(5)
        seen: Counter[tuple[bool, bool]] = Counter()
        for _ in range(200):
            facts = maker.facts(rng)
            assert () == scheme.try_determine(facts).problems
            seen[facts["track"] == "loan", facts.get("interest") is not None] += 1
        assert {(True, True), (False, True), (False, False)} == set(seen)

    @FEW
    @given(data=st.data())
    def test_bad_facts_cause_the_problems_that_are_named(self, data: st.DataObject, county_pot: Scheme) -> None:
        """Every planted fault is found with its code, at its path."""
        facts, planted = data.draw(bad_facts_of(county_pot))
        found = {(problem.code, problem.path) for problem in county_pot.try_determine(facts).problems}
        assert planted
        assert {(fault.code, fault.path) for fault in planted} <= found

    def test_bad_facts_know_many_faults(self, county_pot: Scheme) -> None:
        """Over some hundred cases each kind of fault that a fact can have comes up."""
        maker, rng = FactMaker(county_pot), Random(6)
        codes = {fault.code for _ in range(400) for fault in plant(rng, maker, maker.facts(rng))}
        assert {"missing", "unknown-fact", "float", "kind", "decimals", "bounds", "text"} <= codes


def walk_words(text: str) -> set[str]:
    """Return every word of a table's text."""
    return set("".join(sign if sign.isalnum() or sign in "_-" else " " for sign in text).split())


class TestRuleTables:
    @FEW
    @given(rule_tables())
    def test_they_are_accepted(self, text: str) -> None:
        """A drawn table makes a scheme."""
        book = book_of(text)
        try:
            scheme = book.scheme("random-table", place="999999", on=DAY)
        except TableError as error:
            # Now and then an interval is narrowed to nothing by a guard that can never hold.
            assert {"lookup-range", "division", "bounds", "gap"} >= {item.code for item in error.findings}  # noqa: PT017
            return
        assert scheme.pays in scheme.lines

    def test_nearly_all_are_accepted(self) -> None:
        """Of 300 tables at most three are refused."""
        seeds = range(300)
        book = book_of(*(table_text(Random(seed), f"random-{seed}") for seed in seeds))
        refused = []
        for seed in seeds:
            try:
                book.scheme(f"random-{seed}", place="999999", on=DAY)
            except TableError as error:
                refused.append(str(error))
        assert len(refused) <= 3, refused

    def test_they_cover_the_language(self) -> None:
        """Over 400 tables every word of the language, and every section but objects, comes up."""
        texts = [table_text(Random(seed)) for seed in range(400)]
        words = set().union(*map(walk_words, texts))
        functions = "min max whole round_to marginal days months later after year sum count largest smallest allocate"
        operators = "if else and or not in True False"
        kinds = "money number rate flag choice date"
        tables = "at_least more_than at_most less_than is otherwise holes refuse input inputs"
        rounding = "half-up down up fen jiao yuan 百元 千元 万元 none"
        rest = (
            "levels requirements checks remarks lines promises gate gate_level no_gate parts recovers default "
            "needed_if may_be_negative at_most lpr one_year five_years_and_over operator household member village"
        )
        wanted = set(f"{functions} {operators} {kinds} {tables} {rounding} {rest}".split())
        assert set() == wanted - words
        formulas = [line["formula"] for text in texts for line in tomllib.loads(text)["lines"]]
        for sign in (" + ", " - ", " * ", " / ", "(-", " == ", " != ", " < ", " <= ", " > ", " >= ", " not in "):
            assert any(sign in formula for formula in formulas), sign
        levels = Counter(len(tomllib.loads(text).get("levels", {})) for text in texts)
        assert {0, 1, 2, 3, 4} <= set(levels)

    def test_a_seed_gives_its_table_again(self) -> None:
        """The same seed gives the same text, so that a table in a report can be made again."""
        assert table_text(Random(17)) == table_text(Random(17))
        assert table_text(Random(17)) != table_text(Random(18))


class TestBrokenTables:
    @pytest.mark.parametrize("code", sorted(FAULTS))
    def test_the_planted_fault_is_found(self, code: str) -> None:
        """Each fault gives a finding of its code, and no error of another one."""
        for seed in range(12):
            text, wanted = broken_table(Random(seed), code)
            assert code == wanted
            findings = findings_of(text)
            assert code in {item.code for item in findings}, text
            assert {item.code for item in findings if item.severity == "error"} <= {code}

    @FEW
    @given(broken_tables())
    def test_the_strategy_draws_them(self, drawn: tuple[str, str]) -> None:
        """What is drawn has the finding that is said."""
        text, code = drawn
        assert code in {item.code for item in findings_of(text)}

    @given(broken_tables("gap", "overlap"))
    @settings(FEW, max_examples=5)
    def test_codes_can_be_chosen(self, drawn: tuple[str, str]) -> None:
        """Only faults of the named codes are drawn."""
        assert drawn[1] in {"gap", "overlap"}


def findings_of(text: str) -> list[Any]:
    """Return the findings of one table beside the shipped ones; no document is described for it."""
    book = book_of(text, documents=())
    file = next(file for file in book.files if "-tests/" in file.shown)
    return list(book.build(file, DAY).findings.items)


class TestBooks:
    def test_a_book_of_texts(self, tmp_path: Path) -> None:
        """Tables are written by place, their documents are described, and the scheme is found."""
        book = book_of(NEEDED, folder=tmp_path)
        assert "测试" == book.scheme("needed", place="999999", on=DAY).title
        assert ["999999-tests/0-needed.toml", "documents.toml"] == sorted(
            path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.toml")
        )

    def test_a_temporary_folder_is_gone(self) -> None:
        """Without a folder nothing is left behind, and the book works all the same."""
        book = book_of(NEEDED, shipped=False)
        assert not book.roots[-1].exists()
        assert ["needed"] == [entry.id for entry in book.entries()]


class TestToml:
    @given(
        st.dictionaries(
            st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
            st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
            | st.integers(-(10**20), 10**20)
            | st.booleans()
            | st.dates()
            | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
            max_size=6,
        )
    )
    def test_what_is_written_is_read_again(self, data: dict[str, Any]) -> None:
        """Every value that tables use comes back as it was, with its kind."""
        read = tomllib.loads(f"value = {write_value(data)}", parse_float=Decimal)["value"]
        assert data == read
        assert {key: type(value) for key, value in data.items()} == {key: type(value) for key, value in read.items()}

    def test_a_whole_file(self) -> None:
        """Sections, named sections, lists of sections and rows come back as they were."""
        data = {
            "format": 1, "scheme": {"id": "x", "effective": {"from": date(2024, 1, 1)}},
            "facts": {"a": {"kind": "money"}}, "lines": [{"name": "b"}, {"name": "c"}],
            "tables": {"t": {"rows": [{"is": "万", "w": 1}, {"otherwise": True, "w": 2}]}},
        }  # fmt: skip
        assert data == tomllib.loads(write_toml(data))
