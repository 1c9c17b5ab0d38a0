"""YAML text -> tree, with every problem of the text at once.

PyYAML delivers events only: its composer would expand aliases and merge keys, lose duplicate keys and recurse.
Limits are checked while the events arrive, so that a small bomb stays small.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from lifecycle.language.scalars import trap_of, value_of
from lifecycle.language.source import Source, read_source
from lifecycle.language.syntax import Fault, fault_of
from lifecycle.language.tree import KeyScalar, ListNode, MapNode, Node, ScalarNode, Style, child_path, moved
from lifecycle.problems import Place, Problem

DEEPEST = 32
MOST_NODES = 50_000
MOST_ALIASES = 50
MOST_PROBLEMS = 200
MOST_CUTS = 8
"""How often a text is read again with a broken section left out, to find what else is wrong."""

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_STYLES: dict[str | None, Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
_SECTION = re.compile(r"""["']?([\w-]+)["']?\s*:(\s|$)""")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a text. tree: None when nothing could be read."""

    tree: MapNode | None
    problems: tuple[Problem, ...]


def read(content: bytes | str, file: str) -> Reading:
    """Return the tree of a YAML text and its problems, in file order.

    content  bytes as they stand in the file; at most 1 MiB
    file     the name under which places speak of it
    """
    source, problems = read_source(content, file)
    if source is None:
        return Reading(None, _in_order(problems))
    tabs = {problem.where.line for problem in problems if problem.code == "yaml-tab"}
    lost: set[str] = set()
    text = source
    tree = None
    for _ in range(MOST_CUTS):
        once = _Pass(text)
        tree = once.run()
        problems += once.problems
        if once.fault is None:
            break
        if once.fault.problem.where.line not in tabs:
            problems.append(once.fault.problem)
        cut = _section(text, once.fault.first)
        if cut is None:
            break
        lost.add(cut.name)
        text = text.without(cut.first, cut.last)
    if tree is None and not problems:
        problems.append(Problem(code="yaml-empty-file", where=source.place(0, 0)))
    if tree is not None and lost:
        tree = MapNode(entries=tree.entries, place=tree.place, broken=tree.broken | lost)
    return Reading(tree, _in_order(problems))


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    unique = {(p.where.line, p.where.column, p.code): p for p in reversed(list(problems))}
    ordered = [unique[place] for place in sorted(unique)]
    if len(ordered) > MOST_PROBLEMS:
        more = Problem(
            code="more-problems",
            level="note",
            where=ordered[MOST_PROBLEMS].where,
            values={"count": len(ordered) - MOST_PROBLEMS},
        )
        return (*ordered[:MOST_PROBLEMS], more)
    return tuple(ordered)


@dataclass(frozen=True, slots=True)
class _Cut:
    name: str
    first: int
    last: int


def _section(source: Source, line: int) -> _Cut | None:
    """Return the top-level section in which a line stands; None when it stands in none."""
    starts = [(number, match[1]) for number, text in enumerate(source.lines) if (match := _SECTION.match(text))]
    begun = [start for start in starts if start[0] <= line]
    if not begun:
        return None
    first, name = begun[-1]
    last = next((number - 1 for number, _ in starts if number > first), len(source.lines) - 1)
    return _Cut(name, first, last)


class _Stop(Exception):
    """The text exceeds a limit: nothing more is read."""


@dataclass(slots=True)
class _Frame:
    """A map or list that is being read.

    pending   a map's key that waits for its value; skipped: whether that entry is to be left out
    """

    is_map: bool
    place: Place
    path: str
    flow: bool
    anchor: str | None
    keys: dict[str, KeyScalar] = field(default_factory=dict)
    entries: list[tuple[KeyScalar, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    pending: KeyScalar | None = None
    skipped: bool = False
    stray: bool = False
    size: int = 1
    depth: int = 1

    @property
    def wants_key(self) -> bool:
        return self.is_map and self.pending is None and not self.skipped

    def next_path(self) -> str:
        if not self.is_map:
            return child_path(self.path, len(self.items))
        return child_path(self.path, self.pending.value) if self.pending else self.path

    def node(self) -> Node:
        if self.is_map:
            entries, broken = tuple(self.entries), frozenset(self.broken)
            return MapNode(entries=entries, place=self.place, flow=self.flow, broken=broken)
        return ListNode(items=tuple(self.items), place=self.place, flow=self.flow)


class _Pass:
    """One reading of the events of a text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.fault: Fault | None = None
        self.root: Node | None = None
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Node, int, int] | None] = {}
        self.nodes = 0
        self.aliases = 0
        self.documents = 0
        self.last_scalar = (0, 0)

    def run(self) -> MapNode | None:
        try:
            for event in yaml.parse(self.source.text, Loader=_LOADER):
                self.on(event)
        except _Stop:
            return None
        except yaml.YAMLError as error:
            self.fault = fault_of(error, self.source, self.last_scalar)
            return None
        if isinstance(self.root, MapNode):
            return self.root
        if self.root is not None:
            self.report("yaml-not-a-map", self.root.place)
        return None

    def report(self, code: str, where: Place, **values: object) -> None:
        self.problems.append(Problem(code=code, where=where, values=values))

    def place(self, mark: Any, path: str = "") -> Place:
        return self.source.place(mark.line, mark.column, path)

    def on(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self.on_scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self.on_start(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.on_end()
        elif isinstance(event, yaml.AliasEvent):
            self.on_alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.report("yaml-several-documents", self.place(event.start_mark))
                raise _Stop
            if event.version or event.tags:
                self.report("yaml-directive", self.place(event.start_mark))

    def count(self, event: Any, size: int = 1) -> None:
        self.nodes += size
        if self.nodes > MOST_NODES:
            self.report("yaml-too-many-nodes", self.place(event.start_mark), limit=MOST_NODES)
            raise _Stop

    def next_path(self) -> str:
        return self.stack[-1].next_path() if self.stack else ""

    def tag(self, event: Any, where: Place) -> None:
        if event.tag is not None:
            self.report("yaml-tag", where, tag=event.tag[:80])

    def on_scalar(self, event: Any) -> None:
        self.count(event)
        self.last_scalar = (event.start_mark.line, event.start_mark.column)
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.wants_key:
            self.on_key(event, frame)
            return
        where = self.place(event.start_mark, self.next_path())
        self.tag(event, where)
        style = _STYLES.get(event.style, "plain")
        node: Node | None = ScalarNode(value=event.value, place=where, style=style)
        if style == "plain":
            node = None if frame is not None and frame.stray else self.plain(event.value, where, frame)
        self.keep_anchor(event.anchor, node, 1, 0)
        self.attach(node, 1, 0)

    def plain(self, text: str, where: Place, frame: _Frame | None) -> Node | None:
        if frame is not None and frame.skipped:
            return None
        code = trap_of(text)
        if code and text == "" and frame is not None:
            if frame.pending is not None:
                self.report("yaml-empty-value", frame.pending.place, key=frame.pending.value)
            else:
                self.report("yaml-empty-element", where)
        elif code and frame is not None:
            self.report(code, where, value=text[:80])
        else:
            return ScalarNode(value=value_of(text), place=where)
        return None

    def on_key(self, event: Any, frame: _Frame) -> None:
        where = self.place(event.start_mark, child_path(frame.path, event.value))
        self.tag(event, where)
        style = _STYLES.get(event.style, "plain")
        text: str = event.value
        frame.skipped = True
        if frame.flow and self.after(event.end_mark) not in (":", ""):
            frame.stray = True
            self.on_stray(event, frame, where)
        elif style == "plain" and text == "<<":
            self.report("yaml-merge-key", where)
        elif style == "plain" and text == "":
            self.report("yaml-empty-key", where)
        elif style == "plain" and (trap := trap_of(text)):
            self.report("yaml-key-not-text" if trap == "yaml-null" else trap, where, value=text[:80])
        elif style == "plain" and not isinstance(value_of(text), str):
            self.report("yaml-key-not-text", where, value=text[:80])
        elif text in frame.keys:
            first = frame.keys[text].place
            self.report("yaml-duplicate-key", where, key=text[:80], line=first.line, column=first.column)
        else:
            frame.skipped = False
            frame.pending = frame.keys[text] = KeyScalar(value=text, place=where, style=style)

    def on_stray(self, event: Any, frame: _Frame, where: Place) -> None:
        """A piece of a flow map without a colon: mostly the rest of a text that holds a comma."""
        last = frame.entries[-1][1] if frame.entries else None
        if not event.style and ":" in event.value:
            self.report("yaml-colon-space", where)
        elif isinstance(last, ScalarNode) and last.style == "plain" and isinstance(last.value, str):
            if not any(p.where == last.place for p in self.problems[-1:]):
                self.report("yaml-comma-in-text", last.place, text=last.value[:80])
        else:
            self.report("yaml-empty-value", where, key=event.value[:80])

    def after(self, mark: Any) -> str:
        """Return the next character that is not blank, "" at the end."""
        line, column = mark.line, mark.column
        while line < len(self.source.lines):
            rest = self.source.lines[line][column:].lstrip()
            if rest:
                return str(rest[0])
            line, column = line + 1, 0
        return ""

    def on_start(self, event: Any) -> None:
        self.count(event)
        where = self.place(event.start_mark, self.next_path())
        self.tag(event, where)
        if len(self.stack) == DEEPEST:
            self.report("yaml-too-deep", where, limit=DEEPEST)
            raise _Stop
        if self.stack and self.stack[-1].wants_key:
            self.report("yaml-key-not-text", where, value="...")
        if event.anchor:
            self.anchors[event.anchor] = None
        is_map = isinstance(event, yaml.MappingStartEvent)
        frame = _Frame(is_map=is_map, place=where, path=where.path, flow=bool(event.flow_style), anchor=event.anchor)
        self.stack.append(frame)

    def on_end(self) -> None:
        frame = self.stack.pop()
        node = frame.node()
        self.keep_anchor(frame.anchor, node, frame.size, frame.depth)
        self.attach(node, frame.size, frame.depth)

    def keep_anchor(self, anchor: str | None, node: Node | None, size: int, depth: int) -> None:
        if anchor and node is not None:
            self.anchors[anchor] = (node, size, depth)

    def on_alias(self, event: Any) -> None:
        self.aliases += 1
        where = self.place(event.start_mark, self.next_path())
        if self.aliases > MOST_ALIASES:
            self.report("yaml-too-many-aliases", where, limit=MOST_ALIASES)
            raise _Stop
        if self.stack and self.stack[-1].wants_key:
            self.report("yaml-key-not-text", where, value=f"*{event.anchor}")
            self.stack[-1].skipped = True
            return
        if event.anchor not in self.anchors:
            self.report("yaml-unknown-alias", where, alias=event.anchor[:80])
            self.attach(None, 1, 0)
            return
        found = self.anchors[event.anchor]
        if found is None:
            self.report("yaml-recursive-alias", where, alias=event.anchor[:80])
            self.attach(None, 1, 0)
            return
        node, size, depth = found
        self.count(event, size)
        if len(self.stack) + depth > DEEPEST:
            self.report("yaml-too-deep", where, limit=DEEPEST)
            raise _Stop
        self.attach(moved(node, where.path), size, depth)

    def attach(self, node: Node | None, size: int, depth: int) -> None:
        """Put a finished node where it belongs; None: it was reported and is left out."""
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        frame.size += size
        frame.depth = max(frame.depth, depth + 1)
        if not frame.is_map:
            if node is not None:
                frame.items.append(node)
        elif frame.wants_key:
            frame.skipped = True
        else:
            if frame.pending is not None and node is not None:
                frame.entries.append((frame.pending, node))
            elif frame.pending is not None:
                frame.broken.add(frame.pending.value)
            frame.pending, frame.skipped, frame.stray = None, False, False
