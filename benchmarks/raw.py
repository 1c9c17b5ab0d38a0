"""The limit: one row of an event's size per commit, on the same disk, with the same settings."""

from __future__ import annotations

from pathlib import Path

import apsw

TABLE = """CREATE TABLE IF NOT EXISTS raw (position INTEGER PRIMARY KEY, originator_id BLOB, originator_version INTEGER,
    topic TEXT, state BLOB, recorded_at TEXT, digest BLOB)"""
INSERT = (
    "INSERT INTO raw (originator_id, originator_version, topic, state, recorded_at, digest) VALUES (?, ?, ?, ?, ?, ?)"
)


def size_of_event(store: Path) -> int:
    """Return the mean size of the events of a store, in bytes."""
    return int(apsw.Connection(str(store)).execute("SELECT avg(length(state)) FROM lifecycle_events").get)


def commits(store: Path, rows: int, size: int) -> int:
    """Insert rows into the file of a store, a commit each; return how many."""
    connection = apsw.Connection(str(store))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", 2)
    connection.execute(TABLE)
    row = (b"i" * 16, 7, "repair.dispatched", b"s" * size, "2026-03-02T01:00:00.000000Z", b"d" * 32)
    for _ in range(rows):
        connection.execute(INSERT, row)
    connection.close()
    return rows
