"""What ``verify`` and ``explain`` print: every difference with its cell and remedy, what is not proved; or JSON."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from attrs import asdict

from jiangbu.desk.console import output, say
from jiangbu.desk.explain_row import Explained
from jiangbu.desk.verify import Verified


def verified_data(found: Verified) -> dict[str, Any]:
    """The outcome of ``verify --json``."""
    return {
        "file": found.file,
        "scheme": found.scheme.id,
        "place": found.scheme.place,
        "on": str(found.said.on),
        "against": found.against or None,
        "cells": found.cells,
        "changed_tables": list(found.tables),
        "differences": [asdict(one) for one in found.differences],
        "unchecked_sheets": list(found.unchecked),
        "version": {"workbook": found.version, "program": version("jiangbu")},
        "unproved": list(found.unproved),
    }


def print_verified(found: Verified, lang: str) -> None:
    """Print what was compared, what changed since, every difference, and what is not proved."""
    console, english = output(), lang == "en"

    def line(chinese: str, foreign: str) -> None:
        console.print(foreign if english else chinese, soft_wrap=True)

    scheme = found.scheme
    console.print(f"{scheme.title}（{scheme.id}，{found.said.on}）", soft_wrap=True)
    if found.tables:
        ids = "、".join(found.tables)
        line(
            f"规则表（{ids}）在计算之后改过，以下按现在的规则表重算；要按当时的规则核对，请换用当时的规则表",
            f"rule tables changed since the calculation ({ids}): what follows is by the tables of now",
        )
    program = f"jiangbu {version('jiangbu')}"
    if found.differences and found.version != program:
        line(
            f"本表由 {found.version} 写出，现在是 {program}：版式和公式的写法可能不同，请先看金额和结论有没有差异",
            f"written by {found.version}, compared by {program}: looks and formulas may differ for that reason alone",
        )
    # What was changed in the data comes first: other differences may be nothing but its consequence.
    if any(one.sealed for one in found.differences):
        line(
            "申报数据或主体信息在计算之后改过；其他差异可能由此而来，请先用 --against 申报表 查明是哪一格",
            "facts or subjects were changed since the calculation; other differences may follow from that",
        )
    for one in sorted(found.differences, key=lambda one: not one.sealed):
        told = f"{say(lang, '表中是')} {one.found}；{say(lang, '应为')} {one.expected}"
        console.print(f"{one.where}  {one.thing}：{told}；{say(lang, '处理')}：{one.remedy}", soft_wrap=True)
    for name in found.unchecked:
        line(f"工作表“{name}”不是测算时写出的，没有核对", f"sheet “{name}” was not written by jiangbu and not compared")
    compared = f"，与申报表 {found.against} 核对" if found.against else ""
    count = len(found.differences)
    if count:
        line(f"核对 {found.cells:,} 格{compared}，差异 {count} 处", f"{found.cells:,} cells, {count} differences")
    else:
        line(f"核对 {found.cells:,} 格{compared}，与重算的结果一致", f"{found.cells:,} cells, no difference")
    for text in found.unproved:
        line(f"注：{text}", f"note: {text}")


def explained_data(found: Explained) -> dict[str, Any]:
    """The outcome of ``explain --json``."""
    return asdict(found)


def print_explained(found: Explained, lang: str) -> None:
    """Print whose row it is, how it ended, and the derivation."""
    console = output()
    amount = f" {found.amount} 元" if found.outcome == "应付" else ""
    colon = ": " if lang == "en" else "："
    head = f"{found.sheet} 第 {found.row} 行{colon}{found.whose}（{found.source}）　{say(lang, found.outcome)}{amount}"
    console.print(head, soft_wrap=True)
    for note in found.notes:
        console.print(f"注意：{note}", soft_wrap=True)
    console.print(found.text.rstrip("\n"), soft_wrap=True)
