"""What hangs on coverage: steps that its end takes, clocks that its days set, an end that may not be followed."""

from __future__ import annotations

from tests.unit.core.controls import given, opened, small, taken

DAY = 24 * 60


def covered_by(steps: str, more: str = "", *, machines: str = "job") -> str:
    """Return a small text: a matter covered for ten days from 2 March, with steps in its one open state."""
    return f"""
    fields:
      sold_on: {{is: date, scope: case}}
      blocked: {{is: boolean}}
      asked: {{is: boolean}}
    cases:
      matter:
        machines: [{machines}]
        opens: {{opened: {{by: clerk, form: [sold_on], start: job}}}}
    machines:
      job:
        start: new
        states:
          new:
            steps: {steps}
          old: {{}}
          over: {{final: done}}
        {more}
    coverage:
      warranty: {{of: matter, from: =case.sold_on, days: 10}}
    """


def test_the_end_takes_the_steps_that_wait_for_it_in_the_same_commit():
    told = given(small(covered_by("{aged: {upon: warranty.ended, to: old}}")), opened(sold_on="2026-03-02"))
    told = told.pass_by(10 * DAY).tick().then("warranty.ended", "job.aged")
    assert told.state() == "old"
    assert [one.event.causation for one in told.history[1:]] == ["due/M-1/coverage/warranty/1", "M-1@2"]


def test_a_step_that_may_not_follow_leaves_the_end_and_a_finding():
    steps = """
              refused: {by: clerk, form: [blocked!]}
              aged:
                upon: warranty.ended
                require: {free: {that: "data.blocked != true", else: {zh: "受阻", en: "Blocked"}}}
                to: old
    """
    told = given(small(covered_by(steps)), opened(sold_on="2026-03-02"), taken("refused", blocked=True))
    told = told.pass_by(10 * DAY).tick().then("coverage.refused")
    assert told.state() == "new"
    assert told.case.coverage["warranty"]["state"] == "over"
    assert told.case.findings["coverage:due:warranty"]["text"] == {"zh": "受阻", "en": "Blocked"}
    assert told.pass_by(DAY).tick().events == ()


def test_a_step_at_a_day_of_the_coverage_moves_with_it():
    steps = """
              sold: {by: clerk, form: [sold_on!]}
              reminded: {at: "coverage.warranty.until == null ? null : coverage.warranty.until - days(2)", to: old}
    """
    told = given(small(covered_by(steps)), opened())
    assert told.one("job/1").timers == {}
    told = told.when(taken("sold", sold_on="2026-03-02")).then("job.sold")
    assert told.one("job/1").timers == {"reminded": "2026-03-08T16:00:00.000000Z"}
    told = told.when(taken("sold", sold_on="2026-03-05")).then("job.sold")
    assert told.one("job/1").timers == {"reminded": "2026-03-11T16:00:00.000000Z"}


def test_a_deadline_begins_with_the_end():
    steps = "{asked: {by: clerk, form: [asked!]}}"
    more = "deadlines: {inspection: {start: [warranty.ended], stop: [asked], within: 48h}}"
    told = given(small(covered_by(steps, more)), opened(sold_on="2026-03-02")).pass_by(10 * DAY).tick().told
    assert told.clock("inspection")["due"] == "2026-03-13T16:00:00.000000Z"


def test_what_is_due_on_one_case_is_done_in_the_order_of_time():
    steps = """
              reminded: {at: "coverage.warranty.until == null ? null : coverage.warranty.until - days(2)"}
              aged: {upon: warranty.ended}
              closed: {after: 264h, to: over}
    """
    told = given(small(covered_by(steps)), opened(sold_on="2026-03-02"))
    told.pass_by(20 * DAY).tick().then("job.reminded", "warranty.ended", "job.aged", "job.closed")


def test_a_period_that_is_past_when_it_begins_is_over_at_once():
    told = given(small(covered_by("{aged: {upon: warranty.ended, to: old}}")), opened(sold_on="2026-01-02"))
    assert [one.event.type for one in told.history] == ["matter.opened", "warranty.ended", "job.aged"]
    assert told.history[1].event.occurred_at.isoformat() == "2026-03-02T01:00:00+00:00"


def test_the_clock_has_nothing_to_do_on_a_length_beyond_the_calendar():
    text = covered_by("{closed: {by: clerk, to: over}}").replace("days: 10", "years: 9000")
    told = given(small(text), opened(sold_on="2026-03-02"))
    assert told.case.coverage["warranty"]["until"] == "9999-12-31"
    assert "at" not in told.case.coverage["warranty"]
