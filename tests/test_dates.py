"""Month arithmetic, day counts, contract years, periods, notices and settlement days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from jiangbu.dates import (
    RestDays,
    Settlement,
    after,
    contract_years,
    days,
    later,
    later_ordinal,
    months,
    months_ordinal,
    notice_days,
    period_end,
    rest_days_of,
    settlement_days,
)
from jiangbu.errors import DateError

MONTH_ENDS = st.builds(
    lambda year, month, back: date(year + month // 12, month % 12 + 1, 1) - timedelta(days=back),
    st.integers(1990, 2099),
    st.integers(0, 11),
    st.integers(0, 4),
)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31)) | MONTH_ENDS
COUNTS = st.integers(-1300, 1300)
# 2024-05-01 to 05-05 were off, and the Sundays 04-28 and Saturday 05-11 were worked.
OFF = [date(2024, 5, day) for day in range(1, 6)]
ON = [date(2024, 4, 28), date(2024, 5, 11)]
WEEKENDS = rest_days_of(range(1900, 2200), off=[], on=[])
CALENDAR = rest_days_of([2024], off=OFF, on=ON)


class TestMonths:
    """Months count from the original start and are clamped to the month's last day, once."""

    @pytest.mark.parametrize(
        ("day", "count", "expected"),
        [
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2023, 1, 31), 1, date(2023, 2, 28)),
            (date(2024, 1, 31), 2, date(2024, 3, 31)),
            (date(2024, 3, 31), -1, date(2024, 2, 29)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 2, 29), 48, date(2028, 2, 29)),
            (date(2024, 2, 28), 12, date(2025, 2, 28)),
            (date(2024, 12, 31), 2, date(2025, 2, 28)),
            (date(2024, 5, 20), 0, date(2024, 5, 20)),
            (date(9999, 11, 30), 1, date(9999, 12, 30)),
        ],
    )
    def test_later(self, day: date, count: int, expected: date) -> None:
        """The same day of a later month, or that month's last day if it has no such day."""
        assert later(day, count) == expected

    @pytest.mark.parametrize(
        ("a", "b", "expected"),
        [
            (date(2024, 1, 31), date(2024, 2, 28), 0),
            (date(2024, 1, 31), date(2024, 2, 29), 1),
            (date(2024, 1, 31), date(2024, 3, 30), 1),
            (date(2024, 1, 31), date(2024, 3, 31), 2),
            (date(2024, 1, 5), date(2025, 1, 5), 12),
            (date(2024, 1, 5), date(2025, 1, 6), 12),
            (date(2024, 1, 5), date(2025, 1, 4), 11),
            (date(2024, 3, 1), date(2024, 1, 31), -1),
            (date(2024, 5, 1), date(2024, 5, 1), 0),
        ],
    )
    def test_months(self, a: date, b: date, expected: int) -> None:
        """A month counts when its corresponding day, or the last day in its stead, is reached."""
        assert months(a, b) == expected

    @given(DAYS, COUNTS)
    def test_later_lands_in_the_named_month(self, day: date, count: int) -> None:
        """Month and year move by the count, and the day moves only where the month is too short."""
        end = later(day, count)
        assert end.year * 12 + end.month == day.year * 12 + day.month + count
        assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)

    @given(DAYS, COUNTS, COUNTS)
    def test_later_never_decreases(self, day: date, fewer: int, more: int) -> None:
        """More months are never an earlier day, and two counts from one start never share a day."""
        assume(fewer < more)
        assert later(day, fewer) < later(day, more)

    @given(DAYS, DAYS)
    @example(date(2024, 1, 31), date(2024, 2, 29))
    def test_months_is_the_largest_count_that_fits(self, a: date, b: date) -> None:
        """So many months are reached and one more is not; the other way round they count below zero."""
        a, b = min(a, b), max(a, b)
        assert later(a, months(a, b)) <= b < later(a, months(a, b) + 1)
        assert months(b, a) == -months(a, b)

    @given(DAYS, st.integers(0, 1300))
    def test_months_is_the_inverse_of_later(self, day: date, count: int) -> None:
        """The months from a start to the day so many months later are so many."""
        assert months(day, later(day, count)) == count

    @given(DAYS, DAYS, COUNTS)
    @example(date(2024, 2, 29), date(2025, 2, 28), 12)
    def test_ordinal_twins_agree(self, a: date, b: date, count: int) -> None:
        """What the evaluator runs over ordinals is what is defined over days."""
        assert later_ordinal(a.toordinal(), count) == later(a, count).toordinal()
        assert months_ordinal(a.toordinal(), b.toordinal()) == months(a, b)

    def test_ordinal_twins_agree_at_the_ends_of_the_calendar(self) -> None:
        """The first and the last day that there are need no exception."""
        first, last = date.min, date.max
        whole = 9999 * 12 - 1
        assert months(first, last) == months_ordinal(first.toordinal(), last.toordinal()) == whole
        assert later_ordinal(last.toordinal(), -whole) == later(last, -whole).toordinal() == 31
        assert later_ordinal(first.toordinal(), whole) == later(first, whole).toordinal()


class TestDays:
    """Days are differences: the first is in, the last is out."""

    @given(DAYS, st.integers(-40_000, 40_000))
    def test_after_and_days_are_inverse(self, day: date, n: int) -> None:
        """n days later is n days from here, on either side."""
        assert days(day, after(day, n)) == n
        assert after(day, n) == day + timedelta(days=n)

    @given(DAYS, DAYS, DAYS)
    def test_days_add_up(self, a: date, b: date, c: date) -> None:
        """Cutting a span at any day changes nothing: what makes interest segments additive."""
        assert days(a, b) + days(b, c) == days(a, c)

    def test_first_day_in_last_day_out(self) -> None:
        """A loan from 28 February to 1 March of a leap year has two days."""
        assert days(date(2024, 2, 28), date(2024, 3, 1)) == 2
        assert days(date(2024, 3, 1), date(2024, 2, 28)) == -2


MOMENTS = [datetime(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC), "2024-01-01", 45292, None]


class TestRefusals:
    """What is no day, no whole number or beyond the calendar is a DateError and nothing else."""

    @pytest.mark.parametrize("value", MOMENTS)
    def test_only_a_day_is_a_day(self, value: Any) -> None:
        """A datetime, text or a number is no day, wherever a day is expected."""
        day = date(2024, 1, 1)
        calls: list[Any] = [
            lambda: later(value, 1),
            lambda: months(value, day),
            lambda: months(day, value),
            lambda: days(value, day),
            lambda: days(day, value),
            lambda: after(value, 1),
            lambda: contract_years(value, day),
            lambda: contract_years(day, value),
            lambda: period_end(value, days=1),
            lambda: notice_days(value, 1),
            lambda: notice_days(value, 1, working=True, rest_days=CALENDAR),
            lambda: settlement_days(value, day, "month-20"),
            lambda: settlement_days(day, value, "month-20"),
            lambda: RestDays([2024], [value]),
            lambda: value in CALENDAR,
            lambda: rest_days_of([2024], off=[value], on=[]),
            lambda: rest_days_of([2024], off=[], on=[value]),
        ]
        for call in calls:
            with pytest.raises(DateError, match="is no day"):
                call()

    @pytest.mark.parametrize("count", [True, 1.0, "1", None])
    def test_only_a_whole_number_is_a_count(self, count: Any) -> None:
        """True is no one, and 1.0 no 1."""
        day = date(2024, 1, 1)
        calls: list[Any] = [
            lambda: later(day, count),
            lambda: after(day, count),
            lambda: period_end(day, months=count),
            lambda: notice_days(day, count),
            lambda: RestDays([count], []),
        ]
        for call in calls:
            with pytest.raises(DateError, match="expected a whole number"):
                call()

    @pytest.mark.parametrize("count", [200_000, -200_000, 10**30, -(10**30), 10**5000, -(10**5000)], ids=range(6))
    def test_beyond_the_calendar(self, count: int) -> None:
        """There is no year 0 and no year 10000, and no count is too large to be told so."""
        day = date(2024, 1, 31)
        call: Any
        for call in (later, after) if abs(count) > 10**7 else (later,):
            with pytest.raises(DateError, match="beyond the calendar"):
                call(day, count)
        with pytest.raises(DateError, match="beyond the calendar"):
            later_ordinal(day.toordinal(), count)
        with pytest.raises(DateError):
            period_end(day, years=count)
        with pytest.raises(DateError):
            notice_days(day, count * 1000)
        with pytest.raises(DateError):
            RestDays([count], [])

    def test_the_edges_of_the_calendar(self) -> None:
        """The last day is reached, and the day behind it is refused."""
        assert after(date(9999, 12, 30), 1) == date.max
        assert after(date(1, 1, 2), -1) == date.min
        calls: list[Any] = [
            lambda: after(date.max, 1),
            lambda: after(date.min, -1),
            lambda: later(date.max, 1),
        ]
        for call in calls:
            with pytest.raises(DateError, match="beyond the calendar"):
                call()


class TestContractYears:
    """Contract years are half-open, counted from the original start, and cover each day once."""

    @given(DAYS, st.integers(0, 4000))
    def test_every_day_lies_in_exactly_one_year(self, start: date, length: int) -> None:
        """The years join without gap or overlap, from the first day to the last."""
        until = after(start, length)
        years = contract_years(start, until)
        assert sum(days(*year) for year in years) == length
        assert all(begin < end for begin, end in years)
        assert all(one[1] == other[0] for one, other in pairwise(years))
        if years:
            assert (years[0][0], years[-1][1]) == (start, until)

    @given(DAYS, st.integers(1, 30))
    def test_years_count_from_the_original_start(self, start: date, count: int) -> None:
        """So many years are so many, and each begins whole years after the very first day."""
        years = contract_years(start, later(start, 12 * count))
        assert [begin for begin, _ in years] == [later(start, 12 * number) for number in range(count)]

    def test_leap_day_returns(self) -> None:
        """An agreement of 29 February begins its years on the 28th, in a leap year on the 29th again."""
        years = contract_years(date(2024, 2, 29), date(2028, 3, 1))
        assert [begin for begin, _ in years] == [
            date(2024, 2, 29),
            date(2025, 2, 28),
            date(2026, 2, 28),
            date(2027, 2, 28),
            date(2028, 2, 29),
        ]
        assert years[-1] == (date(2028, 2, 29), date(2028, 3, 1))

    def test_nothing_and_less_than_nothing(self) -> None:
        """No days have no years; an end before the start is an error."""
        assert contract_years(date(2024, 1, 1), date(2024, 1, 1)) == ()
        with pytest.raises(DateError, match="earlier"):
            contract_years(date(2024, 1, 1), date(2023, 12, 31))

    def test_up_to_the_last_day_of_the_calendar(self) -> None:
        """The last broken year needs no day beyond the calendar."""
        assert contract_years(date(9998, 6, 1), date.max)[-1] == (date(9999, 6, 1), date.max)


class TestPeriodEnd:
    """Civil Code 201 to 203: first day out, corresponding day, moved behind rest days."""

    @pytest.mark.parametrize(
        ("start", "length", "expected"),
        [
            (date(2024, 8, 16), {"days": 10}, date(2024, 8, 26)),
            (date(2024, 1, 31), {"months": 1}, date(2024, 2, 29)),
            (date(2024, 1, 31), {"months": 2}, date(2024, 3, 31)),
            (date(2024, 2, 29), {"years": 1}, date(2025, 2, 28)),
            (date(2021, 6, 1), {"years": 3}, date(2024, 6, 1)),
            (date(2024, 1, 15), {"years": 1, "months": 1, "days": 3}, date(2025, 2, 18)),
        ],
    )
    def test_without_rest_days(self, start: date, length: Any, expected: date) -> None:
        """Days follow the first day; months and years end on the corresponding day or the month's last."""
        assert period_end(start, **length) == expected

    @pytest.mark.parametrize(
        ("start", "length", "expected"),
        [
            (date(2024, 4, 20), {"days": 11}, date(2024, 5, 6)),
            (date(2024, 4, 1), {"months": 1}, date(2024, 5, 6)),
            (date(2024, 4, 18), {"days": 10}, date(2024, 4, 28)),
            (date(2024, 4, 17), {"days": 10}, date(2024, 4, 28)),
            (date(2024, 5, 1), {"days": 10}, date(2024, 5, 11)),
            (date(2024, 5, 2), {"days": 10}, date(2024, 5, 13)),
            (date(2024, 4, 29), {"days": 1}, date(2024, 4, 30)),
        ],
    )
    def test_moved_behind_rest_days(self, start: date, length: Any, expected: date) -> None:
        """A last day of rest moves to the first day after it; a worked weekend does not move it."""
        assert period_end(start, **length, rest_days=CALENDAR) == expected

    @given(DAYS, st.integers(1, 400), st.integers(0, 60))
    def test_the_first_day_of_no_rest(self, start: date, count: int, more: int) -> None:
        """With a calendar the end is the first day of no rest at or after the end without one."""
        plain = period_end(start, days=count, months=more)
        end = period_end(start, days=count, months=more, rest_days=WEEKENDS)
        assert start < plain <= end
        assert end not in WEEKENDS
        assert all(after(plain, n) in WEEKENDS for n in range(days(plain, end)))

    @pytest.mark.parametrize("length", [{}, {"days": 0}, {"days": -1}, {"months": 2, "days": -1}])
    def test_a_period_has_a_length(self, length: Any) -> None:
        """Nothing and less than nothing are no periods."""
        with pytest.raises(DateError, match="period"):
            period_end(date(2024, 1, 1), **length)

    def test_a_year_without_calendar_is_refused(self) -> None:
        """Where the rest days of a year are not known, no day of it is taken for a working day."""
        with pytest.raises(DateError, match="rest days of 2025 are not known"):
            period_end(date(2024, 12, 31), days=1, rest_days=CALENDAR)


class TestWords:
    def test_a_count_that_nobody_means_is_not_spelt_out(self) -> None:
        """A count of less than a hundred binary digits is given in the message; a longer one is too many."""
        for count, said in ((2**99 - 1, str(2**99 - 1)), (2**99, "too many"), (10**5000, "too many")):
            with pytest.raises(DateError, match=rf"^{said} months from 2024-01-31"):
                later(date(2024, 1, 31), count)

    def test_of_several_strange_days_the_first_is_named(self) -> None:
        """Days outside the covered years, off or worked: the earliest is told."""
        strange = [date(2026, 5, 3), date(2025, 5, 1), date(2026, 5, 2)]
        with pytest.raises(DateError, match="the rest day 2025-05-01"):
            rest_days_of([2024], off=strange, on=[])
        with pytest.raises(DateError, match="the worked day 2025-05-01"):
            rest_days_of([2024], off=[], on=strange)

    def test_settlement_reaches_the_end_of_the_calendar(self) -> None:
        """The last year that there is has its settlement days too."""
        assert (date(9999, 12, 20),) == settlement_days(date(9999, 10, 1), date.max, "quarter-20")

    def test_what_a_bare_number_means_is_always_named(self) -> None:
        """Lengths of a period, working days, days off and days worked are given by name only."""
        unnamed: Any = (
            (period_end, (date(2024, 1, 1), 3)),
            (notice_days, (date(2024, 1, 1), 3, True)),
            (rest_days_of, ([2024], [], [])),
        )
        for function, arguments in unnamed:
            with pytest.raises(TypeError, match="positional"):
                function(*arguments)


class TestNoticeDays:
    """A notice counts its first day in."""

    def test_the_published_example(self) -> None:
        """17 to 26 August is ten days, where a period of the Civil Code would end on the 27th."""
        assert notice_days(date(2023, 8, 17), 10) == date(2023, 8, 26)
        assert period_end(date(2023, 8, 17), days=10) == date(2023, 8, 27)

    @given(DAYS, st.integers(1, 400))
    def test_one_day_less_than_a_period(self, first: date, count: int) -> None:
        """The two conventions differ by exactly the first day."""
        assert after(notice_days(first, count), 1) == period_end(first, days=count)

    @pytest.mark.parametrize(
        ("first", "count", "last"),
        [
            (date(2024, 4, 26), 1, date(2024, 4, 26)),
            (date(2024, 4, 26), 2, date(2024, 4, 28)),
            (date(2024, 4, 26), 5, date(2024, 5, 6)),
            (date(2024, 4, 27), 1, date(2024, 4, 28)),
            (date(2024, 5, 1), 5, date(2024, 5, 10)),
            (date(2024, 5, 1), 6, date(2024, 5, 11)),
        ],
    )
    def test_working_days(self, first: date, count: int, last: date) -> None:
        """Only working days count, worked weekends among them; a first day of rest does not."""
        assert notice_days(first, count, working=True, rest_days=CALENDAR) == last

    @given(st.dates(date(2024, 1, 1), date(2024, 9, 30)), st.integers(1, 40))
    def test_so_many_working_days_and_the_last_is_one(self, first: date, count: int) -> None:
        """From the first day to the last there are exactly so many working days, and the last is one."""
        last = notice_days(first, count, working=True, rest_days=CALENDAR)
        span = [after(first, n) for n in range(days(first, last) + 1)]
        assert sum(day not in CALENDAR for day in span) == count
        assert last not in CALENDAR

    def test_refusals(self) -> None:
        """No days, working days without a calendar, and a year without one are refused with the reason."""
        with pytest.raises(DateError, match="0 days"):
            notice_days(date(2024, 1, 1), 0)
        with pytest.raises(DateError, match="without a calendar"):
            notice_days(date(2024, 1, 1), 5, working=True)
        with pytest.raises(DateError, match="rest days of 2025 are not known"):
            notice_days(date(2024, 12, 30), 5, working=True, rest_days=CALENDAR)


class TestRestDays:
    """A calendar knows the years that it covers and says so of all others."""

    def test_weekends_holidays_and_worked_weekends(self) -> None:
        """Weekends and days off are rest days; weekends that are worked are not."""
        assert [date(2024, 5, day) in CALENDAR for day in (1, 3, 6, 11, 12)] == [
            True,
            True,
            False,
            False,
            True,
        ]
        assert len(CALENDAR.days) == 104 + 3 - 2

    @given(st.integers(1, 9999))
    @example(1)
    @example(2023)
    @example(9999)
    def test_every_weekend_of_a_year(self, year: int) -> None:
        """Without notices the rest days are the Saturdays and Sundays, from New Year to 31 December."""
        calendar = rest_days_of([year], off=[], on=[])
        span = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        assert calendar.days == {day for day in map(date.fromordinal, span) if f"{day:%w}" in "06"}

    def test_days_outside_the_covered_years_are_refused(self) -> None:
        """A stray day is a slip in the calendar, and a year beyond it is unknown."""
        with pytest.raises(DateError, match="2025-01-01 is not in a covered year"):
            RestDays([2024], [date(2025, 1, 1)])
        with pytest.raises(DateError, match="2025-01-01 is not in a covered year"):
            rest_days_of([2024], off=[], on=[date(2025, 1, 1)])
        with pytest.raises(DateError, match=r"2023 are not known \(covered: 2024\)"):
            assert date(2023, 12, 31) in CALENDAR
        with pytest.raises(DateError, match="covered: none"):
            assert date(2023, 12, 31) in RestDays([], [])
        with pytest.raises(DateError, match="no year of the calendar"):
            rest_days_of([10_000], off=[], on=[])

    def test_frozen_and_comparable(self) -> None:
        """Calendars of the same years and days are equal, however they were given."""
        assert RestDays([2024], OFF) == RestDays({2024}, reversed(OFF))
        with pytest.raises(AttributeError):
            CALENDAR.years = frozenset()  # type: ignore[misc]


class TestSettlementDays:
    """Interest is settled on the 20th, as often as the contract says."""

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ("quarter-20", [(2024, 3), (2024, 6), (2024, 9), (2024, 12)]),
            ("month-20", [(2024, month) for month in range(1, 13)]),
            ("year-dec-20", [(2024, 12)]),
        ],
    )
    def test_days_of_a_year(self, rule: Settlement, expected: list[tuple[int, int]]) -> None:
        """Each quarter's last month, each month, or December."""
        found = settlement_days(date(2024, 1, 1), date(2025, 1, 1), rule)
        assert list(found) == [date(year, month, 20) for year, month in expected]

    @given(DAYS, DAYS, DAYS, st.sampled_from(["month-20", "quarter-20", "year-dec-20"]))
    def test_spans_join(self, a: date, b: date, c: date, rule: Settlement) -> None:
        """The span is half-open: two that join settle once on the day between them."""
        a, b, c = sorted([a, b, c])
        assert settlement_days(a, b, rule) + settlement_days(b, c, rule) == settlement_days(a, c, rule)

    def test_edges(self) -> None:
        """The first day is in and the last is out; a span of nothing has no days."""
        day = date(2024, 3, 20)
        assert settlement_days(day, after(day, 1), "quarter-20") == (day,)
        assert settlement_days(after(day, -1), day, "quarter-20") == ()
        assert settlement_days(day, date(2020, 1, 1), "quarter-20") == ()

    def test_another_rule_is_refused(self) -> None:
        """A rule that is not known settles nothing."""
        with pytest.raises(DateError, match="no rule of settlement"):
            settlement_days(date(2024, 1, 1), date(2024, 2, 1), "weekly")  # type: ignore[arg-type]
