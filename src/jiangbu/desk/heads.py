"""Heads of a sheet: which column is which fact, which is a subject column, and in what unit it is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal

from attrs import field, frozen

from jiangbu.desk.cell_facts import MONEY_UNITS, RATE_UNITS, number_units
from jiangbu.desk.cells import plain
from jiangbu.desk.problems import column_letters
from jiangbu.rules.model import Fact

# A head stands within the first rows, below a title and perhaps a line that names the unit filling it in.
HEAD_SEARCH = 20
# The key under which a subject is carried, its head, and other heads that townships write for it.
SUBJECT: Mapping[str, tuple[str, ...]] = {
    "seq": ("序号", "编号"),
    "name": (
        "申报主体",
        "申报单位",
        "申报主体名称",
        "单位名称",
        "企业名称",
        "主体名称",
        "经营主体",
        "户主姓名",
        "户主",
        "农户姓名",
        "姓名",
    ),
    "code": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "identity": ("身份证号", "身份证号码", "公民身份号码"),
    "township": ("乡镇", "乡（镇）", "所在乡镇", "乡镇（街道）"),
    "village": ("村", "行政村", "所在村"),
    "project": ("项目名称",),
    "unit": ("责任单位",),
    "fund": ("资金来源",),
    "batch": ("批次",),
    "bank": ("开户行", "开户银行"),
    "account": ("账号", "银行账号", "帐号"),
    "phone": ("联系电话", "电话"),
    "remark": ("备注",),
    "paid": ("已付金额",),
    "set_aside": ("搁置",),
    "on": ("适用日期",),
}

_BRACKETS = "()[]{}【】〔〕「」『』〈〉《》<>"
_NO_BRACKETS = str.maketrans("", "", _BRACKETS)
_BRACKETED = re.compile(r"[(\[{【〔「『〈《<]([^()\[\]{}【】〔〕「」『』〈〉《》<>]*)[)\]}】〕」』〉》>]")


@frozen
class Keys:
    """The heads under which rows of several levels name themselves and the row they stand in; first the best.

    ``serial`` says that 序号 will do where there is no column of their own.
    """

    own: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    serial: bool = False


NO_KEYS = Keys()


@frozen
class Column:
    """One column of a sheet: its place (from 0), its head as written, what it holds, and its unit.

    A ``key`` column is named ``own`` or ``parent``, as in :class:`Keys`.
    """

    index: int
    head: str
    role: Literal["fact", "subject", "key", "other"]
    name: str
    unit: str = ""
    letters: str = field(init=False, eq=False, repr=False)

    @letters.default
    def _letters(self) -> str:
        return column_letters(self.index)


@frozen
class Heads:
    """The columns of a sheet, the facts without one, and the faults: column (-1: none), found, remedy."""

    columns: tuple[Column, ...]
    absent: tuple[Fact, ...]
    faults: tuple[tuple[int, str, str], ...]
    _by_role: Mapping[str, tuple[Column, ...]] = field(init=False, eq=False, repr=False)

    @_by_role.default
    def _columns_by_role(self) -> Mapping[str, tuple[Column, ...]]:
        roles = dict.fromkeys(column.role for column in self.columns)
        return {role: tuple(column for column in self.columns if column.role == role) for role in roles}

    def of(self, role: str) -> tuple[Column, ...]:
        """The columns of one role, in the order of the sheet."""
        return self._by_role.get(role, ())


def squash(text: str) -> str:
    """A head as it is compared: half-width, without white space and bracket characters, in lower case.

    >>> squash("营业收入（本 年）") == squash("营业收入\\n本年")
    True
    """
    return plain(text).translate(_NO_BRACKETS).casefold()


def split_unit(head: str, units: Iterable[str]) -> tuple[str, str]:
    """The head without a bracket whose whole content is one of the units, and that unit.

    >>> split_unit("营业收入（单位：万元）", ["元", "万元"]), split_unit("营业收入（本年）", ["元"])
    (('营业收入', '万元'), ('营业收入(本年)', ''))
    """
    text = unicodedata.normalize("NFKC", head)
    known = {plain(unit): unit for unit in units if unit}
    for match in _BRACKETED.finditer(text):
        content = re.sub(r"^单位[:：]?", "", plain(match.group(1)))
        if content in known:
            return text[: match.start()] + text[match.end() :], known[content]
    return text, ""


def units_of(fact: Fact) -> tuple[str, ...]:
    """The units that a head may state for a fact."""
    if fact.kind == "money":
        return tuple(MONEY_UNITS)
    if fact.kind == "rate":
        return tuple(RATE_UNITS)
    return tuple(number_units(fact)) if fact.kind == "number" else ()


def match(heads: Sequence[str], facts: Mapping[str, Fact], keys: Keys = NO_KEYS) -> Heads:
    """Match the heads of a sheet with the facts of a scheme, the key columns and the subject columns.

    A fact is found by its label, then its aliases, then its name; a fact of several columns, or a head in a
    unit that the fact does not know, is a fault; a fact without column and without default, or a key without
    column, is a fault too.
    """
    units = sorted({*MONEY_UNITS, *RATE_UNITS, *_COMMON_UNITS, *(u for f in facts.values() for u in units_of(f))})
    columns = tuple(_column(index, head, facts, units, keys) for index, head in enumerate(heads) if head.strip())
    faults = [*_twice(columns), *_foreign_units(columns, facts)]
    present = {(column.role, column.name) for column in columns}
    absent = tuple(fact for name, fact in facts.items() if ("fact", name) not in present)
    missing = [fact.label for fact in absent if not fact.has_default]
    own = () if keys.serial and ("subject", "seq") in present else keys.own
    for name, names in (("own", own), ("parent", keys.parent)):
        missing += [names[0]] if names and ("key", name) not in present else []
    others = [column.head for column in columns if column.role == "other"]
    for label in missing:
        near = nearest(label, others)
        hint = f"；相近的表头有：{'、'.join(near)}" if near else ""
        faults.append((-1, f"缺少“{label}”一列", f"请增加该列，表头写“{label}”{hint}"))
    return Heads(columns, absent, tuple(faults))


def nearest(word: str, words: Iterable[str], count: int = 2) -> list[str]:
    """The words that look most like ``word``, best first; none of which less than two fifths agree."""
    target = squash(word)
    alike = [(SequenceMatcher(None, target, squash(one)).ratio(), one) for one in words]
    close = sorted((pair for pair in alike if 5 * pair[0] >= 2), key=lambda pair: -pair[0])
    return [" ".join(one.split()) for _, one in close[:count]]


def matches(head: str, facts: Mapping[str, Fact], keys: Keys = NO_KEYS) -> bool:
    """Whether a head is that of a fact, of a key or of a subject column."""
    return _column(0, head, facts, [u for f in facts.values() for u in units_of(f)], keys).role != "other"


_COMMON_UNITS = (
    "户",
    "人",
    "头",
    "只",
    "亩",
    "公顷",
    "吨",
    "公斤",
    "千克",
    "斤",
    "立方米",
    "平方米",
    "天",
    "月",
    "年",
)


def _column(index: int, head: str, facts: Mapping[str, Fact], units: Sequence[str], keys: Keys) -> Column:
    # A label may itself end in a unit, so the head is tried as it stands before its unit is cut off.
    bare, unit = split_unit(head, units)
    for text, stated in ((head, _label_unit(head, facts)), (bare, unit)):
        name = _fact_named(squash(text), facts)
        if name is not None:
            return Column(index, head, "fact", name, stated)
    for key, names in (("own", keys.own), ("parent", keys.parent)):
        if squash(head) in map(squash, names):
            return Column(index, head, "key", key)
    for text, stated in ((head, ""), (bare, unit)):
        for subject, heads in SUBJECT.items():
            if squash(text) in map(squash, heads):
                return Column(index, head, "subject", subject, stated)
    if {squash(name) for name in ("统一社会信用代码", "身份证号")} == _halves(head):
        return Column(index, head, "subject", "code")
    return Column(index, head, "other", "")


def _label_unit(head: str, facts: Mapping[str, Fact]) -> str:
    name = _fact_named(squash(head), facts)
    return split_unit(head, units_of(facts[name]))[1] if name is not None else ""


def _fact_named(squashed: str, facts: Mapping[str, Fact]) -> str | None:
    for words in (lambda fact: (fact.label,), lambda fact: fact.aliases, lambda fact: (fact.name,)):
        for name, fact in facts.items():
            if squashed in map(squash, words(fact)):
                return name
    return None


def _halves(head: str) -> set[str]:
    return {squash(part) for part in re.split(r"[/、或()（）]", head) if part.strip()}


def _twice(columns: Sequence[Column]) -> list[tuple[int, str, str]]:
    seen: dict[tuple[str, str], Column] = {}
    faults = []
    for column in columns:
        first = seen.setdefault((column.role, column.name), column)
        if first is not column and column.role != "other":
            found = f"表头“{column.head}”与“{first.head}”指的是同一项"
            faults.append((column.index, found, "请只保留一列"))
    return faults


def _foreign_units(columns: Sequence[Column], facts: Mapping[str, Fact]) -> list[tuple[int, str, str]]:
    faults = []
    for column in columns:
        if column.role == "fact" and column.unit and column.unit not in units_of(facts[column.name]):
            fact = facts[column.name]
            asked = {"money": "元或万元", "rate": "%或‰"}.get(fact.kind, fact.unit or "不带单位")
            remedy = f"规则以“{asked}”计，请换算后改表头"
            faults.append((column.index, f"表头单位“{column.unit}”与规则不一致", remedy))
    return faults
