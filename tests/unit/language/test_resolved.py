from pathlib import Path

import pytest

from lifecycle.language.folders import DiskFolder, MemoryFolder
from lifecycle.language.loading import load
from lifecycle.language.reader import read
from lifecycle.language.resolved import resolved_text
from lifecycle.language.tree import plain

WORKFLOWS = Path(__file__).parents[3] / "workflows"


@pytest.mark.parametrize("name", DiskFolder(WORKFLOWS).names())
def test_the_resolved_text_reads_as_the_same_values(name):
    tree = load(name, DiskFolder(WORKFLOWS)).tree
    reading = read(resolved_text(tree), "resolved.yaml")
    assert reading.problems == ()
    assert plain(reading.tree) == plain(tree)


def test_every_line_says_where_it_was_written_and_what_put_it_in():
    files = {
        "home": "workflow: home\nversion: 1\ninclude: [{part: parts/task}]\nmachines:\n  own: {start: a}\n",
        "parts/task": "part: task\nmachines:\n  task: {start: b}\n",
    }
    folder = MemoryFolder(files)
    lines = resolved_text(load("home", folder).tree).splitlines()
    home, task = folder.file("home"), folder.file("parts/task")
    origins = dict(line.split("# ") for line in lines if "start" in line)
    assert {text.strip(): origin for text, origin in origins.items()} == {
        "own: {start: a}": f"{home}:5",
        "task: {start: b}": f"{task}:3 < {home}:3",
    }
