"""Every finding of the loader and the checker: its code, its line, what was found, what was expected, the remedy."""

# ruff: noqa: E501  (one table to a line reads better than one broken over ten)
from __future__ import annotations

from pathlib import Path

import pytest
from one_table import LEVELS, TABLE, book_of, built_from, edited, found_in, line_of

from jiangbu import Finding, TableError

# Each entry: what is changed in a table without fault; the code; a text of the line that is blamed; words of the
# finding. The changed table has exactly this one finding.
Entry = tuple[list[tuple[str, str]], str, str, list[str]]

ERRORS: dict[str, Entry] = {
    "an unknown key of a fact, with the nearest known one": (
        [('unit     = "头"', 'units    = "头"')], "unknown-key", "units    =", ["'units'", "did you mean 'unit'"],
    ),
    "an unknown section": ([("[constants.cap]", "[contants.other]\nx = 1\n[constants.cap]")], "unknown-key", "[contants.other]", ["'contants'", "constants"]),
    "an unknown key of a row": ([("rank = 1 }", "rank = 1, printd = '一档' }")], "unknown-key", "rank = 1, printd", ["'printd'", "printed"]),
    "an unknown key of the rounding": (
        [('formula = "revenue * scale.rate"', 'formula = "revenue * scale.rate"\nround = { mode = "up", too = "fen", to = "fen" }')],
        "unknown-key", "round = { mode", ["'too'", "'to'"],
    ),
    "a flag with bounds": ([('kind  = "flag"', 'kind  = "flag"\nat_most = 1')], "unknown-key", "at_most = 1\n", ["a flag has no bounds"]),
    "decimals of a date": ([("at_most  = 2024-12-31", "at_most  = 2024-12-31\ndecimals = 2")], "unknown-key", "decimals = 2", ["a date has no decimals"]),
    "a money input bounded by a word of several inputs": (
        [("{ less_than = \"50万\", rate", "{ revenue = { lessthan = \"50万\" }, rate")], "unknown-key", "lessthan", ["'lessthan'", "less_than"],
    ),
    "a missing key of a line": ([('clause  = "第三条"\n[[lines]]\nname    = "by_scale"', '[[lines]]\nname    = "by_scale"')], "missing-key", '[[lines]]\nname    = "month_of"', ["'clause'", "add clause"]),
    "a fact of money without an upper bound": ([('at_most  = "1亿"\n', "")], "missing-key", "[facts.revenue]", ["states both bounds", "at_most (or less_than) is missing", "add at_most"]),
    "a choice without options": ([('options = { fresh = "新建", rebuilt = "改扩建" }\n', "")], "missing-key", "[facts.track]", ["needs options"]),
    "a row that does not give a column": ([(", rank = 2 }", " }")], "missing-key", 'at_least = "50万", rate', ["does not give 'rank'", "add rank"]),
    "a table without input": ([('input  = "revenue"\n', "")], "missing-key", "[tables.scale]", ["names its input"]),
    "needed_if without a default": ([('kind  = "flag"', "kind  = \"flag\"\nneeded_if = \"heads > 0\"")], "missing-key", "[facts.sound]", ["needed_if needs a default"]),
    "no format": ([("format = 1\n", "")], "missing-key", "[scheme]", ["format = 1"]),
    "a promise that promises nothing": ([('never_more_than = "cap"', 'reading = "无"')], "missing-key", '[[promises]]\nreading', ["a promise says one thing"]),
    "a promise of two things": ([('never_more_than = "cap"', 'never_more_than = "cap"\nnil_when = "not sound"')], "missing-key", '[[promises]]\nnever_more_than', ["a promise says one thing"]),
    "a case that says nothing": ([('refuses = ["sound_record", "in_time"]\n', "")], "missing-key", "[[cases]]\nsource  =", ["a case says what comes out"]),
    "a text where a number is meant": ([('at_most  = "1亿"', 'at_most  = "一亿"')], "bad-value", 'at_most  = "一亿"', ["'一亿'", "expected"]),
    "a number with a thousands separator": ([('value  = "3万"', 'value  = "30,000"')], "bad-value", 'value  = "30,000"', ["'30,000'", "without spaces, commas"]),
    "an unknown kind": ([('kind     = "date"', 'kind     = "day"')], "bad-value", 'kind     = "day"', ["'day'", "money, number, rate, flag, choice, date"]),
    "an unknown status": ([('status      = "in-force"', 'status      = "in force"')], "bad-value", 'status      =', ["'in force'", "in-force"]),
    "an end before its start": ([("until = 2026-12-31", "until = 2023-12-31")], "bad-value", "effective   =", ["ends before it starts"]),
    "a day with a time": ([("from = 2024-01-01", "from = 2024-01-01T00:00:00")], "bad-value", "effective   =", ["expected a day"]),
    "a rate as a whole number": ([('rate = "1%"', "rate = 10")], "bad-value", "rate = 10", ["found 10", "10%"]),
    "a wrong format": ([("format = 1", "format = 2")], "bad-value", "format = 2", ["format = 1"]),
    "an id in capitals": ([('id          = "award"', 'id          = "Award"')], "bad-value", "id          =", ["'Award'"]),
    "a place that is no code": ([('place       = "999999"', 'place       = "9999"')], "bad-value", "place       =", ["'9999'"]),
    "a place in full-width digits": ([('place       = "999999"', 'place       = "９９９９９９"')], "bad-value", "place       =", ["GB/T 2260"]),
    "a name in capitals, without a cascade": ([("[facts.heads]", "[facts.Heads]"), ("heads * each", "Heads * each"), ('"heads"', '"Heads"')], "bad-value", "[facts.Heads]", ["'Heads' is no name", "a-z"]),
    "a line's name in capitals, without a cascade": ([('name    = "by_scale"', 'name    = "By_scale"'), ("(cap, by_scale", "(cap, By_scale")], "bad-value", '"By_scale"\n', ["'By_scale' is no name"]),
    "a name of 41 letters": ([("[constants.late]", f"[constants.{'a' * 41}]"), ("< late", f"< {'a' * 41}")], "bad-value", f"[constants.{'a' * 41}]", ["at most 40"]),
    "otherwise before the last row": ([('{ less_than = "50万", rate', "{ otherwise = true, rate")], "bad-value", "otherwise = true", ["last row"]),
    "otherwise with bounds": ([("rank = 2 }", "rank = 2, otherwise = true }")], "bad-value", "rank = 2, otherwise", ["no bounds of its own"]),
    "otherwise = 1": ([("{ at_least = \"50万\", rate", "{ otherwise = 1, rate")], "bad-value", "otherwise = 1", ["otherwise = true"]),
    "an empty clause": ([('label  = "最高"', 'label  = ""')], "bad-value", 'label  = ""', ["label is empty"]),
    "no document": ([('document    = "试办〔2024〕1号"', 'document    = ""')], "bad-value", "document    =", ["document is empty"]),
    "rows that are no tables": ([("  { less_than = \"50万\", rate = \"1%\", rank = 1 },", '  "一档",')], "bad-value", '"一档"', ["'一档'", "a table"]),
    "a day that the calendar does not have": ([("value  = 2024-01-01", "value  = 2024-02-30")], "toml", "value  = 2024-02-30", ["the calendar has no day 2024-02-30"]),
    "a day that the calendar does not have, as text": ([("at_most  = 2024-12-31", 'at_most  = "2024-02-30"')], "bad-value", 'at_most  = "2024-02-30"', ["the calendar has"]),
    "a key twice": ([('unit     = "头"', 'unit     = "头"\nunit     = "只"')], "toml", 'unit     = "只"', ["stands twice, first at line 20"]),
    "a name twice, in two sections": ([("[constants.late]", "[constants.heads]"), ("< late", "< heads")], "duplicate-name", "[constants.heads]", ["'heads' is declared twice", "also at line 17"]),
    "a line named as a fact": ([('name    = "by_scale"', 'name    = "revenue"'), ("cap, by_scale", "cap, revenue"), ('by_scale = 5000, ', "")], "duplicate-name", 'name    = "revenue"', ["declared twice"]),
    "two lines of one name": ([('name    = "month_of"', 'name    = "by_scale"'), ("month_of < late", "late > 0"), ], "duplicate-name", 'name    = "by_scale"\nlabel   = "按规模"', ["declared twice"]),
    "two requirements of one name": ([('name      = "in_time"', 'name      = "sound_record"'), (', "in_time"', "")], "duplicate-name", 'name      = "sound_record"\nholds     = "track', ["'sound_record' is declared twice"]),
    "a requirement and a remark of one name": ([("", '[[remarks]]\nname = "in_time"\nwhen = "heads > 0"\nsays = "有养殖"\n')], "duplicate-name", '"in_time"\nwhen', ["declared twice"]),
    "a fact named like a function": ([("[facts.heads]", "[facts.count]"), ("heads * each", "count * each"), ('"heads"', '"count"')], "duplicate-name", "[facts.count]", ["a word of the language"]),
    "a fact named id": ([("[facts.heads]", "[facts.id]"), ("heads * each", "id * each"), ('"heads"', '"id"')], "duplicate-name", "[facts.id]", ["a word of the language"]),
    "a column named like a boundary": ([("rank = \"number\" }", "rank = \"number\", is = \"flag\" }"), ("rank = 1 }", "rank = 1, is = true }"), ("rank = 2 }", "rank = 2, is = true }")], "duplicate-name", "gives  =", ["'is' means something else"]),
    "an input twice": ([('input  = "revenue"', 'inputs = ["revenue", "revenue"]')], "duplicate-name", "[tables.scale]", ["an input is named twice"]),
    "a name that is not declared, with the nearest": ([("heads * each", "head * each")], "unknown-name", 'formula = "min(cap', ["head is not declared", "'heads'"]),
    "a Chinese name in a formula": ([("heads * each", "头数 * each")], "formula", 'formula = "min(cap', ["'头数' is a label", "write its name: heads"]),
    "a function that does not exist": ([("min(cap,", "minimum(cap,")], "unknown-name", 'formula = "minimum', ["no function minimum", "'min'"]),
    "an option that does not exist": ([("track == 'fresh'", "track == 'fress'")], "unknown-name", 'holds     = "track', ["'fress' is no option", "fresh"]),
    "a label in place of an option": ([("track == 'fresh'", "track == '新建'")], "unknown-name", 'holds     = "track', ["'新建' is no option", "did you mean 'fresh'"]),
    "a default that is no option": ([('label   = "方向"', 'label   = "方向"\ndefault = "fres"')], "unknown-name", 'default = "fres"', ["'fres'", "one of fresh, rebuilt", "did you mean 'fresh'"]),
    "a column that does not exist": ([("scale.rate", "scale.rates")], "unknown-name", 'formula = "revenue', ["no column rates", "'rate'"]),
    "a level that does not exist": ([('unit     = "头"', 'unit     = "头"\nlevel    = "project"')], "unknown-name", 'level    = "project"', ["no level 'project'"]),
    "a gate level without levels": ([("pays        =", 'gate_level  = "project"\npays        =')], "unknown-name", "gate_level  =", ["gate_level needs [levels]"]),
    "an input that does not exist, without a cascade": ([('input  = "revenue"', 'input  = "revenu"')], "unknown-name", 'input  =', ["'revenu' is not declared", "'revenue'"]),
    "pays names no line": ([('pays        = "paid"', 'pays        = "pays"')], "unknown-name", "pays        =", ["no line 'pays'", "lines: month_of, by_scale, paid"]),
    "parts name no line": ([('pays        = "paid"', 'pays        = "paid"\nparts       = ["by_scal"]')], "unknown-name", "parts       =", ["no line 'by_scal'"]),
    "a promise about no fact": ([('never_decreases_in = "heads"', 'never_decreases_in = "haeds"')], "unknown-name", "never_decreases_in", ["'haeds'", "'heads'"]),
    "a derived fact that does not exist": ([('unit     = "头"', 'unit     = "头"\nderived  = "linked_houses"')], "unknown-name", "derived  =", ["'linked_houses'", "linked_households"]),
    "an attribute": ([("heads * each", "heads.__class__ * each")], "formula", 'formula = "min(cap', ["heads has no columns"]),
    "a power": ([("heads * each", "heads ** heads * each")], "formula", 'formula = "min(cap', ["operator Pow is not in the language"]),
    "a list": ([("heads * each", "[heads][0] * each")], "formula", 'formula = "min(cap', ["x[…] is not in the language"]),
    "code": ([("heads * each", "(lambda: each)()")], "formula", 'formula = "min(cap', ["only functions of the language"]),
    "an import": ([('holds     = "sound"', "holds     = \"sound and __import__('os')\"")], "unknown-name", "holds     = \"sound and __import__", ["no function __import__"]),
    "half a formula": ([("heads * each)", "heads * each")], "formula", 'formula = "min(cap', ["cannot be read", "what may stand"]),
    "a full-width bracket": ([("min(cap,", "min（cap,")], "formula", 'formula = "min', ["'（' outside quotes", "write ( of the English keyboard"]),
    "a number with a point": ([("heads * each", "heads * each * 0.5")], "formula", 'formula = "min(cap', ["0.5 is not in the language", "constant"]),
    "named arguments": ([("scale.rate", "scale.rate(x=revenue)")], "formula", 'formula = "revenue', ["without names"]),
    "a series without its day": ([("scale.rate", "scale.rate * lpr.one_year")], "unknown-name", 'formula = "revenue', ["lpr is not declared"]),
    "min of one value": ([("min(cap, by_scale + heads * each)", "min(by_scale + heads * each)"), ('never_more_than = "cap"', 'nil_when = "cap < each"')], "formula", 'formula = "min(by', ["two values or more"]),
    "a later line": ([('formula = "months(start, day) + 1"', 'formula = "months(start, day) + 1 + whole(by_scale / cap)"')], "order", 'formula = "months', ["by_scale is not known yet", "move it before"]),
    "a line that uses itself": ([('formula = "months(start, day) + 1"', 'formula = "months(start, day) + month_of"')], "order", 'formula = "months', ["month_of stands in its own formula"]),
    "needed_if over a later fact": ([('unit     = "头"', 'unit     = "头"\ndefault  = 0\nneeded_if = "sound"')], "order", 'needed_if =', ["sound is not known yet"]),
    "money times money": ([("heads * each", "revenue * each")], "kind", 'formula = "min(cap', ["money * money", "a number or a rate"]),
    "money plus a number": ([("heads * each", "heads + each")], "kind", 'formula = "min(cap', ["money + number"]),
    "arithmetic on a day": ([("heads * each", "each * (day - start)")], "kind", 'formula = "min(cap', ["arithmetic on a date"]),
    "a condition that is no flag": ([('holds     = "sound"', 'holds     = "heads"'), ("", '[[remarks]]\nname = "r"\nwhen = "sound"\nsays = "好"\n')], "kind", 'holds     = "heads"', ["found number; expected flag"]),
    "branches of two kinds": ([("heads * each", "(each if sound else heads)")], "kind", 'formula = "min(cap', ["the branches are money and number"]),
    "choices ordered": ([("track == 'fresh'", "track < 'fresh'")], "kind", 'holds     = "track', ["between texts"]),
    "the amount is a number": ([("min(cap, by_scale + heads * each)", "heads"), ("never_more_than = \"cap\"", "nil_when = \"cap < by_scale and each > cap\"")], "kind", '[[lines]]\nname    = "paid"', ["pays names a line of money, found number"]),
    "whole of money": ([("heads * each", "whole(each)")], "kind", 'formula = "min(cap', ["whole of a money", "round_to"]),
    "a promise of the wrong kind": ([('never_more_than = "cap"', 'never_more_than = "heads"')], "kind", 'never_more_than', ["found number; expected money"]),
    "bounds that hold nothing": ([("at_most  = 100\n", "at_most  = -1\n")], "bounds", "[facts.heads]", ["hold nothing"]),
    "bounds between two grid points": ([("at_least = 0\nat_most  = 100\n", 'at_least = "0.2"\nat_most  = "0.8"\n')], "bounds", "[facts.heads]", ["hold nothing"]),
    "two lower bounds": ([("at_least = 0\nat_most  = 100\n", "at_least = 0\nmore_than = 0\nat_most  = 100\n")], "bounds", "[facts.heads]", ["at_least and more_than"]),
    "a default out of bounds": ([("at_most  = 100\n", "at_most  = 100\ndefault  = 101\n")], "bounds", "default  = 101", ["out of bounds", "101"]),
    "a row of an empty range": ([("{ less_than = \"50万\", rate", "{ at_least = \"2万\", less_than = \"1万\", rate")], "bounds", "rank = 1 }", ["hold nothing"]),
    "a row with two lower bounds": ([("{ at_least = \"50万\", rate", "{ at_least = \"50万\", more_than = 1, rate")], "bounds", "rank = 2 }", ["bound the same side"]),
    "is beside another bound": ([("{ at_least = \"50万\", rate", "{ at_least = \"50万\", is = 1, rate")], "bounds", "rank = 2 }", ["stands alone"]),
    "a day beyond the calendar": ([("months(start, day)", "months(start, after(day, heads * heads * heads * heads))")], "bounds", 'formula = "months', ["may leave the calendar"]),
    "a gap of money": ([("less_than = \"50万\", rate", "at_most = \"50万\", rate"), ("at_least = \"50万\", rate", "at_least = \"51万\", rate")], "gap", "rank = 2 }", ["no row covers", "row 1 and row 2", "revenue = 500000.01", "otherwise = true"]),
    "a gap below the first row": ([("less_than = \"50万\", rate", "more_than = 0, less_than = \"50万\", rate")], "gap", "rank = 1 }", ["revenue = 0"]),
    "an overlap at the edge": ([("less_than = \"50万\", rate", "at_most = \"50万\", rate")], "overlap", "rank = 2 }", ["row 1 and row 2 both cover", "revenue = 500000"]),
    "a lookup outside the input": ([("scale.rate", "scale.rate(revenue + revenue)")], "lookup-range", 'formula = "revenue', ["0 … 200000000", "outside the bounds of revenue (0 … 100000000)", "min(…)"]),
    "a divisor that may be zero": ([("revenue * scale.rate", "revenue * scale.rate / heads")], "division", 'formula = "revenue', ["may be zero", "max(1"]),
    "a divisor that passes zero": ([("revenue * scale.rate", "revenue * scale.rate / (heads - late)")], "division", 'formula = "revenue', ["may be zero"]),
    "a constant divisor of zero": ([("revenue * scale.rate", "revenue * scale.rate / 0")], "division", 'formula = "revenue', ["by zero"]),
    "a varying quotient inside a formula": ([("revenue * scale.rate", "revenue / max(1, heads) + revenue * scale.rate")], "division", 'formula = "revenue', ["varying value inside", "round_to"]),
    "a denominator above 10^24": ([("revenue * scale.rate", "revenue * scale.rate / cap_n / cap_n / cap_n"), ("[constants.cap]", '[constants.cap_n]\nlabel = "质数"\nkind = "number"\nvalue = 1000000007\nclause = "无"\n[constants.cap]')], "denominator", 'formula = "revenue', ["above 10^24"]),
    "a column with a denominator above 10^24": ([('rate = "1%"', f'rate = "1/{10**25 + 13}"')], "denominator", 'formula = "revenue', ["above 10^24"]),
    "a constant with a denominator above 10^24": ([('kind   = "number"\nvalue  = 7', f'kind   = "rate"\nvalue  = "1/{10**25 + 13}"')], "denominator", 'holds     = "track', ["above 10^24"]),
    "an unknown step": ([('formula = "revenue * scale.rate"', 'formula = "revenue * scale.rate"\nround = { mode = "up", to = "十元" }')], "rounding", "round = {", ["'十元'", "百元"]),
    "the amount unrounded": ([('formula = "min(cap, by_scale + heads * each)"', 'formula = "min(cap, by_scale + heads * each)"\nround = "none"')], "rounding", '[[lines]]\nname    = "paid"', ["always rounded"]),
    "a number that ends in a division": ([("months(start, day) + 1", "months(start, day) / late")], "rounding", 'formula = "months', ["states its rounding", "half-up"]),
    "a date that is rounded": ([('formula = "months(start, day) + 1"', 'formula = "later(day, 1)"\nround = { mode = "up", to = "1" }'), ("month_of < late", "heads < late"), ("", '[[remarks]]\nname = "r"\nwhen = "day == start"\nsays = "元旦"\n')], "rounding", "round = {", ["a date is not rounded"]),
    "an unknown mode of round_to": ([("heads * each", "round_to(heads * each, 'yuan', 'nearest')")], "rounding", 'formula = "min(cap', ["'nearest'", "half-up, down or up"]),
    "an amount that may be negative": ([("min(cap, by_scale + heads * each)", "min(cap, by_scale - heads * each)"), ('never_decreases_in = "heads"', 'nil_when = "cap < each"')], "negative-pay", '[[lines]]\nname    = "paid"', ["down to -10000", "may_be_negative"]),
    "an unknown document": ([('document    = "试办〔2024〕1号"', 'document    = "试办〔2024〕2号"')], "document", "document    =", ["'试办〔2024〕2号' does not stand", "documents.toml"]),
    "an aggregated source in force": ([('document    = "试办〔2024〕1号"', 'document    = "文号未见：转载办法"')], "document", "status      =", ["aggregated", "illustrative"]),
    "nothing of its time seen": (
        [('document    = "试办〔2024〕1号"', 'document    = "文号未见：报道办法"'), ("{ from = 2024-01-01, until = 2026-12-31 }", '{ from = "unseen", until = "unseen" }')],
        "document", "status      =", ["neither start, issue day nor end", "illustrative"],
    ),
    "an operator scheme without gate": ([('beneficiary = "household"', 'beneficiary = "operator"')], "gate", "[scheme]", ["says why", "no_gate ="]),
    "an operator scheme of Pingliang without gate": ([('beneficiary = "household"', 'beneficiary = "operator"\nno_gate = "无"'), ('"999999"', '"620825"')], "gate", "[scheme]", ["Pingliang", "linkage-admission"]),
    "a gate that is not there": ([('beneficiary = "household"', 'beneficiary = "household"\ngate = "no-such-gate"')], "gate", "gate = ", ["'no-such-gate'"]),
    "a formula of 1,001 characters": ([("heads * each)", "heads * each)" + " " * 970 + "+ 0")], "size", 'formula = "min(cap', ["characters", "1,000"]),
    "a formula of more than 200 parts": ([("heads * each)", "heads * each" + " + 0" * 100 + ")")], "size", 'formula = "min(cap', ["parts", "200"]),
    "a nest of a formula": ([("heads * each)", "(" * 250 + "heads" + ")" * 250 + " * each)")], "formula", 'formula = "min(cap', ["cannot be read"]),
    "a case of a line that does not exist": ([("expect = { paid = 10300 }", "expect = { payd = 10300 }")], "case", "expect = { payd", ["no line 'payd'", "'paid'"]),
    "a case that does not hold": ([("expect = { paid = 10300 }", "expect = { paid = 10300.01 }")], "case", "expect = { paid = 10300.01", ["paid: expected 10300.01", "10300.00", "worked by hand"]),
    "a case with an unknown fact": ([("heads = 3, sound", "haeds = 3, heads = 3, sound")], "case", 'facts  = { revenue = "50万"', ["haeds", "heads"]),
    "a case with a missing fact": ([("heads = 3, sound", "sound")], "case", 'facts  = { revenue = "50万"', ["[missing] heads"]),
    "a case with a value out of bounds": ([("heads = 3, sound", "heads = 101, sound")], "case", 'facts  = { revenue = "50万"', ["[bounds] heads", "101", "100"]),
    "a case that refuses too little": ([('"sound_record", "in_time"]', '"sound_record"]')], "case", 'refuses = ', ["in_time", "sound_record"]),
    "a broken promise": ([('never_more_than = "cap"', 'never_more_than = "by_scale"')], "promise", "[[promises]]\nnever_more_than", ["never_more_than by_scale: broken", "→"]),
}  # fmt: skip

WARNINGS: dict[str, Entry] = {
    "a row that the bounds never reach": (
        [("rank = 2 },\n", 'rank = 2, less_than = "2亿" },\n  { at_least = "2亿", rate = "3%", rank = 3 },\n')],
        "unreachable", "rank = 3", ["row 3 can never be hit", "widen the bounds"],
    ),
    "an otherwise that nothing is left for": ([("rank = 2 },\n", 'rank = 2 },\n  { otherwise = true, rate = "3%", rank = 3 },\n')], "unreachable", "rank = 3", ["row 3"]),
    "a fact that nothing reads": ([("[constants.cap]", '[facts.spare]\nlabel = "备用"\nkind = "flag"\ndefault = false\n[constants.cap]')], "unused", "[facts.spare]", ["'spare' is never read"]),
    "a constant that nothing reads": ([("[constants.cap]", '[constants.spare]\nlabel = "备用"\nkind = "money"\nvalue = 1\nclause = "无"\n[constants.cap]')], "unused", "[constants.spare]", ["'spare' is never read"]),
    "a bare number": ([("month_of < late", "month_of < 7"), ("formula = \"months(start, day) + 1\"", "formula = \"months(start, day) + 1 + 0 * late\"")], "bare-number", "month_of < 7", ["the number 7", "[constants.…]"]),
    "two units added": ([("heads * each", "each * (heads + tons)"), ("[constants.cap]", '[facts.tons]\nlabel = "吨数"\nkind = "number"\nunit = "吨"\nat_least = 0\nat_most = 9\ndefault = 0\n[constants.cap]')], "unit", "heads + tons", ["头", "吨"]),
    "a requirement that no case fails": (
        [("", '[[requirements]]\nname = "few"\nholds = "heads < late or sound or heads >= late"\notherwise = "太多"\nclause = "第五条"\n')],
        "case-missing", '[[requirements]]\nname = "few"', ["no case is refused by 'few'", 'refuses = ["few"]'],
    ),
    "a row that no case hits": ([("rank = 2 },\n", 'rank = 2, less_than = "9000万" },\n  { at_least = "9000万", rate = "3%", rank = 3 },\n')], "case-missing", "rank = 3", ["row 3 of 'scale'", "add a case"]),
}  # fmt: skip


def said(finding: Finding) -> str:
    """Return all that a finding says."""
    return f"{finding.message}\n{finding.witness}\n{finding.remedy}"


def test_the_table_itself_has_no_fault(tmp_path: Path) -> None:
    """What the tests below break is whole before: any finding comes of the one change."""
    assert found_in(tmp_path, TABLE) == []


@pytest.mark.parametrize("name", [*ERRORS, *WARNINGS])
def test_one_fault_is_one_finding(name: str, tmp_path: Path) -> None:
    """A table with one fault has one finding: of this code, at this line, with found, expected and remedy; no other."""
    changes, code, anchor, words = (ERRORS | WARNINGS)[name]
    text = edited(*changes)
    findings = found_in(tmp_path, text)
    assert [(code, line_of(text, anchor))] == [(item.code, item.line) for item in findings], findings
    (finding,) = findings
    assert [] == [word for word in words if word not in said(finding)], finding
    assert ("warning" if name in WARNINGS else "error") == finding.severity
    assert "999999/award.toml" == finding.file


LEVEL_FAULTS: dict[str, Entry] = {
    "two roots": ([('{ of = "county", label = "项目",', '{ label = "项目",')], "level", "[levels]", ["one root, found 2", "county, project", "every level but one"]),
    "no root": ([('county    = { label = "县" }', 'county    = { of = "worker", label = "县" }')], "level", "[levels]", ["one root, found 0"]),
    "levels in a circle": ([('household = { of = "project"', 'household = { of = "worker"'), ('worker    = { of = "project"', 'worker    = { of = "household"'), ('"sum(heads) + sum(worked)"', '"enough_heads"')], "level", "household = {", ["household hangs on no root", "circle"]),
    "a level above that does not exist": ([('household = { of = "project"', 'household = { of = "projet"')], "unknown-name", "household = {", ["no level 'projet'", "'project'"]),
    "a fact's level that does not exist": ([('level    = "worker"', 'level    = "workers"')], "unknown-name", 'level    = "workers"', ["no level 'workers'", "'worker'"]),
    "a level without a label": ([('county    = { label = "县" }', "county    = {}")], "missing-key", "county    = {}", ["needs a label"]),
    "a level's name in capitals": ([('worker    = { of = "project"', 'Worker    = { of = "project"'), ('"worker"', '"Worker"')], "bad-value", 'Worker    = {', ["'Worker' is no name"]),
    "no room for rows": ([("at_most = 50 }", "at_most = 0 }")], "bad-value", "at_most = 0 }", ["found 0", "1,000,000"]),
    "a value of rows below": ([('"sum(heads) + sum(worked)"', '"heads + sum(worked)"')], "level", '"heads + sum', ["heads stands on level household, not seen from level project", "sum(heads)"]),
    "a value of rows beside": ([("heads >= enough_heads", "heads >= enough_heads and worked > 0")], "level", "heads >= enough", ["worked stands on level worker"]),
    "a sum over two lines of levels": ([('"sum(heads) + sum(worked)"', '"sum(heads * worked)"')], "level", '"sum(heads * worked)"', ["one line of levels below"]),
    "a sum inside a sum": ([('"sum(heads) + sum(worked)"', '"sum(heads + sum(worked))"')], "level", '"sum(heads + ', ["inside another aggregate"]),
    "counting rows above": ([('"sum(heads) + sum(worked)"', '"sum(heads) + sum(worked) + count(county)"')], "level", "count(county)", ["county is not below project"]),
    "a share of one's own level": ([("allocate(pot, weight)", "allocate(weight, weight) * 0 + pot")], "level", '"allocate(', ["a value of a level above"]),
    "a share inside a sum": ([("allocate(pot, weight)", "sum(allocate(pot, weight))")], "formula", '"sum(allocate', ["allocate stands in a line"]),
    "a weight below zero": ([('"sum(heads) + sum(worked)"', '"sum(heads) - sum(worked)"')], "bounds", "allocate(pot", ["a weight may be below zero", "max(0"]),
    "a share of unrounded money": (
        [("allocate(pot, weight)", "allocate(half, weight)"), ('[[lines]]\nname    = "weight"', '[[lines]]\nname = "half"\nlabel = "半"\nlevel = "county"\nformula = "pot / enough_heads"\nround = "none"\nclause = "三"\n[[lines]]\nname    = "weight"')],
        "rounding", "allocate(half", ["allocate divides rounded money"],
    ),
    "a condition on a sum over its own rows": ([("heads >= enough_heads", "heads >= enough_heads and weight > 0")], "order", '[[requirements]]\nname      = "enough"', ["goes round in a circle: enough → weight"]),
    "a condition on a share among its own level": ([('holds     = "open"', 'holds     = "open and paid > 0"')], "order", '[[requirements]]\nname      = "is_open"', ["goes round in a circle: is_open → paid"]),
    "parts off the paid level": ([('formula = "paid - from_county"', 'formula = "pot"\nlevel = "county"')], "level", '[[lines]]\nname    = "from_town"', ["parts names a line of the paid level project"]),
    "a case's value without a path": ([('expect = { paid = { P1 = "333333.33", P2 = "666666.67" } }', "expect = { paid = 5 }")], "case", "expect = { paid", ["paid stands on level project", "by path"]),
    "a case's row that is not there": ([('P1 = "333333.33"', 'P7 = "333333.33"')], "case", "expect = { paid", ["no row 'P7'"]),
    "a case that forgets a refusal below": ([('"P2/H9: enough", ', "")], "case", "refuses = [", ["expected ['P3: is_open']", "P2/H9: enough"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LEVEL_FAULTS)
def test_one_fault_of_levels_is_one_finding(name: str, tmp_path: Path) -> None:
    """A table of rows inside rows with one fault has one error, at its line; what hangs wrongly pulls nothing along."""
    changes, code, anchor, words = LEVEL_FAULTS[name]
    text = edited(*changes, table=LEVELS)
    errors = [item for item in found_in(tmp_path, text) if item.severity == "error"]
    assert [(code, line_of(text, anchor))] == [(item.code, item.line) for item in errors], errors
    assert [] == [word for word in words if word not in said(errors[0])], errors


def test_the_table_of_levels_has_no_fault(tmp_path: Path) -> None:
    """The second table is whole as well."""
    assert found_in(tmp_path, LEVELS) == []


def test_sums_of_parts_that_differ_are_found_with_facts(tmp_path: Path) -> None:
    """``parts`` that do not sum to the amount are found at a made case, which is shown."""
    text = edited(('formula = "paid - from_county"', 'formula = "paid - from_county - from_county"'), table=LEVELS)
    (finding,) = [item for item in found_in(tmp_path, text) if item.code == "parts"]
    assert ("scheme.parts", line_of(text, "parts       =")) == (finding.where, finding.line)
    assert "another sum" in finding.message
    assert "'pot'" in finding.witness


def test_a_pot_that_may_find_no_weight_is_warned_of(tmp_path: Path) -> None:
    """Where all weights may be zero the checker warns; a reading on the line settles it."""
    (finding,) = found_in(tmp_path, edited(('reading = "全无权重时不予分配"\n', ""), table=LEVELS))
    assert ("bounds", "warning") == (finding.code, finding.severity)
    assert "all weights may be zero" in finding.message


MANY = (
    [
        ('status      = "in-force"', 'status      = "in force"'),
        ('kind     = "date"', 'kind     = "day"'),
        ('value  = "3万"', 'value  = "三万"'),
        ('rate = "1%"', 'rate = "1%", rte = 1'),
        ('holds     = "sound"', 'holds     = "sond and heads + cap > 0"'),
        ('"revenue * scale.rate"', '"revenue * scale.rate + revenu"'),
        ('otherwise = "验收太迟"', 'otherwize = "验收太迟"'),
        ('worked = "50万元乘2%', 'work = "50万元乘2%'),
    ],
    [
        ("bad-value", "status      ="), ("bad-value", 'kind     = "day"'), ("bad-value", 'value  = "三万"'),
        ("unknown-key", "rte = 1"), ("unknown-name", 'holds     = "sond'), ("unknown-name", '"revenue * scale.rate + revenu"'),
        ("unknown-key", "otherwize"), ("missing-key", '[[requirements]]\nname      = "in_time"'), ("unknown-key", "work ="), ("missing-key", "[[cases]]\nsource = \"第三条\"\nwork ="),
    ],
)  # fmt: skip


def test_all_faults_come_at_once_and_none_twice(tmp_path: Path) -> None:
    """Ten faults in one file are ten findings; what refers to a broken entry is not blamed for it."""
    text = edited(*MANY[0])
    findings = found_in(tmp_path, text)
    expected = sorted((line_of(text, anchor), code) for code, anchor in MANY[1])
    assert expected == sorted((item.line, item.code) for item in findings), "\n".join(map(str, findings))


def test_findings_stand_in_the_order_of_lines(tmp_path: Path) -> None:
    """A person mends a file from top to bottom."""
    lines = [item.line for item in found_in(tmp_path, edited(*MANY[0]))]
    assert sorted(lines) == lines


def caret(finding: Finding) -> str:
    """Return what stands over the carets, each Chinese sign two columns wide."""
    text, carets = finding.witness.split("\n")
    wide = [sign for sign in text for _ in range(2 if ord(sign) > 0x2E7F else 1)]
    shown = [sign for sign, mark in zip(wide, carets.ljust(len(wide)), strict=True) if mark == "^"]
    signs = "".join(shown)
    return "".join(sign for at, sign in enumerate(signs) if ord(sign) <= 0x2E7F or at % 2 == 0)


CARETS = {
    "heads * head": "head",
    "heads * 每头": "每头",
    "heads if track == '改扩建' else heads": "'改扩建'",
    "heads if '新' == track else heads + eachh": "'新'",
    "  heads *  cap2  ": "cap2",
    "heads\n* cap2": "cap2",
    "min(heads, scale.rnk)": "scale.rnk",
    "heads * (cap * each)": "cap * each",
    "heads * scale.rank(heads)": "heads",
    "heads ** late": "heads ** late",
    "round_to(heads, '1', '四舍五入')": "'四舍五入'",
    "heads + (heads if heads else late)": "heads",
    "whole(heads / (late - late))": "late - late",
}


@pytest.mark.parametrize("formula", CARETS)
def test_the_caret_points_at_the_part(formula: str, tmp_path: Path) -> None:
    """The carets of a formula's fault stand under the part that is wrong, Chinese text before it or not."""
    text = edited(('formula = "months(start, day) + 1"', f'formula = """{formula}"""'))
    found = [item for item in built_from(tmp_path, text) if item.where == "lines[0].formula"]
    assert CARETS[formula] == caret(found[0]), found[0].witness


def test_a_file_larger_than_a_megabyte_is_refused_before_any_work(tmp_path: Path) -> None:
    """1 MB is the most that a file may have; the figure is said."""
    (finding,) = found_in(tmp_path, TABLE + "#" * (1_000_001 - len(TABLE.encode())))
    assert ("size", 1) == (finding.code, finding.line)
    assert "1,000,000" in finding.message


def test_a_file_of_a_megabyte_is_read(tmp_path: Path) -> None:
    """At exactly 1 MB nothing is said."""
    assert found_in(tmp_path, TABLE + "#" * (1_000_000 - len(TABLE.encode()))) == []


def scale_of(count: int) -> str:
    """Return the table with so many tiers."""
    rows = "".join(
        f'{{ at_least = {at}, less_than = {at + 1}, rate = "1%", rank = {at} }},\n' for at in range(count - 1)
    )
    start = TABLE.index('  { less_than = "50万"')
    end = TABLE.index("]\n", start)
    return TABLE[:start] + rows + f'{{ at_least = {count - 1}, rate = "2%", rank = 0 }},\n' + TABLE[end:]


def test_2000_rows_are_read_and_2001_refused(tmp_path: Path) -> None:
    """A table may have 2,000 rows; one more is refused with the figure."""
    assert [] == built_from(tmp_path / "a", scale_of(2_000))
    (finding,) = built_from(tmp_path / "b", scale_of(2_001))
    assert ("size", "tables.scale.rows") == (finding.code, finding.where)
    assert "2,001 rows; at most 2,000" in finding.message


HOSTILE = {
    "nested keys": "[[cases]]\nsource = 'a'\nworked = 'b'\nrefuses = []\n[cases.facts."
    + ".".join(["a"] * 20_000)
    + "]\nx = 1\n",
    "nested keys at the top": "[zz." + ".".join(["a"] * 20_000) + "]\nx = 1\n",
    "nested lists": "zz = " + "[" * 50_000 + "]" * 50_000 + "\n",
    "a nested list that TOML takes": "zz = " + "[" * 200 + "]" * 200 + "\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_deep_nesting_is_a_finding(name: str, tmp_path: Path) -> None:
    """However deep a file nests, it gets one finding and no traceback."""
    (finding,) = found_in(tmp_path, TABLE + HOSTILE[name])
    assert "toml" == finding.code
    assert finding.remedy == "nest less deeply"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at_most  = 100\n", f"at_most  = 0x{'f' * 20_000}\n"),
        ('label    = "头数"', f"label    = 0x{'f' * 20_000}"),
        ("at_most  = 100\n", "at_most  = 1e1000000\n"),
        ("at_most  = 100\n", "at_most  = nan\n"),
        ("at_most  = 100\n", "at_most  = -inf\n"),
        ("at_most  = 100\n", f"at_most  = {'[' * 30}{']' * 30}\n"),
    ],
)  # fmt: skip
def test_huge_numbers_are_findings(old: str, new: str, tmp_path: Path) -> None:
    """A number that nobody means is refused on its line, in few words."""
    text = edited((old, new))
    (finding,) = found_in(tmp_path, text)
    assert ("bad-value", line_of(text, new.rstrip("\n"))) == (finding.code, finding.line)
    assert len(finding.message) < 250


def test_numbers_that_multiply_beyond_all_bounds_are_refused(tmp_path: Path) -> None:
    """Lines that multiply one another are stopped on load, where their bounds leave 10^60."""
    lines = "".join(
        f'[[lines]]\nname = "h{at}"\nlabel = "h"\nclause = "x"\nformula = "{"*".join([f"h{at - 1}" if at else "heads"] * 90)}"\n'
        for at in range(4)
    )
    errors = [item for item in built_from(tmp_path, TABLE + lines) if item.severity == "error"]
    assert [("bounds", "lines[3].formula")] == [(item.code, item.where) for item in errors]
    assert "10^60" in errors[0].message


CODES = """
toml unknown-key missing-key bad-value size duplicate-name unknown-name formula order kind bounds gap overlap lookup-range
division denominator rounding negative-pay level series document gate validity case promise parts unnoticed
unreachable unused bare-number unit case-missing
"""


def test_every_stable_code_is_tried_here() -> None:
    """The codes of the contract, one by one; those of series, versions and mutation have tests of their own."""
    codes = set(CODES.split())
    here = {code for _, code, *_ in (*ERRORS.values(), *WARNINGS.values(), *LEVEL_FAULTS.values())} | {"parts"}
    assert {"series", "validity", "unnoticed"} == codes - here
    assert set() == here - codes


def test_a_finding_is_printed_with_place_code_witness_and_remedy(tmp_path: Path) -> None:
    """``file:line`` first, so that an editor can jump there."""
    (finding,) = found_in(tmp_path, edited(("heads * each", "head * each")))
    assert str(finding).startswith("999999/award.toml:82: error: [unknown-name] lines[2].formula: head is not declared")
    assert "remedy: did you mean 'heads'?" in str(finding)


def test_the_findings_of_a_broken_scheme_are_raised_together(tmp_path: Path) -> None:
    """``book.scheme`` raises all errors of the table, and warnings are none."""
    book = book_of(tmp_path, award=edited(*MANY[0]))
    with pytest.raises(TableError) as caught:
        book.scheme("award")
    assert 10 == len(caught.value.findings)
