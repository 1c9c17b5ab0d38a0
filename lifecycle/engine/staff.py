"""The staff directory is changed by hand, and read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lifecycle.core.beside import stream_of
from lifecycle.core.events import Event
from lifecycle.core.staff import DIRECTORY, STAFF, ChangeStaff, Directory, decide
from lifecycle.engine.loading import beside_of
from lifecycle.problems import Refusal, RevisionConflict
from lifecycle.store.port import Commit, Conflict, Reads, Session


def directory_now(store: Reads, store_id: UUID) -> Directory:
    """Return the staff directory as it is."""
    return beside_of(store, store_id).now(STAFF, DIRECTORY)


def change(session: Session, store_id: UUID, command: ChangeStaff, zone: str, now: datetime) -> Event | Refusal:
    """Change what the directory says of a person; return the event.

    Raises  RevisionConflict
    """
    directory = directory_now(session, store_id)
    stream = stream_of(store_id, STAFF, DIRECTORY)
    decided = decide(directory, command, stream, zone, now)
    if isinstance(decided, Refusal):
        return decided
    after = STAFF.evolve(directory, decided)
    verdict = session.append(
        Commit(
            events={stream: [decided]},
            expected={stream: directory.revision},
            heads={stream: after.to_json()},
            shape=STAFF.shape,
        )
    )
    if isinstance(verdict, Conflict):
        raise RevisionConflict(stream=str(stream), expected=verdict.expected, actual=verdict.actual)
    return decided
