"""The strict door: facts as a user gives them → integers, or every problem at once with its path."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jiangbu.errors import MoneyError, Problem
from jiangbu.money import read_rate, read_scaled, scaled_to_decimal, to_scaled
from jiangbu.rules.emit import Emitter, UnreadableStop
from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.kinds import BadValue, read_day
from jiangbu.rules.levels import MOST_ROWS
from jiangbu.rules.made import Cell, ObjectFault
from jiangbu.rules.model import Fact, Level
from jiangbu.rules.rows import FINE, FIRST_CELL, NOTHING, STATE, UNKNOWN, UNREADABLE, Row
from jiangbu.rules.tree import Node

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

MOST_CHARACTERS = 1_000
ABSENT = object()


class DoorFault(Exception):
    """A value that does not come in: code, what was found, what was expected, how to mend it."""

    def __init__(self, code: str, found: object, expected: str, remedy: str = "") -> None:
        self.code, self.expected, self.remedy = code, expected, remedy
        self.found = "nothing" if code == "missing" else shown(found)
        super().__init__(code)


def shown(value: object) -> str:
    """Write a value for a message, shortened."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**40:
        return "a number of more than 40 digits"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def clean_text(value: object, what: str) -> str:
    """Read a text: NFC, at most 1,000 characters, no control characters."""
    if not isinstance(value, str):
        raise DoorFault("kind", value, what)
    if len(value) > MOST_CHARACTERS:
        raise DoorFault("text", f"{len(value):,} characters", f"at most {MOST_CHARACTERS:,} characters")
    text = unicodedata.normalize("NFC", value)
    bad = next((sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs")), "")
    if bad:
        raise DoorFault("text", value, "text without control characters", f"take out {bad!r}")
    return text


def reader_of(fact: Fact) -> Callable[[Any], Cell]:
    """Return what reads one fact into its integer, flag or option; it raises ``DoorFault``."""
    if fact.kind == "flag":
        return _flag
    if fact.kind == "choice":
        return _choice(fact)
    assert fact.bounds is not None
    low, high = fact.bounds.grid(fact.den)
    expected = bounds_in_words(fact)
    if fact.kind == "date":
        return _bounded(_ordinal, low, high, expected)
    read = _rate(fact.decimals) if fact.kind == "rate" else _number(fact.kind, fact.decimals)
    return _bounded(read, low, high, expected)


def bounds_in_words(fact: Fact) -> str:
    """Say which values a fact may have."""
    bounds = fact.bounds
    if bounds is None:
        return "true or false" if fact.kind == "flag" else "one of " + ", ".join(fact.options)
    low, high = (_in_words(fact, end) for end in (bounds.low, bounds.high))
    words = "more than" if bounds.low_open else "at least", "less than" if bounds.high_open else "at most"
    return f"{words[0]} {low}, {words[1]} {high}"


def _in_words(fact: Fact, value: Fraction) -> str:
    if fact.kind == "date":
        return date.fromordinal(int(value)).isoformat()
    if fact.kind == "rate":
        return f"{value * 100}%" if (value * 100).denominator == 1 else str(value)
    unit = "元" if fact.kind == "money" else fact.unit
    return (
        str(value) if value.denominator == 1 else str(scaled_to_decimal(int(value * fact.den), fact.decimals))
    ) + unit


def _bounded(read: Callable[[Any], int], low: int, high: int, expected: str) -> Callable[[Any], int]:
    def bounded(value: Any) -> int:
        n = read(value)
        if not low <= n <= high:
            raise DoorFault("bounds", value, expected)
        return n

    return bounded


def _number(kind: str, decimals: int) -> Callable[[Any], int]:
    what = "an amount in yuan" if kind == "money" else "a number"

    def number(value: Any) -> int:
        try:
            return read_scaled(value, decimals)
        except MoneyError as error:
            raise _door(error, value, what) from None

    return number


def _rate(decimals: int) -> Callable[[Any], int]:
    def rate(value: Any) -> int:
        try:
            return to_scaled(read_rate(value), decimals)
        except MoneyError as error:
            raise _door(error, value, "a rate") from None

    return rate


def _door(error: MoneyError, value: object, what: str) -> DoorFault:
    return DoorFault(error.reason, value, error.expected or what, error.remedy)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise DoorFault("kind", value, "true or false")


def choice_names(fact: Fact) -> dict[str, str]:
    """Return the option that each name and each label means; a name comes before a label that looks like it."""
    options = reversed(list(fact.options.items()))
    labels = {unicodedata.normalize("NFC", label): name for name, label in options}
    return labels | {name: name for name in fact.options}


def _choice(fact: Fact) -> Callable[[Any], str]:
    names = choice_names(fact)
    options = ", ".join(f"{name} ({label})" for name, label in fact.options.items())

    def choice(value: Any) -> str:
        text = clean_text(value, "one of " + options)
        if text not in names:
            raise DoorFault("option", value, "one of " + options, did_you_mean(text, names))
        return names[text]

    return choice


def _ordinal(value: Any) -> int:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    if not isinstance(value, str | date):
        raise DoorFault("kind", value, "a day", "give a date or ISO text such as 2024-12-31")
    try:
        return read_day(value).toordinal()
    except BadValue as error:
        raise DoorFault("date", value, error.expected, error.remedy) from None


def default_cell(fact: Fact) -> Cell:
    """Return a fact's default as the evaluator holds it."""
    value = fact.default
    if isinstance(value, Fraction):
        return int(value * fact.den)
    assert value is not None
    return value


Needed = Callable[[Sequence[Any], Sequence[Sequence[Any]]], bool]
"""Whether a fact is needed, from the facts before it in its row and those of the rows above, nearest first."""


@frozen
class FactReader:
    fact: Fact
    read: Callable[[Any], Cell]
    needed: Needed | None


@frozen
class Taken:
    """Facts at the door: the rows of each level in order, what was set aside, and every problem.

    ``assumed`` holds, by the identity of the row, the facts whose default stands in.
    """

    rows: Mapping[str, list[Row]]
    aside: Mapping[int, Sequence[tuple[str, str, str]]]
    assumed: Mapping[int, tuple[str, ...]]
    problems: tuple[Problem, ...]


class Door:
    """Reads the facts of one scheme; it keeps nothing of a case."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.readers = {name: _readers(scheme, name) for name in scheme.tree.by_name}
        self.known = {
            name: [*(item.fact.name for item in readers), *scheme.tree.below(name)]
            for name, readers in self.readers.items()
        }

    def take(self, facts: Any) -> Taken:
        """Read the facts of a case; nothing is thrown, every problem is in the result."""
        taking = _Taking(self)
        root = self.scheme.tree.root
        if isinstance(facts, Mapping):
            taking.row(root, facts, None, "", "")
        else:
            taking.problem("", DoorFault("kind", facts, "a mapping of facts"))
            taking.blank(root)
        return Taken(taking.rows, taking.aside, taking.assumed, tuple(taking.problems))


def _readers(scheme: Scheme, level: str) -> list[FactReader]:
    place: dict[str, str] = {}
    for climb, upper in enumerate(scheme.tree.chain(level)[1:]):
        names = [fact.name for fact in scheme.facts.values() if fact.level == upper]
        place |= {name: f"above[{climb}][{at}]" for at, name in enumerate(names)}
    readers: list[FactReader] = []
    for fact in scheme.facts.values():
        if fact.level == level:
            needed = None if fact.needed_tree is None else _test(scheme, fact.needed_tree, dict(place))
            place[fact.name] = f"cells[{len(readers)}]"
            readers.append(FactReader(fact, reader_of(fact), needed))
    return readers


def _test(scheme: Scheme, tree: Node, place: Mapping[str, str]) -> Needed:
    constants = {("", name): item.value for name, item in scheme.constants.items()}
    if scheme.gate is not None:
        constants |= {("", name): item.value for name, item in scheme.gate.constants.items()}

    emitter = Emitter(lambda node: place[node.name], lambda _: "", {}, {}, constants, lambda _: "")
    code = compile(f"lambda cells, above: {emitter.expression(tree)}", f"<{scheme.id} needed_if>", "eval")
    test: Needed = eval(code, dict(emitter.space))
    return test


class _Taking:
    """The reading of one case."""

    def __init__(self, door: Door) -> None:
        self.door, self.scheme = door, door.scheme
        self.program = door.scheme.program
        self.rows: dict[str, list[Row]] = {name: [] for name in door.scheme.tree.by_name}
        self.aside: dict[int, list[tuple[str, str, str]]] = {}
        self.assumed: dict[int, tuple[str, ...]] = {}
        self.problems: list[Problem] = []

    def problem(self, path: str, fault: DoorFault) -> None:
        self.problems.append(Problem(fault.code, path, fault.found, fault.expected, fault.remedy))

    def blank(self, level: str) -> Row:
        row: Row = [UNREADABLE, None, [], "", "", None, None]
        row += [UNKNOWN] * (self.program.widths[level] - FIRST_CELL)
        self.rows[level].append(row)
        return row

    def row(
        self,
        level: str,
        given: Mapping[str, Any],
        parent: Row | None,
        id: str,
        path: str,
        spoiled: bool = False,
    ) -> None:
        item = self.scheme.tree.by_name[level]
        row: Row = [FINE, parent, [], id, path, None, None]
        row += [NOTHING] * (self.program.widths[level] - FIRST_CELL)
        allowed = set(self.door.known[level])
        if parent is not None:
            allowed |= {"id", "set_aside"} if not item.object else {"set_aside", level}
        elif item.object:
            allowed.add(level)
        before = len(self.problems)
        if item.object:
            self.object(item, given, row, path)
        self.facts(level, given, row, path, allowed)
        if spoiled or len(self.problems) > before:
            row[STATE] = UNREADABLE
        self.rows[level].append(row)
        self.finer(level, given, row, path)

    def object(self, item: Level, given: Mapping[str, Any], row: Row, path: str) -> None:
        kind = self.scheme.makers.objects[item.object]
        here = f"{path}{item.name}"
        try:
            if item.name not in given:
                raise DoorFault("missing", "nothing", kind.label)
            thing = kind.take(given[item.name])
            row[3], cells = kind.row(thing)
        except DoorFault as fault:
            self.problem(here, fault)
            cells = (UNKNOWN,) * len(kind.columns)  # type: ignore[assignment]
        except ObjectFault as error:
            for code, inside, found, expected, remedy in error.faults:
                where = f"{here}.{inside}" if inside else here
                self.problems.append(Problem(code, where, found, expected, remedy))
            cells = (UNKNOWN,) * len(kind.columns)  # type: ignore[assignment]
        else:
            row[5] = thing
        row[FIRST_CELL : FIRST_CELL + len(cells)] = cells

    def facts(self, level: str, given: Mapping[str, Any], row: Row, path: str, allowed: set[str]) -> None:
        start = FIRST_CELL + len(self.program.layouts[level].columns)
        cells: list[Any] = []
        assumed: list[str] = []
        above = self.facts_above(row, level)
        for reader in self.door.readers[level]:
            cells.append(self.fact(reader, given, cells, above, path, assumed))
        row[start : start + len(cells)] = cells
        if assumed:
            self.assumed[id(row)] = tuple(assumed)
        for key in given:
            if key not in allowed:
                where = f"{path}{key}" if isinstance(key, str) and len(key) <= 100 else path
                remedy = did_you_mean(key, allowed) if isinstance(key, str) and len(key) <= 100 else ""
                self.problem(where, DoorFault("unknown-fact", key, "a fact of the scheme", remedy))

    def facts_above(self, row: Row, level: str) -> list[Sequence[Any]]:
        """Return the facts of the rows above, nearest first."""
        found, upper = [], row[1]
        for name in self.scheme.tree.chain(level)[1:]:
            start = FIRST_CELL + len(self.program.layouts[name].columns)
            found.append(upper[start : start + len(self.door.readers[name])])
            upper = upper[1]
        return found

    def fact(
        self,
        reader: FactReader,
        given: Mapping[str, Any],
        cells: Sequence[Any],
        above: Sequence[Sequence[Any]],
        path: str,
        assumed: list[str],
    ) -> Any:
        fact, undecided = reader.fact, False
        if reader.needed is not None:
            try:
                if not reader.needed(cells, above):
                    return default_cell(fact)
            except UnreadableStop:
                undecided = True
        value = given.get(fact.name)
        try:
            if value is None and undecided:
                return UNKNOWN
            if value is None:
                if fact.has_default and reader.needed is None:
                    assumed.append(fact.name)
                    return default_cell(fact)
                raise DoorFault("missing", "nothing", f"{fact.label}: {bounds_in_words(fact)}", f"give {fact.name}")
            return reader.read(value)
        except DoorFault as fault:
            self.problem(path + fact.name, fault)
            return UNKNOWN

    def finer(self, level: str, given: Mapping[str, Any], row: Row, path: str) -> None:
        for name in self.scheme.tree.below(level):
            item = self.scheme.tree.by_name[name]
            rows = given.get(name, ())
            where = f"{path}{name}"
            if not isinstance(rows, list | tuple):
                self.problem(where, DoorFault("kind", rows, "a list of rows", f'"{name}": [{{…}}, …]'))
                row[STATE] = UNREADABLE
                continue
            if item.made_by:
                self.made(item, rows, row, where)
            else:
                self.typed(item, rows, row, where)

    def typed(self, item: Level, rows: Sequence[Any], parent: Row, where: str) -> None:
        most = item.at_most or MOST_ROWS
        if len(rows) > most:
            self.problem(where, DoorFault("bounds", f"{len(rows):,} rows", f"at most {most:,} rows"))
            parent[STATE] = UNREADABLE
            return
        ready: list[tuple[str, int, Mapping[str, Any], bool]] = []
        seen: dict[str, int] = {}
        for at, given in enumerate(rows):
            path = f"{where}[{at}]"
            if not isinstance(given, Mapping):
                self.problem(path, DoorFault("kind", given, "a row: a mapping of facts"))
                self.blank(item.name)[1] = parent
                continue
            before, id = len(self.problems), ""
            try:
                id = self.id_of(item, given)
                if id and id in seen:
                    raise DoorFault("duplicate-key", id, "an id that no other row here has", f"row {seen[id]} has it")
                seen[id] = at
            except DoorFault as fault:
                self.problem(path if item.object else f"{path}.id", fault)
            if given.get("set_aside") not in (None, ""):
                try:
                    reason = clean_text(given["set_aside"], "a reason")
                except DoorFault as fault:
                    self.problem(f"{path}.set_aside", fault)
                if len(self.problems) == before:
                    self.aside.setdefault(_key(parent), []).append((item.name, id, reason))
                    continue
            ready.append((id, at, given, len(self.problems) > before))
        for id, at, given, spoiled in sorted(ready, key=lambda entry: entry[0]):
            self.row(item.name, given, parent, id, f"{where}[{at}].", spoiled)

    def id_of(self, item: Level, given: Mapping[str, Any]) -> str:
        """Return the id of a row; empty where it is an object's that cannot be read."""
        if item.object:
            kind = self.scheme.makers.objects[item.object]
            try:
                return kind.row(kind.take(given.get(item.name)))[0]
            except ObjectFault:
                return ""
        if given.get("id") is None:
            raise DoorFault("missing", "nothing", "the row's id", 'give "id"')
        text = clean_text(given["id"], "text that names the row")
        if not text.strip():
            raise DoorFault("missing", given["id"], "the row's id", 'give "id"')
        return text

    def made(self, item: Level, rows: Sequence[Any], parent: Row, where: str) -> None:
        maker = self.scheme.makers.rows[item.made_by]
        holder, above = parent, None
        if self.scheme.tree.by_name[item.of].made_by:
            columns = len(self.program.layouts[item.of].columns)
            above = tuple(parent[FIRST_CELL : FIRST_CELL + columns])
        while holder is not None and holder[5] is None:
            holder = holder[1]
        before = len(self.problems)
        given = self.given_rows(item, rows, where)
        if len(self.problems) > before:
            parent[STATE] = UNREADABLE
        if holder is None:
            return
        settings = {name: self.scheme.settings.get(name) for name in self.scheme.makers.sections}
        cut = maker.make(holder[5], above, settings)
        if item.at_most is not None and len(cut) > item.at_most:
            self.problem(where, DoorFault("bounds", f"{len(cut):,} rows", f"at most {item.at_most:,} rows"))
            parent[STATE] = UNREADABLE
        for id, cells in cut:
            facts = given.pop(id, {})
            at = f"{where}[{id}]."
            row: Row = [FINE, parent, [], id, at, None, None]
            row += [NOTHING] * (self.program.widths[item.name] - FIRST_CELL)
            row[FIRST_CELL : FIRST_CELL + len(cells)] = cells
            before = len(self.problems)
            self.facts(item.name, facts, row, at, {*self.door.known[item.name], "number", "household"})
            if len(self.problems) > before:
                row[STATE] = UNREADABLE
            self.rows[item.name].append(row)
            self.finer(item.name, facts, row, at)
        for id in given:
            self.problem(f"{where}[{id}]", DoorFault("unknown-fact", id, f"a row that {item.made_by} makes"))
            parent[STATE] = UNREADABLE

    def given_rows(self, item: Level, rows: Sequence[Any], where: str) -> dict[str, Mapping[str, Any]]:
        given: dict[str, Mapping[str, Any]] = {}
        for at, row in enumerate(rows):
            if not isinstance(row, Mapping):
                self.problem(f"{where}[{at}]", DoorFault("kind", row, "a row: a mapping of facts"))
                continue
            id = row.get("household", row.get("number"))
            if not isinstance(id, str | int) or isinstance(id, bool):
                self.problem(f"{where}[{at}]", DoorFault("missing", "nothing", "the number or household of the row"))
                continue
            try:
                name = clean_text(str(id), "the number or household of the row")
                if name in given:
                    raise DoorFault("duplicate-key", id, "each row once")
                given[name] = row
            except DoorFault as fault:
                self.problem(f"{where}[{at}]", fault)
        return given


def _key(row: Row) -> int:
    return id(row)


def as_given(slot_kind: str, den: int, cell: Cell) -> Any:
    """Return a fact as a user would give it: Decimal, flag, date, or the option's name."""
    if slot_kind in ("flag", "choice", "text"):
        return cell
    assert isinstance(cell, int)
    if slot_kind == "date":
        return date.fromordinal(cell)
    places = len(str(den)) - 1
    return scaled_to_decimal(cell, places) if den == 10**places else Fraction(cell, den)
