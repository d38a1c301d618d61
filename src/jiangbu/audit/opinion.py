"""What the second opinion makes of a case, as records."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from attrs import frozen

from jiangbu.audit.words import Value

Outcome = Literal["payable", "nil", "refused", "unreadable"]


@frozen
class OpinionRow:
    """One row of a case as the second opinion sees it.

    ``path`` are the ids from below the root, joined by ``/``. ``outcome`` and ``amount`` (yuan) stand at paid
    rows only. ``lines`` are those of the row's own level, without the ones that cannot be read; None is a
    line that a hole or a refusal leaves without a value. ``refusals`` are the codes of the row's own.
    """

    id: str
    path: str
    outcome: Outcome | None
    amount: Fraction | None
    lines: Mapping[str, Value | None]
    refusals: tuple[str, ...]
    set_aside: str | None
    rows: Mapping[str, tuple[OpinionRow, ...]]


@frozen
class Opinion:
    """What the second opinion makes of a case.

    ``amount`` is in yuan, 0 unless payable; ``lines`` are the root's. ``refusals`` are all of the case, those
    below the root as ``"O1/H2: scheme.requirement"``, sorted; so are ``remarks``, by name, and ``problems``,
    as (code, path). ``rows`` are the rows below the root, by level.
    """

    outcome: Outcome
    amount: Fraction
    lines: Mapping[str, Value | None]
    refusals: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    rows: Mapping[str, tuple[OpinionRow, ...]]
