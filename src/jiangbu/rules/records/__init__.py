"""Determinations as text and back: one stable JSON form, exact, readable without Python and without tables.

Money, numbers and rates stand as text (``"800000.00"``, ``"0.0435"``, ``"2/37"``), days as ISO text. The
record says of every fact and line its kind and grid, so that it can be read, compared and paid from without
the rule tables. ``outcome`` and ``amount`` follow from the values and stand there for who reads JSON only; a
record in which they say something else is refused, as is every text that ``dumps`` would have written
otherwise (the order of keys and white space do not count).

Codes of the problems of a ``RecordError``: ``json`` ``size`` ``duplicate-key`` ``float`` ``text`` ``format``
``unknown-key`` ``missing-key`` ``kind`` ``bad-value`` ``unknown-name`` ``contradiction``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jiangbu.errors import DigestMismatch, Problem, RecordError
from jiangbu.rules.determination import Determination
from jiangbu.rules.door.faults import shown
from jiangbu.rules.raw import FORMAT
from jiangbu.rules.records.read import CaseReader, head_of
from jiangbu.rules.records.shape import Stored, structure
from jiangbu.rules.records.strict_json import at, parting, read_json
from jiangbu.rules.records.write import levels_of, record_of
from jiangbu.rules.stored import Head

if TYPE_CHECKING:
    from jiangbu.rules.book import RuleBook


def dumps(result: Determination) -> str:
    """Return a determination as JSON text; equal determinations are written alike.

    :raises RecordError: with every value of the subject that JSON cannot keep exactly (floats, tuples).
    """
    problems: list[Problem] = []
    data = record_of(result, problems)
    if problems:
        raise RecordError(problems)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def loads(text: str, book: RuleBook | None = None) -> Determination:
    """Read back what ``dumps`` wrote; the result equals what was written.

    :param book: the rule tables; without them the result knows outcome, amount, values and codes, and raises
        ``NoBook`` where a label or a sentence is asked of it.
    :raises RecordError: with every fault of the text and its path.
    :raises DigestMismatch: if a table of the book is not the one that the determination was made from.
    :raises UnknownScheme, NotInForce, TableError: if the book does not have the scheme.
    """
    data = read_json(text)
    _hold_format(data)
    problems: list[Problem] = []
    stored = structure(data, Stored, (), problems)
    if stored is None:
        raise RecordError(problems)
    head = head_of(stored, problems)
    if not problems and book is not None:
        head = _head_from(stored, head, book)
    if problems:
        raise RecordError(problems)
    result = CaseReader(head, problems).read(stored)
    again = None if problems else record_of(result, problems)
    if problems:
        raise RecordError(problems)
    _hold_same(again, data)
    return result


def _hold_format(data: Any) -> None:
    found = data.get("format") if isinstance(data, dict) else None
    if type(found) is int and found != FORMAT:
        remedy = "read it with a newer jiangbu" if found > FORMAT else ""
        raise RecordError([Problem("format", "$.format", shown(found), f"format {FORMAT}", remedy)])


def _hold_same(expected: Any, found: Any, *inside: str) -> None:
    part = parting(expected, found)
    if part is not None:
        path, one, other = part
        known = "the tables say" if inside else "follows from the rest"
        raise RecordError([Problem("contradiction", at((*inside, *path)), shown(other), f"{shown(one)}, as {known}")])


def _head_from(stored: Stored, told: Head, book: RuleBook) -> Head:
    """Return the head of the book's own scheme, which must be the one that the record tells of."""
    scheme = book.scheme(told.scheme_id, place=told.place, on=told.on, known_on=told.known_on, under=told.under or None)
    head = scheme.head
    digests = [("$.scheme.digest", told.digest, head.digest)]
    if told.gate_id or head.gate_id:
        digests.append(("$.gate.id", told.gate_id, head.gate_id))
        digests.append(("$.gate.digest", told.gate_digest, head.gate_digest))
    for name in sorted({*told.series, *head.series}):
        digests.append((f"$.series.{name}", told.series.get(name, ""), head.series.get(name, "")))
    problems = [
        Problem("digest-mismatch", path, found or "none", expected or "none", "use the tables of that time")
        for path, found, expected in digests
        if found != expected
    ]
    if problems:
        raise DigestMismatch(problems)
    _hold_same(levels_of(head), levels_of(told), "levels")
    return head
