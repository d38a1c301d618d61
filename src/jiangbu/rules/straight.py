"""The quick way through a case of one row: facts read, evaluated and kept in one generated function.

It takes what is given in the expected form and within bounds. Everything else (a missing or wrong value, an unknown
name, a hole, a day outside a series, facts that contradict) makes it give up, and the case goes the patient way,
which finds the same amounts and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jiangbu.rules.determination import Determination
from jiangbu.rules.door.faults import DoorFault
from jiangbu.rules.door.values import choice_names, default_cell, reader_of
from jiangbu.rules.emit import Emitter, Stop
from jiangbu.rules.model import Fact
from jiangbu.rules.stored import NO_REST, Rest

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

LONG = Decimal("1" * 900).__sizeof__()
"""What a Decimal of 900 digits takes; where all take the same, none is short enough for the quick way."""

One = Callable[[Any, Any], Determination | None]
Patient = Callable[[Any, Any], Determination]
Many = Callable[[Iterable[Any], Patient], Iterator[Determination]]


class GiveUp(Exception):
    """This case is not for the quick way."""


@frozen
class StraightLine:
    """``one`` determines a case or gives None; ``many`` runs over cases and hands the odd ones to the patient way."""

    one: One
    many: Many
    source: str


def compile_straight(scheme: Scheme) -> StraightLine | None:
    """Write and compile the quick way; None for a scheme of several levels."""
    program = scheme.program
    if program.flat is None:
        return None
    emitter = program.flat.emitter
    space = emitter.space
    space |= {
        "new": tuple.__new__,
        "Determination": Determination,
        "Rest": Rest,
        "none": NO_REST,
        "Decimal": Decimal,
        "date": date,
        "type": type,
        "len": len,
        "int": int,
        "tuple": tuple,
        "GiveUp": GiveUp,
        "head": scheme.head,
        "odd": (GiveUp, KeyError, TypeError, ValueError, OverflowError, AttributeError, DoorFault, Stop),
    }
    layout = program.layouts[scheme.tree.root]
    body = [*_door(scheme, emitter), *program.flat.statements]
    if scheme.checks or scheme.parts:
        body.append("if trouble: raise GiveUp")
    facts = "".join(f"f_{slot.name}," for slot in layout.facts)
    values = "".join(f"v_{slot.name}," for slot in layout.lines)
    odd = ["assumed"] * any(fact.has_default for fact in scheme.facts.values()) + ["noted"] * bool(scheme.remarks)
    given = ", ".join(f"{name}={name}" for name in odd)
    rest = f"Rest({given}) if {' or '.join(odd)} else none" if odd else "none"
    made = f"new(Determination, (head, failed, subject, {rest}, {facts}{values}))"
    one = [
        "def one(facts, subject):",
        " try:",
        *(f"  {text}" for text in body),
        f"  return {made}",
        " except odd:",
        "  return None",
    ]
    many = [
        "def many(cases, patient):",
        " for facts in cases:",
        "  subject = None",
        "  if type(facts) is tuple and len(facts) == 2: facts, subject = facts",
        "  try:",
        *(f"   {text}" for text in body),
        f"   made = {made}",
        "  except odd: made = patient(facts, subject)",
        "  yield made",
    ]
    source = "\n".join([*one, *many])
    names = dict(space)
    exec(compile(source, f"<{scheme.id}>", "exec"), names)
    return StraightLine(names["one"], names["many"], source)


def _door(scheme: Scheme, emitter: Emitter) -> list[str]:
    facts = list(scheme.facts.values())
    sure = [fact for fact in facts if not fact.has_default]
    body: list[str] = []
    if len(sure) > 1:
        get = emitter.keep("get", itemgetter(*(fact.name for fact in sure)))
        body.append(", ".join(f"g_{fact.name}" for fact in sure) + f" = {get}(facts)")
    elif sure:
        body.append(f"g_{sure[0].name} = facts[{sure[0].name!r}]")
    maybe = [fact for fact in facts if fact.has_default]
    if maybe or scheme.remarks:
        body.append("assumed = ()")
    if maybe:
        body += ["get = facts.get", f"given = {len(sure)}"]
    for fact in maybe:
        body += [f"g_{fact.name} = get({fact.name!r})", f"if g_{fact.name} is not None: given += 1"]
    body.append(f"if len(facts) != {'given' if maybe else len(sure)}: raise GiveUp")
    for fact in facts:
        body += _take(fact, emitter)
    return body


def _take(fact: Fact, emitter: Emitter) -> list[str]:
    reading = _read(fact, emitter)
    if not fact.has_default:
        return reading
    default = emitter.keep("default", default_cell(fact))
    if fact.needed_tree is not None:
        test = emitter.expression(fact.needed_tree)
        return [
            f"if not {test}:",
            f" if g_{fact.name} is not None:",
            # Read all the same, so that what cannot be read is refused; then not used.
            *(f"  {line}" for line in reading),
            f"  assumed += ({fact.name!r},)",
            f" f_{fact.name} = {default}",
            f"elif g_{fact.name} is None: raise GiveUp",
            "else:",
            *(f" {line}" for line in reading),
        ]
    return [
        f"if g_{fact.name} is None:",
        f" f_{fact.name} = {default}",
        f" assumed += ({fact.name!r},)",
        "else:",
        *(f" {line}" for line in reading),
    ]


def _read(fact: Fact, emitter: Emitter) -> list[str]:
    g, f = f"g_{fact.name}", f"f_{fact.name}"
    if fact.kind == "flag":
        return [f"if {g} is not True and {g} is not False: raise GiveUp", f"{f} = {g}"]
    if fact.kind == "choice":
        return [f"{f} = {emitter.keep('names', choice_names(fact))}[{g}]"]
    assert fact.bounds is not None
    low, high = fact.bounds.grid(fact.den)
    read = emitter.keep("read", reader_of(fact))
    hold = f"if not {low} <= {f} <= {high}: raise GiveUp"
    if fact.kind == "date":
        return [f"{f} = {g}.toordinal() if type({g}) is date else {read}({g})", hold]
    scale = emitter.keep("scale", scales(fact.den))
    # 1E+999999999 is short to write, and a million digits are long to spell out: the patient way sees to such numbers.
    short = f"{g}.__sizeof__() < {LONG} and -61 < {g}.adjusted() < 61"
    ratio = f" n, d = {g}.as_integer_ratio() if {short} else {read}({g})"
    lines = [f"if type({g}) is Decimal:", ratio, f" {f} = n * {scale}[d]"]
    if fact.kind != "rate":
        lines.append(f"elif type({g}) is int: {f} = {g if fact.den == 1 else f'{g} * {fact.den}'}")
    if fact.den == 1 and fact.kind != "rate":
        lines = [f"if type({g}) is int: {f} = {g}", f"elif type({g}) is Decimal:", *lines[1:3]]
    return [*lines, f"else: {f} = {read}({g})", hold]


def scales(den: int) -> Mapping[int, int]:
    """Return, for each divisor of a denominator, what brings a numerator over it to the denominator."""
    twos, fives = [1], [1]
    while den % (twos[-1] * 2) == 0:
        twos.append(twos[-1] * 2)
    while den % (fives[-1] * 5) == 0:
        fives.append(fives[-1] * 5)
    return {a * b: den // (a * b) for a in twos for b in fives}
