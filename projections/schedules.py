"""Schedules: how each stands, and what its occurrences came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lifecycle.core.beside import stream_of
from lifecycle.core.events import Json, Recorded, instant, stamp
from lifecycle.core.schedules import SCHEDULES, Place, name_of
from lifecycle.core.workflow import Schedule, Workflow
from lifecycle.engine import Engine
from lifecycle.engine.schedules import members_of, place_of


@dataclass(kw_only=True, slots=True)
class Occurred:
    """One occurrence that ran.

    due, ran_at  when it was due, and when somebody ran it
    members      how many it was for; 1 for one that stands for itself
    left         how many of them are still to be served
    opened       numbers of cases; taken: steps, "D-2026-0001@4"; refused: (member, codes of reasons)
    """

    key: str
    due: datetime
    ran_at: datetime
    members: int
    left: int
    opened: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    refused: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def to_json(self) -> dict[str, Json]:
        return {
            "key": self.key,
            "due": stamp(self.due),
            "ran_at": stamp(self.ran_at),
            "members": self.members,
            "left": self.left,
            "opened": self.opened,
            "taken": self.taken,
            "refused": [{"member": member, "reasons": list(codes)} for member, codes in self.refused],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """Occurrences that were passed over, since nobody ran them in time: keys of the first and the last, their count."""

    first: str
    to: str
    count: int
    noticed_at: datetime

    def to_json(self) -> dict[str, Json]:
        return {"first": self.first, "to": self.to, "count": self.count, "noticed_at": stamp(self.noticed_at)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a schedule stands.

    place     the blank one before the first version that has it is published
    members   how many would be served now; None for a schedule that stands for itself
    """

    workflow: Workflow
    schedule: Schedule
    place: Place
    members: int | None
    occurred: tuple[Occurred, ...]
    missed: tuple[Missed, ...]
    at: datetime

    @property
    def late(self) -> bool:
        """Return whether something is due that nobody has run yet."""
        return self.place.due is not None and self.place.due <= self.at

    @property
    def count_missed(self) -> int:
        return sum(one.count for one in self.missed)

    def to_json(self) -> dict[str, Any]:
        place = self.place
        pending = (
            None if place.pending is None else {"key": place.pending["key"], "left": len(place.pending["members"])}
        )
        return {
            "workflow": self.workflow.name,
            "version": self.workflow.version,
            "schedule": self.schedule.name,
            "titles": dict(self.schedule.titles),
            "per": self.schedule.per or None,
            "members": self.members,
            "begun": place.begun or None,
            "last": self.occurred[-1].to_json() if self.occurred else None,
            "next": None if place.next is None else dict(place.next),
            "pending": pending,
            "late": self.late,
            "missed": self.count_missed,
        }


def standings(engine: Engine, workflow: Workflow) -> Iterator[Standing]:
    """Yield how the schedules of a workflow stand, in the order of its file."""
    for schedule in workflow.schedules.values():
        yield standing(engine, workflow, schedule)


def standing(engine: Engine, workflow: Workflow, schedule: Schedule) -> Standing:
    store, id, now = engine.store, engine.store.meta.id, engine.clock()
    occurred: list[Occurred] = []
    missed: list[Missed] = []
    for recorded in store.read(stream_of(id, SCHEDULES, name_of(workflow.name, schedule.name))):
        tell(recorded, occurred, missed)
    return Standing(
        workflow=workflow,
        schedule=schedule,
        place=place_of(store, id, workflow.name, schedule.name),
        members=sum(1 for _ in members_of(store, id, workflow, schedule, now)) if schedule.per else None,
        occurred=tuple(occurred),
        missed=tuple(missed),
        at=now,
    )


def tell(recorded: Recorded, occurred: list[Occurred], missed: list[Missed]) -> None:
    """Take what an event of a schedule says into what it did, or did not."""
    change = recorded.event.changes["schedule"]
    happening = recorded.event.type.partition(".")[2]
    if happening == "occurred":
        count = len(change["members"])
        due = instant(change["due"])
        one = Occurred(key=change["key"], due=due, ran_at=recorded.recorded_at, members=count, left=count)
        occurred.append(one)
    elif happening == "passed_over":
        passed = (change["first"], change["to"], change["count"])
        missed.append(Missed(first=passed[0], to=passed[1], count=passed[2], noticed_at=recorded.recorded_at))
    elif happening == "carried_out":
        occurred[-1].left = change["left"]
        for result in change["results"]:
            take(occurred[-1], result)


def take(one: Occurred, result: Mapping[str, Any]) -> None:
    """Take what came of an occurrence for a member."""
    one.opened.extend(result.get("opened", ()))
    one.taken.extend(result.get("taken", ()))
    if result.get("refused"):
        one.refused.append((result.get("member", ""), tuple(result["refused"])))
