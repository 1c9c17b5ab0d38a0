"""Writes the one canonical layout of a workflow file: key order of the language, 120 columns, comments kept.

Two passes: whole entries of block mappings change places as text, with the comments above them; then the
round-trip writer lays out spaces, indents and flow maps. Neither changes what the file says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import RoundTripEmitter
from ruamel.yaml.nodes import MappingNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from lifecycle.language.layout import ITEM, keys_at
from lifecycle.language.reader import read
from lifecycle.language.tree import Node, plain
from lifecycle.problems import Problem

Path = tuple[str, ...]
Order = Callable[[Path], Sequence[str]]
"""Which keys come first in the mapping at a path; the others follow in the order of the file."""

COLUMNS = 120


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
    laid = _laid_out_text(text, order)
    again = read(laid, file)
    if again.tree is None or _values(again.tree) != _values(reading.tree):
        return (Problem(code="layout-would-change", where=reading.tree.place),)
    return laid


def _values(node: Node) -> object:
    """Return what a tree says, without the order of its keys."""
    values = plain(node)
    return _unordered(values)


def _unordered(value: object) -> object:
    if isinstance(value, dict):
        return {name: _unordered(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_unordered(inner) for inner in value)
    return type(value).__name__, value


def _laid_out_text(text: str, order: Order) -> str:
    lined = _blocks_in_order(text, order)
    writer = _writer()
    document = writer.load(lined)
    _flows_in_order(document, (), order)
    out = StringIO()
    writer.dump(document, out)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines()).lstrip("\n")


class _WholeScalars(RoundTripEmitter):
    """Breaks lines between entries only: a text that is too long for a line stays whole."""

    def write_plain(self, text: Any, split: Any = True) -> None:
        super().write_plain(text, split=False)

    def write_single_quoted(self, text: Any, split: Any = True) -> None:
        super().write_single_quoted(text, split=False)

    def write_double_quoted(self, text: Any, split: Any = True) -> None:
        super().write_double_quoted(text, split=False)


def _writer() -> YAML:
    writer = YAML()
    writer.Emitter = _WholeScalars
    writer.width = COLUMNS
    writer.preserve_quotes = True
    writer.indent(mapping=2, sequence=4, offset=2)
    return writer


def _blocks_in_order(text: str, order: Order) -> str:
    root = YAML().compose(text)
    lines = text.splitlines()
    if not isinstance(root, MappingNode) or _shares_nodes(root):
        return text
    return "\n".join(_laid_out(root, (), lines, 0, len(lines), order)) + "\n"


def _shares_nodes(root: YamlNode) -> bool:
    """An alias must stay behind its anchor: a file that has one keeps the order of its blocks."""
    seen: set[int] = set()
    pending: list[YamlNode] = [root]
    while pending:
        node = pending.pop()
        if id(node) in seen:
            return True
        seen.add(id(node))
        if isinstance(node, MappingNode):
            pending.extend(part for pair in node.value for part in pair)
        elif isinstance(node, SequenceNode):
            pending.extend(node.value)
    return False


def _laid_out(node: YamlNode, path: Path, lines: list[str], start: int, end: int, order: Order) -> list[str]:
    """Return the lines [start, end) with the entries of the block collection that they hold in order."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        keys = [key for key, _ in node.value]
        tops = [_top(lines, key.start_mark.line, key.start_mark.column, start) for key in keys]
        if not path:
            tops[0] = keys[0].start_mark.line  # a comment above all is the file's, not the first key's
        chunks = {
            key.value: _laid_out(value, (*path, key.value), lines, top, bottom, order)
            for (key, value), top, bottom in zip(node.value, tops, [*tops[1:], end], strict=True)
        }
        names = _sorted(list(chunks), order(path))
        if names == list(chunks):
            return [*lines[start : tops[0]], *(line for chunk in chunks.values() for line in chunk)]
        if _begins_in_line(lines, keys[0]):
            return [*lines[start : tops[0]], *_behind_dash(chunks, names, keys[0].start_mark.column)]
        return [*lines[start : tops[0]], *(line for name in names for line in chunks[name])]
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        tops = [_dash_top(lines, item.start_mark.line, start) for item in node.value]
        rows = zip(node.value, tops, [*tops[1:], end], strict=True)
        laid = [_laid_out(item, (*path, ITEM), lines, top, bottom, order) for item, top, bottom in rows]
        return [*lines[start : tops[0]], *(line for chunk in laid for line in chunk)]
    return lines[start:end]


def _top(lines: list[str], line: int, column: int, floor: int) -> int:
    """Return the first line of an entry: its key's, or that of the comments and blank lines right above it."""
    top = line
    while top > floor:
        above = lines[top - 1]
        bare = above.strip()
        if bare and not (bare.startswith("#") and len(above) - len(above.lstrip()) <= column):
            break
        top -= 1
    return top


def _dash_top(lines: list[str], line: int, floor: int) -> int:
    return _top(lines, line, max(len(lines[line]) - len(lines[line].lstrip()), 0), floor)


def _begins_in_line(lines: list[str], key: YamlNode) -> bool:
    return bool(lines[key.start_mark.line][: key.start_mark.column].strip())


def _behind_dash(chunks: dict[str, list[str]], names: list[str], column: int) -> list[str]:
    """Swap the entries of a list's item, whose first key stands behind the dash."""
    first = next(iter(chunks))
    leading = chunks[names[0]][0]
    if not leading.strip() or leading.lstrip().startswith("#"):
        return [line for chunk in chunks.values() for line in chunk]  # a comment between: the item stays as it is
    dash = chunks[first][0][:column]
    moved = {**chunks, first: [" " * column + chunks[first][0][column:], *chunks[first][1:]]}
    moved[names[0]] = [dash + leading[column:], *chunks[names[0]][1:]]
    return [line for name in names for line in moved[name]]


def _flows_in_order(node: object, path: Path, order: Order) -> None:
    if isinstance(node, CommentedMap):
        names = _sorted(list(node), order(path))
        if node.fa.flow_style() and names != list(node) and not node.ca.items:
            for name in names:
                node.move_to_end(name)
        for name, value in node.items():
            _flows_in_order(value, (*path, str(name)), order)
    elif isinstance(node, CommentedSeq):
        for value in node:
            _flows_in_order(value, (*path, ITEM), order)


def _sorted(names: list[str], wanted: Sequence[str]) -> list[str]:
    """Names that the designer chose stay as they are and come first, then the known keys in their order."""
    ranks = {name: rank for rank, name in enumerate(wanted, start=1)}
    return sorted(names, key=lambda name: ranks.get(name, 0))
