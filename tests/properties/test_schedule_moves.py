"""However often a calendar is changed, each week has its occurrence once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.clocks.calendar import Calendar, Hours
from lifecycle.clocks.recurrence import Recurrence
from lifecycle.core.schedules import Place, event_of, evolve, occurred, planned, retimed
from lifecycle.core.workflow import Schedule, Workflow
from tests.effort import share_of

OPEN, CLOSED = ((9 * 3600, 17 * 3600),), ()
OFFICE = Calendar(name="office", zone="UTC", hours=(Hours(week=(*[OPEN] * 5, CLOSED, CLOSED)),))
WORKFLOW = Workflow(name="rounds", version=1, zone="UTC")
WEEKS = 8

Hour = tuple[int, list[tuple[int, tuple[tuple[int, int], ...]]]]

near = st.tuples(st.integers(-3, 3), st.sampled_from([OPEN, CLOSED]))
changes = st.lists(st.tuples(st.integers(0, WEEKS * 7 * 24), st.lists(near, min_size=1, max_size=2)), max_size=12)
"""At an hour, days so far from that day are opened or closed; what was changed before is taken back."""


def weekly(weekday: int, closed: Literal["next", "previous", "skip"], hour: int) -> Schedule:
    rule = Recurrence(unit="weeks", weekdays=((0, weekday),), closed=closed, second=hour * 3600)
    return Schedule(name="round", rule=rule, calendar="office")


def after(place: Place, happening: str, change: dict[str, Any]) -> Place:
    return evolve(place, event_of(WORKFLOW, UUID(int=1), happening, change, datetime(2026, 1, 1, tzinfo=UTC), "c"))


def lived(schedule: Schedule, wanted: list[Hour]) -> list[str]:
    """Return the keys of what occurred in eight weeks, while days are opened and closed at hours from their start."""
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    calendar, found = OFFICE, list[str]()
    begun = planned(schedule, Place(), start, calendar)
    assert begun is not None
    place = after(Place(), *begun)
    for hour, opened in [*sorted(wanted, key=lambda one: one[0]), (WEEKS * 7 * 24, [])]:
        now = start + timedelta(hours=hour)
        while place.due is not None and place.due <= now:
            change = occurred(schedule, place, [""], 0, calendar)
            found.append(change["key"])
            place = after(place, "occurred", change)
            place = after(place, "carried_out", {"name": "round", "key": change["key"], "results": [{}], "left": 0})
        calendar = OFFICE.changed({now.date() + timedelta(days=offset): hours for offset, hours in opened})
        moved = retimed(schedule, place, now, calendar)
        if moved is not None:
            place = after(place, "changed", moved)
            assert retimed(schedule, place, now, calendar) is None
    return found


@settings(max_examples=share_of(5_000, at_least=150), deadline=None)
@given(st.integers(0, 6), st.sampled_from(["next", "previous"]), st.integers(0, 23), changes)
def test_each_week_has_its_occurrence_once(weekday: int, closed: Any, hour: int, wanted: list[Hour]):
    keys = [date.fromisoformat(key) for key in lived(weekly(weekday, closed, hour), wanted)]
    assert keys == [keys[0] + timedelta(weeks=number) for number in range(len(keys))]
    assert WEEKS - 1 <= len(keys) <= WEEKS + 1


@settings(max_examples=share_of(5_000, at_least=150), deadline=None)
@given(st.integers(0, 6), st.integers(0, 23), changes)
def test_what_closed_days_skip_has_no_second_occurrence(weekday: int, hour: int, wanted: list[Hour]):
    keys = lived(weekly(weekday, "skip", hour), wanted)
    assert keys == sorted(set(keys))
