"""What follows from an event in the same commit: new cases, `upon` and `always` steps, findings, invariants."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from lifecycle.core.case.assigning import assign_reasons, raised
from lifecycle.core.case.clocking import clock_changes
from lifecycle.core.case.commands import Command, Facts, OpenCase, RunDue
from lifecycle.core.case.covering import coverage_changes
from lifecycle.core.case.due import first_due, run_due
from lifecycle.core.case.evolve import ancestry, evolve, with_clocks, with_findings
from lifecycle.core.case.guards import weigh
from lifecycle.core.case.kin import related
from lifecycle.core.case.offers import applies, read_form, sequence_of
from lifecycle.core.case.papering import paper_reasons, with_crossing
from lifecycle.core.case.recording import Draft, record_completion, record_step
from lifecycle.core.case.refused import Stopped
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import SYSTEM, Event, Json, changed_values, instant, stamp
from lifecycle.core.workflow import Expectation, Failure, Kind, Opening, State, Step, Workflow
from lifecycle.problems import Reason, Refusal

DEEPEST = 32
"""How long a chain of automatic steps may be (language, section 8)."""


OF_CLOCKS = frozenset(("deadlines", "timers", "coverage", "was"))
"""Changes that hold instants, lengths and names alone: nothing personal is in them."""


def marks_only(event: Event) -> bool:
    """Return whether an event passes a mark and does nothing else: no clock listens to that."""
    return event.type.startswith("deadline.") and event.changes.keys() == {"deadlines"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Where a commit stood."""

    counts: Mapping[UUID, int]
    cases: Mapping[UUID, Case]
    beside: Mapping[UUID, int]


@dataclass(kw_only=True, slots=True)
class Commit:
    """What one command records, while it grows.

    queue   events still to be followed, each with its depth
    clock   what the clock does in it is done in the name of
    """

    workflow: Workflow
    now: datetime
    command: Command
    facts: Facts
    events: dict[UUID, list[Event]] = field(default_factory=dict)
    cases: dict[UUID, Case] = field(default_factory=dict)
    queue: deque[tuple[Event, int]] = field(default_factory=deque)

    def add(self, stream: UUID, case: Case, event: Event, depth: int = 0) -> None:
        if self.facts.seal is not None and not event.changes.keys() <= OF_CLOCKS:
            event = self.facts.seal(event, case.subject)
        after = evolve(case, event)
        if self.workflow.clocked and not marks_only(event):
            for changed in (coverage_changes, clock_changes):  # clocks may be set by the days of a coverage
                timed = changed(self.workflow, case, after, event, self.facts)
                if timed:
                    merged = {name: [*event.changes.get(name, ()), *entries] for name, entries in timed.items()}
                    event = event.with_changes({**event.changes, **merged})
                    after = with_clocks(after, event, timed)
        self.events.setdefault(stream, []).append(event)
        self.cases[stream] = after
        self.queue.append((event, depth))

    @property
    def clock(self) -> RunDue:
        """The command in whose name the clock acts: whoever made it run leaves no trace in what it does."""
        return RunDue(id="", case="")

    def mark(self) -> Mark:
        """Return where it stands, for `back_to`; nothing may be left to follow."""
        counts = {stream: len(events) for stream, events in self.events.items()}
        return Mark(counts=counts, cases=dict(self.cases), beside=self.facts.beside.mark())

    def back_to(self, mark: Mark) -> None:
        """Take back what was added since a mark."""
        self.queue.clear()
        self.events = {stream: self.events[stream][:count] for stream, count in mark.counts.items()}
        self.cases = dict(mark.cases)
        self.facts.beside.back_to(mark.beside)


OpenDraft = Callable[[Workflow, Kind, Opening, Case, OpenCase, datetime, Facts], Commit | Refusal]


def follow(workflow: Workflow, commit: Commit, facts: Facts, open_draft: OpenDraft) -> Refusal | None:
    """Let the commit grow to its fixed point; return the refusal if something in it may not be."""
    try:
        settle(workflow, commit, facts, open_draft)
        catch_up(workflow, commit, facts, open_draft)
        for stream in commit.events:
            note_findings(workflow, commit, stream, facts)
        reasons = tuple(r for stream in commit.events for r in broken_invariants(workflow, commit, stream, facts))
    except Stopped as stopped:
        return stopped.refusal
    return Refusal(reasons=reasons) if reasons else None


def settle(workflow: Workflow, commit: Commit, facts: Facts, open_draft: OpenDraft) -> None:
    """Let everything follow that follows from the events so far.

    Raises  Stopped
    """
    deepest = 0
    while True:
        while commit.queue:
            event, depth = commit.queue.popleft()
            deepest = max(deepest, depth)
            open_cases(workflow, commit, event, facts, open_draft, depth)
            react(workflow, commit, event, facts, depth)
        if not take_one_by_itself(workflow, commit, facts, deepest):
            break


def soundly(workflow: Workflow, commit: Commit, facts: Facts, open_draft: OpenDraft) -> None:
    """Let everything follow, and see that what must always hold still does.

    Raises  Stopped
    """
    settle(workflow, commit, facts, open_draft)
    reasons = tuple(r for stream in commit.events for r in broken_invariants(workflow, commit, stream, facts))
    if reasons:
        raise Stopped(Refusal(reasons=reasons))


def catch_up(workflow: Workflow, commit: Commit, facts: Facts, open_draft: OpenDraft) -> None:
    """Run what became due already by what was decided: a step that arms a clock in the past, an earlier due time."""
    if not workflow.clocked:
        return
    for rounds in range(DEEPEST + 1):
        until = stamp(commit.now)
        late = [stream for stream, case in commit.cases.items() if first_due(workflow, case, until, facts) is not None]
        if not late:
            return
        if rounds == DEEPEST:
            raise Stopped(Refusal(reasons=(Reason(code="loop-limit", values={"rounds": DEEPEST}),)))
        for stream in late:
            run_due(workflow, commit, stream, commit.now, facts, lambda: soundly(workflow, commit, facts, open_draft))


def open_cases(
    workflow: Workflow, commit: Commit, event: Event, facts: Facts, open_draft: OpenDraft, depth: int
) -> None:
    """Open the cases that an event's `open` effects named, linked back to its own."""
    for wanted in event.changes.get("opens", ()):
        origin = commit.cases[event.stream]
        kind = workflow.kinds[wanted["kind"]]
        stream = UUID(wanted["id"])
        fresh = Case(id=stream, number=wanted["number"], subject=origin.subject, customer=origin.customer)
        links = {wanted["link"]: {"id": str(origin.id), "number": origin.number}} if wanted.get("link") else {}
        command = OpenCase(
            id=event.command,
            workflow=workflow.name,
            kind=kind.name,
            opening=wanted["opening"],
            actor=event.by,
            form=wanted.get("form", {}),
            occurred_at=event.occurred_at,
            via=event.via,
            correlation=event.correlation,
            causation=cause(origin),
            links=links,
            by_effect=True,
        )
        grown = open_draft(workflow, kind, kind.openings[wanted["opening"]], fresh, command, commit.now, facts)
        if isinstance(grown, Refusal):
            raise Stopped(grown)
        commit.events[stream] = grown.events[stream]
        commit.cases[stream] = grown.cases[stream]
        commit.queue.append((grown.events[stream][0], deeper(depth)))


def react(workflow: Workflow, commit: Commit, event: Event, facts: Facts, depth: int) -> None:
    """Take the `upon` steps that an event fires, in file order, inner states before outer ones."""
    removed = event.changes.get("removed", ())
    for address in tuple(commit.cases[event.stream].instances):
        case = commit.cases[event.stream]
        one = case.instances[address]
        if one.final or not workflow.machines[one.machine].moves_by_itself:
            continue
        happenings = [event.type, *raised(event.changes)] if related(workflow, case, one, event) else []
        if address in removed:
            happenings.append("removed")
        if not happenings:
            continue
        for step in workflow.machines[one.machine].steps_of(one.state):
            if step.trigger != "upon" or not any(name in step.upon for name in happenings):
                continue
            scope = automatic(workflow, case, one, event, facts)
            if applies(step.when, scope):
                take(workflow, commit, step, scope, event, depth)
                break


def automatic(workflow: Workflow, case: Case, one: Instance, event: Event, facts: Facts) -> Snapshot:
    """Return what an automatic step sees: at the time of its cause, but never before its own instance's last event."""
    return Snapshot(
        workflow=workflow,
        case=case,
        instance=one,
        actor=SYSTEM,
        now=max(event.occurred_at, instant(one.at)),
        facts=facts,
        fired=changed_values(event),
    )


def take(workflow: Workflow, commit: Commit, step: Step, scope: Snapshot, event: Event, depth: int) -> None:
    """Take a step that no person takes; a guard that refuses it refuses the command that caused it."""
    wanted = {one.field.name for one in step.form}
    fired = scope.fired or {}
    typed = {name: value for name, value in fired.items() if name in wanted}
    form = read_form(step.form, typed, workflow, scope)
    scope = scope.but(form=form.values)
    weighed = weigh(step.require, scope, {}, form.lacking)
    assert scope.instance is not None
    machine = workflow.machines[scope.instance.machine]
    papers = paper_reasons(step.decide, with_crossing(step, machine, scope.instance), scope, form.lacking)
    named = assign_reasons(step.decide, step.effects, scope, {}, form.lacking)
    reasons = (*form.reasons, *weighed.reasons, *papers, *named)
    if reasons:
        raise Stopped(Refusal(reasons=reasons))
    draft = Draft(scope=scope, command=commit.command, weighed=weighed, causation=cause(scope.case))
    recorded = record_step(draft, step)
    if isinstance(recorded, Refusal):
        raise Stopped(recorded)
    commit.add(scope.case.id, scope.case, recorded, deeper(depth))


def take_one_by_itself(workflow: Workflow, commit: Commit, facts: Facts, depth: int) -> bool:
    """Take the first `always` step that fires, or complete an ordered state; return whether there was one."""
    for stream, case in commit.cases.items():
        last = commit.events[stream][-1]
        for one in case.live():
            machine = workflow.machines[one.machine]
            if not machine.moves_by_itself:
                continue
            scope = automatic(workflow, case, one, last, facts)
            scope = scope.but(fired=None)
            for step in machine.steps_of(one.state):
                if step.trigger != "always" or step.always is None or (stays(step) and scope.done(step.name)):
                    continue
                if applies(step.when, scope) and step.always.holds(scope) is True:
                    take(workflow, commit, step, scope, last, depth)
                    return True
            state = machine.states[one.state]
            if state.complete and completed(state, one, scope):
                draft = Draft(
                    scope=scope,
                    command=commit.command,
                    weighed=weigh((), scope, {}, frozenset()),
                    causation=cause(case),
                )
                recorded = record_completion(draft, machine, state)
                if isinstance(recorded, Refusal):
                    raise Stopped(recorded)
                commit.add(stream, case, recorded, deeper(depth))
                return True
    return False


def stays(step: Step) -> bool:
    return all(not branch.state for branch in step.to)


def completed(state: State, one: Instance, scope: Snapshot) -> bool:
    """Return whether every step of an ordered state that must be taken has been."""
    names = sequence_of(state, one, scope) or tuple(step.name for step in state.steps if step.trigger == "by")
    steps = {step.name: step for step in state.steps}
    needed = [steps[name] for name in names if not steps[name].optional and applies(steps[name].when, scope)]
    return any(scope.done(name) for name in names) and all(scope.done(step.name) for step in needed)


def note_findings(workflow: Workflow, commit: Commit, stream: UUID, facts: Facts) -> None:
    """Open and close the findings of the case in the last event of its commit."""
    case = commit.cases[stream]
    last = commit.events[stream][-1]
    changes: list[Json] = []
    standing: set[str] = set()
    for identity, instance, expectation, scope in expected(workflow, case, last, facts):
        standing.add(identity)
        if expectation.when is not None and expectation.when.holds(scope) is not True:
            holds: bool | Failure = True
        else:
            holds = expectation.that.holds(scope)
        if holds is not True and identity not in case.findings:
            changes.append(
                {
                    "id": identity,
                    "is": "opened",
                    "name": expectation.name,
                    "instance": instance,
                    "text": dict(expectation.otherwise),
                    "owner": expectation.owner,
                    "rules": list(expectation.rules),
                    "expected": True,
                }
            )
        elif holds is True and identity in case.findings:
            changes.append({"id": identity, "is": "closed"})
    for identity, finding in case.findings.items():
        gone = identity not in standing if finding.get("expected") else over(case, finding)
        if gone:
            changes.append({"id": identity, "is": "closed"})
    if changes:
        commit.events[stream][-1] = noted(last, changes)
        commit.cases[stream] = with_findings(case, last, changes)


def over(case: Case, finding: Mapping[str, Json]) -> bool:
    """Return whether what a marked finding is about has ended."""
    instance = finding.get("instance") if finding.get("until") != "case" else ""
    return case.instances[instance].final if instance else case.closed


def noted(event: Event, changes: list[Json]) -> Event:
    merged = [*event.changes.get("findings", ()), *changes]
    return replace(event, changes={**event.changes, "findings": merged})


def expected(
    workflow: Workflow, case: Case, last: Event, facts: Facts
) -> Iterator[tuple[str, str, Expectation, Snapshot]]:
    """Yield every standing expectation: of the case, of its live instances, of the states they are in."""
    kind = workflow.kinds.get(case.kind)
    expecting = [one for one in case.live() if workflow.machines[one.machine].expects_anything]
    if not expecting and not (kind and kind.expects):
        return
    whole = Snapshot(workflow=workflow, case=case, instance=None, actor=SYSTEM, now=last.occurred_at, facts=facts)
    for expectation in kind.expects if kind and not case.closed else ():
        yield f"case:{expectation.name}", "", expectation, whole
    for one in expecting:
        machine = workflow.machines[one.machine]
        scope = whole.but(instance=one)
        for expectation in machine.expects:
            yield f"{one.id}:{expectation.name}", one.id, expectation, scope
        for path in ancestry(one.state):
            for expectation in machine.states[path].expects:
                yield f"{one.id}:{path}:{expectation.name}", one.id, expectation, scope


def broken_invariants(workflow: Workflow, commit: Commit, stream: UUID, facts: Facts) -> Iterator[Reason]:
    """Yield the invariants that the case would break; an instance that has ended counts if this commit touched it."""
    if not workflow.invariants:
        return
    case = commit.cases[stream]
    touched = {event.machine for event in commit.events[stream]}
    whole = Snapshot(
        workflow=workflow,
        case=case,
        instance=None,
        actor=SYSTEM,
        now=commit.events[stream][-1].occurred_at,
        facts=facts,
    )
    for invariant in workflow.invariants:
        if invariant.kind and invariant.kind != case.kind:
            continue
        scopes = [whole]
        if invariant.machine:
            ours = (one for one in case.instances.values() if one.machine == invariant.machine)
            scopes = [whole.but(instance=one) for one in ours if not one.final or one.id in touched]
        for scope in scopes:
            if invariant.when is not None and invariant.when.holds(scope) is not True:
                continue
            answer = invariant.that.holds(scope)
            if answer is True:
                continue
            yield Reason(
                code="invariant",
                text=invariant.otherwise or None,
                where=invariant.where,
                values={"invariant": invariant.name, "failure": answer.text if isinstance(answer, Failure) else ""},
                rules=invariant.rules,
                actual={name: scope.value(name) for name in invariant.that.reads},
                required=invariant.that.text,
            )


def cause(case: Case) -> str:
    """Return the id of the case's latest event, as the cause of the next."""
    return f"{case.number}@{case.revision}"


def deeper(depth: int) -> int:
    if depth >= DEEPEST:
        raise Stopped(Refusal(reasons=(Reason(code="loop-limit", values={"rounds": DEEPEST}),)))
    return depth + 1
