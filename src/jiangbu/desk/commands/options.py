"""What the commands share: their options, and how a day or a language is read from one."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from jiangbu.desk.cells import read_date, take
from jiangbu.desk.problems import DeskError
from jiangbu.errors import Problem

DONE, FINDINGS = 0, 1
Lang = Literal["zh", "en"]

Tables = Annotated[list[Path] | None, typer.Option("--tables", metavar="文件夹", help="另加的规则表文件夹，可写多次")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Language = Annotated[str, typer.Option("--lang", metavar="zh|en", help="输出语言")]
Place = Annotated[str | None, typer.Option("--place", metavar="代码", help="地区代码，如 620825")]
On = Annotated[str | None, typer.Option("--on", metavar="日期", help="适用日期，如 2024-12-31")]
KnownOn = Annotated[str | None, typer.Option("--known-on", metavar="日期", help="知悉日期")]
Under = Annotated[str | None, typer.Option("--under", metavar="文号", help="指定文件")]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="文件.xlsx", help="写到哪个文件")]


def day_of(text: str | None, option: str) -> datetime.date | None:
    """The day that an option states, None where it states none; raises :class:`DeskError` for what is no day."""
    if text is None:
        return None
    day = read_date(take(text), option)
    if isinstance(day, Problem):
        raise DeskError(option, f"填写的是“{day.found}”，应为{day.expected}", day.remedy)
    return day


def language(text: str) -> Lang:
    """The language that ``--lang`` asks for; raises :class:`DeskError` for another than zh or en."""
    if text == "en":
        return "en"
    if text == "zh":
        return "zh"
    raise DeskError("--lang", f"没有这种语言“{text}”", "请写 zh（中文）或 en（英文）")
