"""A disk that is full, fails or lies: nothing half-written, reads go on, and a failed flush ends the writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest

from lifecycle.core.events import Personal
from lifecycle.problems import OutcomeUnknown, StoreStopped, StoreUnreachable
from lifecycle.store import SqliteStore
from lifecycle.store.port import Appended, Commit
from tests.contracts.controls import Counted, ToldClock, commit, confirmed, stream
from tests.effort import share_of

A, B = stream(1), stream(2)


@dataclass
class Faults:
    """Says at which call of which kind, on which file, the disk fails, and how."""

    kind: str = ""
    file: str = ""
    error: type[apsw.Error] = apsw.IOError
    code: int = 0
    after: int = 0
    lasting: bool = True

    def meet(self, kind: str, file: str) -> None:
        if kind != self.kind or not file.endswith(self.file):
            return
        if self.after > 0:
            self.after -= 1
            return
        if not self.lasting:
            self.kind = ""
        error = self.error("the disk failed")
        if self.code:
            error.extendedresult = self.code  # type: ignore[attr-defined]  # read by apsw, absent from its stubs
        raise error

    def read_only(self, file: str = "", after: int = 0) -> None:
        self.kind, self.file, self.error, self.code, self.after = "write", file, apsw.ReadOnlyError, 0, after

    def full(self, file: str = "", after: int = 0) -> None:
        self.kind, self.file, self.error, self.code, self.after = "write", file, apsw.FullError, 0, after

    def failing_write(self, file: str = "", after: int = 0) -> None:
        self.kind, self.file, self.error, self.after = "write", file, apsw.IOError, after
        self.code = apsw.SQLITE_IOERR_WRITE

    def failing_flush(self, file: str = "", after: int = 0) -> None:
        self.kind, self.file, self.error, self.after = "sync", file, apsw.IOError, after
        self.code = apsw.SQLITE_IOERR_FSYNC

    def none(self) -> None:
        self.kind = ""


class FaultyFiles(apsw.VFS):
    def __init__(self, name: str, faults: Faults) -> None:
        self.faults = faults
        super().__init__(name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return FaultyFile(name, flags, self.faults)


class FaultyFile(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int], faults: Faults) -> None:
        self.faults = faults
        self.name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.faults.meet("write", self.name)
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self.faults.meet("sync", self.name)
        super().xSync(flags)


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> Iterator[Faults]:
    faults = Faults()
    vfs = FaultyFiles("faulty", faults)
    yield faults
    faults.none()
    vfs.unregister()


@pytest.fixture
def opened(faults: Faults, tmp_path: Path) -> Iterator[Callable[[], SqliteStore]]:
    stores: list[SqliteStore] = []

    def again() -> SqliteStore:
        store = SqliteStore(tmp_path / "store.db", clock=ToldClock(), randomness=Counted(), vfs="faulty")
        stores.append(store)
        return store

    yield again
    faults.none()
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], SqliteStore]) -> SqliteStore:
    store = opened()
    store.append([commit(A, head={"n": 1})])
    return store


def sealed_and_appended(store: SqliteStore, of: int) -> None:
    id = stream(of)
    with store.writing() as session:
        event = session.seal_event(confirmed(id, form={"caller": Personal("王小明")}), session.subject_of(f"C-{of}"))
        session.append(Commit(events={id: [event]}, expected={id: 0}))


@pytest.mark.parametrize(
    ("fail", "reason"),
    [(Faults.full, "full"), (Faults.read_only, "read-only"), (Faults.failing_write, "io-error")],
)
def test_a_disk_that_takes_nothing_is_refused_and_writing_goes_on_when_it_does(
    store: SqliteStore, faults: Faults, fail: Callable[[Faults, str], None], reason: str
) -> None:
    fail(faults, "-wal")
    for _ in range(3):
        with pytest.raises(StoreUnreachable) as raised:
            store.append([commit(A, 1, command="c-1")])
        assert type(raised.value) is StoreUnreachable
        assert raised.value.values["reason"] == reason
        assert [r.revision for r in store.read(A)] == [1]
        assert store.command("c-1") is None
    faults.none()
    (verdict,) = store.append([commit(A, 1, command="c-1")])
    assert isinstance(verdict, Appended)
    assert verdict.positions[0].position == 2
    assert store.verify().findings == ()


@pytest.mark.parametrize("after", range(0, 12))
def test_wherever_a_write_fails_a_commit_is_whole_or_absent(
    store: SqliteStore, opened: Callable[[], SqliteStore], faults: Faults, after: int
) -> None:
    faults.failing_write(after=after)
    faults.lasting = False
    acknowledged = 1
    refused = []
    for revision in range(1, 4):
        try:
            (verdict,) = store.append([commit(A, acknowledged, events=2, head={"n": revision})])
        except StoreUnreachable as error:
            refused.append(error.values["reason"])
        else:
            assert isinstance(verdict, Appended)
            acknowledged += 2
    assert refused == ["io-error"]
    assert [r.revision for r in store.read(A)] == list(range(1, acknowledged + 1))
    again = opened()
    assert again.last_position() == acknowledged
    assert again.verify().findings == ()


def test_after_a_failed_flush_the_outcome_is_unknown_and_nothing_more_is_written(
    store: SqliteStore, opened: Callable[[], SqliteStore], faults: Faults
) -> None:
    faults.failing_flush("-wal")
    with pytest.raises(OutcomeUnknown) as raised:
        store.append([commit(A, 1, command="c-1")])
    assert raised.value.values["reason"] == "flush-failed"
    faults.none()
    with pytest.raises(StoreStopped):
        store.append([commit(A, 1)])
    with pytest.raises(StoreStopped):
        store.journal({"case": "DW-1"})
    assert [r.revision for r in store.read(A)] == [1]
    assert store.verify().findings == ()
    again = opened()
    assert isinstance(again.append([commit(B)])[0], Appended)
    assert again.verify().findings == ()


def test_an_event_is_not_written_when_its_key_cannot_be(store: SqliteStore, faults: Faults) -> None:
    faults.full("-keys.db-wal")
    with pytest.raises(StoreUnreachable) as raised:
        sealed_and_appended(store, 2)
    assert raised.value.values["reason"] == "full"
    assert store.last_position() == 1
    store.append([commit(A, 1)])
    faults.none()
    sealed_and_appended(store, 2)
    assert store.last_position() == 3
    assert store.verify().findings == ()


def test_after_a_failed_flush_of_the_keys_nothing_was_or_is_written(store: SqliteStore, faults: Faults) -> None:
    faults.failing_flush("-keys.db-wal")
    with pytest.raises(StoreUnreachable) as raised:
        sealed_and_appended(store, 2)
    assert type(raised.value) is StoreUnreachable
    assert raised.value.values["reason"] == "flush-failed"
    faults.none()
    with pytest.raises(StoreStopped):
        store.append([commit(A, 1)])
    assert store.last_position() == 1


def test_a_store_locked_for_too_long_is_refused(
    store: SqliteStore, opened: Callable[[], SqliteStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = opened()
    other._database._writer.set_busy_timeout(1)
    with store.writing() as session:
        session.append(commit(A, 1))
        with pytest.raises(StoreUnreachable) as raised:
            other.append([commit(B)])
        assert raised.value.values["reason"] == "locked"
    assert isinstance(other.append([commit(B)])[0], Appended)


def test_a_session_inside_a_session_is_the_callers_fault(store: SqliteStore) -> None:
    with store.writing() as session:
        session.append(commit(A, 1))
        with pytest.raises(RuntimeError, match="writing already"), store.writing():
            pass
    assert store.last_position() == 2


def test_random_faults_leave_only_what_was_acknowledged(
    store: SqliteStore, opened: Callable[[], SqliteStore], faults: Faults
) -> None:
    faults.lasting = False
    acknowledged = 1
    for number in range(share_of(500)):
        (faults.full if number % 2 else faults.failing_write)(after=number % 23)
        try:
            store.append([commit(A, acknowledged, events=number % 3 + 1, command=f"c-{number}", head={"n": number})])
        except StoreUnreachable:
            assert store.command(f"c-{number}") is None
        else:
            acknowledged += number % 3 + 1
    faults.none()
    assert [r.revision for r in store.read(A)] == list(range(1, acknowledged + 1))
    assert opened().verify().findings == ()
