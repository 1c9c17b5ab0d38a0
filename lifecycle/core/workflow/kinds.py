"""Kinds of case, and the whole workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lifecycle.clocks.calendar import Calendar
from lifecycle.core.workflow.acts import Call, Effect, Expectation, FormField, Guard, Invariant, Start, Who
from lifecycle.core.workflow.conditions import Formula
from lifecycle.core.workflow.coverage import Coverage
from lifecycle.core.workflow.dictionary import Checklist, Field, Guidance, Role, Setting, Table
from lifecycle.core.workflow.ledgers import Ledger
from lifecycle.core.workflow.lists import Listing
from lifecycle.core.workflow.machines import Machine, effects_of
from lifecycle.core.workflow.papers import Paper
from lifecycle.core.workflow.people import Pool
from lifecycle.core.workflow.schedules import Schedule
from lifecycle.core.workflow.seeing import Audience, Derived, Kpi, View
from lifecycle.core.workflow.series import Series
from lifecycle.core.workflow.settlements import Settlement
from lifecycle.problems import NOWHERE, Place, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A named way in which a case of a kind begins. Records `<kind>.<opening>`."""

    name: str
    event: str
    titles: Text = field(default_factory=dict)
    who: Who = field(default_factory=Who)
    form: tuple[FormField, ...] = ()
    require: tuple[Guard, ...] = ()
    decide: tuple[Call, ...] = ()
    effects: tuple[Effect, ...] = ()
    recorded_afterwards: bool = False
    guidance: tuple[Guidance, ...] = ()
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Another case that this kind knows.

    kind   the other kind, of this workflow
    key    for a keyed kind: the formula of the key (the case is found, not opened)
    field  or: the field (of type ref) that holds the other case's number
    """

    name: str
    kind: str
    key: Formula | None = None
    field: str = ""
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of case.

    key       the field that keys it (a keyed kind outlives matters); "" for a plain matter
    number    pattern of the case number: {year}, {serial:06}; unique per store
    closes    a case closes when all its instances are final (never, for a keyed kind)
    """

    name: str
    titles: Text = field(default_factory=dict)
    subject: str = ""
    key: str = ""
    number: str = ""
    machines: tuple[str, ...] = ()
    openings: Mapping[str, Opening] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    expects: tuple[Expectation, ...] = ()
    where: Place = NOWHERE

    @property
    def closes(self) -> bool:
        return not self.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """One published version of a workflow, ready to decide.

    digest  SHA-256 (hex) of the bundle: the text with all its parts
    """

    name: str
    version: int
    zone: str
    titles: Text = field(default_factory=dict)
    digest: str = ""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    lists: Mapping[str, Listing] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    ledgers: Mapping[str, Ledger] = field(default_factory=dict)
    settlements: Mapping[str, Settlement] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    machines: Mapping[str, Machine] = field(default_factory=dict)
    invariants: tuple[Invariant, ...] = ()
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    rules: Mapping[str, Text] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    kpis: Mapping[str, Kpi] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    brood: Mapping[str, frozenset[str]] = field(init=False)
    """Machine -> machines whose instances are its children: started by its steps, states or events."""
    clocked: bool = field(init=False)
    """Whether the clock has anything to do with its cases."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "brood", {name: brood_of(machine, self) for name, machine in self.machines.items()})
        clocked = bool(self.coverage) or any(machine.clocked for machine in self.machines.values())
        object.__setattr__(self, "clocked", clocked)

    def machine_of_plural(self, plural: str) -> str | None:
        """Return the machine whose instances that plural names."""
        return next((machine.name for machine in self.machines.values() if machine.plural == plural), None)


def brood_of(machine: Machine, workflow: Workflow) -> frozenset[str]:
    """Return the machines that a machine's steps and states start, or that start on one of its events."""
    started = {effect.machine for effect in effects_of(machine) if isinstance(effect, Start)}
    prefix = machine.name + "."
    upon = {other.name for other in workflow.machines.values() if any(e.startswith(prefix) for e in other.starts)}
    return frozenset(started | upon)
