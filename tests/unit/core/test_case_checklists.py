"""Checklists: items that people tick over the states of a machine."""

from __future__ import annotations

from tests.unit.core.controls import given, opened, small, taken

TICKED = small("""
fields:
  fee: {is: integer}
  photo: {is: text}
  rooms: {is: list, of: text}
rules: {X-1: {zh: "一", en: "One", source: "s"}}
checklists:
  handover:
    items:
      clean: {by: clerk}
      paid: {when: "data.fee != null && data.fee > 0", by: [clerk, chief]}
      shown: {by: expert, proof: photo, rules: [X-1]}
  rooms:
    items: {aired: {each: "=data.rooms", by: clerk}}
machines:
  job:
    start: new
    states:
      new: {steps: {begun: {by: clerk, form: [fee, rooms], to: work}}}
      work:
        start: inside
        checklist: handover
        steps:
          held: {by: clerk, to: held}
          cut_short:
            by: [clerk, chief]
            require: {ready: {checklist: handover, override: {by: chief, reason: true}}}
            to: over
          left: {by: clerk, to: new}
        states:
          inside: {steps: {went: {by: clerk, to: outside}}}
          outside:
            checklist: rooms
            steps:
              ended:
                by: clerk
                require:
                  ready: {checklist: handover}
                  aired: {that: "size(missing('rooms')) == 0", else: {zh: "未通风", en: "Not aired"}}
                to: over
      held: {steps: {resumed: {by: clerk, to: $history}}}
      over: {final: done}
""")
WORK = given(TICKED, opened(), taken("begun"))
DONE = {"items": ["shown"], "photo": "p-1"}


def test_a_checklist_brings_the_step_that_ticks_its_items() -> None:
    came = WORK.when(taken("handover_ticked", items=["clean"]))
    assert came.then("job.handover_ticked").one("job/1").ticks == {"handover": {"clean": 3}}
    assert came.changes["ticks"] == [{"checklist": "handover", "item": "clean"}]
    WORK.when(taken("handover_ticked", items=["swept"])).then_refused("choice-unknown")
    WORK.when(taken("handover_ticked")).then_refused("field-missing")


def test_every_open_item_is_a_reason_of_its_own() -> None:
    told = WORK.when(taken("went")).then("job.went")
    reasons = told.when(taken("ended")).then_refused("checklist-open", "checklist-open")
    assert [reason.actual for reason in reasons] == ["clean", "shown"]
    assert [reason.rules for reason in reasons] == [(), ("X-1",)]


def test_open_items_that_may_be_passed_with_a_reason_are_told_all_the_same() -> None:
    items = WORK.when(taken("cut_short", "chief:wu")).then_refused(
        "checklist-open", "checklist-open", "guard-overridable"
    )
    assert [reason.actual for reason in items[:2]] == ["clean", "shown"]
    WORK.when(taken("cut_short", "chief:wu", reasons={"ready": "fire"})).then("job.cut_short")
    WORK.when(taken("cut_short")).then_refused("checklist-open", "checklist-open")


def test_an_item_that_does_not_apply_is_not_open() -> None:
    told = given(TICKED, opened(), taken("begun", fee=3), taken("went"))
    told.when(taken("ended")).then_refused("checklist-open", "checklist-open", "checklist-open")


def test_an_item_is_ticked_by_those_it_names() -> None:
    (reason,) = WORK.when(taken("handover_ticked", "clerk:li", **DONE)).then_refused("wrong-role", rules=["X-1"])
    assert reason.required == ["expert"]
    WORK.when(taken("handover_ticked", "expert:ma", **DONE)).then("job.handover_ticked")
    WORK.when(taken("handover_ticked", "buyer", items=["clean"])).then_refused("wrong-role")


def test_an_item_with_proof_needs_it() -> None:
    (reason,) = WORK.when(taken("handover_ticked", "expert:ma", items=["shown"])).then_refused("field-missing")
    assert reason.where.path == "photo"


def test_ticks_live_over_the_states_inside_the_one_that_shows_the_list() -> None:
    told = given(
        TICKED,
        opened(),
        taken("begun"),
        taken("handover_ticked", items=["clean"]),
        taken("handover_ticked", "expert:ma", **DONE),
        taken("went"),
    )
    assert told.when(taken("ended")).then("job.ended").state() == "over"


def test_ticks_are_dropped_when_the_state_is_left() -> None:
    ticked = WORK.when(taken("handover_ticked", items=["clean"])).told
    came = ticked.when(taken("left"))
    assert came.changes["dropped"] == ["handover"]
    again = came.told.when(taken("begun")).told.when(taken("went")).told
    again.when(taken("ended")).then_refused("checklist-open", "checklist-open")


def test_ticks_are_there_again_when_the_stay_is_resumed() -> None:
    held = WORK.when(taken("handover_ticked", items=["clean"])).told.when(taken("held")).told
    assert held.one("job/1").ticks == {}
    back = held.when(taken("resumed")).then("job.resumed")
    assert back.one("job/1").ticks == {"handover": {"clean": 3}}


def test_an_item_per_row_is_ticked_row_by_row() -> None:
    told = given(
        TICKED,
        opened(),
        taken("begun", rooms=["hall", "bath"]),
        taken("handover_ticked", items=["clean"]),
        taken("handover_ticked", "expert:ma", **DONE),
        taken("went"),
    )
    told = told.when(taken("rooms_ticked", items=["aired/1"])).then("job.rooms_ticked")
    told.when(taken("ended")).then_refused("guard")
    told = told.when(taken("rooms_ticked", items=["aired/2"])).then("job.rooms_ticked")
    told.when(taken("ended")).then("job.ended")
    told.when(taken("rooms_ticked", items=["aired/3"])).then_refused("choice-unknown")
