"""The tables that ship: sound, noticed in every number, named and placed as the format asks."""

from __future__ import annotations

import datetime
import hashlib
import re
from decimal import Decimal
from typing import Any

import pytest

import jiangbu
from jiangbu.audit import second_opinion
from jiangbu.audit.differences import differences
from jiangbu.rules.check import report
from jiangbu.rules.check.mutate import mutate_file
from jiangbu.rules.files import TableFile, shipped_tables

BOOK = jiangbu.RuleBook.load()
SCHEMES = [file for file in BOOK.files if file.kind == "scheme"]
KEY_COUNTY_DAY = datetime.date(2024, 12, 31)


def name_of(file: TableFile) -> str:
    """Return a file as its path below the tables."""
    return file.shown


def test_documents_series_and_versions_are_sound() -> None:
    """No finding about documents, series or overlapping versions."""
    assert BOOK.general_findings() == ()


@pytest.mark.parametrize("file", SCHEMES, ids=name_of)
def test_a_table_has_no_finding(file: TableFile) -> None:
    """No error and no warning; every worked and made case agrees with the second opinion; every promise is kept."""
    found = report(BOOK, [file], second_opinion=second_opinion, differences=differences)
    assert [str(item) for item in found.findings] == []
    assert [kept.counter for checked in found.schemes for kept in checked.promises if kept.counter] == []


@pytest.mark.parametrize("file", SCHEMES, ids=name_of)
def test_every_change_is_noticed(file: TableFile) -> None:
    """Each number, boundary, rounding and comparison, changed by one unit or side, breaks a case or a promise."""
    assert [str(item) for item in mutate_file(BOOK, file)] == []


@pytest.mark.parametrize("file", SCHEMES, ids=name_of)
def test_a_table_stands_where_its_name_says(file: TableFile) -> None:
    """The folder begins with the place code, the file is named by its id (and first day)."""
    folder, name = file.path.parent.name, file.path.stem
    assert folder.startswith(file.place) if file.place != "unknown" else folder == "unknown"
    assert re.fullmatch(re.escape(file.id) + r"(@\d{4}-\d{2}-\d{2})?", name)


@pytest.mark.parametrize("file", SCHEMES, ids=name_of)
def test_no_operator_scheme_of_pingliang_is_without_a_gate(file: TableFile) -> None:
    """Every scheme of 620800 and below that pays an operator stands behind a gate."""
    head = file.head
    if str(head["place"]).startswith("6208") and head["beneficiary"] == "operator" and head.get("pays"):
        assert head.get("gate")


@pytest.mark.parametrize("file", SCHEMES, ids=name_of)
def test_what_is_not_published_is_not_in_force(file: TableFile) -> None:
    """The fictional county and aggregated sources are illustrative."""
    document = BOOK.documents[str(file.head["document"])]
    if document.known == "aggregated" or file.place == "999999":
        assert file.head["status"] == "illustrative"


AWARDS = ("new-project", "expansion", "scale", "base", "upgrading", "cold-chain", "certification", "linkage")
COUNTIES = {"620825": "zhuanglang", "620826": "jingning"}
COUNTY_AWARDS = [(place, f"{county}-{award}") for place, county in COUNTIES.items() for award in AWARDS]


@pytest.mark.parametrize("place", COUNTIES)
def test_a_key_county_has_every_award_of_the_policy(place: str) -> None:
    """庄浪 and 静宁 have a scheme of their own for each award that the policy document names."""
    expected = {scheme for where, scheme in COUNTY_AWARDS if where == place}
    assert expected <= {file.id for file in SCHEMES if file.place == place}


@pytest.mark.parametrize(("place", "scheme"), COUNTY_AWARDS)
def test_an_award_of_a_key_county_is_tied_to_linkage(place: str, scheme: str) -> None:
    """Behind the city's gate, marked illustrative, saying that the county's standard was not seen; more linkage never
    less.
    """
    award = BOOK.scheme(scheme, place=place, on=KEY_COUNTY_DAY)
    assert (award.gate.id if award.gate else None) == "linkage-admission"
    assert award.status == "illustrative"
    assert "没有见到" in award.reading
    linked = {name for promise in award.promises if promise.kind == "never_decreases_in" for name in promise.names}
    assert linked & {"linked_households", "household"}


@pytest.mark.parametrize(("place", "scheme"), COUNTY_AWARDS)
def test_no_linkage_no_money_in_a_key_county(place: str, scheme: str) -> None:
    """Whatever a worked case is paid, the same case without any linked household is paid nothing."""
    award = BOOK.scheme(scheme, place=place, on=KEY_COUNTY_DAY)
    admitted = {"agreements_in_force": 1, "expected_households": 1, "expected_gain": 1}
    paid = [facts for case in award.cases if award.try_determine(facts := {**admitted, **case.facts}).amount]
    unlinked: dict[str, Any] = {"household": []} if award.levels else {"linked_households": 0}
    assert paid
    assert [Decimal(0)] * len(paid) == [award.determine({**facts, **unlinked}).amount for facts in paid]


@pytest.mark.parametrize("file", SCHEMES, ids=name_of)
def test_schemes_exclude_one_another_alike(file: TableFile) -> None:
    """A scheme that is excluded stands in the tables, and says the same of the one that excludes it."""
    rules = {other.id: other.data.get("exclusive", []) for other in SCHEMES if other.data is not None}
    for rule in rules[file.id]:
        for other in rule["with"]:
            said = [(back["per"], back["keep"]) for back in rules[other] if file.id in back["with"]]
            assert [(rule["per"], rule["keep"])] == said


def test_the_tables_ship() -> None:
    """The tables are found, and each worked case has its sentence and its source."""
    assert shipped_tables().is_dir()
    for file in SCHEMES:
        scheme = BOOK.dated(file, BOOK.first_day(file))
        assert scheme is not None
        assert scheme.cases
        assert all(case.source and case.worked for case in scheme.cases)


def test_the_digest_of_the_policy_paper_is_stated() -> None:
    """The document that the project starts from is named with the digest of the text that was read."""
    document = BOOK.documents["平政办发〔2023〕44号"]
    assert len(document.sha256) == len(hashlib.sha256().hexdigest())
    assert document.known == "seen"
