"""What a store can be asked: the same questions on a reading connection and inside a session."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import apsw

from lifecycle.core.events import Event, Json, Recorded, instant, stamp
from lifecycle.problems import DamagedHistory
from lifecycle.store.connections import fault
from lifecycle.store.keys import KeyStore
from lifecycle.store.port import CaseEntry, Head, JsonDict, Row, Send, StoredCommand
from lifecycle.store.schema import EVENTS
from lifecycle.store.sealing import as_stored, from_bytes, head_from_bytes
from lifecycle.store.upcast import upcast

PAGE = 5_000
"""Rows fetched at a time, so that no long reading holds back the emptying of the WAL."""

COLUMNS = "position, originator_id, originator_version, topic, state, recorded_at, digest"
# The events of one stream between two revisions.
SELECT_STREAM = f"""SELECT {COLUMNS} FROM {EVENTS}
    WHERE originator_id = ? AND originator_version > ? AND originator_version <= ?
    ORDER BY originator_version LIMIT {PAGE}"""
# The events above a position.
SELECT_FEED = f"SELECT {COLUMNS} FROM {EVENTS} WHERE position > ? ORDER BY position LIMIT ?"
SELECT_HEAD = "SELECT revision, digest, state, shape FROM heads WHERE stream = ?"
# Where the case of a number stands.
SELECT_HEAD_BY_NUMBER = """SELECT stream, revision, digest, state, shape
    FROM cases JOIN heads ON heads.stream = cases.id WHERE cases.number = ?"""
CASE_COLUMNS = "id, number, workflow, version, kind, key, subject, opened_at"
SELECT_CASE_BY_NUMBER = f"SELECT {CASE_COLUMNS} FROM cases WHERE number = ?"
SELECT_CASE_BY_ID = f"SELECT {CASE_COLUMNS} FROM cases WHERE id = ?"
SELECT_CASE_BY_KEY = f"SELECT {CASE_COLUMNS} FROM cases WHERE workflow = ? AND kind = ? AND key = ? AND key != ''"
# A page of the index in the order of opening.
SELECT_CASES = f"""SELECT rowid, {CASE_COLUMNS} FROM cases WHERE rowid > ? AND (? = '' OR workflow = ?)
    ORDER BY rowid LIMIT {PAGE}"""
SELECT_KEYED = f"SELECT {CASE_COLUMNS} FROM cases WHERE workflow = ? AND kind = ? AND key != '' ORDER BY rowid"
SELECT_COMMAND = "SELECT id, actor, body, stream, first_position, count FROM commands WHERE id = ?"
SELECT_LAST = f"SELECT coalesce(max(position), 0) FROM {EVENTS}"
# The newest event at or before a position: its position and when it was recorded.
SELECT_TIME = f"SELECT position, recorded_at FROM {EVENTS} WHERE position <= ? ORDER BY position DESC LIMIT 1"
SELECT_PENDING = "SELECT position, n, target, payload FROM outbox WHERE delivered IS NULL ORDER BY position, n"
# What is due first, as far as it is due.
SELECT_DUE = "SELECT stream, at FROM due WHERE at <= ? ORDER BY at, stream LIMIT ?"

# On what the clock has anything to do, a part at a time.
SELECT_CLOCKED = "SELECT stream FROM due WHERE stream > ? ORDER BY stream LIMIT ?"
SELECT_JOURNAL = 'SELECT at, payload FROM journal WHERE "case" = ? ORDER BY id'


class StoreReads(ABC):
    """The questions; a subclass says on which connection."""

    _path: Path
    _keys: KeyStore

    @property
    @abstractmethod
    def _reading(self) -> apsw.Connection:
        """The connection to ask."""

    def _all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._reading.execute(statement, values).fetchall()
        except apsw.Error as error:
            raise fault(error, self._path) from error

    def _one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        try:
            return self._reading.execute(statement, values).fetchone()
        except apsw.Error as error:
            raise fault(error, self._path) from error

    def read(self, stream: UUID, after: int = 0, upto: int | None = None) -> Iterator[Recorded]:
        """Return a stream's events with revisions above `after`, up to and with `upto`."""
        last = 2**62 if upto is None else upto
        while page := self._all(SELECT_STREAM, (stream.bytes, after, last)):
            yield from map(recorded, page)
            after = page[-1][2]

    def feed(self, after_position: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Return the events above a position, in order."""
        return map(recorded, self._rows(after_position, limit))

    def rows(self, after_position: int = 0) -> Iterator[Row]:
        """Return the raw rows above a position, in order."""
        return self._rows(after_position, None)

    def documents(self, after_position: int = 0) -> Iterator[tuple[int, str, JsonDict]]:
        """Return position, topic and stored JSON of the events above a position, in order; boxes stay boxes.

        For folds over very many that need neither an `Event` nor anything personal.
        """
        for position, _, _, topic, state, _, _ in self._rows(after_position, None):
            yield position, topic, bare_document(state, position=position)

    def _rows(self, after: int, limit: int | None) -> Iterator[Row]:
        left = 2**62 if limit is None else limit
        while left > 0 and (page := self._all(SELECT_FEED, (after, min(PAGE, left)))):
            yield from page
            after = page[-1][0]
            left -= len(page)

    def head(self, stream: UUID) -> Head | None:
        """Return where a stream stands; None when it has no event."""
        row = self._one(SELECT_HEAD, (stream.bytes,))
        return None if row is None else self._head(stream, *row)

    def head_of(self, case: str) -> Head | None:
        """Return where the case of that number or id stands; None when there is no such case."""
        row = self._one(SELECT_HEAD_BY_NUMBER, (case,))
        if row is not None:
            return self._head(UUID(bytes=row[0]), *row[1:])
        entry = self.find(case)
        return None if entry is None else self.head(entry.id)

    def _head(self, stream: UUID, revision: int, digest: bytes, state: bytes | None, shape: int) -> Head:
        if state is None:
            return Head(stream=stream, revision=revision, digest=digest, state={}, shape=0)
        found = document(state, head_from_bytes, position=0, store=str(self._path))
        return Head(stream=stream, revision=revision, digest=digest, state=found, shape=shape)

    def find(self, case: str) -> CaseEntry | None:
        """Return the case of that number or id."""
        row = self._one(SELECT_CASE_BY_NUMBER, (case,))
        if row is None:
            try:
                row = self._one(SELECT_CASE_BY_ID, (UUID(case).bytes,))
            except ValueError:
                return None
        return _entry(row)

    def find_key(self, workflow: str, kind: str, key: str) -> CaseEntry | None:
        """Return the case that is kept under a key; none under the empty one."""
        return _entry(self._one(SELECT_CASE_BY_KEY, (workflow, kind, key)))

    def cases(self, workflow: str = "") -> Iterator[CaseEntry]:
        """Return the index of cases, of one workflow or all, in the order in which they were opened."""
        after = 0
        while page := self._all(SELECT_CASES, (after, workflow, workflow)):
            for rowid, *row in page:
                after = rowid
                yield from filter(None, (_entry(row),))

    def keyed(self, workflow: str, kind: str) -> list[CaseEntry]:
        """Return the keyed cases of a kind, in the order in which they were opened."""
        return [entry for row in self._all(SELECT_KEYED, (workflow, kind)) if (entry := _entry(row)) is not None]

    def command(self, id: str) -> StoredCommand | None:
        """Return the command that was accepted under an id."""
        row = self._one(SELECT_COMMAND, (id,))
        if row is None:
            return None
        id, actor, body, stream, first, count = row
        return StoredCommand(
            id=id,
            actor=actor,
            body=body,
            stream=UUID(bytes=stream) if stream else None,
            first_position=first,
            count=count,
        )

    def last_position(self) -> int:
        """Return the newest position; 0 in an empty store."""
        return int(self._one(SELECT_LAST)[0])

    def position_at(self, time: datetime) -> int:
        """Return the last position recorded at or before an instant; 0 when there is none."""
        # `recorded_at` never goes back along positions, so halving finds it without an index to write.
        wanted = stamp(time)
        found, low, high = 0, 1, self.last_position()
        while low <= high:
            row = self._one(SELECT_TIME, ((low + high) // 2,))
            if row is None or row[1] > wanted:
                high = (low + high) // 2 - 1
            else:
                found = row[0]
                low = (low + high) // 2 + 1
        return found

    def pending_sends(self) -> list[Send]:
        """Return what is not delivered yet, in order."""
        return [
            Send(position=position, n=n, target_case=target, payload=self._document(payload))
            for position, n, target, payload in self._all(SELECT_PENDING)
        ]

    def due(self, until: datetime, limit: int) -> list[tuple[UUID, datetime]]:
        """Return the streams on which the clock has something to do by an instant, earliest first, and when."""
        return [(UUID(bytes=stream), instant(at)) for stream, at in self._all(SELECT_DUE, (stamp(until), limit))]

    def clocked(self, after: UUID | None, limit: int) -> list[UUID]:
        """Return the streams on which the clock has something to do, in order of their ids, those after one of them."""
        found = self._all(SELECT_CLOCKED, (b"" if after is None else after.bytes, limit))
        return [UUID(bytes=stream) for (stream,) in found]

    def due_on(self, stream: UUID) -> datetime | None:
        """Return when the clock has something to do on a stream next."""
        row = self._one("SELECT at FROM due WHERE stream = ?", (stream.bytes,))
        return instant(row[0]) if row else None

    def refusals(self, case: str) -> list[JsonDict]:
        """Return the journal's entries about a case, oldest first, each with its "at"."""
        return [{"at": at, **self._document(payload)} for at, payload in self._all(SELECT_JOURNAL, (case,))]

    def _document(self, stored: bytes | str) -> JsonDict:
        return document(stored, position=0, store=str(self._path))

    def open(self, value: Json) -> Json:
        """Return a value with every `Sealed` in it replaced by its clear value, or by `Erased`."""
        return self._keys.open(value)

    def subject_of(self, text: str) -> str:
        """Return the keyed digest that stands for a person."""
        return self._keys.subject_of(text)

    def token(self, text: str) -> str:
        """Return the keyed digest under which a word of personal text is searched."""
        return self._keys.token(text)


def document(stored: bytes | str, read: Callable[[bytes | str], Json] = from_bytes, **where: object) -> JsonDict:
    """Return the JSON object of stored bytes.

    read    what makes a document of them
    where   named when it cannot be read
    Raises  DamagedHistory
    """
    try:
        found = read(stored)
    except (ValueError, TypeError) as error:
        raise DamagedHistory(**where) from error
    if not isinstance(found, dict):
        raise DamagedHistory(**where)
    return found


def bare_document(stored: bytes | str, **where: object) -> JsonDict:
    """Return the JSON object of stored bytes with its boxes as they lie there.

    Raises  DamagedHistory
    """
    try:
        return as_stored(stored)
    except (ValueError, TypeError) as error:
        raise DamagedHistory(**where) from error


def recorded(row: Row) -> Recorded:
    """Return the event of a raw row.

    Raises  DamagedHistory, NewerShape
    """
    position, originator, revision, _, state, recorded_at, digest = row
    form = upcast(document(state, position=position), position)
    try:
        event = Event.from_json(UUID(bytes=originator), form)
        at = instant(recorded_at)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DamagedHistory(position=position) from error
    return Recorded(position=position, revision=revision, recorded_at=at, digest=digest, event=event)


def _entry(row: Any) -> CaseEntry | None:
    if row is None:
        return None
    id, number, workflow, version, kind, key, subject, opened_at = row
    return CaseEntry(
        id=UUID(bytes=id),
        number=number,
        workflow=workflow,
        version=version,
        kind=kind,
        key=key,
        subject=subject,
        opened_at=instant(opened_at),
    )
