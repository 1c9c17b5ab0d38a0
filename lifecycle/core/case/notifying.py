"""Notifying: the intent that an event keeps, and its words as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING

from lifecycle.core.case.refused import Refused
from lifecycle.core.events import Json, Personal, Sealed
from lifecycle.core.notices import NOTICES
from lifecycle.core.showing import show
from lifecycle.core.workflow.conditions import Failure, Formula
from lifecycle.core.workflow.notices import CASE, PLACEHOLDER, Notify
from lifecycle.problems import Reason

if TYPE_CHECKING:
    from lifecycle.core.case.effects import Changes
    from lifecycle.core.workflow import Field, Workflow

MOST_MEMBERS = 2_000
"""Members of one audience whom one notice may tell."""

STATE = "state."
"""Before the name of a machine: whose state a placeholder gives."""


def notify(changes: Changes, effect: Notify) -> None:
    """Leave the notice in the event: whom, which text, and the values that its placeholders had at that moment.

    An entry is {"to": [{"role" | "party" | "person": name}, {"audience": ...}], "text": name,
    "words": {language: template}, "values": {placeholder: stored value}, "of": {placeholder: field whose value it
    is, under another name, or "state.<machine>" for the state of an instance}}.
    Raises  Refused when a formula cannot be worked out, or an audience has too many members
    """
    scope = changes.scope
    values: dict[str, Json] = {name: kept(field, scope.current(field)) for name, field in effect.fields.items()}
    of: dict[str, Json] = {}
    for name, (field, formula) in effect.given.items():
        values[name] = asked(changes, effect, formula) if field is None else kept(field, scope.current(field))
        if field is not None:
            of[name] = field.name
        elif formula.text.lstrip("= ") == "state" and scope.instance is not None:
            of[name] = f"{STATE}{scope.instance.machine}"
    entry: dict[str, Json] = {
        "to": [*recipients(changes, effect), *audiences(changes, effect)],
        "text": effect.text,
        "words": dict(effect.words),
        "values": {name: value for name, value in values.items() if value is not None},
        "of": of,
    }
    changes.leave(NOTICES, {name: part for name, part in entry.items() if part or name == "to"})


def recipients(changes: Changes, effect: Notify) -> Iterator[Json]:
    """Yield each of those who are told, once."""
    scope = changes.scope
    told = [*effect.roles]
    if effect.assignee and scope.instance is not None:
        bearers = (scope.assignment(name) for name in scope.assignments())
        told.extend(person for one in bearers if one for person in one["people"])
    for formula in effect.asked:
        found = asked(changes, effect, formula)
        told.extend(str(one) for one in (found if isinstance(found, list) else [found]) if one)
    for name in dict.fromkeys(told):
        role = scope.workflow.roles.get(name)
        yield {"person" if role is None else "party" if role.party else "role": name}


def audiences(changes: Changes, effect: Notify) -> Iterator[Json]:
    """Yield each audience that is told, its members as they are now.

    {"audience": name, "party": its party, "members": how many, "position": of the newest event that was known,
    "cases": the case that stands for each member, "unjudged": cases that gave no answer}. A customer who belongs to
    two audiences of one notice is a member of the first only.
    Raises  Refused when there are too many
    """
    scope = changes.scope
    told: set[str] = set()
    for name in effect.audiences:
        audience = scope.workflow.audiences[name]
        seen = scope.facts.seen(audience, scope.actor, scope.now)
        cases = [row["case"] for row in seen.rows if row["subject"] not in told]
        told.update(row["subject"] for row in seen.rows)
        if len(cases) > MOST_MEMBERS:
            values = {"name": audience.titles or name, "members": len(cases), "most": MOST_MEMBERS}
            raise Refused(Reason(code="audience-too-large", where=effect.where, values=values))
        entry: dict[str, Json] = {
            "audience": name,
            "party": audience.party,
            "members": len(cases),
            "position": seen.position,
            "cases": cases,
            "unjudged": list(seen.unjudged),
        }
        yield {part: value for part, value in entry.items() if value or part in ("members", "position", "cases")}


def asked(changes: Changes, effect: Notify, formula: Formula) -> Json:
    value = formula.value(changes.scope)
    if isinstance(value, Failure):
        values = {"formula": formula.text, "failure": value.text}
        raise Refused(Reason(code="effect-failed", where=effect.where, values=values))
    return value


def kept(field: Field, value: Json) -> Json:
    """Return a value of a field as an event keeps it: personal ones marked, to be sealed."""
    if field.pii and value is not None and not isinstance(value, Personal | Sealed):
        return Personal(value)
    return value


def said(entry: Mapping[str, Json], case: str, workflow: Workflow, lang: str, zone: tzinfo) -> str:
    """Return the words of a notice, its placeholders filled in.

    entry  with its personal values opened
    lang   a text without words in it falls back to the other language
    """
    words = entry["words"]
    template = words.get(lang) or next(iter(words.values()), "")
    values, of = entry.get("values", {}), entry.get("of", {})

    def filled(name: str) -> str:
        if name == CASE and name not in values:
            return case
        whose = of.get(name, name)
        field = workflow.fields.get(whose)
        value = values.get(name)
        if whose.startswith(STATE) and isinstance(value, str):
            return state_said(workflow, whose.removeprefix(STATE), value, lang)
        if field is None or not isinstance(value, str | int | bool | list):
            return "" if value is None else str(value)
        return show(field.type, value, lang, zone)

    return PLACEHOLDER.sub(lambda found: filled(found[1]), template)


def state_said(workflow: Workflow, machine: str, state: str, lang: str) -> str:
    """Return the title of a state for people; its path where it has none."""
    known = workflow.machines.get(machine)
    titles = known.states[state].titles if known is not None and state in known.states else {}
    return titles.get(lang) or next(iter(titles.values()), state)
