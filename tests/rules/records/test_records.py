"""Determinations as text: they come back as they were, and nothing else comes in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tables import KINDS, ROWS, book_at

from jiangbu import (
    Determination,
    DigestMismatch,
    NoBook,
    Outcome,
    RecordError,
    RuleBook,
    UnknownScheme,
    dumps,
    loads,
)  # fmt: skip

DAY = date(2024, 6, 3)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """A book of the small tables beside the shipped ones."""
    return book_at(tmp_path_factory.mktemp("tables"), kinds=KINDS, rows=ROWS)


def yuan(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 100).map(lambda fen: Decimal(fen).scaleb(-2))


def rows(level: st.SearchStrategy[dict[str, Any]], most: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(level, max_size=most, unique_by=lambda row: row["id"])


IDS = st.sampled_from(["H1", "H2", "户三", "é"])
ASIDE = st.sampled_from([None, None, None, "重复申报"])
WORKER = st.fixed_dictionaries({"id": IDS, "served": st.integers(0, 13)})
HOUSEHOLD = st.fixed_dictionaries(
    {"id": IDS, "heads": st.sampled_from([0, "0.1", 5, "9.9", 10, "19.9", 20, 50, 101])},
    optional={"already": yuan(100_000), "set_aside": ASIDE},
)
PROJECT = st.fixed_dictionaries(
    {"id": IDS, "share": st.sampled_from(["5%", "0.333333", "1", "2‰"]), "household": rows(HOUSEHOLD, 3)},
    optional={"grade": st.sampled_from(["good", "差"]), "worker": rows(WORKER, 2), "set_aside": ASIDE},
)
ROWS_FACTS = st.fixed_dictionaries(
    {"pot": yuan(100_000), "project": rows(PROJECT, 3)},
    optional={
        "open": st.booleans(),
        "day": st.dates(date(2019, 6, 1), date(2026, 6, 1)),
        "strange": st.just(1),
    },
)
KINDS_FACTS = st.fixed_dictionaries(
    {
        "revenue": st.sampled_from([-100, 0, "0.01", "1万", "2万"]),
        "heads": st.integers(0, 50),
        "rate": st.sampled_from(["4.35%", "0.0435", "1", "0"]),
        "sound": st.booleans(),
        "track": st.sampled_from(["new", "新建", "改扩建", "other"]),
        "since": st.sampled_from([date(2020, 2, 29), "2024-12-31"]),
    },
    optional={"price": st.sampled_from(["0.0001", 99]), "weight": st.just("12.5"), "open": st.booleans()},
)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
SUBJECTS = st.none() | st.dictionaries(
    TEXT.filter(lambda key: not key.startswith("$")),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.dates() | DECIMALS | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
        max_leaves=4,
    ),
    max_size=3,
)


@given(data=st.data(), which=st.sampled_from(["kinds", "rows"]), subject=SUBJECTS)
def test_comes_back_equal(book: RuleBook, data: st.DataObject, which: str, subject: Any) -> None:
    """What was written is read back equal, with the tables and without, and is written the same again."""
    facts = data.draw(ROWS_FACTS if which == "rows" else KINDS_FACTS)
    result = book.scheme(which, on=DAY).try_determine(facts, subject)
    text = dumps(result)
    alone, known = loads(text), loads(text, book)
    assert (result, result) == (alone, known)
    assert (text, text) == (dumps(alone), dumps(known))
    assert (result.outcome, result.amount) == (alone.outcome, alone.amount)
    assert result.parts == alone.parts
    assert result.recovers == alone.recovers
    assert seen(result) == seen(alone)


def seen(result: Determination) -> list[Any]:
    """All that can be asked of a determination without tables."""
    return [
        (
            row.level, row.path, row.outcome, row.amount, dict(row.facts), row.assumed, row.set_aside,
            {name: line.value for name, line in row.lines.items()},
            [refusal.code for refusal in row.refusals], [remark.name for remark in row.remarks],
        )
        for row in result.root.walk()
    ]  # fmt: skip


def shipped_cases(book: RuleBook) -> Iterator[tuple[Any, Any]]:
    for entry in book.entries():
        scheme = book.scheme(entry.id, place=entry.place)
        for case in scheme.cases:
            days = (case.on, scheme.effective.from_, scheme.document.issued)
            day = next((day for day in days if isinstance(day, date)), DAY)
            yield book.scheme(entry.id, place=entry.place, on=day, under=scheme.document.number), case.facts


def test_every_shipped_case_comes_back_equal(book: RuleBook) -> None:
    """The worked cases of all shipped tables survive being written and read."""
    count = 0
    for scheme, facts in shipped_cases(book):
        result = scheme.try_determine(facts)
        assert result == loads(dumps(result), book) == loads(dumps(result))
        count += 1
    assert count > 100


WORKED: dict[str, Any] = {
    "pot": "10",
    "project": [
        {
            "id": "P1", "share": "4.35%", "worker": [{"id": "W", "served": 3}],
            "household": [
                {"id": "H1", "heads": 60, "already": "100"},
                {"id": "H2", "heads": 15},
                {"id": "H3", "heads": "0"},
            ],
        },
        {"id": "P2", "share": "1", "grade": "差", "household": [{"id": "H1", "heads": 1}]},
        {"id": "P3", "set_aside": "重复"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def worked(book: RuleBook) -> dict[str, Any]:
    """The record of one case as JSON data."""
    data = json.loads(dumps(book.scheme("rows", on=DAY).try_determine(WORKED, {"name": "示例县", "due": DAY})))
    assert isinstance(data, dict)
    return data


def test_form(worked: dict[str, Any]) -> None:
    """Money, numbers and rates are text, days ISO text, codes and names words; the grids are told."""
    first = worked["case"]["rows"]["project"][0]
    assert ("payable", "10.00") == (worked["outcome"], worked["amount"])
    assert {"pot": "10.00", "day": "2024-06-03", "open": True} == worked["case"]["facts"]
    assert {"rate_then": "0.0345", "due": "2025-06-03"} == worked["case"]["lines"]
    assert {"third": "0.0145", "graded": True, "grade_then": "good", "worked_months": "3"} == first["lines"]
    assert {"heads": "60.0", "already": "100.00"} == first["rows"]["household"][0]["facts"]
    assert {"share": "0.0435", "grade": "good"} == first["facts"]
    assert ["rows.points"] == first["rows"]["household"][1]["refused"]
    assert ["rows.has_heads"] == first["rows"]["household"][2]["refused"]
    assert ["many"] == first["rows"]["household"][0]["remarks"]
    assert [{"level": "project", "id": "P3", "reason": "重复"}] == worked["case"]["set_aside"]
    assert {"name": "示例县", "due": {"$date": "2024-06-03"}} == worked["subject"]
    assert {"name": "heads", "kind": "number", "decimals": 1} == worked["levels"][2]["facts"][0]
    assert {"name": "third", "kind": "rate", "denominator": "3000000", "exact": True} == worked["levels"][1]["lines"][0]


def test_rates_that_do_not_end(book: RuleBook) -> None:
    """A rate without a decimal end stands as a ratio, and comes back as the same fraction."""
    facts = WORKED | {"project": [{"id": "P1", "share": "1", "household": []}]}
    text = dumps(book.scheme("rows", on=DAY).determine(facts))
    assert '"third":"1/3"' in text
    assert Fraction(1, 3) == loads(text).rows("project")[0].lines["third"].value


def test_decimal_context_does_not_count(book: RuleBook) -> None:
    """A caller's coarse decimal context changes nothing that is written or read."""
    result = book.scheme("rows", on=DAY).determine(WORKED | {"pot": "99999999.99"})
    text, parts, recovers = dumps(result), result.parts, result.recovers
    assert Decimal("99999999.99") == sum(parts.values())
    with localcontext() as context:
        context.prec = 3
        assert (parts, recovers) == (result.parts, result.recovers)
        assert text == dumps(result)
        assert result == loads(text) == loads(text, book)


def test_order_of_keys_and_space_do_not_count(book: RuleBook, worked: dict[str, Any]) -> None:
    """A store that sorts keys or indents changes nothing."""
    text = json.dumps(worked, sort_keys=True, indent=2)
    assert loads(json.dumps(worked), book) == loads(text, book) == loads(text)


def test_no_book(book: RuleBook, worked: dict[str, Any]) -> None:
    """Without tables values and codes are there; labels and sentences raise NoBook."""
    alone = loads(json.dumps(worked))
    household = alone.rows("household")[0]
    assert Decimal("10.00") == household.lines["paid"].value
    assert "rows.points" == alone.refusals[0].code
    for ask in (
        alone.explain, lambda: household.lines["paid"].label, lambda: alone.refusals[0].sentence,
        lambda: alone.remarks[0].sentence, lambda: alone.watermarks,
    ):  # fmt: skip
        with pytest.raises(NoBook):
            ask()
    known = loads(json.dumps(worked), book)
    assert "奖补" == known.rows("household")[0].lines["paid"].label
    assert "没有养殖" == next(item for item in known.refusals if item.code == "rows.has_heads").sentence


def test_two_clocks_and_document_come_back(book: RuleBook) -> None:
    """The scheme is looked for as it was asked for: its day, what was known, under which document."""
    scheme = book.scheme("rows", place="999999", on=DAY, known_on=date(2025, 1, 1), under="试办〔2024〕1号")
    result = loads(dumps(scheme.determine(WORKED)), book)
    asked = (result.head.on, result.head.known_on, result.head.under)
    assert (DAY, date(2025, 1, 1), "试办〔2024〕1号") == asked


def put(data: dict[str, Any], path: str, value: Any) -> str:
    """The record as text with one place changed."""
    changed = json.loads(json.dumps(data))
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    inner = changed
    for step in steps:
        inner = inner[step]
    inner[last] = value
    return json.dumps(changed)


HOUSE = "case/rows/project/0/rows/household/0"

BROKEN = [
    ("format", 2, "format", "$.format"),
    ("format", 0, "format", "$.format"),
    ("format", True, "kind", "$.format"),
    ("strange", 1, "unknown-key", "$.strange"),
    ("case/strange", 1, "unknown-key", "$.case.strange"),
    (f"{HOUSE}/strange", 1, "unknown-key", "$.case.rows.project[0].rows.household[0].strange"),
    ("case/facts/strange", "1", "unknown-key", "$.case.facts.strange"),
    ("levels/0/facts/0/unit", "元", "unknown-key", "$.levels[0].facts[0].unit"),
    ("outcome", "nil", "contradiction", "$.outcome"),
    ("amount", "10.01", "contradiction", "$.amount"),
    ("amount", "10", "contradiction", "$.amount"),
    ("amount", 10, "kind", "$.amount"),
    (f"{HOUSE}/amount", "9.00", "contradiction", "$.case.rows.project[0].rows.household[0].amount"),
    (f"{HOUSE}/outcome", "nil", "contradiction", "$.case.rows.project[0].rows.household[0].outcome"),
    (f"{HOUSE}/lines/paid", "9.00", "contradiction", "$.amount"),
    (f"{HOUSE}/lines/paid", "9.005", "bad-value", "$.case.rows.project[0].rows.household[0].lines.paid"),
    (f"{HOUSE}/lines/paid", "9,00", "bad-value", "$.case.rows.project[0].rows.household[0].lines.paid"),
    (f"{HOUSE}/lines/paid", "1/0", "bad-value", "$.case.rows.project[0].rows.household[0].lines.paid"),
    (f"{HOUSE}/lines/paid", "９.00", "bad-value", "$.case.rows.project[0].rows.household[0].lines.paid"),
    (f"{HOUSE}/lines/paid", 10, "bad-value", "$.case.rows.project[0].rows.household[0].lines.paid"),
    (f"{HOUSE}/lines/paid", 10.0, "float", "$.case.rows.project[0].rows.household[0].lines.paid"),
    (f"{HOUSE}/remarks", [], "contradiction", "$.case.rows.project[0].rows.household[0].remarks"),
    (
        f"{HOUSE}/refused",
        ["rows.none"],
        "unknown-name",
        "$.case.rows.project[0].rows.household[0].refused[0]",
    ),
    (
        "case/rows/project/0/rows/household/2/refused",
        ["rows.has_heads"] * 2,
        "duplicate-key",
        "$.case.rows.project[0].rows.household[2].refused[1]",
    ),
    (f"{HOUSE}/assumed", ["pot"], "unknown-name", "$.case.rows.project[0].rows.household[0].assumed[0]"),
    (f"{HOUSE}/id", "H2", "duplicate-key", "$.case.rows.project[0].rows.household[1].id"),
    (f"{HOUSE}/object", {}, "unknown-key", "$.case.rows.project[0].rows.household[0].object"),
    ("case/facts/open", 1, "bad-value", "$.case.facts.open"),
    ("case/facts/day", "2024-02-30", "bad-value", "$.case.facts.day"),
    ("case/facts/day", "20240603", "bad-value", "$.case.facts.day"),
    ("case/rows/cow", [], "unknown-name", "$.case.rows.cow"),
    ("case/rows/project", {}, "kind", "$.case.rows.project"),
    ("case/rows/project/0", 1, "kind", "$.case.rows.project[0]"),
    ("case/set_aside/0/level", "cow", "unknown-name", "$.case.set_aside[0].level"),
    ("case/unreadable", 1, "kind", "$.case.unreadable"),
    ("problems", [{"code": "missing"}], "missing-key", "$.problems[0].path"),
    ("parts", "paid", "kind", "$.parts"),
    ("parts", ["third"], "unknown-name", "$.parts[0]"),
    ("pays", "rate_then", "unknown-name", "$.pays"),
    ("recovers", "scored", "unknown-name", "$.recovers"),
    ("pay_level", "cow", "unknown-name", "$.pay_level"),
    ("levels/1/of", "household", "unknown-name", "$.levels[1].of"),
    ("levels/0/of", "county", "unknown-name", "$.levels[0].of"),
    ("levels/1/name", "county", "duplicate-key", "$.levels[1].name"),
    ("levels/2/facts/1/name", "heads", "duplicate-key", "$.levels[2].facts"),
    ("levels/0/facts/0/kind", "cow", "kind", "$.levels[0].facts[0].kind"),
    ("levels/0/facts/0/decimals", 101, "bad-value", "$.levels[0].facts[0].decimals"),
    ("levels/1/lines/0/denominator", "0", "bad-value", "$.levels[1].lines[0].denominator"),
    ("levels/0/facts/2/decimals", 2, "bad-value", "$.levels[0].facts[2]"),
    ("scheme/digest", None, "kind", "$.scheme.digest"),
    ("on", "2024-06-31", "kind", "$.on"),
    ("subject", [], "kind", "$.subject"),
    ("subject/due", {"$date": "x"}, "bad-value", "$.subject.due.$date"),
    ("subject/due", {"$decimal": "1_0"}, "bad-value", "$.subject.due.$decimal"),
    ("subject/due", {"$cow": "x"}, "unknown-key", "$.subject.due.$cow"),
    ("subject/due", "\ud800", "text", "$.subject.due"),
]


@pytest.mark.parametrize(("path", "value", "code", "where"), BROKEN)
def test_refused(book: RuleBook, worked: dict[str, Any], path: str, value: Any, code: str, where: str) -> None:
    """One change that does not belong there is refused with its code and path, with tables and without."""
    for tables in (None, book):
        with pytest.raises(RecordError) as caught:
            loads(put(worked, path, value), tables)
        assert (code, where) in [(problem.code, problem.path) for problem in caught.value.problems]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


ANYTHING = st.sampled_from(
    [None, True, 0, 1, -1, "", "0", "1.5", "1/3", "x", "payable", "2024-06-03", [], {}, [1], {"a": 1}]
)


@settings(max_examples=500)
@given(data=st.data(), value=ANYTHING, drop=st.booleans())
def test_any_change_is_refused_or_understood(
    worked: dict[str, Any], data: st.DataObject, value: Any, drop: bool
) -> None:
    """Whatever is changed in a record, it is refused with a path, or read as what it then says."""
    changed = json.loads(json.dumps(worked))
    *steps, last = data.draw(st.sampled_from(list(paths(worked))))
    inner = changed
    for step in steps:
        inner = inner[step]
    if drop:
        del inner[last]
    else:
        inner[last] = value
    try:
        result = loads(json.dumps(changed))
    except RecordError as error:
        found = error.problems
    else:
        assert changed == json.loads(dumps(result))
        return
    assert found
    assert all(problem.path.startswith("$") and problem.code for problem in found)


def test_all_faults_at_once(worked: dict[str, Any]) -> None:
    """Every fault of a record is named, not the first one only."""
    changed = json.loads(put(worked, "scheme/strange", 1))
    del changed["under"]
    changed["parts"] = [1]
    with pytest.raises(RecordError) as caught:
        loads(json.dumps(changed))
    found = {(problem.code, problem.path) for problem in caught.value.problems}
    assert {("unknown-key", "$.scheme.strange"), ("missing-key", "$.under"), ("kind", "$.parts[0]")} == found


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("", "json", "$"),
        ("[", "json", "$"),
        ("{} {}", "json", "$"),
        ("[" * 100_000, "json", "$"),
        ("[" * 300 + "]" * 300, "size", "$"),
        ("[]", "kind", "$"),
        ("null", "kind", "$"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "duplicate-key", "$.b.c"),
        ('{"a": NaN}', "float", "$.a"),
        ('{"a": [-Infinity]}', "float", "$.a[0]"),
        ('{"a": 1.0}', "float", "$.a"),
        ('{"a": 1e3}', "float", "$.a"),
        ('{"a": ' + "9" * 5_000 + "}", "kind", "$.a"),
        ('{"\\ud800": 1}', "text", "$"),
    ],
)
def test_text_that_is_no_record(text: str, code: str, path: str) -> None:
    """What is no strict JSON object is a RecordError with a path, never another error."""
    with pytest.raises(RecordError) as caught:
        loads(text)
    found = [(problem.code, problem.path[: len(path)]) for problem in caught.value.problems]
    assert (code, path) in found or (code == "json" and ("size", path) in found)


def test_bytes_are_refused() -> None:
    """Bytes are not guessed at."""
    with pytest.raises(RecordError):
        loads(b"{}")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "code", "path"),
    [
        (1.5, "float", "$.subject.x"),
        (float("nan"), "float", "$.subject.x"),
        (Decimal("NaN"), "kind", "$.subject.x"),
        (datetime(2024, 1, 1), "kind", "$.subject.x"),
        ((1, 2), "kind", "$.subject.x"),
        ({1}, "kind", "$.subject.x"),
        (b"x", "kind", "$.subject.x"),
        (10**2000, "kind", "$.subject.x"),
        ("\ud800", "text", "$.subject.x"),
        ({1: 2}, "kind", "$.subject.x"),
        ({"$date": "2024-01-01"}, "kind", "$.subject.x"),
        ([0, object()], "kind", "$.subject.x[1]"),
    ],
)
def test_subjects_that_json_cannot_keep(book: RuleBook, value: Any, code: str, path: str) -> None:
    """A value of the subject that would come back as another one is refused when it is written."""
    result = book.scheme("rows", on=DAY).determine(WORKED, {"name": "x", "x": value})
    with pytest.raises(RecordError) as caught:
        dumps(result)
    assert [(code, path)] == [(problem.code, problem.path) for problem in caught.value.problems]


def test_subject_inside_itself(book: RuleBook) -> None:
    """A subject that holds itself is refused, and does not run for ever."""
    ring: list[Any] = []
    ring.append(ring)
    with pytest.raises(RecordError) as caught:
        dumps(book.scheme("rows", on=DAY).determine(WORKED, {"ring": ring}))
    assert ["size"] == [problem.code for problem in caught.value.problems]


def test_digests_are_compared(tmp_path: Path, worked: dict[str, Any]) -> None:
    """Tables that have changed since are refused, with both digests; a comment more is no change."""
    text = json.dumps(worked)
    same = book_at(tmp_path, rows="# 注释\n" + ROWS)
    assert worked["scheme"]["digest"] == loads(text, same).head.digest
    other = book_at(tmp_path, rows=ROWS.replace('each = "1.5"', 'each = "1.6"'))
    with pytest.raises(DigestMismatch) as caught:
        loads(text, other)
    (problem,) = caught.value.problems
    assert ("$.scheme.digest", worked["scheme"]["digest"]) == (problem.path, problem.found)
    assert other.scheme("rows", on=DAY).digest == problem.expected


@pytest.mark.parametrize("path", ["series/lpr", "scheme/digest"])
def test_every_digest_counts(book: RuleBook, worked: dict[str, Any], path: str) -> None:
    """A digest of the scheme or of a series that is not the table's is a mismatch."""
    text = put(worked, path, "0" * 64)
    with pytest.raises(DigestMismatch) as caught:
        loads(text, book)
    assert ["$." + path.replace("/", ".")] == [problem.path for problem in caught.value.problems]
    assert Outcome.PAYABLE is loads(text).outcome


def test_gate_digest_counts(book: RuleBook) -> None:
    """The gate's table is compared too, and a record that leaves the gate out is a mismatch."""
    scheme = book.scheme("example-scale-award", on=date(2024, 12, 31))
    facts = {"revenue": "1亿", "best_prior_revenue": 0, "has_violation": False}
    data = json.loads(dumps(scheme.determine(facts)))
    for path, value in (("gate/digest", "0"), ("gate", None)):
        with pytest.raises(DigestMismatch) as caught:
            loads(put(data, path, value), book)
        assert "$.gate.digest" in [problem.path for problem in caught.value.problems]


def test_layout_must_be_the_tables(book: RuleBook, worked: dict[str, Any]) -> None:
    """A record that tells another grid than the tables is refused, even with their digests."""
    text = put(json.loads(put(worked, "levels/2/facts/0/decimals", 2)), f"{HOUSE}/facts/heads", "60.00")
    with pytest.raises(RecordError) as caught:
        loads(text, book)
    assert ["$.levels[2].facts[0].decimals"] == [problem.path for problem in caught.value.problems]


def test_unknown_scheme(tmp_path: Path, worked: dict[str, Any]) -> None:
    """A book that does not have the scheme says so."""
    with pytest.raises(UnknownScheme):
        loads(json.dumps(worked), book_at(tmp_path, kinds=KINDS))


def test_equal_determinations_are_written_alike(book: RuleBook) -> None:
    """Neither the order of rows nor that of a subject's keys changes the text."""
    scheme = book.scheme("rows", on=DAY)
    turned = WORKED | {"project": WORKED["project"][::-1]}
    one = scheme.determine(WORKED, {"a": 1, "b": {"c": 2, "d": 3}})
    other = scheme.determine(turned, {"b": {"d": 3, "c": 2}, "a": 1})
    assert one == other
    assert dumps(one) == dumps(other)
