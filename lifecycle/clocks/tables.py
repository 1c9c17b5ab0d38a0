"""The open hours of a calendar as tables of instants, one per year in UTC: what makes the arithmetic fast.

Instants are whole microseconds since 1970 in UTC, as `micros` counts them. A wall clock of the zone decides what is
open, so local hours are laid over the stretches of the year in which the zone's offset is the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.hours import DAY, Interval

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY: Final = EPOCH.date().toordinal()
SECOND: Final = 1_000_000
FIRST_YEAR, LAST_YEAR = 2, 9_997
"""What tables are made for: a day before and after must exist in every zone."""
Stretch = tuple[int, int, int]
"""From, before, and the zone's offset in between; all in seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The open hours of one year in UTC, in microseconds: joined, in order, cut at the year's ends.

    starts, ends  of each open interval
    upto          how much is open in the year up to each interval's end
    total         how much is open in the year
    """

    starts: list[int]
    ends: list[int]
    upto: list[int]
    total: int

    def passed(self, at: int) -> int:
        """Return how much of the year is open before an instant."""
        index = bisect_right(self.starts, at) - 1
        return self.upto[index] - max(0, self.ends[index] - at) if index >= 0 else 0

    def used_up(self, target: int) -> int:
        """Return the first instant at which so much of the year was open. target: more than 0, at most `total`."""
        index = bisect_left(self.upto, target)
        return self.ends[index] - (self.upto[index] - target)

    def still_to_use(self, target: int) -> int:
        """Return the last instant at which so much of the year was open. target: less than `total`, not below 0."""
        index = bisect_right(self.upto, target)
        return self.ends[index] - (self.upto[index] - target)


def micros(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970 in UTC."""
    passed = at - EPOCH
    return (passed.days * DAY + passed.seconds) * SECOND + passed.microseconds


def instant(at: int) -> datetime:
    """Return microseconds since 1970 as an aware instant in UTC."""
    return EPOCH + timedelta(microseconds=at)


def table_of(calendar: Calendar, year: int) -> Table:
    """Return the open hours of a year in UTC, worked out once."""
    table = calendar.tables.get(year)
    if table is None:
        table = calendar.tables[year] = _made(calendar, year)
    return table


def days_around(year: int) -> Iterator[date]:
    """Yield the local days whose hours may lie in a year in UTC: a night shift may begin two days before."""
    first = date(year - 1, 12, 29).toordinal()
    return (date.fromordinal(day) for day in range(first, date(year + 1, 1, 3).toordinal()))


def laid(day: date, interval: Interval, stretches: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield the instants, as seconds from and before, at which a wall clock shows a local interval."""
    midnight = (day.toordinal() - EPOCH_DAY) * DAY
    for since, before, offset in stretches:
        start = max(since, midnight + interval[0] - offset)
        end = min(before, midnight + interval[1] - offset)
        if start < end:
            yield start, end


def joined(intervals: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the same instants as intervals in order that neither overlap nor touch."""
    held: tuple[int, int] | None = None
    for start, end in sorted(intervals):
        if held is not None and start <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held


@lru_cache(maxsize=2_000)
def stretches_of(zone: ZoneInfo, year: int) -> tuple[Stretch, ...]:
    """Return the stretches of one offset, of a year in UTC and the days around it."""
    first = (date(year - 1, 12, 28).toordinal() - EPOCH_DAY) * DAY
    last = (date(year + 1, 1, 4).toordinal() - EPOCH_DAY) * DAY
    found: list[Stretch] = []
    since, offset = first, _offset(zone, first)
    for day in range(first + DAY, last + 1, DAY):
        while _offset(zone, day) != offset:
            changes = _first_other(zone, max(since, day - DAY), day, offset)
            found.append((since, changes, offset))
            since, offset = changes, _offset(zone, changes)
    return (*found, (since, last, offset))


def _made(calendar: Calendar, year: int) -> Table:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Table(starts=[], ends=[], upto=[], total=0)
    stretches = stretches_of(calendar.tz, year)
    first, last = ((date(each, 1, 1).toordinal() - EPOCH_DAY) * DAY for each in (year, year + 1))
    found = joined(
        piece for day in days_around(year) for hours in calendar.hours_of(day) for piece in laid(day, hours, stretches)
    )
    cut = [
        (max(start, first) * SECOND, min(end, last) * SECOND) for start, end in found if start < last and end > first
    ]
    upto = list(accumulate(end - start for start, end in cut))
    return Table(
        starts=[start for start, _ in cut], ends=[end for _, end in cut], upto=upto, total=upto[-1] if upto else 0
    )


def _first_other(zone: tzinfo, before: int, at: int, offset: int) -> int:
    """Return the first second after `before`, at most `at`, with another offset than the one there."""
    while at - before > 1:
        middle = (before + at) // 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            at = middle
    return at


def _offset(zone: tzinfo, at: int) -> int:
    found = (EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset()
    assert found is not None
    return found.days * DAY + found.seconds
