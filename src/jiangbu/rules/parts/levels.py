"""The tree of levels, and the level on which an entry stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jiangbu.rules.findings import Findings, Path, did_you_mean, nearest
from jiangbu.rules.levels import Levels
from jiangbu.rules.model import Level
from jiangbu.rules.raw import RawLevel

MOST_LEVELS = 50


def read_levels(raw: Mapping[str, RawLevel], makers: Any, findings: Findings) -> Levels:
    """Read the tree of levels; what hangs wrongly is reported once and hung up somewhere, so that the rest is read."""
    if len(raw) > MOST_LEVELS:
        findings.add("size", ("levels",), f"{len(raw):,} levels; at most {MOST_LEVELS}")
        raw = dict(list(raw.items())[:MOST_LEVELS])
    over = _parents(raw, findings)
    by_name: dict[str, Level] = {}
    ready = [name for name in raw if not over[name]]
    while ready:
        name = ready.pop(0)
        item = raw[name]
        _hold_level(name, item, makers, findings)
        maker = makers.rows.get(item.made_by)
        label = item.label or (maker.label if maker is not None else "") or name
        by_name[name] = Level(name, label, over[name], item.id_label, item.at_most, item.object, item.made_by)
        ready += [other for other in raw if over[other] == name]
        left = [other for other in raw if other not in by_name and other not in ready]
        if not ready and left:
            findings.add(
                "level",
                ("levels", left[0]),
                f"{left[0]} hangs on no root",
                remedy="levels may not go in a circle",
            )
            over[left[0]] = next(iter(by_name))
            ready = left[:1]
    return Levels(by_name)


def _parents(raw: Mapping[str, RawLevel], findings: Findings) -> dict[str, str]:
    """Return the level above each, exactly one of them without; what is wrong is reported and guessed."""
    over = {name: level.of for name, level in raw.items()}
    roots = [name for name, of in over.items() if not of and not findings.spoiled("levels", name, "of")]
    if len(roots) != 1 and (roots or not findings.spoiled_below("levels")):
        findings.add(
            "level",
            ("levels",),
            f"levels form a tree with one root, found {len(roots)}",
            witness=", ".join(roots),
            remedy="every level but one says of = …",
        )
    root = (roots or list(raw))[0]
    over |= {name: root for name, of in over.items() if not of} | {root: ""}
    for name, of in over.items():
        if of and of not in raw:
            findings.add("unknown-name", ("levels", name, "of"), f"no level {of!r}", remedy=did_you_mean(of, raw))
            over[name] = next(iter(nearest(of, raw, 1)), root)
    return over


def _hold_level(name: str, raw: RawLevel, makers: Any, findings: Findings) -> None:
    path = ("levels", name)
    if raw.at_most is not None and not 1 <= raw.at_most <= 1_000_000:
        findings.add("bad-value", [*path, "at_most"], f"found {raw.at_most}; expected 1 … 1,000,000")
    if not raw.label and not raw.made_by and not findings.spoiled(*path, "label"):
        findings.add("missing-key", path, "a level needs a label", remedy='label = "…"')
    if raw.object and raw.made_by:
        findings.add("level", path, "a level is an object or made, not both")
    if raw.object and raw.object not in makers.objects:
        findings.add(
            "unknown-name",
            [*path, "object"],
            f"no object {raw.object!r}",
            remedy=did_you_mean(raw.object, makers.objects),
        )
    if raw.made_by and raw.made_by not in makers.rows:
        findings.add(
            "unknown-name",
            [*path, "made_by"],
            f"nothing makes {raw.made_by!r}",
            remedy=did_you_mean(raw.made_by, makers.rows),
        )


def line_level(given: str, default: str, levels: Levels, path: Path, findings: Findings) -> str:
    """Return the level that an entry stands on, and report one that does not exist."""
    if not given:
        return default
    if given in levels.by_name and levels.by_name[given].label:
        return given
    labelled = [level.name for level in levels.by_name.values() if level.label == given and level.name]
    known = [name for name, level in levels.by_name.items() if name and level.label]
    remedy = f"did you mean {labelled[0]!r}?" if labelled else did_you_mean(given, known)
    findings.add(
        "unknown-name",
        [*path, "level"],
        f"no level {given!r}",
        remedy=remedy or ("levels: " + ", ".join(known) if known else "take it out, or add [levels]"),
    )
    return next(iter(labelled or nearest(given, levels.by_name, 1)), default)
