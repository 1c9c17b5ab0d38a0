"""Processes that take from one pool on one store: `python -m tests.contracts.crews PATH SEED ROUNDS`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from lifecycle.app import Ids
from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.core.events import Actor
from lifecycle.core.staff import ChangeStaff
from lifecycle.engine import Done, Engine, Workflows
from lifecycle.engine.workflows import Source
from lifecycle.language.folders import Bundle
from lifecycle.language.published import compile_published
from lifecycle.problems import Refusal
from lifecycle.store import open_store

CREWS = """
workflow: crews
version: 1
zone: Asia/Shanghai
roles: {clerk: {}, fitter: {}, driver: {}}
pools:
  fitters: {role: fitter, turn: round_robin}
  drivers: {role: driver, turn: least_load, cap: 2}
cases: {matter: {machines: [job], opens: {opened: {by: clerk, start: job}}}}
machines:
  job:
    start: new
    states:
      new: {steps: {sent: {by: clerk, assign: {fitter: fitters, driver: drivers}, to: under_way}}}
      under_way: {steps: {ended: {by: clerk, to: over}}}
      over: {final: done}
"""
PEOPLE = ("li", "ma", "wu", "he", "qi")
CAP = 2
CLERK = Actor(role="clerk", person="su")


def now() -> datetime:
    return datetime.now(UTC)


def crews(path: Path) -> Engine:
    """Return an engine of its own on a store."""
    store = open_store(f"sqlite:{path}", clock=now, randomness=os.urandom)
    return Engine(store, Workflows(read, compile_published, lambda: ("crews",)), clock=now, new_id=Ids(now))


def read(name: str) -> Source | None:
    files = {"crews": CREWS}
    digest = Bundle(name="crews", texts=files).digest
    return Source(workflow=compile_published("crews", files), digest=digest, files=files) if name == "crews" else None


def staff(engine: Engine) -> None:
    """Put everybody on the staff in both roles, in the order of PEOPLE."""
    for person in PEOPLE:
        told = {"roles": {"crews": ["fitter", "driver"]}}
        command = ChangeStaff(id=person, person=person, happening="added", change=told, actor=CLERK)
        assert not isinstance(engine.change_staff(command), Refusal)


def work(path: Path, seed: int, rounds: int) -> None:
    """Open cases and send people to each; end some of them, so that people come free."""
    engine, random = crews(path), Random(seed)
    under_way: list[str] = []
    for number in range(rounds):
        opened = engine.execute(OpenCase(id=f"{seed}-{number}", workflow="crews", actor=CLERK))
        assert isinstance(opened, Done)
        engine.execute(TakeStep(id=f"{seed}-{number}-s", case=opened.case, step="sent", actor=CLERK))
        under_way.append(opened.case)
        if random.random() < 0.5:
            done = under_way.pop(random.randrange(len(under_way)))
            engine.execute(TakeStep(id=f"{seed}-{number}-e", case=done, step="ended", actor=CLERK))
    engine.close()


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
