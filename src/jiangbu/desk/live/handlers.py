"""Which function compiles which kind of node, for each kind of value."""

from __future__ import annotations

from collections.abc import Mapping

from jiangbu.desk.live import arithmetic, calendar, conditions, formulas, lookups, rounding
from jiangbu.desk.live.formulas import Formulas, Handler
from jiangbu.desk.live.pieces import Number
from jiangbu.desk.live.rules import Rules
from jiangbu.desk.live.scratch import Scratch
from jiangbu.rules.tree import (
    Aggregate,
    Allocate,
    Binary,
    Compare,
    DateCall,
    Extreme,
    If,
    Literal_,
    Logic,
    Lookup,
    Marginal,
    Member,
    Name,
    Negative,
    Not,
    Round,
    SeriesAt,
)


def rows_below(f: Formulas, node: Aggregate | Allocate) -> Number:
    """A sum or share over rows, which has been computed before."""
    return f.hidden[id(node)]


NUMBERS: Mapping[type, Handler] = {
    Literal_: formulas.numeric_literal,
    Name: formulas.numeric_name,
    Negative: arithmetic.negative,
    Binary: arithmetic.binary,
    If: conditions.number_branch,
    Extreme: arithmetic.extreme,
    Round: rounding.round_node,
    Lookup: lookups.number_lookup,
    Marginal: lookups.marginal,
    SeriesAt: lookups.series_at,
    DateCall: calendar.number_call,
    Aggregate: rows_below,
    Allocate: rows_below,
}
FLAGS: Mapping[type, Handler] = {
    Literal_: formulas.flag_literal,
    Name: formulas.plain_name,
    Compare: conditions.compare,
    Member: conditions.member,
    Logic: conditions.logic,
    Not: conditions.negation,
    If: conditions.flag_branch,
    Lookup: lookups.flag_lookup,
}
PLAINS: Mapping[type, Handler] = {
    Literal_: formulas.plain_literal,
    Name: formulas.plain_name,
    If: conditions.plain_branch,
    Extreme: arithmetic.extreme_day,
    Lookup: lookups.plain_lookup,
    DateCall: calendar.day_call,
}


def formulas_for(rules: Rules, scratch: Scratch) -> Formulas:
    """What compiles the formulas of a scheme."""
    return Formulas(rules, scratch, NUMBERS, FLAGS, PLAINS)
