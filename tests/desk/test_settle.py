"""Settling calculated workbooks together: what is kept and given up, the sheets, and what is refused."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
import xlsxwriter
from desk_sheets import code
from hypothesis import given
from hypothesis import strategies as st
from one_cell import with_cell
from settle_files import BARN, EXCLUSIVE, HERD, calculated, row, tables
from soffice import recalculated

from jiangbu import RuleBook, settle
from jiangbu.desk.calculated import read_calculated
from jiangbu.desk.cli import main
from jiangbu.desk.problems import DeskError, column_letters
from jiangbu.desk.settle import Line, Row, settle_workbooks
from jiangbu.desk.settle_sheets import write_settlement
from jiangbu.desk.workbook import open_sheets
from jiangbu.rules.results import Outcome
from jiangbu.stacking import Claim, Settled, Verdict

D = Decimal


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The two rules: 300 yuan a head by the herd, 200 by the barn; of one project the larger is kept."""
    return tables(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def book(home):
    return RuleBook.load(home)


@pytest.fixture(scope="module")
def both(home, tmp_path_factory):
    """Two calculated workbooks with every end: kept, given up, pending, refused, unreadable, set aside, paid before."""
    folder = tmp_path_factory.mktemp("both")
    nameless = [6, "无码合作社", "", "南湖镇", "育肥场", 10, "", ""]
    herd = [row(1, 20, paid=5000), row(2, 30), row(3, 10), row(4, 0), row(5, 40, aside="待核"), nameless]
    barn = [row(1, 50), row(2, 20), row(3, 15, "冷库"), row(4, 7), [*nameless[:5], 12, "", ""], row(7, "x")]
    return calculated(home, folder, HERD, herd), calculated(home, folder, BARN, barn)


def ends(joint):
    """Verdict and what is paid, by scheme and subject."""
    return {
        (line.row.claim.scheme, line.row.claim.name): (line.settled.verdict.label, line.settled.pays)
        for line in joint.lines
    }


def test_rows_of_several_workbooks_settle_together(both, book) -> None:
    """The larger of one project is kept; other projects, refused and set-aside rows exclude nothing."""
    assert {
        (HERD, "示例1号合作社"): ("让出", D(0)),
        (BARN, "示例1号合作社"): ("保留", D(10000)),
        (HERD, "示例2号合作社"): ("保留", D(9000)),
        (BARN, "示例2号合作社"): ("让出", D(0)),
        (HERD, "示例3号合作社"): ("保留", D(3000)),
        (BARN, "示例3号合作社"): ("保留", D(3000)),
        (HERD, "示例4号合作社"): ("无金额", D(0)),
        (BARN, "示例4号合作社"): ("保留", D(1400)),
        (HERD, "无码合作社"): ("待定", D(0)),
        (BARN, "无码合作社"): ("待定", D(0)),
        (BARN, "示例7号合作社"): ("无金额", D(0)),
    } == ends(settle_workbooks(both, book))


def test_the_order_of_the_files_changes_no_verdict(both, book) -> None:
    """The workbooks may be named in any order."""
    assert ends(settle_workbooks(both, book)) == ends(settle_workbooks(both[::-1], book))


def test_workbooks_settle_like_their_determinations(home, book, tmp_path) -> None:
    """From file to file comes what ``jiangbu.settle`` says of the determinations of the same rows."""
    rng = Random(20240630)
    results, files = [], []
    for scheme in (HERD, BARN):
        rows, rule = [], book.scheme(scheme, on=datetime.date(2024, 6, 30))
        for number in range(1, 61):
            heads, project = rng.randint(0, 9), rng.choice(["育肥场", "冷库", "饲料库"])
            rows.append(row(rng.randint(1, 12), heads, project))
            subject = {"code": rows[-1][2], "name": rows[-1][1], "project": project, "seq": number}
            results.append(rule.determine({"heads": heads}, subject))
        files.append(calculated(home, tmp_path, scheme, rows))
    joint = settle_workbooks(files, book)

    def seen(items):
        return Counter((i.claim.scheme, i.claim.code, i.claim.project, i.claim.amount, i.verdict) for i in items)

    assert seen(settle(results).items) == seen(joint.settlement.items)
    assert {Verdict.KEPT, Verdict.GIVEN_UP, Verdict.NOTHING} == {line.settled.verdict for line in joint.lines}


@given(st.sampled_from(list(Verdict)), st.integers(0, 10**6), st.none() | st.integers(0, 10**6))
def test_what_is_due_and_overpaid(verdict: Verdict, amount: int, paid: int | None) -> None:
    """Paid before and due now are what is paid after settlement and what was overpaid; a pending row pays nothing."""
    claim = Claim(HERD, datetime.date(2024, 1, 1), Outcome.PAYABLE, D(amount).scaleb(-2))
    before = None if paid is None else D(paid).scaleb(-2)
    line = Line(Row(claim, {}, before), Settled(claim, verdict))
    if verdict is Verdict.PENDING:
        assert (0, 0) == (line.due, line.over)
    else:
        assert line.settled.pays + line.over == line.due + (before or 0)
        assert 0 == min(line.due, line.over) <= max(line.due, line.over)


def sheet_rows(path: Path, sheet: str, **how: bool) -> list[list[object]]:
    return [list(cells) for cells in openpyxl.load_workbook(path, **how)[sheet].iter_rows(values_only=True)]


@pytest.fixture(scope="module")
def written(both, book, tmp_path_factory):
    target = tmp_path_factory.mktemp("out") / "择优明细.xlsx"
    write_settlement(settle_workbooks(both, book), both, target)
    return target


def test_the_sheet_of_details(written) -> None:
    """A row for each claim with its subject, scheme, amount, verdict, reason and clause; subjects stand together."""
    rows = sheet_rows(written, "择优明细", data_only=True)
    head = next(number for number, cells in enumerate(rows) if cells[0] == "序号")
    lines = [dict(zip(rows[head], cells, strict=True)) for cells in rows[head + 1 : -1]]
    assert 11 == len(lines)
    assert "示例标准，不得作为拨付依据" == rows[1][0]
    first = lines[0]
    assert {
        "序号": "1",
        "申报主体": "示例1号合作社",
        "证件号码": code(1),
        "乡镇": "南湖镇",
        "项目名称": "育肥场",
        "办法": "示例县肉牛存栏奖补",
        "适用日期": datetime.datetime(2024, 6, 30),
        "测算表": "herd-award.xlsx 第5行",
        "核定金额": 6000,
        "择优结论": "让出",
        "择优后金额": 0,
        "已付金额": 5000,
        "本次应付": 0,
        "多付": 5000,
        "说明": "让给“示例县标准化圈舍补助”（育肥场，10,000.00元）",
        "条款": "示例办发〔2023〕9号第六条",
    } == first
    names = [line["申报主体"] for line in lines]
    assert names == sorted(names, key=names.index)
    assert ["不予支持", "数据问题"] == [line["择优结论"] for line in lines if line["核定金额"] == 0]
    total = dict(zip(rows[head], rows[-1], strict=True))
    assert (41800, 26400, 5000, 26400, 5000) == tuple(
        total[key] for key in ("核定金额", "择优后金额", "已付金额", "本次应付", "多付")
    )


def test_amounts_are_live(written) -> None:
    """What is paid follows from the verdict by a formula, what is due from what was paid; totals are sums."""
    rows = sheet_rows(written, "择优明细")
    head = next(number for number, cells in enumerate(rows) if cells[0] == "序号")
    at = {name: number for number, name in enumerate(rows[head])}
    number = head + 2
    letters = {name: chr(ord("A") + column) for name, column in at.items()}
    amount, verdict, pays, paid = (
        letters[name] + str(number) for name in ("核定金额", "择优结论", "择优后金额", "已付金额")
    )
    first = rows[head + 1]
    assert f'=IF({verdict}="保留",{amount},0)' == first[at["择优后金额"]]
    assert f"=MAX({pays}-{paid},0)" == first[at["本次应付"]]
    assert f'=IF({verdict}="待定",0,MAX({paid}-{pays},0))' == first[at["多付"]]
    pays = letters["择优后金额"]
    assert f"=SUM({pays}{number}:{pays}{len(rows) - 1})" == rows[-1][at["择优后金额"]]


def test_recalculation_changes_nothing(written, tmp_path) -> None:
    """LibreOffice, told to recalculate, gets the amounts and totals that we wrote."""
    sheets = recalculated(tmp_path, [written])[written.stem]
    ours = sheet_rows(written, "择优明细", data_only=True)
    compared = 0
    for row_ours, row_theirs in zip(ours, sheets["择优明细"], strict=False):
        for mine, theirs in zip(row_ours, row_theirs, strict=False):
            if isinstance(mine, int | float):
                compared += 1
                assert D(str(mine)) == D(theirs)
    assert 11 * 4 + 5 + 1 == compared
    capitals = [cells[2] for cells in sheets["汇总"] if cells[0] == "择优后金额"]
    assert ["人民币贰万陆仟肆佰元整"] == capitals


def test_the_summary_reconciles(written) -> None:
    """Counts and sums by verdict come to all rows, by scheme too, with capital numerals beside them."""
    cells = sheet_rows(written, "汇总", data_only=True)
    by_label = {line[0]: line for line in cells if line[0]}
    assert ["保留", 5, 26400, "人民币贰万陆仟肆佰元整"] == by_label["保留"][:4]
    assert ["让出", 2, 10000, "人民币壹万元整"] == by_label["让出"][:4]
    assert ["待定", 2, 5400] == by_label["待定"][:3]
    assert ["无金额", 2, 0] == by_label["无金额"][:3]
    assert [11, 41800] == next(line for line in cells if line[0] == "合计" and line[1] == 11)[1:3]
    assert ["示例县肉牛存栏奖补", 5, 21000, 12000, 6000, 3000] == by_label["示例县肉牛存栏奖补"][:6]


def test_what_is_open_and_on_what_it_rests(written) -> None:
    """待定事项 names each row that lacks its number and the remedy; 依据 the files, digests, clauses and the method."""
    waits = [cells for cells in sheet_rows(written, "待定事项") if cells[1] == "无码合作社"]
    assert 2 == len(waits)
    assert {"没有证件号码"} == {cells[3] for cells in waits}
    basis = sheet_rows(written, "依据")
    said = {(cells[0], str(cells[1])) for cells in basis}
    assert (
        "不重复享受的规定",
        "与“示例县标准化圈舍补助”不重复享受：同一项目只享受一项，保留金额最大的一项（示例办发〔2023〕9号第六条）",
    ) in said
    assert any(label == "测算表" and "搁置 1 行" in text for label, text in said)
    assert 2 == sum(label == "规则表摘要" for label, _ in said)


def test_print_set_up(written) -> None:
    """Every sheet is A4 landscape with page numbers; the heads of the details are repeated and frozen."""
    book = openpyxl.load_workbook(written)
    assert ["汇总", "择优明细", "待定事项", "依据"] == book.sheetnames
    for sheet in book:
        assert ("landscape", 9) == (sheet.page_setup.orientation, int(sheet.page_setup.paperSize))
        assert "&P" in sheet.oddFooter.center.text
    assert "$1:$4" == book["择优明细"].print_title_rows
    assert "C5" == book["择优明细"].freeze_panes


def test_without_a_clause_everything_is_kept(tmp_path) -> None:
    """Schemes that say nothing of one another pay both, and sheet 依据 says that they say nothing."""
    home = tables(tmp_path, exclusive="")
    files = [calculated(home, tmp_path, scheme, [row(1, 5)]) for scheme in (HERD, BARN)]
    target = tmp_path / "择优明细.xlsx"
    assert 0 == main(["settle", *map(str, files), "-o", str(target), "--tables", str(home)])
    rows = sheet_rows(target, "依据")
    assert ["以上办法均未规定与其他办法不得重复享受，各项均保留"] == [c[1] for c in rows if c[0] == "不重复享受的规定"]


def test_the_command(both, home, tmp_path, capsys) -> None:
    """It prints counts, total and what waits, returns 1 where something waits, and JSON and English where asked."""
    target = tmp_path / "择优明细.xlsx"
    command = ["settle", *map(str, both), "-o", str(target), "--tables", str(home)]
    assert 1 == main(command)
    printed = capsys.readouterr().out
    assert "择优后金额 26,400.00 元　人民币贰万陆仟肆佰元整" in printed
    assert "herd-award.xlsx 第10行：没有证件号码" in printed
    assert target.is_file()
    assert 1 == main([*command, "--json"])
    data = json.loads(capsys.readouterr().out)
    assert ("26400.00", 11, 2) == (data["amount"], len(data["claims"]), len(data["problems"]))
    assert 1 == main([*command, "--lang", "en"])
    assert "given-up" in capsys.readouterr().out


def changed(source: Path, target: Path, cells: Mapping[tuple[str, str], object]) -> Path:
    """Write a workbook with the values of another, but for some cells, named by sheet and content."""
    with xlsxwriter.Workbook(target) as book:
        for sheet in open_sheets(source):
            page = book.add_worksheet(sheet.name)
            for number, values in enumerate(sheet.raw):
                for at, value in enumerate(values):
                    new = cells.get((sheet.name, f"{at},{number + 1}"), value)
                    if isinstance(new, datetime.date):
                        page.write_datetime(number, at, new, book.add_format({"num_format": "yyyy-mm-dd"}))
                    elif new not in ("", None):
                        page.write(number, at, new)
    return target


def column_of(source: Path, head: str) -> int:
    """The place of a column of 测算表 by its head."""
    sheet = next(sheet for sheet in open_sheets(source) if sheet.name == "测算表")
    return next(at for values in sheet.raw for at, value in enumerate(values) if str(value).split("\n")[0] == head)


def test_a_workbook_saved_by_another_program_is_read(both, book, tmp_path) -> None:
    """Only values count: a copy without formulas and formats says the same."""
    copy = changed(both[0], tmp_path / "herd-award.xlsx", {})
    one, other = read_calculated(both[0], book), read_calculated(copy, book)
    assert one.rows == other.rows
    assert (one.aside, one.scheme) == (other.aside, other.scheme)


@pytest.mark.parametrize(
    ("head", "value", "found"),
    [
        ("核定金额", 9000, "各行之和"),
        ("核定金额", 0, "大于 0 的金额"),
        ("结论", "不予支持", "0（结论为不予支持）"),
        ("结论", "同意", "应付 / 按规定为零"),
        ("核定金额", 6000.005, "到分为止的金额"),
    ],
)
def test_a_workbook_that_contradicts_itself_is_refused(both, book, tmp_path, head, value, found) -> None:
    """An amount, outcome or total that does not agree with the rest is named with its cell."""
    at = column_of(both[0], head)
    copy = changed(both[0], tmp_path / "改.xlsx", {("测算表", f"{at},5"): value})
    with pytest.raises(DeskError) as error:
        read_calculated(copy, book)
    assert found in error.value.found
    assert "测算表!" in error.value.found
    assert "改.xlsx" == error.value.where


def test_other_tables_are_refused(both, tmp_path) -> None:
    """A workbook calculated from another version of the table must be calculated again."""
    other = RuleBook.load(tables(tmp_path, each={HERD: 301}))
    with pytest.raises(DeskError, match="herd-award") as error:
        settle_workbooks(both, other)
    assert "重新计算" in error.value.remedy


def test_what_cannot_be_settled(both, home, tmp_path, capsys) -> None:
    """One workbook, the same twice, an application, the input as output: each refused in Chinese with a remedy."""
    herd, barn = map(str, both)
    source = str(both[0].parent / f"申报表-{HERD}.xlsx")
    copy = tmp_path / "复件.xlsx"
    copy.write_bytes(both[0].read_bytes())
    out = str(tmp_path / "明细.xlsx")
    for sources, target, said in (
        ([herd], out, "只给了一份测算表"),
        ([herd, barn, str(copy)], out, "是同一份文件"),
        ([herd, source], out, "不是 jiangbu 写出的测算表"),
        ([herd, barn], barn, "择优明细不能写到测算表本身"),
        ([herd, barn], str(tmp_path / "明细.csv"), "xlsx"),
        ([herd, str(tmp_path / "没有.xlsx")], out, "没有这个文件"),
    ):
        assert 2 == main(["settle", *sources, "-o", target, "--tables", str(home)])
        errors = capsys.readouterr().err
        assert said in errors
        assert "处理：" in errors
    assert not Path(out).exists()


def test_rows_by_the_day(home, tmp_path) -> None:
    """``first`` goes by the day of each workbook's run."""
    first = tables(tmp_path, exclusive=EXCLUSIVE.replace("largest", "first"))
    files = [calculated(first, tmp_path, scheme, [row(1, heads)]) for scheme, heads in ((HERD, 1), (BARN, 50))]
    joint = settle_workbooks(files, RuleBook.load(first))
    # The day is the same, so the scheme whose id sorts first is kept.
    assert ("保留", D(10000)) == ends(joint)[BARN, "示例1号合作社"]
    at = next(
        number
        for sheet in open_sheets(files[0])
        if sheet.name == "依据"
        for number, values in enumerate(sheet.raw)
        if values[0] == "适用日期"
    )
    earlier = changed(files[0], tmp_path / "早.xlsx", {("依据", f"1,{at + 1}"): "2024-05-01"})
    joint = settle_workbooks([earlier, files[1]], RuleBook.load(first))
    assert ("保留", D(300)) == ends(joint)[HERD, "示例1号合作社"]


def test_a_workbook_changed_since_is_refused(home, both, tmp_path, capsys) -> None:
    """A fact that was changed in a calculated workbook stops the settlement, though every sum still agrees."""
    herd, barn = both
    sheet = next(one for one in open_sheets(herd) if one.name == "测算表")
    head = next(row for row in range(sheet.height) if sheet.cell(row, 0).text == "序号")
    column = next(at for at in range(sheet.width) if sheet.cell(head, at).text == "乡镇")
    changed = with_cell(herd, tmp_path / "改动.xlsx", "测算表", f"{column_letters(column)}{head + 2}", value="别处")
    target = tmp_path / "择优.xlsx"
    assert 2 == main(["settle", str(changed), str(barn), "-o", str(target), "--tables", str(home)])
    assert "主体信息在计算之后有改动" in capsys.readouterr().err
    assert not target.exists()
