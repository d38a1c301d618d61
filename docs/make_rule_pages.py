"""Make ``规则/``: one page in Chinese for each shipped rule table, and an index.

Run ``python docs/make_rule_pages.py`` after a change of a table; a test holds that the pages are in step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from jiangbu import RuleBook, Scheme
from jiangbu.rules.words.headings import STATUS, validity_words, word
from jiangbu.rules.words.page import page

PAGES = Path(__file__).resolve().parent / "规则"
INDEX = "README.md"
MADE = "<!-- 本页由 docs/make_rule_pages.py 从 tables/ 生成，请改规则表，不要直接改本页。 -->\n\n"


def schemes(book: RuleBook) -> Iterator[tuple[str, Scheme]]:
    """Yield every scheme of the book with the name of its page; a version has its first day in the name."""
    entries = book.entries()
    for entry in entries:
        twice = sum((other.place, other.id) == (entry.place, entry.id) for other in entries) > 1
        version = f"@{entry.effective.from_}" if twice else ""
        day = entry.effective.from_ if twice and entry.effective.from_ != "unseen" else None
        scheme = book.scheme(entry.id, place=entry.place, on=day)
        yield f"{entry.place}-{entry.id}{version}.md", scheme


def render(book: RuleBook) -> Mapping[str, str]:
    """Return every page by its file name, the index among them."""
    pages = {}
    rows = ["| 办法 | 地区代码 | 文号 | 有效期 | 性质 |", "| :-- | :-- | :-- | :-- | :-- |"]
    for name, scheme in schemes(book):
        pages[name] = MADE + page(scheme, titles=book.titles(scheme.place))
        place = "不详" if scheme.place == "unknown" else scheme.place
        status = word(STATUS, scheme.status, "zh")
        cells = (f"[{scheme.title}]({name})", place, scheme.document.number, validity_words(scheme.effective), status)
        rows.append("| " + " | ".join(cells) + " |")
    head = (
        "# 规则\n\n随程序提供的办法，每个办法一页，内容与规则表一致。示例办法和未见原文的办法，页首有提示；"
        "办理业务以文件原文为准。\n\n"
    )
    pages[INDEX] = MADE + head + "\n".join(rows) + "\n"
    return pages


def main() -> None:
    """Write the pages, and remove those of tables that are gone."""
    PAGES.mkdir(exist_ok=True)
    pages = render(RuleBook.load())
    for path in PAGES.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (PAGES / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
