"""What only a process of its own shows: help in both languages, what it loads, completion, colour."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lifecycle.texts import LANGUAGES, catalogue
from tests.unit.terminal.conftest import Type

PROGRAM = [sys.executable, "-c", "from cli import main; main()"]
LOADED = (
    "import sys; from lifecycle.terminal import answer; answer(sys.argv[1:]); print('\\n', *sys.modules, sep='\\n')"
)


def shell(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program with nothing to read on standard input."""
    return subprocess.run(
        [*PROGRAM, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        check=False,
    )


@pytest.mark.parametrize("path", [(), ("case", "do")])
def test_help_in_chinese_has_no_english_sentence(folder: Path, path: tuple[str, ...]):
    helped = shell("--lang", "zh", *path, "--help").stdout
    assert helped.startswith("用法：")
    assert "选项:" in helped
    assert re.findall(r"(?:\b[A-Za-z]{2,}\b[ ,]+){3,}", helped.replace("[OPTIONS] COMMAND [ARGS]", "")) == [
        *(["lifecycle case do "] if path else [])
    ]


@pytest.mark.parametrize("path", [("--help",), ("case", "--help"), ("case", "do", "--help")])
def test_help_loads_nothing_heavy(folder: Path, path: tuple[str, ...]):
    loaded = subprocess.run([sys.executable, "-c", LOADED, *path], capture_output=True, text=True, check=True).stdout
    names = {name.partition(".")[0] for name in loaded.splitlines()}
    assert "click" in names
    assert names & {"pydantic", "apsw", "cel_expr_python", "eventsourcing", "cryptography", "ruamel", "yaml"} == set()


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_completion_script(folder: Path, name: str):
    assert "_LIFECYCLE_COMPLETE" in shell(_LIFECYCLE_COMPLETE=f"{name}_source").stdout


def completed(*words: str) -> list[str]:
    """Return what the shell is offered for the last of the words."""
    answered = shell(
        _LIFECYCLE_COMPLETE="bash_complete", COMP_WORDS=" ".join(["lifecycle", *words]), COMP_CWORD=str(len(words))
    )
    assert answered.stderr == ""
    return [line.partition(",")[2] for line in answered.stdout.splitlines() if line]


def test_case_numbers_steps_and_workflow_names_complete(typed: Type, case: str):
    assert completed("case", "show", "D-") == [case]
    assert completed("case", "do", case, "job") == ["job/1.priced"]
    assert completed("case", "open", "de") == ["desk"]


def test_completion_makes_no_store(folder: Path):
    assert completed("case", "show", "D-") == []
    assert not (folder / "lifecycle.db").exists()


def test_output_that_is_no_terminal_or_NO_COLOR_has_no_escape(typed: Type, case: str):
    for words in (("case", "show", case), ("--color", "case", "show", case), ("workflow", "check", "desk")):
        assert "\x1b" not in shell(*words, NO_COLOR="1").stdout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_is_explained(typed: Type, lang: str):
    for section in ("problems", "reasons", "errors"):
        for code in catalogue(lang)[section]:
            answered = typed("--lang", lang, "explain", code)
            assert answered.code == 0, code
            assert answered.out.startswith(code)
