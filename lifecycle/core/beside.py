"""What crosses cases: aggregates beside them, each a stream of its own, changed in the commit of what caused it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID, uuid5

from lifecycle.core.events import Event, Json


class Standing(Protocol):
    """What an aggregate is now, folded from its events."""

    @property
    def revision(self) -> int:
        """Count of its events."""

    def to_json(self) -> dict[str, Json]:
        """Return the head's form."""


S = TypeVar("S", bound=Standing)


def never(_: Any) -> None:
    """Return that the clock has nothing to do."""


@dataclass(frozen=True, kw_only=True)
class Aggregate(Generic[S]):
    """A kind of aggregate beside cases.

    name    the first part of its event types: "ledger" of `ledger.posted`
    shape   number of its fold: a head of another one is folded again
    blank   what it is before its first event
    read    from a head's form
    evolve  what it is after an event; the one before stays as it was
    due     when the clock has something to do with it; None for never
    """

    name: str
    shape: int
    blank: Callable[[], S]
    read: Callable[[Mapping[str, Json]], S]
    evolve: Callable[[S, Event], S]
    due: Callable[[S], datetime | None] = never


@dataclass(kw_only=True)
class Changed:
    """An aggregate that a command changed: its events so far, in order, and what they made of it."""

    aggregate: Aggregate[Any]
    standing: Any
    events: list[Event] = field(default_factory=list)


Load = Callable[[Aggregate[Any], str], tuple[UUID, Any]]
"""Gives the stream of an aggregate of a name, and what it is now."""


def stream_of(store: UUID, aggregate: Aggregate[Any], name: str) -> UUID:
    """Return the stream of an aggregate in a store. name: unique among those of its kind."""
    return uuid5(store, f"{aggregate.name}/{name}")


def nothing_yet(aggregate: Aggregate[Any], name: str) -> tuple[UUID, Any]:
    """Load from nowhere: every aggregate as it is before its first event."""
    return stream_of(UUID(int=0), aggregate, name), aggregate.blank()


class Beside:
    """The aggregates beside cases as one command sees them: read when asked for, changed as its events are made.

    A decision that is refused leaves its own behind with everything in it.
    """

    def __init__(self, load: Load = nothing_yet) -> None:
        self._load = load
        self._read: dict[tuple[str, str], tuple[UUID, Any]] = {}
        self.changed: dict[UUID, Changed] = {}

    def anew(self) -> Beside:
        """Return the same aggregates as they were before this command: for something that is only rehearsed."""
        return Beside(self._load)

    def now(self, aggregate: Aggregate[S], name: str) -> S:
        """Return what an aggregate is, with what this command has changed of it."""
        stream, standing = self._of(aggregate, name)
        changed = self.changed.get(stream)
        return standing if changed is None else changed.standing  # type: ignore[no-any-return]

    def stream(self, aggregate: Aggregate[Any], name: str) -> UUID:
        """Return the stream of an aggregate: what its events name."""
        return self._of(aggregate, name)[0]

    def record(self, aggregate: Aggregate[Any], name: str, event: Event) -> None:
        """Add an event to an aggregate's stream."""
        stream, standing = self._of(aggregate, name)
        changed = self.changed.setdefault(stream, Changed(aggregate=aggregate, standing=standing))
        changed.events.append(event)
        changed.standing = aggregate.evolve(changed.standing, event)

    def mark(self) -> dict[UUID, int]:
        """Return where every changed aggregate stands, for `back_to`."""
        return {stream: len(changed.events) for stream, changed in self.changed.items()}

    def back_to(self, mark: Mapping[UUID, int]) -> None:
        """Take back the events added since a mark."""
        read = dict(self._read.values())
        for stream, changed in tuple(self.changed.items()):
            kept = changed.events[: mark.get(stream, 0)]
            if not kept:
                del self.changed[stream]
                continue
            standing = read[stream]
            for event in kept:
                standing = changed.aggregate.evolve(standing, event)
            self.changed[stream] = Changed(aggregate=changed.aggregate, standing=standing, events=kept)

    def _of(self, aggregate: Aggregate[Any], name: str) -> tuple[UUID, Any]:
        key = (aggregate.name, name)
        if key not in self._read:
            self._read[key] = self._load(aggregate, name)
        return self._read[key]
