"""The entries of a rule table as records: their keys, and which of them are required.

Values whose meaning depends on a kind (bounds, defaults, constants, rows) stay as TOML gave them; ``parts`` reads
them. ``structure.py`` makes the records.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from attrs import Factory, frozen

FORMAT = 1
MOST_BYTES = 1_000_000
MOST_ROWS = 2_000


@frozen
class RawEffective:
    from_: Any
    until: Any = None
    reading: str = ""


@frozen
class RawScheme:
    id: str
    title: str
    place: str
    document: str
    status: Literal["in-force", "draft", "illustrative"]
    effective: RawEffective
    beneficiary: Literal["operator", "household", "member", "village"]
    pays: str = ""
    gate: str = ""
    gate_level: str = ""
    no_gate: str = ""
    supersedes: str = ""
    parts: list[str] = Factory(list)
    recovers: str = ""
    reading: str = ""
    note: str = ""


@frozen
class RawFact:
    label: str
    kind: Literal["money", "number", "rate", "flag", "choice", "date"]
    at_least: Any = None
    more_than: Any = None
    at_most: Any = None
    less_than: Any = None
    options: dict[str, str] = Factory(dict)
    level: str = ""
    unit: str = ""
    decimals: int | None = None
    default: Any = None
    needed_if: str = ""
    derived: str = ""
    method: str = ""
    months: int | None = None
    evidence: str = ""
    aliases: list[str] = Factory(list)
    clause: str = ""
    reading: str = ""
    note: str = ""


@frozen
class RawConstant:
    label: str
    kind: Literal["money", "number", "rate", "flag", "choice", "date"]
    value: Any
    clause: str
    unit: str = ""
    decimals: int | None = None
    reading: str = ""
    options: dict[str, str] = Factory(dict)


@frozen
class RawTable:
    label: str
    gives: dict[str, Literal["money", "number", "rate", "flag", "choice", "date"]]
    rows: list[Any]
    clause: str
    input: str = ""
    inputs: list[str] = Factory(list)
    holes: Literal["", "refuse"] = ""
    reading: str = ""


@frozen
class RawLevel:
    label: str = ""
    of: str = ""
    id_label: str = ""
    at_most: int | None = None
    object: str = ""
    made_by: str = ""


@frozen
class RawRequirement:
    name: str
    holds: str
    otherwise: str
    clause: str
    level: str = ""
    reading: str = ""


@frozen
class RawCheck:
    name: str
    holds: str
    otherwise: str
    level: str = ""
    clause: str = ""
    reading: str = ""


@frozen
class RawRemark:
    name: str
    when: str
    says: str
    level: str = ""
    clause: str = ""
    reading: str = ""


@frozen
class RawRound:
    mode: Literal["half-up", "down", "up"]
    to: str
    clause: str = ""


@frozen
class RawLine:
    name: str
    label: str
    formula: str
    clause: str
    level: str = ""
    round: RawRound | Literal["none"] | None = None
    unit: str = ""
    may_be_negative: str = ""
    reading: str = ""


@frozen
class RawPromise:
    never_decreases_in: str = ""
    never_more_than: str = ""
    nil_when: str = ""
    no_gain_from_splitting: list[str] = Factory(list)
    when: str = ""
    reading: str = ""


@frozen
class RawCase:
    source: str
    worked: str
    facts: dict[str, Any]
    expect: dict[str, Any] | None = None
    refuses: list[str] | None = None
    outcome: Literal["nil", "unreadable", "payable", "refused"] | None = None
    remarks: list[str] | None = None
    on: date | None = None
    known_on: date | None = None
    under: str = ""


@frozen
class RawHarmless:
    change: str
    why: str


@frozen
class RawExclusive:
    with_: list[str]
    per: Literal["project", "subject", "loan"]
    keep: Literal["largest", "first", "this"]
    clause: str


@frozen
class RawDocument:
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
class RawSeries:
    id: str
    title: str
    gives: dict[str, Literal["money", "number", "rate"]]
    complete_until: date
    place: str = ""
    document: str = ""
    reading: str = ""
    rows: list[dict[str, Any]] = Factory(list)
