"""Files of a tables folder: schemes, series and documents as read, before anything is built from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TypeGuard

from attrs import define, field, frozen

from jiangbu.errors import Finding
from jiangbu.rules.findings import Findings, did_you_mean
from jiangbu.rules.model import Document, Effective
from jiangbu.rules.raw import FORMAT, MOST_BYTES, RawDocument
from jiangbu.rules.structure import structure
from jiangbu.rules.toml_text import read_toml

DOCUMENTS = "documents.toml"


@frozen(eq=False, slots=False)
class TableFile:
    """One file of a tables folder: its text, what TOML made of it, and whether it is a scheme or a series."""

    path: Path
    shown: str
    text: str
    data: Mapping[str, Any] | None = field(repr=False)
    findings: Findings = field(repr=False)

    @property
    def kind(self) -> Literal["scheme", "series", "broken"]:
        if self.data is None:
            return "broken"
        return "series" if "series" in self.data and "scheme" not in self.data else "scheme"

    @property
    def head(self) -> Mapping[str, Any]:
        """The section [scheme] as far as it is one."""
        head = (self.data or {}).get("scheme")
        return head if isinstance(head, dict) else {}

    @property
    def id(self) -> str:
        return str(self.head.get("id", ""))

    @property
    def place(self) -> str:
        return str(self.head.get("place", ""))

    @property
    def effective(self) -> Effective:
        raw = self.head.get("effective")
        given = raw if isinstance(raw, dict) else {}
        start, until = given.get("from"), given.get("until")
        return Effective(start if _is_day(start) else "unseen", until if _is_day(until) or until == "unseen" else None)


def shipped_tables() -> Path:
    """Return the folder of the tables that ship: inside the wheel, or at the top of the repository."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_tables"
    return inside if inside.is_dir() else package.parent.parent / "tables"


def _is_day(value: Any) -> TypeGuard[date]:
    """Whether a value is a day without a time; what is none is reported when the table is built."""
    return isinstance(value, date) and not isinstance(value, datetime)


def documents_of(root: Path) -> Path | None:
    """Return the documents of a tables folder; where one place or one file of it was named, those above it."""
    start = root.resolve()
    for folder in (start, *start.parents)[:3]:
        if (folder / DOCUMENTS).is_file():
            return folder / DOCUMENTS
    return None


def table_paths(root: Path) -> list[Path]:
    return [root] if root.is_file() else sorted(path for path in root.rglob("*.toml") if path.is_file())


def read_file(path: Path, root: Path) -> TableFile:
    shown = path.name if root.is_file() else path.relative_to(root).as_posix()
    raw = path.read_bytes() if path.stat().st_size <= 2 * MOST_BYTES else b" " * (2 * MOST_BYTES)
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        notes = Findings(shown, "")
        line = raw[: error.start].count(b"\n") + 1
        notes.at(line, "toml", "the file is not UTF-8", remedy="save it as UTF-8 (in Notepad: 另存为, 编码 UTF-8)")
        return TableFile(path, shown, "", None, notes)
    notes = Findings(shown, text)
    return TableFile(path, shown, text, read_toml(text, notes), notes)


@define
class Documents:
    """The documents of all folders by number, every finding, and by number the faults that may hide one.

    Faults under the empty number may hide any document: the number itself, or the whole file, could not be read.
    """

    by_number: dict[str, Document] = field(factory=dict)
    findings: list[Finding] = field(factory=list)
    successors: list[tuple[Findings, int, str]] = field(factory=list)
    hiding: dict[str, list[Finding]] = field(factory=dict)

    def hide(self, number: str, faults: Sequence[Finding]) -> None:
        """Remember faults because of which the document of a number may not be there."""
        self.hiding.setdefault(number, []).extend(faults)

    def faults(self, number: str) -> Sequence[Finding]:
        """Return the faults because of which a document is not there."""
        return self.hiding.get(number) or self.hiding.get("") or ()


def read_documents(file: TableFile, documents: Documents) -> None:
    """Read one ``documents.toml`` into what is known of documents so far."""
    notes = Findings(file.shown, file.text)
    notes.items += file.findings.items
    data = file.data or {}
    for key in sorted(set(data) - {"format", "documents"}):
        notes.add("unknown-key", [key], f"unknown key {key!r}", remedy=did_you_mean(key, ["format", "documents"]))
    items = data.get("documents", [])
    if not isinstance(items, list):
        notes.add("bad-value", ["documents"], "expected [[documents]]")
        items = []
    documents.hide("", notes.items)
    if file.data is not None and data.get("format") != FORMAT:
        notes.add("bad-value" if "format" in data else "missing-key", ["format"], f"format = {FORMAT} is expected")
    for at, item in enumerate(items):
        before = len(notes.items)
        raw = structure(item, RawDocument, ("documents", at), notes)
        if raw is None:
            number = item.get("number") if isinstance(item, dict) else None
            documents.hide(number if isinstance(number, str) else "", notes.items[before:])
        else:
            _take_document(raw, items[:at], ("documents", at), file, documents.by_number, notes)
            if raw.superseded_by:
                documents.successors.append((Findings(file.shown, file.text), at, raw.superseded_by))
    documents.findings += notes.items


def hold_successors(documents: Documents) -> None:
    """Hold what supersedes a document to be a document itself, of any folder; asked when all are read."""
    for notes, at, number in documents.successors:
        if number not in documents.by_number and not documents.faults(number):
            notes.add(
                "document",
                ("documents", at, "superseded_by"),
                f"{number!r} does not stand in documents.toml",
                remedy=did_you_mean(number, documents.by_number) or "add [[documents]]",
            )
            documents.findings += notes.items[-1:]


def _take_document(
    raw: RawDocument,
    before: Sequence[Any],
    path: tuple[str, int],
    file: TableFile,
    found: dict[str, Document],
    notes: Findings,
) -> None:
    """Take one entry, which may not contradict or repeat those before it."""
    document = Document(
        raw.number,
        raw.title,
        raw.issuer,
        raw.issued,
        raw.place,
        raw.known,
        raw.url,
        raw.sha256,
        raw.superseded_by,
        raw.note,
    )
    if found.get(raw.number, document) != document:
        notes.add("document", path, f"{raw.number!r} is described otherwise before", remedy="keep one")
    elif raw.number in found and file.shown == DOCUMENTS and _again(before, raw.number):
        notes.add("duplicate-name", path, f"{raw.number!r} stands twice", remedy="keep one")
    found.setdefault(raw.number, document)


def _again(items: Sequence[Any], number: str) -> bool:
    return any(isinstance(item, dict) and item.get("number") == number for item in items)
