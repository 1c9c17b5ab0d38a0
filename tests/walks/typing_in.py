"""What somebody might type: values for a form, chosen from small domains, and the person who takes a step."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lifecycle.core.case.commands import Facts
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.events import SYSTEM, Actor, stamp
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import FormField, Who, Workflow
from tests.walks.world import PEOPLE, World

DISTANCES = (timedelta(hours=-1), timedelta(hours=2), timedelta(days=1), timedelta(days=9))
FIXED = {"phone": "13900000000", "duration": "1h", "time": "10:00", "period": "2026-03"}
LEFT_OUT = 0.35
"""How often a field that need not be typed is left out."""


def form_for(fields: Sequence[FormField], there: Mapping[str, Any], world: World, chance: Random) -> dict[str, Any]:
    """Return a typed form: what is required and not stored, and some of the rest."""
    typed: dict[str, Any] = {}
    for one in fields:
        if one.field.type.name == "ref" and not numbers(one.field.type, world):
            continue
        needed = one.required is True and there.get(one.field.name) is None
        if needed or chance.random() > LEFT_OUT:
            typed[one.field.name] = value_of(one.field.type, world, chance)
    return typed


def numbers(type: FieldType, world: World) -> list[str]:
    """Return the numbers of the cases that a ref may name."""
    return [case.number for case in world.cases.values() if type.kind in ("", case.kind)]


def value_of(type: FieldType, world: World, chance: Random, row: int = 0) -> Any:
    """Return a value of a type. row: of a list's row, whose texts and numbers are its own number."""
    if type.name == "list":
        if type.row:
            return [row_of(type, world, chance, n + 1) for n in range(chance.choice((1, 1, 2)))]
        assert type.of is not None
        return [value_of(type.of, world, chance)]
    if type.name in FIXED:
        return FIXED[type.name]
    match type.name:
        case "boolean":
            return chance.random() < 0.6
        case "integer" | "number" | "money":
            return row or chance.choice(figures(type, world.workflow))
        case "datetime":
            return stamp(chance.choice([*(world.now + distance for distance in DISTANCES), saturday(world.now)]))
        case "date":
            return f"{world.now + chance.choice(DISTANCES):%Y-%m-%d}"
        case "choice" | "role" | "staff":
            return chance.choice(names(type, world.workflow))
        case "ref":
            return chance.choice(numbers(type, world))
    assert type.name == "text", f"no values for the type {type.name}"
    return str(row) if row else "words"


def saturday(now: datetime) -> datetime:
    """Return the same time on the coming Saturday: what happens at week ends only is tried, too."""
    return now + timedelta(days=(5 - now.weekday()) % 7)


def names(type: FieldType, workflow: Workflow) -> list[str]:
    """Return the names that a value may be one of."""
    if type.name == "role":
        return [name for name, role in workflow.roles.items() if not role.party]
    return list(type.choices) if type.name == "choice" else list(PEOPLE)


def row_of(type: FieldType, world: World, chance: Random, number: int) -> dict[str, Any]:
    wanted = [n for n in type.row if n in type.required or chance.random() > LEFT_OUT / 2]
    return {name: value_of(type.row[name], world, chance, number) for name in wanted}


def figures(type: FieldType, workflow: Workflow) -> list[int]:
    """Return numbers worth trying: the smallest, one, and what lies around the settings."""
    least = int(type.minimum) if type.minimum else 0
    around = [int(s.default) + 1 for s in workflow.settings.values() if re.fullmatch(r"\d+", str(s.default))]
    return sorted({least, 1, *around})


def actor_for(who: Who, world: World, case: Case, one: Instance | None, chance: Random) -> Actor:
    """Return somebody who may take a step: right role, right person, and for a party who records it."""
    workflow = world.workflow
    scope = Snapshot(workflow=workflow, case=case, instance=one, actor=SYSTEM, now=world.now, facts=Facts())
    role = who.role.value(scope) if who.role is not None else chance.choice(who.roles)
    person = who.person.value(scope) if who.person is not None else None
    for step in who.same_as:
        person = scope.actor_of(step)
    if not isinstance(role, str) or not workflow.roles[role].party:
        return Actor(role=str(role), person=person if isinstance(person, str) else chance.choice(PEOPLE))
    return Actor(role=role, helpers={chance.choice(who.recorders): chance.choice(PEOPLE)})


def wrong_actor(right: Actor, who: Who, workflow: Workflow) -> Actor:
    """Return somebody in a role that may not take the step."""
    allowed = (right.role,) if who.role is not None else who.roles
    return Actor(role=next(name for name in workflow.roles if name not in allowed), person="p1")
