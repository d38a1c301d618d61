"""Every error of a file at once: faults in different places hide neither one another nor what does not need them."""

# ruff: noqa: E501  (one fault to a line reads better than one broken over ten)
from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from random import Random

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_table import LEVELS, TABLE, built_from, edited, found_in, line_of

from jiangbu import Finding
from jiangbu.rules.findings import Findings
from jiangbu.rules.toml_text import read_toml
from jiangbu.testing.books import book_of
from jiangbu.testing.tables import table_text


@frozen
class Planted:
    """One fault: what is changed in the table of these tests, and the part of it that cannot be read then."""

    change: tuple[str, str]
    spoils: str = ""
    needs: str = ""


FAULTS = {
    "an unknown key of a fact": Planted(('label    = "营业收入"', 'lable    = "营业收入"')),
    "decimals of a fact that are text": Planted(('unit     = "头"', 'unit     = "头"\ndecimals = "0"')),
    "an unknown key of a choice": Planted(('label   = "方向"', 'label   = "方向"\nnotes   = "见附件"')),
    "an unknown method": Planted(('label = "无违法记录"', 'label = "无违法记录"\nmethod = "rearing"')),
    "an unknown key of a constant": Planted(('label  = "每头"', 'label  = "每头"\nfrom = "第二条"')),
    "a constant that is no number": Planted(('value  = 7', 'value  = "七"'), spoils="late"),
    "a gap of a table": Planted(('at_least = "50万", rate', 'at_least = "51万", rate')),
    "a cell of a row": Planted(('rate = "1%"', 'rate = 10'), spoils="scale.rate"),
    "an unknown key of a row": Planted(('rank = 2 }', 'rank = 2, note = "封顶" }')),
    "an unknown key of a table": Planted(('label  = "档次"', 'label  = "档次"\nunits  = "元"')),
    "a formula that cannot be read": Planted(('"months(start, day) + 1"', '"months(start, day) + + 1 1"'), spoils="month_of"),
    "a name that is not declared": Planted(('heads * each', 'haeds * each'), spoils="paid"),
    "an unknown step of rounding": Planted(('formula = "revenue * scale.rate"', 'formula = "revenue * scale.rate"\nround = { mode = "up", to = "十元" }'), needs="scale.rate"),
    "a line without a label": Planted(('label   = "奖补"\n', "")),
    "a requirement of a name that is not declared": Planted(('holds     = "sound"', 'holds     = "sond"')),
    "a requirement of the wrong kind": Planted(("month_of < late", "month_of < 'seven'"), needs="month_of"),
    "a promise about no fact": Planted(('never_decreases_in = "heads"', 'never_decreases_in = "haeds"')),
    "a promise of the wrong kind": Planted(('never_more_than = "cap"', 'never_more_than = "late"'), needs="late"),
    "a case with an unknown fact": Planted(('facts  = { revenue = "50万", heads', 'facts  = { revenue = "50万", hens = 1, heads'), spoils="cases[1]"),
    "a case with a value out of bounds": Planted(("heads = 10, sound", "heads = 101, sound")),
    "a case without a fact": Planted(("heads = 0, sound = false", "sound = false")),
    "a case of a line that does not exist": Planted(("expect = { paid = 10300 }", "expect = { payd = 10300 }"), needs="cases[1]"),
    "an unknown status": Planted(('"in-force"', '"in force"')),
    "an unknown document": Planted(("试办〔2024〕1号", "试办〔2024〕9号")),
    "an end before its start": Planted(("until = 2026-12-31", "until = 2023-12-31")),
    "an unknown section": Planted(("", '[other]\nx = 1\n')),
}  # fmt: skip


def errors_of(text: str) -> set[tuple[str, str]]:
    """What the checker says of one table: code and place of every error."""
    with tempfile.TemporaryDirectory() as folder:
        return {(item.code, item.where) for item in found_in(Path(folder), text) if item.severity == "error"}


@cache
def alone(name: str) -> frozenset[tuple[str, str]]:
    """What is said of a fault where nothing else is wrong."""
    return frozenset(errors_of(edited(FAULTS[name].change)))


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_alone_is_found(name: str) -> None:
    """Each of the faults planted below has findings of its own."""
    assert alone(name)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(FAULTS)), min_size=2, max_size=6, unique=True))
def test_faults_hide_one_another_only_where_one_needs_the_other(names: list[str]) -> None:
    """Of several faults in one file each is found as if it stood alone, and nothing is said that none alone says."""
    text = edited(*(FAULTS[name].change for name in names))
    spoilt = {FAULTS[name].spoils for name in names}
    wanted = set().union(*(alone(name) for name in names if not FAULTS[name].needs or FAULTS[name].needs not in spoilt))
    allowed = set().union(*(alone(name) for name in names))
    found = errors_of(text)
    assert set() == wanted - found, names
    assert set() == found - allowed, names


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.lists(st.sampled_from(["key", "document", "constant", "promise", "gap", "requirement"]), min_size=2, max_size=4, unique=True))  # fmt: skip
def test_faults_of_random_tables_are_found_together(seed: int, kinds: list[str]) -> None:
    """Faults that are added to a random valid table are all found, each where it is found alone."""
    plain = table_text(Random(seed), "random")
    together, *alone = random_errors(planted(plain, kinds), *(planted(plain, [kind]) for kind in kinds))
    assert set().union(*alone) == together


def planted(text: str, kinds: list[str]) -> str:
    """A table with faults in new sections of its own; names in them stand in no random table."""
    level = 'level = "{}"\n'.format(text.split("[levels.")[1].split("]")[0]) if "[levels." in text else ""
    parts = {
        "key": '[constants.planted]\nlabel = "数"\nkind = "money"\nvalue = 1\nclause = "一"\ncolour = "红"\n',
        "constant": '[constants.planted_too]\nlabel = "数"\nkind = "money"\nvalue = "一万"\nclause = "一"\n',
        "promise": '[[promises]]\nnever_decreases_in = "no_such_thing_at_all"\n',
        "gap": '[facts.planted_fact]\nlabel = "植入"\nkind = "money"\nat_least = 0\nat_most = 9\ndefault = 0\n' + level + '[tables.planted_table]\nlabel = "档"\ninput = "planted_fact"\nclause = "一"\ngives = { w = "money" }\nrows = [{ less_than = 5, w = 1 }, { more_than = 5, w = 2 }]\n',
        "requirement": f'[[requirements]]\nname = "planted_rule"\nholds = "no_such_thing_here > 0"\notherwise = "无"\nclause = "一"\n{level}',
    }  # fmt: skip
    for kind in kinds:
        text = text.replace('document = "', 'document = "不存在', 1) if kind == "document" else text + parts[kind]
    return text


def random_errors(*texts: str) -> list[set[tuple[str, str]]]:
    """What the loader says of tables beside the shipped ones: code and place of every error of each."""
    book = book_of(*texts, documents=())
    ours = sorted((file for file in book.files if "-tests/" in file.shown), key=lambda file: file.shown)
    found = [book.build(file, book.first_day(file)).findings.items for file in ours]
    return [{(item.code, item.where) for item in items if item.severity == "error"} for items in found]


# What is read on although something in it is wrong


def places(folder: Path, *changes: tuple[str, str], table: str = TABLE) -> list[tuple[str, str]]:
    return [
        (item.code, item.where)
        for item in built_from(folder, edited(*changes, table=table))
        if item.severity == "error"
    ]


def test_a_misspelt_key_does_not_take_the_fact_away(tmp_path: Path) -> None:
    """The gap of the table that is looked up by the fact, and the formula that uses it, are still found."""
    found = places(
        tmp_path,
        ('label    = "营业收入"', 'label    = "营业收入"\ncolor    = "红"'),
        ('at_least = "50万", rate', 'at_least = "51万", rate'),
        ('"revenue * scale.rate"', '"revenue * revenue"'),
    )
    assert [
        ("unknown-key", "facts.revenue.color"),
        ("gap", "tables.scale.rows[1]"),
        ("kind", "lines[1].formula"),
    ] == found


def test_a_bad_cell_does_not_hide_an_overlap(tmp_path: Path) -> None:
    """Rows whose bounds can be read are held against one another whatever they give."""
    found = places(tmp_path, ('less_than = "50万", rate = "1%"', 'at_most = "50万", rate = 10'))
    assert [("bad-value", "tables.scale.rows[0].rate"), ("overlap", "tables.scale.rows[1]")] == found


def test_a_misspelt_bound_makes_no_gap(tmp_path: Path) -> None:
    """Where a bound may be meant, it is not known what the row covers, and nothing is said of gaps."""
    found = places(tmp_path, ('at_least = "50万", rate', 'atleast = "50万", rate'))
    assert [("unknown-key", "tables.scale.rows[1].atleast")] == found


@pytest.mark.parametrize("key", ["pays", "gate_level", "no_gate"])
def test_a_misspelt_key_of_the_head_is_not_wanting_as_well(key: str, tmp_path: Path) -> None:
    """The head's own checks say nothing about a key that was meant."""
    text = {
        "pays": 'pay         = "paid"',
        "gate_level": 'pays        = "paid"\ngate_lvel = "x"',
        "no_gate": 'pays        = "paid"\nnogate = "无"',
    }[key]
    assert ["unknown-key"] == [code for code, _ in places(tmp_path, ('pays        = "paid"', text))]


def test_one_pair_of_brackets_is_read_as_two(tmp_path: Path) -> None:
    """``[requirements]`` with one pair of brackets is one finding, and its formula is checked all the same."""
    text = (
        TABLE.replace("[[requirements]]", "[dropped]", 1)
        .replace("[[requirements]]", "[requirements]")
        .replace("month_of < late", "month_off < late")
    )
    text = text[: text.index("[dropped]")] + text[text.index("[requirements]") :]
    found = [item for item in built_from(tmp_path, text) if item.severity == "error"]
    assert ["bad-value", "unknown-name"] == [item.code for item in found][:2]
    assert "write [[requirements]], one for each" == found[0].remedy


def test_two_pairs_of_brackets_are_read_as_one(tmp_path: Path) -> None:
    """``[[facts.heads]]`` is one finding, and the fact is there."""
    (finding,) = [
        item for item in built_from(tmp_path, edited(("[facts.heads]", "[[facts.heads]]"))) if item.severity == "error"
    ]
    assert ("found [[facts.heads]]; expected [facts.heads]", "write [facts.heads]") == (finding.message, finding.remedy)


def test_a_broken_gate_does_not_make_its_facts_unknown(tmp_path: Path) -> None:
    """Names that may be facts of a gate that cannot be had are not called undeclared; slips of known names are."""
    found = places(
        tmp_path,
        ('beneficiary = "household"', 'beneficiary = "operator"\ngate = "no-such-gate"'),
        ('holds     = "sound"', 'holds     = "has_mechanism and sounds"'),
    )
    assert [("gate", "scheme.gate"), ("unknown-name", "requirements[0].holds")] == found


# Names that people read


def test_two_facts_of_one_label(tmp_path: Path) -> None:
    """A workbook finds a fact by its label or an alias: two facts of one level may not share one."""
    assert [("duplicate-name", "facts.heads.label")] == places(tmp_path, ('label    = "头数"', 'label    = "营业收入"'))
    aliased = ('label    = "头数"', 'label    = "头数"\naliases  = ["营业收入"]')
    assert [("duplicate-name", "facts.heads.aliases")] == places(tmp_path, aliased)


def test_two_facts_of_two_levels_may_have_one_label(tmp_path: Path) -> None:
    """Each level has a sheet of its own."""
    assert [] == places(tmp_path, ('label    = "务工月数"', 'label    = "头数"'), table=LEVELS)


def test_two_options_of_one_label(tmp_path: Path) -> None:
    """A label means one option, and no other option's name."""
    assert [("duplicate-name", "facts.track.options.rebuilt")] == places(
        tmp_path, ('rebuilt = "改扩建"', 'rebuilt = "新建"')
    )
    assert [("duplicate-name", "facts.track.options.rebuilt")] == places(
        tmp_path, ('rebuilt = "改扩建"', 'rebuilt = "fresh"')
    )


# What a table may not say

UNSAID = {
    "a method that a derived fact needs": (('unit     = "头"', 'unit     = "头"\nderived  = "households_by_method"'), ("missing-key", "facts.heads")),
    "months that a derived fact needs": (('unit     = "头"', 'unit     = "头"\nderived  = "workers_with_months"'), ("missing-key", "facts.heads")),
    "a scheme that excludes itself": (("", '[[exclusive]]\nwith = ["award"]\nper = "project"\nkeep = "largest"\nclause = "六"\n'), ("bad-value", "exclusive[0].with")),
    "a constant below a fen": (("value  = 100\n", 'value  = "100.005"\n'), ("bad-value", "constants.each.value")),
    "a constant of more decimals than it declares": (("value  = 100\n", 'value  = "100.00005"\ndecimals = 4\n'), ("bad-value", "constants.each.value")),
    "a column of money below a fen": (('gives  = { rate = "rate", rank = "number" }', 'gives  = { rate = "rate", rank = "money" }'), None),
    "an unknown document that is superseded": (("pays        =", 'supersedes  = "试办〔2020〕1号"\npays        ='), ("document", "scheme.supersedes")),
    "an amount beyond capital numerals": (('"min(cap, by_scale + heads * each)"', '"revenue * heads * heads * heads * heads"'), ("bounds", "lines[2]")),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSAID)
def test_what_a_table_may_not_say(name: str, tmp_path: Path) -> None:
    """Each is one error, where it stands."""
    change, expected = UNSAID[name]
    if expected is None:
        found = places(tmp_path, change, ("rank = 2 }", 'rank = "2.005" }'))
        assert [("bad-value", "tables.scale.rows[1].rank")] == found
    else:
        assert [expected] == places(tmp_path, change)


def test_a_level_on_which_nothing_stands(tmp_path: Path) -> None:
    """It is warned of, unless rows below it are read."""
    text = edited(("worker    = {", 'spare     = { of = "project", label = "备用" }\nworker    = {'), table=LEVELS)
    assert [("unused", "warning", "levels.spare")] == [
        (item.code, item.severity, item.where) for item in built_from(tmp_path, text)
    ]


# Slips of the pen in TOML

AGAIN = "then check again: what the table says is looked at when all of it can be read"

SLIPS = {
    "a number with 万 and no quotes": ('value  = "3万"', "value  = 3万", "'3万' stands without quotes", 'put it in quotes: "3万"', "3万"),
    "a percent without quotes": ('rate = "1%"', "rate = 1%", "'1%' stands without quotes", 'put it in quotes: "1%"', "1%"),
    "a text without quotes": ('label    = "头数"', "label    = 头数", "'头数' stands without quotes", 'put it in quotes: "头数"', "头数"),
    "a full-width comma": ('less_than = "50万", rate', 'less_than = "50万"， rate', "'，' is a full-width sign", "write , of the English keyboard", "，"),
    "full-width quotes": ('label    = "头数"', "label    = “头数”", "'“' is a full-width sign", 'write " of the English keyboard', "“"),
    "a full-width equals": ('label    = "头数"', 'label    ＝ "头数"', "'＝' is a full-width sign", "write = of the English keyboard", "＝"),
    "a full-width colon": ('label    = "头数"', 'label    ： "头数"', "'：' is a full-width sign", "write = of the English keyboard", "："),
    "a colon": ('label    = "头数"', 'label: "头数"', "a colon behind a key", "write = between key and value", ":"),
    "no closing quote": ('label    = "头数"', 'label    = "头数', "a text without its other quote", 'write a quote at both ends of the text: "…"', '"头数'),
    "no opening quote": ('label    = "头数"', 'label    = 头数"', "a text without its other quote", 'write a quote at both ends of the text: "…"', '"'),
    "True": ('heads = 10, sound = true', 'heads = 10, sound = True', "True with a capital letter", "write true", "True"),
    "a key twice": ('unit     = "头"', 'unit     = "头"\nunit     = "只"', "'unit' stands twice, first at line 20", "keep one, or rename one", "unit"),
    "a section twice": ("[constants.each]", "[constants.cap]", "[constants.cap] stands twice, first at line 35", "keep one, or rename one", "[constants.cap]"),
    "one pair of brackets": ('[[lines]]\nname    = "paid"', '[lines]\nname    = "paid"', "[lines] with one pair of brackets", "write [[lines]], one for each", "[lines]"),
    "a day without zeros": ("value  = 2024-01-01", "value  = 2024-1-1", "the day 2024-1-1 is written otherwise here", "write it as 2024-01-05, without quotes", "2024-1-1"),
    "thousands": ("value  = 100\n", "value  = 1,000\n", "a comma inside a number", "write it without the comma: 1000", "1,000"),
    "a number in millions": ("value  = 100\n", "value  = 5,000,000\n", "a comma inside a number", "write it without the comma: 5000000", "5,000,000"),
    "full-width digits": ("value  = 100\n", "value  = ５００\n", "'５００' is written in full-width digits", "write 500 of the English keyboard", "５００"),
    "an amount with 元": ("value  = 100\n", "value  = 30万元\n", "'30万元' with 元 behind it", 'every amount is in yuan; write it in quotes: "30万"', "30万元"),
    "a section in Chinese": ("[facts.heads]", "[facts.头数]", "'头数' is no name of a section", 'name it with a-z, 0-9 and _; the Chinese stands in label = "…"', "头数"),
    "one pair of brackets, then two": ("[[requirements]]", "[requirements]", "[requirements] with one pair of brackets", "write [[requirements]], one for each", "[requirements]"),
    "a comma behind a value": ('label    = "头数"', 'label    = "头数",', "',' behind the value", "take out ','", ","),
    "no value": ("value  = 100\n", "value  =\n", "the value is missing", "write it behind the sign =", ""),
    "a list without an end": ("rank = 2 },\n]", "rank = 2 },\n", "a list or a table above is not closed", "close it with ] or } before this line", "[[requirements]]"),
    "no comma between rows": ("rank = 1 },", "rank = 1 }", "the list goes on without a comma", "put a comma behind the entry before this one", "{"),
}  # fmt: skip


TOGETHER = (
    "full-width quotes", "a number in millions", "a section in Chinese",
    "True", "a day without zeros", "no comma between rows", "a percent without quotes",
    "one pair of brackets, then two",
)  # fmt: skip
"""Slips of different lines, of which none is made of another."""


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_shown_with_a_caret_and_how_to_write_it(name: str) -> None:
    """The usual slips are named as such: the line, the place in it, what is wrong, what to write."""
    old, new, message, remedy, marked = SLIPS[name]
    (finding,) = said_of(TABLE.replace(old, new, 1))
    shown, carets = finding.witness.split("\n")
    columns = "".join(sign * (2 if ord(sign) > 0x2E7F else 1) for sign in shown)
    under = "".join(sign for sign, mark in zip(columns, carets, strict=False) if mark == "^")
    assert (message, f"{remedy}; {AGAIN}") == (finding.message, finding.remedy)
    assert "".join(sign * (2 if ord(sign) > 0x2E7F else 1) for sign in marked) == under
    assert shown in TABLE.replace(old, new, 1).split("\n")[finding.line - 1]


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("[" * 3000, "nest less deeply"),
        ("9" * 5000, "write fewer digits"),
        ("1e99999999999999999999", "write fewer digits"),
    ],
)
def test_what_is_too_much_is_found_on_its_line(value: str, remedy: str) -> None:
    """Too deep a nest and too long a number are told where they stand, not at the head of the file."""
    text = edited(("value  = 100\n", f"value  = {value}\n"))
    (finding,) = said_of(text)
    assert (line_of(text, "[constants.each]") + 3, remedy) == (finding.line, finding.remedy)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(TOGETHER)), min_size=2, max_size=5, unique=True))
def test_slips_of_one_file_are_all_told_in_one_run(names: list[str]) -> None:
    """Slips on different lines are each found as if alone, and only the last says to check again."""
    text = TABLE
    for name in names:
        old, new, *_ = SLIPS[name]
        text = text.replace(old, new, 1)
    found = said_of(text)
    assert sorted(SLIPS[name][2] for name in names) == sorted(finding.message for finding in found)
    assert [found[-1]] == [finding for finding in found if finding.remedy.endswith(AGAIN)]


def test_where_no_mending_is_known_reading_stops() -> None:
    """Nothing is said of a file below a line that cannot be understood."""
    text = edited(("value  = 100\n", "value  = 100 )(\n"), ('rate = "1%"', "rate = 1%"))
    assert ["Expected newline or end of document after a statement"] == [one.message for one in said_of(text)]


def said_of(text: str) -> list[Finding]:
    notes = Findings("a.toml", text)
    assert read_toml(text, notes) is None
    return notes.items
