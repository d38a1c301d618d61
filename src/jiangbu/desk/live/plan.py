"""A scheme as a workbook of live formulas: the helper cells and the visible cells of every row, as templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import field, frozen

from jiangbu.desk.live import below, rounding, states
from jiangbu.desk.live.ends import results
from jiangbu.desk.live.given import given_facts
from jiangbu.desk.live.handlers import formulas_for
from jiangbu.desk.live.pieces import Number, Piece, whole
from jiangbu.desk.live.planning import Columns, Input, Planning, refused, spoilt
from jiangbu.desk.live.rules import Rules, rules_of
from jiangbu.desk.live.scratch import Helper, Place, Row, Scratch, Template, slot_of, template
from jiangbu.rules.model import Line
from jiangbu.rules.schedule import Step, may_hole
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Aggregate, Allocate, SeriesAt, walk


@frozen
class Sheet:
    """One level: the helper cells, the formulas of visible cells by key, and what Python is given."""

    level: str
    helpers: tuple[tuple[Helper, Template], ...]
    visible: Mapping[str, Template] = field(hash=False)
    inputs: tuple[Input, ...]
    amount: int
    order: int
    shares: tuple[SharedOut, ...]


@frozen
class SharedOut:
    """A total shared among rows of a sheet by a row above.

    ``one`` is the slot of the units of remainder, ``left`` that of their sum in the row of ``holder``; ``agrees``
    is the formula, for a row of the holder, that both are the same.
    """

    holder: str
    one: int
    left: int
    agrees: Template


@frozen
class Live:
    """All sheets of a scheme's workbook, 规则表, and the Python twin that fills in helper values."""

    rules: Rules
    sheets: Mapping[str, Sheet] = field(hash=False)
    widths: Mapping[str, int] = field(hash=False)
    run: Callable[[Mapping[str, Sequence[Row]]], None] = field(hash=False, repr=False)


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
    planning = Planning(scheme, formulas_for(rules, scratch), columns, wanted=wanted)
    for name in places:
        for keep in (planning.conditions, planning.checks, planning.holed, planning.dated, planning.barred):
            keep[name] = []
        planning.visible[name] = {}
        given_facts(planning, name)
    for step in scheme.steps:
        _step(planning, step)
    results(planning)
    made = {}
    for name, place in places.items():
        helpers = tuple((one, template(one.formula, place, sheets)) for one in scratch.helpers if one.level == name)
        shown = {key: template(formula, place, sheets) for key, formula in planning.visible[name].items()}
        amount = planning.amounts.get(name)
        slot = slot_of(amount) if amount is not None else -1
        shared = tuple(
            SharedOut(one.holder, slot_of(one.one), slot_of(one.left),
                      template(f"SUM({one.ones})={one.left.sheet}", place, sheets))
            for one in scratch.shares if one.lower == name
        )  # fmt: skip
        made[name] = Sheet(
            name, helpers, shown, tuple(planning.inputs[name]), slot, scratch.orders.get(name, -1), shared
        )
    widths = {name: scratch.slots.get(name, 2) for name in places}
    return Live(rules, made, widths, scratch.program())


def _step(p: Planning, step: Step) -> None:
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
        found = _below(p, step)
        if found is None:
            return
        piece = found
    else:
        return
    if may_hole(step, scheme.infos):
        p.holed[step.level].append(piece)
    if any(isinstance(node, SeriesAt) for node in walk(step.node)):
        p.dated[step.level].append(piece)


def _line(p: Planning, line: Line, step: Step) -> Piece:
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


def _bars(p: Planning, upper: str, lower: str) -> list[below.Bar]:
    """What may keep a row, or one between it and a row above, out of what that adds up; the highest level first."""
    return [below.Bar(refused(p, level), spoilt(p, level)) for level in p.scheme.tree.between(upper, lower)]


def _below(p: Planning, step: Step) -> Piece | None:
    """One step of a sum over rows below, or of a share of a total above; what a row itself gives to it, if it does."""
    f, node = p.f, step.node
    key = (step.base, step.number)
    part = p.scheme.lines.get(step.line) if step.base == step.line else None
    f.label = part.label if part is not None else "条件"
    if step.kind == "element":
        kept = f.flag(node) if node.type.kind == "flag" else f.number(node)
        p.elements[key] = given = f.keep(kept) if isinstance(kept, Piece) else f.cellular(kept)
        return given if isinstance(given, Piece) else given.piece
    if step.kind == "aggregate":
        assert isinstance(node, Aggregate)
        bars = _bars(p, step.level, node.level)
        f.hidden[id(node)] = below.aggregate(f, node, p.elements.get(key), bars)
    elif step.kind in ("weight", "total"):
        number = p.elements[f"{step.kind} {key}"] = f.cellular(f.number(node))
        return number.piece
    else:
        assert isinstance(node, Allocate)
        total, weight = p.elements[f"total {key}"], p.elements[f"weight {key}"]
        assert isinstance(total, Number)
        assert isinstance(weight, Number)
        bars = _bars(p, node.holder, step.level)
        own = below.helper(f, step.level, below.barred(bars, whole(0), weight.piece), "权数")
        held = below.pot(f, node, total, own, step.level)
        f.hidden[id(node)] = below.share(f, node, held, own, weight.size, bars, step.level)
        if any(bar.bad is not None for bar in bars):
            # Whether there is any weight to share by cannot be known, so the holder's own row stays undecided.
            p.dated[node.holder].append(held.weights)
        p.barred[node.holder].append(held.empty)
    return None
