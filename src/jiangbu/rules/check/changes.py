"""The changes that ``check --mutate`` tries: one number, boundary, rounding or comparison at a time, each named.

The names are what ``[[harmless]]`` repeats; they hold no line number, so that a table may be laid out anew.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from jiangbu.rules.formula import plain
from jiangbu.rules.kinds import decimals_of
from jiangbu.rules.model import Line
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import If, Lookup, Node, walk

Path = tuple[str | int, ...]
RATE_UNIT = Fraction(1, 1_000_000)
_OPPOSITE = {"at_least": "more_than", "more_than": "at_least", "at_most": "less_than", "less_than": "at_most"}
_FLIPS: Mapping[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
_SIGNS: Mapping[type, str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_MODES = ("half-up", "down", "up")


@frozen
class Change:
    """One change to a table: how it is named, where it stands, and what it does to the parsed file."""

    name: str
    path: Path
    apply: Callable[[dict[str, Any]], None]


def changes(scheme: Scheme) -> Iterator[Change]:
    """Yield every change that is tried, in the order of the file's sections."""
    yield from _defaults(scheme)
    yield from _constants(scheme)
    for name in scheme.tables:
        yield from _edges(scheme, name)
        yield from _entries(scheme, name)
    yield from _formulas(scheme)
    yield from _roundings(scheme)


# Numbers


def _set(path: Path, value: Any) -> Callable[[dict[str, Any]], None]:
    def apply(data: dict[str, Any]) -> None:
        here: Any = data
        for part in path[:-1]:
            here = here[part]
        here[path[-1]] = value

    return apply


def _number(path: Path, kind: str, old: Any, value: Fraction, unit: Fraction) -> Iterator[Change]:
    yield _moved(path, kind, old, value + unit)
    yield _moved(path, kind, old, value - unit)


def _moved(path: Path, kind: str, old: Any, value: Fraction) -> Change:
    new = _written(kind, value)
    return Change(f"{dotted(path)}: {old} → {new}", path, _set(path, new))


def _written(kind: str, value: Fraction) -> Any:
    if kind == "date":
        return date.fromordinal(int(value))
    if kind == "rate":
        places = decimals_of(value)
        return plain(value) if places >= 0 else f"{value.numerator}/{value.denominator}"
    return plain(value)


def dotted(path: Path) -> str:
    """Write a path into a table as people do: ``tables.scale.rows[2].rate``."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def unit_of(kind: str, value: Fraction) -> Fraction:
    """Return one unit of a literal: a fen, one step of its last decimal, a millionth, a day."""
    if kind == "money":
        return min(Fraction(1, 100), Fraction(1, 10 ** max(decimals_of(value), 0)))
    if kind == "rate":
        return RATE_UNIT
    return Fraction(1, 10 ** max(decimals_of(value), 0))


def _defaults(scheme: Scheme) -> Iterator[Change]:
    for name, fact in scheme.facts.items():
        path = ("facts", name, "default")
        if fact.origin or not fact.has_default:
            continue
        old = scheme.data["facts"][name]["default"]
        if isinstance(fact.default, bool):
            yield Change(f"{dotted(path)}: {str(old).lower()} → {str(not old).lower()}", path, _set(path, not old))
        elif isinstance(fact.default, Fraction) and fact.bounds is not None:
            for step in (Fraction(1, fact.den), -Fraction(1, fact.den)):
                if fact.default + step in fact.bounds:
                    yield _moved(path, fact.kind, old, fact.default + step)


def _constants(scheme: Scheme) -> Iterator[Change]:
    for name, item in scheme.constants.items():
        path = ("constants", name, "value")
        old = scheme.data["constants"][name]["value"]
        if isinstance(item.value, bool):
            yield Change(f"{dotted(path)}: {str(old).lower()} → {str(not old).lower()}", path, _set(path, not old))
        elif isinstance(item.value, Fraction):
            yield from _number(path, item.kind, old, item.value, unit_of(item.kind, item.value))


def _entries(scheme: Scheme, table: str) -> Iterator[Change]:
    info = scheme.tables[table]
    for at, row in enumerate(info.rows):
        for column, value in row.values.items():
            path = ("tables", table, "rows", at, column)
            kind, old = info.gives[column], scheme.data["tables"][table]["rows"][at][column]
            if isinstance(value, bool):
                yield Change(f"{dotted(path)}: {str(old).lower()} → {str(not old).lower()}", path, _set(path, not old))
            elif isinstance(value, Fraction):
                yield from _number(path, kind, old, value, unit_of(kind, value))


# Boundaries: both rows that meet there move together, so that no gap gives the change away


def _edges(scheme: Scheme, table: str) -> Iterator[Change]:
    info = scheme.infos["", table]
    cells = info.cells
    only_marginal = _only_marginal(scheme, table)
    for at, axis in enumerate(info.axes):
        if axis.options:
            continue
        kind = info.inputs[at].type
        assert kind is not None
        unit = Fraction(1, kind.den or 1)
        for cut in cells.cuts[at][1:-1]:
            meeting = _meeting(scheme, table, at, cut, info)
            if not meeting:
                continue
            for step in (unit, -unit):
                moved = [(path, value + step) for path, _, value in meeting]
                first = meeting[0]
                old, new_edge = (plain_day(kind.kind, value) for value in (first[2], first[2] + step))
                name = f"tables.{table}: {first[1]} {old} → {new_edge}"
                yield Change(name, first[0], _all([_set(path, _written(kind.kind, new)) for path, new in moved]))
            flips = [_flip(path) for path, word, _ in meeting if word in _OPPOSITE]
            if axis.den is None and len(flips) == len(meeting) and not (only_marginal and kind.den != 1):
                first = meeting[0]
                name = f"tables.{table}: {first[1]} {plain_day(kind.kind, first[2])} → {_OPPOSITE[first[1]]}"
                yield Change(name, first[0], _all(flips))


def plain_day(kind: str, value: Fraction) -> str:
    return date.fromordinal(int(value)).isoformat() if kind == "date" else plain(value)


def _only_marginal(scheme: Scheme, table: str) -> bool:
    trees = [line.tree for line in scheme.lines.values() if line.tree is not None]
    trees += [item.tree for item in scheme.requirements.values() if item.tree is not None]
    nodes = [node for tree in trees for node in walk(tree)]
    return not any(isinstance(node, Lookup) and node.table == table for node in nodes)


def _meeting(scheme: Scheme, table: str, axis_at: int, cut: Any, info: Any) -> list[tuple[Path, str, Fraction]]:
    axis, name = info.axes[axis_at], info.table.inputs[axis_at]
    found = []
    for number, row in enumerate(info.table.rows):
        raw = scheme.data["tables"][table]["rows"][number]
        for edge in row.edges.get(name, ()):
            side = int(edge.word in ("more_than", "at_most"))
            if edge.word == "is" or axis.cut(edge.value, side) != cut:
                continue
            path: Path = ("tables", table, "rows", number)
            path += (name, edge.word) if isinstance(raw.get(name), dict) else (edge.word,)
            found.append((path, edge.word, edge.value))
    return found


def _flip(path: Path) -> Callable[[dict[str, Any]], None]:
    def apply(data: dict[str, Any]) -> None:
        here: Any = data
        for part in path[:-1]:
            here = here[part]
        word = str(path[-1])
        here[_OPPOSITE[word]] = here.pop(word)

    return apply


def _all(steps: Sequence[Callable[[dict[str, Any]], None]]) -> Callable[[dict[str, Any]], None]:
    def apply(data: dict[str, Any]) -> None:
        for step in steps:
            step(data)

    return apply


# Formulas and roundings


def _formulas(scheme: Scheme) -> Iterator[Change]:
    for section, key in (
        ("requirements", "holds"),
        ("checks", "holds"),
        ("remarks", "when"),
        ("lines", "formula"),
    ):
        for at, item in enumerate(scheme.data.get(section, [])):
            yield from _formula((section, at, key), f"{section}.{item['name']}", item[key])
    for name, fact in scheme.data.get("facts", {}).items():
        if fact.get("needed_if"):
            yield from _formula(("facts", name, "needed_if"), f"facts.{name}.needed_if", fact["needed_if"])


def _formula(path: Path, owner: str, text: str) -> Iterator[Change]:
    flat = " ".join(text.split())
    count = sum(1 for _ in _sites(ast.parse(flat, mode="eval")))
    for number in range(count):
        tree = ast.parse(flat, mode="eval")
        what = list(_sites(tree))[number]()
        new = ast.unparse(tree)
        yield Change(f"{owner}: {what} in {new}", path, _set(path, new))


def _sites(tree: ast.AST) -> Iterator[Callable[[], str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for at, op in enumerate(node.ops):
                if type(op) in _FLIPS:
                    yield _flip_sign(node, at)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
            for step in (1, -1):
                yield _move(node, step)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round_to":
            mode = node.args[2]
            if isinstance(mode, ast.Constant):
                for other in _MODES:
                    if other != mode.value:
                        yield _remode(mode, other)


def _flip_sign(node: ast.Compare, at: int) -> Callable[[], str]:
    def apply() -> str:
        old = type(node.ops[at])
        node.ops[at] = _FLIPS[old]()
        return f"{_SIGNS[old]} → {_SIGNS[_FLIPS[old]]}"

    return apply


def _move(node: ast.Constant, step: int) -> Callable[[], str]:
    def apply() -> str:
        old = node.value
        assert isinstance(old, int)
        node.value = old + step
        return f"{old} → {node.value}"

    return apply


def _remode(node: ast.Constant, mode: str) -> Callable[[], str]:
    def apply() -> str:
        old, node.value = node.value, mode
        return f"{old!r} → {mode!r}"

    return apply


def _roundings(scheme: Scheme) -> Iterator[Change]:
    for at, raw in enumerate(scheme.data.get("lines", [])):
        line = scheme.lines[raw["name"]]
        if line.round.step is None or not _rounds(line):
            continue
        path: Path = ("lines", at, "round")
        for mode in _MODES:
            if mode != line.round.mode:
                new = {"mode": mode, "to": line.round.word}
                yield Change(f"lines.{line.name}.round: {line.round.mode} → {mode}", path, _set(path, new))


def _rounds(line: Line) -> bool:
    """Whether the rounding of a line can ever change its value."""

    def leaf(node: Node) -> bool:
        if isinstance(node, If):
            return leaf(node.then) or leaf(node.other)
        step = line.round.step
        assert step is not None
        return node.type.den is None or (1 / (step * node.type.den)).denominator != 1

    assert line.tree is not None
    return leaf(line.tree)
