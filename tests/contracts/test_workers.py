"""Everything that is due happens once, and not early, however many workers there are and whenever one is killed."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from lifecycle.core.events import Recorded, stamp
from lifecycle.core.ledger import LEDGER
from lifecycle.engine.loading import beside_of
from tests.contracts.workers import MORNING, engine_on, opened, work
from tests.effort import share_of

CASES = 4
ROUNDS = share_of(200, at_least=3)
MINUTES = 14
"""How much time passes between two rounds: on each case something is due several times."""


FORKED = get_context("fork")
"""The program is loaded once; each process opens the store for itself."""


def due(first: timedelta, minutes: int, until: datetime) -> list[datetime]:
    """Return when something comes that comes again and again from the morning on."""
    found: list[datetime] = []
    at = MORNING + first
    while at <= until:
        found.append(at)
        at += timedelta(minutes=minutes)
    return found


def test_two_workers_that_are_killed_again_and_again_do_everything_once(tmp_path: Path) -> None:
    path, chance = tmp_path / "store.db", random.Random(11)
    engine = engine_on(path, lambda: MORNING)
    cases = [opened(engine, number) for number in range(CASES)]
    before = engine.store.last_position()
    engine.close()
    for number in range(1, ROUNDS + 1):
        ends = [FORKED.Pipe() for _ in range(2)]
        both = [FORKED.Process(target=work, args=(path, number * MINUTES, end)) for _, end in ends]
        for each in both:
            each.start()
        for each, (heard, _) in zip(both, ends, strict=True):
            for _ in range(chance.randint(1, 6)):
                assert heard.poll(60)
                if heard.recv() == "done":
                    break
            time.sleep(chance.uniform(0, 0.01))
            each.kill()
        for each in both:
            each.join()
    end = MORNING + timedelta(minutes=ROUNDS * MINUTES)
    engine = engine_on(path, lambda: end)
    assert engine.store.last_position() > before, "the workers did something"
    engine.run_due()
    assert engine.run_due().done == 0
    for case in cases:
        assert_done_once(engine.history(case), end)
    posts = sum(len(due(timedelta(minutes=7), 7, end)) for _ in cases)
    beats = sum(len(due(timedelta(minutes=11), 11, end)) for _ in cases)
    halves = CASES if end >= MORNING + timedelta(hours=1) else 0
    bells = beside_of(engine.store, engine.store.meta.id).now(LEDGER, "ringing/bells/company").balance
    assert bells == posts + 100 * beats + 10_000 * halves
    assert engine.store.verify().findings == ()
    engine.close()


def assert_done_once(history: list[Recorded], end: datetime) -> None:
    """Assert that everything that was due on a case has happened, each thing once, at its time, and not early."""
    happened: dict[str, list[datetime]] = {}
    for one in history:
        assert one.recorded_at >= one.event.occurred_at, f"{one.event.type} was early"
        mark = next((each["id"] for each in one.event.changes.get("deadlines", ()) if "mark" in each), "")
        happened.setdefault(f"{one.event.type} {mark}".strip(), []).append(one.event.occurred_at)
    late = timedelta(microseconds=1)
    assert happened["job.rung"] == due(timedelta(minutes=7), 7, end)
    assert happened["deadline.breached beat"] == [at + late for at in due(timedelta(minutes=11), 11, end - late)]
    assert (
        Counter(one.event.command for one in history if one.event.command.startswith("due/")).most_common(1)[0][1] == 1
    )
    starts = [*happened["deadline.breached beat"], *happened.get("deadline.escalated once", ())]
    lapsed = sorted(at + timedelta(minutes=3) for at in starts if at + timedelta(minutes=3) <= end)
    assert list(map(stamp, happened.get("chase.lapsed", []))) == list(map(stamp, lapsed))
