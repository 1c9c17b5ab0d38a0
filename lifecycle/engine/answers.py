"""What the engine answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lifecycle.core.case import Correct, Note, OpenCase, Print, RunDue, TakeBack, TakeStep
from lifecycle.core.events import Actor, Personal, Recorded, Sealed, stamp
from lifecycle.problems import Reason, Refusal

Command = OpenCase | TakeStep | Correct | Note | Print | TakeBack


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """A command that was carried out, now or before under the same id.

    events    what it recorded on every stream, in order of position
    revision  of its own case after it; 0 when it recorded nothing
    repeated  whether it had been carried out before: nothing was added
    dry       whether it was only tried: nothing was written
    """

    case: str
    id: UUID
    revision: int
    events: Sequence[Recorded]
    repeated: bool = False
    dry: bool = False


Outcome = Done | Refusal


def body_of(command: Command) -> list[Any]:
    """Return what a command asks, without its id and door; personal values included."""
    parts = {
        name: value
        for name in command.__slots__
        if name not in ("id", "actor", "via", "correlation", "causation") and (value := getattr(command, name))
    }
    return [type(command).__name__, parts]


def plain(value: Any) -> Any:
    """Return the JSON of a value that a command may carry."""
    if isinstance(value, Personal):
        return value.value
    if isinstance(value, Sealed):
        return value.box
    if isinstance(value, Mapping):
        return dict(value)
    return stamp(value)


def owner_of(actor: Actor | None) -> str:
    """Return whom a command id belongs to: role and person, and who recorded it."""
    if actor is None:
        return ""
    helpers = "".join(f"+{role}:{person}" for role, person in sorted(actor.helpers.items()))
    return f"{actor.role}:{actor.person}{helpers}"


def asked(command: Command | RunDue) -> str:
    """Return what the journal calls a command: its opening or step, with the instance that was named."""
    match command:
        case OpenCase():
            return f"open {command.workflow}.{command.kind}.{command.opening}"
        case TakeStep():
            return f"{command.machine}.{command.step}".lstrip(".")
        case Correct():
            return f"correct {command.revision}"
        case Note():
            return "note"
        case Print():
            return f"print {command.paper}"
        case TakeBack():
            return f"take back {command.cause}"
        case RunDue():
            return "due"


def reason_json(reason: Reason) -> dict[str, Any]:
    """Return what the journal keeps of a reason: code, place, rules, values; never a personal value."""
    where = reason.where
    document: dict[str, Any] = {
        "code": reason.code,
        "text": dict(reason.text) if reason.text else None,
        "where": {"file": where.file, "line": where.line, "column": where.column, "path": where.path},
        "values": jsonable(reason.values),
        "rules": list(reason.rules),
        "actual": jsonable(reason.actual),
        "required": jsonable(reason.required),
    }
    return {name: value for name, value in document.items() if value not in (None, {}, [])}


def jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): jsonable(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    if isinstance(value, Personal | Sealed):
        return "***"
    return value
