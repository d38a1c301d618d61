"""A scheme as a workbook of live formulas: the helper cells and the visible cells of every row, as templates."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import define, field, frozen

from jiangbu.desk.live import below, rounding, states
from jiangbu.desk.live.book import serial_of
from jiangbu.desk.live.choices import plain as plain_labels
from jiangbu.desk.live.choices import text_of
from jiangbu.desk.live.faults import PRECISION
from jiangbu.desk.live.formulas import Formulas
from jiangbu.desk.live.handlers import formulas_for
from jiangbu.desk.live.pieces import LIMIT, Den, Number, Piece, chosen, joined, text, truth, whole
from jiangbu.desk.live.rules import Rules, rules_of
from jiangbu.desk.live.scratch import Helper, Place, Row, Scratch, Template, template
from jiangbu.rules.model import Fact, Line
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.schedule import Step, may_hole
from jiangbu.rules.tree import Aggregate, Allocate, SeriesAt, walk

NOT_ASKED, COUNTED = "不适用", "计入"
Columns = Mapping[str, int]
"""The visible columns of a level's sheet by key: ``fact.revenue``, ``line.award``, ``amount`` …"""


@frozen
class Input:
    """A fact as Python is given it: its place among the facts of a row, its slot, and how it is turned."""

    at: int
    slot: int
    turn: Callable[[Any], Any]


@frozen
class Sheet:
    """One level: the helper cells, the formulas of visible cells by key, and what Python is given."""

    level: str
    helpers: tuple[tuple[Helper, Template], ...]
    visible: Mapping[str, Template] = field(hash=False)
    inputs: tuple[Input, ...]
    amount: int
    order: int


@frozen
class Live:
    """All sheets of a scheme's workbook, 规则表, and the Python twin that fills in helper values."""

    rules: Rules
    sheets: Mapping[str, Sheet] = field(hash=False)
    widths: Mapping[str, int] = field(hash=False)
    run: Callable[[Mapping[str, Sequence[Row]]], None] = field(hash=False, repr=False)


@define
class _Planning:
    scheme: Scheme
    f: Formulas
    columns: Mapping[str, Columns]
    inputs: dict[str, list[Input]] = field(factory=dict)
    visible: dict[str, dict[str, str]] = field(factory=dict)
    conditions: dict[str, list[Piece]] = field(factory=dict)
    checks: dict[str, list[Piece]] = field(factory=dict)
    holed: dict[str, list[Piece]] = field(factory=dict)
    dated: dict[str, list[Piece]] = field(factory=dict)
    barred: dict[str, list[Piece]] = field(factory=dict)
    amounts: dict[str, Piece] = field(factory=dict)
    elements: dict[Any, Number | Piece] = field(factory=dict)
    wanted: frozenset[str] = frozenset()


def plan(scheme: Scheme, columns: Mapping[str, Columns], sheets: Mapping[str, str], top: int = 0) -> Live:
    """Compile a scheme for sheets whose visible columns are known; helper cells stand to their right.

    :param columns: for each level, the place of each visible column (from 0) by key.
    :param sheets: for each level, the name of its sheet.
    :param top: the first free row of 规则表, from 0.
    """
    tree = scheme.tree
    places = {name: Place(name, sheets[name], tree.chain(name), max(columns[name].values()) + 1) for name in columns}
    rules = rules_of(scheme, top)
    scratch = Scratch(places)
    # Sums that only a remark needs are left out: remarks are words, written once.
    wanted = frozenset(step.line for step in scheme.steps if step.kind in ("line", "requirement", "check"))
    planning = _Planning(scheme, formulas_for(rules, scratch), columns, wanted=wanted)
    for name in places:
        for keep in (planning.conditions, planning.checks, planning.holed, planning.dated, planning.barred):
            keep[name] = []
        planning.visible[name] = {}
        _facts(planning, name)
    for step in scheme.steps:
        _step(planning, step)
    _results(planning)
    made = {}
    for name, place in places.items():
        helpers = tuple(
            (one, template(one.formula, place, sheets)) for one in scratch.helpers if one.level == name
        )
        shown = {key: template(formula, place, sheets) for key, formula in planning.visible[name].items()}
        amount = planning.amounts.get(name)
        slot = next((one.slot for one in scratch.helpers if amount is not None and one.level == name
                     and f"[{one.slot}]" in amount.python), -1)  # fmt: skip
        made[name] = Sheet(name, helpers, shown, tuple(planning.inputs[name]), slot, scratch.orders.get(name, -1))
    widths = {name: scratch.slots.get(name, 2) for name in places}
    return Live(rules, made, widths, scratch.program())


def _facts(p: _Planning, level: str) -> None:
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


def _fact(p: _Planning, fact: Fact, cell: Piece, slot: int) -> Number | Piece:
    """A fact's cell as formulas read it; what the cell does not hold itself has a helper cell."""
    f = p.f
    if fact.kind == "choice":
        read = cell.sheet
        if not plain_labels(fact, f.rules.names):
            for name, label in reversed(fact.options.items()):
                read = f"IF({cell.sheet}={text(label).sheet},{text(text_of(f.rules.names, name)).sheet},{read})"
        return _asked(p, fact, cell, slot, read)
    if fact.kind == "flag":
        read = _asked(p, fact, cell, slot, f'{cell.sheet}="是"')
        return Piece(f"({read.sheet})", read.python, read.fails, atom=True)
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


def _asked(p: _Planning, fact: Fact, cell: Piece, slot: int, read: str) -> Piece:
    if fact.needed_if:
        read = f'IF({cell.sheet}="{NOT_ASKED}",{_default(p, fact)},{read})'
    if read == cell.sheet or (fact.kind == "flag" and not fact.needed_if):
        return Piece(read, cell.python, atom=read == cell.sheet)
    return p.f.scratch.reading(fact.level, slot, read, fact.label)


def _default(p: _Planning, fact: Fact) -> str:
    value = fact.default
    if isinstance(value, bool):
        return truth(value).sheet
    if isinstance(value, Fraction):
        return str(serial_of(value) if fact.kind == "date" else int(value * fact.den))
    return text(text_of(p.f.rules.names, str(value))).sheet


def _step(p: _Planning, step: Step) -> None:
    f, scheme = p.f, p.scheme
    f.level, f.origin = step.level, step.origin
    if step.kind == "line":
        piece = _line(p, scheme.lines[step.line], step)
    elif step.kind in ("requirement", "check"):
        item = (scheme.requirements if step.kind == "requirement" else scheme.checks)[step.line]
        f.label = item.otherwise
        piece = f.keep(f.flag(step.node), "是否符合")
        (p.conditions if step.kind == "requirement" else p.checks)[step.level].append(piece)
        if step.kind == "requirement":
            formula = states.shown(f, piece, f'IF({piece.sheet},"是","否")')
            p.visible[step.level][f"holds.{step.line}"] = formula
    elif step.line in p.wanted:
        _below(p, step)
        return
    else:
        return
    if may_hole(step, scheme.infos):
        p.holed[step.level].append(piece)
    if any(isinstance(node, SeriesAt) for node in walk(step.node)):
        p.dated[step.level].append(piece)


def _line(p: _Planning, line: Line, step: Step) -> Piece:
    f = p.f
    f.label = line.label
    if line.kind == "flag":
        piece = f.keep(f.flag(step.node))
        f.values[line.name] = piece
        formula = f'IF({piece.sheet},"是","否")'
    elif line.kind in ("choice", "text", "date"):
        piece = f.keep(f.plain(step.node))
        f.values[line.name], formula = piece, piece.sheet
    else:
        number = f.cellular(rounding.ending(f, step.node, line.round))
        f.values[line.name], piece = number, number.piece
        formula = piece.sheet if number.den.one else f"{piece.sheet}/{number.den.piece.inner[0]}"
    p.visible[step.level][f"line.{line.name}"] = states.shown(f, piece, formula)
    return piece


def _refused(p: _Planning, level: str) -> Piece:
    """Whether a row of a level is refused by what is decided so far."""
    f, here, label = p.f, p.f.level, p.f.label
    f.level, f.label = level, ""
    result = states.refused(f, p.conditions[level], p.holed[level], p.barred[level])
    f.level, f.label = here, label
    return result


def _out(p: _Planning, upper: str, lower: str) -> Piece:
    """Whether a row takes no part in what a row above adds up: it, or one between them, is refused."""
    return states.any_of([_refused(p, level) for level in p.scheme.tree.between(upper, lower)])


def _below(p: _Planning, step: Step) -> None:
    """One step of a sum over rows below, or of a share of a total above."""
    f, node = p.f, step.node
    key = (step.base, step.number)
    part = p.scheme.lines.get(step.line) if step.base == step.line else None
    f.label = part.label if part is not None else "条件"
    if step.kind == "element":
        kept = f.flag(node) if node.type.kind == "flag" else f.number(node)
        p.elements[key] = f.keep(kept) if isinstance(kept, Piece) else f.cellular(kept)
    elif step.kind == "aggregate":
        assert isinstance(node, Aggregate)
        out = _out(p, step.level, node.level)
        f.hidden[id(node)] = below.aggregate(f, node, p.elements.get(key), out)
    elif step.kind in ("weight", "total"):
        p.elements[f"{step.kind} {key}"] = f.cellular(f.number(node))
    else:
        assert isinstance(node, Allocate)
        total, weight = p.elements[f"total {key}"], p.elements[f"weight {key}"]
        assert isinstance(total, Number)
        assert isinstance(weight, Number)
        out = _out(p, node.holder, step.level)
        own = below.helper(f, step.level, chosen(out, whole(0), weight.piece), "权数")
        held = below.pot(f, node, total, own, step.level)
        f.hidden[id(node)] = below.share(f, node, held, own, weight.size, out, step.level)
        p.barred[node.holder].append(held.empty)


def _results(p: _Planning) -> None:
    """What becomes of the rows of every level; amounts stand on the paid one."""
    for level in p.scheme.tree.by_name:
        p.f.level, p.f.label = level, ""
        stop = states.any_of([_refused(p, upper) for upper in p.scheme.tree.chain(level)])
        uneven = _uneven(p) if level == p.scheme.pay_level else []
        bad = states.unreadable(p.f, p.checks[level], p.dated[level], uneven)
        if level == p.scheme.pay_level:
            _amounts(p, level, stop, bad)
        else:
            end = f'IF({bad.sheet},"数据问题",IF({stop.sheet},"不予支持","{COUNTED}"))'
            p.visible[level]["outcome"] = end


def _uneven(p: _Planning) -> list[Piece]:
    """Whether the parts do not sum to the amount."""
    f, scheme = p.f, p.scheme
    if not scheme.parts:
        return []
    total = f.total([(1, _fen(f, part)) for part in scheme.parts])
    apart = f.keep(joined("<>", total.piece, _fen(f, scheme.pays).piece), "分项之和不等于核定金额")
    sheet = f"IF(ISERROR({apart.sheet}),FALSE,{apart.sheet})"
    return [Piece(sheet, f"({states.raw(apart)} is True)")]


def _amounts(p: _Planning, level: str, stop: Piece, bad: Piece) -> None:
    f, scheme, show = p.f, p.scheme, p.visible[level]
    pays = _fen(f, scheme.pays)
    amount = states.payable(f, pays.piece, [bad, stop], p.conditions[level])
    p.amounts[level] = amount
    show["amount"] = states.shown(f, amount, f"{amount.sheet}/100")
    show["outcome"] = states.outcome(f, amount, bad, stop, _nothing_left(p, level))
    paid = p.columns[level].get("paid")
    before = "0"
    if paid is not None:
        cell, _ = f.scratch.given(level, paid)
        before = f"INT({cell.sheet}*100+0.5)"
        show["over"] = states.shown(f, amount, f"MAX({before}-{amount.sheet},0)/100")
    show["due"] = states.shown(f, amount, f"MAX({amount.sheet}-{before},0)/100")
    if scheme.recovers:
        back = _fen(f, scheme.recovers)
        show["recovers"] = states.shown(f, back.piece, f"{back.piece.sheet}/100")


def _nothing_left(p: _Planning, level: str) -> str:
    """Whether a paid row has rows directly below it, all of them refused; empty where it can have none."""
    f, rows, out = p.f, [], []
    for name in p.scheme.tree.below(level):
        refused = _refused(p, name)
        f.level = name
        one = f.keep(Piece("1+0", "1"), "行数")
        other = f.keep(chosen(refused, whole(1), whole(0)), "不予支持的行数")
        f.level = level
        rows.append(f"SUM({below.block_of(f, name, one).sheet})")
        out.append(f"SUM({below.block_of(f, name, other).sheet})")
    return f"AND({'+'.join(rows)}>0,{'+'.join(rows)}={'+'.join(out)})" if rows else ""


def _fen(f: Formulas, name: str) -> Number:
    """A line of money in fen."""
    number = f.values[name]
    assert isinstance(number, Number)
    return f.cellular(f.scaled(number, Den(100)), "（分）") if number.den != Den(100) else number


def value_of(value: Any) -> Any:
    """A day as the spreadsheet counts it; anything else as it is."""
    return serial_of(value.toordinal()) if isinstance(value, datetime.date) else value


__all__ = ["Live", "Sheet", "plan", "value_of", "whole"]
