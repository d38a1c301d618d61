"""What ``jiangbu settle`` prints: counts and sums by verdict, what waits and why; or the same as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table

from jiangbu.desk.console import output, say
from jiangbu.desk.decision import ZERO
from jiangbu.desk.settle import Joint
from jiangbu.money import capital, to_fen
from jiangbu.stacking import Verdict
from jiangbu.stacking.words import language, problem_line, problem_of


def settlement_data(joint: Joint, target: Path) -> dict[str, Any]:
    """The outcome of a run for ``settle --json``; money as text in yuan."""
    books = [
        {"file": one.file, "scheme": one.scheme.id, "rows": len(one.rows), "aside": one.aside} for one in joint.books
    ]
    due = sum((line.due for line in joint.lines), ZERO)
    return {
        "workbooks": books,
        "notices": list(joint.notices),
        **joint.settlement.data(),
        "due": str(due),
        "output": str(target),
    }


def print_settlement(joint: Joint, target: Path, lang: str) -> None:
    """Print the notices, counts and sums by verdict, the total in capital numerals, and what is left open."""
    console, speech = output(), language(lang)
    for notice in joint.notices:
        console.print(f"【{notice}】")
    table = Table()
    heads = ("verdict", "rows", "amount decided") if speech == "en" else ("择优结论", "笔数", "核定金额")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left")
    for verdict in Verdict:
        label = verdict.value if speech == "en" else verdict.label
        table.add_row(label, str(len(joint.of(verdict))), f"{joint.settlement.sum(verdict):,.2f}")
    console.print(table)
    amount = joint.settlement.amount
    paid = "paid after settlement" if speech == "en" else "择优后金额"
    console.print(f"{paid} {amount:,.2f} 元　{capital(to_fen(amount))}", soft_wrap=True)
    for one in joint.settlement.open:
        console.print(problem_line(problem_of(one, speech), speech), soft_wrap=True)
    console.print(f"{say(lang, '已写出')}：{target}", soft_wrap=True)
