"""Processes that work on one store through the engine: `python -m tests.contracts.engines race|write|stop PATH ...`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import uuid4

from lifecycle.app import Ids
from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.core.events import Actor, Json
from lifecycle.engine import Done, Engine, Outcome, Workflows
from lifecycle.engine.workflows import Source
from lifecycle.language.folders import Bundle
from lifecycle.language.published import compile_published
from lifecycle.problems import StoreUnreachable
from lifecycle.store import open_store

GAME = """
workflow: game
version: 1
zone: Asia/Shanghai
fields: {caller: {is: text, scope: case, pii: true}, cost: {is: integer}}
roles: {clerk: {}}
cases: {matter: {machines: [job], opens: {opened: {by: clerk, form: [caller], start: job}}}}
machines:
  job:
    start: here
    anywhere: {added: {by: clerk, form: [cost!]}, ended: {by: clerk, to: over}}
    states:
      here: {steps: {pinged: {by: clerk, to: there}}}
      there: {steps: {ponged: {by: clerk, to: here}}}
      over: {final: done}
"""


def now() -> datetime:
    return datetime.now(UTC)


def game(path: Path) -> Engine:
    """Return an engine of its own on a store."""
    store = open_store(f"sqlite:{path}", clock=now, randomness=os.urandom)
    return Engine(store, Workflows(read, compile_published, lambda: ("game",)), clock=now, new_id=Ids(now))


def read(name: str) -> Source | None:
    files = {"game": GAME}
    digest = Bundle(name="game", texts=files).digest
    return Source(workflow=compile_published("game", files), digest=digest, files=files) if name == "game" else None


def opening(id: str) -> OpenCase:
    return OpenCase(id=id, workflow="game", actor=Actor(role="clerk", person="li"), form={"caller": "Wang"})


def taking(id: str, case: str, step: str, form: dict[str, Json] | None = None) -> TakeStep:
    return TakeStep(id=id, case=case, step=step, actor=Actor(role="clerk", person="li"), form=form or {})


def told(command: OpenCase | TakeStep, outcome: Outcome) -> dict[str, Json]:
    """Return what a process says of an outcome."""
    step = command.step if isinstance(command, TakeStep) else "opened"
    if isinstance(outcome, Done):
        return {"id": command.id, "step": step, "case": outcome.case, "revision": outcome.revision}
    codes = [reason.code for reason in outcome.reasons]
    return {"id": command.id, "step": step, "refused": codes, "winner": outcome.winner}


def race(path: Path, seed: int, rounds: int, cases: list[str]) -> Iterator[dict[str, Json]]:
    """Do the same things as others do at the same time; every third command is sent again."""
    random = Random(seed)
    engine = game(path)
    for number in range(rounds):
        step = random.choice(["pinged", "ponged", "added"])
        form: dict[str, Json] = {"cost": number} if step == "added" else {}
        command = taking(f"{seed}-{number}", random.choice(cases), step, form)
        outcome = engine.execute(command)
        yield told(command, outcome)
        if number % 3 == 0 and isinstance(outcome, Done):
            yield {**told(command, engine.execute(command)), "again": True}
    engine.close()


def write(path: Path) -> Iterator[dict[str, Json]]:
    """Open cases and take steps until the process dies."""
    engine = game(path)
    while True:
        first = opening(f"k-{uuid4()}")
        outcome = engine.execute(first)
        yield told(first, outcome)
        assert isinstance(outcome, Done)
        for step in ("pinged", "ended"):
            command = taking(f"{first.id}/{step}", outcome.case, step)
            yield told(command, engine.execute(command))


def stop(path: Path) -> Iterator[dict[str, Json]]:
    """Write while the disk fails; say what each command came to, then what can still be read."""
    engine = game(path)
    for number in range(12):
        command = opening(f"s-{number}")
        try:
            yield told(command, engine.execute(command))
        except StoreUnreachable as error:
            yield {"id": command.id, "failed": error.code}
    yield {"readable": engine.store.last_position()}


DEEDS: dict[str, Callable[..., Iterator[dict[str, Json]]]] = {"race": race, "write": write, "stop": stop}


def main(deed: str, path: str, *rest: str) -> None:
    for line in DEEDS[deed](Path(path), *(json.loads(each) for each in rest)):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
