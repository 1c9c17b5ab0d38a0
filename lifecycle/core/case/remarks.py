"""Remarks: events that no step of a machine records, a correction, a note or a print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lifecycle.core.case.commands import Correct, Note, Print
from lifecycle.core.case.state import Case
from lifecycle.core.events import Event, Json
from lifecycle.core.workflow import Workflow


def remark(
    workflow: Workflow,
    case: Case,
    command: Correct | Note | Print,
    now: datetime,
    name: str,
    changes: Mapping[str, Json],
) -> Event:
    """Return the event `<kind>.<name>` that a command about a case records, with what it changes."""
    return Event(
        type=f"{case.kind}.{name}",
        stream=case.id,
        case=case.number,
        occurred_at=now,
        zone=workflow.zone,
        by=command.actor,
        via=command.via,
        command=command.id,
        correlation=command.correlation or command.id,
        causation=command.id,
        workflow=(workflow.name, case.version),
        changes=changes,
    )
