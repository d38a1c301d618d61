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


TO_YUAN, TO_FEN = 'round = { mode = "down", to = "yuan" }', 'round = { mode = "up", to = "fen" }'


@pytest.mark.parametrize(
    ("formula", "ending", "expected"),
    [
        ("allocate(pot, weight)", "", []),
        ("allocate(pot, weight)", TO_FEN, []),
        ("allocate(pot, weight)", TO_YUAN, ["lines[1].round"]),
        ("allocate(pot, weight) if open else 0", TO_YUAN, ["lines[1].round"]),
        ("allocate(pot, weight) + allocate(pot, 1)", TO_YUAN, ["lines[1].round"]),
        ("round_to(allocate(pot, weight), 'yuan', 'down')", "", ["lines[1].formula"]),
        ("round_to(allocate(pot, weight), 'fen', 'down')", "", []),
        ("allocate(pot, weight) / enough_heads", TO_YUAN, []),
    ],
)
def test_shares_are_not_rounded_coarser_than_they_are_divided(
    formula: str, ending: str, expected: list[str], tmp_path: Path
) -> None:
    """10.99 yuan in three, each down to the yuan, would be 9 yuan: the table is refused, however it is written; what is
    computed from a share may end as it likes."""
    text = edited(('formula = "allocate(pot, weight)"', f'formula = "{formula}"\n{ending}'), table=LEVELS)
    assert expected == [item.where for item in built_from(tmp_path, text) if item.code == "rounding"]


@pytest.mark.parametrize(("step", "found"), [("1", ["rounding"]), ("0.1", []), ("0.01", [])])
def test_shares_of_a_number_stay_on_its_grid(step: str, found: list[str], tmp_path: Path) -> None:
    """A tenth of a mu is divided in tenths: rounded to whole mu, shares need not sum to the total."""
    area = '[facts.area]\nlabel = "面积"\nkind = "number"\ndecimals = 1\nlevel = "county"\nat_least = 0\nat_most = 9\n'
    plots = (
        '[[lines]]\nname = "plot"\nlabel = "分地"\nformula = "allocate(area, weight)"\nclause = "三"\n'
        f'reading = "无权重不分"\nround = {{ mode = "down", to = "{step}" }}\n'
    )
    paid = '[[lines]]\nname    = "paid"'
    text = edited(("[facts.open]", area + "[facts.open]"), (paid, plots + paid), table=LEVELS)
    assert found == [item.code for item in built_from(tmp_path, text) if item.code == "rounding"]
