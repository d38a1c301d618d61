"""The command line: exit codes, Chinese errors with place and remedy on stderr, never a traceback."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from desk_sheets import code
from xlsxwriter import Workbook

from jiangbu.desk import cli, console
from jiangbu.desk.cli import main

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
GOOD = EXAMPLES / "示例县申报表.xlsx"
HEADS = ["申报主体", "统一社会信用代码", "年度营业收入（审计数）", "以往年度最高营业收入"]
HEADS += ["申报年度有失信或安全、环保违法记录", "协议份数", "预期带动农户数", "预期户均年增收"]
AT = ["--scheme", "example-scale-award", "--on", "2024-12-31"]


def sheet(path, *rows):
    """A csv application for the example scheme."""
    with open(path, "w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([HEADS, *rows])
    return str(path)


def farm(number, revenue="60000000", violation="否", agreements="3"):
    """One row: first award of the first tier."""
    return [f"示例{number}号农场", code(number), revenue, "40000000", violation, agreements, "20", "1500"]


def test_csv_with_options(tmp_path, capsys):
    """A csv file carries no run: scheme and day come from options, and the amount is exact."""
    source = sheet(tmp_path / "申报.csv", farm(1), farm(2, revenue="120000000"))
    assert main(["calculate", source, "-o", str(tmp_path / "测算表.xlsx"), *AT, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["amount"], told["capital"]) == ("1300000.00", "人民币壹佰叁拾万元整")
    assert told["counts"] == {"payable": 2, "nil": 0, "refused": 0, "unreadable": 0, "set_aside": 0}
    assert told["notices"] == ["示例标准，不得作为拨付依据"]


@pytest.mark.parametrize(
    ("row", "strict", "expected"),
    [
        (farm(1), True, 0),
        (farm(1, violation="是"), False, 0),
        (farm(1, violation="是"), True, 1),
        (farm(1, revenue="若干"), False, 1),
    ],
)
def test_exit_codes(tmp_path, capsys, row, strict, expected):
    """0 when every row is decided, 1 with unreadable rows, with --strict also with refusals."""
    source = sheet(tmp_path / "申报.csv", row)
    options = ["--strict"] if strict else []
    assert main(["calculate", source, "-o", str(tmp_path / "测算表.xlsx"), *AT, *options]) == expected
    assert "已写出" in capsys.readouterr().out


def test_data_problem_names_its_cell(tmp_path, capsys):
    """Each data problem is printed with its cell, what was found, what is expected, the remedy."""
    source = sheet(tmp_path / "申报.csv", farm(1, revenue="若干"))
    main(["calculate", source, "-o", str(tmp_path / "测算表.xlsx"), *AT])
    out = capsys.readouterr().out
    for word in ("申报.csv!C2", "填写的是 若干", "应为 金额（元）", "处理："):
        assert word in out


def unusable(name, tmp_path):
    """Arguments of a run that cannot be done."""
    good = sheet(tmp_path / "申报.csv", farm(1))
    out = ["-o", str(tmp_path / "测算表.xlsx")]
    (tmp_path / "坏.xlsx").write_bytes(b"PK nonsense")
    (tmp_path / "空.csv").write_text("", encoding="utf-8")
    return {
        "no file": ["calculate", str(tmp_path / "无.xlsx"), *out, *AT],
        "damaged": ["calculate", str(tmp_path / "坏.xlsx"), *out, *AT],
        "empty": ["calculate", str(tmp_path / "空.csv"), *out, *AT],
        "no scheme": ["calculate", good, *out, "--on", "2024-12-31"],
        "no day": ["calculate", good, *out, "--scheme", "example-scale-award"],
        "bad day": ["calculate", good, *out, *AT[:2], "--on", "2024年底"],
        "unknown scheme": ["calculate", good, *out, "--scheme", "example-scale-awrd", "--on", "2024-12-31"],
        "not in force": ["calculate", good, *out, *AT[:2], "--on", "2030-01-01"],
        "elsewhere": ["calculate", good, *out, *AT, "--place", "620825"],
        "levels": ["calculate", good, *out, "--scheme", "example-county-pot", "--on", "2024-12-31"],
        "onto itself": ["calculate", good, "-o", good, *AT],
        "not xlsx": ["calculate", good, "-o", str(tmp_path / "测算表.csv"), *AT],
        "no folder": ["calculate", good, "-o", str(tmp_path / "无" / "测算表.xlsx"), *AT],
        "no tables": ["schemes", "--tables", str(tmp_path / "无")],
        "no language": ["schemes", "--lang", "fr"],
        "no command": ["calcualte"],
        "no option": ["schemes", "--plaice", "620825"],
        "no output": ["calculate", good],
        "nothing": [],
        "check nothing": ["check", str(tmp_path / "无.toml")],
    }[name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no file", "没有这个文件"),
        ("damaged", "已损坏"),
        ("empty", "空的"),
        ("no scheme", "没有写明办法编号"),
        ("no day", "没有写明适用日期"),
        ("bad day", "2024年底"),
        ("unknown scheme", "example-scale-award"),
        ("not in force", "2024-01-01起，至2026-12-31止"),
        ("elsewhere", "999999"),
        ("levels", "缺少“当年可用奖补资金总额”"),
        ("onto itself", "不能写到申报表本身"),
        ("not xlsx", "xlsx"),
        ("no folder", "没有这个文件夹"),
        ("no tables", "没有这个文件夹或文件"),
        ("no language", "没有这种语言"),
        ("no command", "没有这个命令"),
        ("no option", "没有这个选项（--plaice）"),
        ("no output", "缺少必需的参数或选项"),
        ("nothing", "没有写明命令"),
        ("check nothing", "没有这个文件夹或文件"),
    ],
)
def test_unusable(tmp_path, capsys, name, said):
    """What cannot be used ends with 2 and says in Chinese where, what was found, and what to do."""
    assert main(unusable(name, tmp_path)) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.startswith("错误：")
    assert "处理：" in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
    assert not (tmp_path / "测算表.xlsx").exists()


def test_interrupted(tmp_path, capsys, monkeypatch):
    """Ctrl-C ends with 2 and leaves no half file."""

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("jiangbu.desk.writer.write_basis", stop)
    source = sheet(tmp_path / "申报.csv", farm(1))
    assert main(["calculate", source, "-o", str(tmp_path / "测算表.xlsx"), *AT]) == 2
    assert "已中断" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["申报.csv"]


def test_options_override_the_workbook(tmp_path, capsys):
    """--on and --place override 说明, and 依据 records it."""
    target = tmp_path / "测算表.xlsx"
    assert main(["calculate", str(GOOD), "-o", str(target), "--on", "2025-06-30", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["on"] == "2025-06-30"
    import python_calamine

    with python_calamine.load_workbook(target) as book:
        basis = dict(book.get_sheet_by_name("依据").to_python()[3:])
    assert (basis["适用日期"], basis["命令行指定"]) == ("2025-06-30", "适用日期 2025-06-30")


def test_schemes(capsys):
    """schemes lists by place and those above it, by day only those in force, with validity and source."""
    assert main(["schemes", "--json", "--place", "999999"]) == 0
    told = {one["id"]: one for one in json.loads(capsys.readouterr().out)}
    assert "example-scale-award" in told
    assert {one["place"] for one in told.values()} <= {"999999", "999900", "990000", "000000"}
    assert told["example-scale-award"]["until"] == "2026-12-31"
    main(["schemes", "--json", "--place", "999999", "--on", "2027-01-01"])
    assert "example-scale-award" not in {one["id"] for one in json.loads(capsys.readouterr().out)}
    assert main(["schemes"]) == 0
    out = capsys.readouterr().out
    for word in ("example-scale-award", "示例办发", "2026-12-31", "已见原文"):
        assert word in out
    assert main(["schemes", "--lang", "en"]) == 0
    assert "illustrative" in capsys.readouterr().out


def test_check(tmp_path, capsys):
    """check ends with 0 on a sound table, with 1 on a broken one, naming file, line, code, place, witness, remedy."""
    table = Path(__file__).parents[2] / "tables" / "999999-example" / "example-scale-award.toml"
    assert main(["check", str(table)]) == 0
    assert "错误 0 条" in capsys.readouterr().out
    broken = tmp_path / "999999-example"
    broken.mkdir()
    text = table.read_text(encoding="utf-8").replace('at_least = "2亿"', 'at_least = "2.1亿"')
    text = text.replace("example-scale-award", "example-broken")
    (broken / "example-broken.toml").write_text(text, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    line = text[: text.index('{ at_least = "2.1亿"')].count("\n") + 1
    head = f"999999-example/example-broken.toml:{line}  错误 [gap 档次有缺口]  tables.scale.rows[3]"
    at = out.splitlines().index(head)
    assert [
        "    问题：第3行与第4行之间有缺口，下列数值没有任何一行覆盖",
        "    示例点：revenue = 200000000",
    ] == out.splitlines()[at + 1 : at + 3]
    assert out.splitlines()[at + 3].startswith("    改法：让前后两行正好接上")
    assert main(["check", str(tmp_path), "--json"]) == 1
    assert ("gap", "第3行与第4行之间有缺口，下列数值没有任何一行覆盖") in told_in(capsys)
    assert main(["check", str(tmp_path), "--lang", "en"]) == 1
    assert "    problem: no row covers this point, beside row 3 and row 4" in capsys.readouterr().out
    assert main(["check", str(tmp_path), "--lang", "en", "--json"]) == 1
    assert ("gap", "no row covers this point, beside row 3 and row 4") in told_in(capsys)


def told_in(capsys):
    """The codes and messages of findings printed as JSON."""
    return {(one["code"], one["message"]) for one in json.loads(capsys.readouterr().out)}


def test_carets_stand_below_what_they_mark(tmp_path, capsys):
    """The carets of a formula stand below the wrong part, Chinese signs counted as two columns."""
    broken = tmp_path / "999999-example"
    broken.mkdir()
    formula = "scale.award if '甲乙' == 名 else 0"
    text = (Path(__file__).parents[2] / "tables/999999-example/example-scale-award.toml").read_text(encoding="utf-8")
    text = text.replace("example-scale-award", "example-broken")
    found = re.search(r'^formula *= *"(.*)"$', text, re.M)
    assert found is not None
    (broken / "example-broken.toml").write_text(text.replace(found[1], formula), encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.endswith(formula))
    assert f"    算式：{formula}" == lines[at]
    columns = [sign for sign in lines[at] for _ in range(2 if ord(sign) > 0x2E7F else 1)]
    marks = lines[at + 1]
    assert ["名", "名"] == [columns[place] for place, mark in enumerate(marks) if mark == "^"]
    assert marks.strip() == "^^"


def test_a_broken_table_is_told_in_chinese(tmp_path, capsys):
    """A command that needs a broken table names what is wrong in Chinese, with file and line, and ends with 2."""
    broken = tmp_path / "999999-example"
    broken.mkdir()
    text = (Path(__file__).parents[2] / "tables/999999-example/example-scale-award.toml").read_text(encoding="utf-8")
    text = text.replace("example-scale-award", "example-broken").replace('at_least = "2亿"', 'at_least = "2.1亿"')
    (broken / "example-broken.toml").write_text(text, encoding="utf-8")
    assert main(["show", "example-broken", "--tables", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "[gap] tables.scale.rows[3]：第3行与第4行之间有缺口" in told
    assert "no row covers" not in told


def test_check_mutate(tmp_path, capsys):
    """check --mutate ends with 1 where a change of a number goes unnoticed, and names it."""
    table = Path(__file__).parents[2] / "tables" / "999999-example" / "example-scale-award.toml"
    text = table.read_text(encoding="utf-8").replace("example-scale-award", "example-untested")
    (tmp_path / "example-untested.toml").write_text(text[: text.index("[[cases]]")], encoding="utf-8")
    assert main(["check", str(tmp_path), "--mutate", "--json"]) == 1
    changes = {message for code, message in told_in(capsys) if code == "unnoticed"}
    assert changes
    assert all(message.startswith("这样改动以后，没有一个算例、一条承诺察觉：“") for message in changes)


def test_show(capsys):
    """show prints the rule as a page: its title, its notice, its tiers and its requirement."""
    assert main(["show", "example-scale-award"]) == 0
    out = capsys.readouterr().out
    for word in (
        "示例县龙头企业营业收入跨规模达标奖补",
        "示例标准，不得作为拨付依据",
        "2亿元及以上",
        "第五条",
    ):
        assert word in out
    assert main(["show", "example-scale-award", "--json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["place"]) == ("example-scale-award", "999999")
    assert "2亿元及以上" in told["page"]


def test_help(capsys):
    """--help prints and ends with 0."""
    assert main(["--help"]) == 0
    assert "calculate" in capsys.readouterr().out
    assert main(["calculate", "--help"]) == 0
    assert "--strict" in capsys.readouterr().out


def test_many_rows(tmp_path, capsys, monkeypatch):
    """Above 2,000 rows a progress bar watches every step, and changes nothing."""
    seen = []
    monkeypatch.setattr(console, "track", lambda rows, description, **_: seen.append((description, len(rows))) or rows)
    rows = [farm(number) for number in range(1, 2_002)]
    source = sheet(tmp_path / "申报.csv", *rows)
    assert main(["calculate", source, "-o", str(tmp_path / "测算表.xlsx"), *AT, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    steps = [("正在读取", 2001), ("正在计算", 2001), ("正在写出", 2001)]
    assert (seen, told["rows"], told["amount"]) == (steps, 2001, "1000500000.00")


def test_english(tmp_path, capsys):
    """--lang en prints the summary in English."""
    source = sheet(tmp_path / "申报.csv", farm(1))
    assert main(["calculate", source, "-o", str(tmp_path / "测算表.xlsx"), *AT, "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "payable" in out
    assert "应付" not in out


def test_own_tables(tmp_path, capsys):
    """--tables adds a county's own rules, which calculate like the shipped ones."""
    table = Path(__file__).parents[2] / "tables" / "999999-example" / "example-scale-award.toml"
    folder = tmp_path / "ours" / "999999-example"
    folder.mkdir(parents=True)
    text = table.read_text(encoding="utf-8").replace("example-scale-award", "our-award")
    (folder / "our-award.toml").write_text(text.replace('award = "50万"', 'award = "60万"'), encoding="utf-8")
    source = sheet(tmp_path / "申报.csv", farm(1))
    options = ["--scheme", "our-award", "--on", "2024-12-31", "--tables", str(tmp_path / "ours"), "--json"]
    assert main(["calculate", source, "-o", str(tmp_path / "测算表.xlsx"), *options]) == 0
    assert json.loads(capsys.readouterr().out)["amount"] == "600000.00"


def test_without_the_desk(capsys, monkeypatch):
    """Without the extra desk the command says how to install it."""
    monkeypatch.setitem(sys.modules, "typer", None)
    assert cli.main([]) == 2
    assert "jiangbu[desk]" in capsys.readouterr().err


def test_script_is_installed():
    """The console script runs main and hands its exit code on."""
    script = Path(sys.executable).with_name("jiangbu")
    ran = subprocess.run([script, "show"], capture_output=True, text=True, encoding="utf-8", check=False)
    assert ran.returncode == 2
    assert "办法编号" in ran.stderr


def test_workbook_title_of_another_scheme(tmp_path, capsys):
    """A 办法名称 that is not the scheme's is told; the id decides."""
    path = tmp_path / "申报表.xlsx"
    with Workbook(path) as book:
        run = book.add_worksheet("说明")
        for row, line in enumerate(
            (("办法编号", "example-scale-award"), ("办法名称", "另一办法"), ("适用日期", "2024.12.31"))
        ):
            run.write_row(row, 0, line)
        cases = book.add_worksheet("申报表")
        for row, line in enumerate((HEADS, farm(1))):
            cases.write_row(row, 0, line)
    assert main(["calculate", str(path), "-o", str(tmp_path / "测算表.xlsx")]) == 0
    assert "“另一办法”" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nosuch"], "没有这个命令（nosuch）"),
        (["show"], "缺少必需的参数或选项（办法编号）"),
        (["show", "a", "b", "c"], "多写了参数（b c）"),
        (["schemes", "--on"], "选项后面没有写值（--on）"),
        (["schemes", "--json=3"], "这个选项不带值（--json）"),
        (["check", "--mutat"], "没有这个选项（--mutat）"),
    ],
)
def test_a_misuse_is_told_without_english(arguments, told, capsys):
    """What was typed is named, and no word of the library's English comes through."""
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert told in said
    assert not re.search(r"No such|unexpected|requires|does not", said)
