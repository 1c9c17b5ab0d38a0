"""Calendars that a decision reads: the event keeps which version answered."""

from __future__ import annotations

from tests.unit.core.controls import given, opened, small, taken

OFFICE = small("""
fields: {visit_at: {is: datetime}}
calendars:
  office: {hours: {mon-fri: ["08:30-17:30"]}}
  night: {hours: {mon-sun: ["22:00-24:00"]}}
machines:
  job:
    start: new
    states:
      new:
        steps:
          agreed:
            by: clerk
            form: [visit_at!]
            require: {open: {that: "is_open('office', data.visit_at)", else: {zh: "已下班", en: "Closed then"}}}
          shifted:
            by: clerk
            set: {visit_at: "=next_open('night', now)"}
            to: done
          left: {by: clerk, to: done}
      done: {final: done}
""")


def test_an_event_keeps_the_version_of_the_calendar_that_its_guard_read():
    came = given(OFFICE, opened()).when(taken("agreed", visit_at="2026-03-03 09:00"))
    came.then("job.agreed")
    assert came.changes["calendars"] == {"office": OFFICE.calendars["office"].version}


def test_a_derived_value_names_its_calendar_and_no_other():
    came = given(OFFICE, opened()).when(taken("shifted"))
    assert came.changes["set"] == {"visit_at": "2026-03-02T14:00:00.000000Z"}
    assert list(came.changes["calendars"]) == ["night"]


def test_a_step_that_reads_no_calendar_keeps_none():
    came = given(OFFICE, opened()).when(taken("left"))
    came.then("job.left")
    assert "calendars" not in came.changes
