"""A case of several levels comes out of a workbook as it comes out of the kernel, in whatever order it is typed."""

import datetime

import pytest
from as_sheets import sheets_of, simple_ids
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jiangbu import RuleBook
from jiangbu.desk.calculation import Options, calculate
from jiangbu.desk.reader import read_workbook
from jiangbu.testing import book_of, facts_of, rule_tables

DAY = datetime.date(2024, 6, 30)
BOOK = RuleBook.load()
SHIPPED = {
    "example-county-pot": DAY,
    "example-linkage-award": DAY,
    "guangzhou-green-label": datetime.date(2020, 6, 30),
    "quzhou-linkage": datetime.date(2024, 12, 31),
    "cold-store-national": DAY,
}


def hold(book, scheme, facts, root_sheet, random):
    """Compare every row of the desk's answer with the kernel's."""
    facts = simple_ids(scheme, facts)
    result = scheme.try_determine(facts)
    assume(not result.problems and result.outcome.value != "unreadable")

    def mix(rows):
        return random.sample(rows, len(rows))

    sheets = sheets_of(scheme, result, facts, root_sheet=root_sheet, mix=mix)
    assume(any(len(sheet.raw) > 1 for sheet in sheets if sheet.name == "申报表"))
    application = read_workbook(sheets, scheme)
    answer = calculate(book, scheme, Options(scheme.id, None, scheme.on), application)
    assert [problem for _, problem in answer.problems] == []
    rows = {row.path: row for row in result.root.walk() if row.level == scheme.pay_level}
    for decision in answer.decisions:
        if decision.outcome == "set_aside":
            continue
        own = decision.row.root if scheme.pay_level == scheme.tree.root else decision.row
        kernel = rows.pop(own.path)
        assert (decision.outcome, decision.amount) == (kernel.outcome.value, kernel.amount)
        assert own.data.values == kernel.data.values
    assert rows == {}
    assert answer.sums.amount == sum(row.amount for row in result.paid_rows)


@pytest.mark.parametrize("id", SHIPPED)
@given(data=st.data(), root_sheet=st.booleans(), random=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_shipped(id, data, root_sheet, random):
    """Every shipped scheme of several levels."""
    scheme = BOOK.scheme(id, on=SHIPPED[id])
    hold(BOOK, scheme, data.draw(facts_of(scheme)), root_sheet, random)


@given(data=st.data(), root_sheet=st.booleans(), random=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_random_tables(data, root_sheet, random):
    """Random tables of all shapes of levels."""
    book = book_of(data.draw(rule_tables()))
    scheme = book.scheme("random-table", on=DAY)
    hold(book, scheme, data.draw(facts_of(scheme)), root_sheet, random)
