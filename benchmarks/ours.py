"""The engine on the repair path, as a program would use it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.path import FOLDER, STEPS, WORKFLOW, form_of
from lifecycle.app import App, build
from lifecycle.core.case import Decision, Note, OpenCase, TakeStep, decide
from lifecycle.core.events import Actor
from lifecycle.engine import Done
from lifecycle.engine.loading import facts_now, standing_case
from lifecycle.settings import Settings

CLERK = Actor(role="clerk", person="li")
GROUP = 500


class Ours:
    """An engine on a store of its own."""

    def __init__(self, folder: Path, workflows: Path = FOLDER, clock: Callable[[], datetime] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "ours.db"
        self.app: App = build(Settings(store=f"sqlite:{self.path}", workflows=workflows))
        self.app.engine.clock = clock or self.app.engine.clock
        self._ids = count(1)
        self._cases = count(1)

    def opening(self) -> OpenCase:
        return OpenCase(id=self.next_id(), workflow=WORKFLOW, actor=CLERK, customer=f"C-{next(self._cases)}")

    def next_id(self) -> str:
        return f"command-{next(self._ids):012}"

    def step(self, case: str, number: int) -> TakeStep:
        form = form_of(number, int(case[-6:]))
        return TakeStep(id=self.next_id(), case=case, step=STEPS[number], actor=CLERK, form=form)

    def open_all(self, cases: int) -> list[str]:
        """Open cases in groups; return their numbers."""
        opened: list[str] = []
        while len(opened) < cases:
            group = min(GROUP, cases - len(opened))
            answers = self.app.engine.execute_all([self.opening() for _ in range(group)])
            opened.extend(done(answer).case for answer in answers)
        return opened

    def one_at_a_time(self, cases: int) -> int:
        """Take cases through the path, one command after the other; return the number of commands."""
        execute = self.app.engine.execute
        for _ in range(cases):
            case = done(execute(self.opening())).case
            for number in range(len(STEPS)):
                done(execute(self.step(case, number)))
        return cases * (len(STEPS) + 1)

    def submitted(self, cases: Sequence[str]) -> int:
        """Take cases through the path, all at once, each handing in its next step when all are answered."""
        for number in range(len(STEPS)):
            futures: list[Future[Any]] = [self.app.engine.submit(self.step(case, number)) for case in cases]
            for future in futures:
                done(future.result())
        return len(cases) * len(STEPS)

    def submitted_from_a_loop(self, cases: Sequence[str]) -> int:
        """Take cases through the path, each as a task of one asyncio loop."""

        async def walk(case: str) -> None:
            for number in range(len(STEPS)):
                future: Future[Any] = self.app.engine.submit(self.step(case, number))
                done(await asyncio.wrap_future(future))

        async def all_of_them() -> None:
            await asyncio.gather(*(walk(case) for case in cases))

        asyncio.run(all_of_them())
        return len(cases) * len(STEPS)

    def walked(self, steps: int = len(STEPS)) -> str:
        """Return a new case that was taken some steps along the path."""
        [case] = self.open_all(1)
        for number in range(steps):
            done(self.app.engine.execute(self.step(case, number)))
        return case

    def noted(self, case: str, notes: int) -> None:
        """Write many notes on a case."""
        for start in range(0, notes, GROUP):
            group = range(start, min(start + GROUP, notes))
            self.app.engine.execute_all(
                [Note(id=self.next_id(), case=case, actor=CLERK, text=f"note {n}") for n in group]
            )

    def load_and_decide(self, case: str, number: int) -> None:
        """Load a case as it is stored and decide its next step, without writing."""
        store, engine = self.app.store, self.app.engine
        standing = standing_case(store, case)
        workflow = engine.workflow_of(standing)
        command = self.step(case, number)
        facts = facts_now(store, store.meta.id, workflow, standing, command.form)
        if not isinstance(decide(workflow, standing, command, engine.clock(), facts), Decision):
            raise AssertionError("the step was refused")

    def events(self) -> Iterator[tuple[str, str]]:
        """Yield state and day of every stored step, read as a projection reads."""
        for _, topic, document in self.app.store.documents():
            if topic.startswith("repair."):
                yield document["to"], document["occurred_at"][:10]

    def close(self) -> None:
        self.app.engine.close()


def done(answer: object) -> Done:
    """Return an answer that says yes; a benchmark measures no refusals."""
    if not isinstance(answer, Done):
        raise AssertionError(f"not done: {answer}")
    return answer
