"""The event-sourcing library's own test cases, on our recorders."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from unittest import TestCase

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment

from lifecycle.store.connections import Database
from lifecycle.store.recorders import (
    Factory,
    SqliteAggregateRecorder,
    SqliteApplicationRecorder,
    SqliteProcessRecorder,
    SqliteRecorder,
    SqliteTrackingRecorder,
    system_clock,
)

Made = TypeVar("Made", bound=SqliteRecorder)


class OnAFile(TestCase):
    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "store.db"
        super().setUp()

    def made(self, kind: type[Made]) -> Made:
        database = Database(self.file)
        self.addCleanup(database.close)
        recorder = kind(database, system_clock)
        recorder.create_table()
        return recorder


class TestAggregateRecorder(OnAFile, cases.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.made(SqliteAggregateRecorder)


class TestApplicationRecorder(OnAFile, cases.ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        return self.made(SqliteApplicationRecorder)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestTrackingRecorder(OnAFile, cases.TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return self.made(SqliteTrackingRecorder)


class TestProcessRecorder(OnAFile, cases.ProcessRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return self.made(SqliteProcessRecorder)


class TestPositionsDoNotInterleave(OnAFile, cases.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return self.made(SqliteApplicationRecorder)


class ConsumerRecorder(SqliteTrackingRecorder):
    pass


class TestFactory(OnAFile, cases.InfrastructureFactoryTestCase[Factory]):
    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.env = Environment("Application")
        self.env["PERSISTENCE_MODULE"] = "lifecycle.store.recorders"
        self.env["SQLITE_DBNAME"] = str(Path(folder.name) / "store.db")
        super().setUp()

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return SqliteAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return SqliteApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return SqliteTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return ConsumerRecorder

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return SqliteProcessRecorder
