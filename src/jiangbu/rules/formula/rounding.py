"""Rounding: whole(…), round_to(…), and the steps that there are."""

from __future__ import annotations

import ast
from fractions import Fraction
from math import floor

from jiangbu.money import divide
from jiangbu.rules.formula.mixing import number
from jiangbu.rules.formula.numbers import quotient
from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.kinds import decimals_of
from jiangbu.rules.model import MONEY_STEPS
from jiangbu.rules.tree import Node, Round, Span, Type

ONE = Fraction(1)


def whole(reader: Reader, node: ast.Call, word: str, span: Span) -> Node | None:
    """Read ``whole(x)``: rounded down to a whole number."""
    inner = one_quotient(reader, node, word)
    if inner is None:
        return None
    if inner.type.kind not in ("number", "rate"):
        reader.fault("kind", f"whole of a {inner.type.kind}", inner.span, "money uses round_to(x, 'yuan', 'down')")
        return None
    low, high = Fraction(floor(inner.type.low)), Fraction(floor(inner.type.high))
    return Round(inner, ONE, "floor", "whole", Type("number", 1, low, high, inner.type.unit), span)


def one_quotient(reader: Reader, node: ast.Call, word: str) -> Node | None:
    """Read the one value of a call, which may be a varying quotient."""
    if len(node.args) != 1:
        reader.fault("formula", f"{word} takes one value, found {len(node.args)}", reader.span(node))
        return None
    return quotient(reader, node.args[0])


def round_to(reader: Reader, node: ast.Call, word: str, span: Span) -> Node | None:
    """Read ``round_to(x, 'yuan', 'down')``."""
    if len(node.args) != 3:
        reader.fault("formula", "round_to takes a value, a step and a mode", span, "round_to(x, 'yuan', 'down')")
        return None
    inner = quotient(reader, node.args[0])
    words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args[1:]]
    if words[1] not in ("half-up", "down", "up"):
        reader.fault("rounding", f"unknown mode {words[1]!r}", reader.span(node.args[2]), "half-up, down or up")
        return None
    if inner is None or not number(reader, inner):
        return None
    step = rounding_step(inner.type.kind, words[0])
    if step is None:
        reader.fault("rounding", f"unknown step {words[0]!r}", reader.span(node.args[1]), steps_of(inner.type.kind))
        return None
    made = rounded(inner.type, step, str(words[1]))
    return Round(inner, step, words[1], str(words[0]), made, span)  # type: ignore[arg-type]


def rounding_step(kind: str, word: object) -> Fraction | None:
    """Return the step that a word means: ``fen`` … ``万元`` for money, ``1`` or ``0.01`` for numbers and rates."""
    if kind == "money":
        return MONEY_STEPS.get(word) if isinstance(word, str) else None
    if isinstance(word, str) and word.replace(".", "", 1).strip("0") == "1" and word[-1] != "." and word[0] != ".":
        step = Fraction(word)
        return step if decimals_of(step) >= 0 and step <= 1 else None
    return None


def steps_of(kind: str) -> str:
    """Say which steps there are."""
    return ", ".join(MONEY_STEPS) if kind == "money" else 'a decimal step such as "1" or "0.01"'


def rounded(kind: Type, step: Fraction, mode: str) -> Type:
    """Return the type of a value after rounding to a step."""

    def end(value: Fraction) -> Fraction:
        steps = value / step
        return divide(steps.numerator, steps.denominator, mode) * step  # type: ignore[arg-type]

    den = 100 if kind.kind == "money" else step.denominator
    return Type(kind.kind, den, end(kind.low), end(kind.high), kind.unit, kind.options)
