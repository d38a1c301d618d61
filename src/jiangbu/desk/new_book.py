"""A workbook that is there whole or not at all: a temporary file beside the target, renamed at the end."""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import clear_frames

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
        with _scratch() as scratch, open(temporary, "xb") as stream:
            book = Workbook(stream, {"tmpdir": scratch})
            book.set_properties({"title": title, "created": datetime.datetime.combine(made_on, datetime.time())})
            try:
                yield book
                # Never where the block failed or was interrupted: a large book takes long to close.
                book.close()
            except BaseException as error:
                # An archive that was being written closes itself here, not when its file is closed already.
                clear_frames(error.__traceback__)
                raise
            finally:
                _let_go(book)
        os.replace(temporary, target)
    except PermissionError:
        raise DeskError(str(target), "文件写不进去", "请关闭正打开它的程序，或换一个文件夹") from None
    except (OSError, XlsxWriterException) as error:
        raise DeskError(str(target), f"文件没有写成（{error}）", "请确认磁盘有空间、文件夹可写") from None
    finally:
        temporary.unlink(missing_ok=True)


def _scratch() -> TemporaryDirectory[str]:
    """A folder for what the writer keeps on disk meanwhile, gone with all that is in it however the block ends."""
    return TemporaryDirectory(prefix="jiangbu-", ignore_cleanup_errors=True)


def _let_go(book: Workbook) -> None:
    """Close the files of rows written so far, which could not be removed on Windows while they are open."""
    for sheet in book.worksheets():
        if sheet.row_data_fh is not None:
            sheet.row_data_fh.close()


def check_folder(target: Path, what: str) -> None:
    """Refuse a target that is no xlsx file, a folder, or in a folder that does not exist; ``what`` names the file."""
    if target.suffix.lower() != ".xlsx":
        raise DeskError(str(target), f"{what}只能写成 xlsx 文件", "请把文件名改为以 .xlsx 结尾")
    if target.is_dir():
        raise DeskError(str(target), "这是一个文件夹", "请用 -o 写明文件名")
    if not target.parent.is_dir():
        raise DeskError(str(target.parent), "没有这个文件夹", "请先建好文件夹，或换一个位置")
