"""What an event changes. One small function per kind of change; no guard, no clock, no workflow.

Events carry their results, so folding only copies. The order of PARTS is the order of the law of
evaluation: opening, values, transition, started instances, what the step left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import Event, Json, stamp

SHAPE = 1
"""The number of this fold: heads folded by another one are folded again."""


def evolve(case: Case, event: Event) -> Case:
    """Return the case after the event."""
    changes = event.changes
    revision = case.revision + 1
    at = stamp(event.occurred_at)
    for name, part in PARTS:
        if name in changes:
            case = part(case, event, changes[name])
    if event.machine:
        case = taken(case, event, revision, at)
    happened = {**case.happened, event.type: case.happened.get(event.type, 0) + 1}
    return replace(case, revision=revision, happened=happened, opened_at=case.opened_at or at, at=max(case.at, at))


def fold(stream: UUID, events: Iterable[Event]) -> Case:
    """Return the case that a history makes."""
    case = Case(id=stream)
    for event in events:
        case = evolve(case, event)
    return case


def opened(case: Case, event: Event, change: Json) -> Case:
    return replace(
        case,
        number=event.case,
        workflow=event.workflow[0],
        version=event.workflow[1],
        kind=change["kind"],
        subject=change.get("subject", ""),
        customer=change.get("customer"),
        key=change.get("key", ""),
        keyed="key" in change,
        links=change.get("links", {}),
    )


def valued(case: Case, event: Event, change: Json) -> Case:
    """Give the values of a form, or derived ones, to the case and to the instance that took the step."""
    shared = event.changes.get("shared", ())
    revision = case.revision + 1
    mine = {name: value for name, value in change.items() if name not in shared}
    ours = {name: value for name, value in change.items() if name in shared}
    if ours:
        case = replace(case, data={**case.data, **ours}, since={**case.since, **dict.fromkeys(ours, revision)})
    if mine and event.machine:
        one = case.instances[event.machine]
        case = with_instance(
            case,
            replace(one, data={**one.data, **mine}, since={**one.since, **dict.fromkeys(mine, revision)}),
        )
    return case


def entered(case: Case, event: Event, change: Json) -> Case:
    """Move the instance: `change` lists the states entered, outermost first."""
    one = case.instances[event.machine]
    revision = case.revision + 1
    if "resumed" in event.changes:
        back = next(one.came[path] for path in ancestry(one.state) if path in one.came)
        came = {path: there for path, there in one.came.items() if path in back["entered"]}
        return with_instance(case, replace(one, state=event.target, entered=dict(back["entered"]), came=came))
    kept = {path: at for path, at in one.entered.items() if not path or around(path, event.target)}
    now = {**kept, **dict.fromkeys(change, revision)}
    came = {path: there for path, there in one.came.items() if path in now and path not in change}
    came[change[0]] = {"from": event.source, "entered": dict(one.entered)}
    return with_instance(case, replace(one, state=event.target, entered=now, came=came))


def outcome(case: Case, event: Event, change: Json) -> Case:
    return with_instance(case, replace(case.instances[event.machine], outcome=change))


def started(case: Case, event: Event, change: Json) -> Case:
    """Add the instances that the event started."""
    revision = case.revision + 1
    at = stamp(event.occurred_at)
    instances = dict(case.instances)
    serials = dict(case.serials)
    values = {**event.changes.get("form", {}), **event.changes.get("set", {})}
    for entry in change:
        data = {**{name: values[name] for name in entry.get("takes", ()) if name in values}, **entry.get("data", {})}
        serials[entry["machine"]] = serials.get(entry["machine"], 0) + 1
        instances[entry["id"]] = Instance(
            id=entry["id"],
            machine=entry["machine"],
            key=entry["key"],
            parent=entry.get("parent", ""),
            state=entry["state"],
            outcome=entry.get("outcome", ""),
            data=data,
            since=dict.fromkeys(data, revision),
            entered=dict.fromkeys(("", *ancestry(entry["state"])[::-1]), revision),
            at=at,
        )
    return replace(case, instances=instances, serials=serials)


def removed(case: Case, event: Event, change: Json) -> Case:
    for address in change:
        case = with_instance(case, replace(case.instances[address], removed=True))
    return case


def decided(case: Case, event: Event, change: Json) -> Case:
    addresses = [event.machine] if event.machine else [entry["id"] for entry in event.changes.get("started", ())]
    for address in addresses:
        one = case.instances[address]
        decisions = {**one.decisions, **{call["table"]: call["outputs"] for call in change}}
        case = with_instance(case, replace(one, decisions=decisions))
    return case


def ticked(case: Case, event: Event, change: Json) -> Case:
    one = case.instances[event.machine]
    revision = case.revision + 1
    ticks = {name: dict(items) for name, items in one.ticks.items()}
    for tick in change:
        ticks.setdefault(tick["checklist"], {})[tick["item"]] = revision
    return with_instance(case, replace(one, ticks=ticks))


def dropped(case: Case, event: Event, change: Json) -> Case:
    """Forget the ticks of the checklists whose states were left."""
    one = case.instances[event.machine]
    return with_instance(case, replace(one, ticks={name: t for name, t in one.ticks.items() if name not in change}))


def ordered(case: Case, event: Event, change: Json) -> Case:
    one = case.instances[event.machine]
    return with_instance(case, replace(one, orders={**one.orders, **change}))


def linked(case: Case, event: Event, change: Json) -> Case:
    return replace(case, links={**case.links, **change})


def found(case: Case, event: Event, change: Json) -> Case:
    findings = dict(case.findings)
    for finding in change:
        if finding["is"] == "opened":
            kept = {name: value for name, value in finding.items() if name not in ("id", "is")}
            findings[finding["id"]] = {**kept, "since": stamp(event.occurred_at)}
        else:
            findings.pop(finding["id"], None)
    return replace(case, findings=findings)


def corrected(case: Case, event: Event, change: Json) -> Case:
    """Replace the values that the corrected event gave and no later one has replaced since."""
    revision = change["revision"]
    values: Mapping[str, Json] = change.get("values", {})
    case = replace(case, data=mended(case.data, case.since, values, revision))
    for one in case.instances.values():
        if any(one.since.get(name) == revision for name in values):
            case = with_instance(case, replace(one, data=mended(one.data, one.since, values, revision)))
    for address, steps in change.get("taken", {}).items():
        one = case.instances[address]
        merged = {**one.taken, **steps}
        case = with_instance(case, replace(one, taken={name: at for name, at in merged.items() if at is not None}))
    return case


def taken(case: Case, event: Event, revision: int, at: str) -> Case:
    """Remember that the step was taken, by whom and when."""
    one = case.instances[event.machine]
    step = event.type.partition(".")[2]
    entry: dict[str, Json] = {
        "n": one.taken.get(step, NEVER)["n"] + 1,
        "rev": revision,
        "at": at,
        "role": event.by.role,
    }
    if event.by.person:
        entry["person"] = event.by.person
    return with_instance(case, replace(one, taken={**one.taken, step: entry}, at=max(one.at, at)))


def mended(
    data: Mapping[str, Json], since: Mapping[str, int], values: Mapping[str, Json], revision: int
) -> Mapping[str, Json]:
    return {name: values[name] if name in values and since.get(name) == revision else old for name, old in data.items()}


def with_instance(case: Case, one: Instance) -> Case:
    return replace(case, instances={**case.instances, one.id: one})


def ancestry(path: str) -> list[str]:
    """Return a state's path and those around it, innermost first."""
    found_paths = [path]
    while "." in path:
        path = path.rpartition(".")[0]
        found_paths.append(path)
    return found_paths


def around(path: str, leaf: str) -> bool:
    """Return whether a state is the leaf or lies around it."""
    return leaf == path or leaf.startswith(path + ".")


NEVER: Mapping[str, Json] = {"n": 0}

PARTS: tuple[tuple[str, Callable[[Case, Event, Any], Case]], ...] = (
    ("opened", opened),
    ("form", valued),
    ("set", valued),
    ("entered", entered),
    ("outcome", outcome),
    ("started", started),
    ("removed", removed),
    ("decisions", decided),
    ("ticks", ticked),
    ("dropped", dropped),
    ("order", ordered),
    ("linked", linked),
    ("findings", found),
    ("corrects", corrected),
)
