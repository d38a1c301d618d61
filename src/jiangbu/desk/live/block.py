"""A block of rows on 规则表: heads and values from left to right, whole numbers and checks beside them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from attrs import define, field, frozen

from jiangbu.desk.live.book import (
    Pad,
    RuleCells,
    address,
    fits,
    most_of,
    ratio_fits,
    reference,
    room_of,
    scale_of,
    scaled_text,
    serial_of,
)
from jiangbu.desk.live.choices import text_of
from jiangbu.desk.live.pieces import Den, Piece, Symbol
from jiangbu.rules.kinds import Kind, Value, decimals_of


@frozen
class Column:
    """A column that a table gives: numbers over ``den`` (whole numbers in a helper column), or what cells show."""

    kind: str
    cells: str
    values: tuple[Any, ...]
    den: Den = Den()
    size: int = 0
    reach: int = 0
    most: Fraction = Fraction(0)
    negative: bool = False


@define
class Block:
    """The rows ``first`` … of one table or series; ``ranged`` of them, from the first, have edges of their own.

    ``conditions`` holds, for each row, what must be true of it; ``head_row`` is the row of the heads.
    """

    book: RuleCells
    head_row: int
    rows: int
    ranged: int
    left: int = 1
    helper: int = 1
    conditions: list[list[str]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.conditions = [[] for _ in range(self.rows)]

    @property
    def pad(self) -> Pad:
        return self.book.pad

    @property
    def first(self) -> int:
        return self.head_row + 1

    @property
    def final(self) -> int:
        return self.head_row + self.rows

    @property
    def last(self) -> int:
        """The last row that has edges of its own."""
        return self.head_row + self.ranged

    def head(self, text: str) -> int:
        """Begin the next visible column; its number."""
        self.pad.put(self.left, text, style="head", row=self.head_row)
        self.left += 1
        return self.left - 1

    def beside(self) -> int:
        """Take the next helper column."""
        self.helper += 1
        return self.pad.helpers + self.helper - 1

    def range(self, column: int) -> str:
        """A column's cells in the rows with edges, as 规则表 itself names them."""
        return f"{address(self.first, column)}:{address(self.last, column)}"

    def outside(self, column: int) -> str:
        """The same cells as other sheets name them."""
        return reference(self.first, column, self.last)

    def checks(self) -> str:
        """Write each row's check beside it; the condition that all of them hold."""
        column = self.beside()
        for at, tests in enumerate(self.conditions):
            test = f"AND({','.join(tests) or 'TRUE'})"
            formula = f"=IF(ISERROR({test}),FALSE,{test})"
            self.pad.put(column, True, "flag", "helper", formula=formula, row=self.first + at)
        return f"AND({address(self.first, column)}:{address(self.final, column)})"

    def option(self, value: object) -> str:
        """A choice or flag as its cell shows it."""
        if isinstance(value, bool):
            return "是" if value else "否"
        return text_of(self.book.names, str(value))

    def column(self, name: str, kind: Kind, values: Sequence[Value]) -> Column:
        """Write a column of values, one for each row."""
        numbers = [value for value in values if isinstance(value, Fraction)]
        final = self.final
        if kind == "rate":
            return self._ratios(name, numbers, final)
        column = self.head(name + ("\n（元）" if kind == "money" else ""))
        if kind in ("money", "number"):
            scale, beside = scale_of(kind, numbers), self.beside()
            whole = [int(value * scale) for value in numbers]
            room = room_of(whole)
            low = -room if min(whole) < 0 else 0
            places = max(decimals_of(value) for value in numbers)
            for at, value in enumerate(numbers):
                place = self.first + at
                cell = self.pad.put(column, value, f"{kind}:{places}", "value", row=place)
                scaled = self.pad.put(beside, whole[at], "number:0", "helper", row=place,
                                      formula=f"={scaled_text(cell, scale)}")  # fmt: skip
                self.conditions[at].append(fits(cell, scale, scaled, low, room))
            span = reference(self.first, beside, final)
            return Column(
                kind, span, tuple(whole), Den(scale), max(map(abs, whole)), room, Fraction(room, scale), low < 0
            )
        shown: list[Any] = []
        for at, entry in enumerate(values):
            shown.append(serial_of(entry) if isinstance(entry, Fraction) else self.option(entry))
            cell = self.pad.put(column, shown[-1], "date" if kind == "date" else "text", "value", row=self.first + at)
            good = {"date": f"ISNUMBER({cell})", "flag": f'OR({cell}="是",{cell}="否")'}.get(kind, f'{cell}<>""')
            self.conditions[at].append(good)
        if kind == "flag":
            shown = [text == "是" for text in shown]
        return Column(kind, reference(self.first, column, final), tuple(shown))

    def _ratios(self, name: str, values: Sequence[Fraction], final: int) -> Column:
        """A column of rates: numerator and denominator as cells, brought to one denominator beside them."""
        top, bottom, shown = self.head(f"{name}\n分子"), self.head("分母"), self.head("即")
        beside = self.beside()
        common = lcm(*(value.denominator for value in values))
        whole = [int(value * common) for value in values]
        room = room_of(whole)
        low, most, under = -room if min(whole) < 0 else 0, most_of(values), room_of([common])
        below = f"{address(self.first, bottom)}:{address(final, bottom)}"
        shared = self.pad.put(beside, common, "number:0", "helper", formula=f"=LCM({below})", row=self.head_row)
        for at, value in enumerate(values):
            place = self.first + at
            one = self.pad.put(top, value.numerator, "number:0", "value", row=place)
            other = self.pad.put(bottom, value.denominator, "number:0", "value", row=place)
            self.pad.put(shown, value, "rate:6", "derived", row=place, formula=f"={one}/{other}")
            scaled = self.pad.put(beside, whole[at], "number:0", "helper", row=place,
                                  formula=f"={one}*INT({shared}/{other}+0.5)")  # fmt: skip
            self.conditions[at].append(
                ratio_fits(one, other, low, room, most) + f",{shared}<={under},ABS({scaled})<={room}"
            )
        den = Den(
            1, (Symbol(Piece(reference(self.head_row, beside), str(common), atom=True), common, under, fixed=True),)
        )
        span = reference(self.first, beside, final)
        return Column("rate", span, tuple(whole), den, max(map(abs, whole)), room, most, low < 0)
