"""Named examples for the store's contract: a clock that is told, events, commits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256, shake_256
from uuid import UUID

from lifecycle.core.events import Actor, Event, Json
from lifecycle.store.port import CaseEntry, CommandRecord, Commit

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class ToldClock:
    """A clock that stands until it is told to move."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def go(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass
class Counted:
    """Bytes that look random and are the same in every run."""

    seed: bytes = b"lifecycle"
    drawn: int = field(default=0)

    def __call__(self, length: int) -> bytes:
        self.drawn += 1
        return shake_256(self.seed + self.drawn.to_bytes(8, "big")).digest(length)


def stream(number: int) -> UUID:
    """Return the id of a stream."""
    return UUID(int=(0x0195 << 112) | (7 << 76) | (1 << 63) | number)


def confirmed(of: UUID, *, at: datetime = MONDAY, **changes: Json) -> Event:
    """Return an ordinary event of a stream."""
    return Event(
        type="repair.confirmed",
        stream=of,
        case="DW-2026-000001",
        machine="repair/1",
        source="reported",
        target="confirmed",
        occurred_at=at,
        zone="Asia/Shanghai",
        by=Actor(role="customer_service", person="li"),
        via="cli:root",
        command="command-1",
        workflow=("doors-windows", 1),
        changes=changes,
        rules=("DW-013",),
    )


def commit(of: UUID, expected: int = 0, *, events: int = 1, command: str = "", head: Json = None) -> Commit:
    """Return a commit of some events of one stream."""
    record = CommandRecord(id=command, actor="li", body=sha256(command.encode()).digest(), stream=of)
    return Commit(
        events={of: [confirmed(of, form={"n": n}) for n in range(expected + 1, expected + 1 + events)]},
        expected={of: expected},
        heads={} if head is None else {of: head},
        command=record if command else None,
    )


def case(of: UUID, number: str = "DW-2026-000001", **rest: str) -> CaseEntry:
    """Return a row of the index of cases."""
    return CaseEntry(
        id=of, number=number, workflow="doors-windows", version=1, kind="repair_case", opened_at=MONDAY, **rest
    )
