"""One valid table, ways to break it, and a folder to read it from: for the tests of loader and checker."""

from __future__ import annotations

from pathlib import Path

from jiangbu import Finding, RuleBook
from jiangbu.rules.made import Maker

DOCUMENTS = """
format = 1
[[documents]]
number = "试办〔2024〕1号"
title  = "试验办法"
issuer = "示例县人民政府"
issued = 2023-12-01
place  = "999999"
known  = "seen"
[[documents]]
number = "试办〔2025〕2号"
title  = "试验办法（修订）"
issuer = "示例县人民政府"
issued = 2025-05-20
place  = "999999"
known  = "seen"
[[documents]]
number = "文号未见：转载办法"
title  = "转载办法"
issuer = "某县"
issued = "unseen"
place  = "999999"
known  = "aggregated"
[[documents]]
number = "文号未见：报道办法"
title  = "报道办法"
issuer = "某县"
issued = "unseen"
place  = "999999"
known  = "reported"
"""

HEAD = """format = 1
[scheme]
id          = "award"
title       = "试验奖补"
place       = "999999"
document    = "试办〔2024〕1号"
status      = "in-force"
effective   = { from = 2024-01-01, until = 2026-12-31 }
beneficiary = "household"
pays        = "paid"
"""

TABLE = (
    HEAD
    + """
[facts.revenue]
label    = "营业收入"
kind     = "money"
at_least = 0
at_most  = "1亿"
[facts.heads]
label    = "头数"
kind     = "number"
unit     = "头"
at_least = 0
at_most  = 100
[facts.sound]
label = "无违法记录"
kind  = "flag"
[facts.track]
label   = "方向"
kind    = "choice"
options = { fresh = "新建", rebuilt = "改扩建" }
[facts.day]
label    = "验收日"
kind     = "date"
at_least = 2024-01-01
at_most  = 2024-12-31
[constants.cap]
label  = "最高"
kind   = "money"
value  = "3万"
clause = "第二条"
[constants.each]
label  = "每头"
kind   = "money"
value  = 100
clause = "第二条"
[constants.late]
label  = "迟于"
kind   = "number"
value  = 7
clause = "第五条"
[tables.scale]
label  = "档次"
input  = "revenue"
clause = "第三条"
gives  = { rate = "rate", rank = "number" }
rows = [
  { less_than = "50万", rate = "1%", rank = 1 },
  { at_least = "50万", rate = "2%", rank = 2 },
]
[[requirements]]
name      = "sound_record"
holds     = "sound"
otherwise = "有违法记录"
clause    = "第五条"
[[requirements]]
name      = "in_time"
holds     = "track == 'fresh' or month_of < late"
otherwise = "验收太迟"
clause    = "第五条"
[[lines]]
name    = "month_of"
label   = "验收月"
formula = "months(start, day) + 1"
clause  = "第三条"
[[lines]]
name    = "by_scale"
label   = "按规模"
formula = "revenue * scale.rate"
clause  = "第三条"
[[lines]]
name    = "paid"
label   = "奖补"
formula = "min(cap, by_scale + heads * each)"
clause  = "第三条"
[constants.start]
label  = "年初"
kind   = "date"
value  = 2024-01-01
clause = "第三条"
[[promises]]
never_more_than = "cap"
[[promises]]
never_decreases_in = "heads"
[[cases]]
source = "第三条"
worked = "499999.99元乘1%为4999.9999元，记5000.00元，加10头1000元"
facts  = { revenue = "499999.99", heads = 10, sound = true, track = "fresh", day = 2024-03-01 }
expect = { by_scale = 5000, paid = 6000 }
[[cases]]
source = "第三条"
worked = "50万元乘2%为1万元，加3头300元"
facts  = { revenue = "50万", heads = 3, sound = true, track = "rebuilt", day = 2024-06-30 }
expect = { paid = 10300 }
[[cases]]
source  = "第五条"
worked  = "有违法记录，且改扩建七月才验收"
facts   = { revenue = 0, heads = 0, sound = false, track = "rebuilt", day = 2024-07-01 }
refuses = ["sound_record", "in_time"]
"""
)


def edited(*changes: tuple[str, str], table: str = TABLE) -> str:
    """Replace each text (which stands exactly once) by another; ``("", text)`` adds text at the end."""
    for old, new in changes:
        if old:
            assert table.count(old) == 1, (table.count(old), old)
            table = table.replace(old, new)
        else:
            table += new
    return table


def folder_of(root: Path, *, documents: str = DOCUMENTS, **tables: str | bytes) -> Path:
    """Write tables below ``root``; ``__`` in a name stands for a folder: ``f620000__lpr`` is 620000/lpr.toml."""
    root.mkdir(exist_ok=True)
    (root / "documents.toml").write_text(documents, encoding="utf-8")
    for name, text in tables.items():
        place, _, stem = name.rpartition("__")
        folder = root / (place.removeprefix("f") or "999999")
        folder.mkdir(exist_ok=True)
        raw = text if isinstance(text, bytes) else text.encode("utf-8")
        (folder / f"{stem}.toml").write_bytes(raw)
    return root


def book_of(
    root: Path, *, makers: tuple[Maker, ...] = (), documents: str = DOCUMENTS, **tables: str | bytes
) -> RuleBook:
    """Return the book of a folder alone, without the tables that ship."""
    return RuleBook.load(folder_of(root, documents=documents, **tables), makers=makers, shipped=False)


def found_in(root: Path, text: str, **others: str | bytes) -> list[Finding]:
    """Return the findings of the checker about one table."""
    book = book_of(root, award=text, **others)
    return list(book.check())


def built_from(root: Path, text: str, **others: str | bytes) -> list[Finding]:
    """Return the findings of the loader alone (no cases, no promises)."""
    book = book_of(root, award=text, **others)
    (file,) = [file for file in book.files if file.path.stem == "award"]
    return list(book.build(file, book.first_day(file)).findings.items)


def line_of(text: str, part: str) -> int:
    """Return the line on which a text, which stands once, begins."""
    assert text.count(part) == 1, (text.count(part), part)
    return text[: text.index(part)].count("\n") + 1


LEVELS = (
    HEAD.replace("pays        =", 'parts       = ["from_county", "from_town"]\npays        =')
    + """
[levels]
county    = { label = "县" }
project   = { of = "county", label = "项目", id_label = "项目编号", at_most = 50 }
household = { of = "project", label = "农户", at_most = 500 }
worker    = { of = "project", label = "用工", at_most = 500 }
[facts.pot]
label    = "总额"
kind     = "money"
level    = "county"
at_least = 0
at_most  = "1000万"
[facts.open]
label = "项目在建"
kind  = "flag"
[facts.heads]
label    = "头数"
kind     = "number"
level    = "household"
at_least = 0
at_most  = 100
[facts.worked]
label    = "务工月数"
kind     = "number"
level    = "worker"
at_least = 0
at_most  = 12
[constants.enough_heads]
label  = "起步头数"
kind   = "number"
value  = 2
clause = "第二条"
[[requirements]]
name      = "is_open"
holds     = "open"
otherwise = "项目未建"
clause    = "第二条"
[[requirements]]
name      = "enough"
level     = "household"
holds     = "heads >= enough_heads"
otherwise = "头数不够"
clause    = "第二条"
[[lines]]
name    = "weight"
label   = "权重"
formula = "sum(heads) + sum(worked)"
clause  = "第三条"
reading = "没有农户和用工的项目不分"
[[lines]]
name    = "paid"
label   = "奖补"
level   = "project"
formula = "allocate(pot, weight)"
clause  = "第三条"
reading = "全无权重时不予分配"
[[lines]]
name    = "from_county"
label   = "县级"
formula = "paid / enough_heads"
clause  = "第三条"
[[lines]]
name    = "from_town"
label   = "乡级"
formula = "paid - from_county"
clause  = "第三条"
[[cases]]
source = "第三条"
worked = "甲项目权重6加4为10，乙项目权重20，100万元按10比20分，尾数归余数大者；乙的H9只有1头，不计"
facts  = { pot = "100万", project = [
  { id = "P1", open = true, household = [{ id = "H1", heads = 6 }], worker = [{ id = "W1", worked = 4 }] },
  { id = "P2", open = true, household = [{ id = "H1", heads = 20 }, { id = "H9", heads = 1 }], worker = [] },
  { id = "P3", open = false, household = [], worker = [] } ] }
expect = { paid = { P1 = "333333.33", P2 = "666666.67" } }
refuses = ["P2/H9: enough", "P3: is_open"]
"""
)
