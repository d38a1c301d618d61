"""Why facts cannot be used, told to a clerk: which entry, what was found, what is asked for, what to do."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from jiangbu.errors import Problem
from jiangbu.rules.model import Fact
from jiangbu.rules.words.amounts import Lang, day, written
from jiangbu.rules.words.names import label_of, level_label

if TYPE_CHECKING:
    from jiangbu.rules.scheme import Scheme

CODES = {
    "missing": "缺少",
    "unknown-fact": "多出的项目",
    "float": "不是精确数",
    "kind": "填写内容不对",
    "decimals": "小数位数过多",
    "bounds": "超出范围",
    "ten-thousandfold": "疑似元、万元混填",
    "outside-series": "利率等数据未载明该日",
    "option": "不在选项之内",
    "date": "日期不对",
    "text": "文字不能使用",
    "duplicate-key": "编号重复",
    "check": "前后矛盾",
    "parts": "分项之和不符",
}

REMEDIES = {
    "missing": "请补填",
    "unknown-fact": "请删去，或者改为办法所要的项目",
    "float": '请改用文本或 Decimal 传入，例如 "0.1"',
    "kind": "请按要求的内容填写",
    "decimals": "请核对原始凭证，按规定的位数填写，程序不代为取舍",
    "bounds": "请核对数字和单位",
    "ten-thousandfold": "请核对单位是元还是万元",
    "outside-series": "请核对日期；日期无误的，须先补充该日的数据",
    "option": "请从选项中选一个",
    "date": "请写成 2024-12-31",
    "text": "请删去不能显示的字符或者缩短文字",
    "duplicate-key": "请核对编号，每行用不同的编号",
    "check": "请核对有关数据后改正",
    "parts": "请核对规则表的分项",
}


@frozen
class Complaint:
    """One problem of the facts in words; ``where`` is the label of the entry, with its row."""

    where: str
    what: str
    found: str
    expected: str
    remedy: str


def complaint(scheme: Scheme, problem: Problem, lang: Lang = "zh") -> Complaint:
    """Put one problem into words; in English the library's own words stand beside the label."""
    where = place_of(scheme, problem.path)
    if lang == "en":
        return Complaint(where, problem.code, problem.found, problem.expected, problem.remedy)
    fact = scheme.facts.get(_last(problem.path))
    code = CODES.get(problem.code, problem.code)
    remedy = REMEDIES.get(problem.code, problem.remedy)
    if problem.code == "missing" and fact is not None:
        remedy = f"请补填：{how_to_fill(fact)}"
    near = re.search(r"'([a-z][a-z0-9_]*)'", problem.remedy) if problem.code == "unknown-fact" else None
    if near:
        remedy += f"（是不是“{label_of(scheme, near[1])}”？）"
    if problem.code == "check":
        check = scheme.checks.get(_last(problem.path))
        labels = "、".join(f"“{label_of(scheme, name)}”" for name in _names(problem.found))
        rows = place_of(scheme, problem.path.rpartition(".")[0]) if "." in problem.path else ""
        where = " · ".join(part for part in (rows, labels) if part) or where
        if check is not None:
            code += f"，{check.otherwise}"
        return Complaint(where, code, labelled(scheme, problem.found), "", remedy)
    expected = _asked(problem) or (asked(fact) if fact is not None else problem.expected)
    if problem.code == "outside-series":
        expected = "数据所覆盖的日期：" + "至".join(re.findall(r"\d{4}-\d{2}-\d{2}", problem.expected))
    found = "空白" if problem.code == "missing" else _found(problem.found)
    return Complaint(where, code, found, expected, remedy)


def asked(fact: Fact) -> str:
    """Say what a fact asks for: its kind, unit, both ends of its bounds.

    A choice lists its labels; bounds that exclude their number say so.
    """
    if fact.kind == "flag":
        return "是或否"
    if fact.kind == "choice":
        return "、".join(fact.options.values()) + "之一"
    return f"{KINDS[fact.kind]}，{bounds_words(fact)}"


def how_to_fill(fact: Fact) -> str:
    """Say how an empty entry of a fact is filled in, by its kind.

    >>> how_to_fill(Fact("paid", "已付清", "flag")), how_to_fill(Fact("on", "验收日期", "date"))
    ('填 是 或 否', '填写年月日，例如 2024-12-31')
    """
    if fact.kind in ("flag", "choice", "date"):
        return {
            "flag": "填 是 或 否",
            "choice": "从“" + "”“".join(fact.options.values()) + "”中选填一项",
            "date": "填写年月日，例如 2024-12-31",
        }[fact.kind]
    entered = "填写比例，例如 4.35%" if fact.kind == "rate" else "填写数字"
    # Where the rule takes no 0, nobody is told to write one.
    if fact.bounds is not None and Fraction(0) not in fact.bounds:
        return f"{entered}，{bounds_words(fact)}"
    return f"{entered}；确实没有的填 0" if fact.kind == "rate" else "确实没有的填 0"


KINDS = {
    "money": "金额（元）",
    "number": "数字",
    "rate": "比例",
    "date": "日期",
    "flag": "是或否",
    "choice": "选项",
}


def bounds_words(fact: Fact, lang: Lang = "zh") -> str:
    """Write the bounds of a fact: 0元至1000亿元, both ends in unless said otherwise."""
    bounds = fact.bounds
    if bounds is None:
        return ""
    low, high = (written(fact.kind, end, unit=fact.unit, lang=lang, law=True) for end in (bounds.low, bounds.high))
    if lang == "en":
        start, end = "more than" if bounds.low_open else "from", "to less than" if bounds.high_open else "to"
        return f"{start} {low} {end} {high}"
    return f"{low}{'（不含）' * bounds.low_open}至{high}{'（不含）' * bounds.high_open}"


def place_of(scheme: Scheme, path: str) -> str:
    """Turn a path such as ``project[1].household[0].received`` into labels: 项目第2行 · 农户第1行 · ….

    Inside a row made by the library the number stands for itself, inside an object the names do.
    """
    if not path:
        return "整份数据"
    words: list[str] = []
    id_label = "编号"
    for part in path.split("."):
        match = re.fullmatch(r"([a-z][a-z0-9_]*)\[(.*)\]", part)
        name, row = (match[1], match[2]) if match else (part, "")
        if name in scheme.tree.by_name:
            level = scheme.tree.by_name[name]
            label = level_label(scheme, name)
            row_text = f"第{int(row) + 1}行" if row.isdigit() and not level.made_by else f" {row}" if row else ""
            words.append(label + row_text)
            id_label = level.id_label or "编号"
        elif name in ("id", "set_aside"):
            words.append(id_label if name == "id" else "搁置")
        elif name in scheme.checks:
            words.append(scheme.checks[name].otherwise)
        elif part:
            words.append(label_of(scheme, name))
    return " · ".join(words)


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _names(found: str) -> list[str]:
    return re.findall(r"([a-z][a-z0-9_]*) = ", found)


def labelled(scheme: Scheme, found: str) -> str:
    """Put labels for names into what a check found: 放款日：2024年3月1日；还清日：空白."""
    parts = []
    for part in found.split(", "):
        name, sign, value = part.partition(" = ")
        fact = scheme.facts.get(name)
        if fact is None or not sign:
            return found
        if value == "—":
            parts.append(f"{fact.label}：空白")
            continue
        if fact.kind == "money":
            value = f"{value}元"
        elif fact.kind == "date":
            value = day(date.fromisoformat(value))
        value = fact.options.get(value, {"True": "是", "False": "否"}.get(value, value))
        parts.append(f"{fact.label}：{value}{fact.unit}")
    return "；".join(parts)


def _asked(problem: Problem) -> str:
    rows = re.fullmatch(r"at most ([\d,]+) rows", problem.expected)
    if rows:
        return f"最多{rows[1]}行"
    return _EXPECTED.get(problem.expected, "")


_EXPECTED = {
    "a fact of the scheme": "办法所要的项目",
    "a mapping of facts": "各项数据（名称和值）",
    "a list of rows": "成行的数据",
    "a row: a mapping of facts": "一行数据（名称和值）",
    "the row's id": "该行的编号",
    "text that names the row": "该行的编号",
    "an id that no other row here has": "与其他行不同的编号",
    "each row once": "每行只填一次",
    "a reason": "搁置的理由",
    "text without control characters": "没有控制字符的文字",
    "at most 1,000 characters": "不超过1,000个字",
    "the number or household of the row": "该行的序号或户编号",
}


def _found(found: str) -> str:
    """Take the library's way of writing a value apart: quotes and type names are no business of a clerk."""
    if found == "a number of more than 40 digits":
        return "超过40位的数"
    match = re.fullmatch(r"Decimal\('(.*)'\)", found) or re.fullmatch(r"'(.*)'", found)
    if match:
        return match[1] or "空白"
    count = re.fullmatch(r"([\d,]+) (rows|characters)", found)
    if count:
        return f"{count[1]}{'行' if count[2] == 'rows' else '个字'}"
    return {"True": "是", "False": "否", "None": "空白"}.get(found, found)
