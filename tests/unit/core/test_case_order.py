"""Ordered states: fixed, free and chosen orders, and their end."""

from __future__ import annotations

from tests.unit.core.controls import given, opened, small, taken

ORDERED = small("""
fields:
  hard: {is: boolean}
  sequence: {is: text}
machines:
  job:
    start: new
    states:
      new:
        steps:
          fixed: {by: clerk, to: fixed}
          free: {by: clerk, to: free}
          papers: {by: clerk, form: [sequence], to: papers}
      fixed:
        order: [washed, dried, polished]
        steps:
          washed: {by: clerk}
          dried: {by: clerk, optional: true}
          polished: {by: clerk, form: [hard]}
          talked: {by: clerk}
        complete: {to: over}
      free:
        order: any
        steps:
          swept: {by: clerk}
          aired: {by: clerk, repeat: true}
          heated: {by: clerk, when: "data.hard == true"}
        complete: {to: over}
      papers:
        order: {by: "=data.sequence", first: [signed, stamped], second: [stamped, signed]}
        steps:
          signed: {by: clerk}
          stamped: {by: clerk}
          chosen: {by: clerk, form: [sequence]}
          left: {by: clerk, to: new}
          held: {by: clerk, to: held}
        complete: {to: over}
      held: {steps: {resumed: {by: clerk, form: [sequence], to: $history}}}
      over: {final: done}
""")
FIXED = given(ORDERED, opened(), taken("fixed"))
FREE = given(ORDERED, opened(), taken("free"))


def test_a_later_step_waits_for_those_before_it_but_not_for_optional_ones() -> None:
    (reason,) = FIXED.when(taken("polished")).then_refused("order-before")
    assert reason.required == "washed"
    FIXED.when(taken("washed")).then("job.washed").when(taken("polished")).then("job.polished", "job.fixed_completed")


def test_a_step_that_stands_in_no_order_waits_for_nothing() -> None:
    FIXED.when(taken("talked")).then("job.talked")


def test_a_step_is_taken_once_in_a_stay_unless_it_repeats() -> None:
    FIXED.when(taken("washed")).then("job.washed").when(taken("washed")).then_refused("already-taken")
    FREE.when(taken("aired")).then("job.aired").when(taken("aired")).then("job.aired")


def test_a_free_order_ends_when_every_step_that_applies_was_taken() -> None:
    told = FREE.when(taken("aired")).then("job.aired")
    came = told.when(taken("swept"))
    assert came.then("job.swept", "job.free_completed").state() == "over"
    assert came.events[1].by.role == "system"
    assert came.events[1].causation == "M-1@4"
    FREE.when(taken("heated")).then_refused("not-applicable")


def test_the_order_is_the_variant_that_the_data_names() -> None:
    given(ORDERED, opened(), taken("papers", sequence="first")).when(taken("stamped")).then_refused("order-before")
    second = given(ORDERED, opened(), taken("papers", sequence="second"))
    second.when(taken("signed")).then_refused("order-before")
    second.when(taken("stamped")).then("job.stamped").when(taken("signed")).then("job.signed", "job.papers_completed")


def test_a_variant_once_begun_stays_for_the_stay() -> None:
    begun = given(ORDERED, opened(), taken("papers", sequence="second"), taken("stamped"))
    changed = begun.when(taken("chosen", sequence="first")).then("job.chosen")
    changed.when(taken("signed")).then("job.signed", "job.papers_completed")


def test_a_new_stay_chooses_its_variant_anew() -> None:
    begun = given(ORDERED, opened(), taken("papers", sequence="second"), taken("stamped"), taken("left"))
    again = begun.when(taken("papers", sequence="first")).then("job.papers")
    again.when(taken("stamped")).then_refused("order-before")


def test_a_stay_that_is_resumed_keeps_its_variant() -> None:
    begun = given(ORDERED, opened(), taken("papers", sequence="second"), taken("stamped"), taken("held"))
    back = begun.when(taken("resumed", sequence="first")).then("job.resumed")
    back.when(taken("stamped")).then_refused("already-taken")
    back.when(taken("signed")).then("job.signed", "job.papers_completed")


def test_offers_name_what_stands_before_a_step() -> None:
    offers = FIXED.offers()
    assert [reason.code for reason in offers["job/1.polished"].reasons] == ["order-before"]
    assert not FREE.offers()["job/1.heated"].applies
