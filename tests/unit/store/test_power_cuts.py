"""A power cut loses nothing that was acknowledged, at whichever write or flush it comes."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import apsw
import pytest

from lifecycle.core.events import Personal
from lifecycle.store import SqliteStore
from lifecycle.store.port import Commit
from tests.contracts.controls import Counted, ToldClock, confirmed, stream
from tests.effort import share_of

SECTOR_BYTES = 512
Mode = Literal["unflushed lost", "last torn", "some lost", "nothing lost"]
MODES: tuple[Mode, ...] = ("unflushed lost", "last torn", "some lost", "nothing lost")


@dataclass(frozen=True)
class Call:
    """One call that reached the disk, or an acknowledgement ("ack", with its position as offset)."""

    kind: Literal["write", "truncate", "flush", "delete", "ack"]
    file: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """Everything that was asked of the disk, in order."""

    calls: list[Call] = field(default_factory=list)

    def after(self, count: int, mode: Mode, chance: random.Random) -> dict[str, bytes]:
        """Return the files that a power cut behind the first calls leaves."""
        flushed: dict[str, bytearray] = {}
        waiting: dict[str, list[Call]] = {}
        for call in self.calls[:count]:
            if call.kind == "flush":
                carry_out(flushed.setdefault(call.file, bytearray()), waiting.pop(call.file, []))
            elif call.kind == "delete":
                flushed.pop(call.file, None)
                waiting.pop(call.file, None)
            elif call.kind != "ack":
                waiting.setdefault(call.file, []).append(call)
        for file, calls in waiting.items():
            kept = calls if mode != "unflushed lost" else []
            if mode == "some lost":
                kept = [call for call in calls if chance.random() < 0.5]
            elif mode == "last torn":
                last = calls[-1]
                whole = len(last.data) // 2 // SECTOR_BYTES * SECTOR_BYTES
                kept = [*calls[:-1], Call(last.kind, file, last.offset, last.data[:whole])]
            carry_out(flushed.setdefault(file, bytearray()), kept)
        return {file: bytes(content) for file, content in flushed.items()}

    def acknowledged(self, count: int) -> int:
        """Return the newest position acknowledged within the first calls."""
        return max((call.offset for call in self.calls[:count] if call.kind == "ack"), default=0)


def carry_out(content: bytearray, calls: Iterable[Call]) -> None:
    for call in calls:
        if call.kind == "truncate":
            del content[call.offset :]
        else:
            content.extend(bytes(max(0, call.offset - len(content))))
            content[call.offset : call.offset + len(call.data)] = call.data


class WatchedFiles(apsw.VFS):
    def __init__(self, name: str, disk: Disk) -> None:
        self.disk = disk
        super().__init__(name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return WatchedFile(name, flags, self.disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.disk.calls.append(Call("delete", Path(filename).name))
        super().xDelete(filename, syncdir)


class WatchedFile(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int], disk: Disk) -> None:
        self.disk = disk
        self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name)).name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.calls.append(Call("write", self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self.disk.calls.append(Call("truncate", self.name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self.disk.calls.append(Call("flush", self.name))
        super().xSync(flags)


COMMITS = share_of(50, at_least=3)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Disk:
    """What a store asks of the disk while it is made, written to, checkpointed and written to again."""
    disk = Disk()
    vfs = WatchedFiles("watched", disk)
    path = tmp_path_factory.mktemp("watched") / "store.db"
    store = SqliteStore(path, clock=ToldClock(), randomness=Counted(), vfs="watched")
    for number in range(COMMITS):
        id = stream(number)
        with store.writing() as session:
            event = session.seal_event(
                confirmed(id, form={"caller": Personal("li")}), session.subject_of(f"C-{number}")
            )
            session.append(Commit(events={id: [event, event]}, expected={id: 0}, heads={id: dict(event.changes)}))
        disk.calls.append(Call("ack", offset=2 * number + 2))
        if number % 20 == 1:
            store._database.checkpoint()
    store.close()
    vfs.unregister()
    return disk


@pytest.mark.parametrize("mode", MODES)
def test_after_a_power_cut_what_was_acknowledged_is_there_and_whole(disk: Disk, tmp_path: Path, mode: Mode) -> None:
    chance = random.Random(mode)
    assert disk.acknowledged(len(disk.calls)) == 2 * COMMITS
    for count in range(len(disk.calls) + 1):
        folder = tmp_path / str(count)
        folder.mkdir()
        for file, content in disk.after(count, mode, chance).items():
            (folder / file).write_bytes(content)
        store = SqliteStore(folder / "store.db", clock=ToldClock(), randomness=Counted())
        assert store._database.reading.pragma("integrity_check") == "ok"
        stored = [(r.position, store.open(r.event.changes["form"]["caller"])) for r in store.feed()]
        assert stored == [(position, "li") for position in range(1, len(stored) + 1)]
        assert len(stored) % 2 == 0
        assert disk.acknowledged(count) <= len(stored)
        assert store.verify().findings == ()
        store.close()
