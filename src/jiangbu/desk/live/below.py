"""Rows inside rows: sums, counts, the largest and the smallest over the rows below, and shares of a total above.

Rows of a finer sheet stand sorted by the rows above them, so that what lies below a row is one block of cells. A row
that is refused has nothing in the cells that are added up; one set aside or unreadable has no formulas at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from jiangbu.desk.live import limbs, states
from jiangbu.desk.live.faults import HOLE, OUTSIDE, PRECISION, failing
from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import LIMIT, Den, Number, Piece, Symbol, called, chosen, joined, whole
from jiangbu.desk.live.scratch import Share, slot_of
from jiangbu.rules.tree import Aggregate, Allocate


@frozen
class Block:
    """A helper column over all rows of a level below the row at hand."""

    sheet: str
    values: str
    upper: str


def block_of(f: Formulas, lower: str, piece: Piece) -> Block:
    """The cells of a helper column in the rows of ``lower`` below the row at hand."""
    row = f.scratch.row(f.level)
    return Block(_spread(piece, lower, f.level), f"below({row},{lower!r},{slot_of(piece)})", f.level)


def _spread(piece: Piece, lower: str, upper: str) -> str:
    """A helper cell as the block of cells in the rows of ``lower`` below one of ``upper``."""
    return piece.sheet.replace(f"⟨{lower}:", f"⟨{lower}|{upper}:").replace("⟩", "…⟩")


def helper(f: Formulas, level: str, piece: Piece, label: str) -> Piece:
    """Give a piece a helper cell in the rows of another level."""
    return f.scratch.keep(level, piece, f"{f.label} {label}".strip())


@frozen
class Bar:
    """What keeps a row of one level out of what a row above adds up: it is refused, or nobody can know."""

    out: Piece
    bad: Piece | None = None


def barred(bars: Sequence[Bar], nothing: Piece, piece: Piece) -> Piece:
    """What a row gives to a row above: nothing where it, or one between them, is refused; no value where one is bad.

    :param bars: those of the levels between, the highest first: below a refused row nothing else matters.
    """
    if all(bar.bad is None for bar in bars):
        return chosen(states.any_of([bar.out for bar in bars]), nothing, piece)
    for bar in reversed(bars):
        piece = chosen(bar.out, nothing, piece)
        if bar.bad is not None:
            piece = chosen(bar.bad, failing(OUTSIDE), piece)
    return piece


def aggregate(f: Formulas, node: Aggregate, element: Number | Piece | None, bars: Sequence[Bar]) -> Number:
    """A sum, count, largest or smallest over the rows below the row at hand.

    :param element: what each of them gives: a number, a condition, or nothing (rows are counted).
    :param bars: what may keep a row from taking part.
    """
    lower, piece = node.level, whole(1)
    if isinstance(element, Piece):
        piece = chosen(element, whole(1), whole(0))
    elif element is not None:
        piece = element.piece
    nothing = whole(0) if node.op in ("sum", "count") else Piece('""', "None", atom=True)
    part = helper(f, lower, barred(bars, nothing, piece), "计入")
    block = block_of(f, lower, part)
    most = max(int(node.type.high) if node.op == "count" else 1, 1)
    if not isinstance(element, Number):
        return Number(f.keep(Piece(f"SUM({block.sheet})", f"summed({block.values})", True)), Den(), most, most,
                      Fraction(most))  # fmt: skip
    if node.op != "sum":
        word = "MAX" if node.op == "largest" else "MIN"
        sheet, python = f"{word}({block.sheet})", f"extreme({word.lower()},{block.values})"
        found = f.keep(Piece(sheet, python, True))
        return Number(found, element.den, element.size, element.reach, element.most, element.negative)
    size = int(max(abs(node.type.low), abs(node.type.high)) * element.den.value)
    sheet = f"SUM({block.sheet})"
    if element.negative:
        sheet = f'IF(SUMIF({block.sheet},">0")-SUMIF({block.sheet},"<0")<1E+15,SUM({block.sheet}),{PRECISION.formula})'
    else:
        sheet = f"IF({sheet}<1E+15,{sheet},{PRECISION.formula})"
    found = f.keep(Piece(sheet, f"exact_sum({block.values})", fails=True))
    size = min(size, LIMIT - 1)
    return Number(found, element.den, size, LIMIT - 1, Fraction(LIMIT), element.negative)


@frozen
class Pot:
    """A total to be shared, in whole units without its sign, and the sum of the weights, in the holder's row."""

    total: Number
    size: Piece
    weights: Piece
    empty: Piece


def pot(f: Formulas, node: Allocate, total: Number, weight: Piece, lower: str) -> Pot:
    """What the holder's row keeps of a total that is shared among the rows of ``lower``."""
    den = Den(node.type.den or 1)
    here = f.level
    f.level = node.holder
    if total.den.number > den.number:
        # A total known to stand on a coarser grid than that of its type.
        total = Number(Piece(f"{f.keep(total.piece).sheet}/{total.den.number // den.number}",
                             f"{total.piece.python}//{total.den.number // den.number}", total.piece.fails),
                       den, total.size, total.reach, total.most, total.negative)  # fmt: skip
    ready = f.cellular(f.scaled(total, den), "待分总额")
    size = f.keep(called("ABS", ready.piece), "待分绝对值") if ready.negative else ready.piece
    block = block_of(f, lower, weight)
    sum_ = f"SUM({block.sheet})"
    weights = f.keep(
        Piece(f"IF({sum_}<1E+15,{sum_},{PRECISION.formula})", f"exact_sum({block.values})", True), "权数合计"
    )
    nothing = joined("=", weights, whole(0))
    held = joined("<>", size, whole(0))
    sheet = f"IF(ISERROR({size.sheet}+{weights.sheet}),FALSE,AND({held.sheet},{nothing.sheet}))"
    one, other = states.raw(size), states.raw(weights)
    python = f"(not isinstance({one},Fault)and not isinstance({other},Fault)and {one}!=0 and {other}==0)"
    empty = f.keep(Piece(sheet, python), "有总额而无权数")
    f.level = here
    return Pot(ready, size, weights, empty)


def share(
    f: Formulas, node: Allocate, pot: Pot, weight: Piece, weight_size: int, bars: Sequence[Bar], lower: str
) -> Number:
    """The part of the row at hand: rounded down, and one unit more for the largest remainders, ties by id."""
    by = Den(1, (Symbol(pot.weights, max(weight_size, 1), LIMIT - 1),))
    t = Number(pot.size, Den(), pot.total.size, pot.total.reach, pot.total.most)
    w = Number(weight, Den(), min(weight_size, LIMIT - 1), LIMIT - 1, Fraction(LIMIT))
    quotient = limbs.divided(f, [limbs.Product(1, (t, w))], by)
    none = joined("=", weight, whole(0))
    floor = f.keep(chosen(none, whole(0), quotient.floor), "份额整数部分")
    rest = f.keep(chosen(none, whole(0), quotient.rest), "份额余数")
    holder, here = node.holder, f.level
    f.level = holder
    floors, rests = block_of(f, lower, floor), block_of(f, lower, rest)
    left = f.keep(
        Piece(f"{pot.size.sheet}-SUM({floors.sheet})", f"({pot.size.python}-summed({floors.values}))", True),
        "尾差单位数",
    )
    edge = f.keep(
        Piece(f"IF({left.sheet}>0,LARGE({rests.sheet},{left.sheet}),{LIMIT})",
              f"(large({rests.values},{left.python})if {left.python}>0 else {LIMIT})", True), "尾差界限",
    )  # fmt: skip
    tied = f.keep(
        Piece(f"{left.sheet}-SUMPRODUCT(({rests.sheet}<>\"\")*({rests.sheet}>{edge.sheet}))",
              f"({left.python}-above({rests.values},{edge.python}))", True), "同余应补数",
    )  # fmt: skip
    f.level = here
    order = f.scratch.order(lower)
    orders = _spread(order, lower, holder)
    row = f.scratch.row(holder)
    before = Piece(
        f'SUMPRODUCT(({rests.sheet}={rest.sheet})*({rests.sheet}<>"")*({orders}<{order.sheet}))',
        f"tied({rests.values},{rest.python},below({row},{lower!r},{slot_of(order)}),{order.python})",
        True,
    )
    more = chosen(
        joined(">", rest, edge), whole(1),
        chosen(joined("=", rest, edge), chosen(joined("<", before, tied), whole(1), whole(0)), whole(0)),
    )  # fmt: skip
    one = f.keep(more, "尾差单位")
    f.scratch.shares.append(Share(lower, holder, one, left, _spread(one, lower, holder)))
    part = joined("+", floor, one)
    if pot.total.negative:
        part = chosen(
            joined("<", pot.total.piece, whole(0)), Piece(f"-({part.sheet})", f"-({part.python})", part.fails), part
        )
    lost = chosen(pot.empty, failing(HOLE), part)
    out = states.any_of([bar.out for bar in bars])
    found = f.keep(chosen(out, failing(HOLE), lost), "分配额")
    return Number(found, pot.total.den, pot.total.size, pot.total.reach, pot.total.most, pot.total.negative)


__all__ = ["Bar", "Pot", "aggregate", "barred", "helper", "pot", "share"]
