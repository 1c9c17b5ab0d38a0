"""Lists are changed in use, and read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lifecycle.core.beside import stream_of
from lifecycle.core.events import Event
from lifecycle.core.lists import LISTS, ChangeRow, Rows, decide, name_of
from lifecycle.core.workflow import Workflow
from lifecycle.engine.loading import beside_of
from lifecycle.problems import Refusal, RevisionConflict
from lifecycle.store.port import Commit, Conflict, Reads, Session


def rows_now(store: Reads, store_id: UUID, workflow: Workflow, name: str) -> Rows:
    """Return what was changed about a list."""
    return beside_of(store, store_id).now(LISTS, name_of(workflow.name, name))


def change(
    session: Session, store_id: UUID, workflow: Workflow, command: ChangeRow, now: datetime
) -> list[Event] | Refusal:
    """Change a row of a list; return the events, none when it is so already.

    Raises  RevisionConflict
    """
    rows = rows_now(session, store_id, workflow, command.list)
    stream = stream_of(store_id, LISTS, name_of(workflow.name, command.list))
    decided = decide(workflow, rows, command, stream, now)
    if isinstance(decided, Refusal) or not decided:
        return decided
    after = rows
    for event in decided:
        after = LISTS.evolve(after, event)
    verdict = session.append(
        Commit(
            events={stream: decided},
            expected={stream: rows.revision},
            heads={stream: after.to_json()},
            shape=LISTS.shape,
        )
    )
    if isinstance(verdict, Conflict):
        raise RevisionConflict(stream=str(stream), expected=verdict.expected, actual=verdict.actual)
    return decided
