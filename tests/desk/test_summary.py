"""Sheet 汇总: counts add up to the rows, totals to the amounts, and every figure is a live formula."""

import re
from decimal import Decimal

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from small_run import row, run, sheet
from soffice import recalculated

from jiangbu.desk import words
from jiangbu.desk.live.faults import PRECISION
from jiangbu.desk.summary import numerals, whole_of
from jiangbu.money import capital


def figures(target, first):
    """The rows of the table whose first head is ``first``, each under its own name."""
    lines = sheet(target, "汇总")
    top = next(index for index, line in enumerate(lines) if line[0] == first)
    found = {}
    for line in lines[top + 1 :]:
        if line[0] is None:
            break
        found[line[0]] = line[1:]
    return found


ROWS = [
    row(1, town="东乡", fund="省级", batch="第一批"),
    row(2, town="西镇", fund="县级", batch="第一批", paid=900000),
    row(3, town="东乡", fund="省级", batch="第二批", bad="是"),
    row(4, town="", fund="", batch="", revenue=100),
    row(5, town="东乡", revenue="若干"),
    row(6, town="西镇", aside="核查"),
]


def test_counts(tmp_path):
    """Each outcome is counted, the whole is their sum, and the sheet says that they agree."""
    _, target = run(tmp_path, ROWS)
    counts = {name: values[0] for name, values in figures(target, "结论").items()}
    assert counts == {
        "应付": 2, "按规定为零": 1, "不予支持": 1, "数据问题": 1, "搁置": 1, "总行数": 6, "核对": "相符",
        "总行数 = 应付 + 按规定为零 + 不予支持 + 数据问题 + 搁置": None,
    }  # fmt: skip


def test_totals_in_figures_and_numerals(tmp_path):
    """The totals stand in figures, and in capital numerals beside them."""
    _, target = run(tmp_path, ROWS)
    totals = {name: values[:2] for name, values in figures(target, "合计").items()}
    assert totals == {
        "核定金额": [1600000, capital(160_000_000)],
        "已付金额": [900000, capital(90_000_000)],
        "本次应付": [800000, capital(80_000_000)],
        "多付": [100000, capital(10_000_000)],
    }


def test_groups(tmp_path):
    """Townships, funds and batches have a row each, those not filled in too, and the groups sum to the whole."""
    _, target = run(tmp_path, ROWS)
    towns = figures(target, "按乡镇")
    assert list(towns) == ["东乡", "西镇", "（未填）", "合计"]
    assert towns["东乡"][:8] == [3, 800000, 800000, 1, 0, 1, 1, 0]
    assert towns["合计"][:8] == [6, 1600000, 800000, 2, 1, 1, 1, 1]
    assert list(figures(target, "按批次")) == ["第一批", "第二批", "（未填）", "合计"]


def test_every_figure_is_live(tmp_path):
    """Counts and sums are formulas over 测算表; numerals are given only for the total that they spell."""
    _, target = run(tmp_path, ROWS)
    cells = [value for line in sheet(target, "汇总", formulas=True) for value in line if str(value).startswith("=")]
    numbers = [value for line in sheet(target, "汇总", formulas=True) for value in line if isinstance(value, int)]
    assert numbers == []
    over = [text for text in cells if "测算表!" in text]
    assert len(over) >= len(words.OUTCOMES) + 4 + 8 * 3
    assert {name for text in cells for name in re.findall(r"([A-Z]{2,})\(", text)} <= {
        "COUNTIF", "SUMPRODUCT", "ROWS", "SUM", "IF", "ABS", "EXACT", "ISNUMBER",
    }  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from([100, 6000, 12000]), st.sampled_from(["甲", "乙", ""]), st.sampled_from(["否", "是"])
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=12, deadline=None)
def test_groups_sum_to_the_whole(tmp_path_factory, drawn):
    """For any rows the groups add up, in rows, in amounts and in each outcome."""
    rows = [row(n, revenue=a, town=b, bad=c) for n, (a, b, c) in enumerate(drawn, 1)]
    result, target = run(tmp_path_factory.mktemp("summary"), rows)
    batches = figures(target, "按批次")
    whole = batches.pop("合计")[:8]
    assert whole == [sum(values[at] for values in batches.values()) for at in range(8)]
    assert (whole[0], Decimal(whole[1])) == (len(rows), result.sums.amount)


def test_no_total_over_a_row_beyond_precision(tmp_path):
    """Where one row is beyond a spreadsheet's precision its total says so; the numerals stay the program's."""
    path = tmp_path / "beyond.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("甲")
        for line, value in enumerate((100, PRECISION.shown)):
            page.write(line, 0, value)
            page.write(line, 1, 100)
        for line, column in enumerate("AB"):
            cells = f"{column}1:{column}2"
            page.write_formula(line, 2, f"={whole_of(f'SUM({cells})', cells)}", None, 0)
            page.write_formula(line, 3, f"={numerals(f'C{line + 1}', Decimal(200))}", None, "")
    found = recalculated(tmp_path, [path])["beyond"]["甲"]
    assert [PRECISION.shown, "200"] == [line[2] for line in found]
    assert ["人民币贰佰元整（程序计算）", "人民币贰佰元整"] == [line[3] for line in found]
