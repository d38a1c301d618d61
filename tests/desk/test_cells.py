"""Reading cells: exact values in, problems in Chinese out, and no float beyond this module."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from desk_facts import AGREEMENTS, CHOICE, DAY, FLAG, HOUSEHOLDS, RATE, REVENUE, WEIGHT
from hypothesis import example, given
from hypothesis import strategies as st

from jiangbu.desk.cell_facts import has_more_decimals, read_fact, read_money
from jiangbu.desk.cells import Cell, read_date, read_text, take
from jiangbu.errors import Problem
from jiangbu.rules.kinds import Bounds

PATH = "申报表!C7"


def read(raw, fact, unit="", percent=False):
    """The value, or the code of the problem."""
    value = read_fact(take(raw, percent=percent), fact, unit, PATH)
    return value.code if isinstance(value, Problem) else value


@given(st.integers(0, 10**12))
@example(30)
@example(99999999999999 // 100)
def test_double_of_fen_reads_back(fen):
    """Every amount to the fen below 10^15 digits survives the spreadsheet's double exactly."""
    assert Decimal(fen) / 100 == read(float(fen) / 100, REVENUE)


@given(st.integers(0, 10**12))
def test_wan_yuan_column_is_exact(fen):
    """An amount typed in 万元 with six decimals is the same fen as in 元."""
    typed = format(Decimal(fen).scaleb(-6), "f")
    assert Decimal(fen) / 100 == read(typed, REVENUE, "万元") == read(float(typed), REVENUE, "万元")


@given(st.integers(0, 10**12), st.sampled_from(["{}", "￥{}", "¥{}", "{}元", " {} 元 ", "{} "]))
def test_separators_and_full_width(fen, pattern):
    """Thousands separators, full-width digits, ￥ and 元 change nothing."""
    amount = Decimal(fen) / 100
    text = pattern.format(f"{amount:,.2f}")
    wide = text.translate({ord(digit): ord(digit) - 0x30 + 0xFF10 for digit in "0123456789"})
    assert amount == read(text, REVENUE)
    assert amount == read(wide.replace(",", "，").replace(".", "．"), REVENUE)


@pytest.mark.parametrize(
    ("raw", "fact", "unit", "expected"),
    [
        ("120万元", REVENUE, "", Decimal(1_200_000)),
        ("120万元", REVENUE, "万元", Decimal(1_200_000)),
        ("120万", REVENUE, "万元", Decimal(1_200_000)),
        ("5000元", REVENUE, "万元", Decimal(5000)),
        ("1.5亿元", REVENUE, "", Decimal(150_000_000)),
        (8000, REVENUE, "万元", Decimal(80_000_000)),
        ("32户", HOUSEHOLDS, "户", Decimal(32)),
        ("1万户", HOUSEHOLDS, "", Decimal(10_000)),
        (1.5, HOUSEHOLDS, "万户", Decimal(15_000)),
        ("12.345", WEIGHT, "吨", Decimal("12.345")),
        (4.35, RATE, "%", Decimal("0.0435")),
        ("4.35%", RATE, "", Decimal("0.0435")),
        ("4.35%", RATE, "%", Decimal("0.0435")),
        (2, RATE, "‰", Decimal("0.002")),
        ("2‰", RATE, "", Decimal("0.002")),
        (0.0435, RATE, "", Decimal("0.0435")),
        (0, RATE, "", Decimal(0)),
    ],
)
def test_units(raw, fact, unit, expected):
    """A cell's own unit comes before the head's; a rate under a head in percent is divided."""
    assert expected == read(raw, fact, unit)


def test_percent_format_is_its_number():
    """A percent-formatted cell is its number, under a head in percent too."""
    assert Decimal("0.0435") == read(0.0435, RATE, "%", percent=True) == read(0.0435, RATE, "", percent=True)


@pytest.mark.parametrize(
    ("raw", "fact", "unit", "code"),
    [
        ("#REF!", REVENUE, "", "kind"),
        ("约五百万", REVENUE, "", "kind"),
        ("1,23", REVENUE, "", "kind"),
        ("1.2.3", REVENUE, "", "kind"),
        ("12e5", REVENUE, "", "kind"),
        ("50户", REVENUE, "", "kind"),
        (True, REVENUE, "", "kind"),
        (datetime.date(2024, 3, 5), REVENUE, "", "kind"),
        (1e16, REVENUE, "", "kind"),
        ("9" * 40, REVENUE, "", "kind"),
        (0.125, REVENUE, "", "decimals"),
        (12.3456789, REVENUE, "万元", "decimals"),
        (32.5, HOUSEHOLDS, "", "decimals"),
        (-5, REVENUE, "", "bounds"),
        (200_000, HOUSEHOLDS, "", "bounds"),
        (80_000_000_000_000, REVENUE, "", "ten-thousandfold"),
        (80_000_000, REVENUE, "万元", "ten-thousandfold"),
        (4.35, RATE, "", "kind"),
        (1, RATE, "", "kind"),
        ("30%", RATE, "", "bounds"),
        (1, FLAG, "", "kind"),
        ("大概", FLAG, "", "kind"),
        ("一般", CHOICE, "", "option"),
        ("2024年3月", DAY, "", "date"),
        ("2024-02-30", DAY, "", "date"),
        ("24.3.5", DAY, "", "date"),
        (45356, DAY, "", "date"),
        (datetime.datetime(2024, 3, 5, 9, 30), DAY, "", "date"),
        ("1889-03-05", DAY, "", "bounds"),
    ],
)
def test_refused(raw, fact, unit, code):
    """What cannot be read exactly is a problem with a stable code, never a guess."""
    assert code == read(raw, fact, unit)


@pytest.mark.parametrize("raw", ["", None, "  ", "-", "/", "／", "无", "—"])
def test_blank_is_missing(raw):
    """A blank, a dash, a slash and 无 are missing and never zero."""
    assert read(raw, REVENUE) is None


def test_nothing_is_an_answer_where_it_is_asked():
    """无 answers a flag, and a choice that has it as an option."""
    assert read("无", FLAG) is False
    assert read("无", CHOICE) == "none"


@pytest.mark.parametrize(("raw", "expected"), [(word, True) for word in ("是", "有", "√", "真", "TRUE", "true", True)])
def test_yes(raw, expected):
    """The words and signs for yes."""
    assert expected is read(raw, FLAG)


@pytest.mark.parametrize("raw", ["否", "无", "×", "假", "FALSE", False])
def test_no(raw):
    """The words and signs for no."""
    assert read(raw, FLAG) is False


def test_choice_by_label_or_name():
    """An option is found by its label or its name."""
    assert read("优 秀", CHOICE) == read("best", CHOICE) == "best"


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)))
def test_date_forms(day):
    """Every form that clerks use reads as the same day."""
    forms = [f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month}.{day.day}"]
    forms += [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month:02}月{day.day:02}日",
    ]
    assert {day} == {read(form, DAY) for form in forms} | {read(day, DAY), read(float(f"{day:%Y%m%d}"), DAY)}


def test_problem_says_all():
    """A problem carries the cell, what was found, what is expected and how to mend it, in Chinese."""
    problem = read_fact(take(12.3456789), REVENUE, "万元", PATH)
    assert isinstance(problem, Problem)
    assert (problem.path, problem.found) == (PATH, "12.3456789")
    assert problem.expected == "金额（元），0元至100亿元，至多2位小数"
    assert "ROUND(…,6)" in problem.remedy


def test_not_asked_is_missing_where_a_default_stands():
    """不适用, as our own sheet writes it, reads back as missing only where a default may stand in."""
    assert read("不适用", AGREEMENTS) is None
    assert read("不适用", HOUSEHOLDS) == "kind"


def test_identity_stored_as_number():
    """A number of more than 15 digits has lost its end; shorter ones and texts are carried."""
    lost = read_text(take(6.2284800123456789e18), "账号", PATH, identity=True)
    assert isinstance(lost, Problem)
    assert "末尾几位已经丢失" in lost.remedy
    assert read_text(take(13893300000.0), "联系电话", PATH, identity=True) == "13893300000"
    assert read_text(take("6228480012345678901"), "账号", PATH, identity=True) == "6228480012345678901"


def test_paid_amount():
    """已付金额 is read in its head's unit and refused when negative or finer than the fen."""
    assert Decimal(5000) == read_money(take(0.5), "万元", PATH)
    assert read_money(take(""), "", PATH) is None
    for raw in (-1, 0.001, "若干"):
        assert isinstance(read_money(take(raw), "", PATH), Problem)


@given(st.integers(10**14, 10**18) | st.integers(1, 999).map(lambda lead: lead * 10**13), st.integers(0, 12))
@example(10**15 - 1, 0)
@example(10**15, 0)
def test_numbers_that_no_cell_can_hold(digits, places):
    """A typed number of more than 15 digits, as csv holds it, is refused; one of at most 15 is read exactly,
    as the cell of a workbook would be."""
    fact = evolve(REVENUE, decimals=12, bounds=Bounds(Fraction(0), Fraction(10**18)))
    typed = Decimal(digits).scaleb(-places)
    value = read_fact(take(f"{typed:f}"), fact, "", PATH)
    if len(str(digits).rstrip("0")) > 15 or typed >= 10**15:
        assert isinstance(value, Problem)
        assert (value.code, "超过 15 位" in value.remedy) == ("decimals", True)
    else:
        assert value == typed


def test_paid_amount_that_no_cell_can_hold():
    """已付金额 of more than 15 digits is refused as a fact would be."""
    problem = read_money(take("12345678901234.56"), "", PATH)
    assert isinstance(problem, Problem)
    assert (problem.code, "超过 15 位" in problem.remedy) == ("decimals", True)


def test_error_cell_is_named():
    """An error that the sheet holds is shown as such and never read as blank."""
    problem = read_fact(take("", error="#REF!"), AGREEMENTS, "", PATH)
    assert isinstance(problem, Problem)
    assert problem.found == "#REF!"


def test_no_float_leaves():
    """A cell never holds a float."""
    assert not isinstance(take(0.1).value, float)
    assert Cell("error", "#NUM!") == take(float("nan"))


def test_date_outside_facts():
    """A day of the run is read with the same forms."""
    assert datetime.date(2024, 12, 31) == read_date(take("2024年12月31日"), PATH)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**16), 10**16).map(float))
@example(0.1 + 0.2)
@example(1e15)
@example(999999999999999.0)
def test_number_has_15_digits(number):
    """A double is taken as what its 15 significant digits say, whole numbers included."""
    assert Decimal(format(number, ".15g")) == take(number).value


@given(st.decimals(-(10**12), 10**12, places=4), st.integers(0, 6))
def test_more_decimals_than_asked(number, decimals):
    """Exactly the numbers that change when cut to so many decimals have more than those."""
    assert (number != number.quantize(Decimal(1).scaleb(-decimals))) == has_more_decimals(number, decimals)
