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


def is_slip(word: str, words: Iterable[str]) -> bool:
    """Whether a word is so like a known one, in four letters of five, that it is surely a slip of it."""
    close = nearest(word, words, 1)
    return bool(close) and difflib.SequenceMatcher(None, close[0], word).ratio() * 5 >= 4


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Say which known word was probably meant, or nothing."""
    close = nearest(word, words, 1)
    return f"did you mean {close[0]!r}?" if close else ""


def carets(text: str, start: int, end: int) -> str:
    """Write a line of text, and under it carets from one of its columns to another; both count from 0.

    >>> print(carets("上限 = 30万", 5, 8))
    上限 = 30万
           ^^^^
    """
    line = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return f"{line}\n{' ' * width(line[:start])}{'^' * max(1, width(line[start:end]))}"


def width(text: str) -> int:
    """Return how many columns a text takes where Chinese signs take two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


class Findings:
    """The findings of one file so far; positions are looked for only when there is something to say."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.items: list[Finding] = []
        self._spoiled: set[tuple[str | int, ...]] = set()
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

    def spoil(self, *paths: Path) -> None:
        """Remember keys that were given, or meant, and could not be read: they are not wanting as well."""
        self._spoiled |= {tuple(path) for path in paths}

    def spoiled(self, *path: str | int) -> bool:
        """Whether a key could not be read, so that nothing more is said about it."""
        return path in self._spoiled

    def spoiled_below(self, *path: str | int) -> bool:
        """Whether anything in an entry could not be read."""
        return any(place[: len(path)] == path for place in self._spoiled)

    @property
    def errors(self) -> bool:
        return any(item.severity == "error" for item in self.items)
