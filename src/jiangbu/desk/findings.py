"""The checker's findings in Chinese: templates of the library's English, and what a county clerk reads instead.

The library speaks English, the desk Chinese. ``findings.toml`` beside this file is the catalogue; codes, files,
lines, places and numbers stay as they are, so that programs and people speak of the same finding.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from attrs import evolve, field, frozen

from jiangbu.desk import words
from jiangbu.errors import Finding

OTHER = "…"
"""The entry of a section for whatever its other entries do not know."""

_DATE = re.compile(r"datetime\.date(?:time)?\((\d+), (\d+), (\d+)(?:, (\d+), (\d+)[^()]*)?\)")
_DECIMAL = re.compile(r"Decimal\('([^']*)'\)")
_FRACTION = re.compile(r"Fraction\((-?\d+), (\d+)\)")
_BOUNDS = re.compile(r"Bounds\(low=(.*?), high=(.*?), low_open=(True|False), high_open=(True|False)\)")
_FACT = re.compile(r"'([a-z][a-z0-9_]*)': ")
_OPENING = ("'", '"', "(", "[")


@frozen
class Template:
    """One sentence of the library and its Chinese; ``{name}`` stands for the same words on both sides."""

    english: str
    chinese: str
    pattern: re.Pattern[str] = field(eq=False)
    weight: int

    @classmethod
    def of(cls, english: str, chinese: str) -> Template:
        """Read one entry of the catalogue."""
        parts, weight = [], 0
        for text, name, _, _ in Formatter().parse(english):
            parts.append(re.escape(text))
            weight += len(text)
            if name is not None:
                parts.append(f"(?P<{name}>.+?)")
        return cls(english, chinese, re.compile("".join(parts), re.DOTALL), weight)


@frozen
class Section:
    """The entries of one section, those that say most first; ``other`` stands for what none of them knows."""

    templates: tuple[Template, ...]
    other: str | None = None

    @classmethod
    def of(cls, entries: Mapping[str, str]) -> Section:
        """Read one section of the catalogue."""
        found = [Template.of(english, chinese) for english, chinese in entries.items() if english != OTHER]
        return cls(tuple(sorted(found, key=lambda one: -one.weight)), entries.get(OTHER))


@frozen
class Catalogue:
    """All that the checker can say: messages and witnesses by the code of the finding, remedies, words inside."""

    messages: Mapping[str, Section]
    remedies: Section
    witnesses: Mapping[str, Section]
    words: Mapping[str, Section]

    def message(self, code: str, text: str) -> str | None:
        """A message in Chinese; None if the catalogue does not have it."""
        own = [self.messages[code]] if code in self.messages else []
        return self._first([*own, *self.messages.values()], text)

    def remedy(self, text: str) -> str | None:
        """A remedy in Chinese; None if the catalogue does not have it."""
        return self._first([self.remedies], text)

    def witness(self, code: str, text: str) -> str | None:
        """The words of a witness in Chinese; None if it holds none that the catalogue knows."""
        return self._first([self.witnesses[code]] if code in self.witnesses else [], text)

    def word(self, name: str, text: str) -> str:
        """Some words of a message as their section says them; as they stand where it does not know them."""
        if name == "list":
            return "、".join(_plain(part) for part in text.split(", "))
        section = self.remedies if name == "remedies" else self.words.get(name)
        if section is not None:
            known = self._first([section], text)
            if known is not None:
                return known
            if section.other is not None:
                return section.other.replace("{}", text)
        return _quoted(text) if name == "found" else _plain(text)

    def _first(self, sections: Iterable[Section], text: str) -> str | None:
        for section in sections:
            for template in section.templates:
                match = template.pattern.fullmatch(text)
                if match:
                    return self._filled(template.chinese, match.groupdict())
        return None

    def _filled(self, chinese: str, found: Mapping[str, str]) -> str:
        parts = []
        for text, name, section, _ in Formatter().parse(chinese):
            parts.append(text)
            if name is not None:
                parts.append(self.word(section or "", found[name]))
        return "".join(parts)


@cache
def catalogue() -> Catalogue:
    """The catalogue as it ships with the package."""
    data: dict[str, Any] = tomllib.loads((files(__package__) / "findings.toml").read_text(encoding="utf-8"))
    inside = {name: Section.of(entries) for name, entries in data["words"].items()}
    return Catalogue(
        {code: Section.of(entries) for code, entries in data["messages"].items()},
        Section.of(data["remedies"]),
        {code: Section.of(entries) for code, entries in data["witness"].items()},
        {**inside, "codes": Section.of(words.CODES)},
    )


def in_chinese(finding: Finding) -> Finding:
    """The same finding with its message, its remedy and the words of its witness in Chinese.

    A sentence that the catalogue does not have (a maker's own, say) stands as it is.

    >>> message = "row 1 and row 2 both cover this point"
    >>> in_chinese(Finding("overlap", "error", "a.toml", 9, "tables.scale.rows[1]", message)).message
    '第1行与第2行重叠，下列数值两行都覆盖'
    """
    known = catalogue()
    message = known.message(finding.code, finding.message)
    remedy = known.remedy(finding.remedy) if finding.remedy else None
    return evolve(
        finding,
        message=finding.message if message is None else message,
        remedy=finding.remedy if remedy is None else remedy,
        witness=_witness(known, finding),
    )


def _witness(known: Catalogue, finding: Finding) -> str:
    if "\n" in finding.witness:
        # A formula with carets under the wrong part: every sign must keep its column.
        return finding.witness
    said = known.witness(finding.code, finding.witness)
    return _facts(finding.witness) if said is None else said


def _facts(text: str) -> str:
    """Facts as a rule table writes them: ``name = value``, without Python's type names."""
    bare = text[1:-1] if text.startswith("{'") and text.endswith("}") else text
    return _FACT.sub(r"\1 = ", _tidy(bare))


def _plain(text: str) -> str:
    """A value as it stands in a rule table: without Python's quotes and type names.

    >>> _plain("'award'"), _plain("Decimal('1.5')"), _plain("('facts', 'heads')"), _plain("['a', 'b']")
    ('award', '1.5', 'facts.heads', 'a、b')
    """
    try:
        value: object = ast.literal_eval(text) if text[:1] in _OPENING else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = None
    if isinstance(value, str):
        return value if value.isprintable() else text[1:-1]
    if isinstance(value, list | tuple) and value and all(isinstance(part, str) for part in value):
        return ("、" if isinstance(value, list) else ".").join(value)
    return _tidy(text)


def _quoted(text: str) -> str:
    """A value that somebody wrote: a text in quotation marks, anything else as it stands."""
    plain = _plain(text)
    return f"“{plain}”" if text[:1] in "'\"" or plain in ("", " ") else plain


def _tidy(text: str) -> str:
    text = _DATE.sub(_day, text)
    text = _DECIMAL.sub(r"\1", text)
    text = _FRACTION.sub(lambda found: found[1] if found[2] == "1" else f"{found[1]}/{found[2]}", text)
    text = _BOUNDS.sub(_bounds, text)
    return re.sub(r"\b(True|False)\b", lambda found: found[1].lower(), text)


def _day(found: re.Match[str]) -> str:
    day = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    return day if found[4] is None else f"{day} {int(found[4]):02}:{int(found[5]):02}"


def _bounds(found: re.Match[str]) -> str:
    low_open, high_open = found[3] == "True", found[4] == "True"
    return f"{found[1]}{'（不含）' * low_open}至{found[2]}{'（不含）' * high_open}"
