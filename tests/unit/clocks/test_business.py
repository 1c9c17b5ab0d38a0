"""Business time by hand-worked examples. The properties compare with a walk from minute to minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lifecycle.clocks.business import (
    NeverOpens,
    due_at,
    is_open,
    never_opens,
    next_open,
    open_time,
    openings,
    start_for,
)
from lifecycle.clocks.calendar import Calendar, Hours, calendar_of
from lifecycle.clocks.days import add_workdays, cut_off, day_end, provisional, spans, workday_end
from lifecycle.clocks.national import Plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = calendar_of("office", zone="Asia/Shanghai", days="cn", hours={"mon-fri": ["08:30-12:00", "13:30-17:30"]})
ROUND_THE_CLOCK = calendar_of("always", zone="Europe/Berlin", hours={"mon-sun": ["00:00-24:00"]})
NIGHT = calendar_of("night", zone="America/New_York", hours={"mon-fri": ["22:00-06:00"]})
NEVER = calendar_of("never", zone="UTC", hours={})
HOUR = timedelta(hours=1)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def test_hours_are_half_open():
    assert is_open(OFFICE, at("2026-03-02T08:30"))
    assert not is_open(OFFICE, at("2026-03-02T12:00"))
    assert is_open(OFFICE, at("2026-03-02T11:59:59.999999"))
    assert not is_open(OFFICE, at("2026-03-02T08:29:59.999999"))


def test_a_length_used_up_exactly_at_closing_is_due_at_that_closing():
    assert due_at(OFFICE, at("2026-03-06T15:30"), 2 * HOUR) == at("2026-03-06T17:30")
    assert due_at(OFFICE, at("2026-03-06T15:30"), 2 * HOUR + timedelta(seconds=1)) == at("2026-03-09T08:30:01")


def test_the_break_at_noon_is_no_open_time():
    assert due_at(OFFICE, at("2026-03-02T11:50"), minutes(30)) == at("2026-03-02T13:50")
    assert open_time(OFFICE, at("2026-03-02T11:50"), at("2026-03-02T13:50")) == minutes(30)


def test_outside_open_hours_a_length_counts_from_the_next_opening():
    assert due_at(OFFICE, at("2026-03-07T10:00"), HOUR) == at("2026-03-09T09:30")


def test_nothing_is_due_at_the_start_itself():
    assert due_at(OFFICE, at("2026-03-07T10:00"), timedelta()) == at("2026-03-07T10:00")


def test_a_national_day_off_is_closed_and_a_make_up_saturday_has_the_hours_of_monday():
    assert due_at(OFFICE, at("2026-02-13T17:00"), HOUR) == at("2026-02-14T09:00")
    assert due_at(OFFICE, at("2026-02-14T17:00"), HOUR) == at("2026-02-24T09:00")


def test_a_make_up_workday_keeps_its_own_hours_where_no_weekday_has_any():
    visits = calendar_of("visits", zone="Asia/Shanghai", days="cn", hours={"sat-sun": ["09:00-18:00"]})
    assert is_open(visits, at("2026-02-14T10:00"))
    assert not is_open(visits, at("2026-02-15T10:00"))


def test_hours_of_a_single_day_stand_above_the_week_and_the_national_plan():
    calendar = OFFICE.changed({date(2026, 10, 1): ((9 * 3_600, 10 * 3_600),), date(2026, 9, 30): ()})
    assert open_time(calendar, at("2026-09-30T00:00"), at("2026-10-05T00:00")) == HOUR
    assert calendar.version != OFFICE.version


def test_hours_in_force_from_a_date_on_leave_the_days_before_alone():
    week = OFFICE.hours[0].week
    later = Hours(since=date(2026, 3, 4), week=(*(((9 * 3_600, 12 * 3_600),),) * 5, (), ()))
    calendar = Calendar(name="office", zone="Asia/Shanghai", hours=(Hours(week=week), later))
    assert open_time(calendar, at("2026-03-03T00:00"), at("2026-03-04T00:00")) == 7.5 * HOUR
    assert open_time(calendar, at("2026-03-04T00:00"), at("2026-03-05T00:00")) == 3 * HOUR


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    zone = NIGHT.tz
    assert is_open(NIGHT, at("2026-03-07T05:59", zone))  # Saturday morning, Friday's shift
    assert not is_open(NIGHT, at("2026-03-08T23:00", zone))
    closed_friday = NIGHT.changed({date(2026, 3, 6): ()})
    assert not is_open(closed_friday, at("2026-03-07T05:59", zone))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Africa/Cairo", "2026-10-29", 25),
        ("Asia/Shanghai", "2026-10-25", 24),
    ],
)
def test_a_day_round_the_clock_is_as_long_as_the_zone_has_it(zone, day, hours):
    calendar = calendar_of("always", zone=zone, hours={"mon-sun": ["00:00-24:00"]})
    start = at(f"{day}T00:00", calendar.tz)
    end = day_end(calendar, start, 0)
    assert open_time(calendar, start, end) == hours * HOUR
    assert end.astimezone(calendar.tz).date() == date.fromisoformat(day) + timedelta(days=1)


def test_hours_that_the_clocks_skip_are_not_open_and_hours_shown_twice_are_open_twice():
    early = calendar_of("early", zone="Europe/Berlin", hours={"sun": ["01:30-02:30"]})
    assert open_time(early, at("2026-03-29T00:00", early.tz), at("2026-03-30T00:00", early.tz)) == minutes(30)
    assert list(openings(early, at("2026-10-25T00:00", early.tz), at("2026-10-26T00:00", early.tz))) == [
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ]


def test_the_29th_of_february_and_the_end_of_a_year_are_days_like_others():
    assert due_at(ROUND_THE_CLOCK, at("2028-02-28T12:00", UTC), 48 * HOUR) == at("2028-03-01T12:00", UTC)
    assert due_at(ROUND_THE_CLOCK, at("2026-12-31T12:00:30", UTC), 48 * HOUR) == at("2027-01-02T12:00:30", UTC)
    opened = list(openings(ROUND_THE_CLOCK, at("2026-12-30T00:00", UTC), at("2027-01-02T00:00", UTC)))
    assert opened == [(at("2026-12-30T00:00", UTC), at("2027-01-02T00:00", UTC))]


def test_a_length_over_years_is_summed_and_taken_back_exactly():
    start = at("2024-02-29T09:00")
    due = due_at(OFFICE, start, 5_000 * HOUR)
    assert open_time(OFFICE, start, due) == 5_000 * HOUR
    assert start_for(OFFICE, due, 5_000 * HOUR) == start


def test_backwards_a_length_used_up_exactly_at_an_opening_starts_there():
    assert start_for(OFFICE, at("2026-03-09T10:30"), 2 * HOUR) == at("2026-03-09T08:30")
    assert start_for(OFFICE, at("2026-03-09T10:30"), 2 * HOUR + minutes(1)) == at("2026-03-06T17:29")
    assert start_for(OFFICE, at("2026-03-08T10:30"), HOUR) == at("2026-03-06T16:30")


def test_a_length_may_be_used_up_exactly_at_the_first_opening_or_the_last_closing_of_a_year():
    assert start_for(OFFICE, at("2026-01-04T10:30"), 2 * HOUR) == at("2026-01-04T08:30")
    assert start_for(OFFICE, at("2026-01-04T10:30"), 2 * HOUR + minutes(1)) == at("2025-12-31T17:29")
    assert due_at(OFFICE, at("2025-12-31T15:30"), 2 * HOUR) == at("2025-12-31T17:30")
    assert due_at(OFFICE, at("2025-12-31T15:30"), 2 * HOUR + minutes(1)) == at("2026-01-04T08:31")


def test_the_next_opening_is_now_when_it_is_open():
    assert next_open(OFFICE, at("2026-03-02T09:00:01")) == at("2026-03-02T09:00:01")
    assert next_open(OFFICE, at("2026-03-02T12:00")) == at("2026-03-02T13:30")
    assert next_open(OFFICE, at("2026-12-31T17:30")) == at("2027-01-01T08:30")


def test_a_calendar_that_never_opens_says_so():
    for ask in (next_open, lambda c, t: due_at(c, t, HOUR), lambda c, t: start_for(c, t, HOUR)):
        with pytest.raises(NeverOpens) as failure:
            ask(NEVER, at("2026-03-02T09:00", UTC))
        assert failure.value.values["calendar"] == "never"
    assert never_opens(NEVER, at("2026-03-02T09:00"))
    assert not never_opens(OFFICE, at("2026-03-02T09:00"))


def test_an_opening_more_than_366_days_away_is_none():
    once = calendar_of("once", zone="UTC", hours={}, dates={date(2027, 3, 3): ["09:00-10:00"]})
    assert next_open(once, at("2026-03-02T09:00", UTC)) == at("2027-03-03T09:00", UTC)
    with pytest.raises(NeverOpens):
        next_open(once, at("2026-03-02T08:59:59", UTC))
    with pytest.raises(NeverOpens):
        due_at(once, at("2027-03-02T09:00", UTC), 2 * HOUR)
    assert open_time(once, at("2026-03-02T09:00", UTC), at("2030-03-02T09:00", UTC)) == HOUR


def test_no_time_passes_towards_the_past():
    assert open_time(OFFICE, at("2026-03-03T09:00"), at("2026-03-02T09:00")) == timedelta()
    assert list(spans(OFFICE, at("2026-03-03T09:00"), at("2026-03-02T09:00"))) == []


def test_spans_tell_open_hours_from_closed_ones_and_from_days_off_with_their_names():
    found = list(spans(OFFICE, at("2026-02-14T17:00"), at("2026-02-24T09:00")))
    assert [(span.kind, span.titles.get("zh", "")) for span in found] == [
        ("open", ""), ("closed", ""), ("holiday", "春节"), ("closed", ""), ("open", ""),
    ]  # fmt: skip
    assert (found[2].start, found[2].end) == (at("2026-02-15T00:00"), at("2026-02-24T00:00"))


def test_the_end_of_tomorrow_is_the_midnight_after_tomorrow():
    assert day_end("Asia/Shanghai", at("2026-03-02T23:59:59"), 1) == at("2026-03-04T00:00")
    assert day_end(SHANGHAI, at("2026-03-02T00:00"), 0) == at("2026-03-03T00:00")
    assert day_end(OFFICE, at("2026-03-01T00:00"), -1) == at("2026-03-01T00:00")


def test_a_midnight_that_the_clocks_skip_ends_the_day_where_they_skip_it():
    assert day_end("Africa/Cairo", datetime(2026, 4, 23, 12, tzinfo=UTC), 0) == datetime(2026, 4, 23, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "time", "expected"),
    [
        ("Asia/Shanghai", "2026-03-02", "17:00", "2026-03-02T09:00"),
        ("Asia/Shanghai", "2026-03-02", "24:00", "2026-03-02T16:00"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),
    ],
)
def test_a_cut_off_is_a_time_of_the_local_day(zone, day, time, expected):
    assert cut_off(zone, at(f"{day}T12:00", ZoneInfo(zone)), time) == at(expected, UTC)


def test_a_text_that_is_no_time_is_no_cut_off():
    with pytest.raises(ValueError, match="half past five"):
        cut_off("UTC", at("2026-03-02T12:00"), "half past five")


def test_workdays_go_over_weekends_and_days_off_and_count_make_up_days():
    assert add_workdays(OFFICE, at("2026-03-06T16:45"), 1) == at("2026-03-09T16:45")
    assert add_workdays(OFFICE, at("2026-02-13T09:00"), 2) == at("2026-02-24T09:00")  # Saturday 14 is worked
    assert add_workdays(OFFICE, at("2026-03-09T09:00"), -1) == at("2026-03-06T09:00")
    assert add_workdays(OFFICE, at("2026-03-07T09:00"), 0) == at("2026-03-09T09:00")
    assert add_workdays(OFFICE, at("2026-03-06T09:00"), 0) == at("2026-03-06T09:00")


def test_a_term_of_workdays_ends_at_the_last_closing_of_the_day():
    assert workday_end(OFFICE, at("2026-03-06T16:45"), 1) == at("2026-03-09T17:30")
    assert workday_end(OFFICE, at("2026-03-06T16:45"), 0) == at("2026-03-06T17:30")
    assert workday_end(OFFICE, at("2026-03-06T17:31"), 0) == at("2026-03-09T17:30")
    assert workday_end(NIGHT, at("2026-03-06T12:00", NIGHT.tz), 0) == at("2026-03-07T06:00", NIGHT.tz)


def test_workdays_of_a_calendar_without_any_are_never_found():
    with pytest.raises(NeverOpens):
        add_workdays(NEVER, at("2026-03-02T09:00"), 1)


def test_a_year_without_a_national_plan_is_provisional():
    assert provisional(OFFICE, at("2026-12-31T09:00"), at("2027-01-04T09:00"))
    assert not provisional(OFFICE, at("2026-01-01T00:00"), at("2026-12-31T23:59:59"))
    assert not provisional(ROUND_THE_CLOCK, at("2027-01-01T00:00"), at("2099-12-31T23:59:59"))
    planned = OFFICE.changed({}, [Plan(year=2027, edition=1, papers=(), off=(), work=())])
    assert not provisional(planned, at("2026-12-31T09:00"), at("2027-01-04T09:00"))


def test_the_version_names_what_decides_when_it_is_open():
    own, _, national = OFFICE.version.partition("+cn")
    assert len(own) == 8
    assert national.startswith("2026.")
    same = calendar_of("other", zone="Asia/Shanghai", days="cn", hours={"mon-fri": ["08:30-12:00", "13:30-17:30"]})
    assert same.version == OFFICE.version
    assert OFFICE.changed({date(2026, 5, 2): ()}).version != OFFICE.version
