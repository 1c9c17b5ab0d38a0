"""Business time by a loop from day to day, as one writes it when nothing is worked out beforehand: the other side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from lifecycle.clocks.calendar import calendar_of
from lifecycle.clocks.national import published

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = calendar_of("office", zone=ZONE.key, days="cn", hours={"mon-fri": ["08:30-12:00", "13:30-17:30"]})
HOURS = ((timedelta(hours=8.5), timedelta(hours=12)), (timedelta(hours=13.5), timedelta(hours=17.5)))
WITHIN = timedelta(hours=20)


def starts(count: int) -> list[datetime]:
    """Return instants of 2026, the same ones every time."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    return [first + timedelta(seconds=number * 40_503 * 97 % (365 * 86_400)) for number in range(count)]


def due_by_days(start: datetime, within: timedelta) -> datetime:
    """Return when a length is used up, going through the days."""
    for opens, closes in _open(start.astimezone(ZONE).date()):
        usable = closes - max(opens, start)
        if usable >= within:
            return max(opens, start) + within
        within -= max(usable, timedelta())
    raise AssertionError("days do not end")


def open_by_days(start: datetime, end: datetime) -> timedelta:
    """Return the open time between two instants, going through the days."""
    found = timedelta()
    for opens, closes in _open(start.astimezone(ZONE).date()):
        if opens >= end:
            return found
        found += max(min(closes, end) - max(opens, start), timedelta())
    raise AssertionError("days do not end")


def _open(day: date) -> Iterator[tuple[datetime, datetime]]:
    national = published("cn")
    while True:
        if day in national.work or (day.weekday() < 5 and day not in national.off):
            midnight = datetime.combine(day, datetime.min.time(), ZONE)
            yield from (
                ((midnight + opens).astimezone(UTC), (midnight + closes).astimezone(UTC)) for opens, closes in HOURS
            )
        day += timedelta(days=1)
