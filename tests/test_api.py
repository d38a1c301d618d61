"""The contract of the Python API, sentence by sentence, over small tables written to a folder."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

import jiangbu
from jiangbu import (
    Ambiguous,
    Determination,
    FactsError,
    JiangbuError,
    NotInForce,
    Outcome,
    RuleBook,
    Scheme,
    TableError,
    UnknownScheme,
)  # fmt: skip

DOCUMENT = """
[[documents]]
number = "{number}"
title  = "试验办法"
issuer = "某人民政府"
issued = {issued}
place  = "{place}"
known  = "seen"
"""

TABLE = """
format = 1
[scheme]
id          = "{id}"
title       = "养殖奖补"
place       = "{place}"
document    = "{number}"
status      = "{status}"
effective   = {{ from = {start}{until} }}
beneficiary = "household"
pays        = "award"
{more}
[facts.revenue]
label    = "营业收入"
kind     = "money"
at_least = 0
at_most  = "10亿"
[facts.heads]
label    = "头数"
kind     = "number"
unit     = "头"
at_least = 0
at_most  = 1000
[facts.rate]
label    = "利率"
kind     = "rate"
at_least = 0
at_most  = "24%"
default  = "5%"
[facts.sound]
label   = "正常"
kind    = "flag"
[facts.track]
label   = "方向"
kind    = "choice"
options = {{ cattle = "养牛é", sheep = "养羊" }}
[facts.since]
label = "登记日期"
kind  = "date"
[constants.each]
label  = "每头标准"
kind   = "money"
value  = 100
clause = "第二条"
[tables.tier]
label  = "档次"
input  = "revenue"
clause = "第三条"
holes  = "refuse"
gives  = {{ more = "money" }}
rows   = [ {{ less_than = "1万", more = 0 }}, {{ at_least = "2万", more = 500 }} ]
[[requirements]]
name      = "is_sound"
holds     = "sound"
otherwise = "不正常"
clause    = "第四条"
[[requirements]]
name      = "old_enough"
holds     = "since <= cutoff"
otherwise = "登记太晚"
clause    = "第五条"
[constants.cutoff]
label  = "截止日"
kind   = "date"
value  = 2024-01-01
clause = "第五条"
[[remarks]]
name = "sheep"
when = "track == 'sheep'"
says = "养羊"
[[lines]]
name    = "base"
label   = "基础"
formula = "heads * each"
clause  = "第二条"
reading = "按头数计"
[[lines]]
name    = "part"
label   = "份额"
formula = "rate / 3"
round   = "none"
clause  = "第二条"
[[lines]]
name    = "last_day"
label   = "到期日"
formula = "later(since, 12)"
clause  = "第二条"
[[lines]]
name    = "many"
label   = "达到百头"
formula = "heads >= 100"
clause  = "第二条"
[[lines]]
name    = "kind"
label   = "方向"
formula = "track"
clause  = "第二条"
[[lines]]
name    = "award"
label   = "奖补"
formula = "base + tier.more"
clause  = "第三条"
"""

RECOVERED = """
[[lines]]
name    = "back"
label   = "应收回"
formula = "base / 3"
round   = "none"
clause  = "第六条"
"""

FACTS: dict[str, Any] = {
    "revenue": "3万", "heads": 5, "sound": True, "track": "cattle", "since": date(2023, 2, 28),
}  # fmt: skip
DAY = date(2024, 6, 3)


def table(
    id: str = "award", place: str = "620825", number: str = "文1", start: str = "2024-01-01", until: str = "",
    status: str = "in-force", more: str = "",
) -> str:  # fmt: skip
    end = f", until = {until}" if until else ""
    return TABLE.format(id=id, place=place, number=number, start=start, until=end, status=status, more=more)


def write(folder: Path, *tables: str, **issued: str) -> Path:
    """Write tables and their documents, each issued on 2023-12-01 unless another day is given."""
    text = "format = 1\n"
    for number in dict.fromkeys(re.search(r'document += "(.*)"', one)[1] for one in tables):  # type: ignore[index]
        text += DOCUMENT.format(number=number, issued=issued.get(number, "2023-12-01"), place="620825")
    (folder / "documents.toml").write_text(text, encoding="utf-8")
    for at, one in enumerate(tables):
        (folder / f"t{at}.toml").write_text(one, encoding="utf-8")
    return folder


def load(folder: Path, *tables: str, **issued: str) -> RuleBook:
    return RuleBook.load(write(folder, *tables, **issued), shipped=False)


@pytest.fixture(scope="module")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    return load(tmp_path_factory.mktemp("one"), table()).scheme("award", on=DAY)


# The public door


def test_at_most_twenty_names() -> None:
    """The top of the package offers at most 20 names, in alphabetical order, and each can be had."""
    assert sorted(jiangbu.__all__) == jiangbu.__all__
    assert len(jiangbu.__all__) <= 20
    assert all(hasattr(jiangbu, name) for name in jiangbu.__all__)
    assert set(jiangbu.__all__) <= set(dir(jiangbu))


def test_errors_are_one_tree() -> None:
    """Every error stands under JiangbuError and has a code of its own."""
    errors = [
        item for name in jiangbu.__all__
        if isinstance(item := getattr(jiangbu, name), type) and issubclass(item, Exception)
    ]  # fmt: skip
    assert all(issubclass(error, JiangbuError) for error in errors)
    assert len({error.code for error in errors}) == len(errors)


# The determination


def test_outcome_amount_lines(scheme: Scheme) -> None:
    """A payable case: its amount, its lines in order with label, clause and reading, what was assumed."""
    result = scheme.determine(FACTS, subject={"name": "示例牧业", "seq": 12})
    assert (Outcome.PAYABLE, Decimal("1000.00")) == (result.outcome, result.amount)
    assert "1000.00" == str(result.amount)
    assert ["base", "part", "last_day", "many", "kind", "award"] == list(result.lines)
    base = result.lines["base"]
    assert ("base", "基础", "第二条", "按头数计") == (base.name, base.label, base.clause, base.reading)
    assert ("rate",) == result.assumed
    assert {"name": "示例牧业", "seq": 12} == result.subject
    assert () == result.refusals == result.problems == result.remarks


def test_values_by_kind(scheme: Scheme) -> None:
    """Rounded money is Decimal, an exact rate Fraction, and there are bool, date and text; facts likewise."""
    lines = scheme.determine(FACTS).lines
    values = [lines[name].value for name in ("base", "part", "last_day", "many", "kind")]
    assert [Decimal("500.00"), Fraction(1, 60), date(2024, 2, 28), False, "cattle"] == values
    assert [Decimal, Fraction, date, bool, str] == [type(value) for value in values]
    facts = scheme.determine(FACTS).facts
    assert (Decimal("30000.00"), Decimal(5), Fraction(1, 20)) == (facts["revenue"], facts["heads"], facts["rate"])


def test_lines_are_read_only(scheme: Scheme) -> None:
    """Neither a determination nor its lines, nor a scheme, can be changed."""
    result = scheme.determine(FACTS)
    with pytest.raises(TypeError):
        result.lines["base"] = 1  # type: ignore[index]
    for thing, name in ((result, "amount"), (result, "anything"), (scheme, "title"), (result.lines["base"], "value")):
        with pytest.raises((AttributeError, FrozenInstanceError)):
            setattr(thing, name, 1)


def test_equal_cases_are_equal(scheme: Scheme) -> None:
    """The same facts, however written, give equal determinations; the subject is part of them."""
    other = FACTS | {"revenue": Decimal("30000.00"), "track": "养牛é", "since": "2023-02-28"}
    assert scheme.determine(FACTS) == scheme.determine(other)
    assert scheme.determine(FACTS) != scheme.determine(FACTS | {"heads": 6})
    assert scheme.determine(FACTS, {"seq": 1}) != scheme.determine(FACTS, {"seq": 2})


def test_nil_by_rule(scheme: Scheme) -> None:
    """Every requirement holds and the amount is zero: nil, not refused."""
    result = scheme.determine(FACTS | {"heads": 0, "revenue": 0})
    assert (Outcome.NIL, Decimal("0.00")) == (result.outcome, result.amount)


def test_refused_lists_all(scheme: Scheme) -> None:
    """Every failing requirement is listed with code, sentence and clause; what the lines give is shown as such."""
    result = scheme.determine(FACTS | {"sound": False, "since": "2024-05-01"})
    assert (Outcome.REFUSED, Decimal("0.00")) == (result.outcome, result.amount)
    found = [(item.code, item.sentence, item.clause) for item in result.refusals]
    assert [("award.is_sound", "不正常", "第四条"), ("award.old_enough", "登记太晚", "第五条")] == found
    assert Decimal("1000.00") == result.lines["award"].value


def test_hole_refuses(scheme: Scheme) -> None:
    """A case in a hole of a table is refused under the table's name, and its line has no value."""
    result = scheme.determine(FACTS | {"revenue": "1.5万"})
    assert (Outcome.REFUSED, ["award.tier"]) == (result.outcome, [item.code for item in result.refusals])
    assert (None, Decimal("500.00")) == (result.lines["award"].value, result.lines["base"].value)


def test_remarks_change_nothing(scheme: Scheme) -> None:
    """A remark is told and the amount stays."""
    result = scheme.determine(FACTS | {"track": "养羊"})
    assert [("sheep", "养羊")] == [(item.name, item.sentence) for item in result.remarks]
    assert Decimal("1000.00") == result.amount


def test_explain_is_text(scheme: Scheme) -> None:
    """The derivation can be asked for in Chinese and English."""
    result = scheme.determine(FACTS)
    assert isinstance(result.explain(), str)
    assert isinstance(result.explain("en"), str)


def test_parts_of_a_scheme(scheme: Scheme) -> None:
    """A scheme offers its facts, constants, tables, lines and requirements by name, in the order of the file."""
    assert ["revenue", "heads", "rate", "sound", "track", "since"] == list(scheme.facts)
    fact = scheme.facts["heads"]
    assert ("number", "头数", "头", False) == (fact.kind, fact.label, fact.unit, fact.has_default)
    assert {"cattle": "养牛é", "sheep": "养羊"} == dict(scheme.facts["track"].options)
    assert Fraction(100) == scheme.constants["each"].value
    assert ["is_sound", "old_enough"] == list(scheme.requirements)
    assert ["tier"] == list(scheme.tables)


# Bad facts


def test_determine_raises_with_all_problems(scheme: Scheme) -> None:
    """determine names every problem at once: path, code, found, expected, remedy."""
    with pytest.raises(FactsError) as caught:
        scheme.determine({"revenue": 1.5, "heads": "x", "headz": 1, "track": "horses", "since": "2024-02-30"})
    found = {(problem.path, problem.code) for problem in caught.value.problems}
    assert {
        ("revenue", "float"), ("heads", "text"), ("headz", "unknown-fact"), ("sound", "missing"),
        ("track", "option"), ("since", "date"),
    } == found  # fmt: skip
    assert all(problem.found and problem.expected for problem in caught.value.problems)
    assert "heads" in next(item.remedy for item in caught.value.problems if item.path == "headz")


def test_try_determine_is_unreadable(scheme: Scheme) -> None:
    """try_determine gives an UNREADABLE determination that carries the same problems."""
    bad = FACTS | {"heads": 1001}
    result = scheme.try_determine(bad)
    assert (Outcome.UNREADABLE, Decimal("0.00")) == (result.outcome, result.amount)
    with pytest.raises(FactsError) as caught:
        scheme.determine(bad)
    assert caught.value.problems == result.problems


@pytest.mark.parametrize("facts", [None, 1, "x", [], [("heads", 1)]])
def test_facts_that_are_no_mapping(scheme: Scheme, facts: Any) -> None:
    """What is no mapping is a problem, not a traceback."""
    assert ["kind"] == [problem.code for problem in scheme.try_determine(facts).problems]


def test_determine_many(scheme: Scheme) -> None:
    """Many cases come lazily, in order, as facts or (facts, subject); a bad one never stops the rest."""
    seen = []

    def cases() -> Iterator[Any]:
        for case in (FACTS, (FACTS, {"seq": 2}), {"heads": 1}, None, (FACTS | {"sound": False}, None), FACTS):
            seen.append(case)
            yield case

    results = scheme.determine_many(cases())
    assert [] == seen
    first = next(iter(results))
    assert first == scheme.determine(FACTS)
    rest = list(results)
    assert [None, *[2], None] == [(item.subject or {}).get("seq") for item in (first, *rest[:2])]
    assert ["payable", "unreadable", "unreadable", "refused", "payable"] == [item.outcome.value for item in rest]
    assert all(isinstance(item, Determination) for item in rest)


GOOD = [
    ("revenue", 30000, Decimal("30000.00")),
    ("revenue", "3万", Decimal("30000.00")),
    ("revenue", "0.5亿", Decimal("50000000.00")),
    ("revenue", "0.0003万亿", Decimal("300000000.00")),
    ("revenue", Decimal("29999.99"), Decimal("29999.99")),
    ("revenue", "29999.990", Decimal("29999.99")),
    ("revenue", Decimal("3E+4"), Decimal("30000.00")),
    ("heads", "12", Decimal(12)),
    ("heads", Decimal("12.0"), Decimal(12)),
    ("rate", "4.35%", Fraction(435, 10_000)),
    ("rate", "2‰", Fraction(1, 500)),
    ("rate", "0.000001", Fraction(1, 10**6)),
    ("rate", Decimal("0.05"), Fraction(1, 20)),
    ("rate", None, Fraction(1, 20)),
    ("track", "养牛e\u0301", "cattle"),
    ("since", "2023-02-28", date(2023, 2, 28)),
]


@pytest.mark.parametrize(("fact", "given", "taken"), GOOD)
def test_what_the_door_takes(scheme: Scheme, fact: str, given: Any, taken: Any) -> None:
    """Money and numbers as int, Decimal or text with 万 and 亿, rates as text, labels in any Unicode form."""
    assert taken == scheme.determine(FACTS | {fact: given}).facts[fact]


BAD = [
    ("heads", True, "kind"),
    ("revenue", False, "kind"),
    ("revenue", 1.0, "float"),
    ("rate", 0.05, "float"),
    ("revenue", float("nan"), "float"),
    ("revenue", float("inf"), "float"),
    ("revenue", Decimal("NaN"), "kind"),
    ("revenue", Decimal("-Infinity"), "kind"),
    ("revenue", Decimal("1E+999999999"), "bounds"),
    ("revenue", Decimal("1E-999999999"), "decimals"),
    ("revenue", 10**3000, "bounds"),
    ("revenue", "1,000", "text"),
    ("revenue", "１２", "text"),
    ("revenue", " 12", "text"),
    ("revenue", "12元", "text"),
    ("revenue", "1e3", "text"),
    ("revenue", "0" * 1001, "text"),
    ("revenue", "0.001", "decimals"),
    ("revenue", Decimal("0.001"), "decimals"),
    ("heads", "0.5", "decimals"),
    ("rate", "0.0000001", "decimals"),
    ("rate", 0, "kind"),
    ("rate", "1/20", "text"),
    ("revenue", -1, "bounds"),
    ("revenue", "11亿", "bounds"),
    ("sound", 1, "kind"),
    ("sound", "true", "kind"),
    ("track", "cow", "option"),
    ("track", 1, "kind"),
    ("track", "养牛\u0007", "text"),
    ("track", "x" * 1001, "text"),
    ("since", datetime(2023, 2, 28), "date"),
    ("since", "2023-02-29", "date"),
    ("since", "2023/02/28", "date"),
    ("since", "20230228", "date"),
    ("since", 738_000, "kind"),
    ("since", "1989-12-31", "bounds"),
    ("heads", None, "missing"),
    ("heads", [], "kind"),
    ("heads", b"1", "kind"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "given", "code"), BAD)
def test_what_the_door_refuses(scheme: Scheme, fact: str, given: Any, code: str) -> None:
    """Each value that does not come in has its code, at its path, by itself or among many."""
    alone = scheme.try_determine(FACTS | {fact: given}).problems
    assert [(fact, code)] == [(problem.path, problem.code) for problem in alone]
    (among,) = scheme.determine_many([FACTS | {fact: given}])
    assert alone == among.problems


def test_float_remedy(scheme: Scheme) -> None:
    """A float is refused with the remedy."""
    (problem,) = scheme.try_determine(FACTS | {"revenue": 0.1}).problems
    assert "give text or Decimal" == problem.remedy


# Finding a scheme


def test_unknown_scheme_names_the_nearest(tmp_path: Path) -> None:
    """An unknown id is told with the nearest ones."""
    with pytest.raises(UnknownScheme) as caught:
        load(tmp_path, table(id="cattle-award")).scheme("catle-award")
    assert ("cattle-award",) == caught.value.nearest
    assert isinstance(caught.value, LookupError)


def test_ambiguous_without_place(tmp_path: Path) -> None:
    """An id that several places share is Ambiguous without a place, with the list."""
    book = load(tmp_path, table(place="620825"), table(place="620000"))
    with pytest.raises(Ambiguous) as caught:
        book.scheme("award", on=DAY)
    assert ("620000", "620825") == caught.value.candidates


@pytest.mark.parametrize(
    ("asked", "found"),
    [("620825", "620825"), ("620826", "620800"), ("620800", "620800"), ("620100", "620000"), ("110000", "000000")],
)
def test_nearest_place_upward(tmp_path: Path, asked: str, found: str) -> None:
    """A lookup takes the nearest place upward: county, city, province, nation."""
    book = load(tmp_path, *(table(place=place) for place in ("620825", "620800", "620000", "000000")))
    assert found == book.scheme("award", place=asked, on=DAY).place


def test_no_place_above(tmp_path: Path) -> None:
    """A rule of elsewhere is not found, nor is one of unknown place from a place; by id it is."""
    book = load(tmp_path, table(place="620825"), table(id="other", place="unknown"))
    for id, place in (("award", "620826"), ("other", "620825")):
        with pytest.raises(UnknownScheme):
            book.scheme(id, place=place, on=DAY)
    assert "unknown" == book.scheme("other", on=DAY).place


@pytest.mark.parametrize(
    ("day", "fine"),
    [(date(2023, 12, 31), False), (date(2024, 1, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)],
)
def test_both_days_of_validity_are_in(tmp_path: Path, day: date, fine: bool) -> None:
    """A rule is in force from its first day to its last, and refused the day before and after."""
    book = load(tmp_path, table(until="2026-12-31"))
    if fine:
        assert day == book.scheme("award", on=day).on
    else:
        with pytest.raises(NotInForce):
            book.scheme("award", on=day)


def test_without_a_day_it_is_shown_and_not_applied(tmp_path: Path) -> None:
    """A scheme asked for without a day can be read; it refuses to determine."""
    scheme = load(tmp_path, table()).scheme("award")
    assert "养殖奖补" == scheme.title
    for call in (scheme.determine, scheme.try_determine):
        with pytest.raises(NotInForce):
            call(FACTS)
    with pytest.raises(NotInForce):
        list(scheme.determine_many([FACTS]))


@pytest.mark.parametrize(
    ("day", "under", "fine"),
    [
        (date(2027, 1, 1), None, True),
        (date(2027, 1, 2), None, False),
        (date(2027, 1, 2), "文1", True),
        (date(2023, 12, 31), "文1", False),
    ],
)
def test_three_years_after_an_unseen_end(tmp_path: Path, day: date, under: str | None, fine: bool) -> None:
    """A rule with an unseen end is refused more than three years after its start unless its document is named."""
    book = load(tmp_path, table(until='"unseen"'))
    if fine:
        assert Outcome.PAYABLE is book.scheme("award", on=day, under=under).determine(FACTS).outcome
    else:
        with pytest.raises(NotInForce):
            book.scheme("award", on=day, under=under)


def test_an_unseen_start_counts_from_the_day_of_issue(tmp_path: Path) -> None:
    """An unseen first day is the day of issue."""
    book = load(tmp_path, table(start='"unseen"', until="2026-12-31"), 文1="2024-03-01")
    assert book.scheme("award", on=date(2024, 3, 1))
    with pytest.raises(NotInForce):
        book.scheme("award", on=date(2024, 2, 29))


def test_versions_by_day_and_document(tmp_path: Path) -> None:
    """on picks the version in force; under names another's document, which is held to its own days."""
    book = load(tmp_path, table(until="2024-12-31"), table(number="文2", start="2025-01-01"), 文2="2024-12-01")
    versions = [book.scheme("award", on=day).document.number for day in (date(2024, 12, 31), date(2025, 1, 1))]
    assert ["文1", "文2"] == versions
    with pytest.raises(NotInForce):
        book.scheme("award", on=date(2025, 1, 1), under="文1")
    with pytest.raises(NotInForce):
        book.scheme("award", on=date(2025, 1, 1), under="文9")
    with pytest.raises(Ambiguous):
        book.scheme("award")


def test_known_on_hides_later_documents(tmp_path: Path) -> None:
    """known_on hides a document issued later, even one that is in force that day."""
    later = table(number="文2", start="2024-03-01", more='supersedes = "文1"')
    book = load(tmp_path, table(), later, 文2="2024-05-20")
    found = [
        book.scheme("award", on=DAY, known_on=known).document.number
        for known in (None, date(2024, 5, 20), date(2024, 5, 19))
    ]
    assert ["文2", "文2", "文1"] == found
    with pytest.raises(NotInForce):
        book.scheme("award", on=DAY, known_on=date(2023, 11, 30))


def test_entries(tmp_path: Path) -> None:
    """entries lists every scheme with place, title, status, validity and document, broken files too."""
    book = load(tmp_path, table(until="2026-12-31"), table(id="other", place="620000", status="illustrative"))
    (tmp_path / "bad.toml").write_text("format = ", encoding="utf-8")
    entries = [(item.id, item.place, item.status, item.effective.until) for item in book.entries()]
    assert [("other", "620000", "illustrative", None), ("award", "620825", "in-force", date(2026, 12, 31))] == entries
    assert "试验办法" == book.entries()[0].document.title  # type: ignore[union-attr]
    assert {"文1"} == set(book.documents)


def test_folders_add_up(tmp_path: Path) -> None:
    """Further folders are read beside the shipped tables; one that is not there is an error of the caller."""
    ids = {entry.id for entry in RuleBook.load(write(tmp_path, table())).entries()}
    assert {"award", "example-scale-award"} <= ids
    with pytest.raises(FileNotFoundError):
        RuleBook.load(tmp_path / "nowhere")


# Broken tables


def test_a_broken_table_raises_when_asked_for(tmp_path: Path) -> None:
    """load never raises for a broken table; scheme raises with all findings, check returns them."""
    broken = table().replace("heads * each", "heads * eech").replace('kind  = "date"', 'kind  = "day"')
    book = load(tmp_path, broken)
    with pytest.raises(TableError) as caught:
        book.scheme("award", on=DAY)
    codes = {finding.code for finding in caught.value.findings}
    assert {"unknown-name", "bad-value"} <= codes
    assert all(finding.line > 0 and finding.file == "t0.toml" for finding in caught.value.findings)
    assert codes <= {finding.code for finding in book.check()}


def test_what_is_recovered_is_rounded(tmp_path: Path) -> None:
    """A line of money to recover that has no fen of its own is refused, not shown as zero."""
    exact = table(more='recovers = "back"') + RECOVERED
    with pytest.raises(TableError) as caught:
        load(tmp_path, exact).scheme("award", on=DAY)
    assert ["rounding"] == [finding.code for finding in caught.value.findings]
    rounded = exact.replace('round   = "none"\n', "", 2).replace(
        'label   = "份额"', 'label   = "份额"\nround   = "none"'
    )
    result = load(tmp_path, rounded).scheme("award", on=DAY).determine(FACTS)
    assert Decimal("166.67") == result.recovers


def test_a_file_that_is_no_toml_hides_no_other(tmp_path: Path) -> None:
    """A file that cannot be read is a finding of its own; the others are there."""
    write(tmp_path, table())
    (tmp_path / "bad.toml").write_text("format = = 1", encoding="utf-8")
    book = RuleBook.load(tmp_path, shipped=False)
    assert book.scheme("award", on=DAY)
    assert [("toml", "bad.toml", 1)] == [
        (item.code, item.file, item.line) for item in book.check() if item.file == "bad.toml"
    ]
    with pytest.raises(TableError):
        book.scheme("bad")


def test_nothing_is_shared_between_cases(scheme: Scheme) -> None:
    """The order in which cases are determined changes nothing."""
    cases = [FACTS, FACTS | {"sound": False}, {"heads": 1}, FACTS | {"track": "sheep"}]
    alone = [scheme.try_determine(case) for case in cases]
    for order in itertools.permutations(range(4)):
        assert [alone[at] for at in order] == list(scheme.determine_many(cases[at] for at in order))


def test_a_tuple_that_is_no_pair_stops_nothing() -> None:
    """In ``determine_many`` an item that is neither facts nor a pair is unreadable, and the rest go on."""
    book = jiangbu.RuleBook.load()
    scheme = book.scheme("example-scale-award", place="999999", on=date(2024, 12, 31))
    good = {"revenue": "1亿", "best_prior_revenue": 0, "has_violation": True}
    outcomes = [item.outcome.value for item in scheme.determine_many([good, (good, {}, 3), good])]  # type: ignore[list-item]
    assert outcomes == ["refused", "unreadable", "refused"]
