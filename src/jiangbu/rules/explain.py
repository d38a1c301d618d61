"""Puts a scheme and its determinations into words (being written)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme


class Speaker:
    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme

    def explain(self, result: Any, lang: str) -> str:
        return ""

    def formula(self, line: Any) -> str:
        return ""

    def with_numbers(self, line: Any, row: Any) -> str:
        return ""

    def refusal(self, code: str) -> str:
        return ""

    def clause(self, code: str) -> str:
        return ""

    def deciding(self, refusal: Any) -> Mapping[str, Any]:
        return {}
