"""The digest of a table changes with what it says, and with nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_tables import KINDS, ROWS

from jiangbu.rules.digest import digest_of
from jiangbu.rules.files import shipped_tables

SHIPPED = sorted(shipped_tables().rglob("*.toml"))


def parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def digest(text: str) -> str:
    return digest_of(parsed(text))


KEYS = st.sampled_from(["a", "b", "rate", "a b", "比例", ""])
SCALARS = (
    st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.sampled_from(["", "1", "1.0", "true", "2024-01-01", "比例", "a", "b"])
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Whether two parsed tables say the same: kinds count, the number of zeros behind a point does not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return kind_of(one) == kind_of(other) and one == other


def kind_of(value: Any) -> str:
    numbers = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return "number" if numbers else type(value).__name__


@given(DATA, DATA)
def test_same_digest_means_same_content(one: Any, other: Any) -> None:
    """Two contents have one digest exactly if they say the same."""
    assert same(one, other) == (digest_of(one) == digest_of(other))


@given(st.dictionaries(KEYS, DATA, min_size=2, max_size=4))
def test_order_of_keys_does_not_count(data: dict[str, Any]) -> None:
    """The order of the keys of a table says nothing."""
    assert digest_of(data) == digest_of(dict(reversed(data.items())))


@given(st.lists(st.integers(0, 3), min_size=2, max_size=4))
def test_order_of_entries_counts(items: list[int]) -> None:
    """The order of the rows of a table does say something."""
    turned = items[::-1]
    assert (items == turned) == (digest_of(items) == digest_of(turned))


@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 5))
def test_zeros_behind_the_point_do_not_count(number: Decimal, zeros: int) -> None:
    """0.10 is 0.1 and 5.0 is 5, however long the number and whatever the caller's decimal context."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    longer = Decimal((sign, (*digits, *[0] * zeros), exponent - zeros))
    with localcontext() as context:
        context.prec = 1
        assert digest_of(number) == digest_of(longer)


@pytest.mark.parametrize(
    ("one", "other"),
    [("0.10", "0.1"), ("5.0", "5"), ("1e2", "100"), ("-0.0", "0"), ("0x10", "16"), ("1_000", "1000")],
)
def test_one_number_written_twice(one: str, other: str) -> None:
    """The ways in which TOML writes one number are one number."""
    assert digest(f"a = {one}") == digest(f"a = {other}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 1", 'a = "1"'),
        ("a = 1", "a = true"),
        ("a = 2024-01-01", 'a = "2024-01-01"'),
        ("a = 0.1", "a = 0.10000000000000000000000000000000000001"),
        ("a = 1", "a = -1"),
        ("a = 1e61", "a = 1e62"),
        ("a = []", "a = {}"),
        ("a = 1", "b = 1"),
        ("a = [1, 2]", "a = [[1, 2]]"),
        ('a = { number = "1" }', "a = 1"),
        ('a = { date = "2024-01-01" }', "a = 2024-01-01"),
    ],
)
def test_what_differs_differs(one: str, other: str) -> None:
    """Text is no number, a day is no text, and a table that looks like our own notes of either is neither."""
    assert digest(one) != digest(other)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.name))
def test_layout_and_comments_do_not_count(path: Any) -> None:
    """Comments, blank lines, spaces around = and line ends change no digest of a table that ships."""
    text = path.read_text("utf-8")
    loose = re.sub(r"^(\w+) += ", r"  \1   =   ", text, flags=re.MULTILINE)
    loose = "# 表头注释\n\n" + re.sub(r"^(\[.*\])$", r"\n\n\1 # 注释", loose, flags=re.MULTILINE)
    assert digest(text) == digest(loose) == digest(loose.replace("\n", "\r\n"))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path
    else:
        for key, inner in items:
            yield from leaves(inner, (*path, key))


def changed(value: Any) -> Any:
    """Another value, as near as its kind has one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, Decimal):
        return value.next_plus()
    return value.replace(day=value.day % 28 + 1) if isinstance(value, date) else value + "。"


@given(data=st.data(), text=st.sampled_from([KINDS, ROWS, *(path.read_text("utf-8") for path in SHIPPED)]))
def test_every_change_changes_it(data: st.DataObject, text: str) -> None:
    """Any number, word or day changed by its least step, and any key renamed or dropped, gives another digest."""
    table = parsed(text)
    before = digest_of(table)
    *steps, last = data.draw(st.sampled_from(list(leaves(table))))
    inner = table
    for step in steps:
        inner = inner[step]
    kept = inner[last]
    inner[last] = changed(kept)
    assert before != digest_of(table)
    del inner[last]
    assert before != digest_of(table)
    if isinstance(inner, dict):
        inner[last + "x"] = kept
        assert before != digest_of(table)
