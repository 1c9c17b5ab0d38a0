"""The typed names that an expression may read, by where it stands (language, section 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from lifecycle.core.seeing.words import COVERAGE_WORDS, DEADLINE_WORDS, ROW_WORDS, UNSET
from lifecycle.core.workflow import Field, Setting
from lifecycle.core.workflow.papers import VOID
from lifecycle.expressions import BOOLEAN, DATETIME, TEXT, Environment, ValueType, rows
from lifecycle.language.coverage import reaching
from lifecycle.language.definition import Definition
from lifecycle.language.fieldtypes import lists_type, series_type, type_named, value_type
from lifecycle.language.papers import PaperEntry
from lifecycle.language.relations import Relations
from lifecycle.language.settled import names_of

ALWAYS = frozenset(("state", "now", "actor.role", "actor.person"))
"""Never null, but for `actor.person`: nobody named is nobody's equal, and nothing else is asked of a person."""


ALWAYS_OF_ROWS = frozenset(ROW_WORDS) - UNSET

ALWAYS_SETTLED = (".rows", ".corrections", ".frozen")
"""What a settlement says also when nothing was drawn up: lists without rows, and that nothing is frozen."""


class Rows(Protocol):
    """The value of an `each`: what its rows look like."""

    def rows(self) -> ValueType:
        """Return the type of the list that it yields."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where an expression stands.

    machine  whose instance it looks at; "" for one that looks at the case alone
    kinds    the kinds of case in which it may stand
    opening  whether it belongs to an opening, which sees the values of its form as `data`, too
    form     fields that the step was given, with their types
    each     the rows that it looks at one by one as `it`
    owner    path of the state around it, "" for `anywhere`, None for the machine or case as a whole
    step     name of the step or opening that it belongs to; "" for none
    after    whether it is read after the step's tables were asked and its values set
    given    conditions that hold whenever it is read: what they test needs no test again
    """

    machine: str = ""
    kinds: tuple[str, ...] = ()
    opening: bool = False
    form: Mapping[str, ValueType] = field(default_factory=dict)
    each: Rows | None = None
    owner: str | None = None
    step: str = ""
    after: bool = False
    row: bool = False
    given: tuple[str, ...] = ()


def given(site: Site, *conditions: str | None) -> Site:
    """Return the site of what is read only when these conditions hold, too."""
    added = tuple(one for one in conditions if one is not None)
    return replace(site, given=(*site.given, *added)) if added else site


class Names:
    """The names of one workflow."""

    def __init__(
        self,
        definition: Definition,
        fields: Mapping[str, Field],
        settings: Mapping[str, Setting],
        relations: Relations,
    ) -> None:
        self.fields = fields
        self.relations = relations
        self.types = {name: value_type(one.type, personal=one.pii) for name, one in fields.items()}
        self.data = {f"data.{name}": self.types[name] for name, one in fields.items() if not one.shared}
        self.case = {f"case.{name}": self.types[name] for name, one in fields.items() if one.shared}
        self.settings = {f"settings.{name}": value_type(one.type) for name, one in settings.items()}
        self.lists = {f"lists.{name}": value_type(lists_type(definition, name)) for name in definition.text.lists}
        self.series = dict(_series(definition))
        self.decisions = dict(_decisions(definition))
        self.definition = definition
        self.papers = {name: tuple(self._paper(name, one)) for name, one in definition.text.papers.items()}
        self.settlements = {name: tuple(names_of(definition, name)) for name in definition.text.settlements}
        self.derived = {
            name: value_type(type_named(definition, one.is_)) for name, one in definition.text.derived.items()
        }
        self._plurals: dict[str, ValueType] = {}

    def environment(self, site: Site) -> Environment:
        """Return what may be read at a site. What only happens to be known there may still be compared with null."""
        names = dict(self._names(site))
        always = (name for name, one in names.items() if one.kind == "list" and "." not in name)
        settled = (name for name in names if name.startswith("settlement.") and name.endswith(ALWAYS_SETTLED))
        sure = (f"derived.{name}" for name, of in self.derived.items() if of.kind == "boolean")
        return Environment(names, ALWAYS.union(ALWAYS_OF_ROWS, self.settings, self.lists, always, settled, sure))

    def _names(self, site: Site) -> Iterator[tuple[str, ValueType]]:
        yield from self.case.items()
        yield from self.settings.items()
        yield from self.lists.items()
        yield from self.series.items()
        yield from (("now", DATETIME), ("actor.role", TEXT), ("actor.person", TEXT))
        if site.machine or site.opening:
            yield from self.data.items()
            yield from self.decisions.items()
        if site.machine:
            yield "state", TEXT
            if self.relations.parents.get(site.machine):
                yield from ((f"parent.{name[5:]}", of) for name, of in self.data.items())
            yield from ((f"assigned.{name}", TEXT) for name in sorted(self.relations.assigned[site.machine]))
            for name in sorted(self.relations.settles[site.machine] & self.settlements.keys()):
                yield from self.settlements[name]
            for parent in self.relations.parents.get(site.machine, ()):
                yield from ((f"parent.assigned.{name}", TEXT) for name in sorted(self.relations.assigned[parent]))
        yield from ((f"form.{name}", of) for name, of in site.form.items())
        for machine in self.relations.visible(site.machine, site.kinds):
            plural = self.definition.text.machines[machine].plural
            if plural:
                yield plural, self.plural(machine)
        yield from self._of_kinds(site)
        for paper in self._papers_at(site):
            yield from self.papers[paper]
        for name, entry in self.definition.text.derived.items():
            if entry.of in (site.machine, *site.kinds):
                yield f"derived.{name}", self.derived[name]
        if site.each is not None:
            yield from _row_names(site.each.rows())
        if site.row:
            yield from self._of_row(site)

    def _of_kinds(self, site: Site) -> Iterator[tuple[str, ValueType]]:
        """Yield what may be read of linked cases, and of the coverage of the case or of the one linked to it."""
        text = self.definition.text
        for kind in site.kinds:
            for link in text.cases[kind].links:
                yield f"link.{link}.open", BOOLEAN
                yield from ((f"link.{link}.{name[5:]}", of) for name, of in self.case.items())
        for name, entry in text.coverage.items():
            if any(reaching(text, kind, entry.of, links=not site.row) for kind in site.kinds):
                yield from ((f"coverage.{name}.{word}", value_type(of)) for word, of in COVERAGE_WORDS.items())

    def _of_row(self, site: Site) -> Iterator[tuple[str, ValueType]]:
        """Yield the words that a row of a view has of itself, and how the deadlines of its machine stand."""
        yield from ((word, value_type(of, personal=word == "customer")) for word, of in ROW_WORDS.items())
        for deadline in self.relations.deadlines.get(site.machine, ()):
            for word, of in DEADLINE_WORDS.items():
                yield f"deadline.{deadline}.{word}", value_type(of)

    def _papers_at(self, site: Site) -> Iterator[str]:
        """Yield the papers of the case, and those that instances of the machine have."""
        own = self.relations.papers.get(site.machine, frozenset())
        for name, entry in self.definition.text.papers.items():
            if (entry.of == "case" and site.kinds) or (entry.of == "instance" and name in own):
                yield name

    def _paper(self, name: str, entry: PaperEntry) -> Iterator[tuple[str, ValueType]]:
        yield f"paper.{name}.stage", ValueType("choice", choices=frozenset((*entry.stages, VOID)))
        yield from ((f"paper.{name}.{word}", TEXT) for word in ("number", "holder"))
        for revision in (f"paper.{name}", f"paper.{name}.proposed"):
            yield f"{revision}.revision", ValueType("integer")
            yield from ((f"{revision}.{field}", self.types[field]) for field in entry.fields if field in self.types)

    def plural(self, machine: str) -> ValueType:
        """Return the type of the instances of a machine, as rows."""
        if machine not in self._plurals:
            own = {name: self.types[name] for name in self.relations.kept.get(machine, ()) if name in self.types}
            fixed = {"id": TEXT, "key": TEXT, "state": TEXT, "final": BOOLEAN, "outcome": TEXT, "removed": BOOLEAN}
            self._plurals[machine] = rows({**own, **fixed})
        return self._plurals[machine]


def _row_names(of: ValueType) -> Iterator[tuple[str, ValueType]]:
    if of.kind == "list" and of.columns:
        yield from ((f"it.{name}", column) for name, column in of.columns)
    else:
        yield "it", of.of if of.of is not None else ValueType("any")


def _series(definition: Definition) -> Iterator[tuple[str, ValueType]]:
    for name, entry in definition.text.series.items():
        yield f"series.{name}.last", value_type(series_type(entry.is_))
        yield f"series.{name}.at", DATETIME


def _decisions(definition: Definition) -> Iterator[tuple[str, ValueType]]:
    for name, table in definition.text.tables.items():
        for output, word in table.outputs.items():
            one = value_type(type_named(definition, word))
            yield f"decision.{name}.{output}", ValueType("list", of=one) if table.hit == "collect" else one
