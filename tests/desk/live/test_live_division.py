"""Division without a fraction: short and long, every mode, near multiples, at ties, with the largest operands."""

import datetime
from decimal import Decimal
from random import Random

from live_books import calculation_of, case_of, differences, plan_of, write

from desk.soffice import recalculated
from jiangbu.testing import book_of

DAY = datetime.date(2025, 6, 30)
HEAD = """
format = 1
[scheme]
id = "divided"
title = "除法试验"
place = "999999"
document = "示例办发〔2024〕1号"
status = "illustrative"
effective = { from = 2024-01-01, until = 2026-12-31 }
beneficiary = "household"
pays = "paid"
[facts.principal]
label = "本金"
kind = "money"
at_least = 0
at_most = "100亿"
[facts.less]
label = "扣减"
kind = "money"
at_least = 0
at_most = "100亿"
[facts.rate]
label = "年利率"
kind = "rate"
at_least = 0
at_most = "36%"
[facts.term]
label = "天数"
kind = "number"
unit = "天"
at_least = 0
at_most = 3660
[facts.parts]
label = "份数"
kind = "number"
unit = "份"
at_least = 1
at_most = 99999
[constants.basis]
label = "一年天数"
clause = "第一条"
kind = "number"
value = 360
[[cases]]
source = "自拟"
worked = "零"
facts = { principal = 0, less = 0, rate = "1%", term = 0, parts = 1 }
expect = { paid = 0 }
"""
FORMULAS = {
    "interest": "principal * rate * term / basis",
    "difference": "(principal - less) * rate * term / basis",
    "both": "principal * rate * term / basis - less / 7",
    "shared": "(principal - less) * term / parts",
    "mixed": "principal * rate / parts",
}
MODES = ("half-up", "down", "up")


def scheme():
    """A line for every formula and mode, and what is paid."""
    lines = [
        f'[[lines]]\nname = "{name}_{mode.replace("-", "_")}"\nlabel = "{name}{mode}"\nclause = "第一条"\n'
        f'formula = "{formula}"\nround = {{ mode = "{mode}", to = "fen", clause = "第一条" }}\n'
        for name, formula in FORMULAS.items()
        for mode in MODES
    ]
    paid = '[[lines]]\nname = "paid"\nlabel = "合计"\nclause = "第一条"\nformula = "interest_half_up"\n'
    return book_of(HEAD + "".join(lines) + paid).scheme("divided", place="999999", on=DAY)


def operands(rng):
    """Amounts, rates and counts: round ones, the largest, and such that the quotient lies next to a whole number."""
    days = rng.choice([0, 1, 92, 181, 360, 3660, rng.randint(0, 3660)])
    rate = rng.choice([43_500, 360_000, 1, 0, 359_999, rng.randint(0, 360_000)])
    fen = rng.choice([5_000_000_000, 10**12, 1, rng.randint(0, 10**12), 10 ** rng.randint(0, 12)])
    if rate and days and rng.random() < 0.6:
        # The amount for which principal · rate · days / 360 is next to a whole number of fen or half of one.
        by, factor = 2 * 360 * 10**6, 2 * rate * days
        fen = min(rng.randint(0, 10**6) * by // factor + rng.randint(-1, 1), 10**12) % (10**12 + 1)
    less = rng.choice([0, fen, min(fen + 1, 10**12), rng.randint(0, 10**12)])
    return {
        "principal": Decimal(fen) / 100,
        "less": Decimal(less) / 100,
        "rate": Decimal(rate) / 10**6,
        "term": days,
        "parts": rng.choice([1, 3, 7, 99_999, rng.randint(1, 99_999)]),
    }


def test_every_quotient_is_exact(tmp_path):
    """Every quotient is the exact one to the fen; beyond precision is only what has more than 15 digits itself.

    A difference is divided term by term, so that there it is the larger of the two that counts.
    """
    made, rng = scheme(), Random(20250630)
    loan = {"principal": Decimal("50000000"), "less": 0, "rate": Decimal("0.0435"), "term": 92, "parts": 3}
    facts = [loan, *(operands(rng) for _ in range(400))]
    calculation = calculation_of(made, [case_of(made, one, number) for number, one in enumerate(facts)])
    path = tmp_path / "division.xlsx"
    table = write(path, calculation)
    cells = recalculated(tmp_path, [path])["division"]["测算表"]
    wrong, beyond = differences(calculation, table, cells)
    assert [] == wrong
    larger = [max(one["principal"], one["less"]) * 100 * one["term"] / one["parts"] for one in facts]
    assert len(MODES) * sum(value >= 10**15 for value in larger) == beyond
    assert "超出电子表格精度" not in cells[table.row(0)]


def test_long_division_is_what_is_tried():
    """The scheme above needs the long division: its helper columns are there."""
    labels = [helper.label for helper, _ in plan_of(scheme()).sheets["case"].helpers]
    assert any("节商" in label for label in labels)
