"""Claims: what a paid row of a determination would pay, and by what it is matched with claims under other schemes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from jiangbu.money import fen_to_yuan, to_fen
from jiangbu.rules.determination import Determination
from jiangbu.rules.model import Exclusive
from jiangbu.rules.results import Outcome, RowResult

Subjects = Mapping[str, Mapping[str, Any]]
"""The subject of each paid row, by the row's path of ids."""


def _yuan(value: Decimal) -> Decimal:
    fen = to_fen(value)
    if fen < 0:
        raise ValueError(f"a claim of {value} yuan: expected 0 or more")
    return fen_to_yuan(fen)


@frozen
class Claim:
    """An amount under one scheme, in yuan, and whose it is; it competes only if its outcome is PAYABLE.

    A subject is matched by ``code``, or by ``identity`` where neither side has a code; a project by subject and
    ``project``; a loan by ``contract``. ``name`` never matches two claims, it only makes two incomplete ones suspect.
    ``source`` says where the claim was read, ``exclusive`` what its scheme says of others.
    """

    scheme: str
    on: date
    outcome: Outcome
    amount: Decimal = field(converter=_yuan)
    place: str = "000000"
    title: str = ""
    document: str = ""
    exclusive: tuple[Exclusive, ...] = field(default=(), repr=False)
    code: str = ""
    identity: str = ""
    name: str = ""
    project: str = ""
    contract: str = ""
    row: str = ""
    source: str = ""

    @property
    def payable(self) -> bool:
        """Whether it would be paid if it stood alone."""
        return self.outcome is Outcome.PAYABLE and self.amount > 0

    @property
    def who(self) -> tuple[str, str] | None:
        """The subject as it is compared: which number it is known by, and the number; None without one."""
        for kind, text in (("code", self.code), ("identity", self.identity)):
            if text:
                return kind, squeezed(text)
        return None

    @property
    def shown(self) -> str:
        """The claim as it is spoken of: scheme, and subject, project, contract and row as far as they are known."""
        whose = (self.name or self.code or self.identity, self.project, self.contract, self.row)
        return " / ".join([self.scheme, *filter(None, whose)])

    @property
    def rank(self) -> tuple[Any, ...]:
        """What claims are put in order by, so that the order in which they were given does not matter."""
        whose = (self.who or ("", ""), squeezed(self.project), squeezed(self.contract), squeezed(self.name))
        ends = (self.row, self.source, self.outcome.value, self.amount)
        texts = (self.code, self.identity, self.name, self.project, self.contract, self.title, self.document)
        rules = tuple((item.with_, item.per, item.keep, item.clause) for item in self.exclusive)
        return (*whose, self.scheme, self.place, self.on, *ends, *texts, rules)


def squeezed(text: str) -> str:
    """Return a number or a name as it is compared: half-width, without white space, in capitals.

    >>> squeezed("９1620825 ma7xxx")
    '91620825MA7XXX'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def claims_of(result: Determination, subjects: Subjects | None = None) -> Iterator[Claim]:
    """Yield the claims of a determination, one for each paid row.

    Its subject is read under the keys ``code``, ``identity``, ``name``, ``project``, ``contract``. The contract number
    of a loan that the scheme knows as a row is that row's id.

    :param subjects: the subject of each paid row by its path, where rows have subjects of their own (a county pot);
        what it leaves out is taken from the determination's subject.
    :raises NoBook: for a determination that was read without tables.
    """
    scheme, head = result.scheme, result.head
    if not scheme.pays or head.on is None:
        return
    # An amount that is unreadable as a whole is so in every row, whatever the row alone would say.
    lost = result.outcome is Outcome.UNREADABLE
    for row in result.paid_rows or ((result.root,) if lost else ()):
        whose = {**(result.subject or {}), **(subjects or {}).get(row.path, {})}
        texts = {key: _text(whose.get(key)) for key in ("code", "identity", "name", "project", "contract")}
        texts["contract"] = _contract(row) or texts["contract"]
        yield Claim(
            scheme.id,
            head.on,
            Outcome.UNREADABLE if lost else row.outcome or Outcome.NIL,
            Decimal("0.00") if lost else row.amount or Decimal("0.00"),
            scheme.place,
            scheme.title,
            scheme.document.number,
            scheme.exclusive,
            **texts,
            row=row.path,
        )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _contract(row: RowResult) -> str:
    """The contract number of the loan that a paid row is, or stands in, or alone has below it."""
    levels = row.book.tree.by_name
    for near in (row, *row.above):
        if levels[near.level].object == "loan":
            return near.id
    below = [one.id for one in row.walk() if levels[one.level].object == "loan"]
    return below[0] if len(below) == 1 else ""
