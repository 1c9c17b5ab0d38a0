"""What every check looks at, worked out once: the outline, the graph of each machine, every expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from lifecycle.language.definition import Definition
from lifecycle.language.facts import Facts
from lifecycle.language.names import Site
from lifecycle.language.outline import Outline
from lifecycle.language.sites import ExpressionSite, expressions_of
from lifecycle.language.tree import ListNode, MapNode, ScalarNode, walk
from lifecycle.language.walks import Walks, walks_of
from lifecycle.problems import Level, Problem

TICKED = "_ticked"
"""A checklist brings a step of this ending along to every machine that shows it."""

MOST_EVALUATIONS = 20_000
"""Evaluations of conditions and cells that one file may cost; what is left undecided is not reported."""

_WORD = re.compile(r"[A-Za-z0-9_]+")


class Subject:
    """A definition under examination.

    facts  what surely has a value where, as the compiler knows it
    """

    def __init__(self, definition: Definition, facts: Facts) -> None:
        self.definition = definition
        self.facts = facts
        self.text = definition.text
        self.outline = Outline(definition)
        self._left = MOST_EVALUATIONS

    def may_spend(self, evaluations: int) -> bool:
        """Return whether so many more evaluations may be made for this file; they count as made."""
        if evaluations > self._left:
            return False
        self._left -= evaluations
        return True

    @cached_property
    def walks(self) -> Mapping[str, Walks]:
        """Return the graph of each machine."""
        return {name: walks_of(site) for name, site in self.outline.machines.items()}

    @cached_property
    def expressions(self) -> tuple[ExpressionSite, ...]:
        """Return every expression of the file."""
        return tuple(expressions_of(self.outline))

    @cached_property
    def _lost(self) -> frozenset[str]:
        return frozenset(path.rpartition(".")[2] for path in self.definition.broken)

    @cached_property
    def _words(self) -> Mapping[str, int]:
        """How often each word stands in the file, as a key or inside a text."""
        found: dict[str, int] = {}
        for _, key, node in walk(self.definition.tree):
            texts = [key.value] if key else []
            if isinstance(node, ScalarNode) and isinstance(node.value, str):
                texts.append(node.value)
            for text in texts:
                for word in _WORD.findall(text):
                    found[word] = found.get(word, 0) + 1
        return found

    def known(self, site: ExpressionSite) -> frozenset[str]:
        """Return the names that surely have a value where an expression stands."""
        kinds = self.outline.kinds_of(site.machine) if site.machine else (site.kind,) if site.kind else ()
        if (site.machine and site.machine not in self.text.machines) or any(k not in self.text.cases for k in kinds):
            return frozenset()
        act = site.step
        return self.facts.at(
            Site(
                machine=site.machine,
                kinds=kinds,
                owner=act.owner if act is not None and act.machine else None,
                step=act.name if act is not None else "",
                opening=act is not None and bool(act.kind),
            )
        )

    def lost(self, name: str) -> bool:
        """Return whether an element of this name was declared but could not be read."""
        return name in self._lost

    def may_be_lost(self, name: str) -> bool:
        """Return whether a use of the name may stand in what could not be read."""
        return bool(self.definition.broken) and self._words.get(name, 0) > 1

    def from_part(self, at: str) -> bool:
        """Return whether a part brought this element along: what a file does not use of it is no fault."""
        return self.definition.places.via(at) is not None

    def problem(
        self, code: str, at: str, *, level: Level = "error", key: bool = False, hint: str = "", **values: object
    ) -> Problem:
        """Return a problem at the value (or the key) of a path."""
        return self.outline.problem(code, at, level=level, key=key, hint=hint, **values)

    def steps_of(self, machine: str) -> tuple[str, ...]:
        """Return the names of a machine's steps, those that checklists bring along included."""
        site = self.outline.machines[machine]
        ticked = (f"{s.state.checklist}{TICKED}" for s in site.states.values() if s.state.checklist)
        return tuple(dict.fromkeys((*(step.name for step in site.steps), *ticked)))

    def reads(self) -> Iterator[tuple[ExpressionSite, str]]:
        """Yield every dotted name that an expression reads."""
        for site in self.expressions:
            for name in site.names:
                yield site, name

    def arguments(self, *functions: str) -> Iterator[tuple[ExpressionSite, str]]:
        """Yield the literal first arguments of some functions."""
        for site in self.expressions:
            for found in site.reading.arguments:
                if found.function in functions and found.index == 0:
                    yield site, found.literal

    def cited(self) -> Iterator[tuple[str, str]]:
        """Yield (rule, path) of every citation, in file order."""
        for path, key, node in walk(self.definition.tree):
            if isinstance(node, MapNode) and _INCLUDED_RULES.fullmatch(path):
                yield from _placed(node, path)
            if key is not None and key.value == "rules" and path != "rules" and isinstance(node, ListNode):
                for number, item in enumerate(node.items):
                    if isinstance(item, ScalarNode):
                        yield str(item.value), f"{path}.{number}"

    def row_fields(self, each: str | None) -> tuple[str, ...]:
        """Return the dictionary fields that the rows of an `each` ("=form.lines") bring along."""
        head, _, name = (each or "").removeprefix("=").strip().partition(".")
        entry = self.text.fields.get(name) if head in ("form", "data", "case") else None
        columns = entry.of if entry is not None and isinstance(entry.of, dict) else {}
        return tuple(column for column in columns if column in self.text.fields)

    def keys(self, at: str) -> tuple[str, ...]:
        """Return the keys that stand in the file at a path, readable or not."""
        node = self.outline.nodes.get(at)
        return tuple(dict.fromkeys((*(name for name, _ in node), *node.broken))) if isinstance(node, MapNode) else ()


Check = Callable[[Subject], Iterator[Problem]]
"""A rule of the checker: the problems of one kind, in any order."""


_INCLUDED_RULES = re.compile(r"include\.\d+\.rules")


def _placed(rules: MapNode, path: str) -> Iterator[tuple[str, str]]:
    """Yield (rule, path) of what an `include` puts at places inside its part."""
    for place, listed in rules:
        for number, item in enumerate(listed.items if isinstance(listed, ListNode) else ()):
            if isinstance(item, ScalarNode):
                yield str(item.value), f"{path}.{place}.{number}"
