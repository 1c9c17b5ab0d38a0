from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.clocks.typed import read_time, show_time
from lifecycle.problems import Problem

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-03-02", datetime(2026, 3, 1, 16, tzinfo=UTC)),
        ("2026-03-02T09:00", datetime(2026, 3, 2, 1, tzinfo=UTC)),
        (" 2026-03-02 09:00:30.5 ", datetime(2026, 3, 2, 1, 0, 30, 500_000, tzinfo=UTC)),
        ("2026-03-02T09:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02t09:00z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02 09:00 -05:00", datetime(2026, 3, 2, 14, tzinfo=UTC)),
        ("2026-03-02T01:00:00.000000Z", datetime(2026, 3, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_typed_time_is_read_in_the_workflows_zone_unless_it_names_one(typed, instant):
    assert read_time(typed, SHANGHAI) == instant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "noon",
        "2026-02-30",
        "2026-03-02T25:00",
        "02.03.2026",
        "2026-03-02Z",
        "20260302",
        "２０２６-03-02",
        "1772413200",
    ],
)
def test_a_text_that_names_no_instant_is_a_problem_at_its_option(typed):
    problem = read_time(typed, SHANGHAI, path="--at")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.where.path, problem.values["typed"]) == ("time-unreadable", "--at", typed)


@pytest.mark.parametrize("typed", ["0001-01-01T00:00+23:00", "9999-12-31T23:59-23:00"])
def test_an_instant_beyond_the_calendar_is_a_problem(typed):
    problem = read_time(typed, SHANGHAI)
    assert isinstance(problem, Problem)


def test_a_time_that_the_zones_clocks_skip_is_not_guessed():
    problem = read_time("2026-03-29T02:30", BERLIN)
    assert isinstance(problem, Problem)
    assert problem.code == "time-skipped"


def test_a_time_that_the_zones_clocks_show_twice_is_not_guessed():
    problem = read_time("2026-10-25T02:30", BERLIN)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.values["first"], problem.values["second"]) == ("time-ambiguous", "+02:00", "+01:00")


def test_a_time_with_its_difference_to_utc_is_never_ambiguous():
    assert read_time("2026-10-25T02:30+01:00", BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_every_instant_with_an_offset_is_read_as_itself(at, minutes):
    aware = at.replace(tzinfo=UTC)
    local = (aware + timedelta(minutes=minutes)).replace(tzinfo=None)
    hours, rest = divmod(abs(minutes), 60)
    typed = f"{local.isoformat()}{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
    assert read_time(typed, SHANGHAI) == aware


@given(st.text())
def test_no_text_makes_the_reader_fail(typed):
    assert isinstance(read_time(typed, SHANGHAI), datetime | Problem)


@pytest.mark.parametrize(("second", "shown"), [(0, "2026-03-02 09:00"), (5, "2026-03-02 09:00:05")])
def test_an_instant_is_shown_in_the_zone_with_seconds_only_when_there_are_any(second, shown):
    assert show_time(datetime(2026, 3, 2, 1, 0, second, tzinfo=UTC), SHANGHAI) == shown
