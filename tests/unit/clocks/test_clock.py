from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lifecycle.clocks.clock import fixed_clock, system_clock


def test_a_fixed_clock_stands_still_in_utc():
    clock = fixed_clock(datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8))))
    assert clock() == clock() == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert clock().tzinfo is UTC


def test_a_time_without_a_zone_makes_no_clock():
    with pytest.raises(ValueError, match="has no zone"):
        fixed_clock(datetime(2026, 3, 2, 9))


def test_the_systems_clock_is_aware_and_does_not_go_back():
    before = system_clock()
    assert before.tzinfo is UTC
    assert system_clock() >= before
