"""``check --mutate``: each change is made once and named stably; what nothing notices is a finding."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from one_table import HEAD, LEVELS, TABLE, book_of, edited

from jiangbu import Finding, RuleBook
from jiangbu.rules.check.changes import Change, changes
from jiangbu.rules.check.mutate import mutate

RULE = (
    HEAD
    + """
[facts.revenue]
label    = "营业收入"
kind     = "money"
at_least = 0
at_most  = "1亿"
[facts.heads]
label    = "头数"
kind     = "number"
at_least = 0
at_most  = 100
default  = 3
needed_if = "revenue > each"
[facts.local]
label   = "本地"
kind    = "flag"
default = false
[facts.since]
label    = "起日"
kind     = "date"
at_least = 2024-01-01
at_most  = 2024-12-31
[constants.each]
label  = "每头"
kind   = "money"
value  = "50.5"
clause = "一"
[constants.share]
label  = "比例"
kind   = "rate"
value  = "2%"
clause = "一"
[constants.late]
label  = "期限"
kind   = "date"
value  = 2024-06-30
clause = "一"
[constants.open]
label  = "开放"
kind   = "flag"
value  = true
clause = "一"
[tables.scale]
label  = "档次"
inputs = ["revenue", "heads"]
clause = "一"
gives  = { rank = "number", bonus = "flag" }
rows = [
  { revenue = { less_than = "50万" }, rank = 1, bonus = false },
  { revenue = { at_least = "50万" }, heads = { at_most = 9 }, rank = 2, bonus = false },
  { revenue = { at_least = "50万" }, heads = { more_than = 9 }, rank = 3, bonus = true },
]
[[requirements]]
name      = "in_time"
holds     = "since <= late and open"
otherwise = "太迟"
clause    = "一"
[[lines]]
name    = "points"
label   = "分"
formula = "scale.rank + heads - 1 if scale.bonus or local else scale.rank"
clause  = "一"
[[lines]]
name    = "paid"
label   = "奖补"
formula = "round_to(revenue * share, 'yuan', 'down') + each * points"
round   = { mode = "half-up", to = "yuan", clause = "一" }
clause  = "一"
"""
)


def changes_of(folder: Path, text: str) -> list[Change]:
    return list(changes(book_of(folder, award=text).scheme("award")))


def names(folder: Path, text: str) -> list[str]:
    return [change.name for change in changes_of(folder, text)]


def unnoticed(folder: Path, text: str) -> tuple[Finding, ...]:
    book = book_of(folder, award=text)
    return mutate(book, folder / "999999" / "award.toml")


def test_every_kind_of_change_is_made_once(tmp_path: Path) -> None:
    """Numbers, boundaries, flags, days, roundings and comparisons move by one unit or side, one at a time."""
    expected = [
        "facts.heads.default: 3 → 4",
        "facts.heads.default: 3 → 2",
        "facts.local.default: false → true",
        "constants.each.value: 50.5 → 50.51",
        "constants.each.value: 50.5 → 50.49",
        "constants.share.value: 2% → 0.020001",
        "constants.share.value: 2% → 0.019999",
        "constants.late.value: 2024-06-30 → 2024-07-01",
        "constants.late.value: 2024-06-30 → 2024-06-29",
        "constants.open.value: true → false",
        "tables.scale: less_than 500000 → 500000.01",
        "tables.scale: less_than 500000 → 499999.99",
        "tables.scale: at_most 9 → 10",
        "tables.scale: at_most 9 → 8",
        "tables.scale.rows[1].rank: 1 → 2",
        "tables.scale.rows[1].rank: 1 → 0",
        "tables.scale.rows[1].bonus: false → true",
        "tables.scale.rows[2].rank: 2 → 3",
        "tables.scale.rows[2].rank: 2 → 1",
        "tables.scale.rows[2].bonus: false → true",
        "tables.scale.rows[3].rank: 3 → 4",
        "tables.scale.rows[3].rank: 3 → 2",
        "tables.scale.rows[3].bonus: true → false",
        "requirements.in_time: <= → < in since < late and open",
        "lines.points: 1 → 2 in scale.rank + heads - 2 if scale.bonus or local else scale.rank",
        "lines.points: 1 → 0 in scale.rank + heads - 0 if scale.bonus or local else scale.rank",
        "lines.paid: 'down' → 'half-up' in round_to(revenue * share, 'yuan', 'half-up') + each * points",
        "lines.paid: 'down' → 'up' in round_to(revenue * share, 'yuan', 'up') + each * points",
        "facts.heads.needed_if: > → >= in revenue >= each",
        "lines.paid.round: half-up → down",
        "lines.paid.round: half-up → up",
    ]
    assert sorted(expected) == sorted(names(tmp_path, RULE))


@pytest.mark.parametrize("text", [RULE, TABLE, LEVELS], ids=["rule", "table", "levels"])
def test_names_are_unique_and_stable(text: str, tmp_path: Path) -> None:
    """A change is named once, and named the same when comments, blank lines and the order of keys change."""
    first = names(tmp_path / "a", text)
    assert [1] * len(first) == list(Counter(first).values())
    loose = text.replace("\n[", "\n\n# 说明\n[").replace("{ at_least", "{  at_least")
    assert first == names(tmp_path / "b", loose)


def test_the_rows_that_meet_move_together(tmp_path: Path) -> None:
    """A boundary that three rows share moves in all of them, so that no gap gives the change away."""
    (change,) = [item for item in changes_of(tmp_path, RULE) if item.name.endswith("→ 500000.01")]
    book = book_of(tmp_path, award=RULE)
    (file,) = book.files
    data = {"tables": {"scale": {"rows": [dict(row) for row in (file.data or {})["tables"]["scale"]["rows"]]}}}
    change.apply(data)
    moved = [row["revenue"] for row in data["tables"]["scale"]["rows"]]
    assert [{"less_than": "500000.01"}, {"at_least": "500000.01"}, {"at_least": "500000.01"}] == moved


def test_a_change_leaves_the_table_itself_alone(tmp_path: Path) -> None:
    """After all changes were tried the book's own table is what it was."""
    book = book_of(tmp_path, award=TABLE)
    before = book.scheme("award").digest
    mutate(book, tmp_path)
    assert before == book.scheme("award").digest == RuleBook.load(tmp_path, shipped=False).scheme("award").digest


def test_over_an_exact_line_the_boundary_words_turn(tmp_path: Path) -> None:
    """On a grid a turned word is the same as a moved number; between the grid it is a change of its own."""
    text = edited(
        ('input  = "revenue"', 'input  = "exact"'), ("scale.rate", "scale.rate + exact * 0"),
        ('[[lines]]\nname    = "month_of"', '[[lines]]\nname = "exact"\nlabel = "准"\nformula = "revenue / late"\nround = "none"\nclause = "三"\n[[lines]]\nname    = "month_of"'),
        ('"50万", rate = "1%"', '"5万", rate = "1%"'), ('at_least = "50万"', 'at_least = "5万"'),
    )  # fmt: skip
    assert [name for name in names(tmp_path, text) if "→ at_most" in name] == [
        "tables.scale: less_than 50000 → at_most"
    ]


def test_what_no_case_notices_is_a_finding_at_its_line(tmp_path: Path) -> None:
    """Without the case at the boundary a moved boundary goes unnoticed: code, line and how to name it."""
    text = edited(
        ('revenue = "499999.99"', 'revenue = "30万"'), ("by_scale = 5000, paid = 6000", "by_scale = 3000, paid = 4000")
    )
    found = {item.message.partition(": ")[2]: item for item in unnoticed(tmp_path, text)}
    change = "tables.scale: less_than 500000 → 499999.99"
    assert change in found
    item = found[change]
    assert ("unnoticed", "error") == (item.code, item.severity)
    assert text.split("\n")[item.line - 1].strip().startswith("{ less_than")
    assert "[[harmless]]" in item.remedy


def test_a_whole_set_of_cases_notices_all(tmp_path: Path) -> None:
    """With harmless changes said, and a case at each edge, nothing is left."""
    left = [item.message.partition(": ")[2] for item in unnoticed(tmp_path / "a", TABLE)]
    assert left
    harmless = "".join(f'[[harmless]]\nchange = "{change}"\nwhy = "试"\n' for change in left)
    assert () == unnoticed(tmp_path / "b", TABLE + harmless)


def test_a_harmless_change_that_is_noticed_is_warned_of(tmp_path: Path) -> None:
    """An entry for a change that a case notices by now is stale; one for a change that nothing notices is not."""
    entries = ("constants.each.value: 100 → 100.01", "constants.cap.value: 3万 → 30000.01")
    text = TABLE + "".join(f'[[harmless]]\nchange = "{change}"\nwhy = "试"\n' for change in entries)
    stale = [item for item in unnoticed(tmp_path, text) if item.code == "unused"]
    assert [("warning", "harmless[0].change")] == [(item.severity, item.where) for item in stale]
    assert entries[0] in stale[0].message


FEW = (
    '[constants.few]\nlabel = "至少"\nkind = "number"\nvalue = 3\nclause = "五"\n'
    '[[requirements]]\nname = "many"\nholds = "heads >= few"\notherwise = "太少"\nclause = "五"\n'
)


def test_a_case_that_comes_out_refused_notices(tmp_path: Path) -> None:
    """The case of 3 heads names its amount alone, which stands when it is refused; that it is refused is noticed."""
    text = edited(('refuses = ["sound_record", "in_time"]', 'refuses = ["sound_record", "in_time", "many"]')) + FEW
    found = [item.message.partition(": ")[2] for item in unnoticed(tmp_path, text)]
    assert "constants.few.value: 3 → 2" in found
    assert [] == [
        change
        for change in ("constants.few.value: 3 → 4", "requirements.many: >= → > in heads > few")
        if change in found
    ]


def test_a_case_that_fails_already_notices_nothing_by_that(tmp_path: Path) -> None:
    """A wrong case, or a broken promise, is wrong of every change: what else is said of the change decides."""
    wrong = edited(("expect = { paid = 10300 }", "expect = { paid = 10301 }")) + '[[promises]]\nnil_when = "sound"\n'
    assert [] != unnoticed(tmp_path / "a", TABLE)
    whole, left = (
        {item.message for item in unnoticed(tmp_path / at, text)} for at, text in (("a", TABLE), ("b", wrong))
    )
    assert whole == left


def test_a_row_that_comes_out_refused_notices(tmp_path: Path) -> None:
    """Rows below the case as well: a project that would be refused, though the case says nothing of its amount."""
    text = LEVELS.replace('expect = { paid = { P1 = "333333.33", P2 = "666666.67" } }', 'outcome = "payable"')
    text = text.replace('refuses = ["P2/H9: enough", "P3: is_open"]\n', "")
    level = FEW.replace('name = "many"', 'name = "many"\nlevel = "project"').replace("heads >= few", "weight >= few")
    found = [
        item.message.partition(": ")[2] for item in unnoticed(tmp_path, text + level.replace("value = 3", "value = 10"))
    ]
    assert "constants.few.value: 10 → 9" in found
    assert "constants.few.value: 10 → 11" not in found


def test_a_promise_notices_as_a_case_does(tmp_path: Path) -> None:
    """A change that breaks a promise alone is noticed by it."""
    limit = '[constants.limit]\nlabel = "上限"\nkind = "money"\nvalue = "3万"\nclause = "一"\n[[promises]]\nnever_more_than = "limit"\n'
    change = "constants.cap.value: 3万 → 30000.01"
    assert change in [item.message.partition(": ")[2] for item in unnoticed(tmp_path / "a", TABLE)]
    assert change not in [item.message.partition(": ")[2] for item in unnoticed(tmp_path / "b", TABLE + limit)]


def test_a_broken_table_is_not_mutated(tmp_path: Path) -> None:
    """Errors come first; mutation says nothing of a table that cannot be built."""
    assert () == unnoticed(tmp_path, edited(("heads * each", "head * each")))
