"""The commands of ``jiangbu``, each a function that returns its exit code."""

from __future__ import annotations

import typer

from jiangbu.desk.commands import checking, rules, workbooks

app = typer.Typer(
    name="jiangbu",
    help="按公布的奖补办法准确计算、逐项说明。",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("schemes", help="列出全部办法：地区、有效期、性质、来源。")(rules.schemes)
app.command("show", help="把一个办法印成一页：档次、条件、算式、算例、理解。")(rules.show)
app.command("check", help="检查规则表：缺口、重叠、算例、承诺……，逐条写明文件和行号。")(rules.check)
app.command("template", help="生成申报表样：表头、填写提示、输入检查和样例。")(rules.template_command)
app.command("calculate", help="计算申报表，写出测算表。")(workbooks.calculate_command)
app.command("explain", help="说明测算表中的一行是怎样算出来的。")(checking.explain_command)
app.command("verify", help="把测算表全部重算一遍，逐格核对，列出每一处差异。")(checking.verify_command)
app.command("settle", help="把几份测算表中不得重复享受的奖补合并择优，写出择优明细。")(workbooks.settle_command)

__all__ = ["app"]
