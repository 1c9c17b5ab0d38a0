"""What the clock has to do on a case: which mark or timer is next, and running what is due, in due order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from lifecycle.core.case.clocking import missed
from lifecycle.core.case.commands import Facts, RunDue
from lifecycle.core.case.effects import Changes
from lifecycle.core.case.guards import Weighed, weigh
from lifecycle.core.case.moving import Move, moves
from lifecycle.core.case.offers import applies, read_form
from lifecycle.core.case.periods import ends, named
from lifecycle.core.case.recording import Draft, event_of, record_step, start_upon
from lifecycle.core.case.refused import Refused, Stopped
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import SYSTEM, Event, Json, instant, stamp
from lifecycle.core.workflow import BREACH, Deadline, Step, Workflow
from lifecycle.problems import Reason, Refusal

if TYPE_CHECKING:
    from lifecycle.core.case.follow import Commit

MOST = 500
"""Things that one commit runs; the rest is due still, for the next one."""

UNWEIGHED = Weighed(reasons=())


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One thing that the clock will do.

    at        stored instant
    deadline  "" for a timer; mark: the rung passed
    step      "" for a deadline
    coverage  the period that ends: "<coverage>" or "<coverage>/<part>"; the instance is "" then
    move      a clock goes on otherwise since a calendar or a setting was changed
    """

    at: str
    instance: str
    deadline: str = ""
    mark: str = ""
    step: str = ""
    coverage: str = ""
    move: Move | None = None


def earliest(case: Case) -> tuple[str, str, str, str] | None:
    """Return (stored instant, instance, deadline or "", mark or step) of what the clock will do first on a case.

    Of several at once it is the first in the order of the case, ends of coverage last: (instant, period, "", "").
    """
    found: tuple[str, str, str, str] | None = None
    for one in case.instances.values():
        for step, at in one.timers.items():
            if found is None or at < found[0]:
                found = (at, one.id, "", step)
        for name, clock in one.clocks.items():
            for mark, at in clock.get("marks", NO_MARKS).items():
                if found is None or at < found[0]:
                    found = (at, one.id, name, mark)
    for at, key in ends(case):
        if found is None or at < found[0]:
            found = (at, key, "", "")
    return found


NO_MARKS: Mapping[str, str] = {}


def next_due(case: Case) -> datetime | None:
    """Return when the clock has something to do on a case next."""
    first = earliest(case)
    return None if first is None else instant(first[0])


def first_due(workflow: Workflow, case: Case, until: str, facts: Facts) -> Due | None:
    """Return the first thing that is due by an instant; of several at once the first in the order of the case."""
    found = earliest(case)
    if found is not None and found[0] > until:
        found = None
    move = None
    if facts.changed:
        every = (one for one in moves(workflow, case, facts) if one.at <= until)
        move = min(every, key=lambda one: one.at, default=None)
    if move is not None and (found is None or move.at <= found[0]):
        names = {"deadline": move.deadline.name} if move.deadline else {"step": move.step.name if move.step else ""}
        return Due(at=move.at, instance=move.instance, move=move, **names)
    if found is None:
        return None
    at, instance, deadline, name = found
    if not deadline and not name:
        return Due(at=at, instance="", coverage=instance)
    if deadline:
        return Due(at=at, instance=instance, deadline=deadline, mark=name)
    return Due(at=at, instance=instance, step=name)


def derived_id(case: Case, due: Due) -> str:
    """Return the id under which a thing that is due is done: the same whoever does it, and whenever."""
    if due.coverage:
        return f"due/{case.number}/coverage/{due.coverage}/{case.coverage[due.coverage]['n']}"
    one = case.instances[due.instance]
    if due.move is not None:
        return f"due/{case.number}/{one.id}/{due.deadline or due.step}/moved/{due.at}"
    if due.deadline:
        clock = one.clocks[due.deadline]
        again = f"/{len(clock['withdrawn'])}" if "withdrawn" in clock else ""
        return f"due/{case.number}/{one.id}/{due.deadline}/{clock['n']}/{due.mark}{again}"
    return f"due/{case.number}/{one.id}/{due.step}/{due.at}"


def run_due(
    workflow: Workflow, commit: Commit, stream: UUID, until: datetime, facts: Facts, settle: Callable[[], None]
) -> int:
    """Run what is due on a case by an instant, in due order, with all that follows; return how much it was.

    settle  lets everything follow that follows from the events so far; it raises Stopped
    """
    done = 0
    limit = stamp(until)
    while done < MOST:
        case = commit.cases[stream]
        due = first_due(workflow, case, limit, facts)
        if due is None:
            break
        mark = commit.mark()
        command = replace(commit.clock, id=derived_id(case, due))
        asked, commit.command = commit.command, command
        try:
            run_one(workflow, commit, stream, due, facts, command)
            settle()
        except (Stopped, Refused) as stopped:
            commit.back_to(mark)
            reasons = stopped.refusal.reasons if isinstance(stopped, Stopped) else (stopped.reason,)
            refuse_one(workflow, commit, stream, due, facts, command, reasons)
            settle()
        finally:
            commit.command = asked
        done += 1
    return done


def run_one(workflow: Workflow, commit: Commit, stream: UUID, due: Due, facts: Facts, command: RunDue) -> None:
    """Take the step, or pass the mark, that is due. command: in whose name."""
    case = commit.cases[stream]
    scope = Snapshot(workflow=workflow, case=case, instance=None, actor=SYSTEM, now=instant(due.at), facts=facts)
    if due.coverage:
        commit.add(stream, case, end_event(due.coverage, scope, command))
        return
    one = case.instances[due.instance]
    machine = workflow.machines[one.machine]
    scope = scope.but(instance=one)
    if due.move is not None:
        commit.add(stream, case, move_event(due.move, one, scope, command))
        return
    if due.step:
        step = next(step for step in machine.steps_of(one.state) if step.name == due.step)
        commit.add(stream, case, timed_event(step, one, scope, command))
        return
    deadline = next(each for each in machine.deadlines if each.name == due.deadline)
    commit.add(stream, case, mark_event(deadline, one, due, scope, command))


def timed_event(step: Step, one: Instance, scope: Snapshot, command: RunDue) -> Event:
    """Return the event of a step that the clock takes; one that does not apply is passed over visibly."""
    if not applies(step.when, scope):
        return passed_over(step, one, scope, command, "passed")
    form = read_form(step.form, {}, scope.workflow, scope)
    scope = scope.but(form=form.values)
    weighed = weigh(step.require, scope, {}, form.lacking)
    reasons = (*form.reasons, *weighed.reasons)
    if reasons:
        raise Stopped(Refusal(reasons=reasons))
    recorded = record_step(Draft(scope=scope, command=command, weighed=weighed, causation=command.id), step)
    if isinstance(recorded, Refusal):
        raise Stopped(recorded)
    return recorded


def passed_over(step: Step, one: Instance, scope: Snapshot, command: RunDue, happening: str) -> Event:
    draft = Draft(scope=scope, command=command, weighed=UNWEIGHED, causation=command.id)
    changes = Changes(scope=scope, command=command)
    extra: dict[str, Json] = {"timers": [{"step": step.name, "passed": True}]}
    return event_of(draft, f"timer.{happening}", one.id, one.state, one.state, changes, step.rules, extra, [])


def move_event(move: Move, one: Instance, scope: Snapshot, command: RunDue) -> Event:
    """Return the event by which a clock goes on otherwise."""
    draft = Draft(scope=scope, command=command, weighed=UNWEIGHED, causation=command.id)
    changes = Changes(scope=scope, command=command)
    extra: dict[str, Json] = {"was": move.was, "deadlines": [], "timers": []}
    extra["deadlines" if move.deadline else "timers"] = [move.entry]
    kind = "deadline.moved" if move.deadline else "timer.moved"
    return event_of(draft, kind, one.id, one.state, one.state, changes, (), extra, [])


def end_event(key: str, scope: Snapshot, command: RunDue, happening: str = "") -> Event:
    """Return the event of the end of a period of coverage, with the machines that begin by it.

    happening   its type; the coverage's own when not given
    """
    name, part = named(key)
    coverage = scope.workflow.coverage[name]
    draft = Draft(scope=scope, command=command, weighed=UNWEIGHED, causation=command.id)
    changes = Changes(scope=scope, command=command)
    if not happening:
        start_upon(changes, coverage.happening(part))
    told: dict[str, Json] = {
        "name": name,
        "n": scope.case.coverage[key]["n"],
        "is": "ended",
        "state": "over",
        "at": None,
    }
    extra: dict[str, Json] = {"coverage": [{**told, **({"part": part} if part else {})}]}
    return event_of(draft, happening or coverage.happening(part), "", "", "", changes, coverage.rules, extra, [])


def mark_event(deadline: Deadline, one: Instance, due: Due, scope: Snapshot, command: RunDue) -> Event:
    """Return the event of a mark that a clock has passed, with the effects of its rung."""
    clock = dict(one.clocks[deadline.name])
    rung = deadline.rungs.get(due.mark)
    draft = Draft(scope=scope, command=command, weighed=UNWEIGHED, causation=command.id)
    changes = Changes(scope=scope, command=command)
    happening = "breached" if due.mark == BREACH else "escalated" if clock.get("breached") else "warned"
    if rung is not None:
        changes.run(rung.effects)
    start_upon(changes, f"deadline.{happening}")
    entries = [{"id": deadline.name, "mark": due.mark, **entry} for entry in mark_entries(deadline, clock, due, scope)]
    ending = clock.get("ending")
    if ending and not entries[0]["marks"]:
        entries[0] |= {**ending, "state": "over", "ending": None}
    before = {name: (scope.shared(name) if name in changes.shared else scope.data(name)) for name in changes.values}
    extra: dict[str, Json] = {"deadlines": entries, "before": before if due.mark == BREACH else {}}
    if due.mark == BREACH:
        entries[0]["revision"] = scope.case.revision + 1
    return event_of(draft, f"deadline.{happening}", one.id, one.state, one.state, changes, deadline.rules, extra, [])


def mark_entries(deadline: Deadline, clock: dict[str, Json], due: Due, scope: Snapshot) -> Iterator[dict[str, Json]]:
    if due.mark == BREACH:
        yield from missed(deadline, clock, scope.now, scope)
        return
    marks = {name: at for name, at in clock["marks"].items() if name != due.mark}
    word = "escalated" if clock.get("breached") else "warned"
    yield {"n": clock["n"], "is": word, "passed": [*clock.get("passed", ()), due.mark], "marks": marks}


def refuse_one(
    workflow: Workflow,
    commit: Commit,
    stream: UUID,
    due: Due,
    facts: Facts,
    command: RunDue,
    reasons: tuple[Reason, ...],
) -> None:
    """Record that what was due could not be done: a timer is taken back, a promise is broken without its effects,
    a coverage ends and nothing follows.

    A finding keeps it in sight, with the words of what stood against it.
    """
    case = commit.cases[stream]
    scope = Snapshot(workflow=workflow, case=case, instance=None, actor=SYSTEM, now=instant(due.at), facts=facts)
    name = due.step or due.deadline or due.coverage
    first = reasons[0]
    finding: dict[str, Json] = {
        "id": f"{due.instance or 'coverage'}:due:{name}",
        "is": "opened",
        "name": name,
        "instance": due.instance,
        "text": dict(first.text or {}),
        "code": first.code,
        "rules": list(first.rules),
    }
    extra: dict[str, Json] = {"refused": [reason.code for reason in reasons], "findings": [finding]}
    if due.coverage:
        event = end_event(due.coverage, scope, command, "coverage.refused")
    else:
        one = case.instances[due.instance]
        machine = workflow.machines[one.machine]
        scope = scope.but(instance=one)
        if due.step:
            step = next(step for step in machine.steps_of(one.state) if step.name == due.step)
            event = passed_over(step, one, scope, command, "refused")
        else:
            deadline = next(each for each in machine.deadlines if each.name == due.deadline)
            event = mark_event(replace(deadline, ladder=()), one, due, scope, command)
    commit.add(stream, case, event.with_changes({**event.changes, **extra}))
