"""Several processes print the same paper at once: one slip is the first, every other one says which reprint it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from lifecycle.core.case import TakeStep
from lifecycle.core.events import Actor
from lifecycle.engine import Done
from tests.contracts.slips import office, opening
from tests.effort import share_of

ROOT = Path(__file__).parents[2]
PROCESSES = share_of(16, at_least=4)


def test_one_print_is_the_first_and_each_other_bears_its_own_mark(tmp_path: Path) -> None:
    engine = office(tmp_path / "store.db")
    opened = engine.execute(opening("first"))
    assert isinstance(opened, Done)
    engine.execute(TakeStep(id="second", case=opened.case, step="issued", actor=Actor(role="clerk", person="li")))
    engine.close()
    printing = [sys.executable, "cli.py", "--store", f"sqlite:{tmp_path / 'store.db'}", "--lang", "zh", "case", "print"]
    files = [tmp_path / f"{number}.html" for number in range(PROCESSES)]
    running = [
        subprocess.Popen([*printing, opened.case, "slip", "--format", "html", "--output", str(file)], cwd=ROOT)
        for file in files
    ]
    assert [each.wait(timeout=120) for each in running] == [0] * PROCESSES
    marks = [re.search(r"补打（第 (\d+) 次）", file.read_text("utf-8")) for file in files]
    assert sorted(int(mark[1]) if mark else 0 for mark in marks) == list(range(PROCESSES))
