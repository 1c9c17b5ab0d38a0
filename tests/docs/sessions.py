"""Reads the sessions out of a page of documentation and plays them.

A ```console block holds commands ("$ ", continued by "> ") and, where the page shows it, their output. `...` in a
shown line stands for anything within the line, a line of `...` alone for any lines. A command ends with exit code 0
unless it says otherwise in a comment: "$ lifecycle case do ...  # exit 1". A ```yaml block whose first line is
"# file: NAME" is written to that file before the next command. All blocks of a page are one session in one folder.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-03-02T09:00+08:00"
"""The moment at which every session of the documentation plays."""

FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[a-z]*)[^\n]*\n(?P<body>.*?)^(?P=fence)\s*$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# file: (?P<name>[\w./-]+)\n")
EXIT = re.compile(r"\s+# exit (?P<code>\d+)\s*$")
SECONDS_PER_COMMAND = 60


@dataclass(frozen=True, kw_only=True)
class Given:
    """A file that the page lets its reader write."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A command and what the page shows of its answer.

    line   of the page, from 1
    shown  output lines; None when the page shows none
    """

    line: int
    command: str
    code: int
    shown: tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    code: int
    output: str


def pages() -> list[Path]:
    """Return every page that has a session."""
    found = [*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")]
    return sorted(page for page in found if any(isinstance(part, Typed) for part in read(page)))


def read(page: Path) -> list[Given | Typed]:
    """Return what a page gives and types, in order."""
    text = page.read_text(encoding="utf-8")
    parts: list[Given | Typed] = []
    for block in FENCE.finditer(text):
        first_line = text.count("\n", 0, block.start("body")) + 1
        if block["info"] == "console":
            parts.extend(_commands(block["body"].splitlines(), first_line))
        elif block["info"] == "yaml" and (named := FILE.match(block["body"])):
            parts.append(Given(name=named["name"], text=block["body"]))
    return parts


def _commands(lines: list[str], first_line: int) -> Iterator[Typed]:
    number = 0
    while number < len(lines):
        if not lines[number].startswith("$ "):
            raise ValueError(f"line {first_line + number}: a console block starts with a command: {lines[number]!r}")
        at, command = number, lines[number][2:]
        number += 1
        while number < len(lines) and lines[number].startswith("> "):
            command = f"{command.removesuffix(chr(92)).rstrip()} {lines[number][2:].strip()}"
            number += 1
        shown = []
        while number < len(lines) and not lines[number].startswith("$ "):
            shown.append(lines[number].rstrip())
            number += 1
        while shown and not shown[-1]:
            shown.pop()
        expected = EXIT.search(command)
        yield Typed(
            line=first_line + at,
            command=EXIT.sub("", command),
            code=int(expected["code"]) if expected else 0,
            shown=tuple(shown) if shown else None,
        )


def play(command: str, folder: Path, programs: Path, lang: str) -> Answer:
    """Run one command as the reader of a page would.

    programs  folder in which `lifecycle` is found first
    lang      LANG of the session, "zh_CN.UTF-8"
    """
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "LANG": lang,
            "PYTHONUTF8": "1",
            "COLUMNS": "110",
            "NO_COLOR": "1",
            "LIFECYCLE_NOW": NOW,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=SECONDS_PER_COMMAND,
        check=False,
    )
    return Answer(code=done.returncode, output=done.stdout)


def play_page(page: Path, folder: Path, programs: Path) -> list[str]:
    """Return in which lines of a page the program answers otherwise than the page says."""
    lang = "zh_CN.UTF-8" if ".zh." in page.name else "en_US.UTF-8"
    differences = []
    for part in read(page):
        if isinstance(part, Given):
            path = folder / part.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(part.text, encoding="utf-8")
            continue
        answer = play(part.command, folder, programs, lang)
        place = f"{page.relative_to(ROOT)}:{part.line}: {part.command}"
        if answer.code != part.code:
            differences.append(f"{place}\nended with {answer.code}, not {part.code}:\n{answer.output}")
        elif part.shown is not None and not agrees(part.shown, answer.output):
            differences.append(f"{place}\nanswered:\n{answer.output}")
    return differences


def agrees(shown: tuple[str, ...], output: str) -> bool:
    """Return whether an output is what a page shows, with its `...` standing for anything."""
    lines = [line.rstrip() for line in output.rstrip().splitlines()]
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n" for line in shown
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None
