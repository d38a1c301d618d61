"""False promises that break only where several facts meet: the search must reach them, the same way every time."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

from pathlib import Path

import pytest
from one_table import HEAD, book_of

from jiangbu.rules.check import report
from jiangbu.rules.check.promises import Kept

STORE = (
    HEAD
    + """
[facts.capacity]
label    = "库容"
kind     = "number"
at_least = 0
at_most  = 50000
[facts.power]
label    = "用电量"
kind     = "number"
at_least = 0
at_most  = 5000000
[facts.mode]
label   = "经营方式"
kind    = "choice"
options = { own = "自建", lease = "租赁" }
[facts.rent]
label     = "租金"
kind      = "money"
at_least  = 0
at_most   = "1000万"
default   = 0
needed_if = "mode == 'lease'"
[facts.built]
label = "建成日期"
kind  = "date"
[facts.accident]
label = "有事故"
kind  = "flag"
[constants.first_day]
label  = "最早"
kind   = "date"
value  = 2024-01-01
clause = "一"
[constants.last_day]
label  = "最晚"
kind   = "date"
value  = 2024-12-31
clause = "一"
[constants.rate]
label  = "比例"
kind   = "rate"
value  = "20%"
clause = "一"
[constants.rent_cap]
label  = "租金补助最高"
kind   = "money"
value  = "3万"
clause = "一"
[constants.each]
label  = "每度"
kind   = "money"
value  = "0.05"
clause = "一"
[constants.big]
label  = "大库"
kind   = "number"
value  = 1000
clause = "一"
[constants.base]
label  = "大库奖补"
kind   = "money"
value  = "15万"
clause = "一"
[constants.cap]
label  = "最高"
kind   = "money"
value  = "30万"
clause = "一"
[[requirements]]
name      = "safe"
holds     = "not accident"
otherwise = "有事故"
clause    = "一"
[[requirements]]
name      = "in_time"
holds     = "first_day <= built <= last_day"
otherwise = "日期不在范围"
clause    = "一"
[[lines]]
name    = "by_store"
label   = "库容补助"
formula = "base if capacity >= big else 0"
clause  = "一"
[[lines]]
name    = "by_power"
label   = "电费补助"
formula = "power * each"
clause  = "一"
[[lines]]
name    = "by_rent"
label   = "租金补助"
formula = "min(rent * rate, rent_cap) if mode == 'lease' else 0"
clause  = "一"
[[lines]]
name    = "paid"
label   = "奖补"
formula = "FORMULA"
clause  = "一"
round   = { mode = "down", to = "百元", clause = "一" }
[[promises]]
PROMISE
[[cases]]
source = "一"
worked = "大库15万元，用电六万度补3000元，合计153000元"
facts  = { capacity = 1000, power = 60000, mode = "own", built = 2024-05-01, accident = false }
expect = { paid = 153000 }
"""
)

TOTAL = "by_store + by_power + by_rent"
KEPT = {
    "a cap": (f"min({TOTAL}, cap)", 'never_more_than = "cap"'),
    "a cap that rent lifts": (f"min({TOTAL}, cap + by_rent)", 'never_more_than = "cap + rent_cap"'),
    "more power never less": (f"min({TOTAL}, cap)", 'never_decreases_in = "power"'),
}
BROKEN = {
    "rent beside the cap": (f"min({TOTAL}, cap + by_rent)", 'never_more_than = "cap"', ["mode = lease", "→ 300100.00"]),
    "the whole rent beside the cap": (f"min({TOTAL}, cap + (rent if mode == 'lease' else 0))", 'never_more_than = "cap"', ["mode = lease", "→ 300100.00"]),
    "a small store on a lease": (f"by_rent if capacity < 1 and power < 1 else min({TOTAL}, cap)", 'nil_when = "capacity == 0 and power == 0"', ["mode = lease", "capacity = 0"]),
    "much power that costs a leaseholder": (f"(min({TOTAL}, cap) - by_rent if by_power >= base else min({TOTAL}, cap))", 'never_decreases_in = "power"', ["mode = lease"]),
    "a capped leaseholder split in two": (f"min({TOTAL}, cap + by_rent)", 'no_gain_from_splitting = ["rent"]', ["mode = lease"]),
}  # fmt: skip


def kept(folder: Path, formula: str, promise: str) -> Kept:
    """Return what the checker found about the one promise of the table."""
    text = STORE.replace("FORMULA", formula).replace("PROMISE", promise)
    book = book_of(folder, award=text)
    (checked,) = report(book, book.files).schemes
    (found,) = checked.promises
    return found


@pytest.mark.parametrize("name", KEPT)
def test_a_true_promise_is_kept(name: str, tmp_path: Path) -> None:
    """However many facts are changed together, a true promise has no counter-example."""
    found = kept(tmp_path, *KEPT[name])
    assert ("", False) == (found.counter, found.proved)
    assert found.points > 300


@pytest.mark.parametrize("name", BROKEN)
def test_a_false_promise_is_found_where_facts_meet(name: str, tmp_path: Path) -> None:
    """A lease, a rent, a day in time and a cap reached at once: the counter-example is found."""
    formula, promise, words = BROKEN[name]
    found = kept(tmp_path, formula, promise)
    assert [] == [word for word in words if word not in found.counter], found.counter


def test_the_same_table_gives_the_same_search(tmp_path: Path) -> None:
    """The search is drawn from a fixed sequence: points and counter-example are the same each time."""
    formula, promise, _ = BROKEN["rent beside the cap"]
    assert kept(tmp_path, formula, promise) == kept(tmp_path, formula, promise)
