"""The second opinion's interpreter: it walks the syntax trees of a rule over the rows of one case.

Values are asked for when they are needed and kept once known; every number is a ``Fraction``.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import define, field, frozen

from jiangbu.audit.arithmetic import allocated, of_days, rounded
from jiangbu.audit.door import Row
from jiangbu.audit.kinds import parse
from jiangbu.audit.reading import step
from jiangbu.audit.rule import Formula, Rule, Scope
from jiangbu.audit.structure import AGGREGATES, Gather, Structure
from jiangbu.audit.tables import grid, looked_up, on_day, progressive
from jiangbu.audit.words import BOUNDARY_WORDS, Boundary, Value


class Stopped(Exception):
    """There is no value here.

    ``codes`` are the holes that refuse the row, ``paths`` the days outside a series (None: not a fact's own);
    ``unreadable`` says that something needed cannot be read. Without any, a refusal elsewhere is the cause.
    """

    def __init__(
        self, *, codes: Iterable[str] = (), paths: Iterable[str | None] = (), unreadable: bool = False
    ) -> None:
        self.codes, self.paths, self.unreadable = frozenset(codes), frozenset(paths), unreadable
        super().__init__(self.codes, self.paths, unreadable)


@frozen(eq=False)
class Settled:
    """What a formula came to at a row.

    ``refusals`` are the codes with which it refuses the row, ``problems`` what makes the row unreadable, as
    (code, path); ``unreadable`` says that what it needs cannot be read, here or elsewhere.
    """

    value: Value | None = None
    refusals: frozenset[str] = frozenset()
    problems: frozenset[tuple[str, str]] = frozenset()
    unreadable: bool = False


STANDS, REFUSED, UNREADABLE = "stands", "refused", "unreadable"


@define(eq=False)
class Interpreter:
    """A rule with what its formulas came to at the rows of one case."""

    rule: Rule
    structure: Structure
    _settled: dict[tuple[Formula, Row], Settled | None] = field(factory=dict)
    _verdicts: dict[tuple[Gather, Row], str] = field(factory=dict)
    _shares: dict[tuple[Gather, Row], dict[Row, Fraction]] = field(factory=dict)

    def settle(self, formula: Formula, row: Row) -> Settled:
        """Compute a formula at a row of its level, once."""
        key = (formula, row)
        if key not in self._settled:
            self._settled[key] = None
            self._settled[key] = self._compute(formula, row)
        found = self._settled[key]
        if found is None:
            raise ValueError(f"{formula.name} goes round in a circle")
        return found

    def needed(self, test: Formula, row: Row) -> bool | None:
        """Say what a test of ``needed_if`` comes to; None where one of its facts could not be read."""
        try:
            return self._evaluate(test.tree, row, test.scope) is True
        except Stopped:
            return None

    def verdict(self, row: Row, sources: Sequence[Formula]) -> str:
        """Say whether a row stands, is refused or cannot be read, as far as ``sources`` decide."""
        settled = [self.settle(source, row) for source in sources]
        if row.problems or any(one.problems or one.unreadable for one in settled):
            return UNREADABLE
        return REFUSED if any(one.refusals for one in settled) else STANDS

    def _compute(self, formula: Formula, row: Row) -> Settled:
        try:
            if formula.role == "allocation":
                assert isinstance(formula.tree, ast.Call)
                self._allocation(self.structure.gathers[formula.tree], row)
                return Settled()
            value = self._evaluate(formula.tree, row, formula.scope)
        except Stopped as stopped:
            own_path = f"{row.where}{formula.name}"
            outside = frozenset(("outside-series", path or own_path) for path in stopped.paths)
            return Settled(None, stopped.codes, outside, stopped.unreadable)
        if value is False and formula.role == "requirement":
            return Settled(value, refusals=frozenset({f"{formula.scope.id}.{formula.name}"}))
        if value is False and formula.role in ("check", "parts"):
            return Settled(value, problems=frozenset({(formula.role, f"{row.where}{formula.name}")}))
        if formula.role == "line" and (rounding := self.rule.lines[formula.name].rounding):
            assert isinstance(value, Fraction)
            value = rounded(value, rounding.step, rounding.mode)
        return Settled(value)

    def _evaluate(self, tree: ast.expr, row: Row, scope: Scope) -> Value:
        """Compute an expression as seen from ``row``; only what its value needs is looked at."""
        match tree:
            case ast.Constant(value=bool() | str() as value):
                return value
            case ast.Constant(value=int() as value):
                return Fraction(value)
            case ast.Name(id=name):
                return self._name(name, row, scope)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._evaluate(operand, row, scope)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._number(operand, row, scope)
            case ast.BoolOp(op=ast.And(), values=tests):
                return all(self._evaluate(test, row, scope) for test in tests)
            case ast.BoolOp(op=ast.Or(), values=tests):
                return any(self._evaluate(test, row, scope) for test in tests)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._evaluate(body if self._evaluate(test, row, scope) else orelse, row, scope)
            case ast.Compare():
                return self._comparison(tree, row, scope)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _ARITHMETIC:
                return _ARITHMETIC[type(sign)](*self._numbers((left, right), row, scope))
            case ast.Attribute(value=ast.Name(id=table), attr=column) if table in scope.tables:
                inputs = self._together([parse(name) for name in scope.tables[table].inputs], row, scope)
                return self._lookup(table, column, inputs, scope)
            case ast.Attribute(value=ast.Name(id=level), attr=column) if self.rule.column(level, column):
                return self._column(level, column, row)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=column), args=args):
                inputs = self._together(args, row, scope)
                if name in scope.tables:
                    return self._lookup(name, column, inputs, scope)
                return self._in_series(name, column, inputs[0], self._path_of_fact(args[0], row))
            case ast.Call(func=ast.Name(id=function), args=args):
                return self._call(function, tree, args, row, scope)
        raise ValueError(f"not in the language of formulas: {ast.unparse(tree)}")

    def _together(self, trees: Sequence[ast.expr], row: Row, scope: Scope) -> list[Value]:
        """Compute expressions that are all needed; where several have no value, every reason is kept."""
        values: list[Value] = []
        stops: list[Stopped] = []
        for tree in trees:
            try:
                values.append(self._evaluate(tree, row, scope))
            except Stopped as stopped:
                stops.append(stopped)
        if stops:
            raise _all_of(stops)
        return values

    def _numbers(self, trees: Sequence[ast.expr], row: Row, scope: Scope) -> list[Fraction]:
        values = [value for value in self._together(trees, row, scope) if isinstance(value, Fraction)]
        if len(values) < len(trees):
            raise ValueError(f"{' and '.join(map(ast.unparse, trees))} are not all numbers")
        return values

    def _number(self, tree: ast.expr, row: Row, scope: Scope) -> Fraction:
        value = self._evaluate(tree, row, scope)
        if not isinstance(value, Fraction):
            raise ValueError(f"{ast.unparse(tree)} is no number")
        return value

    def _name(self, name: str, row: Row, scope: Scope) -> Value:
        if name in scope.constants:
            return scope.constants[name]
        if name in self.rule.facts:
            holder = row.at(self.rule.facts[name].level)
            if name not in holder.facts:
                raise Stopped(unreadable=True)
            return holder.facts[name]
        if name in self.rule.lines:
            formula = self.rule.lines[name].formula
            found = self.settle(formula, row.at(formula.level))
            if found.value is None:
                raise Stopped(unreadable=found.unreadable)
            return found.value
        if name == row.level:
            return True  # count(household) counts the rows themselves
        raise ValueError(f"unknown name {name}")

    def _column(self, level: str, column: str, row: Row) -> Value:
        holder = row.at(level)
        if column not in holder.columns:
            raise Stopped(unreadable=True)
        return holder.columns[column]

    def _comparison(self, tree: ast.Compare, row: Row, scope: Scope) -> bool:
        if isinstance(tree.ops[0], ast.In | ast.NotIn):
            if not isinstance(tree.comparators[0], ast.Tuple):
                raise ValueError("`in` needs a list of values in brackets")
            sought, *listed = self._together([tree.left, *tree.comparators[0].elts], row, scope)
            return (sought in listed) is isinstance(tree.ops[0], ast.In)
        left, right = self._together([tree.left, tree.comparators[0]], row, scope)
        if not _holds(left, tree.ops[0], right):
            return False
        for sign, operand in zip(tree.ops[1:], tree.comparators[1:], strict=True):
            left, right = right, self._evaluate(operand, row, scope)
            if not _holds(left, sign, right):
                return False
        return True

    def _lookup(self, table: str, column: str, inputs: Sequence[Value], scope: Scope) -> Value:
        row = looked_up(scope.tables[table], inputs)
        if row is None:
            raise Stopped(codes=[scope.tables[table].code])
        return row.gives[column]

    def _in_series(self, name: str, column: str, day: Value, path: str | None) -> Value:
        assert isinstance(day, date)
        value = on_day(self.rule.series[name], column, day)
        if value is None:
            raise Stopped(paths=[path], unreadable=True)
        return value

    def _path_of_fact(self, tree: ast.expr, row: Row) -> str | None:
        if not isinstance(tree, ast.Name) or tree.id not in self.rule.facts:
            return None
        return f"{row.at(self.rule.facts[tree.id].level).where}{tree.id}"

    def _call(self, function: str, tree: ast.Call, args: list[ast.expr], row: Row, scope: Scope) -> Value:
        def number(place: int) -> Fraction:
            return self._number(args[place], row, scope)

        match args:
            case [ast.Name(id=level), when] if of_object := self.rule.call(level, function):
                gives, compute = of_object
                (day,), holder = self._together([when], row, scope), row.at(level)
                if holder.thing is None:
                    raise Stopped(unreadable=True)
                assert isinstance(day, date)
                return gives.value(compute(holder.thing, day.toordinal()))
        match function:
            case "min" | "max":
                values: list[Any] = self._together(args, row, scope)
                chosen: Value = min(values) if function == "min" else max(values)
                return chosen
            case "whole":
                return Fraction(math.floor(number(0)))
            case "round_to":
                unit, mode = (self._evaluate(argument, row, scope) for argument in args[1:])
                return rounded(number(0), step(unit), str(mode))
            case "marginal":
                return self._marginal(args, row, scope)
            case "days" | "months" | "later" | "after" | "year":
                return of_days(function, self._together(args, row, scope))
            case "allocate":
                return self._share(self._gather(tree), row)
        if function in AGGREGATES:
            return self._aggregate(function, self._gather(tree), row)
        raise ValueError(f"unknown function {function}")

    def _marginal(self, args: list[ast.expr], row: Row, scope: Scope) -> Fraction:
        column_of = args[0]
        if not isinstance(column_of, ast.Attribute) or not isinstance(column_of.value, ast.Name):
            raise ValueError("marginal needs a column of a table")
        table = scope.tables[column_of.value.id]
        along = next(place for place, name in enumerate(table.inputs) if scope.kinds[name] in _NUMERIC)
        keys = [args[1] if place == along else parse(name) for place, name in enumerate(table.inputs)]
        inputs = self._together(keys, row, scope)
        if table.has_holes and looked_up(table, inputs) is None:
            raise Stopped(codes=[table.code])
        name = table.inputs[along]
        highest = [bound for bound in self._bounds(name) if bound.word in ("at_most", "less_than")]
        in_units = scope.kinds[name] != "money" and grid(parse(name), scope, self.rule) == 1
        return progressive(table, column_of.attr, inputs, along, highest, in_units)

    def _bounds(self, name: str) -> tuple[Boundary, ...]:
        """Return the bounds of an input of a table, as far as they are declared."""
        column = self.rule.column(*name.split(".")) if "." in name else None
        if column is not None:
            return column.bounds
        return self.rule.facts[name].bounds if name in self.rule.facts else ()

    def _gather(self, tree: ast.Call) -> Gather:
        if tree not in self.structure.gathers:
            raise ValueError(f"{ast.unparse(tree)} cannot stand here")
        return self.structure.gathers[tree]

    def _members(self, gather: Gather, row: Row) -> dict[Row, Value]:
        """Return what is gathered at the rows under ``row`` that count and stand in no hole, in their order.

        All of them are needed: where several have no value, every reason is kept.
        """
        found: dict[Row, Value] = {}
        stops: list[Stopped] = []
        for member in row.down_to(gather.over):
            try:
                value = self._inside(gather, member) if self._counts(member, row, gather) else None
            except Stopped as stopped:
                stops.append(stopped)
            else:
                found |= {member: value} if value is not None else {}
        stops += self._unread(gather, row)
        if stops:
            raise _all_of(stops)
        return found

    def _unread(self, gather: Gather, row: Row) -> Iterator[Stopped]:
        """Yield a stop for every row that counts and under which rows of a level on the way were not read."""
        level = row.level
        for below in self.rule.between(row.level, gather.over):
            for holder in [row] if level == row.level else [*row.down_to(level)]:
                try:
                    if below in holder.unread and self._counts(holder, row, gather):
                        yield Stopped(unreadable=True)
                except Stopped as stopped:
                    yield stopped
            level = below

    def _counts(self, member: Row, row: Row, gather: Gather) -> bool:
        return all(self._stands(one, gather) for one in reversed([*_below(row, member)]))

    def _stands(self, row: Row, gather: Gather) -> bool:
        key = (gather, row)
        if key not in self._verdicts:
            self._verdicts[key] = self.verdict(row, gather.deciding.get(row.level, ()))
        if self._verdicts[key] == UNREADABLE:
            raise Stopped(unreadable=True)
        return self._verdicts[key] == STANDS

    def _inside(self, gather: Gather, member: Row) -> Value | None:
        """Return what is gathered at a row that counts; None where it stands in a hole, which refuses it."""
        found = self.settle(gather.inside, member)
        if found.unreadable or (found.value is None and not found.refusals):
            raise Stopped(unreadable=found.unreadable)
        return found.value

    def _aggregate(self, function: str, gather: Gather, row: Row) -> Fraction:
        found = self._members(gather, row).values()
        if function == "count":
            return Fraction(sum(value is True for value in found))
        numbers = [value for value in found if isinstance(value, Fraction)]
        if function == "sum":
            return sum(numbers, Fraction(0))
        return (max if function == "largest" else min)(numbers, default=Fraction(0))

    def _share(self, gather: Gather, row: Row) -> Fraction:
        assert gather.allocation is not None
        holder = row.at(gather.above)
        found = self.settle(gather.allocation, holder)
        share = self._shares.get((gather, holder), {}).get(row)
        if share is None:
            raise Stopped(unreadable=found.unreadable)
        return share

    def _allocation(self, gather: Gather, holder: Row) -> None:
        """Divide the total that ``holder`` holds, or stop where there is no weight to divide by."""
        allocation = gather.allocation
        assert allocation is not None
        assert isinstance(allocation.tree, ast.Call)
        total_tree = allocation.tree.args[0]
        total = self._number(total_tree, holder, allocation.scope)
        weights = self._members(gather, holder)
        numbers = [weight for weight in weights.values() if isinstance(weight, Fraction)]
        shares = allocated(total, numbers, self._unit(total_tree, allocation))
        if shares is None:
            raise Stopped(codes=[f"{allocation.scope.id}.{allocation.name}"])
        self._shares[gather, holder] = dict(zip(weights, shares, strict=True))

    def _unit(self, total: ast.expr, allocation: Formula) -> Fraction:
        places = grid(total, allocation.scope, self.rule)
        if places is None:
            raise ValueError(f"{ast.unparse(total)} is divided into units, and has none")
        in_money = self.rule.lines[allocation.name].kind == "money"
        return Fraction(1, math.lcm(places, 100) if in_money else places)


_NUMERIC = ("money", "number", "rate")
_ARITHMETIC: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.GtE: "at_least",
    ast.Gt: "more_than",
    ast.LtE: "at_most",
    ast.Lt: "less_than",
    ast.Eq: "is",
}


def _all_of(stops: Sequence[Stopped]) -> Stopped:
    """Return one stop that carries every reason."""
    return Stopped(
        codes=[code for one in stops for code in one.codes],
        paths=[path for one in stops for path in one.paths],
        unreadable=any(one.unreadable for one in stops),
    )


def _holds(left: Value, sign: ast.cmpop, right: Value) -> bool:
    if isinstance(sign, ast.NotEq):
        return left != right
    return BOUNDARY_WORDS[_COMPARISONS[type(sign)]](left, right)


def _below(row: Row, member: Row) -> Iterator[Row]:
    for one in member.upward():
        if one is row:
            return
        yield one
