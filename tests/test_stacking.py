"""Settlements: the laws that they keep, against a settlement by trying every choice, and what a clerk reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from jiangbu import NoBook, RuleBook, dumps, loads, settle
from jiangbu.rules.made import Maker
from jiangbu.rules.model import Exclusive
from jiangbu.rules.results import Outcome
from jiangbu.rules.scheme import Scheme
from jiangbu.stacking import Claim, Settlement, Verdict
from jiangbu.stacking.words import exclusions
from jiangbu.testing import stacked_claims
from jiangbu.testing.stacking import CODES, CONTRACTS, DAYS, PROJECTS, YUAN
from toy_maker import DOCUMENTS, TOY

ZERO = Decimal("0.00")
AT = {"project": ("code", "project"), "subject": ("code",), "loan": ("contract",)}


# A second settlement, which shares nothing with the first: it tries every choice of claims.


def key(claim: Claim, per: str) -> tuple[str, ...]:
    return tuple(getattr(claim, name) for name in AT[per])


def winners(one: Claim, other: Claim, claims: Sequence[Claim]) -> set[int]:
    """Which of two claims the clauses keep: 0 the one, 1 the other, both where they contradict; none if no clause."""
    found = set()
    for at, (own, rival) in enumerate([(one, other), (other, one)]):
        for item in own.exclusive:
            if rival.scheme not in item.with_ or key(own, item.per) != key(rival, item.per):
                continue
            if item.keep == "this":
                own_wins = True
            elif item.keep == "first":
                own_wins = sorted([(own.on, own.scheme), (rival.on, rival.scheme)])[0] == (own.on, own.scheme)
            else:
                whole = Counter[str]()
                for claim in claims:
                    if key(claim, item.per) == key(own, item.per):
                        whole[claim.scheme] += int(claim.amount * 100)
                ranked = sorted([own.scheme, rival.scheme], key=lambda scheme: (-whole[scheme], scheme))
                own_wins = ranked[0] == own.scheme
            found.add(at if own_wins else 1 - at)
    return found


def beats(claims: Sequence[Claim]) -> set[tuple[int, int]]:
    """Every pair of numbers of payable claims of which the first takes the place of the second."""
    payable = [number for number, claim in enumerate(claims) if claim.amount > 0]
    found = set()
    for pair in combinations(payable, 2):
        for winner in winners(claims[pair[0]], claims[pair[1]], claims):
            found.add((pair[winner], pair[1 - winner]))
    return found


def stable_choices(claims: Sequence[Claim]) -> list[set[int]]:
    """Every choice in which no two exclude one another, and each that is left out is beaten by a chosen one."""
    payable = [number for number, claim in enumerate(claims) if claim.amount > 0]
    over = beats(claims)
    found = []
    for size in range(len(payable) + 1):
        for chosen in map(set, combinations(payable, size)):
            apart = not any(one in chosen and other in chosen for one, other in over)
            if apart and all(any((one, out) in over for one in chosen) for out in set(payable) - chosen):
                found.append(chosen)
    return found


def has_circle(pairs: set[tuple[int, int]]) -> bool:
    """Whether one comes back to where one started, going from winner to loser."""
    left = set(pairs)
    while ends := {loser for _, loser in left} - {winner for winner, _ in left}:
        left = {(winner, loser) for winner, loser in left if loser not in ends}
    return bool(left)


def multiset(claims: Iterable[Claim]) -> Counter[Claim]:
    return Counter(claims)


def by_verdict(settlement: Settlement, verdict: Verdict) -> Counter[Claim]:
    return multiset(item.claim for item in settlement.of(verdict))


@settings(deadline=None, max_examples=400)
@given(stacked_claims())
def test_what_is_decided_stands_in_every_choice(claims: list[Claim]) -> None:
    """What is kept is in every stable choice, what gives way in none; without a circle there is one choice alone."""
    result = settle(claims)
    choices = stable_choices(claims)
    for choice in choices:
        chosen = multiset(claims[number] for number in choice)
        assert not by_verdict(result, Verdict.KEPT) - chosen
        assert not by_verdict(result, Verdict.GIVEN_UP) & (chosen - by_verdict(result, Verdict.KEPT))
    if not has_circle(beats(claims)):
        assert [multiset(claims[number] for number in choices[0])] == [by_verdict(result, Verdict.KEPT)]
        assert 1 == len(choices)
        assert () == result.of(Verdict.PENDING)


@settings(deadline=None)
@given(stacked_claims(readable=False, complete=False), st.randoms(use_true_random=False))
def test_the_order_given_does_not_matter(claims: list[Claim], rng: object) -> None:
    """Any order of the claims gives the same settlement."""
    mixed = list(claims)
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert settle(claims) == settle(mixed)


@settings(deadline=None)
@given(stacked_claims(readable=False, complete=False))
def test_money_is_conserved(claims: list[Claim]) -> None:
    """Every claim comes back once; none pays more than its amount; what is kept, given up and pending is the whole."""
    result = settle(claims)
    assert multiset(claims) == multiset(item.claim for item in result.items)
    assert {item.claim.amount if item.verdict is Verdict.KEPT else ZERO for item in result.items} >= {
        item.pays for item in result.items
    }
    assert sum((item.pays for item in result.items), ZERO) == result.amount == result.sum(Verdict.KEPT)
    assert sum((claim.amount for claim in claims), ZERO) == sum((result.sum(verdict) for verdict in Verdict), ZERO)
    assert ZERO == result.sum(Verdict.NOTHING)


@settings(deadline=None)
@given(stacked_claims())
def test_no_two_kept_claims_exclude_one_another(claims: list[Claim]) -> None:
    """Among the kept there is no pair that a clause sets against one another, and each given up names a kept one."""
    result = settle(claims)
    kept = [item.claim for item in result.of(Verdict.KEPT)]
    assert [] == [pair for pair in combinations(kept, 2) if winners(*pair, claims)]
    for item in result.of(Verdict.GIVEN_UP):
        assert item.grounds
        assert all(0 in winners(ground.other, item.claim, claims) for ground in item.grounds)
        assert all(ground.other in kept for ground in item.grounds)


@settings(deadline=None)
@given(stacked_claims(most=5), stacked_claims(most=5))
def test_other_subjects_change_nothing(claims: list[Claim], others: list[Claim]) -> None:
    """Claims of other subjects, projects and loans settle apart."""
    apart = [evolve(one, code=one.code[::-1], contract=one.contract + "x", name=one.name + "乙") for one in others]
    together = settle([*claims, *apart])
    for verdict in Verdict:
        both = by_verdict(settle(claims), verdict) + by_verdict(settle(apart), verdict)
        assert both == by_verdict(together, verdict)


@settings(deadline=None, max_examples=300)
@given(stacked_claims(readable=False, most=6), st.data())
def test_what_is_decided_stays_whatever_the_unreadable_turn_out_to_be(claims: list[Claim], data: st.DataObject) -> None:
    """No amount that a claim with unreadable facts may get overturns a verdict that was given without it."""
    first = [(item.claim, item.verdict) for item in settle(claims).items if item.verdict is not Verdict.PENDING]
    ends = st.sampled_from((ZERO, *YUAN))
    mended = []
    for claim in claims:
        if claim.outcome is Outcome.UNREADABLE:
            amount = data.draw(ends)
            outcome = Outcome.PAYABLE if amount else Outcome.NIL
            mended.append(evolve(claim, outcome=outcome, amount=amount, row="mended"))
        else:
            mended.append(claim)
    later = [(item.claim, item.verdict) for item in settle(mended).items if item.claim.row != "mended"]
    assert not multiset(one for one in first if one[0].outcome is not Outcome.UNREADABLE) - multiset(later)


@settings(deadline=None, max_examples=300)
@given(stacked_claims(most=6), st.data())
def test_a_claim_that_lacks_its_number_waits_if_it_matters(claims: list[Claim], data: st.DataObject) -> None:
    """A claim without its code, project or contract number is kept only where no number could change that.

    A loan whose number is missing is one of its own subject's.
    """
    if not claims:
        return
    lacks = data.draw(st.sampled_from(("code", "project", "contract")))
    marked = evolve(claims[0], row="marked")
    rest = claims[1:]
    without = settle([evolve(marked, **{lacks: ""}, name=""), *rest])
    verdict = next(item.verdict for item in without.items if item.claim.row == "marked")
    loans = [f"{contract}{marked.code[-1]}" for contract in CONTRACTS]
    values = {"code": CODES, "project": PROJECTS, "contract": loans}
    for value in (*values[lacks], "another"):
        filled = settle([evolve(marked, **{lacks: value}), *rest])
        found = next(item.verdict for item in filled.items if item.claim.row == "marked")
        assert verdict is not Verdict.KEPT or found is Verdict.KEPT


@settings(deadline=None)
@given(stacked_claims(readable=False, complete=False))
def test_who_waits_is_told_why(claims: list[Claim]) -> None:
    """There is a problem exactly where a claim is pending, and each problem has a remedy."""
    result = settle(claims)
    assert bool(result.of(Verdict.PENDING)) == bool(result.problems)
    assert all(problem.remedy and problem.found and problem.path for problem in result.problems)


@given(st.lists(st.sampled_from(YUAN), min_size=1, max_size=4), st.sampled_from(("project", "subject", "loan")))
def test_of_schemes_that_all_exclude_one_another_one_is_kept(amounts: list[Decimal], per: str) -> None:
    """Where every two exclude one another exactly one is kept: the largest, ties by scheme id."""
    names = ["a-award", "b-award", "c-award", "d-award"][: len(amounts)]
    claims = [
        claim(name, amount, exclusive=(Exclusive(tuple(set(names) - {name}), per, "largest", "第六条"),))
        for name, amount in zip(names, amounts, strict=True)
    ]
    result = settle(claims)
    best = min(zip(names, amounts, strict=True), key=lambda pair: (-pair[1], pair[0]))
    assert [best] == [(item.claim.scheme, item.pays) for item in result.of(Verdict.KEPT)]
    assert len(names) - 1 == len(result.of(Verdict.GIVEN_UP))


# Examples: determinations


RULE = """format = 1
[scheme]
id          = "{id}"
title       = "{title}"
place       = "999999"
document    = "测试〔2024〕1号"
status      = "in-force"
effective   = {{ from = 2024-01-01 }}
beneficiary = "household"
pays        = "award"
{levels}
[facts.asked]
label    = "申报金额"
kind     = "money"
at_least = 0
at_most  = "100万"
[[requirements]]
name      = "something"
holds     = "asked > 0"
otherwise = "没有申报"
clause    = "第三条"
[[lines]]
name    = "award"
label   = "奖补"
formula = "asked"
{level}
clause  = "第二条"
[[exclusive]]
with   = ["{other}"]
per    = "{per}"
keep   = "largest"
clause = "第六条"
"""


def schemes(folder: Path, per: str, *, levels: str = "", level: str = "", makers: Sequence[Maker] = ()) -> list[Scheme]:
    """Two schemes that exclude one another; ``levels`` are those of the first, ``level`` its paid one."""
    (folder / "999999-example").mkdir()
    (folder / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    paid = f'level = "{level}"' if level else ""
    for id, title, other, rows, line in (
        ("a-award", "甲奖补", "b-award", levels, paid),
        ("b-award", "乙奖补", "a-award", "", ""),
    ):
        text = RULE.format(id=id, title=title, other=other, per=per, levels=rows, level=line)
        (folder / "999999-example" / f"{id}.toml").write_text(text, encoding="utf-8")
    book = RuleBook.load(folder, makers=makers, shipped=False)
    return [book.scheme(id, on=date(2024, 6, 30)) for id in ("a-award", "b-award")]


def test_determinations_settle(tmp_path: Path) -> None:
    """``settle`` takes determinations as they come, by the subject's code, name and project."""
    one, other = schemes(tmp_path, "project")
    subject = {"code": CODES[0], "name": "示例牧业", "project": "育肥场", "seq": 12}
    results = [one.determine({"asked": 300}, subject), other.determine({"asked": "500.50"}, subject)]
    results += [other.determine({"asked": 0}, {**subject, "project": "冷库"}), one.try_determine({}, {"code": 7})]
    result = settle(results)
    assert [
        ("7", "", "0.00", "unreadable", "nothing"),
        (CODES[0], "冷库", "0.00", "refused", "nothing"),
        (CODES[0], "育肥场", "300.00", "payable", "given-up"),
        (CODES[0], "育肥场", "500.50", "payable", "kept"),
    ] == [
        (i.claim.code, i.claim.project, str(i.claim.amount), i.claim.outcome.value, i.verdict.value)
        for i in result.items
    ]
    assert "测试〔2024〕1号第六条" == result.items[2].grounds[0].clause.cited
    assert {date(2024, 6, 30)} == {item.claim.on for item in result.items}


def test_stored_determinations_settle_alike(tmp_path: Path) -> None:
    """Determinations read back with tables settle as before; without tables ``NoBook`` is raised."""
    one, other = schemes(tmp_path, "subject")
    results = [scheme.determine({"asked": 5}, {"code": CODES[0]}) for scheme in (one, other)]
    book = RuleBook.load(tmp_path, shipped=False)
    assert settle(results) == settle([loads(dumps(result), book) for result in results])
    with pytest.raises(NoBook):
        settle([loads(dumps(results[0]))])


LOANS = """[levels]
borrower = { label = "借款人" }
loan     = { of = "borrower", object = "loan", label = "贷款" }
"""


def test_a_loan_is_known_by_its_row(tmp_path: Path) -> None:
    """Where the paid rows are loans their contract number is the row's id; elsewhere the subject gives it."""
    loans = Maker(objects=(evolve(TOY.objects[0], name="loan"),))
    one, other = schemes(tmp_path, "loan", levels=LOANS, level="loan", makers=[loans])
    herd = {"head": 3, "rate": 10000, "from_day": "2024-01-15", "until_day": "2024-03-20"}
    rows = [{"loan": {"number": number, **herd}, "asked": asked} for number, asked in (("L1", 10), ("L2", 20))]
    results = [
        one.determine({"loan": rows}, {"code": CODES[0]}),
        other.determine({"asked": 15}, {"code": CODES[1], "contract": "L1"}),
        other.determine({"asked": 15}, {"code": CODES[1], "contract": "L2"}),
    ]
    kept = [(item.claim.contract, item.claim.scheme, item.pays) for item in settle(results).of(Verdict.KEPT)]
    assert [("L2", "a-award", Decimal(20)), ("L1", "b-award", Decimal(15))] == kept


POT = """[levels]
county  = { label = "县" }
project = { of = "county", label = "项目" }
"""


def test_rows_of_a_pot_have_subjects_of_their_own(tmp_path: Path) -> None:
    """Paid rows of one case are given their subjects by the path of each; without one they wait."""
    one, other = schemes(tmp_path, "subject", levels=POT, level="project")
    pot = one.determine({"project": [{"id": "P1", "asked": 10}, {"id": "P2", "asked": 20}]})
    rival = other.determine({"asked": 15}, {"code": CODES[0]})
    subjects = {"P1": {"code": CODES[0]}, "P2": {"code": CODES[1]}}
    verdicts = {item.claim.row: item.verdict.value for item in settle([(pot, subjects), rival]).items}
    assert {"P1": "given-up", "P2": "kept", "": "kept"} == verdicts
    verdicts = {item.claim.row: item.verdict.value for item in settle([pot, rival]).items}
    assert {"P1": "pending", "P2": "pending", "": "kept"} == verdicts


def test_rows_of_an_unreadable_case_are_unreadable(tmp_path: Path) -> None:
    """One row that cannot be read makes the amount of its case unreadable, so that its other rows wait too."""
    one, other = schemes(tmp_path, "subject", levels=POT, level="project")
    pot = one.try_determine({"project": [{"id": "P1", "asked": 10}, {"id": "P2"}]}, {"code": CODES[0]})
    items = settle([pot, other.determine({"asked": 5}, {"code": CODES[0]})]).items
    assert {Outcome.UNREADABLE} == {item.claim.outcome for item in items if item.claim.scheme == "a-award"}
    assert ["pending"] == [item.verdict.value for item in items if item.claim.scheme == "b-award"]


def test_a_borrower_with_one_loan_is_that_loan(tmp_path: Path) -> None:
    """Where borrowers are paid, one loan alone tells which loan it is for; of two nobody can say."""
    loans = Maker(objects=(evolve(TOY.objects[0], name="loan"),))
    one, other = schemes(tmp_path, "loan", levels=LOANS, level="borrower", makers=[loans])
    herd = {"head": 3, "rate": 10000, "from_day": "2024-01-15", "until_day": "2024-03-20"}
    rows = [{"loan": {"number": number, **herd}} for number in ("L1", "L2")]
    rival = other.determine({"asked": 15}, {"code": CODES[0], "contract": "L1"})
    for given_rows, verdict in ((rows[:1], "given-up"), (rows, "pending")):
        result = settle([one.determine({"asked": 10, "loan": given_rows}, {"code": CODES[0]}), rival])
        assert [verdict] == [item.verdict.value for item in result.items if item.claim.scheme == "a-award"]


def test_a_gate_claims_nothing() -> None:
    """A scheme of requirements alone pays nothing, so there is nothing to settle."""
    gate = RuleBook.load().scheme("example-admission", place="999999", on=date(2024, 6, 30))
    assert Settlement(()) == settle([gate.try_determine({})])


def test_what_a_scheme_says_of_others(tmp_path: Path) -> None:
    """Who calculates one scheme alone is told which others it excludes, by title where it is known."""
    one, _ = schemes(tmp_path, "project")
    said = "不重复享受：同一项目只享受一项，保留金额最大的一项（测试〔2024〕1号第六条）"
    assert (f"与“b-award”{said}",) == exclusions(one)
    assert (f"与“乙奖补”{said}",) == exclusions(one, {"b-award": "乙奖补"})


# Examples: claims


def claim(scheme: str, amount: Decimal | str, **rest: object) -> Claim:
    """A claim of one subject, project and loan, payable unless something else is said."""
    said: dict[str, object] = {
        "on": DAYS[0],
        "outcome": Outcome.PAYABLE,
        "place": "999999",
        "title": {"a-award": "甲奖补", "b-award": "乙奖补", "c-award": "丙奖补"}.get(scheme, ""),
        "document": "示例办发〔2024〕1号",
        "code": CODES[0],
        "name": "示例牧业",
        "project": PROJECTS[0],
        "contract": "L1",
    }
    return Claim(scheme=scheme, amount=Decimal(amount), **{**said, **rest})  # type: ignore[arg-type]


def excludes(
    *others: str, per: str = "project", keep: str = "largest", clause: str = "第六条"
) -> tuple[Exclusive, ...]:
    return (Exclusive(others, per, keep, clause),)  # type: ignore[arg-type]


def ends(*claims: Claim) -> dict[str, str]:
    """The verdicts by scheme."""
    return {item.claim.scheme: item.verdict.value for item in settle(claims).items}


@pytest.mark.parametrize(
    ("keep", "kept"),
    [("largest", "b-award"), ("first", "c-award"), ("this", "a-award")],
)
def test_what_is_kept(keep: str, kept: str) -> None:
    """``largest`` keeps the larger, ``first`` the earlier day, ``this`` the scheme whose clause it is."""
    rivals = [
        claim("a-award", "100", on=date(2024, 3, 1), exclusive=excludes("b-award", "c-award", keep=keep)),
        claim("b-award", "300", on=date(2024, 4, 1), exclusive=excludes("c-award", keep=keep)),
        claim("c-award", "200", on=date(2024, 2, 1)),
    ]
    expected = {"a-award": "given-up", "b-award": "given-up", "c-award": "given-up", kept: "kept"}
    assert expected == ends(*rivals)


def test_ties_go_by_scheme_id() -> None:
    """Of two equal amounts, and of two equal days, the scheme whose id sorts first is kept."""
    for keep in ("largest", "first"):
        assert {"a-award": "kept", "b-award": "given-up"} == ends(
            claim("b-award", "1", exclusive=excludes("a-award", keep=keep)), claim("a-award", "1")
        )


def test_only_what_is_kept_excludes() -> None:
    """A excludes B, B excludes C: where A is kept B gives way, and C is kept; where B is kept both others give way."""
    chain = (excludes("b-award"), excludes("c-award"))
    big = [claim("a-award", "3", exclusive=chain[0]), claim("b-award", "2", exclusive=chain[1]), claim("c-award", "1")]
    assert {"a-award": "kept", "b-award": "given-up", "c-award": "kept"} == ends(*big)
    middle = [evolve(one, amount=Decimal(2)) if one.scheme == "a-award" else one for one in big]
    middle[1] = evolve(middle[1], amount=Decimal(3))
    assert {"a-award": "given-up", "b-award": "kept", "c-award": "given-up"} == ends(*middle)


def test_a_scheme_is_compared_as_a_whole() -> None:
    """Two projects of 60 each under one scheme are more for the subject than one of 100 under the other."""
    rivals = [
        claim("a-award", "60", project="一期"),
        claim("a-award", "60", project="二期"),
        claim("b-award", "100", exclusive=excludes("a-award", per="subject")),
    ]
    assert {"a-award": "kept", "b-award": "given-up"} == ends(*rivals)
    assert Decimal("120.00") == settle(rivals).amount


def test_refused_and_nil_exclude_nothing() -> None:
    """What is not paid takes nobody's place, even where its clause keeps its own scheme."""
    for outcome in (Outcome.REFUSED, Outcome.NIL):
        refused = claim("a-award", "0", outcome=outcome, exclusive=excludes("b-award", keep="this"))
        assert {"a-award": "nothing", "b-award": "kept"} == ends(refused, claim("b-award", "5"))


@pytest.mark.parametrize(
    ("per", "changed", "apart"),
    [
        ("subject", {"code": CODES[1]}, True),
        ("subject", {"project": "冷库", "contract": "L2"}, False),
        ("project", {"project": "冷库"}, True),
        ("project", {"contract": "L2"}, False),
        ("project", {"project": "育 肥场"}, False),
        ("loan", {"contract": "L2"}, True),
        ("loan", {"project": "冷库"}, False),
        ("subject", {"code": "91999999ma0000001ａ"}, False),
    ],
)
def test_what_is_matched_by_what(per: str, changed: dict[str, str], apart: bool) -> None:
    """A subject is matched by code, a project by code and project, a loan by contract; spaces and width aside."""
    one = claim("a-award", "2", exclusive=excludes("b-award", per=per))
    assert {"a-award": "kept", "b-award": "kept" if apart else "given-up"} == ends(
        one, claim("b-award", "1", **changed)
    )


def test_a_scheme_of_another_place_is_another() -> None:
    """A clause means the scheme of its own place, of those above and of those inside it."""
    one = claim("a-award", "2", place="620825", exclusive=excludes("b-award"))
    for place, verdict in (("620000", "given-up"), ("620825", "given-up"), ("unknown", "given-up"), ("460000", "kept")):
        assert {"a-award": "kept", "b-award": verdict} == ends(one, claim("b-award", "1", place=place))


def test_contradicting_clauses_are_for_a_person() -> None:
    """Where each scheme says that it is kept, neither is paid and both are named."""
    result = settle(
        [
            claim("a-award", "2", exclusive=excludes("b-award", keep="this", clause="第六条")),
            claim("b-award", "1", exclusive=excludes("a-award", keep="this", clause="第九条")),
        ]
    )
    assert ["pending", "pending"] == [item.verdict.value for item in result.items]
    assert ["exclusive", "exclusive"] == [problem.code for problem in result.problems]
    assert "第九条" in result.problems[0].found
    assert ZERO == result.amount


def test_two_of_one_name_without_a_code_wait() -> None:
    """A code that is missing on one side holds both of one name, and of others the one that lacks it."""
    lacking = claim("b-award", "1", code="")
    one = claim("a-award", "2", exclusive=excludes("b-award", per="subject"))
    assert {"a-award": "pending", "b-award": "pending"} == ends(one, lacking)
    result = settle([one, lacking])
    assert {("missing", "b-award"), ("alike", "a-award")} == {(left.code, left.claim.scheme) for left in result.open}
    result = settle([evolve(one, name="别家"), lacking])
    assert {"a-award": "kept", "b-award": "pending"} == {i.claim.scheme: i.verdict.value for i in result.items}
    assert [("missing", "no code")] == [(problem.code, problem.found) for problem in result.problems]


def test_a_code_against_an_identity_number() -> None:
    """A number of one kind tells nothing of one of the other: one name waits, two names are two subjects."""
    one = claim("a-award", "2", exclusive=excludes("b-award", per="subject"))
    other = claim("b-award", "1", code="", identity="110101199003070000")
    result = settle([one, other])
    assert {"alike"} == {problem.code for problem in result.problems}
    assert {"a-award": "pending", "b-award": "pending"} == ends(one, other)
    assert {"a-award": "kept", "b-award": "kept"} == ends(one, evolve(other, name="张三"))


def test_an_unreadable_claim_holds_only_what_it_may_change() -> None:
    """Under ``largest`` its rival waits; where its rival is kept whatever it says, nothing waits."""
    unreadable = claim("b-award", "0", outcome=Outcome.UNREADABLE)
    largest = settle([claim("a-award", "2", exclusive=excludes("b-award")), unreadable])
    assert ["pending", "nothing"] == [item.verdict.value for item in largest.items]
    assert ["unreadable"] == [problem.code for problem in largest.problems]
    own = settle([claim("a-award", "2", exclusive=excludes("b-award", keep="this")), unreadable])
    assert ["kept", "given-up"] == [item.verdict.value for item in own.items]


def test_a_clause_may_be_written_twice() -> None:
    """The same clause once more changes nothing: no amount is counted twice."""
    twice = excludes("a-award") * 2
    assert {"a-award": "kept", "b-award": "given-up"} == ends(
        claim("a-award", "15"), claim("b-award", "10", exclusive=twice)
    )


def test_an_unreadable_claim_that_would_be_kept_holds_its_rival() -> None:
    """Whoever must give way to a claim whose facts cannot be used waits for that claim, and for nothing else."""
    own = claim("b-award", "0", outcome=Outcome.UNREADABLE, exclusive=excludes("a-award", keep="this"))
    result = settle([claim("a-award", "2"), own])
    assert ["pending", "nothing"] == [item.verdict.value for item in result.items]
    assert [("unreadable", "b-award")] == [(left.code, left.claim.scheme) for left in result.open]


def test_who_lacks_a_code_waits_for_whom_it_may_have_to_give_way_to() -> None:
    """Under ``this`` the scheme whose clause it is goes ahead without a code, the other one waits."""
    own = excludes("b-award", per="subject", keep="this")
    lacking, complete = {"code": "", "name": "甲"}, {"name": "乙"}
    assert {"a-award": "kept", "b-award": "kept"} == ends(
        claim("a-award", "1", exclusive=own, **lacking), claim("b-award", "2", **complete)
    )
    assert {"a-award": "kept", "b-award": "pending"} == ends(
        claim("a-award", "1", exclusive=own, **complete), claim("b-award", "2", **lacking)
    )
    # Of one name it waits too: it may be another subject, and then keeps its own.
    assert {"a-award": "kept", "b-award": "pending"} == ends(
        claim("a-award", "1", exclusive=own), claim("b-award", "2", code="")
    )


def test_who_lacks_a_code_still_lacks_it_when_its_rival_has_gone() -> None:
    """B gave way to A, so that nothing of that loan holds C; but C cannot be compared with D for want of a code."""
    rules = {"a-award": ("b-award",), "b-award": ("c-award",)}
    loans = [claim(id, "9", exclusive=excludes(*others, per="loan", keep="this")) for id, others in rules.items()]
    lacking = claim("c-award", "9", code="", exclusive=excludes("d-award", per="subject"))
    result = ends(*loans, lacking, claim("d-award", "9", contract="L9", name="别家"))
    assert {"a-award": "kept", "b-award": "given-up", "c-award": "pending", "d-award": "kept"} == result


def test_a_claim_of_parts_of_a_fen_is_refused() -> None:
    """An amount is money to the fen and not below zero."""
    with pytest.raises(ValueError, match=r"0\.001"):
        claim("a-award", "0.001")
    with pytest.raises(ValueError, match="-1"):
        claim("a-award", "-1")


def test_what_a_clerk_reads() -> None:
    """The explanation names each claim, what it gives way to, the amounts and the clause."""
    result = settle([claim("a-award", "2000", exclusive=excludes("b-award")), claim("b-award", "1000.50")])
    expected = f"""\
保留1笔，2,000.00元；让出1笔，1,000.50元
1. 示例牧业 {CODES[0]} 育肥场 L1：“甲奖补”（a-award，2024年1月1日）核定2,000.00元，保留，支付2,000.00元
   - “乙奖补”（育肥场，1,000.50元）因此让出：同一项目只享受一项，保留金额最大的一项（示例办发〔2024〕1号第六条）
2. 示例牧业 {CODES[0]} 育肥场 L1：“乙奖补”（b-award，2024年1月1日）核定1,000.50元，让出，支付0.00元
   - 让给“甲奖补”（育肥场，2,000.00元）：同一项目只享受一项，保留金额最大的一项（示例办发〔2024〕1号第六条）"""
    assert expected == result.explain()
    assert "1 kept, 2,000.00 yuan; 1 given up, 1,000.50 yuan" == result.explain("en").split("\n")[0]
    with pytest.raises(ValueError, match="fr"):
        result.explain("fr")


def test_data_for_json() -> None:
    """The data are JSON, money and days as text, and name for each claim its verdict and grounds."""
    result = settle([claim("a-award", "2000", exclusive=excludes("b-award")), claim("b-award", "1000.50")])
    data = json.loads(json.dumps(result.data()))
    assert "2000.00" == data["amount"]
    assert ["kept", "given-up"] == [one["verdict"] for one in data["claims"]]
    assert ["2000.00", "0.00"] == [one["pays"] for one in data["claims"]]
    assert "a-award" == data["claims"][1]["grounds"][0]["other"]["scheme"]
    assert "第六条" == data["claims"][1]["grounds"][0]["clause"]["clause"]
