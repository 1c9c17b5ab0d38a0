"""Connections to one SQLite file: a writing one behind a lock, a reading one per thread."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

import apsw

from lifecycle.problems import DamagedHistory, LifecycleError, OutcomeUnknown, StoreStopped, StoreUnreachable

OLDEST_SQLITE = (3, 51, 3)
"""Older ones can damage a file that two connections write and checkpoint at once (reliability, D10)."""

BUSY_SECONDS = 5.0
RETRY_SECONDS = 0.002
"""Pause between two tries at a locked file. SQLite's own pauses grow to 0.1 s, so that of sixteen busy processes the
unlucky one waits for seconds: the others come back sooner."""

WAL_PAGES = 4_000
"""Pages (16 MB) after which the WAL goes into the file. A commit writes the same few pages again and again, and only
their newest copy is carried over: four times SQLite's own figure costs a quarter of its flushes."""

FLUSH_ERRORS = (apsw.SQLITE_IOERR_FSYNC, apsw.SQLITE_IOERR_DIR_FSYNC)
NOT_WRITTEN = (apsw.BusyError, apsw.LockedError, apsw.FullError, apsw.ReadOnlyError, apsw.ConstraintError)
"""Errors of a COMMIT after which SQLite has written nothing that counts."""


def fault(error: apsw.Error, path: Path) -> LifecycleError:
    """Return what an error of SQLite means to the caller."""
    if isinstance(error, apsw.CorruptError):
        return DamagedHistory(position=0, store=str(path))
    match error:
        case apsw.BusyError() | apsw.LockedError():
            reason = "locked"
        case apsw.FullError():
            reason = "full"
        case apsw.ReadOnlyError() | apsw.PermissionsError():
            reason = "read-only"
        case apsw.CantOpenError():
            reason = "cannot-open"
        case apsw.NotADBError():
            reason = "not-a-store"
        case apsw.IOError():
            reason = "io-error"
        case _:
            reason = "failed"
    return StoreUnreachable(reason=reason, store=str(path), detail=str(error))


def wait_for_turn(tried: int) -> bool:
    """Pause before another try at a locked file; answer no after `BUSY_SECONDS` of pauses."""
    if tried * RETRY_SECONDS >= BUSY_SECONDS:
        return False
    time.sleep(RETRY_SECONDS)
    return True


class Database:
    """One file, opened with the settings that our promises need.

    vfs  name of SQLite's file layer; "" is the system's own
    """

    def __init__(self, path: Path, *, vfs: str = "", secure_delete: bool = False) -> None:
        if tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) < OLDEST_SQLITE:
            raise StoreUnreachable(reason="sqlite-too-old", store=str(path), detail=apsw.sqlite_lib_version())
        self.path = path
        self._vfs = vfs
        self._secure_delete = secure_delete
        self._turn = threading.RLock()
        self._local = threading.local()
        self._readers: WeakSet[apsw.Connection] = WeakSet()
        self._closed = False
        self.stopped = False
        self._writer = self._connect()

    def _connect(self) -> apsw.Connection:
        try:
            connection = apsw.Connection(str(self.path), vfs=self._vfs or None, statementcachesize=200)
            connection.set_busy_handler(wait_for_turn)
            self._prepare(connection)
        except apsw.Error as error:
            raise fault(error, self.path) from error
        return connection

    def _prepare(self, connection: apsw.Connection) -> None:
        attempt = 0
        while True:
            # Several processes that open a new file change its journal at once; SQLite does not wait for this one.
            try:
                if connection.pragma("journal_mode") != "wal":
                    connection.pragma("journal_mode", "wal")
                break
            except apsw.BusyError:
                if not wait_for_turn(attempt):
                    raise
                attempt += 1
        wanted: dict[str, Any] = {"synchronous": 2, "foreign_keys": 1, "wal_autocheckpoint": WAL_PAGES}
        if sys.platform == "darwin":
            wanted |= {"fullfsync": 1, "checkpoint_fullfsync": 1}
        if self._secure_delete:
            wanted["secure_delete"] = 1
        for name, value in wanted.items():
            connection.pragma(name, value)
        wanted["journal_mode"] = "wal"
        for name, value in wanted.items():
            found = connection.pragma(name)
            if found != value:
                raise StoreUnreachable(reason="setting-refused", store=str(self.path), detail=f"{name}={found}")

    @property
    def reading(self) -> apsw.Connection:
        """The calling thread's connection for reading: sees what is committed, never waits for writers."""
        if self._closed:
            raise StoreUnreachable(reason="closed", store=str(self.path))
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
            self._readers.add(connection)
        return connection

    @contextmanager
    def snapshot(self) -> Iterator[apsw.Connection]:
        """Give the thread's reading connection held at one moment; writers go on beside it."""
        connection = self.reading
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")
        except apsw.Error as error:
            raise fault(error, self.path) from error

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """Give the writing connection inside BEGIN IMMEDIATE; commit at the end, roll back on any exception.

        Raises  StoreUnreachable "locked" after 5 s of waiting, "full", "read-only", "io-error": nothing was written;
                OutcomeUnknown when the commit's answer was lost; StoreStopped after a flush failed once
        """
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise StoreUnreachable(reason="locked", store=str(self.path))
        try:
            if self.stopped:
                raise StoreStopped(reason="flush-failed", store=str(self.path))
            if self._closed:
                raise StoreUnreachable(reason="closed", store=str(self.path))
            connection = self._writer
            if connection.in_transaction:
                raise RuntimeError("this thread is writing already; use its session")
            try:
                connection.execute("BEGIN IMMEDIATE")
            except apsw.Error as error:
                raise self._failed(error) from error
            try:
                yield connection
            except apsw.Error as error:
                self._roll_back()
                raise self._failed(error) from error
            except BaseException:
                self._roll_back()
                raise
            try:
                connection.execute("COMMIT")
            except apsw.Error as error:
                self._roll_back()
                failure = self._failed(error)
                if isinstance(error, NOT_WRITTEN) or getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_WRITE:
                    raise failure from error
                # The commit's frames may be in the file: another start may find them whole.
                raise OutcomeUnknown(**failure.values) from error
        finally:
            self._turn.release()

    def _failed(self, error: apsw.Error) -> LifecycleError:
        failure = fault(error, self.path)
        if getattr(error, "extendedresult", 0) in FLUSH_ERRORS:
            self.stopped = True
            return StoreUnreachable(reason="flush-failed", store=str(self.path), detail=str(error))
        return failure

    def _roll_back(self) -> None:
        if not self._writer.in_transaction:
            return
        try:
            self._writer.execute("ROLLBACK")
        except apsw.Error:
            # A rollback in the WAL forgets pages and writes none; what is left is let go with the connection.
            self._writer.close(True)
            self._writer = self._connect()

    def checkpoint(self) -> None:
        """Copy the WAL into the file and empty it, so that no older page is left in it."""
        with self._turn:
            try:
                self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            except apsw.Error as error:
                raise self._failed(error) from error

    def close(self) -> None:
        """Close every connection; the last one of all processes puts the WAL into the file."""
        with self._turn:
            self._closed = True
            self._writer.close(True)
            for reader in list(self._readers):
                # One that another thread is reading with goes when that thread lets go of it.
                with suppress(apsw.ThreadingViolationError):
                    reader.close(True)
