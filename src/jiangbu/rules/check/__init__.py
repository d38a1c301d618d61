"""The checker: everything that can be known of a table before any money is paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from jiangbu.errors import Finding
from jiangbu.rules.check.cases import Differences, Ran, SecondOpinion, hold_cases, missing_cases
from jiangbu.rules.check.changes import changes
from jiangbu.rules.check.promises import Kept, search
from jiangbu.rules.check.trials import Dice, Trial, candidates, random_trial, replace, run, typical
from jiangbu.rules.findings import Findings, did_you_mean
from jiangbu.rules.scheme import Scheme

if TYPE_CHECKING:
    from jiangbu.rules.book import RuleBook
    from jiangbu.rules.files import TableFile

MOST_EDGES = 400
RANDOM_TRIALS = 25
SEED = 20230509


@frozen
class Report:
    """What the checker found: findings, and for each scheme how many cases ran and what became of its promises."""

    findings: tuple[Finding, ...]
    schemes: tuple[Checked, ...]


@frozen
class Checked:
    """One scheme as checked: worked cases, made cases, promises with the number of points tried."""

    id: str
    file: str
    worked: int
    made: int
    promises: tuple[Kept, ...]


def check_book(
    book: RuleBook,
    files: Iterable[TableFile],
    *,
    second_opinion: SecondOpinion | None = None,
    differences: Differences | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of some files of a book, and of what they share: documents, series, overlapping versions."""
    return report(book, files, second_opinion=second_opinion, differences=differences).findings


def check_path(
    book: RuleBook,
    path: Path,
    *,
    second_opinion: SecondOpinion | None = None,
    differences: Differences | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of one file or folder of a book."""
    return report(book, files_at(book, path), second_opinion=second_opinion, differences=differences).findings


def files_at(book: RuleBook, path: Path) -> list[TableFile]:
    """Return the files of a book that lie at or below a path."""
    whole = path.resolve()
    return [file for file in book.files if whole in (file.path.resolve(), *file.path.resolve().parents)]


def report(
    book: RuleBook,
    files: Iterable[TableFile],
    *,
    second_opinion: SecondOpinion | None = None,
    differences: Differences | None = None,
) -> Report:
    """Check files and report all of it."""
    chosen = list(files)
    shown = {file.shown for file in chosen}
    findings = [item for item in book.general_findings() if item.file in shown or item.file.endswith("documents.toml")]
    schemes = []
    for file in chosen:
        if file.kind == "series":
            continue
        found, checked = check_file(book, file, second_opinion, differences)
        findings += found
        if checked is not None:
            schemes.append(checked)
    ordered = sorted(findings, key=lambda item: (item.file, item.line, item.code, item.where))
    return Report(tuple(dict.fromkeys(ordered)), tuple(schemes))


def check_file(
    book: RuleBook,
    file: TableFile,
    second_opinion: SecondOpinion | None = None,
    differences: Differences | None = None,
) -> tuple[list[Finding], Checked | None]:
    """Check one scheme file: structure and kinds first; if it can be built, its cases, edges and promises."""
    first = book.first_day(file)
    built = book.build(file, first)
    findings = Findings(file.shown, file.text)
    findings.items += built.findings.items
    if built.scheme is None:
        return findings.items, None

    def scheme_on(day: date | None) -> Scheme | None:
        return book.dated(file, day)

    hold_exclusive(built.scheme, [other.id for other in book.files if other.kind == "scheme"], findings)
    ran = hold_cases(scheme_on, first, findings, second_opinion, differences)
    missing_cases(built.scheme, ran, findings)
    scheme = scheme_on(first or next((item.scheme.on for item in ran), None) or date(2000, 1, 1)) or built.scheme
    starts = typical(scheme, [item.result for item in ran])
    made = try_edges(scheme, starts, findings, second_opinion, differences)
    kept = hold_promises(scheme, starts, findings)
    known_changes(built.scheme, findings)
    return findings.items, Checked(scheme.id, file.shown, len(ran), made, kept)


def hold_exclusive(scheme: Scheme, ids: Sequence[str], findings: Findings) -> None:
    """Warn of schemes that exclude this one and that no table of the book has: a slip of the id would let both pay."""
    for at, item in enumerate(scheme.exclusive):
        for place, id in enumerate(item.with_):
            if id not in ids:
                findings.add(
                    "unknown-name",
                    ("exclusive", at, "with", place),
                    f"no table has the id {id!r}",
                    severity="warning",
                    remedy=did_you_mean(id, ids) or "load the folder of that table as well, with --tables",
                )


def hold_promises(scheme: Scheme, starts: Sequence[Trial], findings: Findings) -> tuple[Kept, ...]:
    """Search every promise of a scheme for a counter-example."""
    kept = []
    for at, promise in enumerate(scheme.promises):
        found = search(scheme, promise, starts)
        kept.append(found)
        if found.counter:
            findings.add(
                "promise",
                ("promises", at),
                f"{promise.kind} {promise.what}: broken",
                witness=found.counter,
                remedy="mend the rule, or take the promise back and say so in a reading",
            )
    return tuple(kept)


def known_changes(scheme: Scheme, findings: Findings) -> None:
    """Report harmless changes that ``--mutate`` does not make; whether one is harmless, only ``--mutate`` can say."""
    names = [change.name for change in changes(scheme)] if scheme.harmless else []
    for at, item in enumerate(scheme.harmless):
        if item.change not in names:
            findings.add(
                "unknown-name",
                ("harmless", at, "change"),
                f"no such change is made: {item.change}",
                remedy=did_you_mean(item.change, names) or "name it as --mutate prints it",
            )


def try_edges(
    scheme: Scheme,
    starts: Sequence[Trial],
    findings: Findings,
    second_opinion: SecondOpinion | None,
    differences: Differences | None,
) -> int:
    """Run cases at every boundary, one unit below and one above; report sums that do not hold and disagreements."""
    made = 0
    for trial in edges(scheme, starts):
        made += 1
        result = run(scheme, trial)
        facts = trial.facts(scheme)
        for problem in result.problems:
            if problem.code == "parts":
                findings.add("parts", ("scheme", "parts"), str(problem), witness=str(facts))
                return made
        if second_opinion is not None and differences is not None:
            found = list(differences(second_opinion(scheme, facts), result))
            if found:
                findings.add("case", ("scheme",), f"the second opinion disagrees: {found[0]}", witness=str(facts))
                return made
    return made


def edges(scheme: Scheme, starts: Sequence[Trial]) -> Iterable[Trial]:
    """Yield trials that stand at every boundary of every fact, beside it, and some at random."""
    values, dice = candidates(scheme), Dice(SEED)
    bases = list(starts[:2]) or [random_trial(scheme, values, dice)]
    made = 0
    for base in bases:
        for name, fact in scheme.facts.items():
            levels = scheme.tree.between(scheme.tree.root, fact.level) if fact.level != scheme.tree.root else ()
            if not _stands(base, levels):
                continue
            for value in values[name]:

                def change(old: Trial, name: str = name, value: object = value) -> Trial:
                    return Trial({**old.cells, name: value}, old.rows)  # type: ignore[dict-item]

                yield replace(base, levels, (0,) * len(levels), change)
                made += 1
                if made >= MOST_EDGES:
                    return
    for _ in range(RANDOM_TRIALS):
        yield random_trial(scheme, values, dice)


def _stands(trial: Trial, levels: Sequence[str]) -> bool:
    for level in levels:
        rows = trial.rows.get(level, ())
        if not rows:
            return False
        trial = rows[0]
    return True


__all__ = ["Checked", "Ran", "Report", "check_book", "check_file", "check_path", "report"]
