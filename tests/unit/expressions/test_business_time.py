"""Conditions ask calendars and days: the answer is exact, and a failure where there is none."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lifecycle.clocks.calendar import calendar_of
from lifecycle.expressions import Compiled, Environment, Failure, Fault, Quiet, compile
from lifecycle.expressions.values import DATETIME, INTEGER, TEXT

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = calendar_of("office", zone="Asia/Shanghai", days="cn", hours={"mon-fri": ["08:30-12:00", "13:30-17:30"]})
NEVER = calendar_of("never", zone="Asia/Shanghai", hours={})
CONTEXT = Quiet(zone=SHANGHAI, calendars={"office": OFFICE, "never": NEVER})
ENVIRONMENT = Environment({"at": DATETIME, "n": INTEGER, "name": TEXT}, {"at", "n", "name"})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def answer(text: str, at: str = "2026-03-06T16:30", n: int = 1) -> object:
    found = compile(text, ENVIRONMENT)
    assert isinstance(found, Compiled), found
    return found.evaluate({"at": local(at), "n": n, "name": "office"}, CONTEXT)


def faults(text: str) -> list[tuple[str, int]]:
    found = compile(text, ENVIRONMENT)
    assert not isinstance(found, Compiled)
    return [(fault.code, fault.column) for fault in found if isinstance(fault, Fault)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is_open('office', at)", True),
        ("is_open('office', at + duration('1h'))", False),
        ("next_open('office', at)", local("2026-03-06T16:30")),
        ("next_open('office', at + duration('1h'))", local("2026-03-09T08:30")),
        ("day_end(at, n)", local("2026-03-08T00:00")),
        ("cut_off(at, '17:00')", local("2026-03-06T17:00")),
        ("workdays('office', at, n)", local("2026-03-09T16:30")),
        ("workday_end('office', at, n)", local("2026-03-09T17:30")),
        ("open_time('office', at, at + duration('72h'))", timedelta(hours=1 + 7.5 - 1)),
        ("at < cut_off(at, '17:00') ? day_end(at, 0) : day_end(at, 1)", local("2026-03-07T00:00")),
    ],
)
def test_business_time_is_asked_by_name(text, expected):
    assert answer(text) == expected


def test_a_national_day_off_is_closed_for_conditions_too():
    assert answer("is_open('office', at)", "2026-10-01T10:00") is False
    assert answer("is_open('office', at)", "2026-10-10T10:00") is True


@pytest.mark.parametrize(
    "text",
    [
        "next_open('never', at) > at",
        "is_open('ofice', at)",
        "workdays('never', at, 1) > at",
        "day_end(at, 99999999) > at",
        "workdays('office', at, 9999999) > at",
        "cut_off(at, name) > at",
    ],
)
def test_where_there_is_no_answer_there_is_a_failure(text):
    assert isinstance(answer(text), Failure)


def test_a_calendar_is_named_on_the_spot_and_a_time_of_day_is_one():
    assert faults("is_open(name, at)") == [("expression-literal-wanted", 9)]
    assert faults("cut_off(at, '5 pm') > at") == [("expression-no-time", 13)]
