"""Every shipped scheme of one level, through the workbook: the same outcome and lines as through Python."""

import datetime
from decimal import Decimal

import pytest
import xlsxwriter

from jiangbu import NotInForce, RuleBook
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.reader import case_sheet, read_application
from jiangbu.desk.workbook import open_sheets
from jiangbu.desk.writer import write_workbook

BOOK = RuleBook.load()
ENTRIES = [entry for entry in BOOK.entries() if entry.pays and not BOOK.scheme(entry.id, place=entry.place).levels]


def typed(value, fact):
    """A fact of a worked case as a clerk would type it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.kind == "choice":
        return fact.options.get(value, value)
    return str(value) if isinstance(value, Decimal) else value


def write(path, scheme, cases):
    """An application with one row per worked case, its heads the facts' labels."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("申报表")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["申报主体", *(fact.label for fact in scheme.facts.values())])
        for row, case in enumerate(cases, 1):
            sheet.write(row, 0, f"算例{row}")
            for column, fact in enumerate(scheme.facts.values(), 1):
                value = typed(case.facts.get(fact.name), fact)
                if isinstance(value, datetime.date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.id for entry in ENTRIES])
def test_worked_cases_through_the_workbook(tmp_path, entry):
    """A worked case typed into a sheet is decided as it is through Python, line by line."""
    plain = BOOK.scheme(entry.id, place=entry.place)
    assert plain.cases
    by_day, told = {}, []
    for case in plain.cases:
        first = plain.effective.from_ if plain.effective.from_ != "unseen" else plain.document.issued
        day = case.on or (first if first != "unseen" else datetime.date(2024, 6, 30))
        by_day.setdefault(day, []).append(case)
    for day, cases in by_day.items():
        try:
            scheme = BOOK.scheme(entry.id, place=entry.place, on=day, under=plain.document.number)
        except NotInForce:
            continue
        path = tmp_path / f"{day}.xlsx"
        write(path, scheme, cases)
        application = read_application(case_sheet(open_sheets(path)), scheme.facts)
        options = Options(entry.id, entry.place, day, under=plain.document.number)
        result = calculate(BOOK, scheme, options, application)
        assert len(result.decisions) == len(cases)
        for case, decision in zip(cases, result.decisions, strict=True):
            direct = scheme.try_determine(case.facts)
            assert (decision.outcome, decision.amount) == (direct.outcome.value, direct.amount), decision.problems
            if decision.determination is not None:
                assert decision.determination.facts == direct.facts
                assert {name: line.value for name, line in decision.determination.lines.items()} == {
                    name: line.value for name, line in direct.lines.items()
                }
        told += result.decisions
        write_workbook(result, path, tmp_path / f"{day}-测算表.xlsx")
    assert {"payable", "nil", "refused"} & {one.outcome for one in told}
