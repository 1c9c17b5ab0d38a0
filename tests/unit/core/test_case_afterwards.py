"""What is recorded afterwards: a promise that was kept after all, and everything that its breach had caused."""

from __future__ import annotations

import pytest

from lifecycle.core.case import folded
from lifecycle.core.events import stamp
from lifecycle.core.ledger import LEDGER
from tests.unit.core.controls import CASE, Told, given, opened, small, taken

TEXT = """
fields: {late: {is: boolean}, told: {is: integer}, limit: {is: duration}, visit_at: {is: datetime}, by: {is: text}}
ledgers: {fine: {unit: CNY, payer: clerk, payee: buyer, zh: "罚", en: "Fine"}}
texts: {late: {zh: "{case} 逾期", en: "{case} is late"}}
cases:
  matter: {machines: [job, chase], opens: {opened: {by: clerk, start: job}}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          answered: {by: clerk, recorded_afterwards: true}
          graded: {by: clerk, form: [limit, visit_at], recorded_afterwards: true}
          marked: {by: clerk, form: [told]}
          held: {by: clerk, recorded_afterwards: true, to: waiting}
          paid: {by: clerk, post: {fine: {pay: "1.00"}}}
          closed: {by: clerk, to: over}
      waiting: {steps: {resumed: {by: clerk, to: open}}}
      over: {final: done}
    deadlines:
      DEADLINE
  chase:
    start: due
    many: true
    plural: chases
    states:
      due: {steps: {called: {by: clerk, to: over}}}
      over: {final: done}
    deadlines: {call: {stop: [called], within: 10m, ladder: {100%: {post: {fine: {owe: "5.00"}}}}}}
"""
CONTACT = """contact:
        stop: [answered]
        pause: [waiting]
        within: 30m
        ladder:
          50%: {set: {told: 50}}
          100%:
            set: {late: true, told: 100}
            start: chase
            post: {fine: {owe: "10.00"}}
            notify: {who: chief, text: late}
          +20m: {set: {told: 200}, post: {fine: {owe: "1.00"}}}"""


def case(deadline: str = CONTACT) -> Told:
    return given(small(TEXT.replace("DEADLINE", deadline)), opened())


def balance(told: Told) -> int:
    return int(told.beside_now(LEDGER, "small/fine/M-1").balance)


def test_a_promise_kept_in_time_and_recorded_after_its_breach_takes_back_all_that_the_breach_caused() -> None:
    broken = case().pass_by(60).tick().told
    assert (balance(broken), broken.data()["late"], broken.data()["told"]) == (1600, True, 200)
    came = broken.when(taken("answered", ago=50))
    told = came.then("deadline.breach_withdrawn", "job.answered")
    assert balance(told) == 0
    assert told.data() == {"told": 50}
    assert told.one("chase/1").outcome == "withdrawn"
    assert told.clock("call", "chase/1")["state"] == "over"
    clock = told.clock("contact")
    assert (clock["is"], clock.get("breached"), clock["stopped"]) == ("met", None, "2026-03-02T01:11:00.000000Z")
    assert clock["withdrawn"] == ["2026-03-02T01:30:00.000000Z"]
    assert told.pass_by(10_000).tick().events == ()


def test_the_withdrawal_names_what_it_takes_back_and_whom_to_tell() -> None:
    came = case().pass_by(60).tick().told.when(taken("answered", ago=50))
    event = came.events[0]
    assert event.changes["withdraws"] == {
        "deadline": "contact", "n": 1, "revisions": [3, 4, 5], "due": "2026-03-02T01:30:00.000000Z",
        "shown_at": "2026-03-02T01:11:00.000000Z",
    }  # fmt: skip
    assert event.changes["recalls"] == [{"revision": 3, "nth": 1}]
    assert event.changes["ended"] == [{"of": "chase/1", "outcome": "withdrawn"}]
    assert event.occurred_at == came.told.history[-1].recorded_at
    assert event.by.role == "system"


def test_an_answer_that_was_late_itself_withdraws_nothing() -> None:
    broken = case().pass_by(60).tick().told
    told = broken.when(taken("answered", ago=20)).then("job.answered")
    assert (told.clock("contact")["is"], balance(told)) == ("late", 1600)


def test_exactly_at_the_limit_was_in_time() -> None:
    broken = case().pass_by(59).tick().told
    assert broken.when(taken("answered", ago=30)).then("deadline.breach_withdrawn", "job.answered")
    assert broken.when(taken("answered", ago=29)).then("job.answered")


def test_a_value_that_somebody_has_changed_since_stays_and_the_event_says_so() -> None:
    marked = case().pass_by(55).when(taken("marked", told=7)).told
    came = marked.when(taken("answered", ago=50))
    told = came.then("deadline.breach_withdrawn", "job.answered")
    assert told.data() == {"told": 7}
    assert came.events[0].changes["kept"] == [{"what": "value", "of": "job/1", "name": "told", "revision": 6}]


def test_a_task_that_somebody_has_done_meanwhile_stays_done() -> None:
    called = case().pass_by(35).when(taken("called")).told
    came = called.when(taken("answered", ago=30))
    told = came.then("deadline.breach_withdrawn", "job.answered")
    assert told.one("chase/1").outcome == "done"
    assert came.events[0].changes["kept"] == [{"what": "instance", "of": "chase/1"}]
    assert balance(told) == 0


def test_what_was_paid_by_hand_stays_paid() -> None:
    paid = case().pass_by(35).when(taken("paid")).told
    told = paid.when(taken("answered", ago=30)).then("deadline.breach_withdrawn", "job.answered")
    assert balance(told) == -100


def test_breaches_of_other_promises_remain() -> None:
    both = CONTACT + '\n      visit: {stop: [closed], within: 20m, ladder: {100%: {post: {fine: {owe: "3.00"}}}}}'
    broken = case(both).pass_by(60).tick().told
    assert balance(broken) == 1900
    told = broken.when(taken("answered", ago=50)).then("deadline.breach_withdrawn", "job.answered")
    assert balance(told) == 300
    assert told.clock("visit")["breached"] == "2026-03-02T01:20:00.000000Z"


def test_a_pause_that_began_before_the_breach_withdraws_it_and_keeps_the_used_time() -> None:
    broken = case().pass_by(60).tick().told
    told = broken.when(taken("held", ago=50)).then("deadline.breach_withdrawn", "job.held")
    clock = told.clock("contact")
    assert (clock["state"], clock["spent_us"], balance(told)) == ("paused", [660_000_000], 0)
    back = told.when(taken("resumed")).then("job.resumed")
    assert back.clock("contact")["due"] == "2026-03-02T02:21:00.000000Z"
    assert back.pass_by(60).tick().events[-2].type == "deadline.breached"


GRADED = CONTACT.replace("within: 30m", "within: '=data.limit == null ? duration(\"30m\") : data.limit'")


def test_a_longer_limit_that_was_agreed_before_the_breach_withdraws_it_and_the_clock_goes_on() -> None:
    broken = case(GRADED).pass_by(60).tick().told
    told = broken.when(taken("graded", ago=50, limit="2h")).then("deadline.breach_withdrawn", "job.graded")
    clock = told.clock("contact")
    assert (clock["state"], clock["due"], balance(told)) == ("running", "2026-03-02T03:00:00.000000Z", 0)
    again = told.pass_by(100).tick()
    assert again.events[0].type == "deadline.breached"
    assert again.events[0].command == "due/M-1/job/1/contact/1/100%/1"


def test_a_longer_limit_that_has_run_out_too_breaks_the_promise_at_its_own_instant() -> None:
    broken = case(GRADED).pass_by(60).tick().told
    came = broken.when(taken("graded", ago=50, limit="40m"))
    came.then("deadline.breach_withdrawn", "job.graded", "deadline.breached", "deadline.breached", "deadline.escalated")
    assert came.told.clock("contact")["breached"] == "2026-03-02T01:40:00.000000Z"


def test_an_answer_recorded_late_twice_is_in_time_by_the_earlier_one() -> None:
    late = case().pass_by(40).when(taken("answered")).told
    assert late.clock("contact")["is"] == "late"
    told = late.when(taken("answered", ago=30)).then("deadline.breach_withdrawn", "job.answered")
    assert told.clock("contact")["is"] == "met"


def test_a_promise_is_kept_by_hindsight_although_its_machine_has_ended() -> None:
    over = case().pass_by(40).when(taken("closed")).told
    told = over.when(taken("answered", ago=30)).then("deadline.breach_withdrawn", "job.answered")
    assert (told.state(), told.clock("contact")["is"], balance(told)) == ("over", "met", 0)
    assert told.pass_by(1000).tick().events == ()


def test_the_same_late_entry_a_second_time_finds_nothing_to_withdraw() -> None:
    told = case().pass_by(60).tick().told.when(taken("answered", ago=50)).told
    told.when(taken("answered", ago=50)).then("job.answered")


def test_as_it_was_at_an_instant_there_was_no_breach_once_it_is_known_to_be_none() -> None:
    told = case().pass_by(60).tick().told.when(taken("answered", ago=50)).told
    then = folded(CASE, told.history, told.history[3].event.occurred_at, None)
    assert then.instances["job/1"].clocks["contact"]["is"] == "met"
    assert "late" not in then.instances["job/1"].data
    believed = folded(CASE, told.history, told.history[3].event.occurred_at, 5)
    assert believed.instances["job/1"].data["late"] is True


def test_a_heartbeat_begins_again_from_the_answer_that_was_recorded_late() -> None:
    told = case("contact: {stop: [answered], every: 30m}").pass_by(70).tick()
    assert [event.type for event in told.events] == ["deadline.breached"] * 2
    came = told.told.when(taken("answered", ago=60))
    assert came.told.clock("contact")["due"] == "2026-03-02T02:11:00.000000Z"
    assert stamp(came.events[-1].occurred_at) == "2026-03-02T01:41:00.000001Z"
    came.then("deadline.breach_withdrawn", "job.answered", "deadline.breached")


TIMED = """
fields: {late: {is: boolean}, visit_at: {is: datetime}, limit: {is: duration}}
cases:
  matter: {machines: [job, chase, echo], opens: {opened: {by: clerk, start: [job, echo]}}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          answered: {by: clerk, recorded_afterwards: true, to: over}
          looked: {by: clerk, form: [visit_at], recorded_afterwards: true}
          fell_due: {after: 30m, when: data.visit_at == null, to: due}
      due:
        enter: {set: {late: true}, start: chase}
        deadlines: {hold: {within: 20m, ladder: {100%: {start: chase}}}}
        steps:
          noticed: {by: clerk, recorded_afterwards: true}
          gave_up: {after: 1h, to: lost}
      lost: {final: lost}
      over: {final: done}
    deadlines: {whole: {stop: [answered], within: 5h}}
  chase:
    start: due
    many: true
    plural: chases
    states: {due: {steps: {called: {by: clerk, to: over}}}, over: {final: done}}
  echo:
    start: quiet
    states: {quiet: {steps: {heard: {upon: job.fell_due, to: loud}}}, loud: {steps: {hushed: {by: clerk, to: quiet}}}}
"""


def timed() -> Told:
    return given(small(TIMED), opened())


def test_a_step_of_the_clock_that_a_late_entry_shows_to_be_wrong_is_superseded_with_all_that_came_of_it() -> None:
    gone = timed().pass_by(200).tick().told
    assert (gone.state(), gone.state("echo/1"), gone.data()) == ("lost", "loud", {"late": True})
    came = gone.when(taken("answered", ago=190))
    told = came.then("timer.superseded", "job.answered")
    assert (told.state(), told.one("job/1").outcome, told.state("echo/1"), told.data()) == ("over", "done", "quiet", {})
    assert {told.one(f"chase/{n}").outcome for n in (1, 2)} == {"withdrawn"}
    assert told.clock("whole")["is"] == "met"
    assert (came.events[0].source, came.events[0].target) == ("lost", "open")
    assert came.events[0].changes["withdraws"]["step"] == "fell_due"
    assert told.pass_by(10_000).tick().events == ()


def test_a_timed_step_that_would_not_have_applied_is_superseded_and_passed_over() -> None:
    due = timed().pass_by(60).tick().told
    came = due.when(taken("looked", ago=50, visit_at="2026-03-05T10:00"))
    told = came.then("timer.superseded", "job.looked", "timer.passed")
    assert (told.state(), told.state("echo/1"), told.one("job/1").timers) == ("open", "quiet", {})
    assert stamp(came.events[2].occurred_at) == "2026-03-02T01:30:00.000000Z"


def test_a_late_entry_that_changes_nothing_for_the_clock_supersedes_nothing() -> None:
    due = timed().pass_by(60).tick().told
    due.when(taken("looked", ago=50)).then("job.looked")
    due.when(taken("answered", ago=20)).then_refused("wrong-state")


def test_a_step_of_the_clock_on_which_somebody_has_acted_stands_with_a_finding() -> None:
    noticed = timed().pass_by(60).tick().told.when(taken("noticed")).told
    came = noticed.when(taken("answered", ago=50))
    told = came.then("job.answered")
    assert (told.state(), told.findings) == ("due", ["fell_due"])
    assert came.events[0].changes["findings"][0]["code"] == "clock-overtaken"
    called = timed().pass_by(60).tick().told.when(taken("chase/1.called")).told
    assert called.when(taken("answered", ago=50)).then("job.answered").findings == ["fell_due"]


def test_what_somebody_has_moved_since_is_left_where_it_is() -> None:
    hushed = timed().pass_by(60).tick().told.when(taken("hushed")).told
    assert hushed.when(taken("answered", ago=50)).then("job.answered").findings == ["fell_due"]


REMIND = """
fields: {told: {is: integer}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          answered: {by: clerk, recorded_afterwards: true, to: over}
          reminded: {after: 10m, repeat: true, set: {told: "=data.told == null ? 1 : data.told + 1"}}
      over: {final: done}
"""


@pytest.mark.parametrize("ago", [5, 15, 25, 35, 45])
def test_reminders_after_the_answer_are_taken_back_those_before_it_stay(ago: int) -> None:
    told = given(small(REMIND), opened()).pass_by(45).tick().told
    assert told.data() == {"told": 4}
    after = told.when(taken("answered", ago=ago)).told
    assert after.data().get("told", 0) == (46 - ago) // 10
    assert after.one("job/1").taken.get("reminded", {"n": 0})["n"] == (46 - ago) // 10
    assert (after.state(), after.pass_by(1000).tick().events) == ("over", ())


VISIT = """
cases: {matter: {machines: [job], opens: {opened: {by: clerk, start: job}}}}
fields: {late: {is: boolean}}
machines:
  job:
    start: open
    anywhere: {sent: {by: clerk, recorded_afterwards: true}, arrived: {by: clerk}, held: {by: clerk, to: waiting}}
    states: {open: {steps: {asked: {by: clerk}}}, waiting: {steps: {resumed: {by: clerk, to: open}}}}
    deadlines:
      visit: {start: sent, stop: [arrived], pause: [waiting], within: 30m, ladder: LADDER}
"""


LADDER = "{100%: {set: {late: true}}, +10m: {set: {late: false}}, +1h: {set: {late: true}}}"
QUIET = given(small(VISIT.replace("LADDER", LADDER)), opened())


def test_a_promise_that_a_late_entry_begins_has_heard_what_happened_since() -> None:
    arrived = QUIET.pass_by(20).when(taken("arrived")).told.pass_by(200)
    came = arrived.when(taken("sent", ago=205))
    told = came.then("job.sent")
    clock = told.clock("visit")
    assert (clock["is"], clock["stopped"]) == ("met", "2026-03-02T01:21:00.000000Z")
    assert [entry["is"] for entry in came.events[0].changes["deadlines"]] == ["started", "met"]
    assert told.pass_by(1000).tick().events == ()


def test_a_promise_that_a_late_entry_begins_has_stood_still_where_its_case_did() -> None:
    held = QUIET.pass_by(20).when(taken("held")).told.pass_by(100).when(taken("resumed")).told
    told = held.when(taken("sent", ago=112)).then("job.sent")
    assert told.clock("visit")["due"] == "2026-03-02T03:22:00.000000Z"
    broken = held.pass_by(22).when(taken("sent", ago=134))
    broken.then("job.sent", "deadline.breached")
    assert broken.told.clock("visit")["breached"] == "2026-03-02T03:22:00.000000Z"


def test_a_promise_that_a_late_entry_begins_is_broken_at_its_own_instant() -> None:
    told = QUIET.pass_by(135).when(taken("sent", ago=35)).then("job.sent", "deadline.breached")
    assert told.clock("visit")["breached"] == "2026-03-02T03:11:00.000000Z"


def test_a_promise_that_a_late_entry_begins_and_that_was_done_late_ends_so_with_the_marks_until_then() -> None:
    arrived = QUIET.pass_by(60).when(taken("arrived")).told.pass_by(200)
    told = arrived.when(taken("sent", ago=250)).then("job.sent", "deadline.breached", "deadline.escalated")
    clock = told.clock("visit")
    assert (clock["is"], clock["state"], clock["stopped"]) == ("late", "over", "2026-03-02T02:01:00.000000Z")
    assert (clock["breached"], told.data()) == ("2026-03-02T01:42:00.000000Z", {"late": False})
    assert told.pass_by(1000).tick().events == ()


def test_values_of_two_broken_promises_go_back_behind_both_whichever_is_withdrawn_first() -> None:
    two = small(
        """
        fields: {note: {is: text}}
        machines:
          job:
            start: open
            anywhere:
              called: {by: clerk, recorded_afterwards: true}
              wrote: {by: clerk, recorded_afterwards: true}
            states: {open: {}, over: {final: done}}
            deadlines:
              call: {stop: [called], within: 30m, ladder: {100%: {set: {note: call}}}}
              letter: {stop: [wrote], within: 40m, ladder: {100%: {set: {note: letter}}}}
        """
    )
    late = given(two, opened()).pass_by(60).tick().told
    assert late.data()["note"] == "letter"
    for first, second in (("called", "wrote"), ("wrote", "called")):
        told = late.when(taken(first, ago=late.minute - 5)).told
        assert told.data()["note"] == {"called": "letter", "wrote": "call"}[first]
        told = told.when(taken(second, ago=told.minute - 5)).told
        assert "note" not in told.data()
