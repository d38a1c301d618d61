"""A table that uses every part of the formula language, and facts at random for any scheme, to be told in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from jiangbu import RuleBook, Scheme
from jiangbu.money import scaled_to_decimal
from jiangbu.rules.model import Fact

GOOD_GATE: Mapping[str, Any] = {"agreements_in_force": 20, "expected_households": 20, "expected_gain": 2000}

WIDE = """
format = 1
[scheme]
id          = "wide"
title       = "各种算式试验"
place       = "999999"
document    = "试办〔2024〕9号"
status      = "illustrative"
effective   = { from = 2024-01-01, until = 2026-12-31, reading = "首尾都算" }
beneficiary = "household"
pays        = "award"
parts       = ["first_part", "second_part"]
recovers    = "back"
reading     = "只为试验"
[levels]
county    = { label = "县" }
project   = { of = "county", label = "项目", id_label = "项目编号", at_most = 50 }
household = { of = "project", label = "农户", id_label = "户编号", at_most = 50 }
[facts.pot]
label    = "总额"
kind     = "money"
level    = "county"
at_least = 0
at_most  = "1亿"
[facts.places]
label    = "名额"
kind     = "number"
unit     = "个"
level    = "county"
at_least = 0
at_most  = 100
[facts.cost]
label    = "投资额"
kind     = "money"
level    = "project"
at_least = 0
at_most  = "1000万"
[facts.began_on]
label    = "开工日"
kind     = "date"
level    = "project"
at_least = 2023-01-01
at_most  = 2024-12-31
[facts.ended_on]
label    = "完工日"
kind     = "date"
level    = "project"
at_least = 2024-11-30
at_most  = 2026-06-30
[facts.grade]
label   = "等次"
kind    = "choice"
level   = "project"
options = { high = "甲等", low = "乙等", none = "“无”等" }
[facts.noted_rate]
label     = "评审比例"
kind      = "rate"
level     = "project"
at_least  = 0
at_most   = "50%"
default   = "10%"
needed_if = "grade == 'high'"
[facts.clean]
label   = "无违法记录"
kind    = "flag"
level   = "project"
default = true
[facts.heads]
label    = "头数"
kind     = "number"
unit     = "头"
level    = "household"
at_least = 0
at_most  = 40
[facts.weight]
label    = "重量"
kind     = "number"
unit     = "吨"
decimals = 1
level    = "household"
at_least = 0
at_most  = 20
[facts.poor]
label = "脱贫户"
kind  = "flag"
level = "household"
[constants.cap]
label  = "封顶"
kind   = "money"
value  = "50万"
clause = "第二条"
[constants.term]
label  = "期限"
kind   = "number"
unit   = "月"
value  = 6
clause = "第二条"
[constants.usual]
label  = "常用等次"
kind   = "number"
value  = 2
clause = "第十条"
[tables.tier]
label  = "投资档次"
input  = "cost"
clause = "第三条"
holes  = "refuse"
gives  = { rate = "rate", cap = "money" }
rows = [
  { at_most = "10万",                       rate = "5%",  cap = "1万" },
  { more_than = "10万", less_than = "50万", rate = "10%", cap = "4万", printed = "十万元到五十万元" },
  { at_least = "60万",                      rate = "2/37", cap = "20万" },
]
[tables.grid]
label  = "等次和头数"
inputs = ["grade", "heads"]
clause = "unseen"
gives  = { each = "money", more = "money" }
rows = [
  { grade = "high", heads = { at_most = 9 },    each = 100, more = 1 },
  { grade = "high", heads = { at_least = 10 },  each = 200, more = 2 },
  { grade = "low",                              each = "50.5", more = 3 },
  { otherwise = true,                           each = 0, more = 0 },
]
[tables.band]
label  = "分段比例"
input  = "cost"
clause = "第四条"
gives  = { rate = "rate" }
rows = [
  { less_than = "20万",                      rate = "1%" },
  { at_least = "20万", less_than = "100万",  rate = "0.5%" },
  { at_least = "100万",                      rate = 0 },
]
[tables.steps]
label  = "分段头数"
input  = "heads"
clause = "第四条"
gives  = { each = "money" }
rows = [ { at_most = 5, each = 30 }, { at_least = 6, at_most = 20, each = 20 }, { at_least = 21, each = 10 } ]
[tables.season]
label  = "开工季节"
input  = "began_on"
clause = "第五条"
gives  = { extra = "money" }
rows = [ { at_most = 2024-03-31, extra = 500 }, { more_than = 2024-03-31, extra = 0 } ]
[[checks]]
name      = "in_order"
level     = "project"
holds     = "began_on <= ended_on"
otherwise = "完工早于开工"
clause = "第十条"
[[requirements]]
name      = "clean_and_graded"
level     = "project"
holds     = "clean and grade in ('high', 'low')"
otherwise = "有违法记录，或者没有评上等次"
clause    = "第六条"
[[requirements]]
name      = "some_heads"
level     = "household"
holds     = "not (heads == 0 and weight < 1) and heads != 39"
otherwise = "头数不够"
clause    = "第六条"
reading   = "三十九头另有规定"
[[requirements]]
name      = "in_time"
level     = "project"
holds     = "2 <= months_built < term or grade != 'low'"
otherwise = "乙等的工期不合"
clause    = "unseen"
[[remarks]]
name   = "long"
level  = "project"
when   = "days_built > 100"
says   = "工期超过100天"
clause = "第八条"
[[lines]]
name    = "months_built"
label   = "工期足月数"
level   = "project"
formula = "months(began_on, ended_on)"
clause = "第十条"
[[lines]]
name    = "days_built"
label   = "工期天数"
level   = "project"
unit    = "天"
formula = "days(began_on, ended_on)"
clause = "第十条"
[[lines]]
name    = "last_day"
label   = "保修期满日"
level   = "project"
formula = "after(later(ended_on, term), 10)"
clause = "第十条"
[[lines]]
name    = "which"
label   = "按哪等"
level   = "project"
formula = "grade if clean else 'low'"
clause = "第十条"
[[lines]]
name    = "year_built"
label   = "完工年份"
level   = "project"
formula = "year(ended_on)"
clause = "第十条"
[[lines]]
name    = "is_late"
label   = "超过期限"
level   = "project"
formula = "ended_on > later(began_on, term) or not clean"
clause = "第十条"
[[lines]]
name    = "own"
label   = "本户标准"
level   = "household"
formula = "heads * grid.each + marginal(steps.each, heads) + whole(weight / 3) * grid.more"
clause = "第十条"
[[lines]]
name    = "heaviest"
label   = "最重一户"
level   = "project"
unit    = "吨"
formula = "largest(weight) - smallest(weight)"
clause = "第十条"
[[lines]]
name    = "counted"
label   = "计入户数"
level   = "project"
unit    = "户"
formula = "count(poor or heads > 5) + count(household)"
clause = "第十条"
[[lines]]
name    = "per_head"
label   = "每头折合"
level   = "project"
formula = "cost / max(1, sum(heads))"
round   = { mode = "up", to = "jiao", clause = "第七条" }
clause  = "第七条"
[[lines]]
name    = "claim"
label   = "项目应补"
level   = "project"
formula = "(min(cost * tier.rate, tier.cap, cap) if grade != 'high' else cost * noted_rate) + season.extra"
round   = { mode = "down", to = "yuan" }
clause  = "第三条"
[[lines]]
name    = "by_band"
label   = "累进数"
level   = "project"
formula = "marginal(band.rate, cost) - -cap"
round   = "none"
clause = "第十条"
[[lines]]
name    = "rounded_claim"
label   = "取整应补"
level   = "project"
formula = "round_to(claim + by_band, '百元', 'up') if is_late else 0"
clause = "第十条"
[[lines]]
name    = "beyond"
label   = "超出数"
level   = "project"
formula = "cost - (cap - claim * (1 - noted_rate)) - claim / 2"
clause  = "第十条"
[[lines]]
name    = "all_claims"
label   = "应补合计"
level   = "county"
formula = "sum(claim)"
clause = "第十条"
[[lines]]
name    = "shareable"
label   = "可分总额"
level   = "county"
formula = "min(pot, all_claims)"
clause = "第十条"
[[lines]]
name    = "project_share"
label   = "项目所得"
level   = "project"
formula = "allocate(shareable, claim)"
clause = "第十条"
[[lines]]
name    = "seats"
label   = "户名额"
level   = "household"
unit    = "个"
formula = "allocate(places, heads + 1)"
clause = "第十条"
[[lines]]
name    = "award"
label   = "本户所得"
level   = "household"
formula = "max(0, allocate(project_share, own))"
clause  = "第九条"
reading = "按本户标准分"
[[lines]]
name    = "first_part"
label   = "前一半"
level   = "household"
formula = "award * 1 / 2"
clause = "第十条"
[[lines]]
name    = "second_part"
label   = "后一半"
level   = "household"
formula = "award - first_part"
clause = "第十条"
[[lines]]
name    = "back"
label   = "应退"
level   = "household"
formula = "round_to(own / 7, 'jiao', 'half-up')"
clause = "第十条"
[[cases]]
source = "试验"
worked = "没有项目"
facts  = { pot = 0, places = 0, project = [] }
expect = { all_claims = 0 }
"""

DOCUMENTS = """
format = 1
[[documents]]
number = "试办〔2024〕9号"
title  = "试验办法"
issuer = "示例县人民政府"
issued = "unseen"
place  = "999999"
known  = "reported"
"""


def wide_book(folder: Path) -> RuleBook:
    """Return the shipped tables with the wide table beside them."""
    (folder / "999999-example").mkdir(parents=True, exist_ok=True)
    (folder / "999999-example" / "wide.toml").write_text(WIDE, encoding="utf-8")
    (folder / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    return RuleBook.load(folder)


def on_some_day(book: RuleBook, id: str, place: str) -> Scheme:
    """Return a scheme on a day on which it is in force."""
    scheme = book.scheme(id, place=place)
    effective = scheme.effective
    known = (effective.from_, effective.until, scheme.document.issued)
    on = next((item for item in known if isinstance(item, date)), date(2024, 6, 30))
    return book.scheme(id, place=place, on=on, under=scheme.document.number)


def random_facts(scheme: Scheme, dice: Random, *, broken: bool = False) -> dict[str, Any]:
    """Return facts at random, often on and beside the edges of tables and constants; ``broken`` spoils some."""
    return _row(scheme, scheme.tree.root, dice, broken)


def _row(scheme: Scheme, level: str, dice: Random, broken: bool) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for fact in scheme.facts.values():
        if fact.level == level and not (fact.has_default and dice.random() < 0.1):
            row[fact.name] = _value(scheme, fact, dice)
        if fact.level == level and broken and dice.random() < 0.1:
            row[fact.name] = dice.choice([None, 0.5, "不详", True, "-1", date(1900, 1, 1), 10**45, []])
    if broken and dice.random() < 0.1:
        row["no_such_fact"] = 1
    for finer in scheme.tree.below(level):
        count = dice.choice([0, 1, 2, 3, 12])
        row[finer] = [{"id": f"R{at}", **_row(scheme, finer, dice, broken)} for at in range(count)]
        for item in row[finer]:
            if dice.random() < 0.05:
                item["set_aside"] = "待核"
            if broken and dice.random() < 0.05:
                del item["id"]
    return row


def _value(scheme: Scheme, fact: Fact, dice: Random) -> Any:
    if fact.kind == "flag":
        return dice.random() < 0.5
    if fact.kind == "choice":
        return dice.choice(list(fact.options))
    assert fact.bounds is not None
    low, high = fact.bounds.grid(fact.den)
    marks = [low, high, 0, fact.den, *(int(mark * fact.den) for mark in _marks(scheme, fact))]
    n = dice.choice(marks) + dice.choice([-1, 0, 0, 1]) if dice.random() < 0.7 else dice.randint(low, high)
    n = min(max(n, low), high)
    return date.fromordinal(n) if fact.kind == "date" else _written(n, fact)


def _marks(scheme: Scheme, fact: Fact) -> list[Fraction]:
    edges = [
        edge.value for info in scheme.infos.values() for row in info.table.rows for edge in row.edges.get(fact.name, ())
    ]
    constants = [item.value for item in scheme.constants.values() if item.kind == fact.kind]
    return [value for value in (*edges, *constants) if isinstance(value, Fraction)]


def _written(n: int, fact: Fact) -> Decimal:
    return scaled_to_decimal(n, fact.decimals)
