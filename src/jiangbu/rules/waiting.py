"""Who waits for whom: what a step needs, and for a sum or share what may refuse a row that it runs over.

Steps are numbers; what one waits for is a set of them, kept as the bits of an integer. Where many wait for the same
many, they wait for one step more, a *barrier* with a number of its own, so that a long table stays quick to order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import define, field

Levels = tuple[str, ...]


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of a set, in order.

    >>> list(bits(0b1101))
    [0, 2, 3]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def mask_of(numbers: Iterable[int]) -> int:
    """Return numbers as a set of bits."""
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask


@define
class Waiting:
    """What each step waits for, barriers after the steps."""

    needs: list[int]
    _barriers: dict[int, int] = field(factory=dict)

    def barrier(self, needed: int) -> int:
        """Return the step that waits for all of a set; the same for the same set."""
        if needed not in self._barriers:
            self._barriers[needed] = len(self.needs)
            self.needs.append(needed)
        return self._barriers[needed]

    def wait(self, step: int, needed: int) -> None:
        """Let a step wait for all of a set."""
        if needed:
            self.needs[step] |= 1 << self.barrier(needed)


def decided(needs: Sequence[int], gathers: Mapping[int, Levels], deciding: Mapping[str, int]) -> Waiting:
    """Let each sum or share wait for every condition that may refuse a row it runs over.

    :param gathers: the levels that a sum or share runs through, by its number.
    :param deciding: the conditions of each level.
    """
    waiting = Waiting(list(needs))
    for step, levels in gathers.items():
        waiting.wait(step, _joined(levels, deciding))
    return waiting


def with_late(waiting: Waiting, gathers: Mapping[int, Levels], late: Mapping[str, int]) -> Waiting:
    """Let each sum or share wait also for what may refuse a row late, where that does not go round in a circle.

    ``late`` are the holes and the shares over no weight of each level. A pot shared among projects, each of which
    shares its part among households, is no circle, though a project without households is refused by it: the pot is
    shared first. Where several would wait for one another, the first in the table does.
    """
    whole = Waiting(list(waiting.needs))
    for step, levels in gathers.items():
        whole.wait(step, _joined(levels, late))
    core = _core(whole.needs)
    if not core:
        return whole
    own = core & ((1 << len(waiting.needs)) - 1)
    chosen = _without_circles(waiting.needs, own, {g: _joined(gathers[g], late) for g in gathers if own >> g & 1})
    result = Waiting(list(waiting.needs))
    for step, levels in gathers.items():
        wanted = _joined(levels, late)
        result.wait(step, wanted & ~own if step in chosen else wanted)
        result.needs[step] |= chosen.get(step, 0)
    return result


def _joined(levels: Levels, by_level: Mapping[str, int]) -> int:
    joined = 0
    for level in levels:
        joined |= by_level.get(level, 0)
    return joined


def _core(needs: Sequence[int]) -> int:
    """Return the steps that stand in a circle or between circles: the others can all be put in order."""
    needed_by = backwards(needs)
    left = (1 << len(needs)) - 1
    for forth, back in ((list(needs), needed_by), (needed_by, list(needs))):
        ready = [step for step in bits(left) if not forth[step] & left]
        while ready:
            step = ready.pop()
            left &= ~(1 << step)
            ready += [other for other in bits(back[step] & left) if not forth[other] & left]
    return left


def backwards(needs: Sequence[int]) -> list[int]:
    """Return for each step those that wait for it."""
    needed_by = [0] * len(needs)
    for step, needed in enumerate(needs):
        for other in bits(needed):
            needed_by[other] |= 1 << step
    return needed_by


def _without_circles(needs: Sequence[int], core: int, wanted: Mapping[int, int]) -> dict[int, int]:
    """Return for each sum or share of the core what of the core it may wait for, the first in the table first."""
    needed_by = [needed & core for needed in backwards(needs)]
    chosen = {}
    for step in sorted(wanted):
        later, reached = 1 << step, 1 << step
        while later:
            low = later & -later
            later ^= low
            fresh = needed_by[low.bit_length() - 1] & ~reached
            reached |= fresh
            later |= fresh
        chosen[step] = wanted[step] & core & ~reached
        for other in bits(chosen[step]):
            needed_by[other] |= 1 << step
    return chosen
