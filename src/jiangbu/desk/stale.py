"""Words of a row that the program wrote: they show only as long as the row came to what they speak of.

A spreadsheet cannot write a reason. Told to recalculate after somebody changed a fact, it must not go on showing one.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from jiangbu.desk.decision import Decision
from jiangbu.desk.layout import Column, Layout
from jiangbu.desk.problems import column_letters

STALE = "结论已随改动变化，此处文字须由程序重新生成"
LONGEST_TEXT = 240
"""A text in a formula may have 255 characters, a quotation mark counting two."""

KEYS = ("reason", "remarks")


@frozen
class Stale:
    """Where on a sheet the outcome and the conditions stand, by their columns."""

    outcome: str
    conditions: tuple[tuple[str, Column], ...]

    @classmethod
    def of(cls, table: Layout) -> Stale:
        """Find them in a layout."""
        letters = [column_letters(at) for at in range(len(table.columns))]
        tests = tuple((letters[at], one) for at, one in enumerate(table.columns) if one.section == "condition")
        return cls(letters[table.index("outcome")], tests)

    def formula(self, text: str, number: int, row: int, decision: Decision) -> str:
        """The formula that shows a text of the row that comes as ``number`` and stands in row ``row`` (from 1)."""
        tests = [f'${self.outcome}{row}="{decision.label}"']
        for letters, column in self.conditions:
            # A condition that a hole leaves open counts as met with us and shows a dash when it is recalculated.
            tests.append(f'${letters}{row}{"=" if column.value(number, decision) is False else "<>"}"否"')
        return f'IF(AND({",".join(tests)}),{quoted(text)},"{STALE}")'


def quoted(text: str) -> str:
    """A text as formulas write it, in parts that are short enough.

    >>> quoted('称"大户"的')
    '"称""大户""的"'
    """
    parts: Sequence[str] = [text[at : at + LONGEST_TEXT // 2] for at in range(0, len(text), LONGEST_TEXT // 2)]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)
