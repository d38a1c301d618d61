"""JSON Schema of a scheme's facts (being written)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


def json_schema_of(scheme: Scheme) -> dict[str, Any]:
    return {}
