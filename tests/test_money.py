"""Reading, rounding, allocation and capital numerals."""

from __future__ import annotations

import decimal
import re
import time
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from jiangbu.errors import MoneyError
from jiangbu.money import (
    Rounding,
    allocate,
    capital,
    divide,
    fen_to_yuan,
    read_capital,
    read_number,
    read_rate,
    read_scaled,
    scaled_to_decimal,
    to_fen,
    to_scaled,
)

FEN = st.integers(-(10**15), 10**15)

NOT_NUMBERS = [
    "",
    " 1",
    "1 ",
    "1\n",
    "+1",
    "1_000",
    "1,000",
    "１",
    "1。5",
    "1.5.",
    ".5",
    "5.",
    "1e3",
    "1E3",
    "--1",
    "−1",
    "万",
    "1千",
    "1万万",
    "1亿万",
    "50 万",
    "万50",
    "0x10",
    "٣",
    "²",
    "NaN",
    "Infinity",
    "1/2",
    "5%",
    "1元",
]
NO_KIND_OF_NUMBER: list[Any] = [
    *(True, False, None, b"1", [1], Fraction(1, 2), 1j),
    *(Decimal(text) for text in ["NaN", "sNaN", "Infinity", "-Infinity", "1E+61", "1E-61", "0E+1000"]),
    *(10**1000, -(10**5000), Decimal("1." + "1" * 1000)),
]
NOT_CAPITALS = [
    "",
    "人民币",
    "元",
    "整",
    "人民币整",
    "人民币元整",
    "壹",
    "壹元",
    "壹拾",
    "壹角",
    "壹元整整",
    "壹分整",
    "零分",
    "零角整",
    "人民币负零元整",
    "负负壹元整",
    "壹元负壹角整",
    "人民币 壹元整",
    " 壹元整",
    "壹元整 ",
    "壹元整\n",
    "人民币人民币壹元整",
    "壹拾零元整",
    "壹零元整",
    "零壹元整",
    "壹仟壹元整",
    "壹仟零零壹元整",
    "壹亿柒仟元整",
    "壹拾壹万零柒仟元整",
    "壹元零壹角零壹分",
    "壹元壹角零壹分",
    "壹元壹分",
    "零元壹角整",
    "零壹角整",
    "零壹分",
    "壹元零整",
    "壹元零角壹分",
    "壹佰壹仟元整",
    "壹万万元整",
    "壹亿亿元整",
    "万元整",
    "亿元整",
    "仟元整",
    "壹仟零佰元整",
    "壹拾佰元整",
    "一元整",
    "壹块整",
    "壹元壹毛",
    "贰贰元整",
    "壹元壹角壹分壹厘",
    "1元整",
    "壹圓整",
    "貳元整",
    "〇元整",
    "￥1.00",
]
MODES: list[Rounding] = ["half-up", "down", "up"]


def reason(function: Any, *arguments: Any, **options: Any) -> str:
    """The reason of the MoneyError that a call must raise."""
    with pytest.raises(MoneyError) as caught:
        function(*arguments, **options)
    assert caught.value.expected
    return caught.value.reason


class TestReadNumber:
    """Text, whole numbers and Decimal are read exactly, and nothing else is read at all."""

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("50万", Fraction(500_000)),
            ("1.5亿", Fraction(150_000_000)),
            ("1234.56", Fraction(123456, 100)),
            ("2万亿", Fraction(2 * 10**12)),
            ("0.00001万", Fraction(1, 10)),
            ("-3.50", Fraction(-7, 2)),
            ("0", Fraction(0)),
            (500_000, Fraction(500_000)),
            (Decimal("1E+3"), Fraction(1000)),
            (Decimal("-0.005"), Fraction(-1, 200)),
            (Decimal(10) ** 60, Fraction(10**60)),
            (Decimal("1E-60"), Fraction(1, 10**60)),
        ],
    )
    def test_reads_exactly(self, value: Any, expected: Fraction) -> None:
        """A number keeps its value, with 万, 亿 and 万亿 as factors."""
        assert read_number(value) == expected

    @given(st.integers(-(10**20), 10**20), st.integers(0, 12), st.sampled_from(["", "万", "亿", "万亿"]))
    def test_text_of_any_length_keeps_its_value(self, n: int, places: int, suffix: str) -> None:
        """Text says n at so many places times its suffix, to the last digit."""
        factor = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[suffix]
        written = f"{scaled_to_decimal(n, places):f}{suffix}"
        assert read_number(written) == Fraction(n, 10**places) * factor

    @pytest.mark.parametrize("text", [*NOT_NUMBERS, "1" * 1001])
    def test_text_of_another_form_is_refused(self, text: str) -> None:
        """Signs, spaces, separators, foreign digits, exponents and words are not guessed at."""
        assert reason(read_number, text) == "text"

    def test_a_thousand_characters_are_read(self) -> None:
        """The limit of text stands at 1,000 characters, not before."""
        assert read_number("1" * 1000) == int("1" * 1000)
        assert read_rate("1" * 1000) == int("1" * 1000)

    @pytest.mark.parametrize("value", [1.5, 0.0, float("nan"), float("inf")])
    def test_float_is_refused_with_the_remedy(self, value: Any) -> None:
        """A float is refused by its own reason, and the message says what to give instead."""
        with pytest.raises(MoneyError, match="give text or Decimal") as caught:
            read_number(value)
        assert caught.value.reason == "float"

    @pytest.mark.parametrize("value", NO_KIND_OF_NUMBER, ids=type)
    def test_other_kinds_are_refused(self, value: Any) -> None:
        """bool, NaN, infinities, other types and magnitudes that nobody means are no numbers."""
        assert reason(read_number, value) == "kind"

    @pytest.mark.parametrize("sign", [1, -1])
    def test_whole_numbers_of_a_thousand_digits_are_read(self, sign: int) -> None:
        """The limit of whole numbers stands at 3,320 binary digits, about a thousand decimal ones: not before."""
        assert read_number(sign * (2**3320 - 1)) == sign * (2**3320 - 1)
        assert reason(read_number, sign * 2**3320) == "kind"

    @pytest.mark.parametrize(
        ("digits", "found"), [(72, f"Decimal {'1' * 72}"), (73, f"Decimal {'1' * 71}…"), (900, f"Decimal {'1' * 71}…")]
    )
    def test_a_long_decimal_is_shown_in_part(self, digits: int, found: str) -> None:
        """A message shows 80 characters of what was found, the last an ellipsis where there are more."""
        with pytest.raises(MoneyError) as caught:
            read_number(Decimal("1" * digits))
        assert found == caught.value.found

    @pytest.mark.parametrize(("signs", "found"), [(78, f"'{'x' * 78}'"), (79, f"'{'x' * 78}…")])
    def test_a_long_text_is_shown_in_part(self, signs: int, found: str) -> None:
        """The same of a text, its quotation marks counted."""
        with pytest.raises(MoneyError) as caught:
            read_number("x" * signs)
        assert found == caught.value.found

    def test_huge_exponents_are_never_expanded(self) -> None:
        """A number that is short to write and endless to expand is refused at once."""
        started = time.perf_counter()
        for value in (
            Decimal("1E+999999999999999999"),
            Decimal("-1E-999999999999999"),
            Decimal("0E+999999999"),
        ):
            assert reason(read_number, value) == "kind"
            assert reason(read_rate, value) == "kind"
        assert time.perf_counter() - started < 0.5


class TestReadRate:
    """Rates are exact fractions, and a bare whole number is no rate."""

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("10%", Fraction(1, 10)),
            ("2‰", Fraction(2, 1000)),
            ("0.035", Fraction(35, 1000)),
            ("3.45%", Fraction(345, 10000)),
            ("-0.50%", Fraction(-1, 200)),
            ("100%", Fraction(1)),
            (Decimal("0.0435"), Fraction(435, 10000)),
        ],
    )
    def test_reads_exactly(self, value: Any, expected: Fraction) -> None:
        """Percent, per mille and the plain fraction say the same kind of thing, with or without ratios."""
        assert read_rate(value) == expected
        assert read_rate(value, ratio=True) == expected

    def test_ratio_only_where_it_may_stand(self) -> None:
        """2/37 and the whole numbers 0 and 1 are for constants and columns, not for facts."""
        assert read_rate("2/37", ratio=True) == Fraction(2, 37)
        assert read_rate("-2/4", ratio=True) == Fraction(-1, 2)
        assert read_rate(0, ratio=True) == 0
        assert read_rate(1, ratio=True) == 1
        assert reason(read_rate, "2/37") == "text"
        with pytest.raises(MoneyError, match='or "2/37"'):
            read_rate("x", ratio=True)
        assert reason(read_rate, 0) == "kind"
        assert reason(read_rate, 1) == "kind"
        assert reason(read_rate, 2, ratio=True) == "kind"
        assert reason(read_rate, True, ratio=True) == "kind"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "%",
            "10 %",
            "10％",
            "10%%",
            "1/0",
            "2/-37",
            "2/37%",
            "1.5/2",
            "/2",
            "5万",
            "1万%",
            "+1%",
            "9" * 1001,
        ],
    )
    def test_text_of_another_form_is_refused(self, text: str) -> None:
        """A rate is digits with %, ‰ or nothing behind them; a ratio has a divisor above zero."""
        assert reason(read_rate, text, ratio=True) == "text"

    @pytest.mark.parametrize(("value", "expected"), [(0.1, "float"), (None, "kind"), (Decimal("NaN"), "kind")])
    def test_other_kinds_are_refused(self, value: Any, expected: str) -> None:
        """float, None and NaN are no rates."""
        assert reason(read_rate, value) == expected


class TestScale:
    """Nothing is rounded on the way in, and nothing is lost on the way out."""

    @given(st.integers(-(10**40), 10**40), st.integers(0, 12))
    def test_out_and_in_again(self, n: int, decimals: int) -> None:
        """A scaled number survives the door in both directions, whatever its size, with its places shown."""
        out = scaled_to_decimal(n, decimals)
        assert out.as_tuple().exponent == -decimals
        assert to_scaled(read_number(out), decimals) == n

    @given(st.decimals() | st.integers() | st.sampled_from(["5万", "0.5", "x"]), st.integers(0, 6))
    @example(Decimal("1." + "0" * 1000), 2)
    @example(Decimal("1E+61"), 0)
    def test_the_quick_way_in_is_the_same_way(self, value: Any, decimals: int) -> None:
        """Reading at so many places gives what reading and then scaling gives, or the same reason."""

        def outcome(function: Any) -> Any:
            try:
                return function()
            except MoneyError as error:
                return error.reason

        expected = outcome(lambda: to_scaled(read_number(value), decimals))
        assert outcome(lambda: read_scaled(value, decimals)) == expected

    @given(st.fractions(), st.integers(0, 6))
    def test_in_exactly_or_not_at_all(self, value: Fraction, decimals: int) -> None:
        """Either n / 10**decimals is the value, or the value has more places and is refused."""
        if (value * 10**decimals).denominator == 1:
            assert Fraction(to_scaled(value, decimals), 10**decimals) == value
        else:
            assert reason(to_scaled, value, decimals) == "decimals"

    def test_a_part_of_a_fen_is_refused_and_shown(self) -> None:
        """1234.567 yuan is not 1234.57 yuan, and the message shows the digits that were given."""
        with pytest.raises(MoneyError, match=r"found 1234\.567; expected at most 2 decimal places") as caught:
            to_fen("1234.567")
        assert caught.value.reason == "decimals"
        with pytest.raises(MoneyError, match="found 1/3; expected at most 2 decimal places"):
            to_scaled(Fraction(1, 3), 2)
        with pytest.raises(MoneyError, match=r"found 0\.5; expected no decimal places"):
            to_scaled(Fraction(1, 2), 0)

    @pytest.mark.parametrize("text", ["12.345678万", "12.3456万", "12.34万", "0.000001万"])
    def test_columns_in_ten_thousand_yuan_are_exact(self, text: str) -> None:
        """万元 with 2, 4 or 6 decimals is exact fen."""
        assert to_fen(text) == int(Decimal(text[:-1]) * 10**6)

    @given(FEN)
    def test_yuan_always_show_two_places(self, fen: int) -> None:
        """Yuan are printed with both places, and come back to the same fen."""
        yuan = fen_to_yuan(fen)
        assert re.fullmatch(r"-?\d+\.\d\d", str(yuan))
        assert to_fen(yuan) == fen
        assert to_fen(str(yuan)) == fen

    def test_the_callers_decimal_context_has_no_say(self) -> None:
        """A context of three digits that traps everything changes no amount."""
        with decimal.localcontext() as context:
            context.prec = 3
            context.Emax, context.Emin = 3, -3
            for trap in context.traps:
                context.traps[trap] = True
            yuan = fen_to_yuan(123_456_789_012_345)
            assert str(yuan) == "1234567890123.45"
            assert to_fen(yuan) == 123_456_789_012_345
        assert fen_to_yuan(10**5000).as_tuple().exponent == -2


class TestDivide:
    """One rounding, in the way that is named, alike for both signs."""

    @pytest.mark.parametrize(
        ("n", "d", "mode", "expected"),
        [
            (203280, 100, "down", 2032),
            (1, 2, "half-up", 1),
            (-1, 2, "half-up", -1),
            (49, 100, "half-up", 0),
            (-49, 100, "half-up", 0),
            (-1, 3, "down", 0),
            (1, 3, "up", 1),
            (-1, 3, "up", -1),
            (0, 3, "up", 0),
            (6, 3, "up", 2),
        ],
    )
    def test_examples(self, n: int, d: int, mode: Rounding, expected: int) -> None:
        """Halves go away from zero, down is toward zero, up away from it; 2,032.80 pays 2,032 yuan."""
        assert divide(n, d, mode) == expected

    @given(st.integers(), st.integers(1, 10**30), st.sampled_from(MODES))
    @example(5, 10, "half-up")
    def test_agrees_with_exact_fractions(self, n: int, d: int, mode: Rounding) -> None:
        """The result is what the definition over exact fractions says."""
        exact = Fraction(n, d)
        got = divide(n, d, mode)
        if mode == "half-up":
            assert abs(got - exact) <= Fraction(1, 2)
            assert abs(got) >= abs(exact) or abs(got - exact) < Fraction(1, 2)
        elif mode == "down":
            assert abs(got) <= abs(exact) < abs(got) + 1
        else:
            assert abs(got) - 1 < abs(exact) <= abs(got)
        assert got * exact >= 0

    @given(st.integers(), st.integers(1, 10**12), st.sampled_from(MODES))
    def test_symmetric(self, n: int, d: int, mode: Rounding) -> None:
        """What is recovered is rounded as what was paid."""
        assert divide(-n, d, mode) == -divide(n, d, mode)

    @given(st.integers(), st.integers(1, 10**6), st.sampled_from(MODES))
    def test_idempotent(self, n: int, d: int, mode: Rounding) -> None:
        """A whole number stays as it is, so rounding twice is rounding once."""
        once = divide(n, d, mode)
        assert divide(once, 1, mode) == once
        assert divide(once * d, d, mode) == once

    @given(st.integers(), st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from(MODES))
    def test_never_decreases(self, n: int, more: int, d: int, mode: Rounding) -> None:
        """A larger amount is never rounded to less."""
        assert divide(n, d, mode) <= divide(n + more, d, mode)

    @pytest.mark.parametrize("d", [0, -3])
    def test_divisor_must_be_above_zero(self, d: int) -> None:
        """There is no division by zero or by a negative number."""
        assert reason(divide, 1, d, "down") == "kind"

    def test_another_mode_is_refused(self) -> None:
        """A mode that is not known rounds nothing."""
        assert reason(divide, 1, 2, "half-even") == "kind"


WEIGHTS = st.lists(st.integers(0, 10**9) | st.integers(0, 3), min_size=1, max_size=30)


class TestAllocate:
    """Largest remainder: nothing lost, nobody a whole unit off, and the order decides ties only."""

    @given(FEN, WEIGHTS)
    def test_conserves_and_is_fair(self, total: int, weights: list[int]) -> None:
        """The parts sum to the total, and each is less than one fen from its exact share."""
        assume(sum(weights))
        parts = allocate(total, weights)
        assert sum(parts) == total
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(total * weight, sum(weights))) < 1

    @given(FEN, WEIGHTS)
    def test_larger_remainder_first_then_earlier_position(self, total: int, weights: list[int]) -> None:
        """The extra fen go to the largest remainders, and among equal ones to the earlier positions."""
        assume(sum(weights))
        parts = allocate(abs(total), weights)
        exact = [Fraction(abs(total) * weight, sum(weights)) for weight in weights]
        ranked = sorted(range(len(parts)), key=lambda at: (-(exact[at] % 1), at))
        extra = [parts[at] - exact[at] // 1 for at in ranked]
        assert set(extra) <= {0, 1}
        assert all(before >= after for before, after in pairwise(extra))

    @given(FEN, WEIGHTS, st.integers(2, 1000))
    def test_scale_of_weights_is_indifferent(self, total: int, weights: list[int], factor: int) -> None:
        """Weights in fen or in yuan divide alike."""
        assume(sum(weights))
        assert allocate(total, [factor * weight for weight in weights]) == allocate(total, weights)

    @given(FEN, WEIGHTS)
    def test_negative_total_mirrors(self, total: int, weights: list[int]) -> None:
        """A recovery is divided as the payment was."""
        assume(sum(weights))
        assert allocate(-total, weights) == [-part for part in allocate(total, weights)]

    @given(FEN, WEIGHTS, st.randoms())
    def test_heavier_never_gets_less(self, total: int, weights: list[int], random: Any) -> None:
        """However the positions are shuffled, more weight is never a smaller part of a payment."""
        assume(sum(weights))
        random.shuffle(weights)
        ranked = sorted(zip(weights, allocate(abs(total), weights), strict=True))
        for (lighter, less), (heavier, more) in pairwise(ranked):
            assert less <= more or lighter == heavier

    def test_the_county_pot(self) -> None:
        """1,300万 over 7,171 households: 1,812.85 or 1,812.86 each, and the sum is 1,300万."""
        parts = allocate(to_fen("1300万"), [1] * 7171)
        assert set(parts) == {181285, 181286}
        assert sum(parts) == 1_300_000_000
        assert parts == sorted(parts, reverse=True)
        assert divide(1_300_000_000, 7171, "half-up") == 181286
        assert 7171 * 181286 != 1_300_000_000

    @pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, 2]])
    def test_zero_total_gives_zeros(self, weights: list[int]) -> None:
        """Nothing to divide is nothing for each, whatever the weights."""
        assert allocate(0, weights) == [0] * len(weights)

    @pytest.mark.parametrize(("total", "weights"), [(1, []), (-1, [0, 0]), (1, [2, -1]), (0, [-1])])
    def test_no_weight_or_negative_weight_is_refused(self, total: int, weights: list[int]) -> None:
        """Money over no weight has nowhere to go, and a negative weight has no meaning."""
        assert reason(allocate, total, weights) == "kind"

    def test_a_hundred_thousand_rows_are_quick(self) -> None:
        """The division sorts once: 10^5 rows take well under a second or two."""
        started = time.perf_counter()
        assert sum(allocate(10**15 + 7, list(range(100_000)))) == 10**15 + 7
        assert time.perf_counter() - started < 3


CANONICAL = [
    ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "人民币叁佰贰拾伍元零肆分"),
    ("1680.32", "人民币壹仟陆佰捌拾元叁角贰分"),
    ("107000.53", "人民币壹拾万柒仟元伍角叁分"),
    ("100005000", "人民币壹亿零伍仟元整"),
    ("10", "人民币壹拾元整"),
    ("0.50", "人民币伍角整"),
    ("0.05", "人民币伍分"),
    ("0", "人民币零元整"),
    ("-1", "人民币负壹元整"),
    ("10000000000000", "人民币壹拾万亿元整"),
    ("1000000000000", "人民币壹万亿元整"),
    ("1000070000000", "人民币壹万亿零柒仟万元整"),
    ("1000000000001.01", "人民币壹万亿零壹元零壹分"),
    ("1000000000007000", "人民币壹仟万亿零柒仟元整"),
    ("1234567890123456.78", "人民币壹仟贰佰叁拾肆万伍仟陆佰柒拾捌亿玖仟零壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
    ("100500", "人民币壹拾万零伍佰元整"),
    ("11000", "人民币壹万壹仟元整"),
    ("10999", "人民币壹万零玖佰玖拾玖元整"),
    ("1010", "人民币壹仟零壹拾元整"),
    ("10010000", "人民币壹仟零壹万元整"),
    ("1000.10", "人民币壹仟元壹角整"),
    ("-0.01", "人民币负壹分"),
]


def written_by_runs(fen: int) -> str:
    """The canonical form as its rule says it, by runs of zeros in the row of digits."""
    digits, rest = str(abs(fen) // 100), f"{abs(fen) % 100:02d}"
    names = "零壹贰叁肆伍陆柒捌玖"
    text = ""
    for run in re.finditer("0+|[1-9]", digits):
        left = len(digits) - run.start()
        for place in range(left, len(digits) - run.end(), -1):
            if run[0][0] != "0":
                text += names[int(run[0])] + ["仟", "", "拾", "佰"][place % 4]
            if place % 4 == 1 and place > 1:
                section = digits[max(0, len(digits) - place - 3) : len(digits) - place + 1]
                unit = {1: "万", 2: "亿", 3: "万"}[place // 4]
                text += unit if int(section) or unit == "亿" else ""
        after = len(digits) - run.end()
        one_section = (left - 1) // 4 == after // 4
        only_ends = one_section and after % 4 == 0 and left % 4 != 0
        if run[0][0] == "0" and after and not only_ends:
            text += "零"
    yuan = "" if digits == "0" and fen else (text or "零") + "元"
    jiao = names[int(rest[0])] + "角" if rest[0] != "0" else "零" if yuan and rest[1] != "0" else ""
    return "人民币" + "负" * (fen < 0) + yuan + jiao + (names[int(rest[1])] + "分" if rest[1] != "0" else "整")


@st.composite
def sparse_fen(draw: st.DrawFn) -> int:
    """Amounts with runs of zeros, which is where numerals go wrong."""
    digits = draw(st.lists(st.sampled_from("00001579"), min_size=1, max_size=18))
    return draw(st.sampled_from([1, -1])) * int("".join(digits))


AMOUNTS = FEN | sparse_fen() | st.integers(-(10**6), 10**6)


class TestCapital:
    """One canonical form, read back to the same fen, and nothing read that could mean something else."""

    @pytest.mark.parametrize(("yuan", "text"), CANONICAL)
    def test_examples(self, yuan: str, text: str) -> None:
        """The canonical form of each example, in both directions."""
        assert capital(to_fen(yuan)) == text
        assert read_capital(text) == to_fen(yuan)

    @given(AMOUNTS)
    @example(10**17)
    @example(-(10**17))
    @example(10**18 - 1)
    def test_round_trip(self, fen: int) -> None:
        """Every amount is read back to the fen."""
        assert read_capital(capital(fen)) == fen

    @given(AMOUNTS)
    def test_agrees_with_the_rule_of_runs(self, fen: int) -> None:
        """A run of zeros is one 零, unless it only ends a section before a 仟; said by another program."""
        assert capital(fen) == written_by_runs(fen)

    @given(AMOUNTS, AMOUNTS)
    def test_two_amounts_never_share_a_form(self, one: int, other: int) -> None:
        """Different amounts are written differently."""
        assert (capital(one) == capital(other)) == (one == other)

    @given(AMOUNTS)
    def test_accepted_variants(self, fen: int) -> None:
        """正, 圆, a missing 人民币, 零 before 角 and 拾 for 壹拾 change nothing."""
        text = capital(fen)
        for variant in (
            text.replace("整", "正"),
            text.replace("元", "圆"),
            text.removeprefix("人民币"),
            text.replace("壹拾", "拾"),
            re.sub("元(?=.角)", "元零", text),
            re.sub("元(?=.角)", "圆零", text).replace("壹拾", "拾").replace("整", "正")[3:],
        ):
            assert read_capital(variant) == fen

    @pytest.mark.parametrize(
        ("text", "yuan"),
        [
            ("壹拾万零柒仟元零伍角叁分", "107000.53"),
            ("人民币壹仟陆佰捌拾元零叁角贰分", "1680.32"),
            ("拾元正", "10"),
            ("壹佰拾圆整", "110"),
            ("壹佰亿零壹仟万零壹仟元整", "10010001000"),
            ("负拾万亿零伍仟万圆正", "-10000050000000"),
        ],
    )
    def test_variants_of_the_regulation(self, text: str, yuan: str) -> None:
        """The optional 零 at a section's end, and 拾 alone, are read as the regulation writes them."""
        assert read_capital(text) == to_fen(yuan)

    @pytest.mark.parametrize("text", [*NOT_CAPITALS, "拾" * 1001, "壹" * 999 + "元整"])
    def test_everything_else_is_refused(self, text: str) -> None:
        """What is not a spelling of one amount is not guessed at."""
        assert reason(read_capital, text) == "text"

    @pytest.mark.parametrize("value", [None, 5, b"\xe5\xa3\xb9", 1.0])
    def test_what_is_no_text_is_refused(self, value: Any) -> None:
        """Only text is read."""
        assert reason(read_capital, value) == "text"

    @given(AMOUNTS, st.data())
    def test_a_slip_of_the_pen_is_refused_or_harmless(self, fen: int, data: st.DataObject) -> None:
        """One character added, dropped or changed: refused, or a spelling of the amount that is read."""
        text = capital(fen)
        at = data.draw(st.integers(0, len(text) - 1))
        character = data.draw(st.sampled_from("零壹贰玖拾佰仟万亿元圆角分整正负人") | st.just(""))
        slip = text[:at] + character + text[at + data.draw(st.integers(0, 1)) :]
        try:
            amount = read_capital(slip)
        except MoneyError:
            pass
        else:
            plain = "人民币" + slip.removeprefix("人民币").replace("圆", "元").replace("正", "整")
            drop = re.sub("(?<!壹)拾", "壹拾", re.sub("零", "", plain))
            full = re.sub("(?<!壹)拾", "壹拾", re.sub("零", "", capital(amount)))
            assert drop == full

    @given(st.text("人民币负零壹贰玖拾佰仟万亿元圆角分整正 1", max_size=20))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        """No text breaks the reader."""
        try:
            amount = read_capital(text)
        except MoneyError:
            pass
        else:
            assert read_capital(capital(amount)) == amount

    @pytest.mark.parametrize("fen", [10**18, -(10**18), 10**5000], ids=["above", "below", "huge"])
    def test_beyond_the_range_is_refused(self, fen: int) -> None:
        """10^16 yuan and more have no canonical form here."""
        assert reason(capital, fen) == "kind"
