"""The one way into a table of events: positions, times, digests and heads are given here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import apsw

from lifecycle.core.events import stamp
from lifecycle.store.chain import chained
from lifecycle.store.schema import EVENTS, event_tables, heads_of

NEW = (0, b"")
"""Revision and digest of a stream without events."""


class EventLog:
    """A table of events and its heads.

    clock  the instant of recording; a log never goes back behind its newest one
    """

    def __init__(self, clock: Callable[[], datetime], table: str = EVENTS) -> None:
        heads = heads_of(table)
        self.clock = clock
        self.table = table
        self.tables = event_tables(table)
        # The newest position ever given (rows that were deleted do not give theirs back) and the newest time.
        self._select_end = f"""SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0),
            coalesce((SELECT recorded_at FROM {table} ORDER BY position DESC LIMIT 1), '')"""
        self._insert_event = f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?)"
        # Where a stream stands; its state is left where it is.
        self._select_end_of_stream = f"SELECT revision, digest FROM {heads} WHERE stream = ?"
        # A head replaces the one before it.
        self._put_head = f"""INSERT INTO {heads} VALUES (?, ?, ?, ?, ?) ON CONFLICT (stream) DO UPDATE SET
            revision = excluded.revision, digest = excluded.digest, state = excluded.state, shape = excluded.shape"""

    def end(self, connection: apsw.Connection) -> tuple[int, str]:
        """Return the newest position and the newest `recorded_at`; 0 and "" of an empty log."""
        position, recorded_at = connection.execute(self._select_end).get
        return position, recorded_at

    def time(self, newest: str) -> str:
        """Return the time to record now, as stored."""
        return max(stamp(self.clock()), newest)

    def end_of(self, connection: apsw.Connection, originator: bytes) -> tuple[int, bytes]:
        """Return a stream's revision and digest, `NEW` for an unknown one."""
        row = connection.execute(self._select_end_of_stream, (originator,)).fetchone()
        return (row[0], row[1]) if row else NEW

    def insert(
        self,
        connection: apsw.Connection,
        position: int,
        originator: bytes,
        version: int,
        topic: str,
        state: bytes,
        recorded_at: str,
        previous: bytes,
    ) -> bytes:
        """Insert one event behind `previous` and return its digest."""
        digest = chained(previous, originator, version, topic, recorded_at, state)
        connection.execute(self._insert_event, (position, originator, version, topic, state, recorded_at, digest))
        return digest

    def put_head(
        self,
        connection: apsw.Connection,
        originator: bytes,
        revision: int,
        digest: bytes,
        state: bytes | None = None,
        shape: int = 0,
    ) -> None:
        """Replace a stream's head."""
        connection.execute(self._put_head, (originator, revision, digest, state, shape))
