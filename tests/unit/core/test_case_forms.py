"""What a step asks for, and what stands against what was typed."""

from __future__ import annotations

from lifecycle.core.events import Personal
from tests.unit.core.controls import given, opened, small, taken

FORMS = small("""
fields:
  fault: {is: text}
  cost: {is: money, currency: CNY, max: 100}
  late: {is: boolean}
  why: {is: text}
  size: {is: integer}
  phone: {is: phone, pii: true}
  flat: {is: text, scope: case}
  line_no: {is: text}
  count: {is: integer}
  lines: {is: list, of: [line_no!, count]}
machines:
  job:
    start: new
    states:
      new:
        steps:
          described: {by: clerk, form: [fault!, flat!]}
          priced: {by: clerk, form: [fault!, cost!, flat!]}
          delayed: {by: clerk, form: [late!, {why: {required_when: "data.late == true"}}]}
          measured: {by: clerk, form: [{size: {default: 7}}, {why: {default: "=data.fault"}}]}
          called: {by: clerk, form: [phone]}
          listed: {by: clerk, form: [lines!]}
          ended: {by: clerk, to: over}
      over: {final: done}
""")
OPEN = given(FORMS, opened())


def test_values_are_kept_in_their_stored_form_each_where_it_belongs() -> None:
    told = OPEN.when(taken("priced", fault=" 裂 ", cost="12.5", flat="A-1")).then("job.priced")
    assert told.data() == {"fault": "裂", "cost": "12.50 CNY"}
    assert told.case.data == {"flat": "A-1"}


def test_everything_that_lacks_is_told_at_once_in_the_order_of_the_form() -> None:
    reasons = OPEN.when(taken("priced")).then_refused("field-missing", "field-missing", "field-missing")
    assert [reason.where.path for reason in reasons] == ["fault", "cost", "flat"]


def test_a_value_stored_before_need_not_be_typed_again() -> None:
    told = given(FORMS, opened(), taken("described", fault="loose", flat="A-1"))
    told.when(taken("priced", cost="3")).then("job.priced")


def test_a_field_that_the_step_does_not_ask_for_is_refused_with_the_known_ones() -> None:
    (reason,) = OPEN.when(taken("called", fone="13800000000")).then_refused("field-unknown")
    assert reason.values == {"field": "fone", "known": ("phone",)}


def test_a_misfit_is_told_once_and_not_as_missing_too() -> None:
    OPEN.when(taken("priced", fault="x", flat="y", cost="much")).then_refused("field-wrong-type")
    OPEN.when(taken("priced", fault="x", flat="y", cost="100.01")).then_refused("value-too-large")


def test_a_field_is_required_only_when_its_condition_holds() -> None:
    OPEN.when(taken("delayed", late="yes")).then_refused("field-missing")
    OPEN.when(taken("delayed", late="no")).then("job.delayed")
    OPEN.when(taken("delayed", late="yes", why="rain")).then("job.delayed")


def test_a_default_is_taken_when_nothing_was_typed_and_nothing_is_stored() -> None:
    told = given(FORMS, opened(), taken("described", fault="loose", flat="A-1"), taken("measured"))
    assert told.data() == {"fault": "loose", "size": 7, "why": "loose"}
    again = told.when(taken("measured", size="9")).then("job.measured")
    assert again.data()["size"] == 9
    assert again.when(taken("measured")).then("job.measured").data()["size"] == 9


def test_blank_text_is_nothing_typed() -> None:
    OPEN.when(taken("described", fault="  ", flat="A-1")).then_refused("field-missing")


def test_a_personal_value_is_marked_as_such() -> None:
    came = OPEN.when(taken("called", phone="138 0000 0000"))
    assert came.changes["form"] == {"phone": Personal("13800000000")}


def test_a_fault_inside_a_row_names_row_and_field() -> None:
    reasons = OPEN.when(taken("listed", lines=[{"line_no": "1"}, {"count": 2}])).then_refused("row-field-missing")
    assert reasons[0].where.path == "lines.2.line_no"
    OPEN.when(taken("listed", lines='[{"line_no": "1", "count": "x"}]')).then_refused("field-wrong-type")


def test_a_step_of_another_state_is_refused_with_the_states_that_have_it() -> None:
    over = given(FORMS, opened(), taken("ended"))
    (reason,) = over.when(taken("called")).then_refused("wrong-state")
    assert (reason.actual, reason.required) == ("over", ["new"])


def test_an_unknown_step_names_those_that_can_be_taken() -> None:
    (reason,) = OPEN.when(taken("finished")).then_refused("unknown-step")
    assert reason.values["known"][:2] == ("described", "priced")
