"""Sheet 汇总: the counts that add up to the rows, the totals in figures and capital numerals, and every group.

Counts and totals are live formulas over 测算表 with our values cached; capital numerals are text that shows only
as long as the total beside it is the one that they spell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from attrs import frozen

from jiangbu.desk import words
from jiangbu.desk.calculation import GROUPS, Calculation, Sums
from jiangbu.desk.layout import Layout, Shown
from jiangbu.desk.live.faults import PRECISION
from jiangbu.desk.paper import Page
from jiangbu.desk.problems import column_letters
from jiangbu.money import capital, to_fen
from jiangbu.rules.levels import ROOT
from jiangbu.rules.model import Fact, Line

MONEY, COUNT = "money", "number:0"
# The last column of the tables of groups, and of the capital numerals above them.
LAST = 3 + len(words.OUTCOMES)
UNFILLED = "（未填）"
# Beyond so many comparisons of a group with a row a workbook takes too long to open: the groups stay values.
MOST_COMPARISONS = 5_000_000
TOTALS: Mapping[str, tuple[str, Callable[[Sums], Decimal]]] = {
    "amount": ("核定金额", lambda sums: sums.amount),
    "paid": ("已付金额", lambda sums: sums.paid),
    "due": ("本次应付", lambda sums: sums.due),
    "over": ("多付", lambda sums: sums.over),
}


def write_summary(page: Page, calculation: Calculation, table: Layout) -> None:
    """Write sheet 汇总; ``table`` is the layout of 测算表, whose cells the formulas add up."""
    summary = _Summary(page, calculation, table, len(calculation.decisions))
    page.one_wide = True
    page.line(heading(calculation))
    page.skip()
    summary.outcomes()
    page.skip()
    summary.totals()
    summary.parts()
    for key, label in GROUPS.items():
        summary.group(key, label)
    summary.other_levels()


def heading(calculation: Calculation) -> str:
    """The line that says by which document, of which day, and in which unit."""
    document, day = calculation.scheme.document.number, calculation.options.on
    return f"适用日期：{day}　　依据：{document}　　金额单位：元"


def numerals(cell: str, total: Decimal) -> str:
    """A formula that shows the capital numerals of a total as long as ``cell`` holds that total.

    Where a row is beyond the precision of a spreadsheet ``cell`` says so, and the total is the program's.
    """
    ours = capital(to_fen(total))
    said = f'IF(ABS({cell}-{total})<0.005,"{ours}","金额已改动，大写须重新生成")'
    return f'IF(ISNUMBER({cell}),{said},"{ours}（程序计算）")'


def whole_of(formula: str, *cells: str) -> str:
    """A formula over rows that says so, and gives no figure, where one of them is beyond a spreadsheet's precision."""
    return f'IF({_beyond(*cells)},"{PRECISION.shown}",{formula})'


def _beyond(*cells: str) -> str:
    return "+".join(f'COUNTIF({span},"{PRECISION.shown}")' for span in cells) + ">0"


def cells_of(table: Layout, key: str, rows: int) -> str:
    """The cells of a column of 测算表, from the first of so many rows to the last."""
    letters = column_letters(table.index(key))
    return f"测算表!${letters}${table.row(0) + 1}:${letters}${table.row(rows - 1) + 1}"


AGREES = "与测算表相符"


def agreement(cell: str, table: Layout, key: str, rows: int) -> str:
    """A formula that says whether a total on another sheet is still that of a column of 测算表."""
    cells = cells_of(table, key, rows)
    said = f'IF(ABS({cell}-SUM({cells}))<0.005,"{AGREES}","与测算表不相符，本表须重新生成")'
    return f'IF({_beyond(cells)},"测算表有{PRECISION.shown}的行，以本表所写为准",{said})'


def write_agreement(page: Page, table: Layout, key: str, rows: int, cell: str, columns: int) -> None:
    """Write the row 核对 over so many columns: whether ``cell`` is still the total of a column of 测算表."""
    page.put(page.row, 0, None, "text")
    page.put(page.row, 1, "核对", "text")
    page.live_across(2, columns - 1, agreement(cell, table, key, rows), AGREES, "cell")
    page.row += 1


@frozen
class _Summary:
    page: Page
    calculation: Calculation
    table: Layout
    rows: int

    def column(self, key: str) -> str:
        """The cells of a column of 测算表."""
        return cells_of(self.table, key, self.rows)

    def put(self, column: int, formula: str, value: Shown, form: str, style: str = "cell", over: str = "") -> None:
        """Write a figure over the rows of 测算表; ``over`` are cells that it adds up beside the outcomes."""
        formula = whole_of(formula, self.column("outcome"), *filter(None, [over]))
        self.page.live(self.page.row, column, formula, value, form, style)

    def text(self, column: int, text: str, style: str = "cell") -> None:
        self.page.put(self.page.row, column, text, "text", style)

    def outcomes(self) -> None:
        """结论 by 结论, and the sum of them all."""
        page, sums, outcome = self.page, self.calculation.sums, self.column("outcome")
        page.head(("结论", "行数", "核定金额"))
        first = page.row
        for name, label in words.OUTCOMES.items():
            self.text(0, label)
            self.put(1, f'COUNTIF({outcome},"{label}")', sums.counts[name], COUNT)
            amount = sums.amount if name == "payable" else Decimal("0.00")
            self.put(2, f'SUMPRODUCT(({outcome}="{label}")*1,{self.column("amount")})', amount, MONEY)
            page.row += 1
        self.text(0, "总行数", "strong")
        self.put(1, f"ROWS({outcome})", sums.rows, COUNT, "strong")
        self.put(2, f"SUM({self.column('amount')})", sums.amount, MONEY, "strong")
        counts, whole = f"B{first + 1}:B{page.row}", f"B{page.row + 1}"
        page.row += 1
        self.text(0, "核对")
        self.put(1, f'IF(SUM({counts})={whole},"相符","不相符")', "相符", "text", "middle")
        self.text(2, "")
        page.row += 1
        page.line("总行数 = 应付 + 按规定为零 + 不予支持 + 数据问题 + 搁置")

    def totals(self) -> None:
        """The totals in figures and capital numerals."""
        sums = self.calculation.sums
        present = {column.key for column in self.table.columns}
        self.head_of_totals("合计")
        for key, (label, of) in TOTALS.items():
            if key in present:
                cells = self.column(key)
                self.total(label, f"SUM({cells})", of(sums), cells)
        if "recovers" in present:
            rows = [one.row.recovers for one in self.calculation.decisions if one.row is not None]
            recovered = sum((value for value in rows if value is not None), Decimal("0.00"))
            cells = self.column("recovers")
            self.total("应收回", f"SUM({cells})", recovered, cells)

    def head_of_totals(self, label: str) -> None:
        """The heads of a table of totals, whose last column is as wide as the rest of the sheet."""
        page = self.page
        page.sheet.merge_range(page.row, 2, page.row, LAST, "", page.paper.format("text", "head"))
        page.head((label, "金额", "大写"))

    def total(self, label: str, formula: str, total: Decimal, over: str) -> None:
        self.text(0, label)
        self.put(1, formula, total, MONEY, over=over)
        formula = numerals(f"B{self.page.row + 1}", total)
        self.page.live_across(2, LAST, formula, capital(to_fen(total)), "cell")
        self.page.row += 1

    def parts(self) -> None:
        """The parts of the amount by treasury or payee, where the rule has any."""
        calculation = self.calculation
        if not calculation.scheme.parts:
            return
        self.page.skip()
        self.head_of_totals("按分项")
        payable = f'({self.column("outcome")}="{words.OUTCOMES["payable"]}")*1'
        for name, total in zip(calculation.scheme.parts, calculation.parts.values(), strict=True):
            cells = self.column(f"line.{name}")
            self.total(calculation.scheme.lines[name].label, f"SUMPRODUCT({payable},{cells})", total, cells)

    def group(self, key: str, label: str) -> None:
        """The rows and amounts of each township, fund or batch; nothing where none is filled in."""
        groups, page = self.calculation.groups(key), self.page
        if not groups:
            return
        live = len(groups) * self.rows <= MOST_COMPARISONS
        page.skip()
        page.head((f"按{label}", "行数", "核定金额", "本次应付", *words.OUTCOMES.values()))
        first = page.row
        for name, sums in groups.items():
            self.text(0, name)
            wanted = '""' if name == UNFILLED else f"$A{page.row + 1}"
            same = f"EXACT({self.column(key)},{wanted})"
            for at, (form, value, condition) in enumerate(self.figures(sums), 1):
                if live:
                    self.put(at, f"SUMPRODUCT({same}*1{condition})", value, form)
                else:
                    page.put(page.row, at, value, form)
            page.row += 1
        self.text(0, "合计", "strong")
        for at, (form, value, _) in enumerate(self.figures(self.calculation.sums), 1):
            letters = column_letters(at)
            self.put(at, f"SUM({letters}{first + 1}:{letters}{page.row})", value, form, "strong")
        page.row += 1

    def figures(self, sums: Sums) -> list[tuple[str, Shown, str]]:
        """The figures of one group: form, value, and what a formula multiplies to the rows of the group."""
        found: list[tuple[str, Shown, str]] = [
            (COUNT, sums.rows, ""),
            (MONEY, sums.amount, f",{self.column('amount')}"),
            (MONEY, sums.due, f",{self.column('due')}"),
        ]
        for name, label in words.OUTCOMES.items():
            found.append((COUNT, sums.counts[name], f',({self.column("outcome")}="{label}")*1'))
        return found

    def other_levels(self) -> None:
        """The rows that stand on other sheets, and what the single row above all others comes to."""
        calculation, page = self.calculation, self.page
        for level, decisions in calculation.levels.items():
            label = calculation.scheme.tree.by_name[level].label or level
            if level != ROOT and level == calculation.scheme.tree.root and len(decisions) == 1:
                self.top_row(label, level)
                continue
            counts: dict[str, int] = {}
            for one in decisions:
                counts[one.label] = counts.get(one.label, 0) + 1
            page.skip()
            page.head((f"“{label}”各行", "行数"))
            for name, count in counts.items():
                page.cells(((name, "text", "cell"), (count, COUNT, "cell")))
            page.cells((("合计", "text", "strong"), (len(decisions), COUNT, "strong")))

    def top_row(self, label: str, level: str) -> None:
        """The facts and lines of the one row above all others, such as a pot and what is left of it."""
        scheme, (one,) = self.calculation.scheme, self.calculation.levels[level]
        page = self.page
        page.skip()
        page.head((f"“{label}”一级", "数值"))
        parts: list[Fact | Line] = [*scheme.facts.values(), *scheme.lines.values()]
        for part in (part for part in parts if part.level == level):
            values = {} if one.row is None else {**one.row.facts, **{k: v.value for k, v in one.row.lines.items()}}
            value = words.value_text(scheme, part.name, values.get(part.name))
            page.cells(((part.label, "text", "cell"), (value, "text", "cell")))
        for remark in one.remarks:
            page.line(f"注：{remark}")
