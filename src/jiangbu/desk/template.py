"""The template of an application: sheet 说明 for the run, 申报表 and a sheet for every finer level.

Its heads are those that the reader knows, with notes, input checks and one sample row that is never read as data.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from jiangbu.desk.asking import LIST, Asked, Check, asked_fact, clause_of, condition, messages, range_of
from jiangbu.desk.basis import STATUS
from jiangbu.desk.heads import SUBJECT, match
from jiangbu.desk.layout import Shown
from jiangbu.desk.new_book import check_folder, new_book
from jiangbu.desk.paper import Page, Paper
from jiangbu.desk.plan import CASE_SHEET, RUN_SHEET, Plan, refuse_objects
from jiangbu.desk.problems import DeskError, column_letters
from jiangbu.desk.sample import sample_rows
from jiangbu.desk.sheet_rows import SAMPLE
from jiangbu.desk.words import validity
from jiangbu.rules.kinds import FIRST_DAY, LAST_DAY
from jiangbu.rules.model import Fact
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.words.headings import cited

# Rows that are bordered, so that an empty form can be printed; and the last row whose cells are checked.
BORDERED, LAST_ROW = 20, 10_000
OPTIONS_SHEET = "选项"
NOTE_WIDTH, NOTE_LINE = 320, 18
GUIDE = ("序号", "指标", "怎么填", "应附证明", "依据和说明")
GUIDE_WIDTHS = (22, 30, 44, 24, 36)
NARROWEST_FACT = 10
# Columns stand as wide as what is usually typed there.
_WIDTHS: Mapping[str, int] = {
    "seq": 6, "name": 26, "code": 20, "identity": 20, "township": 10, "village": 10, "project": 20, "unit": 14,
    "fund": 14, "batch": 8, "paid": 12, "bank": 20, "account": 22, "phone": 14, "set_aside": 14, "remark": 16,
}  # fmt: skip
_FRONT = ("seq", "name", "code", "identity", "township", "village", "project", "unit", "fund", "batch")
_BACK = ("paid", "bank", "account", "phone", "set_aside", "remark")
_PERSONS = ("household", "member")
_SUBJECT_NOTES: Mapping[str, str] = {
    "code": "18 位统一社会信用代码，按文本填写",
    "identity": "18 位身份证号，按文本填写，末位为 X 的照填",
    "account": "收款账号，按文本填写，数字不会丢失",
    "paid": "以前批次已经拨付的金额（元）；没有的留空",
    "set_aside": "需要暂缓的，写明理由；写了任何文字，该行即不参加计算",
    "fund": "例如 中央衔接资金、省级衔接资金、县级配套",
    "batch": "例如 第一批",
}


def write_template(scheme: Scheme, target: Path, on: datetime.date | None = None) -> None:
    """Write the template of a scheme to ``target`` in one step; ``on`` stands as 适用日期 if it is given.

    Raises :class:`DeskError` for a scheme that no sheet can hold, and where the target exists or cannot be written.
    """
    refuse_objects(scheme)
    check_folder(target, "申报表")
    if target.exists():
        # It may be an application that somebody has filled in.
        raise DeskError(str(target), "已有这个文件", "请用 -o 另起一个文件名，或先把原来的文件移走")
    issued = scheme.document.issued
    made_on = on or (issued if isinstance(issued, datetime.date) else FIRST_DAY)
    with new_book(target, f"{scheme.title}申报表", made_on) as book:
        paper = Paper(book)
        form = _Form(paper, scheme, Plan(scheme, ()), sample_rows(scheme))
        form.run_sheet(on)
        for level in scheme.tree.by_name:
            if not form.plan.stands_in_run(level):
                form.level_sheet(level)
        form.options_sheet()
        book.worksheets()[1].activate()


@frozen
class _Column:
    """A column of a sheet to be filled in, and what the sample row shows there."""

    asked: Asked
    sample: Shown = None


@define
class _Form:
    paper: Paper
    scheme: Scheme
    plan: Plan
    samples: Mapping[str, Mapping[str, Shown]]
    options: list[tuple[str, ...]] = field(factory=list)

    def page(self, name: str, title: str) -> Page:
        return self.paper.page(name, title, self.scheme.notices())

    def facts_of(self, level: str) -> list[Fact]:
        """The facts of a level, those of the gate first."""
        own = (fact for fact in self.scheme.facts.values() if fact.level == level)
        return sorted(own, key=lambda fact: not fact.origin)

    # Sheet 说明

    def run_sheet(self, on: datetime.date | None) -> None:
        """Write sheet 说明: the run, the facts of a single row above all others, and how to fill in."""
        page = self.page(RUN_SHEET, f"{self.scheme.title} — 申报说明")
        page.one_wide = True
        page.wider.update(enumerate(GUIDE_WIDTHS))
        page.skip()
        page.head(("项目", "填写", "提示"))
        for label, value, form, hint, check in self.run_lines(on):
            self.run_line(page, label, value, form, hint, check)
        root = self.scheme.tree.root
        for fact in self.facts_of(root) if self.plan.stands_in_run(root) else ():
            asked = asked_fact(self.scheme, fact)
            hint = "；".join(part for part in (range_of(fact), condition(self.scheme, fact)) if part)
            self.run_line(page, "".join(asked.head.split()), None, asked.form, hint, asked.check)
        page.skip()
        for number, text in enumerate(_advice(self.scheme, self.plan), 1):
            page.across(f"{number}. {text}", len(GUIDE))
        page.skip()
        page.head(GUIDE)
        for number, row in enumerate(self.guide(), 1):
            page.cells([(text, "text", "cell") for text in (str(number), *row)])
        page.finish()

    def run_lines(self, on: datetime.date | None) -> Iterator[tuple[str, Shown, str, str, Check | None]]:
        scheme = self.scheme
        place = "" if scheme.place == "unknown" else scheme.place
        keep = "已填好，请勿改动"
        yield "办法编号", scheme.id, "text", keep, None
        yield (
            "办法名称",
            scheme.title,
            "text",
            f"{STATUS.get(scheme.status, scheme.status)}；{cited(scheme.document)}",
            None,
        )
        yield "地区代码", place, "text", keep if place else "适用地区的代码；办法未载明地区的可以留空", None
        wanted = f"必填，按哪一天的规定计算，例如 2024-12-31；办法有效期：{validity(scheme.effective)}"
        yield "适用日期", on, "date", wanted, _day_check("适用日期", *_days(scheme))
        known = "可以留空；填了的，只按该日以前公布的文件计算"
        yield "知悉日期", None, "date", known, _day_check("知悉日期", FIRST_DAY, LAST_DAY)
        yield "表样版本", form_version(scheme), "text", keep, None

    def run_line(self, page: Page, label: str, value: Shown, form: str, hint: str, check: Check | None) -> None:
        row = page.row
        page.put(row, 0, label, "text", "strong")
        if value in (None, ""):
            page.blank(row, 1, form)
        else:
            page.put(row, 1, value, form, "middle")
        page.put(row, 2, hint, "text")
        if check is not None:
            page.sheet.data_validation(row, 1, row, 1, self.fitting(check))
        page.row += 1

    def guide(self) -> Iterator[tuple[str, str, str, str]]:
        """What each fact asks for, in the order of the sheets."""
        for level in self.scheme.tree.by_name:
            for fact in self.facts_of(level):
                how = "；".join(part for part in (range_of(fact), condition(self.scheme, fact)) if part)
                said = "；".join(part for part in (clause_of(self.scheme, fact), fact.reading, fact.note) if part)
                where = f"（填在“{self.sheet_name(level)}”）" if len(self.scheme.tree.by_name) > 1 else ""
                yield f"{fact.label}{where}", how, fact.evidence, said

    # Sheets of rows

    def sheet_name(self, level: str) -> str:
        if self.plan.stands_in_run(level):
            return RUN_SHEET
        return CASE_SHEET if level == self.scheme.pay_level else self.scheme.tree.by_name[level].label or level

    def level_sheet(self, level: str) -> None:
        """Write the sheet of a level: heads with notes, the sample row, and rows that are checked as they are typed."""
        name = self.sheet_name(level)
        title = f"{self.scheme.title}申报表" + ("" if name == CASE_SHEET else f" — {name}")
        page = self.page(name, title)
        columns = self.columns(level)
        page.line("首行为样例，不计入；可以保留，也可以删去。表头请勿改名，列的次序可以调整。金额单位：元")
        heads = page.row
        page.head([column.asked.head for column in columns], freeze_columns=2)
        for index, column in enumerate(columns):
            asked = column.asked
            page.at_least(index, _WIDTHS.get(asked.key, NARROWEST_FACT))
            page.formats[index] = self.paper.format(asked.form, "typed")
            if asked.note:
                lines = sum(1 + len(line) // 20 for line in asked.note.split("\n"))
                size = {"width": NOTE_WIDTH, "height": NOTE_LINE * (lines + 1)}
                page.sheet.write_comment(heads, index, asked.note, size)
            if asked.check is not None:
                page.sheet.data_validation(page.row, index, LAST_ROW - 1, index, self.fitting(asked.check))
            if column.sample is None:
                page.blank(page.row, index, asked.form, "sample")
            else:
                page.put(page.row, index, column.sample, asked.form, "sample")
        page.row += 1
        for row in range(page.row, page.row + BORDERED):
            for index, column in enumerate(columns):
                page.blank(row, index, column.asked.form)
        page.row += BORDERED
        page.finish()

    def columns(self, level: str) -> list[_Column]:
        """The columns of a level's sheet; a subject column whose head a fact has taken is left out."""
        keys, facts = self.plan.keys(level), {fact.name: fact for fact in self.facts_of(level)}
        paid = level == self.scheme.pay_level
        front = [_Column(Asked("seq", "序号", "text"), SAMPLE)] if paid else []
        if keys.parent:
            above = self.scheme.tree.by_name[self.scheme.tree.by_name[level].of].label
            front.append(_Column(Asked("parent", keys.parent[0], "text", f"填写所属{above}的编号"), SAMPLE))
        if keys.own:
            label = self.scheme.tree.by_name[level].label
            own = Asked("own", keys.own[0], "text", f"每个{label}一个编号，互不重复")
            front.append(_Column(own, f"{SAMPLE}1" if keys.parent else SAMPLE))
        subjects = list(self.subjects(level))
        samples = {**_SUBJECT_SAMPLES, **(_PERSON_SAMPLES if "identity" in subjects else {})}
        front += [_Column(_asked_subject(key), samples.get(key)) for key in subjects]
        back = [_Column(_asked_subject(key)) for key in (_BACK if paid else ("set_aside", "remark"))]
        middle = [_Column(asked_fact(self.scheme, fact), self.samples[level][name]) for name, fact in facts.items()]
        found = []
        for column in [*front, *middle, *back]:
            (known,) = match([column.asked.head], facts, keys).columns
            if column in middle or known.role != "fact":
                found.append(column)
        return found

    def subjects(self, level: str) -> Iterator[str]:
        """The subject columns that stand before the facts."""
        if level == self.scheme.pay_level:
            number = "identity" if self.scheme.beneficiary in _PERSONS else "code"
            yield from (key for key in _FRONT[1:] if key not in ("code", "identity") or key == number)
        elif level in ("household", "worker", "member"):
            yield from ("name", "identity")
        elif level == "project":
            yield "project"

    def fitting(self, check: Check) -> dict[str, Any]:
        """A check as the file format can hold it: a long list of options stands on a sheet of its own."""
        source = check.get("source")
        if not isinstance(source, list) or (len(",".join(source)) <= LIST and not any("," in one for one in source)):
            return dict(check)
        options = tuple(source)
        if options not in self.options:
            self.options.append(options)
        letters = column_letters(self.options.index(options))
        return {**check, "source": f"={OPTIONS_SHEET}!${letters}$1:${letters}${len(options)}"}

    def options_sheet(self) -> None:
        """Write the long lists of options, hidden."""
        if not self.options:
            return
        sheet = self.paper.book.add_worksheet(OPTIONS_SHEET)
        for index, options in enumerate(self.options):
            sheet.write_column(0, index, options)
        sheet.hide()


_SUBJECT_SAMPLES: Mapping[str, str] = {"name": "（样例）某某合作社", "township": "某某镇", "village": "某某村"}
_PERSON_SAMPLES: Mapping[str, str] = {"name": "（样例）张某某"}


def _asked_subject(key: str) -> Asked:
    head = SUBJECT[key][0]
    note = _SUBJECT_NOTES.get(key, "")
    if key == "paid":
        money = {"validate": "decimal", "criteria": ">=", "value": "0"}
        return Asked(key, f"{head}\n（元）", "money", note, messages(money, head, "不小于 0 的金额（元）"))
    if key in ("code", "identity"):
        length = {"validate": "length", "criteria": "==", "value": "18"}
        return Asked(key, head, "text", note, messages(length, head, note))
    return Asked(key, head, "text", note)


def _days(scheme: Scheme) -> tuple[datetime.date, datetime.date]:
    """The days on which the scheme may be in force, as far as they were seen."""
    first, last = scheme.effective.from_, scheme.effective.until
    return (
        first if isinstance(first, datetime.date) else FIRST_DAY,
        last if isinstance(last, datetime.date) else LAST_DAY,
    )


def _day_check(label: str, first: datetime.date, last: datetime.date) -> Check:
    between = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    return messages(between, label, f"{first} 至 {last} 之间的日期，例如 {min(last, max(first, FIRST_DAY))}")


def form_version(scheme: Scheme) -> str:
    """What 表样版本 holds: the version of the form, and of the rule table for which it was made."""
    return f"1-{scheme.digest[:8]}"


def _advice(scheme: Scheme, plan: Plan) -> Iterator[str]:
    labels = {name: level.label or name for name, level in scheme.tree.by_name.items()}
    paid = labels[scheme.pay_level] if len(labels) > 1 else "申报主体"
    yield f"“{CASE_SHEET}”每个{paid}填一行。把鼠标停在表头上，可以看到该列怎么填、应附什么证明。"
    root = scheme.tree.root
    if plan.stands_in_run(root):
        yield f"{labels[root]}一级的数据填在本表上半部分；有多个{labels[root]}的，请分开申报。"
    finer = [labels[name] for name in scheme.tree.by_name if name not in (scheme.pay_level, root)]
    if finer:
        sheets = "、".join(f"“{label}”" for label in finer)
        yield f"{sheets}每行填写自己的编号和所属上级的编号；编号填什么都可以，同一张表内不重复即可。"
    yield "金额按元填写；表头注明（%）的填百分数，例如 4.35%。数字只填数，单位写在表头里。"
    yield "证件号、账号按文本填写。确实没有的金额和数量填 0；可以留空的，提示中已经写明。"
    yield "各行适用日期不同的，可以在申报表增加“适用日期”一列。"
    yield "需要暂缓的行，在“搁置”一列写明理由。以前批次已付的，填在“已付金额”一列。"
    yield "填好后执行：jiangbu calculate 申报表.xlsx -o 测算表.xlsx"
