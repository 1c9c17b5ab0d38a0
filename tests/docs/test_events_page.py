"""The page of events names every key that the program writes, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from lifecycle.core.case.evolve import PARTS
from lifecycle.core.events import ENVELOPE
from tests.docs.sessions import ROOT

PAGE = ROOT / "docs" / "reference" / "events.md"
WRITERS = (
    "case/recording.py",
    "case/freezing.py",
    "case/labels.py",
    "case/corrections.py",
    "case/papering.py",
    "case/assigning.py",
    "case/staffing.py",
    "case/posting.py",
    "case/due.py",
    "case/withdrawing.py",
    "case/recalling.py",
    "case/settling.py",
    "case/measuring.py",
    "lists.py",
    "publication.py",
    "figures.py",
    "calendars.py",
    "schedules.py",
)
"""The modules of the core that make events."""


def listed(heading: str) -> list[str]:
    """Return the keys in the table under a heading of the page."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)


def written(file: Path) -> Iterator[str]:
    """Yield the keys of every literal that a module gives to an event as its changes."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        literals: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            if getattr(node.func, "attr", "") == "leave" and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)
            literals += [each.value for each in node.keywords if each.arg == "changes"]
            literals += node.args if getattr(node.func, "id", "") in ("event_of", "remark") else []
            literals += node.args if getattr(node.func, "attr", "") == "record_beside" else []
        elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in ("everything", "extra"):
            literals.append(node.value)
        for literal in literals:
            if isinstance(literal, ast.Dict):
                yield from (key.value for key in literal.keys if isinstance(key, ast.Constant))


def test_the_envelope_is_the_one_of_the_code():
    assert set(listed("The envelope")) == ENVELOPE


def test_every_key_of_a_change_is_on_the_page_and_no_other():
    keys = {name for name, _ in PARTS} | {"resumed"}  # `resumed` stands in a literal without a name
    for writer in WRITERS:
        keys |= set(written(ROOT / "lifecycle" / "core" / writer))
    assert sorted(listed("The changes")) == sorted(keys)
