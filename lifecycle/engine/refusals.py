"""Refusals on their way out: kept in the journal, with whoever was faster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lifecycle.core.case import Case, RunDue, TakeBack, TakeStep
from lifecycle.core.events import Json, stamp
from lifecycle.engine.answers import Command, asked, owner_of, reason_json
from lifecycle.problems import LifecycleError, Refusal
from lifecycle.store.port import Session

RACED = frozenset(("wrong-state", "already-taken", "case-closed", "key-exists"))
"""Reasons that may mean that somebody else was faster: the refusal then carries the winner's event."""


def keep_refusal(session: Session, command: Command | RunDue, refusal: Refusal, case: Case, *, dry: bool) -> Refusal:
    """Keep the refusal in the journal and tell who was faster, if somebody was."""
    raced = next((reason for reason in refusal.reasons if reason.code in RACED), None)
    if raced is not None and case.revision:
        refusal = replace(refusal, winner=winner(session, case, str(raced.values.get("instance", ""))))
    if not dry:
        entry: dict[str, Json] = {
            "case": case.number if case.revision else "",
            "command": command.id,
            "asked": asked(command),
            "by": owner_of(command.actor),
            "via": command.via,
            "reasons": [reason_json(reason) for reason in refusal.reasons],
        }
        session.journal(entry)
    return refusal


def winner(session: Session, case: Case, instance: str) -> Mapping[str, Json] | None:
    """Return the event that last moved the instance, or the case's last one."""
    one = case.instances.get(instance)
    revision = max(one.entered.values(), default=case.revision) if one is not None else case.revision
    recorded = next(iter(session.read(case.id, after=revision - 1, upto=revision)), None)
    if recorded is None:
        return None
    event = recorded.event
    return {
        "type": event.type,
        "position": recorded.position,
        "revision": recorded.revision,
        "occurred_at": stamp(event.occurred_at),
        "by": {"role": event.by.role, "person": event.by.person},
        "command": event.command,
    }


def keep_undeliverable(session: Session, command: TakeStep | TakeBack, error: LifecycleError) -> None:
    """Keep in the receiver's journal that a message could never be taken; it holds up no later one."""
    entry: dict[str, Json] = {
        "case": command.case,
        "command": command.id,
        "asked": asked(command),
        "by": owner_of(command.actor),
        "via": command.via,
        "reasons": [{"code": error.code}],
    }
    session.journal(entry)
