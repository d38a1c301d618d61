"""A scheme compiled once: straight-line integer Python for a case of one row, loops over rows for the others.

Both are made from the same steps by the same emitter. The straight line stops at the first hole, day outside a
series or value that is not there; the case then goes through the loops, which know what each of these means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jiangbu.rules.emit import Emitter
from jiangbu.rules.layout import Layout, layouts_of
from jiangbu.rules.loops import parts_differ, rows_program
from jiangbu.rules.rows import FIRST_CELL
from jiangbu.rules.schedule import Step
from jiangbu.rules.tree import Aggregate, Allocate, MadeCall

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


@frozen
class Straight:
    """The statements of a case of one row.

    They read ``f_fact`` and leave ``v_line`` and ``failed``, and, where the scheme has any, ``trouble`` (checks that
    fail) and ``noted`` (remarks that hold). What they need stands in the emitter's namespace.
    """

    statements: tuple[str, ...]
    emitter: Emitter


@frozen
class Program:
    """The compiled scheme. ``flat`` is None for a scheme of several levels."""

    layouts: Mapping[str, Layout]
    cells: Mapping[str, Mapping[str, int]]
    widths: Mapping[str, int]
    run: Callable[..., None] = field(repr=False)
    flat: Straight | None = field(repr=False)
    source: str = field(repr=False)


def compile_program(scheme: Scheme) -> Program:
    """Compile a checked scheme."""
    layouts = layouts_of(scheme)
    cells: dict[str, dict[str, int]] = {}
    for name, layout in layouts.items():
        slots = [f"{name}.{slot.name}" for slot in layout.columns]
        slots += [slot.name for slot in (*layout.facts, *layout.lines)]
        slots += [step.slot for step in scheme.steps if step.level == name and _leaves(step)]
        cells[name] = {slot: FIRST_CELL + at for at, slot in enumerate(slots)}
    constants, series = _constants(scheme), _series(scheme)
    source, run = rows_program(scheme, layouts, cells, constants, series)
    flat = None
    if scheme.tree.flat and not layouts[scheme.tree.root].columns:
        flat = straight_line(scheme, layouts[scheme.tree.root], constants, series)
    widths = {name: FIRST_CELL + len(slots) for name, slots in cells.items()}
    return Program(layouts, cells, widths, run, flat, source)


def _leaves(step: Step) -> bool:
    return step.kind in ("element", "aggregate", "weight", "total", "allocate")


def _constants(scheme: Scheme) -> dict[tuple[str, str], Any]:
    values: dict[tuple[str, str], Any] = {("", name): item.value for name, item in scheme.constants.items()}
    if scheme.gate is not None:
        values |= {(scheme.gate.id, name): item.value for name, item in scheme.gate.constants.items()}
    return values


def _series(scheme: Scheme) -> dict[str, Any]:
    gates = scheme.gate.series if scheme.gate is not None else {}
    return {item.name: item for item in (*gates.values(), *scheme.series.values())}


def straight_line(
    scheme: Scheme, layout: Layout, constants: Mapping[tuple[str, str], Any], series: Mapping[str, Any]
) -> Straight:
    """Return the lines and conditions of a case of one row as statements, each value in a variable of its own."""
    emitter = Emitter(
        name=lambda node: f"f_{node.name}" if node.of == "fact" else f"v_{node.name}",
        hidden=_no_rows,
        infos=scheme.infos,
        series=series,
        constants=constants,
        call=_no_call,
        hoisted={},
    )
    body: list[str] = []
    conditions = [item.code for item in scheme.requirements.values()]
    for step in scheme.steps:
        emitter.origin = step.origin
        if step.kind == "line":
            line = scheme.lines[step.line]
            assert line.type is not None
            body.append(f"v_{line.name} = {emitter.ending(step.node, line.round, line.type.den or 1)}")
        elif step.kind == "requirement":
            at = layout.codes.index(conditions[list(scheme.requirements).index(step.line)])
            body.append(f"if not {emitter.expression(step.node)}: failed += ({at},)")
        elif step.kind == "check":
            body.append(f"if not {emitter.expression(step.node)}: trouble += ({step.line!r},)")
        elif step.kind == "remark":
            at = list(scheme.remarks).index(step.line)
            body.append(f"if {emitter.expression(step.node)}: noted += ({at},)")
    if scheme.parts:
        body.append(f"if {parts_differ(scheme, lambda name: f'v_{name}')}: trouble += ('-parts',)")
    kinds = {step.kind for step in scheme.steps}
    unset = ["failed"] + ["trouble"] * ("check" in kinds or bool(scheme.parts)) + ["noted"] * ("remark" in kinds)
    head = [" = ".join([*unset, "()"])]
    head += [f"p{at} = {code}" for at, code in enumerate((emitter.hoisted or {}).values())]
    return Straight((*head, *body), emitter)


def _no_rows(node: Aggregate | Allocate) -> str:
    raise AssertionError("a scheme of one level has no rows below")


def _no_call(node: MadeCall) -> str:
    raise AssertionError("a scheme without objects has no calls")


__all__ = ["Program", "Straight", "compile_program"]
