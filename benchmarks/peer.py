"""The peer: the same repair path as an idiomatic application of the eventsourcing library on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.cipher import AESCipher
from eventsourcing.domain import Aggregate, event

from benchmarks.path import LIMIT, STEPS, form_of

STATES = ("reported", *STEPS)


class Repair(Aggregate):
    """A repair that goes through thirteen states; each step checks state, role and amount."""

    @event("Opened")
    def __init__(self, customer: str) -> None:
        self.customer = customer
        self.state = STATES[0]
        self.form: dict[str, Any] = {}

    def take(self, number: int, role: str, form: dict[str, Any]) -> None:
        if self.state != STATES[number]:
            raise ValueError("wrong state")
        if role not in ("clerk", "manager") or form["amount"] > LIMIT:
            raise ValueError("refused")
        self.taken(target=STATES[number + 1], role=role, form=form)

    @event("Taken")
    def taken(self, target: str, role: str, form: dict[str, Any]) -> None:
        self.state = target
        self.form = form


class Repairs(Application[UUID]):
    """Repairs, encrypted as the library offers it: the whole of each event, with one key."""

    def open(self, customer: str) -> UUID:
        repair = Repair(customer)
        self.save(repair)
        return repair.id

    def step(self, repair_id: UUID, number: int, form: dict[str, Any]) -> None:
        repair: Repair = self.repository.get(repair_id)
        repair.take(number, "clerk", form)
        self.save(repair)


class TunedRepairs(Repairs):
    """The same with the library's own cache of aggregates, which keeps an object for every case touched."""

    env: ClassVar[dict[str, str]] = {"AGGREGATE_CACHE_MAXSIZE": "1000", "DEEPCOPY_FROM_AGGREGATE_CACHE": "n"}


def application(path: Path, *, tuned: bool = False) -> Repairs:
    """Return the peer on a file of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return (TunedRepairs if tuned else Repairs)(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(path),
            "SQLITE_LOCK_TIMEOUT": "10",
            "CIPHER_TOPIC": "eventsourcing.cipher:AESCipher",
            "CIPHER_KEY": AESCipher.create_key(num_bytes=16),
        }
    )


def one_at_a_time(app: Repairs, cases: int) -> int:
    """Take cases through the path, one command after the other; return the number of commands."""
    for case in range(cases):
        repair = app.open(f"C-{case}")
        for number in range(len(STEPS)):
            app.step(repair, number, form_of(number, case))
    return cases * (len(STEPS) + 1)


def threads(app: Repairs, repairs: Sequence[UUID]) -> int:
    """Take repairs through the path, each in a thread of its own; return the number of commands."""

    def walk(numbered: tuple[int, UUID]) -> None:
        for number in range(len(STEPS)):
            app.step(numbered[1], number, form_of(number, numbered[0]))

    with ThreadPoolExecutor(len(repairs)) as pool:
        for _ in pool.map(walk, enumerate(repairs)):
            pass
    return len(repairs) * len(STEPS)


def filled(app: Repairs, events: int) -> None:
    """Store whole repairs, a hundred in one save, until there are so many events."""
    for start in range(0, events, 100 * len(STATES)):
        repairs = []
        for case in range(start, start + 100):
            repair = Repair(f"C-{case}")
            for number in range(len(STEPS)):
                repair.take(number, "clerk", form_of(number, case))
            repairs.append(repair)
        app.save(*repairs)


def events(app: Repairs) -> Iterator[tuple[str, str]]:
    """Yield state and day of every stored step, read as a projection of the library reads: as domain events."""
    start = 1
    while page := app.recorder.select_notifications(start, 5_000):
        for notification in page:
            domain_event: Any = app.mapper.to_domain_event(notification)
            if type(domain_event).__name__ == "Taken":
                yield domain_event.target, domain_event.timestamp.date().isoformat()
        start = page[-1].id + 1
