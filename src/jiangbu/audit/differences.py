"""Where a second opinion and a determination part, told line by line with zero tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from jiangbu.audit.opinion import Opinion, OpinionRow
from jiangbu.audit.words import Value


def differences(opinion: Opinion, determination: Any) -> tuple[str, ...]:
    """Compare an opinion with a determination, exactly; nothing is returned where they agree.

    Outcome, amount, problems, refusals, remarks and every line of every row are compared, those of a case that cannot
    be read too: what rests on rows or facts that were not read has no value and refuses nobody.
    """
    found = list(_compare("outcome", opinion.outcome, _plain(determination.outcome)))
    found += _compare("amount", opinion.amount, _plain(determination.amount))
    theirs = sorted({(problem.code, problem.path) for problem in determination.problems})
    found += _compare("problems", opinion.problems, tuple(theirs))
    refusals = sorted(_under(refusal.row, refusal.code) for refusal in determination.refusals)
    found += _compare("refusals", opinion.refusals, tuple(refusals))
    remarks = sorted(_under(remark.row, remark.name) for remark in determination.remarks)
    found += _compare("remarks", opinion.remarks, tuple(remarks))
    found += _compare_lines("", opinion.lines, determination.lines)
    for level, rows in opinion.rows.items():
        found += _compare_rows(level, rows, determination, opinion.outcome == "unreadable")
    return tuple(found)


def _under(row: str, name: str) -> str:
    return f"{row}: {name}" if row else name


def _compare(what: str, ours: object, theirs: object) -> Iterator[str]:
    # True == 1 in Python, and a flag is not a number here.
    if isinstance(ours, bool) is not isinstance(theirs, bool) or ours != theirs:
        yield f"{what}: second opinion {ours}, determination {theirs}"


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    return value


def _compare_lines(path: str, ours: Mapping[str, Value | None], theirs: Mapping[str, Any]) -> Iterator[str]:
    given = {name: _plain(line.value) for name, line in theirs.items()}
    for name in sorted(ours.keys() | given.keys()):
        where = f"{path}: {name}" if path else name
        yield from _compare(where, ours.get(name, "nothing"), given.get(name, "nothing"))


def _compare_rows(level: str, ours: Sequence[OpinionRow], above: Any, unreadable: bool) -> Iterator[str]:
    theirs = {row.id: row for row in above.rows(level)}
    taking_part = [row for row in ours if row.set_aside is None]
    if unreadable and not theirs:
        return
    ids = [row.id for row in taking_part]
    if unreadable:
        # Ids may be what cannot be read; rows are then compared as far as their ids tell them apart.
        taking_part = [row for row in taking_part if ids.count(row.id) == 1]
    else:
        yield from _compare(f"rows of {level}", sorted(ids), sorted(theirs))
    for row in taking_part:
        if row.id not in theirs:
            continue
        their = theirs[row.id]
        if row.outcome is not None:
            yield from _compare(f"{row.path}: outcome", row.outcome, _plain(their.outcome))
            yield from _compare(f"{row.path}: amount", row.amount, _plain(their.amount))
        yield from _compare_lines(row.path, row.lines, their.lines)
        for below, rows in row.rows.items():
            yield from _compare_rows(below, rows, their, unreadable)
