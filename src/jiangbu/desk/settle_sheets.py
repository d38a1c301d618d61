"""The workbook 择优明细.xlsx: 汇总, 择优明细, 待定事项 and 依据, in the look of the calculated workbook."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

from attrs import frozen

from jiangbu.desk import words
from jiangbu.desk.decision import ZERO
from jiangbu.desk.heads import SUBJECT
from jiangbu.desk.layout import Shown
from jiangbu.desk.new_book import check_folder, new_book
from jiangbu.desk.paper import WIDEST_TEXT, Page, Paper
from jiangbu.desk.problems import DeskError, column_letters
from jiangbu.desk.settle import Joint, Line
from jiangbu.desk.summary import numerals
from jiangbu.money import capital, to_fen
from jiangbu.stacking import Verdict
from jiangbu.stacking.words import exclusions, problem_of, rival_words

DETAIL = "择优明细"
SHEETS = ("汇总", DETAIL, "待定事项", "依据")
MONEY, COUNT = "money", "number:0"
CODES = {
    "missing": "缺少证件、项目或合同号",
    "unreadable": "数据问题",
    "alike": "疑似同一主体",
    "exclusive": "规定互相矛盾",
}
HOW = (
    "只比较核定金额大于零的申报；不予支持、按规定为零和搁置的，不排除别的办法。",
    "保留金额最大的一项的，比较同一对象（项目、贷款）在各办法下的核定金额合计；"
    "保留最先的一项的，看适用日期；金额或日期相同的，按办法编号先后。",
    "让出的一项不再排除别的办法：甲排除乙、乙排除丙，保留甲的，丙也保留。",
    "对象按证件号码认定，项目按证件号码和项目名称认定，贷款按合同号认定；"
    "号码不全、数据有问题或规定互相矛盾而影响结果的，列为待定，暂不支付。",
    "已付而后让出的，已付金额列为多付，由经办人员扣回或抵扣。",
    "本表所用核定金额取自各测算表，未重新计算。",
)
_SUBJECTS = ("township", "village", "project")


@frozen
class _Column:
    key: str
    head: str
    form: str
    value: Callable[[Line], Shown]
    widest: int = 18


def write_settlement(joint: Joint, sources: Sequence[Path], target: Path) -> None:
    """Write the workbook to ``target`` in one step.

    Raises :class:`DeskError` where the target is one of the inputs or cannot be written.
    """
    for source in sources:
        if target.resolve() == source.resolve() or (target.exists() and target.samefile(source)):
            raise DeskError(str(target), "择优明细不能写到测算表本身", "请用 -o 另起一个文件名")
    check_folder(target, DETAIL)
    last = max(row.claim.on for one in joint.books for row in one.rows) if joint.lines else datetime.date(2000, 1, 1)
    with new_book(target, DETAIL, last) as book:
        paper = Paper(book)
        title = "不得重复享受奖补的择优"
        pages = {name: paper.page(name, f"{title} — {name}", joint.notices) for name in SHEETS}
        columns = _columns(joint)
        first = _detail(pages[DETAIL], joint, columns)
        _summary(pages["汇总"], joint, columns, first)
        _open(pages["待定事项"], joint)
        _basis(pages["依据"], joint)
        for page in pages.values():
            page.finish()


def _columns(joint: Joint) -> list[_Column]:
    """The columns of 择优明细; those that no row fills are left out."""

    def subject(key: str) -> _Column:
        return _Column(key, SUBJECT[key][0], "text", lambda line: line.row.subject.get(key, ""))

    optional = [
        *map(subject, _SUBJECTS),
        _Column("contract", "合同号", "text", lambda line: line.row.claim.contract),
    ]
    paid = [
        _Column("paid", "已付金额", MONEY, lambda line: line.row.paid),
        _Column("due", "本次应付", MONEY, lambda line: line.due),
        _Column("over", "多付", MONEY, lambda line: line.over),
    ]
    return [
        subject("name"),
        _Column("who", "证件号码", "text", lambda line: line.row.claim.code or line.row.claim.identity),
        *(column for column in optional if any(column.value(line) for line in joint.lines)),
        _Column("scheme", "办法", "text", lambda line: line.row.claim.title),
        _Column("on", "适用日期", "date", lambda line: line.row.claim.on),
        _Column("source", "测算表", "text", lambda line: line.row.claim.source, 16),
        _Column("amount", "核定金额", MONEY, lambda line: line.row.claim.amount),
        _Column("verdict", "择优结论", "text", _verdict),
        _Column("pays", "择优后金额", MONEY, lambda line: line.settled.pays),
        *(paid if any(line.row.paid for line in joint.lines) else []),
        _Column("why", "说明", "text", _why, 30),
        _Column("clause", "条款", "text", _clauses),
    ]


def _verdict(line: Line) -> str:
    """The verdict; of a row that had nothing to pay what the calculated workbook says of it."""
    verdict = line.settled.verdict
    return words.OUTCOMES[line.row.claim.outcome.value] if verdict is Verdict.NOTHING else verdict.label


def _why(line: Line) -> str:
    verdict, grounds = line.settled.verdict, line.settled.grounds
    return "；".join(dict.fromkeys(rival_words(verdict, ground.other) for ground in grounds))


def _clauses(line: Line) -> str:
    return "；".join(dict.fromkeys(ground.clause.cited for ground in line.settled.grounds))


def _detail(page: Page, joint: Joint, columns: Sequence[_Column]) -> int:
    """Write every line and the totals; return the row (from 1) of the first line."""
    page.line("金额单位：元")
    keys = ["seq", *(column.key for column in columns)]
    head_row = page.row
    page.head(["序号", *(column.head for column in columns)], freeze_columns=2)
    first = page.row
    for number, line in enumerate(joint.lines, 1):
        page.put(page.row, 0, str(number), "text")
        for at, column in enumerate(columns, 1):
            page.widest = column.widest
            formula = _live(column.key, page.row, keys)
            if formula:
                page.live(page.row, at, formula, column.value(line), column.form)
            else:
                page.put(page.row, at, column.value(line), column.form)
        page.row += 1
    page.sheet.autofilter(head_row, 0, max(page.row - 1, head_row), len(columns))
    page.put(page.row, 0, "合计", "text", "strong")
    for at, column in enumerate(columns, 1):
        if column.form == MONEY:
            total = sum((_money(column.value(line)) for line in joint.lines), ZERO)
            letters = column_letters(at)
            page.live(page.row, at, f"SUM({letters}{first + 1}:{letters}{page.row})", total, MONEY, "strong")
        else:
            page.put(page.row, at, None, "text", "strong")
    page.row += 1
    return first + 1


def _live(key: str, row: int, keys: Sequence[str]) -> str:
    """The formula of a cell that follows from other cells of its row; nothing where it does not."""

    def cell(name: str) -> str:
        return f"{column_letters(keys.index(name))}{row + 1}"

    if key == "pays":
        return f'IF({cell("verdict")}="{Verdict.KEPT.label}",{cell("amount")},0)'
    if key == "due":
        return f"MAX({cell('pays')}-{cell('paid')},0)"
    if key == "over":
        return f'IF({cell("verdict")}="{Verdict.PENDING.label}",0,MAX({cell("paid")}-{cell("pays")},0))'
    return ""


def _money(value: Shown) -> Decimal:
    return value if isinstance(value, Decimal) else ZERO


def _summary(page: Page, joint: Joint, columns: Sequence[_Column], first: int) -> None:
    page.line(f"共 {len(joint.books)} 份测算表　　金额单位：元")
    page.skip()
    page.head(("择优结论", "笔数", "核定金额", "大写"))
    for verdict in Verdict:
        total = joint.settlement.sum(verdict)
        page.cells(_row(verdict.label, len(joint.of(verdict)), total, capital(to_fen(total))))
    whole = sum((joint.settlement.sum(verdict) for verdict in Verdict), ZERO)
    page.cells(_row("合计", len(joint.lines), whole, capital(to_fen(whole)), style="strong"))
    page.line("合计 = 保留 + 让出 + 待定 + 无金额；实际支付的只有保留的")
    page.skip()
    page.head(("合计", "金额", "大写"))
    at = {column.key: number for number, column in enumerate(columns, 1)}
    for column in columns:
        if column.key in ("pays", "paid", "due", "over"):
            total = sum((_money(column.value(line)) for line in joint.lines), ZERO)
            letters = column_letters(at[column.key])
            cells = f"{DETAIL}!{letters}{first}:{letters}{first + max(len(joint.lines), 1) - 1}"
            page.put(page.row, 0, column.head, "text")
            page.live(page.row, 1, f"SUM({cells})", total, MONEY)
            page.live(page.row, 2, numerals(f"B{page.row + 1}", total), capital(to_fen(total)), "text")
            page.row += 1
    page.skip()
    _by_scheme(page, joint)


def _by_scheme(page: Page, joint: Joint) -> None:
    page.head(("按办法", "笔数", "核定金额", *(verdict.label for verdict in Verdict if verdict is not Verdict.NOTHING)))
    for id, title in joint.titles.items():
        lines = [line for line in joint.lines if line.row.claim.scheme == id]
        sums = {
            verdict: sum((line.row.claim.amount for line in lines if line.settled.verdict is verdict), ZERO)
            for verdict in Verdict
        }
        named = [sums[verdict] for verdict in Verdict if verdict is not Verdict.NOTHING]
        page.cells(_row(title, len(lines), sum(sums.values(), ZERO), *named))


def _row(label: str, count: int, *rest: Shown, style: str = "cell") -> list[tuple[Shown, str, str]]:
    cells: list[tuple[Shown, str, str]] = [(label, "text", style), (count, COUNT, style)]
    return cells + [(value, "text" if isinstance(value, str) else MONEY, style) for value in rest]


def _open(page: Page, joint: Joint) -> None:
    page.head(("测算表", "申报主体", "问题", "情况", "应有", "处理办法"), freeze_columns=0)
    for one in joint.settlement.open:
        problem = problem_of(one)
        values = (
            problem.path,
            one.claim.name,
            CODES[one.code],
            problem.found,
            problem.expected,
            problem.remedy,
        )
        page.cells([(value, "text", "cell") for value in values])
    if not joint.settlement.open:
        page.line("没有待定的事项")


def _basis(page: Page, joint: Joint) -> None:
    page.widest = WIDEST_TEXT
    page.head(("项目", "内容"), freeze_columns=0)
    for label, text in basis_lines(joint):
        page.cells(((label, "text", "cell"), (text, "text", "cell")))


def basis_lines(joint: Joint) -> Iterator[tuple[str, str]]:
    """Every entry of sheet 依据, as label and text."""
    for one in joint.books:
        aside = f"；搁置 {one.aside} 行，未参加择优" if one.aside else ""
        yield "测算表", f"{one.file}，{len(one.rows)} 行{aside}，SHA-256 {one.digest}"
    schemes = {one.scheme.digest: one.scheme for one in joint.books}
    for digest, scheme in schemes.items():
        yield "办法", f"{scheme.title}（{scheme.id}）"
        yield "文件", f"《{scheme.document.title}》（{scheme.document.number}）"
        yield "规则表摘要", f"{scheme.id}：{digest}"
    said = [text for scheme in schemes.values() for text in exclusions(scheme, joint.titles)]
    yield from (("不重复享受的规定", text) for text in said)
    if not said:
        yield "不重复享受的规定", "以上办法均未规定与其他办法不得重复享受，各项均保留"
    yield from (("择优方法", text) for text in HOW)
    yield "程序版本", f"jiangbu {version('jiangbu')}"
