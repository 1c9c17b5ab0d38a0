"""The store's port: what can be asked of it, and how it is written to; what goes in and out is in `commits`, `kept`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from lifecycle.core.events import Event, Json, Recorded, Sealed
from lifecycle.store.commits import (
    Appended,
    CaseEntry,
    CommandRecord,
    Commit,
    Conflict,
    JsonDict,
    Outgoing,
    Repeated,
    StoredCommand,
    Verdict,
)
from lifecycle.store.kept import (
    NOTICE_STATES,
    Erased,
    Finding,
    Fold,
    Folded,
    Head,
    Meta,
    Notice,
    Row,
    Send,
    SubjectErased,
    UnsealedValue,
    Verification,
)


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
    "NOTICE_STATES", "Appended", "CaseEntry", "CommandRecord", "Commit", "Conflict", "Erased", "Finding", "Fold",
    "Folded", "Head", "JsonDict", "Meta", "Notice", "Outbox", "Outgoing", "Reads", "Repeated", "Row", "Sealed",
    "Send", "Session", "Store", "StoredCommand", "SubjectErased", "UnsealedValue", "Verdict", "Verification",
]  # fmt: skip
