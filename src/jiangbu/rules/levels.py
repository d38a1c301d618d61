"""Levels: a tree of rows with one root. A scheme without ``[levels]`` has the root alone."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from jiangbu.rules.model import Level

ROOT = "case"
"""The name of the one level of a scheme that declares none."""

MOST_ROWS = 1_000_000
"""How many rows a level may have under one parent if the table does not say."""


@frozen
class Levels:
    """The declared levels by name, parents before children."""

    by_name: Mapping[str, Level] = field(factory=lambda: {ROOT: Level(ROOT)}, hash=False)

    @property
    def root(self) -> str:
        return next(name for name, level in self.by_name.items() if not level.of)

    @property
    def flat(self) -> bool:
        """Whether a case is one row."""
        return len(self.by_name) == 1

    def chain(self, level: str) -> tuple[str, ...]:
        """Return a level and those above it, from itself up to the root."""
        up = [level]
        while parent := self.by_name[up[-1]].of:
            up.append(parent)
        return tuple(up)

    def sees(self, level: str, other: str) -> bool:
        """Whether a row of ``level`` sees values of ``other``: its own row and those above."""
        return other in self.chain(level)

    def between(self, upper: str, lower: str) -> tuple[str, ...]:
        """Return the levels from just below ``upper`` down to ``lower`` (included)."""
        chain = self.chain(lower)
        return tuple(reversed(chain[: chain.index(upper)]))

    def below(self, level: str) -> tuple[str, ...]:
        """Return the levels directly below one."""
        return tuple(name for name, item in self.by_name.items() if item.of == level)

    def most_rows(self, upper: str, lower: str) -> int:
        """Return how many rows of ``lower`` one row of ``upper`` may have below it."""
        total = 1
        for name in self.between(upper, lower):
            total *= self.by_name[name].at_most or MOST_ROWS
        return total
