"""Made rows: the kernel evaluates rows that it knows nothing of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import jiangbu
from toy_maker import DOCUMENTS, TABLE, TOY, Herd

ON = date(2024, 6, 1)


@pytest.fixture
def book(tmp_path: Path) -> jiangbu.RuleBook:
    """A book with the toy table and its maker."""
    (tmp_path / "toy-grazing.toml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    return jiangbu.RuleBook.load(tmp_path, makers=(TOY,), shipped=False)


def facts(*herds: Any, quota: str = "1万", months: Any = ()) -> dict[str, Any]:
    """A case of one keeper."""
    return {"quota": quota, "day": "2024-02-01", "herd": [{"herd": herd, "month": list(months)} for herd in herds]}


HERD = Herd("A1", 3, 100_00, date(2024, 1, 15), date(2024, 3, 20))


def test_the_table_is_sound(book: jiangbu.RuleBook) -> None:
    """The toy table passes the checker, its worked cases included."""
    assert [item for item in book.check() if item.severity == "error"] == []


def test_rows_are_made_and_summed(book: jiangbu.RuleBook) -> None:
    """Two whole months of 3 head at 100 yuan are 600 yuan, 30% of it 180 yuan; the broken month is dropped."""
    result = book.scheme("toy-grazing", on=ON).determine(facts(HERD))
    assert result.amount == Decimal("180.00")
    assert [row.columns["days"] for row in result.rows("month")] == [31, 29]
    assert result.lines["days_at_grass"].value == 60
    assert result.rows("herd")[0].lines["standing"].value == Decimal("300.00")


def test_an_object_and_its_json_form_are_the_same(book: jiangbu.RuleBook) -> None:
    """A typed object and its JSON form give equal determinations."""
    scheme = book.scheme("toy-grazing", on=ON)
    json_form = {"number": "A1", "head": 3, "rate": 100_00, "from_day": "2024-01-15", "until_day": "2024-03-20"}
    assert scheme.determine(facts(HERD)) == scheme.determine(facts(json_form))


def test_facts_of_made_rows_are_matched_by_number(book: jiangbu.RuleBook) -> None:
    """A month that fails its requirement leaves the sum; the other stays."""
    scheme = book.scheme("toy-grazing", on=ON)
    result = scheme.determine(facts(HERD, months=[{"number": 2, "inspected": False}]))
    assert result.amount == Decimal("90.00")
    assert [(refusal.code, refusal.row) for refusal in result.refusals] == [("toy-grazing.sound", "A1/2")]


def test_a_month_that_is_not_made_is_a_problem(book: jiangbu.RuleBook) -> None:
    """Facts for a row that the maker does not make are named."""
    scheme = book.scheme("toy-grazing", on=ON)
    result = scheme.try_determine(facts(HERD, months=[{"number": 9, "inspected": False}]))
    assert [problem.code for problem in result.problems] == ["unknown-fact"]


def test_a_bad_object_is_named_with_its_path(book: jiangbu.RuleBook) -> None:
    """Every fault of an object comes with the path inside it."""
    scheme = book.scheme("toy-grazing", on=ON)
    result = scheme.try_determine(facts({"number": "A1", "heads": 3}))
    assert {(problem.code, problem.path) for problem in result.problems} == {
        ("unknown-key", "herd[0].herd.heads"),
        ("missing", "herd[0].herd.head"),
        ("missing", "herd[0].herd.rate"),
        ("missing", "herd[0].herd.from_day"),
        ("missing", "herd[0].herd.until_day"),
    }


def test_the_order_of_objects_changes_nothing(book: jiangbu.RuleBook) -> None:
    """Objects are rows by their id, whatever order they come in."""
    scheme = book.scheme("toy-grazing", on=ON)
    other = Herd("A0", 1, 50_00, date(2024, 2, 1), date(2024, 3, 1))
    assert scheme.determine(facts(HERD, other)) == scheme.determine(facts(other, HERD))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('[grazing]\nbroken = "dropped"\n', "", "missing-key"),
        ('broken = "dropped"', 'broken = "perhaps"', "bad-value"),
        ('made_by = "stay_months"', 'made_by = "stay_weeks"', "unknown-name"),
        ('object = "herd"', 'object = "flock"', "unknown-name"),
        ("herd.head * herd.rate", "herd.heads * herd.rate", "unknown-name"),
        ("herd.head * herd.rate", "herd.rate * herd.rate", "kind"),
        ("balance(herd, day)", "balance(month, day)", "unknown-name"),
        ("[facts.inspected]", "[facts.number]", "duplicate-name"),
        ('of = "herd", made_by', 'of = "keeper", made_by', "level"),
    ],
)
def test_a_wrong_table_is_told_so(tmp_path: Path, old: str, new: str, code: str) -> None:
    """What does not fit the maker's declaration is a finding with its code."""
    assert old in TABLE
    (tmp_path / "toy-grazing.toml").write_text(TABLE.replace(old, new), encoding="utf-8")
    (tmp_path / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    book = jiangbu.RuleBook.load(tmp_path, makers=(TOY,), shipped=False)
    with pytest.raises(jiangbu.TableError) as caught:
        book.scheme("toy-grazing", on=ON)
    assert code in {finding.code for finding in caught.value.findings}
