"""Facts as formulas read them: what the cell of a fact does not hold itself has a helper cell beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from jiangbu.desk.live.book import serial_of
from jiangbu.desk.live.choices import plain as plain_labels
from jiangbu.desk.live.choices import text_of
from jiangbu.desk.live.faults import PRECISION
from jiangbu.desk.live.pieces import LIMIT, Den, Number, Piece, text, truth
from jiangbu.desk.live.planning import Input, Planning
from jiangbu.rules.model import Fact

NOT_ASKED = "不适用"


def given_facts(p: Planning, level: str) -> None:
    f, p.inputs[level] = p.f, []
    f.level, f.origin = level, ""
    facts = [fact for fact in p.scheme.facts.values() if fact.level == level]
    for at, fact in enumerate(facts):
        cell, slot = f.scratch.given(level, p.columns[level][f"fact.{fact.name}"])
        p.inputs[level].append(Input(at, slot, _turn(fact, f.rules.names)))
        f.values[fact.name] = _fact(p, fact, cell, slot)


def _turn(fact: Fact, names: Mapping[str, str]) -> Callable[[Any], Any]:
    if fact.kind == "choice":
        texts = {name: text_of(names, name) for name in fact.options}
        return texts.__getitem__
    return serial_of if fact.kind == "date" else _as_is


def _as_is(value: Any) -> Any:
    return value


def _fact(p: Planning, fact: Fact, cell: Piece, slot: int) -> Number | Piece:
    """A fact's cell as formulas read it; what the cell does not hold itself has a helper cell."""
    f = p.f
    if fact.kind == "choice":
        read = cell.sheet
        if not plain_labels(fact, f.rules.names):
            for name, label in reversed(list(fact.options.items())):
                read = f"IF({cell.sheet}={text(label).sheet},{text(text_of(f.rules.names, name)).sheet},{read})"
        return _asked(p, fact, cell, slot, read)
    if fact.kind == "flag":
        flag = _asked(p, fact, cell, slot, f'{cell.sheet}="是"')
        return Piece(f"({flag.sheet})", flag.python, flag.fails, atom=True)
    if fact.kind == "date":
        return _asked(p, fact, cell, slot, cell.sheet)
    assert fact.bounds is not None
    size = max(abs(int(fact.bounds.low * fact.den)), abs(int(fact.bounds.high * fact.den))) + 1
    read = cell.sheet
    if fact.den != 1:
        read = f"INT({cell.sheet}*{fact.den}+0.5)"
        if size >= LIMIT:
            read = f"IF(ABS({cell.sheet}*{fact.den})<1E+15,{read},{PRECISION.formula})"
    piece = _asked(p, fact, cell, slot, read)
    if size >= LIMIT:
        piece = f.keep(Piece(f"{piece.sheet}*1", f"exact({piece.python})", fails=True), fact.label)
    size = min(size, LIMIT - 1)
    return Number(piece, Den(fact.den), size, size, Fraction(size, fact.den), fact.bounds.low < 0)


def _asked(p: Planning, fact: Fact, cell: Piece, slot: int, read: str) -> Piece:
    if fact.needed_if:
        read = f'IF({cell.sheet}="{NOT_ASKED}",{_default(p, fact)},{read})'
    if read == cell.sheet or (fact.kind == "flag" and not fact.needed_if):
        return Piece(read, cell.python, atom=read == cell.sheet)
    return p.f.scratch.reading(fact.level, slot, read, fact.label)


def _default(p: Planning, fact: Fact) -> str:
    value = fact.default
    if isinstance(value, bool):
        return truth(value).sheet
    if isinstance(value, Fraction):
        return str(serial_of(value) if fact.kind == "date" else int(value * fact.den))
    return text(text_of(p.f.rules.names, str(value))).sheet
