"""Strict JSON of records: what may stand in one, and how Decimal and dates of a subject are written.

A float, NaN, a key given twice or a text that is no Unicode is refused with its path; every fault of a text
is named at once. Beside what JSON knows, a subject may hold ``Decimal`` and ``date`` values, written as
``{"$decimal": "1.50"}`` and ``{"$date": "2024-12-31"}``, so that they come back as what they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import frozen

from jiangbu.errors import Problem, RecordError
from jiangbu.money import LARGEST_BITS
from jiangbu.rules.door.faults import shown
from jiangbu.rules.findings import show_path
from jiangbu.rules.kinds import BadValue, read_day

Path = tuple[str | int, ...]

MOST_DEPTH = 200
MOST_DIGITS = 1_000
TAG = "$"


def at(path: Path) -> str:
    """Write a path as ``$.case.facts.revenue``."""
    text = show_path(path)
    return "$" + ("" if text.startswith("[") or not text else ".") + text


@frozen
class _Wrong:
    """What stands in the parsed text in the place of something refused."""

    code: str
    found: str
    expected: str


def _float(text: str) -> _Wrong:
    return _Wrong("float", text[:60], "a whole number, or text")


def _whole(text: str) -> int | _Wrong:
    if len(text) > MOST_DIGITS:
        return _Wrong("kind", f"a number of {len(text):,} digits", f"at most {MOST_DIGITS:,} digits")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = _Wrong("duplicate-key", shown(key), "each key once") if key in found else value
    return found


def read_json(text: str) -> Any:
    """Parse a record's text; raises ``RecordError`` with every fault of the JSON itself."""
    if not isinstance(text, str):
        raise RecordError([Problem("json", "$", type(text).__name__, "text", "decode it as UTF-8")])
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_float=_float, parse_constant=_float, parse_int=_whole)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise RecordError([Problem("json", "$", where, "one JSON object")]) from None
    except RecursionError:
        raise RecordError([_too_deep(())]) from None
    problems: list[Problem] = []
    _faults(data, (), problems)
    if problems:
        raise RecordError(problems)
    return data


def _too_deep(path: Path) -> Problem:
    return Problem("size", at(path[:3]), "deep nesting", f"at most {MOST_DEPTH} values inside one another")


def _faults(value: Any, path: Path, problems: list[Problem]) -> None:
    if len(path) > MOST_DEPTH:
        problems.append(_too_deep(path))
    elif isinstance(value, _Wrong):
        problems.append(Problem(value.code, at(path), value.found, value.expected))
    elif isinstance(value, str):
        _unicode(value, path, problems)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            _faults(item, (*path, place), problems)
    elif isinstance(value, dict):
        for key, item in value.items():
            if _unicode(key, path, problems):
                _faults(item, (*path, key), problems)


def _unicode(text: str, path: Path, problems: list[Problem]) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        problems.append(Problem("text", at(path), shown(text), "text without half characters (surrogates)"))
        return False
    return True


def kept(value: Any, path: Path, problems: list[Problem]) -> Any:
    """Return a value of a subject (or of an object of made rows) as JSON keeps it.

    What it cannot keep is a problem. Keys of mappings are sorted, so that equal subjects are written alike.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value) if _unicode(value, path, problems) else ""
    if isinstance(value, int):
        if value.bit_length() <= LARGEST_BITS:
            return int(value)
        problems.append(Problem("kind", at(path), shown(value), f"a number of at most {MOST_DIGITS:,} digits"))
    elif isinstance(value, Decimal) and value.is_finite():
        return {TAG + "decimal": str(value)}
    elif isinstance(value, date) and not isinstance(value, datetime):
        return {TAG + "date": value.isoformat()}
    elif len(path) > MOST_DEPTH:
        problems.append(_too_deep(path))
    elif isinstance(value, list):
        return [kept(item, (*path, place), problems) for place, item in enumerate(value)]
    elif isinstance(value, Mapping):
        return _kept_mapping(value, path, problems)
    else:
        code = "float" if isinstance(value, float) else "kind"
        expected = "text, a whole number, true or false, None, Decimal, date, or lists and mappings of these"
        problems.append(Problem(code, at(path), f"{shown(value)} ({type(value).__name__})", expected))
    return None


def _kept_mapping(value: Mapping[Any, Any], path: Path, problems: list[Problem]) -> dict[str, Any]:
    keys = [key for key in value if isinstance(key, str) and not key.startswith(TAG)]
    for key in value:
        if not isinstance(key, str) or key.startswith(TAG):
            problems.append(Problem("kind", at(path), f"the key {shown(key)}", f"keys of text without {TAG} in front"))
    return {key: kept(value[key], (*path, key), problems) for key in sorted(keys) if _unicode(key, path, problems)}


def given_back(value: Any, path: Path, problems: list[Problem]) -> Any:
    """Return what ``kept`` was given."""
    if isinstance(value, list):
        return [given_back(item, (*path, place), problems) for place, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    tags = [key for key in value if key.startswith(TAG)]
    if not tags:
        return {key: given_back(item, (*path, key), problems) for key, item in value.items()}
    if len(value) == 1:
        try:
            if "$date" in value:
                return read_day(value["$date"])
            if "$decimal" in value:
                return _decimal(value["$decimal"])
        except BadValue as error:
            problems.append(Problem("bad-value", at((*path, tags[0])), error.found, error.expected))
            return None
    problems.append(Problem("unknown-key", at((*path, tags[0])), shown(tags[0]), "$date or $decimal, alone"))
    return None


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or str(number) != value:
        raise BadValue(value, "a decimal number as text")
    return number


def parting(expected: Any, found: Any, path: Path = ()) -> tuple[Path, Any, Any] | None:
    """Return where two JSON values first part, with what stands there in each; None where they are the same."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in dict.fromkeys((*expected, *found)):
            if key not in expected or key not in found:
                return (*path, key), expected.get(key), found.get(key)
        pairs: Sequence[tuple[str | int, Any, Any]] = [(key, expected[key], found[key]) for key in expected]
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return path, f"{len(expected)} entries", f"{len(found)} entries"
        pairs = [(place, one, other) for place, (one, other) in enumerate(zip(expected, found, strict=True))]
    else:
        return None if expected == found else (path, expected, found)
    return next((part for key, one, other in pairs if (part := parting(one, other, (*path, key)))), None)
