"""What the workbook reader keeps to itself: error cells, percent formats, hidden rows, extent, merged cells of ods.

python-calamine gives an error cell as an empty one, and no formats. An error must never be taken for a blank,
nor 4.35% under a head in percent for 0.0435%, so every workbook is looked through once more for just these.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from attrs import field, frozen

Position = tuple[int, int]
Block = tuple[Position, Position]
NOT_CALCULATED = "公式尚未计算"
MOST_ROWS = 200_000
MOST_CELLS = 6_000_000


@frozen
class Marks:
    """Of one sheet, with rows and columns from 0; ``extent`` says how many rows and columns its values reach over."""

    errors: dict[Position, str] = field(factory=dict)
    percents: set[Position] = field(factory=set)
    hidden_rows: set[int] = field(factory=set)
    merged: list[Block] = field(factory=list)
    extent: list[int] = field(factory=lambda: [0, 0])

    def reach(self, row: int, column: int) -> None:
        """Note that there is a value at this position."""
        self.extent[0] = max(self.extent[0], row + 1)
        self.extent[1] = max(self.extent[1], column + 1)

    @property
    def too_large(self) -> bool:
        """Whether the values reach over more than the desk reads."""
        rows, columns = self.extent
        return rows > MOST_ROWS or rows * columns > MOST_CELLS


Start = Callable[[str, dict[str, str]], None]


def is_percent(code: str) -> bool:
    """Whether a number format shows a percentage, literal text in it aside.

    >>> is_percent("0.00%"), is_percent('0.00"%"')
    (True, False)
    """
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def _nothing(_: str) -> None:
    return None


def walk(
    archive: zipfile.ZipFile,
    member: str,
    start: Start,
    data: Callable[[str], None] = _nothing,
    end: Callable[[str], None] = _nothing,
) -> None:
    if member not in archive.namelist():
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(_local(tag), attributes)
    parser.CharacterDataHandler = data
    parser.EndElementHandler = lambda tag: end(_local(tag))
    stream: IO[bytes]
    with archive.open(member) as stream:
        parser.ParseFile(stream)


def _local(tag: str) -> str:
    # Office writes its own tags without prefix, some tools with "x:"; ods tags keep theirs.
    return tag[2:] if tag.startswith("x:") else tag
