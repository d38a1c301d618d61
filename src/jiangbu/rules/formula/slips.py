"""Slips of the pen in a formula: signs, numbers and words of paper that have no place in it, and how to write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jiangbu.rules.formula.scope import Fault, Scope

SIGNS = {
    "×": "*", "÷": "/", "＋": "+", "－": "-", "−": "-", "＊": "*", "／": "/", "，": ",", "、": ",", "（": "(",
    "）": ")", "‘": "'", "’": "'", "“": "'", "”": "'", "≥": ">=", "≤": "<=", "≠": "!=", "＞": ">", "＜": "<",
    "＝": "==", "．": ".",
}  # fmt: skip
"""Signs of paper and of the Chinese keyboard, and what stands for each in a formula."""

TEXT = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|‘[^‘’\n]*’|“[^“”\n]*”")
NUMBER = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?:[%‰％]|(?:万亿|万|亿|元)+)")
CHINESE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff\w]*(?:（[^（）]*）)?")
GIVEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*=(?!=)")
EQUAL = re.compile(r"(?<![=!<>])=(?!=)")
CALLED_IF = re.compile(r"(?:^|(?<=[-+*/(,=<>]))\s*(if)\s*\(", re.IGNORECASE)


def slips(text: str, scope: Scope) -> list[Fault]:
    """Return what in a formula is surely a slip, each once: by its sign, number or word."""
    found: dict[str, Fault] = {}
    for word, fault in _slips(text, scope):
        found.setdefault(word, fault)
    return sorted(found.values(), key=lambda fault: fault.span)


def _slips(text: str, scope: Scope) -> Iterator[tuple[str, Fault]]:
    # Texts in quotes may hold any sign; they are blanked out, so that columns stay.
    bare = TEXT.sub(lambda match: match[0][0] + " " * (len(match[0]) - 2) + match[0][-1], text)
    for match in NUMBER.finditer(bare):
        message = f"{match[0]} is not in the language"
        yield match[0], Fault("formula", message, match.span(), "write it as a constant of the table")
    bare = NUMBER.sub(lambda match: " " * len(match[0]), bare)
    for match in CHINESE.finditer(bare):
        name = scope.labels.get(match[0])
        if name is not None and name.startswith("'"):
            message = f"{match[0]!r} is the label of an option"
            yield match[0], Fault("formula", message, match.span(), f"write '{name[1:-1]}'")
        elif name is not None:
            yield match[0], Fault("formula", f"{match[0]!r} is a label", match.span(), f"write its name: {name}")
    bare = CHINESE.sub(lambda match: " " * len(match[0]) if match[0] in scope.labels else match[0], bare)
    for at, sign in enumerate(bare):
        if sign in SIGNS:
            message = f"{sign!r} outside quotes"
            yield SIGNS[sign], Fault("formula", message, (at, at + 1), f"write {SIGNS[sign]} of the English keyboard")
    given = GIVEN.match(bare)
    equal = EQUAL.search(bare)
    if equal and (given is None or given[1] in scope.symbols):
        yield "=", Fault("formula", "equality is written with two signs", equal.span(), "write ==")
    elif given:
        message, remedy = f"{given[1]!r} and = stand before the formula", f"take out {given[1] + ' ='!r}"
        yield "=", Fault("formula", message, (given.start(1), given.end()), remedy)
    for match in CALLED_IF.finditer(bare):
        yield "if", Fault("formula", "if is written like a function", match.span(1), "write a if test else b")
