"""The rule book: series merged down the chain, versions, documents, odd files, folders beside single files."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from one_table import DOCUMENTS, TABLE, book_of, edited, folder_of

from jiangbu import Ambiguous, Finding, NotInForce, RuleBook, TableError

LPR = """format = 1
[series]
id = "lpr"
title = "贷款市场报价利率"
gives = { one_year = "rate" }
complete_until = 2024-12-31
[[series.rows]]
from = 2024-01-22
one_year = "3.45%"
[[series.rows]]
from = 2024-07-22
one_year = "3.35%"
"""
COUNTY = LPR.replace("complete_until = 2024-12-31", "complete_until = 2025-06-30")
COUNTY = COUNTY[: COUNTY.index("[[series.rows]]")] + '[[series.rows]]\nfrom = 2025-01-01\none_year = "3.10%"\n'

READS = edited(
    ('formula = "months(start, day) + 1"', 'formula = "months(start, day) + whole(lpr.one_year(day)) + 1"'),
    ("at_most  = 2024-12-31", "at_most  = 2025-12-31"),
    ("at_least = 2024-01-01\n", "at_least = 2024-01-22\n"),
)


def series_findings(book: RuleBook) -> list[tuple[str, str]]:
    return [(item.file, item.witness) for item in book.check() if item.code == "series"]


def rate(book: RuleBook, place: str, day: date) -> Fraction | None:
    row = book.series(place)["lpr"].at(day.toordinal())
    return None if row is None else row["one_year"]


# Series


def test_a_series_is_merged_down_the_chain(tmp_path: Path) -> None:
    """A county's own rows come after the nation's, for the county alone."""
    book = book_of(tmp_path, f000000__lpr=LPR, f999999__lpr=COUNTY)
    assert [] == series_findings(book)
    assert Fraction("0.0310") == rate(book, "999999", date(2025, 3, 1))
    assert Fraction("0.0345") == rate(book, "999999", date(2024, 7, 21))
    assert Fraction("0.0335") == rate(book, "999999", date(2024, 7, 22))
    assert None is rate(book, "620000", date(2025, 3, 1))


@pytest.mark.parametrize(
    ("day", "known"),
    [(date(2024, 1, 21), False), (date(2024, 1, 22), True), (date(2024, 12, 31), True), (date(2025, 1, 1), False)],
)
def test_outside_a_series_nothing_is_known(day: date, known: bool, tmp_path: Path) -> None:
    """From the first row to ``complete_until``, both included; never the last value beyond."""
    book = book_of(tmp_path, f000000__lpr=LPR)
    assert known == (rate(book, "999999", day) is not None)


CONTRADICTIONS = {
    "another value for a day that the nation has": (COUNTY.replace("2025-01-01", "2024-07-22"), "2024-07-22"),
    "another value between two rows of the nation": (COUNTY.replace("2025-01-01", "2024-03-01"), "2024-03-01"),
    "the value of before, kept over a change": (
        COUNTY.replace("2025-01-01", "2024-06-30").replace("3.10%", "3.45%"), "2024-07-22",
    ),
    "other columns": (COUNTY.replace("one_year", "five_years"), "2025-01-01"),
    "days that no file knows": (COUNTY.replace("2025-01-01", "2025-02-01"), "2025-01-01"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_county_may_not_contradict(name: str, tmp_path: Path) -> None:
    """A row that says something else than the series above is an error at that day; the series above stands."""
    text, witness = CONTRADICTIONS[name]
    book = book_of(tmp_path, f000000__lpr=LPR, f999999__lpr=text)
    assert [("999999/lpr.toml", witness)] == series_findings(book)
    assert Fraction("0.0345") == rate(book, "999999", date(2024, 3, 1))


def test_contradictions_are_found_in_whatever_order_files_come(tmp_path: Path) -> None:
    """A nation's file that is loaded after the county's contradicts it as well."""
    county = folder_of(tmp_path / "county", f999999__lpr=COUNTY.replace("2025-01-01", "2024-03-01"))
    nation = folder_of(tmp_path / "nation", f000000__lpr=LPR)
    assert [("000000/lpr.toml", "2024-03-01")] == series_findings(RuleBook.load(county, nation, shipped=False))


def test_the_same_rows_once_more_are_no_contradiction(tmp_path: Path) -> None:
    """A county that repeats what the nation says and adds a row says nothing wrong."""
    again = LPR.replace("2024-12-31", "2025-06-30") + '[[series.rows]]\nfrom = 2025-01-01\none_year = "3.10%"\n'
    book = book_of(tmp_path, f000000__lpr=LPR, f999999__lpr=again)
    assert [] == series_findings(book)
    assert Fraction("0.0310") == rate(book, "999999", date(2025, 6, 30))


SERIES_FAULTS = {
    "rows out of order": (("from = 2024-07-22", "from = 2024-01-01"), "series", "order of their days"),
    "a day twice": (("from = 2024-07-22", "from = 2024-01-22"), "series", "order of their days"),
    "a row after the end": (("complete_until = 2024-12-31", "complete_until = 2024-07-01"), "series", "after complete_until"),
    "a row without a column": (('one_year = "3.35%"\n', ""), "missing-key", "'one_year'"),
    "a row with another column": (('one_year = "3.35%"\n', 'one_year = "3.35%"\ntwo_years = "3%"\n'), "unknown-key", "'two_years'"),
    "a rate that is a number": (('one_year = "3.35%"', "one_year = 3"), "bad-value", "percent"),
    "no end": (("complete_until = 2024-12-31\n", ""), "missing-key", "'complete_until'"),
    "an unknown key": (('title = "', 'titel = "无"\ntitle = "'), "unknown-key", "'titel'"),
    "an unknown document": (('title = "', 'document = "无"\ntitle = "'), "document", "'无' does not stand"),
    "a column named from": (('gives = { one_year = "rate" }', 'gives = { one_year = "rate", from = "rate" }'), "bad-value", "'from' is no name"),
    "no format": (("format = 1\n", ""), "missing-key", "format = 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES_FAULTS)
def test_faults_of_a_series(name: str, tmp_path: Path) -> None:
    """A series file is held to its structure and to the order of its days."""
    (old, new), code, words = SERIES_FAULTS[name]
    found = book_of(tmp_path, f000000__lpr=LPR.replace(old, new, 1)).check()
    assert code in {item.code for item in found}
    assert any(words in f"{item.message} {item.remedy}" for item in found), found


BROKEN_SERIES = {
    "rows out of order": {"f000000__lpr": LPR.replace("2024-07-22", "2024-01-01")},
    "no TOML": {"f000000__lpr": LPR + "complete_until = \n"},
    "a county's file that contradicts": {
        "f000000__lpr": LPR,
        "f999999__lpr": COUNTY.replace("2025-01-01", "2024-03-01"),
    },
    "a county's file that is broken": {"f000000__lpr": LPR, "f999999__lpr": COUNTY.replace("3.10%", "3,10%")},
}


@pytest.mark.parametrize("name", BROKEN_SERIES)
def test_a_table_that_reads_a_broken_series_has_its_findings(name: str, tmp_path: Path) -> None:
    """What is wrong with a series is wrong with each table that reads it, and nothing more is said of its name."""
    book = book_of(tmp_path, award=READS, other=edited(('"award"', '"other"')), **BROKEN_SERIES[name])
    (finding,) = [item for item in book.check() if item.severity == "error"]
    assert finding.file.endswith("lpr.toml")
    with pytest.raises(TableError) as caught:
        book.scheme("award", on=date(2024, 6, 1))
    assert (finding,) == caught.value.findings
    assert "other" == book.scheme("other", on=date(2024, 6, 1)).id


def test_a_series_outside_makes_the_case_unreadable(tmp_path: Path) -> None:
    """A day after the series' end is a problem of the facts, ``outside-series``, and no amount."""
    scheme = book_of(tmp_path, f000000__lpr=LPR, award=READS).scheme("award", on=date(2025, 6, 1))
    facts = {"revenue": 0, "heads": 1, "sound": True, "track": "fresh", "day": "2025-01-01"}
    assert ["outside-series"] == [problem.code for problem in scheme.try_determine(facts).problems]
    assert [] == list(scheme.try_determine({**facts, "day": "2024-12-31"}).problems)


# Versions, clocks, places

OLD = edited(("until = 2026-12-31", "until = 2025-05-31"))
NEW = edited(
    ("试办〔2024〕1号", "试办〔2025〕2号"), ("from = 2024-01-01", "from = 2025-06-01"), ('value  = "3万"', 'value  = "4万"'),
)  # fmt: skip
DURING = NEW.replace("from = 2025-06-01", "from = 2025-01-01")
SUPERSEDES = DURING.replace("effective   =", 'supersedes  = "试办〔2024〕1号"\neffective   =')
LATE = {"revenue": "1亿", "heads": 0, "sound": True, "track": "fresh", "day": "2024-03-01"}


def validity(book: RuleBook) -> list[Finding]:
    return [item for item in book.check() if item.code == "validity"]


def test_versions_that_follow_one_another(tmp_path: Path) -> None:
    """The last day of the old rule and the first day of the new one each have their own amount."""
    book = book_of(tmp_path, award=OLD, award_2025=NEW)
    assert [] == validity(book)
    old, new = book.scheme("award", on=date(2025, 5, 31)), book.scheme("award", on=date(2025, 6, 1))
    assert (30000, 40000) == (old.determine(LATE).amount, new.determine(LATE).amount)


@pytest.mark.parametrize(
    ("until", "clash"), [("2024-12-31", False), ("2025-01-01", True), ("2026-12-31", True), ('"unseen"', True)]
)
def test_versions_that_overlap(until: str, clash: bool, tmp_path: Path) -> None:
    """One common day is an overlap; a rule without a known end runs on."""
    book = book_of(tmp_path, award=OLD.replace("until = 2025-05-31", f"until = {until}"), award_2025=DURING)
    assert clash == bool(validity(book))
    for finding in validity(book):
        assert ("999999/award_2025.toml", "error", "2025-01-01") == (finding.file, finding.severity, finding.witness)
        assert "supersedes = '试办〔2024〕1号'" in finding.remedy


def test_a_later_rule_that_supersedes_rules_from_its_first_day(tmp_path: Path) -> None:
    """Inside the old rule's validity the later one rules, if it says which document it supersedes."""
    book = book_of(tmp_path, award=OLD, award_2025=SUPERSEDES)
    assert [] == validity(book)
    assert "试办〔2024〕1号" == book.scheme("award", on=date(2024, 12, 31)).document.number
    assert "试办〔2025〕2号" == book.scheme("award", on=date(2025, 1, 1)).document.number
    assert "试办〔2024〕1号" == book.scheme("award", on=date(2025, 1, 1), under="试办〔2024〕1号").document.number


def test_a_superseded_rule_stays_superseded(tmp_path: Path) -> None:
    """When the later rule has ended, the earlier one does not come back, though its own dates would let it."""
    long = edited()
    short = SUPERSEDES.replace("until = 2026-12-31", "until = 2025-06-30")
    book = book_of(tmp_path, award=long, award_2025=short)
    assert "试办〔2025〕2号" == book.scheme("award", on=date(2025, 6, 30)).document.number
    with pytest.raises(NotInForce, match=r"superseded by 试办〔2025〕2号"):
        book.scheme("award", on=date(2025, 7, 1))
    assert "试办〔2024〕1号" == book.scheme("award", on=date(2025, 7, 1), known_on=date(2025, 5, 19)).document.number


def test_a_chain_of_three_documents(tmp_path: Path) -> None:
    """Each version supersedes the one before it: the checker finds no overlap, and each day has one rule."""
    third = "试办〔2026〕3号"
    entry = f'\n[[documents]]\nnumber = "{third}"\ntitle = "再修订"\nissuer = "某县"\nissued = 2026-01-20\nplace = "999999"\nknown = "seen"\n'
    last = SUPERSEDES.replace("试办〔2025〕2号", third).replace(
        'supersedes  = "试办〔2024〕1号"', 'supersedes  = "试办〔2025〕2号"'
    )
    last = last.replace("from = 2025-01-01", "from = 2026-02-01")
    book = book_of(tmp_path, documents=DOCUMENTS + entry, award=edited(), award_2025=SUPERSEDES, award_2026=last)
    assert [] == validity(book)
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    found = [book.scheme("award", on=day).document.number for day in days]
    assert ["试办〔2024〕1号", "试办〔2025〕2号", "试办〔2025〕2号", third] == found


GATE = """format = 1
[scheme]
id = "admission"
title = "准入"
place = "999999"
document = "{document}"
status = "in-force"
effective = {{ from = 2020-01-01, until = "unseen" }}
beneficiary = "operator"
[facts.linked]
label = "已建立联农带农机制"
kind = "flag"
[[requirements]]
name = "has_mechanism"
holds = "linked"
otherwise = "未建立联农带农机制"
clause = "第一条"
"""


@pytest.mark.parametrize(
    ("document", "under"),
    [("试办〔2024〕1号", "试办〔2024〕1号"), ("试办〔2025〕2号", "试办〔2024〕1号、试办〔2025〕2号")],
)
def test_a_gate_whose_end_was_not_seen_is_had_by_naming_its_document(document: str, under: str, tmp_path: Path) -> None:
    """``under`` reaches the gate: by the document that both share, or by the gate's own after ``、``."""
    lines = [line for line in edited().splitlines() if not line.startswith("no_gate")]
    head = lines.index(next(line for line in lines if line.startswith("beneficiary")))
    scheme = "\n".join([*lines[: head + 1], 'gate = "admission"', *lines[head + 1 :]])
    book = book_of(tmp_path, award=scheme, admission=GATE.format(document=document))
    with pytest.raises(TableError, match="more than three years"):
        book.scheme("award", on=date(2024, 6, 1))
    found = book.scheme("award", on=date(2024, 6, 1), under=under)
    assert found.gate is not None
    assert ("admission", document) == (found.gate.id, found.gate.document.number)


def test_an_end_before_the_start_is_a_fault_of_the_table(tmp_path: Path) -> None:
    """Such a rule is never in force; whoever asks for it is told of the fault, not that it has expired."""
    book = book_of(tmp_path, award=edited(("until = 2026-12-31", "until = 2023-12-31")))
    with pytest.raises(TableError) as caught:
        book.scheme("award", on=date(2024, 6, 1))
    assert ["bad-value"] == [item.code for item in caught.value.findings]


def test_a_superseded_document_is_told_with_every_output(tmp_path: Path) -> None:
    """Where documents.toml says by what a document is superseded, every output of its rule says so."""
    entry = 'number = "试办〔2024〕1号"\n'
    book = book_of(
        tmp_path, documents=DOCUMENTS.replace(entry, f'{entry}superseded_by = "试办〔2025〕2号"\n'), award=TABLE
    )
    told = [text for text in book.scheme("award", on=date(2024, 6, 1)).notices() if "试办〔2025〕2号" in text]
    assert ["依据文件已由试办〔2025〕2号替代，适用日期在其施行以后的不得再用"] == told


def test_without_supersedes_no_version_is_chosen(tmp_path: Path) -> None:
    """Two versions in force on one day are never chosen between silently."""
    book = book_of(tmp_path, award=OLD, award_2025=DURING)
    with pytest.raises(Ambiguous) as caught:
        book.scheme("award", on=date(2025, 2, 1))
    assert ["999999/award.toml", "999999/award_2025.toml"] == sorted(caught.value.candidates)


def test_what_was_not_yet_known_does_not_rule(tmp_path: Path) -> None:
    """Issued on 2025-05-20 with effect from January: before that day the old rule was the one to know."""
    book = book_of(tmp_path, award=OLD, award_2025=SUPERSEDES)
    day = date(2025, 2, 1)
    assert "试办〔2024〕1号" == book.scheme("award", on=day, known_on=date(2025, 5, 19)).document.number
    assert "试办〔2025〕2号" == book.scheme("award", on=day, known_on=date(2025, 5, 20)).document.number
    with pytest.raises(NotInForce):
        book.scheme("award", on=day, known_on=date(2023, 11, 30))


def test_under_a_document_that_does_not_rule_it(tmp_path: Path) -> None:
    """``under`` names a document of the scheme; another is refused with those that there are."""
    with pytest.raises(NotInForce, match=r"试办〔2024〕1号"):
        book_of(tmp_path, award=OLD).scheme("award", on=date(2024, 6, 1), under="试办〔2025〕2号")


UNSEEN = edited(("{ from = 2024-01-01, until = 2026-12-31 }", '{ from = "unseen", until = "unseen" }'))


@pytest.mark.parametrize(
    ("day", "fine"),
    [(date(2023, 11, 30), False), (date(2023, 12, 1), True), (date(2026, 12, 1), True), (date(2026, 12, 2), False)],
)
def test_unseen_start_and_end(day: date, fine: bool, tmp_path: Path) -> None:
    """An unseen start counts from the day of issue; more than three years later an unseen end is not trusted."""
    book = book_of(tmp_path, award=UNSEEN)
    if fine:
        assert book.scheme("award", on=day).on == day
    else:
        with pytest.raises(NotInForce):
            book.scheme("award", on=day)
    if day > date(2026, 1, 1):
        assert book.scheme("award", on=day, under="试办〔2024〕1号").on == day


def test_with_nothing_seen_any_day_is_in_force(tmp_path: Path) -> None:
    """Neither start nor issue day: the rule counts from any day (and is illustrative)."""
    text = UNSEEN.replace("试办〔2024〕1号", "文号未见：转载办法").replace('"in-force"', '"illustrative"')
    book = book_of(tmp_path, award=text)
    assert book.scheme("award", on=date(1995, 1, 1)).on == date(1995, 1, 1)
    errors = [item for item in book.check() if item.severity == "error"]
    assert ["case"] * 3 == [item.code for item in errors]
    assert all("on = …" in item.message for item in errors)


def test_a_rule_of_unknown_place_is_found_by_id_only(tmp_path: Path) -> None:
    """``place = "unknown"`` has no place above or below it."""
    book = book_of(tmp_path, award=edited(('place       = "999999"', 'place       = "unknown"')))
    assert "unknown" == book.scheme("award", on=date(2024, 6, 1)).place
    with pytest.raises(LookupError, match="by id only"):
        book.scheme("award", place="999999", on=date(2024, 6, 1))


# Files and folders


@pytest.mark.parametrize(
    ("raw", "line"),
    [("format = 1\n[scheme]\ntitle = \"奖补\"\n".encode("gb18030"), 3), (b"\xff\xfe" + "format = 1".encode("utf-16-le"), 1), (b"format = 1\nx = \"\x80\"\n", 2)],
)  # fmt: skip
def test_a_file_that_is_not_utf_8_is_told_so(raw: bytes, line: int, tmp_path: Path) -> None:
    """A file saved in another encoding gets one finding at the first wrong byte, and how to save it."""
    book = book_of(tmp_path, award=TABLE, other=raw)
    (finding,) = book.check()
    assert ("toml", "999999/other.toml", line) == (finding.code, finding.file, finding.line)
    assert "UTF-8" in finding.remedy
    assert book.scheme("award").id == "award"
    with pytest.raises(TableError):
        book.scheme("other")


@pytest.mark.parametrize(
    "text", ["\ufeff" + TABLE, TABLE.replace("\n", "\r\n"), "\ufeff" + TABLE.replace("\n", "\r\n")]
)
def test_what_notepad_saves_is_read(text: str, tmp_path: Path) -> None:
    """A mark at the head and Windows line ends change nothing."""
    assert () == book_of(tmp_path, award=text.encode()).check()


def test_a_single_file_finds_the_documents_beside_it(tmp_path: Path) -> None:
    """A single file is loaded with the ``documents.toml`` of its folder."""
    (tmp_path / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    (tmp_path / "award.toml").write_text(TABLE, encoding="utf-8")
    book = RuleBook.load(tmp_path / "award.toml", shipped=False)
    assert () == book.check()
    assert ["award.toml"] == [entry.path for entry in book.entries()]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    """A folder and a file inside it are no two versions of one rule."""
    root = folder_of(tmp_path / "tables", award=TABLE)
    book = RuleBook.load(root, root / "999999" / "award.toml", root, shipped=False)
    assert ["999999/award.toml"] == [entry.path for entry in book.entries()]
    assert () == book.check()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A mistyped folder is an error of the call, with its name."""
    with pytest.raises(FileNotFoundError, match="no-such"):
        RuleBook.load(tmp_path / "no-such")


DOCUMENT_FAULTS = {
    "a document twice in one file": (DOCUMENTS + DOCUMENTS.split("format = 1")[1].split("[[documents]]\n")[1].join(["[[documents]]\n", ""]), "duplicate-name", "stands twice"),
    "a document described otherwise": (DOCUMENTS + DOCUMENTS.split("[[documents]]\n")[1].join(["[[documents]]\n", ""]).replace("试验办法", "别的办法"), "document", "described otherwise"),
    "an unknown way of knowing": (DOCUMENTS.replace('"reported"', '"rumoured"'), "bad-value", "seen, reported, aggregated"),
    "a day as text": (DOCUMENTS.replace("issued = 2025-05-20", 'issued = "2025-05-20"'), "bad-value", "without quotes"),
    "a missing issuer": (DOCUMENTS.replace('issuer = "某县"\nissued = "unseen"\nplace  = "999999"\nknown  = "reported"', 'issued = "unseen"\nplace  = "999999"\nknown  = "reported"'), "missing-key", "'issuer'"),
    "an unknown key": (DOCUMENTS + 'numbr = "1"\n', "unknown-key", "did you mean 'number'"),
    "one pair of brackets": ('format = 1\n[documents]\nnumber = "试办〔2024〕1号"\n', "bad-value", "[[documents]]"),
    "no format": (DOCUMENTS.replace("format = 1\n", ""), "missing-key", "format = 1"),
    "no TOML": (DOCUMENTS + "note = \n", "toml", "the value is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENT_FAULTS)
def test_faults_of_documents(name: str, tmp_path: Path) -> None:
    """``documents.toml`` is held to its structure, and no two entries of one number may differ."""
    text, code, words = DOCUMENT_FAULTS[name]
    found = [item for item in book_of(tmp_path, documents=text, award=TABLE).check() if item.file == "documents.toml"]
    assert [code] == [item.code for item in found], found
    assert words in f"{found[0].message} {found[0].remedy}"


HIDING = {
    "a fault of its entry": DOCUMENTS.replace('title  = "试验办法"\n', 'titel  = "试验办法"\n'),
    "a fault of its number": DOCUMENTS.replace('number = "试办〔2024〕1号"', "number = 20241"),
    "no TOML": DOCUMENTS.replace('issuer = "示例县人民政府"\nissued = 2023', "issuer = 示例县\nissued = 2023"),
    "one pair of brackets": 'format = 1\n[documents]\nnumber = "试办〔2024〕1号"\n',
}


@pytest.mark.parametrize("name", HIDING)
def test_faults_that_hide_a_document_are_told_with_the_scheme(name: str, tmp_path: Path) -> None:
    """A document that cannot be found because of a fault of the list: the fault is told, not that it is not there."""
    book = book_of(tmp_path, documents=HIDING[name], award=TABLE)
    with pytest.raises(TableError) as caught:
        book.scheme("award", on=date(2024, 6, 1))
    assert {"documents.toml"} == {item.file for item in caught.value.findings}
    assert set(caught.value.findings) <= set(book.check())


def test_a_fault_of_another_document_hides_nothing(tmp_path: Path) -> None:
    """A document that is nowhere is told so, whatever else is wrong with the list."""
    broken = DOCUMENTS.replace('issuer = "某县"\nissued = "unseen"\nplace  = "999999"\nknown  = "reported"', "")
    book = book_of(tmp_path, documents=broken, award=edited(("试办〔2024〕1号", "试办〔2024〕3号")))
    with pytest.raises(TableError) as caught:
        book.scheme("award", on=date(2024, 6, 1))
    assert [("999999/award.toml", "document")] == [(item.file, item.code) for item in caught.value.findings]


def test_what_supersedes_a_document_is_a_document(tmp_path: Path) -> None:
    """``superseded_by`` names a document of any folder, earlier or later; the nearest is told for one that is none."""
    entry = 'number = "试办〔2024〕1号"\n'
    later = DOCUMENTS.replace("试办〔2025〕2号", "试办〔2026〕3号")

    def found_for(place: str, number: str) -> list[tuple[str, str, str, str]]:
        first = folder_of(
            tmp_path / place, documents=DOCUMENTS.replace(entry, f'{entry}superseded_by = "{number}"\n'), award=TABLE
        )
        other = folder_of(
            tmp_path / f"{place}-later", documents=later.replace(entry, f'{entry}superseded_by = "{number}"\n')
        )
        found = RuleBook.load(first, other, shipped=False).check()
        return [(item.code, item.severity, item.where, item.remedy) for item in found]

    assert [] == found_for("a", "试办〔2025〕2号")
    assert [] == found_for("b", "试办〔2026〕3号")
    nearest = [("document", "error", "documents[0].superseded_by", "did you mean '试办〔2025〕2号'?")]
    assert nearest == found_for("c", "试办〔2025〕2")
    assert "add [[documents]]" == found_for("d", "XYZ")[0][3]


def test_titles_are_those_of_the_nearest_place(tmp_path: Path) -> None:
    """Where places share an id, a county's page calls a scheme by the county's title, its city's before another's."""
    texts = {
        place: edited(('place       = "999999"', f'place       = "{place}"'), ('"试验奖补"', f'"奖补{place}"'))
        for place in ("620825", "620800", "110000")
    }
    book = book_of(tmp_path, **{f"f{place}__award": text for place, text in texts.items()})
    assert {"620825": "奖补620825", "620826": "奖补620800", "110000": "奖补110000"} == {
        place: book.titles(place)["award"] for place in ("620825", "620826", "110000")
    }


def test_documents_of_two_folders_may_not_contradict(tmp_path: Path) -> None:
    """A later folder wins nothing: another description of the same number is an error, the first one stands."""
    first = folder_of(tmp_path / "a", award=TABLE)
    second = folder_of(tmp_path / "b", documents=DOCUMENTS.replace("试验办法（修订）", "改过的名字"))
    book = RuleBook.load(first, second, shipped=False)
    assert ["document"] == [item.code for item in book.check()]
    assert "试验办法（修订）" == book.documents["试办〔2025〕2号"].title
    assert () == RuleBook.load(first, folder_of(tmp_path / "c"), shipped=False).check()


def test_a_later_folder_may_not_say_a_rule_again(tmp_path: Path) -> None:
    """The same id, place and time in two folders is an overlap, even if the texts are the same."""
    first, second = folder_of(tmp_path / "a", award=TABLE), folder_of(tmp_path / "b", award=TABLE)
    assert ["validity"] == [item.code for item in RuleBook.load(first, second, shipped=False).check()]
