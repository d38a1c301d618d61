"""Division of whole numbers in a spreadsheet: the quotient rounded down, and what is added to round otherwise.

``INT(n/d)`` may be off by one where n/d lies next to a whole number, since programs differ in how they cut off;
the remainder tells, and corrects it.
"""

from __future__ import annotations

from attrs import frozen

from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import LIMIT, Den, Number, Piece, chosen, joined, whole


@frozen
class Quotient:
    """``floor`` and ``rest`` of a division: value = floor + rest/by with 0 ≤ rest < by."""

    floor: Piece
    rest: Piece
    by: Piece


def floor_piece(top: Piece, by: Piece) -> Piece:
    """The quotient rounded down of two whole numbers, both atoms, the second above zero."""
    n, d = top.sheet, by.inner[0]
    sheet = f"INT({n}/{d})+({n}-INT({n}/{d})*{d}>={d})-({n}-INT({n}/{d})*{d}<0)"
    if by.sheet.isdecimal():
        return Piece(sheet, f"{top.python}//{by.python}", top.fails)
    # In a branch that is not taken a divisor may be zero; nobody asks for what comes of it.
    return Piece(sheet, f"quotient({top.python},{by.python})", fails=True)


def divisor(f: Formulas, by: Den) -> Piece:
    """A divisor that may be repeated, and is exact."""
    if by.reach >= LIMIT:
        return f.guarded(by.piece)
    return by.piece if by.piece.atom else f.keep(by.piece, "除数")


def floored(f: Formulas, top: Number, by: Den) -> Quotient:
    """The short division: of a number below the limit."""
    n, d = f.keep(top.piece, "被除数"), divisor(f, by)
    q = f.keep(floor_piece(n, d), "商")
    return Quotient(q, joined("-", n, joined("*", q, d)), d)


def finish(f: Formulas, quotient: Quotient, mode: str, negative: bool) -> Piece:
    """A quotient rounded: ``down`` towards zero, ``up`` away from it, half-up with halves away from it, or floor."""
    q, rest, by = quotient.floor, quotient.rest, quotient.by
    more = {
        "half-up": joined(">=", rest, joined("-", by, _bracketed(rest))),
        "up": joined(">", rest, whole(0)),
    }
    less = {
        "half-up": joined(">", rest, joined("-", by, _bracketed(rest))),
        "down": joined(">", rest, whole(0)),
    }
    above = joined("+", q, more[mode]) if mode in more else q
    below = joined("+", q, less[mode]) if mode in less else q
    piece = chosen(joined("<", q, whole(0)), below, above) if negative and mode != "floor" else above
    return f.keep(piece, "取整")


def _bracketed(piece: Piece) -> Piece:
    return Piece(f"({piece.sheet})", f"({piece.python})", piece.fails, atom=True)
