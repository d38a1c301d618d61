"""Hypothesis strategies for tests of schemes, and of whatever stands around them (needs the extra ``test``).

``facts_of`` and ``bad_facts_of`` draw facts of a given scheme, ``rule_tables`` and ``broken_tables`` whole rule
tables as TOML text, ``stacked_claims`` claims under schemes that exclude one another; ``book_of`` makes a book of
table texts. The facts and tables are also to be had from a ``random.Random`` (``FactMaker``, ``table_text``,
``broken_table``), for runs that are too long for hypothesis.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from jiangbu.rules.scheme import Scheme
from jiangbu.testing.books import book_of
from jiangbu.testing.broken import FAULTS, broken_table
from jiangbu.testing.facts import FactMaker, Objects, Planted, plant
from jiangbu.testing.stacking import stacked_claims
from jiangbu.testing.tables import table_text
from jiangbu.testing.toml import write_toml

__all__ = [
    "FAULTS",
    "FactMaker",
    "Planted",
    "bad_facts_of",
    "book_of",
    "broken_table",
    "broken_tables",
    "facts_of",
    "plant",
    "rule_tables",
    "stacked_claims",
    "table_text",
    "write_toml",
]


def facts_of(scheme: Scheme, *, objects: Objects | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Draw valid facts of a scheme: boundaries and their neighbours mostly, defaults left out at times.

    Values come in every form of the door (Decimal, int, text, 万 and 亿, labels); levels have none to four rows
    with ids of all sorts, now and then one set aside.

    :param objects: for each level of typed objects, what draws one from a ``random.Random``, in its JSON form.
    :raises ValueError: for a scheme with typed objects that nothing is said of.
    """
    maker = FactMaker(scheme, objects or {})
    return st.randoms(use_true_random=False).map(maker.facts)


def bad_facts_of(
    scheme: Scheme, *, objects: Objects | None = None
) -> st.SearchStrategy[tuple[dict[str, Any], tuple[Planted, ...]]]:
    """Draw facts with one to three faults, and the code and path of the problem that each must cause.

    :raises ValueError: as :func:`facts_of`.
    """
    maker = FactMaker(scheme, objects or {})

    def draw(rng: Random) -> tuple[dict[str, Any], tuple[Planted, ...]]:
        facts = maker.facts(rng)
        return facts, plant(rng, maker, facts)

    return st.randoms(use_true_random=False).map(draw)


def rule_tables() -> st.SearchStrategy[str]:
    """Draw whole valid rule tables as TOML text, over all of the language but typed objects.

    They are of the place 999999 and in force from 2024-01-01 to 2026-12-31, may stand behind the gate
    ``example-admission`` and read the series ``lpr``; so the shipped tables must be at hand.
    """
    return st.randoms(use_true_random=False).map(table_text)


def broken_tables(*codes: str) -> st.SearchStrategy[tuple[str, str]]:
    """Draw rule tables with one planted fault, and the code of the finding that it must cause.

    :param codes: of ``FAULTS``; all of them if none is given.
    """
    wanted = st.sampled_from(sorted(codes or FAULTS))
    return st.tuples(st.randoms(use_true_random=False), wanted).map(lambda drawn: broken_table(*drawn))
