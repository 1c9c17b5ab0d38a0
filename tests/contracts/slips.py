"""Processes that issue numbered slips on one store: `python -m tests.contracts.slips PATH SEED ROUNDS`."""

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

SLIPS = """
workflow: slips
version: 1
zone: Asia/Shanghai
roles: {clerk: {}, chief: {}}
papers:
  slip: {number: "WX-{serial:06}", stages: {issued: {}, filed: {}}}
cases: {matter: {machines: [job], opens: {opened: {by: clerk, start: job}}}}
machines:
  job:
    start: here
    states:
      here:
        steps:
          issued: {by: clerk, papers: {slip: issued}}
          filed: {by: clerk, papers: {slip: filed}}
          dropped: {by: clerk, papers: {slip: void}}
          locked: {by: chief, papers: {slip: issued}}
          ended: {by: clerk, to: over}
      over: {final: done}
"""


def now() -> datetime:
    return datetime.now(UTC)


def office(path: Path) -> Engine:
    """Return an engine of its own on a store."""
    store = open_store(f"sqlite:{path}", clock=now, randomness=os.urandom)
    return Engine(store, Workflows(read, compile_published, lambda: ("slips",)), clock=now, new_id=Ids(now))


def read(name: str) -> Source | None:
    files = {"slips": SLIPS}
    digest = Bundle(name="slips", texts=files).digest
    return Source(workflow=compile_published("slips", files), digest=digest, files=files) if name == "slips" else None


def opening(id: str) -> OpenCase:
    return OpenCase(id=id, workflow="slips", actor=Actor(role="clerk", person="li"))


def main(path: str, seed: str, rounds: str) -> None:
    """Open cases; issue, file, drop slips in each; every third one is also asked for by somebody who may not."""
    random = Random(int(seed))
    engine = office(Path(path))
    clerk = Actor(role="clerk", person=seed)
    for number in range(int(rounds)):
        opened = engine.execute(opening(f"{seed}-{number}"))
        assert isinstance(opened, Done)
        steps = random.choice((["issued"], ["issued", "dropped", "issued"], ["issued", "filed"], ["locked", "issued"]))
        for turn, step in enumerate(steps):
            command = TakeStep(id=f"{seed}-{number}-{turn}", case=opened.case, step=step, actor=clerk)
            while True:
                try:
                    answer = engine.execute(command)
                    break
                except RevisionConflict:
                    continue
            said = {"step": step, "case": opened.case, "done": isinstance(answer, Done)}
            print(json.dumps(said), flush=True)
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
