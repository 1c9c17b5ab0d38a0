"""Deadlines that a late entry begins: what has happened since is heard by them, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lifecycle.core.case.clocking import LIVE, Clock, next_number, over, turned
from lifecycle.core.case.hindsight import Known, address
from lifecycle.core.case.moments import Moment, seen
from lifecycle.core.case.replaying import without_withdrawn
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case
from lifecycle.core.events import SYSTEM, Json, Recorded, in_order, instant
from lifecycle.core.workflow import Deadline


def begun_late(known: Known, case: Case) -> Iterator[dict[str, Json]]:
    """Yield how each deadline that the entry begins has begun and gone on, up to now or to where it was broken.

    case   as the entry finds it: without what was wrong
    """
    since = [one for one in in_order(without_withdrawn(known.history)) if one.event.occurred_at > known.at]
    for event in known.entered:
        for entry in event.changes.get("deadlines", ()):
            of, name = address(entry, event), entry["id"]
            if "start" not in entry or of not in known.past.instances or name in case.instances[of].clocks:
                continue  # it goes on, or was begun by something else since
            deadline = next(each for each in deadlines_of(known, of) if each.name == name)
            yield from heard_since(known, deadline, of, {**entry, "n": next_number({})}, since)


def deadlines_of(known: Known, of: str) -> tuple[Deadline, ...]:
    return known.workflow.machines[known.past.instances[of].machine].deadlines


def heard_since(
    known: Known, deadline: Deadline, of: str, entry: Clock, since: list[Recorded]
) -> Iterator[dict[str, Json]]:
    """Yield the beginning of a deadline and what later events did to it; nothing when they did nothing.

    One that was broken meanwhile is broken by the clock, with what that causes; then it ends as it did (`ending`).
    """
    about = {"id": deadline.name, "instance": of}
    found = [{**entry, **about}]
    clock: Clock = {name: value for name, value in entry.items() if name not in ("id", "instance")}
    for one in since:
        if clock["state"] not in LIVE:
            break
        moment = as_seen(known, deadline, of, clock, one)
        if broken_by(clock, one.event.occurred_at):
            ended = over(deadline, clock, moment)
            if ended is not None:
                marks = {name: at for name, at in clock["marks"].items() if at <= ended["stopped"]}
                ending = {name: ended[name] for name in ("is", "stopped", "spent_us") if name in ended}
                found.append({"n": clock["n"], "is": clock["is"], "marks": marks, "ending": ending, **about})
                break
            continue
        for change in turned(deadline, moment):
            clock = {**clock, **change} if change["n"] == clock["n"] else change
            found.append({**change, **about})
    if len(found) > 1:
        yield from found


def broken_by(clock: Clock, at: datetime) -> bool:
    return bool(clock.get("due")) and instant(clock["due"]) < at


def as_seen(known: Known, deadline: Deadline, of: str, clock: Clock, one: Recorded) -> Moment:
    """Return an event since, as the instance would have seen it with the deadline running."""
    before, after = known.folds[one.revision - 1], known.folds[one.revision]
    own = after.instances[of].copy()
    own.clocks = {**own.clocks, deadline.name: clock}
    scope = Snapshot(
        workflow=known.workflow, case=after, instance=own, actor=SYSTEM, now=one.event.occurred_at, facts=known.facts
    )
    return seen(known.workflow, before, after, one.event, own, scope)
