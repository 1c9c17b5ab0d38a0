"""Commits: what the engine hands in to be written at once, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lifecycle.core.events import SHAPE, Event, Json, Recorded

JsonDict = dict[str, Json]


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandRecord:
    """A command that was accepted, so that sending it again adds nothing.

    actor   whom the id belongs to
    body    SHA-256 of the command's body, 32 bytes
    stream  the stream that it was for; None when it has none
    """

    id: str
    actor: str
    body: bytes
    stream: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredCommand(CommandRecord):
    """A command as it was recorded with its events.

    first_position, count  its events are the positions first_position .. first_position + count - 1;
                           a command that changed nothing has count 0 and the position then next
    """

    first_position: int
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseEntry:
    """A row of the index of cases; written once, when the case is opened.

    id       of the case's stream
    version  of the workflow at the opening
    key      what the case is kept under, unique per workflow and kind; "" when it has none
    subject  digest of the person it concerns, see `Store.subject_of`
    """

    id: UUID
    number: str
    workflow: str
    version: int
    kind: str
    key: str = ""
    subject: str = ""
    opened_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """A message to another case, kept in the same commit as the event that causes it.

    stream, index  the event it belongs to: the index in the commit's list of that stream
    target_case    number or id of the case it is for
    """

    stream: UUID
    index: int
    target_case: str
    payload: JsonDict


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """What is written at once or not at all.

    events    per stream, in order; the mapping's own order is the order of the positions
    expected  revision that each stream must have before, 0 for a new one; a stream that was only
              read may be named too. Every stream of `events` must be named
    heads     per stream its state folded after the events, over sealed values
    shape     number of the shape of these states; shapes: of those streams that have another
    due       per stream the next instant at which the clock has something to do on it; None: nothing any more
    subjects  per stream the subject whose key seals personal values still in clear
    """

    events: Mapping[UUID, Sequence[Event]]
    expected: Mapping[UUID, int]
    heads: Mapping[UUID, JsonDict] = field(default_factory=dict)
    shape: int = SHAPE
    shapes: Mapping[UUID, int] = field(default_factory=dict)
    due: Mapping[UUID, datetime | None] = field(default_factory=dict)
    command: CommandRecord | None = None
    cases: Sequence[CaseEntry] = ()
    sends: Sequence[Outgoing] = ()
    subjects: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Appended:
    """Written (when the session commits), with what the store added, in order of position."""

    positions: Sequence[Recorded]


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """Not written: a stream has another revision, or another case holds the number or key."""

    stream: UUID
    expected: int
    actual: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeated:
    """Not written: a command of that id was accepted before; actor and body are for the caller to compare."""

    command: StoredCommand


Verdict = Appended | Conflict | Repeated
