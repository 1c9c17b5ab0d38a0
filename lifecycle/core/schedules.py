"""Where each schedule stands: when it occurs next, what it did last, whom it still has to serve.

One stream for each schedule of a workflow. An occurrence is taken once, with its members as they were at a position;
what it does for each is kept beside it, in the same commit as what was done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.recurrence import Occurrence, next_after
from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Event, Json, instant, stamp
from lifecycle.core.workflow import Schedule, Workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a schedule stands.

    begun     stored instant of its beginning: nothing occurs before it
    last      stored instant of its last occurrence; "" for none
    mark      of the rule by which `next` was found
    next      the next occurrence: {"key", "at"}; None when none comes
    pending   the occurrence being carried out: {"key", "at", "members" still to be served}; None
    """

    workflow: str = ""
    name: str = ""
    begun: str = ""
    last: str = ""
    last_key: str = ""
    mark: str = ""
    next: Mapping[str, Json] | None = None
    pending: Mapping[str, Json] | None = None
    revision: int = 0

    @property
    def due(self) -> datetime | None:
        """Return when the clock has something to do with it."""
        one = self.pending or self.next
        return instant(one["at"]) if one else None

    def to_json(self) -> dict[str, Json]:
        return {
            "schedule": self.name,
            "workflow": self.workflow,
            "begun": self.begun,
            "last": self.last,
            "last_key": self.last_key,
            "mark": self.mark,
            "next": self.next,
            "pending": self.pending,
            "revision": self.revision,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Place:
        rest = {name: document[name] for name in cls.__slots__ if name != "name"}
        return cls(name=document["schedule"], **rest)


def evolve(place: Place, event: Event) -> Place:
    """Return where the schedule stands after the event."""
    change = event.changes["schedule"]
    happening = event.type.partition(".")[2]
    place = replace(place, workflow=event.workflow[0], name=change["name"], revision=place.revision + 1)
    if happening in ("begun", "changed"):
        place = replace(place, begun=change.get("begun", place.begun), mark=change["mark"], next=change.get("next"))
    elif happening == "ended":
        place = replace(place, next=None, pending=None, mark="")
    elif happening == "passed_over":
        place = replace(place, last=change["last"], next=change.get("next"))
    elif happening == "occurred":
        place = replace(place, last=change["due"], last_key=change["key"], next=change.get("next"))
        members = change["members"]
        pending = {"key": change["key"], "at": change["due"], "members": members} if members else None
        place = replace(place, pending=pending)
    elif happening == "carried_out" and place.pending is not None:
        served = len(change["results"])
        left = place.pending["members"][served:]
        place = replace(place, pending={**place.pending, "members": left} if left else None)
    return place


SCHEDULES = Aggregate(
    name="schedule", shape=1, blank=Place, read=Place.from_json, evolve=evolve, due=lambda place: place.due
)


def name_of(workflow: str, schedule: str) -> str:
    """Return the name of a schedule's stream among those of its kind."""
    return f"{workflow}/{schedule}"


def following(schedule: Schedule, place: Place, after: str, calendar: Calendar | None) -> Occurrence | None:
    """Return the occurrence after a stored instant."""
    last = instant(place.last) if place.last else None
    return next_after(schedule.rule, instant(after), begun=instant(place.begun), last=last, calendar=calendar)


def said(occurrence: Occurrence | None) -> dict[str, Json] | None:
    """Return an occurrence in the form of events."""
    return None if occurrence is None else {"key": occurrence.key, "at": stamp(occurrence.at)}


def planned(
    schedule: Schedule, place: Place, now: datetime, calendar: Calendar | None
) -> tuple[str, dict[str, Json]] | None:
    """Return what publishing a version does to a schedule: ("begun" or "changed", change); None when nothing.

    One that began before keeps its place: what was due already stays due, a day that had its occurrence has no
    second one, and another rule holds from now on.
    """
    if not place.mark:
        fresh = replace(place, begun=stamp(now), last="")
        first = following(schedule, fresh, stamp(now), calendar)
        return "begun", {"name": schedule.name, "begun": stamp(now), "mark": schedule.mark, "next": said(first)}
    if place.mark == schedule.mark:
        return None
    if place.next is not None and place.next["at"] <= stamp(now):
        return "changed", {"name": schedule.name, "mark": schedule.mark, "next": place.next}
    first = following(schedule, place, stamp(now), calendar)
    if first is not None and first.key == place.last_key:
        first = following(schedule, place, stamp(first.at), calendar)
    return "changed", {"name": schedule.name, "mark": schedule.mark, "next": said(first)}


def retimed(schedule: Schedule, place: Place, now: datetime, calendar: Calendar | None) -> dict[str, Json] | None:
    """Return what a changed calendar does to the occurrence that comes next; None when nothing.

    No day has a second occurrence by it, and one that would have been due before the change stays as it is.
    """
    if place.next is None or not schedule.calendar or place.next["at"] <= stamp(now):
        return None
    first = following(schedule, place, stamp(now), calendar)
    while first is not None and first.key <= place.last_key:
        first = following(schedule, place, stamp(first.at), calendar)
    if first is None or said(first) == place.next:
        return None
    if first.key > place.next["key"] and schedule.rule.closed != "skip":
        return None
    return {"name": schedule.name, "mark": schedule.mark, "next": said(first)}


def passed_over(schedule: Schedule, place: Place, now: datetime, calendar: Calendar | None) -> dict[str, Json] | None:
    """Return the occurrences that are due and not to be run any more, with the one that comes then; None for none."""
    keys: list[str] = []
    one, last = place.next, place.last
    while one is not None:
        after = following(schedule, replace(place, last=one["at"]), one["at"], calendar)
        if not _is_missed(schedule, one, after, now):
            break
        keys.append(one["key"])
        last, one = one["at"], said(after)
    if not keys:
        return None
    return {"name": schedule.name, "first": keys[0], "to": keys[-1], "count": len(keys), "last": last, "next": one}


def _is_missed(schedule: Schedule, one: Mapping[str, Json], after: Occurrence | None, now: datetime) -> bool:
    """Return whether an occurrence is to be left out.

    latest  the next one is due, too
    skip    its local day is over; of those that come within a day, the next one is due
    """
    if schedule.missed == "run":
        return False
    if after is not None and after.at <= now:
        return True
    if schedule.missed == "latest":
        return False
    at = instant(one["at"])
    within_a_day = after is not None and (after.at - at).days < 1
    return not within_a_day and (now - at).days >= 1


def occurred(
    schedule: Schedule, place: Place, members: Sequence[str], position: int, calendar: Calendar | None
) -> dict[str, Json]:
    """Return an occurrence as an event keeps it: what comes after it, and whom it serves as of a position.

    members  case numbers; one empty text for an occurrence that stands for itself
    """
    assert place.next is not None
    due = place.next["at"]
    after = following(schedule, replace(place, last=due), due, calendar)
    return {
        "name": schedule.name,
        "key": place.next["key"],
        "due": due,
        "position": position,
        "members": list(members),
        "next": said(after),
    }


def event_of(
    workflow: Workflow,
    stream: UUID,
    happening: str,
    change: Mapping[str, Any],
    at: datetime,
    command: str,
    rules: tuple[str, ...] = (),
) -> Event:
    """Return the event of a schedule. happening: "occurred" of `schedule.occurred`."""
    return Event(
        type=f"{SCHEDULES.name}.{happening}",
        stream=stream,
        occurred_at=at,
        zone=workflow.zone,
        via="clock",
        command=command,
        correlation=command,
        causation=command,
        workflow=(workflow.name, workflow.version),
        changes={"schedule": dict(change)},
        rules=rules,
    )


def id_of(workflow: str, schedule: str, key: str, *rest: str) -> str:
    """Return the id of what an occurrence does: derived, so that it is done once."""
    return "/".join(("schedule", workflow, schedule, key, *rest))


def occurrence_of(id: str) -> tuple[str, str] | None:
    """Return (schedule, key) of an id that `id_of` made; None for another."""
    parts = id.split("/")
    return (parts[2], parts[3]) if len(parts) >= 4 and parts[0] == "schedule" else None
