"""A turn at writing to a SQLite store: many commits, one flush."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import apsw

from lifecycle.core.events import Event, Json, Personal, Recorded, instant, stamp
from lifecycle.core.notices import NOTICES, RECALLS
from lifecycle.problems import EventTooLarge
from lifecycle.store.keys import KeyStore, Sealing
from lifecycle.store.log import EventLog
from lifecycle.store.notices import put_notices
from lifecycle.store.port import (
    Appended,
    CaseEntry,
    CommandRecord,
    Commit,
    Conflict,
    Fold,
    Head,
    JsonDict,
    Outgoing,
    Repeated,
    StoredCommand,
    Verdict,
)
from lifecycle.store.reading import StoreReads
from lifecycle.store.sealing import canonical, each_of_event, to_bytes

LARGEST_EVENT = 64 * 1024
"""Bytes of an event as stored."""
WHOLE_TEXTS = frozenset(("publication.published",))
"""Events that keep a workflow's whole text; its own limits hold for them."""

INSERT_COMMAND = "INSERT INTO commands VALUES (?, ?, ?, ?, ?, ?)"
INSERT_CASE = "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_SEND = "INSERT INTO outbox (position, n, target, payload) VALUES (?, ?, ?, ?)"
MARK_DELIVERED = "UPDATE outbox SET delivered = ? WHERE position = ? AND n = ?"
# When the clock has something to do on a stream next; a stream without a row is left alone by it.
PUT_DUE = "INSERT INTO due VALUES (?1, ?2) ON CONFLICT (stream) DO UPDATE SET at = ?2 WHERE at != ?2"
DELETE_DUE = "DELETE FROM due WHERE stream = ?"
DELETE_DUE_AT = "DELETE FROM due WHERE stream = ? AND at = ?"
INSERT_JOURNAL = 'INSERT INTO journal (at, "case", payload) VALUES (?, ?, ?)'
# The next number of a series; the first draw makes the series.
DRAW = """INSERT INTO numbers VALUES (?, 1) ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last"""

# Only the turn that drew a number gives it back, before anybody else can have drawn the next.
UNDRAW = "UPDATE numbers SET last = last - 1 WHERE series = ?"

Encoded = tuple[Event, bytes]
"""An event without clear personal values, and its stored form."""


class SqliteSession(StoreReads):
    """Writes inside a transaction that its store opens and ends."""

    def __init__(
        self, path: Path, connection: apsw.Connection, log: EventLog, keys: KeyStore, sealing: Sealing
    ) -> None:
        self._path = path
        self._connection = connection
        self._log = log
        self._keys = keys
        self._sealing = sealing
        self._position, self._newest = log.end(connection)
        self._ends: dict[UUID, tuple[int, bytes]] = {}
        self._due: dict[UUID, datetime | None] = {}
        self._unknown_commands: set[str] = set()
        self.broken = False

    @property
    def _reading(self) -> apsw.Connection:
        return self._connection

    @property
    def position(self) -> int:
        """The newest position, with what this session wrote."""
        return self._position

    def head(self, stream: UUID) -> Head | None:
        """Return where a stream stands, with what this session wrote."""
        return self._seen(super().head(stream))

    def head_of(self, case: str) -> Head | None:
        """Return where the case of that number or id stands, with what this session wrote."""
        return self._seen(super().head_of(case))

    def _seen(self, head: Head | None) -> Head | None:
        if head is not None:
            self._ends[head.stream] = (head.revision, head.digest)
        return head

    def command(self, id: str) -> StoredCommand | None:
        """Return the command that was accepted under an id."""
        found = super().command(id)
        if found is None:
            self._unknown_commands.add(id)
        return found

    def digest(self, value: Json, plain: Callable[[Json], Json]) -> bytes:
        """Return the SHA-256 of a value's canonical JSON. plain: gives the JSON of what is none."""
        return sha256(canonical(value, plain)).digest()

    def seal(self, subject: str, value: Json) -> Json:
        """Return a value with every `Personal` in it sealed."""
        return self._sealing.seal(subject, value)

    def seal_event(self, event: Event, subject: str) -> Event:
        """Return an event with every personal value sealed."""
        return each_of_event(event, Personal, lambda personal: self._sealing.box(subject, personal.value))

    def append(self, commit: Commit) -> Verdict:
        """Write a commit, unless a revision, a number, a key or a command id stands against it.

        Raises  UnsealedValue when a personal value of a stream without subject is in clear
        """
        if against := self._against(commit):
            return against
        # Everything is encoded before the first row is written: a document that cannot be kept leaves no half.
        events = {
            stream: [self._encoded(event, stream, commit.subjects.get(stream, "")) for event in events]
            for stream, events in commit.events.items()
            if events
        }
        heads = {stream: to_bytes(state) for stream, state in commit.heads.items()}
        sends = [(send, to_bytes(self._sealed_payload(send, commit))) for send in commit.sends]
        self.broken = True
        if commit.command is not None:
            self._insert_command(commit.command, sum(map(len, events.values())))
        for entry in commit.cases:
            self._insert_case(entry)
        shapes = {stream: commit.shapes.get(stream, commit.shape) for stream in heads}
        written = self._insert_events(events, heads, shapes) if events else []
        for stream, at in commit.due.items():
            self._put_due(stream, at)
        if sends:
            self._insert_sends(sends, written)
        self.broken = False
        return Appended(positions=written)

    def _against(self, commit: Commit) -> Verdict | None:
        command = commit.command
        if command is not None and command.id not in self._unknown_commands:
            repeated = self.command(command.id)
            if repeated is not None:
                return Repeated(command=repeated)
        unnamed = commit.events.keys() - commit.expected.keys()
        if unnamed:
            raise ValueError(f"no expected revision for {sorted(map(str, unnamed))}")
        for stream, expected in commit.expected.items():
            actual = self._end_of(stream)[0]
            if actual != expected:
                return Conflict(stream=stream, expected=expected, actual=actual)
        for entry in commit.cases:
            for holder in (self.find(entry.number), self.find_key(entry.workflow, entry.kind, entry.key)):
                if holder is not None:
                    return Conflict(stream=holder.id, expected=0, actual=self._end_of(holder.id)[0])
        return None

    def _end_of(self, stream: UUID) -> tuple[int, bytes]:
        end = self._ends.get(stream)
        if end is None:
            end = self._ends[stream] = self._log.end_of(self._connection, stream.bytes)
        return end

    def _encoded(self, event: Event, stream: UUID, subject: str) -> Encoded:
        if event.stream != stream:
            raise ValueError(f"an event of {event.stream} among those of {stream}")
        if subject:
            event = self.seal_event(event, subject)
        state = to_bytes(event.to_json())
        if len(state) > LARGEST_EVENT and event.type not in WHOLE_TEXTS:
            raise EventTooLarge(size=len(state), limit=LARGEST_EVENT)
        return event, state

    def _sealed_payload(self, send: Outgoing, commit: Commit) -> Json:
        subject = commit.subjects.get(send.stream)
        return self.seal(subject, send.payload) if subject else send.payload

    def _insert_command(self, command: CommandRecord, count: int) -> None:
        self._unknown_commands.discard(command.id)
        stream = command.stream.bytes if command.stream else None
        row = (command.id, command.actor, command.body, stream, self._position + 1, count)
        self._connection.execute(INSERT_COMMAND, row)

    def _insert_case(self, entry: CaseEntry) -> None:
        self._connection.execute(
            INSERT_CASE,
            (
                entry.id.bytes,
                entry.number,
                entry.workflow,
                entry.version,
                entry.kind,
                entry.key,
                entry.subject,
                stamp(entry.opened_at),
            ),
        )

    def _insert_events(
        self, events: Mapping[UUID, Sequence[Encoded]], heads: Mapping[UUID, bytes], shapes: Mapping[UUID, int]
    ) -> list[Recorded]:
        self._newest = self._log.time(self._newest)
        at = instant(self._newest)
        written: list[Recorded] = []
        for stream, encoded in events.items():
            originator = stream.bytes
            revision, digest = self._end_of(stream)
            for event, state in encoded:
                self._position += 1
                revision += 1
                digest = self._log.insert(
                    self._connection, self._position, originator, revision, event.type, state, self._newest, digest
                )
                written.append(
                    Recorded(position=self._position, revision=revision, recorded_at=at, digest=digest, event=event)
                )
                if NOTICES in event.changes or RECALLS in event.changes:
                    put_notices(self._connection, written[-1])
            head = heads.get(stream)
            self._log.put_head(self._connection, originator, revision, digest, head, shapes.get(stream, 0))
            self._ends[stream] = (revision, digest)
        return written

    def _insert_sends(self, sends: Sequence[tuple[Outgoing, bytes]], written: Sequence[Recorded]) -> None:
        positions: dict[UUID, list[int]] = {}
        for recorded in written:
            positions.setdefault(recorded.event.stream, []).append(recorded.position)
        numbers: dict[int, int] = {}
        for send, payload in sends:
            position = positions[send.stream][send.index]
            n = numbers.get(position, 0)
            numbers[position] = n + 1
            self._connection.execute(INSERT_SEND, (position, n, send.target_case, payload))

    def due_on(self, stream: UUID) -> datetime | None:
        """Return when the clock has something to do on a stream next, with what this session wrote."""
        return self._due[stream] if stream in self._due else super().due_on(stream)

    def _put_due(self, stream: UUID, at: datetime | None) -> None:
        self._due[stream] = at
        if at is None:
            self._connection.execute(DELETE_DUE, (stream.bytes,))
        else:
            self._connection.execute(PUT_DUE, (stream.bytes, stamp(at)))

    def not_due(self, stream: UUID, at: datetime) -> None:
        """Forget that the clock has something to do on a stream at an instant; another instant stays."""
        self._due.pop(stream, None)
        self._connection.execute(DELETE_DUE_AT, (stream.bytes, stamp(at)))

    def put_head(self, stream: UUID, fold: Fold) -> None:
        """Fold a stream again and replace its head and what is due on it."""
        history = list(self.read(stream))
        made = fold(stream, history)
        state, shape = to_bytes(made.state), made.shape
        self._put_due(stream, made.due)
        revision, digest = history[-1].revision, history[-1].digest
        self._log.put_head(self._connection, stream.bytes, revision, digest, state, shape)
        self._ends[stream] = (revision, digest)

    def draw(self, series: str) -> int:
        """Return the next number of a series, from 1."""
        return int(self._connection.execute(DRAW, (series,)).get)

    def undraw(self, series: str) -> None:
        """Give back the number that this session drew last from a series."""
        self._connection.execute(UNDRAW, (series,))

    def journal(self, entry: JsonDict, subject: str = "") -> None:
        """Keep a note beside the order; its "case" says which case it is about."""
        payload = to_bytes(self.seal(subject, entry) if subject else entry)
        self._connection.execute(INSERT_JOURNAL, (stamp(self._log.clock()), str(entry.get("case", "")), payload))

    def mark_delivered(self, position: int, n: int) -> None:
        """Take a row of the outbox off the pending ones."""
        self._connection.execute(MARK_DELIVERED, (stamp(self._log.clock()), position, n))
