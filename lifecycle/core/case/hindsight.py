"""What a late entry shows: which of the things that the clock did since were wrong, and all that came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lifecycle.core.case.clocking import LIVE, Clock, lengths_of, placed
from lifecycle.core.case.commands import Facts, RunDue
from lifecycle.core.case.due import timed_event
from lifecycle.core.case.evolve import BY_THE_CLOCK, evolve
from lifecycle.core.case.refused import Refused, Stopped
from lifecycle.core.case.replaying import folded, withdrawn
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import SYSTEM, Event, Json, Recorded, stamp
from lifecycle.core.workflow import Deadline, Step, Workflow

Shift = str | None
"""How a late entry refutes a breach: "ended", "paused" or "moved" the clock before; None when it does not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A case with its history, at the moment at which something is recorded afterwards.

    history   in order of revision; folds: the case after so many events
    past      the case as it was when the entry happened; rehearsed: after the entry and what follows from it
    entered   events that the entry would have caused then
    at        when it happened; now: when it is recorded
    """

    workflow: Workflow
    facts: Facts
    history: Sequence[Recorded]
    folds: Sequence[Case]
    past: Case
    rehearsed: Case
    entered: Sequence[Event]
    at: datetime
    now: datetime

    @property
    def case(self) -> Case:
        return self.folds[-1]

    def before(self, revision: int) -> Case:
        """Return the case before the event of a revision."""
        return self.folds[revision - 1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """Something that the clock did and should not have.

    recorded  the breach, or the step that the clock took
    shift     of a breach: how the entry refutes it
    clock     of a breach: how its deadline stood when the entry happened
    moved     of one that the entry moves: its lengths and due instant with the entry known
    """

    recorded: Recorded
    instance: str
    deadline: Deadline | None = None
    step: Step | None = None
    shift: Shift = None
    clock: Clock | None = None
    moved: Mapping[str, Json] = field(default_factory=dict)


def folds_of(case: Case, history: Sequence[Recorded]) -> list[Case]:
    """Return the case after each number of its events, from none on."""
    folds = [Case(id=case.id)]
    for recorded in history:
        folds.append(evolve(folds[-1], recorded.event))
    return folds


def wrongs(known: Known) -> Iterator[Wrong]:
    """Yield what the clock did since the entry and would not have done had it been known, latest first."""
    gone = withdrawn(known.history)
    since = [one for one in known.history if one.event.occurred_at > known.at and one.revision not in gone]
    found: list[Wrong] = []
    for one in known.past.instances.values():
        machine = known.workflow.machines[one.machine]
        for deadline in machine.deadlines:
            found.extend(broken_wrongly(known, one, deadline, since))
        for name, at in one.timers.items():
            steps = (step for step in machine.steps_of(one.state) if step.name == name)
            found.extend(taken_wrongly(known, one, next(steps), at, since))
    yield from sorted(found, key=lambda wrong: -wrong.recorded.revision)


def broken_wrongly(known: Known, one: Instance, deadline: Deadline, since: Sequence[Recorded]) -> Iterator[Wrong]:
    """Yield the breach of a deadline that the entry refutes, if there is one."""
    clock = dict(one.clocks.get(deadline.name, {}))
    if clock.get("state") not in LIVE or clock.get("breached"):
        return
    breach = next((each for each in since if breaks(each.event, one.id, deadline.name, clock["n"])), None)
    if breach is None:
        return
    shift = shift_of(known, one, deadline, clock, breach)
    moved = moved_to(known, one, deadline, breach) if shift == "moved" else {}
    if shift is not None:
        yield Wrong(recorded=breach, instance=one.id, deadline=deadline, shift=shift, clock=clock, moved=moved)


def ended_earlier(known: Known, case: Case) -> Iterator[dict[str, Json]]:
    """Yield how the entry ends deadlines that are over now, without a breach, but ended later than it.

    case   as the entry finds it
    """
    for event in known.entered:
        for entry in event.changes.get("deadlines", ()):
            of, name = address(entry, event), entry["id"]
            if entry.get("state") != "over" or of not in known.past.instances:
                continue
            now = case.instances[of].clocks.get(name, {})
            if now.get("n") == entry["n"] and now["state"] == "over" and now["stopped"] > entry["stopped"]:
                yield {**entry, "instance": of}


def late_anyway(known: Known, wrong: Wrong, others: set[int]) -> bool:
    """Return whether a breach that the entry moves came too late for the later instant, too: it stays as it was.

    others   revisions of what else is withdrawn: if one of them ended the deadline, it is not over
    """
    if wrong.shift != "moved" or wrong.deadline is None or not wrong.moved.get("due"):
        return False
    now = known.case.instances[wrong.instance].clocks[wrong.deadline.name]
    if now["n"] != (wrong.clock or {}).get("n") or now["state"] != "over" or now["stopped"] <= wrong.moved["due"]:
        return False
    ours = (wrong.instance, wrong.deadline.name)
    touched = [
        one.revision
        for one in known.history
        for entry in one.event.changes.get("deadlines", ())
        if (address(entry, one.event), entry["id"]) == ours
    ]
    return touched[-1] not in others


def breaks(event: Event, instance: str, deadline: str, n: int) -> bool:
    """Return whether an event is the breach of a running of a deadline."""
    if event.type != "deadline.breached" or event.machine != instance:
        return False
    first = event.changes["deadlines"][0]
    return bool(first["id"] == deadline and first["n"] == n)


def shift_of(known: Known, one: Instance, deadline: Deadline, clock: Clock, breach: Recorded) -> Shift:
    """Return how the entry refutes a breach: by what it does to the clock at its own time."""
    twin = known.rehearsed.instances[one.id].clocks[deadline.name]
    if twin["n"] != clock["n"] or twin["state"] == "over":
        return "ended"
    if clock["state"] == "running" and twin["state"] == "paused":
        return "paused"
    then = known.before(breach.revision).instances[one.id].clocks[deadline.name]
    if deadline.due is None and then.get("lengths") != clock.get("lengths"):
        return None  # what its length was read from was changed later, by somebody else
    if twin["state"] == "paused":
        return "moved" if graded_longer(known, one, deadline, clock) else None
    if clock.get("due") and (twin.get("due") is None or twin["due"] > clock["due"]):
        return "moved" if deadline.due is None or then["due"] == clock["due"] else None
    return None


def graded_longer(known: Known, one: Instance, deadline: Deadline, clock: Clock) -> bool:
    """Return whether the entry gives a clock that stands still a greater length."""
    if not deadline.within or not deadline.reads_data:
        return False
    scope = scope_then(known, one)
    lengths = lengths_of(deadline, scope)
    if lengths is None or lengths == clock["lengths"]:
        return False
    running = {**clock, "since": stamp(known.at)}
    before, _ = placed(deadline, running, known.at, scope)
    after, _ = placed(deadline, {**running, "lengths": lengths}, known.at, scope)
    return before is not None and after is not None and after > before


def moved_to(known: Known, one: Instance, deadline: Deadline, breach: Recorded) -> dict[str, Json]:
    """Return the lengths and the due instant that the deadline has when the entry is known."""
    then = dict(known.before(breach.revision).instances[one.id].clocks[deadline.name])
    scope = scope_then(known, one)
    lengths = lengths_of(deadline, scope) or then.get("lengths", [])
    due, _ = placed(deadline, {**then, "lengths": lengths}, known.at, scope)
    return {"lengths": lengths, "due": None if due is None else stamp(due)}


def scope_then(known: Known, one: Instance) -> Snapshot:
    """Return what was to be seen at the time of the entry, with the entry known."""
    twin = known.rehearsed.instances[one.id]
    return Snapshot(
        workflow=known.workflow, case=known.rehearsed, instance=twin, actor=SYSTEM, now=known.at, facts=known.facts
    )


def taken_wrongly(known: Known, one: Instance, step: Step, at: str, since: Sequence[Recorded]) -> Iterator[Wrong]:
    """Yield the step that the clock took, if the entry shows that it should not have, or should have gone elsewhere."""
    taken = next((each for each in since if takes(each.event, one.id, step, at)), None)
    if taken is None:
        return
    twin = known.rehearsed.instances[one.id]
    if twin.timers.get(step.name) != at or ends_otherwise(known, step, taken):
        yield Wrong(recorded=taken, instance=one.id, step=step)


def takes(event: Event, instance: str, step: Step, at: str) -> bool:
    """Return whether an event is a step that the clock took at an instant."""
    return event.type == step.event and event.machine == instance and event.via == "clock" and is_at(event, at)


def is_at(event: Event, at: str) -> bool:
    return stamp(event.occurred_at) == at


def ends_otherwise(known: Known, step: Step, taken: Recorded) -> bool:
    """Return whether a timed step, with the entry known, would not have been taken, or would have led elsewhere."""
    top = len(known.history)
    entry = [
        Recorded(position=0, revision=top + n, recorded_at=known.at, digest=b"", event=event)
        for n, event in enumerate(known.entered, start=1)
    ]
    at = taken.event.occurred_at
    then = folded(known.case.id, (*known.history, *entry), at - timedelta(microseconds=1), None)
    one = then.instances[taken.event.machine]
    facts = replace(known.facts, beside=known.facts.beside.anew())
    scope = Snapshot(workflow=known.workflow, case=then, instance=one, actor=SYSTEM, now=at, facts=facts)
    try:
        again = timed_event(step, one, scope, RunDue(id="", case=""))
    except (Stopped, Refused):
        return True
    return (again.type, again.target) != (taken.event.type, taken.event.target)


# --- what came of it ---------------------------------------------------------------------------------------------


def consequences(known: Known, wrong: Wrong) -> set[int]:
    """Return the revisions of all that came of it by itself: marks, steps, what clocks that it set did, and so on."""
    roots = {wrong.recorded.revision}
    if wrong.deadline is not None:
        n = wrong.recorded.event.changes["deadlines"][0]["n"]
        later = (one for one in known.history if one.revision > wrong.recorded.revision)
        roots |= {one.revision for one in later if escalates(one.event, wrong.instance, wrong.deadline.name, n)}
    spread = Spread(left_alone=set() if comes_again(known, wrong) else {(wrong.instance, told_name(wrong))})
    gone = withdrawn(known.history)
    for one in known.history:
        if one.revision not in gone and (one.revision in roots or spread.reaches(one)):
            spread.take(one)
    return spread.revisions


def comes_again(known: Known, wrong: Wrong) -> bool:
    """Return whether a deadline that begins by itself after its breach may begin anew from the entry.

    Where its instance has ended, or somebody has answered since, the runnings after the breach stay as they were.
    """
    ours = (wrong.instance, told_name(wrong))
    touched = (
        one
        for one in known.history
        for entry in one.event.changes.get("deadlines", ())
        if one.revision > wrong.recorded.revision and (address(entry, one.event), entry["id"]) == ours
    )
    return not known.case.instances[wrong.instance].final and all(by_the_clock(one.event) for one in touched)


def told_name(wrong: Wrong) -> str:
    return wrong.deadline.name if wrong.deadline else ""


def escalates(event: Event, instance: str, deadline: str, n: int) -> bool:
    if event.type != "deadline.escalated" or event.machine != instance:
        return False
    first = event.changes["deadlines"][0]
    return bool(first["id"] == deadline and first["n"] == n)


class Spread:
    """What a set of events has caused, as far as it was followed: causes come before what they cause.

    left_alone  (instance, deadline) whose further runnings are not followed
    born    instances that they started
    armed   runnings of deadlines that they began
    timers  (instance, step, instant) that they set
    """

    def __init__(self, left_alone: set[tuple[str, str]]) -> None:
        self.left_alone = left_alone
        self.revisions: set[int] = set()
        self.born: set[str] = set()
        self.armed: set[tuple[str, str, int]] = set()
        self.timers: set[tuple[str, str, str]] = set()

    def reaches(self, one: Recorded) -> bool:
        """Return whether an event came of those before by itself; what a person did is the person's own."""
        event = one.event
        if event.causation == f"{event.case}@{one.revision - 1}" and event.by == SYSTEM:
            return one.revision - 1 in self.revisions
        if event.via != "clock":
            return False
        if event.machine in self.born:
            return True
        if event.type.startswith("deadline."):
            first = event.changes["deadlines"][0]
            return (event.machine, first["id"], first["n"]) in self.armed
        step = event.changes["timers"][0]["step"] if event.type.startswith("timer.") else event.type.partition(".")[2]
        return (event.machine, step, stamp(event.occurred_at)) in self.timers

    def take(self, one: Recorded) -> None:
        event = one.event
        self.revisions.add(one.revision)
        self.born.update(entry["id"] for entry in event.changes.get("started", ()))
        for entry in event.changes.get("deadlines", ()):
            if "start" in entry and (address(entry, event), entry["id"]) not in self.left_alone:
                self.armed.add((address(entry, event), entry["id"], entry["n"]))
        for entry in event.changes.get("timers", ()):
            if entry.get("at"):
                self.timers.add((address(entry, event), entry["step"], entry["at"]))


def address(entry: Mapping[str, Json], event: Event) -> str:
    """Return the instance that an entry about a clock is about."""
    return str(entry.get("instance") or event.machine)


def acted_since(known: Known, group: set[int], instance: str) -> list[int]:
    """Return the revisions at which an instance was touched otherwise after the group first touched it.

    Marks of its clocks do not count: they move nothing.
    """
    own = [one for one in known.history if one.event.machine == instance and not by_the_clock(one.event)]
    first = min((one.revision for one in own if one.revision in group), default=0)
    return [one.revision for one in own if one.revision > first and one.revision not in group] if first else []


def by_the_clock(event: Event) -> bool:
    return event.type.startswith(BY_THE_CLOCK)


def due_of(wrong: Wrong) -> str:
    """Return the instant that the clock kept to: when it was due, or when the step was taken."""
    event = wrong.recorded.event
    if wrong.deadline is not None:
        return str(event.changes["deadlines"][0]["breached"])
    return stamp(event.occurred_at)
