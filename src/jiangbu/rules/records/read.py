"""The parts of a stored record → what a determination holds; every fault is collected with its path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import astuple, frozen

from jiangbu.errors import Problem
from jiangbu.rules.determination import Determination
from jiangbu.rules.door.faults import shown
from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.kinds import NUMERIC, BadValue, read_day
from jiangbu.rules.layout import Layout, Slot
from jiangbu.rules.made import Cell, ObjectFault
from jiangbu.rules.records.shape import Stored, StoredLevel, StoredRow, StoredSlot, structure
from jiangbu.rules.records.strict_json import Path, at, given_back
from jiangbu.rules.stored import NO_REST, Head, Rest, RowData

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

_NUMBER = re.compile(r"(-?[0-9]+)(?:\.([0-9]+)|/0*([1-9][0-9]*))?", re.ASCII)
LONGEST_NUMBER = 10_000
MOST_DECIMALS = 100


def head_of(stored: Stored, problems: list[Problem]) -> Head:
    """Rebuild, without tables, what all determinations of one scheme share."""
    layouts: dict[str, Layout] = {}
    for place, level in enumerate(stored.levels):
        path: Path = ("levels", place)
        if level.name in layouts:
            problems.append(Problem("duplicate-key", at((*path, "name")), shown(level.name), "each level once"))
        if (level.of not in layouts) if place else level.of:
            expected = "a level before it" if place else "nothing: the first level is the root"
            problems.append(Problem("unknown-name", at((*path, "of")), shown(level.of), expected))
        below = tuple(item.name for item in stored.levels if item.of == level.name)
        layouts[level.name] = _layout(level, below, path, problems)
    gate = stored.gate
    head = Head(
        stored.format, stored.scheme.id, stored.scheme.place, stored.scheme.digest, gate.id if gate else "",
        gate.digest if gate else "", stored.series, stored.on, stored.known_on, stored.under, layouts,
        stored.pay_level, stored.pays, tuple(stored.parts), stored.recovers,
        {level.name: tuple(level.remarks) for level in stored.levels},
    )  # fmt: skip
    _hold_pay(head, problems)
    return head


def _layout(level: StoredLevel, below: tuple[str, ...], path: Path, problems: list[Problem]) -> Layout:
    read = {
        part: tuple(_slot(slot, (*path, part, place), problems) for place, slot in enumerate(slots))
        for part, slots in (("columns", level.columns), ("facts", level.facts), ("lines", level.lines))
    }
    names = {part: [slot.name for slot in slots] for part, slots in read.items()}
    for part, given in (names | {"codes": level.codes, "remarks": level.remarks}).items():
        if len(set(given)) < len(given):
            twice = next(name for name in given if given.count(name) > 1)
            problems.append(Problem("duplicate-key", at((*path, part)), shown(twice), "each name once"))
    return Layout(
        level.name,
        level.of,
        read["columns"],
        read["facts"],
        read["lines"],
        tuple(level.codes),
        below,
        level.made,
    )


def _slot(slot: StoredSlot, path: Path, problems: list[Problem]) -> Slot:
    den = 1
    if slot.denominator:
        match = re.fullmatch(r"[1-9][0-9]*", slot.denominator[:MOST_DECIMALS], re.ASCII)
        if match is None or slot.denominator != match[0]:
            problems.append(Problem("bad-value", at((*path, "denominator")), shown(slot.denominator), "a whole number"))
        else:
            den = int(match[0])
    elif 0 <= slot.decimals <= MOST_DECIMALS:
        den = 10**slot.decimals
    else:
        problems.append(Problem("bad-value", at((*path, "decimals")), shown(slot.decimals), f"0 … {MOST_DECIMALS}"))
    if den > 1 and slot.kind not in NUMERIC:
        problems.append(Problem("bad-value", at(path), f"a {slot.kind} on a grid", "a grid for numbers only"))
    return Slot(slot.name, slot.kind, den, slot.exact)


def _hold_pay(head: Head, problems: list[Problem]) -> None:
    """What is paid, its parts and what is recovered are lines of money, or nothing could be summed."""
    if head.pay_level not in head.layouts:
        problems.append(Problem("unknown-name", "$.pay_level", shown(head.pay_level), "one of the levels"))
        return
    lines = {slot.name: slot for slot in head.layouts[head.pay_level].lines}
    asked = [("$.pays", head.pays)] if head.pays else []
    asked += [(at(("parts", place)), name) for place, name in enumerate(head.parts)]
    if head.recovers:
        asked.append(("$.recovers", head.recovers))
    for path, name in asked:
        slot = lines.get(name)
        paid = path != "$.recovers"
        if slot is None or slot.kind != "money" or (paid and (slot.den != 100 or slot.exact)):
            expected = f"a line of money{' to the fen' if paid else ''}, of the level {head.pay_level!r}"
            problems.append(Problem("unknown-name", path, shown(name), expected))


@frozen
class CaseReader:
    """Reads the rows of a record against the layouts of its head."""

    head: Head
    problems: list[Problem]

    @property
    def scheme(self) -> Scheme | None:
        return self.head.scheme

    def read(self, stored: Stored) -> Determination:
        """Return the whole determination."""
        row = self.row(self.head.root, stored.case, ("case",))
        rest = Rest(
            tuple(Problem(*astuple(one)) for one in stored.problems),
            row.assumed, row.noted, row.unreadable, row.columns, row.below, row.aside, row.source,
        )  # fmt: skip
        subject = given_back(stored.subject, ("subject",), self.problems)
        return Determination(
            self.head,
            row.facts,
            row.values,
            row.failed,
            subject,
            NO_REST if rest == NO_REST and rest.source is None else rest,
        )

    def row(self, level: str, stored: StoredRow, path: Path) -> RowData:
        """Return one row and those below it."""
        layout = self.head.layouts[level]
        columns = self.cells(layout.columns, stored.columns, (*path, "columns"))
        facts = self.cells(layout.facts, stored.facts, (*path, "facts"))
        names = {slot.name: number for number, slot in enumerate(layout.facts)}
        self.numbers(tuple(names), stored.assumed, (*path, "assumed"))
        for place, aside in enumerate(stored.set_aside):
            if aside.level not in layout.below:
                self.fault("unknown-name", (*path, "set_aside", place, "level"), aside.level, layout.below)
        for name in stored.rows:
            if name not in layout.below:
                self.fault("unknown-name", (*path, "rows", name), name, layout.below)
        return RowData(
            stored.id,
            facts,
            self.cells(layout.lines, stored.lines, (*path, "lines")),
            self.numbers(layout.codes, stored.refused, (*path, "refused")),
            columns,
            tuple(self.rows(name, stored.rows.get(name, []), (*path, "rows", name)) for name in layout.below),
            tuple(stored.assumed),
            self.numbers(self.head.remarks[level], stored.remarks, (*path, "remarks")),
            stored.unreadable,
            tuple((aside.level, aside.id, aside.reason) for aside in stored.set_aside),
            None if stored.object is None else self.object(layout, stored, columns, (*path, "object")),
        )

    def rows(self, level: str, stored: Sequence[Any], path: Path) -> tuple[RowData, ...]:
        found, seen = [], set()
        for place, item in enumerate(stored):
            row = structure(item, StoredRow, (*path, place), self.problems)
            if row is None:
                continue
            if row.id and row.id in seen:
                self.problems.append(Problem("duplicate-key", at((*path, place, "id")), shown(row.id), "each id once"))
            seen.add(row.id)
            found.append(self.row(level, row, (*path, place)))
        return tuple(found)

    def fault(self, code: str, path: Path, found: str, known: Sequence[str]) -> None:
        expected = "one of " + ", ".join(known) if known else "nothing"
        self.problems.append(Problem(code, at(path), shown(found), expected, did_you_mean(found[:60], known)))

    def numbers(self, known: Sequence[str], names: Sequence[str], path: Path) -> tuple[int, ...]:
        """Return where names stand among the known ones."""
        found = []
        for place, name in enumerate(names):
            if name not in known:
                self.fault("unknown-name", (*path, place), name, known)
            elif known.index(name) in found:
                self.problems.append(Problem("duplicate-key", at((*path, place)), shown(name), "each name once"))
            else:
                found.append(known.index(name))
        return tuple(found)

    def cells(self, slots: Sequence[Slot], given: Mapping[str, Any], path: Path) -> tuple[Cell | None, ...]:
        """Return the values of a row in the order of its slots."""
        names = [slot.name for slot in slots]
        for name in given:
            if name not in names:
                self.fault("unknown-key", (*path, name), name, names)
        cells: list[Cell | None] = []
        for slot in slots:
            cells.append(None)
            if slot.name not in given:
                self.problems.append(Problem("missing-key", at((*path, slot.name)), "nothing", f"a {slot.kind}"))
                continue
            try:
                cells[-1] = cell_of(slot, given[slot.name])
            except BadValue as error:
                self.problems.append(Problem("bad-value", at((*path, slot.name)), error.found, error.expected))
        return tuple(cells)

    def object(self, layout: Layout, stored: StoredRow, columns: tuple[Cell | None, ...], path: Path) -> Any:
        """Return the object of a row: made anew where the makers are at hand, else left in its JSON form."""
        form = given_back(stored.object, path, self.problems)
        if layout.made or not layout.columns:
            self.problems.append(Problem("unknown-key", at(path), "an object", f"none at the level {layout.name!r}"))
            return None
        if self.scheme is None:
            return form
        kind = self.scheme.makers.objects[self.scheme.tree.by_name[layout.name].object]
        try:
            thing = kind.take(form)
        except ObjectFault as error:
            for code, inside, found, expected, remedy in error.faults:
                self.problems.append(Problem(code, f"{at(path)}.{inside}", found, expected, remedy))
            return None
        if kind.row(thing)[1] != columns:
            expected = "the columns of the row, as the object gives them"
            self.problems.append(Problem("contradiction", at(path), "other values", expected))
        return thing


def cell_of(slot: Slot, text: Any) -> Cell | None:
    """Read one value as ``text_of`` writes it; raises ``BadValue``."""
    if text is None:
        return None
    if slot.kind == "flag":
        if isinstance(text, bool):
            return text
        raise BadValue(text, "true, false or null")
    if not isinstance(text, str):
        raise BadValue(text, "text or null")
    if slot.kind in ("choice", "text"):
        return text
    if slot.kind == "date":
        return read_day(text).toordinal()
    match = _NUMBER.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if match is None:
        raise BadValue(text[:60], 'an exact number as text, such as "12.50" or "2/37"')
    after = match[2] or ""
    # By way of Decimal, because Python refuses to read a whole number of 4,301 digits.
    top, bottom = int(Decimal(match[1] + after)), int(Decimal(match[3] or 1)) * 10 ** len(after)
    cell: int = top * slot.den // bottom
    if cell * bottom != top * slot.den:
        raise BadValue(text[:60], f"a multiple of 1/{slot.den}")
    return cell
