"""The folder for computers without a network: what each of them needs, and installers that its system can read."""

from __future__ import annotations

import runpy
from pathlib import Path
from zipfile import ZipFile

import pytest

SCRIPT = runpy.run_path(str(Path(__file__).parent.parent / "docs/make_offline.py"))
Target, needed = SCRIPT["Target"], SCRIPT["needed"]
REQUIRES = [
    "attrs>=23.2",
    "colorama; platform_system == 'Windows'",
    "tomli; python_version < '3.11'",
    "rich>=13; extra == 'desk'",
    "pytest; extra == 'test'",
]


@pytest.mark.parametrize(
    ("system", "expected"),
    [("linux", ["attrs", "rich"]), ("windows", ["attrs", "colorama", "rich"])],
)
def test_needed_is_decided_by_the_target(system: str, expected: list[str]) -> None:
    """Markers are read for the computer that installs: system, version of Python and the extras asked for."""
    found = needed(REQUIRES, ["desk"], Target(system, "3.12").environment)
    assert expected == [one.name for one in found]


def test_requirements_are_those_of_the_wheel(tmp_path: Path) -> None:
    """The requirements come from the metadata inside the wheel; a wheel without any has none."""
    for name, lines in (("one", "Requires-Dist: attrs\nRequires-Dist: rich>=13; extra == 'desk'\n"), ("two", "")):
        with ZipFile(tmp_path / f"{name}.whl", "w") as wheel:
            wheel.writestr(f"{name}-1.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{lines}")
    read = SCRIPT["requirements_of"]
    assert (["attrs", "rich>=13; extra == 'desk'"], []) == (read(tmp_path / "one.whl"), read(tmp_path / "two.whl"))


def test_the_windows_installer_closes_its_blocks_where_it_means_to() -> None:
    """Inside a block of a batch file a bracket in a sentence would end the block: sentences use full-width ones."""
    depth, inside = 0, []
    for line in SCRIPT["WINDOWS_INSTALLER"].splitlines():
        if line.endswith("("):
            depth += 1
        elif line == ")":
            depth -= 1
        elif depth and "echo" in line:
            inside.append(line)
    assert (0, True, []) == (depth, bool(inside), [line for line in inside if "(" in line or ")" in line])


def test_a_folder_that_stands_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script adds nothing to a folder that is there already: old wheels beside new ones install either."""
    monkeypatch.setattr("sys.argv", ["make_offline.py", "-o", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        SCRIPT["main"]()
    assert (2, []) == (stopped.value.code, list(tmp_path.iterdir()))


def test_a_folder_that_could_not_be_filled_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a wheel cannot be had the folder goes again, so that nobody carries half of it to the office."""

    def refuse(folder: Path) -> Path:
        raise OSError("no wheel")

    monkeypatch.setitem(SCRIPT["make"].__globals__, "build", refuse)
    with pytest.raises(OSError, match="no wheel"):
        SCRIPT["make"](tmp_path / "new", [])
    assert [] == list(tmp_path.iterdir())
