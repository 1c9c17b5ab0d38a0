"""Events as other services get them: CloudEvents 1.0, or one plain JSON object a line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lifecycle.core.events import Recorded, Sealed, stamp


def cloud_event(recorded: Recorded, store: UUID, epoch: str) -> dict[str, Any]:
    """Return the CloudEvents 1.0 envelope of an event.

    The id is the position, unique under `source`; `sequence` orders as text as well as a number does.
    Personal values leave as they are stored, unreadable.
    """
    event = recorded.event
    workflow = event.workflow[0]
    return {
        "specversion": "1.0",
        "id": str(recorded.position),
        "source": f"urn:lifecycle:{store}",
        "type": f"{workflow}.{event.type}" if workflow else event.type,
        "subject": f"{event.case}/{event.machine}" if event.machine else event.case or str(event.stream),
        "time": stamp(event.occurred_at),
        "datacontenttype": "application/json",
        "position": recorded.position,
        "sequence": f"{recorded.position:020}",
        "cursor": f"{epoch}:{recorded.position}",
        "digest": recorded.digest.hex(),
        "recordedat": stamp(recorded.recorded_at),
        "data": thin(event.to_json()),
    }


def plain_line(recorded: Recorded, epoch: str) -> dict[str, Any]:
    """Return an event as one flat object."""
    return {
        "position": recorded.position,
        "cursor": f"{epoch}:{recorded.position}",
        "revision": recorded.revision,
        "recorded_at": stamp(recorded.recorded_at),
        "digest": recorded.digest.hex(),
        **thin(recorded.event.to_json()),
    }


def thin(value: Any) -> Any:
    """Return a value whose personal parts name only their subject."""
    if isinstance(value, Sealed):
        return {"pii": value.subject}
    if isinstance(value, dict):
        return {name: thin(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [thin(each) for each in value]
    return value
