"""What was recorded wrongly is put right by a later event; nothing is ever written over."""

from __future__ import annotations

from datetime import timedelta

from lifecycle.core.case import folded
from lifecycle.core.events import Personal
from tests.unit.core.controls import CASE, MORNING, Told, corrected, given, opened, small, taken

RIGHT = small("""
fields:
  cost: {is: integer}
  double: {is: integer}
  flat: {is: text, scope: case}
  phone: {is: phone, pii: true}
machines:
  job:
    start: new
    states:
      new:
        steps:
          priced: {by: clerk, form: [cost!, flat, phone], set: {double: "=data.cost * 2"}}
          inspected: {by: expert}
          ended: {by: clerk, require: {looked: {that: "done('inspected')", else: {zh: "看", en: "Look"}}}, to: over}
      over: {final: done}
""")
PRICED = given(RIGHT, opened(), taken("priced", cost=5, flat="A-1", phone="13800000000"))


def as_of(told: Told, minute: int | None, position: int | None = None) -> dict[str, object]:
    at = None if minute is None else MORNING + timedelta(minutes=minute)
    case = folded(CASE, told.history, at, position)
    return dict(case.instances["job/1"].data)


def test_a_correction_replaces_values_and_says_what_they_were() -> None:
    came = PRICED.when(corrected(2, cost="7", flat="B-2"))
    told = came.then("matter.corrected")
    assert (told.data()["cost"], told.case.data["flat"]) == (7, "B-2")
    assert came.changes["corrects"] == {
        "revision": 2,
        "type": "job.priced",
        "values": {"cost": 7, "flat": "B-2"},
        "before": {"cost": 5, "flat": "A-1"},
    }
    assert came.changes["reason"] == Personal("a slip")


def test_a_later_value_is_not_touched_by_the_correction_of_an_earlier_one() -> None:
    twice = PRICED.when(taken("priced", cost=9)).told
    told = twice.when(corrected(2, cost=7, phone="13900000000")).then("matter.corrected")
    assert (told.data()["cost"], told.data()["phone"]) == (9, "13900000000")


def test_a_personal_value_is_corrected_as_one() -> None:
    came = PRICED.when(corrected(2, phone="13900000000"))
    assert came.changes["corrects"]["values"] == {"phone": Personal("13900000000")}


def test_the_case_is_known_on_both_axes() -> None:
    told = PRICED.pass_by(10).when(corrected(2, cost=7)).told
    assert as_of(told, None)["cost"] == 7
    assert as_of(told, 5)["cost"] == 7, "as known now, it cost 7 already then"
    assert as_of(told, 5, position=2)["cost"] == 5, "as known before the correction"
    assert as_of(told, None, position=2)["cost"] == 5
    assert as_of(told, 0) == {}


def test_the_last_of_two_corrections_counts_at_every_time() -> None:
    told = PRICED.pass_by(10).when(corrected(2, cost=7)).told.pass_by(10).when(corrected(2, cost=8)).told
    assert [as_of(told, minute)["cost"] for minute in (5, 15, 60)] == [8, 8, 8]
    assert as_of(told, 15, position=3)["cost"] == 7


def test_a_withdrawn_step_does_not_count_any_more() -> None:
    seen = PRICED.when(taken("inspected", "expert:ma")).told
    told = seen.when(corrected(3, "expert:ma", withdraw=True)).then("matter.corrected")
    assert "inspected" not in told.one("job/1").taken
    told.when(taken("ended")).then_refused("guard")
    told.when(taken("inspected", "expert:ma")).told.when(taken("ended")).then("job.ended")


def test_withdrawing_one_of_two_leaves_the_other() -> None:
    twice = PRICED.when(taken("inspected", "expert:ma")).told.when(taken("inspected", "expert:lu")).told
    told = twice.when(corrected(4, withdraw=True)).told
    assert told.one("job/1").taken["inspected"]["person"] == "ma"
    assert told.one("job/1").taken["inspected"]["n"] == 1
    assert "inspected" not in told.when(corrected(3, withdraw=True)).told.one("job/1").taken


def test_a_withdrawn_step_did_not_count_then_either_as_known_now() -> None:
    seen = PRICED.when(taken("inspected", "expert:ma")).told.pass_by(10)
    told = seen.when(corrected(3, withdraw=True)).told
    then = MORNING + timedelta(minutes=5)
    assert "inspected" not in folded(CASE, told.history, then, None).instances["job/1"].taken
    assert "inspected" in folded(CASE, told.history, then, 3).instances["job/1"].taken


def test_who_made_an_entry_and_who_may_correct_all_correct_it() -> None:
    PRICED.when(corrected(2, "clerk:wang", cost=7)).then("matter.corrected")
    PRICED.when(corrected(2, "chief:wu", cost=7)).then("matter.corrected")
    (reason,) = PRICED.when(corrected(2, "expert:ma", cost=7)).then_refused("wrong-role")
    assert reason.required == ["clerk", "chief"]


def test_only_what_the_event_gave_can_be_corrected() -> None:
    (reason,) = PRICED.when(corrected(1, cost=7)).then_refused("field-unknown")
    assert reason.values["field"] == "cost"
    PRICED.when(corrected(2, cost="much")).then_refused("field-wrong-type")
    PRICED.when(corrected(2)).then_refused("nothing-to-correct")
    PRICED.when(corrected(9, cost=7)).then_refused("no-such-revision")


def test_an_opening_cannot_be_withdrawn() -> None:
    PRICED.when(corrected(1, withdraw=True)).then_refused("nothing-to-correct")
