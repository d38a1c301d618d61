"""A rule as a page: everything that a table says stands on it, in words."""

from __future__ import annotations

import re
from datetime import date

import pytest
from told_tables import on_some_day, wide_book

from jiangbu import RuleBook, Scheme
from jiangbu.rules.words.amounts import day
from jiangbu.rules.words.page import page, table_rows

BOOK = RuleBook.load()
SHIPPED = {entry.id: BOOK.scheme(entry.id, place=entry.place) for entry in BOOK.entries()}


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    """The table that uses the whole language."""
    return on_some_day(wide_book(tmp_path_factory.mktemp("tables")), "wide", "999999")


def missing(scheme: Scheme, text: str) -> list[str]:
    """What a page should say of a scheme and does not."""
    document = scheme.document
    told = [scheme.title, document.title, document.number, document.issuer, scheme.no_gate, scheme.reading, scheme.note]
    told += [*scheme.notices(), scheme.digest, document.url]
    told += [day(document.issued) if isinstance(document.issued, date) else "印发日期未见"]
    for fact in scheme.facts.values():
        told += [fact.label, fact.evidence, fact.clause, fact.reading, fact.note, *fact.options.values()]
    for constant in scheme.constants.values():
        told += [constant.label, constant.clause, constant.reading]
    for table in scheme.tables.values():
        told += [table.label, table.clause, table.reading]
        told += [text for row in table.rows for text in (row.printed, row.clause, row.reading)]
    for item in scheme.requirements.values():
        told += [item.otherwise, item.clause, item.reading]
    told += [text for item in scheme.checks.values() for text in (item.otherwise, item.clause, item.reading)]
    told += [text for item in scheme.remarks.values() for text in (item.says, item.clause, item.reading)]
    for line in scheme.lines.values():
        told += [
            line.label,
            line.clause,
            line.reading,
            line.may_be_negative,
            line.round.clause,
            scheme.say.formula(line),
        ]
    told += [text for case in scheme.cases for text in (case.source, case.worked)]
    return [part for part in told if part not in ("", "unseen") and part.replace("|", "\\|") not in text]


@pytest.mark.parametrize("id", SHIPPED)
def test_the_page_says_all(id: str) -> None:
    """Every label, clause, reading, printed tier, reason, formula and worked case of a shipped table is on its page."""
    assert missing(SHIPPED[id], page(SHIPPED[id])) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("id", SHIPPED)
def test_the_page_reads_as_a_page(id: str, lang: str) -> None:
    """Tables have as many cells in each row as in their head, and no Python shows."""
    text = page(SHIPPED[id], "en" if lang == "en" else "zh")
    widths: list[set[int]] = [set()]
    for line in text.splitlines():
        if line.startswith("|"):
            widths[-1].add(len(re.split(r"(?<!\\)\|", line)))
        else:
            widths.append(set())
    assert [found for found in widths if len(found) > 1] == []
    assert re.findall(r"None|Fraction|Decimal|datetime|Mapping", text) == []


def test_the_whole_language_has_a_page(wide: Scheme) -> None:
    """A table that uses every part of the language has a page, with its edges in legal words."""
    text = page(wide)
    assert missing(wide, text) == []
    for words in ("10万元以下（含）", "超过10万元、不满50万元", "60万元以上", "2024年3月31日（含）以前", "2/37"):
        assert words in text
    assert "未列的情形，办法未作规定，不予支持" in text


def test_a_grid_is_shown_at_a_glance() -> None:
    """A table of two inputs is shown once more as a grid that can be read across."""
    text = page(SHIPPED["kaizhou-grid"])
    assert "| 优秀 | 0元 | 4万元 | 7万元 | 10万元 |" in text


def test_the_gate_comes_first() -> None:
    """The gate's requirements stand before the scheme's own, under the gate's document number."""
    text = page(SHIPPED["example-scale-award"])
    gate, own = text.index("（示例办发〔2024〕2号第三条）"), text.index("（第五条）")
    assert gate < own


def test_promises_and_cases_are_in_words() -> None:
    """Promises and worked cases use labels and sentences, not the names of the table."""
    text = page(SHIPPED["example-linkage-award"])
    assert "- 增加一户，应付金额不会减少" in text
    assert "不予支持，理由：H6：本户当年从经营主体得到的收入不到3000元" in text
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", text) == []


def test_other_schemes_are_called_by_their_titles() -> None:
    """Schemes that exclude one another are called by title and id; by the id alone where no book tells the title."""
    scheme = SHIPPED["zhuanglang-upgrading"]
    titles = BOOK.titles(scheme.place)
    others = "、".join(f"《{titles[id]}》`{id}`" for id in scheme.exclusive[0].with_)
    assert f"- 与{others}不能同时享受" in page(scheme, titles=titles)
    assert "- 与`zhuanglang-new-project`、`zhuanglang-expansion`不能同时享受" in page(scheme)


def test_reasons_are_told_apart_by_semicolons() -> None:
    """The reasons of a refused case, which hold enumerations themselves, are set apart by a stronger sign."""
    text = page(SHIPPED["shanxi-chain-award"])
    assert "理由：项目固定资产投资额不足1亿元；没有在投资建设期限内全部建成投产" in text


def test_empty_columns_are_left_out() -> None:
    """A column in which nothing stands does not widen a table; a bar inside a cell is escaped."""
    assert list(table_rows(["a", "b"], [["x|y", ""]])) == ["| a |", "| :-- |", "| x\\|y |"]
