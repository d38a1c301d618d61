"""The error values that a live formula may have, and what each of them means.

A spreadsheet carries an error value through every formula that needs it and through none that does not, just as
the kernel carries a hole. So each way of having no value has an error value of its own, told apart by ERROR.TYPE.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from jiangbu.desk.live.pieces import Piece


class NoValue(Exception):
    """What Python raises where the spreadsheet has an error value; ``fault`` says which."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.shown)
        self.fault = fault


@frozen
class Fault:
    """One error value: its number (ERROR.TYPE), how a formula makes it, how a cell holds it, what is shown for it."""

    number: int
    formula: str
    cell: str
    shown: str
    why: str


PRECISION = Fault(
    2, "1/0", "#DIV/0!", "超出电子表格精度", "中间结果达到 10^15，电子表格不能精确表示，以程序计算的金额为准"
)
RULE = Fault(3, "#VALUE!", "#VALUE!", "规则表有误", "规则表中有一格不能用，见该表“检查”")
OUTSIDE = Fault(6, "1E+308*1E+10", "#NUM!", "数据问题", "日期不在利率等序列的已知范围内")
HOLE = Fault(7, "NA()", "#N/A", "—", "办法对此种情形没有规定，或该行不予支持，因此没有数值")
FAULTS: Mapping[int, Fault] = {fault.number: fault for fault in (PRECISION, RULE, OUTSIDE, HOLE)}
TYPES = 7
"""ERROR.TYPE gives 1 to this number."""


def failing(fault: Fault) -> Piece:
    """A formula that is this error value."""
    return Piece(fault.formula, f"fail({fault.number})", fails=True)


def fail(number: int) -> int:
    """Raise what the spreadsheet shows as an error value."""
    raise NoValue(FAULTS[number])


def sound(value: object) -> object:
    """Return what a cell holds, or raise if it holds an error value."""
    if isinstance(value, Fault):
        raise NoValue(value)
    return value


def exact(number: int) -> int:
    """Return a whole number, or raise where a spreadsheet could not hold it."""
    return number if -(10**15) < number < 10**15 else fail(PRECISION.number)
