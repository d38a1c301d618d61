"""Table files that mean harm, or were saved wrongly; run as a program it loads each and says what it cost.

Each sample is the bytes of a file, the codes of which one must be among its findings, and whether a finding must
stand at a line of its own (not the first).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

HEAD = """format = 1
[scheme]
id = "hostile"
title = "测试"
place = "999999"
document = "测试〔2024〕1号"
status = "illustrative"
effective = { from = 2024-01-01 }
beneficiary = "household"
pays = "pay"

[facts.money]
label = "金额"
kind = "money"
at_least = 0
at_most = "1亿"

[facts.households]
label = "户数"
kind = "number"
at_least = 0
at_most = 1000

"""
DOCUMENTS = """format = 1
[[documents]]
number = "测试〔2024〕1号"
title = "测试"
issuer = "测试"
issued = 2023-12-20
place = "999999"
known = "seen"
"""


@frozen
class Sample:
    """One hostile file and what must be found in it."""

    content: bytes
    codes: tuple[str, ...]
    placed: bool = True


EXACT = 'round = "none"\nformula'
"""Put where a line's formula begins, it leaves the line unrounded."""


def line(formula: str, name: str = "pay") -> str:
    """Return a line of a table."""
    written = json.dumps(formula, ensure_ascii=False)
    return f'[[lines]]\nname = {json.dumps(name)}\nlabel = "行"\nclause = "第一条"\nformula = {written}\n\n'


def fact(name: str, kind: str, *words: str) -> str:
    """Return a fact of a table."""
    return "\n".join([f"[facts.{name}]", 'label = "项"', f'kind = "{kind}"', *words]) + "\n\n"


def of(body: str, *codes: str, placed: bool = True) -> Sample:
    """Return a sample that is a sound head and a body."""
    return Sample((HEAD + body).encode("utf-8", "surrogatepass"), codes, placed)


CODE: Mapping[str, tuple[str, ...]] = {
    "__import__('os').system('touch hacked')": ("formula", "unknown-name"),
    "().__class__.__bases__[0].__subclasses__()": ("formula",),
    "money.__class__": ("formula",),
    "(lambda: money)()": ("formula",),
    "[m for m in (money, 0)][0]": ("formula",),
    "sum(m for m in (money, 0))": ("formula", "level"),
    "f'{money}'": ("formula", "kind"),
    "(x := money)": ("formula",),
    "money if (money := 1) else 0": ("formula",),
    "9 ** 9 ** 9": ("formula",),
    "9**9**9**9**9": ("formula",),
    "money << 10000": ("formula",),
    "open('/etc/passwd').read()": ("formula",),
    "exec('1')": ("unknown-name",),
    "print(money)": ("unknown-name",),
    "money; money": ("formula",),
    "money\nimport os": ("formula",),
    "yield money": ("formula",),
    "await money": ("formula",),
    "*money": ("formula",),
    "{**{}}": ("formula",),
    "b'bytes'": ("formula",),
    "...": ("formula",),
    "None": ("formula",),
    "1e400 * money": ("formula",),
    "1j * money": ("formula",),
    "money @ money": ("formula",),
    "ｍｏｎｅｙ": ("formula",),
    "money\u0000": ("formula", "toml", "bad-value"),
    "": ("bad-value", "formula"),
    "   ": ("formula",),
    "#": ("formula",),
    "max(money, money, key=households)": ("formula",),
}


def samples() -> dict[str, Sample]:
    """Return every sample by name."""
    found = {f"code {number}: {text[:30]}": of(line(text), *codes) for number, (text, codes) in enumerate(CODE.items())}
    deep, many = 10_000, 100_000
    found |= {
        "a formula of 1,001 characters": of(line("money + " * 125 + "0"), "size"),
        "a formula of a million characters": of(line("money + " * 110_000 + "0"), "size"),
        "201 parts": of(line("min(" + "0," * 200 + "money)"), "size"),
        "brackets 10,000 deep": of(line("(" * deep + "money" + ")" * deep), "size"),
        "brackets as deep as characters allow": of(line("(" * 495 + "money" + ")" * 495), "formula", placed=True),
        "not not not": of(line("not " * 240 + "True"), "formula", "size", "kind"),
        "minus minus minus": of(line("-" * 900 + "money"), "formula", "size", "negative-pay"),
        "a number of 900 digits": of(line("9" * 900 + " * money"), "bare-number", "formula", "size"),
        "a power by multiplying": of(
            line("money", "p0").replace("formula", 'round = "none"\nformula')
            + "".join(line(f"p{n - 1} * households", f"p{n}").replace("formula", EXACT) for n in range(1, 60))
            + line("p59"), "bounds", "denominator",
        ),
        "denominators that grow": of(
            '[facts.rate]\nlabel = "率"\nkind = "rate"\nat_least = 0\nat_most = 1\ndecimals = 12\n\n'
            + line("money * rate * rate * rate"), "denominator",
        ),
        "two lines that name each other": of(line("second", "pay") + line("pay", "second"), "order"),
        "a line that names itself": of(line("pay"), "order", "unknown-name"),
        "a key twice": of(line("money") + "[facts.money]\nkind = \"flag\"\n", "toml"),
        "a line twice": of(line("money") * 2, "duplicate-name"),
        "a day that does not exist": of(fact("day", "date", "at_least = 2023-02-29") + line("money"), "toml"),
        "a day in text that does not exist": of(
            fact("day", "date", 'at_least = "2023-02-29"') + line("money"), "bad-value"
        ),
        "a bound that is not a number": of(
            fact("bad", "money", "at_least = nan", "at_most = inf") + line("money"), "bad-value"
        ),
        "a bound of a million digits": of(
            fact("bad", "money", "at_least = 0", "at_most = " + "9" * 900_000) + line("money"),
            "bad-value", "toml", placed=False,
        ),
        "a bound with a huge exponent": of(
            fact("bad", "money", "at_least = 0", "at_most = 1e999999999") + line("money"), "bad-value", "toml"
        ),
        "a rate over a huge denominator": of(
            '[constants.bad]\nlabel = "坏"\nkind = "rate"\nclause = "第一条"\nvalue = "1/' + "9" * 900 + '"\n\n'
            + line("money * bad"), "denominator", "bad-value",
        ),
        "decimals by the million": of(
            fact("bad", "money", "at_least = 0", "at_most = 1", "decimals = 1000000") + line("money"), "bad-value"
        ),
        "a year beyond the calendar": of(
            fact("day", "date") + line("days(day, later(day, 99999999999999999999))", "d") + line("money"), "bounds"
        ),
        "saved as GBK": Sample((HEAD + line("money")).encode("gbk"), ("toml",)),
        "saved as UTF-16": Sample((HEAD + line("money")).encode("utf-16"), ("toml",), placed=False),
        "NUL bytes": Sample(HEAD.encode() + b"\x00\x00\x00" + line("money").encode(), ("toml",)),
        "cut in the middle of a sign": Sample((HEAD + line("money")).encode() + "金".encode()[:2], ("toml",)),
        "empty": Sample(b"", ("missing-key",), placed=False),
        "nothing but a comment": Sample("# 空".encode(), ("missing-key",), placed=False),
        "no TOML at all": Sample(b"<html><body>404</body></html>", ("toml",), placed=False),
        "a lone surrogate": of(line("money").replace("行", "\ud800"), "toml"),
        "above one megabyte": of("# " + "x" * 1_000_000 + "\n" + line("money"), "size", placed=False),
        "five megabytes": Sample(HEAD.encode() + b"#" * 5_000_000, ("size",), placed=False),
        "deep arrays": of("bad = " + "[" * deep + "]" * deep + "\n" + line("money"), "toml", "bad-value", placed=False),
        "deep tables": of("[a" + ".a" * deep + "]\nx = 1\n" + line("money"), "toml", "unknown-key", placed=False),
        "deep keys": of("x" + ".a" * 200 + " = 1\n" + line("money"), "unknown-key", "toml", placed=False),
        "100,000 rows": of(
            '[tables.many]\nlabel = "多"\ninput = "households"\nclause = "第一条"\ngives = { w = "money" }\nrows = [\n'
            + "{w=1},\n" * many + "]\n" + line("many.w"), "size",
        ),
        "a table of more than a million cells": of(grid(), "size"),
        "3,000 lines": of("".join(line("money", f"l{n}") for n in range(3_000)) + line("money"), "unused"),
        "a name of a thousand letters": of(line("money", "x" * 1000) + line("money"), "bad-value"),
        "options by the thousand": of(
            fact("many", "choice", "options = { " + ", ".join(f'o{n} = "{n}"' for n in range(20_000)) + " }")
            + line("money if many == 'no_such' else 0"), "unknown-name",
        ),
    }  # fmt: skip
    return found


def grid() -> str:
    """Return a table whose rows cut three inputs into more than 10^6 cells."""
    facts = "".join(
        f'[facts.n{axis}]\nlabel = "数{axis}"\nkind = "number"\nat_least = 0\nat_most = 10000\n\n' for axis in range(3)
    )
    rows = "".join(f"{{ n{axis} = {{ is = {at} }}, w = 1 }},\n" for axis in range(3) for at in range(1, 1001, 5))
    return (
        facts + '[tables.grid]\nlabel = "格"\ninputs = ["n0", "n1", "n2"]\nclause = "第一条"\ngives = { w = "money" }\n'
        f"rows = [\n{rows}{{ otherwise = true, w = 0 }},\n]\n\n" + line("grid.w")
    )


def peak_megabytes() -> float:
    """Return the most memory this process has held; the kernel's figure for a child includes its parent's before."""
    status = Path("/proc/self/status")
    if status.exists():
        words = next(line.split() for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(words[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cost_of(folder: Path, name: str, sample: Sample) -> dict[str, Any]:
    """Load one sample as the only table of a book, and say what was found at what cost."""
    import jiangbu

    place = folder / f"{abs(hash(name))}" / "999999-tests"
    place.mkdir(parents=True)
    (place.parent / "documents.toml").write_text(DOCUMENTS, encoding="utf-8")
    (place / "hostile.toml").write_bytes(sample.content)
    begun = time.perf_counter()
    book = jiangbu.RuleBook.load(place.parent, shipped=False)
    findings = book.check()
    seconds = time.perf_counter() - begun
    loaded = True
    try:
        book.scheme("hostile", place="999999")
    except jiangbu.JiangbuError:
        loaded = False
    return {
        "seconds": seconds,
        "megabytes": peak_megabytes(),
        "loaded": loaded,
        "findings": [[item.code, item.severity, item.file, item.line] for item in findings],
    }


def main() -> None:
    """Load every sample, and print what each cost as JSON."""
    folder = Path(sys.argv[1])
    print(json.dumps({name: cost_of(folder, name, sample) for name, sample in samples().items()}))


if __name__ == "__main__":
    main()
