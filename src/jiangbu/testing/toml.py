"""Writing a rule table as TOML text: just as much of TOML as rule tables use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_value(value: Any) -> str:
    """Write one value on one line.

    >>> write_value({"at_least": "5000万", "rank": 1, "is open": [True]})
    '{ at_least = "5000万", rank = 1, "is open" = [true] }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text if "." in text else f"{text}.0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {write_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(write_value, value)) + "]"
    raise TypeError(f"{value!r} is not written in rule tables")


def write_toml(data: Mapping[str, Any]) -> str:
    """Write a whole file: plain keys first, then ``[section]``, ``[section.name]`` and ``[[section]]``."""
    plain = [f"{_key(key)} = {write_value(item)}" for key, item in data.items() if not _is_section(item)]
    parts = ["\n".join(plain)] if plain else []
    for key, item in data.items():
        if isinstance(item, list) and _is_section(item):
            parts += [_section(f"[[{_key(key)}]]", entry) for entry in item]
        elif isinstance(item, Mapping) and item and all(isinstance(entry, Mapping) for entry in item.values()):
            parts += [_section(f"[{_key(key)}.{_key(name)}]", entry) for name, entry in item.items()]
        elif isinstance(item, Mapping):
            parts.append(_section(f"[{_key(key)}]", item))
    return "\n\n".join(parts) + "\n"


def _is_section(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(entry, Mapping) for entry in value)
    return isinstance(value, Mapping)


def _section(head: str, entries: Mapping[str, Any]) -> str:
    lines = [head]
    for key, value in entries.items():
        if key == "rows" and isinstance(value, list) and value:
            rows = "".join(f"  {write_value(row)},\n" for row in value)
            lines.append(f"rows = [\n{rows}]")
        else:
            lines.append(f"{_key(key)} = {write_value(value)}")
    return "\n".join(lines)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else write_value(key)
