"""Deciding one case with all its rows: what the kernel says, row by row, in the words and cells of the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from jiangbu.desk import words
from jiangbu.desk.case import Case
from jiangbu.desk.cells import INAPPLICABLE
from jiangbu.desk.decision import COUNTED, ZERO, Decision, Reason
from jiangbu.desk.forest import UNREADABLE_KEY, Node, facts_of, find, pair
from jiangbu.errors import Problem
from jiangbu.rules.determination import Determination
from jiangbu.rules.model import Fact
from jiangbu.rules.results import RowResult
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.told import Refusal
from jiangbu.rules.tree import Aggregate, Allocate, walk
from jiangbu.rules.words.complaints import how_to_fill, labelled
from jiangbu.rules.words.conditions import rule
from jiangbu.rules.words.formulas import Writer
from jiangbu.rules.words.headings import clause_text

# So many cells are named to a row that cannot be computed because of others, and so many rows set aside.
MOST_NAMED = 3
# How the remark begins that a sum or a pot left out rows that were set aside.
WITHOUT = "合计、分配时未计入已搁置的"


def decide_row(scheme: Scheme, case: Case) -> Decision:
    """Decide a case that is one row."""
    if case.set_aside:
        return _aside(case, case.set_aside)
    if case.problems:
        result = scheme.try_determine(case.facts)
        problems = (*case.problems, *_one_row_problems(scheme, case, result))
        return Decision(case, "unreadable", remarks=case.remarks, problems=problems)
    result = scheme.try_determine(case.facts, subject=dict(case.subject))
    outcome = result.outcome.value
    if outcome == "unreadable":
        problems = tuple(_one_row_problems(scheme, case, result))
        return Decision(case, "unreadable", remarks=case.remarks, problems=problems)
    reasons = _reasons(scheme, outcome, result)
    remarks = (*case.remarks, *(remark.sentence for remark in result.remarks))
    return Decision(case, outcome, result, result, result.amount, reasons, remarks)


def _one_row_problems(scheme: Scheme, case: Case, result: Determination) -> Iterator[Problem]:
    node = Node(case, problems=list(case.problems))
    for problem in result.problems:
        if _is_news(node, problem.path, problem):
            yield _at_its_cell(scheme, node, problem.path, problem)


def decide_tree(scheme: Scheme, root: Node, strays: Sequence[Problem] = ()) -> dict[int, Decision]:
    """Decide a case of several rows; every row's decision by the identity of its node.

    ``strays`` are the problems of rows that stand nowhere; a row that they might belong to names them.
    """
    if root.set_aside:
        return {id(node): _aside(node.case, node.set_aside) for node in root.walk()}
    result = scheme.try_determine(facts_of(root), subject=dict(root.case.subject))
    for problem in result.problems:
        node, rest = find(root, problem.path)
        # Too many rows of a level are told at the first row too many.
        if node is not None and rest not in scheme.tree.by_name and _is_news(node, rest, problem):
            node.problems.append(_at_its_cell(scheme, node, rest, problem))
    view = _View(scheme, root, result, pair(root, result.root), tuple(strays), _set_aside_remark(scheme, root))
    return {id(node): view.decide(node) for node in root.walk()}


def refuse_tree(root: Node, reason: Reason) -> dict[int, Decision]:
    """Every row of a case to which no rule applies, with the reason; the unreadable stay so."""
    return {id(node): _without_rule(node, "refused", reason) for node in root.walk()}


def spoil_tree(root: Node) -> dict[int, Decision]:
    """Every row of a case whose own row has a problem that leaves nothing to compute."""
    return {id(node): _without_rule(node, "unreadable", _because(root.problems)) for node in root.walk()}


def _without_rule(node: Node, outcome: str, reason: Reason) -> Decision:
    case = node.case
    if node.set_aside:
        return _aside(case, node.set_aside)
    if node.problems:
        return Decision(case, "unreadable", remarks=case.remarks, problems=tuple(node.problems))
    return Decision(case, outcome, reasons=(reason,), remarks=case.remarks)


def _aside(case: Case, reason: str) -> Decision:
    return Decision(case, "set_aside", reasons=(Reason(reason),), remarks=case.remarks)


@frozen
class _View:
    """A case as decided by the kernel, and what its rows need to know of one another."""

    scheme: Scheme
    root: Node
    result: Determination
    rows: dict[int, RowResult]
    strays: tuple[Problem, ...]
    without: str

    def decide(self, node: Node) -> Decision:
        """The decision on one row."""
        case = node.case
        if node.set_aside:
            return _aside(case, node.set_aside)
        if node.problems:
            return Decision(case, "unreadable", remarks=case.remarks, problems=tuple(node.problems))
        row: Determination | RowResult | None = self.result if node is self.root else self.rows.get(id(node))
        outcome = self._outcome(node, row)
        if row is None or outcome == "unreadable":
            return Decision(case, "unreadable", reasons=(_because(self._origins(node)),), remarks=case.remarks)
        own = row.root if isinstance(row, Determination) else row
        paid = case.level == self.scheme.pay_level
        amount = row.amount if paid and row.amount is not None else ZERO
        said = [remark.sentence for remark in own.remarks]
        if self.without and (paid or node is self.root):
            said.append(self.without)
        reasons = _reasons(self.scheme, outcome, row)
        return Decision(case, outcome, self.result, row, amount, reasons, (*case.remarks, *said))

    def _outcome(self, node: Node, row: Determination | RowResult | None) -> str:
        if row is None:
            return "unreadable"
        if node.case.level == self.scheme.pay_level:
            return row.outcome.value if row.outcome is not None else "unreadable"
        own = row.root if isinstance(row, Determination) else row
        return "unreadable" if own.unreadable else "refused" if own.refused else COUNTED

    def _origins(self, node: Node) -> Sequence[Problem]:
        """The problems that may have made a row unreadable: above it, in it, strays, and last of the whole case."""
        above: Node | None = node.above
        found: list[Problem] = []
        while above is not None:
            found = [*above.problems, *found]
            above = above.above
        found += [problem for inner in node.walk() for problem in inner.problems]
        if not found and any(inner.strays for inner in self.root.walk()):
            found += self.strays
        return found or [problem for inner in self.root.walk() for problem in inner.problems]


def _because(problems: Sequence[Problem]) -> Reason:
    cells = list(dict.fromkeys(problem.path for problem in problems))
    more = f" 等 {len(cells)} 处" if len(cells) > MOST_NAMED else ""
    told = "、".join(cells[:MOST_NAMED]) + more
    return Reason(f"与本行一并计算的数据有问题（{told}），改正后才能计算", "", "spread")


def _set_aside_remark(scheme: Scheme, root: Node) -> str:
    """What is said where a sum or a pot left out rows that were set aside."""
    summed = _summed_levels(scheme)
    left = [
        node.case
        for node in root.walk()
        if node.case.set_aside and any(node.case.level in scheme.tree.chain(level) for level in summed)
    ]
    if not left:
        return ""
    names = "、".join(case.id or f"第 {case.row + 1} 行" for case in left[:MOST_NAMED])
    more = f" 等 {len(left)} 行" if len(left) > MOST_NAMED else ""
    return f"{WITHOUT} {names}{more}"


def _summed_levels(scheme: Scheme) -> set[str]:
    """The levels whose rows are added up, counted or share in a total."""
    placed = [(line.level, line.tree) for line in scheme.lines.values()]
    placed += [(item.level, item.tree) for item in scheme.requirements.values()]
    found: set[str] = set()
    for level, tree in placed:
        for node in walk(tree) if tree is not None else ():
            if isinstance(node, Aggregate):
                found.add(node.level)
            elif isinstance(node, Allocate):
                found.add(level)
    return found


def _reasons(scheme: Scheme, outcome: str, row: Determination | RowResult) -> tuple[Reason, ...]:
    if outcome == "refused":
        own = row.root if isinstance(row, Determination) else row
        return tuple(_reason(scheme, refusal) for refusal in own.refusals)
    return (Reason(words.nil_reason(row), "", "nil"),) if outcome == "nil" else ()


def source_of(refusal: Refusal) -> str:
    """Return the clause of a refusal, 条款号未见 for one; that of a gate's own document with its number."""
    own = refusal.scheme is None or refusal.document == refusal.scheme.document.number
    clause = clause_text(refusal.clause)
    return clause if own else f"{refusal.document}{clause}"


def _reason(scheme: Scheme, refusal: Refusal) -> Reason:
    told = [f"{_label(scheme, name)}：{words.value_text(scheme, name, value)}" for name, value in refusal.facts.items()]
    whose = f"{refusal.row}：" if refusal.row and refusal.data is None else ""
    return Reason(f"{whose}{refusal.sentence}", source_of(refusal), refusal.code, "；".join(told))


def _label(scheme: Scheme, name: str) -> str:
    part = scheme.facts.get(name) or scheme.lines.get(name)
    return part.label if part is not None else name


def _is_news(node: Node, rest: str, problem: Problem) -> bool:
    """Whether the kernel's problem says more than the row's cells: beside an unreadable one only what is missing.

    What is missing is certain; a check may fail for want of the cell that could not be read.
    """
    if rest == UNREADABLE_KEY or node.case.path(rest) in {one.path for one in node.problems}:
        return False
    return not node.problems or (problem.code == "missing" and rest != "id")


def _at_its_cell(scheme: Scheme, node: Node, rest: str, problem: Problem) -> Problem:
    fact = scheme.facts.get(rest)
    if fact is not None:
        told = words.kernel_problem(problem, fact, node.case.path(rest))
        return _needed_here(scheme, node.case, fact, told) if problem.code == "missing" and fact.needed_tree else told
    return _between(scheme, node.case, evolve(problem, path=rest))


def _needed_here(scheme: Scheme, case: Case, fact: Fact, told: Problem) -> Problem:
    """A cell that only some cases need and this one does, blank or said not to apply: for which reason it is needed."""
    assert fact.needed_tree is not None
    why = rule(Writer(scheme, "zh", fact.origin, level=fact.level), fact.needed_tree)
    if fact.name in case.inapplicable:
        return evolve(told, found=INAPPLICABLE, remedy=f"{why}，此格须填写，不能填“{INAPPLICABLE}”")
    return evolve(told, remedy=f"{why}，此格须填写：{how_to_fill(fact)}")


def _between(scheme: Scheme, case: Case, problem: Problem) -> Problem:
    """A problem of several facts together, told at the first cell that it names, with labels for names."""
    names = re.findall(r"[a-z][a-z0-9_]*", f"{problem.path} {problem.found}")
    known = [name for name in names if name in scheme.facts]
    check = scheme.checks.get(problem.path) if problem.code == "check" else None
    if check is not None and check.tree is not None:
        path = case.path(known[0] if known else problem.path)
        holds = rule(Writer(scheme, "zh", check.origin, level=check.level), check.tree)
        remedy = f"{check.otherwise}；请核对后改正"
        return Problem("check", path, labelled(scheme, problem.found), holds, remedy)
    found = re.sub(r"[a-z][a-z0-9_]*", lambda match: _label(scheme, match.group()), problem.found)
    path = case.path(known[0] if known else problem.path)
    return words.kernel_problem(evolve(problem, found=found), None, path)
