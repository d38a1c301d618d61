"""Slips of the pen in TOML: what a clerk most likely did where reading stopped, and how to write it."""

from __future__ import annotations

import re
import unicodedata

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
SOME_DAY = "2024-01-05"
"""What stands for a day that cannot be read, so that the rest of the file can."""

TEXT_OR_NOTE = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#.*')
WORD = re.compile(r"""[^\s,=\[\]{}"'#]+""")
HEAD = re.compile(r"\s*\[{1,2}[^\[\]\"'=]+\]{1,2}\s*(?:#.*)?")
KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


@frozen
class Slip:
    """What is wrong at some columns of a line (from 0), how to mend it, and what would stand there instead.

    ``instead`` None: it is not known how to mend it. ``line`` 0: the line at which reading stopped. ``above``: what is
    added to the end of the line before. ``over``: how far ``instead`` reaches, where that is not ``end``.
    """

    message: str
    remedy: str
    start: int
    end: int
    instead: str | None = None
    line: int = 0
    above: str = ""
    over: int = 0


@frozen
class Spotted:
    """A slip as it is reported, and the whole text as it would be without it (None: not known)."""

    line: int
    message: str
    witness: str
    remedy: str
    mended: str | None


def slip_at(text: str, line: int, column: int, message: str, written: str) -> Spotted:
    """Return what is wrong at the place at which TOML could not be read on.

    :param line: from 1. :param column: from 1. :param message: what the reader of TOML says of it.
    :param written: the text before any slip was mended; its lines are shown where the columns are the same.
    """
    shown_lines = written.split("\n")
    lines = text.split("\n")
    row = lines[line - 1] if line <= len(lines) else ""
    at = min(max(column - 1, 0), len(row))
    if not row.strip():
        # What is not closed is found at the end of a line or of the file; it is the last line that says something.
        line = next((number for number in range(min(line, len(lines)), 0, -1) if lines[number - 1].strip()), line)
        row = lines[line - 1] if lines else ""
        at = len(row)
    found = _said_twice(lines, line, message) or _slip(row, at, message)
    if found is None:
        witness = _window(_as_written(row, shown_lines, line), at, at + 1)
        return Spotted(line, message, witness, "mend the line; each key once, texts in quotes", None)
    line = found.line or line
    witness = _window(_as_written(lines[line - 1], shown_lines, line), found.start, found.end)
    return Spotted(line, found.message, witness, found.remedy, _mended(lines, line, found))


def _as_written(row: str, written: list[str], line: int) -> str:
    before = written[line - 1] if line <= len(written) else row
    return before if len(before) == len(row) else row


def _mended(lines: list[str], line: int, slip: Slip) -> str | None:
    """Return the text without the slip, line for line."""
    lines = list(lines)
    if slip.above:
        before = next((number for number in range(line - 1, 0, -1) if lines[number - 1].strip()), 0)
        if before == 0 or "#" in lines[before - 1]:
            return None
        lines[before - 1] = lines[before - 1].rstrip() + slip.above
    elif slip.instead is not None:
        row = lines[line - 1]
        lines[line - 1] = row[: slip.start] + slip.instead + row[slip.over or slip.end :]
    else:
        return None
    return "\n".join(lines)


def _window(row: str, start: int, end: int) -> str:
    """Show a line with carets; of a long one, the part around them."""
    first = max(0, start - MOST_SHOWN // 2)
    cut = row[first : first + MOST_SHOWN]
    return carets(cut, start - first, min(end - first, len(cut) + 1))


def _slip(row: str, at: int, message: str) -> Slip | None:
    texts = [match.span() for match in TEXT_OR_NOTE.finditer(row)]
    bare = [place for place in range(len(row)) if not any(start <= place < end for start, end in texts)]
    wide = next((place for place in bare if row[place] in WIDE and place >= _start_of_word(row, at)), None)
    behind = re.match(r"(\s*)([,，、;；。])\s*(?:#.*)?$", row[at:])
    if message.startswith("Expected newline") and behind:
        place, sign = at + behind.start(2), behind[2]
        return Slip(f"{sign!r} behind the value", f"take out {sign!r}", place, place + 1, "")
    if wide is not None:
        return _wide(row, wide)
    quote = next((place for place in bare if row[place] in "\"'"), None)
    if quote is not None:
        return _lone_quote(row, quote)
    if HEAD.fullmatch(row) and message in ("Invalid value", "Unclosed array", "Unclosed inline table"):
        end = "}" if message == "Unclosed inline table" else "]"
        said = "a list or a table above is not closed"
        return Slip(said, "close it with ] or } before this line", 0, len(row), above=end)
    if message == "Unclosed array" and row[at : at + 1] in ("{", '"'):
        said, remedy = "the list goes on without a comma", "put a comma behind the entry before this one"
        if row[:at].strip():
            return Slip(said, remedy, at, at + 1, ", " + row[at])
        return Slip(said, remedy, at, at + 1, above=",")
    return _head(row) or _thousands(row, at) or _word(row, at, message)


def _wide(row: str, place: int) -> Slip:
    """Say which full-width sign stands outside quotes; a pair of quotes is mended together."""
    sign, half = row[place], WIDE[row[place]]
    if half == "" or sign.isspace():
        return Slip("a wide space outside quotes", "write an ordinary space, or none", place, place + 1, " ")
    message, remedy = f"{sign!r} is a full-width sign", f"write {half} of the English keyboard"
    pair = re.match('[“”＂]([^“”＂"]*)[“”＂]', row[place:])
    if pair:
        return Slip(message, remedy, place, place + 1, f'"{pair[1]}"', over=place + pair.end())
    return Slip(message, remedy, place, place + 1, half)


def _lone_quote(row: str, quote: int) -> Slip:
    """Say that a quote has no other; it is put where the text most likely ends or begins."""
    said, remedy = "a text without its other quote", 'write a quote at both ends of the text: "…"'
    rest = row[quote + 1 :]
    words = re.match(r"(.*?)(\s*[\]},]*\s*)$", rest)
    if words and words[1]:
        return Slip(said, remedy, quote, len(row), f"{row[quote]}{words[1]}{row[quote]}{words[2]}")
    return Slip(said, remedy, quote, len(row))


def _start_of_word(row: str, at: int) -> int:
    """Return where the bare word around a place begins, with the sign before it."""
    start = at
    while start > 0 and WORD.fullmatch(row[start - 1]):
        start -= 1
    return max(0, start - 1)


def _head(row: str) -> Slip | None:
    """Say that a section is named in Chinese."""
    match = re.match(r"\s*\[{1,2}(?:[A-Za-z0-9_-]+\.)*([^\[\].\"'\s]+)\]", row)
    if match is None or match[1].isascii():
        return None
    remedy = 'name it with a-z, 0-9 and _; the Chinese stands in label = "…"'
    return Slip(f"{shown(match[1])} is no name of a section", remedy, *match.span(1), f'"{match[1]}"')


def _thousands(row: str, at: int) -> Slip | None:
    """Say that a number is written with commas, and how it is without."""
    for match in re.finditer(r"(?<![\w.,\"])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])", row):
        if match.start() <= at <= match.end() + 1:
            number = match[0].replace(",", "")
            return Slip("a comma inside a number", f"write it without the comma: {number}", *match.span(), number)
    return None


def _word(row: str, at: int, message: str) -> Slip | None:
    """Say what is wrong with the bare word at or just before a place."""
    start = _start_of_word(row, at)
    match = next((found for found in WORD.finditer(row, start) if found.end() >= at), None)
    if match is None or match.start() > at + 1:
        if re.fullmatch(r"\s*[\w.-]+\s*=\s*(?:#.*)?", row):
            return Slip("the value is missing", "write it behind the sign =", at, at + 1, " 0")
        return None
    word, start, end = match.group(), match.start(), match.end()
    if word.lower() in ("true", "false") and word not in ("true", "false"):
        return Slip(f"{word} with a capital letter", f"write {word.lower()}", start, end, word.lower())
    if message == "Invalid date or datetime":
        said, remedy = f"the calendar has no day {word}", "write a day that there is, such as 2024-01-05"
        return Slip(said, remedy, start, end, SOME_DAY)
    if re.fullmatch(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?", word):
        said = f"the day {word} is written otherwise here"
        return Slip(said, "write it as 2024-01-05, without quotes", start, end, SOME_DAY)
    behind = row[:start].rstrip()
    if behind.endswith(("=", "[", ",")) and (not word.isascii() or word[-1] in "%‰" or word.isidentifier()):
        return _unquoted(word, start, end)
    if row[:start].strip() == "" and not word.isascii() and row[end:].lstrip().startswith("="):
        said = f"{shown(word)} is no name of a key"
        return Slip(said, "keys are a-z, 0-9, _ and -", start, end, f'"{word}"')
    if row[:start].strip() == "" and word.endswith(":"):
        return Slip("a colon behind a key", "write = between key and value", end - 1, end, " =")
    return None


def _unquoted(word: str, start: int, end: int) -> Slip:
    """Say how a value without quotes is written: a number in half-width digits, without 元, or in quotes."""
    plain = unicodedata.normalize("NFKC", word)
    amount = re.fullmatch(r"([0-9][0-9_]*(?:\.[0-9]+)?)(万亿|万|亿)?(元)?", plain)
    if amount and (plain != word or amount[3]):
        number = amount[1] if amount[2] is None else f'"{amount[1]}{amount[2]}"'
        if plain != word:
            said, remedy = f"{shown(word)} is written in full-width digits", f"write {number} of the English keyboard"
        else:
            said = f"{shown(word)} with 元 behind it"
            remedy = f"every amount is in yuan; write {number}"
            if amount[2]:
                remedy = f'every amount is in yuan; write it in quotes: "{plain.removesuffix("元")}"'
        return Slip(said, remedy, start, end, number)
    return Slip(f"{shown(word)} stands without quotes", f'put it in quotes: "{word}"', start, end, f'"{word}"')


def _said_twice(lines: list[str], line: int, message: str) -> Slip | None:
    """Say which key or section stands twice, and where it stood first."""
    row = lines[line - 1] if line <= len(lines) else ""
    double = re.match(r"\s*\[\[([^\[\]]+)\]\]", row)
    if double and message.startswith(("Cannot overwrite", "Cannot mutate")):
        # The other one stands above, with one pair of brackets or as a value; this line is as it should be.
        name = double[1].strip()
        for at, one in enumerate(lines[: line - 1], 1):
            if re.match(rf"\s*\[{re.escape(name)}\]", one):
                return _one_pair(name, one, at)
    head = re.match(r"\s*\[([^\[\]]+)\]", row)
    if head and (message.startswith(("Cannot declare", "Cannot redefine", "Cannot overwrite"))):
        name = head.group(1).strip()
        first = next(
            (at for at, one in enumerate(lines[: line - 1], 1) if re.match(rf"\s*\[\[?{re.escape(name)}\]", one)), 0
        )
        if name in LISTED:
            return _one_pair(name, row, line)
        if first:
            said, other = f"[{name}] stands twice, first at line {first}", f"[{name}-{line}]"
            return Slip(said, "keep one, or rename one", 0, len(row), other)
    key = KEY.match(row)
    if message == "Cannot overwrite a value" and key:
        for at in range(line - 1, 0, -1):
            before = KEY.match(lines[at - 1])
            if before and before.group(1) == key.group(1):
                said = f"{key.group(1)!r} stands twice, first at line {at}"
                return Slip(said, "keep one, or rename one", *key.span(1), f"{key.group(1)}-{line}")
            if HEAD.fullmatch(lines[at - 1]):
                break
    return None


def _one_pair(name: str, row: str, line: int) -> Slip:
    """Say that a section of which there are several has one pair of brackets."""
    said, remedy = f"[{name}] with one pair of brackets", f"write [[{name}]], one for each"
    return Slip(said, remedy, 0, len(row), f"[[{name}]]", line)


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
