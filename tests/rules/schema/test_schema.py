"""The JSON Schema of a scheme's facts says what the door says, but for what JSON Schema cannot say."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from small_tables import HEAD, KINDS, ROWS, book_at

from jiangbu import RuleBook, Scheme
from jiangbu.rules.schema import fact_schema

DAY = date(2024, 6, 3)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """A book of the small tables beside the shipped ones."""
    return book_at(tmp_path_factory.mktemp("tables"), kinds=KINDS, rows=ROWS)


@pytest.fixture(scope="module")
def kinds(book: RuleBook) -> Scheme:
    return book.scheme("kinds", on=DAY)


@pytest.fixture(scope="module")
def rows(book: RuleBook) -> Scheme:
    return book.scheme("rows", on=DAY)


def validator(scheme: Scheme) -> Draft202012Validator:
    return Draft202012Validator(scheme.json_schema(), format_checker=FormatChecker())


def every_scheme(book: RuleBook) -> Iterator[Scheme]:
    for entry in book.entries():
        yield book.scheme(entry.id, place=entry.place, on=None)


def test_is_a_schema(book: RuleBook) -> None:
    """What is given for every table at hand is a JSON Schema of the dialect that it names, titles and all."""
    for scheme in every_scheme(book):
        schema = scheme.json_schema()
        Draft202012Validator.check_schema(schema)
        assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]
        assert scheme.title == schema["title"]
        assert scheme.document.number in schema["description"]
        assert all(notice in schema["description"] for notice in scheme.notices())


def test_defaults_are_valid(book: RuleBook) -> None:
    """Every default that a schema tells is one that it accepts, and null stands for it."""
    count = 0
    for scheme in every_scheme(book):
        for fact in scheme.facts.values():
            if fact.has_default:
                schema = fact_schema(fact)
                checker = Draft202012Validator(schema, format_checker=FormatChecker())
                assert checker.is_valid(schema["default"]), (scheme.id, fact.name)
                assert checker.is_valid(None)
                count += 1
    assert count > 20


def plain(value: Any) -> Any:
    """Facts as TOML gives them → as JSON would."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def test_worked_cases(book: RuleBook) -> None:
    """The worked cases of every table are judged by the schema as by the door."""
    count = 0
    for scheme in every_scheme(book):
        days = (scheme.effective.from_, scheme.document.issued)
        first = next((day for day in days if isinstance(day, date)), DAY)
        dated = book.scheme(scheme.id, place=scheme.place, on=first, under=scheme.document.number)
        checker = validator(dated)
        for case in dated.cases:
            facts = plain(case.facts)
            beyond = {"check", "outside-series", "parts"}
            problems = [item for item in dated.try_determine(facts).problems if item.code not in beyond]
            assert checker.is_valid(facts) == (not problems), (scheme.id, case.source, problems)
            count += 1
    assert count > 100


BASE: dict[str, Any] = {
    "revenue": 0, "price": 1, "heads": 0, "weight": 1, "rate": "1%", "whole_rate": "1", "sound": True,
    "open": True, "track": "new", "since": "2024-01-01", "licence": "full", "inspected": True,
    "rated": True,
}  # fmt: skip

DIGITS = st.sampled_from(
    [
        "0",
        "1",
        "00",
        "10",
        "12",
        "49",
        "50",
        "51",
        "99",
        "100",
        "101",
        "150",
        "151",
        "200",
        "9999",
        "10000",
        "10001",
    ]
)
FRACTIONS = ("0", "00", "5", "50", "4", "6", "05", "01", "001", "0001", "00010", "00001")
AFTER = st.sampled_from(["", ".", *(f".{digits}" for digits in FRACTIONS)])
UNIT = st.sampled_from(["", "", "万", "亿", "万亿", "%", "‰", "元", "万万", " ", "\n", "e3"])
TEXTS = st.builds(
    lambda sign, digits, after, unit: sign + digits + after + unit,
    st.sampled_from(["", "", "-", "+", " "]), DIGITS, AFTER, UNIT,
)  # fmt: skip
ODD = st.sampled_from(
    [
        None, True, False, 0.0, 1.0, 0.5, 1e300, [], {}, "", "-", ".5", "1,000", "１", "٣", "1/2", "NaN",
        "Infinity", "0x10", "1_0", "true", "0" * 1001,
        "new", "old", "other", "新建", "改扩建", "New", "新建\u0000", "café", "cafe\u0301",
        "2024-01-01", "2020-02-29", "2020-02-28", "2024-12-31", "2025-01-01", "2023-02-29", "2024-13-01",
        "2024-1-1", "20240101", "2024-01-01T00:00:00", "0000-01-01", "２０２４-01-01", " 2024-01-01", "2024-01-01\n",
    ]
)  # fmt: skip
NUMBERS = st.sampled_from([-101, -100, -99, -1, 0, 1, 2, 12, 13, 49, 50, 51, 99, 100, 101, 9999, 10000, 10001, 10**400])


def beyond_the_schema(value: Any, codes: set[str]) -> str:
    """Why the schema accepts what the door refuses; empty if it should not."""
    if isinstance(value, str) and codes == {"bounds"}:
        return "bounds of text"
    if isinstance(value, float) and value.is_integer():
        return "a whole number written as 1.0"
    if isinstance(value, str) and value.endswith("\n"):
        return "Python's $ stands before the last line end too"
    return ""


def beyond_the_door(value: Any) -> str:
    """Why the schema refuses what the door accepts; empty if it should not."""
    if isinstance(value, str) and unicodedata.normalize("NFC", value) != value:
        return "the label in another form of Unicode"
    return ""


@settings(max_examples=1_500)
@given(
    fact=st.sampled_from(sorted(BASE.keys() - {"licence", "inspected", "rated"})), value=TEXTS | TEXTS | NUMBERS | ODD
)
@example("heads", "-0")
@example("price", "0.00005万")
@example("price", "0.000000000001亿")
@example("revenue", "0.000001万")
@example("revenue", "0.0000001万")
@example("whole_rate", "100%")
@example("whole_rate", "50%")
@example("whole_rate", "1000‰")
@example("whole_rate", "0.0%")
@example("rate", "0.001‰")
@example("rate", "0.1‰")
@example("rate", "0.01%")
@example("rate", "0.001%")
def test_one_value(kinds: Scheme, fact: str, value: Any) -> None:
    """A JSON value near the boundary is accepted by the schema exactly if the door takes it."""
    facts = BASE | {fact: value}
    codes = {problem.code for problem in kinds.try_determine(facts).problems if problem.path == fact}
    valid = validator(kinds).is_valid(facts)
    if valid and codes:
        assert beyond_the_schema(value, codes), (fact, value, codes)
    elif not valid and not codes:
        assert beyond_the_door(value), (fact, value)


@pytest.mark.parametrize(
    ("fact", "value"),
    [("heads", "51"), ("since", "2019-12-31"), ("heads", 5.0), ("heads", "5\n")],
)
def test_what_the_schema_cannot_say(kinds: Scheme, fact: str, value: Any) -> None:
    """The door is the stricter one for bounds of text, 5.0, and (in Python) a line end behind a text."""
    facts = BASE | {fact: value}
    assert validator(kinds).is_valid(facts)
    assert [fact] == [problem.path for problem in kinds.try_determine(facts).problems]


@pytest.mark.parametrize(
    ("fact", "value", "taken"),
    [
        ("heads", "-0", True), ("heads", "-0.0", True), ("revenue", "-0万", True), ("rate", "-0.0%", True),
        ("heads", "-1", False), ("heads", "-0.1", False), ("heads", "-", False), ("heads", "-万", False),
        ("whole_rate", "-0%", True), ("revenue", "--0", False), ("price", "0.001万", True),
    ],
)  # fmt: skip
def test_minus_zero_is_zero(kinds: Scheme, fact: str, value: Any, taken: bool) -> None:
    """A minus before nothing but zeros comes in by schema and door, any other one does not where bounds begin at 0."""
    facts = BASE | {fact: value}
    assert (taken, taken) == (validator(kinds).is_valid(facts), not kinds.try_determine(facts).problems)


ABSENT = object()


def test_needed_if(kinds: Scheme) -> None:
    """Over flags and choices the schema asks for a fact exactly where needed_if does, defaults counted."""
    checker = validator(kinds)
    count = 0
    for track, is_open, licence, inspected, rated in itertools.product(
        ("new", "改扩建", "other"),
        (ABSENT, None, True, False),
        (ABSENT, None, "full", "部分"),
        (ABSENT, None, True),
        (ABSENT, True),
    ):
        given_ = {"track": track, "open": is_open, "licence": licence, "inspected": inspected, "rated": rated}
        rest = {name: value for name, value in BASE.items() if name not in given_}
        facts = rest | {name: value for name, value in given_.items() if value is not ABSENT}
        problems = kinds.try_determine(facts).problems
        assert checker.is_valid(facts) == (not problems), facts
        count += bool(problems)
    assert 0 < count < 288


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("sound", True), ("not sound", True), ("sound == True", True), ("track != 'new'", True),
        ("track not in ('new',)", True), ("sound or heads > 5", False), ("heads == 5", False), ("True", True),
    ],
)  # fmt: skip
def test_needed_if_of_each_form(tmp_path_factory: pytest.TempPathFactory, test: str, says: bool) -> None:
    """Each form of test over flags and choices has its condition; tests over numbers have none."""
    text = HEAD.format(id="needed") + NEEDED.replace("TEST", test)
    scheme = book_at(tmp_path_factory.mktemp("needed"), needed=text).scheme("needed", on=DAY)
    checker = validator(scheme)
    assert says == ("allOf" in scheme.json_schema())
    for sound, track, extra in itertools.product((True, False), ("new", "改扩建"), ({}, {"extra": True})):
        facts = {"sound": sound, "track": track, "heads": 1, **extra}
        if says:
            assert checker.is_valid(facts) == (not scheme.try_determine(facts).problems)
        else:
            assert checker.is_valid(facts)


NEEDED = """
pays = "award"
[facts.sound]
label = "正常"
kind  = "flag"
[facts.track]
label   = "方向"
kind    = "choice"
options = { new = "新建", old = "改扩建" }
[facts.heads]
label    = "头数"
kind     = "number"
at_least = 0
at_most  = 50
[facts.extra]
label     = "另有"
kind      = "flag"
default   = false
needed_if = "TEST"
[[lines]]
name    = "award"
label   = "奖补"
formula = "heads * price if extra and sound and track == 'new' else 0"
clause  = "第一条"
[constants.price]
label  = "单价"
kind   = "money"
value  = 5
clause = "第一条"
"""


def test_a_fact_not_needed_is_read_all_the_same(kinds: Scheme) -> None:
    """Schema and door refuse a malformed value of a fact that is not needed; they take a well-formed one."""
    for value, good in (("nonsense", False), ("full", True), (1, False)):
        facts = BASE | {"track": "other", "licence": value}
        assert (good, good) == (validator(kinds).is_valid(facts), not kinds.try_determine(facts).problems)


IDS = st.sampled_from(["H1", "H2", "", " ", "a\u0000", "x" * 1001, 1, None])
GOOD_IDS = st.sampled_from(["H1", "H2", "H3", "H4"])
ASIDE = st.sampled_from([None, "重复", "", 1, "a\u0007"])
HEADS = st.sampled_from([0, 5, 100, 101, "9.9", "9.99", None, True])
HOUSEHOLD = st.fixed_dictionaries(
    {"id": IDS | GOOD_IDS},
    optional={"heads": HEADS, "set_aside": ASIDE, "share": st.just("1"), "already": st.just(None)},
) | st.sampled_from([None, 1, "H1", []])
GOOD = st.fixed_dictionaries({"id": GOOD_IDS, "heads": st.sampled_from([1, "2.5"])})
WORKER = st.fixed_dictionaries({"id": GOOD_IDS, "served": st.sampled_from([0, 7, 12, 13])})
PROJECT = st.fixed_dictionaries(
    {"id": GOOD_IDS, "share": st.sampled_from(["5%", 1])},
    optional={
        "household": st.lists(HOUSEHOLD | GOOD | GOOD, max_size=4) | st.none(),
        "worker": st.lists(WORKER, max_size=3),
        "set_aside": ASIDE, "grade": st.sampled_from(["良好", None, "x"]),
    },
)  # fmt: skip


@settings(max_examples=600)
@given(
    st.fixed_dictionaries({"pot": st.just("1万")}, optional={"project": st.lists(PROJECT, max_size=4), "x": st.just(1)})
)
def test_rows(rows: Scheme, facts: dict[str, Any]) -> None:
    """Rows inside rows are judged as at the door, but for ids that stand twice and facts that contradict."""
    problems = rows.try_determine(facts).problems
    assume(all(problem.code != "duplicate-key" for problem in problems))
    problems = tuple(problem for problem in problems if problem.code != "check")
    assert validator(rows).is_valid(facts) == (not problems), problems


def test_forms_of_a_row(rows: Scheme) -> None:
    """Rows carry their labels, ids and how many they may be, for the form that is made of the schema."""
    project = rows.json_schema()["properties"]["project"]
    assert ("array", "项目", 3) == (project["type"], project["title"], project["maxItems"])
    assert "项目编号" == project["items"]["properties"]["id"]["title"]
    household = project["items"]["else"]["properties"]["household"]
    assert "0以上，100以下" == household["items"]["else"]["properties"]["heads"]["description"]


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("revenue", "-100以上，10000以下；单位：元"),
        ("price", "超过0，不满100；单位：元"),
        ("weight", "0.5以上，12.5以下；单位：吨"),
        ("rate", "-5%以上，150%以下"),
        ("since", "2020-02-29至2024-12-31"),
    ],
)
def test_descriptions(kinds: Scheme, fact: str, words: str) -> None:
    """The bounds, which JSON Schema cannot hold of text, stand in the description in the words of the law."""
    assert words == fact_schema(kinds.facts[fact])["description"]
