"""TOML → records, by cattrs: the strict structure of a rule table, with every fault of a file at once.

Each entry is structured on its own, so that one broken line hides no other; and an entry with a fault is still read
as far as it can be, so that a misspelt key hides nothing of what stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs
from attrs import NOTHING, fields, frozen
from cattrs import BaseValidationError, Converter
from cattrs.errors import AttributeValidationNote, ForbiddenExtraKeysError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, override

from jiangbu.rules import raw
from jiangbu.rules.findings import Findings, Path, did_you_mean, nearest, show_path, shown
from jiangbu.rules.raw import RawEffective, RawExclusive, RawRound

T = TypeVar("T")


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
    raise StructureFault(value, "one of " + ", ".join(known), near or "write one of them, in quotes")


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
        raise StructureFault(
            value,
            "mode and to, or none",
            'round = { mode = "down", to = "百元" }; mode: half-up, down, up; to: fen, jiao, yuan, 百元, 千元, 万元',
        )

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
    for kind in (dict[str, str], dict[str, Any], list[str], list[Any], list[dict[str, Any]]):
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
_RECORDS = tuple(
    attrs.resolve_types(kind, vars(raw)) for name, kind in vars(raw).items() if name.startswith("Raw")
)  # fmt: skip

KEYS: Mapping[type, tuple[str, ...]] = {
    kind: tuple(item.name.rstrip("_") for item in fields(kind)) for kind in _RECORDS
}
"""The keys of each kind of entry, as a table writes them."""


def structure(value: Any, kind: type[T], path: Path, findings: Findings) -> T | None:
    """Structure one entry; None, with every fault added to ``findings``, if it does not fit."""
    before = len(findings.items)
    made = read_entry(value, kind, path, findings)
    return made if len(findings.items) == before else None


def read_entry(value: Any, kind: type[T], path: Path, findings: Findings) -> T | None:
    """Structure one entry as far as it can be read; None if it is no table at all.

    Every fault is added to ``findings``, and its place is remembered there as spoiled. What is wrong counts as not
    given; what is required then is blank: an empty text, or None.
    """
    table = _only_table(value, path, findings)
    if table is None:
        return None
    try:
        made = _CONVERTER.structure(table, kind)
    except (BaseValidationError, StructureFault) as error:
        faults = list(_faults(error, tuple(path), kind))
        for fault in faults:
            findings.add(fault.code, fault.where, fault.message, remedy=fault.remedy)
            findings.spoil(fault.blamed, *((*path, key) for key in _meant(fault, table, kind, path)))
        made = _salvaged(table, kind, [fault.blamed[len(path) :] for fault in faults])
    _hold_filled(made, table, kind, path, findings)
    return made


def _meant(fault: Wrong, table: Mapping[str, Any], kind: type, path: Path) -> Iterator[str]:
    """Yield the key that an unknown one was probably meant for; it is not wanting as well."""
    if fault.code == "unknown-key" and len(fault.where) == len(path) + 1:
        yield from (key for key in nearest(str(fault.where[-1]), KEYS[kind], 1) if key not in table)


def _only_table(value: Any, path: Path, findings: Findings) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return value
    head = show_path(path)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        findings.add("bad-value", path, f"found [[{head}]]; expected [{head}]", remedy=f"write [{head}]")
        first: dict[str, Any] = value[0]
        return first
    findings.add("bad-value", path, f"found {shown(value)}; expected a table", remedy="write [section]")
    return None


def _salvaged(table: Mapping[str, Any], kind: type[T], faults: list[tuple[str | int, ...]]) -> T:
    """Make a record of what is sound in an entry."""
    parts: dict[str, Any] = {}
    for item in fields(kind):  # type: ignore[arg-type]
        key = item.name.rstrip("_")
        wrong = {fault[1] if len(fault) > 1 else None for fault in faults if fault and fault[0] == key}
        if key in table and not wrong:
            parts[item.name] = _CONVERTER.structure(table[key], item.type)
        elif key in table and None not in wrong and get_origin(item.type) in (dict, list):
            parts[item.name] = _without(table[key], item.type, wrong)
        elif item.default is NOTHING:
            parts[item.name] = "" if item.type is str or _is_literal(item.type) else None
    return kind(**parts)


def _without(value: Any, kind: Any, wrong: set[Any]) -> Any:
    """Structure a list or a table whose wrong items are left blank."""
    inner = get_args(kind)[-1]

    def read(step: str | int, item: Any) -> Any:
        return "" if step in wrong else _CONVERTER.structure(item, inner)

    if isinstance(value, dict):
        return {key: read(key, item) for key, item in value.items()}
    return [read(at, item) for at, item in enumerate(value)]


def _hold_filled(made: Any, table: Mapping[str, Any], kind: type, path: Path, findings: Findings) -> None:
    """Hold the required texts of an entry to say something."""
    for item in fields(kind):
        key = item.name.rstrip("_")
        if item.default is NOTHING and getattr(made, item.name) == "" and table.get(key) == "":
            findings.add("bad-value", (*path, key), f"{key} is empty", remedy=f'write {key} = "…"')
            findings.spoil((*path, key))


@frozen
class Wrong:
    """One fault of an entry: what is reported, and the path of the key that cannot be used because of it."""

    code: str
    where: tuple[str | int, ...]
    message: str
    remedy: str
    blamed: tuple[str | int, ...]


def _faults(error: BaseException, path: tuple[str | int, ...], kind: type) -> Iterator[Wrong]:
    if isinstance(error, BaseValidationError):
        inner_kind = error.cl if isinstance(error.cl, type) and error.cl in KEYS else kind
        for inner in error.exceptions:
            yield from _faults(inner, path + _step(inner), inner_kind)
    elif isinstance(error, ForbiddenExtraKeysError):
        owner = error.cl if error.cl in KEYS else kind
        for extra in sorted(error.extra_fields):
            known = KEYS.get(owner, ())
            remedy = did_you_mean(extra, known) or "known keys: " + ", ".join(known)
            yield Wrong("unknown-key", (*path, extra), f"unknown key {extra!r}", remedy, (*path, extra))
    elif isinstance(error, KeyError):
        key = path[-1]
        yield Wrong("missing-key", path[:-1], f"the key {key!r} is missing", f"add {key} = …", path)
    elif isinstance(error, StructureFault):
        yield Wrong("bad-value", path, str(error), error.remedy, path)
    else:
        yield Wrong("bad-value", path, str(error), "", path)


def _step(error: BaseException) -> tuple[str | int, ...]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name.rstrip("_"),)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()
