"""A workbook that is there whole or not at all: a temporary file beside the target, renamed at the end."""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from jiangbu.desk.problems import DeskError


@contextmanager
def new_book(target: Path, title: str, made_on: datetime.date) -> Iterator[Workbook]:
    """A workbook to be written; ``target`` gets it in one step when the block ends without an error.

    ``made_on`` stands as the day of making: not today's, so that the same input gives the same file.
    Raises :class:`DeskError` where the target cannot be written.
    """
    temporary = target.parent / f".{target.stem}.{secrets.token_hex(4)}.tmp"
    try:
        with open(temporary, "xb") as stream, Workbook(stream) as book:
            book.set_properties({"title": title, "created": datetime.datetime.combine(made_on, datetime.time())})
            yield book
        os.replace(temporary, target)
    except PermissionError:
        raise DeskError(str(target), "文件写不进去", "请关闭正打开它的程序，或换一个文件夹") from None
    except (OSError, XlsxWriterException) as error:
        raise DeskError(str(target), f"文件没有写成（{error}）", "请确认磁盘有空间、文件夹可写") from None
    finally:
        temporary.unlink(missing_ok=True)


def check_folder(target: Path, what: str) -> None:
    """Refuse a target that is no xlsx file, a folder, or in a folder that does not exist; ``what`` names the file."""
    if target.suffix.lower() != ".xlsx":
        raise DeskError(str(target), f"{what}只能写成 xlsx 文件", "请把文件名改为以 .xlsx 结尾")
    if target.is_dir():
        raise DeskError(str(target), "这是一个文件夹", "请用 -o 写明文件名")
    if not target.parent.is_dir():
        raise DeskError(str(target.parent), "没有这个文件夹", "请先建好文件夹，或换一个位置")
