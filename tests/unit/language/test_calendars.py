"""What a text says of calendars is what decisions use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from lifecycle.clocks.business import is_open, open_time
from lifecycle.clocks.calendar import Calendar
from lifecycle.core.case import Case, Facts
from lifecycle.core.case.scope import Snapshot
from lifecycle.core.events import Actor
from lifecycle.core.workflow import Workflow
from lifecycle.language.compile import compile_workflow
from lifecycle.language.define import define
from lifecycle.language.reader import read
from tests.unit.language.checks.marks import changed

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENTRIES = """
calendars:
  office:
    hours: {mon-fri: ["13:30-17:30", "08:30-12:00"]}
    days: cn
    dates: {2026-05-02: ["09:00-12:00"], 2026-05-08: closed}
    from: {2026-07-01: {mon-sat: ["08:00-12:00"]}}
  hotline: {zone: Europe/Berlin, hours: {"sat, sun": ["22:00-06:00"]}}

types:
"""


def compiled() -> Workflow:
    tree = read(changed(("\ntypes:\n", ENTRIES)), "clean.yaml").tree
    assert tree is not None
    workflow = compile_workflow(define(tree)[0]).workflow
    assert workflow is not None
    return workflow


def hours(calendar: Calendar, day: str) -> float:
    start = datetime.fromisoformat(day).replace(tzinfo=calendar.tz)
    return open_time(calendar, start, start + timedelta(days=1)) / timedelta(hours=1)


def test_a_week_single_days_and_a_later_week_are_read_as_written():
    office = compiled().calendars["office"]
    assert (office.name, office.zone, office.days) == ("office", "Asia/Shanghai", "cn")
    assert [hours(office, day) for day in ("2026-04-30", "2026-05-01", "2026-05-02", "2026-05-08")] == [7.5, 0, 3, 0]
    assert hours(office, "2026-05-09") == 7.5  # a make-up Saturday
    assert [hours(office, day) for day in ("2026-06-30", "2026-07-01", "2026-07-04", "2026-07-05")] == [7.5, 4, 4, 0]


def test_a_zone_of_its_own_decides_about_a_calendars_hours():
    hotline = compiled().calendars["hotline"]
    assert is_open(hotline, datetime(2026, 3, 7, 21, 30, tzinfo=UTC))
    assert not is_open(hotline, datetime(2026, 3, 7, 20, 30, tzinfo=UTC))


def snapshot(**facts: Any) -> Snapshot:
    case = Case(id=UUID(int=1), kind="repair_case")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    who = Actor(role="office")
    return Snapshot(workflow=compiled(), case=case, instance=None, actor=who, now=now, facts=Facts(**facts))


def test_a_decision_sees_the_calendar_that_is_in_force():
    scope = snapshot()
    assert hours(scope.calendar("office"), "2026-03-02") == 7.5
    changed_one = compiled().calendars["office"].changed({date(2026, 3, 2): ()})
    scope = snapshot(calendars={"office": changed_one})
    assert hours(scope.calendar("office"), "2026-03-02") == 0
    assert hours(scope.calendar("hotline"), "2026-03-07") == 2
