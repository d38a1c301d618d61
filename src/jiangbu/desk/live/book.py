"""What stands where on sheet 规则表, and how formulas speak of it: constants, lookup tables, series.

An editor may change any value there. A value is scaled to a whole number beside it, on the same row; a table that
cannot be used any more says so in its check cell, and every formula that looks into it is an error value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Any, Literal

from attrs import define, field, frozen

from jiangbu.desk.live.choices import canonical, text_of
from jiangbu.desk.live.faults import FAULTS, RULE, TYPES
from jiangbu.desk.live.pieces import Den, Number, Piece, Symbol
from jiangbu.desk.live.twins import DAY_ZERO
from jiangbu.desk.problems import column_letters
from jiangbu.rules.kinds import Value, decimals_of
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.words.headings import clause_text

SHEET = "规则表"
SOUND, BROKEN, SPOILT = "正确", RULE.shown, "公式有误"
ROOM = 1000
"""By how much a number of the rule may be raised on the sheet before it counts as broken."""

LEAST_ROOM = 10**6
FAR = 10**16
"""Beyond every number: the end of a row that has none."""

UNIT, CHECK, CLAUSE = 4, 5, 6
"""The columns of constants after 名称, 数值, 分子, 分母."""

Style = Literal["head", "label", "number", "value", "derived", "check", "helper", "word", "note"]


@frozen
class RuleCell:
    """One cell of 规则表: a value, or a formula with the value that it has as the rule stands."""

    row: int
    column: int
    value: Any
    form: str = "text"
    style: Style = "label"
    formula: str = ""


def address(row: int, column: int) -> str:
    """A cell of 规则表 as its own formulas name it."""
    return f"${column_letters(column)}${row + 1}"


def reference(row: int, column: int, last: int | None = None) -> str:
    """A cell of 规则表, or a column's cells down to row ``last``, as other sheets name it."""
    end = "" if last is None else f":{address(last, column)}"
    return f"'{SHEET}'!{address(row, column)}{end}"


@define
class Pad:
    """The sheet as it is laid out from the top; helper cells stand from column ``helpers`` on."""

    helpers: int
    cells: list[RuleCell] = field(factory=list)
    checks: list[str] = field(factory=list)
    row: int = 0
    legend: str = ""

    def put(
        self, column: int, value: Any, form: str = "text", style: Style = "label", *, formula: str = "", row: int = -1
    ) -> str:
        """Put a value or formula into a column of the row at hand; its address."""
        place = self.row if row < 0 else row
        self.cells.append(RuleCell(place, column, value, form, style, formula))
        return address(place, column)

    def check(self, column: int, formula: str) -> str:
        """Put a cell that says 正确 as long as a formula is true."""
        found = self.put(column, SOUND, "text", "check", formula=f'=IF(ISERROR({formula}),"{BROKEN}",'
                         f'IF({formula},"{SOUND}","{BROKEN}"))')  # fmt: skip
        self.checks.append(found)
        return found


@frozen
class Entry:
    """How a number is written in the cells of one row: its whole number, its denominator, what must hold."""

    scaled: str
    number: int
    condition: str


def serial_of(ordinal: Fraction | int) -> int:
    """A day as a spreadsheet counts it."""
    return int(ordinal) - DAY_ZERO


def scale_of(kind: str, values: Sequence[Fraction]) -> int:
    """The power of ten that makes whole numbers of decimal values; money at least to the fen."""
    places = max([decimals_of(value) for value in values] + [2 if kind == "money" else 0])
    return int(10**places)


def room_of(sizes: Sequence[int]) -> int:
    """How large the whole numbers of a column may become by editing."""
    return max(max(map(abs, sizes), default=0) * ROOM, LEAST_ROOM)


def most_of(values: Sequence[Fraction]) -> Fraction:
    """How large a rate may become by editing."""
    return Fraction(ceil(max(max(map(abs, values)) * 10, Fraction(1))))


def scaled_text(cell: str, scale: int) -> str:
    """The whole number of a decimal cell.

    A cell holds the double next to n/scale; times scale it lies within 1/4 of n for every n up to 10^15, so that
    adding 1/2 and cutting off gives n.
    """
    return f"INT({cell}*{scale}+0.5)" if scale != 1 else f"INT({cell}+0.5)"


def fits(cell: str, scale: int, scaled: str, low: int, room: int) -> str:
    """The condition that a cell is a number with no more decimals than its scale, within the room for editing."""
    off = f"ABS({cell}*{scale}-{scaled})<0.05" if scale != 1 else f"ABS({cell}-{scaled})<0.05"
    return f"ISNUMBER({cell}),{off},{scaled}>={low},{scaled}<={room}"


def ratio_fits(top: str, bottom: str, low: int, room: int, most: Fraction) -> str:
    """The condition that two cells are whole numbers, the lower one above zero, and their ratio within bounds."""
    return (
        f"ISNUMBER({top}),ISNUMBER({bottom}),{top}=INT({top}),{bottom}=INT({bottom}),"
        f"{bottom}>=1,{top}>={low},{top}<={room},ABS({top})<={ceil(most)}*{bottom}"
    )


@define
class RuleCells:
    """The cells of 规则表 and how to speak of each constant; tables and series are added by their own files."""

    scheme: Scheme
    pad: Pad
    names: Mapping[str, str]
    constants: dict[tuple[str, str], Number | Piece] = field(factory=dict)


def begin(scheme: Scheme, helpers: int, top: int) -> RuleCells:
    """Begin the sheet at row ``top`` with the constants."""
    book = RuleCells(scheme, Pad(helpers, row=top), canonical(scheme.facts.values()))
    own = [("", name, item) for name, item in scheme.constants.items()]
    if scheme.gate is not None:
        own += [(scheme.gate.id, name, item) for name, item in scheme.gate.constants.items()]
    if own:
        for column, head in enumerate(("标准与常数", "数值", "分子", "分母", "单位", "检查", "条款")):
            book.pad.put(column, head, style="head")
        book.pad.row += 1
    for origin, name, item in own:
        _constant(book, origin, name, item.label, item.kind, item.value, item.unit, item.clause)
        book.pad.row += 1
    book.pad.row += 1
    return book


def lay_out_legend(pad: Pad) -> None:
    """What is shown where a value cannot be had, below all tables; formulas look the words up in a helper column."""
    pad.put(0, "算不出数值时显示", style="head")
    pad.put(1, "含义", style="head")
    pad.legend = reference(pad.row + 1, pad.helpers, pad.row + TYPES)
    for number in range(1, TYPES + 1):
        fault = FAULTS.get(number)
        pad.put(pad.helpers, fault.shown if fault else SPOILT, style="helper", row=pad.row + number)
    shown = [(fault.shown, fault.why) for fault in FAULTS.values()] + [(SPOILT, "公式被改动")]
    for at, (words, why) in enumerate(shown, 1):
        pad.put(0, words, row=pad.row + at)
        pad.put(1, why, style="note", row=pad.row + at)
    pad.row += TYPES + 1


def _constant(
    book: RuleCells, origin: str, name: str, label: str, kind: str, value: Value, unit: str, clause: str
) -> None:
    pad = book.pad
    pad.put(0, label)
    unit = {"money": "元"}.get(kind, unit)
    for column, shown in ((2, ""), (3, ""), (UNIT, unit), (CLAUSE, clause_text(clause))):
        pad.put(column, shown)
    if isinstance(value, Fraction) and kind in ("money", "number", "rate"):
        book.constants[origin, name] = _numeric(pad, kind, value)
        return
    if kind == "date":
        assert isinstance(value, Fraction)
        cell = pad.put(1, serial_of(value), "date", "value")
        pad.check(CHECK, f"AND(ISNUMBER({cell}),{cell}=INT({cell}))")
        book.constants[origin, name] = Piece(reference(pad.row, 1), str(serial_of(value)), atom=True)
    elif kind == "flag":
        cell = pad.put(1, "是" if value else "否", "text", "value")
        pad.check(CHECK, f'OR({cell}="是",{cell}="否")')
        book.constants[origin, name] = Piece(f'{reference(pad.row, 1)}="是"', str(value))
    else:
        text = text_of(book.names, str(value))
        cell = pad.put(1, text, "text", "value")
        pad.check(CHECK, f'{cell}<>""')
        book.constants[origin, name] = Piece(reference(pad.row, 1), repr(text), atom=True)


def _numeric(pad: Pad, kind: str, value: Fraction) -> Number:
    negative = value < 0
    if kind == "rate" or decimals_of(value) < 0:
        top = pad.put(2, value.numerator, "number:0", "value")
        bottom = pad.put(3, value.denominator, "number:0", "value")
        form = "rate:6" if kind == "rate" else "exact"
        pad.put(1, value, form, "derived", formula=f"={top}/{bottom}")
        room = room_of([value.numerator])
        low = -room if negative else 0
        most, under = most_of([value]), room_of([value.denominator])
        sound = pad.check(CHECK, f"AND({ratio_fits(top, bottom, low, room, most)},{bottom}<={under})")
        size, scaled = value.numerator, top
        below = Piece(reference(pad.row, 3), str(value.denominator), atom=True)
        den = Den(1, (Symbol(below, value.denominator, under, fixed=True),))
    else:
        scale = scale_of(kind, [value])
        size = int(value * scale)
        cell = pad.put(1, value, f"{kind}:{max(decimals_of(value), 0)}", "value")
        room, scaled, den = room_of([size]), scaled_text(cell, scale), Den(scale)
        low, most = -room if negative else 0, Fraction(room, scale)
        sound = pad.check(CHECK, f"AND({fits(cell, scale, scaled, low, room)})")
    formula = f'=IF({sound}="{SOUND}",{scaled},{RULE.formula})'
    pad.put(pad.helpers, size, "number:0", "helper", formula=formula)
    piece = Piece(reference(pad.row, pad.helpers), str(size) if size >= 0 else f"({size})", atom=True)
    return Number(piece, den, abs(size), room, most, negative)
