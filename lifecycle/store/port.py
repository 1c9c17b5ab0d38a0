"""The store's port: what the engine hands in to be kept, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from lifecycle.core.events import SHAPE, Event, Json, Recorded, Sealed, message_id
from lifecycle.core.notices import notice_id
from lifecycle.problems import ExitCode, LifecycleError

JsonDict = dict[str, Json]
Row = tuple[int, bytes, int, str, bytes, str, bytes]
"""One stored event as it lies in the table: position, originator id (16 bytes), originator version,
topic, state, recorded_at, digest."""


class SubjectErased(LifecycleError):
    """A personal value for a subject whose key was destroyed: nothing more is kept of that person."""

    code = "subject-erased"
    exit_code = ExitCode.REFUSED


class UnsealedValue(AssertionError):
    """A personal value on its way to the disk in clear: a fault of the caller, never written."""


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
class Send:
    """A row of the outbox that is not delivered yet.

    position  of the event that caused it
    n         its number among that event's messages, from 0
    """

    position: int
    n: int
    target_case: str
    payload: JsonDict

    @property
    def id(self) -> str:
        """Return the id of the command that delivers it: derived, so that a second delivery adds nothing."""
        return message_id(self.position, self.n)


NOTICE_STATES = ("pending", "sent", "dead", "dropped", "withdrawn")


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One notice to one recipient, as far as its delivery has come; whom and what is in the event at its position.

    n         its number among those whom the event tells, from 0
    stream    of the case
    state     "pending"; "sent"; "dead": given up, shown; "dropped": not to be delivered; "withdrawn"
    tries     begun so far
    next_at   when it is tried next, or when whoever has claimed it is given up; None when it is not pending
    at        when it was given or asked to be tried anew, then when its state or the last failure came about
    reason    code of the last failure, or of why it was dropped; "" for none
    reached   keyed digests of the addresses that have it already
    """

    position: int
    n: int
    stream: UUID
    revision: int
    state: str
    tries: int
    next_at: datetime | None
    at: datetime
    reason: str
    reached: frozenset[str]

    @property
    def id(self) -> str:
        """Return the id that the receiver sees: the same at every delivery."""
        return notice_id(self.position, self.n)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """A stream as it is now.

    state  folded state, empty when none was kept; personal values in it are `Sealed`
    shape  number of the state's shape; 0 when none was kept. Another than `evolve`'s: fold again
    """

    stream: UUID
    revision: int
    digest: bytes
    state: JsonDict
    shape: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Meta:
    """The identity of a store: `epoch` changes when a backup is restored, `id` never."""

    id: UUID
    epoch: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """Stands where a personal value was.

    at  when the key was destroyed; None when this key store never had it
    """

    subject: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is not as it was written.

    what      "changed", "removed", "inserted", "recorded-at-went-back", "head-differs", "head-missing"
    position  of the event, or the place in the order where it is missing; 0 when unknown
    revision  in its stream; 0 when unknown
    stream    None when unknown
    """

    what: str
    position: int = 0
    revision: int = 0
    stream: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """The answer of `verify`.

    only_signed_heads_show  always True: a tail that was cut, or rewritten with its digests and heads
                            made anew, is shown only by a signed head that was kept elsewhere
    """

    findings: tuple[Finding, ...]
    events: int
    streams: int
    only_signed_heads_show: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """What a stream's history makes: its head's state with its shape, and when the clock has something to do on it."""

    state: JsonDict
    shape: int = SHAPE
    due: datetime | None = None


Fold = Callable[[UUID, Iterable[Recorded]], Folded]
"""A stream's id and events, in order -> what they make."""


class Reads(Protocol):
    """What can be asked of a store; inside a session, as the session has it so far."""

    def read(self, stream: UUID, after: int = 0, upto: int | None = None) -> Iterator[Recorded]:
        """Return a stream's events with revisions above `after`, up to and with `upto`."""

    def feed(self, after_position: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Return the events above a position, in order."""

    def rows(self, after_position: int = 0) -> Iterator[Row]:
        """Return the raw rows above a position, in order: for folds over very many."""

    def documents(self, after_position: int = 0) -> Iterator[tuple[int, str, JsonDict]]:
        """Return position, topic and stored JSON of the events above a position, in order; boxes stay boxes."""

    def head(self, stream: UUID) -> Head | None:
        """Return where a stream stands; None when it has no event."""

    def head_of(self, case: str) -> Head | None:
        """Return where the case of that number or id stands; None when there is no such case."""

    def find(self, case: str) -> CaseEntry | None:
        """Return the case of that number or id."""

    def find_key(self, workflow: str, kind: str, key: str) -> CaseEntry | None:
        """Return the case that is kept under a key."""

    def cases(self, workflow: str = "") -> Iterator[CaseEntry]:
        """Return the index of cases, of one workflow or all, in the order in which they were opened."""

    def keyed(self, workflow: str, kind: str) -> list[CaseEntry]:
        """Return the keyed cases of a kind, in the order in which they were opened."""

    def command(self, id: str) -> StoredCommand | None:
        """Return the command that was accepted under an id."""

    def last_position(self) -> int:
        """Return the newest position; 0 in an empty store."""

    def position_at(self, time: datetime) -> int:
        """Return the last position recorded at or before an instant; 0 when there is none."""

    def pending_sends(self) -> list[Send]:
        """Return what is not delivered yet, in order."""

    def due(self, until: datetime, limit: int) -> list[tuple[UUID, datetime]]:
        """Return the streams on which the clock has something to do by an instant, earliest first, and when."""

    def clocked(self, after: UUID | None, limit: int) -> list[UUID]:
        """Return the streams on which the clock has something to do, in order of their ids, those after one of them."""

    def due_on(self, stream: UUID) -> datetime | None:
        """Return when the clock has something to do on a stream next."""

    def refusals(self, case: str) -> list[JsonDict]:
        """Return the journal's entries about a case, oldest first, each with its "at"."""

    def open(self, value: Json) -> Json:
        """Return a value with every `Sealed` in it replaced by its clear value, or by `Erased`."""

    def subject_of(self, text: str) -> str:
        """Return the keyed digest, 32 hex digits, that stands for a person (a customer's id)."""

    def token(self, text: str) -> str:
        """Return the keyed digest, 32 hex digits, under which a word of personal text is searched."""


class Session(Reads, Protocol):
    """A turn at writing: everything in it is committed at its end, or nothing."""

    @property
    def position(self) -> int:
        """The newest position, with what this session wrote."""

    def append(self, commit: Commit) -> Verdict:
        """Write a commit, unless a revision or a command id stands against it; later ones see it."""

    def digest(self, value: Json, plain: Callable[[Json], Json]) -> bytes:
        """Return the SHA-256 of a value's canonical JSON. plain: gives the JSON of what is none."""

    def seal(self, subject: str, value: Json) -> Json:
        """Return a value with every `Personal` in it sealed under the subject's key.

        Raises  SubjectErased
        """

    def seal_event(self, event: Event, subject: str) -> Event:
        """Return an event with every personal value sealed."""

    def not_due(self, stream: UUID, at: datetime) -> None:
        """Forget that the clock has something to do on a stream at an instant; another instant stays."""

    def draw(self, series: str) -> int:
        """Return the next number of a series, from 1."""

    def undraw(self, series: str) -> None:
        """Give back the number that this session drew last from a series."""

    def journal(self, entry: JsonDict, subject: str = "") -> None:
        """Keep a note beside the order; its "case" says which case it is about."""

    def mark_delivered(self, position: int, n: int) -> None:
        """Take a row of the outbox off the pending ones."""


class Outbox(Protocol):
    """The notices of a store on their way out. Each call is a commit of its own; nothing is sent inside one."""

    def claim(self, now: datetime, until: datetime) -> Notice | None:
        """Take the pending notice that is due first for oneself until an instant; None when none is due.

        Its count of tries goes up before anything is sent: a notice that kills its sender is not tried for ever.
        """

    def reach(self, notice: Notice, address: str) -> None:
        """Keep that an address (its keyed digest) has the notice."""

    def sent(self, notice: Notice, at: datetime) -> None:
        """Keep that the notice is delivered."""

    def failed(self, notice: Notice, at: datetime, reason: str, again: datetime | None) -> None:
        """Keep that a try failed; nothing if the claim is over.

        again  when the next one is; None gives the notice up
        """

    def drop(self, notice: Notice, at: datetime, reason: str) -> None:
        """Keep that the notice is not to be delivered. Nothing if the claim is over."""

    def withdraw(self, stream: UUID, revision: int, at: datetime) -> int:
        """Take back what an event's notices have not told yet; return how many. In a commit: `recalls`."""

    def retry(self, position: int, n: int, at: datetime) -> bool:
        """Let a notice that is dead or dropped be tried anew from an instant; return whether there is such a one."""

    def retry_dead(self, position: int, at: datetime) -> int:
        """Let every notice of an event that is dead be tried anew from an instant; return how many."""

    def find(self, position: int, n: int) -> Notice | None:
        """Return a notice."""

    def latest(self, states: Sequence[str], limit: int, before: tuple[int, int] | None = None) -> list[Notice]:
        """Return the newest notices in any of these states, newest first. before: (position, n) that they precede."""

    def tally(self, position: int, first: int, last: int) -> dict[str, int]:
        """Return how many of an event's notices from one number to another are in each state that has any."""

    def count(self) -> dict[str, int]:
        """Return how many notices are in each state that has any."""

    def rebuild(self) -> int:
        """Make the rows that are missing anew from the events, and leave those that are there; return how many."""


class Store(Reads, Protocol):
    """A place where events are kept: dense final positions, chained digests, heads."""

    @property
    def meta(self) -> Meta:
        """The store's identity."""

    @property
    def notices(self) -> Outbox:
        """The notices on their way out."""

    def writing(self) -> AbstractContextManager[Session]:
        """Return a turn at writing: commits when left, rolls back on any exception.

        Raises  StoreUnreachable, StoreStopped, OutcomeUnknown
        """

    def append(self, commits: Iterable[Commit]) -> list[Verdict]:
        """Write commits in one session; one that conflicts drops out alone."""

    def seal(self, event: Event, subject: str) -> Event:
        """Return an event with every personal value sealed; a new key is on disk when it returns."""

    def journal(self, entry: JsonDict, subject: str = "") -> None:
        """Keep a note beside the order, in a commit of its own."""

    def prune_journal(self, before: datetime) -> int:
        """Forget the notes older than an instant; return how many."""

    def mark_delivered(self, position: int, n: int) -> None:
        """Take a row of the outbox off the pending ones, in a commit of its own."""

    def destroy(self, subject: str) -> None:
        """Destroy a subject's key: its values are never readable again."""

    def past(self, position: int) -> Reads:
        """Return what could be asked of the store when its newest position was this one."""

    def verify(self, stream: UUID | None = None) -> Verification:
        """Return everything that digests, positions, revisions and heads show to be altered."""

    def rebuild_heads(self, fold: Fold) -> int:
        """Fold every stream again and replace its head and what is due on it; return how many."""

    def close(self) -> None:
        """Let go of the files."""


__all__ = [
    "Appended", "CaseEntry", "CommandRecord", "Commit", "Conflict", "Erased", "Finding", "Fold", "Folded", "Head",
    "JsonDict", "Meta", "Notice", "Outbox", "Outgoing", "Reads", "Repeated", "Row", "Sealed", "Send", "Session",
    "Store", "StoredCommand", "SubjectErased", "UnsealedValue", "Verdict", "Verification",
]  # fmt: skip
