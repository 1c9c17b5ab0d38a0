"""What happens by itself: `upon`, `always`, machines that start by themselves, and the end of every chain."""

from __future__ import annotations

from tests.unit.core.controls import given, opened, small, taken

CHAIN = small("""
fields:
  cost: {is: integer}
  score: {is: integer}
  why: {is: text}
cases: {matter: {machines: [job, part, survey, bill, archive], opens: {opened: {by: clerk, start: [job, bill]}}}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          split: {by: clerk, start: part}
          signed: {by: clerk, form: [cost, why], to: signed}
          joined: {always: "size(parts) > 0 && all_final('parts')", to: signed}
          heard: {upon: part.failed}
      signed: {steps: {ended: {by: clerk, to: over}}}
      over: {final: done}
  part:
    many: true
    plural: parts
    start: open
    states:
      open:
        steps:
          mended: {by: clerk, to: ready}
          failed: {by: clerk, form: [why!], to: bad}
          cancelled: {upon: job.signed, to: bad}
      ready: {final: done}
      bad: {final: failed}
  survey:
    many: true
    plural: surveys
    start: due
    starts: {upon: job.signed}
    states:
      due: {steps: {asked: {by: clerk, form: [score!], to: over}}}
      over: {final: done}
  bill:
    start: none
    states:
      none:
        steps:
          written: {upon: job.signed, when: "form.cost != null", form: [cost], to: open}
          skipped: {upon: [job.signed, job.joined], to: paid}
      open:
        steps:
          paid: {by: clerk, to: paid}
          doubted: {always: "data.cost != null && data.cost > 100"}
      paid: {final: done}
  archive:
    start: open
    starts: {all: [job.ended, bill.paid]}
    states: {open: {steps: {filed: {by: clerk, to: over}}}, over: {final: done}}
""")
OPEN = given(CHAIN, opened())


def test_a_step_upon_an_event_is_taken_by_the_system_in_the_same_commit() -> None:
    came = OPEN.when(taken("signed", cost=5))
    told = came.then("job.signed", "bill.written")
    assert (came.events[1].by.role, came.events[1].causation) == ("system", "M-1@2")
    assert came.events[1].command == came.events[0].command
    assert told.data("bill/1") == {"cost": 5}


def test_a_form_of_a_follower_is_what_the_event_gave() -> None:
    assert OPEN.when(taken("signed")).then("job.signed", "bill.skipped").data("bill/1") == {}


def test_a_machine_starts_by_itself_as_a_child_of_who_raised_the_event() -> None:
    told = OPEN.when(taken("signed", cost=5)).told
    assert (told.one("survey/1").parent, told.state("survey/1")) == ("job/1", "due")


def test_an_event_reaches_only_the_parent_or_children_of_related_instances() -> None:
    told = given(CHAIN, opened(), taken("split"), taken("split"))
    told = told.when(taken("part/1.failed", why="rust")).then("part.failed", "job.heard")
    assert told.state("part/2") == "open"
    told.when(taken("signed")).then("job.signed", "bill.skipped", "part.cancelled")


def test_a_condition_on_data_fires_as_soon_as_it_holds() -> None:
    told = given(CHAIN, opened(), taken("split"), taken("split"), taken("part/1.mended"))
    told = told.when(taken("part/2.mended")).then("part.mended", "job.joined", "bill.skipped")
    assert told.state() == "signed"


def test_a_condition_that_stays_fires_once_in_a_stay() -> None:
    told = OPEN.when(taken("signed", cost=500)).then("job.signed", "bill.written", "bill.doubted")
    assert told.when(taken("asked", score=3)).then("survey.asked").state("bill/1") == "open"


def test_a_machine_that_waits_for_all_starts_once_when_all_have_happened() -> None:
    told = given(CHAIN, opened(), taken("signed", cost=5), taken("ended"))
    assert "archive/1" not in told.case.instances
    came = told.when(taken("paid"))
    assert [entry["id"] for entry in came.changes["started"]] == ["archive/1"]
    assert came.told.one("archive/1").parent == ""


def test_a_case_closes_only_when_every_instance_has_ended() -> None:
    told = given(CHAIN, opened(), taken("signed", cost=5), taken("ended"), taken("paid"), taken("filed"))
    assert not told.case.closed
    assert told.when(taken("asked", score=3)).then("survey.asked").case.closed


def test_a_chain_without_end_is_refused() -> None:
    endless = small("""
machines:
  job:
    start: ping
    states:
      ping: {steps: {begun: {by: clerk, to: pong}, back: {upon: job.forth, to: pong}, ended: {by: clerk, to: over}}}
      pong: {steps: {forth: {upon: [job.begun, job.back], to: ping}}}
      over: {final: done}
""")
    (reason,) = given(endless, opened()).when(taken("begun")).then_refused("loop-limit")
    assert reason.values == {"rounds": 32}


def test_a_follower_that_a_guard_refuses_refuses_the_step_that_caused_it() -> None:
    strict = small("""
fields: {cost: {is: integer}}
cases: {matter: {machines: [job, bill], opens: {opened: {by: clerk, start: [job, bill]}}}}
machines:
  job: {start: new, states: {new: {steps: {signed: {by: clerk, form: [cost!], to: over}}}, over: {final: done}}}
  bill:
    start: none
    states:
      none:
        steps:
          written:
            upon: job.signed
            form: [cost]
            require: {small: {that: "data.cost != null && data.cost < 9", else: {zh: "小", en: "Small"}}}
            to: over
      over: {final: done}
""")
    given(strict, opened()).when(taken("signed", cost=9)).then_refused("guard")
    given(strict, opened()).when(taken("signed", cost=8)).then("job.signed", "bill.written")
