"""Whole days: the end of a local day, a time on a day, workdays; and what a stretch of time was made of."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo

from lifecycle.clocks.business import NeverOpens, openings
from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.hours import DAY, parse_time
from lifecycle.clocks.tables import EPOCH, joined, laid, stretches_of
from lifecycle.problems import Text

Kind = Literal["open", "closed", "holiday"]
LONGEST_CLOSED_DAYS: Final = 366


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A part of a stretch of time, half open.

    kind    open; holiday: closed on a national day off; closed: everything else
    titles  what the day off is called
    """

    start: datetime
    end: datetime
    kind: Kind
    titles: Text = field(default_factory=dict)


def day_end(where: Calendar | str | ZoneInfo, at: datetime, days: int) -> datetime:
    """Return the end of a local day: of that of `at`, or so many days after it.

    where    a calendar, the name of a zone, or a zone
    days     0 is the end of today, 1 the end of tomorrow
    Returns  the midnight that follows, in UTC: done at exactly that instant is done in time, and where the zone's
             clocks skip midnight it is the instant at which they do
    """
    zone = _zone(where)
    return on_day(zone, at.astimezone(zone).date() + timedelta(days=days), DAY)


def cut_off(where: Calendar | str | ZoneInfo, at: datetime, time: str) -> datetime:
    """Return a time of day on the local day of an instant.

    time     "17:00"; "24:00" is the midnight that follows
    Returns  in UTC; a time that the zone's clocks skip is the instant at which they do, one that they show twice is
             the first of both
    Raises   ValueError when the text is no time of day
    """
    second = parse_time(time)
    if second is None:
        raise ValueError(f"no time of day: {time!r}")
    zone = _zone(where)
    return on_day(zone, at.astimezone(zone).date(), second)


def add_months(at: datetime, months: int, zone: tzinfo) -> datetime:
    """Return the same local day and time some months later (earlier when negative), clamped to the month's end.

    Raises  ValueError beyond the years 1 to 9999
    """
    local = at.astimezone(zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("a month outside the years 1 to 9999")
    day = min(local.day, months_of.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def workday(calendar: Calendar, at: datetime, n: int) -> date:
    """Return the n-th local day with hours after the day of `at`; before it when n is less than 0.

    n        0: the day of `at`, or the next one with hours
    Raises   NeverOpens when none comes within 366 days
    """
    day = at.astimezone(calendar.tz).date()
    step = timedelta(days=-1 if n < 0 else 1)
    left, closed = abs(n), 0
    if left == 0:
        day, left = day - step, 1
    while left:
        day += step
        closed = 0 if calendar.hours_of(day) else closed + 1
        if closed > LONGEST_CLOSED_DAYS:
            raise NeverOpens(calendar=calendar.name, after=at.astimezone(UTC).isoformat())
        left -= closed == 0
    return day


def add_workdays(calendar: Calendar, at: datetime, n: int) -> datetime:
    """Return the same local time on the n-th workday after the day of `at`; for 0, `at` when its day is a workday.

    n        workdays; less than 0 counts back
    Returns  in UTC; a time that the zone's clocks skip is the instant at which they do
    Raises   NeverOpens like `workday`
    """
    local = at.astimezone(calendar.tz)
    day = workday(calendar, at, n)
    if day == local.date():
        return at.astimezone(UTC)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    passed = local.replace(tzinfo=None) - midnight
    return on_day(calendar.tz, day, passed.seconds) + timedelta(microseconds=passed.microseconds)


def workday_end(calendar: Calendar, at: datetime, n: int) -> datetime:
    """Return the last closing of the n-th workday after the day of `at`: "within two workdays" ends there.

    n        0: of the first workday, from that of `at` on, whose closing is not before `at`
    Returns  in UTC; hours over midnight end on the day after
    Raises   NeverOpens like `workday`
    """
    end = _closing(calendar, workday(calendar, at, n))
    if n == 0 and end < at:
        end = _closing(calendar, workday(calendar, at, 1))
    return end


def provisional(calendar: Calendar, start: datetime, end: datetime) -> bool:
    """Return whether a stretch of time touches a local year whose national plan the calendar needs and does not have.

    The last days of a planned year can still change with the next year's plan; that is not counted.
    """
    if not calendar.days:
        return False
    first, last = (at.astimezone(calendar.tz).year for at in (start, end))
    return any(year not in calendar.national.plans for year in range(first, last + 1))


def spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """Yield what a stretch of time is made of, in order: half-open spans that together are the stretch, exactly.

    Neighbours differ in kind or in titles; nothing when the end is not after the start.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    reached = start
    for opens, closes in openings(calendar, start, end):
        yield from _closed(calendar, reached, opens)
        yield Span(start=opens, end=closes, kind="open")
        reached = closes
    yield from _closed(calendar, reached, end)


def _closed(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """Yield the parts of a closed stretch: days off stand out."""
    reached = start
    for since, before, titles in _days_off(calendar, start, end):
        if reached < since:
            yield Span(start=reached, end=since, kind="closed")
        yield Span(start=since, end=before, kind="holiday", titles=titles)
        reached = before
    if reached < end:
        yield Span(start=reached, end=end, kind="closed")


def _days_off(calendar: Calendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime, Text]]:
    """Return the parts of a stretch on national days off, those of one name in a row as one."""
    found: list[tuple[datetime, datetime, Text]] = []
    first, last = (at.astimezone(calendar.tz).toordinal() for at in (start, end))
    for day in map(date.fromordinal, range(first - 1, last + 2)):
        titles = None if day in calendar.dates else calendar.national.off.get(day)
        if titles is None:
            continue
        for since, before in _whole(calendar, day):
            part = max(since, start), min(before, end), titles
            if part[0] >= part[1]:
                continue
            if found and found[-1][1:] == (part[0], titles):
                part = found.pop()[0], part[1], titles
            found.append(part)
    return found


def _whole(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the instants of a local day: one stretch, or more where the zone's clocks are put back over midnight."""
    pieces = joined(laid(day, (0, DAY), stretches_of(calendar.tz, day.year)))
    return ((EPOCH + timedelta(seconds=since), EPOCH + timedelta(seconds=before)) for since, before in pieces)


def _closing(calendar: Calendar, day: date) -> datetime:
    stretches = stretches_of(calendar.tz, day.year)
    ends = [end for hours in calendar.hours_of(day) for _, end in laid(day, hours, stretches)]
    if not ends:  # all its hours are skipped by the zone's clocks
        return on_day(calendar.tz, day, DAY)
    return EPOCH + timedelta(seconds=max(ends))


def on_day(zone: ZoneInfo, day: date, second: int) -> datetime:
    """Return the first instant at which a local day is so far on, or past it where that time is skipped."""
    local = datetime.combine(day, datetime.min.time()) + timedelta(seconds=second)
    before = local.replace(tzinfo=zone).astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None) == local:
        return before
    point = (before - EPOCH).total_seconds()
    skips = next(since for since, until, _ in stretches_of(zone, before.year) if since <= point < until)
    return EPOCH + timedelta(seconds=skips)


def _zone(where: Calendar | str | ZoneInfo) -> ZoneInfo:
    if isinstance(where, Calendar):
        return where.tz
    return ZoneInfo(where) if isinstance(where, str) else where
