"""The staff directory: who works here, in which role and unit, qualified for what, on duty when.

One stream of a store. People are staff ids; the directory holds no name and nothing else that is personal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID

from lifecycle.core.beside import Aggregate
from lifecycle.core.events import Actor, Event, Json, instant, stamp
from lifecycle.problems import Reason, Refusal

DIRECTORY = "directory"
"""The name of the one directory of a store."""

ANY_WORKFLOW = "*"
"""A role under this name is held in every workflow that has such a role."""

KEPT_DAYS = 62
"""How long a shift or an absence that is over stays in the head: longer than anybody enters a step late."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who works here.

    roles           workflow (or ANY_WORKFLOW) -> roles
    unit            the outlet or department; "" when there is none
    qualifications  name -> its last day, "2027-01-31"; "" when it does not end
    shifts          {"from", "to"} instants, or {"days": 1 (Monday) to 7, "hours": ["22:00", "06:00"]} every week
    absences        [from, to], instants, half open; "" when the end is not known
    left            since when the person is gone; "" while here
    """

    id: str
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unit: str = ""
    qualifications: Mapping[str, str] = field(default_factory=dict)
    shifts: Sequence[Mapping[str, Json]] = ()
    absences: Sequence[Sequence[str]] = ()
    left: str = ""

    def has_role(self, workflow: str, role: str) -> bool:
        return any(role in self.roles.get(name, ()) for name in (workflow, ANY_WORKFLOW))

    def is_away(self, at: datetime) -> bool:
        now = stamp(at)
        return any(since <= now and (not until or now < until) for since, until in self.absences)

    def is_on_shift(self, at: datetime, zone: tzinfo) -> bool:
        """Return whether a shift covers an instant; who has no shifts is on none."""
        return any(covers(shift, at, zone) for shift in self.shifts)

    def lacks(self, qualification: str, at: datetime, zone: tzinfo) -> str:
        """Return "lacks" or "expired" for a qualification that does not hold at an instant, else ""."""
        until = self.qualifications.get(qualification)
        if until is None:
            return "lacks"
        return "expired" if until and at.astimezone(zone).date().isoformat() > until else ""


def covers(shift: Mapping[str, Json], at: datetime, zone: tzinfo) -> bool:
    """Return whether a shift covers an instant; hours that end at or before their beginning go past midnight."""
    if "from" in shift:
        return bool(shift["from"] <= stamp(at) < shift["to"])
    local = at.astimezone(zone)
    begin, end = (time.fromisoformat(hour) for hour in shift["hours"])
    now = local.time()
    if begin < end:
        return local.isoweekday() in shift["days"] and begin <= now < end
    before = (local - timedelta(days=1)).isoweekday()
    return (local.isoweekday() in shift["days"] and now >= begin) or (before in shift["days"] and now < end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Directory:
    """Everybody who works here, or did, in the order in which they were added."""

    people: Mapping[str, Person] = field(default_factory=dict)
    revision: int = 0

    def to_json(self) -> dict[str, Json]:
        people = [
            {name: value for name in FIELDS if (value := getattr(person, name))} for person in self.people.values()
        ]
        return {"people": people, "revision": self.revision}

    @classmethod
    def from_json(cls, document: Mapping[str, Json]) -> Directory:
        people = (Person(**each) for each in document["people"])
        return cls(people={person.id: person for person in people}, revision=document["revision"])

    def in_role(self, workflow: str, role: str) -> Iterator[Person]:
        """Yield those who hold a role and are here, in the order in which they were added."""
        return (one for one in self.people.values() if not one.left and one.has_role(workflow, role))


FIELDS = ("id", "roles", "unit", "qualifications", "shifts", "absences", "left")


def evolve(directory: Directory, event: Event) -> Directory:
    """Return the directory after an event of it."""
    change = event.changes["staff"]
    now = stamp(event.occurred_at)
    before = directory.people.get(change["person"]) or Person(id=change["person"])
    after = PARTS[event.type](before, change, now)
    return Directory(
        people={**directory.people, after.id: pruned(after, event.occurred_at)}, revision=directory.revision + 1
    )


def put(person: Person, change: Json, now: str) -> Person:
    """Return a person who was added, came back, or was given another role or unit."""
    return _with(
        person,
        roles=change.get("roles", person.roles),
        unit=change.get("unit", person.unit),
        qualifications={**person.qualifications, **dict.fromkeys(change.get("skills", ()), "")},
        left="",
    )


def qualify(person: Person, change: Json, now: str) -> Person:
    held = {**person.qualifications, change["qualification"]: change.get("until", "")}
    return _with(person, qualifications=held)


def disqualify(person: Person, change: Json, now: str) -> Person:
    held = {name: until for name, until in person.qualifications.items() if name != change["qualification"]}
    return _with(person, qualifications=held)


def shift(person: Person, change: Json, now: str) -> Person:
    added = {name: change[name] for name in ("from", "to", "days", "hours") if name in change}
    kept = () if change.get("anew") else person.shifts
    return _with(person, shifts=[*kept, added] if added else list(kept))


def go_away(person: Person, change: Json, now: str) -> Person:
    return _with(person, absences=[*person.absences, [change["from"], change.get("to", "")]])


def come_back(person: Person, change: Json, now: str) -> Person:
    """Return a person whose absence ends: what began before ends now, what was still to come is called off.

    Where the change names one `absence`, that one has not been, and no other is concerned.
    """
    if "absence" in change:
        return _with(person, absences=[list(each) for each in person.absences if list(each) != change["absence"]])
    at = change["at"]
    begun = [list(each) for each in person.absences if each[0] < at]
    return _with(person, absences=[[since, at if not until or until > at else until] for since, until in begun])


def leave(person: Person, change: Json, now: str) -> Person:
    return _with(person, left=change.get("at", now))


PARTS: Mapping[str, Callable[[Person, Json, str], Person]] = {
    "staff.added": put,
    "staff.changed": put,
    "staff.qualified": qualify,
    "staff.disqualified": disqualify,
    "staff.shifted": shift,
    "staff.away": go_away,
    "staff.returned": come_back,
    "staff.left": leave,
}

STAFF: Aggregate[Directory] = Aggregate(name="staff", shape=1, blank=Directory, read=Directory.from_json, evolve=evolve)


def pruned(person: Person, at: datetime) -> Person:
    """Return a person without shifts and absences that were over long before an instant."""
    since = stamp(at - timedelta(days=KEPT_DAYS))
    absences = [each for each in person.absences if not each[1] or each[1] > since]
    shifts = [each for each in person.shifts if "to" not in each or each["to"] > since]
    return _with(person, absences=absences, shifts=shifts)


def _with(person: Person, **changes: Json) -> Person:
    return Person(**{name: changes.get(name, getattr(person, name)) for name in FIELDS})


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeStaff:
    """Change what the directory says of one person.

    happening  past participle of the event: "added", "qualified" ...
    change     what the event says besides the person; instants aware
    """

    id: str
    person: str
    happening: str
    change: Mapping[str, Json] = field(default_factory=dict)
    actor: Actor
    via: str = ""


def at_midnight(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day begins in a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def instant_of(stored: Json, zone: tzinfo) -> datetime:
    """Return the instant of a stored date or datetime; a date is its beginning in the zone."""
    text = str(stored)
    return instant(text) if "T" in text else at_midnight(date.fromisoformat(text), zone)


PERSON = re.compile(r"[^\s:,]{1,64}")
"""What a staff id looks like: no space, colon or comma, by which ids are told apart where they are typed."""


def decide(directory: Directory, command: ChangeStaff, stream: UUID, zone: str, now: datetime) -> Event | Refusal:
    """Return the event that changes the directory, or why it may not be changed so."""
    person = directory.people.get(command.person)
    here = person is not None and not person.left
    reason = None
    if not PERSON.fullmatch(command.person):
        reason = Reason(code="person-id", values={"name": command.person[:80]})
    elif command.happening == "added" and here:
        reason = Reason(code="person-exists", values={"name": command.person})
    elif command.happening != "added" and not here:
        known = tuple(name for name, one in directory.people.items() if not one.left)
        reason = Reason(code="person-unknown", values={"name": command.person, "known": known})
    elif command.change.get("to") and command.change["to"] <= command.change.get("from", ""):
        values = {"person": command.person, "from": command.change["from"], "to": command.change["to"]}
        reason = Reason(code="absence-ends-early", values=values)
    if reason is not None:
        return Refusal(reasons=(reason,))
    return Event.ordered(
        command,
        f"staff.{command.happening}",
        stream,
        now,
        zone=zone,
        changes={"staff": {"person": command.person, **command.change}},
    )
