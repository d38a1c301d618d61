"""Whole rule tables at random: accepted by construction, over all of the language."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from attrs import define, evolve, field

from jiangbu.testing.formulas import DECIMAL_STEPS, MODES, MONEY_STEPS, Place, Writer
from jiangbu.testing.rows import draw_table
from jiangbu.testing.terms import NUMERIC, ZERO, Term
from jiangbu.testing.toml import write_toml

DOCUMENT = "示例办发〔2024〕1号"
GATE = "example-admission"
LPR = {"lpr": ("one_year", "five_years_and_over")}
KINDS = ("money", "number", "rate", "flag", "choice", "date")
SHAPES: tuple[Mapping[str, str], ...] = (
    {"county": ""},
    {"county": "", "project": "county"},
    {"county": "", "project": "county", "household": "project"},
    {"county": "", "project": "county", "village": "county"},
    {"county": "", "project": "county", "household": "project", "worker": "project"},
)
LABELS = {"county": "县", "project": "项目", "household": "农户", "village": "村", "worker": "用工"}


@define
class _Table:
    """A rule table while it is made."""

    rng: Random
    levels: Mapping[str, str]
    writer: Writer
    paid: str
    facts: dict[str, dict[str, Any]] = field(factory=dict)
    tables: dict[str, dict[str, Any]] = field(factory=dict)
    lines: list[dict[str, Any]] = field(factory=list)

    @property
    def flat(self) -> bool:
        return not self.levels

    @property
    def names(self) -> list[str]:
        return [*self.levels] or ["case"]


def random_table(rng: Random, id: str = "random-table") -> dict[str, Any]:
    """Return one valid rule table as the data that its TOML text holds."""
    levels = {} if rng.randint(1, 100) <= 45 else rng.choice(SHAPES)
    above = _chains(levels)
    writer = Writer(rng, above, LPR if rng.randint(1, 100) <= 25 else {})
    paid = rng.choice([*levels]) if levels else "case"
    table = _Table(rng, levels, writer, paid)
    scheme: dict[str, Any] = {
        "id": id,
        "title": "随机生成的办法",
        "place": "999999",
        "document": DOCUMENT,
        "status": "illustrative",
        "effective": {"from": date(2024, 1, 1), "until": date(2026, 12, 31)},
    }
    _gate(table, scheme)
    for level in table.names:
        _facts(table, level)
    lines = rng.randint(1, 6)
    for number in range(lines):
        if rng.randint(1, 100) <= 45:
            _lookup_table(table)
        _line(table, f"line_{number}", rng.choice(table.names), rng.choice((*KINDS, "money", "money", "number")))
    pays = _pay(table, scheme)
    conditions = _conditions(table)
    scheme["pays"] = pays["name"]
    data: dict[str, Any] = {"format": 1, "scheme": scheme}
    if levels:
        data["levels"] = {name: _level(rng, name, of) for name, of in levels.items()}
    data["facts"] = table.facts
    data["constants"] = writer.constants
    data["tables"] = table.tables
    data |= conditions
    data["lines"] = table.lines
    if rng.randint(1, 100) <= 40:
        data["promises"] = [rng.choice([{"never_more_than": pays["name"]}, {"nil_when": f"{pays['name']} <= 0"}])]
    return {key: value for key, value in data.items() if value not in ({}, [])}


def table_text(rng: Random, id: str = "random-table") -> str:
    """Return one valid rule table as TOML text."""
    return write_toml(random_table(rng, id))


def _chains(levels: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    chains: dict[str, tuple[str, ...]] = {}
    for name, of in levels.items():
        chains[name] = (name, *chains.get(of, ()))
    return chains or {"case": ("case",)}


def _level(rng: Random, name: str, of: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"label": LABELS[name]}
    if of:
        entry["of"] = of
        if rng.randint(1, 100) <= 70:
            entry["at_most"] = rng.choice([6, 50, 500])
    return entry


def _gate(table: _Table, scheme: dict[str, Any]) -> None:
    rng = table.rng
    kind = rng.choice(["household", "member", "village", "operator", "gated", "gated"])
    if kind == "operator":
        scheme["no_gate"] = "该办法未设联农带农前置条件"
    if kind == "gated":
        scheme["gate"] = GATE
        if not table.flat:
            scheme["gate_level"] = rng.choice(table.writer.above[table.paid])
        level = scheme.get("gate_level", "case")
        count = Term("expected_households", "number", ZERO, Fraction(100_000), level=level, fact=True)
        table.writer.terms += [count, Term("under_exclusion", "flag", level=level, fact=True)]
    scheme["beneficiary"] = "operator" if kind == "gated" else kind


# Facts


def _facts(table: _Table, level: str) -> None:
    rng = table.rng
    kinds = [kind for kind in KINDS if rng.randint(1, 100) <= (55 if table.flat else 40)]
    kinds += ["money", rng.choice(KINDS)]
    rng.shuffle(kinds)
    for number, kind in enumerate(kinds):
        name = f"{level}_{kind}_{number}"
        term, entry = _fact(rng, name, kind)
        term = evolve(term, level=level)
        if not table.flat and (level != table.paid or rng.randint(1, 2) == 1):
            entry["level"] = level
        if rng.randint(1, 100) <= 35:
            entry["default"] = _default(table, term)
            if rng.randint(1, 100) <= 50:
                _needed(table, entry, level)
        table.facts[name] = entry
        table.writer.terms.append(term)


def _fact(rng: Random, name: str, kind: str) -> tuple[Term, dict[str, Any]]:
    entry: dict[str, Any] = {"label": f"事实{name}", "kind": kind}
    if kind == "flag":
        return Term(name, kind, fact=True), entry
    if kind == "choice":
        options = ("settler", "leader", "upgrader", "other")[: rng.randint(1, 4)]
        entry["options"] = {option: f"选项{option}" for option in options}
        return Term(name, kind, options=options, fact=True), entry
    if kind == "date":
        first, last = date(1990, 1, 1), date(2100, 12, 31)
        if rng.randint(1, 2) == 1:
            first = date(rng.choice([2000, 2019, 2023]), rng.randint(1, 12), 1)
            last = date(2026, rng.randint(1, 12), 28)
            entry |= {"at_least": first, "at_most": last}
        return Term(name, kind, Fraction(first.toordinal()), Fraction(last.toordinal()), fact=True), entry
    places = {"money": rng.choice([2, 2, 2, 4]), "number": rng.choice([0, 0, 0, 1, 2]), "rate": rng.choice([6, 6, 4])}[
        kind
    ]
    if places != {"money": 2, "number": 0, "rate": 6}[kind]:
        entry["decimals"] = places
    highs = {"money": [1, 100, 10**6, 10**11], "number": [1, 20, 1000, 100_000], "rate": [1, 2]}[kind]
    low, high = Fraction(rng.choice([0, 0, 0, 1, -5 if kind == "number" else 0])), Fraction(rng.choice(highs))
    if low >= high:
        low = ZERO
    open_low, open_high = rng.randint(1, 100) <= 15, rng.randint(1, 100) <= 20
    entry["more_than" if open_low else "at_least"] = _number(rng, kind, low)
    entry["less_than" if open_high else "at_most"] = _number(rng, kind, high + (1 if open_high else 0))
    step = Fraction(1, 10**places)
    top = high + 1 - step if open_high else high
    if kind == "number":
        entry["unit"] = rng.choice(["户", "人", "头"])
    return Term(name, kind, low + step if open_low else low, top, 10**places, fact=True), entry


def _number(rng: Random, kind: str, value: Fraction) -> Any:
    if kind == "rate":
        return rng.choice([f"{value * 100}%", str(value)])
    if value and value % 10**4 == 0 and rng.randint(1, 2) == 1:
        return f"{value / 10**4}万"
    return int(value)


def _default(table: _Table, term: Term) -> Any:
    rng = table.rng
    if term.kind == "flag":
        return rng.choice([True, False])
    if term.kind == "choice":
        return rng.choice(term.options)
    if term.kind == "date":
        return date.fromordinal(int(rng.choice([term.low, term.high])))
    value = rng.choice([term.low, term.high])
    return table.writer.literal(term.kind, value)


def _needed(table: _Table, entry: dict[str, Any], level: str) -> None:
    """Let a fact be needed only where a test over earlier facts holds."""
    facts = [term for term in table.writer.terms if term.fact and table.writer.seen(term, Place(level))]
    small = Writer(table.rng, table.writer.above, {}, facts, [], table.writer.constants)
    if facts:
        entry["needed_if"] = _bare(small.expression("flag", Place(level, inside=True), 1).text)


# Tables and lines


def _lookup_table(table: _Table) -> None:
    made = draw_table(table.rng, table.writer, f"table_{len(table.tables) + 1}", table.names)
    if made is not None:
        known, entry = made
        table.tables[known.name] = entry
        table.writer.tables.append(known)


def _line(table: _Table, name: str, level: str, kind: str) -> dict[str, Any]:
    """Write one line, and let later formulas see it."""
    rng, writer = table.rng, table.writer
    place = writer.source(level) if rng.randint(1, 100) <= 50 else Place(level)
    shared = _allocation(table, level, kind) if rng.randint(1, 100) <= 50 else None
    term = shared or _formula(table, kind, place)
    entry: dict[str, Any] = {"name": name, "label": f"行{name}", "formula": _bare(term.text)}
    if not table.flat and (level != table.paid or rng.randint(1, 2) == 1):
        entry["level"] = level
    entry["clause"] = rng.choice(["第三条", "unseen"])
    made = _rounded(table, term, entry, shared is not None)
    table.lines.append(entry)
    rounded = made.rounded and (made.kind == "money" or isinstance(entry.get("round"), dict))
    writer.terms.append(evolve(made, text=name, level=level, size=1, fact=False, rounded=rounded))
    return entry


def _formula(table: _Table, kind: str, place: Place) -> Term:
    writer = table.writer
    depth = table.rng.randint(1, 4)
    if kind in NUMERIC and writer.chance(25):
        divided = writer.guarded(kind, place, 2) if writer.chance(70) else writer.quotient(kind, place, 2)
        if divided is not None and divided.fits:
            return divided
    return writer.expression(kind, place, depth)


def _rounded(table: _Table, term: Term, entry: dict[str, Any], shared: bool) -> Term:
    """Give the line a rounding where it needs one, or may have one; return what is known of its value."""
    rng = table.rng
    if term.kind not in NUMERIC or term.text == "1":
        return term
    tree = ast.parse(term.text, mode="eval").body
    divides, varies = _divisions(tree, set(table.writer.constants))
    if term.kind != "money" and not divides and rng.randint(1, 100) <= 60:
        return term
    if not varies and rng.randint(1, 100) <= 20:
        entry["round"] = "none"
        return evolve(term, even=False)
    if term.kind == "money" and not shared and rng.randint(1, 100) <= 50:
        return _ends(term, Fraction(1, 100), 100)
    if shared:
        return _ends(term, Fraction(0), 100 if term.kind == "money" else term.den)
    word = rng.choice(MONEY_STEPS if term.kind == "money" else DECIMAL_STEPS)
    entry["round"] = {"mode": rng.choice(MODES), "to": word}
    step = Fraction(10_000) if term.kind == "money" else Fraction(word)
    return _ends(term, step, 100 if term.kind == "money" else step.denominator)


def _ends(term: Term, step: Fraction, den: int) -> Term:
    low = ZERO if term.low >= 0 else term.low - step
    high = ZERO if term.high <= 0 else term.high + step
    if term.low > 0:
        low = max(ZERO, term.low - step)
    if term.high < 0:
        high = min(ZERO, term.high + step)
    return evolve(term, low=low, high=high, den=den, even=True, rounded=True)


def _divisions(tree: ast.expr, constants: set[str]) -> tuple[bool, bool]:
    """Say whether a line ends in a division, and whether by a varying value."""
    if isinstance(tree, ast.IfExp):
        one, other = _divisions(tree.body, constants), _divisions(tree.orelse, constants)
        return one[0] or other[0], one[1] or other[1]
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div):
        return True, not (isinstance(tree.right, ast.Name) and tree.right.id in constants)
    return False, False


def _allocation(table: _Table, level: str, kind: str) -> Term | None:
    """Write allocate(total, weight), where a row above holds a total that can be divided."""
    rng, writer = table.rng, table.writer
    holders = writer.above[level][1:]
    if kind not in ("money", "number") or not holders:
        return None
    holder = rng.choice(holders)
    place = Place(holder, writer.below(holder), holes=rng.randint(1, 2) == 1)
    totals = [
        term for term in writer.visible(kind, place)
        if term.level == holder and (100 % term.den == 0 if kind == "money" else term.fact or term.rounded)
    ]  # fmt: skip
    if not totals:
        return None
    total = rng.choice(totals)
    if rng.randint(1, 100) <= 20:
        total = writer.limited("min", total, rng.choice(totals))
    weight = writer.expression(
        rng.choice(NUMERIC),
        Place(level, place.allowed & writer.below(level) if place.allowed else frozenset(), place.holes),
        2,
    )
    if weight.text == "1" or weight.low < 0:
        weight = writer.limited("max", Term("0", weight.kind), weight) if weight.text != "1" else weight
    through = writer.between(holder, level)
    made = writer.join(f"allocate({total.text}, {weight.text})", kind, total, weight, low=min(ZERO, total.low),
                       high=max(ZERO, total.high), den=total.den, even=total.even)  # fmt: skip
    return evolve(made, reach=made.reach | through)


def _payable(table: _Table, name: str) -> dict[str, Any]:
    """Write a line of the paid level whose amounts stay below 10^16 yuan, where capital numerals end."""
    while True:
        entry = _line(table, name, table.paid, "money")
        term = table.writer.terms[-1]
        if max(abs(term.low), abs(term.high)) < 10**16:
            return entry
        table.lines.remove(entry)
        table.writer.terms.pop()


def _pay(table: _Table, scheme: dict[str, Any]) -> dict[str, Any]:
    """Write the line that pays: money, rounded, not below zero unless it says why."""
    rng, writer = table.rng, table.writer
    entry = _payable(table, "pay")
    if not table.flat:
        entry["level"] = table.paid
    if entry.get("round") == "none":
        entry["round"] = {"mode": rng.choice(MODES), "to": rng.choice(MONEY_STEPS)}
        if "allocate" in entry["formula"]:
            # Shares are whole fen already, and coarser ones would not sum to what is divided.
            entry["round"]["to"] = "fen"
    term = writer.terms[-1]
    if term.low < 0:
        if rng.randint(1, 100) <= 60 and "allocate" not in entry["formula"] and "round" not in entry:
            entry["formula"] = f"max(0, {entry['formula']})"
            if "/" in entry["formula"]:
                entry["formula"] = entry["formula"][len("max(0, ") : -1]
                entry["may_be_negative"] = "退回多付的部分"
        else:
            entry["may_be_negative"] = "退回多付的部分"
    writer.terms.pop()
    if rng.randint(1, 100) <= 25:
        _parts(table, scheme, entry)
    if rng.randint(1, 100) <= 15:
        recovered = _payable(table, "recovered")
        if recovered.get("round") == "none":
            recovered["round"] = {"mode": "down", "to": "fen"}
        if not table.flat:
            recovered["level"] = table.paid
        scheme["recovers"] = "recovered"
    return entry


def _parts(table: _Table, scheme: dict[str, Any], pays: dict[str, Any]) -> None:
    """Split the amount into two parts that sum to it, or, at times, nearly so."""
    rng = table.rng
    level = {} if table.flat else {"level": table.paid}
    share = table.writer.constant("rate", Fraction(rng.choice([3, 5, 7]), 10))
    rest = "pay - from_centre" if rng.randint(1, 100) <= 75 else f"pay * {share.text}"
    for name, formula in (("from_centre", f"pay * {share.text}"), ("from_county", rest)):
        table.lines.append({"name": name, "label": f"部分{name}", "formula": formula, **level, "clause": "第六条"})
    scheme["parts"] = ["from_centre", "from_county"]


def _conditions(table: _Table) -> dict[str, list[dict[str, Any]]]:
    rng, writer = table.rng, table.writer
    made: dict[str, list[dict[str, Any]]] = {"requirements": [], "checks": [], "remarks": []}
    for level in table.names:
        where = {} if table.flat or (level == table.paid and rng.randint(1, 2) == 1) else {"level": level}
        if rng.randint(1, 100) <= 60:
            holds = writer.expression("flag", writer.source(level), rng.randint(1, 3))
            made["requirements"].append(
                {
                    "name": f"{level}_stands",
                    "holds": _bare(holds.text),
                    "otherwise": "不符合条件",
                    "clause": "第五条",
                    **where,
                }
            )
        if rng.randint(1, 100) <= 20:
            either = [writer.expression("flag", writer.source(level), 1).text for _ in range(2)]
            made["checks"].append(
                {"name": f"{level}_fits", "holds": " or ".join(either), "otherwise": "数据互相矛盾", **where}
            )
        if rng.randint(1, 100) <= 25:
            when = writer.expression("flag", Place(level, holes=rng.randint(1, 2) == 1, allowed=writer.below(level)), 2)
            made["remarks"].append({"name": f"{level}_noted", "when": _bare(when.text), "says": "请注意", **where})
    return made


def _bare(text: str) -> str:
    """Take off the outermost brackets where they enclose the whole."""
    if not text.startswith("("):
        return text
    depth = 0
    for at, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return text[1:-1] if at == len(text) - 1 else text
    return text
