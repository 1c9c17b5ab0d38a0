"""Effects on the staff directory: somebody is away, or back; gains a qualification, or loses it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lifecycle.core.case.refused import Refused
from lifecycle.core.events import Json, stamp
from lifecycle.core.staff import DIRECTORY, STAFF, instant_of
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
        changes.record_beside(STAFF, DIRECTORY, "returned", {"staff": {"person": person, "at": since}})
        changes.leave("staff", {"person": person, "is": "returned", "at": since})
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
    if effect.lost:
        changes.record_beside(STAFF, DIRECTORY, "disqualified", {"staff": told})
        changes.leave("staff", {**told, "is": "disqualified"})
        return
    until = _value(changes, effect.until, effect.where)
    if until:
        told["until"] = str(until)[:10]
    changes.record_beside(STAFF, DIRECTORY, "qualified", {"staff": told})
    changes.leave("staff", {**told, "is": "qualified"})


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
