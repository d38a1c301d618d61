"""The comparison of an opinion with a determination: nothing where they agree, a line where they part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import pytest
from attrs import define, evolve, field

from jiangbu.audit.second_opinion import Opinion, OpinionRow, differences


class Outcome(Enum):
    """The outcomes as a determination carries them."""

    PAYABLE = "payable"
    NIL = "nil"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


@define
class Line:
    """A line of a determination."""

    value: object


@define
class Refusal:
    """A refusal with the path of ids of its row."""

    code: str
    row: str = ""


@define
class Problem:
    """A problem of a determination."""

    code: str
    path: str


@define
class Remark:
    """A remark of a determination."""

    name: str
    row: str = ""


@define
class Given:
    """What `differences` reads of a determination or of a row of one."""

    outcome: Outcome | None
    amount: Decimal | None
    lines: dict[str, Line]
    id: str = ""
    refusals: tuple[Refusal, ...] = ()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()
    below: dict[str, tuple[Given, ...]] = field(factory=dict)

    def rows(self, level: str) -> tuple[Given, ...]:
        """Return the rows of a level."""
        return self.below.get(level, ())


ASIDE = OpinionRow("P0", "P0", None, None, {}, (), "待核实", {})
ROW = OpinionRow("P1", "P1", "payable", Fraction("1.5"), {"award": Fraction("1.5")}, (), None, {})
REFUSED = OpinionRow("P2", "P2", "refused", Fraction(0), {"award": None}, ("s.enough",), None, {})
OPINION = Opinion(
    outcome="payable",
    amount=Fraction("1.5"),
    lines={"rate": Fraction(2, 37), "ok": True, "day": date(2024, 1, 1), "grade": "a"},
    refusals=("P2: s.enough",),
    problems=(),
    remarks=("noticed",),
    rows={"project": (ASIDE, ROW, REFUSED)},
)


def given() -> Given:
    """Return the determination that agrees with `OPINION`."""
    lines = {
        "rate": Line(Fraction(2, 37)),
        "ok": Line(True),
        "day": Line(date(2024, 1, 1)),
        "grade": Line("a"),
    }
    rows = (
        Given(Outcome.PAYABLE, Decimal("1.50"), {"award": Line(Decimal("1.50"))}, "P1"),
        Given(Outcome.REFUSED, Decimal("0.00"), {"award": Line(None)}, "P2"),
    )
    return Given(
        Outcome.PAYABLE,
        Decimal("1.50"),
        lines,
        refusals=(Refusal("s.enough", "P2"),),
        remarks=(Remark("noticed"),),
        below={"project": rows},
    )


def test_nothing_is_told_where_they_agree() -> None:
    """Decimal and Fraction of one value are equal; a row set aside is not looked for."""
    assert differences(OPINION, given()) == ()


def planted() -> list[tuple[str, Any]]:
    """Return determinations that are wrong in one place, with the place that must be named."""
    one, two = given().below["project"]
    lines = given().lines
    return [
        ("outcome", evolve(given(), outcome=Outcome.NIL)),
        ("amount", evolve(given(), amount=Decimal("1.51"))),
        ("rate", evolve(given(), lines=lines | {"rate": Line(Fraction(2, 36))})),
        ("ok", evolve(given(), lines=lines | {"ok": Line(Decimal(1))})),
        ("day", evolve(given(), lines=lines | {"day": Line(None)})),
        ("grade", evolve(given(), lines={name: line for name, line in lines.items() if name != "grade"})),
        ("extra", evolve(given(), lines=lines | {"extra": Line(Decimal(0))})),
        ("refusals", evolve(given(), refusals=())),
        ("refusals", evolve(given(), refusals=(Refusal("s.enough"),))),
        ("problems", evolve(given(), problems=(Problem("float", "x"),))),
        ("remarks", evolve(given(), remarks=())),
        ("rows of project", evolve(given(), below={"project": (one,)})),
        ("P1: outcome", evolve(given(), below={"project": (evolve(one, outcome=Outcome.NIL), two)})),
        ("P1: amount", evolve(given(), below={"project": (evolve(one, amount=Decimal(1)), two)})),
        (
            "P2: award",
            evolve(given(), below={"project": (one, evolve(two, lines={"award": Line(Decimal(0))}))}),
        ),
    ]


@pytest.mark.parametrize(("place", "wrong"), planted())
def test_each_difference_is_told_with_its_place(place: str, wrong: Given) -> None:
    """A fen, a kind, a code, a missing row: each planted fault is one line that names its place."""
    told = differences(OPINION, wrong)

    assert [text.partition(": second opinion")[0] for text in told] == [place]


def test_an_unreadable_case_is_compared_like_any_other() -> None:
    """Problems must be the same, and a line or refusal that rests on what was not read is told."""
    unreadable = {"outcome": "unreadable", "amount": Fraction(0), "problems": (("float", "x"),)}
    opinion = evolve(OPINION, **unreadable, lines={"rate": None}, refusals=(), remarks=(), rows={})
    same = Given(Outcome.UNREADABLE, Decimal(0), {"rate": Line(None)}, problems=(Problem("float", "x"),))

    assert differences(opinion, same) == ()
    assert len(differences(opinion, evolve(same, problems=(Problem("float", "y"),)))) == 1
    assert len(differences(opinion, evolve(same, lines={"rate": Line(Decimal(0))}))) == 1
    assert len(differences(opinion, evolve(same, refusals=[Refusal("award.enough")]))) == 1
