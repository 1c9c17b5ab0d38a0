"""A case as it was at an instant, as far as was known: corrections count, what was withdrawn did not happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from lifecycle.core.case.evolve import evolve, fold
from lifecycle.core.case.state import Case
from lifecycle.core.events import Event, Json, Recorded, in_order


def folded(stream: UUID, history: Sequence[Recorded], at: datetime | None, position: int | None) -> Case:
    """Return a case as it was at `at`, as far as was known at `position`.

    With neither it is the live fold, in order of revision. Else the events happened in (occurred_at, revision)
    order, a correction known by then gives its values to the event that it corrects, and what the clock did and a late
    entry showed to be wrong has not happened.
    """
    known = [recorded for recorded in history if position is None or recorded.position <= position]
    if at is None:
        return fold(stream, (recorded.event for recorded in known))
    case = Case(id=stream)
    for recorded in in_order(with_corrections(without_withdrawn(known))):
        if recorded.event.occurred_at <= at:
            # The case counts as it did when the event was recorded: provenance names stored revisions.
            case = case.copy()
            case.revision = recorded.revision - 1
            case = evolve(case, recorded.event)
    return case


def with_corrections(known: Sequence[Recorded]) -> list[Recorded]:
    """Return a history in which corrected events hold what is known of them now, and corrections do nothing more."""
    values: dict[int, dict[str, Json]] = {}
    withdrawn: set[int] = set()
    for recorded in known:
        correction = recorded.event.changes.get("corrects")
        if correction:
            values.setdefault(correction["revision"], {}).update(correction.get("values", {}))
            if "withdrawn" in correction:
                withdrawn.add(correction["revision"])
    return [
        replace(each, event=mended(each.event, values.get(each.revision, {}), each.revision in withdrawn))
        if each.revision in values or "corrects" in each.event.changes
        else each
        for each in known
    ]


def mended(event: Event, values: Mapping[str, Json], withdrawn: bool) -> Event:
    """Return an event with some of the values that it gave replaced; a withdrawn one is no evidence of its step."""
    changes = {name: change for name, change in event.changes.items() if name != "corrects"}
    for part in ("form", "set"):
        if part in changes:
            changes[part] = {name: values.get(name, value) for name, value in changes[part].items()}
    if withdrawn:
        changes["withdrawn"] = True
    return replace(event, changes=changes)


def without_withdrawn(known: Sequence[Recorded]) -> list[Recorded]:
    """Return a history without what the clock did and a late entry showed to be wrong.

    A case that such an event opened and instances that it started were there, until they were ended; nothing else of it
    happened.
    """
    gone = {revision for each in known for revision in each.event.changes.get("withdraws", {}).get("revisions", ())}
    if not gone:
        return list(known)
    kept: list[Recorded] = []
    for each in known:
        changes = each.event.changes
        if each.revision in gone:
            there = {part: changes[part] for part in ("opened", "started") if part in changes}
            if there:
                kept.append(replace(each, event=each.event.with_changes({**there, **NO_STEP})))
        elif "withdraws" in changes:
            kept.append(replace(each, event=each.event.with_changes(ending(changes))))
        else:
            kept.append(each)
    return kept


NO_STEP: Mapping[str, Json] = {"withdrawn": True}
"""Marks an event that is no evidence of a step."""


def ending(changes: Mapping[str, Json]) -> dict[str, Json]:
    """Return of a withdrawal's changes how the instances end that the withdrawn events had started."""
    ended = {entry["of"] for entry in changes.get("ended", ())}
    clocks = {
        part: [entry for entry in changes.get(part, ()) if entry.get("instance") in ended]
        for part in ("deadlines", "timers")
    }
    return {name: change for name, change in {"ended": changes.get("ended"), **clocks}.items() if change}
