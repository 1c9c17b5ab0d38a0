"""What a command decides: the events that it records, or every reason why not.

The law of evaluation (language, section 8): step, `when`, who, form, guards on one snapshot, tables, effects,
transition; then `upon` and `always` steps to a fixed point; then findings; last the invariants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from lifecycle.core.beside import Changed
from lifecycle.core.case.afterwards import Hindsight, look_back, noting, rehearsing, with_commit
from lifecycle.core.case.assigning import assign_reasons, overridable
from lifecycle.core.case.commands import Command, Correct, Facts, Note, OpenCase, Print, RunDue, TakeBack, TakeStep
from lifecycle.core.case.corrections import correct, note
from lifecycle.core.case.due import first_due, run_due
from lifecycle.core.case.follow import Commit, follow, settle, soundly
from lifecycle.core.case.guards import weigh
from lifecycle.core.case.measuring import record_reasons
from lifecycle.core.case.offers import (
    order_reasons,
    read_form,
    state_around,
    time_reasons,
    who_reasons,
)
from lifecycle.core.case.papering import paper_reasons, with_crossing
from lifecycle.core.case.printing import record_print
from lifecycle.core.case.recalling import taken_back
from lifecycle.core.case.recording import Draft, record_opening, record_step
from lifecycle.core.case.refused import Stopped
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.case.ticking import tick_reasons
from lifecycle.core.events import Actor, Event, stamp
from lifecycle.core.workflow import Kind, Opening, Step, Workflow
from lifecycle.problems import Place, Reason, Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a command records.

    events  of cases, per stream, in order; the first stream is the command's own case
    cases   each stream's case after its events, as it will be folded
    beside  aggregates beside cases that change with them
    """

    events: Mapping[UUID, Sequence[Event]]
    cases: Mapping[UUID, Case] = field(default_factory=dict)
    beside: Mapping[UUID, Changed] = field(default_factory=dict)


def needs(workflow: Workflow, case: Case, command: Command) -> tuple[str, ...]:
    """Return the names of the case's links: the other streams that the decision may read."""
    kind = workflow.kinds.get(case.kind) if case.revision else workflow.kinds.get(kind_of(workflow, command))
    return tuple(kind.links) if kind else ()


def decide(workflow: Workflow, case: Case, command: Command, now: datetime, facts: Facts) -> Decision | Refusal:
    """Return the events of a command on a case, or the refusal with every reason.

    case   of revision 0 for OpenCase; its id is the new stream's
    now    aware; the command's `occurred_at` defaults to it
    """
    if isinstance(command, OpenCase):
        return open_case(workflow, case, command, now, facts)
    commit = Commit(workflow=workflow, now=now, command=command, facts=facts)
    try:
        case = caught_up(commit, case, until(command, now))
    except Stopped as stopped:
        return stopped.refusal
    match command:
        case TakeStep() if facts.past is not None and command.occurred_at is not None:
            return take_afterwards(workflow, commit, case, command, command.occurred_at)
        case TakeStep():
            event = take_step(workflow, case, command, now, facts)
        case Correct():
            event = correct(workflow, case, command, now, facts)
        case Note():
            event = note(workflow, case, command, now)
        case Print():
            event = record_print(workflow, case, command, now, facts)
        case TakeBack():
            found = taken_back(workflow, case, command, now, facts)
            if found is None:
                return concluded(workflow, commit, facts) if commit.events else Decision(events={})
            event = found
        case RunDue():
            return concluded(workflow, commit, facts) if commit.events else Decision(events={})
    if isinstance(event, Refusal):
        return event
    commit.add(case.id, case, event)
    return concluded(workflow, commit, facts)


def until(command: Command, now: datetime) -> datetime:
    """Return up to when the clock is served before a command is decided: to the time that it is judged by."""
    if isinstance(command, TakeStep) and command.occurred_at is not None:
        return min(command.occurred_at, now)
    return now


def caught_up(commit: Commit, case: Case, upto: datetime) -> Case:
    """Run what is due on a case by an instant in a commit, and return the case after it.

    Raises  Stopped
    """
    if not commit.workflow.clocked:
        return case
    asked = isinstance(commit.command, RunDue)  # then something is due, or it finds out by itself
    if not asked and first_due(commit.workflow, case, stamp(upto), commit.facts) is None:
        return case
    commit.cases[case.id] = case
    workflow, facts = commit.workflow, commit.facts
    run_due(workflow, commit, case.id, upto, facts, lambda: soundly(workflow, commit, facts, open_draft))
    return commit.cases[case.id]


def as_of(workflow: Workflow, case: Case, now: datetime, facts: Facts) -> Case:
    """Return a case as a command would find it now: with everything done that is due."""
    command = RunDue(id="", case=case.number)
    try:
        return caught_up(Commit(workflow=workflow, now=now, command=command, facts=facts), case, now)
    except Stopped:
        return case


def kind_of(workflow: Workflow, command: Command) -> str:
    named = command.kind if isinstance(command, OpenCase) else ""
    return named or next(iter(workflow.kinds), "")


def open_case(workflow: Workflow, case: Case, command: OpenCase, now: datetime, facts: Facts) -> Decision | Refusal:
    kind = workflow.kinds.get(kind_of(workflow, command))
    if kind is None:
        return refused(Reason(code="unknown-kind", values={"kind": command.kind, "known": tuple(workflow.kinds)}))
    name = command.opening or next(iter(kind.openings), "")
    opening = kind.openings.get(name)
    if opening is None:
        return refused(Reason(code="unknown-opening", values={"opening": name, "known": tuple(kind.openings)}))
    draft = open_draft(workflow, kind, opening, case, command, now, facts)
    if isinstance(draft, Refusal):
        return draft
    return concluded(workflow, draft, facts)


def open_draft(
    workflow: Workflow, kind: Kind, opening: Opening, case: Case, command: OpenCase, now: datetime, facts: Facts
) -> Commit | Refusal:
    """Return the commit that an opening begins, before anything follows from it."""
    actor = command.actor or opener(opening)
    at = command.occurred_at or now
    case = replace(case, kind=kind.name, links=command.links)
    scope = Snapshot(workflow=workflow, case=case, instance=None, actor=actor, now=at, facts=facts)
    form = read_form(opening.form, command.form, workflow, scope)
    scope = scope.but(form=form.values)
    weighed = weigh(opening.require, scope, command.reasons, form.lacking, overridable(opening.effects))
    reasons = (
        *(() if command.by_effect else time_reasons(stamp(at), None, opening, scope, stamp(now))),
        *(() if command.by_effect else who_reasons(opening.who, workflow, scope, opening.where, opening.rules)),
        *form.reasons,
        *weighed.reasons,
        *paper_reasons(opening.decide, opening.effects, scope, form.lacking),
        *record_reasons(opening.decide, opening.effects, scope, command.reasons, form.lacking),
    )
    if kind.key and form.values.get(kind.key) is None and not any(r.where.path == kind.key for r in reasons):
        reasons = (*reasons, Reason(code="field-missing", where=Place(path=kind.key), values={"field": kind.key}))
    if reasons:
        return Refusal(reasons=reasons)
    draft = Draft(scope=scope, command=command, weighed=weighed, causation=command.causation or command.id)
    event = record_opening(draft, kind, opening)
    if isinstance(event, Refusal):
        return event
    commit = Commit(workflow=workflow, now=now, command=command, facts=facts)
    commit.add(case.id, replace(case, kind="", links={}), event)
    return commit


def opener(opening: Opening) -> Actor:
    """Return the actor of an opening that names none: its own first role, person unknown."""
    role = opening.who.roles[0] if opening.who.roles else ""
    return Actor(role=role, helpers=dict.fromkeys(opening.who.recorders[:1], ""))


def take_step(workflow: Workflow, case: Case, command: TakeStep, now: datetime, facts: Facts) -> Event | Refusal:
    """Return the event of a step that a person takes, or every reason against it."""
    at = command.occurred_at or now
    seen = facts.past if facts.past is not None else case
    found = sought(workflow, seen, command)
    if isinstance(found, Refusal):
        return found
    one, step, against = found
    scope = Snapshot(workflow=workflow, case=seen, instance=one, actor=command.actor, now=at, facts=facts)
    reasons: tuple[Reason, ...] = against
    if step.when is not None and (answer := step.when.holds(scope)) is not True:
        failure = "" if answer is False else answer.text
        reasons = (
            *reasons,
            Reason(
                code="not-applicable",
                where=step.where,
                rules=step.rules,
                required=step.when.text,
                values={"step": step.titles or step.name, "failure": failure},
                actual={name: scope.value(name) for name in step.when.reads},
            ),
        )
    form = read_form(step.form, command.form, workflow, scope)
    scope = scope.but(form=form.values)
    weighed = weigh(step.require, scope, command.reasons, form.lacking, overridable(step.effects))
    machine = workflow.machines[one.machine]
    state = state_around(machine, step)
    reasons = (
        *reasons,
        *(() if against or state is None else order_reasons(step, state, one, scope)),
        *time_reasons(stamp(at), case.instances[one.id], step, scope, stamp(now)),
        *(() if command.received else who_reasons(step.who, workflow, scope, step.where, step.rules)),
        *form.reasons,
        *tick_reasons(step, scope),
        *weighed.reasons,
        *paper_reasons(step.decide, with_crossing(step, machine, one), scope, form.lacking),
        *assign_reasons(step.decide, step.effects, scope, command.reasons, form.lacking),
        *record_reasons(step.decide, step.effects, scope, command.reasons, form.lacking),
    )
    if reasons:
        return Refusal(reasons=reasons)
    late = False
    if seen is not case:
        stay = one.entered
        one = case.instances[one.id]
        late = one.entered != stay or one.withdrawn
        scope = scope.but(case=case, instance=one)
    draft = Draft(scope=scope, command=command, weighed=weighed, causation=command.causation or command.id, late=late)
    return record_step(draft, step)


def take_afterwards(
    workflow: Workflow, commit: Commit, case: Case, command: TakeStep, at: datetime
) -> Decision | Refusal:
    """Return what a step decides that is older than other events of its case: it meets them with what it shows."""
    facts = with_commit(commit.facts, commit, case, at)
    assert facts.past is not None
    hindsight = Hindsight(case=case)
    rehearsed = rehearse(workflow, facts.past, command, at, commit.now, rehearsing(facts))
    if rehearsed is not None:
        hindsight = look_back(workflow, commit, case, command, rehearsed, facts)
    event = take_step(workflow, hindsight.case, command, commit.now, facts)
    if isinstance(event, Refusal):
        return event
    commit.add(case.id, hindsight.case, noting(event, hindsight))
    return concluded(workflow, commit, commit.facts)


def rehearse(
    workflow: Workflow, past: Case, command: TakeStep, at: datetime, now: datetime, facts: Facts
) -> Commit | None:
    """Return what a step would have caused at its own time; None when it would have been refused."""
    event = take_step(workflow, past, command, now, facts)
    if isinstance(event, Refusal):
        return None
    commit = Commit(workflow=workflow, now=at, command=command, facts=facts)
    commit.add(past.id, past, event)
    try:
        settle(workflow, commit, facts, open_draft)
    except Stopped:
        return None
    return commit


def sought(workflow: Workflow, case: Case, command: TakeStep) -> tuple[Instance, Step, tuple[Reason, ...]] | Refusal:
    """Return the instance and the step that a command means, with the reason if its state does not offer it."""
    addressed = [one for one in case.instances.values() if means(command.machine, one)]
    if command.machine and not addressed:
        known = tuple(case.instances)
        return refused(Reason(code="unknown-instance", values={"instance": command.machine, "known": known}))
    offering: list[tuple[Instance, Step]] = []
    elsewhere: list[tuple[Instance, Step]] = []
    gone: list[tuple[Instance, Step]] = []
    for one in addressed:
        machine = workflow.machines[one.machine]
        here = next((s for s in machine.steps_of(one.state) if asks_for(command, s)), None)
        if here is not None:
            (gone if one.withdrawn else offering).append((one, here))
            continue
        there = (s for state in machine.states.values() for s in state.steps)
        other = next((s for s in (*there, *machine.anywhere) if asks_for(command, s)), None)
        if other is not None:
            elsewhere.append((one, other))
    if len(offering) == 1:
        return (*offering[0], ())
    if len(offering) > 1:
        candidates = tuple(one.id for one, _ in offering)
        return refused(Reason(code="instance-ambiguous", values={"step": command.step, "known": candidates}))
    if gone and not elsewhere:
        return refused(Reason(code="instance-withdrawn", values={"instance": gone[0][0].id}))
    if case.closed and not elsewhere:
        return refused(Reason(code="case-closed", values={"case": case.number}))
    if not elsewhere:
        known = tuple(
            dict.fromkeys(
                s.name
                for one in addressed
                for s in workflow.machines[one.machine].steps_of(one.state)
                if s.trigger == "by"
            )
        )
        return refused(Reason(code="unknown-step", values={"step": command.step, "known": known}))
    one, step = next(((o, s) for o, s in elsewhere if not o.final), elsewhere[0])
    machine = workflow.machines[one.machine]
    owners = [machine.states[path].titles or path for path in machine.owners_of(step.name) if path]
    against = Reason(
        code="wrong-state",
        where=step.where,
        values={
            "step": step.titles or step.name,
            "instance": one.id,
            "machine": machine.titles or machine.name,
            "state": machine.states[one.state].titles or one.state,
            "states": owners,
        },
        rules=step.rules,
        actual=one.state,
        required=[path for path in machine.owners_of(step.name) if path],
    )
    return one, step, (against,)


def means(address: str, one: Instance) -> bool:
    """Return whether an address names the instance: nothing, "repair", "repair/1"."""
    return not address or address in (one.id, one.machine)


def asks_for(command: TakeStep, step: Step) -> bool:
    if command.received:
        return step.trigger == "upon" and f"received.{command.step}" in step.upon
    return step.trigger == "by" and step.name == command.step


def concluded(workflow: Workflow, commit: Commit, facts: Facts) -> Decision | Refusal:
    """Let everything follow that follows, and return the whole decision."""
    refusal = follow(workflow, commit, facts, open_draft)
    if refusal is not None:
        return refusal
    return Decision(events=commit.events, cases=commit.cases, beside=facts.beside.changed)


def refused(*reasons: Reason) -> Refusal:
    return Refusal(reasons=reasons)
