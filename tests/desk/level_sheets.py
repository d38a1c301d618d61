"""Small application workbooks of several levels, for schemes of the fictional county."""

import xlsxwriter

ADMITTED = [20, 20, 2000, "否"]
GATE = [
    "已签订且在有效期内的联农带农协议份数（份）",
    "预期带动农户数（户）",
    "预期户均年增收（元）",
    "是否已被决定不再安排帮扶项目",
]
POT_HEADS = ["序号", "申报主体", "项目编号", *GATE, "核定投资额（万元）", "已纳入县级项目库", "搁置", "适用日期"]
OPERATOR_HEADS = ["编号", "申报主体", *GATE, "申报年度有失信或安全、环保违法记录", "搁置"]
HOUSEHOLD_HEADS = ["上级编号", "户编号", "户主姓名", "农户类别", "本户当年从经营主体得到的收入（元）", "搁置"]


def project(number, id, cost=100, library="是", aside="", day=""):
    """A row of the county pot."""
    return [number, f"示例{number}号公司", id, *ADMITTED, cost, library, aside, day]


def operator(id, violation="否", aside=""):
    """A row of the linkage award's operators."""
    return [id, f"{id}公司", *ADMITTED, violation, aside]


def household(parent, id, kind="脱贫户", received=5000, aside=""):
    """A row of the linkage award's households."""
    return [parent, id, f"{id}户", kind, received, aside]


def workbook(folder, sheets):
    """Write sheets, given as name and rows, into an application workbook and return its path."""
    path = folder / "申报表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return path


def pot(folder, rows, total="60万", more=()):
    """The county pot: the money in 说明, projects in 申报表."""
    run = [["办法编号", "example-county-pot"], ["适用日期", "2024-06-30"], ["当年可用奖补资金总额", total], *more]
    return workbook(folder, {"说明": run, "申报表": [POT_HEADS, *rows]})


def linkage(folder, operators, households):
    """The linkage award: households are paid and stand in 申报表, operators have a sheet of their own."""
    run = [["办法编号", "example-linkage-award"], ["适用日期", "2024-06-30"]]
    operators, households = [OPERATOR_HEADS, *operators], [HOUSEHOLD_HEADS, *households]
    return workbook(folder, {"说明": run, "经营主体": operators, "申报表": households})
