"""Formulas: the algebra of kinds, guards that prove divisors, intervals and denominators that hold every value."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from jiangbu import TableError
from jiangbu.rules.formula import Parsed, Symbol, TableInfo, read_formula
from jiangbu.rules.kinds import Bounds
from jiangbu.rules.levels import Levels
from jiangbu.rules.lookup import Axis
from jiangbu.rules.model import Edge, LookupTable, Row
from jiangbu.rules.results import RowResult
from jiangbu.rules.tree import Type
from jiangbu.testing import FactMaker, book_of, table_text


def day(text: str) -> Fraction:
    return Fraction(date.fromisoformat(text).toordinal())


def number(low: int, high: int, den: int = 1, unit: str = "", kind: Any = "number") -> Type:
    return Type(kind, den, Fraction(low), Fraction(high), unit)


TYPES = {
    "m": number(0, 1000, 100, kind="money"), "m2": number(-5, 5, 100, kind="money"), "price": number(0, 9, 10_000, kind="money"),
    "n": number(0, 100), "n2": number(-10, 10), "half": number(0, 50, 10), "heads": number(0, 9, 1, "头"), "tons": number(0, 9, 1, "吨"),
    "r": number(0, 1, 10**6, kind="rate"), "r2": number(-1, 2, 10**6, kind="rate"),
    "f": Type("flag"), "g": Type("flag"),
    "c": Type("choice", options=("a", "b")), "c2": Type("choice", options=("b", "x")), "c3": Type("choice", options=("y", "z")),
    "t": Type("text"),
    "d": Type("date", 1, day("2024-01-01"), day("2024-12-31")), "d2": Type("date", 1, day("2020-01-01"), day("2025-06-30")),
}  # fmt: skip


def tiers() -> TableInfo:
    """Return a table over ``n`` (0…100): a rate, a money and a choice for each of three tiers."""
    rows = [
        Row({"n": (Edge("less_than", Fraction(20)),)}, {"rate": Fraction(1, 10), "each": Fraction(5), "c": "a"}),
        Row({"n": (Edge("at_least", Fraction(20)), Edge("less_than", Fraction(40)))}, {"rate": Fraction(2, 37), "each": Fraction(7), "c": "b"}),
        Row({"n": (Edge("at_least", Fraction(40)),)}, {"rate": Fraction(1, 2), "each": Fraction(9), "c": "a"}),
    ]  # fmt: skip
    table = LookupTable("tiers", "档", ("n",), {"rate": "rate", "each": "money", "c": "choice"}, tuple(rows))
    columns = {
        "rate": Type("rate", 370, Fraction(2, 37), Fraction(1, 2)), "each": Type("money", 100, Fraction(5), Fraction(9)),
        "c": Type("choice", options=("a", "b")),
    }  # fmt: skip
    bounds = Bounds(Fraction(0), Fraction(100))
    return TableInfo(table, (Symbol("n", "fact", "case", TYPES["n"], None, bounds),), (Axis(bounds),), columns)


@frozen
class Names:
    """The names above, on the one level of a flat scheme."""

    levels: Levels = Levels()
    symbols: Mapping[str, Symbol] = field(
        factory=lambda: {name: Symbol(name, "fact", "case", kind) for name, kind in TYPES.items()}
    )
    tables: Mapping[str, TableInfo | None] = field(factory=lambda: {"tiers": tiers(), "broken": None})
    made: Mapping[str, Mapping[str, Symbol]] = field(factory=dict)
    made_calls: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    labels: Mapping[str, str] = field(factory=lambda: {"营业额": "money", "甲类": "'a'"})
    own: str = ""

    def series(self, name: str) -> Mapping[str, Type] | None:
        return {"one_year": Type("rate", 10_000, Fraction(3, 100), Fraction(43, 1000))} if name == "lpr" else None

    def later_than(self, name: str) -> bool:
        return name == "later_line"

    def hidden(self, name: str) -> bool:
        return False


def read(text: str, **words: Any) -> Parsed:
    return read_formula(text, Names(), "case", **{"top": True, **words})


def codes(text: str, **words: Any) -> list[str]:
    return [fault.code for fault in read(text, **words).faults]


SLIPS = {
    "money × 2": [("'×' outside quotes", "write * of the English keyboard")],
    "min（money， 0）": [(f"{sign!r} outside quotes", f"write {half} of the English keyboard") for sign, half in (("（", "("), ("，", ","), ("）", ")"))],
    "money * 20%": [("20% is not in the language", "write it as a constant of the table")],
    "3万": [("3万 is not in the language", "write it as a constant of the table")],
    "营业额 * 2": [("'营业额' is a label", "write its name: money")],
    "c == 甲类": [("'甲类' is the label of an option", "write 'a'")],
    "c == '甲类'": [("'甲类' is no option", "did you mean 'a'?")],
    "c == a": [("the option 'a' has no quotes", "write 'a'")],
    "c in (a, 'b')": [("the option 'a' has no quotes", "write 'a'")],
    "if(True, money, 0)": [("if is written like a function", "write a if test else b")],
    "IF(f, m, 0)": [("there is no function IF", "write a if test else b")],
    "MIN(m, 0)": [("there is no function MIN", "did you mean 'min'?")],
    "total = min(money, 0)": [("'total' and = stand before the formula", "take out 'total ='")],
    "money if c = 'a' else 0": [("equality is written with two signs", "write ==")],
}  # fmt: skip


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_named_and_mended(text: str) -> None:
    """Signs, numbers and words of paper are told as what they are, with what to write, each once."""
    assert SLIPS[text] == [(fault.message, fault.remedy) for fault in read(text).faults if not fault.warning]


def type_of(text: str, **words: Any) -> Type:
    parsed = read(text, **words)
    assert parsed.tree is not None, parsed.faults
    return parsed.tree.type


# The algebra of kinds


KINDS = {"m": "money", "n": "number", "r": "rate", "f": "flag", "c": "choice", "d": "date", "t": "text"}
SAME = {
    ("money", "money"): "money",
    ("number", "number"): "number",
    ("rate", "rate"): "rate",
    ("number", "rate"): "number",
    ("rate", "number"): "number",
}
TIMES = {
    **SAME,
    ("money", "number"): "money",
    ("money", "rate"): "money",
    ("number", "money"): "money",
    ("rate", "money"): "money",
}
del TIMES["money", "money"]
OVER = {
    ("money", "money"): "number", ("money", "number"): "money", ("money", "rate"): "money", ("number", "number"): "number",
    ("number", "rate"): "number", ("rate", "rate"): "rate", ("rate", "number"): "rate",
}  # fmt: skip


@pytest.mark.parametrize("left", KINDS)
@pytest.mark.parametrize("right", KINDS)
@pytest.mark.parametrize("op", "+-*/")
def test_kinds_of_arithmetic(left: str, op: str, right: str) -> None:
    """Money with money, money times a number or rate, money over money; numbers and rates mix; nothing else."""
    pair = KINDS[left], KINDS[right]
    table = SAME if op in "+-" else TIMES if op == "*" else OVER
    text = (
        f"{left} {op} {right}"
        if op != "/"
        else f"{left} / {'max(1, n)' if right == 'n' else f'{right}' if right not in 'mr' else right}"
    )
    if op == "/" and right in "mr":
        text = f"({text}) if {right} > 0 else {('0' if left in 'mnr' else left)}"
    if pair in table:
        assert table[pair] == type_of(text).kind
    else:
        assert codes(text) == ["kind"]


@pytest.mark.parametrize("left", KINDS)
@pytest.mark.parametrize("right", KINDS)
@pytest.mark.parametrize("op", ["==", "!=", "<", "<=", ">", ">="])
def test_kinds_of_comparison(left: str, op: str, right: str) -> None:
    """Values of one kind compare, numbers with rates, choices and text with text; order is for money, numbers, rates, days."""
    pair = {KINDS[left], KINDS[right]}
    ordered = (len(pair) == 1 and pair <= {"money", "number", "rate", "date"}) or pair == {"number", "rate"}
    equal = ordered or pair in ({"flag"}, {"choice"}, {"text"}, {"choice", "text"})
    fits = equal if op in ("==", "!=") else ordered
    assert fits == (codes(f"{left} {op} {right}") == [])


@pytest.mark.parametrize("left", KINDS)
@pytest.mark.parametrize("right", KINDS)
def test_kinds_of_branches_and_extremes(left: str, right: str) -> None:
    """Branches of an ``if`` are of one kind, numbers and rates mix; min and max take what is ordered."""
    pair = KINDS[left], KINDS[right]
    alike = pair[0] == pair[1] or set(pair) in ({"number", "rate"}, {"choice", "text"})
    assert alike == (codes(f"{left} if f else {right}") == [])
    ordered = alike and not set(pair) & {"flag", "choice", "text"}
    assert ordered == (codes(f"min({left}, {right})") == [])
    assert ordered == (codes(f"max({left}, {right})") == [])


@pytest.mark.parametrize("text", ["m + 0", "0 + m", "m - 0", "0 - m2", "m == 0", "m > 0", "max(0, m2)", "min(m, 0)", "m if f else 0", "0 if f else r", "r > 0", "m in (0, m2)"])  # fmt: skip
def test_a_literal_zero_fits_every_numeric_kind(text: str) -> None:
    """0 yuan, 0 percent, 0 head: the kind of a 0 is that of what it stands beside."""
    assert [] == codes(text)


@pytest.mark.parametrize("text", ["m + 1", "m > 1", "max(1, m)", "d > 0", "f == 0", "c == 0", "m if f else 1"])
def test_other_literals_and_kinds_do_not(text: str) -> None:
    """1 is a number and no amount; 0 is no day, no flag, no option."""
    assert ["kind"] == codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("c == 'a'", ""), ("c == 'q'", "unknown-name"), ("'b' != c", ""), ("c in ('a', 'b')", ""), ("c in ('a', 'q')", "unknown-name"),
        ("c not in ('a',)", ""), ("c in ()", "formula"), ("c in 'ab'", "formula"), ("c == c2", ""), ("c == c3", "kind"),
        ("t == 'anything'", ""), ("t in ('x', 'y')", ""), ("t < 'x'", "kind"), ("tiers.c == 'a'", ""), ("tiers.c == 'x'", "unknown-name"),
        ("n in (1, 0)", ""), ("d in (d2, d)", ""), ("n in (m, n)", "kind"), ("f == True", ""), ("f == g", ""), ("f and g or not f", ""),
        ("f and n", "kind"), ("not n", "kind"), ("n if n else n", "kind"), ("0 < n <= half < 1", ""), ("f < g", "kind"), ("-f", "kind"), ("-d", "kind"),
    ],
)  # fmt: skip
def test_conditions(text: str, code: str) -> None:
    """Options are checked against what the choice offers; conditions are flags."""
    assert ([code] if code else []) == codes(text)


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("days(d, d2)", "number", -1826, 546), ("months(d, d2)", "number", -59, 17), ("year(d2)", "number", 2020, 2025),
        ("later(d, 1)", "date", day("2024-02-01"), day("2025-01-31")), ("later(d2, n2)", "date", day("2019-03-01"), day("2026-04-30")),
        ("after(d, -1)", "date", day("2023-12-31"), day("2024-12-30")), ("max(d, d2)", "date", day("2024-01-01"), day("2025-06-30")),
        ("min(d, d2)", "date", day("2020-01-01"), day("2024-12-31")), ("d if f else d2", "date", day("2020-01-01"), day("2025-06-30")),
    ],
)  # fmt: skip
def test_days(text: str, kind: str, low: Fraction, high: Fraction) -> None:
    """Functions of days have intervals over the calendar."""
    made = type_of(text)
    assert (kind, low, high) == (made.kind, made.low, made.high)


@pytest.mark.parametrize(
    "text", ["later(d, half)", "after(d, r)", "days(d, n)", "months(n, d)", "year(n)", "later(n, d)", "lpr.one_year(n)"]
)
def test_days_that_do_not_fit(text: str) -> None:
    """Whole months and days only, and days where days are meant."""
    assert ["kind"] == codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("whole(half)", ""), ("whole(r)", ""), ("whole(m)", "kind"), ("whole(f)", "kind"), ("whole(n / max(1, n))", ""), ("whole(m / max(1, n))", "kind"),
        ("round_to(m, 'yuan', 'down')", ""), ("round_to(m, '1', 'down')", "rounding"), ("round_to(half, '0.01', 'up')", ""),
        ("round_to(half, 'yuan', 'up')", "rounding"), ("round_to(half, '2', 'up')", "rounding"), ("round_to(half, '0.03', 'up')", "rounding"),
        ("round_to(half, '10', 'up')", "rounding"), ("round_to(m, 'yuan')", "formula"), ("round_to(m, 'yuan', f)", "rounding"), ("round_to(m / max(1, n), '百元', 'half-up')", ""),
        ("round_to(d, '1', 'up')", "kind"),
    ],
)  # fmt: skip
def test_rounding_inside(text: str, code: str) -> None:
    """``whole`` floors numbers, ``round_to`` takes the steps of the kind; both may hold a varying quotient."""
    assert ([code] if code else []) == codes(text)


# Divisions


PROVED = [
    "m / max(1, n)", "m / n if n > 0 else 0", "0 if n == 0 else m / n", "0 if n <= 0 else m / n", "0 if not n > 0 else m / n", "m / n if n >= 1 else m",
    "m / n if n != 0 else m", "m / n if f and n > 0 else m", "m / n if 0 < n else m", "m / n if 0 < n < half else m", "m / n if 0 < n <= 50 * 1 and f else m",
    "0 if n == 0 or f else m / n", "m / (n + half) if n + half > 0 else 0", "m / (n + 1)", "m / min(n + 1, half + 1)", "m / half if half > 0 else 0", "whole(m / m2) if m2 > 0 else 0",
    "m / days(d2, d) if days(d2, d) > 0 else 0", "n > 0 and m / n > m2", "n == 0 or m / n > m2", "m / n > m2 if n > 0 else f", "m / tiers.rate", "m / lpr.one_year(d)",
    "(m / n if n > 0 else 0) if f else m / max(1, n2)", "m / n2 if n2 >= 1 else 0 if f else m / (n + 1)",
]  # fmt: skip
UNPROVED = [
    "m / n", "m / n if f else 0", "m / n if n >= 0 else 0", "0 if n > 0 else m / n", "m / n if f or n > 0 else 0", "m / n2 if n2 != 0 else 0", "m / (n - half) if n > half else 0",
    "m / n if half > 0 else 0", "m / n if n < 50 * 1 else 0", "m / n2 if n2 < 0 else 0", "n >= 0 and m / n > m2", "n > 0 or m / n > m2", "0 if n == 0 and f else m / n", "m / max(0, n)", "whole(m / n)",
    "m / n2 if n2 == 0 else 0",
]  # fmt: skip


@pytest.mark.parametrize("text", PROVED)
def test_guards_prove_a_divisor(text: str) -> None:
    """Bounds, ``max(1, x)`` and guards that compare the same name or expression with a number prove a divisor."""
    assert [] == [code for code in codes(text) if code != "bare-number"]


@pytest.mark.parametrize("text", UNPROVED)
def test_what_does_not_prove_a_divisor(text: str) -> None:
    """A guard of the wrong side, of another value, or that may be passed without holding proves nothing."""
    assert ["division"] == [code for code in codes(text) if code != "bare-number"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("m / (n + 1)", True), ("m / (n + 1) if f else m", True), ("m / (n + 1) + m", False), ("-(m / (n + 1))", False), ("min(m / (n + 1), m)", False),
        ("round_to(m / (n + 1), 'yuan', 'up') + m", True), ("m / (n + 1) > m2", True), ("m2 < m / (n + 1) < m", True), ("tiers.each(n / (n + 1))", False),
        ("m / 3 + m", True), ("m / tiers.rate", True), ("(m if m / (n + 1) > m2 else m) + m", True), ("(m / (n + 1) if f else m) + m", False),
    ],
)  # fmt: skip
def test_where_a_varying_quotient_may_stand(text: str, fits: bool) -> None:
    """Last in a line or branch, in whole or round_to, or as a side of a comparison; a constant divisor stands anywhere."""
    assert fits == ([code for code in codes(text) if code != "bare-number"] == [])


def test_a_guard_narrows_what_a_lookup_is_asked() -> None:
    """A value that may leave the table's input is refused; behind a guard it may stand."""
    assert ["lookup-range"] == codes("tiers.rate(n + 1)")
    assert [] == codes("tiers.rate(n + 1) if n + 1 <= 100 * 1 else r")[1:]
    assert [] == codes("tiers.rate(min(n + n, n))")
    assert ["lookup-range"] == codes("tiers.rate(n2)")
    assert [] == codes("tiers.rate(n2) if n2 >= 0 else r")
    assert [] == codes("tiers.rate(max(0, n2))")
    assert ["kind"] == codes("tiers.rate(m)")
    assert [] == codes("marginal(tiers.each, n)")
    assert ["lookup-range"] == codes("marginal(tiers.each, n + 1)")


def test_contradictory_guards_do_no_harm() -> None:
    """A branch that nothing reaches raises nothing and spoils nothing around it."""
    assert {"division"} >= set(codes("(m / n if n > 0 else 0) if n > 0 and n < 1 else 0"))
    assert [] == codes("(m if n > 0 else 0) if n > 0 and n < 1 else 0")
    assert ["division"] == codes("(m if n > 0 and n < 1 else 0) if f else m / n")


# Denominators and intervals


@pytest.mark.parametrize(
    ("text", "den"),
    [
        ("m", 100), ("m * r", 10**8), ("m + price", 10_000), ("m * half", 1000), ("m / 3", 300), ("m / -4", 400), ("tiers.rate", 370), ("m * tiers.rate", 37_000),
        ("half + r", 10**6), ("m if f else price", 10_000), ("min(m, price)", 10_000), ("m / max(1, n)", None), ("whole(half)", 1), ("round_to(half, '0.01', 'up')", 100),
        ("round_to(price, 'yuan', 'up')", 100), ("m / tiers.rate", None), ("m * n / 12", 1200), ("marginal(tiers.rate, n)", 370),
    ],
)  # fmt: skip
def test_denominators(text: str, den: int | None) -> None:
    """``*`` multiplies denominators, joining takes the least common one, a constant divisor multiplies."""
    assert den == type_of(text).den


def test_a_denominator_at_the_limit_stands_and_above_it_falls() -> None:
    """10^24 is the largest denominator: four rates to six places fit, with one place more they do not."""
    assert 10**24 == type_of("r * r * r * r").den
    assert ["denominator"] == codes("r * r * r * r * half")
    assert ["denominator"] == codes("r * r * r * r / 7")[1:]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("n + n2", -10, 110), ("n - n2", -10, 110), ("n * n2", -1000, 1000), ("n2 * n2", -100, 100), ("-n2 - n", -110, 10), ("n / -2", -50, 0), ("n2 / (n + 1)", -10, 10),
        ("min(n, n2)", -10, 10), ("max(n, n2)", 0, 100), ("n if f else n2", -10, 100), ("whole(n2 / 3)", -4, 3), ("round_to(r2, '1', 'up')", -1, 2),
        ("tiers.each", 5, 9), ("marginal(tiers.each, n)", 0, 900), ("max(0, n2)", 0, 10), ("(n - 20 * 1 if n >= 20 * 1 else n2)", -10, 80), ("m * r2", -1000, 2000),
    ],
)  # fmt: skip
def test_intervals(text: str, low: int, high: int) -> None:
    """Every formula has an interval that follows from the bounds of what it reads."""
    made = type_of(text)
    assert (low, high) == (made.low, made.high)


def lines_of(row: RowResult) -> list[tuple[RowResult, Any, Any]]:
    """Return each line of a row and of all rows below with its cell."""
    return [
        (item, slot, cell)
        for item in row.walk()
        for slot, cell in zip(item.layout.lines, item.data.values, strict=True)
    ]


@given(st.integers(0, 10**9))
@settings(max_examples=40, deadline=None)
def test_every_value_lies_in_its_interval_and_on_its_denominator(seed: int) -> None:
    """Random tables, random facts within their bounds: what was said of each line on load holds of its value."""
    rng = Random(seed)
    book = book_of(table_text(rng))
    try:
        scheme = book.scheme("random-table", place="999999", on=date(2024, 6, 3))
    except TableError:
        reject()  # that drawn tables are valid is held by the tests of the strategies
    maker = FactMaker(scheme, {})
    for _ in range(4):
        result = scheme.try_determine(maker.facts(rng))
        for _, slot, cell in lines_of(result.root) if not result.problems else ():
            line = scheme.lines[slot.name]
            assert line.type is not None
            if cell is None or line.kind in ("flag", "choice", "text"):
                continue
            assert line.type.den == slot.den
            assert line.type.low <= Fraction(cell, slot.den) <= line.type.high, (line.formula, cell, slot.den)


# Words of the language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("later_line + 1", "order"), ("nowhere", "unknown-name"), ("tiers", "kind"), ("tiers.nothing", "unknown-name"), ("n.x", "formula"), ("broken.rate", ""), ("broken.rate + m", ""),
        ("lpr.one_year(d)", ""), ("lpr.two_years(d)", "unknown-name"), ("lpr.one_year", "formula"), ("lpr.one_year()", "formula"), ("f(n)", "unknown-name"), ("n.real(1)", "unknown-name"),
        ("heads + tons", "unit"), ("heads - tons", "unit"), ("heads + heads", ""), ("heads + n", ""), ("heads * tons", ""), ("n * 3", "bare-number"), ("n - 1 + 0", ""), ("n in (2, 1)", "bare-number"),
        ("n // 1", "formula"), ("n % 1", "formula"), ("n @ n", "formula"), ("n ** n", "formula"), ("n & n", "formula"), ("~n", "formula"), ("+n", "formula"), ("n is n", "formula"), ("n <= (n2, n)", "formula"),
        ("lambda: n", "formula"), ("[n for n in c]", "formula"), ("{n}", "formula"), ("f'{n}'", "formula"), ("b'x'", "formula"), ("None", "formula"), ("...", "formula"), ("1j", "formula"), ("1e3", "formula"),
        ("(n := 1)", "formula"), ("n[0]", "formula"), ("min(*c)", "formula"), ("min(n, key=n)", "formula"), ("n; m", "formula"), ("import os", "formula"), ("", "formula"), ("n n", "formula"), ("'", "formula"),
        ("sum(n)", "level"), ("count(f)", "level"), ("allocate(m, n)", "formula"), ("balance(n, d)", "unknown-name"), ("marginal(n, n)", "formula"), ("marginal(tiers.c, n)", "kind"), ("marginal(tiers.none, n)", "unknown-name"),
        ("tiers.rate(n, n)", "formula"), ("tiers.rate()", "formula"), ("(n)(n)", "unknown-name"), ("tiers.rate.x", "formula"),
    ],
)  # fmt: skip
def test_the_words_of_the_language(text: str, code: str) -> None:
    """What is not on the list of the language is refused, each with one fault of its own code."""
    assert ([code] if code else []) == codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 400 + "n" + ")" * 400,
        "-" * 900 + "n",
        "not " * 240 + "f",
        "n" + "+n" * 499,
        "min(" * 90 + "n" + ",n)" * 90,
        "n if f else " * 60 + "n",
    ],
)
def test_deep_and_long_formulas_are_faults_or_read(text: str) -> None:
    """Deep nesting never raises: it is read, or it is one fault."""
    assert len(read(text).faults) <= 1


@given(st.text(alphabet="nmfdc()+-*/ .,<>=!'0123456789 andorifels", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever stands there, reading it gives a tree or faults, each with a span inside the text; nothing is raised."""
    parsed = read(text)
    errors = [fault for fault in parsed.faults if not fault.warning]
    assert (parsed.tree is None) == bool(errors)
    assert all(0 <= fault.span[0] <= len(text) + 1 for fault in parsed.faults)


def test_guards_inside_a_sum_and_outside_do_not_mix() -> None:
    """What a branch knows is forgotten after it: the same divisor is unproved again."""
    assert ["division"] == codes("m / n > m2 and n > 0")
    assert ["division"] == codes("(m if n > 0 else m2) if m / n > m2 else m")
