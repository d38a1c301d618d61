"""The cases whose explanations stand as golden texts: scheme, place, day, facts, subject, language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import frozen
from told_tables import GOOD_GATE

GATE = dict(GOOD_GATE)


@frozen
class Told:
    """One case to be told."""

    name: str
    scheme: str
    facts: Mapping[str, Any]
    on: date = date(2024, 12, 31)
    lang: str = "zh"
    subject: Mapping[str, Any] | None = None


SCALE = {"revenue": "1亿", "best_prior_revenue": "4000万", "has_violation": False, **GATE}
HOUSEHOLDS = [
    {"id": "H1", "household_kind": "monitored", "received": "5000"},
    {"id": "H2", "household_kind": "monitored", "received": "5000"},
    {"id": "H3", "household_kind": "monitored", "received": "5000"},
    {"id": "H4", "household_kind": "poor", "received": "5000"},
    {"id": "H5", "household_kind": "poor", "received": "3000"},
    {"id": "H6", "household_kind": "ordinary", "received": "2999.99"},
    {"id": "H7", "household_kind": "ordinary", "received": "9000", "set_aside": "身份待核"},
]
LINKAGE = {"has_violation": False, "household": HOUSEHOLDS, **GATE}
LOAN = {
    "principal": "200万", "contract_rate": "4%", "drawn_on": date(2024, 10, 20), "repaid_on": date(2025, 1, 28),
    "interest_paid": "22222.22", **GATE,
}  # fmt: skip

HOLE = {
    "loan_amount": "500000.01",
    "linked_households": 100,
    "linked_poor_households": 60,
    "linked_monitored_households": 3,
}

CASES = (
    Told("scale-payable", "example-scale-award", SCALE, subject={"name": "示例牧业有限公司", "seq": 12}),
    Told("scale-payable-en", "example-scale-award", SCALE, lang="en"),
    Told("scale-nil", "example-scale-award", {**SCALE, "best_prior_revenue": "1.5亿"}),
    Told("scale-refused", "example-scale-award", {**SCALE, "has_violation": True, "agreements_in_force": 0}),
    Told(
        "scale-unreadable",
        "example-scale-award",
        {"revenue": 0.5, "best_prior_revenue": "-1", "has_violations": True, "expected_gain": "12.345"},
    ),
    Told("linkage-shared", "example-linkage-award", LINKAGE),
    Told("linkage-shared-en", "example-linkage-award", LINKAGE, lang="en"),
    Told(
        "county-pot",
        "example-county-pot",
        {
            "pot": "60万",
            "project": [
                {"id": "P1", "cost": "100万", "in_library": True, **GATE},
                {"id": "P2", "cost": "100万", "in_library": False, **GATE},
                {"id": "P3", "cost": "10000.05", "in_library": True, **GATE},
            ],
        },
    ),
    Told("loan-rounded", "example-short-loan-interest", LOAN),
    Told("loan-nil", "example-short-loan-interest", {**LOAN, "repaid_on": date(2024, 10, 20)}),
    Told("loan-contradiction", "example-short-loan-interest", {**LOAN, "repaid_on": date(2024, 10, 1)}),
    Told("loan-outside-series", "example-short-loan-interest", {**LOAN, "drawn_on": date(2018, 1, 1)}),
    Told(
        "marginal",
        "example-marginal-scale",
        {"linked_households": 60, "purchases": "1234567.89", **GATE},
    ),
    Told("hole", "linkage-loan-bands", HOLE),
    Told("admission", "linkage-admission", GATE),
)  # fmt: skip
