"""What happened in a case, event by event: the steps, closings, kept promises and findings that figures count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from lifecycle.core.case.evolve import evolve
from lifecycle.core.case.replaying import with_corrections, without_withdrawn
from lifecycle.core.case.state import Case
from lifecycle.core.events import Event, Recorded, in_order
from lifecycle.core.workflow.seeing import Happening


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """An event with the case before and after it."""

    before: Case
    after: Case
    event: Event
    revision: int


def moments(stream: UUID, history: Sequence[Recorded]) -> Iterator[Moment]:
    """Yield a case's events in the order in which they happened.

    Corrected events have their corrected values; what was withdrawn, and what a late entry showed to be wrong, did not
    happen.
    """
    case = Case(id=stream)
    for recorded in in_order(with_corrections(without_withdrawn(history))):
        before = case.copy()
        # The case counts as it did when the event was recorded: provenance names stored revisions.
        before.revision = recorded.revision - 1
        case = evolve(before, recorded.event)
        yield Moment(before=before, after=case, event=recorded.event, revision=recorded.revision)


def meets(happening: Happening, moment: Moment) -> Iterator[str]:
    """Yield the address of each instance in which it happened with the event; "" for the case itself."""
    event = moment.event
    if "withdrawn" in event.changes:
        return
    match happening.what:
        case "step":
            if event.type == happening.name:
                yield event.machine
        case "closed":
            now = moment.after
            if now.kind == happening.name and now.closed and not moment.before.closed:
                yield ""
        case "deadline":
            for entry in event.changes.get("deadlines", ()):
                address = entry.get("instance") or event.machine
                ours = entry["id"] == happening.name and address.partition("/")[0] == happening.machine
                if ours and entry.get("is") == happening.word:
                    yield address
        case "finding":
            for entry in event.changes.get("findings", ()):
                if entry["is"] == "opened" and entry["name"] == happening.name:
                    yield entry.get("instance", "")
