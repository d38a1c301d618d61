"""What a table declares and nothing reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jiangbu.rules.parts.state import WORD, Builder


def warn_of_unused(b: Builder) -> None:
    """Warn of facts, constants and tables that nothing reads; a table of constants alone is a statute."""
    if not b.data.get("lines") and not b.data.get("requirements"):
        return
    used = b.uses | {name for setting in b.sections.values() for name in getattr(setting, "names", ())}
    if b.findings.errors:
        used |= set(WORD.findall(" ".join(_texts(b.data))))
    for section in ("facts", "constants", "tables"):
        given = b.data.get(section, {})
        for name in given if isinstance(given, dict) else ():
            if name not in used:
                b.findings.add(
                    "unused",
                    (section, name),
                    f"{name!r} is never read",
                    severity="warning",
                    remedy="drop it, or use it in a line or a requirement",
                )


def _texts(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield every formula of a file and every input of its tables, those of broken entries too."""
    keys = {"formula", "holds", "when", "never_decreases_in", "never_more_than", "nil_when", "needed_if", "input"}
    for section in ("facts", "tables", "lines", "requirements", "checks", "remarks", "promises"):
        given = data.get(section)
        entries = [given, *given.values()] if isinstance(given, dict) else given if isinstance(given, list) else ()
        for entry in entries:
            for key, value in entry.items() if isinstance(entry, dict) else ():
                if key in keys and isinstance(value, str):
                    yield value
                elif key in ("inputs", "no_gain_from_splitting") and isinstance(value, list):
                    yield from (word for word in value if isinstance(word, str))
