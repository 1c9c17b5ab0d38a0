"""What an event does to the clocks of its case: deadlines started, met, paused, moved; and timers (see `timers`).

How a deadline stands is a mapping in `Instance.clocks`:

    n         number of its arming, from 1; top: the greatest number used, when that is another one
    state     "running", "paused" or "over"
    is        what became of it last: started, paused, resumed, moved, warned, breached, met, late, missed, cancelled,
              withdrawn
    start     instant from which it counts; since: from which it has run without a pause
    lengths   [[length as stored, clock], ...]; spent_us: microseconds used before `since`, one for each
    due       instant at which it is broken unless it is met by then; absent while there is none
    marks     rung -> instant at which the clock passes it
    passed    rungs that were passed
    breached  instant at which it was due when it was broken; revision: of the event that says so
    stopped   instant at which it ended
    withdrawn due instants at which it was held to be broken, until a late entry showed that it was not
    ending    how it ends when its last mark is passed: what ended it is known before the clock came to its marks
    calendars calendar -> version by which the due instant was made
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lifecycle.core.case.commands import Facts
from lifecycle.core.case.evolve import around
from lifecycle.core.case.measures import MICROSECOND, given, microseconds, passed, reached
from lifecycle.core.case.moments import Moment, seen
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.case.state import Case, Instance
from lifecycle.core.case.timers import timer_changes
from lifecycle.core.events import SYSTEM, Event, Json, instant, stamp
from lifecycle.core.workflow import BREACH, ELAPSED, Deadline, Failure, Workflow

LIVE = ("running", "paused")
Clock = dict[str, Json]


def clock_changes(workflow: Workflow, before: Case, after: Case, event: Event, facts: Facts) -> dict[str, list[Json]]:
    """Return the changes `deadlines` and `timers` that an event brings to its case; none of them when empty."""
    deadlines: list[Json] = []
    timers: list[Json] = []
    whole = Snapshot(workflow=workflow, case=after, instance=None, actor=SYSTEM, now=event.occurred_at, facts=facts)
    for one in after.instances.values():
        machine = workflow.machines[one.machine]
        if not machine.clocked:
            continue
        if one.final and not one.timers and not any(clock["state"] in LIVE for clock in one.clocks.values()):
            continue
        concerned = [each for each in machine.deadlines if concerns(each, one, before, event)]
        if not concerned and not machine.timed:
            continue
        moment = seen(workflow, before, after, event, one, whole.but(instance=one))
        address = {} if event.machine == one.id else {"instance": one.id}
        timers.extend({**address, **entry} for entry in timer_changes(moment))
        for deadline in concerned:
            deadlines.extend({"id": deadline.name, **address, **entry} for entry in turned(deadline, moment))
    return {name: changes for name, changes in (("deadlines", deadlines), ("timers", timers)) if changes}


def concerns(deadline: Deadline, one: Instance, before: Case, event: Event) -> bool:
    """Return whether an event may do anything to a deadline of an instance: most do nothing to most."""
    if event.type in deadline.heard or deadline.reads_data or one.final or one.id not in before.instances:
        return True
    changes = event.changes
    moved = event.machine == one.id and "entered" in changes
    return (moved and deadline.local) or "restored" in changes or "ended" in changes


def turned(deadline: Deadline, moment: Moment) -> Iterator[Clock]:
    """Yield what an event does to one deadline of an instance, in order: ended, begun again, or changed."""
    one = moment.one
    clock = dict(one.clocks.get(deadline.name, {}))
    ended = None
    if clock.get("state") in LIVE:
        ended = over(deadline, clock, moment)
        if ended is not None:
            yield ended
            clock |= ended
    begins = moment.hears(deadline.start) and clock.get("state") not in LIVE and not older(clock, moment)
    again = moment.hears(deadline.restart) and not older(clock, moment)
    repeats = ended is not None and ended["is"] in ("met", "late") and deadline.every
    if not one.final and within_owner(deadline, one) and (begins or again or repeats):
        fresh = begun(deadline, next_number(clock), moment.at, moment.scope, repeats=repeats and not (begins or again))
        if fresh is not None:
            if clock.get("state") in LIVE:
                yield {"n": clock["n"], "is": "cancelled", "state": "over", "stopped": stamp(moment.at), "marks": {}}
            yield fresh
            clock, ended = fresh, None
    elif clock.get("state") in LIVE:
        yield from changed(deadline, clock, moment)


def next_number(clock: Clock) -> int:
    return int(max(clock.get("n", 0), clock.get("top", 0))) + 1


def older(clock: Clock, moment: Moment) -> bool:
    """Return whether a late entry is older than what it would change: the clock began, or ended, after it."""
    return stamp(moment.at) < str(clock.get("stopped") or clock.get("start") or "")


def within_owner(deadline: Deadline, one: Instance) -> bool:
    return not deadline.owner or around(deadline.owner, one.state)


def over(deadline: Deadline, clock: Clock, moment: Moment) -> Clock | None:
    """Return how the event ends a running deadline; None when it does not."""
    at = max(moment.at, instant(clock["start"]))
    heard = not older(clock, moment)
    left = deadline.leaving == "met" and not within_owner(deadline, moment.one)
    if (heard and moment.hears(deadline.stop)) or left:
        late = bool(clock.get("breached")) or (clock.get("due") and stamp(at) > clock["due"])
        outcome = "late" if late else "met"
    elif (heard and moment.hears(deadline.cancel)) or moment.one.final or not within_owner(deadline, moment.one):
        outcome = "cancelled"
    else:
        return None
    return {"n": clock["n"], "is": outcome, "state": "over", "stopped": stamp(at), "marks": {}, **used(clock, moment)}


def used(clock: Clock, moment: Moment) -> Clock:
    """Return the clock's own time that it has used up by now, when it has lengths."""
    lengths = clock.get("lengths", [])
    return {"spent_us": [microseconds(length) for length in spent(clock, moment.at, moment.scope)]} if lengths else {}


def spent(clock: Clock, at: datetime, scope: Snapshot) -> list[timedelta]:
    """Return how much of each length is used up at an instant."""
    before = clock.get("spent_us") or [0] * len(clock.get("lengths", ()))
    since = instant(clock["since"]) if clock.get("since") else at
    return [
        us * MICROSECOND + passed(scope, name, since, at)
        for us, (_, name) in zip(before, clock.get("lengths", ()), strict=True)
    ]


def begun(deadline: Deadline, n: int, at: datetime, scope: Snapshot, *, repeats: bool = False) -> Clock | None:
    """Return a deadline begun at an instant; None when it is not asked here."""
    if deadline.when is not None and deadline.when.holds(scope) is not True:
        return None
    if repeats and deadline.while_ is not None and deadline.while_.holds(scope) is not True:
        return None
    lengths = lengths_of(deadline, scope)
    if lengths is None:
        return None
    paused = standing_still(deadline, scope.instance)
    clock: Clock = {
        "n": n,
        "is": "started",
        "state": "paused" if paused else "running",
        "start": stamp(at),
        "lengths": lengths,
        "spent_us": [0] * len(lengths),
    }
    if not paused:
        clock["since"] = stamp(at)
    clock |= timed(deadline, clock, at, scope)
    return clock


def standing_still(deadline: Deadline, one: Instance | None) -> bool:
    return one is not None and not deadline.due and any(around(path, one.state) for path in deadline.pause)


def lengths_of(deadline: Deadline, scope: Snapshot) -> list[Json] | None:
    """Return [[length, clock], ...]; None when a length has no value: there is no clock then."""
    found: list[Json] = []
    for length in deadline.within:
        written = length.formula.value(scope)
        if not isinstance(written, str):
            return None
        found.append([written, length.clock])
    return found


def lengths_read(deadline: Deadline) -> tuple[str, ...]:
    return tuple(name for length in deadline.within for name in length.formula.reads)


def timed(deadline: Deadline, clock: Clock, at: datetime, scope: Snapshot) -> Clock:
    """Return the due instant of a clock as it stands at `at`, its marks still to come, and the calendars used."""
    if clock["state"] == "paused":
        return {"due": None, "marks": {}, "calendars": versions(clock, scope)}
    due, instants = placed(deadline, clock, at, scope)
    opens = None if deadline.opens is None else stored_instant(deadline.opens.value(scope))
    if due is None:
        return {"due": None, "marks": {}, "opens": opens}
    passed_by = set(clock.get("passed", ()))
    marks = {name: stamp(max(mark, at)) for name, mark in instants if name not in passed_by}
    return {"due": stamp(due), "marks": marks, "opens": opens, "calendars": versions(clock, scope)}


def placed(
    deadline: Deadline, clock: Clock, at: datetime, scope: Snapshot
) -> tuple[datetime | None, list[tuple[str, datetime]]]:
    """Return when a clock is due, and when it passes each of its marks."""
    start, since = instant(clock["start"]), instant(clock["since"]) if clock.get("since") else at
    if deadline.due is not None:
        written = stored_instant(deadline.due.value(scope))
        if written is None:
            return None, []
        due = instant(written)
        whole, name, left = due - start, ELAPSED, timedelta()
        since = start
    else:
        already = [us * MICROSECOND for us in clock["spent_us"]]
        ways = []
        for (text, name), gone in zip(clock["lengths"], already, strict=True):
            length = given(scope, name, start, text)
            used_up = None if length is None else reached(scope, name, since, length - gone)
            if length is not None and used_up is not None:
                ways.append((used_up, length, name, gone))
        if not ways:
            return None, []
        due, whole, name, left = min(ways, key=lambda way: way[0])
    instants: list[tuple[str, datetime]] = []
    for rung in deadline.ladder:
        if rung.name == BREACH:
            continue
        since_when, length = (since, whole * rung.percent / 100 - left) if rung.percent else (due, rung.offset)
        mark = reached(scope, name, since_when, length)
        if mark is not None:
            instants.append((rung.name, mark))
    if not deadline.target:
        instants.append((BREACH, due + MICROSECOND))
    return due, instants


def stored_instant(value: Json | Failure) -> str | None:
    return value if isinstance(value, str) else None


def versions(clock: Clock, scope: Snapshot) -> dict[str, str]:
    return {name: scope.calendar(name).version for _, name in clock.get("lengths", ()) if name != ELAPSED}


def changed(deadline: Deadline, clock: Clock, moment: Moment) -> Iterator[Clock]:
    """Yield how an event changes a deadline that goes on: paused, resumed, moved by its data."""
    still = standing_still(deadline, moment.one)
    at, scope = moment.at, moment.scope
    if still and clock["state"] == "running":
        yield {
            "n": clock["n"],
            "is": "paused",
            "state": "paused",
            "since": None,
            **used(clock, moment),
            "due": None,
            "marks": {},
        }
        return
    kept = {"n": clock["n"]}
    if not still and clock["state"] == "paused":
        running = {**clock, "state": "running", "since": stamp(at)}
        lengths = regraded(deadline, clock, scope)
        running |= {} if lengths is None else {"lengths": lengths}
        yield {
            **kept,
            "is": "resumed",
            "state": "running",
            "since": stamp(at),
            "lengths": running["lengths"],
            **timed(deadline, running, at, scope),
        }
        return
    if clock["state"] != "running":
        return
    lengths = regraded(deadline, clock, scope)
    if lengths is None and deadline.due is None:
        return
    graded = {**clock, **({} if lengths is None else {"lengths": lengths})}
    made = timed(deadline, graded, at, scope)
    if made.get("due") != clock.get("due") or lengths is not None:
        yield {**kept, "is": "moved", **({} if lengths is None else {"lengths": lengths}), **made}


def regraded(deadline: Deadline, clock: Clock, scope: Snapshot) -> list[Json] | None:
    """Return the lengths that the data names now, when they differ; settings that changed move nothing."""
    if not deadline.within or not deadline.reads_data:
        return None
    lengths = lengths_of(deadline, scope)
    return lengths if lengths is not None and lengths != clock["lengths"] else None


def missed(deadline: Deadline, clock: Clock, at: datetime, scope: Snapshot) -> Iterator[Clock]:
    """Yield what passing the due instant does: broken; and, for one that comes again, the next one begun."""
    passed_by = [*clock.get("passed", ()), BREACH]
    marks = {name: mark for name, mark in clock.get("marks", {}).items() if name != BREACH}
    entry: Clock = {"n": clock["n"], "is": "breached", "breached": clock["due"], "passed": passed_by, "marks": marks}
    fresh = begun(deadline, next_number(clock), instant(clock["due"]), scope, repeats=True) if deadline.every else None
    if fresh is None:
        yield entry
    else:
        yield {**entry, "state": "over", "stopped": stamp(at), "marks": {}}
        yield fresh
