"""People who do anything at random on the cases of a workflow, through the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from random import Random

from lifecycle.core.case import Correct, Note, Offer, OpenCase, TakeStep
from lifecycle.core.events import Actor, changed_values
from lifecycle.core.workflow import Who, Workflow
from lifecycle.engine import Done, Engine
from lifecycle.engine.answers import Command
from lifecycle.problems import LifecycleError
from tests.contracts.controls import ToldClock
from tests.properties.typing_values import some_form, some_value

IDS = count(1)


@dataclass
class People:
    """Who works with one workflow. cases: numbers opened, done: commands carried out with their answers."""

    engine: Engine
    clock: ToldClock
    workflow: Workflow
    random: Random
    cases: list[str] = field(default_factory=list)
    done: list[tuple[Command, Done]] = field(default_factory=list)

    def act(self) -> None:
        """Do one thing; a refusal is an answer like any other."""
        self.clock.go(minutes=self.random.randint(0, 30))
        command = self.opening() if not self.cases or self.random.random() < 0.15 else self.something()
        try:
            outcome = self.engine.execute(command)
        except LifecycleError:
            return
        if isinstance(outcome, Done):
            self.done.append((command, outcome))
            if isinstance(command, OpenCase):
                self.cases.append(outcome.case)

    def opening(self) -> OpenCase:
        kind = self.random.choice(list(self.workflow.kinds.values()))
        opening = self.random.choice(list(kind.openings.values()))
        return OpenCase(
            id=f"p-{next(IDS)}",
            workflow=self.workflow.name,
            kind=kind.name,
            opening=opening.name,
            actor=self.actor(opening.who),
            customer=self.random.choice(["", "C-1"]),
            form=some_form(opening.form, list(self.workflow.roles), self.random),
        )

    def something(self) -> Command:
        case = self.random.choice(self.cases)
        chance = self.random.random()
        if chance < 0.08:
            return self.correction(case)
        if chance < 0.12:
            return Note(id=f"p-{next(IDS)}", case=case, actor=self.actor(Who()), text="called")
        offered = self.engine.offers(case)
        allowed = [offer for offer in offered if offer.allowed] or offered
        if not allowed:
            return Note(id=f"p-{next(IDS)}", case=case, actor=self.actor(Who()), text="over")
        return self.taking(case, self.random.choice(allowed))

    def taking(self, case: str, offer: Offer) -> TakeStep:
        step = offer.step
        back = self.random.choice([1, 4, 90]) if self.random.random() < 0.1 else 0
        return TakeStep(
            id=f"p-{next(IDS)}",
            case=case,
            machine=offer.instance,
            step=step.name,
            actor=self.actor(step.who),
            form=some_form(step.form, list(self.workflow.roles), self.random),
            reasons={guard.name: "for once" for guard in step.require if guard.override and self.random.random() < 0.7},
            occurred_at=self.clock() - timedelta(minutes=back) if back else None,
        )

    def correction(self, case: str) -> Correct:
        event = self.random.choice(self.engine.history(case))
        roles = list(self.workflow.roles)
        fields = [name for name in changed_values(event.event) if name in self.workflow.fields]
        return Correct(
            id=f"p-{next(IDS)}",
            case=case,
            revision=event.revision,
            actor=event.event.by,
            reason="misheard",
            form={name: some_value(self.workflow.fields[name].type, roles, self.random) for name in fields[:1]},
            withdraw=self.random.random() < 0.3,
        )

    def actor(self, who: Who) -> Actor:
        role = self.random.choice(who.roles or tuple(self.workflow.roles))
        person = self.random.choice(["li", "ma", "wu"])
        if self.workflow.roles[role].party:
            return Actor(role=role, helpers=dict.fromkeys(who.recorders[:1], person))
        return Actor(role=role, person=person)
