"""The clause map: every clause of the policy has a row, every row a link that resolves or a reason."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"

# Every duty that the policy document lays on the code, in its order: the clause, and of what kind it is.
POLICY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("一（三）", ("check",)),
    ("二（一）", ("check",)),
    ("二（二）", ("amount",)),
    ("二（二）", ("amount",)),
    ("二（二）", ("check",)),
    ("二（三）", ("check", "amount")),
    ("二（四）", ("amount",)),
    ("二（四）", ("check",)),
    ("二（五）", ("check",)),
    ("三（一）", ("gate", "amount")),
    ("三（一）", ("gate",)),
    ("三（二）", ("record", "duty")),
    ("三（二）", ("record",)),
    ("三（二）", ("amount",)),
    ("三（三）", ("check", "record")),
    ("三（三）", ("record",)),
    ("三（三）", ("judgement",)),
    ("三（四）", ("judgement",)),
    ("三（四）", ("duty",)),
    ("三（四）", ("duty",)),
    ("三（四）", ("duty", "amount", "gate")),
    ("三（四）", ("judgement", "record")),
    ("四（一）", ("check",)),
    ("四（一）", ("amount",)),
    ("四（一）", ("check",)),
    ("四（一）", ("check",)),
    ("四（二）", ("record",)),
    ("四（四）", ("record",)),
    ("五（三）", ("record",)),
    ("五（四）", ("record",)),
)


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_clauses", DOCS / "make_clauses.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MAKER = _maker()
DATA: dict[str, Any] = MAKER.load()
ROWS: list[dict[str, Any]] = DATA["clauses"]
IDS = [f"{number}-{row['clause']}" for number, row in enumerate(ROWS, 1)]


def resolves(target: str) -> bool:
    """Say whether a link leads somewhere: a scheme in ``tables/``, or a function that can be imported."""
    sort, _, name = target.partition(":")
    if sort == "scheme":
        file = MAKER.scheme_file(name)
        return file is not None and tomllib.loads(file.read_text(encoding="utf-8"))["scheme"]["id"] == name
    if sort == "function":
        module, _, attribute = name.rpartition(".")
        try:
            return callable(getattr(importlib.import_module(module), attribute, None))
        except (ImportError, ValueError):
            return False
    return False


def test_page_is_in_step() -> None:
    """条款对照.md is what make_clauses.py makes of clauses.toml today."""
    assert MAKER.render(DATA) == MAKER.PAGE.read_text(encoding="utf-8")


def test_every_clause_has_its_row() -> None:
    """The rows are the policy's duties, all of them, in the document's order."""
    assert [*POLICY] == [(row["clause"], tuple(row["kind"])) for row in ROWS]


def test_the_policy_is_a_named_document() -> None:
    """The map speaks of a document that documents.toml names, with the same day and issuer."""
    documents = tomllib.loads((ROOT / "tables" / "documents.toml").read_text(encoding="utf-8"))["documents"]
    named = {document["number"]: document for document in documents}[DATA["policy"]["number"]]
    assert (named["issued"], named["issuer"]) == (DATA["policy"]["issued"], DATA["policy"]["issuer"])


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_row_has_the_keys_of_a_row(row: dict[str, Any]) -> None:
    """A row says what is asked and what is done about it, in known words and nothing else."""
    common = {"clause", "says", "kind", "does"}
    allowed = common | ({"done", "remains"} if "done" in row else {"status", "why"})
    assert common <= row.keys() <= allowed
    assert set(row["kind"]) <= MAKER.KINDS.keys()
    assert all(row[key].strip() for key in ("says", "does"))


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_row_is_linked_or_says_why_not(row: dict[str, Any]) -> None:
    """Every row leads to what does it, or is marked not yet or judgement with the reason."""
    if "done" in row:
        assert row["done"]
        assert row["done"] == [target for target in row["done"] if resolves(target)]
        assert row.get("remains", "said").strip()
    else:
        assert row["status"] in ("not yet", "judgement")
        assert row["why"].strip()


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_person_decides_only_what_is_a_judgement(row: dict[str, Any]) -> None:
    """Status judgement belongs to rows of that kind, and they are never claimed as done by the code."""
    assert (row.get("status") == "judgement") == ("judgement" in row["kind"])


def test_rows_differ() -> None:
    """No duty is told twice."""
    says = [row["says"] for row in ROWS]
    assert list(dict.fromkeys(says)) == says


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("scheme:linkage-admission", True),
        ("scheme:linkage-admision", False),
        ("function:jiangbu.errors.Finding", True),
        ("function:jiangbu.errors.Fnding", False),
        ("function:jiangbu.no_such_module.f", False),
        ("function:Finding", False),
        ("page:linkage-admission", False),
        ("linkage-admission", False),
    ],
)
def test_a_link_that_leads_nowhere_is_seen(target: str, expected: bool) -> None:
    """The resolver finds what is there and nothing else, so that the tests above can fail."""
    assert expected == resolves(target)


def test_the_page_shows_every_row() -> None:
    """Each duty stands on the page once, with its state, and the states add up to the rows."""
    page = MAKER.PAGE.read_text(encoding="utf-8")
    shown = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| 条款")]
    cells = [line.strip("| ").split(" | ") for line in shown if not line.startswith("| :--")]
    assert [(row["clause"], row["says"], f"**{MAKER.state(row)}**") for row in ROWS] == [
        (cell[0], cell[1], cell[4]) for cell in cells
    ]
