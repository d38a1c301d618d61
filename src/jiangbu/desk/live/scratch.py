"""The helper cells of a row: where they stand, in what order they are computed, and the Python that computes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from attrs import define, field, frozen

from jiangbu.desk.live import twins
from jiangbu.desk.live.faults import NoValue
from jiangbu.desk.live.pieces import Piece
from jiangbu.desk.live.twins import FIRST_SLOT, PARENT
from jiangbu.desk.problems import column_letters

Row = list[Any]
_SLOT = re.compile(r"\[(\d+)\]")
_CELL = re.compile(r"⟨([^:⟩]*):([A-Z]+)(…?)⟩")


@frozen
class Place:
    """A level's sheet: its name, the levels from its own up to the root, and the first column free for helpers."""

    level: str
    sheet: str
    chain: tuple[str, ...]
    first: int


@frozen
class Helper:
    """One helper cell of every row of a level; ``piece`` is None where its value is given (a fact)."""

    level: str
    column: int
    slot: int
    label: str
    formula: str
    piece: Piece | None


@frozen
class Template:
    """A formula cut where the numbers of rows come in: texts, and between them the levels whose row is meant.

    A level's name alone means the row at hand; ``lower|upper<`` and ``lower|upper>`` the first and the last row of
    the block that lies below the row of the upper level.
    """

    texts: tuple[str, ...]
    rows: tuple[str, ...]

    def at(self, rows: Mapping[str, str]) -> str:
        """The formula with numbers of rows (from 1), as text, by level."""
        if len(rows) == 1:
            (row,) = rows.values()
            return row.join(self.texts)
        parts = [self.texts[0]]
        for row, text in zip(self.rows, self.texts[1:], strict=True):
            parts += [rows[row], text]
        return "".join(parts)


def slot_of(piece: Piece) -> int:
    """The place in a Python row of the value that a helper's piece reads."""
    found = _SLOT.search(piece.python)
    assert found is not None
    return int(found[1])


def cell(level: str, column: int) -> str:
    """How the text of a piece names a cell of the row at hand."""
    return f"⟨{level}:{column_letters(column)}⟩"


def template(formula: str, place: Place, sheets: Mapping[str, str]) -> Template:
    """Cut a formula that stands on the sheet of ``place``; cells of other sheets are named with their sheet."""
    texts, rows, end = [""], [], 0
    for found in _CELL.finditer(formula):
        level, letters, whole = found.groups()
        level, _, upper = level.partition("|")
        sheet = "" if level == place.level else f"'{sheets[level]}'!"
        texts[-1] += formula[end : found.start()] + f"{sheet}${letters}{'$' if whole else ''}"
        if whole:
            texts.append(f":${letters}$")
            rows.append(f"{level}|{upper}<")
        texts.append("")
        rows.append(f"{level}|{upper}>" if whole else level)
        end = found.end()
    texts[-1] += formula[end:]
    return Template(tuple(texts), tuple(rows))


@frozen
class Share:
    """A total that ``holder`` shares among rows of ``lower``.

    ``one`` is the helper of each row that ranks its remainder, the only one whose work grows with the square of the
    rows; ``ones`` are its cells below the holder's row, ``left`` the units that they hand out together.
    """

    lower: str
    holder: str
    one: Piece
    left: Piece
    ones: str


@define
class Scratch:
    """The helper cells of all levels as they are made, each after what it needs."""

    places: Mapping[str, Place]
    helpers: list[Helper] = field(factory=list)
    space: dict[str, Any] = field(factory=lambda: dict(twins.SPACE))
    slots: dict[str, int] = field(factory=dict)
    columns: dict[str, int] = field(factory=dict)
    known: dict[tuple[str, str], Piece] = field(factory=dict)
    names: dict[str, str] = field(factory=dict)
    orders: dict[str, int] = field(factory=dict)
    shares: list[Share] = field(factory=list)
    order_cells: dict[str, Piece] = field(factory=dict)

    def slot(self, level: str) -> int:
        """Take the next place in the rows of a level."""
        number = self.slots.get(level, FIRST_SLOT)
        self.slots[level] = number + 1
        return number

    def row(self, level: str) -> str:
        """The name of a level's row in the Python code."""
        return f"r{list(self.places).index(level)}"

    def given(self, level: str, column: int) -> tuple[Piece, int]:
        """A value that stands in a visible cell and is given to Python; its place in the row besides."""
        slot = self.slot(level)
        return Piece(cell(level, column), f"{self.row(level)}[{slot}]", atom=True), slot

    def keep(self, level: str, piece: Piece, label: str) -> Piece:
        """Give a piece a cell of its own, unless it stands in one already."""
        if piece.atom:
            return piece
        key = level, piece.sheet
        if key not in self.known:
            slot = self.slot(level)
            self.known[key] = self._cell(level, slot, label, piece.sheet, piece)
        return self.known[key]

    def reading(self, level: str, slot: int, formula: str, label: str) -> Piece:
        """A helper cell that the spreadsheet computes by ``formula`` and whose value Python is given."""
        return self._cell(level, slot, label, formula, None)

    def _cell(self, level: str, slot: int, label: str, formula: str, piece: Piece | None) -> Piece:
        column = self.columns.get(level, self.places[level].first)
        self.columns[level] = column + 1
        self.helpers.append(Helper(level, column, slot, label, formula, piece))
        fails = piece is not None and piece.fails
        read = f"{self.row(level)}[{slot}]"
        return Piece(cell(level, column), f"sound({read})" if fails else read, fails, atom=True)

    def order(self, level: str) -> Piece:
        """The helper cell that numbers the rows of a block by their ids; its value is given as a number."""
        if level not in self.orders:
            slot = self.slot(level)
            self.orders[level] = slot
            self.order_cells[level] = self._cell(level, slot, "编号次序", "", None)
        return self.order_cells[level]

    def named(self, word: str, value: Any) -> str:
        """Put an object where the Python code finds it and return its name."""
        name = f"{word}{len(self.space)}"
        self.space[name] = value
        return name

    def program(self) -> Callable[[Mapping[str, Sequence[Row]]], None]:
        """Compile the Python twin: it fills in the helper values of all rows, given by level."""
        code = ["def run(rows):", " pass"]
        last = ""
        for helper in self.helpers:
            if helper.piece is None:
                continue
            if helper.level != last:
                last = helper.level
                code += [f" for {self.row(last)} in rows[{last!r}]:"]
                chain = self.places[last].chain
                code += [f"  {self.row(upper)} = {self.row(lower)}[{PARENT}]" for lower, upper in pairwise(chain)]
            target = f"{self.row(last)}[{helper.slot}] ="
            if helper.piece.fails:
                code += [f"  try: {target} {helper.piece.python}", f"  except NoValue as no: {target} no.fault"]
            else:
                code.append(f"  {target} {helper.piece.python}")
        space = dict(self.space) | {"NoValue": NoValue}
        exec(compile("\n".join(code), "<live>", "exec"), space)
        run: Callable[[Mapping[str, Sequence[Row]]], None] = space["run"]
        return run
