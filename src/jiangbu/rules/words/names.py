"""What names are called: labels of facts, lines, levels, options; rows of tables by their boundaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from jiangbu.rules.levels import ROOT
from jiangbu.rules.model import Constant, Edge, Fact, Line, Row
from jiangbu.rules.words.amounts import Lang, written
from jiangbu.rules.words.phrases import EDGES, side

if TYPE_CHECKING:
    from jiangbu.rules.formula import Symbol, TableInfo
    from jiangbu.rules.scheme import Scheme

_MEASURES = {"户": "户", "贷款": "笔", "人": "人", "员": "人", "工": "人", "段": "段"}
_FULL = str.maketrans("“”", "‘’")


def quoted(label: str) -> str:
    """Quote a label; quotes inside become single ones.

    >>> quoted("“链主”企业")
    '“‘链主’企业”'
    """
    return f"“{label.translate(_FULL)}”"


def part_of(scheme: Scheme, name: str, origin: str = "") -> Fact | Constant | Line | None:
    """Return the fact, constant or line of a name, as a formula of the scheme or of its gate sees it."""
    home = scheme.gate if origin and scheme.gate is not None else scheme
    return scheme.facts.get(name) or home.facts.get(name) or home.constants.get(name) or home.lines.get(name)


def label_of(scheme: Scheme, name: str, origin: str = "") -> str:
    """Return the label of a fact, constant, line or column of made rows; the name itself if it has none."""
    part = part_of(scheme, name, origin)
    if part is not None:
        return part.label
    level, _, column = name.rpartition(".")
    item = scheme.tree.by_name.get(level)
    if item is None:
        return name
    kind = scheme.makers.objects.get(item.object) or scheme.makers.rows.get(item.made_by)
    return kind.labels.get(column, name) if kind is not None else name


def level_label(scheme: Scheme, level: str) -> str:
    """Return what the rows of a level are called."""
    item = scheme.tree.by_name[level]
    return item.label or ("本案" if level == ROOT else level)


def how_many(label: str, count: int) -> str:
    """Count rows in Chinese with the measure word that their label asks for.

    >>> how_many("农户", 5), how_many("项目", 5)
    ('5户', '5个')
    """
    return f"{count:,}" + next((word for end, word in _MEASURES.items() if label.endswith(end)), "个")


def each(label: str, lang: Lang = "zh") -> str:
    """Say "each" of what a level's rows are called; in English the label itself.

    >>> each("农户"), each("项目"), each("贷款"), each("用工人员")
    ('每户', '每个项目', '每笔贷款', '每人')
    """
    return label if lang == "en" else "每" + _measured(label)


def one_by_one(label: str, lang: Lang = "zh") -> str:
    """Say "one after the other" of what a level's rows are called; in English the label itself.

    >>> one_by_one("农户"), one_by_one("项目"), one_by_one("贷款")
    ('逐户', '逐个项目', '逐笔贷款')
    """
    return label if lang == "en" else "逐" + _measured(label)


def one_more(label: str, lang: Lang = "zh") -> str:
    """Say "one more" of what a level's rows are called; in English the label itself.

    >>> one_more("农户"), one_more("项目"), one_more("贷款")
    ('一户', '一个项目', '一笔贷款')
    """
    return label if lang == "en" else "一" + _measured(label)


def _measured(label: str) -> str:
    measure = next((word for end, word in _MEASURES.items() if label.endswith(end)), "个")
    return measure if measure in ("户", "人", "段") else measure + label


def options_of(scheme: Scheme, name: str, origin: str = "") -> Mapping[str, str]:
    """Return the labels of a choice's options."""
    part = part_of(scheme, name, origin)
    return part.options if isinstance(part, Fact) else {}


def option_labels(scheme: Scheme, names: tuple[str, ...]) -> Mapping[str, str]:
    """Return labels for option names by the fact that has them all."""
    homes = [scheme, *([scheme.gate] if scheme.gate is not None else [])]
    facts = [fact for home in homes for fact in home.facts.values() if fact.options]
    for fact in facts:
        if set(names) <= set(fact.options):
            return fact.options
    return {}


def edge_words(kind: str, edges: tuple[Edge, ...], unit: str, options: Mapping[str, str], lang: Lang) -> str:
    """Write the bounds of a row on one input in legal words: 5000万元以上不满1亿元."""
    words = EDGES["date" if kind == "date" else "number"]
    order = {"at_least": 0, "more_than": 0, "is": 0, "at_most": 1, "less_than": 1}
    parts = [
        words[edge.word][side(lang)].format(written(kind, edge.value, unit=unit, options=options, lang=lang, law=True))
        for edge in sorted(edges, key=lambda edge: order[edge.word])
    ]
    if lang == "en":
        return " and ".join(parts)
    together = len(edges) == 2 and edges[0].word in ("at_least",) and edges[1].word == "less_than"
    return ("" if together and kind != "date" else "、").join(parts)


def input_words(scheme: Scheme, symbol: Symbol, row: Row, origin: str, lang: Lang) -> str:
    """Write what a row says of one input; nothing where the input may be anything."""
    edges = row.edges.get(symbol.name, ())
    if not edges or symbol.type is None:
        return ""
    options = options_of(scheme, symbol.name, origin) or option_labels(scheme, symbol.type.options)
    return edge_words(symbol.type.kind, edges, unit_of(scheme, symbol.name, origin), options, lang)


def unit_of(scheme: Scheme, name: str, origin: str = "") -> str:
    """Return the unit of a fact, constant or line."""
    part = part_of(scheme, name, origin)
    return part.unit if part is not None else ""


def tier_words(scheme: Scheme, info: TableInfo, row: Row, origin: str = "", lang: Lang = "zh") -> str:
    """Write which row of a table this is: as printed, or by its boundary words."""
    if row.printed:
        return row.printed
    if row.otherwise:
        return "any other" if lang == "en" else "其他情形"
    parts = [input_words(scheme, symbol, row, origin, lang) for symbol in info.inputs]
    said = ("; " if lang == "en" else "，").join(part for part in parts if part)
    return said or ("any" if lang == "en" else "不限")
