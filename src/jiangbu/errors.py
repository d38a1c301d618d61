"""Every error that jiangbu raises, as one tree, and the two records that they carry.

::

    JiangbuError
    ├── MoneyError        an amount, number or rate that cannot be read exactly   (also a ValueError)
    ├── DateError         a day or a span of days that cannot be computed          (also a ValueError)
    ├── FactsError        the facts of a case cannot be used: carries every Problem
    ├── TableError        a rule table is broken: carries every Finding
    ├── UnknownScheme     no scheme of that id (the nearest ids are named)         (also a LookupError)
    ├── Ambiguous         the id alone does not pick one scheme
    ├── NotInForce        a rule exists, but not for that day
    └── RecordError       a stored determination cannot be read: carries every Problem
        ├── NoBook            sentences were asked of a determination read without tables
        └── DigestMismatch    the tables are not those that the determination was made from

Each class has a stable ``code``; programs act on codes, people read messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from attrs import frozen

Severity = Literal["error", "warning"]


@frozen(order=True)
class Finding:
    """One finding of the checker about a rule table.

    ``line`` counts from 1 (0: the file as a whole). ``where`` is the path of the entry in the table,
    such as ``lines.award.formula``. ``witness`` is the point, amount or text that shows the fault.
    """

    code: str
    severity: Severity
    file: str
    line: int
    where: str
    message: str
    witness: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.line}: {self.severity}: [{self.code}] {self.where}: {self.message}"]
        if self.witness:
            lines = self.witness.replace("\n", "\n" + " " * len("    witness: "))  # a caret stays under its column
            parts.append(f"    witness: {lines}")
        if self.remedy:
            parts.append(f"    remedy: {self.remedy}")
        return "\n".join(parts)


@frozen(order=True)
class Problem:
    """One reason why facts (or a stored record) cannot be used.

    ``path`` leads to the value: ``revenue``, or ``project[1].household[0].amount`` in a case of several levels.
    """

    code: str
    path: str
    found: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"[{self.code}] {self.path}: found {self.found}; expected {self.expected}"
        return f"{text}; {self.remedy}" if self.remedy else text


class JiangbuError(Exception):
    """The root of the tree; catch it to catch everything that jiangbu raises."""

    code: ClassVar[str] = "jiangbu"


class MoneyError(JiangbuError, ValueError):
    """An amount that cannot be read exactly; ``reason`` is ``float``, ``kind``, ``decimals`` or ``text``."""

    code = "money"

    def __init__(self, reason: str, found: str, expected: str, remedy: str = "") -> None:
        self.reason, self.found, self.expected, self.remedy = reason, found, expected, remedy
        super().__init__(f"found {found}; expected {expected}" + (f"; {remedy}" if remedy else ""))


class DateError(JiangbuError, ValueError):
    """A day or a span of days that cannot be computed."""

    code = "date"


class FactsError(JiangbuError):
    """The facts of a case cannot be used; ``problems`` holds all of them."""

    code = "facts"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class TableError(JiangbuError):
    """A rule table is broken; ``findings`` holds all of its findings."""

    code = "table"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class UnknownScheme(JiangbuError, LookupError):
    """No scheme of that id can be found from that place; ``nearest`` lists ids that look alike."""

    code = "unknown-scheme"

    def __init__(self, message: str, nearest: Iterable[str] = ()) -> None:
        self.nearest = tuple(nearest)
        super().__init__(message)


class Ambiguous(JiangbuError):
    """The id alone does not pick one scheme; ``candidates`` lists what there is."""

    code = "ambiguous"

    def __init__(self, message: str, candidates: Iterable[str] = ()) -> None:
        self.candidates = tuple(candidates)
        super().__init__(message)


class NotInForce(JiangbuError):
    """A rule exists, but it is not in force on that day, or no day was given."""

    code = "not-in-force"


class RecordError(JiangbuError):
    """A stored determination cannot be read; ``problems`` holds every reason."""

    code = "record"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class NoBook(RecordError):
    """Labels or sentences were asked of a determination that was read without a rule book."""

    code = "no-book"


class DigestMismatch(RecordError):
    """The rule tables at hand are not those that the determination was made from."""

    code = "digest-mismatch"
