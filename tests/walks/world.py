"""An organisation in memory: cases, decided by the real `decide`, and what each walk has done so far."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast
from uuid import UUID

import orjson

from lifecycle.app import shipped
from lifecycle.core.beside import Changed, stream_of
from lifecycle.core.case import SHAPE, Case, Decision, Facts, OpenCase, TakeStep, decide
from lifecycle.core.case.commands import Command, Correct
from lifecycle.core.case.evolve import BY_THE_CLOCK
from lifecycle.core.events import Event, Personal, Recorded, Sealed
from lifecycle.core.staff import ANY_WORKFLOW, DIRECTORY, STAFF, Directory, Person
from lifecycle.core.workflow import Workflow
from lifecycle.engine.loading import facts_now
from lifecycle.language.checked import publishable
from lifecycle.language.folders import Folders
from lifecycle.problems import Refusal
from lifecycle.store.port import CaseEntry, Head, Reads
from lifecycle.store.sealing import each_of_event

SHIPPED = ("doors-windows", "furniture")
PEOPLE = ("p1", "p2")
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOBODY = UUID(int=0)


@cache
def shipped_workflow(name: str) -> Workflow:
    """Return a shipped workflow as it would be published."""
    found = publishable(name, Folders.of([shipped()]))
    assert found is not None
    return found.workflow


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow of a machine: the step that was taken, from which leaf to which."""

    source: str
    step: str
    target: str


@dataclass(frozen=True, kw_only=True)
class World:
    """Where a walk stands; a value, so that a search may go on from any place it has been.

    histories  the events of each case, for corrections and for golden histories
    last       (case, instance) -> the arrow by which the instance came to where it is
    drawn      how many ids were given out
    beside     heads of the aggregates beside cases: registers, ledgers ...; at first the staff alone
    """

    workflow: Workflow
    now: datetime = MORNING
    cases: Mapping[UUID, Case] = field(default_factory=dict)
    histories: Mapping[UUID, tuple[Event, ...]] = field(default_factory=dict)
    last: Mapping[tuple[UUID, str], Edge] = field(default_factory=dict)
    drawn: int = 0
    beside: Mapping[UUID, Head] = field(default_factory=dict)

    @classmethod
    def of(cls, workflow: Workflow) -> World:
        """Return the world of an organisation that has hired, and has done nothing yet."""
        return cls(workflow=workflow, beside=dict([crew(workflow)]))

    def later(self, by: timedelta) -> World:
        return replace(self, now=self.now + by)

    def facts(self, case: Case, command: Command, kind: str, drawn: list[UUID]) -> Facts:
        """Return what the engine would gather, from memory."""
        typed = command.form if isinstance(command, OpenCase | TakeStep | Correct) else {}
        facts = facts_now(cast(Reads, Shelf(self)), NOBODY, self.workflow, case, typed, kind)

        def draw(name: str) -> tuple[UUID, str]:
            drawn.append(UUID(int=self.drawn + len(drawn) + 1))
            return drawn[-1], f"{name}-{self.drawn + len(drawn)}"

        return replace(facts, draw=draw, seal=seal, history=self.recorded(case.id))

    def recorded(self, stream: UUID) -> tuple[Recorded, ...]:
        return tuple(
            Recorded(position=n, revision=n, recorded_at=event.occurred_at, digest=b"", event=event)
            for n, event in enumerate(self.histories.get(stream, ()), start=1)
        )

    def attempt(self, command: Command) -> Answer | Refusal:
        """Decide a command; return what came of it, or the refusal."""
        drawn: list[UUID] = []
        if isinstance(command, OpenCase):
            kind = self.workflow.kinds[command.kind]
            drawn.append(UUID(int=self.drawn + 1))
            key = str(command.form.get(kind.key, "")) if kind.key else ""
            number = f"{kind.name}-{self.drawn + 1}"
            case = Case(id=drawn[0], number=number, subject=f"s{self.drawn + 1}", key=key)
            facts = self.facts(case, command, kind.name, drawn)
        else:
            case = next(each for each in self.cases.values() if each.number == command.case)
            facts = self.facts(case, command, "", drawn)
        decision = decide(self.workflow, case, command, self.now, facts)
        if isinstance(decision, Refusal):
            return decision
        last = dict(self.last)
        histories = dict(self.histories)
        trail: list[tuple[str, Edge | None, Edge]] = []
        for stream, events in decision.events.items():
            histories[stream] = (*histories.get(stream, ()), *events)
            for event in events:
                if event.machine and not event.type.startswith(BY_THE_CLOCK):
                    edge = Edge(event.source, event.type.partition(".")[2], event.target)
                    trail.append((event.machine.partition("/")[0], last.get((stream, event.machine)), edge))
                    last[stream, event.machine] = edge
        cases = {**self.cases, **decision.cases}
        beside = {**self.beside, **{stream: head_of(stream, changed) for stream, changed in decision.beside.items()}}
        drawn_now = self.drawn + len(drawn)
        after = replace(self, cases=cases, histories=histories, last=last, drawn=drawn_now, beside=beside)
        return Answer(after=after, decision=decision, trail=trail)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an allowed command came to. trail: each arrow taken, with its machine and the one before it."""

    after: World
    decision: Decision
    trail: Sequence[tuple[str, Edge | None, Edge]]


def seal(event: Event, subject: str) -> Event:
    """Return the event with its personal values in boxes: fixed ones, which nothing here ever opens."""

    def boxed(personal: Personal) -> Sealed:
        digest = hashlib.sha256(subject.encode() + orjson.dumps(personal.value)).digest()
        return Sealed(subject, base64.b64encode(digest).decode())

    return each_of_event(event, Personal, boxed)


def crew(workflow: Workflow) -> tuple[UUID, Head]:
    """Return the staff directory: everybody in every role; the first qualified in all things, the second in half.

    Everybody is of one unit: the first of a pool's things, by the number of a case that is opened first.
    """
    choices = list(dict.fromkeys(name for field in workflow.fields.values() for name in field.type.choices))
    unit = next((f"{pool.kind}-1" for pool in workflow.pools.values() if pool.kind), "")
    roles = {ANY_WORKFLOW: list(workflow.roles)}
    people = {
        name: Person(id=name, roles=roles, unit=unit, qualifications=dict.fromkeys(skills, ""))
        for name, skills in zip(PEOPLE, (choices, choices[::2]), strict=True)
    }
    stream = stream_of(NOBODY, STAFF, DIRECTORY)
    state = orjson.loads(orjson.dumps(Directory(people=people, revision=1).to_json()))
    return stream, Head(stream=stream, revision=1, digest=b"", state=state, shape=STAFF.shape)


def head_of(stream: UUID, changed: Changed) -> Head:
    """Return the head of an aggregate, as JSON brings it back."""
    state = orjson.loads(orjson.dumps(changed.standing.to_json()))
    revision = changed.standing.revision
    return Head(stream=stream, revision=revision, digest=b"", state=state, shape=changed.aggregate.shape)


class Shelf:
    """The part of a store that is asked for facts: heads of cases, and where a number or key leads."""

    def __init__(self, world: World) -> None:
        self._world = world

    def head(self, stream: UUID) -> Head | None:
        case = self._world.cases.get(stream)
        if case is None:
            return self._world.beside.get(stream)
        return Head(stream=stream, revision=case.revision, digest=b"", state=case.to_json(), shape=SHAPE)

    def find(self, number: str) -> CaseEntry | None:
        return next((entry(case) for case in self._world.cases.values() if case.number == number), None)

    def find_key(self, workflow: str, kind: str, key: str) -> CaseEntry | None:
        assert workflow == self._world.workflow.name
        found: Sequence[Case] = [c for c in self._world.cases.values() if c.kind == kind and c.key == key]
        return entry(found[0]) if found else None

    def keyed(self, workflow: str, kind: str) -> list[CaseEntry]:
        assert workflow == self._world.workflow.name
        return [entry(case) for case in self._world.cases.values() if case.kind == kind and case.key]


def entry(case: Case) -> CaseEntry:
    return CaseEntry(
        id=case.id,
        number=case.number,
        workflow=case.workflow,
        version=case.version,
        kind=case.kind,
        key=case.key,
        subject=case.subject,
        opened_at=datetime.fromisoformat(case.opened_at),
    )
