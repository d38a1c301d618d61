"""Days and months: a day is its serial number, so that days are differences; months end where the month ends."""

from __future__ import annotations

from fractions import Fraction

from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import Den, Number, Piece, chosen, joined
from jiangbu.rules.tree import DateCall, Node


def day_call(f: Formulas, node: DateCall) -> Piece:
    """``later`` and ``after``: a day so many months or days on."""
    day, count = f.plain(node.parts[0]), f.number(node.parts[1]).piece
    if node.op == "after":
        return f.brief(joined("+", day, count))
    day, count = f.keep(day), f.keep(count)
    year, month = f"YEAR({day.sheet})", f"MONTH({day.sheet})+{count.inner[0]}"
    last = f"DAY(DATE({year},{month}+1,0))"
    sheet = f"DATE({year},{month},MIN(DAY({day.sheet}),{last}))"
    return f.keep(Piece(sheet, f"later({day.python},{count.python})", day.fails or count.fails), "日期")


def number_call(f: Formulas, node: DateCall) -> Number:
    """``days``, ``months`` and ``year``: whole numbers."""
    if node.op == "year":
        day = f.plain(node.parts[0])
        return _whole(node, Piece(f"YEAR({day.sheet})", f"year({day.python})", day.fails))
    one, other = f.plain(node.parts[0]), f.plain(node.parts[1])
    if node.op == "days":
        return _whole(node, f.brief(joined("-", other, one)))
    one, other = f.keep(one), f.keep(other)
    sheet = chosen(
        joined(">", one, other), Piece(f"-({_months(other, one)})", ""), Piece(_months(one, other), "")
    ).sheet
    piece = Piece(sheet, f"months({one.python},{other.python})", one.fails or other.fails)
    return _whole(node, f.keep(piece, "月数"))


def _months(a: Piece, b: Piece) -> str:
    """Whole months from a day to one not before it: one less where the last of them is not over."""
    x, y = a.sheet, b.sheet
    last = f"DAY(DATE(YEAR({y}),MONTH({y})+1,0))"
    return f"(YEAR({y})-YEAR({x}))*12+MONTH({y})-MONTH({x})-(MIN(DAY({x}),{last})>DAY({y}))"


def _whole(node: Node, piece: Piece) -> Number:
    size = int(max(abs(node.type.low), abs(node.type.high)))
    # Days may be moved by editing a date or a count on 规则表, within the calendar.
    reach = max(size, 10**7)
    return Number(piece, Den(), size, reach, Fraction(reach), node.type.low < 0)
