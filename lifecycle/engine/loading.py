"""Loading: a case from its head or its history, and the facts that a decision looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from lifecycle.clocks.calendar import Calendar
from lifecycle.core import figures, publication
from lifecycle.core.aggregates import AGGREGATES
from lifecycle.core.beside import Aggregate, Beside, stream_of
from lifecycle.core.calendars import CALENDARS, Changes, changed_at, in_force, name_of_plans
from lifecycle.core.case import SHAPE, Case, Facts, folded, next_due
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import SYSTEM, Json, Recorded, instant
from lifecycle.core.workflow import Failure, Link, Workflow
from lifecycle.problems import UnknownCase
from lifecycle.store.port import CaseEntry, Folded, Reads
from lifecycle.store.standing import head_case, unfolded


def find_case(store: Reads, case: str) -> CaseEntry:
    """Return the index entry of a case number or id.

    Raises  UnknownCase
    """
    entry = store.find(case)
    if entry is None:
        raise UnknownCase(case=case)
    return entry


def standing_case(store: Reads, case: str) -> Case:
    """Return the case of a number or id as it is now.

    Raises  UnknownCase
    """
    head = store.head_of(case)
    if head is None:
        raise UnknownCase(case=case)
    return unfolded(store, head)


def fold_any(stream: UUID, history: Iterable[Recorded]) -> Folded:
    """Return what any stream's history makes, by what its first event says it is."""
    recorded = list(history)
    first = recorded[0].event
    if "opened" in first.changes:
        case = folded(stream, recorded, None, None)
        return Folded(state=case.to_json(), shape=SHAPE, due=next_due(case))
    kind = first.type.partition(".")[0]
    if kind == "publication":
        published = publication.Publication()
        for each in recorded:
            published = publication.evolve(published, each.event)
        return Folded(state=published.to_json(), shape=publication.SHAPE)
    if kind == "setting":
        values = figures.Figures()
        for each in recorded:
            values = figures.evolve(values, each.event)
        return Folded(state=values.to_json(), shape=figures.SHAPE, due=recorded[-1].event.occurred_at)
    aggregate = AGGREGATES[kind]
    standing = aggregate.blank()
    for each in recorded:
        standing = aggregate.evolve(standing, each.event)
    due = aggregate.due(standing)
    if aggregate is CALENDARS:
        due = recorded[-1].event.occurred_at  # looked at once more: nothing moves twice
    return Folded(state=standing.to_json(), shape=aggregate.shape, due=due)


def beside_of(store: Reads, store_id: UUID) -> Beside:
    """Return the aggregates beside cases, read from the store when a decision asks for them."""

    def load(aggregate: Aggregate[Any], name: str) -> tuple[UUID, Any]:
        stream = stream_of(store_id, aggregate, name)
        head = store.head(stream)
        if head is None:
            return stream, aggregate.blank()
        if head.shape == aggregate.shape and head.state:
            return stream, aggregate.read(head.state)
        standing = aggregate.blank()
        for recorded in store.read(stream):
            standing = aggregate.evolve(standing, recorded.event)
        return stream, standing

    return Beside(load)


def figures_now(store: Reads, store_id: UUID, workflow: str) -> figures.Figures:
    """Return the figures set for a workflow."""
    head = store.head(figures.stream_of(store_id, workflow))
    if head is None:
        return figures.Figures()
    if head.shape == figures.SHAPE and head.state:
        return figures.Figures.from_json(head.state)
    standing = figures.Figures()
    for recorded in store.read(head.stream):
        standing = figures.evolve(standing, recorded.event)
    return standing


def settings_now(store: Reads, store_id: UUID, workflow: Workflow) -> dict[str, Json]:
    """Return the value in force of every setting of a workflow."""
    return figures.in_force(workflow, figures_now(store, store_id, workflow.name)) if workflow.settings else {}


def changes_of(store: Reads, store_id: UUID, name: str) -> Changes:
    """Return what was changed about the calendars of a workflow, or about a country's plans."""
    return beside_of(store, store_id).now(CALENDARS, name)


def plans_of(store: Reads, store_id: UUID, workflow: Workflow) -> dict[str, Changes]:
    """Return what was changed about the plans of the countries whose days off a workflow keeps."""
    countries = {calendar.days for calendar in workflow.calendars.values() if calendar.days}
    return {country: changes_of(store, store_id, name_of_plans(country)) for country in sorted(countries)}


def calendars_now(store: Reads, store_id: UUID, workflow: Workflow) -> dict[str, Calendar]:
    """Return the calendars of a workflow that are otherwise in force than its text has them."""
    if not workflow.calendars:
        return {}
    plans = plans_of(store, store_id, workflow)
    return in_force(workflow, changes_of(store, store_id, workflow.name), plans)


def changed_now(store: Reads, store_id: UUID, workflow: Workflow) -> dict[str, str]:
    """Return what running clocks of a workflow follow and was changed: a calendar, "settings.<name>" -> when."""
    found: dict[str, str] = {}
    if workflow.clocked and workflow.calendars:
        plans = plans_of(store, store_id, workflow)
        found |= changed_at(workflow, changes_of(store, store_id, workflow.name), plans)
    if workflow.clocked and any(setting.follows for setting in workflow.settings.values()):
        found |= figures.followed(workflow, figures_now(store, store_id, workflow.name))
    return found


def facts_now(
    store: Reads, store_id: UUID, workflow: Workflow, case: Case, typed: Mapping[str, Json], kind: str = ""
) -> Facts:
    """Return what a decision on the case may look at beside it. typed: the form, for links that it names."""
    facts = Facts(
        settings=settings_now(store, store_id, workflow),
        calendars=calendars_now(store, store_id, workflow),
        changed=changed_now(store, store_id, workflow),
        things=lambda name: things_of(store, workflow, name),
        beside=beside_of(store, store_id),
    )
    return with_links(facts, store, workflow, case, typed, kind)


def things_of(store: Reads, workflow: Workflow, kind: str) -> list[Case]:
    """Return the keyed cases of a kind as they are now, in the order in which they were opened."""
    return [head_case(store, entry.id) for entry in store.keyed(workflow.name, kind)]


def with_links(
    facts: Facts, store: Reads, workflow: Workflow, case: Case, typed: Mapping[str, Json], kind: str = ""
) -> Facts:
    """Return facts with the cases that the case's links lead to."""
    links = workflow.kinds[kind or case.kind].links if (kind or case.kind) in workflow.kinds else {}
    found: dict[str, Case] = {}
    for link in links.values():
        other = linked(store, workflow, case, link, typed, facts)
        if other is not None:
            found[link.name] = other
    return replace(facts, links=found) if found else facts


def linked(
    store: Reads, workflow: Workflow, case: Case, link: Link, typed: Mapping[str, Json], facts: Facts
) -> Case | None:
    """Return the case that a link leads to: the one recorded, the one a field names, or the one of that key."""
    if link.name in case.links:
        return head_case(store, UUID(case.links[link.name]["id"]))
    entry: CaseEntry | None = None
    if link.field:
        number = typed.get(link.field) or case.data.get(link.field)
        entry = store.find(number) if isinstance(number, str) and number else None
    elif link.key is not None:
        scope = Snapshot(
            workflow=workflow,
            case=case,
            instance=None,
            actor=SYSTEM,
            now=instant(case.at) if case.at else datetime.min,
            facts=facts,
            form=typed,
        )
        key = link.key.value(scope)
        if key is not None and not isinstance(key, Failure):
            entry = store.find_key(workflow.name, link.kind, str(key))
    if entry is None or entry.kind != link.kind:
        return None
    return head_case(store, entry.id)
