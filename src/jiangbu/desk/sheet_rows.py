"""Reading one sheet of rows: where its heads stand, which rows are cases, what its totals say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import evolve, frozen

from jiangbu.desk import same
from jiangbu.desk.case import Case, Strip, read_case
from jiangbu.desk.cell_facts import read_money, read_total
from jiangbu.desk.cells import Cell, plain
from jiangbu.desk.heads import HEAD_SEARCH, NO_KEYS, Heads, Keys, match, matches, nearest
from jiangbu.desk.problems import DeskError, at
from jiangbu.desk.watch import Watch
from jiangbu.desk.workbook import Sheet
from jiangbu.rules.model import Fact

TOTALS = ("合计", "小计", "总计")
# A row with this 序号 shows how to fill in the template and is no application.
SAMPLE = "样例"
_UNIT_LINE = re.compile(r"单位[:：](元|百元|千元|万元|百万元|亿元)(?![\u4e00-\u9fff])")
_ENDING = re.compile(r"(\([^()]*\))?:?$")
_FOOT = re.compile(r"(填表|制表|填报|审核|复核|审批|负责|单位|经办|日期|联系|电话|注|备注|说明).{0,8}[:：].*", re.S)


# In place of the last row of heads: the heads stand one below the other, as in sheet 说明.
DOWNWARD = -1


@frozen
class Headed:
    """A sheet whose heads were found: the level that its rows are of, the last row of heads, and the columns."""

    sheet: Sheet
    level: str
    facts: Mapping[str, Fact]
    bottom: int
    heads: Heads
    notes: tuple[str, ...] = ()


@frozen
class Fault:
    """Something about the heads of a workbook that stops the run: where, what was found, how to mend it."""

    where: str
    found: str
    remedy: str


def refuse_faults(faults: Sequence[Fault]) -> None:
    """Raise one :class:`DeskError` that tells every fault, if there are any."""
    if not faults:
        return
    if len(faults) == 1:
        (one,) = faults
        raise DeskError(one.where, one.found, one.remedy)
    places = list(dict.fromkeys(fault.where for fault in faults))
    found = [f"{fault.where} {fault.found}" if len(places) > 1 else fault.found for fault in faults]
    raise DeskError("、".join(places), _numbered(found), _numbered([fault.remedy for fault in faults]))


def _numbered(texts: Sequence[str]) -> str:
    return "；".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def find_heads(sheet: Sheet, facts: Mapping[str, Fact], level: str, keys: Keys = NO_KEYS) -> Headed:
    """Find the heads of a sheet; raises :class:`DeskError` where there are none."""
    where = f"工作表“{sheet.name}”"
    if sheet.height == 0:
        raise DeskError(where, "工作表是空的", "请填写表头和数据")

    def known(row: int) -> int:
        return sum(matches(cell.text, facts, keys) for cell in sheet.row(row) if cell.kind == "text")

    best = max(range(min(HEAD_SEARCH, sheet.height)), key=lambda row: (known(row), -row))
    if known(best) == 0:
        wanted = "、".join([*(names[0] for names in (keys.own, keys.parent) if names), *_labels(facts)][:4])
        raise DeskError(where, "没有找到表头", f"表头应写明各列的名称，例如：{wanted}")
    spans = [(first[0], last[0]) for first, last in sheet.merged if first[0] <= best <= last[0]]
    top = min([best, *(first for first, last in spans if last - first == 1)])
    bottom = max([best, *(last for first, last in spans if last - first == 1)])
    texts = [_head_text(sheet, top, bottom, column, facts, keys) for column in range(sheet.width)]
    return _in_stated_unit(Headed(sheet, level, facts, bottom, match(texts, facts, keys)), top)


def _in_stated_unit(headed: Headed, top: int) -> Headed:
    """The heads with the unit that a line above them states, such as 单位：万元, for money that has none of its own."""
    sheet, facts = headed.sheet, headed.facts
    above = ((row, column) for row in range(top) for column in range(sheet.width))
    stated = [(place, match) for place in above if (match := _UNIT_LINE.search(plain(sheet.cell(*place).text)))]
    if not stated:
        return headed
    (row, column), found = stated[-1]
    unit = found[1]
    bare = [
        one
        for one in headed.heads.columns
        if not one.unit and ((one.role == "fact" and facts[one.name].kind == "money") or one.name == "paid")
    ]
    columns = tuple(evolve(one, unit=unit) if one in bare else one for one in headed.heads.columns)
    labels = "、".join(" ".join(one.head.split()) for one in bare)
    note = f"{at(sheet.name, row, column)} 写明单位为{unit}，{labels} 按{unit}读取"
    return evolve(headed, heads=evolve(headed.heads, columns=columns), notes=(note,) if bare else ())


def _labels(facts: Mapping[str, Fact]) -> list[str]:
    return [fact.label for fact in facts.values()]


def _head_text(sheet: Sheet, top: int, bottom: int, column: int, facts: Mapping[str, Fact], keys: Keys) -> str:
    parts: list[str] = []
    for row in range(top, bottom + 1):
        block = sheet.block_of(row, column)
        text = sheet.cell(*(block[0] if block else (row, column))).text
        if text and text not in parts:
            parts.append(text)
    # Under a head merged over several columns the lower cell may be the whole name or the second half of it.
    return parts[-1] if len(parts) > 1 and matches(parts[-1], facts, keys) else "".join(parts)


def head_faults(headed: Headed) -> Iterator[Fault]:
    """What is wrong with the heads of a sheet."""
    name = headed.sheet.name
    for index, found, remedy in headed.heads.faults:
        place = (index, 0) if headed.bottom == DOWNWARD else (headed.bottom, index)
        yield Fault(at(name, *place) if index >= 0 else f"工作表“{name}”的表头", found, remedy)


def read_rows(headed: Headed, watch: Watch) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """Read every row below the heads as a case; and what a person should know about how it was read."""
    sheet, heads = headed.sheet, headed.heads
    serial, keys = _serial_columns(heads), {column.index for column in heads.of("key")[:1]}
    end, feet = _without_feet(headed, serial)
    notes = [*headed.notes, *(f"{sheet.name}第{row + 1}行是表尾说明，未作为数据" for row in feet)]
    cases: list[Case] = []
    since = 0
    for row in watch(range(headed.bottom + 1, end), "正在读取"):
        cells = sheet.row(row)
        if _is_blank(cells, serial):
            continue
        total = _total_word(cells, serial)
        if total:
            notes.extend(_compare_total(headed, row, total, cases, since))
            since = len(cases)
        elif any(plain(cells[column].text) == SAMPLE for column in serial | keys):
            notes.append(f"{sheet.name}第{row + 1}行是样例，未作为数据")
        else:
            cases.append(read_case(Strip(sheet, row, cells), heads, headed.facts, headed.level))
    notes.extend(_head_notes(sheet, headed.bottom, heads))
    hidden = sum(case.row in sheet.marks.hidden_rows for case in cases)
    if hidden:
        notes.append(f"{sheet.name}有 {hidden} 行被隐藏或被筛选，均已读取并计算")
    named = any(column.name == "name" for column in heads.of("subject"))
    return tuple(same.mark(cases, named)), tuple(notes)


def _head_notes(sheet: Sheet, row: int, heads: Heads) -> Iterator[str]:
    for column in heads.of("other"):
        place = at(sheet.name, row, column.index)
        yield f"{place} 表头“{' '.join(column.head.split())}”不是本办法所需，照抄不计算"
    others = [column.head for column in heads.of("other")]
    for fact in heads.absent:
        near = nearest(fact.label, others, 1)
        hint = f"；表头“{near[0]}”若是这一项，请改为“{fact.label}”" if near else ""
        yield f"{sheet.name}没有“{fact.label}”一列，各行按规则所定的默认值计算{hint}"


def _serial_columns(heads: Heads) -> set[int]:
    return {column.index for column in heads.of("subject") if column.name == "seq"}


def _is_blank(cells: Sequence[Cell], serial: set[int]) -> bool:
    # Serial numbers are often printed in advance down to the end of the form.
    return all(cell.kind == "blank" or (cell.kind == "number" and index in serial) for index, cell in enumerate(cells))


def _without_feet(headed: Headed, serial: set[int]) -> tuple[int, list[int]]:
    """The row (from 0) before which the data end, and the rows of the foot."""
    sheet = headed.sheet
    feet: list[int] = []
    end = sheet.height
    while end > headed.bottom + 1:
        cells = sheet.row(end - 1)
        if not _is_blank(cells, serial):
            if not _is_foot(cells, serial, bool(headed.heads.of("fact"))):
                break
            feet.insert(0, end - 1)
        end -= 1
    return end, feet


def _is_foot(cells: Sequence[Cell], serial: set[int], factual: bool) -> bool:
    filled = [cell for cell in cells if cell.kind != "blank"]
    # Of a row without facts nothing but its number may be filled in.
    alone = factual and len(filled) == 1 and filled[0].kind == "text" and not _total_word(cells, serial)
    return alone or all(cell.kind == "text" and _FOOT.fullmatch(cell.text) for cell in filled)


def _total_word(cells: Sequence[Cell], serial: set[int]) -> str:
    """合计, 小计 or 总计 where the first cell with text, serial numbers aside, ends in it."""
    first = next(
        (
            cell
            for index, cell in enumerate(cells)
            if cell.kind == "text" or (cell.kind != "blank" and index not in serial)
        ),
        None,
    )
    text = _ENDING.sub("", plain(first.text)) if first is not None and first.kind == "text" else ""
    return next((word for word in TOTALS if text.endswith(word) and len(text) <= 12), "")


def _compare_total(headed: Headed, row: int, total: str, cases: Sequence[Case], since: int) -> Iterator[str]:
    """Say where a row of totals is not the sum of the rows that it may stand for: 小计 those since the last one."""
    sheet = headed.sheet
    spans = [cases[since:]] if total == "小计" else [cases, cases[since:]]
    for column in headed.heads.columns:
        if column.role == "fact":
            cell = sheet.cell(row, column.index)
            theirs = read_total(cell, headed.facts[column.name], column.unit)
            sums = [_sum(case.facts.get(column.name) for case in span) for span in spans]
        elif column.name == "paid":
            money = read_money(sheet.cell(row, column.index), column.unit, "")
            theirs = money if isinstance(money, Decimal) else None
            # What was paid before may be blank in a row, which then adds nothing.
            sums = [(_sum(case.paid for case in span)[0], 0) for span in spans]
        else:
            continue
        if theirs is not None and theirs not in [ours for ours, _ in sums]:
            ours, unread = sums[0]
            gap = f"（有 {unread} 行未能读出）" if unread else ""
            place = at(sheet.name, row, column.index)
            yield f"{place} {total}为 {theirs:,f}，所读各行之和为 {ours:,f}，两者不符{gap}"


def _sum(values: Iterable[object]) -> tuple[Decimal, int]:
    """The sum of the numbers, and how many rows have none."""
    given = list(values)
    numbers = [value for value in given if isinstance(value, Decimal)]
    return sum(numbers, Decimal(0)), len(given) - len(numbers)
