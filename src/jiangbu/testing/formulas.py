"""Writing formulas of a wanted kind, so that kinds, bounds, denominators, divisors and levels fit by construction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from attrs import define, evolve, field, frozen

from jiangbu.money import scaled_to_decimal
from jiangbu.rules.kinds import decimals_of
from jiangbu.testing.terms import (
    NUMERIC,
    ONE,
    ZERO,
    Term,
    common_den,
    finest,
    joined,
    product_ends,
    product_kind,
    quotient_ends,
    quotient_kind,
)  # fmt: skip

MODES = ("half-up", "down", "up")
MONEY_STEPS = ("fen", "jiao", "yuan", "百元", "千元", "万元")
DECIMAL_STEPS = ("1", "0.1", "0.01", "0.001", "0.0001")
FIRST_SAFE, LAST_SAFE = date(1900, 1, 1).toordinal(), date(2300, 12, 31).toordinal()


@frozen
class Place:
    """Where a formula stands: its level, and what it may depend on.

    ``allowed`` limits the levels whose refusals it may depend on (None: any); ``holes`` lets tables with holes
    stand; ``inside`` is inside an aggregate.
    """

    level: str
    allowed: frozenset[str] | None = None
    holes: bool = False
    inside: bool = False


@frozen
class KnownTable:
    """A lookup table that formulas may use; ``meets`` says, input by input, that its rows leave no gap at all."""

    name: str
    inputs: tuple[Term, ...]
    columns: Mapping[str, Term]
    holes: bool
    meets: tuple[bool, ...]


@define
class Writer:
    """Writes formulas over what is declared so far; constants that it needs it declares itself."""

    rng: Random
    above: Mapping[str, tuple[str, ...]]
    series: Mapping[str, Sequence[str]] = field(factory=dict)
    terms: list[Term] = field(factory=list)
    tables: list[KnownTable] = field(factory=list)
    constants: dict[str, dict[str, Any]] = field(factory=dict)

    # What may stand

    @property
    def depth(self) -> dict[str, int]:
        return {name: len(chain) for name, chain in self.above.items()}

    def chance(self, percent: int) -> bool:
        return self.rng.randint(1, 100) <= percent

    def below(self, level: str) -> frozenset[str]:
        """Return the levels below one, at any depth."""
        return frozenset(name for name, chain in self.above.items() if level in chain[1:])

    def between(self, upper: str, lower: str) -> frozenset[str]:
        chain = self.above[lower]
        return frozenset(chain[: chain.index(upper)])

    def source(self, level: str) -> Place:
        """Return the place of a condition, or of a line with holes: nothing it reads may depend on its own row."""
        return Place(level, self.below(level), holes=True)

    def seen(self, term: Term, place: Place) -> bool:
        near = term.level in ("", *self.above[place.level])
        return near and (place.allowed is None or term.reach <= place.allowed)

    def visible(self, kind: str, place: Place) -> list[Term]:
        return [term for term in self.terms if term.kind == kind and self.seen(term, place)]

    # Leaves

    def constant(self, kind: str, value: Any, **words: Any) -> Term:
        """Declare a constant and return it; ``value`` is a Fraction for numbers, an ordinal for dates."""
        name = f"{kind}_{len(self.constants) + 1}"
        written = date.fromordinal(int(value)) if kind == "date" else value
        if isinstance(written, Fraction):
            if kind == "money" and decimals_of(written) > 2:
                words["decimals"] = decimals_of(written)
            written = self.literal(kind, written)
        label = {"money": "金额", "number": "数", "rate": "比例", "date": "日期"}.get(kind, "值")
        self.constants[name] = {"label": f"{label}{name}", "kind": kind, "value": written, "clause": "第二条", **words}
        options = tuple(words.get("options", ()))
        if not isinstance(value, Fraction | int) or isinstance(value, bool):
            return Term(name, kind, options=options)
        den = Fraction(value).denominator
        if kind == "money":
            den = common_den([Term("", "", den=den), Term("", "", den=100)])
        elif decimals_of(Fraction(value)) >= 0:
            den = 10 ** decimals_of(Fraction(value))
        return Term(name, kind, Fraction(value), Fraction(value), den, even=decimals_of(Fraction(value)) >= 0)

    def literal(self, kind: str, value: Fraction) -> Any:
        """Write a number as tables do, in one of its forms."""
        places = decimals_of(value)
        if places < 0:
            return f"{value.numerator}/{value.denominator}"
        if kind == "rate":
            forms = [str(_plain(value))]
            forms += [f"{_plain(value * 100)}%", f"{_plain(value * 1000)}‰"] if value >= 0 else []
            return self.rng.choice([*forms, _plain(value)] if places else forms)
        forms_: list[Any] = [str(_plain(value))]
        for word, times in (("万", 10**4), ("亿", 10**8)):
            if value and (value / times * 10**4).denominator == 1:
                forms_.append(f"{_plain(value / times)}{word}")
        return self.rng.choice([*forms_, int(value) if value.denominator == 1 else _plain(value)])

    def some_number(self, kind: str) -> Fraction:
        pick, rng = self.chance, self.rng
        if kind == "money":
            return Fraction(
                rng.choice([1, 3, 7, 50, 100, 999, 12_345, 50_000_000]), 1 if pick(60) else 100
            ) * rng.randint(1, 20)
        if kind == "rate":
            top = rng.choice([(1, 100), (1, 10), (3, 10), (1, 2), (435, 10_000), (2, 1000), (2, 37), (1, 3)])
            return Fraction(*top)
        return Fraction(rng.choice([2, 3, 7, 10, 12, 100, 360, 365]), 1 if pick(75) else rng.choice([2, 10, 100]))

    def leaf(self, kind: str, place: Place) -> Term:
        """Return a name of that kind; where none is seen, a constant or literal."""
        found = self.visible(kind, place)
        if kind == "flag" and (not found or self.chance(3)):
            return Term(self.rng.choice(["True", "False"]), "flag")
        if found and (kind in ("choice", "flag") or not self.chance(15)):
            return self.rng.choice(found)
        if kind in NUMERIC:
            return (
                Term("1", "number", ONE, ONE)
                if kind == "number" and self.chance(30)
                else self.constant(kind, self.some_number(kind))
            )
        if kind == "date":
            return self.constant("date", date(self.rng.randint(2018, 2026), self.rng.randint(1, 12), 28).toordinal())
        return Term("'none'", "choice", options=("none",))

    # Expressions

    def expression(self, kind: str, place: Place, depth: int) -> Term:
        """Write an expression of a kind; it always succeeds, with a name in the end."""
        if depth > 0:
            ways = _WAYS[kind]
            for _ in range(3):
                made = self.rng.choice(ways)(self, kind, place, depth - 1)
                if made is not None and made.fits:
                    return made
        return self.leaf(kind, place)

    def join(self, text: str, kind: str, *parts: Term, **known: Any) -> Term:
        return joined(text, kind, parts, self.depth, **known)

    def add(self, kind: str, place: Place, depth: int) -> Term | None:
        a, b = self.expression(kind, place, depth), self.expression(kind, place, depth)
        if self.chance(60):
            return self.join(
                f"({a.text} + {b.text})", kind, a, b, low=a.low + b.low, high=a.high + b.high, den=common_den([a, b])
            )
        return self.join(
            f"({a.text} - {b.text})", kind, a, b, low=a.low - b.high, high=a.high - b.low, den=common_den([a, b])
        )

    def multiply(self, kind: str, place: Place, depth: int) -> Term | None:
        kinds = {"money": ("money", self.rng.choice(["number", "rate"])), "rate": ("rate", "rate"),
                 "number": ("number", self.rng.choice(["number", "rate"]))}[kind]  # fmt: skip
        a, b = (self.expression(one, place, depth) for one in kinds)
        if self.chance(40):
            a, b = b, a
        if "1" in (a.text, b.text) and "rate" in (a.kind, b.kind):
            return None
        low, high = product_ends(a, b)
        return self.join(f"({a.text} * {b.text})", product_kind(a, b), a, b, low=low, high=high, den=a.den * b.den)

    def divide_by_constant(self, kind: str, place: Place, depth: int) -> Term | None:
        a = self.expression(kind, place, depth)
        b = self.constant("number", Fraction(self.rng.choice([3, 7, 12, 360, 100]), self.rng.choice([1, 1, 10])))
        if a.text == "1":
            return None
        ends = sorted((a.low / b.low, a.high / b.low))
        even = a.even and decimals_of(1 / b.low) >= 0
        return self.join(
            f"({a.text} / {b.text})", kind, a, b, low=ends[0], high=ends[1], den=a.den * b.low.numerator, even=even
        )

    def negative(self, kind: str, place: Place, depth: int) -> Term | None:
        a = self.expression(kind, place, depth)
        return self.join(f"(-{a.text})", kind, a, low=-a.high, high=-a.low, den=a.den)

    def extreme(self, kind: str, place: Place, depth: int) -> Term | None:
        word = self.rng.choice(["min", "max"])
        parts = [self.expression(kind, place, depth) for _ in range(2 if self.chance(75) else 3)]
        if kind != "date" and all(part.text != "1" for part in parts) and self.chance(25):
            parts[self.rng.randint(0, 1)] = Term("0", kind)
        if all(part.text in ("0", "1") for part in parts):
            return None
        return self.limited(word, *parts)

    def limited(self, word: str, *parts: Term) -> Term:
        """Write min(…) or max(…); a 0 among the parts takes the kind of the others."""
        pick = min if word == "min" else max
        text = f"{word}({', '.join(part.text for part in parts)})"
        kind = next((part.kind for part in parts if part.text != "0"), parts[0].kind)
        return self.join(
            text, kind, *parts, low=pick(part.low for part in parts), high=pick(part.high for part in parts),
            den=common_den(parts),
        )  # fmt: skip

    def choose(self, kind: str, place: Place, depth: int) -> Term | None:
        test = self.expression("flag", place, depth)
        a, b = self.expression(kind, place, depth), self.expression(kind, place, depth)
        if kind in NUMERIC and a.text != "1" and self.chance(30):
            b = Term("0", kind)
        if self.chance(50):
            a, b = b, a
        if {a.text, b.text} <= {"0", "1"}:
            return None
        return self.branches(test, a, b)

    def branches(self, test: Term, a: Term, b: Term) -> Term:
        options = tuple(dict.fromkeys(a.options + b.options))
        kind = a.kind if a.text != "0" else b.kind
        return self.join(
            f"({a.text} if {test.text} else {b.text})", kind, a, b, test,
            low=min(a.low, b.low), high=max(a.high, b.high),
            den=common_den([a, b]), options=options, even=a.even and b.even,
        )  # fmt: skip

    def round_to(self, kind: str, place: Place, depth: int) -> Term | None:
        inner = self.quotient(kind, place, depth) if self.chance(40) else self.expression(kind, place, depth)
        if inner is None or inner.text == "1":
            return None
        word = self.rng.choice(MONEY_STEPS if kind == "money" else DECIMAL_STEPS)
        text = f"round_to({inner.text}, '{word}', '{self.rng.choice(MODES)}')"
        den = 100 if kind == "money" else Fraction(word).denominator
        step = Fraction(10_000) if kind == "money" else Fraction(word)
        low, high = _outward(inner.low - step, inner.low), _outward(inner.high + step, inner.high)
        return self.join(text, kind, inner, low=low, high=high, den=den, even=True)

    def whole(self, kind: str, place: Place, depth: int) -> Term | None:
        of = self.rng.choice(["number", "rate"])
        inner = self.quotient(of, place, depth) if self.chance(60) else self.expression(of, place, depth)
        if inner is None or inner.text == "1":
            return None
        low, high = Fraction(inner.low // 1), Fraction(inner.high // 1)
        return self.join(f"whole({inner.text})", "number", inner, low=low, high=high, den=1, even=True)

    # Quotients

    def quotient(self, kind: str, place: Place, depth: int) -> Term | None:
        """Write a quotient by a varying value that is above zero on its own."""
        parts = self.divided(kind, place, depth)
        if parts is None:
            return None
        a, d = parts
        if d.low <= 0:
            floor = (
                Term("1", "number", ONE, ONE)
                if d.kind == "number"
                else self.constant(d.kind, abs(self.some_number(d.kind)))
            )
            d = self.limited("max", floor, d)
        low, high = quotient_ends(a, d.low, max(d.low, d.high))
        return self.join(f"({a.text} / {d.text})", kind, a, d, low=low, high=high)

    def divided(self, kind: str, place: Place, depth: int) -> tuple[Term, Term] | None:
        of = {"money": [("money", "number"), ("money", "rate")], "rate": [("rate", "number")],
              "number": [("money", "money"), ("number", "number"), ("number", "rate")]}[kind]  # fmt: skip
        top, bottom = self.rng.choice(of)
        a = self.expression(top, place, depth)
        names = [term for term in self.visible(bottom, place) if term.high > 0 and term.low < term.high]
        if not names or a.text == "1" or quotient_kind(a, Term("", bottom)) != kind:
            return None
        return a, self.rng.choice(names)

    def guarded(self, kind: str, place: Place, depth: int) -> Term | None:
        """Write a quotient as a branch, behind a test that its divisor is above zero."""
        parts = self.divided(kind, place, depth)
        if parts is None:
            return None
        a, d = parts
        if self.chance(25):
            a = self.expression(a.kind, place, 0)
        if a.text == "1":
            return None
        low, high = quotient_ends(a, Fraction(1, d.den), d.high if d.high >= Fraction(1, d.den) else ONE)
        divided = self.join(f"{a.text} / {d.text}", kind, a, d, low=low, high=high)
        tests = [f"{d.text} > 0", f"0 < {d.text}", f"not {d.text} <= 0"]
        refusals = [f"{d.text} <= 0", f"not {d.text} > 0"]
        if d.low == 0:
            tests.append(f"{d.text} != 0")
            refusals.append(f"{d.text} == 0")
        other = self.expression("flag", place, 0)
        tests.append(f"{other.text} and {d.text} > 0")
        rest = Term("0", kind) if self.chance(60) else self.expression(kind, place, 1)
        if rest.text == "1":
            rest = Term("0", kind)
        if self.chance(70):
            text = f"({divided.text} if {self.rng.choice(tests)} else {rest.text})"
        else:
            text = f"({rest.text} if {self.rng.choice(refusals)} else {divided.text})"
        return self.join(text, kind, divided, rest, other, low=min(low, rest.low), high=max(high, rest.high))

    # Conditions

    def compare(self, kind: str, place: Place, depth: int) -> Term | None:
        of = self.rng.choice(["money", "number", "rate", "date", "choice", "money", "number"])
        if of == "choice":
            return self.same_choice(place)
        a = self.expression(of, place, depth)
        others = [self.expression(of, place, depth if at == 0 else 0) for at in range(1 if self.chance(80) else 2)]
        if of in NUMERIC and self.chance(25):
            others[0] = Term("0", of)
        if {a.text, *(part.text for part in others)} <= {"0", "1"}:
            return None
        text = a.text
        for part in others:
            text += f" {self.rng.choice(['<', '<=', '>', '>=', '==', '!='])} {part.text}"
        return self.join(f"({text})", "flag", a, *others)

    def compare_quotient(self, kind: str, place: Place, depth: int) -> Term | None:
        of = self.rng.choice(NUMERIC)
        a, b = self.quotient(of, place, depth), self.expression(of, place, depth)
        if a is None or b.text == "1":
            return None
        pair = [a, b] if self.chance(70) else [b, a]
        sign = self.rng.choice(["<", "<=", ">", ">=", "==", "!="])
        return self.join(f"({pair[0].text} {sign} {pair[1].text})", "flag", *pair)

    def same_choice(self, place: Place) -> Term | None:
        found = [term for term in self.visible("choice", place) if term.options]
        if not found:
            return None
        a = self.rng.choice(found)
        option = f"'{self.rng.choice(a.options)}'"
        sign = self.rng.choice(["==", "!="])
        text = f"({a.text} {sign} {option})" if self.chance(70) else f"({option} {sign} {a.text})"
        return self.join(text, "flag", a)

    def member(self, kind: str, place: Place, depth: int) -> Term | None:
        word = self.rng.choice(["in", "in", "not in"])
        found = [term for term in self.visible("choice", place) if term.options]
        if found and self.chance(60):
            a = self.rng.choice(found)
            listed = [option for option in a.options if self.chance(50)] or [a.options[0]]
            return self.join(f"({a.text} {word} ({', '.join(map(repr, listed))},))", "flag", a)
        of = self.rng.choice(["money", "number", "date"])
        a, *listed_ = (self.leaf(of, place) for _ in range(self.rng.randint(2, 3)))
        if all(part.text == "1" for part in (a, *listed_)):
            return None
        return self.join(f"({a.text} {word} ({', '.join(part.text for part in listed_)},))", "flag", a, *listed_)

    def logic(self, kind: str, place: Place, depth: int) -> Term | None:
        word = self.rng.choice([" and ", " or "])
        parts = [self.expression("flag", place, depth) for _ in range(2 if self.chance(80) else 3)]
        return self.join(f"({word.join(part.text for part in parts)})", "flag", *parts)

    def negation(self, kind: str, place: Place, depth: int) -> Term | None:
        a = self.expression("flag", place, depth)
        return self.join(f"(not {a.text})", "flag", a)

    # Dates

    def shifted(self, kind: str, place: Place, depth: int) -> Term | None:
        day = self.expression("date", place, depth)
        counts = [
            term for term in self.visible("number", place) if term.den == 1 and -600 <= term.low and term.high <= 600
        ]
        count = (
            self.rng.choice(counts)
            if counts and self.chance(70)
            else self.constant("number", Fraction(self.rng.choice([1, 6, 12, 36])))
        )
        word = self.rng.choice(["later", "after"])
        longest = 31 if word == "later" else 1
        shortest = 28 if word == "later" else 1
        low = day.low + count.low * (longest if count.low < 0 else shortest) - (3 if word == "later" else 0)
        high = day.high + count.high * (longest if count.high > 0 else shortest) + (3 if word == "later" else 0)
        if low < FIRST_SAFE or high > LAST_SAFE:
            return None
        return self.join(f"{word}({day.text}, {count.text})", "date", day, count, low=low, high=high, den=1)

    def span(self, kind: str, place: Place, depth: int) -> Term | None:
        a, b = self.expression("date", place, depth), self.expression("date", place, depth)
        word = self.rng.choice(["days", "months", "year"])
        if word == "year":
            low, high = (Fraction(date.fromordinal(int(end)).year) for end in (a.low, a.high))
            return self.join(f"year({a.text})", "number", a, low=low, high=high, den=1)
        low, high = b.low - a.high, b.high - a.low
        if word == "months":
            low = low / (31 if low > 0 else 28) - 1
            high = high / (28 if high > 0 else 31) + 1
        return self.join(f"{word}({a.text}, {b.text})", "number", a, b, low=low, high=high, den=1)

    def in_series(self, kind: str, place: Place, depth: int) -> Term | None:
        if not self.series or place.inside:
            return None
        name = self.rng.choice(sorted(self.series))
        day = self.expression("date", place, depth)
        text = f"{name}.{self.rng.choice(list(self.series[name]))}({day.text})"
        return self.join(text, "rate", day, low=ZERO, high=Fraction(1), den=10**6, even=True)

    # Tables

    def usable(self, table: KnownTable, place: Place) -> bool:
        return place.holes or not table.holes

    def looked_up(self, kind: str, place: Place, depth: int) -> Term | None:
        found = [
            (table, name, column) for table in self.tables for name, column in table.columns.items()
            if column.kind == kind and self.usable(table, place)
        ]  # fmt: skip
        if not found:
            return None
        table, name, column = self.rng.choice(found)
        declared = all(self.seen(key, place) for key in table.inputs)
        if declared and self.chance(60):
            return self.join(f"{table.name}.{name}", kind, *table.inputs, **_known(column))
        keys = [self.key(table, at, place, depth) for at in range(len(table.inputs))]
        ready = [key for key in keys if key is not None]
        if len(ready) < len(keys):
            return None
        return self.join(f"{table.name}.{name}({', '.join(key.text for key in ready)})", kind, *ready, **_known(column))

    def key(self, table: KnownTable, at: int, place: Place, depth: int) -> Term | None:
        """Write a value at which a table may be looked up along one of its inputs."""
        of = table.inputs[at]
        if of.kind == "flag":
            return self.expression("flag", place, depth)
        if of.kind == "choice":
            same = [
                term for term in self.visible("choice", place) if term.options and set(term.options) <= set(of.options)
            ]
            return (
                self.rng.choice(same)
                if same and self.chance(60)
                else Term(f"'{self.rng.choice(of.options)}'", "choice")
            )
        if not of.fact:
            return None
        x = self.expression(of.kind, place, min(depth, 1))
        if x.text == "1" or not (table.meets[at] or of.den % x.den == 0):
            return None
        if x.low < of.low or x.high > of.high:
            x = self.limited(
                "min", self.limited("max", x, self.constant(of.kind, of.low)), self.constant(of.kind, of.high)
            )
        return x if table.meets[at] or of.den % x.den == 0 else None

    def marginal(self, kind: str, place: Place, depth: int) -> Term | None:
        found = []
        for table in self.tables:
            along = [at for at, key in enumerate(table.inputs) if key.kind in NUMERIC]
            if len(along) == 1 and table.inputs[along[0]].low >= 0 and self.usable(table, place):
                others = [key for at, key in enumerate(table.inputs) if at != along[0]]
                if all(self.seen(key, place) for key in others):
                    found += [
                        (table, along[0], name, column) for name, column in table.columns.items() if column.numeric
                    ]
        fitting = [
            entry for entry in found
            if {entry[0].inputs[entry[1]].kind, entry[3].kind} != {"money"}
            and product_kind(entry[0].inputs[entry[1]], entry[3]) == kind
        ]  # fmt: skip
        if not fitting:
            return None
        table, along_, name, column = self.rng.choice(fitting)
        of = table.inputs[along_]
        x = of if self.seen(of, place) and self.chance(50) else self.key(table, along_, place, depth)
        if x is None or (of.kind == "number" and of.den == 1 and x.den != 1):
            return None
        others_ = [key for at, key in enumerate(table.inputs) if at != along_]
        low, high = x.high * min(ZERO, column.low), x.high * max(ZERO, column.high)
        return self.join(f"marginal({table.name}.{name}, {x.text})", kind, x, *others_, low=low, high=high,
                         den=column.den * x.den * 10**4, even=False)  # fmt: skip

    # Rows below

    def aggregate(self, kind: str, place: Place, depth: int) -> Term | None:
        lower = sorted(name for name in self.below(place.level))
        if place.inside or not lower:
            return None
        over = self.rng.choice(lower)
        through = self.between(place.level, over)
        if place.allowed is not None and not through <= place.allowed:
            return None
        counting = kind == "number" and self.chance(50)
        allowed = place.allowed
        holes = place.holes and self.chance(50)
        if holes:
            allowed = self.below(over) if allowed is None else allowed & self.below(over)
        inner = self.expression("flag" if counting else kind, Place(over, allowed, holes, inside=True), min(depth, 1))
        if inner.level != over:
            if not counting:
                return None
            inner = Term(over, "flag", level=over)
        word = "count" if counting else self.rng.choice(["sum", "sum", "largest", "smallest"])
        low, high = (ZERO, ONE) if counting else (min(ZERO, inner.low), max(ZERO, inner.high))
        times = 1 if word in ("largest", "smallest") else 10 ** (6 * len(through))
        of, den = ("number", 1) if counting else (kind, inner.den)
        made = self.join(f"{word}({inner.text})", of, inner, low=low * times, high=high * times, den=den)
        return evolve(made, level=place.level, reach=made.reach | through)


def _known(column: Term) -> dict[str, Any]:
    return {"low": column.low, "high": column.high, "den": column.den, "options": column.options, "even": column.even}


def _plain(value: Fraction) -> Any:
    places = decimals_of(value)
    return scaled_to_decimal(int(value * 10**places), places)


def _outward(far: Fraction, near: Fraction) -> Fraction:
    """Return an end moved outward, but not across zero: rounding never changes a sign."""
    return ZERO if near == 0 or (far < 0 < near) or (near < 0 < far) else far


Way = Callable[[Writer, str, Place, int], Term | None]
_ANY: tuple[Way, ...] = (
    Writer.add, Writer.multiply, Writer.multiply, Writer.extreme, Writer.choose, Writer.round_to, Writer.looked_up,
    Writer.looked_up, Writer.marginal, Writer.aggregate, Writer.aggregate, Writer.negative,
)  # fmt: skip
_WAYS: Mapping[str, tuple[Way, ...]] = {
    "money": (*_ANY, Writer.divide_by_constant),
    "number": (*_ANY, Writer.whole, Writer.span, Writer.divide_by_constant),
    "rate": (*_ANY, Writer.in_series, Writer.divide_by_constant),
    "flag": (Writer.compare, Writer.compare, Writer.compare_quotient, Writer.member, Writer.logic, Writer.negation,
             Writer.looked_up, Writer.choose),
    "choice": (Writer.looked_up, Writer.choose),
    "date": (Writer.shifted, Writer.extreme, Writer.choose, Writer.looked_up),
}  # fmt: skip

__all__ = ["KnownTable", "Place", "Term", "Writer", "finest"]
