"""The smallest counter-example: on small tables whose least one is known, the checker finds just that one."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_table import HEAD, LEVELS, book_of, edited

from jiangbu.rules.check import report
from jiangbu.rules.check.promises import Kept
from jiangbu.rules.scheme import Scheme

WIDE = (
    HEAD
    + """
[facts.heads]
label    = "头数"
kind     = "number"
at_least = 0
at_most  = 1000000
[facts.joined]
label = "已加入"
kind  = "flag"
[facts.revenue]
label    = "营业收入"
kind     = "money"
at_least = 0
at_most  = "1亿"
[facts.track]
label   = "方向"
kind    = "choice"
options = { fresh = "新建", rebuilt = "改扩建", moved = "迁建" }
[facts.extra]
label     = "另加"
kind      = "number"
at_least  = 0
at_most   = 100
default   = 3
needed_if = "track == 'moved'"
[facts.day]
label = "验收日"
kind  = "date"
[facts.share]
label    = "比例"
kind     = "rate"
at_least = 0
at_most  = 1
[facts.change]
label    = "增减"
kind     = "money"
at_least = "-100"
at_most  = 100
[constants.each]
label  = "每头"
kind   = "money"
value  = EACH
clause = "一"
[constants.cap]
label  = "最高"
kind   = "money"
value  = CAP
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
[[promises]]
PROMISE
"""
)
PLAIN = {
    "heads": 0,
    "joined": False,
    "revenue": Decimal("0.00"),
    "track": "fresh",
    "extra": 3,
    "day": date(1990, 1, 1),
    "share": Decimal("0.000000"),
    "change": Decimal("0.00"),
}


def searched(folder: Path, text: str) -> tuple[Scheme, Kept]:
    """Return the scheme of a table with one promise, and what the checker found about the promise."""
    book = book_of(folder, award=text)
    (checked,) = report(book, book.files).schemes
    (kept,) = checked.promises
    return book.scheme("award", on=date(2024, 6, 30)), kept


def wide(formula: str, promise: str, each: int = 100, cap: int = 500) -> str:
    text = WIDE.replace("FORMULA", formula).replace("PROMISE", promise)
    return text.replace("EACH", str(each)).replace("CAP", str(cap))


# What each case says beside PLAIN, in the order of the cases; None where the promise is kept.
LEAST: Mapping[str, tuple[str, str, list[dict[str, Any]]]] = {
    "one head too many": ("heads * each", 'never_more_than = "cap"', [{"heads": 6}]),
    "one fen too much": ("revenue + heads * each if joined else 0", 'never_more_than = "cap"', [{"revenue": Decimal("500.01"), "joined": True}]),
    "the first option that will do": ("heads * each if track != 'fresh' else 0", 'never_more_than = "cap"', [{"heads": 6, "track": "rebuilt"}]),
    "a default that will not do": ("heads * each if extra < 2 else 0", 'never_more_than = "cap"', [{"heads": 6, "track": "moved", "extra": 0}]),
    "only between two numbers": ("revenue if heads > turn and heads < turn + turn else 0", 'never_more_than = "cap"', [{"heads": 11, "revenue": Decimal("500.01")}]),
    "not nil at one point": ("revenue if heads == turn else 0", 'nil_when = "not joined"', [{"heads": 10, "revenue": Decimal("0.01")}]),
    "the first day of a year": ("revenue if year(day) > turn * (turn + turn) * turn + turn else 0", 'never_more_than = "cap"', [{"revenue": Decimal("500.01"), "day": date(2011, 1, 1)}]),
    "a least part of a rate": ("cap * 1 if share > 0 else 0", 'nil_when = "not joined"', [{"share": Decimal("0.000001")}]),
    "below zero": ("max(0, 0 - change)", 'nil_when = "not joined"', [{"change": Decimal("-0.01")}]),
    "a fall after a turn": ("heads * each if heads < turn else cap", 'never_decreases_in = "heads"', [{"heads": 9}, {"heads": 10}]),
    "a fall anywhere": ("max(0, cap - max(0, change)) if share > 0 else 0", 'never_decreases_in = "change"', [{"share": Decimal("0.000001")}, {"share": Decimal("0.000001"), "change": Decimal("0.01")}]),
    "joining costs": ("0 if joined else heads * each", 'never_decreases_in = "joined"', [{"heads": 1}, {"heads": 1, "joined": True}]),
    "two caps for one": ("min(cap, revenue)", 'no_gain_from_splitting = ["revenue"]', [{"revenue": Decimal("500.01")}, {"revenue": Decimal("0.01")}, {"revenue": Decimal("500.00")}]),
    "one of two split facts is enough": ("min(cap, heads * each + revenue)", 'no_gain_from_splitting = ["revenue", "heads"]', [{"heads": 6}, {"heads": 1}, {"heads": 5}]),
    "a flat sum for each half": ("cap if heads > 0 else 0", 'no_gain_from_splitting = ["heads"]', [{"heads": 2}, {"heads": 1}, {"heads": 1}]),
    "split only where it is asked for": ("cap", 'no_gain_from_splitting = ["extra"]', [{"track": "moved", "extra": 2}, {"track": "moved", "extra": 1}, {"track": "moved", "extra": 1}]),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAST)
def test_the_least_counter_example_is_found(name: str, tmp_path: Path) -> None:
    """Facts that do not matter are at their default, first option, no, zero or lowest; the others as low as will do."""
    formula, promise, cases = LEAST[name]
    _, kept = searched(tmp_path, wide(formula, promise))
    assert [{**PLAIN, **case} for case in cases] == [dict(facts) for facts in kept.example]


@pytest.mark.parametrize("name", LEAST)
def test_the_counter_example_that_is_printed_is_one(name: str, tmp_path: Path) -> None:
    """Determined again from its facts, the counter-example gives the printed amounts, and they break the promise."""
    _, promise, _ = LEAST[name]
    scheme, kept = searched(tmp_path, wide(LEAST[name][0], promise))
    amounts = [scheme.determine(facts).amount for facts in kept.example]
    assert [f"→ {amount}" for amount in amounts] == [
        f"→ {part.rpartition('→ ')[2]}" for part in kept.counter.split("; ")
    ]
    match promise.split(" ")[0]:
        case "never_more_than":
            assert amounts[0] > 500
        case "nil_when":
            assert amounts[0] > 0
        case "never_decreases_in":
            assert amounts[1] < amounts[0]
        case _:
            assert amounts[1] + amounts[2] > amounts[0]


def test_a_fact_that_is_not_needed_is_not_split(tmp_path: Path) -> None:
    """A flat sum where the fact is not asked for: its default stands in every half, and nothing has been split."""
    _, kept = searched(tmp_path, wide("0 if track == 'moved' else cap", 'no_gain_from_splitting = ["extra"]'))
    assert "" == kept.counter
    assert kept.points > 100


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 5000), st.integers(0, 100_000))
def test_one_head_beyond_any_cap_is_found(each: int, cap: int) -> None:
    """Whatever the cap and the sum for each head: the least that exceeds is the first head beyond the cap."""
    with TemporaryDirectory() as folder:
        _, kept = searched(Path(folder), wide("heads * each if joined else 0", 'never_more_than = "cap"', each, cap))
    assert [{**PLAIN, "heads": cap // each + 1, "joined": True}] == [dict(facts) for facts in kept.example]


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 2000), st.integers(1, 1000))
def test_a_fall_at_any_turn_is_found_beside_it(turn: int, each: int) -> None:
    """Wherever an amount falls to nothing: the last head before and the first one behind."""
    text = wide("0 if heads >= turn else heads * each", 'never_decreases_in = "heads"', each)
    with TemporaryDirectory() as folder:
        _, kept = searched(Path(folder), text.replace("value  = 10\n", f"value  = {turn}\n"))
    assert [{**PLAIN, "heads": turn - 1}, {**PLAIN, "heads": turn}] == [dict(facts) for facts in kept.example]


FEE = '[constants.fee]\nlabel = "费"\nkind = "money"\nvalue = "100万"\nclause = "二"\n'
WORKER = {"id": "R1", "worked": 1}
FEN = Decimal("0.01")


def project(*households: dict[str, Any], worker: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"id": "R1", "open": True, "household": list(households), "worker": list(worker)}


ROWS: Mapping[str, tuple[str, str, list[dict[str, Any]]]] = {
    "one project, one worker, one fen": ("allocate(pot, weight)", 'never_more_than = "pot / enough_heads"', [{"pot": FEN, "project": [project(worker=(WORKER,))]}]),
    "no pot at all": ("weight * fee", 'never_more_than = "fee"', [{"pot": Decimal("0.00"), "project": [project({"id": "R1", "heads": 2})]}]),
    "one more household costs": ("max(0, allocate(pot, weight) - count(household) * fee)", 'never_decreases_in = "household"', [{"pot": FEN, "project": [project(worker=(WORKER,))]}, {"pot": FEN, "project": [project({"id": "R1", "heads": 2}, worker=(WORKER,))]}]),
    "two households for one": ("min(weight * fee, fee + fee)", 'no_gain_from_splitting = ["heads"]', [{"pot": Decimal("0.00"), "project": [project({"id": "R1", "heads": heads})]} for heads in (4, 2, 2)]),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_rows_that_do_not_matter_are_left_out(name: str, tmp_path: Path) -> None:
    """Rows inside rows: as few as will do, each with as little as will do."""
    formula, promise, cases = ROWS[name]
    text = edited(('"allocate(pot, weight)"', f'"{formula}"'), ("", f"{FEE}[[promises]]\n{promise}\n"), table=LEVELS)
    _, kept = searched(tmp_path, text)
    assert cases == [dict(facts) for facts in kept.example]


def test_a_search_is_bounded(tmp_path: Path) -> None:
    """Making an example smaller takes some thousand determinations at most, however many facts stand in it."""
    many = "".join(
        f'[facts.more_{at}]\nlabel = "另{at}"\nkind = "money"\nat_least = 0\nat_most = "1000亿"\n' for at in range(60)
    )
    sums = " + ".join(f"more_{at}" for at in range(60))
    text = wide("min(cap, SUMS)".replace("SUMS", sums), 'no_gain_from_splitting = ["more_3"]') + many
    _, kept = searched(tmp_path, text)
    assert kept.counter
    assert kept.points < 20_000
