"""Values that somebody might type for a field of any type; now and then one that does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Final

from lifecycle.core.events import Json
from lifecycle.core.values import FieldType
from lifecycle.core.workflow import FormField

FITTING: Final[dict[str, tuple[Json, ...]]] = {
    "text": ("broken", "a draught at the window, 漏风"),
    "number": ("4.5", "0", "12"),
    "integer": ("1", "3", "0"),
    "boolean": ("yes", "no"),
    "money": ("12.50", "0", "380"),
    "date": ("2026-03-04", "2026-02-28"),
    "time": ("09:30",),
    "datetime": ("2026-03-04 09:30", "2026-03-02T03:00:00Z"),
    "duration": ("30m", "2h"),
    "period": ("2026-01-01/2026-03-31",),
    "phone": ("13800000000",),
    "staff": ("li", "ma"),
    "asset": ("A-1",),
    "ref": ("X-1",),
    "attachment": ("sha256:" + "0" * 64,),
}


def some_value(type: FieldType, roles: list[str], random: Random) -> Json:
    """Return a typed value of a type. roles: of the workflow, for a field that names one."""
    if type.choices:
        return random.choice(list(type.choices))
    if type.name == "role":
        return random.choice(roles)
    if type.name == "list":
        count = random.randint(1, 2)
        if type.row:
            return [{name: some_value(inner, roles, random) for name, inner in type.row.items()} for _ in range(count)]
        return [some_value(type.of or FieldType(name="text"), roles, random) for _ in range(count)]
    return random.choice(FITTING[type.name])


def some_form(fields: Iterable[FormField], roles: list[str], random: Random) -> dict[str, Json]:
    """Return a typed form: nearly always what is asked for, half of what is not, seldom something wrong."""
    form: dict[str, Json] = {}
    for one in fields:
        if random.random() < (0.5 if one.required is False else 0.95):
            form[one.field.name] = some_value(one.field.type, roles, random)
        if random.random() < 0.01:
            form[one.field.name] = "\u202e"
    return form
