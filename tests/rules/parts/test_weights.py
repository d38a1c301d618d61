"""Whether nobody may have a weight while there is something to divide: told from the form of the total."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_table import LEVELS, built_from, edited

NO_READING = edited(('reading = "全无权重时不予分配"\n', ""), table=LEVELS)


def warned(folder: Path, total: str, *, weight: str = "weight", lines: str = "") -> bool:
    """Whether a share of this total by this weight is warned of."""
    text = edited(
        ('formula = "allocate(pot, weight)"', f'formula = "allocate({total}, {weight})"'),
        ('[[lines]]\nname    = "paid"\n', f'{lines}[[lines]]\nname    = "paid"\n'),
        table=NO_READING,
    )
    found = [item for item in built_from(folder, text) if item.code == "bounds"]
    assert {"warning"} >= {item.severity for item in found}, found
    return bool(found)


def line(name: str, formula: str) -> str:
    """One more line of money of the county, before the share."""
    return f'[[lines]]\nname = "{name}"\nlabel = "{name}"\nlevel = "county"\nformula = "{formula}"\nclause = "三"\n'


CLAIM = '[[lines]]\nname = "claim"\nlabel = "应奖"\nformula = "weight * heap"\nclause = "三"\n'
HEAP = '[constants.heap]\nlabel = "每份"\nkind = "money"\nvalue = 100\nclause = "三"\n'


@pytest.mark.parametrize(
    ("total", "lines", "expected"),
    [
        ("pot", "", True),
        ("min(pot, all_claims)", line("all_claims", "sum(claim)"), False),
        ("all_claims", line("all_claims", "sum(claim)"), False),
        ("largest_claim", line("largest_claim", "largest(claim)"), False),
        ("half", line("half", "round_to(sum(claim) / enough_heads, 'yuan', 'up')"), False),
        ("most", line("most", "max(sum(claim), largest(claim))"), False),
        ("most", line("most", "max(sum(claim), heap)"), True),
        ("some", line("some", "sum(claim) if pot > 0 else heap"), True),
        ("some", line("some", "sum(claim) if pot > 0 else 0"), False),
        ("both", line("both", "sum(claim) + pot"), True),
        ("times", line("times", "sum(claim) * count(household)"), False),
        ("other", line("other", "min(pot, sum(weight) * heap)"), True),
        ("rows", line("rows", "heap * count(project)"), True),
        ("less", line("less", "min(pot - heap, sum(claim))"), True),
    ],
)  # fmt: skip
def test_a_total_that_is_zero_without_weights_is_no_risk(
    total: str, lines: str, expected: bool, tmp_path: Path
) -> None:
    """``min(pot, sum(claim))`` shared by ``claim`` has nothing to divide where nobody claims; other totals may."""
    assert expected == warned(tmp_path, total, weight="claim", lines=HEAP + CLAIM + lines)
