"""Going from state to state: nested states, entering and leaving, choices, and the way back."""

from __future__ import annotations

from tests.unit.core.controls import given, opened, small, taken

STATES = small("""
fields:
  trail: {is: text}
  far: {is: boolean}
  seen: {is: integer}
machines:
  job:
    start: new
    anywhere:
      noted: {by: clerk, form: [far]}
      stopped: {by: chief, to: over}
    states:
      new: {exit: {set: {trail: "n-"}}, steps: {begun: {by: clerk, to: work}}}
      work:
        start: measuring
        enter: {set: {trail: "=data.trail + 'W'"}}
        exit: {set: {trail: "=data.trail + 'w'"}}
        steps:
          held: {by: clerk, to: held}
          looked: {by: clerk}
        states:
          measuring:
            enter: {set: {trail: "=data.trail + 'M'"}}
            exit: {set: {trail: "=data.trail + 'm'"}}
            steps:
              drawn: {by: clerk, to: cutting}
              redone: {by: clerk, to: measuring}
              probed: {by: clerk}
          cutting:
            enter: {set: {trail: "=data.trail + 'C'"}}
            steps:
              back: {by: clerk, to: work.measuring}
              chosen: {by: clerk, form: [far], to: {"data.far == true": held, "data.far == false": measuring}}
      held:
        steps:
          resumed: {by: clerk, to: $history}
          further: {by: clerk, to: deeper}
          restarted: {by: clerk, to: work}
      deeper: {steps: {out: {by: clerk, to: $history}}}
      over: {final: done}
""")
BEGUN = given(STATES, opened(), taken("begun"))


def test_entering_a_state_around_others_enters_its_first_one_from_outside_in() -> None:
    assert BEGUN.state() == "work.measuring"
    assert BEGUN.data()["trail"] == "n-WM"
    assert BEGUN.one("job/1").entered == {"": 1, "new": 1, "work": 2, "work.measuring": 2}


def test_going_on_inside_leaves_the_state_around_alone() -> None:
    told = BEGUN.when(taken("drawn")).then("job.drawn")
    assert told.state() == "work.cutting"
    assert told.data()["trail"] == "n-WMmC"
    assert told.one("job/1").entered == {"": 1, "new": 1, "work": 2, "work.measuring": 2, "work.cutting": 3}


def test_a_step_to_its_own_state_leaves_and_enters_it_again() -> None:
    told = BEGUN.when(taken("redone")).then("job.redone")
    assert told.data()["trail"] == "n-WMmM"
    assert told.one("job/1").entered["work.measuring"] == 3


def test_a_step_without_a_target_stays_and_enters_nothing() -> None:
    came = BEGUN.when(taken("looked"))
    told = came.then("job.looked")
    assert told.data()["trail"] == "n-WM"
    assert (came.events[0].source, came.events[0].target) == ("work.measuring", "work.measuring")


def test_leaving_from_inside_runs_exits_from_inside_out() -> None:
    assert BEGUN.when(taken("held")).then("job.held").data()["trail"] == "n-WMmw"


def test_a_choice_follows_the_first_branch_that_holds() -> None:
    cutting = given(STATES, opened(), taken("begun"), taken("drawn"))
    assert cutting.when(taken("chosen", far="yes")).then("job.chosen").state() == "held"
    assert cutting.when(taken("chosen", far="no")).then("job.chosen").state() == "work.measuring"


def test_a_choice_that_answers_nowhere_refuses_with_what_it_asked() -> None:
    (reason,) = given(STATES, opened(), taken("begun"), taken("drawn")).when(taken("chosen")).then_refused("no-branch")
    assert reason.required == ["data.far == true", "data.far == false"]


def test_the_way_back_leads_to_where_it_came_from_and_enters_nothing() -> None:
    held = given(STATES, opened(), taken("begun"), taken("drawn"), taken("held"))
    before = given(STATES, opened(), taken("begun"), taken("drawn")).one("job/1")
    told = held.when(taken("resumed")).then("job.resumed")
    assert told.state() == "work.cutting"
    assert told.one("job/1").entered == {**before.entered, "held": 4}
    assert told.data()["trail"] == held.data()["trail"]


def test_a_stay_that_is_resumed_still_knows_what_was_done_in_it() -> None:
    waits = small("""
machines:
  job:
    start: work
    states:
      work:
        steps:
          inspected: {by: clerk}
          held: {by: clerk, to: held}
          ended: {by: clerk, require: {looked: {that: "done('inspected')", else: {zh: "看", en: "Look"}}}, to: over}
      held: {steps: {resumed: {by: clerk, to: $history}, restarted: {by: clerk, to: work}}}
      over: {final: done}
""")
    held = given(waits, opened(), taken("inspected"), taken("held"))
    held.when(taken("resumed")).then("job.resumed").when(taken("ended")).then("job.ended")
    held.when(taken("restarted")).then("job.restarted").when(taken("ended")).then_refused("guard")


def test_steps_of_anywhere_are_open_in_every_state_that_is_not_final() -> None:
    for steps in ([], ["begun"], ["begun", "held"]):
        told = given(STATES, opened(), *(taken(step) for step in steps))
        assert told.when(taken("noted")).then("job.noted").state() == told.state()
    over = given(STATES, opened(), taken("stopped", "chief:wu"))
    assert (over.one("job/1").outcome, over.case.closed) == ("done", True)
    over.when(taken("noted")).then_refused("wrong-state")


def test_a_step_that_is_offered_by_two_instances_asks_which_is_meant() -> None:
    twins = small("""
cases: {matter: {machines: [job, other], opens: {opened: {by: clerk, start: [job, other]}}}}
machines:
  job: {start: new, states: {new: {steps: {ended: {by: clerk, to: over}}}, over: {final: done}}}
  other: {start: new, states: {new: {steps: {ended: {by: clerk, to: over}}}, over: {final: done}}}
""")
    (reason,) = given(twins, opened()).when(taken("ended")).then_refused("instance-ambiguous")
    assert reason.values["known"] == ("job/1", "other/1")
    told = given(twins, opened()).when(taken("job.ended")).then("job.ended")
    told.when(taken("ended")).then("other.ended")
    told.when(taken("nobody.ended")).then_refused("unknown-instance")


def test_a_step_that_left_its_state_counts_as_done_until_the_state_is_entered_again() -> None:
    begun = given(STATES, opened(), taken("begun")).one("job/1")
    assert begun.taken["begun"]["rev"] > begun.entered["new"]


def test_the_way_back_leads_on_from_hold_to_hold() -> None:
    deeper = given(STATES, opened(), taken("begun"), taken("drawn"), taken("held"), taken("further"))
    back = deeper.when(taken("out")).then("job.out")
    assert back.state() == "held"
    assert back.when(taken("resumed")).then("job.resumed").state() == "work.cutting"
