"""Reading an application workbook: the run from sheet 说明, and the rows of every level from their sheets."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from jiangbu.desk.case import Case, Strip, read_case
from jiangbu.desk.cells import is_missing, read_date
from jiangbu.desk.heads import Heads, squash
from jiangbu.desk.plan import RUN_KEYS, RUN_SHEET, Plan, case_sheet, refuse_objects, run_sheet
from jiangbu.desk.problems import DeskError, at
from jiangbu.desk.sheet_rows import Fault, Headed, find_heads, head_faults, read_rows, refuse_faults
from jiangbu.desk.watch import Watch, unwatched
from jiangbu.desk.workbook import Sheet
from jiangbu.errors import Problem
from jiangbu.rules.levels import ROOT
from jiangbu.rules.model import Fact
from jiangbu.rules.scheme import Scheme


@frozen
class Run:
    """What a workbook says of its own run; every text empty and every day None where it says nothing."""

    scheme: str = ""
    title: str = ""
    place: str = ""
    on: datetime.date | None = None
    known_on: datetime.date | None = None
    template: str = ""


@frozen
class LevelSheet:
    """The rows of one level: the level's name, the sheet that they stand in, its heads, and the rows as cases."""

    level: str
    name: str
    heads: Heads
    cases: tuple[Case, ...]


@frozen
class Application:
    """All cases of one workbook, the heads of 申报表, and what a person should know about how it was read.

    ``levels`` holds the rows that stand elsewhere: parents before children, the single root read from 说明 first.
    """

    sheet: str
    heads: Heads
    cases: tuple[Case, ...]
    notes: tuple[str, ...] = ()
    digest: str = ""
    levels: tuple[LevelSheet, ...] = ()


def read_run(sheets: Sequence[Sheet]) -> Run:
    """The run that sheet 说明 states; raises :class:`DeskError` for a day that cannot be read."""
    sheet = run_sheet(sheets)
    if sheet is None:
        return Run()
    given: dict[str, str | datetime.date] = {}
    keys = {squash(head): key for head, key in RUN_KEYS.items()}
    for row in range(sheet.height):
        key = keys.get(squash(sheet.cell(row, 0).text).rstrip(":："))
        cell = sheet.cell(row, 1)
        if key is None or is_missing(cell):
            continue
        value = read_date(cell, at(sheet.name, row, 1)) if key in ("on", "known_on") else cell.text
        if isinstance(value, Problem):
            raise DeskError(value.path, f"填写的是“{value.found}”，应为{value.expected}", value.remedy)
        given[key] = value
    return Run(**given)  # type: ignore[arg-type]


def read_application(sheet: Sheet, facts: Mapping[str, Fact], watch: Watch = unwatched) -> Application:
    """Read every row of one sheet as a case of a scheme of one level with these facts; ``watch`` may see them go by.

    Raises :class:`DeskError` where the sheet is empty, its heads cannot be found or used, or no row follows.
    """
    headed = find_heads(sheet, facts, ROOT)
    refuse_faults(list(head_faults(headed)))
    cases, notes = _applications(headed, watch)
    return Application(sheet.name, headed.heads, cases, notes, sheet.digest)


def _applications(headed: Headed, watch: Watch) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    cases, notes = read_rows(headed, watch)
    if not cases:
        raise DeskError(f"工作表“{headed.sheet.name}”", "表头下面没有数据", "请从表头的下一行起逐行填写")
    return cases, notes


def read_workbook(sheets: Sequence[Sheet], scheme: Scheme, watch: Watch = unwatched) -> Application:
    """Read the rows of every level of a scheme: those of the paid level from 申报表, the others from their sheets.

    A root above the paid level stands in 说明 unless there is a sheet of its label. Raises :class:`DeskError` with
    everything that is wrong with sheets and heads, or where a sheet cannot be read at all.
    """
    if scheme.tree.flat:
        return read_application(case_sheet(sheets), scheme.facts, watch)
    refuse_objects(scheme)
    plan = Plan(scheme, tuple(sheets))
    headed = {}
    faults = []
    for name in scheme.tree.by_name:
        try:
            found = plan.headed(name)
        except DeskError as error:
            faults.append(Fault(error.where, error.found, error.remedy))
            continue
        headed[name] = found
        faults += head_faults(found)
    refuse_faults(faults)
    return _read(plan, headed, watch)


def _read(plan: Plan, headed: Mapping[str, Headed], watch: Watch) -> Application:
    levels = []
    notes: list[str] = []
    paid: tuple[Case, ...] = ()
    pay_level = plan.scheme.pay_level
    for name, found in headed.items():
        if plan.stands_in_run(name):
            levels.append(_root_in_run(found))
            continue
        cases, said = _applications(found, watch) if name == pay_level else read_rows(found, watch)
        cases = tuple(plan.with_serial_id(found, case) for case in cases)
        notes += said
        if name == pay_level:
            paid = cases
        else:
            levels.append(LevelSheet(name, found.sheet.name, found.heads, cases))
    main = headed[pay_level]
    return Application(main.sheet.name, main.heads, paid, tuple(notes), main.sheet.digest, tuple(levels))


def _root_in_run(found: Headed) -> LevelSheet:
    nowhere = dict.fromkeys(found.facts, RUN_SHEET)
    case = read_case(Strip(found.sheet, None), found.heads, found.facts, found.level)
    case = evolve(case, cells={**nowhere, **case.cells}, carried=())
    return LevelSheet(found.level, found.sheet.name, found.heads, (case,))
