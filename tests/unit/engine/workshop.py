"""A workshop that totals its month: hours from slips, callbacks counted, fees of outlets by their results."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from lifecycle.core.case import Case, Correct, OpenCase, TakeStep
from lifecycle.core.events import Json
from lifecycle.core.settlement import SETTLEMENT, name_of
from lifecycle.engine import Done, Outcome
from lifecycle.engine.loading import beside_of
from lifecycle.problems import Refusal
from tests.unit.core.controls import actor
from tests.unit.engine.controls import Shop

TEXT = (Path(__file__).parents[1] / "language" / "files" / "workshop.yaml").read_text("utf-8")


class Workshop(Shop):
    """A shop with the workshop's text."""

    def job(self, worker: str, minutes: int, *, at: datetime | None = None, outlet: str = "north", **form: Json) -> str:
        """Return the number of a repair that somebody finished, at an instant that may lie back."""
        opening = OpenCase(
            id=self.next_command(),
            workflow="workshop",
            kind="repair",
            actor=actor("clerk:li"),
            form={"outlet": outlet},
            occurred_at=at,
        )
        case = self.do(opening).case
        self.late(case, "finished", at, worker=worker, minutes=minutes, **form)
        return case

    def late(self, case: str, step: str, at: datetime | None = None, **form: Json) -> None:
        command = TakeStep(
            id=self.next_command(), case=case, step=step, actor=actor("clerk:li"), form=form, occurred_at=at
        )
        self.do(command)

    def month_end(self) -> str:
        opening = OpenCase(id=self.next_command(), workflow="workshop", kind="month_end", actor=actor("clerk:li"))
        return self.do(opening).case

    def settle(self) -> Mapping[str, Json]:
        """Freeze hours and fees of the next month and return what the case keeps of the hours."""
        case = self.month_end()
        self.do(self.step(case, "paid"))
        return self.settled(case)["hours"]

    def tried(self, case: str, step: str, **form: Json) -> Outcome:
        return self.engine.execute(self.step(case, step, **form))

    def refusing(self, command: Correct) -> bool:
        """Carry out a correction and return whether it was refused."""
        return isinstance(self.engine.execute(command), Refusal)

    def why_not(self, case: str, step: str, **form: Json) -> list[str]:
        outcome = self.tried(case, step, **form)
        assert isinstance(outcome, Refusal), outcome
        return [reason.code for reason in outcome.reasons]

    def settled(self, case: str) -> Mapping[str, Mapping[str, Json]]:
        found: Case = self.engine.case(case)[0]
        return found.instances["total/1"].settled

    def frozen(self, name: str) -> list[Mapping[str, Json]]:
        """Return what every freeze of a settlement recorded, first one first."""
        stream = beside_of(self.engine.store, self.engine.store.meta.id).stream(SETTLEMENT, name_of("workshop", name))
        return [recorded.event.changes["settlement"] for recorded in self.engine.store.read(stream)]


def done(outcome: Outcome) -> Done:
    assert isinstance(outcome, Done), outcome
    return outcome
