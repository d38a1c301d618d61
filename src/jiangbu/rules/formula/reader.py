"""The reader of one formula: it goes from syntax to typed nodes, sees names, and collects the faults."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve

from jiangbu.rules.findings import did_you_mean
from jiangbu.rules.formula.language import FUNCTIONS, LARGEST_DENOMINATOR, LARGEST_VALUE, WHAT_MAY_STAND, word_of
from jiangbu.rules.formula.scope import Fault, Scope, Symbol
from jiangbu.rules.levels import ROOT
from jiangbu.rules.tree import Name, Node, Span


class Reader:
    """Reads one formula with a step for each part of its syntax; collects faults as it goes down the tree."""

    def __init__(
        self, text: str, scope: Scope, level: str, allocates: bool, steps: Mapping[type[ast.expr], Step]
    ) -> None:
        self.text, self.scope, self.level, self.allocates, self.steps = text, scope, level, allocates, steps
        self.faults: list[Fault] = []
        self.uses: set[str] = set()
        self.inside: list[str] | None = None
        self.known: dict[Node, tuple[Fraction, Fraction]] = {}
        self.columns: list[int] = []

    def fault(self, code: str, message: str, span: Span, remedy: str = "", *, warning: bool = False) -> None:
        self.faults.append(Fault(code, message, span, remedy, warning))

    def span(self, node: ast.expr) -> Span:
        end = node.end_col_offset if node.end_col_offset is not None else node.col_offset + 1
        last = len(self.columns) - 1
        return self.columns[min(node.col_offset, last)], self.columns[min(end, last)]

    def node(self, node: ast.expr) -> Node | None:
        step = self.steps.get(type(node))
        if step is None:
            self.fault(
                "formula",
                f"{word_of(node)} is not in the language",
                self.span(node),
                "what may stand: " + WHAT_MAY_STAND,
            )
            return None
        result = step(self, node)
        if result is not None:
            result = self.sized(result, self.span(node))
        return self.narrow(result)

    def arguments(self, node: ast.Call, count: int, word: str) -> list[Node | None]:
        if len(node.args) != count:
            self.fault("formula", f"{word} takes {count} values, found {len(node.args)}", self.span(node))
            for arg in node.args:
                self.node(arg)
            return [None] * count
        return [self.node(arg) for arg in node.args]

    def narrow(self, node: Node | None) -> Node | None:
        """Tighten what is known of a node by the guards around it."""
        if node is None or not self.known or node not in self.known:
            return node
        low, high = self.known[node]
        low, high = max(low, node.type.low), min(high, node.type.high)
        return evolve(node, type=evolve(node.type, low=low, high=max(low, high)))

    def sized(self, node: Node, span: Span) -> Node | None:
        """Return a node as it is; None, with a fault, if its denominator or its bounds are too large."""
        if node.type.den is not None and node.type.den > LARGEST_DENOMINATOR:
            den = node.type.den
            shown = f"{den:,}" if den < LARGEST_VALUE else f"of {den.bit_length() * 30103 // 100000 + 1:,} digits"
            self.fault(
                "denominator",
                f"the denominator {shown} is above 10^24",
                span,
                "round an earlier line, or use rates with fewer places",
            )
            return None
        if max(abs(node.type.low), abs(node.type.high)) > LARGEST_VALUE:
            self.fault("bounds", "the value may go beyond 10^60", span, "bound the facts more tightly, or use min(…)")
            return None
        return node

    def symbol(self, symbol: Symbol, span: Span) -> Node | None:
        self.uses.add(symbol.name)
        if symbol.type is None:
            return None
        if symbol.of != "constant":
            if self.inside is not None:
                self.inside.append(symbol.level)
            elif not self.scope.levels.sees(self.level, symbol.level):
                self.not_seen(symbol.name, symbol.level, span)
                return None
        return Name(symbol.name, symbol.of, symbol.level, symbol.type, span)  # type: ignore[arg-type]

    def not_seen(self, name: str, level: str, span: Span) -> None:
        below = level in self.scope.levels.by_name and self.level in self.scope.levels.chain(level)
        move = f'let it stand on a level that is seen: level = "{self.level}"'
        remedy = f"reach it through sum({name}), count(…), largest or smallest; or {move}" if below else move
        self.fault("level", f"{name} stands on level {level}, not seen from level {self.level}", span, remedy)

    def unknown(self, name: str, span: Span) -> None:
        scope = self.scope
        if name in scope.tables:
            self.fault("kind", f"{name} is a table", span, f"name a column: {name}.…")
        elif name == scope.own:
            said = f"{name} stands in its own formula"
            self.fault("order", said, span, "give what stands before it a line and a name of its own")
        elif scope.later_than(name):
            self.fault("order", f"{name} is not known yet: it comes later", span, "move it before this one")
        elif name in scope.levels.by_name:
            self.fault("level", f"{name} is a level, no value", span, f"count({name}) counts its rows")
        elif scope.hidden(name):
            self.uses.add(name)
        else:
            self.fault("unknown-name", f"{name} is not declared", span, did_you_mean(name, self.all_names()))

    def all_names(self) -> list[str]:
        scope = self.scope
        return [*scope.symbols, *scope.tables, *(set(scope.levels.by_name) - {ROOT}), *FUNCTIONS]


Step = Callable[[Reader, Any], Node | None]
