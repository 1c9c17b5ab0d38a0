"""Writes the one canonical layout of a workflow file: key order of the language, 120 columns, comments kept.

Scalars are copied as they were typed, quotes included; what changes is the order of keys, indents, spaces and where
flow maps break. A layout that would read as other values, or lose a comment, is not written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lifecycle.language.layout import keys_at
from lifecycle.language.reader import read
from lifecycle.language.tree import Node, plain
from lifecycle.language.writing import comments_of, written
from lifecycle.problems import Problem

Order = Callable[[tuple[str, ...]], Sequence[str]]
"""Which keys come first in the map at a path."""


def formatted(content: bytes | str, file: str, order: Order = keys_at) -> str | tuple[Problem, ...]:
    """Return a text in canonical layout, or the problems that keep it from being read.

    file   the name under which places speak of it
    order  of the keys, by path
    """
    reading = read(content, file)
    errors = tuple(problem for problem in reading.problems if problem.level == "error")
    if errors or reading.tree is None:
        return errors
    text = content if isinstance(content, str) else content.decode("utf-8-sig")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    laid = written(text, order)
    again = read(laid, file)
    if again.tree is None or not _same(again.tree, reading.tree) or comments_of(laid) != comments_of(text):
        return (Problem(code="layout-would-change", where=reading.tree.place),)
    return laid


def _same(one: Node, other: Node) -> bool:
    """Return whether two trees say the same, in whatever order; lists keep theirs."""
    return _typed(plain(one)) == _typed(plain(other))


def _typed(value: object) -> object:
    if isinstance(value, dict):
        return {name: _typed(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [_typed(inner) for inner in value]
    return type(value).__name__, value
