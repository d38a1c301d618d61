"""A toy maker for tests of made rows: a herd at grass, cut into the months of its stay.

It stands for what loans and shares will be: an object that a user gives, rows that are made from it, a section of the
table that says how, and a function of a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from jiangbu.dates import later
from jiangbu.rules.made import Cell, Maker, ObjectFault, ObjectKind, RowMaker, Section
from jiangbu.rules.tree import Type

LAST = date(2100, 12, 31).toordinal()
FIRST = date(1990, 1, 1).toordinal()


@frozen
class Herd:
    """So many head at grass from a day until a day (excluded), at so many fen a head and month."""

    number: str
    head: int
    rate: int
    from_day: date
    until_day: date


@frozen
class Grazing:
    """The section [grazing]: whether a begun month counts."""

    broken: str
    names: tuple[str, ...] = ()


def take(value: Any) -> Herd:
    """Read a herd or its JSON form."""
    if isinstance(value, Herd):
        return value
    if not isinstance(value, Mapping):
        raise ObjectFault([("kind", "", repr(value), "a herd", "")])
    faults = []
    known = {"number", "head", "rate", "from_day", "until_day"}
    for key in value:
        if key not in known:
            faults.append(("unknown-key", str(key), str(key), "a key of a herd", ""))
    for key in sorted(known):
        if key not in value:
            faults.append(("missing", key, "nothing", key, f"give {key}"))
    if faults:
        raise ObjectFault(faults)
    days = []
    for key in ("from_day", "until_day"):
        day = value[key]
        days.append(date.fromisoformat(day) if isinstance(day, str) else day)
    if days[1] <= days[0]:
        raise ObjectFault([("bounds", "until_day", str(days[1]), f"a day after {days[0]}", "")])
    return Herd(value["number"], value["head"], value["rate"], days[0], days[1])


def dump(herd: Herd) -> dict[str, Any]:
    """Return the JSON form of a herd."""
    return {
        "number": herd.number,
        "head": herd.head,
        "rate": herd.rate,
        "from_day": herd.from_day.isoformat(),
        "until_day": herd.until_day.isoformat(),
    }


def row(herd: Herd) -> tuple[str, tuple[Cell, ...]]:
    """Return a herd's id and its columns."""
    return herd.number, (herd.head, herd.rate, herd.from_day.toordinal(), herd.until_day.toordinal())


def months(
    herd: Herd, above: tuple[Cell, ...] | None, settings: Mapping[str, Any]
) -> Sequence[tuple[str, tuple[Cell, ...]]]:
    """Cut a stay into months from its first day; a broken last month counts or is dropped, as the table says."""
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    at = 0
    while later(herd.from_day, at) < herd.until_day:
        start, end = later(herd.from_day, at), later(herd.from_day, at + 1)
        whole = end <= herd.until_day
        if whole or settings["grazing"].broken == "counts":
            stop = min(end, herd.until_day)
            rows.append((str(at + 1), (at + 1, (stop - start).days, whole)))
        at += 1
    return rows


def grazing(section: Mapping[str, Any]) -> Grazing:
    """Read the section [grazing]."""
    if set(section) != {"broken"}:
        raise ObjectFault([("unknown-key", key, key, "broken", "") for key in section if key != "broken"])
    if section["broken"] not in ("counts", "dropped"):
        raise ObjectFault([("bad-value", "broken", repr(section["broken"]), "counts or dropped", "")])
    return Grazing(section["broken"])


def number(low: int, high: int, unit: str = "") -> Type:
    """Return the type of a count."""
    return Type("number", 1, Fraction(low), Fraction(high), unit)


DAY = Type("date", 1, Fraction(FIRST), Fraction(LAST))

TOY = Maker(
    objects=(
        ObjectKind(
            name="herd",
            label="托养牛群",
            columns={
                "head": number(1, 10_000, "头"),
                "rate": Type("money", 100, Fraction(0), Fraction(1000)),
                "from_day": DAY,
                "until_day": DAY,
            },
            labels={"head": "头数", "rate": "每头每月托养费", "from_day": "入栏日", "until_day": "出栏日"},
            take=take,
            row=row,
            dump=dump,
            calls={
                "balance": (
                    Type("money", 100, Fraction(0), Fraction(10_000_000)),
                    lambda herd, day: herd.head * herd.rate if day < herd.until_day.toordinal() else 0,
                )
            },
            json_schema={"type": "object"},
        ),
    ),
    rows=(
        RowMaker(
            name="stay_months",
            below=("herd",),
            columns={"number": number(1, 1200), "days": number(1, 31, "天"), "whole": Type("flag")},
            labels={"number": "第几个月", "days": "天数", "whole": "整月"},
            most_rows=1200,
            make=months,
        ),
    ),
    sections=(Section("grazing", grazing, required_by=("stay_months",)),),
)

TABLE = """
format = 1

[scheme]
id          = "toy-grazing"
title       = "托养补助（测试用）"
place       = "999999"
document    = "测试〔2024〕1号"
status      = "illustrative"
effective   = { from = 2024-01-01 }
beneficiary = "household"
pays        = "paid"

[levels]
keeper = { label = "养殖户" }
herd   = { of = "keeper", object = "herd", label = "牛群" }
month  = { of = "herd", made_by = "stay_months" }

[grazing]
broken = "dropped"

[facts.quota]
label    = "养殖户补助上限"
kind     = "money"
level    = "keeper"
at_least = 0
at_most  = "10万"

[facts.inspected]
label   = "当月检疫合格"
kind    = "flag"
level   = "month"
default = true

[facts.day]
label    = "核算日"
kind     = "date"
level    = "keeper"

[constants.share]
label  = "补助比例"
kind   = "rate"
value  = "30%"
clause = "一"

[[requirements]]
name      = "sound"
level     = "month"
holds     = "inspected"
otherwise = "当月检疫不合格"
clause    = "二"

[[lines]]
name    = "fee"
label   = "当月托养费"
level   = "month"
formula = "herd.head * herd.rate"
clause  = "一"

[[lines]]
name    = "grant"
label   = "牛群补助"
level   = "herd"
formula = "share * sum(fee)"
clause  = "一"

[[lines]]
name    = "standing"
label   = "核算日在栏月费"
level   = "herd"
formula = "balance(herd, day)"
clause  = "一"

[[lines]]
name    = "days_at_grass"
label   = "托养天数"
level   = "keeper"
formula = "sum(month.days)"
clause  = "一"

[[lines]]
name    = "paid"
label   = "核定补助"
level   = "keeper"
formula = "min(quota, sum(grant))"
clause  = "一"

[[cases]]
source = "一"
worked = "3头每头每月100元，整两个月，托养费600元，三成为180元"
expect = { paid = "180", grant = { "A1" = "180" }, fee = { "A1/1" = "300" }, days_at_grass = 60 }
[cases.facts]
quota = "1万"
day   = 2024-02-01
[[cases.facts.herd]]
herd = { number = "A1", head = 3, rate = 10000, from_day = 2024-01-15, until_day = 2024-03-20 }

[[cases]]
source = "二"
worked = "第二个月检疫不合格，只计一个月，补90元"
expect = { paid = "90" }
refuses = ["A1/2: sound"]
[cases.facts]
quota = "1万"
day   = 2024-02-01
[[cases.facts.herd]]
herd  = { number = "A1", head = 3, rate = 10000, from_day = 2024-01-15, until_day = 2024-03-20 }
month = [{ number = 2, inspected = false }]
"""

DOCUMENTS = """
format = 1

[[documents]]
number = "测试〔2024〕1号"
title  = "测试"
issuer = "测试"
issued = 2023-12-20
place  = "999999"
known  = "seen"
"""
