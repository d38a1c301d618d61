"""A rule that breaks its own worked example must not pay: its cases are run before any application is."""

from __future__ import annotations

from functools import partial

from jiangbu.desk.lookup import broken
from jiangbu.errors import TableError
from jiangbu.rules.book import RuleBook
from jiangbu.rules.check.cases import hold_cases
from jiangbu.rules.findings import Findings
from jiangbu.rules.scheme import Scheme


def prove(book: RuleBook, scheme: Scheme) -> None:
    """Run the worked cases of a scheme and of its gate; raises :class:`DeskError` with each that does not hold."""
    for one in (scheme, scheme.gate) if scheme.gate is not None else (scheme,):
        file = next(file for file in book.files if file.shown == one.path)
        findings = Findings(file.shown, file.text)
        hold_cases(partial(book.dated, file), book.first_day(file), findings, None, None)
        errors = [item for item in findings.items if item.severity == "error"]
        if errors:
            raise broken(f"办法 {one.id}", TableError(errors))
