"""Effects on the staff directory: somebody is away, or back; gains a qualification, or loses it; and their undoing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lifecycle.core.case.refused import Refused
from lifecycle.core.events import Json, stamp
from lifecycle.core.staff import DIRECTORY, STAFF, Person, instant_of
from lifecycle.core.workflow import Away, Failure, Formula, Qualify
from lifecycle.problems import Place, Reason

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes


def send_away(changes: Changes, effect: Away) -> None:
    """Carry out the effect.

    Raises  Refused for somebody who is not in the directory, or an absence that ends before it begins
    """
    person = _person(changes, effect.person, effect.where)
    since = _instant(changes, effect.since, effect.where) or stamp(changes.scope.now)
    until = _instant(changes, effect.until, effect.where)
    if effect.back:
        cut = [list(each) for each in absences_of(changes, person) if not each[1] or each[1] > since]
        changes.record_beside(STAFF, DIRECTORY, "returned", {"staff": {"person": person, "at": since}})
        changes.leave("staff", {"person": person, "is": "returned", "at": since, "cut": cut})
        return
    if until and until <= since:
        values = {"person": person, "from": since, "to": until}
        raise Refused(Reason(code="absence-ends-early", where=effect.where, values=values))
    told = {"person": person, "from": since, **({"to": until} if until else {})}
    changes.record_beside(STAFF, DIRECTORY, "away", {"staff": told})
    changes.leave("staff", {**told, "is": "away"})


def qualify(changes: Changes, effect: Qualify) -> None:
    """Carry out the effect.

    Raises  Refused for somebody who is not in the directory
    """
    person = _person(changes, effect.person, effect.where)
    told: dict[str, Json] = {"person": person, "qualification": _value(changes, effect.qualification, effect.where)}
    if told["qualification"] in (None, ""):
        raise Refused(Reason(code="qualification-missing", where=effect.where, values={"person": person}))
    was = held_by(changes, person).get(told["qualification"])
    if effect.lost:
        changes.record_beside(STAFF, DIRECTORY, "disqualified", {"staff": told})
        changes.leave("staff", {**told, "is": "disqualified", "was": was})
        return
    until = _value(changes, effect.until, effect.where)
    if until:
        told["until"] = str(until)[:10]
    changes.record_beside(STAFF, DIRECTORY, "qualified", {"staff": told})
    changes.leave("staff", {**told, "is": "qualified", "was": was})


def absences_of(changes: Changes, person: str) -> Sequence[Sequence[str]]:
    return changes.scope.facts.beside.now(STAFF, DIRECTORY).people[person].absences


def held_by(changes: Changes, person: str) -> Mapping[str, str]:
    """Return the qualifications of somebody, each with its last day."""
    return changes.scope.facts.beside.now(STAFF, DIRECTORY).people[person].qualifications


def take_back(changes: Changes, entry: Mapping[str, Json]) -> bool:
    """Undo what an effect told the directory, if that still says so; return whether nothing of it is left.

    entry  of the event's `staff`
    """
    person = changes.scope.facts.beside.now(STAFF, DIRECTORY).people.get(entry["person"])
    if person is None or person.left:
        return False
    steps = opposite(entry, person)
    for happening, change in steps or ():
        told = {"person": person.id, **change}
        changes.record_beside(STAFF, DIRECTORY, happening, {"staff": told})
        changes.leave("staff", {**told, "is": happening})
    return steps is not None


def opposite(entry: Mapping[str, Json], person: Person) -> list[tuple[str, dict[str, Json]]] | None:
    """Return what has to happen in the directory to undo an entry; None when it says something else by now."""
    absences = [list(each) for each in person.absences]
    match entry["is"]:
        case "away":
            absence = [entry["from"], entry.get("to", "")]
            return [("returned", {"at": entry["from"], "absence": absence})] if absence in absences else None
        case "returned":
            at = entry["at"]
            begun = [[since, at] for since, _ in entry["cut"] if since < at]
            if any(each not in absences for each in begun):
                return None
            spans = [(max(since, at), until) for since, until in entry["cut"]]
            return [("away", {"from": since, **({"to": until} if until else {})}) for since, until in spans]
        case _:
            name, was = entry["qualification"], entry["was"]
            left = entry.get("until", "") if entry["is"] == "qualified" else None
            if person.qualifications.get(name) != left:
                return None
            if was == left:
                return []
            until = {"until": was} if was else {}
            about: dict[str, Json] = {"qualification": name}
            return [("disqualified", about) if was is None else ("qualified", {**about, **until})]


def _person(changes: Changes, formula: Formula, where: Place) -> str:
    person = _value(changes, formula, where)
    people = changes.scope.facts.beside.now(STAFF, DIRECTORY).people
    if person not in people or people[person].left:
        known = tuple(name for name, one in people.items() if not one.left)
        raise Refused(Reason(code="person-unknown", where=where, values={"name": str(person or ""), "known": known}))
    return str(person)


def _instant(changes: Changes, formula: Formula | None, where: Place) -> str:
    value = _value(changes, formula, where)
    return stamp(instant_of(value, ZoneInfo(changes.scope.workflow.zone))) if value else ""


def _value(changes: Changes, formula: Formula | None, where: Place) -> Json:
    if formula is None:
        return None
    value = formula.value(changes.scope)
    if isinstance(value, Failure):
        values = {"formula": formula.text, "failure": value.text}
        raise Refused(Reason(code="effect-failed", where=where, values=values))
    return value
