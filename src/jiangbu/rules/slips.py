"""Slips of the pen in TOML: what a clerk most likely did where reading stopped, and how to write it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import frozen

from jiangbu.rules.findings import carets, shown

LISTED = frozenset(
    {"lines", "requirements", "checks", "remarks", "promises", "cases", "harmless", "exclusive", "documents"}
)
"""Sections whose entries stand under two pairs of brackets."""

WIDE = {
    "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "＝": "=", "：": "=", "【": "[", "】": "]", "［": "[", "］": "]",
    "｛": "{", "｝": "}", "＂": '"', "。": ".", "．": ".", "、": ",", "＃": "#", "\u3000": "", "\u00a0": "",
}  # fmt: skip
"""Full-width signs, and what stands for each in TOML."""

MOST_SHOWN = 100
TEXT_OR_NOTE = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#.*')
WORD = re.compile(r"""[^\s,=\[\]{}"'#]+""")
HEAD = re.compile(r"\s*\[{1,2}[^\[\]\"'=]+\]{1,2}\s*(?:#.*)?")
KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


@frozen
class Slip:
    """What is wrong at some columns of a line (from 0), and how to mend it."""

    message: str
    remedy: str
    start: int
    end: int


def slip_at(text: str, line: int, column: int, message: str) -> tuple[int, str, str, str]:
    """Return line, message, witness and remedy for the place at which TOML could not be read on.

    :param line: from 1. :param column: from 1. :param message: what the reader of TOML says of it.
    """
    lines = text.split("\n")
    row = lines[line - 1] if line <= len(lines) else ""
    at = min(max(column - 1, 0), len(row))
    if not row.strip():
        # What is not closed is found at the end of a line or of the file; it is the last line that says something.
        line = next((number for number in range(min(line, len(lines)), 0, -1) if lines[number - 1].strip()), line)
        row = lines[line - 1] if lines else ""
        at = len(row)
    found = _said_twice(lines, line, message) or _slip(row, at, message, lines[: line - 1])
    if found is None:
        return line, message, _window(row, at, at + 1), "mend the line; each key once, texts in quotes"
    return line, found.message, _window(row, found.start, found.end), found.remedy


def _window(row: str, start: int, end: int) -> str:
    """Show a line with carets; of a long one, the part around them."""
    first = max(0, start - MOST_SHOWN // 2)
    cut = row[first : first + MOST_SHOWN]
    return carets(cut, start - first, min(end - first, len(cut) + 1))


def _slip(row: str, at: int, message: str, before: list[str]) -> Slip | None:
    texts = [match.span() for match in TEXT_OR_NOTE.finditer(row)]
    bare = [place for place in range(len(row)) if not any(start <= place < end for start, end in texts)]
    wide = next((place for place in bare if row[place] in WIDE and place >= _start_of_word(row, at)), None)
    if wide is not None:
        sign, half = row[wide], WIDE[row[wide]]
        if half == "" or sign.isspace():
            return Slip("a wide space outside quotes", "write an ordinary space, or none", wide, wide + 1)
        return Slip(f"{sign!r} is a full-width sign", f"write {half} of the English keyboard", wide, wide + 1)
    quote = _lone_quote(row, bare)
    if quote is not None:
        return Slip("a text without its other quote", 'write a quote at both ends of the text: "…"', quote, len(row))
    if HEAD.fullmatch(row) and message in ("Invalid value", "Unclosed array", "Unclosed inline table"):
        return Slip("a list or a table above is not closed", "close it with ] or } before this line", 0, len(row))
    if message == "Unclosed array" and row[at : at + 1] in ("{", '"'):
        return Slip("the list goes on without a comma", "put a comma behind the entry before this one", at, at + 1)
    return _word(row, at, message)


def _start_of_word(row: str, at: int) -> int:
    """Return where the bare word around a place begins, with the sign before it."""
    start = at
    while start > 0 and WORD.fullmatch(row[start - 1]):
        start -= 1
    return max(0, start - 1)


def _lone_quote(row: str, bare: Iterable[int]) -> int | None:
    return next((place for place in bare if row[place] in "\"'"), None)


def _word(row: str, at: int, message: str) -> Slip | None:
    """Say what is wrong with the bare word at or just before a place."""
    start = _start_of_word(row, at)
    match = next((found for found in WORD.finditer(row, start) if found.end() >= at), None)
    if match is None or match.start() > at + 1:
        if re.fullmatch(r"\s*[\w.-]+\s*=\s*(?:#.*)?", row):
            return Slip("the value is missing", "write it behind the sign =", at, at + 1)
        return None
    word, start, end = match.group(), match.start(), match.end()
    if word.lower() in ("true", "false") and word not in ("true", "false"):
        return Slip(f"{word} with a capital letter", f"write {word.lower()}", start, end)
    if message == "Invalid date or datetime":
        return Slip(f"the calendar has no day {word}", "write a day that there is, such as 2024-01-05", start, end)
    if re.fullmatch(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?", word):
        return Slip(f"the day {word} is written otherwise here", "write it as 2024-01-05, without quotes", start, end)
    if re.match(r",\d{3}\b", row[end:]) and word.isdigit():
        return Slip("a comma inside a number", "write it without the comma: 1000", start, end + 4)
    behind = row[:start].rstrip()
    if behind.endswith(("=", "[", ",")) and (not word.isascii() or word[-1] in "%‰" or word.isidentifier()):
        return Slip(f"{shown(word)} stands without quotes", f'put it in quotes: "{word}"', start, end)
    if row[:start].strip() == "" and not word.isascii() and row[end:].lstrip().startswith("="):
        return Slip(f"{shown(word)} is no name of a key", "keys are a-z, 0-9, _ and -", start, end)
    if row[:start].strip() == "" and word.endswith(":"):
        return Slip("a colon behind a key", "write = between key and value", end - 1, end)
    return None


def _said_twice(lines: list[str], line: int, message: str) -> Slip | None:
    """Say which key or section stands twice, and where it stood first."""
    row = lines[line - 1] if line <= len(lines) else ""
    head = re.match(r"\s*\[([^\[\]]+)\]", row)
    if head and (message.startswith(("Cannot declare", "Cannot redefine"))):
        name = head.group(1).strip()
        first = next(
            (at for at, one in enumerate(lines[: line - 1], 1) if re.match(rf"\s*\[\[?{re.escape(name)}\]", one)), 0
        )
        if name in LISTED:
            return Slip(f"[{name}] with one pair of brackets", f"write [[{name}]], one for each", 0, len(row))
        if first:
            return Slip(f"[{name}] stands twice, first at line {first}", "keep one, or rename one", 0, len(row))
    key = KEY.match(row)
    if message == "Cannot overwrite a value" and key:
        for at in range(line - 1, 0, -1):
            before = KEY.match(lines[at - 1])
            if before and before.group(1) == key.group(1):
                said = f"{key.group(1)!r} stands twice, first at line {at}"
                return Slip(said, "keep one, or rename one", *key.span(1))
            if HEAD.fullmatch(lines[at - 1]):
                break
    return None


TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|""?(?!"))*"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[{]|[\]}]|[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?|\n',
    re.DOTALL,
)
MOST_DIGITS = 1_000
MOST_EXPONENT = 15


def extreme_line(text: str, deepest: int) -> tuple[int, bool]:
    """Return the line of the first number that is too long, or of what is nested too deep; and whether it is nested.

    :returns: line 1 where neither is found.
    """
    depth, line = 0, 1
    for match in TOKEN.finditer(text):
        token = match.group()
        if token in "[{":
            depth += 1
        elif token in "]}":
            depth = max(0, depth - 1)
        elif token[0].isdigit() and (
            len(token) > MOST_DIGITS or len(re.split("[eE]", token)[-1]) > MOST_EXPONENT < len(token)
        ):
            return line, False
        if depth > deepest:
            return line, True
        line += token.count("\n")
    return 1, True
