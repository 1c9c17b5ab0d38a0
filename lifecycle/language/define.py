"""From the tree to the definition: every fault of shape at once, and whatever is well formed kept.

pydantic says what is wrong and where in the values; the tree says where that stands in the file. What is wrong is
taken out and the rest is read again, so that one bad step hides nothing elsewhere.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import Tag, ValidationError

from lifecycle.language.definition import Definition, WorkflowText, keys_of
from lifecycle.language.tree import KeyScalar, ListNode, MapNode, Node, ScalarNode, name_of, places_of, plain, walk
from lifecycle.language.vocabulary import Element
from lifecycle.problems import Place, Problem

MOST_ROUNDS = 40
"""How often the rest is read again; each round takes out at least one thing that could not be read."""

MOST_FAULTS = 500
"""A text with more faults than this is not read again: there is nothing sound enough to check."""

WANTED = {
    "string_type": "text-wanted",
    "int_type": "integer-wanted",
    "bool_type": "boolean-wanted",
    "dict_type": "map-wanted",
    "mapping_type": "map-wanted",
    "model_type": "map-wanted",
    "model_attributes_type": "map-wanted",
    "tuple_type": "list-wanted",
    "list_type": "list-wanted",
    "union_tag_invalid": "other-shape-wanted",
    "string_pattern_mismatch": "bad-format",
    "string_too_short": "text-empty",
    "string_too_long": "text-too-long",
    "too_short": "section-empty",
    "greater_than_equal": "number-too-small",
}
"""pydantic's kinds of error and our codes; an unknown kind is `bad-value`."""

HEAD = {"workflow": "unnamed", "version": 1}
"""What stands in for a head that cannot be read, so that the rest can."""

_PATH = re.compile(r"(data|form|case|parent|settings|decision|link|actor|it)(\.[a-z_][a-z0-9_]*)+")
_CONDITIONS = frozenset({"when", "required_when", "that", "always", "where", "at", "due", "opens", "while", "share"})
_PROSE = frozenset({"zh", "en", "source", "waived", "upon", "all", "drop", "columns", "order", "group"})

Steps = tuple[str | int, ...]


def define(tree: MapNode, cited: Mapping[str, tuple[str, ...]] | None = None) -> tuple[Definition, tuple[Problem, ...]]:
    """Return the definition of a resolved tree, as far as it is well formed, and the problems of its shape.

    cited  rules that an `include` cites, with the paths that the part brought
    """
    problems: list[Problem] = []
    broken = set(_lost_by_reader(tree))
    rest: MapNode = tree
    text = None
    for _ in range(MOST_ROUNDS):
        try:
            text = WorkflowText.model_validate(_with_head(rest))
            break
        except ValidationError as error:
            ground = _Ground(rest, broken)
            faults = [_fault(ground, found) for found in error.errors(include_url=False, include_input=False)]
        problems.extend(fault.problem for fault in faults if fault.problem is not None)
        broken |= {fault.path for fault in faults if fault.path}
        rest = _without(rest, [fault.steps for fault in faults])
        if len(problems) > MOST_FAULTS:
            break
    if text is None:
        text = WorkflowText.model_validate(dict(HEAD))
        broken |= {name for name, _ in tree}
    wrong = {problem.where for problem in problems}
    problems.extend(problem for problem in _paths_in_literals(tree) if problem.where not in wrong)
    definition = Definition(
        text=text, tree=tree, places=places_of(tree), broken=frozenset(broken), cited=dict(cited or {})
    )
    return definition, _in_order(problems)


def _with_head(tree: MapNode) -> dict[str, Any]:
    values: dict[str, Any] = {name: plain(child) for name, child in tree}
    return {**{name: value for name, value in HEAD.items() if name in tree.broken}, **values}


def _lost_by_reader(tree: MapNode) -> Iterator[str]:
    for path, _, node in walk(tree):
        if isinstance(node, MapNode):
            yield from (f"{path}.{name}" if path else name for name in node.broken)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    unique = {(p.where.file, p.where.line, p.where.column, p.code, p.where.path): p for p in problems}
    return tuple(sorted(unique.values(), key=lambda p: (p.where.file, p.where.line, p.where.column)))


@dataclass(frozen=True, slots=True)
class _Fault:
    """What one error of pydantic comes to.

    problem  None when it only follows from something reported already
    steps    the way to what must be taken out of the tree that was read; path: its path in the whole tree
    """

    problem: Problem | None
    steps: Steps
    path: str


@dataclass(frozen=True, slots=True)
class _Site:
    """Where an error's location leads in the tree."""

    node: Node
    key: KeyScalar | None
    steps: Steps

    @property
    def path(self) -> str:
        return self.node.place.path

    @property
    def key_place(self) -> Place:
        return self.key.place if self.key is not None else self.node.place


class _Ground:
    """The tree that was read, with its children by name, and what was lost before: looked up for every error."""

    def __init__(self, tree: MapNode, broken: set[str]) -> None:
        self.root = _Site(tree, None, ())
        self.broken = broken
        self.holding_broken = frozenset(above for path in broken for above in _above(path))
        self._keys: dict[int, dict[str, tuple[KeyScalar, Node]]] = {}
        self._names: dict[int, dict[str, int]] = {}

    def keys_of(self, node: MapNode) -> dict[str, tuple[KeyScalar, Node]]:
        if id(node) not in self._keys:
            self._keys[id(node)] = {key.value: (key, child) for key, child in node.entries}
        return self._keys[id(node)]

    def names_in(self, node: ListNode) -> dict[str, int]:
        if id(node) not in self._names:
            numbered = reversed(list(enumerate(node.items)))
            self._names[id(node)] = {name_of(item): number for number, item in numbered}
        return self._names[id(node)]

    def site(self, location: Steps) -> _Site:
        """Follow pydantic's location; what the text does not spell out (tags, shorthands) is passed over."""
        site = self.root
        for step in location:
            site = self._descend(site, step) or site
        return site

    def _descend(self, site: _Site, step: str | int) -> _Site | None:
        node = site.node
        if isinstance(node, MapNode) and isinstance(step, str):
            keys = self.keys_of(node)
            if step in keys:
                key, child = keys[step]
                return _Site(child, key, (*site.steps, step))
            # a form's field that is written {fault: {default: ...}} goes by its name already
            if len(node.entries) == 1:
                key, child = node.entries[0]
                if isinstance(child, MapNode) and step in self.keys_of(child) and key.value.removesuffix("!") != step:
                    return self._descend(_Site(child, key, (*site.steps, key.value)), step)
        elif isinstance(node, ListNode):
            number = step if isinstance(step, int) else self.names_in(node).get(step)
            if number is not None and number < len(node.items):
                return _Site(node.items[number], None, (*site.steps, number))
        return None


def _above(path: str) -> Iterator[str]:
    """Yield every path above a path, without the root."""
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _fault(ground: _Ground, error: Any) -> _Fault:
    kind: str = error["type"]
    location: tuple[str | int, ...] = error["loc"]
    context: dict[str, Any] = error.get("ctx", {})
    on_key = bool(location) and location[-1] == "[key]"
    if kind in ("missing", "key-missing"):
        site = ground.site(location[:-1] if kind == "missing" else location)
        return _missing(site, str(context.get("key", location[-1])), ground.broken)
    site = ground.site(location[:-1] if on_key else location)
    if kind == "needs-one":
        problem = Problem(code="needs-one", where=_at(site.key_place, site.path), values={"keys": context["keys"]})
        silent = site.path in ground.holding_broken and not context.get("given")
        return _Fault(None if silent else problem, site.steps, site.path)
    if kind == "extra_forbidden":
        return _Fault(_unknown(site, location), site.steps, site.path)
    where = site.key_place if on_key else site.node.place
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", str(context.get("expected", ""))) or [str(context.get("expected", ""))]
        problem = Problem(code="not-one-of", where=where, values={"name": _shown(site.node), "known": known})
    elif kind in WANTED:
        problem = Problem(code=WANTED[kind], where=where, values={"key": _last(site), "value": _shown(site.node)})
    elif "-" in kind:
        problem = Problem(code=kind, where=where, values={"key": _last(site), **context})
    else:
        problem = Problem(code="bad-value", where=where, values={"key": _last(site), "value": _shown(site.node)})
    return _Fault(problem, site.steps, site.path)


def _missing(site: _Site, name: str, broken: set[str]) -> _Fault:
    path = f"{site.path}.{name}" if site.path else name
    reported = path in broken or (isinstance(site.node, MapNode) and name in site.node.broken)
    problem = Problem(code="key-missing", where=_at(site.key_place, site.path), values={"key": name, "of": _last(site)})
    return _Fault(None if reported else problem, site.steps or (name,), path if not site.steps else site.path)


def _unknown(site: _Site, location: Steps) -> Problem:
    model = _model_at(location[:-1])
    name = str(location[-1])
    return Problem(code="unknown-key", where=site.key_place, values={"name": name, "known": keys_of(model)})


def _at(place: Place, path: str) -> Place:
    return replace(place, path=path)


def _last(site: _Site) -> str:
    return str(site.path.rpartition(".")[2]) if site.key is None else site.key.value


def _shown(node: Node) -> str:
    return str(node.value)[:80] if isinstance(node, ScalarNode) else "[...]" if isinstance(node, ListNode) else "{...}"


def _without(tree: MapNode, faults: Iterable[Steps]) -> MapNode:
    """Return the tree without the nodes at these ways; the names of lost keys are kept as broken."""
    ways = set(faults)
    if () in ways or not ways:
        return MapNode(entries=(), place=tree.place, broken=frozenset(HEAD))
    cut = _cut(tree, ways)
    return cut if isinstance(cut, MapNode) else tree


def _cut(node: Node, ways: set[Steps]) -> Node:
    inner: dict[str | int, set[Steps]] = {}
    for way in ways:
        inner.setdefault(way[0], set()).add(way[1:])
    if isinstance(node, MapNode):
        kept = []
        for key, child in node.entries:
            below = inner.get(key.value)
            if below is None:
                kept.append((key, child))
            elif () not in below:
                kept.append((key, _cut(child, below)))
        lost = frozenset(str(name) for name, below in inner.items() if () in below)
        return replace(node, entries=tuple(kept), broken=node.broken | lost)
    if isinstance(node, ListNode):
        items = []
        for number, child in enumerate(node.items):
            below = inner.get(number)
            if below is None:
                items.append(child)
            elif () not in below:
                items.append(_cut(child, below))
        return replace(node, items=tuple(items))
    return node


def _model_at(location: Steps) -> type[Element]:
    """Return the element whose key a location names."""
    at: Any = WorkflowText
    model: type[Element] = WorkflowText
    for step in location:
        at = _inside(at, step)
        if isinstance(at, type) and issubclass(at, Element):
            model = at
    return model


def _inside(annotation: Any, step: str | int) -> Any:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _inside(get_args(annotation)[0], step)
    if origin in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        tagged = [m for m in members if get_origin(m) is Annotated and _tag(m) == step]
        if tagged:
            return _bare(tagged[0])
        return next((inside for m in members if (inside := _inside(m, step)) is not None), annotation)
    if origin is dict:
        return _bare(get_args(annotation)[1])
    if origin is tuple:
        return _bare(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, Element):
        for name, field in annotation.model_fields.items():
            if step in (field.alias or name, name):
                return _bare(field.annotation)
    return None


def _tag(annotation: Any) -> str:
    return next((part.tag for part in get_args(annotation)[1:] if isinstance(part, Tag)), "")


def _bare(annotation: Any) -> Any:
    """Return an annotation without its metadata, and without None beside one type."""
    if get_origin(annotation) is Annotated and not _tag(annotation):
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) is Annotated:
        return get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _bare(members[0])
    return annotation


def _paths_in_literals(tree: MapNode) -> Iterator[Problem]:
    """Yield a warning for each literal that looks like the name of a value: the "=" was probably forgotten."""
    for path, key, node in walk(tree):
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str) or not _PATH.fullmatch(node.value):
            continue
        names = path.split(".")
        if key is not None and key.value in _CONDITIONS | _PROSE:
            continue
        if any(name in _PROSE for name in names[-2:]) or names[0] in ("texts", "words", "include"):
            continue
        yield Problem(
            code="looks-like-path",
            level="warning",
            where=node.place,
            values={"value": node.value, "suggestion": f"={node.value}"},
        )
