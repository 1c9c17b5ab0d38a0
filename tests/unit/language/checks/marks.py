"""Changes one thing in a clean file and compares the problems with marks in the new text.

A `¦` stands right before the place at which a problem is expected; the codes are given in the order of the marks.
"""

from __future__ import annotations

from pathlib import Path

from lifecycle.language.check import check
from lifecycle.language.define import define
from lifecycle.language.reader import read
from lifecycle.language.reports import in_order
from lifecycle.problems import Problem

CLEAN = (Path(__file__).parents[1] / "files" / "clean.yaml").read_text("utf-8")
MARK = "¦"


def problems_of(text: str) -> tuple[Problem, ...]:
    """Return every problem of a workflow's text."""
    reading = read(text, "clean.yaml")
    assert reading.tree is not None
    definition, shape = define(reading.tree)
    return in_order((*reading.problems, *shape, *check(definition)))


def changed(*changes: tuple[str, str]) -> str:
    """Return the clean text with some pieces replaced, each of which stands in it once."""
    text = CLEAN
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in clean.yaml"
        text = text.replace(old, new)
    return text


def expect(codes: list[str], *changes: tuple[str, str]) -> tuple[Problem, ...]:
    """Assert that a changed text has exactly these problems, at the marks; return them."""
    text = changed(*changes)
    marks: list[tuple[int, int]] = []
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        pieces = line.split(MARK)
        column = 1
        for piece in pieces[:-1]:
            column += len(piece)
            marks.append((number, column))
        lines.append("".join(pieces))
    assert len(marks) == len(codes)
    found = problems_of("\n".join(lines))
    wanted = [(*place, code) for place, code in zip(marks, codes, strict=True)]
    told = [(p.where.line, p.where.column, p.code) for p in found]
    assert told == wanted, f"{told} instead of {wanted}"
    return found
