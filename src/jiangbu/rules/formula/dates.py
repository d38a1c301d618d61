"""Days and months: the calls that count them, and the bounds of what they give."""

from __future__ import annotations

import ast
from datetime import date
from fractions import Fraction

from jiangbu.dates import later_ordinal, months_ordinal
from jiangbu.errors import JiangbuError
from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.tree import DateCall, Node, Span, Type

LAST_ORDINAL = 3_652_059


def date_call(reader: Reader, node: ast.Call, word: str, span: Span) -> Node | None:
    """Read ``days``, ``months``, ``later``, ``after`` and ``year``."""
    parts = reader.arguments(node, 1 if word == "year" else 2, word)
    if None in parts:
        return None
    ready = tuple(part for part in parts if part is not None)
    kinds = ["date", "number" if word in ("later", "after") else "date"][: len(ready)]
    for part, kind in zip(ready, kinds, strict=True):
        if part.type.kind != kind:
            reader.fault("kind", f"{word} needs a {kind}, found {part.type.kind}", part.span)
            return None
    if word in ("later", "after") and ready[1].type.den != 1:
        reader.fault(
            "kind",
            f"{word} counts whole {'months' if word == 'later' else 'days'}",
            ready[1].span,
            "whole(…)",
        )
        return None
    made = date_type(reader, word, [part.type for part in ready], span)
    return None if made is None else DateCall(word, ready, made, span)  # type: ignore[arg-type]


def date_type(reader: Reader, word: str, types: list[Type], span: Span) -> Type | None:
    """Return the type of a call on days; None, with a fault, if it may leave the calendar."""
    lows, highs = [int(t.low) for t in types], [int(t.high) for t in types]
    try:
        if word == "year":
            return Type("number", 1, Fraction(_year(lows[0])), Fraction(_year(highs[0])))
        if word == "days":
            return Type("number", 1, Fraction(lows[1] - highs[0]), Fraction(highs[1] - lows[0]), "天")
        if word == "months":
            low, high = months_ordinal(highs[0], lows[1]), months_ordinal(lows[0], highs[1])
            return Type("number", 1, Fraction(low), Fraction(high), "月")
        if word == "after":
            low, high = lows[0] + lows[1], highs[0] + highs[1]
            if low < 1 or high > LAST_ORDINAL:
                raise OverflowError
        else:
            low, high = later_ordinal(lows[0], lows[1]), later_ordinal(highs[0], highs[1])
    except (OverflowError, ValueError, JiangbuError):
        reader.fault("bounds", f"{word} may leave the calendar", span, "bound the day and the count more tightly")
        return None
    return Type("date", 1, Fraction(low), Fraction(high))


def _year(ordinal: int) -> int:
    return date.fromordinal(ordinal).year
