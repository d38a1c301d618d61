"""What becomes of a row, live: whether it is refused or unreadable, and the amount that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jiangbu.desk.live.faults import HOLE, OUTSIDE, Fault
from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.pieces import Piece, chosen, whole

NEVER = Piece("FALSE", "False", atom=True)


def raw(piece: Piece) -> str:
    """What a cell holds, to Python, even if it is an error value."""
    return piece.python.removeprefix("sound(").removesuffix(")") if piece.fails else piece.python


def is_fault(piece: Piece, fault: Fault) -> Piece:
    """Whether a cell holds one of the error values; never an error value itself."""
    sheet = f"IF(ISERROR({piece.sheet}),ERROR.TYPE({piece.sheet})={fault.number},FALSE)"
    value = raw(piece)
    return Piece(sheet, f"(isinstance({value},Fault)and {value}.number=={fault.number})")


def fails_to_hold(piece: Piece) -> Piece:
    """Whether a condition is decided, and is false."""
    return Piece(f"IF(ISERROR({piece.sheet}),FALSE,NOT({piece.sheet}))", f"({raw(piece)} is False)")


def any_of(tests: Sequence[Piece]) -> Piece:
    """Whether any of the tests holds; none of them is an error value."""
    if not tests:
        return NEVER
    sheet, python = ",".join(test.sheet for test in tests), " or ".join(test.inner[1] for test in tests)
    return Piece(f"OR({sheet})", f"({python})", any(test.fails for test in tests))


def all_of(tests: Sequence[Piece]) -> Piece:
    """Whether all tests hold; an error value if one of them is."""
    if not tests:
        return Piece("TRUE", "True", atom=True)
    sheet, python = ",".join(test.sheet for test in tests), "&".join(test.inner[1] for test in tests)
    return Piece(f"AND({sheet})", f"({python})", any(test.fails for test in tests))


def refused(f: Formulas, conditions: Iterable[Piece], holed: Iterable[Piece], barred: Sequence[Piece]) -> Piece:
    """Whether a row is refused by a condition, stands in a hole of a table, or shares a total over no weight."""
    tests = [*(fails_to_hold(piece) for piece in conditions), *barred]
    tests += [is_fault(piece, HOLE) for piece in holed if piece.fails]
    return f.keep(any_of(tests), "不予支持")


def unreadable(f: Formulas, checks: Iterable[Piece], dated: Iterable[Piece], uneven: Sequence[Piece]) -> Piece:
    """Whether the facts of a row cannot be used: they contradict, or a day lies outside a series."""
    tests = [fails_to_hold(piece) for piece in checks]
    tests += [is_fault(piece, OUTSIDE) for piece in dated if piece.fails]
    return f.keep(any_of([*tests, *uneven]), "数据问题")


def payable(f: Formulas, pays: Piece, stopped: Sequence[Piece], conditions: Sequence[Piece]) -> Piece:
    """The amount in fen: zero where something stops it, and never below zero."""
    amount = Piece(f"MAX({pays.sheet},0)", f"max({pays.python},0)", pays.fails)
    decided = chosen(all_of(conditions), amount, whole(0)) if conditions else amount
    return f.keep(chosen(any_of(stopped), whole(0), decided), "核定金额（分）")


def shown(f: Formulas, piece: Piece, formula: str) -> str:
    """A visible cell: the formula, or words where the helper cell is an error value."""
    return f"IF(ISERROR({piece.sheet}),INDEX({f.rules.legend},ERROR.TYPE({piece.sheet})),{formula})"


def outcome(f: Formulas, amount: Piece, bad: Piece, stop: Piece, nothing_left: str) -> str:
    """The visible cell 结论; a row of which every row below is refused is not nil by rule but refused."""
    nil = f'IF({nothing_left},"不予支持","按规定为零")' if nothing_left else '"按规定为零"'
    end = f'IF({amount.sheet}>0,"应付",{nil})'
    return shown(f, amount, f'IF({bad.sheet},"数据问题",IF({stop.sheet},"不予支持",{end}))')
