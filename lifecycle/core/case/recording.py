"""How a step that may be taken becomes one event with all that it caused on its own case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lifecycle.core.case import assigning
from lifecycle.core.case.commands import Command
from lifecycle.core.case.effects import Changes
from lifecycle.core.case.evolve import ancestry, around
from lifecycle.core.case.guards import Weighed
from lifecycle.core.case.labels import fix_labels
from lifecycle.core.case.offers import sequence_of
from lifecycle.core.case.posting import balances_read
from lifecycle.core.case.refused import Refused
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Instance
from lifecycle.core.events import Event, Json, Personal
from lifecycle.core.workflow import (
    Kind,
    Machine,
    Opening,
    State,
    Step,
)
from lifecycle.problems import Reason, Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A step about to be recorded.

    scope  with the accepted form
    late   it is recorded afterwards, in a state that the instance has left: it moves nothing
    """

    scope: Snapshot
    command: Command
    weighed: Weighed
    causation: str
    late: bool = False


def record_opening(draft: Draft, kind: Kind, opening: Opening) -> Event | Refusal:
    """Return the event of an opening."""
    changes = Changes(scope=draft.scope, command=draft.command)
    try:
        changes.consult(opening.decide)
        changes.run(opening.effects)
        start_upon(changes, opening.event)
        fix_labels(changes, opening.event)
    except Refused as refused:
        return Refusal(reasons=(refused.reason,))
    scope, case = draft.scope, draft.scope.case
    shared = [name for name in scope.form if scope.workflow.fields[name].shared]
    mine = [name for name in scope.form if name not in shared]
    for entry in changes.started:
        if not entry.get("parent"):
            entry["takes"] = [*mine, *(name for name in changes.values if name not in changes.shared)]
    opened: dict[str, Json] = {"kind": kind.name, "subject": case.subject}
    if kind.key:
        value = scope.form[kind.key]
        opened["key"] = case.key or (str(value) if not isinstance(value, Personal) else "")
    if case.customer is not None:
        opened["customer"] = case.customer
    if case.links:
        opened["links"] = dict(case.links)
    return event_of(draft, opening.event, "", "", "", changes, opening.rules, {"opened": opened}, shared)


def record_step(draft: Draft, step: Step) -> Event | Refusal:
    """Return the event of a step: its values, tables, effects and transition."""
    scope = draft.scope
    one = scope.instance
    assert one is not None
    machine = scope.workflow.machines[one.machine]
    changes = Changes(scope=scope, command=draft.command)
    extra: dict[str, Json] = {}
    try:
        changes.consult(step.decide)
        changes.run(step.effects)
        branch = chosen(step, changes.scope)
        target = one.state
        if branch is not None and step.to[branch].state and not draft.late:
            target, extra = moved(machine, one, step, branch, changes)
            if "outcome" in extra:
                assigning.release_all(changes)
        state = machine.states.get(step.owner)
        if (
            state is not None
            and state.order is not None
            and len(state.order.variants) > 1
            and step.owner not in one.orders
        ):
            sequence = sequence_of(state, one, scope)
            extra["order"] = {step.owner: next((n for n, s in state.order.variants.items() if s == sequence), "")}
        start_upon(changes, step.event)
        fix_labels(changes, step.event)
    except Refused as refused:
        return Refusal(reasons=(refused.reason,))
    if step.ticks:
        extra["ticks"] = [{"checklist": step.ticks, "item": name} for name in scope.form.get("items", ())]
    shared = [name for name in scope.form if name in scope.workflow.fields and scope.workflow.fields[name].shared]
    return event_of(draft, step.event, one.id, one.state, target, changes, step.rules, extra, shared)


def record_completion(draft: Draft, machine: Machine, state: State) -> Event | Refusal:
    """Return the event by which an ordered state, all its steps done, goes on to its next one."""
    one = draft.scope.instance
    assert one is not None
    changes = Changes(scope=draft.scope, command=draft.command)
    name = f"{state.path.rpartition('.')[2]}_completed"
    try:
        target, extra = arrival(machine, one, machine.arrows.fire(one.state, f"$complete:{state.path}"), changes)
        if "outcome" in extra:
            assigning.release_all(changes)
        start_upon(changes, f"{machine.name}.{name}")
    except Refused as refused:
        return Refusal(reasons=(refused.reason,))
    return event_of(draft, f"{machine.name}.{name}", one.id, one.state, target, changes, (), extra, [])


def chosen(step: Step, scope: Snapshot) -> int | None:
    """Return the number of the branch that the step follows; a choice that answers nowhere refuses."""
    for number, branch in enumerate(step.to):
        if branch.when is None or branch.when.holds(scope) is True:
            return number
    raise Refused(
        Reason(
            code="no-branch",
            where=step.where,
            values={"step": step.titles or step.name},
            required=[branch.when.text for branch in step.to if branch.when is not None],
        )
    )


def moved(machine: Machine, one: Instance, step: Step, branch: int, changes: Changes) -> tuple[str, dict[str, Json]]:
    """Return the state that a branch leads to and the changes of going there."""
    if step.to[branch].state != "$history":
        return arrival(machine, one, machine.arrows.fire(one.state, f"{step.name}#{branch}"), changes)
    back = next((one.came[path] for path in ancestry(one.state) if path in one.came), None)
    if back is None:
        raise Refused(Reason(code="no-history", where=step.where, values={"step": step.titles or step.name}))
    target = machine.arrows.fire(one.state, f"{step.name}@{back['from']}")
    if target is None:
        raise Refused(Reason(code="no-history", where=step.where, values={"step": step.titles or step.name}))
    left = [path for path in ancestry(one.state) if not around(path, target)]
    for path in left:
        changes.run(machine.states[path].exit)
    extra: dict[str, Json] = {"entered": [p for p in reversed(ancestry(target)) if p not in ancestry(one.state)]}
    return target, {**extra, "resumed": True, **dropped(machine, one, left, target)}


def arrival(machine: Machine, one: Instance, target: str | None, changes: Changes) -> tuple[str, dict[str, Json]]:
    """Run exit and entry effects on the way to a leaf; return it with the changes of being there."""
    if target is None:
        raise Refused(
            Reason(code="no-arrow", where=machine.where, values={"machine": machine.name, "state": one.state})
        )
    outside = [path for path in ancestry(one.state) if around(path, target) and path != target]
    left = [path for path in ancestry(one.state) if path not in outside]
    entered = [path for path in reversed(ancestry(target)) if path not in outside]
    for path in left:
        changes.run(machine.states[path].exit)
    if any(machine.states[path].enter for path in entered):
        there = one.copy()
        there.state = target
        changes.scope = changes.scope.but(instance=there)
        for path in entered:
            changes.run(machine.states[path].enter)
    extra: dict[str, Json] = {"entered": entered}
    extra.update(dropped(machine, one, left, target))
    if machine.states[target].outcome:
        extra["outcome"] = machine.states[target].outcome
    return target, extra


def dropped(machine: Machine, one: Instance, left: Iterable[str], target: str) -> dict[str, Json]:
    """Return the change that forgets the ticks of the checklists which only the states left have shown."""
    if not one.ticks:
        return {}
    gone = {machine.states[path].checklist for path in left} - {machine.states[p].checklist for p in ancestry(target)}
    lists = sorted(gone & one.ticks.keys())
    return {"dropped": lists} if lists else {}


def start_upon(changes: Changes, happening: str) -> None:
    """Start the machines that begin by themselves on this event, or on the last of several."""
    case = changes.scope.case
    raised = assigning.raised(changes.more)
    for machine in startable(changes.scope):
        if happening in machine.starts or any(one in machine.starts for one in raised):
            parent = changes.scope.instance.id if changes.scope.instance else ""
            changes.begin(machine, parent, "", {})
        elif happening in machine.joins:
            others = [event for event in machine.joins if event != happening]
            started = any(one.machine == machine.name for one in case.instances.values())
            if not started and all(event in case.happened for event in others):
                changes.begin(machine, "", "", {})


def startable(scope: Snapshot) -> Iterator[Machine]:
    kind = scope.workflow.kinds.get(scope.case.kind)
    for name in kind.machines if kind else ():
        machine = scope.workflow.machines[name]
        if machine.starts or machine.joins:
            yield machine


def event_of(
    draft: Draft,
    happening: str,
    machine: str,
    source: str,
    target: str,
    changes: Changes,
    rules: tuple[str, ...],
    extra: Mapping[str, Json],
    shared: list[str],
) -> Event:
    scope, command = draft.scope, draft.command
    workflow = scope.workflow
    marks = [
        {**mark, "id": f"{machine or scope.case.kind}:{mark['name']}", "is": "opened", "instance": machine}
        for mark in draft.weighed.marks
    ]
    cured = [
        {"id": f"{machine or scope.case.kind}:{name}", "is": "closed"}
        for name in draft.weighed.cured
        if f"{machine or scope.case.kind}:{name}" in scope.case.findings
    ]
    everything: dict[str, Json] = {
        "form": scope.form,
        "set": changes.values,
        "shared": list(dict.fromkeys((*shared, *changes.shared))),
        **extra,
        "decisions": changes.decisions,
        "started": [
            {name: value for name, value in entry.items() if value not in ("", [], {})} for entry in changes.started
        ],
        "removed": changes.removed,
        "overrides": list(draft.weighed.overrides),
        "findings": [*marks, *cured, *changes.findings],
        "sends": changes.sends,
        "opens": changes.opens,
        **changes.more,
        "reads": {
            name: {"case": other.number, "revision": other.revision} for name, other in scope.facts.links.items()
        },
        "settings": settings_read(scope),
        "calendars": {name: scope.calendar(name).version for name in sorted(scope.looked_up)},
        "lists": dict(sorted(scope.listed.items())),
        "measured": dict(sorted(scope.measured.items())),
        "balances": balances_read(scope),
    }
    return Event(
        type=happening,
        stream=scope.case.id,
        case=scope.case.number,
        machine=machine,
        source=source,
        target=target,
        occurred_at=scope.now,
        zone=workflow.zone,
        by=scope.actor,
        via=command.via,
        command=command.id,
        correlation=command.correlation or command.id,
        causation=draft.causation,
        workflow=(workflow.name, workflow.version),
        changes={name: value for name, value in everything.items() if value},
        rules=rules,
    )


def settings_read(scope: Snapshot) -> dict[str, Json]:
    """Return the values of the settings that the decision has looked at, in order of name."""
    return {name: scope.facts.settings[name] for name in sorted(scope.asked) if name in scope.facts.settings}
