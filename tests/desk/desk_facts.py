"""Hand-made facts for the tests of reading, one of every kind."""

from fractions import Fraction

from jiangbu.rules.kinds import Bounds
from jiangbu.rules.model import Fact

REVENUE = Fact(
    "revenue", "年度营业收入（审计数）", "money", Bounds(Fraction(0), Fraction(10**10)), decimals=2,
    aliases=("销售收入",),
)  # fmt: skip
HOUSEHOLDS = Fact("households", "带动农户数", "number", Bounds(Fraction(0), Fraction(100_000)), unit="户")
WEIGHT = Fact("weight", "收购重量", "number", Bounds(Fraction(0), Fraction(10**6)), unit="吨", decimals=3)
RATE = Fact("rate", "贷款年利率", "rate", Bounds(Fraction(0), Fraction(1, 4)), decimals=6)
FLAG = Fact("violation", "有违法记录", "flag")
CHOICE = Fact("grade", "等级", "choice", options={"good": "良好", "none": "无", "best": "优秀"})
DAY = Fact("founded", "登记日期", "date", Bounds(Fraction(726468), Fraction(767010)))
AGREEMENTS = Fact(
    "agreements", "协议份数", "number", Bounds(Fraction(0), Fraction(1000)), unit="份",
    has_default=True, default=Fraction(0), origin="gate",
)  # fmt: skip
ALL = {fact.name: fact for fact in (REVENUE, HOUSEHOLDS, WEIGHT, RATE, FLAG, CHOICE, DAY, AGREEMENTS)}
