from __future__ import annotations

import pytest

from lifecycle.clocks.hours import overlapping, parse_days, parse_interval, parse_time, show_interval


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("08:30-12:00", (30_600, 43_200)),
        ("22:00-06:00", (79_200, 108_000)),
        ("00:00-24:00", (0, 86_400)),
        ("18:00-24:00", (64_800, 86_400)),
        ("18:00-00:00", (64_800, 86_400)),
        ("08:30:15 - 12:00", (30_615, 43_200)),
    ],
)
def test_hours_are_read_half_open_and_over_midnight(text, hours):
    assert parse_interval(text) == hours


@pytest.mark.parametrize(
    "text",
    ["", "08:30", "8:30-12:00", "08:30-08:30", "24:00-06:00", "08:60-12:00", "25:00-26:00", "24:30-25:00", "a-b"],
)
def test_a_text_that_names_no_hours_is_none(text):
    assert parse_interval(text) is None


@pytest.mark.parametrize("text", ["08:30-12:00", "22:00-06:00", "00:00-24:00", "08:30:15-12:00"])
def test_hours_are_shown_as_they_are_read(text):
    assert show_interval(parse_interval(text)) == text


@pytest.mark.parametrize(("text", "second"), [("17:00", 61_200), ("24:00", 86_400), ("7:00", None), ("24:01", None)])
def test_a_time_of_day_is_read_to_the_second(text, second):
    assert parse_time(text) == second


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat-mon", (5, 6, 0)),
        ("mon, wed,fri-sat", (0, 2, 4, 5)),
        ("monday", None),
        ("mon,mon", None),
        ("mon-wed,tue", None),
        ("mon-tue-wed", None),
        ("", None),
    ],
)
def test_days_of_the_week_are_read_alone_as_ranges_and_as_lists(text, days):
    assert parse_days(text) == days


def test_hours_that_share_a_time_overlap_and_hours_that_touch_do_not():
    assert overlapping([(43_200, 50_000), (30_600, 43_200)]) is None
    assert overlapping([(40_000, 50_000), (30_600, 43_200)]) == ((30_600, 43_200), (40_000, 50_000))
