"""Lookup tables at random: rows that hit every point of their inputs once, with every boundary word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from math import floor, lcm
from random import Random
from typing import Any

from attrs import frozen

from jiangbu.rules.kinds import decimals_of, read_literal
from jiangbu.testing.formulas import KnownTable, Writer
from jiangbu.testing.terms import Term

MOST_ROWS = 24


@frozen
class Segment:
    """One piece of an input as a row writes it: words with values, an option, or nothing (all of it)."""

    words: dict[str, Any] | str | bool | None


def draw_table(
    rng: Random, writer: Writer, name: str, levels: Sequence[str]
) -> tuple[KnownTable, dict[str, Any]] | None:
    """Return a table over inputs that one level sees: what formulas know of it, and its TOML entry."""
    level = rng.choice(levels)
    place = writer.source(level)
    seen = [
        term for kind in ("money", "number", "rate", "choice", "flag", "date") for term in writer.visible(kind, place)
        if term.fact or (term.level and (term.kind not in ("choice", "flag")))
    ]  # fmt: skip
    if not seen:
        return None
    inputs: list[Term] = []
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
        term = rng.choice(seen)
        if term not in inputs:
            inputs.append(term)
    pieces, meets = [], []
    for term in inputs:
        found, whole = _pieces(rng, writer, term)
        pieces.append(found)
        meets.append(whole)
    combos = list(product(*pieces))
    if len(combos) > MOST_ROWS:
        return None
    rng.shuffle(combos)
    rest = "none"
    if len(combos) > 1 and rng.randint(1, 100) <= 35:
        rest = rng.choice(["otherwise", "holes"])
        combos = combos[: max(1, len(combos) - rng.randint(1, len(combos) // 2 + 1))]
    columns = _columns(rng)
    rows = [_row(rng, inputs, combo) | _gives(rng, writer, columns) for combo in combos]
    if rest == "otherwise":
        rows.append({"otherwise": True} | _gives(rng, writer, columns))
    entry: dict[str, Any] = {"label": f"档次{name}"}
    entry |= {"input": inputs[0].text} if len(inputs) == 1 else {"inputs": [term.text for term in inputs]}
    entry |= {"clause": "第四条", "gives": {column: kind for column, (kind, _) in columns.items()}}
    if rest == "holes":
        entry["holes"] = "refuse"
    written = {column: [_value(row[column], kind) for row in rows] for column, (kind, _) in columns.items()}
    entry["rows"] = rows
    known = {column: _known(column, columns[column][0], values) for column, values in written.items()}
    return KnownTable(name, tuple(inputs), known, rest == "holes", tuple(meets)), entry


def _pieces(rng: Random, writer: Writer, term: Term) -> tuple[list[Segment], bool]:
    """Cut one input into pieces; say whether they meet without any gap."""
    if term.kind == "flag":
        return [Segment(True), Segment(False)], True
    if term.kind == "choice":
        return [Segment(option) for option in term.options], True
    cuts = sorted({_cut(rng, term) for _ in range(rng.randint(0, 3))})
    whole = not term.even or term.kind == "rate" or rng.randint(1, 100) <= 60
    pieces: list[Segment] = []
    words: dict[str, Any] = {}
    for value in cuts:
        shown = _shown(writer, term.kind, value)
        # Only a fact's grid is known exactly, and a single point off the grid would be no row at all.
        point = ["point"] if term.fact else []
        style = rng.choice(
            ["lt", "le", "lt", "le", *point] if whole or term.den > 10**6 else ["lt", "le", "grid", "grid"]
        )
        if style == "grid" and term.kind == "number" and decimals_of(Fraction(1, term.den)) < 0:
            style = "lt"
        if style == "point":
            pieces += [Segment(words | {"less_than": shown}), Segment({"is": shown})]
            words = {"more_than": shown}
        elif style == "grid":
            pieces.append(Segment(words | {"at_most": shown}))
            words = {"at_least": _shown(writer, term.kind, _next(value, term.den))}
        else:
            pieces.append(Segment(words | {"less_than" if style == "lt" else "at_most": shown}))
            words = {"at_least" if style == "lt" else "more_than": shown}
    pieces.append(Segment(words or None))
    sound = [piece for piece in pieces if not _nothing(piece, term)]
    return (sound, whole) if len(sound) == len(pieces) else ([Segment(None)], True)


def _cut(rng: Random, term: Term) -> Fraction:
    """Pick a value inside the bounds, mostly a round one."""
    den = 1 if not term.fact or (term.kind in ("date", "money") and rng.randint(1, 100) <= 70) else min(term.den, 10**6)
    if decimals_of(Fraction(1, den)) < 0:
        den = 1
    low, high = floor(term.low * den), floor(term.high * den)
    if rng.randint(1, 100) <= 50:
        top = min(high, low + 10 ** rng.randint(0, 12))
        return Fraction(rng.randint(low, max(low, top)), den)
    return Fraction(rng.randint(low, max(low, high)), den)


def _next(value: Fraction, den: int) -> Fraction:
    return Fraction(floor(value * den) + 1, den)


def _nothing(piece: Segment, term: Term) -> bool:
    """Whether a piece holds no point of the input's grid (two cuts beside one another)."""
    if not isinstance(piece.words, dict):
        return False
    values = {word: _value(value, term.kind) for word, value in piece.words.items()}
    low = values.get("at_least", values.get("more_than"))
    high = values.get("at_most", values.get("less_than"))
    if low is None or high is None:
        return False
    # A line's own grid may be coarser than what is known of it here.
    first = low if "at_least" in values else _next(low, term.den if term.fact else 1)
    return bool(first >= high if "less_than" in values else first > high)


def _shown(writer: Writer, kind: str, value: Fraction) -> Any:
    return date.fromordinal(int(value)) if kind == "date" else writer.literal(kind, value)


def _row(rng: Random, inputs: Sequence[Term], combo: Sequence[Segment]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for term, piece in zip(inputs, combo, strict=True):
        if piece.words is None:
            continue
        if isinstance(piece.words, dict):
            if len(inputs) == 1 and rng.randint(1, 100) <= 85:
                row |= piece.words
            else:
                row[term.text] = piece.words
        elif len(inputs) == 1:
            row["is"] = piece.words
        else:
            row[term.text] = piece.words if rng.randint(1, 2) == 1 else {"is": piece.words}
    return row


def _columns(rng: Random) -> dict[str, tuple[str, int]]:
    kinds = rng.choice([["money"], ["rate"], ["number"], ["money", "rate"], ["number", "money"], ["rate", "flag"],
                        ["choice", "date"], ["choice", "money"]])  # fmt: skip
    return {f"{kind}_column": (kind, rng.choice([0, 0, 1, 2])) for kind in kinds}


def _gives(rng: Random, writer: Writer, columns: dict[str, tuple[str, int]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for column, (kind, places) in columns.items():
        if kind == "flag":
            given[column] = rng.choice([True, False])
        elif kind == "choice":
            given[column] = rng.choice(["high", "middle", "low"])
        elif kind == "date":
            given[column] = date(rng.randint(2019, 2027), rng.randint(1, 12), rng.randint(1, 28))
        elif kind == "rate":
            given[column] = rng.choice(["5%", "2‰", "0.035", "12.5%", "2/37", "1/3", "0%", "100%", 0])
        else:
            value = Fraction(
                rng.choice([0, 1, 5, 12, 100, 5000, 800_000]) * 10**places + rng.randint(0, 10**places - 1), 10**places
            )
            given[column] = writer.literal(kind, value)
    return given


def _value(value: Any, kind: str) -> Any:
    if kind in ("flag", "choice"):
        return value
    return read_literal(kind, value)


def _known(name: str, kind: str, values: Sequence[Any]) -> Term:
    if kind == "choice":
        return Term(name, kind, options=tuple(dict.fromkeys(values)))
    if kind == "flag":
        return Term(name, kind)
    den = lcm(*(value.denominator for value in values))
    if kind == "money":
        den = lcm(den, 100)
    if kind == "number":
        den = 10 ** max(map(decimals_of, values))
    return Term(name, kind, min(values), max(values), den, even=decimals_of(Fraction(1, den)) >= 0)


__all__ = ["draw_table"]
