"""A worker that runs on a store what is due by a minute of the morning, in a process of its own that is forked."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from lifecycle.app import Ids
from lifecycle.core.case import OpenCase
from lifecycle.core.events import Actor
from lifecycle.engine import Engine, Workflows
from lifecycle.engine.clockwork import run_due
from lifecycle.engine.turn import Turn
from lifecycle.engine.workflows import Source
from lifecycle.language.folders import Bundle
from lifecycle.language.published import compile_published
from lifecycle.store import open_store
from lifecycle.store.port import Session

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
RINGING = """
workflow: ringing
version: 1
zone: Asia/Shanghai
calendars: {office: {hours: {"mon-sun": ["08:00-20:00"]}}}
roles: {clerk: {}}
ledgers: {bells: {unit: bell, of: company, zh: "铃", en: "Bells"}}
cases: {matter: {number: "R-{serial}", machines: [job, chase], opens: {opened: {by: clerk, start: job}}}}
machines:
  job:
    start: here
    states:
      here: {steps: {rung: {after: 7m, repeat: true, post: {bells: {add: 1}}}, ended: {by: clerk, to: over}}}
      over: {final: done}
    deadlines:
      beat: {every: 11m, stop: [ended], ladder: {100%: {post: {bells: {add: 100}}, start: chase}}}
      once:
        within: 2h
        clock: office
        stop: [ended]
        ladder: {50%: {post: {bells: {add: 10000}}}, +9m: {start: chase}}
  chase:
    many: true
    plural: chases
    start: due
    states: {due: {steps: {lapsed: {after: 3m, to: over}}}, over: {final: done}}
"""


def engine_on(path: Path, now: Callable[[], datetime]) -> Engine:
    """Return an engine of its own on a store."""
    store = open_store(f"sqlite:{path}", clock=now, randomness=os.urandom)
    return Engine(store, Workflows(read, compile_published, lambda: ("ringing",)), clock=now, new_id=Ids(now))


@cache
def read(name: str) -> Source | None:
    files = {"ringing": RINGING}
    digest = Bundle(name="ringing", texts=files).digest
    found = Source(workflow=compile_published("ringing", files), digest=digest, files=files)
    return found if name == "ringing" else None


def opened(engine: Engine, number: int) -> str:
    """Open a case and return its number."""
    command = OpenCase(id=f"o-{number}", workflow="ringing", actor=Actor(role="clerk", person="li"))
    return str(engine.execute(command).case)


def work(path: Path, minute: int, tell: Connection) -> None:
    """Run what is due by a minute, three cases in a turn; tell of each turn when it begins, and of the end."""
    now = MORNING + timedelta(minutes=minute)
    engine = engine_on(path, lambda: now)

    def turn_of(session: Session) -> Turn:
        tell.send("turn")
        return engine._turn(session)

    run_due(engine.store, turn_of, now, at_once=3)
    tell.send("done")
    engine.close()
