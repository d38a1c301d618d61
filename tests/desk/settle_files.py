"""Two rules that exclude one another, and calculated workbooks of them, for the tests of ``jiangbu settle``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter
from desk_sheets import code

from jiangbu.desk.cli import main

DOCUMENTS = """
format = 1
[[documents]]
number = "示例办发〔2023〕9号"
title  = "示例县产业奖补办法"
issuer = "示例县人民政府办公室"
issued = 2022-12-20
place  = "999999"
known  = "seen"
[[documents]]
number = "示例财发〔2023〕3号"
title  = "示例县财政支持办法"
issuer = "示例县财政局"
issued = 2023-01-20
place  = "999999"
known  = "seen"
"""
RULE = """
format = 1
[scheme]
id = "{id}"
title = "{title}"
place = "999999"
document = "{document}"
status = "illustrative"
effective = {{ from = 2023-02-01 }}
beneficiary = "operator"
no_gate = "测试用办法，不设前置条件"
pays = "award"

[facts.heads]
label = "存栏数"
kind = "number"
unit = "头"
at_least = 0
at_most = 10000

[constants.each]
label = "每头标准"
kind = "money"
value = {each}
clause = "第二条"

[[requirements]]
name = "enough"
holds = "heads >= 1"
otherwise = "没有存栏"
clause = "第三条"

[[lines]]
name = "award"
label = "存栏奖补"
formula = "heads * each"
clause = "第二条"
{exclusive}
"""
EXCLUSIVE = """
[[exclusive]]
with   = ["barn-award"]
per    = "project"
keep   = "largest"
clause = "第六条"
"""
HEADS = ("序号", "申报主体", "统一社会信用代码", "乡镇", "项目名称", "存栏数（头）", "已付金额（元）", "搁置")
HERD, BARN = "herd-award", "barn-award"
DAY = "2024-06-30"

Row = Sequence[object]


def tables(folder: Path, exclusive: str = EXCLUSIVE, each: Mapping[str, int] | None = None) -> Path:
    """Write a folder with the two rules: 300 yuan a head by herd-award, 200 by barn-award."""
    home = folder / "tables"
    (home / "999999-example").mkdir(parents=True, exist_ok=True)
    (home / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    paid = {HERD: 300, BARN: 200, **(each or {})}
    for id, title, document, said in (
        (HERD, "示例县肉牛存栏奖补", "示例办发〔2023〕9号", exclusive),
        (BARN, "示例县标准化圈舍补助", "示例财发〔2023〕3号", ""),
    ):
        text = RULE.format(id=id, title=title, document=document, each=paid[id], exclusive=said)
        (home / "999999-example" / f"{id}.toml").write_text(text, encoding="utf-8")
    return home


def row(number: int, heads: object, project: str = "育肥场", paid: object = "", aside: str = "") -> list[object]:
    """One row of an application of the subject of that number."""
    return [number, f"示例{number}号合作社", code(number), "南湖镇", project, heads, paid, aside]


def calculated(home: Path, folder: Path, scheme: str, rows: Sequence[Row], name: str = "") -> Path:
    """Write an application, calculate it, and return the calculated workbook."""
    source, target = folder / f"申报表-{name or scheme}.xlsx", folder / f"{name or scheme}.xlsx"
    book = xlsxwriter.Workbook(source)
    run = book.add_worksheet("说明")
    for at, pair in enumerate({"办法编号": scheme, "地区代码": "999999", "适用日期": DAY}.items()):
        run.write_row(at, 0, pair)
    page = book.add_worksheet("申报表")
    for at, values in enumerate([HEADS, *rows]):
        page.write_row(at, 0, values)
    book.close()
    assert main(["calculate", str(source), "-o", str(target), "--tables", str(home)]) in (0, 1)
    return target
