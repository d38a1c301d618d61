"""Compare the evaluator with the second opinion on as many random pairs as wanted, and say where they part.

    python tests/bench/differential.py --pairs 1000000

Each pair is made again from its two seeds: ``--first SEED --tables 1`` runs one table alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "audit"))

from pairs import Tally, compare, schemes_of

AT_ONCE = 50


def main() -> int:
    """Run, with a line of progress every few seconds; return 1 where the two part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000, help="how many pairs of table and facts")
    parser.add_argument("--cases", type=int, default=40, help="cases of each table")
    parser.add_argument("--first", type=int, default=1_000_000, help="seed of the first table")
    parser.add_argument("--tables", type=int, default=0, help="how many tables (otherwise as many as the pairs need)")
    given = parser.parse_args()
    tables = given.tables or -(-given.pairs // given.cases)
    tally, begun, told = Tally(), time.monotonic(), 0.0
    seed, last = given.first, given.first + tables
    while seed < last:
        seeds = range(seed, min(seed + AT_ONCE, last))
        for table, scheme in schemes_of(seeds, tally):
            before = len(tally.found)
            compare(scheme, table, range(given.cases), tally)
            for item in tally.found[before:]:
                print(item, flush=True)
        seed = seeds.stop
        spent = time.monotonic() - begun
        if spent - told > 5 or seed >= last:
            told = spent
            pace = tally.pairs / max(spent, 1e-9)
            print(f"{tally.pairs:>10,} pairs of {tables * given.cases:,}, {pace:,.0f} a second, "
                  f"{len(tally.found)} apart", file=sys.stderr, flush=True)  # fmt: skip
    print(f"{tally.pairs:,} pairs over {tally.tables:,} tables in {time.monotonic() - begun:,.0f} s")
    print("outcomes: " + ", ".join(f"{name} {count:,}" for name, count in sorted(tally.outcomes.items())))
    print(f"tables refused on load: {len(tally.rejected)}" + "".join(f"\n  {text}" for text in tally.rejected[:20]))
    print(f"apart: {len(tally.found)}")
    return 1 if tally.found else 0


if __name__ == "__main__":
    sys.exit(main())
