"""What the clock has to do, across cases: in due order, each thing once however many do it at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush
from uuid import UUID

from lifecycle.engine.answers import Done
from lifecycle.engine.turn import Turn
from lifecycle.store.port import Session, Store

DUE_AT_ONCE = 500
"""Cases on which one turn runs what is due, so that other writers wait only briefly."""


@dataclass(kw_only=True, slots=True)
class Ran:
    """What one run of the clock came to.

    done   how many commits it made
    sent   whether something is to be delivered to other cases now
    stuck  cases on which what is due cannot be run at all, such as timers that set each other off for ever
    """

    done: int = 0
    sent: bool = False
    stuck: list[UUID] = field(default_factory=list)


def run_due(store: Store, turn_of: Callable[[Session], Turn], limit: datetime) -> Ran:
    """Run everything that is due by an instant.

    turn_of  a session -> a turn in it
    """
    ran = Ran()
    while True:
        waiting = [due for due in store.due(limit, DUE_AT_ONCE + len(ran.stuck)) if due[0] not in ran.stuck]
        if not waiting:
            return ran
        with store.writing() as session:
            run_some(session, turn_of(session), limit, ran)


def run_some(session: Session, turn: Turn, limit: datetime, ran: Ran) -> None:
    """Run what is due first, as the session sees it: another process may have been faster."""
    found = [due for due in session.due(limit, DUE_AT_ONCE + len(ran.stuck)) if due[0] not in ran.stuck]
    waiting = [(at, stream) for stream, at in found]
    last = waiting[-1][0] if len(waiting) >= DUE_AT_ONCE else limit
    heapify(waiting)
    while waiting:
        at, stream = heappop(waiting)
        outcome = turn.run_due(stream, at)
        again = session.due_on(stream)
        if not isinstance(outcome, Done) or again == at:
            ran.stuck.append(stream)
            continue
        ran.done += 1
        ran.sent |= any("sends" in recorded.event.changes for recorded in outcome.events)
        if again is not None and again <= last:
            heappush(waiting, (again, stream))
