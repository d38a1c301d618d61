"""Make ``条款对照.md`` from ``clauses.toml``: what the policy document asks, and what of it the project does.

Run ``python docs/make_clauses.py`` after a change of the data; a test holds that the page is in step.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DATA = HERE / "clauses.toml"
PAGE = HERE / "条款对照.md"
TABLES = HERE.parent / "tables"

KINDS = {
    "amount": "算金额",
    "gate": "准入",
    "duty": "到期义务",
    "check": "目标核对",
    "record": "留痕公开",
    "judgement": "由人判断",
}
PARTS = {
    "一": "总体要求",
    "二": "产业提质增效",
    "三": "联农带农机制",
    "四": "配套支持政策",
    "五": "组织保障",
}
DONE, PARTLY, OPEN, JUDGED = "已做到", "部分做到", "尚未做", "由人判断"


def load(path: Path = DATA) -> dict[str, Any]:
    """Read the clause map."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def state(row: Mapping[str, Any]) -> str:
    """Say in one word how far the project does what a row asks."""
    if row.get("done"):
        return PARTLY if row.get("remains") else DONE
    return JUDGED if row["status"] == "judgement" else OPEN


def scheme_file(scheme_id: str, tables: Path = TABLES) -> Path | None:
    """Find the table of a scheme (its first version, where there are several)."""
    found = sorted([*tables.glob(f"*/{scheme_id}.toml"), *tables.glob(f"*/{scheme_id}@*.toml")])
    return found[0] if found else None


def link(target: str) -> str:
    """Write one ``scheme:`` or ``function:`` link as Markdown."""
    sort, _, name = target.partition(":")
    if sort == "scheme" and (file := scheme_file(name)):
        return f"[`{name}`](../{file.relative_to(HERE.parent).as_posix()})"
    return f"`{name}`"


def remark(row: Mapping[str, Any]) -> str:
    """Write the last cell of a row: where it is done, what remains, or why not."""
    if not row.get("done"):
        return str(row["why"])
    where = "、".join(link(target) for target in row["done"])
    return f"{where}。{row['remains']}" if row.get("remains") else where


def table(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Write the Markdown table of one part."""
    lines = [
        "| 条款 | 文件要求（转述） | 性质 | 本项目怎样做 | 现状 | 说明 |",
        "| :-- | :-- | :-- | :-- | :-- | :-- |",
    ]
    for row in rows:
        kinds = "、".join(KINDS[kind] for kind in row["kind"])
        cells = (row["clause"], row["says"], kinds, row["does"], f"**{state(row)}**", remark(row))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines


def render(data: Mapping[str, Any]) -> str:
    """Return the whole page as Markdown."""
    policy, rows = data["policy"], data["clauses"]
    states = [state(row) for row in rows]
    counts = "，".join(f"{word}{states.count(word)}条" for word in (DONE, PARTLY, OPEN, JUDGED))
    day = policy["issued"]
    lines = [
        "<!-- 本页由 docs/make_clauses.py 从 docs/clauses.toml 生成，请改数据，不要直接改本页。 -->",
        "",
        "# 条款对照",
        "",
        f"依据：{policy['issuer']}《{policy['title']}》（{policy['number']}，"
        f"{day.year}年{day.month}月{day.day}日），适用于{policy['scope']}。",
        "",
        f"文件中需要计算、核对或留痕的要求共{len(rows)}条：{counts}。“文件要求”一栏是转述，办理业务以文件原文为准。",
        "",
        f"- **{DONE}**：说明一栏给出对应的办法表或函数。",
        f"- **{PARTLY}**：给出已做到的部分，并写明还缺什么。",
        f"- **{OPEN}**：写明为什么没有做。",
        f"- **{JUDGED}**：由主管部门决定，本项目只整理事实。",
    ]
    for part, title in PARTS.items():
        of_part = [row for row in rows if row["clause"].startswith(part)]
        if of_part:
            lines += ["", f"## {part}、{title}", "", *table(of_part)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page beside the data."""
    PAGE.write_text(render(load()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
