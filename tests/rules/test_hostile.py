"""Files that mean harm or were saved wrongly give findings with file and line, cheaply, and run nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile import samples

HERE = Path(__file__).resolve().parent
MOST_SECONDS, MOST_MEGABYTES = 2.0, 200.0
SLOW_MACHINE = 3.0
"""How much slower a shared machine may be than a quiet one."""

SAMPLES = samples()


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each sample cost and gave, in a process of its own whose memory can be measured."""
    folder = tmp_path_factory.mktemp("hostile")
    done = subprocess.run(
        [sys.executable, str(HERE / "hostile.py"), str(folder)],
        capture_output=True, text=True, cwd=folder, timeout=300, check=False,
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr), "nothing is raised and nothing is said"
    assert [] == list(folder.rglob("hacked")), "nothing of a formula is ever run"
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", SAMPLES)
class TestHostileFiles:
    def test_it_is_found(self, costs: dict[str, dict[str, Any]], name: str) -> None:
        """Each gives a finding of its code, in its file, at its line where a line can be known."""
        sample = SAMPLES[name]
        found = [finding for finding in costs[name]["findings"] if finding[0] in sample.codes]
        assert found, costs[name]["findings"][:5]
        assert {"999999-tests/hostile.toml"} == {file for _, _, file, _ in found}
        if sample.placed:
            assert any(line > 1 for _, _, _, line in found), found[:5]

    def test_it_makes_no_scheme(self, costs: dict[str, dict[str, Any]], name: str) -> None:
        """Whatever has an error among its findings gives no scheme; warnings alone give one."""
        errors = [finding for finding in costs[name]["findings"] if finding[1] == "error"]
        assert (not errors) is costs[name]["loaded"]

    def test_it_is_cheap(self, costs: dict[str, dict[str, Any]], name: str) -> None:
        """It takes at most two seconds of a quiet machine, and at most 200 MB."""
        assert costs[name]["seconds"] <= MOST_SECONDS * SLOW_MACHINE
        assert costs[name]["megabytes"] <= MOST_MEGABYTES
