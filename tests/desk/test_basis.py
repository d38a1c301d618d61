"""Sheet 依据: by what was decided, how we know it, and the digests by which it can be proved later."""

import datetime

from attrs import evolve
from level_sheets import household, linkage, operator
from small_run import BOOK, calculated, row, run, table

from jiangbu.desk.writer import write_workbook


def entries(target):
    """The entries of the sheet, by label."""
    found = {}
    for line in table(target, "依据", "项目"):
        found.setdefault(line["项目"], []).append(line["内容"])
    return found


def test_documents_validity_and_digests(tmp_path):
    """Scheme and gate stand with document, source, validity and the digest of their tables."""
    result, target = run(tmp_path, [row(1)])
    told, scheme = entries(target), result.scheme
    assert told["文件"] == [
        f"《{scheme.document.title}》（示例办发〔2024〕1号），示例县人民政府办公室，2023-12-20 印发"
    ]
    assert told["来源"] == ["已见原文"]
    assert told["规则表摘要"] == [f"{one.id}：{one.digest}" for one in (scheme, scheme.gate)]
    assert told["申报表文件"][0].endswith(result.application.digest)


def test_series_are_named_with_their_digest(tmp_path):
    """A rule that reads the loan prime rate names the digest of that series too."""
    scheme = BOOK.scheme("example-short-loan-interest", on=datetime.date(2024, 12, 31))
    heads = ["序号", "申报主体", *(fact.label for fact in scheme.facts.values())]
    _, target = run(tmp_path, [[1, "示例公司"]], scheme.id, heads)
    (digest,) = scheme.head.series.values()
    assert any(text.endswith(digest) for text in entries(target)["规则表摘要"])


def test_readings_of_the_gate_too(tmp_path):
    """The readings of the rule and of its gate are told, each with what it is of."""
    _, target = run(tmp_path, [row(1)])
    told = entries(target)["理解"]
    assert "首次达标奖补：一次跨两档的，只奖所到最高一档" in told
    assert any(text.startswith("已签订且在有效期内的联农带农协议份数：") for text in told)


def test_defaults_and_options_are_told(tmp_path):
    """A default that stood in is told with its rows; so is what the command line said instead of the workbook."""
    blank = row(1)
    blank[11] = None
    result, target = run(tmp_path, [blank, row(2)])
    assert any("预期带动农户数" in text and "1 行" in text for text in entries(target)["默认值"])
    over = evolve(result, options=evolve(result.options, overriding=("适用日期 2024-12-31",)))
    write_workbook(over, tmp_path / "申报表.xlsx", target)
    assert entries(target)["命令行指定"] == ["适用日期 2024-12-31"]


def test_every_sheet_of_rows_is_sealed(tmp_path):
    """With several levels the facts and subjects of each sheet have a digest of their own."""
    rows = [household("A", f"H{number}") for number in range(1, 7)]
    source, target = linkage(tmp_path, [operator("A")], rows), tmp_path / "测算表.xlsx"
    write_workbook(calculated(source, "example-linkage-award", datetime.date(2024, 6, 30)), source, target)
    told = [text.partition("（")[0] for text in entries(target)["单元格摘要"]]
    assert told == ["测算表·数据", "测算表·主体信息", "经营主体·数据", "经营主体·主体信息"]
