"""The event-sourcing library's recorders over the store's own tables: one way in, the same order and chain."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import apsw
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    IntegrityError,
    InterfaceError,
    Notification,
    OperationalError,
    ProcessRecorder,
    Recorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from lifecycle.problems import StoreUnreachable
from lifecycle.store.connections import Database
from lifecycle.store.log import EventLog
from lifecycle.store.schema import EVENTS, TRACKING

Clock = Callable[[], datetime]
Chosen = TypeVar("Chosen")
Made = TypeVar("Made", bound="SqliteRecorder")
POLL_SECONDS = 0.02
PULLED_AT_ONCE = 500

# A consumer's position only goes forward.
PUT_TRACKING = """INSERT INTO tracking VALUES (?1, ?2) ON CONFLICT (application_name) DO UPDATE
    SET notification_id = ?2 WHERE notification_id < ?2 RETURNING notification_id"""
SELECT_TRACKING = "SELECT notification_id FROM tracking WHERE application_name = ?"


def system_clock() -> datetime:
    """Return the time of the machine: for recorders that the library's factory makes from its environment alone."""
    return datetime.now(UTC)


class SqliteRecorder(Recorder):
    """What all recorders share: a file and its tables.

    clock  the instant of recording
    """

    def __init__(self, database: Database, clock: Clock, events_table_name: str = EVENTS) -> None:
        self._database = database
        self._log = EventLog(clock, events_table_name)

    def tables(self) -> tuple[str, ...]:
        """Return the statements that make this recorder's tables."""
        return ()

    def create_table(self) -> None:
        """Make the tables that are not there yet."""
        with self._writing() as connection:
            for statement in self.tables():
                connection.execute(statement)

    @contextmanager
    def _writing(self) -> Iterator[apsw.Connection]:
        try:
            with self._database.writing() as connection:
                try:
                    yield connection
                except apsw.ConstraintError as error:
                    raise IntegrityError(error) from error
        except StoreUnreachable as error:
            raise OperationalError(error) from error

    def _select(self, statement: str, values: Sequence[Any]) -> list[Any]:
        try:
            return self._database.reading.execute(statement, values).fetchall()
        except (apsw.Error, StoreUnreachable) as error:
            raise OperationalError(error) from error


class SqliteAggregateRecorder(SqliteRecorder, AggregateRecorder):
    """Stored events by originator."""

    def tables(self) -> tuple[str, ...]:
        """Return the statements that make the table of events and its heads."""
        return (*super().tables(), *self._log.tables)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Insert all or none.

        Raises  IntegrityError when a version is there already or goes back
        """
        self._insert(stored_events, **kwargs)
        return None

    def _insert(self, stored_events: Sequence[StoredEvent], tracking: Tracking | None = None) -> list[int]:
        with self._writing() as connection:
            positions = self._insert_in(connection, stored_events)
            if tracking is not None:
                put_tracking(connection, tracking)
        return positions

    def _insert_in(self, connection: apsw.Connection, stored_events: Sequence[StoredEvent]) -> list[int]:
        log = self._log
        position, newest = log.end(connection)
        recorded_at = log.time(newest)
        ends: dict[bytes, tuple[int, bytes]] = {}
        positions = []
        for event in stored_events:
            originator = event.originator_id.bytes if isinstance(event.originator_id, UUID) else None
            if originator is None:
                raise InterfaceError("originator ids are UUIDs here")
            last, previous = ends[originator] if originator in ends else log.end_of(connection, originator)
            version = event.originator_version
            if previous and version <= last:
                raise IntegrityError(f"version {version} of {event.originator_id} comes after {last}")
            position += 1
            digest = log.insert(
                connection, position, originator, version, event.topic, event.state, recorded_at, previous
            )
            ends[originator] = (version, digest)
            positions.append(position)
        for originator, (version, digest) in ends.items():
            log.put_head(connection, originator, version, digest)
        return positions

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return an originator's events by version."""
        if not isinstance(originator_id, UUID):
            raise InterfaceError("originator ids are UUIDs here")
        rows = self._select(
            f"""SELECT originator_version, topic, state FROM {self._log.table}
                WHERE originator_id = ? AND originator_version > ? AND originator_version <= ?
                ORDER BY originator_version {"DESC" if desc else "ASC"} LIMIT ?""",
            (
                originator_id.bytes,
                -(2**62) if gt is None else gt,
                2**62 if lte is None else lte,
                -1 if limit is None else limit,
            ),
        )
        return [
            StoredEvent(originator_id=originator_id, originator_version=version, topic=topic, state=state)
            for version, topic, state in rows
        ]


class SqliteApplicationRecorder(SqliteAggregateRecorder, ApplicationRecorder):
    """Stored events by originator and by position."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Insert all or none; return their positions."""
        return self._insert(stored_events, **kwargs)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events by position."""
        after = 0 if start is None else start - inclusive_of_start
        chosen = f"AND topic IN ({','.join('?' * len(topics))})" if topics else ""
        rows = self._select(
            f"""SELECT position, originator_id, originator_version, topic, state FROM {self._log.table}
                WHERE position > ? AND position <= ? {chosen} ORDER BY position LIMIT ?""",
            (after, 2**62 if stop is None else stop, *topics, limit),
        )
        return [
            Notification(
                id=position, originator_id=UUID(bytes=originator), originator_version=version, topic=topic, state=state
            )
            for position, originator, version, topic, state in rows
        ]

    def max_notification_id(self) -> int | None:
        """Return the newest position; None in an empty table."""
        newest: int | None = self._select(f"SELECT max(position) FROM {self._log.table}", ())[0][0]
        return newest

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> PollingSubscription:
        """Return the events above a position, and then each new one."""
        return PollingSubscription(self, gt, topics)


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Asks for new events again and again: sees those of every process."""

    def __init__(self, recorder: ApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._stop = threading.Event()
        self._pulled: Iterator[Notification] = iter(())

    def stop(self) -> None:
        """End the iteration, also one that waits in another thread."""
        super().stop()
        self._stop.set()

    def __next__(self) -> Notification:
        """Return the next event; waits for it."""
        while not self._stop.is_set():
            notification = next(self._pulled, None)
            if notification is not None:
                self._last_notification_id = notification.id
                return notification
            pulled = self._recorder.select_notifications(
                start=self._last_notification_id or 0,
                limit=PULLED_AT_ONCE,
                topics=self._topics,
                inclusive_of_start=False,
            )
            self._pulled = iter(pulled)
            if not pulled:
                self._stop.wait(POLL_SECONDS)
        raise StopIteration


class SqliteTrackingRecorder(SqliteRecorder, TrackingRecorder):
    """How far consumers have come."""

    def tables(self) -> tuple[str, ...]:
        """Return the statements that make the table of tracking records."""
        return (*super().tables(), *TRACKING)

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record a consumer's position.

        Raises  IntegrityError when it does not go forward
        """
        with self._writing() as connection:
            put_tracking(connection, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return a consumer's position; None when it has none."""
        rows = self._select(SELECT_TRACKING, (application_name,))
        return rows[0][0] if rows else None


class SqliteProcessRecorder(SqliteTrackingRecorder, SqliteApplicationRecorder, ProcessRecorder):
    """Events and the tracking of what caused them, in one commit."""


def put_tracking(connection: apsw.Connection, tracking: Tracking) -> None:
    """Record a consumer's position in a transaction that is open.

    Raises  IntegrityError when it does not go forward
    """
    row = connection.execute(PUT_TRACKING, (tracking.application_name, tracking.notification_id)).fetchone()
    if row is None:
        raise IntegrityError(f"{tracking.application_name} is at {tracking.notification_id} or beyond")


class Factory(InfrastructureFactory[SqliteTrackingRecorder]):
    """Makes the recorders from the library's environment: `SQLITE_DBNAME` names the file."""

    SQLITE_DBNAME = "SQLITE_DBNAME"
    CREATE_TABLE = "CREATE_TABLE"

    aggregate_recorder_class = SqliteAggregateRecorder
    application_recorder_class = SqliteApplicationRecorder
    tracking_recorder_class = SqliteTrackingRecorder
    process_recorder_class = SqliteProcessRecorder
    clock: Clock = staticmethod(system_clock)

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        name = self.env.get(self.SQLITE_DBNAME)
        if not name:
            raise OSError(f"none of {', '.join(self.env.create_keys(self.SQLITE_DBNAME))} names the store's file")
        self._database = Database(Path(name))

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """Return a recorder on the table of that purpose: "events", "snapshots" ..."""
        table = EVENTS if purpose == "events" else f"lifecycle_{purpose}_events"
        return self._made(self.aggregate_recorder_class(self._database, self.clock, table))

    def application_recorder(self) -> ApplicationRecorder:
        """Return the recorder of an application."""
        return self._made(
            self._class(self.APPLICATION_RECORDER_TOPIC, self.application_recorder_class)(self._database, self.clock)
        )

    def tracking_recorder(
        self, tracking_recorder_class: type[SqliteTrackingRecorder] | None = None
    ) -> SqliteTrackingRecorder:
        """Return the recorder of a consumer's tables."""
        chosen = tracking_recorder_class or self._class(self.TRACKING_RECORDER_TOPIC, self.tracking_recorder_class)
        return self._made(chosen(self._database, self.clock))

    def process_recorder(self) -> ProcessRecorder:
        """Return the recorder of an application that follows another."""
        return self._made(
            self._class(self.PROCESS_RECORDER_TOPIC, self.process_recorder_class)(self._database, self.clock)
        )

    def _class(self, topic_name: str, default: type[Chosen]) -> type[Chosen]:
        topic = self.env.get(topic_name)
        if not topic:
            return default
        chosen: type[Chosen] = resolve_topic(topic)
        if not issubclass(chosen, default):
            raise OSError(f"{topic} is no {default.__name__}")
        return chosen

    def _made(self, recorder: Made) -> Made:
        if strtobool(self.env.get(self.CREATE_TABLE) or "yes"):
            recorder.create_table()
        return recorder

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
