"""What a store keeps, as it gives it back: heads, messages and notices on their way, findings of a verification."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lifecycle.core.events import SHAPE, Recorded, message_id
from lifecycle.core.notices import notice_id
from lifecycle.problems import ExitCode, LifecycleError
from lifecycle.store.commits import JsonDict

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
