"""Declarations: facts, constants, levels and made rows, gates, promises: what is taken and what is told apart."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from one_table import LEVELS, TABLE, book_of, built_from, edited

from jiangbu import Finding

sys.path.insert(0, str(Path(__file__).parent.parent))
from toy_maker import TABLE as GRAZING
from toy_maker import TOY

HERD = GRAZING.replace("测试〔2024〕1号", "试办〔2024〕1号")


def herd_errors(folder: Path, *changes: tuple[str, str]) -> list[Finding]:
    text = HERD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    book = book_of(folder, makers=(TOY,), herd=text)
    (file,) = book.files
    return [item for item in book.build(file, date(2024, 1, 1)).findings.items if item.severity == "error"]


def test_the_table_of_made_rows_has_no_fault(tmp_path: Path) -> None:
    """The table that is broken below is whole."""
    assert [] == herd_errors(tmp_path)


@pytest.mark.parametrize(
    ("changes", "code", "where", "words"),
    [
        ([('month  = { of = "herd", made_by', "month  = { made_by"), ('keeper = { label = "养殖户" }', 'keeper = { of = "month", label = "养殖户" }')], "level", "levels.month", "does not stand below nothing"),
        ([('month  = { of = "herd"', 'month  = { of = "keeper"')], "level", "levels.month", "it stands below herd"),
        ([('object = "herd"', 'object = "hrd"')], "unknown-name", "levels.herd.object", "did you mean 'herd'"),
        ([('made_by = "stay_months"', 'made_by = "stay_month"')], "unknown-name", "levels.month.made_by", "did you mean 'stay_months'"),
        ([('object = "herd"', 'object = "herd", made_by = "stay_months"')], "level", "levels.herd", "not both"),
        ([("[grazing]\nbroken", "[grazing2]\nbroken")], "missing-key", "", "[grazing]"),
        ([('broken = "dropped"', 'broken = "kept"')], "bad-value", "grazing.broken", "counts or dropped"),
        ([('broken = "dropped"', "")], "bad-value", "grazing", "what [grazing] takes"),
        ([("facts.inspected", "facts.household"), ("inspected", "household")], "duplicate-name", "facts.household", "taken on made rows"),
    ],
)  # fmt: skip
def test_faults_of_made_rows(changes: list[tuple[str, str]], code: str, where: str, words: str, tmp_path: Path) -> None:
    """Objects and made rows are known to their makers only; what does not fit is told, never a traceback."""
    found = [item for item in herd_errors(tmp_path, *changes) if (item.code, item.where) == (code, where)]
    assert found, herd_errors(tmp_path / "again", *changes)
    assert words in f"{found[0].message} {found[0].remedy}"


def test_a_level_may_be_called_case(tmp_path: Path) -> None:
    """``case`` is no word of the language: a table may call its root so."""
    text = LEVELS.replace("county ", "case   ").replace('"county"', '"case"')
    assert [] == built_from(tmp_path, text)


# The default and needed_if

NEEDED = edited(
    ('[facts.sound]\nlabel = "无违法记录"\nkind  = "flag"\n', ""),
    ("[facts.heads]", '[facts.sound]\nlabel = "无违法记录"\nkind  = "flag"\n[facts.heads]'),
    ('unit     = "头"', 'unit     = "头"\ndefault  = 5\nneeded_if = "sound"'),
)
FACTS = {"revenue": 0, "track": "fresh", "day": date(2024, 6, 30), "sound": True, "heads": 7}


@pytest.mark.parametrize(
    ("facts", "paid", "problems"),
    [
        ({"sound": True, "heads": 7}, 700, []),
        ({"sound": True}, None, ["heads"]),
        ({"sound": False, "heads": 7}, 500, []),
        ({"sound": False}, 500, []),
        ({"heads": 7}, None, ["sound"]),
    ],
)
def test_where_a_fact_is_not_needed_the_default_stands(
    facts: dict[str, object], paid: int | None, problems: list[str], tmp_path: Path
) -> None:
    """Where the test holds a value is needed; where it does not, the default stands whatever was given."""
    given = {key: value for key, value in FACTS.items() if key not in ("sound", "heads")} | facts
    result = book_of(tmp_path, award=NEEDED).scheme("award", on=date(2024, 6, 30)).try_determine(given)
    assert problems == [problem.path for problem in result.problems]
    if paid is not None:
        assert paid == result.lines["paid"].value


def test_needed_if_over_a_broken_fact_says_nothing_more(tmp_path: Path) -> None:
    """The broken fact is blamed, the test that reads it is not."""
    text = NEEDED.replace('kind  = "flag"', 'kind  = "flg"')
    assert ["bad-value"] == [item.code for item in built_from(tmp_path, text)]


@pytest.mark.parametrize(
    ("line", "default", "code"),
    [
        ("heads", "5", ""), ("heads", "100", ""), ("heads", "101", "bounds"), ("heads", '"0.5"', "bad-value"), ("heads", "true", "bad-value"),
        ("sound", "true", ""), ("sound", "1", "bad-value"), ("track", '"fresh"', ""), ("track", '"新建"', ""), ("track", '"fresch"', "unknown-name"), ("track", "1", "bad-value"),
        ("day", "2024-12-31", ""), ("day", '"2024-12-31"', ""), ("day", "2025-01-01", "bounds"), ("revenue", '"0.001"', "bad-value"), ("revenue", '"1亿"', ""), ("revenue", '"1.1亿"', "bounds"),
    ],
)  # fmt: skip
def test_defaults_are_held_to_kind_and_bounds(line: str, default: str, code: str, tmp_path: Path) -> None:
    """A default is a value of the fact's kind within its bounds and decimals."""
    found = built_from(tmp_path, edited((f"[facts.{line}]", f"[facts.{line}]\ndefault = {default}")))
    assert ([code] if code else []) == [item.code for item in found], found


@pytest.mark.parametrize(
    ("bounds", "low", "high"),
    [
        ("", "1990-01-01", "2100-12-31"), ("at_least = 2024-01-01", "2024-01-01", "2100-12-31"), ("less_than = 2024-01-01", "1990-01-01", "2024-01-01"),
    ],
)  # fmt: skip
def test_days_have_bounds_without_saying_so(bounds: str, low: str, high: str, tmp_path: Path) -> None:
    """A date without bounds lies between 1990-01-01 and 2100-12-31."""
    text = edited(("at_least = 2024-01-01\nat_most  = 2024-12-31\n", f"{bounds}\n"))
    fact = book_of(tmp_path, award=text).scheme("award").facts["day"]
    assert fact.bounds is not None
    assert [date.fromisoformat(low).toordinal(), date.fromisoformat(high).toordinal()] == [
        fact.bounds.low,
        fact.bounds.high,
    ]


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("money", "500_000", ""), ("money", '"50万"', ""), ("money", '"1.5亿"', ""), ("money", '"1234.56"', ""), ("money", "1234.56", ""), ("money", '"1,234"', "bad-value"), ("money", '"￥5"', "bad-value"),
        ("money", '"5元"', "bad-value"), ("money", "true", "bad-value"), ("number", '"12.5"', ""), ("number", '"１２"', "bad-value"), ("rate", '"10%"', ""), ("rate", '"2‰"', ""), ("rate", '"0.035"', ""), ("rate", "0.035", ""), ("rate", '"2/37"', ""),
        ("rate", "0", ""), ("rate", "1", ""), ("rate", "10", "bad-value"), ("rate", '"2/0"', "bad-value"), ("rate", '"10％"', "bad-value"), ("flag", "true", ""), ("flag", '"true"', "bad-value"), ("date", "2024-12-31", ""),
        ("date", '"2024-12-31"', ""), ("date", '"2024-2-3"', "bad-value"), ("date", '"2023-02-29"', "bad-value"), ("date", "2024-12-31T08:00:00", "bad-value"), ("date", "08:00:00", "bad-value"),
    ],
)  # fmt: skip
def test_literals_of_every_kind(kind: str, value: str, code: str, tmp_path: Path) -> None:
    """What a table may write for each kind, and what it may not."""
    text = (
        TABLE
        + f'[constants.more]\nlabel = "多"\nkind = "{kind}"\nvalue = {value}\nclause = "一"\n[[remarks]]\nname = "r"\nwhen = "more == more"\nsays = "一"\n'
    )
    assert ([code] if code else []) == [item.code for item in built_from(tmp_path, text)]


# The gate, promises

DOOR = """format = 1
[scheme]
id          = "door"
title       = "前置条件"
place       = "999999"
document    = "试办〔2024〕1号"
status      = "in-force"
effective   = { from = 2024-01-01 }
beneficiary = "operator"
GATE
[facts.linked]
label = "已联结"
kind  = "flag"
[[requirements]]
name      = "has_linkage"
holds     = "linked"
otherwise = "没有联农带农"
clause    = "一"
"""


@pytest.mark.parametrize("of", ["door", "award"])
def test_gates_do_not_go_in_a_circle(of: str, tmp_path: Path) -> None:
    """A gate behind itself, or behind the scheme that it guards, is a finding and no endless search."""
    award = edited(('beneficiary = "household"', 'beneficiary = "operator"\ngate        = "door"'))
    book = book_of(tmp_path, award=award, door=DOOR.replace("GATE", f'gate = "{of}"'))
    found = [item for item in book.check() if item.code == "gate"]
    assert {"999999/award.toml", "999999/door.toml"} == {item.file for item in found}
    assert all("stands behind a gate itself" in item.message for item in found)


def test_a_scheme_is_not_its_own_gate(tmp_path: Path) -> None:
    """The shortest circle."""
    found = built_from(
        tmp_path, edited(('beneficiary = "household"', 'beneficiary = "operator"\ngate        = "award"'))
    )
    assert ["gate"] == [item.code for item in found]


@pytest.mark.parametrize(
    ("promise", "code", "words"),
    [
        ('no_gain_from_splitting = ["sound"]', "kind", "'sound' is a flag: it cannot be split"),
        ('no_gain_from_splitting = ["day"]', "kind", "'day' is a date"),
        ('no_gain_from_splitting = ["revenue", "track"]', "kind", "'track' is a choice"),
        ('never_decreases_in = "track"', "kind", "'track' is a choice: it cannot rise"),
        ('never_decreases_in = "case"', "unknown-name", "'case'"),
        ('no_gain_from_splitting = "heads"', "bad-value", "expected a list"),
        ('never_decreases_in = "by_scale"', "unknown-name", "'by_scale' is no fact"),
        ('never_decreases_in = "sound"', "", ""),
        ('no_gain_from_splitting = ["revenue", "heads"]', "", ""),
        ('never_more_than = "0"', "", ""),
    ],
)  # fmt: skip
def test_what_a_promise_may_be_about(promise: str, code: str, words: str, tmp_path: Path) -> None:
    """What rises has an order; what is split sums to itself; both are facts."""
    found = built_from(tmp_path, TABLE + f"[[promises]]\n{promise}\n")
    assert ([code] if code else []) == [item.code for item in found]
    assert all(words in item.message for item in found)


@pytest.mark.parametrize(
    ("promise", "code"),
    [('no_gain_from_splitting = ["heads", "worked"]', "level"), ('never_decreases_in = "county"', "unknown-name"), ('never_decreases_in = "project"', ""), ('no_gain_from_splitting = ["heads"]', "")],
)  # fmt: skip
def test_promises_of_levels(promise: str, code: str, tmp_path: Path) -> None:
    """Facts that are split together stand on one level, and the root has no second row."""
    assert ([code] if code else []) == [
        item.code for item in built_from(tmp_path, LEVELS + f"[[promises]]\n{promise}\n")
    ]


def test_decimals_are_taken_from_the_table(tmp_path: Path) -> None:
    """A unit price to four places is taken to four places, and no fifth."""
    text = edited(('label    = "营业收入"', 'label    = "营业收入"\ndecimals = 4'))
    scheme = book_of(tmp_path, award=text).scheme("award", on=date(2024, 6, 30))
    facts = {**FACTS, "heads": 0, "revenue": Decimal("0.0001")}
    assert [] == list(scheme.try_determine(facts).problems)
    assert ["decimals"] == [
        item.code for item in scheme.try_determine({**facts, "revenue": Decimal("0.00001")}).problems
    ]


@pytest.mark.parametrize(("more", "fine"), [(46, True), (47, False)])
def test_a_tree_of_fifty_levels_at_most(more: int, fine: bool, tmp_path: Path) -> None:
    """Nobody counts rows fifty levels deep; one level more is refused with the figure, before any work."""
    deep = "".join(f'x{at} = {{ of = "{f"x{at - 1}" if at else "county"}", label = "层" }}\n' for at in range(more))
    found = built_from(tmp_path, edited(("worker    = {", deep + "worker    = {"), table=LEVELS))
    assert fine == ({"unused"} == {item.code for item in found})
    assert fine or ("size", "51 levels; at most 50") == (found[0].code, found[0].message)
