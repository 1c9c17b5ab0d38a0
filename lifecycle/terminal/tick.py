"""Run what is due, once or for as long as the process lives; deliver messages, forget old refused attempts."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from types import FrameType

import click

from lifecycle.engine.clockwork import Ran
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken

PAUSE_SECONDS = 1.0
"""How long a worker waits before it looks again."""


@click.command("tick", help=spoken("tick"))
@click.option("--until", metavar="TIME", help=spoken("option.until"))
@click.pass_obj
def tick(door: Door, until: str | None) -> None:
    limit = door.instant(until, "--until") if until else None
    engine = door.app.engine
    ran = engine.run_due(limit)
    delivered = engine.deliver()
    forgotten = door.app.store.prune_journal(door.settings.clock() - door.settings.journal)
    if door.as_json:
        stuck = [str(stream) for stream in ran.stuck]
        door.put_json({"ran": ran.done, "delivered": delivered, "forgotten": forgotten, "stuck": stuck})
        return
    door.say("tick.done", ran=ran.done, delivered=delivered, forgotten=forgotten)
    tell_stuck(door, ran)


@click.command("worker", help=spoken("worker"))
@click.pass_obj
def worker(door: Door) -> None:
    stop = threading.Event()

    def stopping(_: int, __: FrameType | None) -> None:
        stop.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stopping)
    engine = door.app.engine
    door.say("worker.started")
    done = 0
    told: set[str] = set()
    pruned: datetime | None = None
    while not stop.is_set():
        ran = engine.run_due()
        done += ran.done
        engine.deliver()
        if fresh := [stream for stream in ran.stuck if str(stream) not in told]:
            told.update(map(str, fresh))
            tell_stuck(door, Ran(stuck=fresh))
        now = door.settings.clock()
        if pruned is None or (now - pruned).total_seconds() >= 3600:
            door.app.store.prune_journal(now - door.settings.journal)
            pruned = now
        stop.wait(PAUSE_SECONDS)
    door.say("worker.stopped", ran=done)


def tell_stuck(door: Door, ran: Ran) -> None:
    """Name the cases on which what is due cannot be run at all."""
    for stream in ran.stuck:
        entry = door.app.store.find(str(stream))
        door.say("tick.stuck", case=entry.number if entry else str(stream))
