"""Any case as the sheets of a workbook, in memory: for laws that compare the desk with the kernel."""

import datetime
from decimal import Decimal

from jiangbu.desk.workbook import Sheet


def simple_ids(scheme, facts, level=None, start="R"):
    """The facts with ids that no reading changes: letters and digits, unique throughout."""
    level = level or scheme.tree.root
    made = dict(facts)
    for name in scheme.tree.below(level):
        rows = [{**row, "id": f"{start}{number}"} for number, row in enumerate(facts.get(name, ()), 1)]
        made[name] = [simple_ids(scheme, row, name, f"{row['id']}-") for row in rows]
    return made


def typed(fact, value):
    """A value as a clerk types it into a text cell."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return fact.options[value]
    if fact.kind == "rate":
        return f"{Decimal(value.numerator) * 100 / Decimal(value.denominator):f}%"
    return format(value, "f")


def sheets_of(scheme, result, facts, *, root_sheet, mix):
    """The sheets that hold a case that could be read; ``mix`` shuffles the rows of a sheet.

    ``root_sheet`` puts a root above the paid level into a sheet of its own and not into 说明.
    """
    tree, rows = scheme.tree, {name: [] for name in scheme.tree.by_name}
    _collect(scheme, result.root, facts, tree.root, "ROOT", rows)
    run, made = [], []
    for name, level in tree.by_name.items():
        facts_here = [fact for fact in scheme.facts.values() if fact.level == name]
        if name == tree.root != scheme.pay_level and not root_sheet:
            values = rows[name][0][3]
            run = [[fact.label, value] for fact, value in zip(facts_here, values, strict=True)]
            continue
        parented = level.of and (level.of != tree.root or root_sheet or tree.root == scheme.pay_level)
        heads = ["上级编号"] * bool(parented) + [level.id_label or "编号", *(fact.label for fact in facts_here), "搁置"]
        body = [[parent] * bool(parented) + [id, *values, aside] for parent, id, aside, values in mix(rows[name])]
        label = "申报表" if name == scheme.pay_level else level.label or name
        made.append(Sheet(label, [heads, *body]))
    return [Sheet("说明", run), *made]


def _collect(scheme, row, facts, level, parent, rows):
    """Put the row's texts, and those of all below it, under their levels: parent, id, set aside, values."""
    here = [fact for fact in scheme.facts.values() if fact.level == level]
    shown = row.facts if row is not None else {}
    id = row.id if row is not None and row.id else facts.get("id", "ROOT")
    aside = "核" if row is None else ""
    values = [typed(fact, shown[fact.name]) if row is not None else "" for fact in here]
    rows[level].append((parent, id, aside, values))
    for name in scheme.tree.below(level):
        inner = {one.id: one for one in row.rows(name) if one.above[0].path == row.path} if row is not None else {}
        for given in facts.get(name, ()):
            _collect(scheme, inner.get(given["id"]), given, name, id, rows)
