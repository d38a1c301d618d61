"""The parts of a scheme as frozen objects, in the words of the table format (rule-tables.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen

from jiangbu.rules.kinds import Bounds, Kind, Value
from jiangbu.rules.tree import Node, Type

RoundMode = Literal["half-up", "down", "up"]
MONEY_STEPS: Mapping[str, Fraction] = {
    "fen": Fraction(1, 100),
    "jiao": Fraction(1, 10),
    "yuan": Fraction(1),
    "百元": Fraction(100),
    "千元": Fraction(1000),
    "万元": Fraction(10000),
}


@frozen
class Document:
    """A legal source as ``documents.toml`` names it; ``issued`` may be unseen."""

    number: str
    title: str
    issuer: str
    issued: date | Literal["unseen"]
    place: str
    known: Literal["seen", "reported", "aggregated"]
    url: str = ""
    sha256: str = ""
    superseded_by: str = ""
    note: str = ""


@frozen
class Effective:
    """The days of validity, both included; without ``until`` the document sets no end."""

    from_: date | Literal["unseen"]
    until: date | Literal["unseen"] | None = None
    reading: str = ""


@frozen
class Fact:
    """One input of a scheme. ``origin`` is the gate's id where the gate asks for it."""

    name: str
    label: str
    kind: Kind
    bounds: Bounds | None = None
    level: str = ""
    unit: str = ""
    decimals: int = 0
    options: Mapping[str, str] = field(factory=dict, hash=False)
    has_default: bool = False
    default: Value | None = None
    needed_if: str = ""
    needed_tree: Node | None = field(default=None, repr=False)
    derived: str = ""
    method: str = ""
    months: int | None = None
    evidence: str = ""
    aliases: tuple[str, ...] = ()
    clause: str = ""
    reading: str = ""
    note: str = ""
    origin: str = ""

    @property
    def den(self) -> int:
        """The denominator of its grid: 100 for money to the fen, 1 for counts and days."""
        return int(10**self.decimals) if self.kind in ("money", "number", "rate") else 1


@frozen
class Constant:
    name: str
    label: str
    kind: Kind
    value: Value
    clause: str = ""
    unit: str = ""
    reading: str = ""
    options: tuple[str, ...] = ()
    origin: str = ""


@frozen
class Edge:
    """One bound of a row on one input: the word of the table and its value."""

    word: Literal["at_least", "more_than", "at_most", "less_than", "is"]
    value: Value


@frozen
class Row:
    """One row of a lookup table: its edges by input, its values by column, its words."""

    edges: Mapping[str, tuple[Edge, ...]] = field(hash=False)
    values: Mapping[str, Value] = field(hash=False)
    otherwise: bool = False
    printed: str = ""
    clause: str = ""
    reading: str = ""


@frozen
class LookupTable:
    name: str
    label: str
    inputs: tuple[str, ...]
    gives: Mapping[str, Kind] = field(hash=False)
    rows: tuple[Row, ...] = ()
    clause: str = ""
    reading: str = ""
    holes: bool = False
    origin: str = ""


@frozen
class Level:
    """One level of the tree of rows; ``of`` is empty for the root."""

    name: str
    label: str = ""
    of: str = ""
    id_label: str = ""
    at_most: int | None = None
    object: str = ""
    made_by: str = ""


@frozen
class Requirement:
    """A condition; ``code`` is ``scheme.requirement`` (or the gate's). ``tree`` is the checked formula."""

    name: str
    holds: str
    otherwise: str
    clause: str = ""
    level: str = ""
    reading: str = ""
    code: str = ""
    origin: str = ""
    tree: Node | None = field(default=None, repr=False)


@frozen
class Check:
    """Facts that must not contradict one another: where it fails the row is unreadable."""

    name: str
    holds: str
    otherwise: str
    clause: str = ""
    level: str = ""
    reading: str = ""
    origin: str = ""
    tree: Node | None = field(default=None, repr=False)


@frozen
class Remark:
    """Printed with the result, changes nothing."""

    name: str
    when: str
    says: str
    clause: str = ""
    level: str = ""
    reading: str = ""
    origin: str = ""
    tree: Node | None = field(default=None, repr=False)


@frozen
class Rounding:
    """How a line ends: a step (in yuan or units) and a mode; ``step`` None keeps the exact value."""

    mode: RoundMode = "half-up"
    step: Fraction | None = Fraction(1, 100)
    word: str = "fen"
    clause: str = ""
    stated: bool = False


@frozen
class Line:
    """One line of the calculation sheet; ``type`` is what is known of its value on load."""

    name: str
    label: str
    formula: str
    clause: str = ""
    level: str = ""
    unit: str = ""
    reading: str = ""
    may_be_negative: str = ""
    round: Rounding = Rounding()
    tree: Node | None = field(default=None, repr=False)
    type: Type | None = field(default=None, repr=False)

    @property
    def kind(self) -> Kind:
        assert self.type is not None
        return self.type.kind


@frozen
class Promise:
    """What a table promises; ``kind`` is the key, ``what`` its value, ``when`` restricts it."""

    kind: Literal["never_decreases_in", "never_more_than", "nil_when", "no_gain_from_splitting"]
    what: str
    names: tuple[str, ...] = ()
    when: str = ""
    reading: str = ""
    what_tree: Node | None = field(default=None, repr=False)
    when_tree: Node | None = field(default=None, repr=False)


@frozen
class Case:
    """A worked case of a table: facts in, what must come out."""

    source: str
    worked: str
    facts: Mapping[str, Any] = field(hash=False)
    expect: Mapping[str, Any] | None = field(default=None, hash=False)
    refuses: tuple[str, ...] | None = None
    outcome: str | None = None
    remarks: tuple[str, ...] | None = None
    on: date | None = None
    known_on: date | None = None
    under: str = ""


@frozen
class Harmless:
    change: str
    why: str


@frozen
class Exclusive:
    """Schemes that may not be had together (domain.md 9)."""

    with_: tuple[str, ...]
    per: Literal["project", "subject", "loan"]
    keep: Literal["largest", "first", "this"]
    clause: str
