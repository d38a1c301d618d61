"""The checker speaks Chinese at the desk: no message is missing, no English sentence is left, nothing else changes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from random import Random
from string import Formatter

import pytest
from attrs import evolve
from finding_templates import Collected, collected, of_formulas, of_toml
from rule_faults import findings_of_all_faults

from jiangbu.desk import words
from jiangbu.desk.findings import Template, catalogue, in_chinese
from jiangbu.errors import Finding
from jiangbu.rules.model import MONEY_STEPS
from jiangbu.testing.books import book_of
from jiangbu.testing.broken import FAULTS, broken_table

DAY = date(2024, 6, 30)

HANDED_ON = {
    ("message", "fault.message"),
    ("message", "str(error)"),
    ("message", "str(problem)"),
    ("remedy", "error.remedy"),
    ("remedy", "fault.remedy"),
    ("message", "found"),
    ("message", "slip.message"),
    ("message", "last.message"),
    ("message", "message"),
    ("message", "found.message"),
    ("remedy", "found.remedy"),
    ("remedy", "slip.remedy"),
    ("remedy", "remedy"),
    ("remedy", "steps_of(kind)"),
    ("remedy", "steps_of(inner.type.kind)"),
}
"""Words that were made elsewhere, where they are collected: a fault's, an error's, a problem's."""

SAID_ELSEWHERE = {", ".join(MONEY_STEPS)}
"""Remedies that are no template of the source: the steps of money, joined."""


@pytest.fixture(scope="module")
def said() -> Collected:
    """All that the source can say."""
    return collected()


def shape(template: str) -> str:
    """A template with its holes unnamed."""
    parts = Formatter().parse(template)
    return "".join(text + ("{}" if name is not None else "") for text, name, _, _ in parts)


def shapes(templates: list[Template]) -> set[str]:
    return {shape(one.english) for one in templates}


def all_messages() -> list[Template]:
    known = catalogue()
    found = [one for section in known.messages.values() for one in section.templates]
    inside = ("why", "reasons", "compared")
    return found + [one for name in inside for one in known.words[name].templates]


def has_words(template: str) -> bool:
    """Whether a template says anything beside the values that stand in it."""
    return re.search(r"[A-Za-z]", "".join(text for text, *_ in Formatter().parse(template))) is not None


def test_every_message_has_its_chinese(said: Collected) -> None:
    """Each message that the kernel can make stands in the catalogue."""
    known = shapes(all_messages())
    messages = {text: at for (slot, text), at in said.templates.items() if slot == "message" and text.strip("{}")}
    assert {} == {text: at for text, at in messages.items() if shape(text) not in known and not _composed(text)}


def _composed(text: str) -> bool:
    """Whether a message is one of the catalogue with another of its sentences inside."""
    known, sample = catalogue(), re.sub(r"\{\}", "X7", text)
    told = [known.message("gate", sample), known.word("why", sample), known.word("compared", sample)]
    return any(one is not None and one != sample and _latin(one) == [] for one in told)


def test_every_remedy_has_its_chinese(said: Collected) -> None:
    """Each remedy that the kernel can give stands in the catalogue."""
    known = shapes(list(catalogue().remedies.templates))
    remedies = {text: at for (slot, text), at in said.templates.items() if slot == "remedy" and has_words(text)}
    assert {} == {text: at for text, at in remedies.items() if shape(text) not in known}


def test_every_expectation_and_witness_has_its_chinese(said: Collected) -> None:
    """What was expected, what was found instead, and the words of a witness stand in the catalogue."""
    known = catalogue()
    sections = {
        "expected": [known.words["expected"]],
        "found": [known.words["found"]],
        "witness": list(known.witnesses.values()),
    }
    missing = {
        text: at
        for (slot, text), at in said.templates.items()
        if slot in sections
        and has_words(text)
        and shape(text) not in shapes([one for section in sections[slot] for one in section.templates])
    }
    assert {} == missing


def test_what_is_handed_on_is_known(said: Collected) -> None:
    """Only these expressions reach a message or remedy without their text being seen; another one needs a look."""
    assert HANDED_ON == {(slot, text) for slot, text in said.unknown if slot in ("message", "remedy")}


def test_nothing_in_the_catalogue_is_stale(said: Collected) -> None:
    """Each message and remedy of the catalogue can still be said, or is a special case of one that can."""
    toml = shapes([Template.of(_named(text), "") for text in of_toml()])
    stale = set()
    for slot, known in (("message", all_messages()), ("remedy", catalogue().remedies.templates)):
        from_here = [Template.of(_named(text), "") for kind, text in said.templates if kind == slot]
        stale |= {
            one.english
            for one in known
            if shape(one.english) not in toml and not any(other.pattern.fullmatch(_sample(one)) for other in from_here)
        }
    assert SAID_ELSEWHERE == stale


def _named(text: str) -> str:
    """A template whose holes have names."""
    numbers = iter(range(100))
    return re.sub(r"(?<!\{)\{\}(?!\})", lambda _: f"{{n{next(numbers)}}}", text)


def _sample(one: Template) -> str:
    """A sentence of a template, with something in each hole."""
    return "".join(text + ("" if name is None else "X7") for text, name, _, _ in Formatter().parse(one.english))


def test_what_the_toml_reader_says_has_its_chinese() -> None:
    """The messages of the standard library's TOML reader stand in the catalogue."""
    assert set() == of_toml() - shapes(list(catalogue().messages["toml"].templates))


def test_what_may_not_stand_in_a_formula_has_its_chinese() -> None:
    """The kernel's names for parts of Python stand in the catalogue."""
    known = catalogue().words["parts_of_python"]
    assert set() == of_formulas() - {one.english for one in known.templates}


def test_every_code_has_messages() -> None:
    """The sections of the catalogue are the codes of findings."""
    assert set(words.FINDINGS) == set(catalogue().messages)


def test_both_sides_speak_of_the_same_values() -> None:
    """A Chinese sentence uses only values that its English has, and only sections that there are."""
    known = catalogue()
    every = [known.remedies, *known.messages.values(), *known.witnesses.values(), *known.words.values()]
    for one in (template for section in every for template in section.templates):
        holes = {name for _, name, _, _ in Formatter().parse(one.english) if name is not None}
        used = {(name, section) for _, name, section, _ in Formatter().parse(one.chinese) if name is not None}
        assert {name for name, _ in used} <= holes, one.english
        assert {section for _, section in used if section} <= {*known.words, "remedies", "list"}, one.english


_CODE = re.compile(r"“[^”]*”|\"[^\"]*\"|'[^']*'|\{.*?\}|jiangbu check [-a-z ]*")


def _latin(text: str) -> list[str]:
    """What is left of an English sentence: words beside one another outside quotation marks and code."""
    return re.findall(r"[A-Za-z]{2,},? [A-Za-z]{2,}", _CODE.sub("“”", text))


def assert_chinese(finding: Finding) -> None:
    """The finding at the desk: Chinese, without an English sentence, and of the same place."""
    told = in_chinese(finding)
    for text in (told.message, told.remedy):
        assert [] == _latin(text), (finding, told)
        assert not text or re.search("[\u4e00-\u9fff]", text), (finding, told)
    if "\n" in finding.witness:
        assert finding.witness == told.witness
    else:
        assert re.findall(r"\d+", finding.witness) == re.findall(r"\d+", told.witness) or "(" in finding.witness
    same = evolve(told, message=finding.message, remedy=finding.remedy, witness=finding.witness)
    assert finding == same


def test_the_findings_of_planted_faults_are_told_in_chinese(tmp_path: Path) -> None:
    """Every finding of the checker's own tests is Chinese at the desk."""
    found = findings_of_all_faults(tmp_path)
    assert len(found) > 150
    for finding in found:
        assert_chinese(finding)


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_the_findings_of_broken_tables_are_told_in_chinese(code: str) -> None:
    """Every finding of a broken table is Chinese at the desk."""
    for seed in range(4):
        text, wanted = broken_table(Random(seed), code)
        book = book_of(text, documents=())
        file = next(file for file in book.files if "-tests/" in file.shown)
        found = book.build(file, DAY).findings.items
        assert wanted in {finding.code for finding in found}
        for finding in found:
            assert_chinese(finding)


def told(code: str, message: str, witness: str = "", remedy: str = "") -> tuple[str, str, str]:
    """Message, witness and remedy of a finding at the desk."""
    one = in_chinese(Finding(code, "error", "a.toml", 9, "tables.scale", message, witness, remedy))
    return one.message, one.witness, one.remedy


def test_values_stand_as_in_a_table() -> None:
    """Python's quotes and type names are gone; numbers, days and names stay."""
    message = "found datetime.datetime(2024, 1, 5, 8, 30); expected a day"
    assert "写的是2024-01-05 08:30，应为日期" == told("bad-value", message)[0]
    assert "写的是1.5，应为文字" == told("bad-value", "found Decimal('1.5'); expected text")[0]
    facts = "{'revenue': Decimal('5.00'), 'sound': True, 'day': datetime.date(2024, 1, 5)}"
    assert "revenue = 5.00, sound = true, day = 2024-01-05" == told("parts", "", facts)[1]
    bounds = "Bounds(low=Fraction(0, 1), high=Fraction(7, 2), low_open=False, high_open=True)"
    assert f"0至7/2（不含） 与 {None}" == told("gate", "", f"{bounds} and None")[1]


def test_a_sentence_inside_a_sentence_is_told_too() -> None:
    """What a gate, a second opinion or a fact's problem says inside a message is Chinese as well."""
    why = "'a-gate' on 2020-01-01: in force only from 2023-01-01; expired on 2019-12-31"
    assert (
        "准入办法“a-gate”用不上：2020-01-01那一天没有可用的“a-gate”：2023-01-01起才有效；2019-12-31已经失效"
        == told("gate", f"the gate 'a-gate' cannot be had: {why}")[0]
    )
    opinion = "the second opinion disagrees: outcome: second opinion nil, determination payable"
    assert told("case", opinion)[0].endswith("结论，一种得 按规定为零（nil），另一种得 应付（payable）")
    problem = "[decimals] heads: found '1.5'; expected no decimal places; nothing is rounded at the door"
    assert (
        "算例的数据不能用：heads，小数位数过多，写的是“1.5”，应为整数；请按规定的位数填写，程序不代为取舍"
        == told("case", problem)[0]
    )


def test_what_python_says_of_a_formula_never_comes_through() -> None:
    """Whatever Python's parser says, known or not, is told in Chinese."""
    for text in ("invalid syntax", "'[' was never closed", "f-string: expecting '}'", "something new in Python 3.99"):
        message = told("formula", f"cannot be read: {text}")[0]
        assert message.startswith("算式读不通：")
        assert [] == _latin(message)


def test_the_name_of_a_change_is_not_translated() -> None:
    """``[[harmless]]`` repeats the name of a change word for word, so it stands so in the message."""
    change = "lines.paid: < → <= in heads <= late"
    assert f"“{change}”" in told("unnoticed", f"no case and no promise notices: {change}")[0]


def test_a_sentence_that_nobody_knows_stands_as_it_is() -> None:
    """A maker's own message, which no catalogue can have, is not lost."""
    assert ("a cow is missing", "", "find it") == told("bad-value", "a cow is missing", "", "find it")
