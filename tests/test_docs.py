"""What the documents print is true: their tables pass the checker, their commands and scripts say what stands there.

A page's fenced blocks are taken in order. A ``toml`` block whose first line is ``# path/to/file.toml`` is written
there (a second block of the same path is added to the file); ``console`` blocks are commands with what they print;
a ``python`` block without prompts is a script, and the ``text`` block after it what it prints. In expected
output … stands for anything. Prompted Python examples are doctests, which pytest collects on its own.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import runpy
import shlex
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from xlsxwriter import Workbook

from jiangbu.desk import words
from jiangbu.desk.cli import main
from jiangbu.errors import Finding
from jiangbu.rules.book import RuleBook
from jiangbu.rules.check import check_path, files_at
from jiangbu.rules.check.mutate import mutate

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
GUIDE = ROOT / "docs/guide.md"
TABLE_PAGE = ROOT / "docs/写一张规则表.md"
MANUAL = ROOT / "docs/测算手册.md"
PAGES = (GUIDE, TABLE_PAGE)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_CODE = re.compile(r"`([^`]+)`")


@frozen
class Block:
    """One fenced block of a page."""

    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in _FENCE.findall(page.read_text(encoding="utf-8"))]


def tables(page: Path) -> Iterator[list[list[str]]]:
    """The markdown tables of a page outside its fenced blocks, each as rows of cells, the head first."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for lines in re.findall(r"(?:^\|.*\n)+", text, re.M):
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in lines.splitlines()]
        yield [row for row in rows if not set("".join(row)) <= set(":- ")]


def table_files(page: Path) -> dict[str, str]:
    """The files that a page tells to write, by path."""
    found: dict[str, str] = {}
    for block in blocks(page):
        if block.language == "toml":
            add_file(found, block)
    return found


def add_file(files: dict[str, str], block: Block) -> None:
    """Take a block into the file that its first line names."""
    first, _, rest = block.text.partition("\n")
    if first.startswith("# ") and first.endswith(".toml"):
        path = first.removeprefix("# ")
        files[path] = f"{files[path]}\n{rest}" if path in files else rest


def write_file(folder: Path, path: str, text: str) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def findings_of(folder: Path) -> list[Finding]:
    """What the checker says of a folder, warnings included."""
    book = RuleBook.load(folder)
    return list(check_path(book, folder))


def unnoticed_in(folder: Path) -> list[Finding]:
    """The changes of a folder's tables that no case and no promise notices."""
    book = RuleBook.load(folder)
    schemes = [file.path for file in files_at(book, folder) if file.kind == "scheme"]
    return [finding for path in schemes for finding in mutate(book, path)]


def assert_prints(expected: str, printed: str) -> None:
    """The output is the expected one, where … stands for anything and line ends are trimmed."""
    want, got = ("\n".join(map(str.rstrip, text.strip().splitlines())) for text in (expected, printed))
    checker = doctest.OutputChecker()
    flags = doctest.ELLIPSIS
    assert checker.check_output(want.replace("…", "..."), got.replace("…", "..."), flags), (
        f"expected:\n{want}\n\nprinted:\n{got}"
    )


def run(argv: Sequence[str]) -> str:
    """The output of a command ``jiangbu …`` of a page, run in this process."""
    assert "jiangbu" == argv[0]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(argv[1:])
    return out.getvalue()


def run_script(script: str, folder: Path) -> str:
    """The output of a script of a page; it stands in a file, as hypothesis wants to read its tests."""
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(str(path), run_name="__main__")
    return out.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tables_of_the_page_have_no_findings(page: Path, tmp_path: Path) -> None:
    """The page's own tables pass the checker without a warning, and no change of them goes unnoticed."""
    files = table_files(page)
    for path, text in files.items():
        write_file(tmp_path, path, text)
    assert len(files) >= 2
    for folder in {tmp_path / path.partition("/")[0] for path in files}:
        assert [] == findings_of(folder)
        assert [] == unnoticed_in(folder)


@pytest.mark.parametrize("page", [*PAGES, MANUAL], ids=lambda page: page.stem)
def test_commands_and_scripts_print_what_stands_there(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are written, commands and scripts run in the order of the page, and each prints what it shows."""
    shutil.copytree(ROOT / "docs/examples", tmp_path / "docs/examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    write_workbooks(page, tmp_path)
    files: dict[str, str] = {}
    script, ran = "", 0
    for block in blocks(page):
        if block.language == "toml":
            add_file(files, block)
            for path, text in files.items():
                write_file(tmp_path, path, text)
        elif block.language == "console":
            for step in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
                command, _, expected = step.partition("\n")
                assert_prints(expected, run(shlex.split(command)))
                ran += 1
        elif block.language == "python" and ">>>" not in block.text:
            script = block.text
        elif block.language == "text" and script:
            assert_prints(block.text, run_script(script, tmp_path))
            script, ran = "", ran + 1
    assert "" == script
    assert ran >= 3


def write_workbooks(page: Path, folder: Path) -> None:
    """Write the workbook that the page shows as two tables: its run (办法编号 …) and its 申报表."""
    shown = {rows[0][0]: rows for rows in tables(page)}
    name = re.search(r"`(\S+\.xlsx)`", page.read_text(encoding="utf-8"))
    if "申报主体" not in shown or name is None:
        return
    with Workbook(folder / name.group(1)) as workbook:
        for title, rows in (("说明", shown["办法编号"]), ("申报表", shown["申报主体"])):
            sheet = workbook.add_worksheet(title)
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if re.fullmatch(r"\d{1,5}", text):
                        sheet.write_number(number, column, int(text))
                    else:
                        sheet.write_string(number, column, text)


def mistakes(page: Path) -> list[tuple[str, str, str]]:
    """The page's tables of common mistakes: what to write, what was written, what the checker reports."""
    rows = [row for found in tables(page) if found[0][1] in ("误写", "instead") for row in found[1:]]
    found = [_CODE.findall("|".join(row[:3])) for row in rows]
    return [(right, wrong, reported) for right, wrong, reported in found]


@pytest.mark.parametrize(
    ("page", "right", "wrong", "reported"),
    [(page, *mistake) for page in PAGES for mistake in mistakes(page)],
    ids=lambda value: value.stem if isinstance(value, Path) else None,
)
def test_the_checker_reports_each_mistake(page: Path, right: str, wrong: str, reported: str, tmp_path: Path) -> None:
    """Each mistake of the page's table is reported under the code (and in Chinese the name) that stands there."""
    changed: list[str] = []
    for path, text in table_files(page).items():
        # Of documents.toml nothing is changed: the mistake is made in the rule table.
        here = right in text and not path.endswith("documents.toml")
        write_file(tmp_path, path, text.replace(right, wrong, 1) if here else text)
        changed += [path] * here
    assert 1 == len(changed)
    code, _, name = reported.partition(" ")
    folder = tmp_path / changed[0].partition("/")[0]
    assert code in {finding.code for finding in findings_of(folder)}
    assert not name or words.FINDINGS[code] == name


def test_the_finding_shown_is_the_finding_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gap that 写一张规则表 shows is printed so, line number and witness included."""
    monkeypatch.chdir(tmp_path)
    right, wrong, _ = mistakes(TABLE_PAGE)[0]
    for path, text in table_files(TABLE_PAGE).items():
        write_file(tmp_path, path, text.replace(right, wrong, 1))
    shown = next(block.text for block in blocks(TABLE_PAGE) if block.language == "text" and "错误 [gap" in block.text)
    assert_prints(shown + "错误 1 条，提醒 0 条", run(["jiangbu", "check", "本县规则表"]))


class TestReadme:
    """The README: two commands, one excerpt of a table, one example."""

    def test_two_commands_set_themselves_up(self) -> None:
        """Its first two shell blocks are one line each: set-up and the main job, set-up and the tests."""
        first, second = (block.text for block in blocks(README) if block.language == "bash")
        for command, does in ((first, "jiangbu calculate "), (second, "pytest")):
            assert 1 == command.count("\n")
            assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
            assert does in command.rpartition("&& ")[2]

    def test_powershell_lines_are_the_same_commands(self) -> None:
        """The PowerShell lines do what the shell lines do."""
        shell = [block.text for block in blocks(README) if block.language == "bash"]
        power = [block.text for block in blocks(README) if block.language == "powershell"]
        spelled = [
            command.replace("python3", "py -3")
            .replace(" && ", "; ")
            .replace("'", '"')
            .replace(".venv/bin/", ".venv\\Scripts\\")
            .replace("docs/examples/", "docs\\examples\\")
            for command in shell
        ]
        assert spelled == power

    def test_main_command_calculates(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What the first command does after its set-up exits 0 and writes the workbook."""
        shutil.copytree(ROOT / "docs/examples", tmp_path / "docs/examples")
        monkeypatch.chdir(tmp_path)
        command = next(block.text for block in blocks(README) if block.language == "bash")
        argv = shlex.split(command.rpartition("&& ")[2])
        assert 0 == main(argv[1:])
        assert (tmp_path / "测算表.xlsx").stat().st_size > 0

    def test_excerpt_stands_in_the_shipped_table(self) -> None:
        """The table shown is the shipped one, section by section."""
        shown = tomllib.loads(next(block.text for block in blocks(README) if block.language == "toml"))
        path = ROOT / "tables/999999-example/example-scale-award.toml"
        shipped = tomllib.loads(path.read_text(encoding="utf-8"))
        for section, entries in shown.items():
            assert_within(entries, shipped[section])

    def test_example_runs(self) -> None:
        """The Python example prints what it shows."""
        results = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
        assert results.attempted >= 5
        assert 0 == results.failed


def assert_within(shown: Any, shipped: Any) -> None:
    """Every entry shown stands in the shipped section, unchanged."""
    if isinstance(shown, dict):
        assert shown == {key: shipped[key] for key in shown}
    else:
        assert [one for one in shown if one in shipped] == shown


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/*.md")), ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file of the repository."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    missing = [target for target in targets if target and "://" not in target and not (page.parent / target).exists()]
    assert [] == missing


def test_contents_list_every_page() -> None:
    """docs/目录.md names every page of docs/, and every folder of pages by its index."""
    contents = (ROOT / "docs/目录.md").read_text(encoding="utf-8")
    pages = [path.name for path in ROOT.glob("docs/*.md") if path.name != "目录.md"]
    assert [] == [name for name in sorted(pages) if f"]({name})" not in contents]
