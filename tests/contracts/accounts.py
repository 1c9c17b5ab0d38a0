"""Processes that sell numbered slips from one stock: `python -m tests.contracts.accounts PATH SEED ROUNDS`."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from lifecycle.app import Ids
from lifecycle.core.case import OpenCase, TakeStep
from lifecycle.core.events import Actor
from lifecycle.engine import Done, Engine, Workflows
from lifecycle.engine.workflows import Source
from lifecycle.language.folders import Bundle
from lifecycle.language.published import compile_published
from lifecycle.problems import RevisionConflict
from lifecycle.store import open_store

QUOTA = 10
TEXT = """
workflow: accounts
version: 1
zone: Asia/Shanghai
roles: {clerk: {}}
fields: {number: {is: integer}}
ledgers:
  stock: {of: company, unit: piece, floor: 0}
  offers: {of: company, unit: offer, floor: 0, renew: {every: year, to: 10}}
papers: {slip: {number: "WX-{serial:06}", stages: {issued: {}, filed: {}}}}
cases: {matter: {machines: [job], opens: {opened: {by: clerk, start: job}}}}
machines:
  job:
    start: here
    states:
      here:
        steps:
          stocked: {by: clerk, form: [number!], post: {stock: {add: "=data.number"}}}
          used: {by: clerk, form: [number!], post: {stock: {take: "=data.number"}}}
          offered: {by: clerk, post: {offers: {take: 1}}}
          sold:
            by: clerk
            form: [number!]
            papers: {slip: issued}
            post: [{stock: {take: "=data.number"}}, {offers: {take: 1}}]
          dropped: {by: clerk, papers: {slip: void}}
          ended: {by: clerk, to: over}
      over: {final: done}
"""


def now() -> datetime:
    return datetime.now(UTC)


def office(path: Path) -> Engine:
    """Return an engine of its own on a store."""
    store = open_store(f"sqlite:{path}", clock=now, randomness=os.urandom)
    return Engine(store, Workflows(read, compile_published, lambda: ("accounts",)), clock=now, new_id=Ids(now))


def read(name: str) -> Source | None:
    files = {"accounts": TEXT}
    digest = Bundle(name="accounts", texts=files).digest
    workflow = compile_published("accounts", files)
    return Source(workflow=workflow, digest=digest, files=files) if name == "accounts" else None


def opening(id: str) -> OpenCase:
    return OpenCase(id=id, workflow="accounts", actor=Actor(role="clerk", person="li"))


def step(id: str, case: str, name: str, number: int = 0) -> TakeStep:
    form = {"number": number} if number else {}
    return TakeStep(id=id, case=case, step=name, actor=Actor(role="clerk", person="li"), form=form)


def main(path: str, seed: str, rounds: str) -> None:
    """Take pieces, an offer, or both on a numbered slip, round after round, whether they are given or not."""
    random = Random(int(seed))
    engine = office(Path(path))
    opened = engine.execute(opening(f"{seed}-opened"))
    assert isinstance(opened, Done)
    for turn in range(int(rounds)):
        name, number = random.choice((("used", 1), ("used", 2), ("used", 3), ("offered", 0), ("sold", 1), ("sold", 2)))
        done = taken(engine, step(f"{seed}-{turn}", opened.case, name, number))
        if name == "sold" and done:
            assert taken(engine, step(f"{seed}-{turn}-dropped", opened.case, "dropped"))
        print(json.dumps({"step": name, "number": number, "done": done}), flush=True)
    engine.close()


def taken(engine: Engine, command: TakeStep) -> bool:
    """Take a step, however often others are faster; return whether it was not refused."""
    while True:
        try:
            return isinstance(engine.execute(command), Done)
        except RevisionConflict:
            continue


if __name__ == "__main__":
    main(*sys.argv[1:])
