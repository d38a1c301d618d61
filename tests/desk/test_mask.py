"""Masking: what identifies a person is never put up in public, whatever form it was typed in."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from jiangbu.desk import mask

DIGITS = st.text("0123456789", min_size=8, max_size=30)


@st.composite
def identities(draw):
    """Valid identity numbers of 18 characters."""
    place = draw(st.sampled_from(["110101", "620822", "440106"]))
    day = draw(st.dates(min_value=datetime.date(1920, 1, 1))).strftime("%Y%m%d")
    stem = f"{place}{day}{draw(st.integers(0, 999)):03d}"
    return stem + ric.calc_check_digit(stem + "0")


@given(identities())
def test_the_day_of_birth_is_hidden(number):
    """An identity number keeps its length, its place and its last four characters, and no digit of the birthday."""
    masked = mask.identity(number)
    assert masked == number[:6] + "*" * 8 + number[-4:]


@given(identities(), st.sampled_from(["{}", "张三{}", "（身份证{}）", "联系人:{}，党员"]))
def test_identity_in_free_text(number, text):
    """In whatever text an identity number stands, its birthday does not come through."""
    assert number[6:14] not in mask.text(text.format(number))
    assert mask.text(text.format(number)) == text.format(mask.identity(number))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("身份证620822 19800101 1238", "身份证620822********1238"),
        ("A620822-19800101-1238", "A620822********1238"),
        ("139 1234 5678，139-1234-5678", "139****5678，139****5678"),
        ("电话0933-8212345", "电话0933-***2345"),
        ("2024-03-05至2024-12-31，共12000000元", "2024-03-05至2024-12-31，共12000000元"),
    ],
)
def test_numbers_in_groups(text, shown):
    """Numbers that are written in groups or behind a letter are masked as well; days and amounts are not."""
    assert mask.text(text) == shown


@given(DIGITS)
def test_account_shows_its_end_only(number):
    """Of an account at most the last four digits are shown, and never more than a quarter."""
    masked = mask.account(number)
    shown = masked.replace("*", "")
    assert len(masked) == len(number)
    assert number.endswith(shown)
    assert len(shown) <= min(4, len(number) / 4)


@given(st.integers(13_000_000_000, 19_999_999_999))
def test_mobile_hides_its_middle(number):
    """A mobile number hides the four digits in the middle, in a cell of its own and in free text alike."""
    text = str(number)
    assert mask.phone(text) == mask.text(text) == f"{text[:3]}****{text[7:]}"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0933-8212345", "0933-*****45"),
        ("8212345", "*****45"),
        ("１３９１２３４５６７８", "139****5678"),
        ("13912345678/13987654321", "139****5678/139****4321"),
        ("", ""),
    ],
)
def test_telephones_as_they_are_typed(number, shown):
    """Landlines keep their area code and two digits; full-width digits and several numbers are masked too."""
    assert mask.phone(number) == shown


@pytest.mark.parametrize("number", ["9111 0000 6000 3734 1L", "91110000600037341L"])
def test_credit_code_is_public(number):
    """A valid unified social credit code is shown whole, with or without spaces."""
    assert mask.code(number) == "91110000600037341L"


@given(identities())
def test_a_person_under_the_head_of_the_credit_code(number):
    """An identity number in the column of the credit code is masked as what it is."""
    assert mask.code(number) == mask.identity(number)


@given(st.text("0123456789ABCX", min_size=1, max_size=17))
def test_what_is_neither_is_hidden(number):
    """What is no valid code and no identity number keeps at most two characters, unless it looks like an old one."""
    shown = mask.code(number).replace("*", "")
    assert len(shown) <= (9 if len(number) == 15 else 2)


def test_words_stay_as_they_are():
    """Names, amounts and document numbers in free text are not touched."""
    text = "示例办发〔2024〕1号 示例县陇丰牧业有限公司 80万元 2024-12-31"
    assert mask.text(text) == text
