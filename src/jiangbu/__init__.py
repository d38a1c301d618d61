"""jiangbu 奖补: exact, explained amounts of Chinese county farm support, from published rules kept as data.

The names are fetched when they are first asked for, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from jiangbu.rules.determination import Determination
    from jiangbu.rules.records import dumps, loads
    from jiangbu.rules.results import Outcome
    from jiangbu.rules.scheme import Scheme
    from jiangbu.stacking import settle

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
    "dumps",
    "loads",
    "settle",
]

_HOMES = {
    "RuleBook": "jiangbu.rules.book",
    "Determination": "jiangbu.rules.determination",
    "Outcome": "jiangbu.rules.results",
    "Scheme": "jiangbu.rules.scheme",
    "dumps": "jiangbu.rules.records",
    "loads": "jiangbu.rules.records",
    "settle": "jiangbu.stacking",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "jiangbu.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
