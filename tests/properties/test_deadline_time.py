"""Deadlines on random calendars, with pauses, regrading and warnings, agree with a walk from minute to minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hypothesis import event, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from lifecycle.core.events import instant
from tests.effort import share_of
from tests.properties import minutes
from tests.properties.minutes import Told as Calendar
from tests.properties.test_business_time import calendar, told_near
from tests.unit.core.controls import MORNING, given, opened, small, taken

TEXT = """
calendars: {office: {hours: {mon: ["08:00-12:00"]}}}
fields: {limit: {is: duration}}
machines:
  job:
    start: open
    anywhere: {graded: {by: clerk, form: [limit]}, answered: {by: clerk}, held: {by: clerk, to: on_hold}}
    states:
      open: {steps: {asked: {by: clerk}}}
      on_hold: {steps: {resumed: {by: clerk, to: open}}}
    deadlines:
      contact:
        stop: [answered]
        pause: [on_hold]
        within: [{length: "=data.limit == null ? duration('LIMIT') : data.limit", clock: CLOCK}, {length: 26h}]
        ladder: {60%: {set: {}}}
"""
DAYS = timedelta(days=3)
LIMITS = ("45m", "3h", "7h30m", "12h")
CLOCKS = ("office", "elapsed")


@dataclass(frozen=True)
class Act:
    minute: int
    name: str
    limit: str = ""


LENGTHS = {
    "45m": timedelta(minutes=45),
    "3h": timedelta(hours=3),
    "7h30m": timedelta(hours=7.5),
    "12h": timedelta(hours=12),
}
WHOLE = timedelta(hours=26)


def walked(told: Calendar, limit: str, acts: Sequence[Act], end: datetime) -> tuple[datetime | None, bool]:
    """Go from minute to minute with two stopwatches, which stand while the case is on hold.

    Returns  when the promise is broken, and whether an act shows that it was broken already: a shorter limit, also
             one that was used up exactly when the office closed, which is due at that closing
    """
    running, wanted = True, LENGTHS[limit]
    office = whole = timedelta()
    at = reached = MORNING  # reached: when the office's stopwatch came to what it shows, or went on after a hold
    for stop, act in [*((MORNING + timedelta(minutes=act.minute), act) for act in acts), (end, Act(0, "end"))]:
        for since, before, kind in minutes.minutes(told, at, stop):
            if not running:
                continue
            used = before - since if kind == "open" else timedelta()
            left = ((wanted - office, used), (WHOLE - whole, before - since))
            over = [since + max(rest, timedelta()) for rest, goes_on in left if rest <= timedelta() or rest < goes_on]
            if over:  # what is used up exactly at the end of a minute is broken in the next one
                return min(over), False
            office, whole = office + used, whole + before - since
            reached = before if used else reached
        at = stop
        if act.name == "answered":
            return None, False
        reached = at if act.name == "resumed" else reached
        running = act.name == "resumed" or (running and act.name != "held")
        wanted = LENGTHS[act.limit] if act.limit else wanted
        if running and (office > wanted or whole > WHOLE or (office == wanted and reached < at)):
            return at, True
    return None, False


ALWAYS = Calendar(zone="UTC", week={day: [(0, 1_440)] for day in range(7)})


@st.composite
def acting(draw: st.DrawFn) -> list[Act]:
    at = sorted(draw(st.lists(st.integers(1, 60 * 60), min_size=0, max_size=6, unique=True)))
    found: list[Act] = []
    held = False
    for minute in at:
        name = draw(st.sampled_from(["turn", "turn", "graded", "answered"]))
        if name == "turn":
            name, held = ("resumed" if held else "held"), not held
        found.append(Act(minute, name, draw(st.sampled_from(LIMITS)) if name == "graded" else ""))
    return found


USED_UP_AT_CLOSING = Calendar(
    zone="America/New_York",
    week={day: [] for day in range(7)},
    dates={date(2026, 3, 1): [(0, 1_380)]},  # closes at 04:00 UTC, three hours after the case was opened
)


def test_a_limit_used_up_exactly_at_a_closing_that_is_past_is_due_at_that_closing():
    acts = [Act(1, "graded", "7h30m"), Act(181, "graded", "3h")]
    assert walked(USED_UP_AT_CLOSING, "45m", acts, MORNING + DAYS) == (MORNING + timedelta(minutes=181), True)
    workflow = small(TEXT.replace("LIMIT", "45m").replace("CLOCK", "office"))
    told = replace(given(workflow), calendars={"office": calendar(USED_UP_AT_CLOSING)}).when(opened()).told
    for act in acts:
        told = replace(told, minute=act.minute).when(taken(act.name, limit=act.limit)).told
    [breach] = [one.event for one in told.history if one.event.type == "deadline.breached"]
    assert instant(breach.changes["deadlines"][0]["breached"]) == MORNING + timedelta(minutes=180)


@settings(max_examples=share_of(10_000, at_least=25))
@examples(st.data(), st.sampled_from(LIMITS), st.sampled_from(CLOCKS), acting())
def test_a_deadline_is_broken_when_a_walk_from_minute_to_minute_finds_its_time_used_up(data, limit, clock, acts):
    near = data.draw(told_near(MORNING)) if clock == "office" else None
    end = MORNING + DAYS
    broken, already = walked(near or ALWAYS, limit, acts, end)
    workflow = small(TEXT.replace("LIMIT", limit).replace("CLOCK", clock))
    told = given(workflow) if near is None else replace(given(workflow), calendars={"office": calendar(near)})
    told = told.when(opened()).told
    for act in acts:
        told = replace(told, minute=act.minute)
        told = told.when(taken(act.name, **({"limit": act.limit} if act.limit else {}))).told
    told = replace(told, minute=int(DAYS.total_seconds() // 60)).tick().told
    breaches = [one.event for one in told.history if one.event.type == "deadline.breached"]
    event("kept, or not due yet" if broken is None else "broken already" if already else "broken")
    if broken is None:
        assert breaches == []
        return
    [breach] = breaches
    due = instant(breach.changes["deadlines"][0]["breached"])
    if already:
        assert due <= breach.occurred_at == broken
    else:
        assert (due, breach.occurred_at - due) == (broken, timedelta(microseconds=1))
