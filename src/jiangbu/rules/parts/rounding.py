"""How a line ends: the rounding that it states, or that its kind implies."""

from __future__ import annotations

from jiangbu.rules.findings import Findings, Path
from jiangbu.rules.formula import rounding_step, steps_of
from jiangbu.rules.kinds import NUMERIC
from jiangbu.rules.model import Rounding
from jiangbu.rules.raw import RawLine, RawRound


def read_rounding(raw: RawLine, kind: str, path: Path, findings: Findings) -> Rounding:
    """Read how a line ends; money lines default to half-up to the fen, others keep their value."""
    given = raw.round
    if given is None:
        return _usual(kind)
    if kind not in NUMERIC:
        findings.add("rounding", [*path, "round"], f"a {kind} is not rounded")
        return _usual(kind)
    if not isinstance(given, RawRound):
        return Rounding(step=None, word="none", stated=True)
    step = rounding_step(kind, given.to)
    if step is None:
        findings.spoil([*path, "round"])
        findings.add("rounding", [*path, "round", "to"], f"unknown step {given.to!r} for {kind}", remedy=steps_of(kind))
        return _usual(kind)
    return Rounding(given.mode, step, given.to, given.clause, stated=True)


def _usual(kind: str) -> Rounding:
    """Return how a line ends that says nothing."""
    return Rounding() if kind == "money" else Rounding(step=None, word="")
