"""The command ``jiangbu``: runs one command, tells every error in Chinese, returns the exit code.

Exit codes: 0 done; 1 done, with findings; 2 the input could not be used.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiangbu.desk.problems import DeskError

UNUSABLE = 2
_USAGE = {
    "NoSuchOption": ("没有这个选项", "请用 --help 查看可用的选项"),
    "NoSuchCommand": (
        "没有这个命令",
        "可用的命令有 schemes、show、check、template、calculate、explain、verify、settle",
    ),
    "NoArgsIsHelpError": ("没有写明命令", "请写明命令，可用的命令见 --help"),
    "MissingParameter": ("缺少必需的参数或选项", "请用 --help 查看写法"),
    "BadParameter": ("参数的写法不对", "请用 --help 查看写法"),
    "ExtraArguments": ("多写了参数", "请去掉多余的部分；含空格的文件名要加引号"),
    "NoValue": ("选项后面没有写值", "请在选项后面写明值，用 --help 查看写法"),
    "OddValue": ("这个选项不带值", "请去掉等号和后面的值"),
}
_BY_MESSAGE = {
    "No such command": "NoSuchCommand",
    "Got unexpected extra argument": "ExtraArguments",
    "requires an argument": "NoValue",
    "does not take a value": "OddValue",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; ``arguments`` are those of the process where they are not given.

    Returns 0, 1 or 2. Without the extra ``desk`` it says how to install it.
    """
    try:
        import typer
        from typer.main import get_command

        from jiangbu.desk.commands import app
        from jiangbu.desk.console import print_error, readable_streams
        from jiangbu.desk.lookup import broken
        from jiangbu.desk.problems import DeskError as Unusable
        from jiangbu.errors import JiangbuError, TableError
    except ModuleNotFoundError as error:
        print(f"错误：缺少组件 {error.name}", file=sys.stderr)
        print('处理：请执行 pip install "jiangbu[desk]"', file=sys.stderr)
        return UNUSABLE

    # Every misuse of the command line is of the class above BadParameter, wherever typer keeps it.
    usage_error: type[Exception] = typer.BadParameter.__mro__[1]
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with readable_streams():
            # Not through typer's own main, which would end the process and speak English.
            command = get_command(app)
            with command.make_context("jiangbu", given) as context:
                return int(command.invoke(context) or 0)
    except typer.Exit as ended:
        return ended.exit_code
    except Unusable as error:
        print_error(error)
    except TableError as error:
        print_error(broken("规则表", error))
    except JiangbuError as error:
        print_error(Unusable("规则表", str(error), "请用 jiangbu check 检查规则表"))
    except usage_error as error:
        print_error(_usage(error))
    except (KeyboardInterrupt, typer.Abort):
        print_error(Unusable("jiangbu", "已中断，没有写出任何文件", "可重新执行"))
    except BrokenPipeError:
        # The reader of our output went away (`| head`); that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return UNUSABLE


def _usage(error: Exception) -> DeskError:
    """A misuse of the command line in Chinese; the option or command that was typed is named."""
    from jiangbu.desk.problems import DeskError

    message = str(getattr(error, "message", ""))
    kind = next((kind for part, kind in _BY_MESSAGE.items() if part in message), type(error).__name__)
    found, remedy = _USAGE.get(kind, ("命令的写法不对", "请用 --help 查看写法"))
    parameter = getattr(error, "param", None)
    typed = getattr(error, "option_name", None) or getattr(parameter, "metavar", None)
    if parameter is not None and not typed:
        typed = " / ".join(parameter.opts)
    # The library's own words are English: only what was typed is taken from them.
    quoted = re.search(r"'([^']*)'|\(([^()]*)\)$", message)
    if not typed and quoted:
        typed = quoted[1] or quoted[2]
    return DeskError("命令行", f"{found}（{typed}）" if typed else found, remedy)
