"""Time: when a step happened, what is recorded afterwards, and what the past answers."""

from __future__ import annotations

from lifecycle.core.case import folded
from tests.unit.core.controls import CASE, given, opened, small, taken

TIMES = small("""
fields:
  cost: {is: integer}
  who: {is: text}
cases: {matter: {machines: [job, twin], opens: {opened: {by: clerk, start: [job, twin]}}}}
machines:
  job:
    start: new
    anywhere:
      found: {by: clerk, form: [who], recorded_afterwards: true}
    states:
      new:
        steps:
          begun: {by: clerk, form: [cost], to: work}
          looked: {by: clerk, recorded_afterwards: true, to: work}
      work:
        steps:
          inspected: {by: clerk}
          asked: {by: clerk, require: {seen: {that: "done('inspected')", else: {zh: "看", en: "Look"}}}}
          third: {by: clerk, require: {twice: {that: "count('inspected') >= 2", else: {zh: "二", en: "Two"}}}}
          ever:
            by: clerk
            require: {once: {that: "ever('inspected') && !done('inspected')", else: {zh: "曾", en: "Ever"}}}
          soon:
            by: clerk
            require:
              quick:
                that: "time_of('inspected') != null && now - time_of('inspected') <= duration('3m')"
                else: {zh: "快", en: "Quick"}
              same: {that: "actor_of('inspected') == 'li'", else: {zh: "李", en: "Li"}}
          left: {by: clerk, to: new}
          ended: {by: clerk, to: over}
      over: {final: done}
  twin:
    start: open
    states: {open: {steps: {moved: {by: clerk, to: over}, eyed: {by: clerk}}}, over: {final: done}}
""")
WORK = given(TIMES, opened(), taken("begun"))


def test_a_step_lies_back_five_minutes_at_most_and_never_before_the_instances_last() -> None:
    later = WORK.pass_by(20)
    later.when(taken("inspected", ago=5)).then("job.inspected")
    later.when(taken("inspected", ago=6)).then_refused("recorded-too-late")
    WORK.when(taken("inspected", ago=2)).then_refused("wrong-state", "occurred-too-early")
    WORK.when(taken("begun", ago=2)).then_refused("occurred-too-early")
    WORK.when(taken("inspected", ago=-1)).then_refused("occurred-in-future")


def test_the_time_of_a_step_is_when_it_happened() -> None:
    came = WORK.pass_by(20).when(taken("inspected", ago=5))
    assert came.events[0].occurred_at == came.told.now.replace(minute=came.told.minute - 6)


def test_a_step_that_lies_back_moves_its_instance_though_another_one_moved_since() -> None:
    moved = given(TIMES, opened(), taken("begun")).pass_by(3).when(taken("eyed")).told
    told = moved.when(taken("job.ended", ago=2)).then("job.ended")
    assert told.state() == "over"


def test_what_is_recorded_afterwards_is_offered_in_the_state_of_its_time_and_moves_nothing() -> None:
    later = WORK.pass_by(60)
    later.when(taken("looked")).then_refused("wrong-state")
    came = later.when(taken("looked", ago=62))
    assert came.then("job.looked").state() == "work"
    assert (came.events[0].source, came.events[0].target) == ("work", "work")


def test_what_is_recorded_afterwards_in_a_state_that_stands_moves_as_ever() -> None:
    told = given(TIMES, opened()).pass_by(60).when(taken("looked", ago=30)).then("job.looked")
    assert told.state() == "work"


def test_nothing_happened_before_the_case_was_opened() -> None:
    WORK.when(taken("found", ago=3)).then_refused("unknown-step")


def test_done_is_since_the_state_was_last_entered() -> None:
    WORK.when(taken("asked")).then_refused("guard")
    seen = WORK.when(taken("inspected")).then("job.inspected")
    seen.when(taken("asked")).then("job.asked")
    again = seen.when(taken("left")).told.when(taken("begun")).told
    again.when(taken("asked")).then_refused("guard")


def test_ever_and_count_are_over_the_life_of_the_instance() -> None:
    once = WORK.when(taken("inspected")).told
    once.when(taken("ever")).then_refused("guard")
    once.when(taken("left")).told.when(taken("begun")).told.when(taken("ever")).then("job.ever")
    once.when(taken("third")).then_refused("guard")
    again = once.when(taken("left")).told.when(taken("begun")).told.when(taken("inspected")).told
    again.when(taken("third")).then("job.third")


def test_a_guard_asks_when_and_by_whom_a_step_was_last_taken() -> None:
    seen = WORK.when(taken("inspected", "clerk:li")).told
    seen.when(taken("soon")).then("job.soon")
    seen.pass_by(5).when(taken("soon")).then_refused("guard")
    WORK.when(taken("inspected", "clerk:wang")).told.when(taken("soon")).then_refused("guard")
    WORK.when(taken("soon")).then_refused("guard", "guard")


def test_what_follows_from_a_late_entry_happens_not_before_its_own_instances_last_event() -> None:
    late = small("""
cases: {matter: {machines: [job, twin], opens: {opened: {by: clerk, start: [job, twin]}}}}
machines:
  job:
    start: new
    states: {new: {steps: {ended: {by: clerk, recorded_afterwards: true, to: over}}}, over: {final: done}}
  twin:
    start: open
    states:
      open: {steps: {held: {by: clerk, to: held}}}
      held: {steps: {freed: {upon: job.ended, to: $history}, dropped: {by: clerk, to: over}}}
      over: {final: done}
""")
    held = given(late, opened()).pass_by(10).when(taken("held")).told.pass_by(10)
    came = held.when(taken("ended", ago=15))
    told = came.then("job.ended", "twin.freed")
    assert came.events[1].occurred_at == held.history[-1].event.occurred_at
    assert told.state("twin/1") == "open"
    assert folded(CASE, told.history, told.now, None).instances == told.case.instances
