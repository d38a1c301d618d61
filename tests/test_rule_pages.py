"""The generated pages under docs/规则 are those of the shipped tables."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

from jiangbu import RuleBook

DOCS = Path(__file__).resolve().parent.parent / "docs"


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_rule_pages", DOCS / "make_rule_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MAKER = _maker()
WRITTEN = {path.name: path.read_text(encoding="utf-8") for path in MAKER.PAGES.glob("*.md")}
RENDERED = dict(MAKER.render(RuleBook.load(shipped=True)))


def test_no_page_is_missing_or_left_over() -> None:
    """There is one page for each shipped scheme, and the index."""
    assert sorted(RENDERED) == sorted(WRITTEN)


def test_pages_are_in_step() -> None:
    """Every page is what make_rule_pages.py makes of the tables today."""
    assert [name for name in sorted(RENDERED) if RENDERED[name] != WRITTEN.get(name)] == []


def test_the_index_leads_to_every_page() -> None:
    """The index links each page once."""
    links = re.findall(r"\]\(([^)]+\.md)\)", WRITTEN[MAKER.INDEX])
    assert sorted(links) == sorted(set(WRITTEN) - {MAKER.INDEX})


def test_every_entry_has_its_page() -> None:
    """Each scheme of the book is shown under its place and id."""
    entries = RuleBook.load().entries()
    assert [entry.id for entry in entries if f"{entry.place}-{entry.id}.md" not in WRITTEN] == []
