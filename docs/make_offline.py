"""Gather everything that an office computer without a network needs to install jiangbu, in one folder.

    python docs/make_offline.py -o jiangbu-offline                          # Windows and Linux, Python 3.11 to 3.14
    python docs/make_offline.py -o jiangbu-offline --on linux --python 3.12

Run it on a computer with a network, carry the folder over, and double-click 安装.bat there (on Linux: sh 安装.sh).
The folder holds wheels only, their SHA-256 sums, the two installers, the example workbooks and the manual.

``pip download`` decides which packages are needed by the computer that it runs on, not by the one that will install
them (colorama is needed on Windows alone), so the requirements are walked here, wheel by wheel, for each target.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from email.parser import Parser
from pathlib import Path

from attrs import frozen
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# What pip calls the computers of each system; the manylinux ones from the newest that a Debian 12 takes.
PLATFORMS = {
    "windows": ("win_amd64",),
    "linux": ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
}
MARKERS = {
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
}

WINDOWS_INSTALLER = """\
@echo off
chcp 65001 >nul
cd /d "%~dp0"
set PYTHONUTF8=1
py -3 -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))" 2>nul
if errorlevel 1 (
  echo 没有找到 Python 3.11 至 3.14。请先安装 Python（安装时勾选 Add python.exe to PATH），再双击本文件。
  pause
  exit /b 1
)
if not exist 程序\\Scripts\\python.exe py -3 -m venv 程序
if errorlevel 1 goto failed
程序\\Scripts\\python.exe -m pip install --no-index --find-links wheels --upgrade "jiangbu[desk]"
if errorlevel 1 goto failed
程序\\Scripts\\jiangbu.exe calculate 示例\\示例县申报表.xlsx -o 示例测算表.xlsx
if errorlevel 1 goto failed
echo.
echo 安装完成，示例已算出：示例测算表.xlsx。
echo 以后使用：双击“打开命令窗口.bat”，再输入 jiangbu calculate 申报表.xlsx -o 测算表.xlsx
> 打开命令窗口.bat (
  echo @echo off
  echo chcp 65001 ^>nul
  echo cd /d "%%~dp0"
  echo set "PATH=%%~dp0程序\\Scripts;%%PATH%%"
  echo cmd /k jiangbu --help
)
pause
exit /b 0
:failed
echo 没有装成。请把上面的文字拍照或复制，发给维护人员。
pause
exit /b 1
"""

LINUX_INSTALLER = """\
#!/bin/sh
# 用法：sh 安装.sh
set -eu
cd "$(dirname "$0")"
export PYTHONUTF8=1
if ! python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'; then
  echo "没有找到 Python 3.11 至 3.14，请先安装。" >&2
  exit 1
fi
[ -x 程序/bin/python ] || python3 -m venv 程序
程序/bin/python -m pip install --no-index --find-links wheels --upgrade "jiangbu[desk]"
程序/bin/jiangbu calculate 示例/示例县申报表.xlsx -o 示例测算表.xlsx
echo "安装完成，示例已算出：示例测算表.xlsx。以后使用：程序/bin/jiangbu calculate 申报表.xlsx -o 测算表.xlsx"
"""


@frozen
class Target:
    """One kind of computer: its system and its version of Python."""

    system: str
    python: str

    @property
    def environment(self) -> dict[str, str]:
        """The values of the environment markers on that computer."""
        versions = {"python_version": self.python, "python_full_version": f"{self.python}.0"}
        return {**_text(default_environment()), **MARKERS[self.system], **versions}

    @property
    def options(self) -> list[str]:
        """What tells pip to fetch wheels for that computer."""
        platforms = [part for name in PLATFORMS[self.system] for part in ("--platform", name)]
        return ["--only-binary=:all:", "--no-deps", "--python-version", self.python, *platforms]


def _text(environment: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in environment.items()}


def needed(requirements: Iterable[str], extras: Iterable[str], environment: Mapping[str, str]) -> Iterator[Requirement]:
    """The requirements that hold in an environment, of the package itself and of the extras asked for.

    >>> [str(one) for one in needed(["colorama; os_name == 'nt'", "rich>=13; extra == 'desk'"], ["desk"], {
    ...     **MARKERS["linux"], "python_version": "3.11"})]
    ['rich>=13; extra == "desk"']
    """
    for requirement in map(Requirement, requirements):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras)):
            yield requirement


def requirements_of(wheel: Path) -> list[str]:
    """What the metadata of a wheel says that it requires."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode()).get_all("Requires-Dist") or []


def gather(own: Path, target: Target, folder: Path) -> None:
    """Fetch into ``folder`` every wheel that ``own`` with its extra ``desk`` requires on the target.

    Raises :class:`subprocess.CalledProcessError` where a package has no wheel for it.
    """
    environment = target.environment
    waiting = list(needed(requirements_of(own), ["desk"], environment))
    done: dict[str, Requirement] = {}
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        key = f"{name}[{','.join(sorted(requirement.extras))}]"
        if key in done:
            continue
        done[key] = requirement
        wheel = _fetch(f"{requirement.name}{requirement.specifier}", name, target, folder)
        waiting.extend(needed(requirements_of(wheel), requirement.extras, environment))


def _fetch(wanted: str, name: str, target: Target, folder: Path) -> Path:
    with tempfile.TemporaryDirectory() as place:
        _pip("download", "-q", *target.options, "-d", place, wanted)
        wheel = next(one for one in Path(place).iterdir() if parse_wheel_filename(one.name)[0] == name)
        return Path(shutil.copy(wheel, folder))


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


def build(folder: Path) -> Path:
    """Build the wheel of this repository into a folder."""
    _pip("wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT))
    return next(folder.glob("jiangbu-*.whl"))


def make(folder: Path, targets: Iterable[Target]) -> None:
    """Fill a new folder; it is made whole or, where something fails, not left behind."""
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    try:
        own = build(wheels)
        for target in targets:
            gather(own, target, wheels)
        # A batch file is read by lines that end as on Windows; the byte order mark would be read as a command.
        (folder / "安装.bat").write_bytes(WINDOWS_INSTALLER.replace("\n", "\r\n").encode())
        (folder / "安装.sh").write_text(LINUX_INSTALLER, encoding="utf-8")
        (folder / "示例").mkdir()
        for example in sorted((ROOT / "docs/examples").glob("*.xlsx")):
            shutil.copy(example, folder / "示例")
        shutil.copy(ROOT / "docs/测算手册.md", folder)
        sums = [f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in sorted(wheels.iterdir())]
        (wheels / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    except BaseException:
        shutil.rmtree(folder)
        raise


def main() -> None:
    """Read the command line and make the folder."""
    parser = argparse.ArgumentParser(description="Gather the wheels for computers without a network.")
    parser.add_argument("-o", dest="folder", type=Path, required=True, help="a folder that does not exist yet")
    parser.add_argument("--on", choices=sorted(PLATFORMS), action="append", help="windows, linux; both by default")
    parser.add_argument("--python", choices=PYTHONS, action="append", help="versions of Python; all by default")
    given = parser.parse_args()
    if given.folder.exists():
        parser.error(f"{given.folder} is there already: name a new folder, or remove it first")
    systems, pythons = given.on or sorted(PLATFORMS), given.python or PYTHONS
    make(given.folder, [Target(system, python) for system in systems for python in pythons])
    print(f"{given.folder}: {len(list((given.folder / 'wheels').glob('*.whl')))} wheels")


if __name__ == "__main__":
    main()
