"""Which file of a book rules an id, at a place and on a day; and versions that rule it at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from jiangbu.dates import later
from jiangbu.errors import Ambiguous, DateError, Finding, NotInForce, TableError, UnknownScheme
from jiangbu.rules.files import TableFile
from jiangbu.rules.findings import Findings, nearest
from jiangbu.rules.model import Document
from jiangbu.rules.places import chain_of

UNSEEN_END_MONTHS = 36
"""How long after its start a rule with an unseen end is applied without being named."""


def pick(
    all_files: Sequence[TableFile],
    documents: Mapping[str, Document],
    id: str,
    place: str | None,
    on: date | None,
    known_on: date | None,
    under: str,
) -> TableFile:
    """Return the file that rules an id at a place on a day.

    :param on: without it the only version of the nearest place. :param known_on: documents issued later are hidden.
    :param under: the number of a document, several joined by ``、``, or nothing.
    :raises TableError: if the file of that name is no TOML. :raises UnknownScheme: with the nearest ids.
    :raises Ambiguous: with the candidates. :raises NotInForce: if there is such a rule, but not for that day.
    """
    files = [file for file in all_files if file.kind == "scheme" and file.id == id]
    if not files:
        broken = [file for file in all_files if file.kind == "broken" and file.path.stem.split("@")[0] == id]
        if broken:
            raise TableError(broken[0].findings.items)
        ids = sorted({file.id for file in all_files if file.id})
        close = nearest(id, ids)
        hint = f"; nearest: {', '.join(close)}" if close else ""
        raise UnknownScheme(f"no scheme {id!r}{hint}", close)
    places = sorted({file.place for file in files})
    if place is None:
        if len(places) > 1:
            raise Ambiguous(f"{id!r} stands at {', '.join(places)}: give place=…", places)
        place = places[0]
    chain = chain_of(place)
    files = [file for file in files if file.place in chain]
    if not files:
        raise UnknownScheme(
            f"no scheme {id!r} at {place} or above; it stands at {', '.join(places)}"
            + (" (a rule of unknown place is found by id only)" if "unknown" in places else ""),
            [id],
        )
    versions = _visible(files, documents, known_on)
    if under:
        files = [file for file in files if _document(file) in named(under)]
        if not files:
            raise NotInForce(f"{id!r} is not ruled by {under!r}; there is " + _rulings(versions))
    files = _visible(files, documents, known_on)
    if not files:
        raise NotInForce(f"{id!r}: no document issued by {known_on}")
    if on is None:
        return _only(id, files, chain)
    reasons = {file.path: _why_not(file, versions, documents, on, under) for file in files}
    valid = [file for file in files if not reasons[file.path]]
    if not valid:
        raise NotInForce(f"{id!r} on {on}: " + "; ".join(dict.fromkeys(reasons.values())))
    return _newest(id, [file for file in valid if file.place == _nearest_place(valid, chain)])


def named(under: str) -> Sequence[str]:
    """Return the numbers of the documents that a caller names."""
    return under.split("、") if under else ()


def _document(file: TableFile) -> str:
    return str(file.head.get("document"))


def _rulings(files: Sequence[TableFile]) -> str:
    return ", ".join(sorted({_document(file) for file in files}))


def _why_not(
    file: TableFile, versions: Sequence[TableFile], documents: Mapping[str, Document], on: date, under: str
) -> str:
    """Say why a rule is not applied on a day: a version that supersedes it ends it for good, from its first day.

    A caller who names the old document has decided that the case is still an old one, and gets it within its dates.
    """
    for other in () if under else versions:
        if _supersedes(other, file) and (first_day(other, documents) or date.min) <= on:
            return f"superseded by {_document(other)}"
    return why_not(file, documents, on, under)


def _supersedes(other: TableFile, file: TableFile) -> bool:
    return other.place == file.place and other.head.get("supersedes") == _document(file)


def _only(id: str, files: Sequence[TableFile], chain: Sequence[str]) -> TableFile:
    near = [file for file in files if file.place == _nearest_place(files, chain)]
    if len(near) > 1:
        names = [f"{file.shown} ({file.effective.from_})" for file in near]
        raise Ambiguous(f"{id!r} has several versions: give on=…", names)
    return near[0]


def _newest(id: str, files: Sequence[TableFile]) -> TableFile:
    if len(files) == 1:
        return files[0]
    raise Ambiguous(
        f"{id!r} has {len(files)} versions in force that day, none of which says supersedes",
        [file.shown for file in files],
    )


def _visible(files: Sequence[TableFile], documents: Mapping[str, Document], known_on: date | None) -> list[TableFile]:
    return [file for file in files if known_on is None or _known(file, documents, known_on)]


def _known(file: TableFile, documents: Mapping[str, Document], known_on: date) -> bool:
    document = documents.get(str(file.head.get("document")))
    if document is not None and document.issued != "unseen":
        return document.issued <= known_on
    start = file.effective.from_
    return not isinstance(start, date) or start <= known_on


def first_day(file: TableFile, documents: Mapping[str, Document]) -> date | None:
    """Return the first day on which a file's rule is in force; None if no source shows it."""
    start = file.effective.from_
    if isinstance(start, date):
        return start
    document = documents.get(str(file.head.get("document")))
    if document is not None and isinstance(document.issued, date):
        return document.issued
    return None


def why_not(file: TableFile, documents: Mapping[str, Document], on: date, under: str) -> str:
    """Say why a rule is not applied on a day; nothing if it is."""
    first, until = first_day(file, documents), file.effective.until
    if first is not None and isinstance(until, date) and until < first:
        return ""  # never in force: that is a fault of the table, which its findings tell
    if first is not None and on < first:
        return f"in force only from {first}"
    if isinstance(until, date) and on > until:
        return f"expired on {until}"
    if until == "unseen" and first is not None and not under and _after_unseen_end(first, on):
        return (
            f"its end was not seen and it began more than three years before, on {first}; "
            f"name its document to apply it: under={file.head.get('document')!r}"
        )
    return ""


def overlaps(files: Sequence[TableFile], documents: Mapping[str, Document]) -> Iterator[Finding]:
    """Yield a finding for two versions of one rule that are in force on one day."""
    groups: dict[tuple[str, str], list[TableFile]] = {}
    for file in files:
        if file.kind == "scheme" and file.id:
            groups.setdefault((file.id, file.place), []).append(file)
    for versions in groups.values():
        ordered = sorted(versions, key=lambda file: first_day(file, documents) or date.min)
        for at, later_file in enumerate(ordered):
            for earlier in ordered[:at]:
                if _overlap(earlier, later_file, versions, documents):
                    notes = Findings(later_file.shown, later_file.text)
                    notes.add(
                        "validity",
                        ("scheme", "effective"),
                        f"in force at the same time as {earlier.shown}",
                        witness=str(first_day(later_file, documents)),
                        remedy=f"end the earlier one, or say supersedes = {earlier.head.get('document')!r}",
                    )
                    yield from notes.items


def _overlap(
    earlier: TableFile, later_file: TableFile, versions: Sequence[TableFile], documents: Mapping[str, Document]
) -> bool:
    until = earlier.effective.until
    start = first_day(later_file, documents) or date.min
    if isinstance(until, date) and until < start:
        return False
    ends = [first_day(other, documents) or date.min for other in versions if _supersedes(other, earlier)]
    return all(start < end for end in ends) and not _supersedes(earlier, later_file)


def _nearest_place(files: Iterable[TableFile], chain: Sequence[str]) -> str:
    return min((file.place for file in files), key=chain.index)


def _after_unseen_end(first: date, on: date) -> bool:
    try:
        return on > later(first, UNSEEN_END_MONTHS)
    except DateError:
        return False
