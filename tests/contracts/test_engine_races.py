"""Many processes on one store through the engine, and processes that are killed."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from lifecycle.core.events import Json
from lifecycle.engine import Done
from tests.contracts.engines import game, opening, taking
from tests.effort import share_of

ROOT = Path(__file__).parents[2]
WORKERS = share_of(16, at_least=5)
"""Sixteen in `soak`; to start them is most of the work of a short run."""


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contracts.engines", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def lines(text: str) -> list[dict[str, Json]]:
    """Return what a process said, without a last line that it could not end."""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def test_many_processes_lose_nothing_double_nothing_and_tell_losers_who_won(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    engine = game(path)
    cases = [
        outcome.case for outcome in map(engine.execute, map(opening, map(str, range(8)))) if isinstance(outcome, Done)
    ]
    workers = [started("race", str(path), str(100 + n), str(share_of(200)), json.dumps(cases)) for n in range(WORKERS)]
    said = [line for worker in workers for line in lines(worker.communicate(timeout=300)[0])]
    assert [worker.returncode for worker in workers] == [0] * WORKERS

    feed = list(engine.store.feed())
    assert [recorded.position for recorded in feed] == list(range(1, len(feed) + 1))
    by_command = Counter(recorded.event.command for recorded in feed)
    accepted = {line["id"]: line for line in said if "revision" in line and "again" not in line}
    assert len(accepted) + sum("refused" in line for line in said) == WORKERS * share_of(200)
    assert all(by_command[id] == 1 for id in accepted)
    assert sum(by_command.values()) == len(accepted) + len(cases) + 1, "one event of each, and the publication"
    for line in said:
        if "again" in line:
            assert line["revision"] == accepted[line["id"]]["revision"]

    at = {recorded.position: recorded for recorded in feed}
    for line in said:
        if "refused" in line:
            winner = at[line["winner"]["position"]]
            assert line["refused"] == ["wrong-state"]
            assert (winner.event.type, winner.revision) == (line["winner"]["type"], line["winner"]["revision"])
            assert winner.event.type in (f"job.{line['step']}", "matter.opened")
    for case in cases:
        history = engine.history(case)
        assert [recorded.revision for recorded in history] == list(range(1, len(history) + 1))
        moves = [recorded.event.type for recorded in history if recorded.event.type in ("job.pinged", "job.ponged")]
        assert moves == (["job.pinged", "job.ponged"] * len(moves))[: len(moves)]
    assert engine.store.verify().findings == ()
    engine.close()


def test_what_the_engine_acknowledged_survives_every_kill_once_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    chance = random.Random(7)
    acknowledged: list[dict[str, Json]] = []
    for _ in range(share_of(200, at_least=4)):
        writer = started("write", str(path))
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        acknowledged += lines(first + writer.communicate()[0])
    engine = game(path)
    feed = list(engine.store.feed())
    by_command = Counter(recorded.event.command for recorded in feed)
    assert [recorded.position for recorded in feed] == list(range(1, len(feed) + 1))
    assert {by_command[line["id"]] for line in acknowledged} == {1}
    for line in acknowledged:
        assert engine.history(line["case"])[line["revision"] - 1].event.command == line["id"]
        stored = engine.store.command(line["id"])
        assert stored is not None
        assert stored.count == 1
    for line in chance.sample(acknowledged, min(50, len(acknowledged))):
        id, step = line["id"], line["step"]
        again = engine.execute(opening(id) if step == "opened" else taking(id, line["case"], step))
        assert isinstance(again, Done)
        assert again.repeated
    assert engine.store.last_position() == len(feed)
    assert engine.store.verify().findings == ()
    engine.close()
