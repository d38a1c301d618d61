"""The digest of a table: SHA-256 over its parsed content, so that layout does not count and any number does."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_MARKS = frozenset({"number", "date", "table"})


def digest_of(data: Any) -> str:
    """Return the SHA-256 (hex) of parsed TOML in one canonical JSON form.

    Keys are sorted, numbers stand as exact text with their type told apart from text, comments and layout are gone.
    """
    text = json.dumps(_canonical(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        table = {key: _canonical(item) for key, item in value.items()}
        # A table that looks like one of these marks is marked itself, so that no two contents look alike.
        return {"table": table} if len(table) == 1 and table.keys() <= _MARKS else table
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        return {"number": _plain(Decimal(value))}
    if isinstance(value, datetime | date | time):
        return {"date": value.isoformat()}
    return value


def _plain(value: Decimal) -> str:
    """Write a number so that 0.10 and 0.1 are the same, whatever the decimal context."""
    if not value.is_finite():
        return str(value)
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    shown = "".join(map(str, digits)).lstrip("0")
    kept = shown.rstrip("0")
    if not kept:
        return "0"
    exponent += len(shown) - len(kept)
    if 0 <= exponent <= 60:
        kept, exponent = kept + "0" * exponent, 0
    return f"{'-' if sign else ''}{kept}" + (f"E{exponent}" if exponent else "")
