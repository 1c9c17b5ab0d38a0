"""Lengths on a clock: elapsed time, or the open time of a calendar."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Protocol

from lifecycle.clocks.business import NeverOpens, due_at, open_time, start_for
from lifecycle.clocks.calendar import Calendar
from lifecycle.clocks.days import add_workdays
from lifecycle.core.lengths import parse_length
from lifecycle.core.workflow import ELAPSED

WORKDAYS = re.compile(r"(\d{1,4}) ?workdays?", re.ASCII)
MICROSECOND = timedelta(microseconds=1)


class Calendars(Protocol):
    """Where calendars are found by name."""

    def calendar(self, name: str) -> Calendar: ...


def passed(scope: Calendars, clock: str, start: datetime, end: datetime) -> timedelta:
    """Return the time that the clock ran between two instants; nothing when the end comes first."""
    if end <= start:
        return timedelta()
    return end - start if clock == ELAPSED else open_time(scope.calendar(clock), start, end)


def reached(scope: Calendars, clock: str, start: datetime, length: timedelta) -> datetime | None:
    """Return the instant at which a length is used up on the clock; before the start for a negative one.

    Returns  None when the calendar does not open: no time is used up while all is closed
    """
    if clock == ELAPSED:
        return start + length
    try:
        if length < timedelta():
            return start_for(scope.calendar(clock), start, -length)
        return due_at(scope.calendar(clock), start, length) if length else start
    except NeverOpens:
        return None


def given(scope: Calendars, clock: str, start: datetime, written: str) -> timedelta | None:
    """Return the length that a stored text names on a clock, from a start; None when it names none.

    written  a stored duration, "30m"; or "2 workdays": the same local time so many workdays later
    """
    found = WORKDAYS.fullmatch(written.strip())
    if found is None:
        return parse_length(written)
    if clock == ELAPSED:
        return None
    try:
        return passed(scope, clock, start, add_workdays(scope.calendar(clock), start, int(found[1])))
    except NeverOpens:
        return None


def microseconds(length: timedelta) -> int:
    return length // MICROSECOND
