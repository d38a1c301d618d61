"""Who waits for whom: as a plain search for circles would have it, and quick where there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from jiangbu.rules.waiting import Waiting, backwards, bits, decided, mask_of, with_late

LEVELS = ("project", "household")


@frozen
class Wish:
    """Steps with what each needs (an earlier one), the levels that some run through, what is late at each level."""

    needs: tuple[int, ...]
    gathers: Mapping[int, tuple[str, ...]]
    late: Mapping[str, int]


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    """A few steps without a circle, in any order."""
    count = draw(st.integers(1, 9))
    order = draw(st.permutations(range(count)))
    needs = [0] * count
    for at, step in enumerate(order):
        needs[step] = mask_of(draw(st.sets(st.sampled_from(order[:at]), max_size=2))) if at else 0
    steps = st.integers(0, count - 1)
    through = st.sampled_from([LEVELS, LEVELS[:1], LEVELS[1:]])
    gathers = draw(st.dictionaries(steps, through, max_size=5))
    late = {level: mask_of(draw(st.sets(steps, max_size=5))) for level in LEVELS}
    return Wish(tuple(needs), dict(sorted(gathers.items())), late)


def reached(needs: Sequence[int], step: int) -> set[int]:
    """Return all that a step waits for, near and far."""
    seen: set[int] = set()
    waiting = [step]
    while waiting:
        fresh = set(bits(needs[waiting.pop()])) - seen
        seen |= fresh
        waiting += fresh
    return seen


def one_by_one(wish: Wish) -> list[int]:
    """Let each wait for each, one after the other, unless the other waits for it already."""
    needs = list(wish.needs)
    for step, levels in wish.gathers.items():
        for level in levels:
            for other in bits(wish.late[level]):
                if other != step and step not in reached(needs, other):
                    needs[step] |= 1 << other
    return needs


@given(wishes())
def test_late_refusals_are_waited_for_as_if_one_by_one(wish: Wish) -> None:
    """With barriers, and searching for circles only where there are any, each step waits for the same others."""
    count = len(wish.needs)
    found = with_late(Waiting(list(wish.needs)), wish.gathers, wish.late).needs
    plain = one_by_one(wish)
    assert [reached(plain, step) for step in range(count)] == [
        {other for other in reached(found, step) if other < count} for step in range(count)
    ]


@given(wishes())
def test_nobody_waits_for_itself(wish: Wish) -> None:
    """Waiting for late refusals makes no circle where there was none."""
    found = with_late(Waiting(list(wish.needs)), wish.gathers, wish.late).needs
    assert [] == [step for step in range(len(found)) if step in reached(found, step)]


@given(wishes())
def test_every_condition_is_waited_for(wish: Wish) -> None:
    """A sum waits for all conditions of its levels, circle or not: a circle of these is an error of the table."""
    found = decided(wish.needs, wish.gathers, wish.late).needs
    for step, levels in wish.gathers.items():
        assert {other for level in levels for other in bits(wish.late[level])} <= reached(found, step)


@given(st.lists(st.integers(0, 2**6 - 1), min_size=6, max_size=6))
def test_backwards_turns_every_arrow(needs: list[int]) -> None:
    """One step is in what another needs just when the other is in what needs the one."""
    arrows = {(step, other) for step, needed in enumerate(needs) for other in bits(needed)}
    assert arrows == {(other, step) for step, needing in enumerate(backwards(needs)) for other in bits(needing)}


def test_a_long_table_has_few_arrows() -> None:
    """A thousand sums over a thousand lines that may refuse: two thousand arrows and some, not a million."""
    needs = [0] * 2_000
    late = {"household": mask_of(range(1_000))}
    found = with_late(Waiting(needs), dict.fromkeys(range(1_000, 2_000), ("household",)), late).needs
    assert 2_000 == sum(needed.bit_count() for needed in found)


def test_many_circles_are_broken_in_the_order_of_the_table() -> None:
    """Each line needs the sum before it: every sum waits for the lines up to its own, and not for those behind."""
    lines = 150
    needs = [0] * (2 * lines)
    for at in range(lines):
        needs[2 * at] = 1 << 2 * at - 1 if at else 0
        needs[2 * at + 1] = 1 << 2 * at
    gathers = dict.fromkeys(range(1, 2 * lines, 2), ("household",))
    late = {"household": mask_of(range(0, 2 * lines, 2))}
    found = with_late(Waiting(needs), gathers, late).needs
    assert [set(range(step)) for step in range(2 * lines)] == [
        {other for other in reached(found, step) if other < 2 * lines} for step in range(2 * lines)
    ]
