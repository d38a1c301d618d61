"""The rules of the house that a machine can hold: imports, arrows, floats, the public door."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import jiangbu

SOURCE = Path(jiangbu.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
CORE = [path for path in FILES if path.relative_to(SOURCE).parts[0] not in ("desk", "testing", "testing.py")]
OUTSIDE = {"attrs", "attr", "cattrs", "dateutil"}
BELOW = {
    "errors": set(),
    "money": {"errors"},
    "dates": {"errors", "money"},
    "rules": {"errors", "money", "dates", "rules"},
    "audit": {"errors", "audit"},
    "stacking": {"errors", "money", "rules", "stacking"},
}
"""What each room may import of ours; ``audit`` holds the second opinion, which shares nothing with the kernel."""


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def name_of(path: Path) -> str:
    """Return a file as its path below the package."""
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_imports_few_things(path: Path) -> None:
    """The core imports the standard library, attrs, cattrs, python-dateutil and itself."""
    tops = {module.partition(".")[0] for module in imports(path)}
    assert tops - set(sys.stdlib_module_names) - OUTSIDE - {"jiangbu"} == set()


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_arrows_point_down(path: Path) -> None:
    """A room imports only the rooms below it."""
    room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    ours = {module.split(".")[1] for module in imports(path) if module.startswith("jiangbu.")}
    assert room == "__init__" or ours - BELOW[room] == set()


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_asks_nothing_of_its_surroundings(path: Path) -> None:
    """No clock, locale, environment or network in the core."""
    asked = {"time", "locale", "socket", "urllib", "http", "random", "getpass", "platform", "subprocess"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert {module.partition(".")[0] for module in imports(path)} & asked == set()
    assert attributes & {"today", "now", "environ", "getenv"} == set()


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "cells.py"], ids=name_of)
def test_no_float_outside_the_cells(path: Path) -> None:
    """No float literal and no call of ``float`` anywhere but in desk/cells.py; true division only of Fractions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    literals = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is float]
    calls = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert (literals, calls) == ([], [])


def test_the_public_door() -> None:
    """At most 20 names, alphabetical, each there; nothing else is offered."""
    assert len(jiangbu.__all__) <= 20
    assert jiangbu.__all__ == sorted(jiangbu.__all__)
    assert [name for name in jiangbu.__all__ if getattr(jiangbu, name, None) is None] == []
    with pytest.raises(AttributeError):
        jiangbu.nothing_of_that_name  # noqa: B018


def test_importing_is_cheap() -> None:
    """``import jiangbu`` alone loads neither the kernel nor cattrs."""
    code = "import sys, jiangbu; print('cattrs' in sys.modules, 'jiangbu.rules' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]


def test_the_typed_marker_ships() -> None:
    """``py.typed`` stands in the package."""
    assert (SOURCE / "py.typed").is_file()
