"""Small tables for the tests of records and schemas, and a folder to read them from."""

from __future__ import annotations

from pathlib import Path

from jiangbu import RuleBook

DOCUMENTS = """
format = 1
[[documents]]
number = "试办〔2024〕1号"
title  = "试验办法"
issuer = "示例县人民政府"
issued = 2023-12-01
place  = "999999"
known  = "seen"
"""

HEAD = """
format = 1
[scheme]
id          = "{id}"
title       = "试验"
place       = "999999"
document    = "试办〔2024〕1号"
status      = "illustrative"
effective   = {{ from = 2024-01-01, until = 2026-12-31 }}
beneficiary = "household"
"""

KINDS = (
    HEAD.format(id="kinds")
    + """
pays = "award"
[facts.revenue]
label    = "营业收入"
kind     = "money"
at_least = "-100"
at_most  = "1万"
[facts.price]
label     = "单价"
kind      = "money"
decimals  = 4
more_than = 0
less_than = 100
default   = "1.5"
[facts.heads]
label    = "头数"
kind     = "number"
unit     = "头"
at_least = 0
at_most  = 50
[facts.weight]
label    = "重量"
kind     = "number"
unit     = "吨"
decimals = 1
at_least = "0.5"
at_most  = "12.5"
default  = "2.5"
[facts.rate]
label    = "利率"
kind     = "rate"
decimals = 4
at_least = "-5%"
at_most  = "150%"
[facts.whole_rate]
label    = "整倍"
kind     = "rate"
decimals = 0
at_least = 0
at_most  = 1
default  = 1
[facts.sound]
label = "正常"
kind  = "flag"
[facts.open]
label   = "开放"
kind    = "flag"
default = true
[facts.track]
label   = "方向"
kind    = "choice"
options = { new = "新建", old = "改扩建", other = "其他", cafe = "café" }
[facts.since]
label    = "登记日期"
kind     = "date"
at_least = 2020-02-29
at_most  = 2024-12-31
[facts.licence]
label     = "许可"
kind      = "choice"
options   = { full = "完整", part = "部分" }
default   = "part"
needed_if = "track in ('new', 'old') and not open"
[facts.inspected]
label     = "验收"
kind      = "flag"
default   = false
needed_if = "licence == 'full'"
[facts.rated]
label     = "评级"
kind      = "flag"
default   = false
needed_if = "licence == 'part'"
[[lines]]
name    = "award"
label   = "奖补"
formula = "0 if (inspected or rated) and sound else max(0, revenue)"
clause  = "第一条"
"""
)

ROWS = (
    HEAD.format(id="rows")
    + """
pays     = "paid"
parts    = ["from_county", "from_town"]
recovers = "overpaid"
[levels]
county    = { label = "县" }
project   = { of = "county",  label = "项目", id_label = "项目编号", at_most = 3 }
household = { of = "project", label = "农户", at_most = 3 }
worker    = { of = "project", label = "用工", at_most = 2 }
[facts.pot]
label    = "总额"
kind     = "money"
level    = "county"
at_least = 0
at_most  = "1亿"
[facts.day]
label   = "放款日"
kind    = "date"
level   = "county"
default = 2024-06-03
[facts.open]
label   = "开放"
kind    = "flag"
level   = "county"
default = true
[facts.share]
label    = "比例"
kind     = "rate"
level    = "project"
at_least = 0
at_most  = 1
[facts.grade]
label   = "等级"
kind    = "choice"
options = { good = "良好", bad = "差" }
level   = "project"
default = "good"
[facts.heads]
label    = "头数"
kind     = "number"
decimals = 1
at_least = 0
at_most  = 100
[facts.already]
label    = "已发"
kind     = "money"
at_least = 0
at_most  = "1亿"
default  = 0
[facts.served]
label    = "务工月数"
kind     = "number"
level    = "worker"
at_least = 0
at_most  = 12
[constants.three]
label  = "三分"
kind   = "number"
value  = 3
clause = "第二条"
[tables.points]
label  = "积分"
input  = "heads"
gives  = { each = "number" }
holes  = "refuse"
clause = "第三条"
rows = [
  { less_than = 10, each = 1 },
  { at_least = 20, each = "1.5" },
]
[[checks]]
name      = "worked"
level     = "worker"
holds     = "served != 7"
otherwise = "月数不对"
[[requirements]]
name      = "opened"
level     = "county"
holds     = "open"
otherwise = "没有开放"
clause    = "第四条"
[[requirements]]
name      = "good_grade"
level     = "project"
holds     = "grade == 'good'"
otherwise = "等级差"
clause    = "第四条"
[[requirements]]
name      = "has_heads"
holds     = "heads > 0"
otherwise = "没有养殖"
clause    = "第四条"
[[remarks]]
name  = "many"
when  = "heads >= 50"
says  = "规模大"
[[lines]]
name    = "rate_then"
label   = "当日利率"
level   = "county"
formula = "lpr.one_year(day)"
clause  = "第五条"
[[lines]]
name    = "third"
label   = "三分之一"
level   = "project"
formula = "share / three"
round   = "none"
clause  = "第五条"
[[lines]]
name    = "graded"
label   = "等级好"
level   = "project"
formula = "grade == 'good'"
clause  = "第五条"
[[lines]]
name    = "grade_then"
label   = "所评等级"
level   = "project"
formula = "grade"
clause  = "第五条"
[[lines]]
name    = "due"
label   = "到期"
level   = "county"
formula = "later(day, 12)"
clause  = "第五条"
[[lines]]
name    = "worked_months"
label   = "务工合计"
level   = "project"
formula = "sum(served)"
clause  = "第五条"
[[lines]]
name    = "scored"
label   = "得分"
formula = "heads * points.each"
clause  = "第五条"
[[lines]]
name    = "paid"
label   = "奖补"
level   = "household"
formula = "allocate(pot, scored)"
clause  = "第五条"
[[lines]]
name    = "from_county"
label   = "县级"
formula = "paid * 1 / three"
clause  = "第五条"
[[lines]]
name    = "from_town"
label   = "乡级"
formula = "paid - from_county"
clause  = "第五条"
[[lines]]
name    = "overpaid"
label   = "应收回"
formula = "max(0, already - paid)"
clause  = "第五条"
"""
)


def book_at(folder: Path, **tables: str) -> RuleBook:
    """Write tables into a folder and read the book of it and the shipped tables."""
    (folder / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    place = folder / "999999-example"
    place.mkdir(exist_ok=True)
    for name, text in tables.items():
        (place / f"{name}.toml").write_text(text, encoding="utf-8")
    return RuleBook.load(folder)


# Interest is asked for on the track of loans alone.
NEEDED = """format = 1

[scheme]
id = "needed"
title = "测试"
place = "999999"
document = "测试〔2024〕9号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "household"
pays = "award"

[facts.track]
label = "类别"
kind = "choice"
options = { loan = "贷款", award = "奖补" }

[facts.interest]
label = "利息"
kind = "money"
at_least = 0
at_most = 1000
default = 0
needed_if = "track == 'loan'"

[[lines]]
name = "award"
label = "补助"
formula = "interest"
clause = "第一条"
"""
