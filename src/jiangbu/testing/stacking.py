"""Claims under made-up schemes that exclude one another, for tests of settlements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import evolve
from hypothesis import strategies as st

from jiangbu.rules.model import Exclusive
from jiangbu.rules.results import Outcome
from jiangbu.stacking import Claim

SCHEMES = ("a-award", "b-award", "c-award", "d-award")
CODES = ("91999999MA0000001A", "91999999MA0000002B")
PROJECTS = ("育肥场", "冷库")
CONTRACTS = ("L1", "L2")
DAYS = (date(2024, 1, 1), date(2024, 6, 30))
YUAN = (Decimal("0.01"), Decimal("1.00"), Decimal("2.00"), Decimal("3.00"), Decimal("500.00"))


@st.composite
def stacked_claims(draw: st.DrawFn, *, readable: bool = True, complete: bool = True, most: int = 7) -> list[Claim]:
    """Draw claims of few subjects, projects and loans under four schemes with clauses among them.

    :param readable: False has some whose facts cannot be used.
    :param complete: False leaves codes, projects, contract numbers and names out of some.
    :param most: how many claims at most.
    """
    rules = {scheme: draw(_clauses(scheme)) for scheme in SCHEMES}
    return draw(st.lists(_claim(rules, readable, complete), max_size=most))


def _clauses(scheme: str) -> st.SearchStrategy[tuple[Exclusive, ...]]:
    others = st.sets(st.sampled_from([other for other in SCHEMES if other != scheme]), min_size=1, max_size=2)
    per = st.sampled_from(("project", "subject", "loan"))
    keep = st.sampled_from(("largest", "largest", "first", "this"))
    clause = st.builds(Exclusive, others.map(lambda names: tuple(sorted(names))), per, keep, st.just("第六条"))
    return st.lists(clause, max_size=2).map(tuple)


@st.composite
def _claim(draw: st.DrawFn, rules: dict[str, tuple[Exclusive, ...]], readable: bool, complete: bool) -> Claim:
    scheme = draw(st.sampled_from(SCHEMES))
    code, contract = draw(st.sampled_from(CODES)), draw(st.sampled_from(CONTRACTS))
    ends = [Outcome.PAYABLE] * 5 + [Outcome.NIL, Outcome.REFUSED] + ([] if readable else [Outcome.UNREADABLE] * 2)
    outcome = draw(st.sampled_from(ends))
    claim = Claim(
        scheme,
        draw(st.sampled_from(DAYS)),
        outcome,
        draw(st.sampled_from(YUAN)) if outcome is Outcome.PAYABLE else Decimal("0.00"),
        place="999999",
        exclusive=rules[scheme],
        code=code,
        name=f"主体{CODES.index(code) + 1}",
        project=draw(st.sampled_from(PROJECTS)),
        contract=f"{contract}{code[-1]}",
    )
    if complete:
        return claim
    missing = draw(st.sets(st.sampled_from(("code", "project", "contract", "name")), max_size=2))
    return evolve(
        claim,
        code="" if "code" in missing else claim.code,
        project="" if "project" in missing else claim.project,
        contract="" if "contract" in missing else claim.contract,
        name="" if "name" in missing else claim.name,
    )
