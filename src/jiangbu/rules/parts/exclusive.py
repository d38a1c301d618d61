"""Schemes that may not be had together with this one."""

from __future__ import annotations

from jiangbu.rules.model import Exclusive
from jiangbu.rules.parts.state import Builder, read_listed
from jiangbu.rules.raw import RawExclusive


def take_exclusive(b: Builder) -> tuple[Exclusive, ...]:
    """Read which other schemes exclude this one; a scheme does not exclude itself."""
    found = []
    for at, raw in read_listed(b, "exclusive", RawExclusive):
        if b.head.id and b.head.id in (raw.with_ or ()):
            b.findings.add(
                "bad-value",
                ("exclusive", at, "with"),
                "a scheme does not exclude itself",
                remedy="name the other scheme",
            )
        found.append(Exclusive(tuple(raw.with_ or ()), raw.per, raw.keep, raw.clause))
    return tuple(found)
