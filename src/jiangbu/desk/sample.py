"""The sample row of the template: the facts of a worked case of the rule, and of its gate, as a clerk types them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from jiangbu.desk.layout import Shown
from jiangbu.rules.kinds import read_literal
from jiangbu.rules.model import Case, Fact
from jiangbu.rules.scheme import Scheme

# Round numbers for a fact of which no worked case speaks; the first that its bounds hold.
_PLAIN: Mapping[str, Fraction] = {"number": Fraction(30), "money": Fraction(2000)}
_ROUND = tuple(Fraction(number) for number in (100, 10, 1, 0, 10_000, 1_000_000))


def sample_rows(scheme: Scheme) -> Mapping[str, Mapping[str, Shown]]:
    """One row of every level, by level and fact: of the first worked case that is paid, else what bounds allow."""
    given = _first_paid(scheme)
    gate = _first_paid(scheme.gate) if scheme.gate is not None else {}
    rows: dict[str, dict[str, Shown]] = {}
    for level, names in _by_level(scheme).items():
        row = _row_of(scheme, given, level)
        rows[level] = {name: _sample(scheme.facts[name], row, gate) for name in names}
    return rows


def _sample(fact: Fact, row: Mapping[str, Any], gate: Mapping[str, Any]) -> Shown:
    if fact.name in row or fact.name not in gate:
        return _typed(fact, row.get(fact.name))
    shown = _typed(fact, gate[fact.name])
    plain = _PLAIN.get(fact.kind)
    # The cases of a gate stand at its boundaries: one household, one fen. A sample should look like a case of life.
    if plain is None or fact.bounds is None or not isinstance(shown, Fraction):
        return shown
    return plain if shown < plain and plain in fact.bounds else shown


def _by_level(scheme: Scheme) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in scheme.tree.by_name}
    for fact in scheme.facts.values():
        found[fact.level].append(fact.name)
    return found


def _first_paid(scheme: Scheme) -> Mapping[str, Any]:
    """The facts of the first worked case in which nothing is refused."""
    return next((case.facts for case in scheme.cases if _is_paid(case)), {})


def _is_paid(case: Case) -> bool:
    return not case.refuses and case.outcome is None


def _row_of(scheme: Scheme, given: Mapping[str, Any], level: str) -> Mapping[str, Any]:
    """The first row of a level in the facts of a case; empty where it has none."""
    row: Any = given
    for name in reversed(scheme.tree.chain(level)[:-1]):
        rows = row.get(name) or [{}]
        row = rows[0]
    return row if isinstance(row, Mapping) else {}


def _typed(fact: Fact, given: Any) -> Shown:
    if given is None:
        return _stand_in(fact)
    value = read_literal(fact.kind, given, fact.options)
    if fact.kind == "date" and isinstance(value, Fraction):
        return datetime.date.fromordinal(int(value))
    return fact.options[value] if isinstance(value, str) and fact.kind == "choice" else value


def _stand_in(fact: Fact) -> Shown:
    """A plain answer for a fact of which no case speaks; nothing where the fact may stay blank."""
    if fact.has_default:
        return None
    if fact.kind == "flag":
        return False
    if fact.kind == "choice":
        return next(iter(fact.options.values()))
    return next(_inside(fact), None)


def _inside(fact: Fact) -> Iterator[Shown]:
    if fact.bounds is None:
        return
    low, high = fact.bounds.grid(fact.den)
    if fact.kind == "date":
        yield datetime.date.fromordinal(low)
    yield from (number for number in _ROUND if fact.kind != "rate" and number in fact.bounds)
    yield Fraction((low + high) // 2, fact.den)
