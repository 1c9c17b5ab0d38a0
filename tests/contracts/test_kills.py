"""What was acknowledged survives the death of the process, wherever it dies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from lifecycle.core.events import Json
from lifecycle.store import open_store
from tests.contracts.controls import Counted, ToldClock
from tests.effort import share_of

WRITER = """
import os, sys, uuid
from lifecycle.core.events import Personal
from lifecycle.store import open_store
from lifecycle.store.port import CommandRecord, Commit
from tests.contracts.controls import ToldClock, confirmed
store = open_store("sqlite:" + sys.argv[1], clock=ToldClock(), randomness=os.urandom)
while True:
    id = uuid.uuid4()
    with store.writing() as session:
        event = session.seal_event(confirmed(id, form={"caller": Personal("li")}), session.subject_of(str(id)))
        command = CommandRecord(id=str(id), actor="li", body=b"b" * 32, stream=id)
        appended = session.append(Commit(
            events={id: [event, event]}, expected={id: 0}, heads={id: dict(event.changes)}, command=command))
    print(appended.positions[-1].position, id, flush=True)
"""


def test_every_acknowledged_command_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    chance = random.Random(7)
    acknowledged: list[tuple[int, str]] = []
    for _ in range(share_of(200)):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
            text=True,
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0]
        lines = [line.split() for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]
        acknowledged += [(int(position), id) for position, id in lines]
    store = open_store(f"sqlite:{path}", clock=ToldClock(), randomness=Counted())
    ends = {recorded.position: recorded for recorded in store.feed()}
    assert len(ends) % 2 == 0
    assert len(ends) >= 2 * len(acknowledged) > 0
    opened: set[Json] = set()
    for position, id in acknowledged:
        recorded = ends[position]
        assert (recorded.revision, str(recorded.event.stream)) == (2, id)
        assert store.command(id) is not None
        opened.add(store.open(recorded.event.changes["form"]["caller"]))
    assert opened == {"li"}
    assert store.verify().findings == ()
    store.close()
