"""Filling in a template as a clerk would: worked cases typed under its heads, the rest left as it is."""

import datetime
from collections.abc import Mapping
from fractions import Fraction

import openpyxl

from jiangbu.desk.heads import match, squash
from jiangbu.desk.plan import CASE_SHEET, RUN_SHEET, Plan
from jiangbu.desk.template import write_template
from jiangbu.rules.kinds import read_literal


def day_of(scheme, case):
    """A day on which a worked case can be decided."""
    first = scheme.effective.from_ if scheme.effective.from_ != "unseen" else scheme.document.issued
    return case.on or (first if first != "unseen" else datetime.date(2024, 6, 30))


def typed(fact, given):
    """A fact of a worked case as it is typed into a cell of the template."""
    value = read_literal(fact.kind, given, fact.options)
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.kind == "choice":
        return fact.options[value]
    if fact.kind == "date":
        return datetime.date.fromordinal(int(value))
    return float(value) if isinstance(value, Fraction) else value


def fill(path, scheme, cases, on):
    """Write the template of a scheme to ``path`` and type the cases into it; each is the facts of one case.

    Of a scheme whose root stands in 说明 there can be one case only.
    """
    write_template(scheme, path, on)
    book = openpyxl.load_workbook(path)
    _Clerk(scheme, book).type_in(cases)
    book.save(path)


class _Clerk:
    def __init__(self, scheme, book):
        self.scheme, self.book, self.plan = scheme, book, Plan(scheme, ())
        self.next_row = {}

    def type_in(self, cases):
        root = self.scheme.tree.root
        for number, facts in enumerate(cases, 1):
            if self.plan.stands_in_run(root):
                self.type_run(facts)
            else:
                self.type_row(root, facts, f"R{number}", "", number)
            self.type_below(root, facts, f"R{number}")

    def type_below(self, level, facts, parent):
        for name in self.scheme.tree.below(level):
            for number, row in enumerate(facts.get(name, ()), 1):
                self.type_row(name, row, row["id"], parent, number)
                self.type_below(name, row, row["id"])

    def type_run(self, facts):
        sheet = self.book[RUN_SHEET]
        labels = {squash(sheet.cell(row, 1).value or ""): row for row in range(1, 40)}
        for fact in self.scheme.facts.values():
            if fact.level == self.scheme.tree.root and fact.name in facts:
                found = [row for text, row in labels.items() if text.startswith(squash(fact.label))]
                sheet.cell(found[0], 2).value = typed(fact, facts[fact.name])

    def type_row(self, level, facts, id, parent, number):
        paid = level == self.scheme.pay_level
        sheet = self.book[CASE_SHEET if paid else self.scheme.tree.by_name[level].label]
        own = {fact.name: fact for fact in self.scheme.facts.values() if fact.level == level}
        heads = next(row for row in range(1, 12) if squash(str(sheet.cell(row + 1, 1).value)) == "样例")
        row = self.next_row.get(level, heads + 2)
        self.next_row[level] = row + 1
        texts = [cell.value or "" for cell in sheet[heads]]
        for column in match(texts, own, self.plan.keys(level)).columns:
            cell = sheet.cell(row, column.index + 1)
            if column.role == "fact" and column.name in facts:
                cell.value = typed(own[column.name], facts[column.name])
            elif column.role == "key":
                cell.value = id if column.name == "own" else parent
            elif column.role == "subject" and column.name in ("seq", "name"):
                cell.value = str(number) if column.name == "seq" else f"算例{number}"


def with_gate(scheme, facts: Mapping) -> dict:
    """The facts of a worked case with those of the gate that it leaves out, so that the gate admits it."""
    if scheme.gate is None:
        return dict(facts)
    admitted = next(case.facts for case in scheme.gate.cases if not case.refuses and case.outcome is None)
    level = next((fact.level for fact in scheme.facts.values() if fact.origin), scheme.tree.root)
    return _merged(scheme, facts, scheme.tree.root, level, admitted)


def _merged(scheme, facts, here, level, admitted):
    if here == level:
        return {**admitted, **facts}
    found = dict(facts)
    for name in scheme.tree.below(here):
        if level in scheme.tree.by_name and name in scheme.tree.chain(level):
            found[name] = [_merged(scheme, row, name, level, admitted) for row in facts.get(name, ())]
    return found
