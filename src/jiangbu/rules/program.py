"""A scheme compiled once: straight-line integer Python for a case of one row, loops over rows for the others.

Both are made from the same steps by the same emitter. The straight line stops at the first hole, day outside a
series or value that is not there; the case then goes through the loops, which know what each of these means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jiangbu.rules.emit import Emitter, Stop, UnreadableStop
from jiangbu.rules.rows import (
    FIRST_CELL,
    OBJECT,
    Trouble,
    aggregate,
    allocate,
    also,
    asked,
    note,
    refuse,
    spoil,
    stopped,
    undecided,
    unread,
)
from jiangbu.rules.schedule import Step, borrowed, hidden, hidden_name, may_hole, stoppers
from jiangbu.rules.tree import Aggregate, Allocate, MadeCall, Name

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


@frozen
class Slot:
    """One value of a row: its kind and denominator, and whether it is shown as an exact fraction."""

    name: str
    kind: str
    den: int
    exact: bool = False


@frozen
class Layout:
    """What the rows of one level hold, in order: columns of made rows and objects, facts, lines, refusal codes."""

    name: str
    of: str
    columns: tuple[Slot, ...]
    facts: tuple[Slot, ...]
    lines: tuple[Slot, ...]
    codes: tuple[str, ...]
    below: tuple[str, ...]
    made: bool = False


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
    layouts = _layouts(scheme)
    cells: dict[str, dict[str, int]] = {}
    for name, layout in layouts.items():
        slots = [f"{name}.{slot.name}" for slot in layout.columns]
        slots += [slot.name for slot in (*layout.facts, *layout.lines)]
        slots += [step.slot for step in scheme.steps if step.level == name and _leaves(step)]
        cells[name] = {slot: FIRST_CELL + at for at, slot in enumerate(slots)}
    source, run = _rows_program(scheme, layouts, cells)
    flat = straight_line(scheme, layouts[scheme.tree.root]) if _is_flat(scheme, layouts) else None
    widths = {name: FIRST_CELL + len(slots) for name, slots in cells.items()}
    return Program(layouts, cells, widths, run, flat, source)


def _is_flat(scheme: Scheme, layouts: Mapping[str, Layout]) -> bool:
    return scheme.tree.flat and not layouts[scheme.tree.root].columns


def _leaves(step: Step) -> bool:
    return step.kind in ("element", "aggregate", "weight", "total", "allocate")


def _layouts(scheme: Scheme) -> dict[str, Layout]:
    result = {}
    for name, level in scheme.tree.by_name.items():
        kind = scheme.makers.objects.get(level.object) or scheme.makers.rows.get(level.made_by)
        columns = tuple(Slot(key, of.kind, of.den or 1, True) for key, of in kind.columns.items()) if kind else ()
        facts = tuple(Slot(fact.name, fact.kind, fact.den) for fact in scheme.facts.values() if fact.level == name)
        lines = tuple(
            Slot(line.name, line.kind, line.type.den or 1, line.round.step is None and line.round.stated)
            for line in scheme.lines.values()
            if line.level == name and line.type is not None
        )
        codes = [item.code for item in scheme.requirements.values() if item.level == name]
        for step in scheme.steps:
            if step.level == name:
                codes += [f"{origin or scheme.id}.{table}" for origin, table in may_hole(step, scheme.infos)]
            if isinstance(step.node, Allocate) and step.kind == "allocate" and step.node.holder == name:
                codes.append(f"{scheme.id}.{step.line}")
        below = scheme.tree.below(name)
        result[name] = Layout(
            name, level.of, columns, facts, lines, tuple(dict.fromkeys(codes)), below, bool(level.made_by)
        )
    return result


def _constants(scheme: Scheme) -> dict[tuple[str, str], Any]:
    values: dict[tuple[str, str], Any] = {("", name): item.value for name, item in scheme.constants.items()}
    if scheme.gate is not None:
        values |= {(scheme.gate.id, name): item.value for name, item in scheme.gate.constants.items()}
    return values


def _series(scheme: Scheme) -> dict[str, Any]:
    gates = scheme.gate.series if scheme.gate is not None else {}
    return {item.name: item for item in (*gates.values(), *scheme.series.values())}


# A case of one row


def straight_line(scheme: Scheme, layout: Layout) -> Straight:
    """Return the lines and conditions of a case of one row as statements, each value in a variable of its own."""
    emitter = Emitter(
        name=lambda node: f"f_{node.name}" if node.of == "fact" else f"v_{node.name}",
        hidden=_no_rows,
        infos=scheme.infos,
        series=_series(scheme),
        constants=_constants(scheme),
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
        body.append(f"if {_parts(scheme, lambda name: f'v_{name}')}: trouble += ('-parts',)")
    kinds = {step.kind for step in scheme.steps}
    unset = ["failed"] + ["trouble"] * ("check" in kinds or bool(scheme.parts)) + ["noted"] * ("remark" in kinds)
    head = [" = ".join([*unset, "()"])]
    head += [f"p{at} = {code}" for at, code in enumerate((emitter.hoisted or {}).values())]
    return Straight((*head, *body), emitter)


def _parts(scheme: Scheme, name: Callable[[str], str]) -> str:
    return " + ".join(name(part) for part in scheme.parts) + f" != {name(scheme.pays)}"


def _of_object(compute: Callable[[Any, int], int]) -> Callable[[Any, int], int]:
    """Let a function of an object stop where the object could not be read."""

    def call(thing: Any, day: int) -> int:
        if thing is None:
            raise UnreadableStop
        return compute(thing, day)

    return call


def _no_rows(node: Aggregate | Allocate) -> str:
    raise AssertionError("a scheme of one level has no rows below")


def _no_call(node: MadeCall) -> str:
    raise AssertionError("a scheme without objects has no calls")


# Rows inside rows


def _rows_program(
    scheme: Scheme, layouts: Mapping[str, Layout], cells: Mapping[str, Mapping[str, int]]
) -> tuple[str, Callable[..., None]]:
    tree = scheme.tree
    number = {name: at for at, name in enumerate(tree.by_name)}
    slots: dict[int, str] = {}

    def read(node: Name) -> str:
        return f"r{number[node.level]}[{cells[node.level][node.name]}]"

    def below(node: Aggregate | Allocate) -> str:
        return slots[id(node)]

    def call(node: MadeCall) -> str:
        _, compute = scheme.makers.objects[tree.by_name[node.level].object].calls[node.op]
        word, day = emitter.keep("call", _of_object(compute)), emitter.expression(node.parts[0])
        return f"{word}(r{number[node.level]}[{OBJECT}],{day})"

    emitter = Emitter(read, below, scheme.infos, _series(scheme), _constants(scheme), call)
    emitter.space |= {
        "Stop": Stop,
        "aggregate": aggregate,
        "allocate": allocate,
        "refuse": refuse,
        "spoil": spoil,
        "stopped": stopped,
        "undecided": undecided,
        "note": note,
        "also": also,
        "asked": asked,
        "unread": unread,
    }
    for name, layout in layouts.items():
        emitter.space[f"codes{number[name]}"] = _hole_codes(scheme, name, layout)
    code = [f"def run(trouble, {', '.join(f'R{at}' for at in number.values())}):", " pass"]
    # All of them first: the weight of a share may hold a sum, and is computed before the line that it belongs to.
    for step in scheme.steps:
        if step.kind in ("line", "requirement", "check", "remark"):
            for node, count in hidden(step.node):
                word = hidden_name("sum" if isinstance(node, Aggregate) else "share", step.base, count)
                slots[id(node)] = f"r{number[step.level]}[{cells[step.level][word]}]"
    for step in scheme.steps:
        emitter.origin = step.origin
        code += _step(scheme, step, emitter, layouts, cells, number)
    if scheme.parts:
        at = number[scheme.pay_level]
        test = _parts(scheme, lambda name: f"r{at}[{cells[scheme.pay_level][name]}]")
        code += [
            f" for r{at} in R{at}:",
            "  try:",
            f"   if {test}: spoil(r{at}, trouble, 'parts', {scheme.pays!r})",
            "  except Stop: pass",
        ]
    source = "\n".join(code)
    space = dict(emitter.space)
    exec(compile(source, f"<{scheme.id} rows>", "exec"), space)
    return source, space["run"]


def _hole_codes(scheme: Scheme, level: str, layout: Layout) -> dict[tuple[str, str], int]:
    found = {}
    for step in scheme.steps:
        if step.level == level:
            for origin, table in may_hole(step, scheme.infos):
                found[origin, table] = layout.codes.index(f"{origin or scheme.id}.{table}")
    return found


def _step(
    scheme: Scheme,
    step: Step,
    emitter: Emitter,
    layouts: Mapping[str, Layout],
    cells: Mapping[str, Mapping[str, int]],
    number: Mapping[str, int],
) -> list[str]:
    at, here = number[step.level], cells[step.level]
    if step.kind == "aggregate":
        node = step.node
        assert isinstance(node, Aggregate)
        climb = len(scheme.tree.between(step.level, node.level))
        element = -1 if node.inner is None else cells[node.level][step.sibling("element")]
        return [f" aggregate(R{at}, R{number[node.level]}, {climb}, {node.op!r}, {element}, {here[step.slot]})"]
    if step.kind == "allocate":
        node = step.node
        assert isinstance(node, Allocate)
        climb = len(scheme.tree.between(node.holder, step.level))
        factor = (node.type.den or 1) // (node.total.type.den or 1)
        refusal = layouts[node.holder].codes.index(f"{scheme.id}.{step.line}")
        total = cells[node.holder][step.sibling("total")]
        weight = here[step.sibling("weight")]
        return [
            f" allocate(R{number[node.holder]}, R{at}, {climb}, {total}, {factor}, {weight},"
            f" {here[step.slot]}, {refusal})"
        ]
    up = [f"r{number[upper]} = r{number[lower]}[1]" for lower, upper in _pairs(scheme.tree.chain(step.level))]
    code = [f" for r{at} in R{at}:", *(f"  {line}" for line in up), "  try:"]
    end = f"codes{at}, trouble, {step.line!r})"
    if step.kind == "remark":
        names = [key for key, item in scheme.remarks.items() if item.level == step.level]
        test = emitter.expression(step.node)
        return [*code, f"   if {test}: note(r{at}, {names.index(step.line)})", "  except Stop: pass"]
    if step.kind in ("requirement", "check"):
        test = emitter.expression(step.node)
        if step.kind == "requirement":
            item = scheme.requirements[step.line]
            code.append(f"   if not {test}: refuse(r{at}, {layouts[step.level].codes.index(item.code)})")
        else:
            code.append(f"   if not {test}: spoil(r{at}, trouble, 'check', {step.line!r})")
        more = _more(scheme, step, emitter, f"also(stop, r{at}, {end}", f"unread(stop, r{at})")
        return [*code, "  except Stop as stop:", f"   undecided(stop, r{at}, {end}", *more]
    if step.kind == "line":
        line = scheme.lines[step.line]
        assert line.type is not None
        value = emitter.ending(step.node, line.round, line.type.den or 1)
    else:
        value = emitter.expression(step.node)
    slot = here[step.slot]
    # A line that could refuse or spoil its row leaves the row undecided where it cannot be computed.
    deciding = bool(list(stoppers(step.node, step.origin, scheme.infos)))
    lost = f"unread(stop, r{at}, {slot}, {deciding})"
    return [
        *code,
        f"   r{at}[{slot}] = {value}",
        "  except Stop as stop:",
        f"   stopped(stop, r{at}, {slot}, {end}",
        *([f"   undecided(stop, r{at}, {end}"] if deciding else []),
        *_more(scheme, step, emitter, f"also(stop, r{at}, {end}", lost),
    ]


def _more(scheme: Scheme, step: Step, emitter: Emitter, also: str, lost: str) -> list[str]:
    """Return code that looks once more at what a formula that has stopped needs, so that its order does not matter:
    every lookup that finds nothing is listed, and what cannot be read goes before what has no value."""
    found = list(stoppers(step.node, step.origin, scheme.infos))
    needed = list(borrowed(step.node)) if not scheme.tree.flat else []
    asked = [(emitter.expression(node), guards, also) for node, guards in found]
    if len(found) + len(needed) > 1:
        asked += [(f"asked({emitter.expression(node)})", guards, lost) for node, guards in needed]
    code: list[str] = []
    for value, guards, then in dict.fromkeys(asked):
        tests = [f"{'' if truth else 'not '}{emitter.expression(test)}" for test, truth in guards]
        looked = f"({value}) if {' and '.join(tests)} else None" if tests else value
        code += [f"   try: {looked}", f"   except Stop as stop: {then}"]
    return code


def _pairs(chain: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(chain))


__all__ = ["Layout", "Program", "Slot", "Trouble", "compile_program"]
