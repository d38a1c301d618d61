"""The sentences that every output of a rule carries: illustrative, reported, not seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

ILLUSTRATIVE = "示例标准，不得作为拨付依据"
DRAFT = "征求意见稿，尚未施行，不得作为拨付依据"
REPORTED = "依据为转载，拨付前须核对原文"
CLAUSE_UNSEEN = "条款号未见"
FROM_UNSEEN = "施行日期未见"
UNTIL_UNSEEN = "有效期未见"
SUPERSEDED = "依据文件已由{}替代，适用日期在其施行以后的不得再用"


def notices_of(scheme: Scheme) -> tuple[str, ...]:
    """Return the sentences of a scheme and of the gate that it stands behind, each once."""
    found = list(_notices(scheme))
    if scheme.gate is not None:
        found += _notices(scheme.gate)
    return tuple(dict.fromkeys(found))


def _notices(scheme: Scheme) -> Iterator[str]:
    if scheme.status == "illustrative":
        yield ILLUSTRATIVE
    if scheme.status == "draft":
        yield DRAFT
    if scheme.document.known == "reported":
        yield REPORTED
    if scheme.document.superseded_by:
        yield SUPERSEDED.format(scheme.document.superseded_by)
    if clause_unseen(scheme):
        yield CLAUSE_UNSEEN
    if scheme.effective.from_ == "unseen":
        yield FROM_UNSEEN
    if scheme.effective.until == "unseen":
        yield UNTIL_UNSEEN


def clause_unseen(scheme: Scheme) -> bool:
    """Whether the clause of any line, requirement, constant or table was not seen."""
    clauses = [line.clause for line in scheme.lines.values()]
    clauses += [item.clause for item in scheme.requirements.values()]
    clauses += [item.clause for item in scheme.constants.values()]
    clauses += [item.clause for item in scheme.tables.values()]
    return "unseen" in clauses
