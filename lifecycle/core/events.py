"""The event: what happened, as it is kept.

An event carries its results, so that folding it needs neither the workflow nor a clock. Its JSON
form is the stored form (design, section 5); a key whose value is empty is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NewType, Protocol
from uuid import UUID

CommandId = NewType("CommandId", str)
Json = Any
"""A JSON value: None, bool, int, str, list, dict. Never a float: quantities are strings."""

SHAPE = 1
"""The number of the event shape that this program writes ("v")."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal value still in clear, on its way into the store, which keeps it only as ciphertext."""

    value: Json


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal value as stored: readable only with the subject's key.

    subject  the keyed digest that names the key; never a name or number of a person
    box      nonce and ciphertext, base64
    """

    subject: str
    box: str


PRIVATE = (Personal, Sealed)
"""The two forms of a personal value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Whose act it is.

    role     of the workflow, or "system" for what the engine itself does
    person   the staff member's id; "" when unknown
    helpers  who recorded it for a party without login: role -> person
    """

    role: str
    person: str = ""
    helpers: Mapping[str, str] = field(default_factory=dict)


SYSTEM = Actor(role="system")


class Order(Protocol):
    """What a command says of itself: its id, whose it is, and which door it came through."""

    @property
    def id(self) -> str: ...

    @property
    def actor(self) -> Actor: ...

    @property
    def via(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to a case or another aggregate.

    type         "<machine, kind or aggregate>.<past participle>"; the stored topic
    stream       the aggregate's id (originator id)
    case         the case number that people see; "" for other aggregates
    machine      the instance's address, "repair/1"; "" when the event is the case's own
    source       state before ("from"); "" when it starts or is the case's own
    target       state after ("to"); equal to source when the step stays
    occurred_at  aware, UTC
    zone         name of the workflow's zone
    via          which door it came through, with the system user: "cli:root"
    command      the id of the command that caused it
    causation    the command, or the event ("<case>@<revision>") that triggered it
    workflow     name and version that the case is under
    changes      everything it changed, by kind of change (see `lifecycle.core.case.PARTS`)
    rules        numbers of the rules that the taken step carries
    """

    type: str
    stream: UUID
    case: str = ""
    machine: str = ""
    source: str = ""
    target: str = ""
    occurred_at: datetime
    zone: str = "UTC"
    by: Actor = SYSTEM
    via: str = ""
    command: str = ""
    correlation: str = ""
    causation: str = ""
    workflow: tuple[str, int] = ("", 0)
    changes: Mapping[str, Json] = field(default_factory=dict)
    rules: tuple[str, ...] = ()

    @classmethod
    def ordered(
        cls,
        command: Order,
        type: str,
        stream: UUID,
        now: datetime,
        *,
        changes: Mapping[str, Json],
        zone: str = "UTC",
        workflow: tuple[str, int] = ("", 0),
    ) -> Event:
        """Return the event of a command to something that is no case: nothing but the command has caused it."""
        return cls(
            type=type,
            stream=stream,
            occurred_at=now,
            zone=zone,
            by=command.actor,
            via=command.via,
            command=command.id,
            correlation=command.id,
            causation=command.id,
            workflow=workflow,
            changes=changes,
        )

    def with_changes(self, changes: Mapping[str, Json]) -> Event:
        """Return the same event with other changes."""
        twin = Event.__new__(Event)
        twin.__dict__.update(self.__dict__, changes=changes)
        return twin

    def to_json(self) -> dict[str, Json]:
        """Return the stored form: keys in the order of design section 5, empty ones left out."""
        by: dict[str, Json] = {"role": self.by.role}
        if self.by.person:
            by["person"] = self.by.person
        if self.by.helpers:
            by["with"] = dict(self.by.helpers)
        document: dict[str, Json] = {"v": SHAPE, "type": self.type}
        for name, value in (("case", self.case), ("machine", self.machine), ("from", self.source), ("to", self.target)):
            if value:
                document[name] = value
        document["occurred_at"] = stamp(self.occurred_at)
        document["zone"] = self.zone
        document["by"] = by
        for name, value in (
            ("via", self.via),
            ("command", self.command),
            ("correlation", self.correlation),
            ("causation", self.causation),
        ):
            if value:
                document[name] = value
        if self.workflow[0]:
            document["workflow"] = {"name": self.workflow[0], "version": self.workflow[1]}
        for name, value in self.changes.items():
            if value not in (None, {}, [], ()):
                document[name] = value
        if self.rules:
            document["rules"] = list(self.rules)
        return document

    @classmethod
    def from_json(cls, stream: UUID, document: Mapping[str, Json]) -> Event:
        """Return the event of a stored form of the present shape (older ones are upcast before)."""
        by = document["by"]
        workflow = document.get("workflow")
        return cls(
            type=document["type"],
            stream=stream,
            case=document.get("case", ""),
            machine=document.get("machine", ""),
            source=document.get("from", ""),
            target=document.get("to", ""),
            occurred_at=instant(document["occurred_at"]),
            zone=document["zone"],
            by=Actor(role=by["role"], person=by.get("person", ""), helpers=by.get("with", {})),
            via=document.get("via", ""),
            command=document.get("command", ""),
            correlation=document.get("correlation", ""),
            causation=document.get("causation", ""),
            workflow=(workflow["name"], workflow["version"]) if workflow else ("", 0),
            changes={name: value for name, value in document.items() if name not in ENVELOPE},
            rules=tuple(document.get("rules", ())),
        )


ENVELOPE = frozenset(
    "v type case machine from to occurred_at zone by via command correlation causation workflow rules".split()
)
"""The keys of the stored form that every event may have; the others are its changes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """An event with what the store added to it.

    position     in the global order, from 1, dense
    revision     in its stream, from 1, dense
    recorded_at  aware, UTC; never goes back along positions
    digest       32 bytes, chained to the stream's previous one
    """

    position: int
    revision: int
    recorded_at: datetime
    digest: bytes
    event: Event


def stamp(at: datetime) -> str:
    """Return an instant as it is stored: UTC, microseconds, "Z"."""
    return _stamped(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=100)
def _stamped(at: datetime) -> str:
    # One command, and a whole turn, writes the same instant many times over.
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def instant(text: str) -> datetime:
    """Return the instant of a stored text."""
    return datetime.fromisoformat(text)


def changed_values(event: Event) -> Mapping[str, Json]:
    """Return the values that an event gives to fields: its form and what was derived from it."""
    return {**event.changes.get("form", {}), **event.changes.get("set", {})}


def message_id(position: int, n: int) -> str:
    """Return the id of the command that delivers a message to another case: derived, so that it takes effect once.

    position  of the event that sent it; n: its number among that event's messages, from 0
    """
    return f"send/{position}/{n}"


def in_order(events: Sequence[Recorded]) -> list[Recorded]:
    """Return events in the order in which they happened: by `occurred_at`, then by revision."""
    return sorted(events, key=lambda recorded: (recorded.event.occurred_at, recorded.revision))
