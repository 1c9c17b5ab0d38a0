"""Readings: what was read, when, by whom; never falling unless somebody writes why; asked for as of an instant."""

from __future__ import annotations

from lifecycle.core.events import Personal, stamp
from lifecycle.core.series import SERIES, name_of
from tests.unit.core.controls import MORNING, given, opened, small, taken

TEXT = """
fields:
  vin: {is: text, scope: case}
  km: {is: integer}
  litres: {is: number}
  read_at: {is: datetime}
  driven: {is: integer}
series:
  mileage: {of: vehicle, key: "=case.vin", unit: km, never_falls: true, override: {by: chief, reason: true}}
  fuel: {of: case, is: number}
  strict: {of: case, never_falls: true}
cases:
  matter:
    machines: [job]
    opens: {opened: {by: clerk, form: [vin, km], start: job, record: {mileage: "=form.km"}}}
machines:
  job:
    start: open
    states:
      open:
        steps:
          measured: {by: [clerk, chief], form: [km!, vin], record: {mileage: "=form.km"}, recorded_afterwards: true}
          told:
            by: clerk
            form: [km!, read_at]
            record: {mileage: {value: "=form.km", at: "=form.read_at", source: dealer}}
          filled: {by: clerk, form: [litres], record: [{fuel: "=form.litres"}]}
          counted: {by: clerk, form: [km!], record: {strict: {value: "=form.km", when: "data.km > 0"}}}
          due:
            by: clerk
            require:
              far:
                that: "series.mileage.last != null && series.mileage.last >= 200"
                else: {zh: "未到", en: "Not yet"}
            set: {driven: "=series.mileage.last - reading('mileage', now - duration('120s'))"}
      closed: {final: done}
  other: {start: here, states: {here: {final: done}}}
"""
WORKFLOW = small(TEXT)


def vehicle(**form):
    return given(WORKFLOW, opened(vin="V-1", **form))


def readings(told, series: str = "mileage", holder: str = "V-1"):
    return told.beside_now(SERIES, name_of("small", series, holder)).all


def test_a_reading_keeps_value_instant_and_the_event_that_recorded_it():
    came = vehicle().when(taken("measured", km=120))
    (entry,) = came.changes["readings"]
    at = stamp(came.events[0].occurred_at)
    assert entry == {"id": "M-1@2/1", "series": "mileage", "of": "V-1", "at": at, "value": 120, "unit": "km"}
    (aside,) = came.aside
    assert (aside.type, aside.by.person, aside.changes["reading"]) == ("series.recorded", "li", entry)
    assert readings(came.told) == ({"id": "M-1@2/1", "at": at, "value": 120},)
    assert came.told.case.readings == {"mileage/V-1": {"id": "M-1@2/1", "at": at, "value": 120, "unit": "km"}}


def test_an_opening_records_and_a_reading_without_a_value_is_none():
    assert [one["value"] for one in readings(vehicle(km=7))] == [7]
    assert readings(vehicle()) == ()
    assert "readings" not in vehicle().when(taken("filled")).changes


def test_several_cases_of_one_holder_share_the_series():
    first = vehicle(km=100)
    assert [one["value"] for one in readings(first.when(taken("measured", km=100)).told)] == [100, 100]


def test_what_never_falls_is_refused_below_an_earlier_reading():
    case = vehicle(km=100)
    (reason,) = case.when(taken("measured", km=99)).then_refused("reading-falls")
    assert (reason.actual, reason.required) == (99, 100)
    case.when(taken("measured", by="chief:wu", km=99)).then_refused("reading-falls", "reading-overridable")


def test_whoever_may_records_it_all_the_same_with_a_written_reason():
    came = vehicle(km=100).when(taken("measured", by="chief:wu", km=5, reasons={"mileage": "a new meter"}))
    (entry,) = came.changes["readings"]
    assert entry["reason"] == Personal("a new meter")
    assert "reason" not in came.aside[0].changes["reading"]
    assert [(one["value"], one.get("overridden", False)) for one in readings(came.told)] == [(100, False), (5, True)]
    came.told.when(taken("measured", km=6)).then("job.measured")


def test_nobody_may_where_the_series_says_nothing_of_it():
    case = vehicle().when(taken("counted", km=5)).told
    case.when(taken("counted", by="clerk:li", km=4, reasons={"strict": "so"})).then_refused(
        "reason-unknown", "reading-falls"
    )


def test_a_reading_of_an_earlier_instant_goes_between_its_neighbours():
    case = vehicle(km=100).pass_by(60).when(taken("measured", km=300)).told
    at = stamp(MORNING.replace(minute=30))
    told = case.when(taken("told", km=200, read_at=at))
    assert told.changes["readings"][0]["source"] == "dealer"
    assert [one["value"] for one in readings(told.told)] == [100, 200, 300]
    told.told.when(taken("told", km=301, read_at=at)).then_refused("reading-falls")
    told.told.when(taken("told", km=199, read_at=at)).then_refused("reading-falls")


def test_nothing_is_read_before_it_is_time():
    at = stamp(MORNING.replace(hour=9))
    vehicle().when(taken("told", km=200, read_at=at)).then_refused("reading-in-future")


def test_a_reading_is_of_somebody():
    given(WORKFLOW, opened()).when(taken("measured", km=1)).then_refused("reading-no-holder")


def test_conditions_see_the_last_reading_and_one_at_an_instant_and_the_event_keeps_them():
    case = vehicle(km=150)
    case.when(taken("due")).then_refused("guard")
    case = case.pass_by(10).when(taken("measured", km=210)).told
    came = case.when(taken("due"))
    assert came.changes["set"] == {"driven": 60}
    assert came.changes["measured"]["mileage/V-1"]["is"] == 210
    assert came.changes["measured"]["mileage/V-1"]["revision"] == 2


def test_numbers_are_kept_as_they_are():
    came = vehicle().when(taken("filled", litres="40.5"))
    assert [one["value"] for one in readings(came.told, "fuel", "M-1")] == ["40.5"]
