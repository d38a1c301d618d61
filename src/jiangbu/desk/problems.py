"""What the desk says when something cannot be used: one error, and the address of a cell."""

from __future__ import annotations

from jiangbu.errors import JiangbuError


class DeskError(JiangbuError):
    """An input that cannot be used at all: ``where``, ``found`` and ``remedy``, in Chinese for the desk."""

    code = "desk"

    def __init__(self, where: str, found: str, remedy: str) -> None:
        self.where, self.found, self.remedy = where, found, remedy
        super().__init__(f"{where}：{found}。{remedy}")


def column_letters(index: int) -> str:
    """The letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def at(sheet: str, row: int, column: int) -> str:
    """The address of a cell whose row and column count from 0.

    >>> at("申报表", 6, 2)
    '申报表!C7'
    """
    return f"{sheet}!{column_letters(column)}{row + 1}"
