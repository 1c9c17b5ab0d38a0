"""Business time: how much of a calendar's open hours lies between instants, forwards and backwards.

Every instant is aware, in any zone; every answer is in UTC and exact. `at` itself belongs to what follows it: at
08:30:00 a day that opens at 08:30 is open, at 12:00:00 a morning until 12:00 is closed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.hours import DAY
from lifecycle.clocks.tables import FIRST_YEAR, LAST_YEAR, SECOND, Table, instant, micros, table_of
from lifecycle.problems import LifecycleError

FARTHEST_YEARS: Final = 200
"""What is not used up by then never is."""
LONGEST_CLOSED: Final = 366 * DAY * SECOND
"""A calendar that opens for longer than this at no time is taken for one that never opens."""


class NeverOpens(LifecycleError):
    """No hour of a calendar opens within 366 days, or a length is not used up within 200 years.

    values   calendar, after: the instant from which (backwards: up to which) none was found, ISO 8601
    """

    code = "calendar-never-opens"


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Return whether an instant lies in open hours."""
    table, point = _found(calendar, at)
    index = bisect_right(table.starts, point) - 1
    return index >= 0 and point < table.ends[index]


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """Return the first open instant from `at` on: itself when that is open.

    Raises   NeverOpens when nothing opens within 366 days
    """
    table, point = _found(calendar, at)
    index = bisect_right(table.ends, point)
    if index < len(table.ends):
        return instant(max(point, table.starts[index]))
    table = next(_years(calendar, _later(at), point))
    return instant(_near(calendar, point, table.starts[0]))


def due_at(calendar: Calendar, start: datetime, within: timedelta) -> datetime:
    """Return the first instant at which `within` of open time has passed since `start`.

    within   open time; used up exactly at a closing it is due at that closing, not at the next opening;
             nothing is due at `start` itself
    Raises   NeverOpens when the hours that are needed do not come
    """
    table, point = _found(calendar, start)
    left = within // timedelta(microseconds=1)
    if left <= 0:
        return instant(point)
    target = table.passed(point) + left
    if target <= table.total:
        return instant(table.used_up(target))
    left, reached = target - table.total, max(point, table.ends[-1] if table.ends else point)
    for table in _years(calendar, _later(start), reached):
        _near(calendar, reached, table.starts[0])
        if left <= table.total:
            return instant(table.used_up(left))
        left, reached = left - table.total, table.ends[-1]
    raise _never(calendar, reached)


def start_for(calendar: Calendar, end: datetime, within: timedelta) -> datetime:
    """Return the last instant from which `within` of open time passes until `end`: `due_at` backwards.

    within   open time; used up exactly at an opening it starts at that opening, not at the closing before
    Raises   NeverOpens like `due_at`, looking back
    """
    table, point = _found(calendar, end)
    left = within // timedelta(microseconds=1)
    if left <= 0:
        return instant(point)
    passed = table.passed(point)
    if left <= passed:
        return instant(table.still_to_use(passed - left))
    left, reached = left - passed, min(point, table.starts[0] if table.starts else point)
    for table in _years(calendar, range(end.astimezone(UTC).year - 1, FIRST_YEAR - 1, -1), reached):
        _near(calendar, table.ends[-1], reached)
        if left <= table.total:
            return instant(table.still_to_use(table.total - left))
        left, reached = left - table.total, table.starts[0]
    raise _never(calendar, reached)


def open_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much open time lies between two instants; nothing when the end is not after the start."""
    if end <= start:
        return timedelta()
    first, last = start.astimezone(UTC).year, end.astimezone(UTC).year
    passed = table_of(calendar, last).passed(micros(end)) - table_of(calendar, first).passed(micros(start))
    return timedelta(microseconds=passed + sum(table_of(calendar, year).total for year in range(first, last)))


def openings(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open intervals between two instants, cut at them, in order; none touches the next."""
    if end <= start:
        return
    after, before = micros(start), micros(end)
    held: tuple[int, int] | None = None
    for year in range(start.astimezone(UTC).year, end.astimezone(UTC).year + 1):
        table = table_of(calendar, year)
        for index in range(bisect_right(table.ends, after), bisect_left(table.starts, before)):
            opens, closes = max(after, table.starts[index]), min(before, table.ends[index])
            if held is not None and held[1] == opens:  # open over the end of a year
                held = held[0], closes
                continue
            if held is not None:
                yield instant(held[0]), instant(held[1])
            held = opens, closes
    if held is not None:
        yield instant(held[0]), instant(held[1])


def never_opens(calendar: Calendar, after: datetime) -> bool:
    """Return whether no hour opens within 366 days after an instant."""
    try:
        next_open(calendar, after)
    except NeverOpens:
        return True
    return False


def _later(at: datetime) -> range:
    return range(at.astimezone(UTC).year + 1, LAST_YEAR + 1)


def _found(calendar: Calendar, at: datetime) -> tuple[Table, int]:
    return table_of(calendar, (at if at.tzinfo is UTC else at.astimezone(UTC)).year), micros(at)


def _years(calendar: Calendar, years: range, since: int) -> Iterator[Table]:
    """Yield the tables with open hours of years in a row, at most `FARTHEST_YEARS`.

    Raises   NeverOpens at their end, and as soon as nothing was open for too long
    """
    empty = 0
    for year in years[:FARTHEST_YEARS]:
        table = table_of(calendar, year)
        empty = 0 if table.starts else empty + 1
        if empty > 2:
            break
        if table.starts:
            yield table
    raise _never(calendar, since)


def _near(calendar: Calendar, closed: int, opens: int) -> int:
    """Return when it opens again.

    Raises   NeverOpens when that is too long after it closed
    """
    if opens - closed > LONGEST_CLOSED:
        raise _never(calendar, closed)
    return opens


def _never(calendar: Calendar, after: int) -> NeverOpens:
    return NeverOpens(calendar=calendar.name, after=instant(after).isoformat())
