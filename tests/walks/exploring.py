"""The search: walks that prefer what was seldom done, then attempts aimed at what no walk has shown yet.

Every step is decided by `decide` alone. The same seed gives the same walks, whatever the hash seed is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from lifecycle.core.case import Case, Instance, OpenCase, RunDue, TakeStep
from lifecycle.core.case.commands import Facts
from lifecycle.core.case.offers import read_form
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import SYSTEM, Event, instant
from lifecycle.core.workflow import TIMED, Guard, Kind, Opening, Step, Workflow
from lifecycle.problems import Refusal
from tests.walks.aims import Aims, Weighing, place_of
from tests.walks.reach import OutOfReach
from tests.walks.typing_in import actor_for, form_for, wrong_actor
from tests.walks.witness import Witness
from tests.walks.world import Edge, World

STEPS_OF_A_WALK = 60
KEPT = 6
"""How many worlds are kept for each place that an instance has been at."""
ATTEMPTS = 6
FRESH = 4.0
"""How much likelier a step is that its instance has not taken yet."""
FIRING = 0.5
"""How often an excursion takes a step that fires the wanted one, when there is such a step."""
GROUNDED = 0.8
"""How often a keyed kind has a case before a walk begins."""
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(days=1))

Place = tuple[str, str, Edge | None, tuple[str, ...]]
"""Where an instance is: machine, leaf, the arrow by which it came, and the kind of case with the steps that apply."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that an instance of a case might take."""

    case: Case
    one: Instance
    step: Step


class Explorer:
    """Walks one workflow, and lets a witness take down what its walks show."""

    def __init__(self, workflow: Workflow, aims: Aims, out: OutOfReach, seed: int) -> None:
        self.workflow = workflow
        self.aims = aims
        self.out = out
        self.witness = Witness(workflow=workflow)
        self.chance = Random(seed)
        self.pairs = [pair for pair in aims.pairs if not out.pair(pair)]
        self.arrows = [(m, edge) for m, edges in aims.edges.items() for edge in edges if not out.arrow(m, edge)]
        self.weighings = [weighing for weighing in aims.weighings if not out.guard(weighing)]
        self.tried: dict[tuple[Place, str], int] = {}
        self.kept: dict[Place, list[tuple[World, UUID, str]]] = {}
        self.strangers: set[str] = set()

    # walks

    def walk(self, steps: int = STEPS_OF_A_WALK) -> World:
        """Open a case, sometimes several, and take steps as long as there are any."""
        world = self.grounded(World.of(self.workflow))
        for _ in range(self.chance.choice((1, 1, 2))):
            world = self.opened(world)
        for _ in range(steps):
            choices = list(self.choices(world))
            if not choices:
                break
            world = self.taken(world, self.weighted(world, choices)) or world
        return world

    def grounded(self, world: World, besides: Kind | None = None) -> World:
        """Return the world with a case of most keyed kinds: the files that matters lead to by a key or a number.

        besides  a kind that is opened later on
        """
        for kind in self.workflow.kinds.values():
            if kind.key and kind is not besides and self.chance.random() < GROUNDED:
                opening = self.chance.choice(list(kind.openings.values()))
                world = self.begin(world, kind.name, opening) or world
        return world

    def opened(self, world: World) -> World:
        """Return the world with one case more, of a kind that still has something to show."""
        kinds = list(self.workflow.kinds.values())
        kind = self.chance.choices(kinds, [0.2 + min(2.0, self.owed(each)) for each in kinds])[0]
        for _ in range(ATTEMPTS * 3):
            opening = self.chance.choice(list(kind.openings.values()))
            after = self.begin(world, kind.name, opening)
            if after is not None:
                return after
        return world

    def owed(self, kind: Kind) -> int:
        """Return how much of a kind's machines and openings no walk has shown; the search looks there more often."""
        places = tuple(opening.event for opening in kind.openings.values())
        machines = tuple(f"{name}[" for name in kind.machines)
        weighed = sum(1 for each in self.unweighed() if each.place in places or each.place.startswith(machines))
        taken = sum(1 for machine, _ in self.untaken() if machine in kind.machines)
        return weighed + taken + sum(1 for pair in self.lacking() if pair[0] in kind.machines)

    def choices(self, world: World) -> Iterator[Choice]:
        for case in world.cases.values():
            for one in case.live():
                for step in self.workflow.machines[one.machine].steps_of(one.state):
                    if step.trigger == "by" or step.name in one.timers:
                        yield Choice(case, one, step)

    def weighted(self, world: World, choices: list[Choice]) -> Choice:
        """Return one of the choices: likelier what its instance has not done, and what was seldom tried from there."""
        tried = [self.tried.get((place(world, each.case, each.one), each.step.name), 0) for each in choices]
        fresh = [FRESH if each.step.name not in each.one.taken else 1.0 for each in choices]
        weights = [new / (1 + often) for new, often in zip(fresh, tried, strict=True)]
        return self.chance.choices(choices, weights)[0]

    # single attempts

    def begin(self, world: World, kind: str, opening: Opening) -> World | None:
        """Try to open a case; return the world after it."""
        nothing = Case(id=UUID(int=0))
        command = OpenCase(
            id="command",
            workflow=self.workflow.name,
            kind=kind,
            opening=opening.name,
            actor=actor_for(opening.who, world, nothing, None, self.chance),
            form=form_for(opening.form, {}, world, self.chance),
            reasons=self.reasons(opening.require),
        )
        return self.decided(world, command, opening, opening.event, {guard.name: True for guard in opening.require})

    def taken(self, world: World, choice: Choice) -> World | None:
        """Try a step, with up to a few forms and persons; return the world after it."""
        here = (place(world, choice.case, choice.one), choice.step.name)
        self.tried[here] = self.tried.get(here, 0) + 1
        if choice.step.trigger in TIMED:
            return self.waited(world, choice)
        self.stranger(world, choice)
        world = world.later(self.chance.choice(PAUSES))
        where = place_of(self.workflow.machines[choice.one.machine], choice.step)
        for _ in range(ATTEMPTS):
            command = self.command(world, choice)
            after = self.decided(world, command, choice.step, where, self.asked(world, choice, command))
            if after is not None:
                return after
        return None

    def waited(self, world: World, choice: Choice) -> World | None:
        """Let time pass until the clock takes a step; return the world after it."""
        due = instant(choice.one.timers[choice.step.name])
        later = world.later(max(due - world.now, timedelta()))
        command = RunDue(id="due", case=choice.case.number)
        where = place_of(self.workflow.machines[choice.one.machine], choice.step)
        return self.decided(later, command, choice.step, where, {guard.name: True for guard in choice.step.require})

    def command(self, world: World, choice: Choice) -> TakeStep:
        case, one, step = choice.case, choice.one, choice.step
        form = form_for(step.form, {**one.data, **case.data}, world, self.chance)
        if step.ticks:
            items = list(self.workflow.checklists[step.ticks].items)
            form = {"items": items if self.chance.random() < 0.6 else [self.chance.choice(items)]}
        return TakeStep(
            id="command",
            case=case.number,
            step=step.name,
            machine=one.id,
            actor=actor_for(step.who, world, case, one, self.chance),
            form=form,
            reasons=self.reasons(step.require),
        )

    def reasons(self, guards: tuple[Guard, ...]) -> dict[str, str]:
        return {guard.name: "a reason" for guard in guards if guard.override and self.chance.random() < 0.3}

    def decided(
        self,
        world: World,
        command: OpenCase | TakeStep | RunDue,
        step: Step | Opening,
        where: str,
        asked: Mapping[str, bool],
    ) -> World | None:
        answer = world.attempt(command)
        if isinstance(answer, Refusal):
            self.witness.refused(answer, step, where)
            return None
        self.witness.allowed(world, answer, step, where, asked)
        for stream in answer.decision.events:
            case = answer.after.cases[stream]
            for one in case.live():
                worlds = self.kept.setdefault(place(answer.after, case, one), [])
                if len(worlds) < KEPT:
                    worlds.append((answer.after, case.id, one.id))
                elif self.chance.random() < 0.2:
                    worlds[self.chance.randrange(KEPT)] = (answer.after, case.id, one.id)
        return self.delivered(answer.after, answer.decision.events)

    def delivered(self, world: World, events: Mapping[UUID, Sequence[Event]]) -> World:
        """Return the world after the messages of these events have reached the cases that they are for."""
        sends = [send for each in events.values() for event in each for send in event.changes.get("sends", ())]
        for send in sends:
            command = TakeStep(
                id="send", case=send["case"], step=send["step"], actor=SYSTEM, form=send["form"], received=True
            )
            answer = world.attempt(command)
            if not isinstance(answer, Refusal):
                self.witness.came(world, answer)
                world = self.delivered(answer.after, answer.decision.events)
        return world

    def asked(self, world: World, choice: Choice, command: TakeStep) -> dict[str, bool]:
        """Return for each guard whether it is asked at all: those with a `when` only if it holds."""
        if all(guard.when is None for guard in choice.step.require):
            return {guard.name: True for guard in choice.step.require}
        scope = Snapshot(
            workflow=self.workflow,
            case=choice.case,
            instance=choice.one,
            actor=command.actor,
            now=world.now,
            facts=world.facts(choice.case, command, "", []),
        )
        scope = scope.but(form=read_form(choice.step.form, command.form, self.workflow, scope).values)
        return {g.name: g.when is None or g.when.holds(scope) is True for g in choice.step.require}

    def stranger(self, world: World, choice: Choice) -> None:
        """Once per step: somebody whose act it is not is told so."""
        where = place_of(self.workflow.machines[choice.one.machine], choice.step)
        if where in self.strangers:
            return
        self.strangers.add(where)
        command = self.command(world, choice)
        wrong = wrong_actor(command.actor, choice.step.who, self.workflow)
        answer = world.attempt(
            TakeStep(id="", case=choice.case.number, step=choice.step.name, machine=choice.one.id, actor=wrong)
        )
        if not isinstance(answer, Refusal) or "wrong-role" not in {reason.code for reason in answer.reasons}:
            self.witness.faults[f"{where}: {wrong.role} may take it"] = None

    # aimed attempts

    def lacking(self) -> list[tuple[str, Edge, Edge]]:
        """Return the pairs in reach that no walk has shown."""
        return [pair for pair in self.pairs if pair not in self.witness.pairs]

    def untaken(self) -> list[tuple[str, Edge]]:
        """Return the arrows in reach that no walk has taken."""
        return [arrow for arrow in self.arrows if arrow not in self.witness.edges]

    def unweighed(self) -> list[Weighing]:
        """Return the answers of guards in reach that no walk has met."""
        return [weighing for weighing in self.weighings if weighing not in self.witness.weighings]

    def aim(self, excursions: int) -> None:
        """Go where instances came by an arrow, and try what no walk has shown to follow it.

        excursions  steps of other instances that may come between
        """
        for machine, first, second in self.lacking():
            for place, worlds in list(self.kept.items()):
                if place[0] != machine or place[2] != first:
                    continue
                for world, case, address in list(worlds):
                    if (machine, first, second) not in self.witness.pairs:
                        self.attempt_at(world, case, address, second.step, excursions)
        self.aim_at_arrows(excursions)

    def aim_at_arrows(self, excursions: int) -> None:
        """Go where an arrow begins that no walk has taken, and try it."""
        for machine, edge in self.untaken():
            for place, worlds in list(self.kept.items()):
                if place[:2] == (machine, edge.source):
                    for world, case, address in list(worlds):
                        if (machine, edge) not in self.witness.edges:
                            self.attempt_at(world, case, address, edge.step, excursions)

    def weigh(self, excursions: int) -> None:
        """Try the steps whose guards have not answered both ways, wherever an instance offered them."""
        open_ = self.unweighed()
        for (machine, leaf, *_), worlds in list(self.kept.items()):
            for step in self.workflow.machines[machine].steps_of(leaf):
                where = place_of(self.workflow.machines[machine], step)
                wanted = [each for each in open_ if each.place == where] if step.trigger == "by" else []
                for world, case, address in list(worlds):
                    if any(each not in self.witness.weighings for each in wanted):
                        self.attempt_at(world, case, address, step.name, excursions)

    def attempt_at(self, world: World, stream: UUID, address: str, wanted: str, excursions: int) -> None:
        """Try a step of an instance, between steps of other instances."""
        came = world.last.get((stream, address))
        for _ in range(excursions):
            case = world.cases[stream]
            one = case.instances[address]
            steps = self.workflow.machines[one.machine].steps_of(one.state)
            step = next(
                (each for each in steps if each.name == wanted and (each.trigger == "by" or wanted in one.timers)), None
            )
            if step is not None and self.taken(world, Choice(case, one, step)) is not None:
                return
            others = [each for each in self.choices(world) if each.one.id != address or each.case.id != stream]
            if not others:
                return
            firing = [
                each for each in others if any(each.step.event in step.upon for step in steps if step.name == wanted)
            ]
            narrowed = firing if firing and self.chance.random() < FIRING else others
            world = self.taken(world, self.weighted(world, narrowed)) or world
            if world.last.get((stream, address)) != came:
                return


def place(world: World, case: Case, one: Instance) -> Place:
    machine = world.workflow.machines[one.machine]
    scope = Snapshot(workflow=world.workflow, case=case, instance=one, actor=SYSTEM, now=world.now, facts=Facts())
    here = (step.name for step in machine.steps_of(one.state) if step.when is None or step.when.holds(scope) is True)
    return one.machine, one.state, world.last.get((case.id, one.id)), (case.kind, *here)
