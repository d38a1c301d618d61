"""Rows that may be one applicant twice, and rows without a name: said on each, decided by nobody here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import evolve
from stdnum.cn import ric

from jiangbu.desk.case import Case
from jiangbu.desk.cells import plain
from jiangbu.desk.heads import SUBJECT

# So many other rows are named, and so many of one mark are looked at: a column may hold one name throughout.
MOST_NAMED, MOST_COMPARED = 5, 30
# So a remark of this kind ends.
ALIKE = "行相同"
_NUMBERS = ("code", "identity")


def mark(cases: Sequence[Case], named: bool) -> Iterator[Case]:
    """Each case, with a remark where another row bears the same number or name, or it bears no name itself.

    ``named`` says whether the sheet has a column for the applicant's name. People of one name and two identity
    numbers are two people, and nothing is said of them.
    """
    same: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        for key, text in _marks(case):
            same.setdefault((key, text), []).append(case)
    for case in cases:
        said = list(_remarks(case, same))
        if named and not case.subject.get("name"):
            said.append("申报主体没有填写")
        yield evolve(case, remarks=(*case.remarks, *said)) if said else case


def _marks(case: Case) -> Iterator[tuple[str, str]]:
    for key in (*_NUMBERS, "name"):
        text = case.subject.get(key, "")
        if text:
            yield key, plain(text)


def _remarks(case: Case, same: dict[tuple[str, str], list[Case]]) -> Iterator[str]:
    for key, text in _marks(case):
        group = same[key, text]
        if len(group) < 2:
            continue
        others = (one for one in islice(group, MOST_COMPARED) if one is not case)
        if key == "name":
            others = (one for one in others if not _same_number(one, case) and not _two_people(one, case))
        rows = [str(one.row + 1) for one in islice(others, MOST_NAMED + 1)]
        if rows:
            more = " 等" if len(rows) > MOST_NAMED else ""
            yield f"{SUBJECT[key][0]}与{case.sheet}第 {'、'.join(rows[:MOST_NAMED])}{more} {ALIKE}"


def _same_number(one: Case, other: Case) -> bool:
    return any(one.subject.get(key) and one.subject[key] == other.subject.get(key) for key in _NUMBERS)


def _two_people(one: Case, other: Case) -> bool:
    numbers = {one.subject.get(key, "") for key in _NUMBERS} ^ {other.subject.get(key, "") for key in _NUMBERS}
    return len(numbers - {""}) == 2 and all(ric.is_valid(number) for number in numbers - {""})
