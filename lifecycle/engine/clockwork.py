"""What the clock has to do, across cases: in due order, each thing once however many do it at the same time.

A calendar or a setting that was changed is due itself: all that runs, schedules too, is looked at, a part at a time,
and what the change moves is moved. It stays due until the last part is done; whoever takes over begins anew, and finds
as it should be what was moved. Its stream has a name (UUID version 5), those of cases have a time (version 7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush
from uuid import UUID

from lifecycle.engine.answers import Done
from lifecycle.engine.messages import sends_anything
from lifecycle.engine.turn import Turn
from lifecycle.store.port import Session, Store

NAMED = 5
"""Version of the ids of streams that stand beside cases."""

DUE_AT_ONCE = 500
"""Cases on which one turn runs what is due, so that other writers wait only briefly."""


@dataclass(kw_only=True, slots=True)
class Ran:
    """What one run of the clock came to.

    at_once  cases in one turn
    done     how many commits it made
    sent     whether something is to be delivered to other cases now
    stuck    cases on which what is due cannot be run at all, such as timers that set each other off for ever
    upto     (stream, instant) of a change -> the last stream that was looked at
    """

    at_once: int = DUE_AT_ONCE
    done: int = 0
    sent: bool = False
    stuck: list[UUID] = field(default_factory=list)
    upto: dict[tuple[UUID, datetime], UUID] = field(default_factory=dict)


def run_due(store: Store, turn_of: Callable[[Session], Turn], limit: datetime, at_once: int = DUE_AT_ONCE) -> Ran:
    """Run everything that is due by an instant.

    turn_of  a session -> a turn in it
    at_once  cases served, or looked at, in one turn
    """
    ran = Ran(at_once=at_once)
    while True:
        waiting = [due for due in store.due(limit, at_once + len(ran.stuck)) if due[0] not in ran.stuck]
        if not waiting:
            return ran
        with store.writing() as session:
            run_some(session, turn_of(session), limit, ran)


def run_some(session: Session, turn: Turn, limit: datetime, ran: Ran) -> None:
    """Run what is due first, as the session sees it: another process may have been faster.

    Of what is due at the same instant, schedules come last: their members are what the clock has made of them by then.
    """
    found = [due for due in session.due(limit, ran.at_once + len(ran.stuck)) if due[0] not in ran.stuck]
    waiting = [
        (at, stream.version == NAMED and turn.is_schedule(stream), n, stream) for n, (stream, at) in enumerate(found)
    ]
    full = len(found) >= ran.at_once
    last = found[-1][1] if found and full else limit
    alone = True
    heapify(waiting)
    while waiting:
        at, is_schedule, n, stream = heappop(waiting)
        if is_schedule:
            if alone or not full or at < last:  # else more cases may be due at that instant
                tell(ran, turn.run_schedule(stream, at))
            return  # its members wait for their share before anything that is due later
        if stream.version == NAMED:
            look_at_some(session, turn, stream, at, ran)
            return  # others may write; what else is due is asked for anew
        alone = False
        outcome = turn.run_due(stream, at)
        again = session.due_on(stream)
        if not isinstance(outcome, Done) or again == at:
            ran.stuck.append(stream)
            continue
        tell(ran, outcome)
        if again is not None and again <= last:
            heappush(waiting, (again, False, n, stream))


def look_at_some(session: Session, turn: Turn, stream: UUID, at: datetime, ran: Ran) -> None:
    """Move what a change moves, on the next of the cases on which anything runs; the last part ends it."""
    part = session.clocked(ran.upto.get((stream, at)), ran.at_once)
    for case in part:
        if case in ran.stuck or (case.version == NAMED and not turn.is_schedule(case)):
            continue
        outcome = turn.move_schedule(case, at) if case.version == NAMED else turn.run_due(case, at)
        if isinstance(outcome, Done):
            tell(ran, outcome)
    if len(part) < ran.at_once:
        session.not_due(stream, at)
    else:
        ran.upto[stream, at] = part[-1]


def tell(ran: Ran, outcome: Done) -> None:
    ran.done += bool(outcome.events)
    ran.sent |= any(sends_anything(recorded.event) for recorded in outcome.events)
