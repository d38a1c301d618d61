"""Positions of keys and values in TOML text."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbu.rules.where import Where

TABLE = """\
format = 1            # [not.a.head]

[scheme]
id = "a"
effective.from = 2024-01-01
"effective" . until = 2026-12-31

[facts.'营业收入']
label = "年度营业收入 # no comment"

[tables.scale]
rows = [
  { less_than = "5000万", award = 0 },   # first
  { at_least = "5000万", deep = [
    1 ], award = "50万" },
]

[[lines]]
name = "one"
[[lines]]
name = "two"
round = { mode = "down", to = "yuan" }
[[lines]]
formula = '''
scale.award'''
[lines.deep]
x = [[1, 2], [3]]

[accrual.reference]
series = "lpr"

[accrual]
days = 'both-in'
"""


def paths(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every path of parsed data with its value."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in steps:
        yield (*path, step), value
        yield from paths(value, (*path, step))


def at(text: str, place: tuple[int, int] | None) -> str:
    """The text from a place on."""
    assert place is not None
    line, column = place
    return "\n".join([text.split("\n")[line - 1][column - 1 :], *text.split("\n")[line:]])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("format",), 1),
        (("scheme",), 3),
        (("scheme", "effective"), 5),
        (("scheme", "effective", "from"), 5),
        (("scheme", "effective", "until"), 6),
        (("facts", "营业收入", "label"), 9),
        (("tables", "scale"), 11),
        (("tables", "scale", "rows", 0, "award"), 13),
        (("tables", "scale", "rows", 1), 14),
        (("tables", "scale", "rows", 1, "award"), 15),
        (("lines",), 18),
        (("lines", 1), 20),
        (("lines", 1, "round", "to"), 22),
        (("lines", 2, "formula"), 24),
        (("lines", 2, "deep", "x", 1, 0), 27),
        (("accrual", "reference", "series"), 30),
        (("accrual",), 32),
        (("accrual", "days"), 33),
    ],
)
def test_line_of_each_kind_of_entry(path: tuple[str | int, ...], line: int) -> None:
    """Heads, dotted and quoted keys, inline tables, arrays over several lines: each has its own line."""
    assert line == Where(TABLE).line(path)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 0),
        (("nothing",), 0),
        (("scheme", "title"), 3),
        (("lines", 1, "formula"), 20),
        (("lines", 9, "formula"), 18),
        (("tables", "scale", "rows", 1, "gives", "deeper"), 14),
    ],
)
def test_unknown_path_gives_its_longest_known_prefix(path: tuple[str | int, ...], line: int) -> None:
    """A key that is missing is looked for where its table stands, and 0 says that nothing is known."""
    assert line == Where(TABLE).line(path)
    assert Where(TABLE).value(path) is None


def test_value_of_text_starts_inside_its_quotes() -> None:
    """A caret at offset k of a formula stands k columns after the value's column, in any style of quotes."""
    assert Where(TABLE).value(("scheme", "id")) == (4, 7)
    assert Where(TABLE).value(("accrual", "days")) == (33, 9)
    assert Where(TABLE).value(("lines", 2, "formula")) == (25, 1)
    assert Where(TABLE).value(("tables", "scale", "rows", 1, "award")) == (15, 19)
    assert Where(TABLE).value(("format",)) == (1, 10)
    assert Where(TABLE).value(("tables", "scale", "rows")) == (12, 8)


def test_tables_under_a_head_have_no_value_of_their_own() -> None:
    """A table that stands under its head, or is implied by a longer name, starts nowhere as a value."""
    for path in [("scheme",), ("lines",), ("lines", 0), ("scheme", "effective"), ("accrual",)]:
        assert Where(TABLE).value(path) is None


def test_crlf_counts_as_one_line_end() -> None:
    """A file from Windows has the same lines and columns as the same file with LF."""
    plain, windows = Where(TABLE), Where(TABLE.replace("\n", "\r\n"))
    for path, _ in paths(tomllib.loads(TABLE)):
        assert plain.line(path) == windows.line(path)
        assert plain.value(path) == windows.value(path)


TRICKY = [
    'a = """x"""""\nb = 1',
    'a = """""" # "\nb = 1',
    "a = ''''x''''\nb = 1",
    "a = '''\n'' ' '''''\nb = 1",
    'a = """\\\n  \\"""" # "\nb = 1',
    'a = "\\\\"\nb = 1',
    'a = """\n[b]\nb = 2\n"""\nb = 1',
    "a = [ # ]\n '#', \"]\", # [\n ]\nb = 1",
    "a = {}\nb = []",
    "a = { x.y.z = { '' = [ {}, [], ] }, w = 1979-05-27 07:32:00 }\nb = 1",
    "'' = 1\n\"\\u0061\" = 2\nb = 1",
    "a.b.c = 1\na.b.d = 2\n[a.x]\nb=1\n[b]",
    "[[a]]\n[[a.b]]\n[[a.b]]\nc=1\n[[a]]\n[a.b]\nc=2\n[b]",
    "[ a . 'b.c' ]\nx=-inf\n[b]",
    "3 = 1\n[2]\n3=1\n[b]",
]


@pytest.mark.parametrize("text", TRICKY)
def test_what_looks_like_structure_inside_text_is_text(text: str) -> None:
    """Quotes, brackets and number signs inside strings and comments, and odd names, lead nothing astray."""
    check_every_path(text)


def check_every_path(text: str) -> None:
    """Every path of the data is known, and its value, where it has one, can be read again from its place."""
    data, where = tomllib.loads(text), Where(text)
    lines = text.split("\n")
    for path, value in paths(data):
        line, place = where.line(path), where.value(path)
        assert line >= 1
        own = [step for step in path if isinstance(step, str)][-1]
        if isinstance(path[-1], str) and own.isascii() and own.isalnum() and "\\" not in lines[line - 1]:
            assert own in lines[line - 1]
        if place is None:
            assert isinstance(value, dict | list)
            continue
        assert place[0] >= line
        rest = at(text, place)
        if isinstance(value, str):
            assert value[:1] == rest[:1] or rest[:1] in {"\\", '"', "'", "\r"}
        elif isinstance(value, list):
            assert rest[0] == "["
        elif isinstance(value, dict):
            assert rest[0] == "{"
        elif isinstance(value, bool | int):
            assert rest.startswith(str(value).lower())


BARE = st.text("abcxyz0123456789_-", min_size=1, max_size=6)
KEYS = BARE | st.text("ab.#[]='{} 中", max_size=5)
TEXTS = st.text("ab'\"\\#[]{},=\n 中", max_size=12)


def quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@st.composite
def written_keys(draw: st.DrawFn, key: str) -> str:
    """A key in one of the styles that can write it."""
    styles = [quoted(key)]
    if "'" not in key:
        styles.append(f"'{key}'")
    if key and key.isascii() and key.replace("_", "a").replace("-", "a").isalnum():
        styles.append(key)
    return draw(st.sampled_from(styles))


@st.composite
def written_values(draw: st.DrawFn, value: Any) -> str:
    """A value in one of the styles that can write it, with comments and line ends where they may stand."""
    if isinstance(value, str):
        styles = [quoted(value), '"""' + quoted(value)[1:-1] + '"""', '"""\n' + quoted(value)[1:-1] + '"""']
        if "'" not in value:
            styles.append(f"'''\n{value}'''")
            if "\n" not in value:
                styles.append(f"'{value}'")
        return draw(st.sampled_from(styles))
    if isinstance(value, list):
        gap = draw(st.sampled_from(["", " ", "\n", " # ]\n\t"]))
        inner = f"{gap},{gap}".join(draw(written_values(item)) for item in value)
        return f"[{gap}{inner}{gap}]"
    if isinstance(value, dict):
        pairs = [f"{draw(written_keys(k))} = {draw(written_values(v))}" for k, v in value.items()]
        return "{ " + ", ".join(pairs) + " }"
    return str(value).lower()


VALUES = st.recursive(
    TEXTS | st.integers(-99, 99) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A TOML document: pairs, heads, repeated heads, sub-tables and comments in any style."""
    parts = [draw(pairs_of(draw(st.dictionaries(KEYS, VALUES, max_size=3))))]
    for name in draw(st.lists(st.sampled_from("pqrst"), max_size=4, unique=True)):
        head = f"{draw(written_keys('T' + name))} . {draw(written_keys(draw(KEYS)))}"
        if draw(st.booleans()):
            parts.append(f"[ {head} ]  # x = 1\n")
            parts.append(draw(pairs_of(draw(st.dictionaries(KEYS, VALUES, max_size=3)))))
            continue
        for _ in range(draw(st.integers(1, 3))):
            parts.append(f"[[{head}]]\n")
            parts.append(draw(pairs_of(draw(st.dictionaries(BARE, VALUES, max_size=2)))))
            if draw(st.booleans()):
                parts.append(f"[{head}.SUB.x]\n" + draw(pairs_of(draw(st.dictionaries(KEYS, VALUES, max_size=2)))))
    return "".join(parts)


@st.composite
def pairs_of(draw: st.DrawFn, data: dict[str, Any]) -> str:
    """The pairs of a table, one after the other."""
    ends = st.sampled_from(["\n", " # [x]\n", "\n\n"])
    return "".join(
        f"{draw(written_keys(key))} = {draw(written_values(value))}{draw(ends)}" for key, value in data.items()
    )


@given(documents())
def test_every_path_of_a_random_document_is_found(text: str) -> None:
    """Whatever tomllib reads from a document, its place is known and plausible, with CRLF too."""
    check_every_path(text)
    data = tomllib.loads(text)
    plain, windows = Where(text), Where(text.replace("\n", "\r\n"))
    for path, _ in paths(data):
        assert plain.line(path) == windows.line(path)


@given(st.lists(st.lists(BARE, min_size=1, max_size=3, unique=True), min_size=1, max_size=8))
def test_line_of_repeated_heads_is_the_line_of_each(tables: list[list[str]]) -> None:
    """The n-th element of an array of tables, and each of its keys, is exactly where it was written."""
    text = ""
    expected: dict[tuple[str | int, ...], int] = {}
    for position, keys in enumerate(tables):
        text += "[[t]]\n"
        expected[("t", position)] = text.count("\n")
        for key in keys:
            text += f"{key} = 'v'\n\n"
            expected[("t", position, key)] = text.count("\n") - 1
    where = Where(text)
    assert expected == {path: where.line(path) for path in expected}


@pytest.mark.parametrize(
    "text",
    [
        "a = [" + "1," * 250_000 + "]",
        "".join(f"k{number} = {number}\n" for number in range(40_000)),
        "rows = [\n" + "".join(f"  {{ at_least = {n}, award = '{n}万' }},\n" for n in range(15_000)) + "]",
        "#\n" * 250_000 + "a = 1",
        'a = """' + '"" x' * 125_000 + '"""',
        '"' + "\\u4e2d" * 80_000 + '" = 1',
        "a = " + "[" * 200_000 + "]" * 200_000,
    ],
    ids=["numbers", "pairs", "rows", "comments", "quotes", "escapes", "nested"],
)
def test_half_a_megabyte_takes_less_than_a_few_seconds(text: str) -> None:
    """The scan is linear: no shape of a large text makes it slow, and no depth of nesting breaks it."""
    started = time.perf_counter()
    Where(text).line(("a",))
    assert time.perf_counter() - started < 5
