"""Rule tables with one planted fault whose code is known: for whoever tests a checker, or tools around one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any

from jiangbu.testing.tables import random_table
from jiangbu.testing.toml import write_toml

Data = dict[str, Any]
Fault = Callable[[Random, Data], None]

_ROUND = {"mode": "half-up", "to": "fen"}


def broken_table(rng: Random, code: str | None = None) -> tuple[str, str]:
    """Return a table's TOML text with one fault, and the code of the finding that it must cause.

    :param code: the code wanted; drawn if left out. :raises KeyError: for a code that no fault is known for.
    """
    wanted = code if code is not None else rng.choice(sorted(FAULTS))
    fault = rng.choice(FAULTS[wanted])
    if fault in _TEXTS:
        return _TEXTS[fault](rng), wanted
    data = random_table(rng)
    # Without its gate a table that reads the gate's facts would have further findings.
    while wanted == "gate" and "gate" in data["scheme"]:
        data = random_table(rng)
    fault(rng, data)
    return write_toml(data), wanted


# What every table gets for a fault to stand in: names that no random table has


def _line(data: Data, formula: str, name: str = "planted", **words: Any) -> None:
    """Add a line at the root, before every other."""
    level = {"level": next(iter(data["levels"]))} if "levels" in data else {}
    data["lines"] = [
        {"name": name, "label": "植入的行", "formula": formula, "clause": "第九条", **level, **words}, *data["lines"],
    ]  # fmt: skip


def _fact(data: Data, name: str, kind: str, **words: Any) -> None:
    level = {"level": next(iter(data["levels"]))} if "levels" in data else {}
    bounds = {} if kind in ("flag", "choice", "date") else {"at_least": 0, "at_most": 1000}
    data.setdefault("facts", {})[name] = {"label": f"植入的{name}", "kind": kind, **bounds, **level, **words}


def _constant(data: Data, name: str, kind: str, value: Any, **words: Any) -> None:
    data.setdefault("constants", {})[name] = {
        "label": "植入的数",
        "kind": kind,
        "value": value,
        "clause": "第九条",
        **words,
    }


def _rows(data: Data, rows: list[Mapping[str, Any]], **words: Any) -> None:
    """Add a table over a planted fact of money, 0 … 1000."""
    _fact(data, "planted_money", "money")
    entry = {
        "label": "植入的档次", "input": "planted_money", "clause": "第九条", "gives": {"worth": "money"}, "rows": rows,
        **words,
    }  # fmt: skip
    data.setdefault("tables", {})["planted_table"] = entry
    _line(data, "planted_table.worth", name="planted_worth")


# The faults, by the code of their finding


def _toml(rng: Random) -> str:
    text = write_toml(random_table(rng))
    return rng.choice(
        [
            text.replace("format = 1", "format = ", 1), text + "\n[scheme]\nid = \"again\"\n", text + "\nnot toml\n",
            text.replace('title = "', "title = ", 1), text + '\nlast = "no end', text + "\nday = 2023-02-30\n",
            text + "\nkey = 1\nkey = 2\n", text + "\nmany = " + "[" * 3000,
        ]
    )  # fmt: skip


def _large(rng: Random) -> str:
    return write_toml(random_table(rng)) + "# " + "长" * 400_000 + "\n"


def _format(rng: Random, data: Data) -> None:
    data["format"] = rng.choice([2, 0, "1", True])


def _unknown_key(rng: Random, data: Data) -> None:
    place = rng.choice([data, data["scheme"], data["lines"][0]])
    place["surprise"] = "?"


def _missing_key(rng: Random, data: Data) -> None:
    entry, key = rng.choice(
        [
            (data["scheme"], "title"),
            (data["scheme"], "status"),
            (data["lines"][0], "formula"),
            (data["lines"][0], "clause"),
        ]
    )
    entry.pop(key)


def _without_bound(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    del data["facts"]["planted_money"][rng.choice(["at_least", "at_most"])]
    _line(data, "planted_money")


def _bad_value(rng: Random, data: Data) -> None:
    where = rng.choice(["status", "constant", "bound", "mode", "until", "beneficiary"])
    if where == "status":
        data["scheme"]["status"] = "perhaps"
    elif where == "constant":
        _constant(data, "planted_constant", "money", rng.choice(["５０万", "1,000", "50 万", "1e3", "五十万", True]))
        _line(data, "planted_constant")
    elif where == "bound":
        _fact(data, "planted_money", "money", at_most=rng.choice(["nan", "Infinity", "1/3", ""]))
        _line(data, "planted_money")
    elif where == "mode":
        _line(data, "0 if True else 0", round={"mode": "bankers", "to": "fen"})
    elif where == "until":
        data["scheme"]["effective"]["until"] = date(2020, 1, 1)
    else:
        data["scheme"]["beneficiary"] = "everybody"


def _much(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    if rng.randint(1, 2) == 1:
        _line(data, "planted_money + " * 70 + "planted_money")
    else:
        _line(data, "min(" + ", ".join(["0"] * 210) + ", planted_money)")


def _many_rows(rng: Random, data: Data) -> None:
    _rows(data, [{"worth": 0} for _ in range(2001)])


def _twice(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    where = rng.choice(["line", "constant", "reserved", "condition"])
    if where == "line":
        _line(data, "planted_money", name="planted_money")
    elif where == "constant":
        _constant(data, "planted_money", "money", 1)
    elif where == "reserved":
        _line(data, "planted_money", name=rng.choice(["sum", "id", "allocate"]))
    else:
        rule = {"name": "planted_rule", "holds": "planted_money > 0", "otherwise": "不符合", "clause": "第九条"}
        rule |= {"level": next(iter(data["levels"]))} if "levels" in data else {}
        data["requirements"] = [*data.get("requirements", []), rule, dict(rule)]


def _unknown_name(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    _fact(data, "planted_choice", "choice", options={"one": "一", "two": "二"})
    wrong = ["planted_mony", "no_such_table.column", "maximum(planted_money, 0)", "planted_choice == 'three'"]
    _line(data, rng.choice([*wrong, "__import__('os')", "eval('1')"]))


def _no_such_line(rng: Random, data: Data) -> None:
    data["scheme"]["recovers"] = "no_such_line"


def _formula(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    _line(
        data,
        rng.choice(
            [
                "planted_money ** planted_money", "planted_money // 1", "(lambda: planted_money)()",
                "planted_money.real",
                "[planted_money][0]", "().__class__", "planted_money +", "min(planted_money)", "1.5 * planted_money",
                "planted_money if planted_money > 0", "max(*[0], planted_money)", "f'{planted_money}'", "(x := 1)",
                "min(planted_money, default=0)", "planted_money is 0", "round_to(planted_money)",
            ]
        ),
    )  # fmt: skip


def _order(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    _line(data, "planted_money", name="planted_later")
    _line(data, "planted_later")


def _circle(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    levels = data.get("levels", {})
    if len(levels) < 2:
        _order(rng, data)
        return
    below = list(levels)[1]
    _fact(data, "planted_money", "money")
    data["facts"]["planted_money"]["level"] = below
    _line(data, "sum(planted_money)", name="planted_sum")
    rule = {"name": "planted_rule", "holds": "planted_sum > 0", "otherwise": "不符合", "clause": "第九条"}
    data["requirements"] = [*data.get("requirements", []), {**rule, "level": below}]


def _kind(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    _fact(data, "planted_number", "number", unit="户")
    _fact(data, "planted_flag", "flag")
    _fact(data, "planted_date", "date")
    _fact(data, "planted_choice", "choice", options={"one": "一", "two": "二"})
    _line(
        data,
        rng.choice(
            [
                "planted_money * planted_money", "planted_money + planted_number", "planted_money + 1", "-planted_flag",
                "planted_date + planted_date", "planted_money if planted_number else 0", "planted_choice < 'one'",
                "planted_money == planted_date", "not planted_money",
                "planted_flag and planted_number > 0 and planted_date",
                "min(planted_money, planted_number)", "planted_money if planted_flag else planted_date",
                "planted_number / planted_money", "whole(planted_money)", "days(planted_date, planted_number)",
                "planted_choice == 1", "planted_flag < planted_flag",
            ]
        ),
    )  # fmt: skip


def _bounds(rng: Random, data: Data) -> None:
    where = rng.choice(["empty", "both", "default", "row"])
    words = {
        "empty": {"at_least": 5, "at_most": 4}, "both": {"more_than": 0}, "default": {"default": 1001}, "row": {},
    }[where]  # fmt: skip
    if where == "row":
        _rows(data, [{"at_least": 5, "less_than": 5, "worth": 1}, {"otherwise": True, "worth": 0}])
        return
    _fact(data, "planted_money", "money", **words)
    _line(data, "planted_money")


def _calendar(rng: Random, data: Data) -> None:
    _fact(data, "planted_date", "date")
    _fact(data, "planted_number", "number", at_most=10**7)
    _line(data, "later(planted_date, planted_number)")


def _gap(rng: Random, data: Data) -> None:
    at = rng.randint(1, 999)
    _rows(
        data,
        rng.choice(
            [
                [{"less_than": at, "worth": 0}, {"more_than": at, "worth": 1}],
                [{"at_most": at, "worth": 0}, {"at_least": at + 1, "worth": 1}],
                [{"less_than": at, "worth": 0}],
                [{"more_than": 0, "worth": 0}],
                [{"is": at, "worth": 0}],
            ]
        ),
    )


def _overlap(rng: Random, data: Data) -> None:
    at = rng.randint(1, 999)
    _rows(
        data,
        rng.choice(
            [
                [{"at_most": at, "worth": 0}, {"at_least": at, "worth": 1}],
                [{"worth": 0}, {"is": at, "worth": 1}],
                [{"less_than": at, "worth": 0}, {"at_least": at - 1, "worth": 1}],
            ]
        ),
    )


def _range(rng: Random, data: Data) -> None:
    _rows(data, [{"worth": 1}])
    _fact(data, "planted_wide", "money", at_most=1001)
    _line(data, rng.choice(["planted_table.worth(planted_wide)", "planted_table.worth(-planted_wide)"]))


def _division(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    _fact(data, "planted_number", "number")
    _fact(data, "planted_flag", "flag")
    formula = rng.choice(
        [
            "planted_money / planted_number", "planted_money / 0", "planted_money / (planted_number - 1)",
            "(planted_money / max(1, planted_number)) + planted_money",
            "planted_money / planted_number if planted_number >= 0 else 0",
            "planted_money / planted_number if planted_number > 0 or planted_flag else 0",
            "0 if planted_number > 0 else planted_money / planted_number",
        ]
    )  # fmt: skip
    _line(data, formula)


def _denominator(rng: Random, data: Data) -> None:
    for number in range(5):
        _fact(data, f"planted_rate_{number}", "rate", at_most=1)
    _line(data, " * ".join(f"planted_rate_{number}" for number in range(5)))


def _rounding(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    _fact(data, "planted_number", "number", at_least=1)
    _fact(data, "planted_flag", "flag")
    choices: list[tuple[str, dict[str, Any]]] = [
        ("planted_number / planted_number", {}),
        ("planted_money / planted_number", {"round": "none"}),
        ("planted_money", {"round": {"mode": "down", "to": "分"}}),
        ("planted_number", {"round": {"mode": "down", "to": "0.5"}}),
        ("planted_flag", {"round": dict(_ROUND)}),
        ("round_to(planted_money, 'yuan', 'bankers')", {}),
        ("round_to(planted_money, '0.01', 'down')", {}),
    ]
    formula, words = rng.choice(choices)
    _line(data, formula, **words)


def _unrounded_pay(rng: Random, data: Data) -> None:
    _paying(data)["round"] = "none"
    _paying(data)["formula"] = "0 if True else 0"
    _fact(data, "planted_money", "money")
    _paying(data)["formula"] = "max(0, planted_money)"


def _negative(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    pay = _paying(data)
    pay.pop("may_be_negative", None)
    pay["formula"] = rng.choice(
        ["-planted_money", "planted_money - planted_money", "min(0, planted_money - planted_money)"]
    )
    pay.pop("round", None)


def _paying(data: Data) -> dict[str, Any]:
    found: dict[str, Any] = next(line for line in data["lines"] if line["name"] == data["scheme"]["pays"])
    return found


def _level(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    formula = rng.choice(["sum(planted_money)", "allocate(planted_money, planted_money)", "largest(planted_money)"])
    _line(data, formula)


def _forest(rng: Random, data: Data) -> None:
    if "levels" not in data:
        _level(rng, data)
    elif rng.randint(1, 2) == 1:
        data["levels"]["second_root"] = {"label": "另一个根"}
    else:
        data["levels"]["round_one"] = {"label": "甲", "of": "round_two"}
        data["levels"]["round_two"] = {"label": "乙", "of": "round_one"}


def _document(rng: Random, data: Data) -> None:
    data["scheme"]["document"] = "没有这个文号〔2024〕0号"


def _gate(rng: Random, data: Data) -> None:
    head = data["scheme"]
    head.pop("no_gate", None)
    head["beneficiary"] = "operator"
    if rng.randint(1, 2) == 1:
        head["gate"] = "no-such-gate"
        if "levels" in data:
            head["gate_level"] = next(iter(data["levels"]))


def _unreachable(rng: Random, data: Data) -> None:
    _rows(data, [{"at_most": 1000, "worth": 1}, {"more_than": 1000, "worth": 2}])


def _unused(rng: Random, data: Data) -> None:
    if rng.randint(1, 2) == 1:
        _fact(data, "planted_money", "money")
    else:
        _constant(data, "planted_constant", "money", "1万")


def _bare(rng: Random, data: Data) -> None:
    _fact(data, "planted_money", "money")
    _line(data, f"planted_money * {rng.randint(2, 500)}")


def _unit(rng: Random, data: Data) -> None:
    _fact(data, "planted_households", "number", unit="户")
    _fact(data, "planted_workers", "number", unit="人")
    _line(data, rng.choice(["planted_households + planted_workers", "planted_households - planted_workers"]))


def _text(rng: Random, data: Data) -> None:
    raise AssertionError("a fault of the whole text is written as text")


def _toml_fault(rng: Random, data: Data) -> None:
    _text(rng, data)


def _size_fault(rng: Random, data: Data) -> None:
    _text(rng, data)


_TEXTS: Mapping[Fault, Callable[[Random], str]] = {_toml_fault: _toml, _size_fault: _large}

FAULTS: Mapping[str, tuple[Fault, ...]] = {
    "toml": (_toml_fault,),
    "size": (_size_fault, _much, _many_rows),
    "unknown-key": (_unknown_key,),
    "missing-key": (_missing_key, _without_bound),
    "bad-value": (_bad_value, _format),
    "duplicate-name": (_twice,),
    "unknown-name": (_unknown_name, _no_such_line),
    "formula": (_formula,),
    "order": (_order, _circle),
    "kind": (_kind,),
    "bounds": (_bounds, _calendar),
    "gap": (_gap,),
    "overlap": (_overlap,),
    "lookup-range": (_range,),
    "division": (_division,),
    "denominator": (_denominator,),
    "rounding": (_rounding, _unrounded_pay),
    "negative-pay": (_negative,),
    "level": (_level, _forest),
    "document": (_document,),
    "gate": (_gate,),
    "unreachable": (_unreachable,),
    "unused": (_unused,),
    "bare-number": (_bare,),
    "unit": (_unit,),
}
"""For each code, the faults that cause it; the last four codes are warnings."""
