"""The reading of one case: its rows, level by level, each with its facts, and every problem with its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jiangbu.errors import Problem
from jiangbu.rules.door.faults import DoorFault, clean_text, shown
from jiangbu.rules.door.needed import FactReader
from jiangbu.rules.door.values import bounds_in_words, default_cell
from jiangbu.rules.emit import UnreadableStop
from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.levels import MOST_ROWS
from jiangbu.rules.made import Cell, ObjectFault
from jiangbu.rules.model import Level
from jiangbu.rules.rows import FINE, FIRST_CELL, NOTHING, OBJECT, PARENT, STATE, UNKNOWN, UNREADABLE, Row

if TYPE_CHECKING:
    from jiangbu.rules.door import Door


MOST_GUESSES = 50
"""For so many unknown names of a case the nearest known one is looked for; a search takes long beside a reading."""


class Taking:
    """The reading of one case."""

    def __init__(self, door: Door) -> None:
        self.door, self.scheme = door, door.scheme
        self.program = door.scheme.program
        self.rows: dict[str, list[Row]] = {name: [] for name in door.scheme.tree.by_name}
        self.aside: dict[int, list[tuple[str, str, str]]] = {}
        self.assumed: dict[int, tuple[str, ...]] = {}
        self.problems: list[Problem] = []
        self.unknown = 0

    def problem(self, path: str, fault: DoorFault) -> None:
        self.problems.append(Problem(fault.code, path, fault.found, fault.expected, fault.remedy))

    def blank(self, level: str, parent: Row | None, path: str | None) -> None:
        """Add a row of which nothing could be read, nor whether any stand below it; without a path it is a stand-in."""
        row: Row = [UNREADABLE, parent, [], "", path, None, None]
        row += [UNKNOWN] * (self.program.widths[level] - FIRST_CELL)
        self.rows[level].append(row)
        for name in self.scheme.tree.below(level):
            self.unread(name, row)

    def unread(self, level: str, parent: Row) -> None:
        """Let one row stand for those of a level that were not read, so that nothing over them has a value."""
        parent[STATE] = UNREADABLE
        self.blank(level, parent, None)

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
        before, known = len(self.problems), self.unknown
        if item.object:
            self.object(item, given, row, path)
        self.facts(level, given, row, path, allowed)
        if spoiled or len(self.problems) > before:
            row[STATE] = UNREADABLE
        self.rows[level].append(row)
        self.finer(level, given, row, path, strange=self.unknown > known)

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
                name = key if isinstance(key, str) else shown(key)
                short = len(name) <= 100
                self.unknown += 1
                remedy = did_you_mean(name, allowed) if short and self.unknown <= MOST_GUESSES else ""
                where = f"{path}{name}" if short else path
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
        fact, needed = reader.fact, True
        if reader.needed is not None:
            try:
                needed = bool(reader.needed(cells, above))
            except UnreadableStop:
                # Whether it is missing cannot be said; what is given must be right in any case.
                if given.get(fact.name) is None:
                    return UNKNOWN
        value = given.get(fact.name)
        try:
            if value is None:
                return self.blank_fact(reader, needed, assumed)
            read = reader.read(value)
        except DoorFault as fault:
            self.problem(path + fact.name, fault)
            return UNKNOWN
        if needed:
            return read
        # What was filled in without being asked for is not used, and the determination says so.
        assumed.append(fact.name)
        return default_cell(fact)

    def blank_fact(self, reader: FactReader, needed: bool, assumed: list[str]) -> Cell:
        """Return what stands for a fact without a value; raises ``DoorFault`` where it is missing."""
        fact = reader.fact
        if not needed:
            return default_cell(fact)
        if not fact.has_default or reader.needed is not None:
            raise DoorFault("missing", "nothing", f"{fact.label}: {bounds_in_words(fact)}", f"give {fact.name}")
        assumed.append(fact.name)
        return default_cell(fact)

    def finer(self, level: str, given: Mapping[str, Any], row: Row, path: str, *, strange: bool = False) -> None:
        """Read the rows below; in a ``strange`` row (an unknown name stands in it) a level may be there misspelt."""
        for name in self.scheme.tree.below(level):
            item = self.scheme.tree.by_name[name]
            rows = given.get(name, ())
            where = f"{path}{name}"
            if not isinstance(rows, list | tuple):
                self.problem(where, DoorFault("kind", rows, "a list of rows", f'"{name}": [{{…}}, …]'))
                self.unread(name, row)
            elif item.made_by:
                self.made(item, rows, row, where)
            elif strange and name not in given:
                self.unread(name, row)
            else:
                self.typed(item, rows, row, where)

    def typed(self, item: Level, rows: Sequence[Any], parent: Row, where: str) -> None:
        most = item.at_most or MOST_ROWS
        if len(rows) > most:
            self.problem(where, DoorFault("bounds", f"{len(rows):,} rows", f"at most {most:,} rows"))
            self.unread(item.name, parent)
            return
        ready: list[tuple[str, int, Mapping[str, Any], bool]] = []
        aside: list[tuple[str, str, str]] = []
        seen: dict[str, int] = {}
        for at, given in enumerate(rows):
            path = f"{where}[{at}]"
            if not isinstance(given, Mapping):
                self.problem(path, DoorFault("kind", given, "a row: a mapping of facts"))
                self.blank(item.name, parent, f"{path}.")
                continue
            before, name = len(self.problems), ""
            try:
                name = self.id_of(item, given)
                if name and name in seen:
                    raise DoorFault(
                        "duplicate-key", name, "an id that no other row here has", f"row {seen[name]} has it"
                    )
                seen[name] = at
            except DoorFault as fault:
                self.problem(path if item.object else f"{path}.id", fault)
            if given.get("set_aside") not in (None, ""):
                try:
                    reason = clean_text(given["set_aside"], "a reason")
                except DoorFault as fault:
                    self.problem(f"{path}.set_aside", fault)
                if len(self.problems) == before:
                    aside.append((item.name, name, reason))
                    continue
            ready.append((name, at, given, len(self.problems) > before))
        if aside:
            self.aside.setdefault(id(parent), []).extend(sorted(aside))
        for name, at, given, spoiled in sorted(ready, key=lambda entry: entry[0]):
            self.row(item.name, given, parent, name, f"{where}[{at}].", spoiled)

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
        holder, level, above = parent, item.of, None
        if self.scheme.tree.by_name[item.of].made_by:
            columns = len(self.program.layouts[item.of].columns)
            above = tuple(parent[FIRST_CELL : FIRST_CELL + columns])
        while holder is not None and not self.scheme.tree.by_name[level].object:
            holder, level = holder[PARENT], self.scheme.tree.by_name[level].of
        before = len(self.problems)
        given = self.given_rows(item, rows, where)
        if holder is None or holder[OBJECT] is None:
            self.unread(item.name, parent)
            return
        if len(self.problems) > before:
            self.unread(item.name, parent)
        settings = {name: self.scheme.settings.get(name) for name in self.scheme.makers.sections}
        cut = maker.make(holder[5], above, settings)
        if item.at_most is not None and len(cut) > item.at_most:
            self.problem(where, DoorFault("bounds", f"{len(cut):,} rows", f"at most {item.at_most:,} rows"))
            self.unread(item.name, parent)
            return
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
        if given:
            self.unread(item.name, parent)

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
