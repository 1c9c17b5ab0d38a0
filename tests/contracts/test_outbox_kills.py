"""Notices and death: none is lost, each is repeated as often as a process died over it, under the same id."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from lifecycle.outbox.delivery import LEASE
from tests.contracts import outboxes
from tests.effort import share_of

LATER = int((LEASE + timedelta(minutes=1)).total_seconds())


def sender(folder: Path, seconds: int, kill_after: int = 0) -> subprocess.Popen[str]:
    """Start a process that delivers, by a clock so many seconds after Monday morning."""
    line = [sys.executable, "-m", "tests.contracts.outboxes", folder / "store.db", folder / "out.jsonl"]
    return subprocess.Popen(
        [*map(str, line), str(seconds), str(kill_after)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        text=True,
    )


def written(folder: Path) -> Counter[str]:
    """Return how often each notice stands in the file."""
    path = folder / "out.jsonl"
    return (
        Counter(json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()) if path.exists() else Counter()
    )


def told(folder: Path, count: int) -> list[str]:
    engine = outboxes.post(folder / "store.db")
    ids = outboxes.tell(engine, count)
    engine.close()
    return ids


def states(folder: Path) -> dict[str, int]:
    engine = outboxes.post(folder / "store.db")
    counted = engine.store.notices.count()
    engine.close()
    return counted


def test_a_process_that_dies_between_delivering_and_marking_repeats_that_one_notice_under_its_id(
    tmp_path: Path,
) -> None:
    ids = told(tmp_path, 40)
    chance = random.Random(11)
    killed: Counter[str] = Counter()
    rounds = share_of(60, at_least=3)
    for number in range(rounds):
        process = sender(tmp_path, number * LATER, kill_after=chance.randint(1, 3))
        said = process.communicate()[0].splitlines()
        assert process.returncode in (0, -signal.SIGKILL)
        killed.update(line.split()[1] for line in said if line.startswith("killed"))
    assert killed
    process = sender(tmp_path, rounds * LATER)
    process.communicate()
    assert process.returncode == 0
    assert written(tmp_path) == Counter(ids) + killed
    assert states(tmp_path) == {"sent": 40}


def test_whenever_a_process_is_killed_no_notice_is_lost_and_each_death_repeats_one_at_most(tmp_path: Path) -> None:
    ids = told(tmp_path, share_of(1000, at_least=60))
    chance = random.Random(12)
    deaths = 0
    rounds = share_of(100, at_least=2)
    for number in range(rounds):
        process = sender(tmp_path, number * LATER)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        deaths += process.returncode == -signal.SIGKILL
    process = sender(tmp_path, rounds * LATER)
    process.communicate()
    assert process.returncode == 0
    found = written(tmp_path)
    assert found.keys() == set(ids)
    assert sum(found.values()) <= len(ids) + deaths
    assert states(tmp_path) == {"sent": len(ids)}


def test_several_workers_at_once_deliver_each_notice_once(tmp_path: Path) -> None:
    ids = told(tmp_path, share_of(1000, at_least=100))
    workers = [sender(tmp_path, 0) for _ in range(2)]
    said = [worker.communicate()[0].splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert written(tmp_path) == Counter(ids)
    assert sum(map(len, said)) == len(ids)
    assert states(tmp_path) == {"sent": len(ids)}
