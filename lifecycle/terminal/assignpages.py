"""Pages about assignments: who was taken, whose turn it was, and who was passed over and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lifecycle.core.case import Case
from lifecycle.core.events import Json, Recorded, stamp
from lifecycle.core.workflow import Workflow
from lifecycle.core.workflow.titles import pool_title, qualification_title
from lifecycle.problems import Text
from lifecycle.terminal.answers import shown
from lifecycle.terminal.door import Door
from lifecycle.terminal.localtime import readable


def why_assigned(door: Door, case: Case, workflow: Workflow, history: Sequence[Recorded], instance: str = "") -> None:
    """Print every assignment of a case, or of one of its instances, with how it came about."""
    found = list(assignments(door, history, instance))
    if door.as_json:
        door.put_json({"case": case.number, "assignments": found})
        return
    if not found:
        door.say("assigned.none", case=case.number)
    for one in found:
        at = readable(one["at"], workflow.zone)
        people = ", ".join(one["people"]) or door.words.say("assigned.nobody")
        door.put(f"{one['revision']:>3}  {at}  {one['instance']}  {one['name']}: {people}")
        for line in lines(door, workflow, one):
            door.put(f"     {line}")


def assignments(door: Door, history: Sequence[Recorded], instance: str) -> Iterator[dict[str, Any]]:
    """Yield what the history says of every assignment and release, with the personal reason opened."""
    for recorded in history:
        for entry in recorded.event.changes.get("assigned", ()):
            if instance not in ("", entry["of"], entry["of"].partition("/")[0]):
                continue
            rest = {name: value for name, value in entry.items() if name not in ("of", "reason")}
            told: dict[str, Any] = {"revision": recorded.revision, "at": stamp(recorded.event.occurred_at)}
            told.update({"event": recorded.event.type, "instance": entry["of"], **rest})
            if entry["is"] == "assigned" and "pool" in entry:
                told["whose_turn"] = whose_turn(entry)
            if "reason" in entry:
                told["reason"] = door.app.store.open(entry["reason"])
            yield told


def whose_turn(entry: Json) -> str | None:
    """Return who stood first in the turn: the first who was passed over, else the one taken; None when nobody chose."""
    if entry["turn"] in ("by_hand", "restored"):
        return None
    first = entry.get("passed") or [{"person": person} for person in entry["people"]]
    return str(first[0]["person"]) if first else None


def what_of(workflow: Workflow, why: Json) -> Text | str:
    """Return what somebody was passed over for: a qualification by its title, a unit or a number as it is."""
    what = str(why.get("what", ""))
    return qualification_title(workflow, what) if why["why"] in ("lacks", "expired") else what


def lines(door: Door, workflow: Workflow, one: dict[str, Any]) -> Iterator[str]:
    """Yield the lines under an assignment: by which turn, whose turn, who was passed over, what lacks."""
    if one["is"] == "released":
        how = "ended" if one.get("ended") else "replaced" if one.get("replaced") else "released"
        yield door.words.say(f"assigned.{how}")
        return
    values = {"pool": pool_title(workflow, one.get("pool", "")), "candidates": one.get("of_all", "")}
    yield door.words.say(f"assigned.turn-{one['turn'].replace('_', '-')}", **values)
    if one.get("whose_turn"):
        yield door.words.say("assigned.whose-turn", person=one["whose_turn"])
    for kind in ("passed", "against"):
        for each in one.get(kind, ()):
            why = door.words.say(f"assigned.why-{each['why'].replace('_', '-')}", what=what_of(workflow, each))
            lost = "-lost" if each.get("lost") else ""
            yield door.words.say(f"assigned.{kind}{lost}", person=each["person"], why=why)
    if "reason" in one:
        yield door.words.say("assigned.reason", reason=shown(one["reason"]))
    for place, people in one.get("team", {}).items():
        yield door.words.say("assigned.place", place=place, people=", ".join(people))
    if one.get("lacking"):
        yield door.words.say("assigned.lacking", count=one["lacking"])
