"""Denominators in common: of those that an editor may change, the least common multiple stands on 规则表 itself."""

from __future__ import annotations

from math import lcm

from attrs import define, field

from jiangbu.desk.live.book import SHEET, Pad, reference, room_of
from jiangbu.desk.live.faults import RULE
from jiangbu.desk.live.pieces import Den, Piece, Symbol


@define
class Denominators:
    """What brings denominators together; each common multiple and each ratio is computed once, in a helper cell."""

    pad: Pad
    known: dict[tuple[Den, Den], Den] = field(factory=dict)
    ratios: dict[tuple[Den, Den], Den] = field(factory=dict)

    def common(self, one: Den, other: Den) -> Den:
        """A common multiple: the product of what differs, or the least one where that is smaller by far."""
        plain = one.common(other)
        least = lcm(one.value, other.value)
        if plain.value == least or not (one.fixed and other.fixed):
            return plain
        key = (one, other)
        if key not in self.known:
            formula = f"=LCM({_text(one)},{_text(other)})"
            symbol = self._cell(formula, least)
            self.known[key] = self.known[other, one] = Den(1, (symbol,))
            common = self.known[key]
            for den in (one, other):
                ratio = self._cell(f"=INT({_local(symbol.piece.sheet)}/({_text(den)})+0.5)", least // den.value)
                self.ratios[common, den] = Den(1, (ratio,))
        return self.known[key]

    def over(self, common: Den, den: Den) -> Den:
        """A common multiple divided by one of the denominators that it was made of."""
        return self.ratios.get((common, den)) or common.over(den)

    def all_of(self, dens: list[Den]) -> Den:
        """A common multiple of several; the ratios to each of them are known."""
        result = Den()
        for den in dens:
            result = self.common(result, den)
        for den in dens:
            self._chain(result, den)
        return result

    def _chain(self, common: Den, den: Den) -> None:
        """Make the ratio to a denominator that came in before others."""
        if (common, den) in self.ratios or not common.needs_ratio(den):
            return
        ratio = self._cell(f"=INT({_text(common)}/({_text(den)})+0.5)", common.value // den.value)
        self.ratios[common, den] = Den(1, (ratio,))

    def _cell(self, formula: str, value: int) -> Symbol:
        pad = self.pad
        room, formula = room_of([value]), formula.removeprefix("=")
        # Beyond the room for editing what was found exact on paper might no longer be.
        formula = f"=IF({formula}<={room},{formula},{RULE.formula})"
        pad.put(pad.helpers, value, "number:0", "helper", formula=formula)
        piece = Piece(reference(pad.row, pad.helpers), str(value), atom=True)
        pad.row += 1
        return Symbol(piece, value, room, fixed=True)


def _text(den: Den) -> str:
    return _local(den.piece.sheet)


def _local(formula: str) -> str:
    """A formula as it stands on 规则表 itself."""
    return formula.replace(f"'{SHEET}'!", "")
