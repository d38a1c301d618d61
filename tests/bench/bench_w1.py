"""W1 of the benchmark: the tiered award, facts in, determinations out, against hand-written integer Python.

Run by hand: ``python tests/bench/bench_w1.py --reference DIR``, where DIR holds ``workload.py`` and
``reference_int.py``.
Every figure is the median of several rounds in one run; on shared machines only the ratios count.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jiangbu

HERE = Path(__file__).parent


def scheme() -> Any:
    """Return the workload's rule, read from its table."""
    book = jiangbu.RuleBook.load(HERE / "tables")
    return book.scheme("bench-tiered-award", place="999999", on=date(2024, 6, 1))


def facts_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a user would give it: money in yuan as Decimal."""
    return {
        "county": row["county"],
        "revenue": Decimal(row["revenue"]).scaleb(-2),
        "prev_tier": row["prev_tier"],
        "equipment": Decimal(row["equipment"]).scaleb(-2),
        "households": row["households"],
    }


def timed(work: Callable[[], Any], rounds: int) -> float:
    """Return the median seconds of several rounds."""
    seconds = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Compare, and print the ratios beside their goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    sys.path.insert(0, str(given.reference))
    import reference_int as reference  # type: ignore[import-not-found]
    import workload  # type: ignore[import-not-found]

    records = workload.records("w1", given.rows)
    data = reference.load("w1", given.rows)
    facts = [facts_of(row) for row in records]
    rule = scheme()
    expected = [total for _, _, total in reference.run("w1", data)]
    found = [int(item.amount.scaleb(2)) for item in rule.determine_many(facts)]
    assert found == expected, "the amounts differ from the reference"
    base = timed(lambda: reference.run("w1", data), given.rounds)
    one = timed(lambda: [rule.determine(row) for row in facts], given.rounds)
    many = timed(lambda: list(rule.determine_many(facts)), given.rounds)
    print(f"{given.rows:,} rows, all totals equal to the reference, median of {given.rounds} rounds")
    print(f"reference_int    {base / given.rows * 1e6:7.3f} µs/row")
    for name, seconds, goal in (("determine", one, 4.0), ("determine_many", many, 2.5)):
        print(f"{name:16} {seconds / given.rows * 1e6:7.3f} µs/row  {seconds / base:5.2f} × reference (goal ≤ {goal})")
    print(f"memory           {memory(rule, facts):7.0f} bytes for each kept determination (goal ≤ 400)")
    print_cold(given.rounds)


def memory(rule: Any, facts: list[dict[str, Any]]) -> float:
    """Return bytes for each kept determination, beyond the facts that the user holds."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = list(rule.determine_many(facts))
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(kept)


def print_cold(rounds: int) -> None:
    """Print how long a fresh interpreter takes to import, and to load and compile every shipped table."""
    base = cold("import attrs, cattrs, dateutil.relativedelta", rounds)
    ours = cold("import jiangbu", rounds)
    used = cold("import jiangbu; jiangbu.RuleBook", rounds)
    print(f"import jiangbu   {ours * 1e3:7.1f} ms  {ours / base:5.2f} × attrs + cattrs + dateutil (goal ≤ 1.3)")
    print(f"  with the kernel{used * 1e3:7.1f} ms  {used / base:5.2f} ×")
    book = jiangbu.RuleBook.load()
    seconds = timed(lambda: load_all(), rounds)
    print(f"load and compile {seconds * 1e3:7.1f} ms for {len(book.entries())} shipped tables (goal ≤ 300)")


def load_all() -> None:
    """Load and compile every shipped table."""
    book = jiangbu.RuleBook.load()
    for file in book.files:
        if file.kind == "scheme":
            made = book.dated(file, book.first_day(file))
            assert made is not None
            assert made.program


def cold(code: str, rounds: int) -> float:
    """Return the median seconds that a fresh interpreter spends on some imports."""
    body = f"import time; start = time.perf_counter(); {code}; print(time.perf_counter() - start)"
    runs = [
        float(subprocess.run([sys.executable, "-c", body], capture_output=True, check=True).stdout)
        for _ in range(rounds)
    ]
    return statistics.median(runs)


if __name__ == "__main__":
    main()
