"""jiangbu 奖补: exact, explained amounts of Chinese county farm support, from published rules kept as data."""

from jiangbu.errors import (
    Ambiguous,
    DigestMismatch,
    FactsError,
    Finding,
    JiangbuError,
    NoBook,
    NotInForce,
    Problem,
    RecordError,
    TableError,
    UnknownScheme,
)
from jiangbu.rules.book import RuleBook
from jiangbu.rules.determination import Determination, Outcome
from jiangbu.rules.scheme import Scheme

__all__ = [
    "Ambiguous",
    "Determination",
    "DigestMismatch",
    "FactsError",
    "Finding",
    "JiangbuError",
    "NoBook",
    "NotInForce",
    "Outcome",
    "Problem",
    "RecordError",
    "RuleBook",
    "Scheme",
    "TableError",
    "UnknownScheme",
]
