"""Calendars are changed in use: hours of single days, and national plans."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lifecycle.core.beside import stream_of
from lifecycle.core.calendars import (
    CALENDARS,
    ChangeCalendar,
    Changes,
    SetPlan,
    decide,
    decide_plan,
    name_of_plans,
)
from lifecycle.core.events import Event
from lifecycle.core.workflow import Workflow
from lifecycle.engine.loading import calendars_now, changes_of
from lifecycle.problems import Refusal, RevisionConflict
from lifecycle.store.port import Commit, Conflict, Session


def change(
    session: Session, store_id: UUID, workflow: Workflow, command: ChangeCalendar, now: datetime
) -> list[Event] | Refusal:
    """Change days of a calendar; return the events, none when nothing changed."""
    changes = changes_of(session, store_id, workflow.name)
    standing = calendars_now(session, store_id, workflow).get(command.calendar)
    standing = standing or workflow.calendars.get(command.calendar)
    stream = stream_of(store_id, CALENDARS, workflow.name)
    decided = decide(workflow, changes, standing, command, stream, now)
    return decided if isinstance(decided, Refusal) else _append(session, stream, changes, decided)


def set_plan(session: Session, store_id: UUID, command: SetPlan, now: datetime) -> list[Event] | Refusal:
    """Put a national plan in force; return the events, none when it is in force already."""
    name = name_of_plans(command.country)
    changes = changes_of(session, store_id, name)
    stream = stream_of(store_id, CALENDARS, name)
    decided = decide_plan(changes, command, stream, now)
    return decided if isinstance(decided, Refusal) else _append(session, stream, changes, decided)


def _append(session: Session, stream: UUID, changes: Changes, events: list[Event]) -> list[Event]:
    if not events:
        return []
    after = changes
    for event in events:
        after = CALENDARS.evolve(after, event)
    verdict = session.append(
        Commit(
            events={stream: events},
            expected={stream: changes.revision},
            heads={stream: after.to_json()},
            shape=CALENDARS.shape,
            due={stream: events[-1].occurred_at},  # open clocks are to be looked at (see `clockwork`)
        )
    )
    if isinstance(verdict, Conflict):
        raise RevisionConflict(stream=str(stream), expected=verdict.expected, actual=verdict.actual)
    return events
