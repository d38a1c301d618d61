"""The example workbooks are in step with their script, and the README's first command works on them."""

import importlib.util
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine

from jiangbu.desk.cli import main
from jiangbu.money import capital

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SPEC = importlib.util.spec_from_file_location("make_examples", EXAMPLES / "make_examples.py")
make_examples = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(make_examples)
NAMES = (make_examples.GOOD, make_examples.FAULTY)


def content(path):
    """Every cell of every sheet."""
    with python_calamine.load_workbook(path) as book:
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        return {name: sheet.to_python(skip_empty_area=False) for name, sheet in sheets.items()}


@pytest.mark.parametrize("name", NAMES)
def test_in_step(tmp_path, name):
    """The shipped workbook is what the script makes; run docs/examples/make_examples.py if it is not."""
    make_examples.make(tmp_path)
    assert content(tmp_path / name) == content(EXAMPLES / name)


def test_deterministic(tmp_path):
    """Made twice, the workbooks are the same bytes."""
    made = []
    for folder in (tmp_path / "甲", tmp_path / "乙"):
        folder.mkdir()
        make_examples.make(folder)
        made.append([(folder / name).read_bytes() for name in NAMES])
    assert made[0] == made[1]


def expected(row):
    """The outcome and the amount of a row by the printed rule, worked out apart from the library."""
    fields = row.split("|")
    revenue, prior = (Decimal(text) for text in fields[2:4])
    if fields[10]:
        return "搁置", 0

    def tier(amount):
        return sum(amount >= edge for edge in (5000, 10000, 20000))

    admitted = all(int(text or 0) > 0 for text in fields[5:8]) and fields[8] == "否"
    if not admitted or fields[4] == "是":
        return "不予支持", 0
    award = (0, 500_000, 800_000, 1_200_000)[tier(revenue)] if tier(revenue) > tier(prior) else 0
    return ("应付", award) if award else ("按规定为零", 0)


def test_good_example(tmp_path, capsys):
    """Every row is decided as the printed rule says; counts and totals reconcile; exit code 0."""
    target = tmp_path / "测算表.xlsx"
    assert main(["calculate", str(EXAMPLES / NAMES[0]), "-o", str(target)]) == 0
    printed = capsys.readouterr().out
    rows = [expected(line) for line in make_examples.ROWS.strip().splitlines()]
    sheets = content(target)
    table = sheets["测算表"]
    top = next(index for index, line in enumerate(table) if line[0] == "序号")
    outcome, amount = table[top].index("结论"), table[top].index("核定金额")
    told = [(line[outcome], line[amount] or 0) for line in table[top + 1 : top + 1 + len(rows)]]
    assert told == rows
    total = sum(money for _, money in rows)
    counted = {line[0]: line[1] for line in sheets["汇总"]}
    kinds = ("应付", "按规定为零", "不予支持", "数据问题", "搁置")
    assert [counted[kind] for kind in kinds] == [sum(one == kind for one, _ in rows) for kind in kinds]
    assert counted["总行数"] == len(rows) == sum(counted[kind] for kind in kinds)
    assert f"{total:,}.00" in printed
    assert capital(total * 100) in printed
    assert all(counted[kind] > 0 for kind in ("应付", "按规定为零", "不予支持"))


def test_every_tier_and_edge_is_there():
    """The example holds each tier, each edge itself, and the amount one fen or yuan below it."""
    revenues = {Decimal(line.split("|")[2]) for line in make_examples.ROWS.strip().splitlines()}
    for edge in (5000, 10000, 20000):
        assert edge in revenues
        assert edge - Decimal("0.0001") in revenues


def test_faulty_example(tmp_path, capsys):
    """The second example ends with 1 and names every faulty cell, one of each kind."""
    target = tmp_path / "测算表.xlsx"
    assert main(["calculate", str(EXAMPLES / NAMES[1]), "-o", str(target), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    cells = ["G5", "G6", "G7", "G8", "G9", "G10", "G11", "I12", "I13", "K14", "K15", "C16", "O17", "Q18"]
    assert [problem["path"] for problem in problems] == [f"申报表!{cell}" for cell in cells]
    codes = [
        "kind",
        "decimals",
        "ten-thousandfold",
        "missing",
        "bounds",
        "kind",
        "kind",
        "kind",
        "kind",
        "decimals",
        "kind",
        "text",
        "text",
        "kind",
    ]
    assert [problem["code"] for problem in problems] == codes
    for problem in problems:
        assert all(re.search("[一-鿿]", problem[key]) for key in ("expected", "remedy"))
    main(["calculate", str(EXAMPLES / NAMES[1]), "-o", str(target)])
    printed = capsys.readouterr().out
    assert all(f"申报表!{cell} " in printed for cell in cells)


def test_codes_are_valid_and_of_nobody():
    """Every credit code has a right check character and a region that does not exist."""
    codes = [row[2] for row in make_examples.rows()]
    assert len(set(codes)) == len(codes) == 60
    assert {code[2:8] for code in codes} == {"999999"}
    assert all(make_examples.uscc.is_valid(code) for code in codes)
