"""A calendar, or a setting that clocks follow, is changed: open clocks are moved once, closed ones never."""

from __future__ import annotations

import pytest

from lifecycle.core.events import stamp
from tests.unit.core.controls import Told, given, opened, small, taken

TEXT = """
calendars: {office: {zone: Asia/Shanghai, hours: {mon-fri: ["08:30-12:00", "13:30-17:30"]}}}
settings: {patience: {is: duration, default: 3h, follows: true}, habit: {is: duration, default: 3h}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          answered: {by: clerk}
          held: {by: clerk, to: waiting}
          fell_due: {after: 2h, clock: office, to: due}
      waiting: {steps: {resumed: {by: clerk, to: open}}}
      due: {steps: {seen: {by: clerk, to: over}}}
      over: {final: done}
    deadlines:
      contact: {stop: [answered], pause: [waiting], within: 2h, clock: office}
      follower: {stop: [answered], within: "=settings.patience"}
      keeper: {stop: [answered], within: "=settings.habit"}
"""
NINE = given(small(TEXT), opened())
"""Monday 2 March, nine o'clock in Shanghai; the office is open until 12, and from 13:30."""


def due(told: Told, name: str = "contact") -> str:
    return str(told.clock(name)["due"])[:16]


def test_a_day_that_is_changed_moves_an_open_clock_at_the_instant_of_the_change_and_once() -> None:
    assert due(NINE) == "2026-03-02T03:00"
    changed = NINE.pass_by(30).with_calendar("office", d20260302="14:00-16:00")
    came = changed.pass_by(10).tick_all()
    told = came.then("deadline.moved", "timer.moved")
    assert due(told) == "2026-03-02T08:00"
    event = came.events[0]
    assert stamp(event.occurred_at) == stamp(changed.now)
    assert event.changes["was"]["due"] == "2026-03-02T03:00:00.000000Z"
    assert event.changes["was"]["calendars"] != event.changes["deadlines"][0]["calendars"]
    assert told.one("job/1").timers["fell_due"][:16] == "2026-03-02T08:00"
    assert told.pass_by(10).tick_all().events == ()


def test_a_command_meets_clocks_that_are_moved_already() -> None:
    changed = NINE.with_calendar("office", d20260302="14:00-16:00").pass_by(170)
    told = changed.when(taken("answered")).then("deadline.moved", "timer.moved", "job.answered")
    assert told.clock("contact")["is"] == "met"


def test_what_was_due_before_the_change_happened_before_it() -> None:
    broken = NINE.pass_by(150).with_calendar("office", d20260302="14:00-16:00").pass_by(10).tick_all()
    assert [event.type for event in broken.events] == ["job.fell_due", "deadline.breached"]
    assert due(broken.told) == "2026-03-02T03:00"


def test_a_clock_that_is_closed_or_stands_still_is_not_moved() -> None:
    answered = NINE.when(taken("answered")).told.with_calendar("office", d20260302="14:00-16:00").pass_by(10)
    assert [event.type for event in answered.tick_all().events] == ["timer.moved"]
    held = NINE.pass_by(9).when(taken("held")).told.with_calendar("office", d20260302="14:00-16:00").pass_by(10)
    assert held.tick_all().events == ()
    assert due(held.when(taken("resumed")).then("job.resumed")) == "2026-03-02T07:50"


def test_a_change_that_moves_nothing_leaves_no_trace() -> None:
    assert NINE.with_calendar("office", d20260401="14:00-16:00").pass_by(10).tick_all().events == ()


def test_a_promise_that_the_change_would_have_broken_already_is_broken_by_the_change_its_due_instant_kept() -> None:
    later = NINE.pass_by(90).with_calendar("office", d20260302="08:00-11:00").with_calendar("office", d20260302="")
    assert due(later.pass_by(1).tick_all().told) == "2026-03-03T02:30"
    longer = NINE.pass_by(90).with_calendar("office", d20260302="09:00-24:00")
    assert longer.pass_by(1).tick_all().events == ()


def test_running_clocks_move_with_a_setting_that_they_follow_others_keep_theirs() -> None:
    told = NINE.with_setting("patience", "1h").with_setting("habit", "1h").pass_by(5).tick_all().then("deadline.moved")
    assert (due(told, "follower"), due(told, "keeper")) == ("2026-03-02T02:00", "2026-03-02T04:00")
    assert told.pass_by(5).tick_all().events == ()


@pytest.mark.parametrize("steps", [1, 7, 50, 300])
def test_whoever_looks_and_whenever_the_history_is_the_same(steps: int) -> None:
    changed = NINE.pass_by(20).with_calendar("office", d20260302="10:00-11:00", d20260303="")
    told = changed
    for _ in range(0, 300, steps):
        told = told.pass_by(steps).tick_all().told
    punctual = changed
    for _ in range(30):
        punctual = punctual.pass_by(10).tick_all().told
    assert [one.event for one in told.history] == [one.event for one in punctual.history][: len(told.history)]
