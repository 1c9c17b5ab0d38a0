"""Schedules at the store: planned when a version is published, carried out when they are due, each once.

What an occurrence does is decided like any command, at the instant at which it was due, and is written in the same
session as the event that keeps it: a process that is killed leaves all of it undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lifecycle.clocks.calendar import Calendar
from lifecycle.core.beside import stream_of
from lifecycle.core.case import Case, OpenCase, TakeStep, folded
from lifecycle.core.case.effects import answered
from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import SYSTEM, Event, Json, Personal, Recorded, Sealed, stamp
from lifecycle.core.schedules import (
    SCHEDULES,
    Place,
    event_of,
    id_of,
    name_of,
    occurred,
    passed_over,
    planned,
    retimed,
)
from lifecycle.core.workflow import Formula, Schedule, Workflow
from lifecycle.engine.answers import Command, Done, Outcome
from lifecycle.engine.loading import beside_of, calendars_now, facts_now, standing_case, things_of
from lifecycle.problems import LifecycleError, Refusal, RevisionConflict
from lifecycle.store.port import Appended, Commit, Conflict, Reads, Session

MEMBERS_AT_ONCE = 100
"""Members whom one commit serves, so that other writers wait only briefly."""


def place_of(store: Reads, store_id: UUID, workflow: str, schedule: str) -> Place:
    """Return where a schedule stands."""
    return beside_of(store, store_id).now(SCHEDULES, name_of(workflow, schedule))


def plan(session: Session, store_id: UUID, workflow: Workflow, before: Workflow | None, now: datetime, id: str) -> None:
    """Begin the schedules of a version that was just published; those that it has no more end.

    before  the version that was the newest until now
    id      of the command that published it
    """
    gone = [name for name in (before.schedules if before else ()) if name not in workflow.schedules]
    for name in (*workflow.schedules, *gone):
        place = place_of(session, store_id, workflow.name, name)
        schedule = workflow.schedules.get(name)
        if schedule is None:
            change: tuple[str, dict[str, Json]] | None = ("ended", {"name": name}) if place.mark else None
        else:
            change = planned(schedule, place, now, _calendar(session, store_id, workflow, schedule))
        if change is not None:
            stream = stream_of(store_id, SCHEDULES, name_of(workflow.name, name))
            _append(session, stream, place, [event_of(workflow, stream, *change, now, id)])


def move(
    session: Session, store_id: UUID, workflow: Workflow, schedule: Schedule, stream: UUID, at: datetime
) -> Sequence[Recorded]:
    """Move the next occurrence to where the calendar of a schedule puts it since a change; return what was recorded."""
    place = place_of(session, store_id, workflow.name, schedule.name)
    change = retimed(schedule, place, at, _calendar(session, store_id, workflow, schedule))
    if change is None:
        return ()
    id = id_of(workflow.name, schedule.name, f"moved@{place.revision}")
    return _append(session, stream, place, [event_of(workflow, stream, "changed", change, at, id)])


def members_of(store: Reads, store_id: UUID, workflow: Workflow, schedule: Schedule, at: datetime) -> Iterator[Case]:
    """Yield the cases whom an occurrence at an instant is for, in the order in which they were opened.

    They are as they were then, however late it is run: what was opened, or came to be a member, since then is none.
    """
    for standing in things_of(store, workflow, schedule.per):
        case = then(store, standing, at)
        if not case.revision:
            continue
        if schedule.only is None or schedule.only.holds(scope_of(store, store_id, workflow, case, at)) is True:
            yield case


def then(store: Reads, case: Case, at: datetime) -> Case:
    """Return a case as it was at an instant; before its opening it has no events."""
    return case if case.at <= stamp(at) else folded(case.id, list(store.read(case.id)), at, None)


def scope_of(store: Reads, store_id: UUID, workflow: Workflow, case: Case, at: datetime) -> Snapshot:
    """Return what a schedule's expressions see: the member's case, or one of nobody."""
    facts = facts_now(store, store_id, workflow, case, {})
    return Snapshot(workflow=workflow, case=case, instance=None, actor=SYSTEM, now=at, facts=facts)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a schedule that is due.

    at         when it is due: what is done happens then
    now        of the run itself
    carry_out  decides and appends a command at `at`
    fatal      whether an error is the store's own, so that the whole session must end
    """

    session: Session
    store_id: UUID
    workflow: Workflow
    schedule: Schedule
    stream: UUID
    at: datetime
    now: datetime
    carry_out: Callable[[Command], Outcome]
    fatal: Callable[[LifecycleError], bool]

    def done(self) -> Done:
        """Take the occurrence and serve its members, or the next of them; return what was recorded."""
        calendar = _calendar(self.session, self.store_id, self.workflow, self.schedule)
        place, recorded = self.place, list[Recorded]()
        if place.pending is None and place.next is not None:
            over = passed_over(self.schedule, place, self.now, calendar)
            if over is not None:
                recorded.extend(self.record("passed_over", over, place, over["first"]))
                return self.answer(recorded)
            members = [""]
            if self.schedule.per:
                standing = members_of(self.session, self.store_id, self.workflow, self.schedule, self.at)
                members = [case.number for case in standing]
            change = occurred(self.schedule, place, members, self.session.last_position(), calendar)
            recorded.extend(self.record("occurred", change, place, change["key"]))
            place = self.place
        if place.pending is not None:
            key, some = place.pending["key"], place.pending["members"][:MEMBERS_AT_ONCE]
            results = [self.serve(key, member, recorded) for member in some]
            left = len(place.pending["members"]) - len(some)
            change = {"name": self.schedule.name, "key": key, "results": results, "left": left}
            recorded.extend(self.record("carried_out", change, self.place, key))
        return self.answer(recorded)

    @property
    def place(self) -> Place:
        return place_of(self.session, self.store_id, self.workflow.name, self.schedule.name)

    def record(self, happening: str, change: dict[str, Json], place: Place, key: str) -> Sequence[Recorded]:
        id = id_of(self.workflow.name, self.schedule.name, key)
        event = event_of(self.workflow, self.stream, happening, change, self.at, id, self.schedule.rules)
        return _append(self.session, self.stream, place, [event])

    def answer(self, recorded: list[Recorded]) -> Done:
        return Done(case="", id=self.stream, revision=self.place.revision, events=recorded)

    def scope(self, case: Case) -> Snapshot:
        return scope_of(self.session, self.store_id, self.workflow, case, self.at)

    def serve(self, key: str, member: str, recorded: list[Recorded]) -> dict[str, Json]:
        """Do for one member what the schedule does, and return what came of it. recorded: takes the events."""
        result: dict[str, Json] = {"member": member} if member else {}
        case = then(self.session, standing_case(self.session, member), self.at) if member else Case(id=self.stream)
        scope = self.scope(case)
        for number, (kind, make) in enumerate(self.doings(case, scope)):
            rest = (*((member,) if member else ()), *((str(number),) if number else ()))
            try:
                outcome = self.carry_out(make(id_of(self.workflow.name, self.schedule.name, key, *rest)))
            except Refused as refused:
                outcome = Refusal(reasons=(refused.reason,))
            except LifecycleError as error:
                if self.fatal(error):
                    raise
                result.setdefault("refused", []).append(error.code)
                continue
            if isinstance(outcome, Refusal):
                result.setdefault("refused", []).extend(reason.code for reason in outcome.reasons)
                continue
            recorded.extend(outcome.events)
            result.setdefault(kind, []).append(
                outcome.case if kind == "opened" else f"{outcome.case}@{outcome.revision}"
            )
        return result

    def doings(self, case: Case, scope: Snapshot) -> Iterator[tuple[str, Callable[[str], Command]]]:
        """Yield what is to be done for a member: a word for it, and id -> the command."""
        customer = self.session.open(case.customer) if case.customer is not None else ""
        for opens in self.schedule.opens:
            if opens.when is not None and opens.when.holds(scope) is not True:
                continue

            def open_case(id: str, opens: Any = opens) -> Command:
                return OpenCase(
                    id=id,
                    workflow=self.workflow.name,
                    kind=opens.kind,
                    opening=opens.opening,
                    actor=SYSTEM,
                    customer=customer if isinstance(customer, str) else "",
                    form=self.form(opens.form, scope, opens.where),
                    occurred_at=self.at,
                    via="clock",
                    correlation=id,
                    by_effect=True,
                )

            yield "opened", open_case
        for told in self.schedule.sends:

            def take_step(id: str, told: Any = told) -> Command:
                form = self.form(told.form, scope, told.where)
                return TakeStep(
                    id=id,
                    case=case.number,
                    step=told.step,
                    actor=SYSTEM,
                    form=form,
                    via="clock",
                    correlation=id,
                    received=True,
                )

            yield "taken", take_step

    def form(self, formulas: Any, scope: Snapshot, where: Any) -> dict[str, Json]:
        """Return the values of a form, personal ones in clear: what receives them seals them for its own subject.

        Raises  Refused when a formula gives no answer
        """
        named: dict[str, Formula] = dict(formulas)
        values = {name: answered(formula, scope, where) for name, formula in named.items()}
        opened = {name: self.clear(value) for name, value in values.items()}
        return {name: value for name, value in opened.items() if value is not None}

    def clear(self, value: Json) -> Json:
        """Return a value in clear; None when its key was destroyed."""
        if isinstance(value, Sealed):
            value = self.session.open(value)
            return value if isinstance(value, str | int | bool | list | dict) else None
        return value.value if isinstance(value, Personal) else value


def _calendar(store: Reads, store_id: UUID, workflow: Workflow, schedule: Schedule) -> Calendar | None:
    """Return the calendar that a schedule keeps to, as it is in force."""
    if not schedule.calendar:
        return None
    return calendars_now(store, store_id, workflow).get(schedule.calendar) or workflow.calendars[schedule.calendar]


def _append(session: Session, stream: UUID, place: Place, events: list[Event]) -> Sequence[Recorded]:
    """Append events of a schedule with its head and what is due on it."""
    after = place
    for event in events:
        after = SCHEDULES.evolve(after, event)
    verdict = session.append(
        Commit(
            events={stream: events},
            expected={stream: place.revision},
            heads={stream: after.to_json()},
            shape=SCHEDULES.shape,
            due={stream: after.due},
        )
    )
    if isinstance(verdict, Conflict):
        raise RevisionConflict(
            stream=name_of(after.workflow, after.name), expected=verdict.expected, actual=verdict.actual
        )
    assert isinstance(verdict, Appended)
    return verdict.positions
