"""JSON Schema (2020-12) of a scheme's facts as JSON data, for the form of another system.

What a validator accepts ``determine`` accepts, and the other way round, as far as JSON Schema can say it. It
cannot say: the bounds of amounts and days that stand as text (they are in the description), that ids differ,
when a ``needed_if`` over numbers or days asks for a fact, or that ``5.0`` is no whole number here (JSON Schema
takes it for one).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jiangbu.rules.door.faults import MOST_CHARACTERS
from jiangbu.rules.kinds import Bounds, decimals_of
from jiangbu.rules.layout import Slot
from jiangbu.rules.levels import MOST_ROWS
from jiangbu.rules.model import Fact, Level
from jiangbu.rules.notices import notices_of
from jiangbu.rules.records.write import text_of
from jiangbu.rules.schema.needed import condition_of, option_words

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
_DAY = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def json_schema_of(scheme: Scheme) -> dict[str, Any]:
    """Return the JSON Schema of the facts that ``determine`` takes, rows of finer levels included."""
    root = scheme.tree.root
    words = [f"{scheme.document.title}（{scheme.document.number}）", *notices_of(scheme)]
    return {
        "$schema": DIALECT,
        "title": scheme.title,
        "description": "；".join(words),
        **_row(scheme, scheme.tree.by_name[root]),
    }


def _row(scheme: Scheme, level: Level) -> dict[str, Any]:
    """The schema of one row: its facts, its object, the rows below it, and by what it is named."""
    facts = [fact for fact in scheme.facts.values() if fact.level == level.name]
    properties = {fact.name: fact_schema(fact) for fact in facts}
    required = [fact.name for fact in facts if not fact.has_default]
    for finer in scheme.tree.below(level.name):
        properties[finer] = _rows(scheme, scheme.tree.by_name[finer])
    if level.object:
        kind = scheme.makers.objects[level.object]
        properties = {level.name: {"title": kind.label, **kind.json_schema}, **properties}
        required.insert(0, level.name)
    row: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
    if needed := [rule for fact in facts if (rule := _needed(fact, {fact.name: fact for fact in facts}))]:
        row["allOf"] = needed
    if level.made_by:
        name: dict[str, Any] = {"type": ["integer", "string"]}
        row["properties"] = {"number": name, "household": name, **properties}
        row["anyOf"] = [{"required": ["household"]}, {"required": ["number"]}]
    return row | {"additionalProperties": False}


def _needed(fact: Fact, facts: dict[str, Fact]) -> dict[str, Any] | None:
    """What asks for a fact where its ``needed_if`` is true, if JSON Schema can say it."""
    condition = None if fact.needed_tree is None else condition_of(fact.needed_tree, facts)
    if condition is None:
        return None
    given = {"properties": {fact.name: {"not": {"type": "null"}}}, "required": [fact.name]}
    return {"if": condition, "then": given}


def _rows(scheme: Scheme, level: Level) -> dict[str, Any]:
    """The schema of the rows of a level below one row."""
    row = _row(scheme, level)
    if not level.made_by:
        row = _set_aside(level, row)
    return {
        "type": "array",
        "title": level.label or level.name,
        "maxItems": level.at_most or MOST_ROWS,
        "items": row,
    }


def _set_aside(level: Level, row: dict[str, Any]) -> dict[str, Any]:
    """A typed row: with an id, unless its object names it; one that is set aside is not looked at further."""
    text = {"type": "string", "maxLength": MOST_CHARACTERS, "pattern": _NO_CONTROLS}
    reason = {
        **text,
        "type": ["string", "null"],
        "title": "搁置",
        "description": "搁置的原因；搁置的行不参加计算",
    }
    named = {} if level.object else {"id": {**text, "title": level.id_label or "编号", "allOf": [{"pattern": "\\S"}]}}
    anything = dict.fromkeys((*named, "set_aside"), True)
    return {
        "type": "object",
        "properties": {**named, "set_aside": reason},
        "required": list(named),
        "if": {"properties": {"set_aside": {"type": "string", "minLength": 1}}, "required": ["set_aside"]},
        "else": {**row, "properties": {**anything, **row["properties"]}},
    }


def fact_schema(fact: Fact) -> dict[str, Any]:
    """Return the schema of one fact; null stands for a default that may stand in."""
    schema: dict[str, Any] = {"title": fact.label}
    if description := _description(fact):
        schema["description"] = description
    schema |= _values(fact)
    if fact.has_default:
        schema["default"] = _default(fact)
        _or_null(schema)
    return schema


def _or_null(schema: dict[str, Any]) -> None:
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    else:
        types = schema["type"]
        schema["type"] = [*([types] if isinstance(types, str) else types), "null"]


def _values(fact: Fact) -> dict[str, Any]:
    if fact.kind == "flag":
        return {"type": "boolean"}
    if fact.kind == "choice":
        return {"enum": list(option_words(fact))}
    if fact.kind == "date":
        return {"type": "string", "format": "date", "pattern": _DAY}
    assert fact.bounds is not None
    steps = {"": 0, "%": 2, "‰": 3} if fact.kind == "rate" else {"": 0, "万": -4, "亿": -8, "万亿": -12}
    forms = "|".join(_digits(fact.decimals - step) + word for word, step in steps.items())
    sign = "-?" if fact.bounds.low < 0 else ""
    if fact.bounds.low == 0:
        sign = f"(-(?=[0.]+({'|'.join(steps)})$))?"  # "-0" is 0
    text = {"pattern": f"^{sign}({forms})$", "maxLength": MOST_CHARACTERS}
    low, high = fact.bounds.grid(1)
    if fact.kind == "rate" or low > high:
        return {"type": "string", **text}
    return {"type": ["integer", "string"], "minimum": low, "maximum": high, **text}


def _digits(places: int) -> str:
    """The pattern of a number with so many places after the point, or (below 0) so many zeros before it."""
    if places > 0:
        return f"[0-9]+(\\.[0-9]{{1,{places}}}0*)?"
    whole = "[0-9]+" if places == 0 else f"([0-9]*0{{{-places}}}|0+)"
    return whole + "(\\.0+)?"


def _default(fact: Fact) -> Any:
    value = fact.default
    if not isinstance(value, Fraction):
        return value
    if fact.kind in ("money", "number") and value.denominator == 1:
        return int(value)
    return text_of(Slot(fact.name, fact.kind, fact.den), int(value * fact.den))


def _description(fact: Fact) -> str:
    words = []
    if fact.bounds is not None:
        words.append(_bounds(fact, fact.bounds))
    if fact.unit:
        words.append(f"单位：{fact.unit}")
    elif fact.kind == "money":
        words.append("单位：元")
    if fact.evidence:
        words.append(f"依据材料：{fact.evidence}")
    if fact.needed_if:
        words.append("仅在适用时填写")
    words += [text for text in (fact.reading, fact.note) if text]
    return "；".join(words)


def _bounds(fact: Fact, bounds: Bounds) -> str:
    if fact.kind == "date":
        first, last = (date.fromordinal(day).isoformat() for day in bounds.grid(1))
        return f"{first}至{last}"
    low, high = _end(fact, bounds.low), _end(fact, bounds.high)
    lower = f"超过{low}" if bounds.low_open else f"{low}以上"
    return f"{lower}，" + (f"不满{high}" if bounds.high_open else f"{high}以下")


def _end(fact: Fact, value: Fraction) -> str:
    shown, sign = (value * 100, "%") if fact.kind == "rate" and decimals_of(value) >= 0 else (value, "")
    return str(text_of(Slot("", "rate", shown.denominator), shown.numerator)) + sign
