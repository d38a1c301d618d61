"""The rule book: folders of tables, and the search for the rule of a place and a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from jiangbu.dates import later
from jiangbu.errors import Ambiguous, DateError, Finding, NotInForce, TableError, UnknownScheme
from jiangbu.rules.build import Built, build
from jiangbu.rules.check import check_book
from jiangbu.rules.files import (
    DOCUMENTS,
    TableFile,
    documents_of,
    read_documents,
    read_file,
    shipped_tables,
    table_paths,
)
from jiangbu.rules.findings import Findings, nearest
from jiangbu.rules.made import Maker, Makers
from jiangbu.rules.model import Document, Effective
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.series import Series, contradictions, merge, read_series, unknown_days

UNSEEN_END_MONTHS = 36
"""How long after its start a rule with an unseen end is applied without being named."""

_PLACE = re.compile(r"^(\d{6})(?:-|$)")


@frozen
class Entry:
    """What the book knows of one table file before it is built."""

    id: str
    place: str
    title: str
    status: str
    path: str
    effective: Effective
    document: Document | None
    beneficiary: str
    pays: str
    broken: bool


def chain_of(place: str) -> tuple[str, ...]:
    """Return a place and those above it: county, city, province, nation.

    >>> chain_of("620825")
    ('620825', '620800', '620000', '000000')
    """
    if not (place.isdigit() and len(place) == 6):
        return (place,)
    return tuple(dict.fromkeys((place, place[:4] + "00", place[:2] + "0000", "000000")))


@frozen(eq=False, slots=False)
class RuleBook:
    """Tables of one or more folders, found by id, place and day. Nothing is built before it is asked for."""

    roots: tuple[Path, ...]
    makers: Makers = field(factory=Makers, repr=False)
    _built: dict[tuple[Path, date | None], Built] = field(factory=dict, repr=False, init=False)

    @classmethod
    def load(cls, *folders: str | Path, makers: Sequence[Maker] = (), shipped: bool = True) -> RuleBook:
        """Load the shipped tables and those of further folders (or single files).

        A later folder wins nothing: what contradicts is reported by ``check``. A broken table does not raise here.

        :param makers: what cuts rows from typed objects (loans, shares).
        :param shipped: False leaves the shipped tables out.
        :raises FileNotFoundError: for a folder or file that is not there.
        """
        roots = [shipped_tables()] if shipped else []
        for folder in folders:
            path = Path(folder)
            if not path.exists():
                raise FileNotFoundError(f"no folder or file of tables: {path}")
            roots.append(path)
        return cls(tuple(roots), Makers.of(makers))

    @cached_property
    def files(self) -> tuple[TableFile, ...]:
        """Every table file, parsed once; documents stand apart."""
        found = {
            path.resolve(): (path, root)
            for root in reversed(self.roots)
            for path in reversed(table_paths(root))
            if path.name != DOCUMENTS
        }
        return tuple(read_file(path, root) for path, root in reversed(found.values()))

    @cached_property
    def _documents(self) -> tuple[dict[str, Document], tuple[Finding, ...]]:
        found: dict[str, Document] = {}
        findings: list[Finding] = []
        for root in self.roots:
            path = documents_of(root)
            if path is not None:
                findings += read_documents(read_file(path, path.parent), found)
        return found, tuple(findings)

    @property
    def documents(self) -> Mapping[str, Document]:
        """Every document that ``documents.toml`` of any folder names, by number."""
        return self._documents[0]

    # What a table is built from (the protocol Surroundings of parts/state.py)

    def document(self, number: str) -> Document | None:
        """Return the document of that number, if any folder names it."""
        return self.documents.get(number)

    def document_numbers(self) -> Sequence[str]:
        """Return the numbers of all documents."""
        return list(self.documents)

    def gate(self, id: str, place: str, on: date | None) -> Scheme | str:
        """Return the gate of that id from a place upward, in force that day, or why there is none."""
        try:
            file = self._pick(id, None if place == "unknown" else place, on, None, "")
        except (UnknownScheme, Ambiguous, NotInForce) as error:
            return f"the gate {id!r} cannot be had: {error}"
        if file.head.get("gate"):
            return f"the gate {id!r} stands behind a gate itself; a gate has none ({file.shown})"
        built = self.build(file, on)
        if built.scheme is None:
            return f"the gate {id!r} is broken itself ({file.shown})"
        return built.scheme

    @cached_property
    def _series_files(self) -> tuple[tuple[Series, ...], tuple[Finding, ...]]:
        found: list[Series] = []
        findings: list[Finding] = []
        for file in self.files:
            if file.kind == "series" and file.data is not None:
                notes = Findings(file.shown, file.text)
                match = _PLACE.match(file.path.parent.name)
                series = read_series(file.data, match.group(1) if match else "000000", file.text, notes)
                if series is not None and series.document and series.document not in self.documents:
                    notes.add(
                        "document",
                        ("series", "document"),
                        f"{series.document!r} does not stand in documents.toml",
                    )
                if series is not None:
                    beside = [other for other in found if other.id == series.id and _joined(other, series)]
                    for other in beside:
                        for day, why in contradictions(other, series):
                            notes.add(
                                "series",
                                ("series",),
                                f"contradicts {other.path}: {why}",
                                witness=str(day),
                                remedy="give the same rows, or later ones alone",
                            )
                    for day in () if notes.errors else unknown_days([*beside, series]):
                        notes.add(
                            "series",
                            ("series",),
                            "no file of this series knows the days between",
                            witness=str(day),
                            remedy="give every row from the day on which the file above ends",
                        )
                    if not notes.errors:
                        found.append(series)
                findings += notes.items
        return tuple(found), tuple(findings)

    def series(self, place: str) -> Mapping[str, Series]:
        """Return every series seen from a place, by the name that formulas use."""
        chain = chain_of(place) if place != "unknown" else ("000000",)
        by_id: dict[str, list[Series]] = {}
        for series in self._series_files[0]:
            if series.place in chain:
                by_id.setdefault(series.id, []).append(series)
        merged = {}
        for parts in by_id.values():
            parts.sort(key=lambda part: -chain.index(part.place))
            whole = merge(parts)
            merged[whole.name] = whole
        return merged

    # Finding

    def entries(self) -> tuple[Entry, ...]:
        """Return every scheme of the book, by place and id, without building any."""
        found = []
        for file in self.files:
            if file.kind == "scheme":
                head = {key: value for key, value in file.head.items() if isinstance(value, str)}
                found.append(
                    Entry(
                        file.id,
                        file.place,
                        head.get("title", ""),
                        head.get("status", ""),
                        file.shown,
                        file.effective,
                        self.documents.get(head.get("document", "")),
                        head.get("beneficiary", ""),
                        head.get("pays", ""),
                        file.id == "",
                    )
                )
        return tuple(sorted(found, key=lambda entry: (entry.place, entry.id, entry.path)))

    def scheme(
        self,
        id: str,
        *,
        place: str | None = None,
        on: date | None = None,
        known_on: date | None = None,
        under: str | None = None,
    ) -> Scheme:
        """Return the scheme of an id: of the nearest place upward, in force on a day.

        :param place: a GB/T 2260 code; may be left out where one place only has that id.
        :param on: the day of the event; without it the scheme can be read, not applied.
        :param known_on: documents issued later are hidden.
        :param under: the number of the document that the caller names.
        :raises UnknownScheme: with the nearest ids. :raises Ambiguous: with the candidates.
        :raises NotInForce: if there is such a rule, but not for that day.
        :raises TableError: with every finding, if the table is broken.
        """
        file = self._pick(id, place, on, known_on, under or "")
        built = self.build(file, on)
        if built.scheme is None:
            raise TableError(item for item in built.findings.items if item.severity == "error")
        return _dated(built.scheme, on, known_on, under or "")

    def dated(self, file: TableFile, on: date | None) -> Scheme | None:
        """Return the scheme of one file as of a day, under its own document; None if it is broken."""
        built = self.build(file, on)
        return None if built.scheme is None else self.on_day(built.scheme, file, on)

    def on_day(self, scheme: Scheme, file: TableFile, on: date | None) -> Scheme:
        """Return a scheme as of a day, under its own document."""
        return _dated(scheme, on, None, str(file.head.get("document", "")))

    def view(self, file: TableFile) -> _View:
        """Return the book as one of its files sees it while it is built."""
        return _View(self, file)

    def build(self, file: TableFile, on: date | None) -> Built:
        key = (file.path, on if file.head.get("gate") else None)
        if key not in self._built:
            notes = Findings(file.shown, file.text)
            notes.items += file.findings.items
            if file.data is None:
                self._built[key] = Built(None, notes)
            else:
                self._built[key] = build(file.data, file.text, notes, _View(self, file), on)
        return self._built[key]

    def _pick(self, id: str, place: str | None, on: date | None, known_on: date | None, under: str) -> TableFile:
        files = [file for file in self.files if file.kind == "scheme" and file.id == id]
        if not files:
            broken = [file for file in self.files if file.kind == "broken" and file.path.stem.split("@")[0] == id]
            if broken:
                raise TableError(broken[0].findings.items)
            ids = sorted({file.id for file in self.files if file.id})
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
        if under:
            named = [file for file in files if file.head.get("document") == under]
            if not named:
                raise NotInForce(f"{id!r} is not ruled by {under!r}; there is " + self._rulings(files))
            files = named
        if known_on is not None:
            seen = [file for file in files if self._known(file, known_on)]
            if not seen:
                raise NotInForce(f"{id!r}: no document issued by {known_on}")
            files = seen
        if on is None:
            return self._only(id, files, chain)
        reasons = {file.path: self._why_not(file, on, under) for file in files}
        valid = [file for file in files if not reasons[file.path]]
        if not valid:
            raise NotInForce(f"{id!r} on {on}: " + "; ".join(dict.fromkeys(reasons.values())))
        return self._newest(id, [file for file in valid if file.place == _nearest_place(valid, chain)])

    def _rulings(self, files: Sequence[TableFile]) -> str:
        return ", ".join(sorted({str(file.head.get("document")) for file in files}))

    def _only(self, id: str, files: Sequence[TableFile], chain: Sequence[str]) -> TableFile:
        near = [file for file in files if file.place == _nearest_place(files, chain)]
        if len(near) > 1:
            names = [f"{file.shown} ({file.effective.from_})" for file in near]
            raise Ambiguous(f"{id!r} has several versions: give on=…", names)
        return near[0]

    def _newest(self, id: str, files: Sequence[TableFile]) -> TableFile:
        """Where a later document supersedes another inside its validity, the later one rules."""
        if len(files) == 1:
            return files[0]
        superseded = {file.head.get("supersedes") for file in files}
        left = [file for file in files if file.head.get("document") not in superseded]
        if len(left) == 1:
            return left[0]
        raise Ambiguous(
            f"{id!r} has {len(files)} versions in force that day, none of which says supersedes",
            [file.shown for file in files],
        )

    def _known(self, file: TableFile, known_on: date) -> bool:
        document = self.documents.get(str(file.head.get("document")))
        if document is not None and document.issued != "unseen":
            return document.issued <= known_on
        start = file.effective.from_
        return not isinstance(start, date) or start <= known_on

    def first_day(self, file: TableFile) -> date | None:
        """Return the first day on which a file's rule is in force; None if no source shows it."""
        start = file.effective.from_
        if isinstance(start, date):
            return start
        document = self.documents.get(str(file.head.get("document")))
        if document is not None and isinstance(document.issued, date):
            return document.issued
        return None

    def _why_not(self, file: TableFile, on: date, under: str) -> str:
        """Say why a rule is not applied on a day; nothing if it is."""
        first, until = self.first_day(file), file.effective.until
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

    # Checking

    def check(self, second_opinion: Any = None, differences: Any = None) -> tuple[Finding, ...]:
        """Return the findings of all tables of the book.

        :param second_opinion: a second interpreter that every case is also put to, with what compares the two.
        """
        return check_book(self, self.files, second_opinion=second_opinion, differences=differences)

    def general_findings(self) -> tuple[Finding, ...]:
        """Return the findings of documents, series and overlapping versions."""
        return (*self._documents[1], *self._series_files[1], *self._overlaps())

    def _overlaps(self) -> Iterator[Finding]:
        groups: dict[tuple[str, str], list[TableFile]] = {}
        for file in self.files:
            if file.kind == "scheme" and file.id:
                groups.setdefault((file.id, file.place), []).append(file)
        for files in groups.values():
            ordered = sorted(files, key=lambda file: self.first_day(file) or date.min)
            for at, later_file in enumerate(ordered):
                for earlier in ordered[:at]:
                    if self._overlap(earlier, later_file):
                        notes = Findings(later_file.shown, later_file.text)
                        notes.add(
                            "validity",
                            ("scheme", "effective"),
                            f"in force at the same time as {earlier.shown}",
                            witness=str(self.first_day(later_file)),
                            remedy=f"end the earlier one, or say supersedes = {earlier.head.get('document')!r}",
                        )
                        yield from notes.items

    def _overlap(self, earlier: TableFile, later_file: TableFile) -> bool:
        until = earlier.effective.until
        start = self.first_day(later_file) or date.min
        if isinstance(until, date) and until < start:
            return False
        return later_file.head.get("supersedes") != earlier.head.get("document") and (
            earlier.head.get("supersedes") != later_file.head.get("document")
        )


@frozen(eq=False)
class _View:
    """The book as one file sees it while it is built."""

    book: RuleBook
    file: TableFile

    @property
    def makers(self) -> Makers:
        return self.book.makers

    def document(self, number: str) -> Document | None:
        return self.book.document(number)

    def document_numbers(self) -> Sequence[str]:
        return self.book.document_numbers()

    def gate(self, id: str, place: str, on: date | None) -> Scheme | str:
        return self.book.gate(id, place, on or self.book.first_day(self.file))

    def series(self, place: str) -> Mapping[str, Series]:
        return self.book.series(place)


def _dated(scheme: Scheme, on: date | None, known_on: date | None, under: str) -> Scheme:
    if (scheme.on, scheme.known_on, scheme.under) == (on, known_on, under):
        return scheme
    return evolve(scheme, on=on, known_on=known_on, under=under)


def _joined(one: Series, other: Series) -> bool:
    return one.place in chain_of(other.place) or other.place in chain_of(one.place)


def _nearest_place(files: Iterable[TableFile], chain: Sequence[str]) -> str:
    return min((file.place for file in files), key=chain.index)


def _after_unseen_end(first: date, on: date) -> bool:
    try:
        return on > later(first, UNSEEN_END_MONTHS)
    except DateError:
        return False
