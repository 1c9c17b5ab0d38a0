"""Steps that the clock takes: after a length, or at an instant from the data."""

from __future__ import annotations

from lifecycle.core.events import stamp
from tests.unit.core.controls import given, opened, small, taken

WAITING = """
settings: {patience: {is: duration, default: 30m}}
fields: {seen_on: {is: datetime}, ready: {is: boolean}}
machines:
  job:
    start: waiting
    states:
      waiting:
        steps:
          fell_due: {after: "=settings.patience", to: due}
          prepared: {by: clerk, form: [ready!, seen_on]}
          held: {by: clerk, to: on_hold}
      on_hold: {steps: {resumed: {by: clerk, to: $history}}}
      due: {steps: {done: {by: clerk, to: over}}}
      over: {final: done}
"""


def test_a_step_falls_due_after_its_length_and_happens_when_it_was_due() -> None:
    told = given(small(WAITING), opened()).pass_by(90).tick().then("job.fell_due")
    assert told.state() == "due"
    assert stamp(told.history[-1].event.occurred_at) == "2026-03-02T01:30:00.000000Z"
    assert told.history[-1].event.command == "due/M-1/job/1/fell_due/2026-03-02T01:30:00.000000Z"
    told.tick().then()


def test_nothing_happens_a_moment_early() -> None:
    given(small(WAITING), opened()).pass_by(28).tick().then()


def test_what_is_due_happens_before_a_command_is_decided() -> None:
    told = given(small(WAITING), opened()).pass_by(60).when(taken("done")).then("job.fell_due", "job.done")
    assert told.state() == "over"


def test_a_command_typed_late_but_meant_before_comes_before_what_falls_due_later() -> None:
    told = given(small(WAITING), opened()).pass_by(31)
    came = told.when(taken("held", ago=3)).then("job.held")
    assert came.state() == "on_hold"


def test_a_stay_that_is_resumed_goes_on_with_the_time_that_was_left() -> None:
    held = given(small(WAITING), opened()).pass_by(9).when(taken("held")).then("job.held")
    back = held.pass_by(600).when(taken("resumed")).then("job.resumed")
    assert back.pass_by(18).tick().events == ()
    assert back.pass_by(20).tick().then("job.fell_due").state() == "due"


AT = WAITING.replace(
    "fell_due: {after:",
    "unused: {by: clerk}\n          fell_due: {at: data.seen_on, to: due}\n          other: {after:",
)


def test_a_step_at_an_instant_of_the_data_moves_with_it_and_waits_while_there_is_none() -> None:
    told = given(small(AT.replace('"=settings.patience"', "9d")), opened())
    assert not told.one("job/1").timers.get("fell_due")
    set_once = told.when(taken("prepared", ready=True, seen_on="2026-03-02T10:00")).then("job.prepared")
    moved = set_once.when(taken("prepared", ready=True, seen_on="2026-03-02T12:00")).then("job.prepared")
    assert moved.pass_by(100).tick().events == ()
    assert moved.pass_by(180).tick().then("job.fell_due").state() == "due"


GUARDED = WAITING.replace(
    'after: "=settings.patience", to: due}',
    'after: 30m, require: {ready: {that: "data.ready == true", else: {zh: 未备好, en: Not ready}}}, to: due}',
)


def test_a_timed_step_that_its_guard_refuses_is_passed_over_with_a_finding() -> None:
    told = given(small(GUARDED), opened()).pass_by(60).tick().then("timer.refused")
    assert told.state() == "waiting"
    assert told.findings == ["fell_due"]
    assert told.history[-1].event.changes["refused"] == ["guard"]
    told.pass_by(600).tick().then()


WHEN = WAITING.replace('after: "=settings.patience", to: due}', 'after: 30m, when: "data.ready == true", to: due}')


def test_a_timed_step_that_does_not_apply_is_passed_over_in_silence() -> None:
    told = given(small(WHEN), opened()).pass_by(60).tick().then("timer.passed")
    assert told.findings == []


CHAIN = """
machines:
  job:
    start: first
    states:
      first: {steps: {a: {after: 10m, to: second}}}
      second: {steps: {b: {after: 10m, to: third}}}
      third: {steps: {c: {after: 10m, to: over}}}
      over: {final: done}
"""


def test_a_long_absence_is_caught_up_in_due_order_each_at_its_own_time() -> None:
    told = given(small(CHAIN), opened()).pass_by(10_000).tick().then("job.a", "job.b", "job.c")
    assert [stamp(one.event.occurred_at)[11:16] for one in told.history[1:]] == ["01:10", "01:20", "01:30"]


REPEATING = """
fields: {times: {is: integer}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          reminded: {after: 10m, when: "count('reminded') < 3", repeat: true}
          closed: {by: clerk, to: over}
      over: {final: done}
"""


def test_a_timed_step_that_stays_comes_once_and_again_only_if_it_repeats() -> None:
    told = given(small(REPEATING), opened()).pass_by(200).tick()
    assert [event.type for event in told.events] == ["job.reminded", "job.reminded", "job.reminded", "timer.passed"]
    once = small(REPEATING.replace(", repeat: true", ""))
    given(once, opened()).pass_by(200).tick().then("job.reminded")


def test_an_instant_that_is_past_already_comes_at_once_and_not_before_it_was_known() -> None:
    told = given(small(AT.replace('"=settings.patience"', "9d")), opened())
    came = told.when(taken("prepared", ready=True, seen_on="2026-02-01T10:00")).then("job.prepared", "job.fell_due")
    assert [stamp(one.event.occurred_at) for one in came.history[1:]] == ["2026-03-02T01:01:00.000000Z"] * 2


FOLLOWED = """
cases: {matter: {machines: [job, echo], opens: {opened: {by: clerk, start: [job, echo]}}}}
machines:
  job:
    start: open
    states: {open: {steps: {noted: {by: clerk}, fell_due: {after: 10m, to: due}}}, due: {steps: {seen: {by: clerk}}}}
  echo:
    start: quiet
    states: {quiet: {steps: {heard: {upon: job.fell_due, to: loud}}}, loud: {steps: {hushed: {by: clerk}}}}
"""


def test_what_follows_from_the_clock_tells_nothing_of_the_command_that_met_it() -> None:
    waiting = given(small(FOLLOWED), opened()).pass_by(30)
    punctual = waiting.tick().then("job.fell_due", "echo.heard").when(taken("seen")).then("job.seen")
    lazy = waiting.when(taken("seen")).then("job.fell_due", "echo.heard", "job.seen")
    assert [one.event for one in lazy.history] == [one.event for one in punctual.history]
    assert lazy.history[2].event.command == lazy.history[1].event.command
