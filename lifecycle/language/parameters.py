"""A part's parameters: what they may be, and how they are put into its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lifecycle.language.tree import KeyScalar, ListNode, MapNode, Node, Scalar, ScalarNode
from lifecycle.language.vocabulary import VALUE_TYPES
from lifecycle.problems import Problem

NAME_KINDS = ("role", "machine", "state", "step")
KINDS = (*VALUE_TYPES, "event", *NAME_KINDS[1:], "names")
"""What a parameter may be: a value of any type, or a name of the including workflow; `text` takes {zh, en}, too."""

PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EVENT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*|removed")


@dataclass(slots=True)
class Arguments:
    """The nodes that stand for the placeholders of a part; it remembers which were used and which are unknown."""

    nodes: Mapping[str, Node]
    used: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def of(self, name: str, at: ScalarNode | KeyScalar) -> Node | None:
        self.used.add(name)
        if name not in self.nodes:
            values = {"name": name, "known": sorted(self.nodes)}
            self.problems.append(Problem(code="parameter-undeclared", where=at.place, values=values))
            return None
        return self.nodes[name]


def fits(kind: str, node: Node) -> bool:
    """Return whether an argument is of a parameter's kind; a formula stands for any value."""
    value = node.value if isinstance(node, ScalarNode) else None
    if kind == "names":
        return isinstance(node, ListNode) and all(isinstance(item, ScalarNode) for item in node.items)
    if kind == "text" and isinstance(node, MapNode):
        return bool(node.entries) and all(name in ("zh", "en") for name, _ in node)
    if kind in NAME_KINDS or kind == "event":
        pattern = _EVENT if kind == "event" else _NAME
        if isinstance(node, ListNode):
            return bool(node.items) and all(fits(kind, item) for item in node.items)
        return isinstance(value, str) and (pattern.fullmatch(value) is not None or _is_formula(value, kind))
    if kind == "list":
        return isinstance(node, ListNode) or _is_formula(value, kind)
    if value is None or _is_formula(value, kind):
        return value is not None
    return _fits_value(kind, value)


def _is_formula(value: Scalar | None, kind: str) -> bool:
    return isinstance(value, str) and value.startswith("=") and kind not in ("event", "machine", "state", "step")


def _fits_value(kind: str, value: Scalar) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in ("number", "money"):
        return isinstance(value, int | Decimal | str) and not isinstance(value, bool)
    return isinstance(value, str)


def insert(node: Node, arguments: Arguments, language: str = "") -> Node:
    """Return the node with its placeholders filled.

    A scalar that is exactly one placeholder becomes the argument itself, at the argument's own place; inside a
    list an argument that is a list is spliced in. Inside longer texts and in keys the argument's text is put.
    language  "zh" or "en" below such a key: chooses from an argument that has both
    """
    if isinstance(node, ScalarNode):
        return _scalar(node, arguments, language)
    if isinstance(node, ListNode):
        return replace(node, items=tuple(_items(node, arguments)))
    entries: dict[str, tuple[KeyScalar, Node]] = {}
    for key, child in node.entries:
        filled = _key(key, arguments)
        if filled.value in entries:
            first = entries[filled.value][0].place
            values = {"key": filled.value, "line": first.line, "column": first.column}
            arguments.problems.append(Problem(code="yaml-duplicate-key", where=key.place, values=values))
            continue
        entries[filled.value] = (filled, insert(child, arguments, key.value if key.value in ("zh", "en") else ""))
    return replace(node, entries=tuple(entries.values()))


def _items(node: ListNode, arguments: Arguments) -> Iterator[Node]:
    for item in node.items:
        filled = insert(item, arguments)
        if isinstance(filled, ListNode) and isinstance(item, ScalarNode):
            yield from filled.items
        else:
            yield filled


def _scalar(node: ScalarNode, arguments: Arguments, language: str) -> Node:
    if not isinstance(node.value, str) or "${" not in node.value:
        return node
    if match := PLACEHOLDER.fullmatch(node.value):
        argument = arguments.of(match[1], node)
        if isinstance(argument, MapNode) and language:
            argument = argument.get(language) or ScalarNode(value="", place=argument.place)
        return node if argument is None else argument
    return replace(node, value=PLACEHOLDER.sub(lambda found: _text(found, node, arguments, language), node.value))


def _key(key: KeyScalar, arguments: Arguments) -> KeyScalar:
    if "${" not in key.value:
        return key
    return replace(key, value=PLACEHOLDER.sub(lambda found: _text(found, key, arguments, ""), key.value))


def _text(found: re.Match[str], at: ScalarNode | KeyScalar, arguments: Arguments, language: str) -> str:
    argument = arguments.of(found[1], at)
    if isinstance(argument, MapNode) and language:
        argument = argument.get(language)
    if isinstance(argument, ScalarNode):
        value = argument.value
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return text.removeprefix("=") if language == "" else text
    if argument is not None:
        arguments.problems.append(Problem(code="parameter-no-text", where=at.place, values={"name": found[1]}))
    return found[0]
