"""Lookup tables on 规则表: edges with the words that include or exclude them, values, and what must hold of both."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from attrs import evolve, field, frozen

from jiangbu.desk.live.block import Block, Column
from jiangbu.desk.live.book import FAR, SOUND, RuleCells, address, reference
from jiangbu.desk.live.pieces import Piece
from jiangbu.desk.live.twins import DAY_ZERO
from jiangbu.rules.formula import TableInfo
from jiangbu.rules.kinds import decimals_of
from jiangbu.rules.model import Edge, Row
from jiangbu.rules.words.headings import clause_text
from jiangbu.rules.words.phrases import column_words

ABOVE, BEYOND, BELOW, UNDER = "以上", "超过", "以下", "不满"
"""At least, more than, at most, less than: the first and third include their number."""


@frozen
class Edges:
    """A numeric input of a table: its edges as whole numbers over ``den``, in four helper columns.

    ``low`` and ``low_side`` (1: beyond the number) begin a row, ``high`` and ``high_side`` (1: with the number) end
    it. ``bands`` are the helper columns from where to where a progressive sum counts each row.
    """

    den: int
    low: str
    low_side: str
    high: str
    high_side: str
    codes: tuple[tuple[int, int, int, int], ...]
    beside: tuple[int, ...]
    start: str = ""
    end: str = ""
    bands: tuple[tuple[int, int], ...] = ()
    base: int = 0
    counts: bool = False


@frozen
class Texts:
    """An input that is a choice or a flag: the column of its labels, blank where a row takes any."""

    column: str
    values: tuple[str, ...]


@frozen
class Tiers:
    """A lookup table as formulas see it; ``otherwise`` is the number of the row for all other cases, or 0."""

    check: Piece
    count: int
    numbers: str
    inputs: tuple[Edges | Texts, ...]
    columns: dict[str, Column] = field(hash=False)
    otherwise: int
    holes: bool


def lay_out(book: RuleCells, info: TableInfo, marginal: int, counts: bool) -> Tiers:
    """Lay out one table; ``marginal`` is the input along which a formula sums progressively, or −1.

    :param counts: whether such a sum counts whole units.
    """
    pad, table = book.pad, info.table
    title = pad.row
    clause = clause_text(table.clause)
    pad.put(0, table.label + (f"（{clause}）" if clause else ""), style="head")
    otherwise = len(table.rows) if table.rows[-1].otherwise else 0
    count = len(table.rows) - bool(otherwise)
    block = Block(book, title + 1, len(table.rows), count)
    pad.put(0, "档次", style="head", row=block.head_row)
    for at in range(len(table.rows)):
        shown = "其余情形" if at + 1 == otherwise else at + 1
        pad.put(0, shown, "number:0", "number", row=block.first + at)
        pad.put(pad.helpers, at + 1, "number:0", "helper", row=block.first + at)
    overlaps: list[list[str]] = [[] for _ in range(count)]
    inputs: list[Edges | Texts] = []
    for at, axis in enumerate(info.axes):
        made = _texts(block, info, at, overlaps) if axis.options else _edges(block, info, at, overlaps)
        if at == marginal and isinstance(made, Edges):
            made = _bands(block, info, at, made, counts)
        inputs.append(made)
    columns = {name: block.column(column_words(table.gives, name, "zh"), kind, [row.values[name] for row in table.rows])
               for name, kind in table.gives.items()}  # fmt: skip
    _notes(block, table.rows)
    for number, tests in enumerate(overlaps):
        block.conditions[number].append(f"SUMPRODUCT({'*'.join(tests)}*1)=1")
    test = block.checks()
    if not otherwise and not table.holes:
        test = f"AND({test}{_coverage(info, inputs)})"
    pad.row = title
    pad.put(1, "检查", style="head")
    pad.check(2, test)
    check = Piece(f'{reference(title, 2)}="{SOUND}"', "True")
    pad.row = block.final + 2
    return Tiers(check, count, block.outside(pad.helpers), tuple(inputs), columns, otherwise, table.holes)


def _label(book: RuleCells, name: str) -> str:
    scheme = book.scheme
    part = scheme.facts.get(name) or scheme.constants.get(name) or scheme.lines.get(name)
    return part.label if part is not None else name


def _ranged(info: TableInfo) -> list[Row]:
    return [row for row in info.table.rows if not row.otherwise]


def _texts(block: Block, info: TableInfo, at: int, overlaps: Sequence[list[str]]) -> Texts:
    name = info.table.inputs[at]
    column = block.head(_label(block.book, name))
    options = [block.option(value) for value in info.axes[at].options]
    values, span = [], block.range(column)
    for number, row in enumerate(_ranged(info)):
        edges = row.edges.get(name, ())
        value = block.option(edges[0].value) if edges else ""
        values.append(value)
        cell = block.pad.put(column, value or None, "text", "value", row=block.first + number)
        allowed = ",".join(f'{cell}="{option}"' for option in options)
        block.conditions[number].append(f'OR({cell}="",{allowed})')
        overlaps[number].append(f'((({span}={cell})+({span}="")+({cell}=""))>0)')
    return Texts(block.outside(column), tuple(values))


@frozen
class _Side:
    """One side of a row: how its words exclude and include the edge, and where it ends without one."""

    words: tuple[str, str]
    beyond: str
    far: int


_LOW, _HIGH = _Side((ABOVE, BEYOND), BEYOND, -FAR), _Side((BELOW, UNDER), BELOW, FAR)


def _edges(block: Block, info: TableInfo, at: int, overlaps: Sequence[list[str]]) -> Edges:
    name, symbol = info.table.inputs[at], info.inputs[at]
    assert symbol.type is not None
    kind = symbol.type.kind
    label = _label(block.book, name)
    columns = [(block.head(f"{label}\n下限"), block.head("界限")), (block.head("上限"), block.head("界限"))]
    beside = [block.beside() for _ in range(4)]
    den = _den(info, at, kind)
    codes = []
    for number, row in enumerate(_ranged(info)):
        place, code = block.first + number, list[int]()
        for side, edge, pair in zip((_LOW, _HIGH), _ends(row.edges.get(name, ())), columns, strict=True):
            code += _edge(block, number, side, edge, pair, (beside[len(code)], beside[len(code) + 1]), den, kind)
        codes.append((code[0], code[1], code[2], code[3]))
        a, b, c, d = (address(place, column) for column in beside)
        block.conditions[number].append(f"2*{a}+{b}<2*{c}+{d}")
        low, low_side, high, high_side = (block.range(column) for column in beside)
        overlaps[number].append(f"(2*{low}+{low_side}<2*{c}+{d})*(2*{high}+{high_side}>2*{a}+{b})")
    words = [block.outside(column) for column in beside]
    return Edges(den, words[0], words[1], words[2], words[3], tuple(codes), tuple(beside))


def _edge(
    block: Block, number: int, side: _Side, edge: Edge | None, columns: tuple[int, int], beside: tuple[int, int],
    den: int, kind: str,
) -> tuple[int, int]:  # fmt: skip
    """Write one edge of one row: its number, its word, and both as whole numbers beside."""
    pad, place = block.pad, block.first + number
    cell = pad.put(columns[0], _shown(edge, kind), _form(kind, den), "value", row=place)
    said = pad.put(columns[1], _word(edge), "text", "word", row=place)
    value = side.far if edge is None else int(_number(edge, kind) * den)
    times = f"*{den}" if den != 1 else ""
    far = "-1E+16" if side.far < 0 else "1E+16"
    one = pad.put(beside[0], value, "number:0", "helper", row=place,
                  formula=f'=IF({cell}="",{far},INT({cell}{times}+0.5))')  # fmt: skip
    open_ = int(_word(edge) == side.beyond)
    pad.put(beside[1], open_, "number:0", "helper", row=place, formula=f'=IF({said}="{side.beyond}",1,0)')
    word = f'OR({said}="{side.words[0]}",{said}="{side.words[1]}")'
    good = f"AND(ISNUMBER({cell}),ABS({cell}{times}-{one})<0.05,ABS({one})<1E+14,{word})"
    block.conditions[number].append(f'OR({cell}="",{good})')
    return value, open_


def _den(info: TableInfo, at: int, kind: str) -> int:
    """The denominator on which every edge of an input, its own bounds and its grid stand."""
    axis, name = info.axes[at], info.table.inputs[at]
    values = [edge.value for row in info.table.rows for edge in row.edges.get(name, ())]
    if axis.bounds is not None:
        values += [axis.bounds.low, axis.bounds.high]
    den = lcm(axis.den or 1, *(value.denominator for value in values if isinstance(value, Fraction)))
    return lcm(den, 100) if kind == "money" else den


def _bands(block: Block, info: TableInfo, at: int, edges: Edges, counts: bool) -> Edges:
    """Add from where to where each row counts in a progressive sum: lengths, or whole units."""
    start, end = block.beside(), block.beside()
    bounds = info.measured(info.cells, at)[at].bounds
    assert bounds is not None
    den = edges.den
    if counts:
        first, last = bounds.grid(1)
        least, most = max(first, 1) - 1, last
    else:
        least, most = max(int(bounds.low * den), 0), int(bounds.high * den)
    bands = []
    for number, (low, low_side, high, high_side) in enumerate(edges.codes):
        place = block.first + number
        a, b, c, d = (address(place, column) for column in edges.beside)
        if counts:
            begins, ends = (f"INT((2*{x}+{y}+{2 * den - 1})/{2 * den})-1" for x, y in ((a, b), (c, d)))
            low, high = (-(-(2 * x + y) // (2 * den)) - 1 for x, y in ((low, low_side), (high, high_side)))
        else:
            begins, ends = a, c
        band = max(low, least), min(high, most)
        block.pad.put(start, band[0], "number:0", "helper", row=place, formula=f"=MAX({begins},{least})")
        block.pad.put(end, band[1], "number:0", "helper", row=place, formula=f"=MIN({ends},{most})")
        bands.append(band)
    return evolve(
        edges, start=block.outside(start), end=block.outside(end), bands=tuple(bands), base=least, counts=counts
    )


def _notes(block: Block, rows: Sequence[Row]) -> None:
    """Write the words of the source, where a row has any."""
    if any(row.printed or row.clause for row in rows):
        column = block.head("原文")
        for at, row in enumerate(rows):
            block.pad.put(column, "，".join(filter(None, (row.printed, clause_text(row.clause)))), row=block.first + at)


def _coverage(info: TableInfo, inputs: Sequence[Edges | Texts]) -> str:
    """The condition that the rows of a table with one numeric input leave no gap within its bounds."""
    axis, edges = info.axes[0], inputs[0]
    if len(inputs) != 1 or not isinstance(edges, Edges) or axis.bounds is None:
        return ""
    shift = DAY_ZERO if info.inputs[0].type is not None and info.inputs[0].type.kind == "date" else 0
    (low, low_side), (high, high_side) = axis.ends
    least, most = int((low - shift) * 2 * edges.den) + low_side, int((high - shift) * 2 * edges.den) + high_side
    step = 1
    if axis.den is not None:
        step = 2 * edges.den // axis.den
        least, most = least // step, most // step
    own = [span.rpartition("!")[2] for span in (edges.low, edges.low_side, edges.high, edges.high_side)]
    begins, ends = (f"INT((2*{own[at]}+{own[at + 1]}+{step - 1})/{step})" for at in (0, 2))
    start = f"(({begins}>{least})*({begins}-{least})+{least})"
    end = f"(({ends}<{most})*({ends}-{most})+{most})"
    return f",SUMPRODUCT(({end}>{start})*({end}-{start}))={most - least}"


def _ends(edges: Sequence[Edge]) -> tuple[Edge | None, Edge | None]:
    below = above = None
    for edge in edges:
        if edge.word in ("at_least", "more_than", "is"):
            below = Edge("at_least", edge.value) if edge.word == "is" else edge
        if edge.word in ("at_most", "less_than", "is"):
            above = Edge("at_most", edge.value) if edge.word == "is" else edge
    return below, above


def _word(edge: Edge | None) -> str | None:
    words = {"at_least": ABOVE, "more_than": BEYOND, "at_most": BELOW, "less_than": UNDER}
    return words[edge.word] if edge is not None else None


def _number(edge: Edge, kind: str) -> Fraction:
    assert isinstance(edge.value, Fraction)
    return edge.value - DAY_ZERO if kind == "date" else edge.value


def _shown(edge: Edge | None, kind: str) -> Fraction | None:
    return None if edge is None else _number(edge, kind)


def _form(kind: str, den: int) -> str:
    if kind in ("money", "date"):
        return kind
    return "rate:6" if kind == "rate" else f"number:{max(decimals_of(Fraction(1, den)), 0)}"
