"""What became of one row: its outcome, its amount, and every reason."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from jiangbu.desk import words
from jiangbu.desk.case import Case
from jiangbu.errors import Problem
from jiangbu.rules.determination import Determination
from jiangbu.rules.results import RowResult

ZERO = Decimal("0.00")
COUNTED = "counted"


@frozen
class Reason:
    """Why a row is not paid: the sentence, its clause, the stable code, and the facts that decided."""

    sentence: str
    clause: str = ""
    code: str = ""
    facts: str = ""


@frozen
class Decision:
    """What became of one row; amounts are yuan to the fen, zero unless payable.

    ``determination`` is that of the whole case in which the row stands, and ``row`` what it says of this row, with
    its lines; the two are one where the row is the case. A row that is not paid itself (a household under a paid
    operator, a county above paid projects) ends as ``counted``, ``refused``, ``unreadable`` or ``set_aside``.
    """

    case: Case
    outcome: str
    determination: Determination | None = None
    row: Determination | RowResult | None = None
    amount: Decimal = ZERO
    reasons: tuple[Reason, ...] = ()
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def label(self) -> str:
        """The outcome in the words of the sheets."""
        return words.OUTCOMES.get(self.outcome, "计入")

    @property
    def decided(self) -> bool:
        """Whether the rule gave an answer, so that what was paid before can be set against it."""
        return self.outcome in ("payable", "nil", "refused")

    @property
    def due(self) -> Decimal:
        """本次应付: the amount less what was paid before, never below zero."""
        return max(self.amount - (self.case.paid or ZERO), ZERO)

    @property
    def over(self) -> Decimal:
        """多付: what was paid before beyond the amount, where the row is decided."""
        return max((self.case.paid or ZERO) - self.amount, ZERO) if self.decided else ZERO
