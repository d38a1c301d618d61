"""What a formula looks up, counts in days, or sums and shares over rows, as sentences."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from jiangbu.rules.tree import (
    Aggregate,
    Allocate,
    DateCall,
    Lookup,
    MadeCall,
    Marginal,
    Name,
    Negative,
    Node,
    SeriesAt,
)
from jiangbu.rules.words.amounts import day, figure, number, written, year
from jiangbu.rules.words.conditions import condition
from jiangbu.rules.words.names import how_many, level_label, option_labels, options_of, quoted, tier_words
from jiangbu.rules.words.phrases import ATOM, LOOSE, TIMES, Said, column_words, has_word

if TYPE_CHECKING:
    from jiangbu.rules.words.formulas import Writer

MOST_ADDENDS = 10
"""Up to this many addends a sum shows each of them; beyond it their rows do."""


def called(writer: Writer, node: Lookup | Marginal) -> tuple[str, str]:
    """Return what a table and its column are called."""
    table = writer.scheme.infos[writer.origin, node.table].table
    label = table.label if writer.lang == "zh" else quoted(table.label)
    return writer.phrase("table", label), column_words(table.gives, node.column, writer.lang)


def lookup(writer: Writer, node: Lookup) -> Said:
    table, column = called(writer, node)
    keys = writer.phrase("listed").join(writer.text(key) for key in node.keys)
    if writer.values is None:
        return writer.phrase("lookup", keys, table, column), ATOM
    assert writer.row is not None
    row = writer.values.hit(node, writer.row, writer.origin)
    tier = tier_words(writer.scheme, writer.scheme.infos[writer.origin, node.table], row, writer.origin, writer.lang)
    result = writer.shown(node, writer.value(node))
    if node.type.kind == "number" and has_word(node.column, writer.lang):
        result = writer.phrase("named-value", column, result)
    plain = writer.phrase("listed").join(shown_key(writer, key) for key in node.keys)
    if tier == plain or all(key.type.kind == "choice" for key in node.keys):
        return writer.phrase("hit-named", result, table, tier), ATOM
    return writer.phrase("hit", result, plain, table, tier), ATOM


def shown_key(writer: Writer, node: Node) -> str:
    options = options_of(writer.scheme, node.name, writer.origin) if isinstance(node, Name) else {}
    options = options or option_labels(writer.scheme, node.type.options)
    return written(node.type.kind, writer.value(node), unit=node.type.unit, options=options, lang=writer.lang)


def marginal(writer: Writer, node: Marginal) -> Said:
    table, column = called(writer, node)
    declared = writer.scheme.infos[writer.origin, node.table].inputs[node.along].type
    assert declared is not None
    count = "-count" if declared.kind == "number" and declared.den == 1 else ""
    if writer.values is None:
        keys = writer.phrase("listed").join(writer.text(key) for key in node.keys)
        return writer.phrase(f"marginal{count}", keys, table, column), LOOSE if count else ATOM
    assert writer.row is not None
    along, pieces = writer.values.pieces(node, writer.row, writer.origin)
    bands = []
    for at, piece in enumerate(pieces):
        end = min(along, pieces[at + 1].start) if at + 1 < len(pieces) else along
        if end > piece.start:
            length = writer.shown(node.keys[node.along], end - piece.start)
            kind = writer.scheme.infos[writer.origin, node.table].table.gives[node.column]
            bands.append(length + writer.sign("*") + written(kind, piece.slope, lang=writer.lang))
    if not bands:
        return writer.phrase("bands-none", table), LOOSE
    return writer.phrase(f"bands{count}", table, writer.sign("+").join(bands)), LOOSE


def series_at(writer: Writer, node: SeriesAt) -> Said:
    own, gate = writer.scheme.series, writer.scheme.gate
    series = own[node.series] if node.series in own or gate is None else gate.series[node.series]
    column = column_words(series.gives, node.column, writer.lang)
    text = writer.phrase("series", writer.text(node.day), series.title, column)
    if writer.values is None:
        return text, ATOM
    return writer.phrase("constant", writer.shown(node, writer.value(node)), text), ATOM


def date_call(writer: Writer, node: DateCall) -> Said:
    key: str = node.op
    parts = [writer.tight(node.parts[0], ATOM)]
    if node.op in ("later", "after"):
        unit = "月" if node.op == "later" else "天"
        back, count = counted_in(writer, node.parts[1], unit)
        key = "before" if back and node.op == "after" else node.op
        parts.append(count)
    else:
        parts += [writer.tight(part, ATOM) for part in node.parts[1:]]
    if writer.values is None:
        return writer.phrase(key, *parts), ATOM
    result = writer.value(node)
    assert isinstance(result, Fraction)
    unit = writer.phrase("day-unit") if node.op == "days" else node.type.unit
    shown = day(result, writer.lang) if node.type.kind == "date" else number(result, unit, writer.lang)
    if node.op == "year":
        shown = year(result, writer.lang)
    return writer.phrase(f"{key}-done", *parts, shown), ATOM


def counted_in(writer: Writer, node: Node, unit: str) -> tuple[bool, str]:
    """Whether a count of months or days runs backward, and the count in their unit, whatever unit it was given in."""
    word = writer.phrase("month-unit" if unit == "月" else "day-unit")
    gap = " " if writer.lang == "en" else ""
    if writer.values is not None:
        value = writer.value(node)
        assert isinstance(value, Fraction)
        back = value < 0 and unit == "天"
        return back, figure(-value if back else value) + gap + word
    back = isinstance(node, Negative) and unit == "天"
    text = writer.tight(node.inner if isinstance(node, Negative) and back else node, ATOM)
    told = isinstance(node, Name) and node.of == "constant" and bool(node.type.unit)  # it brings its unit with it
    return back, text if told else text + gap + word


def made_call(writer: Writer, node: MadeCall) -> Said:
    text = writer.phrase("call", quoted(level_label(writer.scheme, node.level)), writer.text(node.parts[0]))
    return (
        text if writer.values is None else writer.phrase("constant", writer.shown(node, writer.value(node)), text)
    ), ATOM


def aggregate(writer: Writer, node: Aggregate) -> Said:
    label = level_label(writer.scheme, node.level)
    if writer.values is not None:
        return added(writer, node, label)
    if node.inner is None:
        return writer.phrase("count-all", label), ATOM
    inner = condition(writer, node.inner)[0] if node.op == "count" else writer.tight(node.inner, ATOM)
    return writer.phrase(node.op, label, inner), ATOM


def added(writer: Writer, node: Aggregate, label: str) -> Said:
    """A sum over rows below, with its addends."""
    assert writer.values is not None
    assert writer.row is not None
    parts = writer.values.addends(node, writer.row, writer.origin)
    count = f"{len(parts):,}" if writer.lang == "en" else how_many(label, len(parts))
    if not parts:
        return writer.phrase("nothing-below", label), LOOSE
    if node.op == "count":
        if node.inner is None:
            return writer.phrase("counted", label, count), LOOSE
        holding = sum(1 for _, value in parts if value)
        some = f"{holding:,}" if writer.lang == "en" else how_many(label, holding)
        return writer.phrase("counted-some", label, count, some), LOOSE
    if node.op != "sum":
        return writer.phrase(f"{node.op}-of", label, count), LOOSE
    assert node.inner is not None
    if len(parts) > MOST_ADDENDS:
        return writer.phrase("many-rows", label, count), LOOSE
    sum_text = writer.sign("+").join(writer.shown(node.inner, value) for _, value in parts)
    return writer.phrase("of-rows", sum_text, label, count), LOOSE


def allocate(writer: Writer, node: Allocate) -> Said:
    if writer.values is None:
        label = level_label(writer.scheme, writer.level) if writer.level else ""
        return writer.phrase("allocate", writer.text(node.total), label, writer.tight(node.weight, ATOM)), LOOSE
    assert writer.row is not None
    shares = writer.values.shares(node, writer.row, writer.origin)
    if writer.row.path not in shares.by_path:
        return writer.phrase("share-none"), LOOSE
    if not shares.total:
        holder = evolve(writer, values=None, row=None)
        return writer.phrase("share-zero", holder.text(node.total)), LOOSE
    weight, share = shares.by_path[writer.row.path]
    exact = shares.total * weight / shares.weights
    texts = [
        writer.shown(node.total, shares.total),
        writer.shown(node.weight, weight),
        writer.shown(node.weight, shares.weights),
    ]
    if exact == share:
        return writer.phrase("share-even", *texts), TIMES
    key = "share" if node.type.kind == "money" else "share-count"
    return writer.phrase(key, *texts, writer.shown(node, exact)), LOOSE
