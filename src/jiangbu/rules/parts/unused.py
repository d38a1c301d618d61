"""What a table declares and nothing reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jiangbu.rules.parts.state import WORD, Builder, listed

SAID = frozenset({"name", "label", "kind", "otherwise", "says", "clause", "reading", "note", "evidence", "aliases"})
"""Keys of words that people read, and of names: what stands there uses nothing."""


def warn_of_unused(b: Builder) -> None:
    """Warn of facts, constants, tables and levels that nothing reads; a table of constants alone is a statute."""
    if not b.data.get("lines") and not b.data.get("requirements"):
        return
    used = b.uses | {name for setting in b.sections.values() for name in getattr(setting, "names", ())}
    if b.findings.errors:
        used |= set(WORD.findall(" ".join(_texts(b.data))))
    for section in ("facts", "constants", "tables"):
        given = b.data.get(section, {})
        for name in given if isinstance(given, dict) else ():
            if name not in used:
                _warn(b, section, name, "drop it, or use it in a line or a requirement")
    levels = b.scope.levels
    stood_on = {b.pay_level, b.gate_level, levels.root} | used | _stood_on(b)
    alive = {name for level in stood_on if level in levels.by_name for name in levels.chain(level)}
    for name in levels.by_name:
        if name not in alive and isinstance(b.data.get("levels"), dict):
            _warn(b, "levels", name, "drop it, or let a fact, a line or a requirement stand on it")


def _warn(b: Builder, section: str, name: str, remedy: str) -> None:
    b.findings.add("unused", (section, name), f"{name!r} is never read", severity="warning", remedy=remedy)


def _stood_on(b: Builder) -> set[str]:
    """The levels on which something stands, or whose objects a formula reads."""
    facts = b.data.get("facts")
    entries = list(facts.values()) if isinstance(facts, dict) else []
    for section in ("lines", "requirements", "checks", "remarks"):
        entries += listed(b, section)
    named = {entry.get("level") for entry in entries if isinstance(entry, dict)}
    read = {name.partition(".")[0] for name in b.uses if "." in name}
    return read | {level for level in named if isinstance(level, str)}


def _texts(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text of a file that may be a formula, an input or a name, those of broken entries too."""
    for section in ("facts", "tables", "lines", "requirements", "checks", "remarks", "promises"):
        given = data.get(section)
        entries = [given, *given.values()] if isinstance(given, dict) else given if isinstance(given, list) else ()
        for entry in entries:
            for key, value in entry.items() if isinstance(entry, dict) else ():
                if key in SAID:
                    continue
                if isinstance(value, str):
                    yield value
                elif isinstance(value, list):
                    yield from (word for word in value if isinstance(word, str))
