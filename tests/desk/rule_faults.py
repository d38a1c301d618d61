"""The faults that tests/rules plants in its tables, for tests of the desk that print what is found."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from jiangbu.errors import Finding

RULES = Path(__file__).parent.parent / "rules"


def findings_of_all_faults(folder: Path) -> list[Finding]:
    """The findings of every table that is broken there in one way."""
    if str(RULES) not in sys.path:
        sys.path.append(str(RULES))
    tests, table = importlib.import_module("test_findings"), importlib.import_module("one_table")
    single = [(changes, table.TABLE) for changes, *_ in (*tests.ERRORS.values(), *tests.WARNINGS.values())]
    levels = [(changes, table.LEVELS) for changes, *_ in tests.LEVEL_FAULTS.values()]
    found = []
    for number, (changes, whole) in enumerate([*single, *levels, (tests.MANY[0], table.TABLE)]):
        found += table.found_in(folder / str(number), table.edited(*changes, table=whole))
    several = importlib.import_module("test_all_at_once")
    for number, change in enumerate(item[0] for item in several.UNSAID.values()):
        found += table.built_from(folder / f"unsaid{number}", table.edited(change))
    for old, new, *_ in several.SLIPS.values():
        found += several.said_of(table.TABLE.replace(old, new, 1))
    heads = [
        ('label    = "头数"', 'label    = "营业收入"'),
        ('rebuilt = "改扩建"', 'rebuilt = "新建"'),
        ("[facts.heads]", "[[facts.heads]]"),
    ]
    for number, change in enumerate(heads):
        found += table.built_from(folder / f"heads{number}", table.edited(change))
    for number, formula in enumerate(tests.CARETS):
        text = table.edited(('formula = "months(start, day) + 1"', f'formula = """{formula}"""'))
        found += table.built_from(folder / f"caret{number}", text)
    return found
