"""Where the keys and values of a TOML text stand; tomllib reads values and forgets their lines.

Only for text that tomllib has accepted: this is a scanner, no second judge of what is TOML.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from attrs import define, frozen

_NOWHERE = -1

_BLANK = re.compile(r"[ \t]*+")
_FILLER = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
# A closing run may hold up to two quotes of the content itself, hence {3,5}.
_SCALAR = re.compile(
    r'''"""(?:[^"\\]++|\\.|""?(?!"))*+"{3,5}'''
    r"""|\'\'\'(?:[^']++|''?(?!'))*+'{3,5}"""
    r"""|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'"""
    r"""|[^,\[\]{}#\r\n"']++""",
    re.DOTALL,
)
_OPENING = re.compile(r'"""\r?\n?|\'\'\'\r?\n?|["\']')


@define
class _Node:
    """One key or array element: the offsets of its name and value, and what stands below it.

    ``repeated`` marks an array, whose elements stand below it by position.
    """

    name: int = _NOWHERE
    value: int = _NOWHERE
    implied: bool = True
    repeated: bool = False
    below: dict[str | int, _Node] | None = None  # most have nothing below, and an empty dict is not small

    def get(self, step: str | int) -> _Node | None:
        return self.below.get(step) if self.below else None

    def enter(self, step: str | int, offset: int) -> _Node:
        if self.below is None:
            self.below = {}
        return self.below.setdefault(step, _Node(offset))

    def __len__(self) -> int:
        return len(self.below or ())


@frozen(slots=False)
class Where:
    """The positions of a TOML text, found by the paths of the parsed data.

    A path holds keys and array positions as in the data: ``("lines", 2, "formula")`` is the formula of the
    third ``[[lines]]``. The text is scanned once, when first asked, in time linear in its size.

    :param text: TOML that tomllib accepts, with LF or CRLF line ends.

    >>> where = Where("[scheme]\\nid = 'a'\\n[[lines]]\\nname = 'x'\\n")
    >>> where.line(("lines", 0, "name")), where.value(("lines", 0, "name")), where.line(("lines", 7))
    (4, (4, 9), 3)
    """

    text: str

    def line(self, path: Sequence[str | int]) -> int:
        """Return the line, from 1, of the key or array element at a path.

        :returns: for a path that the text does not have, the line of its longest known prefix; 0 for none.
        """
        node = self._root
        for step in path:
            below = node.get(step)
            if below is None:
                break
            node = below
        return 0 if node.name == _NOWHERE else self._place(node.name)[0]

    def value(self, path: Sequence[str | int]) -> tuple[int, int] | None:
        """Return line and column, both from 1, at which the value of a path starts.

        :returns: for text the place of its first character, inside the quotes; ``None`` for a path that the
            text does not have, and for a table that stands under a head of its own.
        """
        node = self._root
        for step in path:
            below = node.get(step)
            if below is None:
                return None
            node = below
        return None if node.value == _NOWHERE else self._place(node.value)

    @cached_property
    def _root(self) -> _Node:
        return _scan(self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def _scan(text: str) -> _Node:
    root = table = _Node()
    at = _past(_FILLER, text, 0)
    while at < len(text):
        if text[at] == "[":
            brackets = 2 if text.startswith("[[", at) else 1
            keys, at = _dotted(text, at + brackets)
            table = _head(root, keys, repeated=brackets == 2)
            at += brackets
        else:
            node, at = _pair(text, at, table)
            at = _value(text, at, node)
        at = _past(_FILLER, text, at)
    return root


def _head(root: _Node, keys: list[tuple[str, int]], *, repeated: bool) -> _Node:
    """Enter the table of a head, ``[a.b]`` or ``[[a.b]]``, which counts from the root."""
    node = root
    for key, offset in keys[:-1]:
        node = node.enter(key, offset)
        if node.repeated:
            node = node.enter(len(node) - 1, offset)
    key, offset = keys[-1]
    node = _named(node, key, offset)
    if not repeated:
        return node
    node.repeated = True
    return _named(node, len(node), offset)


def _pair(text: str, at: int, table: _Node) -> tuple[_Node, int]:
    """Enter the key of a pair; return it and the offset at which its value starts."""
    keys, at = _dotted(text, at)
    for key, offset in keys[:-1]:
        table = table.enter(key, offset)
    return _named(table, *keys[-1]), _past(_FILLER, text, at + 1)


def _named(node: _Node, key: str | int, offset: int) -> _Node:
    """The entry below a node, placed where it is declared, not where a longer name first implied it."""
    entry = node.enter(key, offset)
    if entry.implied:
        entry.name, entry.implied = offset, False
    return entry


def _dotted(text: str, at: int) -> tuple[list[tuple[str, int]], int]:
    """Read the parts of a key with their offsets; return them and the offset of what follows."""
    keys = []
    while True:
        at = _past(_BLANK, text, at)
        end = _past(_KEY, text, at)
        keys.append((_key(text[at:end]), at))
        at = _past(_BLANK, text, end)
        if text[at] != ".":
            return keys, at
        at += 1


def _key(written: str) -> str:
    if written[0] not in "\"'":
        return written
    if "\\" in written and written[0] == '"':
        text: str = tomllib.loads(f"key = {written}")["key"]
        return text
    return written[1:-1]


def _value(text: str, at: int, node: _Node) -> int:
    """Enter a value and all that it contains; return the offset behind it.

    Containers are kept on a list, not on Python's stack, so that no depth of nesting is too deep.
    """
    containers: list[_Node] = []
    while True:
        node.value = at
        if text[at] in "[{":
            node.repeated = text[at] == "["
            containers.append(node)
            at += 1
        else:
            opening = _OPENING.match(text, at)
            node.value = opening.end() if opening else at
            at = _past(_SCALAR, text, at)
        while containers:
            at = _past(_FILLER, text, at)
            if text[at] == ",":
                at = _past(_FILLER, text, at + 1)
            if text[at] not in "]}":
                break
            containers.pop()
            at += 1
        if not containers:
            return at
        if containers[-1].repeated:
            node = _named(containers[-1], len(containers[-1]), at)
        else:
            node, at = _pair(text, at, containers[-1])


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    if match is None:
        raise ValueError(f"offset {at}: not TOML")
    return match.end()
