"""Broken and harmful workflow files are answered by located problems in both languages, soon and in little room."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.effort import share_of

ROOT = Path(__file__).parents[2]
BATCHES = 6
FILES = share_of(300, at_least=30)
"""30 in `make test`, 300 in `make soak`."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_broken_file_is_answered_by_located_problems_and_never_by_a_traceback(batch: int):
    count = FILES // BATCHES
    command = [sys.executable, "-m", "tests.properties.broken_files", str(batch * count), str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == count
    for answer in answers:
        where = f"seed {answer['seed']}, {answer['what']}"
        assert answer["ended"] == "exit 0", f"{where}: {answer['ended']}\n{done.stderr}"
        assert answer["sound"] or answer["problems"], f"{where}: refused without a problem"
        for code, file, line, column, english, chinese in answer["problems"]:
            assert file, f"{where}: {code} names no file"
            assert line >= 1, f"{where}: {code} has no line"
            assert column >= 1, f"{where}: {code} has no column"
            assert english, f"{where}: {code} says nothing"
            assert chinese, f"{where}: {code} says nothing in Chinese"
