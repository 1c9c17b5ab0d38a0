"""Several processes take from one pool at once: the turn goes strictly round, nobody holds more than the cap."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

from lifecycle.core.beside import stream_of
from lifecycle.core.roster import ROSTER
from tests.contracts.crews import CAP, PEOPLE, crews, staff
from tests.effort import share_of

ROOT = Path(__file__).parents[2]
PROCESSES = 8
ROUNDS = share_of(100, at_least=3)


def test_the_turn_is_strict_and_the_cap_holds_whoever_asks_at_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    engine = crews(path)
    staff(engine)
    working = [sys.executable, "-m", "tests.contracts.crews", str(path)]
    running = [subprocess.Popen([*working, str(seed), str(ROUNDS)], cwd=ROOT) for seed in range(PROCESSES)]
    assert [each.wait(timeout=300) for each in running] == [0] * PROCESSES
    history = [recorded.event for recorded in engine.store.feed()]

    taken: list[str] = []
    for event in history:
        if event.type == "roster.assigned" and event.changes["roster"]["as"] == "fitter":
            taken += event.changes["roster"]["people"]
    assert len(taken) == PROCESSES * ROUNDS
    assert taken == list(islice(cycle(PEOPLE), len(taken))), "the turn went round in the order of the staff"

    held: Counter[str] = Counter()
    for event in history:
        change = event.changes.get("roster", {})
        if change.get("as") != "driver":
            continue
        for person in change["people"]:
            held[person] += 1 if event.type == "roster.assigned" else -1
            assert 0 <= held[person] <= CAP
    lacking = [e for event in history for e in event.changes.get("assigned", ()) if e.get("lacking")]
    assert all(entry["name"] == "driver" for entry in lacking)

    head = engine.store.head(stream_of(engine.store.meta.id, ROSTER, "crews/drivers"))
    assert head is not None
    assert head.state["open"] == {person: count for person, count in held.items() if count}
    engine.close()
