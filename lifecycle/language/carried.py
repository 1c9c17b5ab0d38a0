"""How each rule is carried: it refuses, it happens, it is measured, or it is only shown (language, section 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lifecycle.language.definition import Definition
from lifecycle.language.tree import ListNode, MapNode, ScalarNode, lookup, walk

Way = Literal["refuses", "happens", "measured", "shown"]
WAYS: tuple[Way, ...] = ("refuses", "happens", "measured", "shown")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """An element that cites a rule: its dotted path, and its title in each language as far as it has one."""

    path: str
    titles: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ways:
    """The elements that carry one rule, by the way in which they do."""

    refuses: tuple[Place, ...] = ()
    happens: tuple[Place, ...] = ()
    measured: tuple[Place, ...] = ()
    shown: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        return (*self.refuses, *self.happens, *self.measured, *self.shown)

    def of(self, way: Way) -> tuple[Place, ...]:
        """Return the elements that carry it in this way."""
        found: tuple[Place, ...] = getattr(self, way)
        return found


def how_carried(definition: Definition) -> Mapping[str, Ways]:
    """Return for every declared rule the elements that carry it; a rule that nothing cites has no places."""
    found: dict[str, dict[Way, dict[str, Place]]] = {rule: {} for rule in definition.text.rules}
    for rule, path in _citations(definition):
        if rule in found:
            place = Place(path=path, titles=titles_at(definition, path))
            found[rule].setdefault(way_of(definition, path), {})[path] = place
    return {rule: Ways(**{way: tuple(places.values()) for way, places in ways.items()}) for rule, ways in found.items()}


def carried_table(definition: Definition, lang: str) -> list[tuple[str, str, Way | Literal[""], str, str]]:
    """Return rows (rule, its title, way, path, the element's title) in the order of the declarations.

    A rule that nothing carries has one row with an empty way.
    """
    rows: list[tuple[str, str, Way | Literal[""], str, str]] = []
    for rule, ways in how_carried(definition).items():
        title = _in(definition.text.rules[rule].titles, lang)
        for way in WAYS:
            rows.extend((rule, title, way, place.path, _in(place.titles, lang)) for place in ways.of(way))
        if not ways.places:
            rows.append((rule, title, "", "", ""))
    return rows


def way_of(definition: Definition, path: str) -> Way:
    """Return how an element carries a rule: by what it is."""
    parts = path.split(".")
    if "require" in parts or parts[0] in ("guards", "invariants"):
        node = lookup(definition.tree, path)
        failing = node.get("failing") if isinstance(node, MapNode) else None
        marks = isinstance(failing, ScalarNode) and failing.value == "mark"
        return "measured" if marks else "refuses"
    if "expect" in parts or parts[0] in ("views", "kpis", "derived"):
        return "measured"
    if "guidance" in parts or parts[0] in ("checklists", "texts", "settings", "types"):
        return "shown"
    return "refuses" if parts[0] == "roles" else "happens"


def titles_at(definition: Definition, path: str) -> Mapping[str, str]:
    """Return the titles of the element at a path; of its `else`, or of the element around it, when it has none."""
    while path:
        node = lookup(definition.tree, path)
        if isinstance(node, MapNode):
            words = node.get("else")
            for holder in (node, words):
                titles = _titles(holder) if isinstance(holder, MapNode) else {}
                if titles:
                    return titles
        path = path.rpartition(".")[0]
    return {}


def _titles(node: MapNode) -> dict[str, str]:
    given = ((language, node.get(language)) for language in ("zh", "en"))
    return {language: str(words.value) for language, words in given if isinstance(words, ScalarNode)}


def _citations(definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield (rule, path of the element that cites it), in file order; an include's rules as what its part does."""
    for path, key, node in walk(definition.tree):
        if key is None or key.value != "rules" or path == "rules" or not isinstance(node, ListNode):
            continue
        if path.startswith("include."):
            continue
        for item in node.items:
            if isinstance(item, ScalarNode):
                yield str(item.value), path.rpartition(".")[0]
    for rule, paths in definition.cited.items():
        yield from ((rule, path) for path in paths)


def _in(titles: Mapping[str, str], lang: str) -> str:
    return titles.get(lang) or next(iter(titles.values()), "")
