"""Which sheet of a workbook holds which level of a scheme, and how rows of one level name those of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from jiangbu.desk.case import Case
from jiangbu.desk.heads import Heads, Keys, match, nearest, squash
from jiangbu.desk.problems import DeskError
from jiangbu.desk.sheet_rows import DOWNWARD, Headed, find_heads
from jiangbu.desk.workbook import Sheet
from jiangbu.rules.model import Fact, Level
from jiangbu.rules.scheme import Scheme

RUN_SHEET, CASE_SHEET = "说明", "申报表"
RUN_KEYS = {
    "办法编号": "scheme",
    "办法名称": "title",
    "地区代码": "place",
    "适用日期": "on",
    "知悉日期": "known_on",
    "表样版本": "template",
}
# The heads of a row's own number and of its parent's, where the level names none.
OWN_NUMBER, PARENT_NUMBER = "编号", "上级编号"


def run_sheet(sheets: Sequence[Sheet]) -> Sheet | None:
    """Sheet 说明, if there is one."""
    return next((one for one in sheets if squash(one.name) == RUN_SHEET), None)


def case_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet that holds the cases: 申报表, or the only sheet beside 说明."""
    others = [one for one in sheets if squash(one.name) != RUN_SHEET]
    named = [one for one in others if squash(one.name) == CASE_SHEET]
    if named or len(others) == 1:
        return (named or others)[0]
    names = "、".join(one.name for one in sheets) or "无"
    raise DeskError("工作簿", f"没有“{CASE_SHEET}”工作表（现有：{names}）", f"请把数据所在的工作表命名为“{CASE_SHEET}”")


def refuse_objects(scheme: Scheme) -> None:
    """Refuse a scheme whose rows are made from objects that no row of a sheet can hold."""
    made = [level for level in scheme.tree.by_name.values() if level.object or level.made_by]
    if made:
        labels = "、".join(level.label or level.name for level in made)
        remedy = "这类数据有专门的台账，请用相应的命令或 Python 接口计算"
        raise DeskError(f"办法 {scheme.id}", f"该办法要从合同等逐笔数据计算（{labels}），申报表装不下", remedy)


@frozen
class Plan:
    """Which sheet holds which level of a scheme, and under which heads rows name themselves and their parents."""

    scheme: Scheme
    sheets: tuple[Sheet, ...]

    def level(self, name: str) -> Level:
        """The level of a name."""
        return self.scheme.tree.by_name[name]

    def named(self, name: str) -> Sheet | None:
        """The sheet that bears the label of a level, if there is one."""
        known = {squash(self.level(name).label), squash(name)}
        return next((one for one in self.sheets if squash(one.name) in known), None)

    def stands_in_run(self, name: str) -> bool:
        """Whether a level is the single root whose facts stand in 说明."""
        return name == self.scheme.tree.root != self.scheme.pay_level and self.named(name) is None

    def headed(self, name: str) -> Headed:
        """The sheet of a level with its heads found."""
        facts = {fact.name: fact for fact in self.scheme.facts.values() if fact.level == name}
        if self.stands_in_run(name):
            return self._run(name, facts)
        paid = name == self.scheme.pay_level
        sheet = self._case_sheet() if paid else self.named(name) or self._absent(name)
        return find_heads(sheet, facts, name, self.keys(name))

    def _run(self, name: str, facts: Mapping[str, Fact]) -> Headed:
        sheet = run_sheet(self.sheets) or Sheet(RUN_SHEET, ())
        texts = [sheet.cell(row, 0).text for row in range(sheet.height)]
        heads = match(["" if squash(text).rstrip(":：") in RUN_KEYS else text for text in texts], facts)
        # Any other text of 说明 is advice; only the labels of facts count.
        others = [column.head for column in heads.columns if column.role == "other" and len(column.head) < 40]
        faults = [(row, found, remedy) for row, found, remedy in heads.faults if row >= 0]
        lines = [fact for fact in heads.absent if not fact.has_default]
        faults += [(-1, f"缺少“{fact.label}”", _line_remedy(fact, others)) for fact in lines]
        columns = tuple(column for column in heads.columns if column.role == "fact")
        return Headed(sheet, name, facts, DOWNWARD, Heads(columns, heads.absent, tuple(faults)))

    def _case_sheet(self) -> Sheet:
        try:
            return case_sheet(self.sheets)
        except DeskError:
            # The rows of the paid level may stand under the level's own label.
            found = self.named(self.scheme.pay_level)
            if found is None:
                raise
            return found

    def _absent(self, name: str) -> Sheet:
        label = self.level(name).label or name
        names = "、".join(one.name for one in self.sheets) or "无"
        remedy = f"请增加工作表“{label}”；确实没有{label}的，也要有该表，只写表头"
        raise DeskError("工作簿", f"没有“{label}”工作表（现有：{names}）", remedy)

    def keys(self, name: str) -> Keys:
        """The heads under which rows of a level name themselves and the row that they stand in."""
        level, tree = self.level(name), self.scheme.tree
        own = () if name == tree.root and not tree.below(name) else _own_heads(level)
        if not level.of or self.stands_in_run(level.of):
            # Only rows below name a root, so its 序号 will do; ids of other rows decide ties.
            return Keys(own, serial=name == tree.root)
        above = self.level(level.of)
        first = (above.id_label,) if above.id_label not in ("", OWN_NUMBER, level.id_label) else ()
        label = above.label
        return Keys(
            own, (*first, PARENT_NUMBER, f"所属{label}编号", f"{label}编号", f"所属{label}", f"上级{label}编号")
        )

    def with_serial_id(self, headed: Headed, case: Case) -> Case:
        """A case of a root level without a column for its number is called by its 序号."""
        keyed = any(column.name == "own" for column in headed.heads.of("key"))
        if keyed or headed.level != self.scheme.tree.root:
            return case
        return evolve(case, id=case.subject.get("seq", ""))


def _own_heads(level: Level) -> tuple[str, ...]:
    own = (level.id_label or OWN_NUMBER, OWN_NUMBER, f"{level.label}编号")
    return tuple(dict.fromkeys(own))


def _line_remedy(fact: Fact, others: Sequence[str]) -> str:
    near = nearest(fact.label, others)
    hint = f"；相近的有：{'、'.join(near)}" if near else ""
    return f"请在“{RUN_SHEET}”工作表第一列写“{fact.label}”，第二列填写{hint}"
