"""Stacking: awards under schemes that exclude one another (``[[exclusive]]``, 不重复享受、就高不就低).

``settle`` takes the determinations of several schemes and says which claims are kept, which give way to which by what
clause, and which must wait, because a number is missing, facts are unreadable, or clauses contradict one another.
Codes of its problems: ``missing`` ``unreadable`` ``alike`` ``exclusive``.
"""

from jiangbu.stacking.claims import Claim, claims_of
from jiangbu.stacking.contest import Clause
from jiangbu.stacking.settlement import Ground, Settled, Settlement, Verdict, settle

__all__ = ["Claim", "Clause", "Ground", "Settled", "Settlement", "Verdict", "claims_of", "settle"]
