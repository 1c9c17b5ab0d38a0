"""Run what is due, once or for as long as the process lives; deliver messages and notices, forget old attempts."""

from __future__ import annotations

import signal
import threading
from dataclasses import asdict
from datetime import datetime
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

import click

from lifecycle.engine.clockwork import Ran
from lifecycle.problems import LifecycleError
from lifecycle.terminal.door import Door
from lifecycle.terminal.root import spoken

if TYPE_CHECKING:
    from lifecycle.outbox.delivery import Delivered, Office

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
    post = office_of(door)
    postman = Postman(post, stop) if post is not None else None
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
    if postman is not None:
        postman.end()
    door.say("worker.stopped", ran=done)


class Postman:
    """Delivers notices beside the worker's clock, which waits for no mail server.

    stop  ends both; set here when the store fails
    """

    def __init__(self, post: Office, stop: threading.Event) -> None:
        self._post = post
        self._stop = stop
        self._failure: LifecycleError | None = None
        self._thread = threading.Thread(target=self._deliver, name="lifecycle-postman", daemon=True)
        self._thread.start()

    def _deliver(self) -> None:
        from lifecycle.outbox.delivery import deliver

        try:
            while not self._stop.is_set():
                if not deliver(self._post, most=1).any:
                    self._stop.wait(PAUSE_SECONDS)
        except LifecycleError as error:
            self._failure = error
            self._stop.set()

    def end(self) -> None:
        """Wait for the notice that is on its way.

        Raises  the failure that ended it
        """
        self._thread.join()
        if self._failure is not None:
            raise self._failure


def deliver_notices(door: Door) -> Delivered | None:
    """Deliver every notice that is due; return what came of it, None when no address book is set."""
    post = office_of(door)
    if post is None:
        return None
    from lifecycle.outbox.delivery import Delivered, deliver

    total = Delivered()
    while True:
        came = deliver(post)
        total = total.plus(came)
        if not came.any:
            return total


def office_of(door: Door) -> Office | None:
    from lifecycle.app import office

    return office(door.app, partial(say_notice, door))


def say_notice(door: Door, line: str) -> None:
    """Print a notice for the console; beside the one document of a command that speaks to programs."""
    click.echo(line, err=door.as_json)


def tell_stuck(door: Door, ran: Ran) -> None:
    """Name the cases on which what is due cannot be run at all."""
    for stream in ran.stuck:
        entry = door.app.store.find(str(stream))
        door.say("tick.stuck", case=entry.number if entry else str(stream))
