"""Reading an application workbook: the run from sheet 说明, and one case per row of sheet 申报表."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import frozen

from jiangbu.desk.case import Case, mark_twice, read_case
from jiangbu.desk.cells import is_missing, plain, read_date, read_money
from jiangbu.desk.heads import Heads, match, matches, squash
from jiangbu.desk.problems import DeskError, at
from jiangbu.desk.watch import Watch, unwatched
from jiangbu.desk.workbook import Sheet
from jiangbu.errors import Problem
from jiangbu.rules.model import Fact

RUN_SHEET, CASE_SHEET = "说明", "申报表"
RUN_KEYS = {
    "办法编号": "scheme",
    "办法名称": "title",
    "地区代码": "place",
    "适用日期": "on",
    "知悉日期": "known_on",
    "表样版本": "template",
}
TOTALS = ("合计", "小计", "总计")
# A head stands within the first rows, below a title and perhaps a line that names the unit filling it in.
HEAD_SEARCH = 20
_FOOT = re.compile(r"(填表|制表|填报|审核|复核|审批|负责|单位|经办|日期|联系|电话|注|备注|说明).{0,8}[:：].*", re.S)


@frozen
class Run:
    """What a workbook says of its own run; every text empty and every day None where it says nothing."""

    scheme: str = ""
    title: str = ""
    place: str = ""
    on: datetime.date | None = None
    known_on: datetime.date | None = None
    template: str = ""


@frozen
class Application:
    """All cases of one workbook, its heads, and what a person should know about how it was read."""

    sheet: str
    heads: Heads
    cases: tuple[Case, ...]
    notes: tuple[str, ...] = ()
    digest: str = ""


def read_run(sheets: Sequence[Sheet]) -> Run:
    """The run that sheet 说明 states; raises :class:`DeskError` for a day that cannot be read."""
    sheet = next((one for one in sheets if squash(one.name) == RUN_SHEET), None)
    if sheet is None:
        return Run()
    given: dict[str, str | datetime.date] = {}
    keys = {squash(head): key for head, key in RUN_KEYS.items()}
    for row in range(sheet.height):
        key = keys.get(squash(sheet.cell(row, 0).text).rstrip(":："))
        cell = sheet.cell(row, 1)
        if key is None or is_missing(cell):
            continue
        value = read_date(cell, at(sheet.name, row, 1)) if key in ("on", "known_on") else cell.text
        if isinstance(value, Problem):
            raise DeskError(value.path, f"填写的是“{value.found}”，应为{value.expected}", value.remedy)
        given[key] = value
    return Run(**given)  # type: ignore[arg-type]


def case_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet that holds the cases: 申报表, or the only sheet beside 说明."""
    others = [one for one in sheets if squash(one.name) != RUN_SHEET]
    named = [one for one in others if squash(one.name) == CASE_SHEET]
    if named or len(others) == 1:
        return (named or others)[0]
    names = "、".join(one.name for one in sheets) or "无"
    raise DeskError("工作簿", f"没有“{CASE_SHEET}”工作表（现有：{names}）", f"请把数据所在的工作表命名为“{CASE_SHEET}”")


def read_application(sheet: Sheet, facts: Mapping[str, Fact], watch: Watch = unwatched) -> Application:
    """Read every row of the sheet as a case of a scheme with these facts; ``watch`` may see the rows go by.

    Raises :class:`DeskError` where the heads cannot be used; problems of single cells stand in the cases.
    """
    if not any(cell.kind != "blank" for row in range(sheet.height) for cell in sheet.row(row)):
        raise DeskError(f"工作表“{sheet.name}”", "工作表是空的", "请填写表头和数据")
    bottom, heads = _find_heads(sheet, facts)
    _refuse_faults(sheet, bottom, heads)
    rows = [row for row in range(bottom + 1, sheet.height) if not _is_blank(sheet, row, heads)]
    rows, feet = _without_feet(sheet, rows)
    notes = [f"{sheet.name}第{row + 1}行是表尾说明，未作为数据" for row in feet]
    cases: list[Case] = []
    since = 0
    for row in watch(rows, "正在读取"):
        total = _total_word(sheet, row)
        if total:
            part = cases[since:] if total == "小计" else cases
            notes.extend(_compare_total(sheet, row, total, heads, part))
            since = len(cases)
        else:
            cases.append(read_case(sheet, row, heads, facts))
    if not cases:
        raise DeskError(f"工作表“{sheet.name}”", "表头下面没有数据", "请从表头的下一行起逐行填写")
    notes.extend(_head_notes(sheet, bottom, heads))
    hidden = sum(case.row in sheet.marks.hidden_rows for case in cases)
    if hidden:
        notes.append(f"{sheet.name}有 {hidden} 行被隐藏或被筛选，均已读取并计算")
    return Application(sheet.name, heads, tuple(mark_twice(cases)), tuple(notes), sheet.digest)


def _find_heads(sheet: Sheet, facts: Mapping[str, Fact]) -> tuple[int, Heads]:
    def known(row: int) -> int:
        return sum(matches(cell.text, facts) for cell in sheet.row(row) if cell.kind == "text")

    best = max(range(min(HEAD_SEARCH, sheet.height)), key=lambda row: (known(row), -row))
    if known(best) == 0:
        wanted = "、".join(fact.label for fact in list(facts.values())[:4])
        raise DeskError(f"工作表“{sheet.name}”", "没有找到表头", f"表头应写明各列的名称，例如：{wanted}")
    spans = [(first[0], last[0]) for first, last in sheet.merged if first[0] <= best <= last[0]]
    top = min([best, *(first for first, last in spans if last - first == 1)])
    bottom = max([best, *(last for first, last in spans if last - first == 1)])
    texts = [_head_text(sheet, top, bottom, column, facts) for column in range(sheet.width)]
    return bottom, match(texts, facts)


def _head_text(sheet: Sheet, top: int, bottom: int, column: int, facts: Mapping[str, Fact]) -> str:
    parts: list[str] = []
    for row in range(top, bottom + 1):
        block = sheet.block_of(row, column)
        text = sheet.cell(*(block[0] if block else (row, column))).text
        if text and text not in parts:
            parts.append(text)
    # Under a head merged over several columns the lower cell may be the whole name or the second half of it.
    return parts[-1] if len(parts) > 1 and matches(parts[-1], facts) else "".join(parts)


def _refuse_faults(sheet: Sheet, row: int, heads: Heads) -> None:
    if not heads.faults:
        return
    places = [at(sheet.name, row, index) if index >= 0 else sheet.name for index, _, _ in heads.faults]
    found = "；".join(f"{place} {text}" for place, (_, text, _) in zip(places, heads.faults, strict=True))
    raise DeskError(f"工作表“{sheet.name}”的表头", found, "；".join(remedy for _, _, remedy in heads.faults))


def _head_notes(sheet: Sheet, row: int, heads: Heads) -> Iterator[str]:
    for column in heads.of("other"):
        place = at(sheet.name, row, column.index)
        yield f"{place} 表头“{' '.join(column.head.split())}”不是本办法所需，照抄不计算"
    for fact in heads.absent:
        yield f"{sheet.name}没有“{fact.label}”一列，各行按规则所定的默认值计算"


def _is_blank(sheet: Sheet, row: int, heads: Heads) -> bool:
    # Serial numbers are often printed in advance down to the end of the form.
    serial = {column.index for column in heads.of("subject") if column.name == "seq"}
    cells = enumerate(sheet.row(row))
    return all(cell.kind == "blank" or (index in serial and cell.kind == "number") for index, cell in cells)


def _without_feet(sheet: Sheet, rows: list[int]) -> tuple[list[int], list[int]]:
    feet: list[int] = []
    while rows:
        cells = [cell for cell in sheet.row(rows[-1]) if cell.kind != "blank"]
        alone = len(cells) == 1 and cells[0].kind == "text" and not _total_word(sheet, rows[-1])
        if not alone and not all(cell.kind == "text" and _FOOT.fullmatch(cell.text) for cell in cells):
            break
        feet.insert(0, rows.pop())
    return rows, feet


def _total_word(sheet: Sheet, row: int) -> str:
    first = next((cell for cell in sheet.row(row) if cell.kind != "blank"), None)
    text = plain(first.text).rstrip(":：") if first is not None and first.kind == "text" else ""
    return next((word for word in TOTALS if text.endswith(word) and len(text) <= 12), "")


def _compare_total(sheet: Sheet, row: int, total: str, heads: Heads, cases: Sequence[Case]) -> Iterator[str]:
    for column in heads.of("fact"):
        cell = sheet.cell(row, column.index)
        values = [case.facts.get(column.name) for case in cases]
        if cell.kind != "number" or any(isinstance(value, bool | str | datetime.date) for value in values):
            continue
        unread = sum(value is None for value in values)
        ours = sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
        theirs = read_money(cell, column.unit, "")
        if isinstance(theirs, Decimal) and theirs != ours:
            gap = f"（有 {unread} 行未能读出）" if unread else ""
            place = at(sheet.name, row, column.index)
            yield f"{place} {total}为 {theirs:,f}，所读各行之和为 {ours:,f}，两者不符{gap}"
