"""Masking what identifies a person on a sheet that is put up in public: identity, account and telephone numbers."""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

HIDDEN = "*"
# In a resident's identity number the day of birth: six digits of the place go before it, the last four stay.
_PLACE, _LAST = 6, 4
# Numbers are written in groups as well; a day such as 2024-03-05 at the start of a run is none of them.
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d-\d{1,2}-)\d(?:[ \u3000－-]?\d){10,33}[Xx]?")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[ \u3000－-])(\d{3,4})(\d{4})(?!\d)")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def identity(text: str) -> str:
    """An identity number with the day of birth hidden; what is no such number keeps its last two characters at most.

    >>> identity("620822198001011238"), identity("620822800101123")
    ('620822********1238', '620822******123')
    """
    compact = _compact(text)
    if len(compact) == 18:
        return _between(compact, _PLACE, _LAST)
    return _between(compact, _PLACE, 3) if len(compact) == 15 else _between(compact, 0, min(2, len(compact) // 4))


def code(text: str) -> str:
    """A unified social credit code as it is, for it is public; anything else in its place is masked as an identity.

    >>> code("91110000600037341L"), code("110101199003070337")
    ('91110000600037341L', '110101********0337')
    """
    compact = _compact(text).upper()
    return compact if uscc.is_valid(compact) and not _is_person(compact) else identity(compact)


def _is_person(compact: str) -> bool:
    """Whether a number is made as a resident's; not every county of the last century is in the library's list."""
    try:
        return ric.get_birth_date(compact) is not None and ric.calc_check_digit(compact) == compact[-1]
    except (ValidationError, ValueError):
        return False


def account(text: str) -> str:
    """A bank account with its last four characters, or the last quarter of a short one.

    >>> account("6228 4800 1234 5678 901"), account("12345678")
    ('***************8901', '******78')
    """
    compact = _compact(text)
    return _between(compact, 0, min(4, len(compact) // 4))


def phone(text: str) -> str:
    """A telephone number without the digits that tell whose it is; several numbers each for itself.

    >>> phone("13912345678"), phone("0933-8212345"), phone("13912345678、8212345")
    ('139****5678', '0933-*****45', '139****5678、*****45')
    """
    return re.sub(r"\d{5,}", _digits, unicodedata.normalize("NFKC", text))


def text(shown: str) -> str:
    """Free text in which numbers of persons, telephones and accounts are masked wherever they stand.

    >>> text("张三（13912345678）"), text("电话0933-8212345")
    ('张三（139****5678）', '电话0933-***2345')
    >>> text("身份证620822 19800101 1238"), text("卡6228 4800 1234 5678 901")
    ('身份证620822********1238', '卡***************8901')
    """
    masked = _LANDLINE.sub(lambda found: f"{found[1]}{HIDDEN * len(found[2])}{found[3]}", shown)
    return _NUMBER.sub(_number, masked)


def _number(found: re.Match[str]) -> str:
    compact = _compact(found.group())
    if _MOBILE.fullmatch(compact):
        return phone(compact)
    return identity(compact) if len(compact) in (15, 18) else account(compact)


def _digits(found: re.Match[str]) -> str:
    digits = found.group()
    return _between(digits, 3, 4) if _MOBILE.fullmatch(digits) else _between(digits, 0, 2)


def _between(shown: str, first: int, last: int) -> str:
    hidden = len(shown) - first - last
    return shown[:first] + HIDDEN * hidden + shown[len(shown) - last :]


def _compact(shown: str) -> str:
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", shown))
