"""The tables of a store, and how a file becomes one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lifecycle.core.events import instant
from lifecycle.problems import DamagedHistory, NewerShape
from lifecycle.store.connections import Database
from lifecycle.store.meta import META, meta_values
from lifecycle.store.port import Meta

SCHEMA = 3
"""The number of these tables. A program opens only a store whose number, and whose minimum reader, it knows."""

EVENTS = "lifecycle_events"


def heads_of(table: str) -> str:
    """Return the name of the heads that belong to a table of events."""
    return "heads" if table == EVENTS else f"{table}_heads"


def event_tables(table: str) -> tuple[str, ...]:
    """Return the statements that make a table of events, append-only, and its heads."""
    return (
        f"""CREATE TABLE IF NOT EXISTS {table} (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            originator_id BLOB NOT NULL,
            originator_version INTEGER NOT NULL,
            topic TEXT NOT NULL,
            state BLOB NOT NULL,
            recorded_at TEXT NOT NULL,
            digest BLOB NOT NULL,
            UNIQUE (originator_id, originator_version))""",
        *append_only(table),
        # INSERT OR REPLACE deletes without the trigger on DELETE, unless a connection asks for recursive triggers.
        f"""CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE position = NEW.position)
              OR EXISTS (SELECT 1 FROM {table} WHERE originator_id = NEW.originator_id
                                                 AND originator_version = NEW.originator_version)
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
        # With rowids: a state of a few thousand bytes then lies in one page, and replacing it writes one.
        f"""CREATE TABLE IF NOT EXISTS {heads_of(table)} (
            stream BLOB NOT NULL PRIMARY KEY,
            revision INTEGER NOT NULL,
            digest BLOB NOT NULL,
            state BLOB,
            shape INTEGER NOT NULL)""",
    )


def append_only(table: str) -> tuple[str, ...]:
    """Return the triggers that forbid to change or delete a row."""
    return tuple(
        f"""CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        for act in ("UPDATE", "DELETE")
    )


TRACKING = (
    """CREATE TABLE IF NOT EXISTS tracking (
        application_name TEXT PRIMARY KEY,
        notification_id INTEGER NOT NULL) WITHOUT ROWID""",
)

BESIDE = (
    """CREATE TABLE IF NOT EXISTS commands (
        id TEXT PRIMARY KEY,
        actor TEXT NOT NULL,
        body BLOB NOT NULL,
        stream BLOB,
        first_position INTEGER NOT NULL,
        count INTEGER NOT NULL) WITHOUT ROWID""",
    *append_only("commands"),
    """CREATE TABLE IF NOT EXISTS cases (
        id BLOB PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        workflow TEXT NOT NULL,
        version INTEGER NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        subject TEXT NOT NULL,
        opened_at TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX IF NOT EXISTS cases_by_key ON cases (workflow, kind, key) WHERE key != ''",
    *append_only("cases"),
    """CREATE TABLE IF NOT EXISTS outbox (
        position INTEGER NOT NULL,
        n INTEGER NOT NULL,
        target TEXT NOT NULL,
        payload BLOB NOT NULL,
        delivered TEXT,
        PRIMARY KEY (position, n)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS outbox_pending ON outbox (position, n) WHERE delivered IS NULL",
    # One row for each who is told; whom and what is in the event.
    """CREATE TABLE IF NOT EXISTS notices (
        position INTEGER NOT NULL,
        n INTEGER NOT NULL,
        stream BLOB NOT NULL,
        revision INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'pending',
        tries INTEGER NOT NULL DEFAULT 0,
        next_at TEXT,
        at TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        reached TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (position, n)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS notices_pending ON notices (next_at, position, n) WHERE state = 'pending'",
    "CREATE INDEX IF NOT EXISTS notices_by_event ON notices (stream, revision)",
    """CREATE TABLE IF NOT EXISTS due (
        stream BLOB PRIMARY KEY,
        at TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS due_by_time ON due (at)",
    "CREATE TABLE IF NOT EXISTS numbers (series TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS journal (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        "case" TEXT NOT NULL,
        payload BLOB NOT NULL)""",
    'CREATE INDEX IF NOT EXISTS journal_by_case ON journal ("case", id)',
    "CREATE INDEX IF NOT EXISTS journal_by_time ON journal (at)",
)

# Notices given before there was an outbox are nobody's to deliver.
NOTICES_FROM = f"""INSERT INTO meta (name, value)
    VALUES ('notices_from', (SELECT coalesce(max(position), 0) FROM {EVENTS}))
    ON CONFLICT DO NOTHING"""

STORE = (META, *event_tables(EVENTS), *TRACKING, *BESIDE, NOTICES_FROM)


def create(database: Database, statements: Iterable[str]) -> None:
    """Make what is not there yet; any number of processes may do so at once."""
    with database.writing() as connection:
        for statement in statements:
            connection.execute(statement)


def upgrade(database: Database) -> None:
    """Bring an older program's tables up to these: what is missing is made, nothing that is there is touched."""
    with database.writing() as connection:
        for statement in STORE:
            connection.execute(statement)
        connection.execute("UPDATE meta SET value = ? WHERE name IN ('schema', 'reader')", (SCHEMA,))


def make_store(database: Database, meta: Meta, keys: str) -> Meta:
    """Return the identity of the store in a file; the given one is taken when the file is not a store yet.

    keys    fingerprint of the key store that belongs to it
    Raises  NewerShape when a newer program's tables are found; DamagedHistory when the identity is unreadable
    """
    values = meta_values(database)
    if "schema" not in values:
        with database.writing() as connection:
            for statement in STORE:
                connection.execute(statement)
            first = {
                "schema": SCHEMA,
                "reader": SCHEMA,
                "id": str(meta.id),
                "epoch": meta.epoch,
                "created": f"{meta.created:%Y-%m-%dT%H:%M:%S.%fZ}",
                "keys": keys,
            }
            for row in first.items():
                connection.execute("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", row)
        values = meta_values(database)
    try:
        newest = max(int(values["schema"]), int(values["reader"]))
        if newest > SCHEMA:
            raise NewerShape(position=0, found=newest, known=SCHEMA)
        if newest < SCHEMA:
            upgrade(database)
        return Meta(id=UUID(str(values["id"])), epoch=str(values["epoch"]), created=instant(str(values["created"])))
    except (KeyError, ValueError) as error:
        raise DamagedHistory(position=0, store=str(database.path)) from error
