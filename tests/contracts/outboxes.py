"""Processes that deliver the notices of one store: `python -m tests.contracts.outboxes STORE FILE SECONDS KILL_AFTER`.

Each claims, writes to the file, and marks. SECONDS is what its clock says after Monday morning; with KILL_AFTER n it
kills itself between writing the n-th notice and marking it, having said which one. It says each id that it wrote.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from lifecycle.app import Ids
from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.core.events import Actor
from lifecycle.engine import Done, Engine, Workflows
from lifecycle.engine.workflows import Source
from lifecycle.language.folders import Bundle
from lifecycle.language.published import compile_published
from lifecycle.outbox.book import Book, Card
from lifecycle.outbox.delivery import Office, deliver
from lifecycle.outbox.message import Message
from lifecycle.outbox.ways import File
from lifecycle.store import open_store
from tests.contracts.controls import MONDAY, ToldClock

TELLING = """
workflow: telling
version: 1
zone: Asia/Shanghai
roles: {clerk: {}, chief: {}}
cases: {matter: {machines: [job], opens: {opened: {by: clerk, start: job}}}}
machines:
  job:
    start: here
    states:
      here:
        steps:
          told: {by: clerk, notify: {who: chief, text: {zh: "{case}", en: "{case}"}}}
          ended: {by: clerk, to: over}
      over: {final: done}
"""


def post(path: Path, now: datetime = MONDAY) -> Engine:
    """Return an engine of its own on a store, by a clock that stands."""
    clock = ToldClock(now)
    store = open_store(f"sqlite:{path}", clock=clock, randomness=os.urandom)
    return Engine(store, Workflows(read, compile_published, lambda: ("telling",)), clock=clock, new_id=Ids(clock))


def read(name: str) -> Source | None:
    files = {"telling": TELLING}
    digest = Bundle(name="telling", texts=files).digest
    return Source(workflow=compile_published("telling", files), digest=digest, files=files) if name in files else None


def tell(engine: Engine, count: int) -> list[str]:
    """Let somebody be told so many times; return the ids of the notices."""
    clerk = Actor(role="clerk", person="li")
    opened = engine.execute(OpenCase(id="open", workflow="telling", actor=clerk))
    assert isinstance(opened, Done)
    steps = [TakeStep(id=f"tell-{n}", case=opened.case, step="told", actor=clerk) for n in range(count)]
    ids = []
    for answer in engine.execute_all(steps):
        assert isinstance(answer, Done), answer
        ids.append(f"notice/{answer.events[-1].position}/0")
    return ids


class Fatal:
    """Writes to a file; kills its process after having written a number of notices."""

    def __init__(self, file: File, kill_after: int) -> None:
        self._file = file
        self._left = kill_after

    def deliver(self, message: Message, address: str) -> None:
        self._file.deliver(message, address)
        self._left -= 1
        print("killed" if self._left == 0 else "wrote", message.id, flush=True)
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(store: str, file: str, seconds: str, kill_after: str) -> None:
    engine = post(Path(store), MONDAY + timedelta(seconds=int(seconds)))
    ways = {"file": Fatal(File(Path(file)), int(kill_after))}
    office = Office(shell=engine, book=Book(others=Card(to=("file",))), ways=ways, clock=engine.clock, voided={})
    while deliver(office).any:
        pass
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
