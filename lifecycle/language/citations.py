"""Rules that an `include` puts at places inside the part: appended to the `rules` of the elements named there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lifecycle.language.tree import KeyScalar, ListNode, MapNode, Node, ScalarNode, child_path
from lifecycle.problems import Place, Problem

MAIN_SECTIONS = ("machines", "checklists", "papers", "cases")
"""Where a part's main element stands; a path that none of them has is one from the top."""

_CONTAINERS = ("states", "anywhere", "steps", "require", "expect", "enter", "items", "opens", "links", "stages")
"""Keys that a path may leave out: `at_home.entered.papers` finds states.at_home.steps.entered.require.papers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Rules at one place inside a part.

    main   name of the part's main element here
    path   inside it; "" is the element itself; what is not found there is looked for from the top
    """

    main: str
    path: str
    rules: ListNode
    place: Place


def citations_in(rules: Node | None, main: str) -> tuple[Citation, ...]:
    """Return the citations of an include's `rules` written as a map; none for the list form."""
    if not isinstance(rules, MapNode):
        return ()
    return tuple(
        Citation(main=main, path=key.value, rules=node, place=key.place)
        for key, node in rules.entries
        if isinstance(node, ListNode)
    )


def cite(tree: MapNode, citations: Iterable[Citation]) -> tuple[MapNode, tuple[Problem, ...]]:
    """Return the resolved tree with the rules where the citations put them, and those that found no place."""
    problems: list[Problem] = []
    for citation in citations:
        found = _found(tree, citation)
        if found is None:
            values = {"name": citation.path, "known": _known(tree, citation)}
            problems.append(Problem(code="rules-path-unknown", where=citation.place, values=values))
            continue
        changed = _with_rules(tree, found, citation.rules, "")
        assert isinstance(changed, MapNode)
        tree = changed
    return tree, tuple(problems)


def _found(tree: MapNode, citation: Citation) -> tuple[str, ...] | None:
    """Return the keys from the top to the element that a citation names; None when there is no such map."""
    names = citation.path.split(".") if citation.path else []
    for section in MAIN_SECTIONS:
        main = _inside(tree, (section, citation.main))
        found = _way(main, names, (section, citation.main)) if isinstance(main, MapNode) else None
        if found is not None:
            return found
    return _way(tree, names, ()) if names else None


def _way(node: Node | None, names: list[str], above: tuple[str, ...]) -> tuple[str, ...] | None:
    if not isinstance(node, MapNode):
        return None
    if not names:
        return above
    first, rest = names[0], names[1:]
    found = _way(node.get(first), rest, (*above, first))
    for container in _CONTAINERS if found is None else ():
        inner = node.get(container)
        if isinstance(inner, MapNode) and inner.get(first) is not None:
            found = _way(inner.get(first), rest, (*above, container, first))
            if found is not None:
                return found
    return found


def _inside(node: Node | None, names: tuple[str, ...]) -> Node | None:
    for name in names:
        node = node.get(name) if isinstance(node, MapNode) else None
    return node


def _known(tree: MapNode, citation: Citation) -> list[str]:
    """Return the paths that were meant, perhaps: as far as the path goes, what stands below."""
    names = citation.path.split(".")
    for length in range(len(names) - 1, -1, -1):
        shorter = replace(citation, path=".".join(names[:length]))
        found = _found(tree, shorter)
        if found is not None:
            node = _inside(tree, found)
            return [child_path(shorter.path, name) for name in _names_in(node)]
    return [f"{section}.{name}" for section in MAIN_SECTIONS for name in _names_in(tree.get(section))]


def _names_in(node: Node | None) -> list[str]:
    if not isinstance(node, MapNode):
        return []
    known = [name for name, child in node if isinstance(child, MapNode) and name not in _CONTAINERS]
    known.extend(name for key, inner in node if key in _CONTAINERS and isinstance(inner, MapNode) for name, _ in inner)
    return known


def _with_rules(node: Node, names: tuple[str, ...], rules: ListNode, path: str) -> Node:
    assert isinstance(node, MapNode)
    wanted = names[0] if names else "rules"
    here = child_path(path, wanted)
    if names:
        entries = tuple(
            (key, _with_rules(child, names[1:], rules, here) if key.value == wanted else child)
            for key, child in node.entries
        )
        return replace(node, entries=entries)
    before = node.get("rules")
    kept = before.items if isinstance(before, ListNode) else ()
    told = {item.value for item in kept if isinstance(item, ScalarNode)}
    fresh = [item for item in rules.items if not (isinstance(item, ScalarNode) and item.value in told)]
    items = [*kept, *(_at(item, child_path(here, number)) for number, item in enumerate(fresh, start=len(kept)))]
    together = ListNode(
        items=tuple(items), place=(before or rules).place, flow=True, via=before.via if before else None
    )
    if before is None:
        key = KeyScalar(value="rules", place=replace(rules.place, path=here))
        return replace(node, entries=(*node.entries, (key, replace(together, place=key.place))))
    return replace(node, entries=tuple((k, together if k.value == "rules" else child) for k, child in node.entries))


def _at(item: Node, path: str) -> Node:
    return replace(item, place=replace(item.place, path=path))
