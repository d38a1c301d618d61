"""The series of a book: every file of each, what contradicts what, and the series that a place sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from attrs import define, field

from jiangbu.errors import Finding
from jiangbu.rules.files import Documents, TableFile
from jiangbu.rules.findings import Findings
from jiangbu.rules.places import chain_of
from jiangbu.rules.series import Series, contradictions, merge, name_of, read_series, unknown_days

_PLACE = re.compile(r"^(\d{6})(?:-|$)")


@define
class SeriesFiles:
    """The series that could be read, every finding, and the errors of each file by its place and its series' name."""

    sound: list[Series] = field(factory=list)
    findings: list[Finding] = field(factory=list)
    errors: dict[tuple[str, str], list[Finding]] = field(factory=dict)

    def seen_from(self, place: str) -> Mapping[str, Series]:
        """Return every series seen from a place, by the name that formulas use."""
        chain = _chain(place)
        by_id: dict[str, list[Series]] = {}
        for series in self.sound:
            if series.place in chain:
                by_id.setdefault(series.id, []).append(series)
        merged = {}
        for parts in by_id.values():
            parts.sort(key=lambda part: -chain.index(part.place))
            whole = merge(parts)
            merged[whole.name] = whole
        return merged

    def faults_from(self, place: str) -> Mapping[str, Sequence[Finding]]:
        """Return the errors of the files of each series that a place sees, by the name that formulas use."""
        chain = _chain(place)
        found: dict[str, list[Finding]] = {}
        for (stands, name), errors in self.errors.items():
            if stands in chain:
                found.setdefault(name, []).extend(errors)
        return found


def read_series_files(files: Iterable[TableFile], documents: Documents) -> SeriesFiles:
    """Read every series of a book; a file that contradicts those before it is left out."""
    found = SeriesFiles()
    for file in files:
        match = _PLACE.match(file.path.parent.name)
        place = match.group(1) if match else "000000"
        if file.kind == "broken":
            # It may be the series of that name; its own finding is told with the file.
            _blame(found, place, file.path.stem.split("@")[0], file.findings.items)
        if file.kind != "series" or file.data is None:
            continue
        notes = Findings(file.shown, file.text)
        series = read_series(file.data, place, file.text, notes)
        if series is not None:
            _hold_beside(series, found.sound, documents, notes)
        if series is not None and not notes.errors:
            found.sound.append(series)
        head = file.data.get("series")
        raw = head if isinstance(head, dict) else {}
        stands, id = raw.get("place"), raw.get("id")
        _blame(
            found,
            stands if isinstance(stands, str) and stands else place,
            id if isinstance(id, str) and id else file.path.stem,
            [item for item in notes.items if item.severity == "error"],
        )
        found.findings += notes.items
    return found


def _blame(found: SeriesFiles, place: str, id: str, errors: Sequence[Finding]) -> None:
    if errors:
        found.errors.setdefault((place, name_of(id)), []).extend(errors)


def _hold_beside(series: Series, before: Sequence[Series], documents: Documents, notes: Findings) -> None:
    """Hold a series to its document, and to the files of the same series that a place may see with it."""
    unknown = series.document and series.document not in documents.by_number
    if unknown and not documents.faults(series.document):
        notes.add("document", ("series", "document"), f"{series.document!r} does not stand in documents.toml")
    beside = [other for other in before if other.id == series.id and _joined(other, series)]
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


def _chain(place: str) -> tuple[str, ...]:
    return chain_of(place) if place != "unknown" else ("000000",)


def _joined(one: Series, other: Series) -> bool:
    return one.place in chain_of(other.place) or other.place in chain_of(one.place)
