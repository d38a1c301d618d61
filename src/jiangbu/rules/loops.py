"""The loops of a compiled scheme: every step in order, each over all rows of its level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jiangbu.rules.emit import Emitter, Stop, UnreadableStop
from jiangbu.rules.layout import Layout
from jiangbu.rules.rows import (
    OBJECT,
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


def rows_program(
    scheme: Scheme,
    layouts: Mapping[str, Layout],
    cells: Mapping[str, Mapping[str, int]],
    constants: Mapping[tuple[str, str], Any],
    series: Mapping[str, Any],
) -> tuple[str, Callable[..., None]]:
    """Write and compile the loops; return their text and the function, which takes the rows of every level."""
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

    emitter = Emitter(read, below, scheme.infos, series, constants, call)
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
        test = parts_differ(scheme, lambda name: f"r{at}[{cells[scheme.pay_level][name]}]")
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


def parts_differ(scheme: Scheme, name: Callable[[str], str]) -> str:
    """Return the test that the parts of the paid line do not sum to it; ``name`` says where each stands."""
    return " + ".join(name(part) for part in scheme.parts) + f" != {name(scheme.pays)}"


def _of_object(compute: Callable[[Any, int], int]) -> Callable[[Any, int], int]:
    """Let a function of an object stop where the object could not be read."""

    def call(thing: Any, day: int) -> int:
        if thing is None:
            raise UnreadableStop
        return compute(thing, day)

    return call


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
    up = [f"r{number[upper]} = r{number[lower]}[1]" for lower, upper in pairwise(scheme.tree.chain(step.level))]
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
