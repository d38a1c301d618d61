"""Digests over the cells of a sheet, so that a later reader can tell whether facts or subjects were changed.

A digest is taken over what the cells show and not over what was read in, so that it can be taken again from the
calculated workbook alone: after another program has saved it, with other widths and formats, it is still the same.
It proves nothing against someone who writes a new digest as well.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

Sealed = Decimal | Fraction | str | bool | datetime.date | int | None
FACTS, SUBJECTS = "数据", "主体信息"


@frozen
class Seal:
    """The digest over one group of columns of one sheet; ``columns`` is how many they are, ``rows`` how many rows."""

    sheet: str
    group: str
    columns: int
    rows: int
    digest: str

    def __str__(self) -> str:
        return f"{self.sheet}·{self.group}（{self.rows} 行 {self.columns} 列）：{self.digest}"


def seal(sheet: str, group: str, heads: Sequence[str], rows: Iterable[Sequence[Sealed]]) -> Seal:
    """The SHA-256 over heads and cells, row by row, each row in one canonical JSON form.

    A number stands as exact text without idle zeros, of at most the 15 digits that a cell keeps; a day in ISO form; a
    flag as 是 or 否; an empty text as nothing; heads without white space.

    >>> one = seal("测算表", "数据", ["存栏数\\n（头）"], [[Decimal("20.00")], [None]])
    >>> one.digest == seal("测算表", "数据", ["存栏数（头）"], [[20], [""]]).digest
    True
    """
    sha = hashlib.sha256(_line(["".join(head.split()) for head in heads]))
    count = 0
    for row in rows:
        sha.update(_line([canonical(value) for value in row]))
        count += 1
    return Seal(sheet, group, len(heads), count, sha.hexdigest())


def canonical(value: Sealed) -> str | dict[str, str] | None:
    """A value as it is digested: text as text, a number or a day told apart from the text that looks like it.

    >>> canonical(Decimal("80.00")), canonical("80"), canonical(True), canonical(datetime.date(2024, 3, 5))
    ({'n': '80'}, '80', '是', {'d': '2024-03-05'})
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()[:10]}
    return {"n": _number(value)}


def _text(value: str) -> str | None:
    # Programs write line breaks as they please, and a cell of white space reads as an empty one.
    return re.sub(r"\r\n?", "\n", unicodedata.normalize("NFC", value)).strip() or None


def _number(value: Decimal | Fraction | int) -> str:
    exact = Fraction(value)
    # Twice the digits of a cell, so that the second rounding is the cell's own.
    number = Decimal(exact.numerator) if exact.denominator == 1 else _quotient(exact)
    text = f"{Decimal(format(number, '.15g')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quotient(exact: Fraction) -> Decimal:
    scaled = exact * 10**20
    return Decimal(scaled.numerator // scaled.denominator).scaleb(-20)


def _line(cells: Sequence[object]) -> bytes:
    return (json.dumps(cells, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode(
        "utf-8", "surrogatepass"
    )
