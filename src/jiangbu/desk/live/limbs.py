"""The long division: a·b/d where a·b is too large for a spreadsheet.

a is cut into limbs of 1,000, high to low, and divided as on paper: at each limb the remainder times 1,000 plus
limb times b is divided by d. No number is larger than 1,000·(b + d), which must stay below 10^15; where it might
not, the limbs are of 100 or of 10, and there are more of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product as pairs
from math import prod

from attrs import frozen

from jiangbu.desk.live.division import Quotient, divisor, floor_piece
from jiangbu.desk.live.faults import PRECISION
from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import LIMIT, Den, Number, Piece, called, chosen, fixed, joined, whole

SMALL = LIMIT // 10


@frozen
class Product:
    """A product of whole numbers with its sign."""

    sign: int
    factors: tuple[Number, ...]

    @property
    def size(self) -> int:
        return prod(number.size for number in self.factors)

    @property
    def most(self) -> Fraction:
        return prod((number.most for number in self.factors), start=Fraction(1))

    @property
    def negative(self) -> bool:
        return self.sign < 0 or any(number.negative for number in self.factors)


def multiplied(f: Formulas, factors: Sequence[Number]) -> Number:
    """The product of whole numbers, the smallest first so that little is asked at run time."""
    first, *rest = sorted(factors, key=lambda number: number.reach)
    for number in rest:
        first = f.product(first, number)
    return first


def divided(f: Formulas, products: Sequence[Product], by: Den) -> Quotient:
    """A sum of products divided, each of the large ones by itself and their remainders together."""
    d = divisor(f, by)
    small = [product for product in products if product.size < SMALL]
    rests = [(product.sign, multiplied(f, product.factors)) for product in small]
    floors: list[tuple[int, Piece]] = []
    for product in products:
        if product.size < SMALL:
            continue
        sign, floor, rest = _long(f, product.factors, d, by)
        rests.append((product.sign, _signed(f, sign, rest, by.reach)))
        floors.append((product.sign, floor if sign is None else f.keep(joined("*", sign, floor))))
    top = f.total(rests)
    n = f.keep(top.piece, "余数合计")
    q = f.keep(floor_piece(n, d), "商")
    whole_floor = q
    for each, floor in floors:
        whole_floor = f.guarded(joined("+" if each > 0 else "-", whole_floor, floor))
    return Quotient(whole_floor, joined("-", n, joined("*", q, d)), d)


def _signed(f: Formulas, sign: Piece | None, rest: Piece, reach: int) -> Number:
    piece = rest if sign is None else joined("*", sign, rest)
    return Number(f.keep(piece), Den(), min(reach, LIMIT - 1), min(reach, LIMIT - 1), Fraction(reach), sign is not None)


def _long(f: Formulas, factors: tuple[Number, ...], d: Piece, by: Den) -> tuple[Piece | None, Piece, Piece]:
    """Sign (None: never below zero), quotient and remainder of the absolute value of one product."""
    one, other = _split(factors, by.value)
    a, b = f.cellular(multiplied(f, one)), f.cellular(multiplied(f, other))
    sign = None
    if a.negative or b.negative:
        apart = joined("<>", _bracketed(joined("<", a.piece, whole(0))), _bracketed(joined("<", b.piece, whole(0))))
        sign = f.keep(chosen(apart, whole(-1), whole(1)), "符号")
    first = f.keep(called("ABS", a.piece)) if a.negative else a.piece
    second = f.keep(called("ABS", b.piece)) if b.negative else b.piece
    digits = _digits(b.size + by.value)
    limb = 10**digits
    # The limbs are exact while limb·(b + d) stays below 10^15.
    room = joined("+", second, d)
    sheet = f"IF({limb}*({room.sheet})<1E+15,{second.sheet},{PRECISION.formula})"
    second = f.keep(Piece(sheet, f"(exact({limb}*({room.python}))and {second.python})", fails=True), "乘数")
    count = -(-len(str(min(a.reach, LIMIT - 1))) // digits)
    rest: Piece | None = None
    quotients = []
    for at in reversed(range(count)):
        top = joined("*", _limb(first, limb**at, limb, at == count - 1), second)
        if rest is not None:
            top = joined("+", joined("*", _bracketed(rest), whole(limb)), top)
        t = f.keep(top, f"第{count - at}节")
        q = f.keep(floor_piece(t, d), f"第{count - at}节商")
        rest = joined("-", t, joined("*", q, d))
        quotients.append(q)
    assert rest is not None
    total = quotients[0]
    for q in quotients[1:]:
        total = joined("+", joined("*", _bracketed(total), whole(limb)), q)
    return sign, f.guarded(total), f.keep(rest, "余数")


def _limb(number: Piece, weight: int, limb: int, top: bool) -> Piece:
    """The limb of a whole number that stands for so many of ``weight``; the top one takes all that is above.

    A whole number below 10^15 divided by a power of ten has at most 15 digits, so that INT cannot be led astray.
    """
    low = f"INT({number.sheet}/{weight})" if weight > 1 else number.sheet
    python = f"{number.python}//{weight}"
    if top:
        return Piece(low, python, number.fails)
    high = f"INT({number.sheet}/{weight * limb})*{limb}"
    return Piece(f"({low}-{high})", f"({python}-{number.python}//{weight * limb}*{limb})", number.fails, atom=True)


def _split(factors: tuple[Number, ...], by: int) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    """Which factors are cut into limbs and which multiply each limb: as few limbs as exactness allows."""
    best: tuple[tuple[bool, int, int], tuple[Number, ...], tuple[Number, ...]] | None = None
    for places in pairs((0, 1), repeat=len(factors)):
        one = tuple(number for number, place in zip(factors, places, strict=True) if not place)
        other = tuple(number for number, place in zip(factors, places, strict=True) if place)
        a, b = prod(number.size for number in one), prod(number.size for number in other)
        over = max(a * 10 // LIMIT, (b + by) * 10 * 10 // LIMIT)
        score = (over > 0, over, -(-len(str(a)) // _digits(b + by)))
        if best is None or score < best[0]:
            best = score, one or (fixed(Fraction(1)),), other or (fixed(Fraction(1)),)
    assert best is not None
    return best[1], best[2]


def _digits(number: int) -> int:
    """How many digits a limb may have beside b + d, at least one."""
    return next((digits for digits in (3, 2) if 10**digits * number * 10 < LIMIT), 1)


def _bracketed(piece: Piece) -> Piece:
    return Piece(f"({piece.sheet})", f"({piece.python})", piece.fails, atom=True)


__all__ = ["Product", "divided", "multiplied"]
