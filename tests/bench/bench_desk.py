"""The desk: a workbook calculated from file to file, against reading and writing the same cells and nothing else.

Run by hand: ``python tests/bench/bench_desk.py --reference DIR [--rows 100000]``, where DIR holds ``workload.py``.
The reference is what no program can go below with these libraries: python-calamine reads the application, and
XlsxWriter writes every cell of the calculated workbook, formulas and formats included, with no thought in between.
It is measured twice: as anybody calls the library, which searches every formula for thirty functions of newer
spreadsheets; and without that search, as our own writer does. The second is the harder to match, and the one to quote.
Its megabytes are those of keeping all cells in memory, and of the list of what to write.
"""

from __future__ import annotations

import argparse
import datetime
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine
from stdnum.cn import uscc
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

HERE = Path(__file__).parent
SCHEME, PLACE, DAY = "bench-tiered-award", "999999", datetime.date(2024, 6, 1)
SUBJECT = (
    "序号",
    "申报主体",
    "统一社会信用代码",
    "乡镇",
    "村",
    "项目名称",
    "责任单位",
    "资金来源",
    "批次",
    "开户行",
    "账号",
    "联系电话",
    "备注",
    "已付金额",
)
WRITERS = ("write_string", "write_number", "write_formula", "write_blank", "write_datetime", "write_boolean")
# Read by Format itself, never copied from another workbook.
_OWN = ("xf_index", "dxf_index", "xf_format_indices", "dxf_format_indices", "font_index", "has_font")


def main() -> None:
    """Measure both in one run, each in a process of its own, and print the ratio beside its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=("calculate", "plain", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        if given.part == "calculate":
            _calculate(given.folder)
        else:
            _replay(given.folder, bare=given.part == "bare")
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_application(folder / "in.xlsx", given.reference, given.rows)
        times: dict[str, list[tuple[Decimal, int]]] = {"calculate": [], "plain": [], "bare": []}
        for _ in range(given.rounds):
            for part, seen in times.items():
                command = [sys.executable, __file__, "--part", part, "--folder", place]
                seconds, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
                seen.append((Decimal(seconds), int(peak)))
        ours, plain, bare = (sorted(times[part])[len(times[part]) // 2] for part in ("calculate", "plain", "bare"))
        print(f"{given.rows:,} rows, median of {given.rounds} rounds, each in a process of its own")
        print(f"calculate                       {ours[0]:8.2f} s   {ours[1]:6,} MB at most")
        for name, theirs in (("read and write", plain), ("the same, formulas unsearched", bare)):
            print(f"{name:30s}  {theirs[0]:8.2f} s   {theirs[1]:6,} MB   ratio {ours[0] / theirs[0]:5.2f}  (goal ≤ 2)")


def write_application(target: Path, reference: Path, rows: int) -> None:
    """Write an application of the workload's rows, with 14 subject columns, 5 facts and a column carried through."""
    import jiangbu

    sys.path.insert(0, str(reference))
    import workload  # type: ignore[import-not-found]

    scheme = jiangbu.RuleBook.load(HERE / "tables").scheme(SCHEME, place=PLACE, on=DAY)
    facts = scheme.facts
    with Workbook(target, {"constant_memory": True}) as book:
        run = book.add_worksheet("说明")
        for row, (key, value) in enumerate({"办法编号": SCHEME, "地区代码": PLACE, "适用日期": str(DAY)}.items()):
            run.write_row(row, 0, (key, value))
        sheet = book.add_worksheet("申报表")
        sheet.write_row(0, 0, [*SUBJECT, *(fact.label for fact in facts.values()), "经办人"])
        for number, record in enumerate(workload.records("w1", rows), 1):
            given = {
                **record,
                "revenue": Decimal(record["revenue"]) / 100,
                "equipment": Decimal(record["equipment"]) / 100,
            }
            sheet.write_row(number, 0, [*_subject(number), *(given[name] for name in facts), "某某"])


def _subject(number: int) -> list[Any]:
    digits = f"91620825MA{number:07d}"
    return [
        number,
        f"第{number}合作社",
        digits + uscc.calc_check_digit(digits),
        f"乡镇{number % 18}",
        f"村{number % 240}",
        f"项目{number}",
        "农业农村局",
        ("中央资金", "省级资金", "县级资金")[number % 3],
        f"第{number % 4 + 1}批",
        "信用社",
        f"6217{number:012d}",
        f"138{number:08d}",
        "",
        number % 7 * 1000,
    ]


def _calculate(folder: Path) -> None:
    from jiangbu.desk.cli import main as shell

    started = time.perf_counter()
    command = ["calculate", str(folder / "in.xlsx"), "-o", str(folder / "out.xlsx"), "--tables", str(HERE / "tables")]
    with _silent():
        code = shell(command)
    _tell(started)
    assert code == 0, f"calculate ended with {code}"


def _replay(folder: Path, *, bare: bool) -> None:
    """Calculate once, keeping each call that wrote a cell; then read and write those cells again, timed."""
    from jiangbu.desk.cli import main as shell

    calls: list[tuple[str, str, tuple[Any, ...]]] = []
    kept = {name: getattr(Worksheet, name) for name in WRITERS}

    def recording(name: str) -> Any:
        def write(sheet: Worksheet, *arguments: Any) -> Any:
            calls.append((sheet.name, name, arguments))
            return kept[name](sheet, *arguments)

        return write

    for name in WRITERS:
        setattr(Worksheet, name, recording(name))
    command = ["calculate", str(folder / "in.xlsx"), "-o", str(folder / "out2.xlsx"), "--tables", str(HERE / "tables")]
    with _silent():
        shell(command)
    for name in WRITERS:
        setattr(Worksheet, name, kept[name])
    started = time.perf_counter()
    with python_calamine.load_workbook(str(folder / "in.xlsx")) as book:
        rows = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    with Workbook(folder / "again.xlsx") as again:
        formats: dict[int, Format] = {}
        sheets: dict[str, Worksheet] = {}
        for sheet, name, arguments in calls:
            if sheet not in sheets:
                sheets[sheet] = again.add_worksheet(sheet)
                if bare:
                    vars(sheets[sheet])["_prepare_formula"] = lambda formula: formula.removeprefix("=")
            kept[name](sheets[sheet], *(_format(one, again, formats) for one in arguments))
    _tell(started)
    assert rows


def _format(argument: Any, book: Workbook, formats: dict[int, Format]) -> Any:
    if not isinstance(argument, Format):
        return argument
    if id(argument) not in formats:
        copy = formats[id(argument)] = book.add_format()
        copy.__dict__.update({name: value for name, value in argument.__dict__.items() if name not in _OWN})
    return formats[id(argument)]


def _tell(started: float) -> None:
    seconds = time.perf_counter() - started
    print(f"{seconds:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}")


@contextmanager
def _silent() -> Iterator[None]:
    """What the shell prints is no part of the measurement and would mix with our own two numbers."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        yield


if __name__ == "__main__":
    main()
