"""A workflow with all its parts put in, as YAML, with the origin of every line behind it.

    states:                                   # workflows/parts/call-back.yaml:21 < workflows/furniture.yaml:18

means: written in that line of the part, which that line of the workflow put in. The text reads as the same values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lifecycle.language.scalars import trap_of, value_of
from lifecycle.language.tree import ListNode, MapNode, Node, ScalarNode
from lifecycle.problems import Place

WIDEST = 100
"""Column from which an origin stands at the latest; longer lines push their own."""

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$/-]*")

Line = tuple[str, Place, Place | None]
"""The text, where it was written, and which line put it in."""


def resolved_text(tree: MapNode) -> str:
    """Return a resolved tree as YAML with the origin of every line."""
    lines = list(_map(tree, ""))
    column = min(max((len(text) for text, _, _ in lines), default=0), WIDEST) + 2
    return "".join(f"{text.ljust(column)}# {_origin(place, via)}\n" for text, place, via in lines)


def _origin(place: Place, via: Place | None) -> str:
    written = f"{place.file}:{place.line}"
    return f"{written} < {via.file}:{via.line}" if via is not None and via.file != place.file else written


def _map(node: MapNode, indent: str) -> Iterator[Line]:
    for key, child in node.entries:
        head = f"{indent}{_scalar(key.value)}:"
        yield from _entry(head, child, f"{indent}  ", key.place)


def _entry(head: str, child: Node, indent: str, place: Place) -> Iterator[Line]:
    inline = _inline(child)
    if inline is not None:
        yield f"{head} {inline}", place, child.via
    elif isinstance(child, MapNode):
        yield head, place, child.via
        yield from _map(child, indent)
    elif isinstance(child, ListNode):
        yield head, place, child.via
        for item in child.items:
            yield from _item(item, indent)


def _item(item: Node, indent: str) -> Iterator[Line]:
    inline = _inline(item)
    if inline is not None:
        yield f"{indent}- {inline}", item.place, item.via
        return
    inner = _map(item, f"{indent}  ") if isinstance(item, MapNode) else _listed(item, f"{indent}  ")
    for number, (text, place, via) in enumerate(inner):
        yield (f"{indent}- {text[len(indent) + 2 :]}" if number == 0 else text), place, via


def _listed(node: Node, indent: str) -> Iterator[Line]:
    for item in node.items if isinstance(node, ListNode) else ():
        yield from _item(item, indent)


def _inline(node: Node) -> str | None:
    """Return a node that stands in one line: a scalar, an empty collection, or a flow collection of one origin."""
    if isinstance(node, ScalarNode):
        return _scalar(node.value)
    if isinstance(node, MapNode):
        if not node.entries:
            return "{}"
        pairs = [(key.value, _inline(child)) for key, child in node.entries]
        if not node.flow or any(part is None for _, part in pairs) or len(_origins(node)) > 1:
            return None
        return "{" + ", ".join(f"{_scalar(name)}: {part}" for name, part in pairs) + "}"
    parts = [_inline(child) for child in node.items]
    if None in parts or (node.items and (not node.flow or len(_origins(node)) > 1)):
        return None
    return "[" + ", ".join(part for part in parts if part is not None) + "]"


def _origins(node: Node) -> set[str]:
    if isinstance(node, ScalarNode):
        return {node.place.file}
    if isinstance(node, ListNode):
        return {node.place.file}.union(*(_origins(item) for item in node.items))
    own = {node.place.file, *(key.place.file for key, _ in node.entries)}
    return own.union(*(_origins(child) for _, child in node.entries))


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if _PLAIN.fullmatch(value) and not trap_of(value) and value_of(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
