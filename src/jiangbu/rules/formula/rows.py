"""Rows below, shares of a pot, and what an object of another level answers."""

from __future__ import annotations

import ast
from fractions import Fraction

from attrs import evolve

from jiangbu.rules.formula.language import ZERO
from jiangbu.rules.formula.mixing import den_of, flag, number
from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.kinds import decimals_of
from jiangbu.rules.tree import Aggregate, Allocate, MadeCall, Name, Node, Span, Type, walk


def aggregate(reader: Reader, node: ast.Call, word: str, span: Span) -> Node | None:
    """Read ``sum``, ``count``, ``largest`` and ``smallest`` of rows below."""
    if reader.inside is not None:
        reader.fault("level", f"{word} inside another aggregate", span, "give the inner one a line of its own")
        return None
    if len(node.args) != 1:
        reader.fault("formula", f"{word} takes one value, found {len(node.args)}", span)
        return None
    arg = node.args[0]
    if word == "count" and isinstance(arg, ast.Name) and arg.id in reader.scope.levels.by_name:
        return over(reader, word, None, arg.id, span)
    reader.inside = []
    try:
        inner = reader.node(arg)
        named = reader.inside
    finally:
        reader.inside = None
    if inner is None:
        return None
    levels = reader.scope.levels
    finest = max(named, key=lambda name: len(levels.chain(name)), default="")
    if not finest or any(not levels.sees(finest, name) for name in named):
        reader.fault("level", f"{word} needs values of one line of levels below", span)
        return None
    return over(reader, word, inner, finest, span)


def over(reader: Reader, word: str, inner: Node | None, level: str, span: Span) -> Node | None:
    """Return an aggregate over the rows of a level below."""
    levels = reader.scope.levels
    reader.uses.add(level)
    if level == reader.level or reader.level not in levels.chain(level):
        reader.fault("level", f"{word} runs over rows below; {level} is not below {reader.level}", span)
        return None
    most = Fraction(levels.most_rows(reader.level, level))
    if word == "count":
        if inner is not None and not flag(reader, inner):
            return None
        return Aggregate("count", inner, level, Type("number", 1, ZERO, most), span)
    assert inner is not None
    if not number(reader, inner):
        return None
    kind = inner.type
    low, high = min(ZERO, kind.low), max(ZERO, kind.high)
    if word == "sum":
        low, high = low * most, high * most
    made = evolve(kind, low=low, high=high, literal=False)
    return Aggregate(word, inner, level, made, span)  # type: ignore[arg-type]


def allocate(reader: Reader, node: ast.Call, word: str, span: Span) -> Node | None:
    """Read ``allocate(total, weight)``: a share of a value of a level above."""
    if not reader.allocates or reader.inside is not None:
        reader.fault("formula", "allocate stands in a line, outside sum, count, largest and smallest", span)
        return None
    total, weight = reader.arguments(node, 2, word)
    if total is None or weight is None:
        return None
    levels = reader.scope.levels
    named = [part.level for part in walk(total) if isinstance(part, Name) and part.of != "constant"]
    named += [part.level for part in walk(total) if isinstance(part, MadeCall)]
    holder = max(named, key=lambda name: len(levels.chain(name)), default="")
    if not holder or holder == reader.level or any(isinstance(part, Aggregate | Allocate) for part in walk(total)):
        reader.fault("level", "allocate divides a value of a level above among the rows of this level", total.span)
        return None
    if not (number(reader, total) and number(reader, weight)):
        return None
    if total.type.kind == "money" and 100 % den_of(total.type):
        reader.fault("rounding", "allocate divides rounded money", total.span, "round that line to the fen")
        return None
    if total.type.kind == "rate":
        reader.fault("kind", "allocate divides money or a number", total.span)
        return None
    if total.type.kind == "number" and decimals_of(Fraction(1, den_of(total.type))) < 0:
        reader.fault("rounding", "allocate divides a rounded number", total.span, "round that line to a step")
        return None
    if weight.type.low < 0:
        reader.fault("bounds", "a weight may be below zero", weight.span, "max(0, …)")
        return None
    kind = total.type
    den = 100 if kind.kind == "money" else kind.den
    made = Type(kind.kind, den, min(ZERO, kind.low), max(ZERO, kind.high), kind.unit)
    return Allocate(total, weight, holder, made, span)


def balance(reader: Reader, node: ast.Call, word: str, span: Span) -> Node | None:
    """Read ``balance(loan, day)``."""
    if len(node.args) != 2 or not isinstance(node.args[0], ast.Name):
        reader.fault("formula", f"{word} takes an object's level and a day", span, f"{word}(loan, day)")
        return None
    level = node.args[0].id
    made = reader.scope.made_calls.get(level, {}).get(word)
    day = reader.node(node.args[1])
    if made is None:
        reader.fault("unknown-name", f"{level} offers no {word}", span, "the level must be of a kind that has it")
        return None
    if reader.inside is not None:
        reader.inside.append(level)
    elif not reader.scope.levels.sees(reader.level, level):
        reader.not_seen(level, level, span)
        return None
    if day is None:
        return None
    if day.type.kind != "date":
        reader.fault("kind", f"{word} needs a day, found {day.type.kind}", day.span)
        return None
    return MadeCall(word, level, (day,), made, span)
