"""Finding the rule book and a scheme in it, with every failure told in Chinese."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from jiangbu.desk.findings import in_chinese
from jiangbu.desk.problems import DeskError
from jiangbu.desk.words import validity
from jiangbu.errors import Ambiguous, NotInForce, TableError, UnknownScheme
from jiangbu.rules.book import Entry, RuleBook
from jiangbu.rules.scheme import Scheme


def load_book(folders: Sequence[Path]) -> RuleBook:
    """The shipped tables and those of the folders; raises :class:`DeskError` for one that is not there."""
    try:
        return RuleBook.load(*folders)
    except FileNotFoundError:
        missing = "、".join(str(folder) for folder in folders if not folder.exists())
        raise DeskError("--tables", f"没有这个文件夹或文件：{missing}", "请核对规则表所在的位置") from None


def find_scheme(
    book: RuleBook,
    id: str,
    *,
    place: str | None = None,
    on: datetime.date | None = None,
    known_on: datetime.date | None = None,
    under: str | None = None,
) -> Scheme:
    """The scheme of an id at a place on a day; raises :class:`DeskError` where there is none to apply."""
    where = f"办法 {id}"
    try:
        return book.scheme(id, place=place, on=on, known_on=known_on, under=under)
    except UnknownScheme as error:
        raise _unknown(book, id, place, error.nearest) from None
    except Ambiguous as error:
        found = f"不止一个办法用这个编号：{'、'.join(error.candidates)}"
        raise DeskError(where, found, "请用 --place 写明地区代码，并用 --on 写明适用日期") from None
    except NotInForce:
        raise DeskError(where, _why_not(book, id, on, known_on, under), _how_else(on)) from None
    except TableError as error:
        raise broken(where, error) from None


def broken(where: str, error: TableError) -> DeskError:
    """A broken rule table as the desk tells it: every finding in Chinese, with its file and line."""
    told = map(in_chinese, error.findings)
    found = "；".join(f"{one.file}:{one.line} [{one.code}] {one.where}：{one.message}" for one in told)
    return DeskError(where, f"规则表有误：{found}", "请用 jiangbu check 查看全部问题并改正")


def versions(book: RuleBook, id: str) -> list[Entry]:
    """Every table of that id, at any place."""
    return [entry for entry in book.entries() if entry.id == id]


def _unknown(book: RuleBook, id: str, place: str | None, nearest: Sequence[str]) -> DeskError:
    places = sorted({entry.place for entry in versions(book, id)})
    if places:
        found = f"地区 {place} 及其上级没有这个办法"
        return DeskError(f"办法 {id}", found, f"该办法属于：{'、'.join(places)}；请用 --place 写明")
    hint = f"相近的编号有：{'、'.join(nearest)}；" if nearest else ""
    return DeskError(f"办法 {id}", "没有这个编号的办法", f"{hint}可用 jiangbu schemes 查看全部办法")


def _why_not(
    book: RuleBook,
    id: str,
    on: datetime.date | None,
    known_on: datetime.date | None,
    under: str | None,
) -> str:
    listed = "；".join(
        f"{entry.document.number if entry.document else entry.path}：{validity(entry.effective)}"
        for entry in versions(book, id)
    )
    asked = [f"适用日期 {on}"] if on else []
    asked += [f"知悉日期 {known_on}"] if known_on else []
    asked += [f"指定文件 {under}"] if under else []
    return f"按{'、'.join(asked) or '所给条件'}，没有适用的版本（现有：{listed}）"


def _how_else(on: datetime.date | None) -> str:
    if on is None:
        return "请用 --on 写明适用日期"
    return "请核对适用日期；有效期未见的老办法，确认仍然有效后用 --under 写明文号"
