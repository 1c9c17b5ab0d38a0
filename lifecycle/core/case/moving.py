"""Clocks that go on otherwise: a calendar or a setting that follows was changed; each open one is moved once.

A clock knows by which version of a calendar its instants were made, and by which lengths. One whose instants would be
others by what is in force now is to be moved at the instant of the change; once it is, it is not any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.core.case.clocking import Clock, lengths_of, lengths_read, timed
from lifecycle.core.case.measures import given, reached
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import SYSTEM, Json, instant, stamp
from lifecycle.core.workflow import Deadline, Step, Workflow

if TYPE_CHECKING:
    from lifecycle.core.case.commands import Facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A clock to be moved.

    at     stored instant of the change
    entry  what is new about it, for the event; was: what it replaces
    """

    at: str
    instance: str
    deadline: Deadline | None = None
    step: Step | None = None
    entry: dict[str, Json]
    was: dict[str, Json]


def moves(workflow: Workflow, case: Case, facts: Facts) -> Iterator[Move]:
    """Yield the clocks of a case that what was changed moves, in the order of the case."""
    if not facts.changed:
        return
    for one in case.instances.values():
        machine = workflow.machines[one.machine]
        if one.final or not machine.clocked:
            continue
        scope = Snapshot(workflow=workflow, case=case, instance=one, actor=SYSTEM, now=instant(one.at), facts=facts)
        for deadline in machine.deadlines:
            yield from moved_deadline(deadline, one, scope)
        for step in machine.steps_of(one.state):
            if step.name in one.counted:
                yield from moved_timer(step, one, scope)


def moved_deadline(deadline: Deadline, one: Instance, scope: Snapshot) -> Iterator[Move]:
    """Yield the move of a deadline that runs and is not broken, if it is due at another instant now."""
    clock: Clock = dict(one.clocks.get(deadline.name, {}))
    if clock.get("state") != "running" or clock.get("breached") or not clock.get("lengths"):
        return
    found = [scope.facts.changed[name] for name in changed_calendars(clock, scope)]
    lengths = clock["lengths"]
    follows = following(lengths_read(deadline), scope)
    if follows:
        now = lengths_of(deadline, scope)
        if now is not None and now != lengths:
            lengths = now
            found.extend(follows)
    if not found:
        return
    at = max((*found, clock["since"]))
    made = timed(deadline, {**clock, "lengths": lengths}, instant(at), scope)
    if made.get("due") == clock.get("due") and lengths == clock["lengths"]:
        return
    entry: dict[str, Json] = {"id": deadline.name, "n": clock["n"], "is": "moved", **made}
    was: dict[str, Json] = {"due": clock.get("due"), "calendars": clock.get("calendars")}
    if lengths != clock["lengths"]:
        entry["lengths"] = lengths
        was["lengths"] = clock["lengths"]
    yield Move(at=at, instance=one.id, deadline=deadline, entry=entry, was=told(was))


def moved_timer(step: Step, one: Instance, scope: Snapshot) -> Iterator[Move]:
    """Yield the move of a step that the clock will take after a length, if it comes at another instant now."""
    counted = one.counted[step.name]
    assert step.after is not None
    name = counted["clock"]
    found = []
    if name in scope.facts.changed and counted.get("version") != scope.calendar(name).version:
        found.append(scope.facts.changed[name])
    written = counted["length"]
    if follows := following(step.after.formula.reads, scope):
        value = step.after.formula.value(scope)
        if isinstance(value, str) and value != written:
            written = value
            found.extend(follows)
    if not found:
        return
    start = instant(counted["from"])
    length = given(scope, name, start, written)
    due = None if length is None else reached(scope, name, start, length)
    if due is None:
        return
    at = max(found)
    when = max(stamp(due), at)
    if when == one.timers[step.name]:
        return
    fresh = {"from": counted["from"], "length": written, "clock": name}
    if "version" in counted:
        fresh["version"] = scope.calendar(name).version
    was = {"at": one.timers[step.name], "length": counted["length"], "version": counted.get("version")}
    entry: dict[str, Json] = {"step": step.name, "at": when, "counted": fresh}
    yield Move(at=at, instance=one.id, step=step, entry=entry, was=told(was))


def changed_calendars(clock: Clock, scope: Snapshot) -> list[str]:
    """Return the calendars of a clock that are others now than when its instants were made."""
    return [
        name
        for name, version in clock.get("calendars", {}).items()
        if name in scope.facts.changed and scope.calendar(name).version != version
    ]


def following(reads: tuple[str, ...], scope: Snapshot) -> list[str]:
    """Return when settings that running clocks follow were changed, of those that are read."""
    return [scope.facts.changed[name] for name in reads if name.startswith("settings.") and name in scope.facts.changed]


def told(was: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in was.items() if value}
