"""The peer: the same repair path as an idiomatic application of the eventsourcing library on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.path import LIMIT, STEPS, form_of


class Repair(Aggregate):
    """A repair that goes through twelve states; each step checks role and amount."""

    @event("Opened")
    def __init__(self, customer: str) -> None:
        self.customer = customer
        self.state = "state_00"
        self.form: dict[str, Any] = {}

    def take(self, number: int, role: str, form: dict[str, Any]) -> None:
        if self.state != f"state_{number:02}":
            raise ValueError("wrong state")
        if role not in ("clerk", "manager") or form["amount"] > LIMIT:
            raise ValueError("refused")
        self._take(target=f"state_{number + 1:02}", role=role, form=form)

    @event("Taken")
    def _take(self, target: str, role: str, form: dict[str, Any]) -> None:
        self.state = target
        self.form = form


class Repairs(Application[UUID]):
    """Repairs, encrypted as the library offers it: the whole state of each event, with one key."""

    def open(self, customer: str) -> UUID:
        repair = Repair(customer)
        self.save(repair)
        return repair.id

    def step(self, repair_id: UUID, number: int, form: dict[str, Any]) -> None:
        repair: Repair = self.repository.get(repair_id)
        repair.take(number, "clerk", form)
        self.save(repair)


def application(path: Path) -> Repairs:
    """Return the peer on a file of its own."""
    from eventsourcing.cipher import AESCipher

    return Repairs(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(path),
            "SQLITE_LOCK_TIMEOUT": "10",
            "CIPHER_TOPIC": "eventsourcing.cipher:AESCipher",
            "CIPHER_KEY": AESCipher.create_key(num_bytes=16),
        }
    )


def one_at_a_time(app: Repairs, cases: int) -> int:
    """Take every case through the path, one command after the other; return the number of commands."""
    for number in range(cases):
        repair = app.open(f"C-{number}")
        for step in range(STEPS):
            app.step(repair, step, form_of(step))
    return cases * (STEPS + 1)


def threads(app: Repairs, cases: int) -> int:
    """Take a hundred cases at a time through the path, a thread each; return the number of commands."""
    repairs = [app.open(f"C-{number}") for number in range(cases)]
    with ThreadPoolExecutor(cases) as pool:
        for step in range(STEPS):
            list(pool.map(lambda repair, step=step: app.step(repair, step, form_of(step)), repairs))
    return cases * (STEPS + 1)


def notifications(app: Repairs) -> Iterator[Any]:
    """Yield every domain event that was stored, as a projection of the library reads them."""
    mapper, recorder = app.mapper, app.recorder
    start = 1
    while page := recorder.select_notifications(start, 5000):
        for notification in page:
            yield mapper.to_domain_event(notification)
        start = page[-1].id + 1


