"""What cannot be read is refused with its position; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import apsw
import pytest
from eventsourcing.persistence import StoredEvent

from lifecycle.problems import DamagedHistory, NewerShape, StoreUnreachable
from lifecycle.store import SqliteStore
from lifecycle.store.connections import Database
from lifecycle.store.port import Store
from lifecycle.store.recorders import SqliteApplicationRecorder
from lifecycle.store.schema import SCHEMA
from tests.contracts.controls import ToldClock, commit, stream

A = stream(1)


def alter(folder: Path, statement: str, *values: object) -> None:
    raw = apsw.Connection(str(folder / "store.db"))
    raw.execute("DROP TRIGGER lifecycle_events_no_update")
    raw.execute(statement, values)
    raw.close()


@pytest.mark.parametrize(
    "state",
    [b"{", b"[]", b"\xff", b"{}", b'{"v":true}', b'{"v":0}', b'{"v":1}', b'{"v":1,"type":"a.b","occurred_at":7}'],
)
def test_an_event_that_is_no_event_is_damaged_history(store: SqliteStore, tmp_path: Path, state: bytes) -> None:
    store.append([commit(A, events=3)])
    alter(tmp_path, "UPDATE lifecycle_events SET state = ? WHERE position = 2", state)
    with pytest.raises(DamagedHistory) as raised:
        list(store.read(A))
    assert raised.value.values["position"] == 2
    assert type(raised.value) is DamagedHistory
    assert [r.position for r in store.feed(2)] == [3]


def test_an_event_of_a_newer_shape_is_refused_with_its_position(store: SqliteStore, tmp_path: Path) -> None:
    store.append([commit(A, events=3)])
    alter(tmp_path, """UPDATE lifecycle_events SET state = replace(state, '"v":1', '"v":2') WHERE position = 2""")
    with pytest.raises(NewerShape) as raised:
        list(store.feed())
    assert raised.value.values == {"position": 2, "found": 2, "known": 1}


def test_a_page_that_was_overwritten_is_noticed_or_was_not_of_the_events(
    opened: Callable[[], SqliteStore], tmp_path: Path
) -> None:
    store = opened()
    for revision in range(0, 60, 3):
        store.append([commit(A, revision, events=3, head={"n": revision})])
    written = list(store.feed())
    store.close()
    path = tmp_path / "store.db"
    whole = path.read_bytes()
    noticed = 0
    for offset in range(0, len(whole), 4096):
        path.write_bytes(whole[:offset] + b"\xa5" * 4096 + whole[offset + 4096 :])
        try:
            damaged = opened()
            verification = damaged.verify()
            read = list(damaged.feed())
            damaged.close()
        except (DamagedHistory, StoreUnreachable):
            noticed += 1
        else:
            noticed += bool(verification.findings)
            assert verification.findings or read == written
        for beside in ("store.db-wal", "store.db-shm"):
            (tmp_path / beside).unlink(missing_ok=True)
    assert noticed > 5


@pytest.mark.parametrize("number", ["schema", "reader"])
def test_a_store_of_a_newer_program_is_not_opened(
    opened: Callable[[], SqliteStore], tmp_path: Path, number: str
) -> None:
    opened()
    raw = apsw.Connection(str(tmp_path / "store.db"))
    raw.execute("UPDATE meta SET value = ? WHERE name = ?", (SCHEMA + 1, number))
    raw.close()
    with pytest.raises(NewerShape):
        opened()


def test_what_a_plain_recorder_wrote_is_in_the_same_order_and_chain(
    store: Store, tmp_path: Path, clock: ToldClock
) -> None:
    store.append([commit(A)])
    database = Database(tmp_path / "store.db")
    recorder = SqliteApplicationRecorder(database, clock)
    plain = uuid4()
    positions = recorder.insert_events(
        [StoredEvent(originator_id=plain, originator_version=n, topic="t", state=b"state") for n in (1, 2)]
    )
    assert positions == [2, 3]
    store.append([commit(A, 1)])
    assert store.last_position() == 4
    head = store.head(plain)
    assert head is not None
    assert (head.revision, head.state, head.shape) == (2, {}, 0)
    assert store.verify().findings == ()
    assert [n.topic for n in recorder.select_notifications(1, 10)] == [
        "repair.confirmed", "t", "t", "repair.confirmed"
    ]  # fmt: skip
    database.close()
