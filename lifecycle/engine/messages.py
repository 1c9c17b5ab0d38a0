"""Messages between cases: what the events of a decision send, and the command by which it takes effect."""

from __future__ import annotations

from lifecycle.core.case import Decision, TakeBack, TakeStep
from lifecycle.core.events import SYSTEM, Event
from lifecycle.store.port import Outgoing, Send


def outgoing(decision: Decision) -> list[Outgoing]:
    """Return what the events of a decision send to other cases."""
    found: list[Outgoing] = []
    for stream, events in decision.events.items():
        for index, event in enumerate(events):
            for send in event.changes.get("sends", ()):
                payload = {"step": send["step"], "form": send["form"], "from": event.case}
                found.append(Outgoing(stream=stream, index=index, target_case=send["case"], payload=payload))
            for back in event.changes.get("takes_back", ()):
                payload = {"takes_back": back["cause"], "message": back.get("message", ""), "from": event.case}
                found.append(Outgoing(stream=stream, index=index, target_case=back["case"], payload=payload))
    return found


def received(send: Send) -> TakeStep | TakeBack:
    """Return the command by which a message of another case takes effect."""
    payload = send.payload
    if "takes_back" in payload:
        return TakeBack(
            id=send.id,
            case=send.target_case,
            cause=payload["takes_back"],
            message=payload["message"],
            via=f"case:{payload['from']}",
            causation=payload["from"],
        )
    return TakeStep(
        id=send.id,
        case=send.target_case,
        step=payload["step"],
        actor=SYSTEM,
        form=payload.get("form", {}),
        via=f"case:{payload['from']}",
        causation=payload["from"],
        received=True,
    )


def sends_anything(event: Event) -> bool:
    """Return whether an event has something to be delivered to other cases."""
    return "sends" in event.changes or "takes_back" in event.changes
