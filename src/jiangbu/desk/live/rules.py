"""All of 规则表: constants, tables and series of a scheme and its gate, laid out once for all formulas."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from jiangbu.desk.live import dated, tiers
from jiangbu.desk.live.block import Column
from jiangbu.desk.live.book import Pad, RuleCell, begin, lay_out_legend
from jiangbu.desk.live.dated import Dated
from jiangbu.desk.live.denominators import Denominators
from jiangbu.desk.live.pieces import Number, Piece
from jiangbu.desk.live.tiers import Tiers
from jiangbu.rules.formula import TableInfo
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Marginal, walk

Key = tuple[str, str]
LEAST_WIDTH = 8


@frozen
class Rules:
    """Sheet 规则表: its cells, and each part as formulas see it, by origin (a gate's id or nothing) and name."""

    pad: Pad = field(repr=False)
    denominators: Denominators = field(repr=False)
    names: Mapping[str, str] = field(hash=False)
    constants: Mapping[Key, Number | Piece] = field(hash=False)
    tables: Mapping[Key, Tiers] = field(hash=False)
    series: Mapping[str, Dated] = field(hash=False)

    @property
    def cells(self) -> tuple[RuleCell, ...]:
        """Every cell; formulas that are compiled may add denominators in common."""
        return tuple(self.pad.cells)

    @property
    def helpers(self) -> int:
        """The first helper column."""
        return self.pad.helpers

    @property
    def legend(self) -> str:
        """The cells with the words for error values, by ERROR.TYPE."""
        return self.pad.legend


def rules_of(scheme: Scheme, top: int = 0) -> Rules:
    """Lay out 规则表 for a scheme, from row ``top`` on."""
    series = {item.name: item for item in (scheme.gate.series if scheme.gate is not None else {}).values()}
    series |= {item.name: item for item in scheme.series.values()}
    width = max([LEAST_WIDTH, *map(_width, scheme.infos.values())])
    book = begin(scheme, width + 1, top)
    along = {(step.origin, node.table): node.along
             for step in scheme.steps for node in walk(step.node) if isinstance(node, Marginal)}  # fmt: skip
    tables = {}
    for key, info in scheme.infos.items():
        at = along.get(key, -1)
        tables[key] = tiers.lay_out(book, info, at, at >= 0 and counts_units(info, at))
    dates = {name: dated.lay_out(book, item) for name, item in series.items()}
    lay_out_legend(book.pad)
    return Rules(book.pad, Denominators(book.pad), book.names, book.constants, tables, dates)


def counts_units(info: TableInfo, along: int) -> bool:
    """Whether a progressive sum along an input counts whole units instead of measuring lengths."""
    kind = info.inputs[along].type
    return kind is not None and kind.kind == "number" and kind.den == 1


def _width(info: TableInfo) -> int:
    """How many visible columns a table may take."""
    inputs = sum(1 if axis.options else 4 for axis in info.axes)
    return 2 + inputs + sum(3 if kind == "rate" else 1 for kind in info.table.gives.values())


__all__ = ["Column", "Rules", "counts_units", "rules_of"]
