"""The tree of a workflow text: maps, lists and scalars, each with its place.

Keys are texts, nothing is null, and the order is the file's. Numbers with a point are `Decimal`,
so that no figure ever passes through a float.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from lifecycle.problems import NOWHERE, Place

Scalar = str | int | bool | Decimal
Style = Literal["plain", "single", "double", "literal", "folded"]
Plain = Scalar | tuple["Plain", ...] | dict[str, "Plain"]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyScalar:
    """A key of a map, with the place of its first character."""

    value: str
    place: Place
    style: Style = "plain"


@dataclass(frozen=True, kw_only=True, slots=True)
class ScalarNode:
    """A single value. via: the line that included it, when it comes from a part."""

    value: Scalar
    place: Place
    style: Style = "plain"
    via: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListNode:
    """A list. flow: whether it was written as [a, b]."""

    items: tuple[Node, ...]
    place: Place
    flow: bool = False
    via: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MapNode:
    """A map in file order; its keys are unique.

    broken  keys that stood in the file and whose value could not be read
    flow    whether it was written as {a: b}
    """

    entries: tuple[tuple[KeyScalar, Node], ...]
    place: Place
    flow: bool = False
    via: Place | None = None
    broken: frozenset[str] = field(default_factory=frozenset)

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return ((key.value, node) for key, node in self.entries)

    def get(self, name: str) -> Node | None:
        """Return the value under a key; None when the key is not there."""
        return next((node for key, node in self.entries if key.value == name), None)

    def key(self, name: str) -> KeyScalar | None:
        """Return a key itself, for its place; None when it is not there."""
        return next((key for key, _ in self.entries if key.value == name), None)


Node = MapNode | ListNode | ScalarNode


def child_path(path: str, name: str | int) -> str:
    """Return the dotted path of a map's value or a list's element (counted from 0)."""
    return f"{path}.{name}" if path else str(name)


def walk(node: Node, path: str = "") -> Iterator[tuple[str, KeyScalar | None, Node]]:
    """Yield (path, key, node) of a node and all below it, in file order; key is None outside of maps."""
    stack: list[tuple[str, KeyScalar | None, Node]] = [(path, None, node)]
    while stack:
        here, key, at = stack.pop()
        yield here, key, at
        if isinstance(at, MapNode):
            stack.extend((child_path(here, k.value), k, child) for k, child in reversed(at.entries))
        elif isinstance(at, ListNode):
            numbered = list(enumerate(at.items))
            stack.extend((child_path(here, number), None, child) for number, child in reversed(numbered))


def lookup(node: Node, path: str) -> Node | None:
    """Return the node at a dotted path (list elements by number from 0); None when nothing is there."""
    if not path:
        return node
    if isinstance(node, MapNode):
        for name, child in node:
            if path == name:
                return child
            if path.startswith(f"{name}.") and (found := lookup(child, path[len(name) + 1 :])) is not None:
                return found
    elif isinstance(node, ListNode):
        number, _, rest = path.partition(".")
        if number.isdecimal() and int(number) < len(node.items):
            return lookup(node.items[int(number)], rest)
    return None


def plain(node: Node) -> Plain:
    """Return the values without places: dicts, tuples and scalars."""
    if isinstance(node, MapNode):
        return {name: plain(child) for name, child in node}
    if isinstance(node, ListNode):
        return tuple(plain(child) for child in node.items)
    return node.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where everything of a tree stands, by dotted path.

    A path that the text does not spell out (a default, a shorthand) answers with the nearest one above it.
    A field of a form answers under its name too: "...steps.confirmed.form.fault".
    """

    values: Mapping[str, Place]
    keys: Mapping[str, Place]
    inclusions: Mapping[str, Place]

    def value(self, path: str) -> Place:
        """Return the place of the value at a path."""
        return _nearest(self.values, path)

    def key(self, path: str) -> Place:
        """Return the place of the key at a path; of the value where it has no key (an element of a list)."""
        return self.keys.get(path) or self.value(path)

    def via(self, path: str) -> Place | None:
        """Return the line that included what stands at a path; None when the file wrote it itself."""
        return _nearest_or_none(self.inclusions, path) if self.inclusions else None


def places_of(tree: Node) -> Places:
    """Return the places of a tree."""
    values: dict[str, Place] = {}
    keys: dict[str, Place] = {}
    inclusions: dict[str, Place] = {}
    for path, key, node in walk(tree):
        values.setdefault(path, node.place)
        if key is not None:
            keys.setdefault(path, key.place)
        if node.via is not None:
            inclusions.setdefault(path, node.via)
        if isinstance(node, ListNode):
            for item in node.items:
                if name := name_of(item):
                    values.setdefault(child_path(path, name), item.place)
    return Places(values=values, keys=keys, inclusions=inclusions)


def name_of(item: Node) -> str:
    """Return the name that a list's element goes by: `fault!` and `{fault: {...}}` are "fault"; "" when it has none."""
    if isinstance(item, ScalarNode) and isinstance(item.value, str):
        return item.value.removesuffix("!")
    if isinstance(item, MapNode) and len(item.entries) == 1:
        return item.entries[0][0].value.removesuffix("!")
    return ""


def _nearest(places: Mapping[str, Place], path: str) -> Place:
    return _nearest_or_none(places, path) or NOWHERE


def _nearest_or_none(places: Mapping[str, Place], path: str) -> Place | None:
    while path not in places and path:
        path = path.rpartition(".")[0]
    return places.get(path)


def moved(node: Node, path: str, via: Place | None = None) -> Node:
    """Return a copy of a node under another path; via: the line that included it, kept where it has one already."""
    place = replace(node.place, path=path)
    inclusion = node.via or via
    if isinstance(node, ScalarNode):
        return replace(node, place=place, via=inclusion)
    if isinstance(node, ListNode):
        items = tuple(moved(child, child_path(path, number), via) for number, child in enumerate(node.items))
        return replace(node, items=items, place=place, via=inclusion)
    entries = tuple(
        (
            replace(key, place=replace(key.place, path=child_path(path, key.value))),
            moved(child, child_path(path, key.value), via),
        )
        for key, child in node.entries
    )
    return replace(node, entries=entries, place=place, via=inclusion)
