"""Formula text → syntax. The text is parsed, never evaluated; what cannot be read is told with its column."""

from __future__ import annotations

import ast
import warnings

from jiangbu.rules.formula.language import MOST_CHARACTERS, MOST_NODES, WHAT_MAY_STAND
from jiangbu.rules.formula.reader import Reader
from jiangbu.rules.formula.slips import slips


def syntax(reader: Reader) -> ast.expr | None:
    """Return the syntax of the formula; None, with a fault, where it cannot be read."""
    text = reader.text
    if len(text) > MOST_CHARACTERS:
        reader.fault("size", f"a formula of {len(text):,} characters; at most {MOST_CHARACTERS:,}", (0, 1))
        return None
    flat = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    lead = len(flat) - len(flat.lstrip())
    body = flat.strip()
    for at, sign in enumerate(body):
        reader.columns += [at + lead] * len(sign.encode("utf-8", "surrogatepass"))
    reader.columns.append(len(body) + lead)
    if not (flat.isascii() and "%" not in flat) and (told := slips(flat, reader.scope)):
        reader.faults += told
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(body, mode="eval")
    except SyntaxError as error:
        if told := slips(flat, reader.scope):
            reader.faults += told
            return None
        at = lead + max((error.offset or 1) - 1, 0)
        reader.fault("formula", f"cannot be read: {error.msg}", (at, at + 1), "what may stand: " + WHAT_MAY_STAND)
        return None
    except (MemoryError, RecursionError, ValueError):
        reader.fault("formula", "cannot be read: nested too deeply", (0, 1), "split it into several lines")
        return None
    if (odd := odd_sign(reader, tree, flat)) is not None:
        reader.fault("formula", f"{flat[odd]!r} outside quotes", (odd, odd + 1), "names are a-z, 0-9 and _")
        return None
    count = sum(1 for node in ast.walk(tree) if isinstance(node, ast.expr))
    if count > MOST_NODES:
        reader.fault("size", f"a formula of {count} parts; at most {MOST_NODES}", (0, 1), "split it into lines")
        return None
    return tree.body


def odd_sign(reader: Reader, tree: ast.Expression, flat: str) -> int | None:
    """Return where a sign beyond ASCII stands outside quotes: Python would read a full-width name as its twin."""
    if flat.isascii():
        return None
    texts = [
        reader.span(node) for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    odd = (at for at, sign in enumerate(flat) if not sign.isascii())
    return next((at for at in odd if not any(start <= at < end for start, end in texts)), None)
