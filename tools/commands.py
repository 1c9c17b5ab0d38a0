"""Writes docs/reference/commands.md and commands.zh.md from the program itself, so that they cannot differ.

usage: python tools/commands.py          (a test runs it and compares)
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from lifecycle.problems import ExitCode
from lifecycle.terminal.root import root

PAGES = {"en": "commands.md", "zh": "commands.zh.md"}
FOLDER = Path(__file__).parent.parent / "docs" / "reference"
WORDS = {
    "en": {
        "title": "# Commands",
        "made": "Made from the program's own help (`python tools/commands.py`). [中文](commands.zh.md)",
        "general": "The general options (`--store`, `--json`, `--lang` ...) may stand anywhere on the line.",
        "codes": "## Exit codes",
        "head": "| code | meaning |",
    },
    "zh": {
        "title": "# 命令",
        "made": "由程序自身的帮助生成（`python tools/commands.py`）。[English](commands.md)",
        "general": "通用选项（`--store`、`--json`、`--lang` 等）可写在命令行的任何位置。",
        "codes": "## 退出码",
        "head": "| 退出码 | 含义 |",
    },
}
MEANING = {
    ExitCode.DONE: ("done", "完成"),
    ExitCode.REFUSED: ("refused, or problems found", "被拒绝，或发现问题"),
    ExitCode.USAGE: ("wrong usage", "用法错误"),
    ExitCode.CONFLICT: (
        "conflict: another revision, or a command id that stands for something else",
        "冲突：修订号不符，或命令编号已被占用",
    ),
    ExitCode.UNKNOWN: ("no such case, workflow, instance or code", "没有此案件、流程、实例或代码"),
    ExitCode.DAMAGED: ("damaged or unverifiable data", "数据损坏或无法核验"),
    ExitCode.UNREACHABLE: ("store unreachable, full, read-only or stopped", "数据库无法访问、已满、只读或已停写"),
    ExitCode.INTERRUPTED: ("interrupted", "被中断"),
}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the path of every command, groups before their members."""
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        found.append((*path, name))
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found.extend(commands(command, (*path, name)))
    return found


def help_of(path: tuple[str, ...], lang: str) -> str:
    """Return what the program prints for `lifecycle <path> --help` in a language."""
    called = [sys.executable, "-m", "cli", "--lang", lang, *path, "--help"]
    answer = subprocess.run(called, capture_output=True, text=True, check=True, cwd=FOLDER.parent.parent)
    return answer.stdout.rstrip()


def page(lang: str) -> str:
    """Return the page in a language."""
    words = WORDS[lang]
    parts = [words["title"], words["made"], words["general"], f"```text\n{help_of((), lang)}\n```"]
    for path in commands(root):
        parts.append(f"{'#' * (len(path) + 1)} lifecycle {' '.join(path)}\n\n```text\n{help_of(path, lang)}\n```")
    rows = "\n".join(f"| {int(code)} | {MEANING[code][lang == 'zh']} |" for code in ExitCode)
    parts.append(f"{words['codes']}\n\n{words['head']}\n| --- | --- |\n{rows}")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    for lang, name in PAGES.items():
        (FOLDER / name).write_text(page(lang), encoding="utf-8")
    print(f"commands: written to {FOLDER}")


if __name__ == "__main__":
    main()
