"""Live formulas: the checked tree of a scheme as spreadsheet formulas over the facts of a row and the cells of 规则表.

Every piece of a formula is written twice, once for the spreadsheet and once for Python, so that the value that a
cell is shown with before anybody recalculates is the value that recalculating gives.
"""
