"""The table in which a file says what it is."""

from __future__ import annotations

from typing import Any

import apsw

from lifecycle.store.connections import Database, fault

META = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID"
FIND_META = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'"


def meta_values(database: Database) -> dict[str, Any]:
    """Return what a file says of itself; nothing when it is empty or another program's."""
    try:
        if not database.reading.execute(FIND_META).fetchall():
            return {}
        rows: list[Any] = database.reading.execute("SELECT name, value FROM meta").fetchall()
    except apsw.Error as error:
        raise fault(error, database.path) from error
    return dict(rows)
