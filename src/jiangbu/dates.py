"""Days, months and periods: month arithmetic, day counts, contract years, periods, notices, settlement days.

Month arithmetic always counts from the original start, never step by step: one month after 31 January is the
last day of February, two months after it are 31 March. Whether the first day of a count is in or out is a
different function each time, because the law (:func:`period_end`) and notices (:func:`notice_days`) differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, date, datetime
from itertools import pairwise
from typing import Literal

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from jiangbu.errors import DateError

Settlement = Literal["month-20", "quarter-20", "year-dec-20"]

_LAST_ORDINAL = date.max.toordinal()


def later(day: date, months: int) -> date:
    """Return the day that is so many months later, or the month's last day where it has no such day.

    :param day: the original start.
    :param months: whole months, of either sign.
    :raises DateError: for what is no ``date`` or no whole number, and beyond the calendar (years 1 to 9999).

    >>> later(date(2024, 1, 31), 1), later(date(2024, 1, 31), 2)
    (datetime.date(2024, 2, 29), datetime.date(2024, 3, 31))
    """
    day, months = _day(day), _whole(months, "months")
    try:
        return day + relativedelta(months=months)
    except (ValueError, OverflowError) as error:
        raise _beyond(day, months, "months") from error


def months(a: date, b: date) -> int:
    """Return the whole months from one day to another: the largest n with ``later(a, n) <= b``.

    :returns: whole months; where a is after b, ``-months(b, a)``.
    :raises DateError: for what is no ``date``.

    >>> months(date(2024, 1, 31), date(2024, 2, 29)), months(date(2024, 1, 31), date(2024, 3, 30))
    (1, 1)
    """
    if _day(a) > _day(b):
        return -months(b, a)
    n = (b.year - a.year) * 12 + b.month - a.month
    return n if later(a, n) <= b else n - 1


def days(a: date, b: date) -> int:
    """Return the days from one day to another, first day in, last day out (算头不算尾).

    :returns: days; below zero where a is after b.
    :raises DateError: for what is no ``date``.

    >>> days(date(2024, 2, 28), date(2024, 3, 1))
    2
    """
    return _day(b).toordinal() - _day(a).toordinal()


def after(day: date, n: int) -> date:
    """Return the day that is n days later (earlier where n is below zero).

    :param n: days.
    :raises DateError: for what is no ``date`` or no whole number, and beyond the calendar.

    >>> after(date(2024, 2, 28), 2)
    datetime.date(2024, 3, 1)
    """
    day, n = _day(day), _whole(n, "days")
    ordinal = day.toordinal() + n
    if not 1 <= ordinal <= _LAST_ORDINAL:
        raise _beyond(day, n, "days")
    return date.fromordinal(ordinal)


def later_ordinal(ordinal: int, months: int) -> int:
    """The twin of :func:`later` over proleptic ordinals, for code that is run once per row.

    :raises DateError: beyond the calendar.

    >>> date.fromordinal(later_ordinal(date(2024, 1, 31).toordinal(), 13))
    datetime.date(2025, 2, 28)
    """
    day = date.fromordinal(ordinal)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise _beyond(day, months, "months")
    try:
        return date(year, month + 1, day.day).toordinal()
    except ValueError:
        # No such day in that month, which then is not December: the last day stands before the next month.
        return date(year, month + 2, 1).toordinal() - 1


def months_ordinal(a: int, b: int) -> int:
    """The twin of :func:`months` over proleptic ordinals, for code that is run once per row.

    >>> months_ordinal(date(2024, 2, 29).toordinal(), date(2025, 2, 28).toordinal())
    12
    """
    if a > b:
        return -months_ordinal(b, a)
    start, end = date.fromordinal(a), date.fromordinal(b)
    n = (end.year - start.year) * 12 + end.month - start.month
    short = start.day > end.day and date.fromordinal(b + 1).day != 1
    return n - 1 if short else n


def contract_years(start: date, until: date) -> tuple[tuple[date, date], ...]:
    """Return the contract years of an agreement, half-open, each counted from the original start.

    :param start: the first day.
    :param until: the first day that is no longer in.
    :returns: ``(from, until)`` of each year, ``until`` excluded; every day lies in exactly one; the last may
        be broken.
    :raises DateError: where until is before start, and for what is no ``date``.

    >>> contract_years(date(2024, 2, 29), date(2025, 6, 1)) == (
    ...     (date(2024, 2, 29), date(2025, 2, 28)), (date(2025, 2, 28), date(2025, 6, 1)))
    True
    """
    if _day(until) < _day(start):
        raise DateError(f"contract years from {start} cannot run until {until}, which is earlier")
    # months(), not a loop to the first day beyond: later() has no answer after the year 9999.
    whole = months(start, until) // 12
    edges = [later(start, 12 * number) for number in range(whole + 1)]
    if edges[-1] < until:
        edges.append(until)
    return tuple(pairwise(edges))


def _year_set(years: Iterable[int]) -> frozenset[int]:
    found = frozenset(_whole(year, "years") for year in years)
    if strange := sorted(year for year in found if not MINYEAR <= year <= MAXYEAR):
        raise DateError(f"{_shown(strange[0])} is no year of the calendar")
    return found


def _day_set(days: Iterable[date]) -> frozenset[date]:
    return frozenset(map(_day, days))


@frozen
class RestDays:
    """The rest days of the years that a calendar covers: weekly rest and statutory holidays alike.

    :param years: the years that are covered; a day of another year is refused, not taken for a working day.
    :param days: every rest day of those years.
    :raises DateError: for a rest day outside the covered years.
    """

    years: frozenset[int] = field(converter=_year_set)
    days: frozenset[date] = field(converter=_day_set)

    @days.validator
    def _covered(self, attribute: object, value: frozenset[date]) -> None:
        if stray := sorted(day for day in value if day.year not in self.years):
            raise DateError(f"the rest day {stray[0]} is not in a covered year ({self._covers()})")

    def __contains__(self, day: date) -> bool:
        if _day(day).year not in self.years:
            raise DateError(f"rest days of {day.year} are not known ({self._covers()})")
        return day in self.days

    def _covers(self) -> str:
        return "covered: " + (", ".join(map(str, sorted(self.years))) or "none")


def rest_days_of(years: Iterable[int], *, off: Iterable[date], on: Iterable[date]) -> RestDays:
    """Make the calendar of some years from the yearly holiday notices (部分节假日安排的通知).

    :param off: days off by the notices.
    :param on: Saturdays and Sundays that are worked instead (调休上班).
    :raises DateError: for a day outside the years.

    >>> calendar = rest_days_of([2024], off=[date(2024, 5, 1)], on=[date(2024, 5, 11)])
    >>> date(2024, 5, 1) in calendar, date(2024, 5, 11) in calendar, date(2024, 5, 12) in calendar
    (True, False, True)
    """
    covered, worked = _year_set(years), _day_set(on)
    if stray := sorted(day for day in worked if day.year not in covered):
        raise DateError(f"the worked day {stray[0]} is not in a covered year")
    weekends = {
        day
        for year in covered
        for day in map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
        if day.isoweekday() in (6, 7)
    }
    return RestDays(covered, (weekends | _day_set(off)) - worked)


def period_end(
    start: date, *, days: int = 0, months: int = 0, years: int = 0, rest_days: RestDays | None = None
) -> date:
    """Return the last day of a period (期间), its first day not counted.

    Years and months end on the corresponding day, or on the month's last day if there is none; days are
    counted from there. A last day of rest moves to the day after the rest days end.

    :param start: the day on which the period begins.
    :param days, months, years: its length, together at least one day.
    :param rest_days: the calendar of statutory rest days; ``None`` where law or agreement leave them aside.
    :raises DateError: for a length of nothing or below zero, a year that the calendar does not cover, and
        beyond the calendar.
    Source: 民法典第二百零一条至第二百零四条.

    >>> period_end(date(2024, 1, 31), months=1), period_end(date(2024, 8, 16), days=10)
    (datetime.date(2024, 2, 29), datetime.date(2024, 8, 26))
    """
    for name, length in (("days", days), ("months", months), ("years", years)):
        if _whole(length, name) < 0:
            raise DateError(f"a period cannot have {_shown(length)} {name}")
    if days == months == years == 0:
        raise DateError("a period has at least one day")
    end = after(later(start, 12 * years + months), days)
    while rest_days is not None and end in rest_days:
        end = after(end, 1)
    return end


def notice_days(first: date, count: int, *, working: bool = False, rest_days: RestDays | None = None) -> date:
    """Return the last day of a public notice (公示期), its first day counted in.

    :param first: the first day of the notice.
    :param count: how many days it stands, 1 or more.
    :param working: whether the rule counts working days; a first day of rest then does not count.
    :param rest_days: the calendar, needed for working days and of no effect on calendar days.
    :raises DateError: for a count below 1, working days without a calendar, or a year that it does not cover.
    Source: published notices; 17 to 26 August is ten days.

    >>> notice_days(date(2023, 8, 17), 10)
    datetime.date(2023, 8, 26)
    """
    if _whole(count, "count") < 1:
        raise DateError(f"a notice cannot stand {_shown(count)} days")
    if not working:
        return after(first, count - 1)
    if rest_days is None:
        raise DateError("working days cannot be counted without a calendar of rest days")
    last = _day(first)
    left = count - (last not in rest_days)
    while left:
        last = after(last, 1)
        left -= last not in rest_days
    return last


def settlement_days(start: date, until: date, rule: Settlement) -> tuple[date, ...]:
    """Return the days on which a bank settles interest (结息日).

    :param start: the first day looked at.
    :param until: the first day that is no longer looked at.
    :param rule: ``quarter-20``, the 20th of the last month of each quarter; ``month-20``, of each month;
        ``year-dec-20``, 20 December.
    :raises DateError: for another rule, and for what is no ``date``.
    Source: 银发〔1999〕77号 for quarters; months and years are the practice of loan contracts.

    >>> settlement_days(date(2024, 3, 20), date(2024, 9, 20), "quarter-20")
    (datetime.date(2024, 3, 20), datetime.date(2024, 6, 20))
    """
    every = {"month-20": 1, "quarter-20": 3, "year-dec-20": 12}.get(rule)
    if every is None:
        raise DateError(f"{rule!r} is no rule of settlement; expected month-20, quarter-20 or year-dec-20")
    candidates = (
        date(year, month, 20)
        for year in range(_day(start).year, _day(until).year + 1)
        for month in range(every, 13, every)
    )
    return tuple(day for day in candidates if start <= day < until)


def _day(value: date) -> date:
    # A datetime is a date to Python, but a moment is no day: 23:30 of one zone is the next day of another.
    if isinstance(value, datetime) or not isinstance(value, date):
        raise DateError(f"{value!r} is no day; expected a datetime.date without a time")
    return value


def _whole(value: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise DateError(f"{value!r} is no number of {name}; expected a whole number")
    return value


def _beyond(day: date, count: int, unit: str) -> DateError:
    return DateError(f"{_shown(count)} {unit} from {day} lead beyond the calendar ({MINYEAR} to {MAXYEAR})")


def _shown(count: int) -> str:
    # Python refuses to print a whole number of 4,301 digits.
    return str(count) if count.bit_length() < 100 else "too many"
