"""In which rows of which sheets the formulas of a row find the rows above and below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from jiangbu.desk.arranged import Arranged, spans
from jiangbu.desk.layout import Layout
from jiangbu.rules.scheme import Scheme


@frozen
class RowNumbers:
    """The rows of all sheets, where they stand, and for each row the block of rows of each finer level below it."""

    scheme: Scheme
    arranged: Mapping[str, Arranged]
    tables: Mapping[str, Layout]
    blocks: Mapping[tuple[str, str], Sequence[tuple[int, int]]]

    @classmethod
    def of(cls, scheme: Scheme, arranged: Mapping[str, Arranged], tables: Mapping[str, Layout]) -> RowNumbers:
        """Find the block of rows below each row."""
        tree = scheme.tree
        pairs = [(lower, upper) for lower in tree.by_name for upper in tree.chain(lower)[1:]]
        blocks = {(lower, upper): spans(arranged, scheme, upper, lower) for lower, upper in pairs}
        return cls(scheme, arranged, tables, blocks)

    def holder(self, upper: str, lower: str, at: int) -> int:
        """The place of the row of level ``upper`` in which a row of ``lower`` stands; −1 where it stands in none."""
        while lower != upper and at >= 0:
            at, lower = self.arranged[lower].above[at], self.scheme.tree.by_name[lower].of
        return at

    def env(self, level: str, at: int) -> dict[str, str]:
        """The numbers of rows, from 1, by level; of the block below a row its first and last."""
        found, here, name = {}, at, level
        while here >= 0 and name:
            found[name] = str(self.tables[name].row(here) + 1)
            for (lower, upper), blocks in self.blocks.items():
                if upper == name:
                    first, last = blocks[here]
                    if last < 0:
                        # The row after the last one has no helper values: a block of nothing.
                        first = last = len(self.arranged[lower].decisions)
                    found[f"{lower}|{upper}<"] = str(self.tables[lower].row(first) + 1)
                    found[f"{lower}|{upper}>"] = str(self.tables[lower].row(last) + 1)
            here, name = self.arranged[name].above[here], self.scheme.tree.by_name[name].of
        return found
