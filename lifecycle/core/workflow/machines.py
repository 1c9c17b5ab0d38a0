"""Machines: states, their steps and order, and the arrows between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from lifecycle.core.workflow.acts import Branch, Call, Effect, Expectation, FormField, Guard, Who
from lifecycle.core.workflow.conditions import Condition, Formula
from lifecycle.core.workflow.dictionary import Guidance
from lifecycle.core.workflow.papers import MovePaper
from lifecycle.core.workflow.time import Deadline, Length
from lifecycle.problems import NOWHERE, Place, Text

BY_ITSELF = frozenset(("upon", "always"))
"""Triggers that fire in the commit of what caused them."""

TIMED = frozenset(("after", "at"))
"""Triggers that the clock fires."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What a person, an event or a condition on data does in a state.

    trigger   "by", "upon", "always", "after" or "at"
    upon      event types ("repair.signed", "received.visited", "removed") that fire it
    always    the condition that fires it
    after     the length from entering the owner state after which the clock takes it, on `clock`
    at        the instant at which the clock takes it; null: not at all
    when      applies at all; else listed as "not in this case"
    to        never empty; one unconditional branch when the step has a plain target or stays
    once      in an ordered state: taken once per stay, unless `repeat`
    optional  in an ordered state: never blocks the next ones
    """

    name: str
    event: str
    owner: str = ""
    titles: Text = field(default_factory=dict)
    trigger: Literal["by", "upon", "always", "after", "at"] = "by"
    upon: tuple[str, ...] = ()
    always: Condition | None = None
    after: Length | None = None
    at: Formula | None = None
    when: Condition | None = None
    who: Who = field(default_factory=Who)
    form: tuple[FormField, ...] = ()
    require: tuple[Guard, ...] = ()
    decide: tuple[Call, ...] = ()
    effects: tuple[Effect, ...] = ()
    to: tuple[Branch, ...] = (Branch(when=None, state=""),)
    recorded_afterwards: bool = False
    ticks: str = ""
    optional: bool = False
    repeat: bool = False
    rules: tuple[str, ...] = ()
    where: Place = NOWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """The order of a state's steps.

    variants  name -> steps in order; one variant named "" when the order is fixed; {} for `any`
    by        chooses the variant, when there are several
    """

    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: Formula | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """A state of a machine.

    path      nested states with dots: "working.inspecting"; leaves are where instances are
    initial   of a composite state: the path of the leaf that entering it reaches; "" for a leaf
    outcome   of a final state; "" otherwise
    complete  where an ordered state goes when its last step is done; "" stays
    """

    path: str
    titles: Text = field(default_factory=dict)
    initial: str = ""
    outcome: str = ""
    steps: tuple[Step, ...] = ()
    enter: tuple[Effect, ...] = ()
    exit: tuple[Effect, ...] = ()
    order: Order | None = None
    complete: str = ""
    expects: tuple[Expectation, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    checklist: str = ""
    phase: str = ""
    where: Place = NOWHERE

    @property
    def final(self) -> bool:
        return bool(self.outcome)


class Arrows(Protocol):
    """The flat state machine behind a machine: which arrow leads where."""

    def fire(self, source: str, trigger: str) -> str | None:
        """Return the state that the trigger leads to from the source; None when there is no such arrow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """A declarative state machine; a case runs instances of it.

    start     path of the leaf in which an instance begins
    starts    event types that start an instance by themselves (`starts: {upon: ..}`)
    joins     all of these event types must have happened in the case (`starts: {all: [..]}`)
    many      several instances may live; plural names them to the parent and the case
    anywhere  steps open in every state that is not final
    arrows    triggers are "<step>#<branch>" for a branch to a state, "<step>@<leaf>" for $history,
              "$complete:<path>" for the end of an ordered state; a branch that stays has no arrow
    """

    name: str
    titles: Text = field(default_factory=dict)
    start: str
    states: Mapping[str, State]
    arrows: Arrows
    starts: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    many: bool = False
    plural: str = ""
    anywhere: tuple[Step, ...] = ()
    expects: tuple[Expectation, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    phase: str = ""
    where: Place = NOWHERE
    offered: Mapping[str, tuple[Step, ...]] = field(init=False, repr=False, compare=False)
    moves_by_itself: bool = field(init=False)
    """Whether some step is taken by no person, or an ordered state goes on when it is done."""
    expects_anything: bool = field(init=False)
    moves_papers_between: bool = field(init=False)
    """Whether entering or leaving a state moves a paper."""
    clocked: bool = field(init=False)
    """Whether the clock has anything to do with its instances."""
    timed: bool = field(init=False)
    """Whether the clock takes any of its steps."""

    def __post_init__(self) -> None:
        steps = (*self.anywhere, *(step for state in self.states.values() for step in state.steps))
        completes = any(state.complete for state in self.states.values())
        expects = any(state.expects for state in self.states.values())
        object.__setattr__(self, "offered", {path: self._steps_of(path) for path in self.states})
        object.__setattr__(self, "moves_by_itself", completes or any(step.trigger in BY_ITSELF for step in steps))
        object.__setattr__(self, "expects_anything", expects or bool(self.expects))
        crossing = (effect for state in self.states.values() for effect in (*state.enter, *state.exit))
        object.__setattr__(self, "moves_papers_between", any(isinstance(effect, MovePaper) for effect in crossing))
        object.__setattr__(self, "timed", any(step.trigger in TIMED for step in steps))
        object.__setattr__(self, "clocked", bool(self.deadlines) or self.timed)

    def steps_of(self, state: str) -> tuple[Step, ...]:
        """Return the steps of a leaf: its own, those of the states around it (inner first), then `anywhere`."""
        return self.offered[state]

    def _steps_of(self, state: str) -> tuple[Step, ...]:
        found: list[Step] = []
        path = state
        while path:
            found.extend(self.states[path].steps)
            path = path.rpartition(".")[0]
        if not self.states[state].final:
            found.extend(self.anywhere)
        return tuple(found)

    def owners_of(self, step: str) -> tuple[str, ...]:
        """Return the paths of the states that own a step of this name, in file order; "" for `anywhere`."""
        owners = [state.path for state in self.states.values() if any(s.name == step for s in state.steps)]
        return (*owners, *("" for s in self.anywhere if s.name == step))


def effects_of(machine: Machine) -> Iterator[Effect]:
    """Yield every effect of a machine: of its steps, and of entering and leaving its states."""
    for state in machine.states.values():
        yield from state.enter
        yield from state.exit
        for step in state.steps:
            yield from step.effects
    for step in machine.anywhere:
        yield from step.effects
    for deadline in machine.deadlines:
        for rung in deadline.ladder:
            yield from rung.effects
