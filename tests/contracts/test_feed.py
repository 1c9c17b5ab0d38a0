"""A reader that follows the feed while others write sees every position once, in order, without a gap."""

from __future__ import annotations

import os
import subprocess
import sys

from lifecycle.store import SqliteStore
from tests.effort import share_of

WRITERS = 8
WRITER = """
import os, random, sys, time
from lifecycle.store import open_store
from tests.contracts.controls import ToldClock, commit, stream
store = open_store(sys.argv[1], clock=ToldClock(), randomness=os.urandom)
name, batches = int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(name)
revision = 0
while revision < 5 * batches:
    try:
        with store.writing() as session:
            session.append(commit(stream(name), revision, events=5))
            time.sleep(chance.uniform(0, 0.005))
            if chance.random() < 0.05:
                raise InterruptedError
    except InterruptedError:
        continue
    revision += 5
"""


def test_a_follower_sees_no_gap_while_eight_processes_write(store: SqliteStore, url: str) -> None:
    batches = share_of(300, at_least=5)
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, url, str(name), str(batches)], env=environment)
        for name in range(WRITERS)
    ]
    seen: list[int] = []
    while any(writer.poll() is None for writer in writers):
        seen.extend(recorded.position for recorded in store.feed(seen[-1] if seen else 0))
    seen.extend(recorded.position for recorded in store.feed(seen[-1] if seen else 0))
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert seen == list(range(1, WRITERS * batches * 5 + 1))
    assert store.verify().findings == ()
