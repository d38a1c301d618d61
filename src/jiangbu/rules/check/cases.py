"""Worked cases: what a table says must come out, held to the fen, and which rows and requirements no case tries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from attrs import frozen

from jiangbu.rules.determination import Determination
from jiangbu.rules.findings import Findings, did_you_mean
from jiangbu.rules.formula import TableInfo
from jiangbu.rules.kinds import BadValue, Value, read_literal
from jiangbu.rules.lookup import HOLE
from jiangbu.rules.model import Case, Requirement
from jiangbu.rules.results import Outcome, RowResult
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Lookup, Marginal, Node, walk

SchemeOn = Callable[[date | None], Scheme | None]
SecondOpinion = Callable[..., Any]
Differences = Callable[[Any, Determination], Iterable[str]]


@frozen
class Ran:
    """One worked case and what came out; ``gated`` says whether the gate's requirements were asked."""

    at: int
    case: Case
    scheme: Scheme
    result: Determination
    gated: bool


@frozen
class Fault:
    """One thing about one case that does not hold, or (``severity``) that it leaves unsaid."""

    at: int
    key: str
    message: str
    witness: str = ""
    severity: Literal["error", "warning"] = "error"
    remedy: str = ""


def case_day(case: Case, first_day: date | None) -> date | None:
    """Return the day of a case: its own, else the first day in force."""
    return case.on or first_day


def names_gate(scheme: Scheme, facts: Mapping[str, Any]) -> bool:
    """Whether facts name one of the gate alone, at any level."""
    gates = set(scheme.facts) - set(scheme.ungated().facts)
    found = list(facts.items())
    while found:
        key, value = found.pop()
        if key in gates:
            return True
        if isinstance(value, list):
            found += [item for row in value if isinstance(row, dict) for item in row.items()]
    return False


def run_cases(scheme_on: SchemeOn, first_day: date | None, faults: list[Fault]) -> list[Ran]:
    """Run the worked cases of a table; what does not hold is added to ``faults``."""
    probe = scheme_on(first_day)
    by_day = {first_day: probe}  # a scheme is compiled once for all cases of a day
    ran = []
    for at, case in enumerate(probe.cases if probe is not None else ()):
        day = case_day(case, first_day)
        if day not in by_day:
            by_day[day] = scheme_on(day)
        scheme = by_day[day]
        if day is None:
            faults.append(Fault(at, "", "no first day in force is known: the case gives on = …"))
        elif scheme is None:
            faults.append(Fault(at, "on", f"the rule cannot be built for {day}"))
        elif why := _not_ruled(scheme, case, day):
            faults.append(Fault(at, why[0], why[1]))
        else:
            gated = scheme.gate is None or names_gate(scheme, case.facts)
            result = (scheme if gated else scheme.ungated()).try_determine(case.facts)
            ran.append(Ran(at, case, scheme, result, gated))
            faults += _compare(at, case, result)
    return ran


def _not_ruled(scheme: Scheme, case: Case, day: date) -> tuple[str, str] | None:
    """Say which of a case's own day, knowledge and document the rule does not answer to."""
    issued, effective = scheme.document.issued, scheme.effective
    start = effective.from_ if isinstance(effective.from_, date) else issued
    if isinstance(start, date) and day < start:
        return "on", f"the rule is in force only from {start}, the case is of {day}"
    if isinstance(effective.until, date) and day > effective.until:
        return "on", f"the rule expired on {effective.until}, the case is of {day}"
    known = issued if isinstance(issued, date) else start
    if case.known_on is not None and isinstance(known, date) and case.known_on < known:
        return "known_on", f"the document was issued on {known}, not known on {case.known_on}"
    if case.under and case.under != scheme.document.number:
        return "under", f"the rule is under {scheme.document.number!r}, not {case.under!r}"
    return None


def _compare(at: int, case: Case, result: Determination) -> Iterator[Fault]:
    if result.problems and case.outcome != "unreadable":
        for problem in result.problems:
            yield Fault(at, "facts", str(problem))
        return
    if case.outcome is not None and result.outcome.value != case.outcome:
        yield Fault(at, "outcome", f"expected {case.outcome}", f"came out {result.outcome.value}")
    if case.refuses is not None:
        found = {refusal_name(result, code, row) for code, row in _refusals(result)}
        if found != set(case.refuses):
            yield Fault(at, "refuses", f"expected {sorted(case.refuses)}", f"came out {sorted(found)}")
    if case.remarks is not None:
        names = {remark.name.rpartition(".")[2] for remark in result.remarks}
        if names != set(case.remarks):
            yield Fault(at, "remarks", f"expected {sorted(case.remarks)}", f"came out {sorted(names)}")
    for name, wanted in (case.expect or {}).items():
        yield from _expect(at, name, wanted, result)
    if result.outcome is Outcome.REFUSED and case.outcome is None and case.refuses is None:
        refused = sorted({refusal_name(result, code, row) for code, row in _refusals(result)})
        listed = '", "'.join(refused)
        unsaid = "comes out refused, which the case does not say"
        yield Fault(at, "", unsaid, f"came out {refused}", "warning", f'add refuses = ["{listed}"]')


def _refusals(result: Determination) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.row) for refusal in result.refusals]


def refusal_name(result: Determination, code: str, row: str) -> str:
    """Return a refusal as cases name it: ``enough``, ``O1: enough``, ``gate.has_mechanism``."""
    name = code.removeprefix(f"{result.head.scheme_id}.")
    return f"{row}: {name}" if row else name


def _expect(at: int, name: str, wanted: Any, result: Determination) -> Iterator[Fault]:
    scheme = result.scheme
    line = scheme.lines.get(name)
    if line is None:
        yield Fault(at, f"expect.{name}", f"there is no line {name!r}", did_you_mean(name, scheme.lines))
        return
    if line.level == result.head.root:
        if isinstance(wanted, dict):
            yield Fault(at, f"expect.{name}", f"{name} stands in the case's own row", "give its value, no paths")
            return
        rows: Mapping[str, tuple[RowResult | None, Any]] = {"": (result.root, wanted)}
    elif isinstance(wanted, dict):
        by_path = {row.path: row for row in result.rows(line.level)}
        rows = {path: (by_path.get(path), value) for path, value in wanted.items()}
    else:
        yield Fault(at, f"expect.{name}", f"{name} stands on level {line.level}", 'give { "id" = value } by path')
        return
    for path, (row, value) in rows.items():
        where = f"{path}: {name}" if path else name
        if row is None:
            yield Fault(at, f"expect.{name}", f"there is no row {path!r}")
            continue
        slot = next(slot for slot in row.layout.lines if slot.name == name)
        cell = row.data.values[row.layout.lines.index(slot)]
        found = Fraction(cell, slot.den) if isinstance(cell, int) and not isinstance(cell, bool) else cell
        try:
            exact = read_literal(slot.kind, value, {str(value): ""})
        except BadValue as error:
            yield Fault(at, f"expect.{name}", str(error))
            continue
        if found != exact:
            shown_value = row.lines[name].value
            yield Fault(at, f"expect.{name}", f"{where}: expected {value}", f"came out {shown_value}")


def hold_cases(
    scheme_on: SchemeOn,
    first_day: date | None,
    findings: Findings,
    second_opinion: SecondOpinion | None,
    differences: Differences | None,
) -> list[Ran]:
    """Run the worked cases and report every one that does not hold, here or by the second opinion."""
    faults: list[Fault] = []
    ran = run_cases(scheme_on, first_day, faults)
    for fault in faults:
        key = [part for part in fault.key.split(".") if part]
        remedy = "mend the rule or the case: its amount is worked by hand"
        if fault.remedy:
            remedy = fault.remedy
        findings.add(
            "case",
            ("cases", fault.at, *key),
            fault.message,
            severity=fault.severity,
            witness=fault.witness,
            remedy=remedy,
        )
    if second_opinion is not None and differences is not None:
        for item in ran:
            opinion = second_opinion(item.scheme, item.case.facts, gate_holds=not item.gated)
            for text in differences(opinion, item.result):
                findings.add("case", ("cases", item.at), f"the second opinion disagrees: {text}")
    return ran


def missing_cases(scheme: Scheme, ran: Iterable[Ran], findings: Findings) -> None:
    """Warn of rows of tables that no case hits, and of requirements that no case refuses."""
    items = list(ran)
    refused = {code for item in items for code, _ in _refusals(item.result)}
    for at, requirement in enumerate(_own(scheme)):
        if requirement.code not in refused:
            findings.add(
                "case-missing",
                ("requirements", at),
                f"no case is refused by {requirement.name!r}",
                severity="warning",
                remedy=f'[[cases]] refuses = ["{requirement.name}"]',
            )
    for name in sorted(_declared_lookups(scheme)):
        info = scheme.infos["", name]
        cells = info.cells
        hit = {row for item in items for row in _hits(item.result, name)}
        for number in range(len(info.table.rows)):
            if number not in hit and number not in cells.unreachable:
                findings.add(
                    "case-missing",
                    ("tables", name, "rows", number),
                    f"no case hits row {number + 1} of {name!r}",
                    severity="warning",
                    remedy="add a case at this tier",
                )


def _own(scheme: Scheme) -> list[Requirement]:
    return [item for item in scheme.requirements.values() if not item.origin]


def trees(scheme: Scheme) -> Iterator[Node]:
    """Yield every formula of a scheme's own lines and conditions."""
    found = [line.tree for line in scheme.lines.values()]
    found += [item.tree for item in _own(scheme)]
    found += [item.tree for item in scheme.checks.values() if not item.origin]
    found += [item.tree for item in scheme.remarks.values() if not item.origin]
    yield from (tree for tree in found if tree is not None)


def _declared_lookups(scheme: Scheme) -> set[str]:
    return {
        node.table
        for tree in trees(scheme)
        for node in walk(tree)
        if isinstance(node, Marginal) or (isinstance(node, Lookup) and node.declared)
    }


def _hits(result: Determination, table: str) -> Iterator[int]:
    info = result.scheme.infos.get(("", table))
    if info is None:
        return
    cells = info.cells
    levels = [symbol.level for symbol in info.inputs if symbol.level]
    tree = result.scheme.tree
    finest = max(levels, key=lambda name: len(tree.chain(name)), default=tree.root)
    progressive = any(
        isinstance(node, Marginal) and node.table == table for tree in trees(result.scheme) for node in walk(tree)
    )
    for row in result.rows(finest):
        values = [value for symbol in info.inputs if (value := value_at(row, symbol.name)) is not None]
        if len(values) == len(info.inputs):
            passed = _passed(info, values) if progressive else ()
            yield from {number for point in (values, *passed) if (number := cells.row(point)) != HOLE}


def _passed(info: TableInfo, values: list[Value]) -> Iterator[list[Value]]:
    """Yield the ends of the bands that a progressive sum runs through on its way up to a value."""
    for at, value in enumerate(values):
        if isinstance(value, Fraction):
            edges = [edge.value for row in info.table.rows for edge in row.edges.get(info.table.inputs[at], ())]
            for edge in edges:
                if isinstance(edge, Fraction) and edge <= value:
                    yield [*values[:at], edge, *values[at + 1 :]]


def value_at(row: RowResult, name: str) -> Value | None:
    """Return a fact, constant, line or column as a row sees it, exactly."""
    scheme = row.book
    if name in scheme.constants:
        return scheme.constants[name].value
    level, _, column = name.rpartition(".")
    for here in (row, *row.above):
        layout, data = here.layout, here.data
        if level and here.level != level:
            continue
        for slots, cells in (
            (layout.facts, data.facts),
            (layout.lines, data.values),
            (layout.columns, data.columns),
        ):
            for slot, cell in zip(slots, cells, strict=True):
                if slot.name == column:
                    return Fraction(cell, slot.den) if isinstance(cell, int) and not isinstance(cell, bool) else cell
    return None
