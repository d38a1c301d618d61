"""The shape of a stored determination, by cattrs: unknown and missing keys, wrong types, with paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, TypeVar, get_args, get_origin

from attrs import Factory, fields, frozen, has
from cattrs import BaseValidationError, Converter
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

from jiangbu.errors import Problem
from jiangbu.rules.door.faults import shown
from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.kinds import BadValue, Kind, read_day
from jiangbu.rules.records.strict_json import Path, at

T = TypeVar("T")


@frozen
class StoredTable:
    """A scheme or a gate: where the record comes from. A gate says no place."""

    id: str
    digest: str
    place: str = ""


@frozen
class StoredSlot:
    """One value of a row: its kind, and its grid as decimal places, or as a denominator where it has none."""

    name: str
    kind: Kind
    decimals: int = 0
    denominator: str = ""
    exact: bool = False


@frozen
class StoredLevel:
    name: str
    facts: list[StoredSlot]
    lines: list[StoredSlot]
    codes: list[str]
    remarks: list[str]
    of: str = ""
    columns: list[StoredSlot] = Factory(list)
    made: bool = False


@frozen
class StoredAside:
    level: str
    id: str
    reason: str


@frozen
class StoredRow:
    facts: dict[str, Any]
    lines: dict[str, Any]
    id: str = ""
    outcome: str = ""
    amount: str = ""
    columns: dict[str, Any] = Factory(dict)
    refused: list[str] = Factory(list)
    remarks: list[str] = Factory(list)
    assumed: list[str] = Factory(list)
    unreadable: bool = False
    set_aside: list[StoredAside] = Factory(list)
    object: Any = None
    rows: dict[str, list[Any]] = Factory(dict)


@frozen
class StoredProblem:
    code: str
    path: str
    found: str
    expected: str
    remedy: str = ""


@frozen
class Stored:
    """A whole record, as ``dumps`` writes it."""

    format: int
    scheme: StoredTable
    gate: StoredTable | None
    series: dict[str, str]
    on: date | None
    known_on: date | None
    under: str
    outcome: str
    amount: str
    pay_level: str
    pays: str
    parts: list[str]
    recovers: str
    levels: list[StoredLevel]
    subject: dict[str, Any] | None
    case: StoredRow
    problems: list[StoredProblem] = Factory(list)


class Fault(Exception):
    """A value of the wrong type: what was found, what was expected."""

    def __init__(self, found: object, expected: str) -> None:
        self.found, self.expected = shown(found), expected
        super().__init__(expected)


def structure(value: Any, kind: type[T], path: Path, problems: list[Problem]) -> T | None:
    """Structure one part of a record; None, with every fault added to ``problems``, if it does not fit."""
    try:
        return _CONVERTER.structure(value, kind)
    except (BaseValidationError, Fault) as error:
        problems += _problems(error, path)
        return None


def _only(python: type, word: str) -> Any:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is python:
            return value
        raise Fault(value, word)

    return hook


def _word(value: Any, kind: Any) -> Any:
    words = get_args(kind)
    if isinstance(value, str) and value in words:
        return value
    raise Fault(value, "one of " + ", ".join(words))


def _day_or_none(value: Any, _: Any) -> date | None:
    if value is None:
        return None
    try:
        return read_day(value)
    except BadValue as error:
        raise Fault(value, error.expected + ", such as 2024-12-31, or null") from None


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _converter() -> Converter:
    conv = Converter(forbid_extra_keys=True)
    conv.register_structure_hook(str, _only(str, "text"))
    conv.register_structure_hook(int, _only(int, "a whole number"))
    conv.register_structure_hook(bool, _only(bool, "true or false"))
    conv.register_structure_hook_func(_is_literal, _word)
    conv.register_structure_hook(date | None, _day_or_none)

    def record(kind: Any) -> Any:
        return _guarded(make_dict_structure_fn(kind, conv, _cattrs_forbid_extra_keys=True), dict, "an object", kind)

    conv.register_structure_hook_factory(has, record)
    for kind in (list[str], list[Any], dict[str, Any], dict[str, str], dict[str, list[Any]]):
        _guard(conv, kind)
    for inner in (StoredSlot, StoredLevel, StoredAside, StoredProblem):
        _guard(conv, list[inner])  # type: ignore[valid-type]
    return conv


def _guard(conv: Converter, kind: Any) -> None:
    """Refuse a text where a list or an object is asked for, before cattrs would walk its characters."""
    python, word = (list, "a list") if get_origin(kind) is list else (dict, "an object")
    hook = _guarded(conv.get_structure_hook(kind), python, word, kind)
    conv.register_structure_hook_func(lambda asked: asked == kind, hook)


def _guarded(inner: Any, python: type, word: str, kind: Any) -> Any:
    def hook(value: Any, _: Any) -> Any:
        if isinstance(value, python):
            return inner(value, kind)
        raise Fault(value, word)

    return hook


def _problems(error: BaseException, path: Path) -> Iterator[Problem]:
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _problems(inner, path + _step(inner))
    elif isinstance(error, ForbiddenExtraKeysError):
        known = _KEYS[error.cl]
        for key in sorted(error.extra_fields):
            expected = "a key of " + ", ".join(known)
            yield Problem("unknown-key", at((*path, key)), shown(key), expected, did_you_mean(key[:60], known))
    elif isinstance(error, KeyError):
        yield Problem("missing-key", at(path), "nothing", f"the key {path[-1]!r}")
    elif isinstance(error, Fault):
        yield Problem("kind", at(path), error.found, error.expected)
    else:
        raise error


def _step(error: BaseException) -> Path:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


_CONVERTER = _converter()

_KEYS: Mapping[type, tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind))
    for kind in (StoredTable, StoredSlot, StoredLevel, StoredAside, StoredRow, StoredProblem, Stored)
}
