"""Collecting findings of one file: every one with its line, none thrown at the first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from jiangbu.errors import Finding, Severity
from jiangbu.rules.where import Where

Path = Sequence[str | int]


def show_path(path: Path) -> str:
    """Write a path as ``lines[2].formula``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def shown(value: object) -> str:
    """Write any value of a file on one short line, even one that is too large or too deep to be written out."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} that is too large to show"
    return text if len(text) <= 80 else text[:79] + "…"


def nearest(word: str, words: Iterable[str], n: int = 3) -> list[str]:
    """Return the words that look most like ``word``."""
    return difflib.get_close_matches(word, list(words), n=n)


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Say which known word was probably meant, or nothing."""
    close = nearest(word, words, 1)
    return f"did you mean {close[0]!r}?" if close else ""


class Findings:
    """The findings of one file so far; positions are looked for only when there is something to say."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.items: list[Finding] = []
        self._where: Where | None = None

    @property
    def where(self) -> Where:
        if self._where is None:
            self._where = Where(self.text)
        return self._where

    def add(
        self,
        code: str,
        path: Path,
        message: str,
        *,
        witness: str = "",
        remedy: str = "",
        severity: Severity = "error",
        name: str = "",
    ) -> None:
        """Add one finding at a path of the parsed file; ``name`` says it in the table's own words."""
        line = self.where.line(path) if path else 1
        self.items.append(Finding(code, severity, self.file, line, name or show_path(path), message, witness, remedy))

    def at(self, line: int, code: str, message: str, *, witness: str = "", remedy: str = "") -> None:
        """Add one finding at a line of a file that could not be parsed."""
        self.items.append(Finding(code, "error", self.file, line, "", message, witness, remedy))

    @property
    def errors(self) -> bool:
        return any(item.severity == "error" for item in self.items)
