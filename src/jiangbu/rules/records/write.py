"""A determination → the JSON values of its record (see records.py for the form)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jiangbu.errors import Problem
from jiangbu.money import scaled_to_decimal
from jiangbu.rules.determination import Determination
from jiangbu.rules.kinds import NUMERIC, decimals_of
from jiangbu.rules.layout import Layout, Slot
from jiangbu.rules.made import Cell
from jiangbu.rules.records.strict_json import Path, kept
from jiangbu.rules.results import RowResult
from jiangbu.rules.stored import Head


def record_of(result: Determination, problems: list[Problem]) -> dict[str, Any]:
    """Return a determination as JSON values; what JSON cannot keep exactly is added to ``problems``."""
    head = result.head
    data: dict[str, Any] = {
        "format": head.format,
        "scheme": {"id": head.scheme_id, "place": head.place, "digest": head.digest},
        "gate": {"id": head.gate_id, "digest": head.gate_digest} if head.gate_id else None,
        "series": dict(sorted(head.series.items())),
        "on": head.on.isoformat() if head.on else None,
        "known_on": head.known_on.isoformat() if head.known_on else None,
        "under": head.under,
        "outcome": result.outcome.value,
        "amount": _yuan(result.amount),
        "subject": None if result.subject is None else kept(result.subject, ("subject",), problems),
        "case": _row(result.root, ("case",), problems),
    }
    if result.problems:
        data["problems"] = [
            {
                "code": item.code,
                "path": item.path,
                "found": item.found,
                "expected": item.expected,
                "remedy": item.remedy,
            }
            for item in result.problems
        ]
    data |= {
        "pay_level": head.pay_level,
        "pays": head.pays,
        "parts": list(head.parts),
        "recovers": head.recovers,
    }
    return data | {"levels": levels_of(head)}


def _yuan(amount: Decimal | None) -> str:
    assert amount is not None
    return format(amount, "f")


def levels_of(head: Head) -> list[dict[str, Any]]:
    """Return how the rows of each level are laid out, parents first."""
    return [_level(layout, head.remarks[layout.name]) for layout in head.layouts.values()]


def _level(layout: Layout, remarks: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {"name": layout.name}
    if layout.of:
        data["of"] = layout.of
    if layout.made:
        data["made"] = True
    if layout.columns:
        data["columns"] = [_slot(slot) for slot in layout.columns]
    data |= {"facts": [_slot(slot) for slot in layout.facts], "lines": [_slot(slot) for slot in layout.lines]}
    return data | {"codes": list(layout.codes), "remarks": list(remarks)}


def _slot(slot: Slot) -> dict[str, Any]:
    data: dict[str, Any] = {"name": slot.name, "kind": slot.kind}
    places = decimals_of(Fraction(1, slot.den))
    if slot.den == 10**places if places >= 0 else False:
        if slot.kind in NUMERIC:
            data["decimals"] = places
    else:
        data["denominator"] = str(slot.den)
    return data | ({"exact": True} if slot.exact else {})


def _row(row: RowResult, path: Path, problems: list[Problem]) -> dict[str, Any]:
    layout, stored = row.layout, row.data
    data: dict[str, Any] = {"id": row.id} if row.id else {}
    if row.above and row.outcome is not None:
        data |= {"outcome": row.outcome.value, "amount": _yuan(row.amount)}
    if stored.source is not None:
        data["object"] = kept(_object_form(row), (*path, "object"), problems)
    if layout.columns:
        data["columns"] = _values(layout.columns, stored.columns)
    data["facts"] = _values(layout.facts, stored.facts)
    if stored.assumed:
        data["assumed"] = list(stored.assumed)
    data["lines"] = _values(layout.lines, stored.values)
    if stored.failed:
        data["refused"] = [layout.codes[number] for number in stored.failed]
    if stored.noted:
        data["remarks"] = [row.head.remarks[row.level][number] for number in stored.noted]
    if stored.unreadable:
        data["unreadable"] = True
    if stored.aside:
        data["set_aside"] = [{"level": level, "id": id, "reason": why} for level, id, why in stored.aside]
    rows = {}
    for name, below in zip(layout.below, stored.below, strict=False):
        if below:
            inner = [RowResult(row.head, name, item, (row, *row.above)) for item in below]
            rows[name] = [_row(item, (*path, "rows", name, place), problems) for place, item in enumerate(inner)]
    return data | ({"rows": rows} if rows else {})


def _values(slots: Sequence[Slot], cells: Sequence[Cell | None]) -> dict[str, Any]:
    return {slot.name: text_of(slot, cell) for slot, cell in zip(slots, cells, strict=True)}


def _object_form(row: RowResult) -> Any:
    """The JSON form of a row's object; read without tables, it has stayed in that form."""
    scheme = row.head.scheme
    if scheme is None:
        return row.data.source
    return scheme.makers.objects[scheme.tree.by_name[row.level].object].dump(row.data.source)


def text_of(slot: Slot, cell: Cell | None) -> Any:
    """Write one value: text for numbers and days, and what JSON has for the rest."""
    if cell is None or slot.kind in ("flag", "choice", "text"):
        return cell
    assert isinstance(cell, int)
    if slot.kind == "date":
        return date.fromordinal(cell).isoformat()
    value = Fraction(cell, slot.den)
    places = -1 if slot.kind == "rate" or slot.exact else decimals_of(Fraction(1, slot.den))
    if places < 0:
        places = decimals_of(value)
    if places < 0:
        return f"{_digits(value.numerator, 0)}/{_digits(value.denominator, 0)}"
    return _digits(int(value * 10**places), places)


def _digits(n: int, places: int) -> str:
    # By way of Decimal: Python refuses to print a whole number of 4,301 digits; "f": without exponent.
    return format(scaled_to_decimal(n, places), "f")
