"""Series: dated values such as the loan prime rate, merged from the nation down to the county."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

from attrs import field, frozen

from jiangbu.rules.digest import digest_of
from jiangbu.rules.findings import Findings, did_you_mean
from jiangbu.rules.kinds import NAME, BadValue, Kind, read_literal
from jiangbu.rules.raw import FORMAT, RawSeries
from jiangbu.rules.structure import structure
from jiangbu.rules.tree import Type


@frozen
class Series:
    """Values by column, each in force from its day until the next row's; nothing is known after
    ``complete_until`` (an ordinal, included)."""

    id: str
    title: str
    gives: Mapping[str, Kind] = field(hash=False)
    days: tuple[int, ...]
    rows: tuple[Mapping[str, Fraction], ...] = field(hash=False)
    complete_until: int
    place: str = "000000"
    document: str = ""
    reading: str = ""
    sources: tuple[str, ...] = field(default=(), repr=False)
    digest: str = ""
    path: str = ""

    @property
    def name(self) -> str:
        """The name by which a formula calls it: hyphens are underscores there."""
        return name_of(self.id)

    @property
    def columns(self) -> Mapping[str, Type]:
        """What is known of each column on load."""
        result = {}
        for column, kind in self.gives.items():
            values = [row[column] for row in self.rows]
            den = lcm(*(value.denominator for value in values), 100 if kind == "money" else 1)
            result[column] = Type(kind, den, min(values), max(values))
        return result

    def at(self, day: int) -> Mapping[str, Fraction] | None:
        """Return the row in force on a day (an ordinal), or None outside the series."""
        if not self.days or not self.days[0] <= day <= self.complete_until:
            return None
        return self.rows[bisect_right(self.days, day) - 1]


def name_of(id: str) -> str:
    """Return the name by which a formula calls a series: hyphens are underscores there."""
    return id.replace("-", "_")


def read_series(data: Mapping[str, Any], folder_place: str, source: str, findings: Findings) -> Series | None:
    """Read one series file; None, with every fault added, if it cannot be used."""
    for key in sorted(set(data) - {"format", "series"}):
        findings.add("unknown-key", [key], f"unknown key {key!r}", remedy=did_you_mean(key, ["format", "series"]))
    if data.get("format") != FORMAT:
        findings.add("bad-value" if "format" in data else "missing-key", ["format"], f"format = {FORMAT} is expected")
    raw = structure(data.get("series"), RawSeries, ("series",), findings)
    if raw is None:
        return None
    rows: list[tuple[int, dict[str, Fraction]]] = []
    before = len(findings.items)
    for name in raw.gives:
        if not NAME.fullmatch(name) or name == "from":
            findings.add("bad-value", ["series", "gives", name], f"{name!r} is no name")
    if not raw.rows:
        findings.add("missing-key", ["series"], "a series needs at least one row", remedy="[[series.rows]]")
    for at, entry in enumerate(raw.rows):
        row = _row(entry, raw, at, findings)
        if row is not None:
            rows.append(row)
    for at, (one, other) in enumerate(pairwise(rows)):
        if other[0] <= one[0]:
            findings.add("series", ["series", "rows", at + 1, "from"], "rows stand in the order of their days")
    if rows and raw.complete_until.toordinal() < rows[-1][0]:
        findings.add("series", ["series", "complete_until"], "the last row begins after complete_until")
    if len(findings.items) > before:
        return None
    return Series(
        raw.id,
        raw.title,
        raw.gives,
        tuple(day for day, _ in rows),
        tuple(row for _, row in rows),
        raw.complete_until.toordinal(),
        raw.place or folder_place,
        raw.document,
        raw.reading,
        (source,),
        digest_of(data),
        findings.file,
    )


def _row(
    entry: Mapping[str, Any], raw: RawSeries, at: int, findings: Findings
) -> tuple[int, dict[str, Fraction]] | None:
    path = ("series", "rows", at)
    before = len(findings.items)
    for key in sorted(set(entry) - {"from", *raw.gives}):
        findings.add("unknown-key", [*path, key], f"unknown key {key!r}", remedy=did_you_mean(key, raw.gives))
    values: dict[str, Fraction] = {}
    day = 0
    for key in ("from", *raw.gives):
        if key not in entry:
            findings.add("missing-key", path, f"the key {key!r} is missing")
            continue
        try:
            value = read_literal("date" if key == "from" else raw.gives[key], entry[key])
        except BadValue as error:
            findings.add("bad-value", [*path, key], str(error), remedy=error.remedy)
            continue
        assert isinstance(value, Fraction)
        if key == "from":
            day = int(value)
        else:
            values[key] = value
    return (day, values) if len(findings.items) == before else None


def contradictions(one: Series, other: Series) -> Iterable[tuple[date, str]]:
    """Yield the first day of every time in which two files of one series say different things."""
    if dict(one.gives) != dict(other.gives):
        yield date.fromordinal(other.days[0]), "the columns differ"
        return
    apart = False
    for day in sorted({*one.days, *other.days}):
        here, there = one.at(day), other.at(day)
        before, apart = apart, here is not None and there is not None and dict(here) != dict(there)
        if apart and not before:
            yield date.fromordinal(day), "another value for that day"


def unknown_days(parts: Iterable[Series]) -> Iterable[date]:
    """Yield the first day of every time between the files of one series of which none knows the value."""
    ordered = sorted(parts, key=lambda part: part.days[0])
    reach = ordered[0].complete_until
    for part in ordered[1:]:
        if part.days[0] > reach + 1:
            yield date.fromordinal(reach + 1)
        reach = max(reach, part.complete_until)


def merge(parts: Sequence[Series]) -> Series:
    """Merge the files of one series along a place's chain, the nation first; rows must not contradict."""
    first, *others = parts
    by_day = dict(zip(first.days, first.rows, strict=True))
    for part in others:
        by_day |= {day: row for day, row in zip(part.days, part.rows, strict=True) if day not in by_day}
    days = tuple(sorted(by_day))
    last = parts[-1]
    return Series(
        first.id,
        first.title,
        first.gives,
        days,
        tuple(by_day[day] for day in days),
        max(part.complete_until for part in parts),
        last.place,
        first.document,
        first.reading,
        tuple(source for part in parts for source in part.sources),
        first.digest if not others else digest_of([part.digest for part in parts]),
        first.path,
    )
