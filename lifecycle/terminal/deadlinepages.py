"""Pages about deadlines: how each stands, and what its time was made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lifecycle.audit.clocks import Arming, Interval
from lifecycle.clocks.typed import show_time
from lifecycle.core.case import Case
from lifecycle.core.events import stamp
from lifecycle.core.showing import show_length
from lifecycle.core.workflow import Deadline, Workflow
from lifecycle.terminal.answers import titled
from lifecycle.terminal.door import Door


def show_deadlines(
    door: Door, case: Case, workflow: Workflow, found: Sequence[Arming], now: datetime, explain: bool
) -> None:
    """Print every running of every deadline of a case; with `explain`, the intervals that its time is made of."""
    if door.as_json:
        door.put_json({"case": case.number, "deadlines": [document(one, explain) for one in found]})
        return
    if not found:
        door.say("deadlines.none", case=case.number)
    for one in found:
        door.put(line(door, workflow, one, now))
        if explain:
            for part in one.intervals:
                door.put(f"      {interval_line(door, workflow, one, part)}")
            total = sum((part.end - part.start for part in one.intervals), timedelta())
            door.put(f"      {door.words.say('deadlines.sum', length=length_text(total), parts=len(one.intervals))}")


def document(one: Arming, explain: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "instance": one.instance,
        "id": one.name,
        "n": one.n,
        "is": one.outcome,
        "start": stamp(one.start),
        "due": stamp(one.due) if one.due else None,
        "breached": stamp(one.breached) if one.breached else None,
        "withdrawn": [stamp(due) for due in one.withdrawn],
        "stopped": stamp(one.end) if one.stopped else None,
        "clock": one.clock,
        "lengths": list(one.lengths),
        "provisional": one.provisional,
    }
    if explain:
        found["elapsed_seconds"] = (one.end - one.start).total_seconds()
        found["intervals"] = [
            {
                "from": stamp(part.start),
                "to": stamp(part.end),
                "is": part.kind,
                "seconds": (part.end - part.start).total_seconds(),
                **({"state": part.state} if part.state else {}),
                **({"day": dict(part.titles)} if part.titles else {}),
            }
            for part in one.intervals
        ]
    return found


def line(door: Door, workflow: Workflow, one: Arming, now: datetime) -> str:
    zone = ZoneInfo(workflow.zone)
    deadline = deadline_of(workflow, one)
    title = titled(door, deadline.titles, one.name) if deadline else one.name
    outcome = "withdrawn" if one.withdrawn and one.outcome == "met" else one.outcome
    parts = [f"{one.instance}.{one.name}", title, door.words.say(f"deadlines.{outcome}")]
    if one.due is not None:
        parts.append(door.words.say("deadlines.due", at=show_time(one.due, zone)))
        if not one.stopped and one.breached is None:
            left = one.due - now
            parts.append(door.words.say("deadlines.left", length=show_length(left, door.lang, measured=True)))
    if one.stopped:
        parts.append(door.words.say("deadlines.ended", at=show_time(one.end, zone)))
    if one.provisional:
        parts.append(door.words.say("deadlines.provisional"))
    return "  " + "  ".join(parts)


def deadline_of(workflow: Workflow, one: Arming) -> Deadline | None:
    machine = workflow.machines.get(one.instance.partition("/")[0])
    return next((each for each in machine.deadlines if each.name == one.name), None) if machine else None


def interval_line(door: Door, workflow: Workflow, one: Arming, part: Interval) -> str:
    zone = ZoneInfo(workflow.zone)
    what = door.words.say(f"deadlines.interval-{part.kind}")
    if part.titles:
        what = f"{what} ({titled(door, part.titles, '')})"
    if part.state:
        machine = workflow.machines.get(one.instance.partition("/")[0])
        state = machine.states.get(part.state) if machine else None
        what = f"{what} ({titled(door, state.titles, part.state) if state else part.state})"
    return (
        f"{show_time(part.start, zone)} – {show_time(part.end, zone)}  {length_text(part.end - part.start):>12}  {what}"
    )


def length_text(length: timedelta) -> str:
    """Return a length to the second, as it is added up under others: "1d 2:05:07", "-0:30:00"."""
    seconds = int(abs(length).total_seconds())
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    sign = "-" if length < timedelta() else ""
    return f"{sign}{f'{days}d ' if days else ''}{hours}:{minutes:02}:{seconds:02}"
