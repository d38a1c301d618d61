"""Recalculating workbooks with LibreOffice, for tests: every formula anew, nothing from the cache.

LibreOffice shows the cached values of an xlsx file unless its profile says otherwise; ours does, and
``test_soffice.py`` proves it with a workbook whose cached values are wrong on purpose.
"""

import csv
import os
import shutil
import subprocess

import pytest

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
# Every sheet to a file of its own, values unformatted, text in quotes.
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
LONGEST = 300


def recalculated(folder, paths):
    """The cells of every sheet of every workbook after recalculation: name of the file → sheet → rows of texts."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("JIANGBU_REQUIRE_SOFFICE") == "1":
            pytest.fail("LibreOffice is required (JIANGBU_REQUIRE_SOFFICE=1) and soffice is not installed")
        pytest.skip("LibreOffice is not installed: live formulas are NOT recalculated")
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE)
    command = [program, "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", FILTER]
    subprocess.run([*command, "--outdir", str(out), *map(str, paths)], check=True, capture_output=True, timeout=LONGEST)
    found = {path.stem: {} for path in paths}
    for file in sorted(out.iterdir()):
        stem, sheet = next((stem, file.stem.removeprefix(f"{stem}-")) for stem in sorted(found, key=len, reverse=True)
                           if file.stem.startswith(f"{stem}-"))  # fmt: skip
        with open(file, encoding="utf-8", newline="") as stream:
            found[stem][sheet] = list(csv.reader(stream))
    assert all(found.values()), "a workbook was not recalculated"
    return found
