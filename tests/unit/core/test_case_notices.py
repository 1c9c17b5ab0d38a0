"""Notices: whom an effect meant to tell what is in the event, with the values of that moment."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from lifecycle.core.case import evolve
from lifecycle.core.case.notifying import said
from lifecycle.core.events import Event, Personal
from tests.unit.core.controls import CASE, given, opened, small, taken

TEXT = """
fields:
  caller: {is: text, pii: true}
  visit_at: {is: datetime}
  adviser: {is: staff}
  price: {is: integer}
texts:
  late: {zh: "{case} 逾期，来电人 {caller}，上门 {visit_at}", en: "{case} is late: {caller}, visit {visit_at}"}
cases:
  matter:
    machines: [job]
    opens: {opened: {by: clerk, start: job, notify: {who: chief, text: {zh: "新案件 {case}", en: "new case {case}"}}}}
machines:
  job:
    start: open
    states:
      open:
        zh: "办理中"
        en: "At work"
        steps:
          told: {by: clerk, form: [caller, visit_at], notify: {who: [chief, buyer], text: late}}
          advised: {by: clerk, form: [adviser], notify: {who: "=data.adviser", text: {en: "come"}}}
          asked:
            by: clerk
            form: [price!, visit_at]
            notify:
              - who: chief
                text: {en: "{twice} at {hour}"}
                with: {twice: "=data.price * 2", hour: "=data.visit_at"}
              - {who: chief, text: {en: "dear"}, when: "data.price > 100"}
          stayed:
            by: clerk
            notify: {who: chief, text: {zh: "停在{where}", en: "still {where}"}, with: {where: "=state"}}
          left: {by: clerk, to: closed}
      closed: {final: done, enter: {notify: {who: buyer, text: {en: "done"}}}}
"""
WORKFLOW = small(TEXT)


def matter():
    return given(WORKFLOW, opened())


def notices(came):
    assert came.reasons == (), came.codes
    return list(came.changes["notices"])


def words(entry, lang="en"):
    return said(entry, "M-1", WORKFLOW, lang, ZoneInfo("Asia/Shanghai"))


def test_an_opening_tells_a_role_and_the_event_keeps_the_words():
    case = matter().case
    assert [entry["to"] for entry in case.notices] == [[{"role": "chief"}]]
    assert case.notices[0]["words"] == {"zh": "新案件 {case}", "en": "new case {case}"}
    assert words(case.notices[0], "zh") == "新案件 M-1"


def test_a_step_tells_role_and_party_with_the_values_of_its_form_and_personal_ones_are_marked():
    came = matter().when(taken("told", caller="Li", visit_at="2026-03-02T09:00:00.000000Z"))
    (entry,) = notices(came)
    assert entry["to"] == [{"role": "chief"}, {"party": "buyer"}]
    assert entry["text"] == "late"
    assert entry["values"]["caller"] == Personal("Li")
    opened_up = {**entry, "values": {**entry["values"], "caller": "Li"}}
    assert words(opened_up) == "M-1 is late: Li, visit 2026-03-02 17:00"


def test_a_person_is_told_by_name_and_nobody_is_told_when_nobody_is_named():
    (entry,) = notices(matter().when(taken("advised", adviser="wang")))
    assert entry["to"] == [{"person": "wang"}]
    (entry,) = notices(matter().when(taken("advised")))
    assert entry["to"] == []


def test_values_under_with_are_worked_out_and_a_copied_field_reads_as_its_type():
    (entry,) = notices(matter().when(taken("asked", price=50, visit_at="2026-03-02T09:00:00.000000Z")))
    assert words(entry) == "100 at 2026-03-02 17:00"


def test_a_notice_whose_condition_does_not_hold_is_not_given():
    assert len(notices(matter().when(taken("asked", price=101, visit_at="2026-03-02T09:00:00.000000Z")))) == 2
    assert len(notices(matter().when(taken("asked", price=100, visit_at="2026-03-02T09:00:00.000000Z")))) == 1


def test_entering_a_state_tells_somebody():
    (entry,) = notices(matter().when(taken("left")))
    assert entry["to"] == [{"party": "buyer"}]


def test_a_case_keeps_its_latest_ten_notices_and_the_count_goes_on():
    told = matter()
    for _ in range(12):
        told = told.when(taken("advised", adviser="wang")).told
    assert [entry["nth"] for entry in told.case.notices] == list(range(4, 14))


def test_what_a_later_event_takes_back_the_case_shows_as_taken_back():
    told = matter().when(taken("advised", adviser="wang")).told.when(taken("advised", adviser="li")).told
    event = Event(type="deadline.breach_withdrawn", stream=CASE, machine="job/1", occurred_at=told.now)
    after = evolve(told.case, event.with_changes({"recalls": [{"revision": 2, "nth": 1}]}))
    assert [(entry["revision"], entry.get("withdrawn", False)) for entry in after.notices] == [
        (1, False), (2, True), (3, False),
    ]  # fmt: skip


def test_the_state_of_an_instance_is_told_by_its_title():
    [entry] = notices(matter().when(taken("stayed")))
    assert (words(entry), words(entry, "zh")) == ("still At work", "停在办理中")
    assert entry["values"] == {"where": "open"}
