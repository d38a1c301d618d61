"""The second opinion's independence, held by its syntax trees."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import jiangbu.audit

ROOM = Path(jiangbu.audit.__file__).parent
FILES = (
    "arithmetic",
    "differences",
    "door",
    "interpreter",
    "kinds",
    "made",
    "opinion",
    "reading",
    "rule",
    "second_opinion",
    "structure",
    "tables",
    "words",
)
MAY_IMPORT = {"attrs", "dateutil", "jiangbu.errors"} | {f"jiangbu.audit.{name}" for name in FILES}


def imports(source: str) -> set[str]:
    """Return the modules that a source imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides what it reaches"
            found.add(str(node.module))
    return found


@pytest.mark.parametrize("name", FILES)
def test_the_second_opinion_shares_no_code_with_the_evaluator(name: str) -> None:
    """Only the standard library, attrs, dateutil and the room's own files: no rules, no money, no dates."""
    found = imports((ROOM / f"{name}.py").read_text(encoding="utf-8"))
    outside = {module for module in found if module.partition(".")[0] not in sys.stdlib_module_names}

    assert outside <= MAY_IMPORT
    assert "importlib" not in found


def test_the_files_of_the_second_opinion_import_only_one_another() -> None:
    """From `second_opinion` on, everything it reaches in its package is in the list that is held above."""
    waiting, reached = ["second_opinion"], set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            found = imports((ROOM / f"{name}.py").read_text(encoding="utf-8"))
            waiting += [module.rpartition(".")[2] for module in found if module.startswith("jiangbu.")]

    assert reached == set(FILES)


def test_nothing_of_a_table_is_evaluated() -> None:
    """No `eval`, `exec` or `compile` stands in the room: formulas are walked as trees."""
    called = {
        node.func.id
        for name in FILES
        for node in ast.walk(ast.parse((ROOM / f"{name}.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert called.isdisjoint({"eval", "exec", "compile", "__import__", "getattr"})
