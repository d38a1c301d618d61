"""TOML → records: the strict structure of a rule table, by cattrs, with every fault of a file at once.

Each entry is structured on its own, so that one broken line hides no other. Values whose meaning depends on a
kind (bounds, defaults, constants) stay as TOML gave them; ``parts`` reads them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar, get_args, get_origin

from attrs import NOTHING, Factory, fields, frozen
from cattrs import BaseValidationError, Converter
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, override

from jiangbu.rules.findings import Findings, Path, did_you_mean, shown

FORMAT = 1
MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
MOST_DEPTH = 40

T = TypeVar("T")


@frozen
class RawEffective:
    from_: Any
    until: Any = None
    reading: str = ""


@frozen
class RawScheme:
    id: str
    title: str
    place: str
    document: str
    status: Literal["in-force", "draft", "illustrative"]
    effective: RawEffective
    beneficiary: Literal["operator", "household", "member", "village"]
    pays: str = ""
    gate: str = ""
    gate_level: str = ""
    no_gate: str = ""
    supersedes: str = ""
    parts: list[str] = Factory(list)
    recovers: str = ""
    reading: str = ""
    note: str = ""


@frozen
class RawFact:
    label: str
    kind: Literal["money", "number", "rate", "flag", "choice", "date"]
    at_least: Any = None
    more_than: Any = None
    at_most: Any = None
    less_than: Any = None
    options: dict[str, str] = Factory(dict)
    level: str = ""
    unit: str = ""
    decimals: int | None = None
    default: Any = None
    needed_if: str = ""
    derived: str = ""
    method: str = ""
    months: int | None = None
    evidence: str = ""
    aliases: list[str] = Factory(list)
    clause: str = ""
    reading: str = ""
    note: str = ""


@frozen
class RawConstant:
    label: str
    kind: Literal["money", "number", "rate", "flag", "choice", "date"]
    value: Any
    clause: str
    unit: str = ""
    decimals: int | None = None
    reading: str = ""
    options: dict[str, str] = Factory(dict)


@frozen
class RawTable:
    label: str
    gives: dict[str, Literal["money", "number", "rate", "flag", "choice", "date"]]
    rows: list[dict[str, Any]]
    clause: str
    input: str = ""
    inputs: list[str] = Factory(list)
    holes: Literal["", "refuse"] = ""
    reading: str = ""


@frozen
class RawLevel:
    label: str = ""
    of: str = ""
    id_label: str = ""
    at_most: int | None = None
    object: str = ""
    made_by: str = ""


@frozen
class RawRequirement:
    name: str
    holds: str
    otherwise: str
    clause: str
    level: str = ""
    reading: str = ""


@frozen
class RawCheck:
    name: str
    holds: str
    otherwise: str
    level: str = ""
    clause: str = ""
    reading: str = ""


@frozen
class RawRemark:
    name: str
    when: str
    says: str
    level: str = ""
    clause: str = ""
    reading: str = ""


@frozen
class RawRound:
    mode: Literal["half-up", "down", "up"]
    to: str
    clause: str = ""


@frozen
class RawLine:
    name: str
    label: str
    formula: str
    clause: str
    level: str = ""
    round: RawRound | Literal["none"] | None = None
    unit: str = ""
    may_be_negative: str = ""
    reading: str = ""


@frozen
class RawPromise:
    never_decreases_in: str = ""
    never_more_than: str = ""
    nil_when: str = ""
    no_gain_from_splitting: list[str] = Factory(list)
    when: str = ""
    reading: str = ""


@frozen
class RawCase:
    source: str
    worked: str
    facts: dict[str, Any]
    expect: dict[str, Any] | None = None
    refuses: list[str] | None = None
    outcome: Literal["nil", "unreadable", "payable", "refused"] | None = None
    remarks: list[str] | None = None
    on: date | None = None
    known_on: date | None = None
    under: str = ""


@frozen
class RawHarmless:
    change: str
    why: str


@frozen
class RawExclusive:
    with_: list[str]
    per: Literal["project", "subject", "loan"]
    keep: Literal["largest", "first", "this"]
    clause: str


@frozen
class RawDocument:
    number: str
    title: str
    issuer: str
    issued: date | Literal["unseen"]
    place: str
    known: Literal["seen", "reported", "aggregated"]
    url: str = ""
    sha256: str = ""
    superseded_by: str = ""
    note: str = ""


@frozen
class RawSeries:
    id: str
    title: str
    gives: dict[str, Literal["money", "number", "rate"]]
    complete_until: date
    place: str = ""
    document: str = ""
    reading: str = ""
    rows: list[dict[str, Any]] = Factory(list)


class StructureFault(Exception):
    """A value of the wrong shape: its code, what was found, what was expected, how to mend it."""

    def __init__(self, found: object, expected: str, remedy: str = "") -> None:
        self.found, self.expected, self.remedy = shown(found), expected, remedy
        super().__init__(f"found {self.found}; expected {expected}")


def _text(value: Any, _: Any) -> str:
    if isinstance(value, str):
        return value
    raise StructureFault(value, "text", 'put it in quotes: "…"')


def _whole(value: Any, _: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise StructureFault(value, "a whole number")


def _day(value: Any, _: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise StructureFault(value, "a day", "write it without quotes and time: 2024-12-31")


def _choice(value: Any, kind: Any) -> Any:
    words = get_args(kind)
    if isinstance(value, str) and value in words:
        return value
    known = [word for word in words if word]
    near = did_you_mean(value, known) if isinstance(value, str) else ""
    raise StructureFault(value, "one of " + ", ".join(known), near)


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _converter() -> Converter:
    conv = Converter(forbid_extra_keys=True, detailed_validation=True)
    conv.register_structure_hook(str, _text)
    conv.register_structure_hook(int, _whole)
    conv.register_structure_hook(date, _day)
    conv.register_structure_hook_func(_is_literal, _choice)

    def day_or_unseen(value: Any, _: Any) -> Any:
        return value if value == "unseen" else _day(value, _)

    conv.register_structure_hook(date | Literal["unseen"], day_or_unseen)

    def rounding(value: Any, _: Any) -> Any:
        if value is None or value == "none":
            return value
        if isinstance(value, dict):
            return conv.structure(value, RawRound)
        raise StructureFault(value, 'a table { mode = …, to = … } or "none"')

    conv.register_structure_hook(RawRound | Literal["none"] | None, rounding)

    def effective(value: Any, _: Any) -> RawEffective:
        result: RawEffective = effective_record(_table(value), RawEffective)
        for end in (result.from_, result.until):
            if end not in (None, "unseen"):
                _day(end, None)
        return result

    effective_record = make_dict_structure_fn(
        RawEffective, conv, _cattrs_forbid_extra_keys=True, from_=override(rename="from")
    )
    conv.register_structure_hook(RawEffective, effective)
    conv.register_structure_hook(
        RawExclusive,
        make_dict_structure_fn(RawExclusive, conv, _cattrs_forbid_extra_keys=True, with_=override(rename="with")),
    )
    for kind in (dict[str, str], dict[str, Any], list[str], list[dict[str, Any]]):
        _guard(conv, kind)
    gives = dict[str, Literal["money", "number", "rate", "flag", "choice", "date"]]
    _guard(conv, gives)
    _guard(conv, dict[str, Literal["money", "number", "rate"]])
    return conv


def _guard(conv: Converter, kind: Any) -> None:
    """Refuse a text where a list or table is asked for, before cattrs would walk its characters."""
    inner = conv.get_structure_hook(kind)
    shape, word = (list, "a list") if get_origin(kind) is list else (dict, "a table")

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, shape):
            raise StructureFault(value, word)
        return inner(value, kind)

    conv.register_structure_hook_func(lambda asked: asked == kind, hook)


def _table(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise StructureFault(value, "a table")


_CONVERTER = _converter()

KEYS: Mapping[type, tuple[str, ...]] = {
    kind: tuple(item.name.rstrip("_") for item in fields(kind))
    for kind in (
        RawEffective,
        RawScheme,
        RawFact,
        RawConstant,
        RawTable,
        RawLevel,
        RawRequirement,
        RawCheck,
        RawRemark,
        RawRound,
        RawLine,
        RawPromise,
        RawCase,
        RawHarmless,
        RawExclusive,
        RawDocument,
        RawSeries,
    )
}


def structure(value: Any, kind: type[T], path: Path, findings: Findings) -> T | None:
    """Structure one entry; None, with every fault added to ``findings``, if it does not fit."""
    if not isinstance(value, dict):
        findings.add("bad-value", path, f"found {shown(value)}; expected a table", remedy="write [section]")
        return None
    try:
        return _filled(_CONVERTER.structure(value, kind), kind, path, findings)
    except (BaseValidationError, StructureFault) as error:
        for code, where, message, remedy in _faults(error, tuple(path), kind):
            findings.add(code, where, message, remedy=remedy)
        return None


def _filled(made: T, kind: type[T], path: Path, findings: Findings) -> T | None:
    """Hold the required texts of an entry to say something."""
    empty = [
        item.name.rstrip("_")
        for item in fields(kind)  # type: ignore[arg-type]
        if item.default is NOTHING and getattr(made, item.name) == ""
    ]
    for key in empty:
        findings.add("bad-value", (*path, key), f"{key} is empty", remedy=f'write {key} = "…"')
    return None if empty else made


Fault = tuple[str, tuple[str | int, ...], str, str]


def _faults(error: BaseException, path: tuple[str | int, ...], kind: type) -> Iterator[Fault]:
    if isinstance(error, BaseValidationError):
        inner_kind = error.cl if isinstance(error.cl, type) and error.cl in KEYS else kind
        for inner in error.exceptions:
            yield from _faults(inner, path + _step(inner), inner_kind)
    elif isinstance(error, ForbiddenExtraKeysError):
        owner = error.cl if error.cl in KEYS else kind
        for extra in sorted(error.extra_fields):
            known = KEYS.get(owner, ())
            remedy = did_you_mean(extra, known) or "known keys: " + ", ".join(known)
            yield "unknown-key", (*path, extra), f"unknown key {extra!r}", remedy
    elif isinstance(error, KeyError):
        key = path[-1]
        yield "missing-key", path[:-1], f"the key {key!r} is missing", f"add {key} = …"
    elif isinstance(error, StructureFault):
        yield "bad-value", path, str(error), error.remedy
    else:
        yield "bad-value", path, str(error), ""


def _step(error: BaseException) -> tuple[str | int, ...]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name.rstrip("_"),)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def read_toml(text: str, findings: Findings) -> dict[str, Any] | None:
    """Parse one file; None, with the fault added, if it is too large or no TOML."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        findings.at(1, "size", f"the file is larger than {MOST_BYTES:,} bytes", remedy="split it by scheme")
        return None
    try:
        data = tomllib.loads(text, parse_float=Decimal)
        deep = _too_deep(data)
        if not deep:
            return data
        findings.add("toml", deep[:3], f"nested more than {MOST_DEPTH} deep", remedy="nest less deeply")
    except tomllib.TOMLDecodeError as error:
        line, message = _toml_line(str(error), text)
        findings.at(line, "toml", message, remedy="mend the line; each key once, texts in quotes")
    except (RecursionError, ValueError, ArithmeticError) as error:
        findings.at(1, "toml", f"cannot be read: {type(error).__name__}", remedy="nest less deeply")
    return None


def _too_deep(data: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return the path of something nested deeper than any table needs; empty if there is none."""
    below: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    while below:
        path, value = below.pop()
        if len(path) > MOST_DEPTH:
            return path
        if isinstance(value, dict):
            below += [((*path, key), item) for key, item in value.items()]
        elif isinstance(value, list):
            below += [((*path, at), item) for at, item in enumerate(value)]
    return ()


def _toml_line(message: str, text: str) -> tuple[int, str]:
    head, _, tail = message.rpartition("(at ")
    if tail.startswith("line "):
        return int(tail[5:].split(",")[0]), head.strip()
    return text.count("\n") + 1, head.strip() or message
