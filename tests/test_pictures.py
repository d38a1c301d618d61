"""The manual's pictures show the sheets as they are made now."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPT = runpy.run_path(str(ROOT / "docs/make_pictures.py"))


def test_pictures_are_up_to_date(tmp_path: Path) -> None:
    """Each pictured sheet holds what it held when it was drawn; else run ``python docs/make_pictures.py``."""
    drawn = json.loads((ROOT / "docs/图/来源.json").read_text(encoding="utf-8"))
    assert SCRIPT["digests"](SCRIPT["workbooks"](tmp_path)) == drawn


def test_every_picture_stands_in_the_manual() -> None:
    """The manual shows every picture that is drawn, and no picture lies about unused."""
    manual = (ROOT / "docs/测算手册.md").read_text(encoding="utf-8")
    names = sorted(one.name for one in SCRIPT["PICTURED"])
    assert names == sorted(path.stem for path in (ROOT / "docs/图").glob("*.png"))
    assert [] == [name for name in names if f"](图/{name}.png)" not in manual]
