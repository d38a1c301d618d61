"""The standard by which an amount was reached, in the words of the rule: for the public notice."""

from __future__ import annotations

from collections.abc import Iterator

from jiangbu.rules.determination import Determination
from jiangbu.rules.emit import Stop
from jiangbu.rules.results import RowResult
from jiangbu.rules.scheme import Scheme
from jiangbu.rules.tree import Lookup, Name, walk
from jiangbu.rules.words.amounts import written
from jiangbu.rules.words.headings import clause_words
from jiangbu.rules.words.names import tier_words
from jiangbu.rules.words.phrases import column_words

# A standard that takes more lines than these is not read on a wall; the document is cited beside it.
MOST_LINES = 8


def standard(scheme: Scheme) -> str:
    """How the amount of every row is reached: the paying line in words with its clause, and the lines that it names."""
    named = _named(scheme, scheme.pays)
    told = [_told(scheme, scheme.pays)]
    if len(named) <= MOST_LINES:
        told += [f"“{scheme.lines[name].label}”：{_told(scheme, name)}" for name in named]
    return "；".join(told)


def _told(scheme: Scheme, name: str) -> str:
    line = scheme.lines[name]
    return f"{scheme.say.formula(line)}{clause_words(line.clause)}"


def _named(scheme: Scheme, pays: str) -> list[str]:
    """The lines that the paying line takes up, themselves or through others, in their order."""
    found: set[str] = set()
    todo = [pays]
    while todo:
        tree = scheme.lines[todo.pop()].tree
        names = {node.name for node in walk(tree) if isinstance(node, Name)} if tree is not None else set()
        new = {name for name in names if name in scheme.lines} - found
        found |= new
        todo += new
    return [name for name in scheme.lines if name in found]


def tiers(scheme: Scheme, row: Determination | RowResult) -> str:
    """The tiers in which a payable row, and the rows that it stands in, were found; empty where no table decided.

    What such a tier grants stands beside it; a table that was only compared with, or asked for a line that came to
    nothing, is not named.
    """
    own = row.root if isinstance(row, Determination) else row
    told: dict[str, str] = {}
    for one in (own, *own.above):
        for node in _lookups(scheme, one):
            told.setdefault(*_tier(scheme, one, node))
    found = {label: tier for label, tier in told.items() if tier}
    # Of a rule with one table everybody knows which it is.
    if len(scheme.tables) == 1:
        return "".join(found.values())
    return "；".join(f"{label}：{tier}" for label, tier in found.items())


def _lookups(scheme: Scheme, row: RowResult) -> Iterator[Lookup]:
    """The lookups at the declared inputs in the lines of a row that come to something."""
    for name, line in row.lines.items():
        tree = scheme.lines[name].tree
        if line.value and tree is not None:
            yield from (node for node in walk(tree) if isinstance(node, Lookup) and node.declared)


def _tier(scheme: Scheme, row: RowResult, node: Lookup) -> tuple[str, str]:
    info = scheme.infos["", node.table]
    try:
        hit = scheme.say.values(row).hit(node, row)
    except Stop:
        # A branch that was not taken may look where there is nothing.
        return node.table, ""
    granted = {name: kind for name, kind in info.table.gives.items() if kind in ("money", "rate")}
    values = [written(kind, hit.values[name], law=True) for name, kind in granted.items()]
    if len(values) > 1:
        named = (column_words(info.table.gives, name, "zh") for name in granted)
        values = [f"{name}{value}" for name, value in zip(named, values, strict=True)]
    given = f"（{'，'.join(values)}）" if values else ""
    return info.table.label, f"{tier_words(scheme, info, hit)}{given}"
