"""Run what is due, once or for as long as the process lives; deliver messages and notices, forget old attempts."""

from __future__ import annotations

import signal
import threading
from dataclasses import asdict
from datetime import datetime
from functools import partial
from types import FrameType

import click

from lifecycle.app import office
from lifecycle.engine.clockwork import Ran
from lifecycle.outbox.delivery import Delivered, deliver
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
    told = deliver_notices(door)
    forgotten = door.app.store.prune_journal(door.settings.clock() - door.settings.journal)
    if door.as_json:
        stuck = [str(stream) for stream in ran.stuck]
        done = {"ran": ran.done, "delivered": delivered, "forgotten": forgotten, "stuck": stuck}
        door.put_json({**done, **({} if told is None else {"notices": asdict(told)})})
        return
    door.say("tick.done", ran=ran.done, delivered=delivered, forgotten=forgotten)
    if told is not None and any(asdict(told).values()):
        door.say("tick.notices", **asdict(told))
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
    post = office(door.app, partial(say_notice, door))
    door.say("worker.started")
    done = 0
    told: set[str] = set()
    pruned: datetime | None = None
    while not stop.is_set():
        ran = engine.run_due()
        done += ran.done
        engine.deliver()
        if post is not None:
            deliver(post)
        if fresh := [stream for stream in ran.stuck if str(stream) not in told]:
            told.update(map(str, fresh))
            tell_stuck(door, Ran(stuck=fresh))
        now = door.settings.clock()
        if pruned is None or (now - pruned).total_seconds() >= 3600:
            door.app.store.prune_journal(now - door.settings.journal)
            pruned = now
        stop.wait(PAUSE_SECONDS)
    door.say("worker.stopped", ran=done)


def deliver_notices(door: Door) -> Delivered | None:
    """Deliver every notice that is due; return what came of it, None when no address book is set."""
    post = office(door.app, partial(say_notice, door))
    if post is None:
        return None
    total = Delivered()
    while True:
        came = deliver(post)
        total = total.plus(came)
        if not came.any:
            return total


def say_notice(door: Door, line: str) -> None:
    """Print a notice for the console; beside the one document of a command that speaks to programs."""
    click.echo(line, err=door.as_json)


def tell_stuck(door: Door, ran: Ran) -> None:
    """Name the cases on which what is due cannot be run at all."""
    for stream in ran.stuck:
        entry = door.app.store.find(str(stream))
        door.say("tick.stuck", case=entry.number if entry else str(stream))
