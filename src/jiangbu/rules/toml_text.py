"""The text of one file → TOML data, or findings that show the lines on which reading stopped."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jiangbu.rules.findings import Findings
from jiangbu.rules.raw import MOST_BYTES
from jiangbu.rules.slips import Spotted, extreme_line, slip_at

MOST_DEPTH = 40
MOST_SLIPS = 20
MOST_TRIES = 60


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
        *others, last = _slips(text, error)
        for slip in others:
            findings.at(slip.line, "toml", slip.message, witness=slip.witness, remedy=slip.remedy)
        again = "then check again: what the table says is looked at when all of it can be read"
        findings.at(last.line, "toml", last.message, witness=last.witness, remedy=f"{last.remedy}; {again}")
    except (RecursionError, ValueError, ArithmeticError) as error:
        line, nested = extreme_line(text, MOST_DEPTH)
        remedy = "nest less deeply" if nested else "write fewer digits"
        findings.at(line, "toml", f"cannot be read: {type(error).__name__}", remedy=remedy)
    return None


def _slips(text: str, error: tomllib.TOMLDecodeError) -> list[Spotted]:
    """Return every slip of a text that is no TOML, by line.

    Each is mended in memory, where it is known how, and the text read on.
    """
    found: list[Spotted] = []
    written = text
    for _ in range(MOST_TRIES):
        line, column, message = _place(str(error), text)
        slip = slip_at(text, line, column, message, written)
        if not any((slip.line, slip.message) == (other.line, other.message) for other in found):
            found.append(slip)
        if slip.mended is None or slip.mended == text or len(found) >= MOST_SLIPS:
            break
        text = slip.mended
        try:
            tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as next_error:
            # A mending that makes it worse would be followed by slips that nobody made.
            if _place(str(next_error), text)[0] < line and not slip.line < line:
                break
            error = next_error
        except (RecursionError, ValueError, ArithmeticError):
            break
        else:
            break
    found.sort(key=lambda one: one.line)
    return found


def _too_deep(data: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return the path of something nested deeper than any table needs; empty if there is none."""
    if _shallow(data):
        return ()
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


def _shallow(data: Mapping[str, Any]) -> bool:
    """Whether nothing is nested too deep, found without writing down every path."""
    level: list[Any] = [data]
    for _ in range(MOST_DEPTH):
        level = [
            item
            for inner in level
            for item in (inner.values() if isinstance(inner, dict) else inner)
            if isinstance(item, dict | list)
        ]
        if not level:
            return True
    return False


def _place(message: str, text: str) -> tuple[int, int, str]:
    """Return the line and column, from 1, and the words of what the reader of TOML says."""
    head, _, tail = message.rpartition("(at ")
    found = re.match(r"line (\d+), column (\d+)", tail)
    if found:
        return int(found[1]), int(found[2]), head.strip()
    return text.count("\n") + 1, 1, head.strip() or message
