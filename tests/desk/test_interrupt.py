"""Ctrl-C at any time: no half file beside the target, nothing left elsewhere, what stood there before untouched."""

import os
import signal
import tempfile

import pytest
from small_run import HEADS, row
from xlsxwriter import Workbook
from xlsxwriter.packager import Packager

from jiangbu.desk import console
from jiangbu.desk.cli import main

PHASES = ("正在读取", "正在计算", "正在写出")
ROWS = 30


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with an application; temporary files go to the folder ``scratch`` beside it."""
    with Workbook(tmp_path / "申报表.xlsx") as book:
        sheet = book.add_worksheet("申报表")
        for at, values in enumerate([HEADS, *(row(number) for number in range(1, ROWS + 1))]):
            sheet.write_row(at, 0, values)
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return tmp_path


def calculate(folder):
    """Run the command as a user does."""
    source, target = folder / "申报表.xlsx", folder / "测算表.xlsx"
    options = ["--scheme", "example-scale-award", "--on", "2024-12-31"]
    return main(["calculate", str(source), "-o", str(target), *options])


def press(*_arguments, **_options):
    """Press Ctrl-C; the signal is delivered before the next step."""
    os.kill(os.getpid(), signal.SIGINT)


def pressed_in(phase, at):
    """A progress bar that presses Ctrl-C before an item of one phase."""

    def watched(items, description):
        for number, item in enumerate(items):
            if (description, number) == (phase, at):
                press()
            yield item

    return watched


def left(folder):
    """All files of a folder and below."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("at", [0, ROWS // 2, ROWS - 1])
def test_interrupted_in_each_phase(folder, monkeypatch, capsys, phase, at):
    """Reading, deciding or writing: the run ends with 2, says so, and leaves only the application."""
    monkeypatch.setattr(console, "watched", pressed_in(phase, at))
    assert calculate(folder) == 2
    assert "已中断" in capsys.readouterr().err
    assert left(folder) == ["申报表.xlsx"]


@pytest.mark.parametrize("place", [(Packager, "_create_package"), (Workbook, "close"), (os, "replace")])
def test_interrupted_while_closing(folder, monkeypatch, capsys, place):
    """So it is while the finished sheets are packed, and just before the file takes its name."""
    monkeypatch.setattr(*place, press)
    assert calculate(folder) == 2
    assert "已中断" in capsys.readouterr().err
    assert left(folder) == ["申报表.xlsx"]


def test_earlier_workbook_untouched(folder, monkeypatch):
    """A workbook that stood under the name of the target stays as it was, byte for byte."""
    (folder / "测算表.xlsx").write_bytes(b"earlier")
    monkeypatch.setattr(console, "watched", pressed_in("正在写出", ROWS // 2))
    assert calculate(folder) == 2
    assert (folder / "测算表.xlsx").read_bytes() == b"earlier"


def test_interrupted_soon(folder, monkeypatch):
    """After Ctrl-C the sheets written so far are not packed first, which takes long for many rows."""
    packed = []
    monkeypatch.setattr(Packager, "_create_package", lambda *_: packed.append(True))
    monkeypatch.setattr(console, "watched", pressed_in("正在写出", ROWS // 2))
    assert calculate(folder) == 2
    assert packed == []


def test_nothing_left_when_done(folder):
    """A run to the end leaves the application and the workbook, and no temporary file anywhere."""
    assert calculate(folder) == 0
    assert left(folder) == ["测算表.xlsx", "申报表.xlsx"]
