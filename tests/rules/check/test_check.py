"""The checker: worked cases, made cases, promises with their counter-examples, the second opinion."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from one_table import HEAD, LEVELS, TABLE, book_of, edited, found_in, line_of

from jiangbu import Finding, Scheme
from jiangbu.audit.second_opinion import differences, second_opinion
from jiangbu.rules.check import Checked, check_path, report
from jiangbu.rules.check.cases import run_cases

SMALL = (
    HEAD
    + """
[facts.heads]
label    = "头数"
kind     = "number"
at_least = 0
at_most  = 20
[facts.joined]
label = "已加入"
kind  = "flag"
[constants.each]
label  = "每头"
kind   = "money"
value  = 100
clause = "一"
[constants.cap]
label  = "最高"
kind   = "money"
value  = 500
clause = "一"
[constants.turn]
label  = "转折"
kind   = "number"
value  = 10
clause = "一"
[[lines]]
name    = "paid"
label   = "奖补"
formula = "FORMULA"
clause  = "一"
"""
)


def checked(folder: Path, text: str, **others: str) -> tuple[Checked, list[Finding]]:
    """Return what the checker reports of one table."""
    found = report(book_of(folder, award=text, **others), book_of(folder, award=text, **others).files)
    (one,) = [item for item in found.schemes if item.id == "award"]
    return one, [item for item in found.findings if item.code == "promise"]


def promised(folder: Path, formula: str, promise: str, facts: str = "") -> tuple[Checked, list[Finding]]:
    return checked(folder, SMALL.replace("FORMULA", formula) + facts + f"[[promises]]\n{promise}\n")


# Promises

KEPT = {
    "rising": ("heads * each", 'never_decreases_in = "heads"'),
    "flat at the cap": ("min(cap, heads * each)", 'never_decreases_in = "heads"'),
    "never more than": ("min(cap, heads * each)", 'never_more_than = "cap"'),
    "never more than a formula": ("min(cap, heads * each)", 'never_more_than = "heads * each"'),
    "never more than nothing": ("heads * each if joined and not joined else 0", 'never_more_than = "0"'),
    "nil": ("heads * each if joined else 0", 'nil_when = "not joined"'),
    "joining never costs": ("heads * each if joined else 0", 'never_decreases_in = "joined"'),
    "rising where joined": ("heads * each if joined else cap - min(cap, heads * each)", 'never_decreases_in = "heads"\nwhen = "joined"'),
}  # fmt: skip
BROKEN = {
    "falling after a turn": ("heads * each if heads < turn else cap", 'never_decreases_in = "heads"', ["heads = 9", "→ 900.00", "heads = 10", "→ 500.00", "joined = False"]),
    "one head too many": ("heads * each", 'never_more_than = "cap"', ["heads = 6", "→ 600.00"]),
    "not nil at one point": ("heads * each if joined or heads == turn else 0", 'nil_when = "not joined"', ["heads = 10", "joined = False", "→ 1000.00"]),
    "two shares above a cap": ("min(cap, heads * each)", 'no_gain_from_splitting = ["heads"]', ["heads = 6", "→ 500.00"]),
    "a flat sum each": ("cap if heads > 0 else 0", 'no_gain_from_splitting = ["heads"]', ["→ 500.00; heads = ", "joined = False"]),
    "joining costs": ("0 if joined else heads * each", 'never_decreases_in = "joined"', ["heads = 1", "joined = False", "joined = True"]),
    "rising where joined is not": ("cap - min(cap, heads * each) if joined else heads * each", 'never_decreases_in = "heads"\nwhen = "joined"', ["joined = True"]),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_promise_of_few_points_is_proved(name: str, tmp_path: Path) -> None:
    """42 points are all tried: the promise is proved, and the number of points says so."""
    found, broken = promised(tmp_path, *KEPT[name])
    assert [] == broken
    (kept,) = found.promises
    assert kept.proved
    assert kept.points >= 42


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_has_its_smallest_counter_example(name: str, tmp_path: Path) -> None:
    """The counter-example is shown with facts and amounts, as small as it can be."""
    formula, promise, words = BROKEN[name]
    found, (finding,) = promised(tmp_path, formula, promise)
    assert [] == [word for word in words if word not in finding.witness], finding.witness
    assert ("promises[0]", "error") == (finding.where, finding.severity)
    assert not found.promises[0].proved


@pytest.mark.parametrize(
    ("formula", "broken"),
    [("heads * each", False), ("max(0, heads * each - cap)", False), ("whole(heads / turn) * each", False), ("min(cap, heads * each)", True)],
)  # fmt: skip
def test_splitting_is_searched_and_never_called_proved(formula: str, broken: bool, tmp_path: Path) -> None:
    """Every pair of halves is too many to be sure: a kept promise of splitting says how many points were tried."""
    found, findings = promised(tmp_path, formula, 'no_gain_from_splitting = ["heads"]')
    assert broken == bool(findings)
    assert not found.promises[0].proved
    assert found.promises[0].points > 0


def test_too_many_points_are_never_called_proved(tmp_path: Path) -> None:
    """A promise over money is searched, not proved; the number of points is reported."""
    facts = '[facts.sum]\nlabel = "款"\nkind = "money"\nat_least = 0\nat_most = "1亿"\n'.replace(
        "facts.sum", "facts.revenue"
    )
    found, findings = promised(tmp_path, "min(cap, revenue + heads * each)", 'never_decreases_in = "revenue"', facts)
    assert [] == findings
    assert not found.promises[0].proved
    assert found.promises[0].points > 100


def test_a_fall_by_one_fen_at_a_boundary_is_found(tmp_path: Path) -> None:
    """A tier that pays a fen less just above its boundary is found on both sides of the boundary."""
    text = edited(
        ('rate = "2%"', 'rate = "0.9999%"'), ('never_decreases_in = "heads"', 'never_decreases_in = "revenue"')
    )
    (finding,) = [item for item in found_in(tmp_path, text) if item.code == "promise"]
    assert "revenue = 499999.99" in finding.witness
    assert "revenue = 500000" in finding.witness


LEVEL_PROMISES = {
    "one more household": ('"allocate(pot, weight)"', 'never_decreases_in = "household"', False),
    "more heads in a project": ('"allocate(pot, weight)"', 'never_decreases_in = "heads"', False),
    "a larger pot": ('"allocate(pot, weight)"', 'never_decreases_in = "pot"', False),
    "never more than the pot": ('"allocate(pot, weight)"', 'never_more_than = "pot"', False),
    "nothing for a closed project": ('"allocate(pot, weight)"', 'nil_when = "not open"', False),
    "never more than half the pot": ('"allocate(pot, weight)"', 'never_more_than = "pot / enough_heads"', True),
    "one more household costs": ('"max(0, allocate(pot, weight) - count(household) * fee)"', 'never_decreases_in = "household"', True),
}  # fmt: skip


@pytest.mark.parametrize("name", LEVEL_PROMISES)
def test_promises_over_levels(name: str, tmp_path: Path) -> None:
    """Rows inside rows are searched as well: held for the row that owns the change, and never called proved."""
    formula, promise, broken = LEVEL_PROMISES[name]
    fee = '[constants.fee]\nlabel = "费"\nkind = "money"\nvalue = "100万"\nclause = "二"\n' if "fee" in formula else ""
    text = edited(('"allocate(pot, weight)"', formula), ("", fee + f"[[promises]]\n{promise}\n"), table=LEVELS)
    found, findings = checked(tmp_path, text)
    assert broken == bool(findings), findings
    assert not found.promises[0].proved
    if findings:
        assert "project: [" in findings[0].witness


# Cases


def with_case(case: str, table: str = TABLE) -> str:
    return f'{table}[[cases]]\nsource = "试"\nworked = "试"\n{case}\n'


def case_faults(folder: Path, text: str, **others: str) -> list[tuple[str, str, str]]:
    return [
        (item.where, item.message, item.witness) for item in found_in(folder, text, **others) if item.code == "case"
    ]


GOOD = 'facts = { revenue = "50万", heads = 3, sound = true, track = "rebuilt", day = 2024-06-30 }\n'
BAD = 'facts = { revenue = 0, heads = 0, sound = false, track = "rebuilt", day = 2024-07-01 }\n'
NIL = 'facts = { revenue = 0, heads = 0, sound = true, track = "fresh", day = 2024-07-01 }\n'
LATE_FACTS = 'facts = { revenue = 0, heads = 0, sound = true, track = "rebuilt", day = 2024-07-01 }\n'


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (GOOD + 'expect = { paid = "1.03万", by_scale = 10000, month_of = 6 }', []),
        (GOOD + "refuses = []", []),
        (GOOD + 'outcome = "payable"\nrefuses = []\nexpect = { paid = 10300 }', []),
        (GOOD + "expect = { paid = 10300, by_scale = 9999, month_of = 7 }", ["by_scale: expected 9999", "month_of: expected 7"]),
        (GOOD + 'refuses = ["in_time"]', ["expected ['in_time']"]),
        (GOOD + 'outcome = "nil"', ["expected nil"]),
        (GOOD + 'outcome = "refused"', ["expected refused"]),
        (GOOD + 'expect = { paid = "一万" }', ["'一万'"]),
        (GOOD + "expect = { paid = true }", ["True"]),
        (GOOD + "expect = { paid = { P1 = 10300 } }", ["paid stands in the case's own row"]),
        (NIL + 'outcome = "nil"\nrefuses = []\nexpect = { paid = 0 }', []),
        (BAD + 'outcome = "refused"\nrefuses = ["in_time", "sound_record"]', []),
        (BAD + 'refuses = ["in_time", "sound_record", "in_time"]', []),
        (BAD + "refuses = []", ["expected []"]),
        (BAD + 'refuses = ["in_time", "sound_record", "others"]', ["others"]),
        (BAD + 'outcome = "payable"', ["expected payable"]),
        ('facts = { revenue = 0 }\noutcome = "unreadable"', []),
        ('facts = { revenue = 0 }\noutcome = "nil"', ["[missing] heads", "[missing] sound", "[missing] track", "[missing] day"]),
        (GOOD + 'outcome = "unreadable"', ["expected unreadable"]),
        ('facts = { revenue = 0, heads = 0, sound = 1, track = "新", day = 2024-07-01 }\nrefuses = []', ["[kind] sound", "[option] track"]),
        (GOOD + 'expect = { paid = 10300 }\non = 2026-12-31', []),
        (GOOD + 'expect = { paid = 10300 }\nunder = "试办〔2024〕1号"\nknown_on = 2024-01-01', []),
    ],
)  # fmt: skip
def test_cases_are_held(case: str, words: list[str], tmp_path: Path) -> None:
    """``expect``, ``refuses``, ``outcome`` stand together; each thing that does not hold is a finding of its own."""
    faults = case_faults(tmp_path, with_case(case))
    assert len(words) == len(faults), faults
    for word, (where, message, _) in zip(words, faults, strict=True):
        assert where.startswith("cases[3]")
        assert word in message


def test_a_refusal_that_a_case_does_not_say_is_warned_of(tmp_path: Path) -> None:
    """The amount of a refused case stands; a case that gives it alone reads as if it were paid."""
    unsaid = BAD + "expect = { paid = 0 }"
    (found,) = [item for item in found_in(tmp_path / "a", with_case(unsaid)) if item.code == "case"]
    assert ("warning", "cases[3]") == (found.severity, found.where)
    assert "comes out refused, which the case does not say" == found.message
    assert 'add refuses = ["in_time", "sound_record"]' == found.remedy
    for said in ('refuses = ["in_time", "sound_record"]', 'outcome = "refused"'):
        assert [] == case_faults(tmp_path / said[:7], with_case(f"{unsaid}\n{said}"))


def test_a_refused_row_of_a_case_that_pays_is_no_warning(tmp_path: Path) -> None:
    """Where only some rows are refused the case pays, and its amounts say which rows get nothing."""
    text = LEVELS.replace('refuses = ["P2/H9: enough", "P3: is_open"]\n', "")
    assert [] == case_faults(tmp_path, text)


def test_a_harmless_change_that_is_not_made_is_an_error(tmp_path: Path) -> None:
    """A harmless entry that names no change of ``--mutate`` is found by the plain check, with the nearest name."""
    names = ("constants.cap.value: 3万 → 30000.01", "constants.cap.value: 3万 → 30000.1")
    text = TABLE + "".join(f'[[harmless]]\nchange = "{name}"\nwhy = "试"\n' for name in names)
    (found,) = [item for item in found_in(tmp_path, text) if "harmless" in item.where]
    assert ("unknown-name", "error", "harmless[1].change") == (found.code, found.severity, found.where)
    assert line_of(text, f'"{names[1]}"') == found.line
    assert names[0] in found.remedy


@pytest.mark.parametrize(("other", "known"), [("second-award", True), ("second-awart", False), ("quite-else", False)])
def test_a_scheme_that_excludes_this_one_is_one_of_the_book(other: str, known: bool, tmp_path: Path) -> None:
    """An id that no table has is warned of, with the nearest one: a slip would let both awards pay."""
    text = (
        f'{TABLE}[[exclusive]]\nwith = ["second-award", "{other}"]\nper = "project"\nkeep = "largest"\nclause = "六"\n'
    )
    second = edited(('id          = "award"', 'id          = "second-award"'))
    found = found_in(tmp_path, text, second=second)
    told = [(item.code, item.severity, item.where, item.line) for item in found]
    place = ("unknown-name", "warning", "exclusive[0].with[1]", line_of(text, f'with = ["second-award", "{other}"]'))
    assert ([] if known else [place]) == told
    assert known or ("did you mean 'second-award'?" == found[0].remedy) == (other == "second-awart")


def test_a_gated_scheme_is_compiled_once_for_its_cases(tmp_path: Path) -> None:
    """All cases of a day that leave the gate out run one and the same program."""
    made: list[Scheme] = []
    book = book_of(tmp_path, award=GATED, door=GATE)
    (file,) = [file for file in book.files if file.id == "award"]

    def scheme_on(day: date | None) -> Scheme | None:
        found = book.dated(file, day)
        made.extend([found] if found is not None else [])
        return found

    ran = run_cases(scheme_on, date(2024, 1, 1), [])
    assert (3, 1) == (len(ran), len(made))
    assert 1 == len({id(item.result.scheme) for item in ran})


REMARK = '[[remarks]]\nname = "many"\nwhen = "heads >= late"\nsays = "规模大"\n[[remarks]]\nname = "new"\nwhen = "track == \'fresh\'"\nsays = "新建"\n'


@pytest.mark.parametrize(
    ("remarks", "holds"), [('["new"]', False), ("[]", True), ('["many"]', False), ('["many", "new"]', False)]
)
def test_remarks_of_a_case_are_an_exact_set(remarks: str, holds: bool, tmp_path: Path) -> None:
    """``remarks`` lists exactly the remarks that are made."""
    assert holds == ([] == case_faults(tmp_path, with_case(f"{GOOD}remarks = {remarks}", TABLE + REMARK)))


def test_a_case_names_refusals_of_rows_below_by_their_path(tmp_path: Path) -> None:
    """``refuses`` and ``expect`` name rows by the path of their ids."""
    facts = 'facts = { pot = 0, project = [{ id = "P1", open = false, worker = [], household = [{ id = "H1", heads = 1 }] }] }\n'
    assert [] == case_faults(tmp_path / "a", with_case(facts + 'refuses = ["P1: is_open", "P1/H1: enough"]', LEVELS))
    ((where, _, witness),) = case_faults(
        tmp_path / "b", with_case(facts + 'refuses = ["is_open", "P1/H1: enough"]', LEVELS)
    )
    assert "cases[1].refuses" == where
    assert "'P1: is_open'" in witness


GATE = """format = 1
[scheme]
id          = "door"
title       = "前置条件"
place       = "999999"
document    = "试办〔2024〕1号"
status      = "in-force"
effective   = { from = 2024-01-01 }
beneficiary = "operator"
[facts.linked]
label    = "联结户数"
kind     = "number"
at_least = 0
at_most  = 1000
[facts.sound]
label = "无违法记录"
kind  = "flag"
[constants.few]
label  = "最少"
kind   = "number"
value  = 5
clause = "一"
[[requirements]]
name      = "has_linkage"
holds     = "linked >= few and sound"
otherwise = "没有联农带农"
clause    = "一"
[[cases]]
source  = "一"
worked  = "四户不够"
facts   = { linked = 4, sound = true }
refuses = ["has_linkage"]
"""
GATED = edited(('beneficiary = "household"', 'beneficiary = "operator"\ngate        = "door"'))


def test_a_case_that_names_no_fact_of_the_gate_alone_runs_without_it(tmp_path: Path) -> None:
    """``sound`` is asked by both and does not count; ``linked`` is the gate's alone, and brings its requirements in."""
    assert [] == case_faults(tmp_path / "a", GATED, door=GATE)
    few = GOOD.replace("facts = { ", "facts = { linked = 4, ")
    assert [] == case_faults(tmp_path / "b", with_case(few + 'refuses = ["door.has_linkage"]', GATED), door=GATE)
    assert [] == case_faults(
        tmp_path / "c", with_case(few.replace("linked = 4", "linked = 5") + "refuses = []", GATED), door=GATE
    )
    ((_, _, witness),) = case_faults(tmp_path / "d", with_case(few + "refuses = []", GATED), door=GATE)
    assert "door.has_linkage" in witness


def test_the_gate_itself_is_checked_as_a_table(tmp_path: Path) -> None:
    """A gate has cases of its own."""
    assert () == book_of(tmp_path / "a", award=GATED, door=GATE).check()
    found = book_of(tmp_path / "b", award=GATED, door=GATE.replace("linked = 4", "linked = 5")).check()
    assert {"case", "case-missing"} == {item.code for item in found}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("[facts.sound]\nlabel = \"无违法记录\"\nkind  = \"flag\"", "[facts.sound]\nlabel = \"无违法记录\"\nkind  = \"flag\"\ndefault = true")], "another has_default"),
        ([("[facts.heads]", '[facts.linked]\nlabel = "联结户数"\nkind = "number"\nat_least = 0\nat_most = 999\n[facts.heads]')], "another bounds"),
        ([("[constants.late]", "[constants.linked]"), ("< late", "< linked")], "a fact of the gate"),
    ],
)  # fmt: skip
def test_a_shared_fact_is_declared_alike(changes: list[tuple[str, str]], words: str, tmp_path: Path) -> None:
    """A fact that scheme and gate both name must be one and the same fact."""
    found = [item for item in found_in(tmp_path, edited(*changes, table=GATED), door=GATE) if item.severity == "error"]
    assert 1 == len(found), found
    assert words in f"{found[0].message} {found[0].witness}"


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        (GATE.replace("effective   = { from = 2024-01-01 }", "effective   = { from = 2025-01-01 }"), "in force only from"),
        (GATE.replace('place       = "999999"', 'place       = "110000"'), "no scheme 'door' at 999999 or above"),
        (GATE.replace("holds     = ", "hold      = "), "broken itself"),
        (TABLE.replace('id          = "award"', 'id          = "door"'), "a gate has neither lines nor pays"),
    ],
)  # fmt: skip
def test_a_gate_that_does_not_stand(gate: str, words: str, tmp_path: Path) -> None:
    """The gate is found from the scheme's place upward, in force the same day, whole, and pays nothing."""
    found = [item for item in found_in(tmp_path, GATED, door=gate) if item.code == "gate"]
    assert [("scheme.gate", "999999/award.toml")] == [(item.where, item.file) for item in found]
    assert words in found[0].message


# Made cases and the second opinion


def opinion_of(folder: Path, text: str, opinion: Any) -> list[Finding]:
    return list(
        report(
            book_of(folder, award=text),
            book_of(folder, award=text).files,
            second_opinion=opinion,
            differences=differences,
        ).findings
    )


def test_the_second_opinion_agrees_with_both_tables(tmp_path: Path) -> None:
    """Every worked and made case is put to the second opinion; both tables come out the same."""
    assert [] == opinion_of(tmp_path / "a", TABLE, second_opinion)
    assert [] == opinion_of(tmp_path / "b", LEVELS, second_opinion)


def test_a_second_opinion_that_disagrees_is_a_finding(tmp_path: Path) -> None:
    """A second opinion of another table, whose cap is a fen higher, is found to disagree, with the facts."""
    other = book_of(tmp_path / "other", award=edited(('value  = "3万"', 'value  = "30000.01"'))).scheme("award")

    def wrong(scheme: Any, facts: Any, **words: Any) -> Any:
        return second_opinion(other, facts, **words)

    found = opinion_of(tmp_path / "a", TABLE, wrong)
    assert ["case"] == [item.code for item in found]
    assert "the second opinion disagrees" in found[0].message
    assert "revenue" in found[0].witness


def test_made_cases_stand_at_boundaries(tmp_path: Path) -> None:
    """The checker says how many cases it made: beside each boundary of each fact, and some at random."""
    found, _ = checked(tmp_path, TABLE)
    assert (3, True) == (found.worked, found.made > 50)


def test_a_check_of_one_file_leaves_the_others(tmp_path: Path) -> None:
    """``check_path`` tells the findings of that file alone, though the whole folder is loaded."""
    book = book_of(tmp_path, award=TABLE, door=GATE.replace("linked = 4", "linked = 5"))
    assert () == check_path(book, tmp_path / "999999" / "award.toml")
    assert {"case", "case-missing"} == {item.code for item in check_path(book, tmp_path / "999999" / "door.toml")}
    assert 2 == len(check_path(book, tmp_path))


def test_the_same_table_gets_the_same_findings(tmp_path: Path) -> None:
    """Trials at random are the same each time: checking twice tells the same."""
    text = edited(('never_decreases_in = "heads"', 'nil_when = "revenue > cap"'))
    assert found_in(tmp_path / "a", text) == found_in(tmp_path / "b", text)
    assert line_of(text, "[[promises]]\nnil_when") == found_in(tmp_path / "a", text)[0].line


# Rows and requirements that no case tries


def test_a_row_counts_as_hit_at_the_declared_inputs_only(tmp_path: Path) -> None:
    """A tier that is only asked at another value is not tried by a case that stands in it."""
    text = edited(("scale.rate", "scale.rate(revenue)"))
    assert [] == [item for item in found_in(tmp_path, text) if item.code == "case-missing"]
    text = edited(
        ('revenue = "499999.99"', 'revenue = "500000.01"'),
        ("by_scale = 5000, paid = 6000", "paid = 11000"),
        ("revenue = 0, heads = 0", 'revenue = "50万", heads = 0'),
    )
    missing = [item for item in found_in(tmp_path, text) if item.code == "case-missing"]
    assert [("tables.scale.rows[0]", "warning")] == [(item.where, item.severity) for item in missing]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("on = 2024-01-01", ""), ("on = 2023-12-31", "on"), ("on = 2026-12-31", ""), ("on = 2027-01-01", "on"), ("known_on = 2023-12-01", ""), ("known_on = 2023-11-30", "known_on"),
        ('under = "试办〔2024〕1号"', ""), ('under = "试办〔2025〕2号"', "under"),
    ],
)  # fmt: skip
def test_a_case_is_of_a_day_on_which_the_rule_rules(words: str, key: str, tmp_path: Path) -> None:
    """A case of a day, a knowledge or a document that the rule does not answer to is refused, not computed."""
    faults = case_faults(tmp_path, with_case(f"{GOOD}expect = {{ paid = 10300 }}\n{words}"))
    assert ([f"cases[3].{key}"] if key else []) == [where for where, _, _ in faults]


def test_an_empty_expectation_says_nothing(tmp_path: Path) -> None:
    """``expect = {}`` alone is a case that says nothing."""
    (finding,) = found_in(tmp_path, with_case(GOOD + "expect = {}"))
    assert ("missing-key", "cases[3]") == (finding.code, finding.where)


BANDS = """
[tables.bands]
label  = "分段"
input  = "heads"
clause = "一"
gives  = { each = "money" }
rows = [ { at_most = 5, each = 10 }, { more_than = 5, at_most = 10, each = 8 }, { more_than = 10, at_most = 15, each = 5 }, { more_than = 15, each = 1 } ]
[[cases]]
source = "一"
worked = "12头：5头各10元，5头各8元，2头各5元，共100元"
facts  = { heads = 12, joined = true }
expect = { paid = 100 }
"""


@pytest.mark.parametrize(
    ("formula", "missing"), [("marginal(bands.each, heads)", [3]), ("bands.each * heads - bands.each * heads + cap", [0, 1, 3])]
)  # fmt: skip
def test_a_progressive_case_hits_every_band_that_it_runs_through(
    formula: str, missing: list[int], tmp_path: Path
) -> None:
    """Twelve heads run through three bands of four, and a plain lookup hits one."""
    text = SMALL.replace("FORMULA", formula) + BANDS.replace(
        "paid = 100", "paid = 100" if 3 == missing[0] else "paid = 500"
    )
    book = book_of(tmp_path, award=text)
    found = [item.where for item in report(book, book.files).findings if item.code == "case-missing"]
    assert [f"tables.bands.rows[{row}]" for row in missing] == found
