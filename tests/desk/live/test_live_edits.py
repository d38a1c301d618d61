"""A number changed on 规则表 changes the amounts exactly as the changed table would; nonsense there is named."""

import datetime
from decimal import Decimal
from itertools import pairwise

import openpyxl
import pytest
from live_books import broken_cells, calculation_of, case_of, differences, write

from desk.soffice import recalculated
from jiangbu.testing import book_of

DAY = datetime.date(2025, 6, 30)
TABLE = """
format = 1
[scheme]
id = "edited"
title = "改数试验"
place = "999999"
document = "示例办发〔2024〕1号"
status = "illustrative"
effective = { from = 2024-01-01, until = 2026-12-31 }
beneficiary = "household"
pays = "paid"
[facts.sales]
label = "销售额"
kind = "money"
at_least = 0
at_most = "100亿"
[facts.people]
label = "人数"
kind = "number"
unit = "人"
at_least = 0
at_most = 5000
[facts.grade]
label = "等级"
kind = "choice"
options = { good = "良好", best = "优秀" }
[facts.day]
label = "开工日期"
kind = "date"
[facts.rate]
label = "贷款利率"
kind = "rate"
at_least = 0
at_most = "36%"
[constants.cap]
label = "封顶"
clause = "第一条"
kind = "money"
value = "7654321"
[constants.half]
label = "贴息比例"
clause = "第一条"
kind = "rate"
value = "37/64"
[constants.deadline]
label = "截止日期"
clause = "第一条"
kind = "date"
value = 2025-03-31
[tables.scale]
label = "档次"
clause = "第一条"
input = "sales"
gives = { award = "money", share = "rate" }
rows = [
  { less_than = "1234.56", award = 0, share = "0%" },
  { at_least = "1234.56", at_most = "500万", award = "111.11", share = "1.25%" },
  { more_than = "500万", less_than = "8000万", award = "222.22", share = "2/37" },
  { at_least = "8000万", award = "333.33", share = "7.5%" },
]
[tables.each]
label = "每人标准"
clause = "第一条"
inputs = ["people", "grade"]
gives = { unit = "money" }
rows = [
  { people = { at_most = 9 }, unit = "101" },
  { people = { at_least = 10, at_most = 45 }, grade = "good", unit = "202.5" },
  { people = { at_least = 10, at_most = 45 }, grade = "best", unit = "303" },
  { people = { at_least = 46 }, unit = "404.04" },
]
[tables.band]
label = "超额累进"
clause = "第一条"
input = "sales"
gives = { part = "rate" }
rows = [
  { at_most = "250万", part = "3%" },
  { more_than = "250万", at_most = "900万", part = "1.7%" },
  { more_than = "900万", part = "0.3%" },
]
[[requirements]]
name = "in_time"
holds = "day <= deadline"
otherwise = "开工晚于截止日期"
clause = "第二条"
[[lines]]
name = "share_part"
label = "按比例"
clause = "第一条"
formula = "min(sales * scale.share, cap)"
[[lines]]
name = "people_part"
label = "按人数"
clause = "第一条"
formula = "people * each.unit"
[[lines]]
name = "heads_part"
label = "累进部分"
clause = "第一条"
formula = "marginal(band.part, sales)"
[[lines]]
name = "interest"
label = "利息"
clause = "第一条"
formula = "min(sales, cap) * min(rate, lpr.one_year(day)) * half * max(0, days(day, later(day, 5))) / 360"
[[lines]]
name = "paid"
label = "合计"
clause = "第一条"
formula = "scale.award + share_part + people_part + heads_part + interest"
[[cases]]
source = "自拟"
worked = "零"
facts = { sales = 0, people = 0, grade = "good", day = 2025-01-01, rate = "1%" }
expect = { paid = 0 }
"""
SALES = ["0", "1234.55", "1234.56", "2000000", "2500000.01", "5000000", "5000000.01", "8999999.99", "79999999.99",
         "80000000", "9999999999.99"]  # fmt: skip


def scheme_of(text):
    """The table, in force on the day."""
    return book_of(text).scheme("edited", place="999999", on=DAY)


def cases_of(scheme):
    """Rows on and beside every edge."""
    found = []
    for number, sales in enumerate(SALES):
        people = (0, 9, 10, 25, 45, 46, 5000)[number % 7]
        facts = {
            "sales": Decimal(sales),
            "people": people,
            "grade": "best" if number % 2 else "good",
            "day": datetime.date(2025, 3, 30) + datetime.timedelta(days=(0, 1, 0, 2)[number % 4]),
            "rate": Decimal("0.0435") if number % 4 else Decimal("0.0287"),
        }
        found.append(case_of(scheme, facts, number))
    return found


# What is changed in the table, and which cells of 规则表 (found by what they hold) to what.
EDITS = {
    "an amount": ([("111.11", "118.88")], [(111.11, 118.88)]),
    "a cap": ([("7654321", "98765.43")], [(7654321, 98765.43)]),
    "an edge": ([("1234.56", "5000")], [(1234.56, 5000)]),
    "a word": (
        [('at_most = "500万"', 'less_than = "500万"'), ('more_than = "500万"', 'at_least = "500万"')],
        [(("以下", 5000000), "不满"), (("超过", 5000000), "以上")],
    ),
    "a numerator": ([("2/37", "5/37")], [((2, 37), (5, 37))]),
    "a denominator": ([("2/37", "2/41")], [((2, 37), (2, 41))]),
    "another constant rate": ([("37/64", "11/13")], [((37, 64), (11, 13))]),
    "a date": ([("2025-03-31", "2025-03-30")], [(datetime.datetime(2025, 3, 31), datetime.datetime(2025, 3, 30))]),
    "a count": ([("at_most = 45", "at_most = 24"), ("at_least = 46", "at_least = 25")], [(45, 24), (46, 25)]),
    "a choice's amount": ([("303", "304.5")], [(303, 304.5)]),
    "a band's edge": ([("900万", "800万")], [(9000000, 8000000)]),
    "a band's rate": ([("1.7%", "1.9%")], [((17, 1000), (19, 1000))]),
}
BREAKS = {
    "edges out of order": [(1234.56, 6000000)],
    "edges apart": [(("以下", 5000000), "不满")],
    "an amount with too many decimals": [(111.11, 111.111)],
    "a text for a number": [(7654321, "很多")],
    "a denominator of zero": [((37, 64), (37, 0))],
}


def edited(path, edits):
    """Change cells of 规则表: those that hold a value; two neighbours that hold two; or the word beside an edge."""
    book = openpyxl.load_workbook(path)
    sheet = book["规则表"]
    for old, new in edits:
        hits = 0
        for row in sheet.iter_rows():
            for one, other in pairwise(row):
                if isinstance(new, tuple) and (one.value, other.value) == old:
                    one.value, other.value = new
                    hits += 1
                elif isinstance(old, tuple) and (other.value, one.value) == old and isinstance(new, str):
                    other.value = new
                    hits += 1
                elif not isinstance(old, tuple) and one.value == old:
                    one.value = new
                    hits += 1
        assert hits, f"no cell holds {old}"
    book.save(path)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """All edited workbooks, recalculated at once."""
    folder = tmp_path_factory.mktemp("edits")
    plain = scheme_of(TABLE)
    calculation = calculation_of(plain, cases_of(plain))
    paths, tables = [], {}
    for name, edits in [*((name, edits) for name, (_, edits) in EDITS.items()), *BREAKS.items(), ("none", [])]:
        path = folder / f"{len(paths)}.xlsx"
        tables[name] = path.stem, write(path, calculation)
        edited(path, edits)
        paths.append(path)
    found = recalculated(folder, paths)
    return {name: (table, found[stem]) for name, (stem, table) in tables.items()}


def test_nothing_changed(books):
    """Saved by another program and recalculated, the workbook gives what we computed, and every check is 正确."""
    plain = scheme_of(TABLE)
    table, cells = books["none"]
    assert ([], 0) == differences(calculation_of(plain, cases_of(plain)), table, cells["测算表"])
    assert 0 == broken_cells(cells)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_the_changed_table(books, name):
    """Every cell is what the table with the same change gives, and at least one amount is another."""
    text = TABLE
    for old, new in EDITS[name][0]:
        assert old in text
        text = text.replace(old, new)
    changed = scheme_of(text)
    table, cells = books[name]
    calculation = calculation_of(changed, cases_of(changed))
    assert ([], 0) == differences(calculation, table, cells["测算表"])
    before = scheme_of(TABLE)
    old = [one.amount for one in calculation_of(before, cases_of(before)).decisions]
    assert old != [one.amount for one in calculation.decisions]


@pytest.mark.parametrize("name", BREAKS)
def test_nonsense_is_named(books, name):
    """The check beside it says 规则表有误, and so does every amount that depends on it; none is a wrong fen."""
    table, cells = books[name]
    assert 0 < broken_cells(cells)
    amounts = {row[table.index("amount")] for row in cells["测算表"][table.row(0) : table.row(len(SALES))]}
    outcomes = {row[table.index("outcome")] for row in cells["测算表"][table.row(0) : table.row(len(SALES))]}
    assert {"规则表有误", "0"} >= amounts
    assert {"规则表有误", "不予支持"} == outcomes
