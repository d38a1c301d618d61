"""``explain --row``: the derivation of the row that the spreadsheet shows under that number."""

import json

import pytest
from level_sheets import household, linkage, operator
from one_cell import with_cell
from small_run import BOOK, row, run

from jiangbu.desk.cli import main
from jiangbu.desk.explain_row import explain_row
from jiangbu.desk.problems import DeskError, column_letters
from jiangbu.desk.readback import tables_of
from jiangbu.desk.said import open_calculated

ROWS = [row(1), row(2, bad="是"), row(3, revenue=4000), row(4, revenue="若干"), row(5, aside="核查")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A calculated workbook with every outcome, its decisions, and the number of its first row of data."""
    result, target = run(tmp_path_factory.mktemp("explain"), ROWS)
    return result, target, tables_of(open_calculated(target), result.scheme, "")["case"].rows[0] + 1


def test_every_row(made):
    """Each row is told as its determination tells it, with its subject; without one, why there is none."""
    result, target, first = made
    for number, decision in enumerate(result.decisions):
        found = explain_row(target, BOOK, first + number)
        assert (f"{number + 1}号 示例{number + 1}号公司", decision.label) == (found.whose, found.outcome)
        assert str(decision.amount) == found.amount
        assert () == found.notes
        if decision.determination is not None:
            # The subject stands under the heads of the sheet and not under the names that programs use.
            theirs = [line for line in decision.determination.explain().split("\n") if not line.startswith("对象：")]
            ours = found.text.split("\n")
            assert theirs == [line for line in ours if not line.startswith("对象：")]
            assert any(line.startswith(f"对象：序号 {number + 1}，申报主体 示例{number + 1}号公司") for line in ours)
        else:
            texts = [*(one.sentence for one in decision.reasons), *(one.path for one in decision.problems)]
            assert texts
            assert all(text in found.text for text in texts)


@pytest.mark.parametrize("number", [-1, 0, 1, 3, 99, 10**7])
def test_no_such_row(made, number):
    """A head, a total or a row beyond the last is refused, and the rows that there are are named."""
    _, target, first = made
    with pytest.raises(DeskError) as caught:
        explain_row(target, BOOK, number)
    assert f"数据在第 {first} 行至第 {first + 4} 行" in caught.value.remedy


def test_total_row(made):
    """The row of totals is called one."""
    _, target, first = made
    with pytest.raises(DeskError, match="合计行"):
        explain_row(target, BOOK, first + 5)


def test_changed_amount_is_noticed(made, tmp_path):
    """Where the workbook shows another amount or outcome than the rule gives, that is said first."""
    result, target, first = made
    table = tables_of(open_calculated(target), result.scheme, "")["case"]
    address = f"{column_letters(table.columns['amount'])}{first}"
    changed = with_cell(target, tmp_path / "改动.xlsx", "测算表", address, value=900000)
    (note,) = explain_row(changed, BOOK, first).notes
    assert "900000" in note
    assert "800000.00" in note


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A calculated workbook of operators and households."""
    folder = tmp_path_factory.mktemp("tree")
    households = [household("甲", "h1"), household("甲", "h2", "一般户", 9000), household("乙", "h3")]
    source, target = linkage(folder, [operator("甲"), operator("乙", "是")], households), folder / "测算表.xlsx"
    assert main(["calculate", str(source), "-o", str(target)]) == 0
    return target


def test_several_levels(tree, capsys):
    """A row is derived from the rows above it down to itself; the others of its case are left out."""
    capsys.readouterr()
    assert main(["explain", str(tree), "--row", "6", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "h2" in told["whose"]
    assert "【经营主体 甲】" in told["text"]
    assert "h2】" in told["text"]
    assert "h1】" not in told["text"]


def test_other_sheet(tree, capsys):
    """Rows of another level are found on their sheet; an unknown sheet names those that there are."""
    assert main(["explain", str(tree), "--sheet", "经营主体", "--row", "5"]) == 0
    assert "经营主体 第 5 行" in capsys.readouterr().out
    assert main(["explain", str(tree), "--sheet", "公示表", "--row", "5"]) == 2
    assert "经营主体" in capsys.readouterr().err


def test_english(made, capsys):
    """``--lang en`` gives the derivation in English."""
    _, target, first = made
    assert main(["explain", str(target), "--row", str(first), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "PAYABLE" in out
    assert "Requirements" in out
