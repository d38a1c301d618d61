"""The rule book: folders of tables, and the search for the rule of a place and a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from jiangbu.errors import Ambiguous, Finding, NotInForce, TableError, UnknownScheme
from jiangbu.rules.build import Built, build
from jiangbu.rules.check import check_book
from jiangbu.rules.files import (
    DOCUMENTS,
    Documents,
    TableFile,
    documents_of,
    hold_successors,
    read_documents,
    read_file,
    shipped_tables,
    table_paths,
)
from jiangbu.rules.findings import Findings
from jiangbu.rules.made import Maker, Makers
from jiangbu.rules.model import Document, Effective
from jiangbu.rules.picking import first_day, named, overlaps, pick
from jiangbu.rules.places import chain_of
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.series import Series
from jiangbu.rules.series_files import SeriesFiles, read_series_files


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


@frozen(eq=False, slots=False)
class RuleBook:
    """Tables of one or more folders, found by id, place and day. Nothing is built before it is asked for."""

    roots: tuple[Path, ...]
    makers: Makers = field(factory=Makers, repr=False)
    _built: dict[tuple[Path, date | None, date | None, str], Built] = field(factory=dict, repr=False, init=False)

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
    def _documents(self) -> Documents:
        found = Documents()
        for root in self.roots:
            path = documents_of(root)
            if path is not None:
                read_documents(read_file(path, path.parent), found)
        hold_successors(found)
        return found

    @property
    def documents(self) -> Mapping[str, Document]:
        """Every document that ``documents.toml`` of any folder names, by number."""
        return self._documents.by_number

    # What a table is built from (the protocol Surroundings of parts/state.py)

    def document(self, number: str) -> Document | None:
        """Return the document of that number, if any folder names it."""
        return self.documents.get(number)

    def document_numbers(self) -> Sequence[str]:
        """Return the numbers of all documents."""
        return list(self.documents)

    def document_faults(self, number: str) -> Sequence[Finding]:
        """Return the faults of ``documents.toml`` because of which a document is not there."""
        return self._documents.faults(number)

    def gate(self, id: str, place: str, on: date | None, known_on: date | None = None, under: str = "") -> Scheme | str:
        """Return the gate of that id from a place upward, in force that day, or why there is none.

        ``under`` may name documents of the scheme alone: it counts for the gate where it names one of the gate's.
        """
        try:
            file = self._pick(id, None if place == "unknown" else place, on, known_on, self._of_gate(id, under))
        except (UnknownScheme, Ambiguous, NotInForce) as error:
            return f"the gate {id!r} cannot be had: {error}"
        if file.head.get("gate"):
            return f"the gate {id!r} stands behind a gate itself; a gate has none ({file.shown})"
        built = self.build(file, on)
        if built.scheme is None:
            return f"the gate {id!r} is broken itself ({file.shown})"
        return built.scheme

    def _of_gate(self, id: str, under: str) -> str:
        if not under:
            return ""
        rulings = {file.head.get("document") for file in self.files if file.kind == "scheme" and file.id == id}
        return "、".join(number for number in named(under) if number in rulings)

    @cached_property
    def _series(self) -> SeriesFiles:
        return read_series_files(self.files, self._documents)

    def series(self, place: str) -> Mapping[str, Series]:
        """Return every series seen from a place, by the name that formulas use."""
        return self._series.seen_from(place)

    def series_faults(self, place: str) -> Mapping[str, Sequence[Finding]]:
        """Return what is wrong with series that are seen from a place, by the name that formulas use."""
        return self._series.faults_from(place)

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

    def titles(self, place: str) -> Mapping[str, str]:
        """Return the title of every scheme by its id; where several places share an id, of the nearest upward."""
        near = chain_of(place)
        far = sorted(self.entries(), key=lambda entry: -near.index(entry.place) if entry.place in near else -len(near))
        return {entry.id: entry.title for entry in far}

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
        :param under: the number of the document that the caller names; a gate's of another document after ``、``.
        :raises UnknownScheme: with the nearest ids. :raises Ambiguous: with the candidates.
        :raises NotInForce: if there is such a rule, but not for that day.
        :raises TableError: with every finding, if the table is broken.
        """
        file = self._pick(id, place, on, known_on, under or "")
        built = self.build(file, on, known_on, under or "")
        if built.scheme is None:
            raise TableError(item for item in built.findings.items if item.severity == "error")
        return _dated(built.scheme, on, known_on, under or "")

    def dated(self, file: TableFile, on: date | None) -> Scheme | None:
        """Return the scheme of one file as of a day, under its own document; None if it is broken."""
        built = self.build(file, on, None, str(file.head.get("document", "")))
        return None if built.scheme is None else self.on_day(built.scheme, file, on)

    def on_day(self, scheme: Scheme, file: TableFile, on: date | None) -> Scheme:
        """Return a scheme as of a day, under its own document."""
        return _dated(scheme, on, None, str(file.head.get("document", "")))

    def view(self, file: TableFile) -> _View:
        """Return the book as one of its files sees it while it is built."""
        return _View(self, file)

    def build(self, file: TableFile, on: date | None, known_on: date | None = None, under: str = "") -> Built:
        gate = file.head.get("gate")
        key = (
            (file.path, on, known_on, self._of_gate(gate, under))
            if isinstance(gate, str)
            else (file.path, None, None, "")
        )
        if key not in self._built:
            notes = Findings(file.shown, file.text)
            notes.items += file.findings.items
            if file.data is None:
                self._built[key] = Built(None, notes)
            else:
                self._built[key] = build(file.data, file.text, notes, _View(self, file, known_on, under), on)
        return self._built[key]

    def _pick(self, id: str, place: str | None, on: date | None, known_on: date | None, under: str) -> TableFile:
        return pick(self.files, self.documents, id, place, on, known_on, under)

    def first_day(self, file: TableFile) -> date | None:
        """Return the first day on which a file's rule is in force; None if no source shows it."""
        return first_day(file, self.documents)

    # Checking

    def check(self, second_opinion: Any = None, differences: Any = None) -> tuple[Finding, ...]:
        """Return the findings of all tables of the book.

        :param second_opinion: a second interpreter that every case is also put to, with what compares the two.
        """
        return check_book(self, self.files, second_opinion=second_opinion, differences=differences)

    def general_findings(self) -> tuple[Finding, ...]:
        """Return the findings of documents, series and overlapping versions."""
        return (*self._documents.findings, *self._series.findings, *overlaps(self.files, self.documents))


@frozen(eq=False)
class _View:
    """The book as one file sees it while it is built."""

    book: RuleBook
    file: TableFile
    known_on: date | None = None
    under: str = ""

    @property
    def makers(self) -> Makers:
        return self.book.makers

    def document(self, number: str) -> Document | None:
        return self.book.document(number)

    def document_numbers(self) -> Sequence[str]:
        return self.book.document_numbers()

    def gate(self, id: str, place: str, on: date | None) -> Scheme | str:
        return self.book.gate(id, place, on or self.book.first_day(self.file), self.known_on, self.under)

    def series(self, place: str) -> Mapping[str, Series]:
        return self.book.series(place)

    def series_faults(self, place: str) -> Mapping[str, Sequence[Finding]]:
        return self.book.series_faults(place)

    def document_faults(self, number: str) -> Sequence[Finding]:
        return self.book.document_faults(number)


def _dated(scheme: Scheme, on: date | None, known_on: date | None, under: str) -> Scheme:
    if (scheme.on, scheme.known_on, scheme.under) == (on, known_on, under):
        return scheme
    return evolve(scheme, on=on, known_on=known_on, under=under)
