"""Series on 规则表: the days from which their values hold, and the day up to which they are known."""

from __future__ import annotations

from attrs import field, frozen

from jiangbu.desk.live.block import Block, Column
from jiangbu.desk.live.book import SOUND, RuleCells, address, reference, serial_of
from jiangbu.desk.live.pieces import Piece
from jiangbu.rules.series import Series
from jiangbu.rules.words.phrases import column_words


@frozen
class Dated:
    """A series as formulas see it: its days in order, its columns, the first and the last day that it knows."""

    check: Piece
    days: str
    serials: tuple[int, ...]
    first: Piece
    until: Piece
    columns: dict[str, Column] = field(hash=False)


def lay_out(book: RuleCells, series: Series) -> Dated:
    """Lay out one series."""
    pad = book.pad
    title = pad.row
    pad.put(0, series.title, style="head")
    pad.put(3, "已知至", style="head")
    last = serial_of(series.complete_until)
    known = pad.put(4, last, "date", "value")
    block = Block(book, title + 1, len(series.rows), len(series.rows), left=0)
    begins = block.head("起始日期")
    serials = [serial_of(day) for day in series.days]
    for at, serial in enumerate(serials):
        cell = pad.put(begins, serial, "date", "value", row=block.first + at)
        block.conditions[at].append(f"ISNUMBER({cell}),{cell}=INT({cell})")
        if at:
            block.conditions[at].append(f"{address(block.first + at - 1, begins)}<{cell}")
    block.conditions[-1].append(f"ISNUMBER({known}),{known}>={address(block.final, begins)}")
    columns = {name: block.column(column_words(series.gives, name, "zh"), kind, [row[name] for row in series.rows])
               for name, kind in series.gives.items()}  # fmt: skip
    test = block.checks()
    pad.row = title
    pad.put(1, "检查", style="head")
    pad.check(2, test)
    pad.row = block.final + 2
    return Dated(
        Piece(f'{reference(title, 2)}="{SOUND}"', "True"),
        block.outside(begins),
        tuple(serials),
        Piece(reference(block.first, begins), str(serials[0]), atom=True),
        Piece(reference(title, 4), str(last), atom=True),
        columns,
    )
