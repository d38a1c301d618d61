"""The second opinion's own door: facts as a caller gives them become rows, and every problem is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from attrs import define, field

from jiangbu.audit.made import Brought, Unusable, take
from jiangbu.audit.rule import FactRule, Formula, Rule
from jiangbu.audit.words import Unread, Value, at_the_door, plain_text

LONGEST_NAME = 100

# What a test of `needed_if` says at a row: None where one of its facts could not be read.
Needed = Callable[[Formula, "Row"], bool | None]


@define(eq=False)
class Row:
    """One row of a case: its facts and the rows below it, by level, in their order.

    ``unread`` are the levels directly below of which not all rows could be read, or it is not known how many there are.
    Rows that are given stand in the order of their ids, made rows as they are made. ``thing`` is the object of a
    row that holds one, ``cells`` are a made row's as its maker gave them, ``columns`` what either means.
    """

    level: str
    id: str
    where: str
    above: Row | None
    facts: dict[str, Value] = field(factory=dict)
    below: dict[str, list[Row]] = field(factory=dict)
    problems: list[tuple[str, str]] = field(factory=list)
    unread: set[str] = field(factory=set)
    set_aside: str | None = None
    thing: Any = None
    cells: tuple[Any, ...] | None = None
    columns: Mapping[str, Value] = field(factory=dict)

    @property
    def path(self) -> tuple[str, ...]:
        """The ids from below the root down to this row."""
        return () if self.above is None else (*self.above.path, self.id)

    def upward(self) -> Iterator[Row]:
        """Yield this row and those above it, up to the root."""
        row: Row | None = self
        while row is not None:
            yield row
            row = row.above

    def at(self, level: str) -> Row:
        """Return the row of ``level`` that this row is or stands under."""
        for row in self.upward():
            if row.level == level:
                return row
        raise ValueError(f"rows of {level} are not seen from one of {self.level}")

    def down_to(self, level: str) -> Iterator[Row]:
        """Yield the rows of ``level`` under this one that take part."""
        for rows in self.below.values():
            for row in rows:
                if row.set_aside is None:
                    if row.level == level:
                        yield row
                    yield from row.down_to(level)


def read_case(rule: Rule, facts: object, needed: Needed) -> Row:
    """Read a case into its root row; what cannot be used stands in the rows' ``problems`` as (code, path)."""
    return _read_row(rule, rule.root, facts, "", None, needed)


def _read_row(rule: Rule, level: str, given: object, where: str, above: Row | None, needed: Needed) -> Row:
    row = Row(level, "", where, above)
    if not isinstance(given, Mapping):
        row.problems.append(("kind", where.removesuffix(".")))
        row.unread.update(rule.children(level))
        return row
    by = rule.levels[level].brought
    if by is not None:
        _read_object(row, by, given)
    elif above is not None:
        _read_id(row, given)
    if above is not None and _is_set_aside(row, given.get("set_aside")):
        return _without_facts(row, holds_object=by is not None)
    own = {level} if by is not None else set()
    if above is not None:
        own |= {"set_aside"} if by is not None else {"id", "set_aside"}
    _read_facts(rule, row, given, own, needed)
    return row


def _read_facts(rule: Rule, row: Row, given: Mapping[Any, object], also: set[str], needed: Needed) -> None:
    """Read a row's facts and the rows below it; ``also`` are the keys that are neither."""
    level, where = row.level, row.where
    known = {name for name, fact in rule.facts.items() if fact.level == level} | {*rule.children(level), *also}
    strange = [name if isinstance(name, str) else repr(name) for name in given if name not in known]
    row.problems += [("unknown-fact", f"{where}{name}" if len(name) <= LONGEST_NAME else where) for name in strange]
    for name, fact in rule.facts.items():
        if fact.level == level:
            _read_fact(row, fact, given.get(name), needed)
    for child in rule.children(level):
        by = rule.levels[child].brought
        rows = _read_rows if by is None or by.is_object else _make_rows
        row.below[child] = rows(rule, child, given.get(child, ()), row, needed)
        if strange and child not in given and rows is _read_rows:
            # The strange name may be this level's, misspelt.
            row.unread.add(child)


def _without_facts(row: Row, *, holds_object: bool) -> Row:
    """Return a row set aside; one that cannot be named cannot be set aside, unless it is its object that is bad."""
    if holds_object:
        row.problems.clear()
    elif row.problems:
        row.set_aside = None
    return row


def _read_object(row: Row, by: Brought, given: Mapping[Any, object]) -> None:
    path = f"{row.where}{row.level}"
    if row.level not in given:
        row.problems.append(("missing", path))
        return
    try:
        taken = take(by, given[row.level])
    except Unusable as error:
        row.problems += [(code, f"{path}.{inside}" if inside else path) for code, inside in error.faults]
    else:
        row.thing, row.id, row.columns = taken.thing, taken.id, taken.columns


def _read_id(row: Row, given: Mapping[object, object]) -> None:
    said = given.get("id")
    try:
        row.id = plain_text(said)
    except Unread as unread:
        row.problems.append(("missing" if said is None else unread.code, f"{row.where}id"))
    else:
        if not row.id:
            row.problems.append(("missing", f"{row.where}id"))


def _is_set_aside(row: Row, reason: object) -> bool:
    if reason is None:
        return False
    try:
        row.set_aside = plain_text(reason) or None
    except Unread as unread:
        row.problems.append((unread.code, f"{row.where}set_aside"))
    return row.set_aside is not None


def _read_rows(rule: Rule, level: str, given: object, above: Row, needed: Needed) -> list[Row]:
    path = f"{above.where}{level}"
    if not isinstance(given, list | tuple):
        return _none_read(above, level, "kind", path)
    most = rule.levels[level].at_most
    if most is not None and len(given) > most:
        return _none_read(above, level, "bounds", path)
    rows: list[Row] = []
    for index, entry in enumerate(given):
        row = _read_row(rule, level, entry, f"{path}[{index}].", above, needed)
        if row.id and any(row.id == other.id for other in rows):
            # An object's id is part of the object, so that the row itself is what stands there twice.
            named = row.where.removesuffix(".") if row.thing is not None else f"{row.where}id"
            row.problems.append(("duplicate-key", named))
            row.set_aside = None
        rows.append(row)
    return sorted(rows, key=lambda row: row.id)


def _make_rows(rule: Rule, level: str, given: object, above: Row, needed: Needed) -> list[Row]:
    """Let a maker cut the rows below one, and give each the facts that were said of it."""
    path = f"{above.where}{level}"
    if not isinstance(given, list | tuple):
        return _none_read(above, level, "kind", path)
    before = len(above.problems)
    said = _said(given, path, above)
    by = rule.levels[level].brought
    assert by is not None
    thing = next((row.thing for row in above.upward() if _holds_object(rule, row)), None)
    if thing is None:
        above.unread.add(level)
        return []
    cut = by.maker.make(thing, above.cells, rule.settings)
    most = rule.levels[level].at_most
    if most is not None and len(cut) > most:
        return _none_read(above, level, "bounds", path)
    rows: list[Row] = []
    for id, cells in cut:
        row = Row(level, id, f"{path}[{id}].", above, cells=tuple(cells), columns=by.values(cells))
        _read_facts(rule, row, said.pop(id, {}), {"number", "household"}, needed)
        rows.append(row)
    above.problems += [("unknown-fact", f"{path}[{id}]") for id in said]
    if len(above.problems) > before:
        # What was said of a row that cannot be told is not used in it.
        above.unread.add(level)
    return rows


def _none_read(above: Row, level: str, code: str, path: str) -> list[Row]:
    """Return no rows, and note that there are some below ``above``."""
    above.problems.append((code, path))
    above.unread.add(level)
    return []


def _holds_object(rule: Rule, row: Row) -> bool:
    by = rule.levels[row.level].brought
    return by is not None and by.is_object


def _said(given: Sequence[object], path: str, above: Row) -> dict[str, Mapping[Any, object]]:
    """Return what is said of made rows, by household or number; what is said of none is a problem above them."""
    said: dict[str, Mapping[Any, object]] = {}
    for index, entry in enumerate(given):
        where = f"{path}[{index}]"
        if not isinstance(entry, Mapping):
            above.problems.append(("kind", where))
            continue
        named = entry.get("household", entry.get("number"))
        if not isinstance(named, str | int) or isinstance(named, bool):
            above.problems.append(("missing", where))
            continue
        try:
            id = plain_text(str(named))
        except Unread as unread:
            above.problems.append((unread.code, where))
            continue
        if id in said:
            above.problems.append(("duplicate-key", where))
        said.setdefault(id, entry)
    return said


def _read_fact(row: Row, fact: FactRule, given: object, needed: Needed) -> None:
    path = f"{row.where}{fact.name}"
    said = needed(fact.needed_if, row) if fact.needed_if is not None else None
    if given is None:
        if said is True or fact.default is None:
            row.problems.append(("missing", path))
        else:
            row.facts[fact.name] = fact.default
        return
    try:
        value = at_the_door(given, fact.kind, fact.decimals, fact.options)
    except Unread as unread:
        row.problems.append((unread.code, path))
        return
    if not all(boundary.holds(value) for boundary in fact.bounds):
        row.problems.append(("bounds", path))
    elif said is False and fact.default is not None:
        # Read, so that what is wrong is named, and then not used: the rule does not ask for it here.
        row.facts[fact.name] = fact.default
    else:
        row.facts[fact.name] = value
