"""Rule books of tables at hand: for tests that write a table and want its scheme."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from jiangbu.rules.book import RuleBook
from jiangbu.rules.files import shipped_tables
from jiangbu.rules.made import Maker
from jiangbu.testing.toml import write_toml


def book_of(
    *texts: str | bytes,
    folder: str | Path | None = None,
    makers: Iterable[Maker] = (),
    shipped: bool = True,
    documents: Iterable[dict[str, Any]] | None = None,
) -> RuleBook:
    """Write tables into a folder with a ``documents.toml`` and load the book of them.

    :param texts: the TOML text of schemes and series; a text that is no TOML is written as it stands.
    :param folder: where to write; without it a temporary folder, which is gone once the book has read it.
    :param documents: entries of ``documents.toml``; without them every document that a text names and the shipped
        tables do not describe is described in a word.
    :returns: the book with the shipped tables beside (unless ``shipped`` is False).
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as temporary:
            return book_of(*texts, folder=temporary, makers=makers, shipped=shipped, documents=documents)
    root = Path(folder)
    described = list(documents or ())
    known = _shipped_numbers() if shipped else set()
    for number, text in enumerate(texts):
        data = _parsed(text)
        head = data.get("scheme", data.get("series", {}))
        head = head if isinstance(head, dict) else {}
        place, name = str(head.get("place", "unknown")), str(head.get("id", f"table-{number}"))
        target = root / f"{place if place.isdigit() else 'unknown'}-tests" / f"{number}-{_file_name(name)}.toml"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        document = head.get("document")
        if documents is None and isinstance(document, str) and document and document not in known:
            known.add(document)
            described.append(_document(document, place))
    (root / "documents.toml").write_text(write_toml({"format": 1, "documents": described}), encoding="utf-8")
    book = RuleBook.load(root, makers=tuple(makers), shipped=shipped)
    # Read now: the temporary folder does not outlive this call.
    _ = (book.files, book.documents, book.series("unknown"))
    return book


def _parsed(text: str | bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode() if isinstance(text, bytes) else text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return {}


def _file_name(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "_" for sign in name)[:60]


def _document(number: str, place: str) -> dict[str, Any]:
    return {
        "number": number, "title": "测试用文件", "issuer": "测试", "issued": date(2023, 12, 20),
        "place": place if place.isdigit() else "000000", "known": "seen",
    }  # fmt: skip


def _shipped_numbers() -> set[str]:
    path = shipped_tables() / "documents.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {str(entry.get("number")) for entry in data.get("documents", []) if isinstance(entry, dict)}
