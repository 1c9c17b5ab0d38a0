"""The store in one SQLite file, with its keys in a second one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

import apsw

from lifecycle.core.events import Event, Personal, stamp
from lifecycle.problems import StoreStopped, StoreUnreachable
from lifecycle.store.connections import Database
from lifecycle.store.keys import KeyStore
from lifecycle.store.log import EventLog
from lifecycle.store.meta import meta_values
from lifecycle.store.notices import NoticeBox
from lifecycle.store.past import Past
from lifecycle.store.port import Commit, Fold, JsonDict, Meta, Verdict, Verification
from lifecycle.store.reading import COLUMNS, StoreReads
from lifecycle.store.schema import EVENTS, make_store
from lifecycle.store.sealing import each_of_event
from lifecycle.store.session import SqliteSession
from lifecycle.store.verify import verify_log, verify_stream

PRUNE_JOURNAL = "DELETE FROM journal WHERE at < ? RETURNING id"
SELECT_HEADS = "SELECT stream, revision, digest FROM heads"
SELECT_HEADS_OF = "SELECT stream, revision, digest FROM heads WHERE stream = ?"
SELECT_STREAMS = f"SELECT DISTINCT originator_id FROM {EVENTS}"
# One stream's rows as they are, whatever an intruder made of their revisions.
SELECT_ROWS_OF = f"SELECT {COLUMNS} FROM {EVENTS} WHERE originator_id = ? ORDER BY originator_version, position"
FULL = 2
SYNCHRONOUS = {0: "off", 1: "normal", 2: "full", 3: "extra"}
STREAMS_AT_ONCE = 500
"""Streams folded again in one transaction, so that writers wait only briefly."""


class SqliteStore(StoreReads):
    """Events, heads, commands, cases, outbox and journal in one file; safe for threads and processes.

    path        of the store's file, made when absent; its folder must be there
    keys        of the key store; None puts it beside the store, `<name>-keys.db`
    randomness  n -> n random bytes
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        keys: Path | None = None,
        master_key: bytes | None = None,
        vfs: str = "",
    ) -> None:
        self._path = path
        self._clock = clock
        self._database = Database(path, vfs=vfs)
        self._log = EventLog(clock)
        self._keys = KeyStore(
            keys or path.with_name(f"{path.stem}-keys.db"),
            clock=clock,
            randomness=randomness,
            master_key=master_key,
            vfs=vfs,
        )
        first = Meta(id=UUID(bytes=randomness(16), version=4), epoch=randomness(4).hex(), created=clock())
        self.meta = make_store(self._database, first, self._keys.fingerprint)
        if meta_values(self._database).get("keys") != self._keys.fingerprint:
            raise StoreUnreachable(reason="foreign-keys", store=str(path))

        self.notices = NoticeBox(self._database, self.feed)

    @property
    def _reading(self) -> apsw.Connection:
        return self._database.reading

    @contextmanager
    def writing(self) -> Iterator[SqliteSession]:
        """Give a session: committed when left, keys before events; rolled back on any exception.

        Raises  StoreUnreachable, OutcomeUnknown, StoreStopped
        """
        if self._keys.stopped:
            raise StoreStopped(reason="flush-failed", store=str(self._path))
        # The keys' block ends inside the events' one: a key is on disk before the event that needs it.
        with self._database.writing() as connection, self._keys.sealing() as sealing:
            session = SqliteSession(self._path, connection, self._log, self._keys, sealing)
            yield session
            if session.broken:
                raise RuntimeError("an append of this session failed halfway; nothing of it is kept")

    def append(self, commits: Iterable[Commit]) -> list[Verdict]:
        """Write commits in one session; one that conflicts drops out alone."""
        with self.writing() as session:
            return [session.append(commit) for commit in commits]

    def seal(self, event: Event, subject: str) -> Event:
        """Return an event with every personal value sealed; a new key is on disk when it returns."""
        with self._keys.sealing() as sealing:
            return each_of_event(event, Personal, lambda personal: sealing.box(subject, personal.value))

    def journal(self, entry: JsonDict, subject: str = "") -> None:
        """Keep a note beside the order, in a commit of its own."""
        with self.writing() as session:
            session.journal(entry, subject)

    def prune_journal(self, before: datetime) -> int:
        """Forget the notes older than an instant; return how many."""
        with self._database.writing() as connection:
            return len(connection.execute(PRUNE_JOURNAL, (stamp(before),)).fetchall())

    def mark_delivered(self, position: int, n: int) -> None:
        """Take a row of the outbox off the pending ones, in a commit of its own."""
        with self.writing() as session:
            session.mark_delivered(position, n)

    def destroy(self, subject: str) -> None:
        """Destroy a subject's key: its values are never readable again."""
        self._keys.destroy(subject)

    def past(self, position: int) -> Past:
        """Return what could be asked of the store when its newest position was this one."""
        return Past(self, position)

    def verify(self, stream: UUID | None = None) -> Verification:
        """Return everything that digests, positions, revisions and heads show to be altered.

        The answer is of one moment: what is written while it runs is left out.
        """
        with self._database.snapshot() as connection:
            if stream is None:
                heads = {row[0]: (row[1], row[2]) for row in self._all(SELECT_HEADS)}
                return verify_log(self._rows(0, None), heads, self._log.end(connection)[0])
            own = {row[0]: (row[1], row[2]) for row in self._all(SELECT_HEADS_OF, (stream.bytes,))}
            return verify_stream(self._all(SELECT_ROWS_OF, (stream.bytes,)), own)

    def rebuild_heads(self, fold: Fold) -> int:
        """Fold every stream again and replace its head and what is due on it; return how many."""
        streams = iter([UUID(bytes=row[0]) for row in self._all(SELECT_STREAMS)])
        done = 0
        while batch := list(islice(streams, STREAMS_AT_ONCE)):
            with self.writing() as session:
                for stream in batch:
                    session.put_head(stream, fold)
            done += len(batch)
        return done

    @property
    def keys_path(self) -> Path:
        """The file of the key store."""
        return self._keys.path

    def facts(self) -> list[tuple[str, str, bool]]:
        """Return what an operator should know of the file: (name, value, whether it is as it must be)."""
        journal = str(self._one("PRAGMA journal_mode")[0])
        synchronous = int(self._one("PRAGMA synchronous")[0])
        check = str(self._one("PRAGMA quick_check(1)")[0])
        return [
            ("sqlite", apsw.sqlite_lib_version(), True),  # an older one was refused when the file was opened
            ("journal_mode", journal, journal == "wal"),
            ("synchronous", SYNCHRONOUS.get(synchronous, str(synchronous)), synchronous >= FULL),
            ("quick_check", check, check == "ok"),
        ]

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()
        self._keys.close()
