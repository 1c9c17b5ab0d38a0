"""Parts and extended workflows put into one tree, in which everything still knows where it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lifecycle.language.citations import MAIN_SECTIONS, Citation, citations_in, cite
from lifecycle.language.folders import Folder
from lifecycle.language.musts import with_musts
from lifecycle.language.parameters import KINDS, PLACEHOLDER, Arguments, fits, insert
from lifecycle.language.reader import read
from lifecycle.language.tree import KeyScalar, ListNode, MapNode, Node, ScalarNode, moved, plain, walk
from lifecycle.problems import Place, Problem

DEEPEST = 8
"""How deep parts may include parts, and workflows extend workflows."""

MOST_INCLUSIONS = 100
MOST_NODES = 200_000

_ONLY_PART = frozenset({"part", "zh", "en", "parameters", "include"})
_NOT_IN_PART = frozenset({"workflow", "version", "zone", "extends", "drop", "rules", "words"})
_REFERRING = frozenset({"start", "open", "machine", "case", "checklist", "machines", "is", "upon", "all"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A tree without inclusions left to do.

    texts   every file that was read: name -> text
    cited   rules cited by an `include`: rule -> paths that the part brought
    """

    tree: MapNode | None
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]
    cited: Mapping[str, tuple[str, ...]]


def resolve(name: str, content: bytes, folder: Folder) -> Resolved:
    """Return the tree of a workflow with its parts put in.

    name     of the file in the folder; content  of that file
    """
    work = _Resolver(folder)
    tree = work.file(name, content)
    resolved = work.workflow(tree, (name,)) if tree is not None else None
    if resolved is not None:
        resolved, in_forms = with_musts(resolved)
        resolved, unplaced = cite(resolved, work.citations)
        work.problems.extend((*in_forms, *unplaced))
    cited = {rule: tuple(paths) for rule, paths in work.cited.items()}
    return Resolved(resolved, tuple(work.problems), work.texts, cited)


@dataclass(slots=True)
class _Resolver:
    folder: Folder
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    trees: dict[str, MapNode | None] = field(default_factory=dict)
    cited: dict[str, list[str]] = field(default_factory=dict)
    citations: list[Citation] = field(default_factory=list)
    inclusions: int = 0
    nodes: int = 0

    def report(self, code: str, where: Place, **values: object) -> None:
        self.problems.append(Problem(code=code, where=where, values=values))

    def file(self, name: str, content: bytes) -> MapNode | None:
        """Return the tree of a file; its problems are reported once, however often it is put in."""
        if name not in self.trees:
            reading = read(content, self.folder.file(name))
            self.problems.extend(reading.problems)
            self.texts[name] = content.decode("utf-8", "replace")
            self.trees[name] = reading.tree
        return self.trees[name]

    def workflow(self, tree: MapNode, chain: tuple[str, ...]) -> MapNode:
        below = self.base(tree, chain)
        parts = self.parts(tree, chain)
        if parts is not None:
            below = parts if below is None else merged(below, parts)
        return tree if below is None else merged(below, tree)

    def base(self, tree: MapNode, chain: tuple[str, ...]) -> MapNode | None:
        node = tree.get("extends")
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
            return None
        found = self.found(node.value, node, chain, self.folder.names(), "base-unknown")
        if found is None:
            return None
        resolved = self.workflow(found, (*chain, node.value))
        kept = tuple((k, n) for k, n in resolved.entries if k.value not in ("extends", "drop", "include"))
        base = moved(MapNode(entries=kept, place=resolved.place, broken=resolved.broken), "", node.place)
        assert isinstance(base, MapNode)
        return self.dropped(base, tree.get("drop"))

    def dropped(self, base: MapNode, drop: Node | None) -> MapNode:
        for item in drop.items if isinstance(drop, ListNode) else ():
            if isinstance(item, ScalarNode) and isinstance(item.value, str):
                shorter = without(base, item.value)
                if shorter is None:
                    self.report("drop-unknown", item.place, name=item.value, known=_near_paths(base, item.value))
                else:
                    base = shorter
        return base

    def found(
        self, name: str, at: ScalarNode, chain: tuple[str, ...], known: tuple[str, ...], unknown: str
    ) -> MapNode | None:
        """Return the tree of another file, or report why it cannot be had."""
        if name in chain:
            self.report("inclusion-cycle", at.place, chain=" > ".join((*chain, name)))
            return None
        self.inclusions += 1
        if len(chain) > DEEPEST or self.inclusions > MOST_INCLUSIONS:
            self.report("too-many-inclusions", at.place, deepest=DEEPEST, most=MOST_INCLUSIONS)
            return None
        content = self.folder.read(name)
        if content is None:
            self.report(unknown, at.place, name=name, known=[other for other in known if other not in chain])
            return None
        return self.file(name, content)

    def parts(self, tree: MapNode, chain: tuple[str, ...]) -> MapNode | None:
        node = tree.get("include")
        together: MapNode | None = None
        for entry in node.items if isinstance(node, ListNode) else ():
            part = self.part(entry, chain) if isinstance(entry, MapNode) else None
            if part is None:
                continue
            if together is not None:
                self.compare(together, part, entry)
            together = part if together is None else merged(together, part)
        return together

    def compare(self, earlier: MapNode, part: MapNode, entry: Node) -> None:
        """Report what two parts define differently; the workflow's own file may override, a part may not."""
        for section, node in part:
            before = earlier.get(section)
            if not isinstance(before, MapNode) or not isinstance(node, MapNode):
                continue
            for name, child in node:
                other = before.get(name)
                if other is not None and plain(other) != plain(child):
                    values = {"name": f"{section}.{name}", "other": str(other.place)}
                    self.report("parts-conflict", entry.place, **values)

    def part(self, entry: MapNode, chain: tuple[str, ...]) -> MapNode | None:
        named = entry.get("part")
        if not isinstance(named, ScalarNode) or not isinstance(named.value, str):
            return None
        tree = self.found(named.value, named, chain, self.folder.parts(), "part-unknown")
        if tree is None:
            return None
        own = tree.get("part")
        if not isinstance(own, ScalarNode) or not isinstance(own.value, str):
            self.report("not-a-part", named.place, name=named.value)
            return None
        self.nodes += sum(1 for _ in walk(tree))
        if self.nodes > MOST_NODES:
            self.report("too-many-inclusions", named.place, deepest=DEEPEST, most=MOST_INCLUSIONS)
            return None
        renamed = entry.get("as")
        self_node = renamed if isinstance(renamed, ScalarNode) and isinstance(renamed.value, str) else own
        arguments = Arguments({**self.arguments(tree, entry), "self": self_node})
        sections = [(key, node) for key, node in tree.entries if key.value not in _ONLY_PART]
        for key, _ in sections:
            if key.value in _NOT_IN_PART:
                self.report("not-in-part", key.place, key=key.value)
        kept = tuple((key, node) for key, node in sections if key.value not in _NOT_IN_PART)
        filled = insert(MapNode(entries=kept, place=tree.place, broken=tree.broken - _ONLY_PART), arguments)
        assert isinstance(filled, MapNode)
        self.problems.extend(arguments.problems)
        self.unused(tree, arguments)
        inner = self.parts(tree, (*chain, named.value))
        if inner is not None:
            filled = merged(inner, filled)
        if self_node is not own and self_node.value != own.value:
            filled = _rename(filled, str(own.value), str(self_node.value))
        placed = moved(filled, "", entry.place)
        assert isinstance(placed, MapNode)
        self.cite(entry, placed)
        self.citations.extend(citations_in(entry.get("rules"), str(self_node.value)))
        return placed

    def cite(self, entry: MapNode, part: MapNode) -> None:
        rules = entry.get("rules")
        brought = [f"{section}.{name}" for section, node in part if isinstance(node, MapNode) for name, _ in node]
        for rule in rules.items if isinstance(rules, ListNode) else ():
            if isinstance(rule, ScalarNode):
                self.cited.setdefault(str(rule.value), []).extend(brought)

    def arguments(self, part: MapNode, entry: MapNode) -> dict[str, Node]:
        """Return the argument of every parameter: the given one, or its default."""
        declared = part.get("parameters")
        given = entry.get("with")
        arguments: dict[str, Node] = {}
        parameters = dict(declared) if isinstance(declared, MapNode) else {}
        for name, parameter in parameters.items():
            kind = parameter.get("is") if isinstance(parameter, MapNode) else None
            if not isinstance(parameter, MapNode) or not isinstance(kind, ScalarNode) or kind.value not in KINDS:
                place = kind.place if kind is not None else parameter.place
                value = str(kind.value) if isinstance(kind, ScalarNode) else ""
                self.report("bad-parameter", place, parameter=name, name=value, known=list(KINDS))
                continue
            argument = given.get(name) if isinstance(given, MapNode) else None
            default = parameter.get("default")
            if argument is not None and not fits(str(kind.value), argument):
                self.report("argument-wrong-type", argument.place, name=name, kind=kind.value)
            elif argument is not None:
                arguments[name] = argument
            elif default is not None:
                arguments[name] = default
            else:
                self.report("argument-missing", entry.place, parameter=name, kind=kind.value)
        for key, node in given.entries if isinstance(given, MapNode) else ():
            if key.value not in parameters:
                self.report("argument-unknown", key.place, name=key.value, known=list(parameters))
            arguments.setdefault(key.value, node)
        for name in parameters:
            # already reported: the placeholder stays quiet
            arguments.setdefault(name, ScalarNode(value=name, place=entry.place))
        return arguments

    def unused(self, part: MapNode, arguments: Arguments) -> None:
        declared = part.get("parameters")
        for key, _ in declared.entries if isinstance(declared, MapNode) else ():
            seen = any(p.code == "parameter-unused" and p.where == key.place for p in self.problems)
            if key.value not in arguments.used and not _named_in(part.get("include"), key.value) and not seen:
                values = {"name": key.value}
                self.problems.append(Problem(code="parameter-unused", level="warning", where=key.place, values=values))


def _named_in(node: Node | None, parameter: str) -> bool:
    return node is not None and any(
        parameter in PLACEHOLDER.findall(str(below.value))
        for _, _, below in walk(node)
        if isinstance(below, ScalarNode)
    )


def merged(below: MapNode, above: MapNode) -> MapNode:
    """Return two maps as one, deeply by key: what stands above wins, new keys come last."""
    over = {key.value: (key, node) for key, node in above.entries}
    entries: list[tuple[KeyScalar, Node]] = []
    for key, node in below.entries:
        if key.value not in over:
            entries.append((key, node))
            continue
        upper_key, upper = over.pop(key.value)
        both = isinstance(node, MapNode) and isinstance(upper, MapNode)
        entries.append((upper_key, merged(node, upper) if both else upper))  # type: ignore[arg-type]  # both are maps
    entries.extend(over.values())
    return replace(above, entries=tuple(entries), broken=below.broken | above.broken)


def without(node: MapNode, path: str) -> MapNode | None:
    """Return a map without what stands at a dotted path; None when nothing stands there."""
    for number, (key, child) in enumerate(node.entries):
        if path == key.value:
            return replace(node, entries=(*node.entries[:number], *node.entries[number + 1 :]))
        if path.startswith(f"{key.value}.") and isinstance(child, MapNode):
            shorter = without(child, path[len(key.value) + 1 :])
            if shorter is not None:
                entries = (*node.entries[:number], (key, shorter), *node.entries[number + 1 :])
                return replace(node, entries=entries)
    return None


def _near_paths(tree: MapNode, path: str) -> list[str]:
    """Return the paths beside the one that was named; all of its depth when not even its parent is there."""
    depth, parent = path.count("."), path.rpartition(".")[0]
    level = [other for other, key, _ in walk(tree) if key is not None and other.count(".") == depth]
    return [other for other in level if other.rpartition(".")[0] == parent] or level


def _rename(tree: MapNode, old: str, new: str) -> MapNode:
    """Return a part's tree with its main element under another name, also where the part itself refers to it."""
    sections: list[tuple[KeyScalar, Node]] = []
    for key, node in tree.entries:
        renamed = _references(node, old, new, key.value, ())
        if key.value in MAIN_SECTIONS and isinstance(renamed, MapNode):
            renamed = _keys_renamed(renamed, old, new)
        sections.append((key, renamed))
    return replace(tree, entries=tuple(sections))


def _keys_renamed(node: MapNode, old: str, new: str) -> MapNode:
    return replace(
        node, entries=tuple((replace(k, value=new) if k.value == old else k, child) for k, child in node.entries)
    )


def _references(node: Node, old: str, new: str, key: str, above: tuple[str, ...]) -> Node:
    if isinstance(node, MapNode):
        if key in ("start", "open", "papers"):
            node = _keys_renamed(_keys_renamed(node, old, new), f"{old}?", f"{new}?")
        entries = tuple((k, _references(child, old, new, k.value, (*above, key))) for k, child in node.entries)
        return replace(node, entries=entries)
    if isinstance(node, ListNode):
        return replace(node, items=tuple(_references(item, old, new, key, above) for item in node.items))
    if not isinstance(node.value, str):
        return node
    # `start` of a machine or of a composite state names a state, not a machine
    names_state = key == "start" and above[-2:-1] in _OWNERS
    if key in _REFERRING and not names_state:
        return replace(node, value=_name_renamed(node.value, old, new))
    calls = re.sub(rf"\b(missing|all_final)\((['\"]){re.escape(old)}(s?)\2\)", rf"\1(\g<2>{new}\g<3>\g<2>)", node.value)
    calls = re.sub(rf"\bpaper\.{re.escape(old)}\.", f"paper.{new}.", calls)
    return replace(node, value=calls) if calls != node.value else node


_OWNERS = (("machines",), ("states",))


def _name_renamed(value: str, old: str, new: str) -> str:
    if value == old:
        return new
    return f"{new}{value[len(old) :]}" if value.startswith(f"{old}.") else value


def origins(tree: MapNode) -> Iterator[tuple[str, Place, Place | None]]:
    """Yield (path, place, including line) of every key of a resolved tree, for people who ask where a line is from."""
    for path, key, node in walk(tree):
        if key is not None:
            yield path, key.place, node.via
