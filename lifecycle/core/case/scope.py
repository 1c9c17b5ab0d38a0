"""What expressions see while a step is decided: one snapshot of the case, the form and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lifecycle.clocks.calendar import Calendar
from lifecycle.core.case import accounts
from lifecycle.core.case.commands import Facts
from lifecycle.core.case.labels import label_of
from lifecycle.core.case.papers import Issued, proposes, said
from lifecycle.core.case.periods import covered
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import PRIVATE, Actor, Json, Personal, Sealed, stamp
from lifecycle.core.ledger import said as said_amount
from lifecycle.core.lists import LISTS, in_force, name_of
from lifecycle.core.series import SERIES, Reading
from lifecycle.core.series import name_of as name_of_readings
from lifecycle.core.workflow import Checklist, Failure, Field, Item, Paper, Workflow

HIDDEN = "***"
"""What a condition sees of a personal value: that there is one."""


@dataclass(kw_only=True)
class Snapshot:
    """The scope of one decision (implements `lifecycle.core.workflow.Scope`); a value: `but` gives another one.

    instance  the one that takes the step; None for the case itself and while it is opened
    form      accepted values of this step, in their stored form
    derived   values set so far by this step, and values of a case that is being opened
    item      the row of an `each`
    papers    papers moved so far by this step: (instance, name) -> paper
    assigned  what this step assigned so far: (instance, name) -> people, pool, team; None when released
    settled   rows that this step drew up so far: (instance, settlement) -> rows
    fired     values of the event that fired an `upon` step: its `form.x`
    asked     names of the settings that were read, for the event to keep their values
    looked_up names of the calendars that were read, for the event to keep their versions
    listed    lists and rows that were read: "<list>" or "<list>/<key>" -> what was read, for the event to keep
    measured  readings that were read: "<series>/<holder>" -> {"is", "at", "revision"}, for the event to keep
    balances  accounts that were read: "<ledger>/<holder>" -> {"is", "revision"}, for the event to keep
    """

    workflow: Workflow
    case: Case
    instance: Instance | None
    actor: Actor
    now: datetime
    facts: Facts
    form: Mapping[str, Json] = field(default_factory=dict)
    derived: Mapping[str, Json] = field(default_factory=dict)
    decisions: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    item: Json = None
    papers: Mapping[tuple[str, str], Issued] = field(default_factory=dict)
    assigned: Mapping[tuple[str, str], Mapping[str, Json] | None] = field(default_factory=dict)
    settled: Mapping[tuple[str, str], Mapping[str, Json]] = field(default_factory=dict)
    fired: Mapping[str, Json] | None = None
    asked: set[str] = field(default_factory=set)
    looked_up: set[str] = field(default_factory=set)
    listed: dict[str, Json] = field(default_factory=dict)
    measured: dict[str, Json] = field(default_factory=dict)
    balances: dict[str, Json] = field(default_factory=dict)

    def value(self, name: str) -> Json:
        head, _, rest = name.partition(".")
        reader = READERS.get(head)
        found = reader(self, rest) if reader else self.children(head)
        return HIDDEN if isinstance(found, PRIVATE) else found

    def data(self, name: str) -> Json:
        if name in self.derived:
            return self.derived[name]
        if name in self.form:
            return self.form[name]
        return self.instance.data.get(name) if self.instance else None

    def shared(self, name: str) -> Json:
        if name in self.derived:
            return self.derived[name]
        if name in self.form:
            return self.form[name]
        return self.case.data.get(name)

    def typed(self, name: str) -> Json:
        return self.form.get(name) if self.fired is None else self.fired.get(name)

    def parent(self, name: str) -> Json:
        if self.instance is None or not self.instance.parent:
            return None
        parent = self.case.instances[self.instance.parent]
        if name.startswith("assigned."):
            return self.but(instance=parent).bearer(name.partition(".")[2])
        return parent.data.get(name)

    def setting(self, name: str) -> Json:
        self.asked.add(name)
        return self.facts.settings.get(name)

    def decision(self, name: str) -> Json:
        table, _, output = name.partition(".")
        if table in self.decisions:
            return self.decisions[table].get(output)
        return self.instance.decisions.get(table, {}).get(output) if self.instance else None

    def who(self, name: str) -> Json:
        return self.actor.role if name == "role" else self.actor.person or None

    def state(self, _: str) -> Json:
        return self.instance.state if self.instance else ""

    def moment(self, _: str) -> Json:
        return stamp(self.now)

    def it(self, name: str) -> Json:
        return self.item.get(name) if name else self.item

    def link(self, name: str) -> Json:
        link, _, rest = name.partition(".")
        other = self.facts.links.get(link)
        if other is None:
            return None
        return not other.closed if rest == "open" else other.data.get(rest)

    def label(self, name: str) -> Json:
        return label_of(self, name)

    def paper(self, name: str) -> Json:
        """Return what a paper says: in force, or of its open revision (`proposed.x`)."""
        named, _, rest = name.partition(".")
        paper = self.workflow.papers.get(named)
        now = self.paper_now(paper) if paper else None
        head, _, proposed = rest.partition(".")
        if head != "proposed" or paper is None or now is None:
            return said(now, rest)
        if not proposes(now):
            return None
        if proposed == "revision":
            return now["revision"]
        return next((self.current(one) for one in paper.fields if one.name == proposed), None)

    def current(self, one: Field) -> Json:
        return self.shared(one.name) if one.shared else self.data(one.name)

    def paper_now(self, paper: Paper) -> Issued | None:
        """Return a paper of the case, or of the present instance; None when none was issued."""
        instance = "" if paper.shared or self.instance is None else self.instance.id
        if (instance, paper.name) in self.papers:
            return self.papers[instance, paper.name]
        if paper.shared:
            return self.case.papers.get(paper.name)
        return self.instance.papers.get(paper.name) if self.instance else None

    def with_paper(self, paper: Paper, now: Issued) -> Snapshot:
        instance = "" if paper.shared or self.instance is None else self.instance.id
        return self.but(papers={**self.papers, (instance, paper.name): now})

    def assignment(self, name: str) -> Mapping[str, Json] | None:
        """Return who bears a name in the present instance: {"people", "pool", "team"}; None when nobody does."""
        if self.instance is None:
            return None
        if (self.instance.id, name) in self.assigned:
            return self.assigned[self.instance.id, name]
        people = self.instance.assigned.get(name)
        return {"people": people, **self.instance.duties.get(name, {})} if people else None

    def assignments(self) -> tuple[str, ...]:
        """Return the names that people bear in the present instance, in the order in which they were given."""
        if self.instance is None:
            return ()
        fresh = (name for (instance, name) in self.assigned if instance == self.instance.id)
        return tuple(name for name in dict.fromkeys((*self.instance.assigned, *fresh)) if self.assignment(name))

    def with_assigned(self, name: str, entry: Mapping[str, Json] | None) -> Snapshot:
        assert self.instance is not None
        return self.but(assigned={**self.assigned, (self.instance.id, name): entry})

    def bearer(self, name: str) -> Json:
        """Return the first who bears a name, or has that place in a team ("crew.lead"); None when nobody does."""
        named, _, place = name.partition(".")
        held = self.assignment(named)
        people = (held.get("team", {}).get(place, ()) if place else held["people"]) if held else ()
        return people[0] if people else None

    def people_of(self, name: str) -> tuple[str, ...]:
        """Return whoever took a step, or bears a name."""
        step = self.actor_of(name)
        held = self.assignment(name)
        return (*((step,) if step else ()), *(held["people"] if held else ()))

    def assignees(self) -> frozenset[str]:
        """Return everybody who bears a name in the present instance."""
        held = (self.assignment(name) for name in self.assignments())
        return frozenset(person for one in held if one for person in one["people"])

    def settled_now(self, name: str) -> Mapping[str, Json] | None:
        """Return what the present instance drew up last of a settlement; None when it drew up nothing."""
        if self.instance is None:
            return None
        return self.settled.get((self.instance.id, name)) or self.instance.settled.get(name)

    def with_settled(self, name: str, entry: Mapping[str, Json]) -> Snapshot:
        assert self.instance is not None
        return self.but(settled={**self.settled, (self.instance.id, name): entry})

    def settlement(self, name: str) -> Json:
        """Return what a settlement says: its rows and corrections are lists, also when nothing was drawn up."""
        named, _, rest = name.partition(".")
        now = self.settled_now(named) or {}
        if rest == "frozen":
            return now.get("is") == "frozen"
        head, _, column = rest.partition(".")
        if head == "total":
            return now.get("total", {}).get(column)
        return now.get(rest, [] if rest in ("rows", "corrections") else None)

    def children(self, plural: str) -> list[Json]:
        """Return the instances of a machine as rows: the present one's children if it starts such, else the case's."""
        machine = self.workflow.machine_of_plural(plural)
        if machine is None:
            return []
        one = self.instance
        parent = one.id if one is not None and machine in self.workflow.brood[one.machine] else ""
        return [as_row(child) for child in self.case.children_of(parent, machine)]

    def done(self, step: str) -> bool:
        one = self.instance
        if one is None or step not in one.taken:
            return False
        owners = self.workflow.machines[one.machine].owners_of(step)
        revision = one.taken[step]["rev"]
        return any(owner in one.entered and revision > one.entered[owner] for owner in owners)

    def ever(self, step: str) -> bool:
        return self.instance is not None and step in self.instance.taken

    def count(self, step: str) -> int:
        return self.instance.taken[step]["n"] if self.ever(step) and self.instance else 0

    def time_of(self, step: str) -> str | None:
        return self.instance.taken[step]["at"] if self.ever(step) and self.instance else None

    def actor_of(self, step: str) -> str | None:
        return self.instance.taken[step].get("person") if self.ever(step) and self.instance else None

    def missing(self, checklist: str) -> list[str]:
        listed = self.workflow.checklists.get(checklist)
        return open_items(listed, self) if listed else []

    def all_final(self, plural: str) -> bool:
        return all(row["final"] for row in self.children(plural))

    def calendar(self, name: str) -> Calendar:
        """Return a calendar as the organisation has it now, else as the workflow's text has it."""
        self.looked_up.add(name)
        return self.facts.calendars.get(name) or self.workflow.calendars[name]

    def rows_of(self, name: str) -> dict[str, tuple[Mapping[str, Json], int]]:
        """Return the rows of a list that are in force on the day of the decision, by key, each with its version."""
        listing = self.workflow.lists[name]
        kept = self.facts.beside.now(LISTS, name_of(self.workflow.name, name))
        return in_force(listing, kept, self.now.astimezone(ZoneInfo(self.workflow.zone)).date())

    def rows(self, name: str) -> list[Json]:
        """Return a list whole; the event keeps how far its changes had come."""
        kept = self.facts.beside.now(LISTS, name_of(self.workflow.name, name))
        self.listed.setdefault(name, {"revision": kept.revision})
        return [row for row, _ in self.rows_of(name).values()]

    def row(self, name: str, key: str) -> Json:
        """Return a row of a list; the event keeps it as it was read. None when there is none of that key."""
        row, version = self.rows_of(name).get(key, (None, 0))
        self.listed.setdefault(f"{name}/{key}", {"row": row, "version": version})
        return row

    def latest(self, name: str, at: str | None) -> Reading | None:
        """Return the latest reading of a series at or before a stored instant; None without one or a holder."""
        holder = accounts.holder_of(self.workflow.series[name], None, self)
        if not holder:
            return None
        readings = self.facts.beside.now(SERIES, name_of_readings(self.workflow.name, name, holder))
        found = readings.at(at or stamp(self.now))
        told: dict[str, Json] = {"is": found["value"], "at": found["at"]} if found else {}
        self.measured.setdefault(f"{name}/{holder}", {**told, "revision": readings.revision})
        return found

    def reading(self, name: str, at: str | None) -> Json:
        found = self.latest(name, at)
        return found["value"] if found else None

    def series(self, name: str) -> Json:
        """Return what the last reading says: its value (`last`), or when it was read (`at`)."""
        named, _, word = name.partition(".")
        found = self.latest(named, None)
        return None if found is None else found["value" if word == "last" else "at"]

    def balance(self, name: str, key: str | None) -> int:
        """Return what is open or left in an account, in minor units for money.

        Raises  ValueError when nobody is named whose account it is
        """
        ledger = self.workflow.ledgers[name]
        holder = accounts.holder_of(ledger, key, self)
        if not holder:
            raise ValueError(f"nobody is named whose account of {name} is asked")
        account = accounts.account_of(ledger, holder, self)
        read: dict[str, Json] = {"is": said_amount(account.balance, ledger.unit), "revision": account.revision}
        self.balances.setdefault(f"{name}/{holder}", read)
        return account.balance

    def coverage_case(self, name: str) -> Case | None:
        """Return the case that a coverage is of: this one, or the one linked case of that kind; None without one."""
        kind = self.workflow.coverage[name].kind
        if self.case.kind == kind:
            return self.case
        own = self.workflow.kinds.get(self.case.kind)
        links = [link.name for link in own.links.values() if link.kind == kind] if own else []
        return self.facts.links.get(links[0]) if len(links) == 1 else None

    def covered(self, name: str, part: str) -> bool:
        case = self.coverage_case(name)
        day = self.now.astimezone(ZoneInfo(self.workflow.zone)).date()
        return case is not None and covered(case, name, part, day)

    def coverage(self, name: str) -> Json:
        """Return what a coverage says of the whole: its first and last day, and by how many days that was put off."""
        named, _, word = name.partition(".")
        case = self.coverage_case(named)
        return None if case is None else case.coverage.get(named, {}).get(word)

    def but(self, **changes: Any) -> Snapshot:
        """Return the same snapshot with some attributes changed."""
        twin = Snapshot.__new__(Snapshot)
        twin.__dict__.update(self.__dict__, **changes)
        return twin

    def with_item(self, item: Json) -> Snapshot:
        return self.but(item=item)

    def with_derived(self, values: Mapping[str, Json]) -> Snapshot:
        return self.but(derived={**self.derived, **values})


READERS = {
    "data": Snapshot.data,
    "case": Snapshot.shared,
    "form": Snapshot.typed,
    "parent": Snapshot.parent,
    "settings": Snapshot.setting,
    "decision": Snapshot.decision,
    "actor": Snapshot.who,
    "state": Snapshot.state,
    "now": Snapshot.moment,
    "it": Snapshot.it,
    "link": Snapshot.link,
    "paper": Snapshot.paper,
    "derived": Snapshot.label,
    "assigned": Snapshot.bearer,
    "settlement": Snapshot.settlement,
    "lists": Snapshot.rows,
    "series": Snapshot.series,
    "coverage": Snapshot.coverage,
}


def as_row(one: Instance) -> dict[str, Json]:
    """Return an instance as conditions see it among its siblings."""
    values = {name: HIDDEN if isinstance(value, Personal | Sealed) else value for name, value in one.data.items()}
    return {
        **values,
        "id": one.id,
        "key": one.key,
        "state": one.state,
        "final": one.final,
        "outcome": one.outcome,
        "removed": one.removed,
    }


def open_items(checklist: Checklist, scope: Snapshot) -> list[str]:
    """Return the items that apply and are not ticked; an item per row is named "<item>/<row key>"."""
    ticked = scope.instance.ticks.get(checklist.name, {}) if scope.instance else {}
    found: list[str] = []
    for item in checklist.items.values():
        if item.when is not None and item.when.holds(scope) is False:
            continue
        names = names_of(item, scope)
        found.extend(name for name in names if name not in ticked)
    return found


def names_of(item: Item, scope: Snapshot) -> list[str]:
    """Return what there is to tick of an item: itself, or one name per row; unreadable rows count as one."""
    if item.each is None:
        return [item.name]
    rows = item.each.value(scope)
    if isinstance(rows, Failure):
        return [item.name]
    return [f"{item.name}/{number}" for number, _ in enumerate(rows or (), start=1)]
