"""Checking amounts without trusting the evaluator: the second opinion and its comparison."""

from jiangbu.audit.second_opinion import Opinion, OpinionRow, differences, opinion_from_toml, second_opinion

__all__ = ["Opinion", "OpinionRow", "differences", "opinion_from_toml", "second_opinion"]
