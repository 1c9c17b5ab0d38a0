"""Promises with a clock: begun, met, broken, paused, regraded, moved with the data, coming again."""

from __future__ import annotations

import pytest

from lifecycle.core.events import stamp
from tests.unit.core.controls import Told, given, opened, small, taken

ANSWER = """
settings: {patience: {is: duration, default: 30m}}
fields: {level: {is: text}, limit: {is: duration}, visit_at: {is: datetime}, told: {is: integer}, ready: {is: boolean}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          answered: {by: clerk}
          asked_again: {by: clerk}
          graded: {by: clerk, form: [limit, visit_at, ready]}
          dropped: {by: clerk}
          held: {by: clerk, to: on_hold}
          closed: {by: clerk, to: over}
      on_hold: {steps: {resumed: {by: clerk, to: open}}}
      over: {final: done}
    deadlines:
      DEADLINE
"""
CONTACT = 'contact: {stop: [answered], within: "=settings.patience"}'


def case(deadline: str) -> Told:
    return given(small(ANSWER.replace("DEADLINE", deadline)), opened())


def outcome(told: Told, name: str = "contact") -> str:
    return str(told.clock(name)["is"])


def test_a_promise_kept_in_time_is_met_in_the_step_that_keeps_it() -> None:
    came = case(CONTACT).pass_by(5).when(taken("answered"))
    told = came.then("job.answered")
    assert came.events[0].changes["deadlines"][0] == {
        "id": "contact", "n": 1, "is": "met", "state": "over", "stopped": "2026-03-02T01:06:00.000000Z", "marks": {},
        "spent_us": [360_000_000],
    }  # fmt: skip
    assert outcome(told) == "met"
    told.pass_by(600).tick().then()


def test_exactly_at_the_limit_is_met() -> None:
    told = case(CONTACT)
    assert told.clock("contact")["due"] == "2026-03-02T01:30:00.000000Z"
    assert outcome(told.pass_by(29).when(taken("answered")).then("job.answered")) == "met"


def test_a_minute_after_the_limit_it_was_broken_at_the_limit_and_the_answer_is_late() -> None:
    told = case(CONTACT).pass_by(30).when(taken("answered")).then("deadline.breached", "job.answered")
    assert outcome(told) == "late"
    breach = told.history[-2].event
    assert breach.changes["deadlines"][0]["breached"] == "2026-03-02T01:30:00.000000Z"
    assert breach.command == "due/M-1/job/1/contact/1/100%"


def test_the_clock_breaks_a_promise_by_itself_and_only_once() -> None:
    told = case(CONTACT).pass_by(100).tick().then("deadline.breached")
    assert outcome(told) == "breached"
    assert told.clock("contact")["state"] == "running"
    told.pass_by(10_000).tick().then()


LADDER = """contact:
        stop: [answered]
        within: 100m
        ladder:
          50%: {set: {told: 50}}
          80%: {set: {told: 80}}
          100%: {set: {told: 100}}
          +2h: {set: {told: 200}}"""


def test_a_ladder_acts_at_each_mark_at_its_own_time() -> None:
    told = case(LADDER).pass_by(1000).tick()
    types = [event.type for event in told.events]
    assert types == ["deadline.warned", "deadline.warned", "deadline.breached", "deadline.escalated"]
    assert [stamp(event.occurred_at)[11:16] for event in told.events] == ["01:50", "02:20", "02:40", "04:40"]
    assert [event.changes["set"]["told"] for event in told.events] == [50, 80, 100, 200]


def test_the_marks_behind_an_answer_never_come() -> None:
    told = case(LADDER).pass_by(60).tick().then("deadline.warned")
    told = told.when(taken("answered")).then("job.answered")
    told.pass_by(1000).tick().then()


def test_a_pause_takes_only_the_clocks_own_seconds() -> None:
    told = case("contact: {stop: [answered], within: 30m, pause: [on_hold]}").pass_by(9)
    held = told.when(taken("held")).then("job.held")
    assert held.clock("contact")["state"] == "paused"
    assert held.clock("contact")["spent_us"] == [600_000_000]
    back = held.pass_by(500).when(taken("resumed")).then("job.resumed")
    assert back.clock("contact")["due"] == "2026-03-02T09:51:00.000000Z"
    assert back.pass_by(19).tick().events == ()
    assert back.pass_by(20).tick().then("deadline.breached")


def test_an_appointment_does_not_pause_and_moves_with_its_date() -> None:
    told = case("contact: {start: graded, stop: [answered], due: data.visit_at}")
    assert "contact" not in told.one("job/1").clocks
    agreed = told.when(taken("graded", visit_at="2026-03-02T10:00")).then("job.graded")
    assert agreed.clock("contact")["due"] == "2026-03-02T02:00:00.000000Z"
    moved = agreed.when(taken("graded", visit_at="2026-03-02T12:00")).then("job.graded")
    assert outcome(moved) == "moved"
    assert moved.clock("contact")["due"] == "2026-03-02T04:00:00.000000Z"
    assert moved.pass_by(100).tick().events == ()
    moved.pass_by(200).tick().then("deadline.breached")


def test_regrading_counts_anew_from_the_original_start_with_the_used_time_kept() -> None:
    told = case("contact: {start: graded, stop: [answered], within: '=data.limit'}")
    told = told.when(taken("graded", limit="2h")).then("job.graded")
    assert told.clock("contact")["due"] == "2026-03-02T03:01:00.000000Z"
    shorter = told.pass_by(30).when(taken("graded", limit="1h")).then("job.graded")
    assert shorter.clock("contact")["due"] == "2026-03-02T02:01:00.000000Z"


def test_regrading_into_the_past_breaks_the_promise_now_with_its_due_instant_kept() -> None:
    told = case("contact: {start: graded, stop: [answered], within: '=data.limit'}")
    told = told.when(taken("graded", limit="2h")).then("job.graded")
    broken = told.pass_by(60).when(taken("graded", limit="10m")).then("job.graded", "deadline.breached")
    assert broken.clock("contact")["breached"] == "2026-03-02T01:11:00.000000Z"
    assert stamp(broken.history[-1].event.occurred_at) == "2026-03-02T02:02:00.000000Z"


def test_a_running_clock_keeps_the_figure_with_which_it_began() -> None:
    told = case(CONTACT).with_setting("patience", "10m").when(taken("asked_again")).then("job.asked_again")
    assert told.clock("contact")["due"] == "2026-03-02T01:30:00.000000Z"


def test_leaving_the_machine_cancels() -> None:
    told = case(CONTACT).when(taken("closed")).then("job.closed")
    assert outcome(told) == "cancelled"
    told.pass_by(1000).tick().then()


def test_what_cancels_it_ends_it_without_a_verdict() -> None:
    told = (
        case("contact: {stop: [answered], cancel: [dropped], within: 30m}").when(taken("dropped")).then("job.dropped")
    )
    assert outcome(told) == "cancelled"


def test_one_step_that_both_stops_and_restarts_meets_the_running_clock_and_starts_the_next() -> None:
    told = case("contact: {stop: [answered], restart: [answered], within: 30m}").pass_by(9)
    told = told.when(taken("answered")).then("job.answered")
    changes = told.history[-1].event.changes["deadlines"]
    assert [(entry["n"], entry["is"]) for entry in changes] == [(1, "met"), (2, "started")]
    assert told.clock("contact")["due"] == "2026-03-02T01:40:00.000000Z"


def test_a_target_is_measured_and_never_broken() -> None:
    told = case("contact: {stop: [answered], within: 30m, target: true}").pass_by(100).tick().then()
    assert outcome(told.when(taken("answered")).then("job.answered")) == "late"


def test_of_several_lengths_the_earlier_binds() -> None:
    told = case("contact: {stop: [answered], within: [2h, 30m]}")
    assert told.clock("contact")["due"] == "2026-03-02T01:30:00.000000Z"


def test_a_heartbeat_comes_again_when_it_was_met_and_when_it_was_missed() -> None:
    told = case("contact: {stop: [answered], every: 30m}").pass_by(9)
    told = told.when(taken("answered")).then("job.answered")
    assert told.clock("contact")["n"] == 2
    assert told.clock("contact")["due"] == "2026-03-02T01:40:00.000000Z"
    told = told.pass_by(75).tick().then("deadline.breached", "deadline.breached")
    assert told.clock("contact")["n"] == 4
    assert told.clock("contact")["due"] == "2026-03-02T02:40:00.000000Z"


def test_a_heartbeat_stops_coming_when_its_condition_no_longer_holds() -> None:
    told = case("contact: {stop: [answered], every: 30m, while: 'data.ready != true'}")
    told = told.when(taken("graded", ready=True)).then("job.graded")
    told = told.pass_by(300).tick().then("deadline.breached")
    assert told.clock("contact")["n"] == 1


def test_a_promise_of_a_state_is_kept_by_leaving_it() -> None:
    workflow = small(
        ANSWER.replace("on_hold: {steps:", "on_hold: {deadlines: {hold: {within: 1h}}, steps:").replace(
            "    deadlines:\n      DEADLINE\n", ""
        )
    )
    held = given(workflow, opened(), taken("held"))
    assert held.clock("hold")["state"] == "running"
    assert outcome(held.pass_by(30).when(taken("resumed")).then("job.resumed"), "hold") == "met"
    late = held.pass_by(90).when(taken("resumed")).then("deadline.breached", "job.resumed")
    assert outcome(late, "hold") == "late"


def test_a_promise_whose_effect_cannot_be_carried_out_is_broken_all_the_same() -> None:
    told = case(
        "contact: {stop: [answered], within: 30m, ladder: {100%: {set: {told: '=data.ready == null ? 1 / 0 : 1'}}}}"
    )
    told = told.pass_by(100).tick().then("deadline.breached")
    assert told.findings == ["contact"]
    assert told.history[-1].event.changes["refused"] == ["effect-failed"]


@pytest.mark.parametrize("minutes", [0, 29, 31, 400])
def test_whoever_runs_the_clock_and_whenever_the_history_is_the_same(minutes: int) -> None:
    punctual = case(LADDER)
    for _ in range(minutes):
        punctual = punctual.pass_by(1).tick().told
    lazy = case(LADDER).pass_by(minutes)
    done, later = (told.when(taken("answered")).told for told in (punctual, lazy))
    assert [one.event for one in done.history] == [one.event for one in later.history]


OFFICE = """
calendars: {office: {zone: Asia/Shanghai, hours: {mon-fri: ["08:30-12:00", "13:30-17:30"]}}}
"""


def test_open_hours_alone_count_and_what_is_used_up_at_closing_is_due_at_closing() -> None:
    workflow = small(OFFICE + ANSWER.replace("DEADLINE", "contact: {stop: [answered], within: 3h, clock: office}"))
    told = given(workflow, opened())
    assert told.clock("contact")["due"] == "2026-03-02T04:00:00.000000Z"
    longer = small(OFFICE + ANSWER.replace("DEADLINE", "contact: {stop: [answered], within: 4h, clock: office}"))
    assert given(longer, opened()).clock("contact")["due"] == "2026-03-02T06:30:00.000000Z"


def test_two_workdays_end_at_the_same_local_time_two_workdays_later() -> None:
    workflow = small(
        OFFICE + ANSWER.replace("DEADLINE", "contact: {stop: [answered], within: 2 workdays, clock: office}")
    )
    assert given(workflow, opened()).clock("contact")["due"] == "2026-03-04T01:00:00.000000Z"
